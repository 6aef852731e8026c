"""What the analysis found as rows to export, one row an item."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from onrecord.analysis import happenings, joining
from onrecord.analysis.offices import snapshot
from onrecord.analysis.rows import Copy, Dispute, Incident, Office, Story
from onrecord.archive import moments
from onrecord.errors import SettingError
from onrecord.knowledge.actors import Actor

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: A row: any of the NamedTuples of ``rows``; from what was published up to a day, where dated.
Rows = Callable[["Archive", str | None], Iterator[Any]]


class Kind(NamedTuple):
    """One kind of row that can be exported."""

    #: The row's class, whose fields are the columns.
    row: Any
    rows: Rows
    #: Column → type as in ``archive.frames``, where it is not text; rows within rows are
    #: JSON in tables.
    types: Mapping[str, str] = {}
    #: Whether it can be had as of a day.
    dated: bool = False


def _actors(archive: Archive, as_of: str | None) -> Iterator[Actor]:
    """Yield the holders of offices as a table that a reader takes."""
    return iter(snapshot(happenings.offices(archive, as_of=as_of)))


KINDS: dict[str, Kind] = {
    "copies": Kind(Copy, lambda archive, _: joining.copies(archive), {"share": "float"}),
    "stories": Kind(Story, lambda archive, _: joining.stories(archive), dict.fromkeys(
        ("articles", "incidents", "reasons", "disputes", "spoke"), "strs"
    )),
    "incidents": Kind(Incident, lambda archive, _: happenings.incidents(archive), {
        "contexts": "strs", "origins": "int", "carriers": "int", "score": "float",
        "confidence": "float", "joined": "float",
    }),
    "disputes": Kind(Dispute, lambda archive, _: happenings.disputes(archive)),
    "offices": Kind(
        Office, lambda archive, day: happenings.offices(archive, as_of=day),
        {"former": "bool", "origins": "int"}, dated=True,
    ),
    "actors": Kind(Actor, _actors, dated=True),
}  # fmt: skip


def rows(
    archive: Archive, kind: str, *, tabular: bool = False, as_of: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield a kind's rows as dicts; ``tabular``: what lies deeper than a list is JSON text.

    ``as_of``: from what was published up to that day, for offices and actors.  Raises
    SettingError for it with another kind, InputError when it is no day.
    """
    if not KINDS[kind].dated:
        refuse(kind, {"as_of": as_of})
    return _rows(archive, kind, tabular, moments.day(as_of))


def _rows(
    archive: Archive, kind: str, tabular: bool, as_of: str | None
) -> Iterator[dict[str, Any]]:
    types = KINDS[kind].types
    for row in KINDS[kind].rows(archive, as_of):
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
