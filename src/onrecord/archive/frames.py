"""Rows as Arrow tables, for pandas (``.to_pandas()``), polars (``polars.from_arrow``), DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from onrecord.archive.selecting import BLOCK
from onrecord.errors import SettingError

if TYPE_CHECKING:
    import pyarrow as pa


def schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of columns; SettingError when pyarrow is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise SettingError(
            "tables need pyarrow: install it with  pip install 'onrecord[arrow]'", name="arrow"
        ) from error
    kinds = {
        "str": pyarrow.string(), "int": pyarrow.int64(), "float": pyarrow.float64(),
        "bool": pyarrow.bool_(), "strs": pyarrow.list_(pyarrow.string()),
    }  # fmt: skip
    return pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])


def batches(rows: Iterable[Mapping[str, Any]], shape: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows as Arrow batches of BLOCK rows."""
    import pyarrow

    left = iter(rows)
    while block := list(islice(left, BLOCK)):
        yield pyarrow.RecordBatch.from_pylist(block, schema=shape)


def table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pa.Table:
    """Return the rows as one Arrow table; its columns do not depend on the rows."""
    import pyarrow

    shape = schema(columns)
    return pyarrow.Table.from_batches(batches(rows, shape), schema=shape)
