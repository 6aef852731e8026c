"""Arrow tables as frames of the library that is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.errors import SettingError

if TYPE_CHECKING:
    import polars
    import pyarrow


def to_polars(table: pyarrow.Table) -> polars.DataFrame:
    """Return an Arrow table as a polars frame; SettingError when polars is not installed."""
    try:
        import polars
    except ImportError as error:
        raise SettingError(
            "polars frames need polars: install it with  pip install polars", name="polars"
        ) from error
    found = polars.from_arrow(table)
    assert isinstance(found, polars.DataFrame)
    return found
