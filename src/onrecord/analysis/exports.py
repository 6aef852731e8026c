"""What the analysis found as rows to export, one row an item."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from onrecord.analysis import happenings, joining
from onrecord.analysis.rows import Copy, Dispute, Incident, Office, Story
from onrecord.errors import SettingError

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: A row: any of the NamedTuples of ``rows``.
Rows = Callable[["Archive"], Iterator[Any]]


class Kind(NamedTuple):
    """One kind of row that can be exported."""

    #: The row's class, whose fields are the columns.
    row: Any
    rows: Rows
    #: Column → type as in ``archive.frames``, where it is not text; rows within rows are
    #: JSON in tables.
    types: Mapping[str, str] = {}


KINDS: dict[str, Kind] = {
    "copies": Kind(Copy, joining.copies, {"share": "float"}),
    "stories": Kind(Story, joining.stories, dict.fromkeys(
        ("articles", "incidents", "reasons"), "strs"
    )),
    "incidents": Kind(Incident, happenings.incidents, {
        "contexts": "strs", "origins": "int", "carriers": "int", "score": "float",
        "confidence": "float", "joined": "float",
    }),
    "disputes": Kind(Dispute, happenings.disputes),
    "offices": Kind(Office, happenings.offices, {"former": "bool", "origins": "int"}),
}  # fmt: skip


def rows(archive: Archive, kind: str, *, tabular: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a kind's rows as dicts; ``tabular``: what lies deeper than a list is JSON text."""
    types = KINDS[kind].types
    for row in KINDS[kind].rows(archive):
        cells: dict[str, Any] = plain(row)
        if tabular:
            cells = {name: _flat(cell, types.get(name, "str")) for name, cell in cells.items()}
        yield cells


def columns(kind: str) -> dict[str, str]:
    """Return a kind's columns with their types."""
    one = KINDS[kind]
    return {name: one.types.get(name, "str") for name in one.row._fields}


def plain(value: Any) -> Any:
    """Return NamedTuples as dicts and tuples as lists, all the way down."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: plain(cell) for name, cell in zip(value._fields, value, strict=True)}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value


def _flat(cell: Any, type_: str) -> Any:
    if type_ == "str" and isinstance(cell, (list, dict)):
        return json.dumps(cell, ensure_ascii=False)
    return cell


def refuse(kind: str, given: Mapping[str, Any]) -> None:
    """Raise SettingError when a filter is given: these kinds are exported whole."""
    for name, value in given.items():
        if value is not None:
            raise SettingError(
                f"{kind} cannot be filtered by {name}; they are written whole", name=name
            )
