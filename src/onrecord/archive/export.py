"""Rows out of the archive as JSON lines, CSV or Parquet, one row an item."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from onrecord.archive import frames
from onrecord.errors import SettingError, SourceError
from onrecord.forms import without_surrogates

FORMATS = ("jsonl", "csv", "parquet")
#: What a spreadsheet takes for a formula when a cell begins with it (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Rows = Iterable[Mapping[str, Any]]


def lines(rows: Rows) -> Iterator[str]:
    """Yield the rows as JSON lines."""
    for row in rows:
        yield without_surrogates(json.dumps(row, ensure_ascii=False)) + "\n"


def csv_lines(rows: Rows, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield the rows as CSV (RFC 4180) with a head; no cell is a spreadsheet's formula.

    A text that begins like a formula gets an apostrophe before it; lists are JSON.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    yield out.getvalue()
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow([cell(row[name]) for name in columns])
        yield out.getvalue()


def cell(value: Any) -> Any:
    """Return a value as a CSV's cell."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return json.dumps(list(value), ensure_ascii=False)
    if isinstance(value, str):
        guarded = "'" + value if value.lstrip(" ").startswith(_FORMULA) else value
        return guarded.replace("\0", "\ufffd")
    return value


def parquet(rows: Rows, columns: Mapping[str, str], path: Path) -> None:
    """Write the rows as Parquet, a block at a time."""
    shape = frames.schema(columns)
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(path, shape, compression="zstd") as writer:
        for batch in frames.batches(rows, shape):
            writer.write_batch(batch)


def to_file(rows: Rows, columns: Mapping[str, str], path: str | None) -> None:
    """Write Parquet to ``path``, where it appears when it is complete; SettingError without one."""
    if path in (None, "-"):
        raise SettingError("Parquet is no text; give --output FILE", name="output")
    whole = Path(path or "")
    part = whole.with_name(f".{whole.name}.part")
    try:
        parquet(rows, columns, part)
        part.replace(whole)
    except OSError as error:
        raise SourceError(
            f"cannot write {path}: {error.strerror or error}; give --output another place",
            source=str(path),
        ) from error
    finally:
        part.unlink(missing_ok=True)


def text(form: str, rows: Rows, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield the rows in a format that is text; SettingError for an unknown one."""
    forms: Mapping[str, Callable[[], Iterator[str]]] = {
        "jsonl": lambda: lines(rows),
        "csv": lambda: csv_lines(rows, columns),
    }
    if form not in forms:
        raise SettingError(f"{form!r} is no format; there are {', '.join(FORMATS)}", name="format")
    return forms[form]()
