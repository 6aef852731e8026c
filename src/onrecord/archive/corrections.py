"""What people correct: append-only, attributed, taken back by another entry.

A correction is anchored to the words of the row it is about, not to the row's number, so
that it holds when a newer reader numbers the rows of the same text differently.  Applying
is pure: a record and corrections in, a record out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onrecord import forms, ontology
from onrecord import record as r
from onrecord.checks import check, holds, position
from onrecord.errors import InputError

ACTIONS = ("accept", "reject", "edit", "split", "merge")
#: First letter of a row's id → the record's list it stands in.
KINDS: Mapping[str, str] = {
    "e": "entities", "t": "times", "p": "places", "f": "figures", "s": "statements", "v": "events",
}  # fmt: skip
_POINTERS: Mapping[str, tuple[str, ...]] = {
    "entities": ("entity",), "times": ("time",), "places": ("place",), "figures": ("figures",),
    "statements": ("statement", "within"), "events": (),
}  # fmt: skip
#: Field that holds the id of another row → the list that row stands in.
_KIND_OF = {name: kind for kind, names in _POINTERS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction, as it was made."""

    action: str
    #: The record's list: ``events``, ``statements``, …
    kind: str
    #: The words that the row begins with, as offsets into the article's text.
    start: int
    end: int
    #: Id of the row in the record that was corrected.
    row: str
    #: ``edit``: the field; else ``None``.
    field: str | None = None
    #: ``edit``: the new value; ``split``: spans of the mentions that go; ``merge``: the span
    #: of the row that is merged into this one.
    value: Any = None
    #: ``edit``: the value before.
    old: Any = None


def anchor(row: Any) -> r.Span:
    """Return the words that a row is known by: its trigger, its cue, its first mention."""
    if isinstance(row, r.Event):
        return row.trigger
    if isinstance(row, r.Entity):
        return r.Span(row.mentions[0].start, row.mentions[0].end)
    if isinstance(row, r.Statement):
        return row.cue or row.content[0]
    return r.Span(row.start, row.end)


def make(record: r.Record, action: str, row_id: str, field: str | None, value: Any) -> Correction:
    """Return the correction of a row, tried out; InputError when it cannot be made.

    ``value``: for ``edit`` what the field holds in JSON, for ``split`` the numbers of the
    event's mentions that become an event of their own, for ``merge`` the other row's id.
    """
    if action not in ACTIONS:
        raise InputError(f"{action!r} is no correction; there are {', '.join(ACTIONS)}")
    kind = KINDS.get(row_id[:1], "")
    row = next((one for one in getattr(record, kind, ()) if one.id == row_id), None)
    if row is None:
        raise InputError(f"the record has no row {row_id!r}; see  onrecord explain ID")
    old = None
    if action == "edit":
        old = _plain(row).get(field or "")
        if field in (None, "id", "within") or field not in _plain(row):
            raise InputError(f"{kind} have no field {field!r}; they have {', '.join(_plain(row))}")
        value = _anchored(record, str(field), value)
    if action == "split":
        value = _split_off(row, value)
    if action == "merge":
        value = _merged(record, kind, row, value)
    at = anchor(row)
    made = Correction(action, kind, at.start, at.end, row_id, field, value, old)
    _apply(record, made)
    return made


def _plain(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = forms._object(row)
    return found


def _anchored(record: r.Record, name: str, value: Any) -> Any:
    """Return an edit's value with the words of the rows it points to for their ids."""
    kind = _KIND_OF.get(name)
    if isinstance(value, list):
        return [_anchored(record, name, one) for one in value]
    if isinstance(value, dict):
        return {key: _anchored(record, key, one) for key, one in value.items()}
    if kind is None or not isinstance(value, str):
        return value
    row = next((one for one in getattr(record, kind) if one.id == value), None)
    if row is None:
        raise InputError(f"{name} is {value!r}, which is not among the record's {kind}")
    at = anchor(row)
    return {"at": [at.start, at.end]}


def _placed(record: r.Record, name: str, value: Any) -> Any:
    """Return an edit's value with the ids that the rows have in this record."""
    if isinstance(value, list):
        return [_placed(record, name, one) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"at"}:
        return _find(record, _KIND_OF[name], r.Span(*value["at"])).id
    return {key: _placed(record, key, one) for key, one in value.items()}


def _split_off(row: Any, numbers: Any) -> list[list[int]]:
    if not isinstance(row, r.Event):
        raise InputError("only an event can be split")
    known = range(1, len(row.mentions))
    if not isinstance(numbers, Sequence) or not numbers or not set(numbers) <= set(known):
        raise InputError(
            f"the event has mentions 0 to {len(row.mentions) - 1}; name those that become an "
            "event of their own, not the first"
        )
    return [[row.mentions[n].start, row.mentions[n].end] for n in sorted(set(numbers))]


def _merged(record: r.Record, kind: str, row: Any, other_id: Any) -> list[int]:
    if kind not in ("events", "entities"):
        raise InputError("events and entities can be merged")
    other = next((one for one in getattr(record, kind) if one.id == other_id), None)
    if other is None or other is row:
        raise InputError(f"the record has no other row {other_id!r} among its {kind}")
    at = anchor(other)
    return [at.start, at.end]


# -- applying -------------------------------------------------------------------------


def apply(record: r.Record, corrections: Iterable[Correction]) -> r.Record:
    """Return the record with corrections, in order.

    One that finds no row any more is left out, with the warning ``correction-unplaced``.
    """
    for one in corrections:
        if one.action == "accept":
            continue
        try:
            record = _apply(record, one)
        except (LookupError, InputError):
            words = record.article.text[one.start : one.end]
            message = f"the correction ({one.action} {one.row}) of “{words}” finds no row"
            warning = r.Warning("correction-unplaced", message)
            record = replace(record, warnings=(*record.warnings, warning))
    return record


def _apply(record: r.Record, one: Correction) -> r.Record:
    row = _find(record, one.kind, r.Span(one.start, one.end))
    actions: Mapping[str, Callable[[r.Record, Correction, Any], r.Record]] = {
        "accept": lambda record, _one, _row: record,
        "reject": _reject,
        "edit": _edit,
        "split": _split,
        "merge": _merge,
    }
    changed = _settled(actions[one.action](record, one, row))
    before = set(check(record))
    broken = [problem for problem in check(changed) if problem not in before]
    if broken:
        raise InputError(f"that would break the record: {broken[0]}")
    return changed


def _find(record: r.Record, kind: str, at: r.Span) -> Any:
    """Return the row whose words overlap ``at`` most; LookupError when none does."""

    def shared(row: Any) -> int:
        own = anchor(row)
        return min(own.end, at.end) - max(own.start, at.start)

    rows = getattr(record, kind)
    best = max(rows, key=shared, default=None)
    if best is None or shared(best) <= 0:
        raise LookupError(kind)
    return best


def _with(record: r.Record, kind: str, rows: Iterable[Any]) -> r.Record:
    ordered = tuple(sorted(rows, key=position))
    return replace(record, **{kind: ordered})  # type: ignore[arg-type]


def _reject(record: r.Record, one: Correction, row: Any) -> r.Record:
    left = (other for other in getattr(record, one.kind) if other.id != row.id)
    return _repointed(_with(record, one.kind, left), one.kind, row.id, None)


def _edit(record: r.Record, one: Correction, row: Any) -> r.Record:
    try:
        value = _placed(record, one.field or "", one.value)
    except (TypeError, KeyError) as error:
        raise InputError(f"{one.field} cannot be {one.value!r}") from error
    data = _plain(row) | {one.field or "": value}
    if one.kind == "events":
        data = _coded(data, one.field or "")
    edited = forms._parse_object(data, type(row), one.kind)
    rows = (edited if other.id == row.id else other for other in getattr(record, one.kind))
    return _with(record, one.kind, rows)


def _coded(data: dict[str, Any], field: str) -> dict[str, Any]:
    """Keep an event's mode and score those of its type, and its first mention its trigger's."""
    if field == "type" and data["mode"] is not None:
        try:
            ontology.score(data["type"], data["mode"])
        except InputError:
            data["mode"] = None
    if field in ("type", "mode"):
        data["score"] = ontology.score(data["type"], data["mode"])
    if field == "status" and data["mentions"]:
        first, *rest = data["mentions"]
        data["mentions"] = [first | {"status": data["status"]}, *rest]
    return data


def _split(record: r.Record, one: Correction, row: r.Event) -> r.Record:
    spans = {tuple(span) for span in one.value}
    gone = [m for m in row.mentions if (m.start, m.end) in spans]
    kept = [m for m in row.mentions if m not in gone]
    if not gone or not kept:
        raise LookupError(one.kind)
    number = 1 + max((int(e.id[1:]) for e in record.events if e.id[1:].isdigit()), default=0)
    other = replace(
        row, id=f"v{number}", mentions=gone, trigger=r.Span(gone[0].start, gone[0].end),
        status=gone[0].status,
    )  # fmt: skip
    first = replace(row, mentions=kept, trigger=r.Span(kept[0].start, kept[0].end))
    rest = (event for event in record.events if event.id != row.id)
    return _with(record, "events", (*rest, first, other))


def _merge(record: r.Record, one: Correction, row: Any) -> r.Record:
    other = _find(record, one.kind, r.Span(*one.value))
    if other.id == row.id:
        raise LookupError(one.kind)
    mentions = sorted({*row.mentions, *other.mentions}, key=lambda m: (m.start, m.end))
    joined = replace(row, mentions=mentions)
    if isinstance(row, r.Event):
        joined = replace(joined, trigger=r.Span(mentions[0].start, mentions[0].end))
    rows = [one_ for one_ in getattr(record, one.kind) if one_.id not in (row.id, other.id)]
    return _repointed(_with(record, one.kind, [*rows, joined]), one.kind, other.id, row.id)


def _repointed(record: r.Record, kind: str, old: str, new: str | None) -> r.Record:
    """Let what pointed to one row point to another, or to none."""
    names = _POINTERS[kind]
    data = record.to_dict()
    for name in ("statements", "events"):
        data[name] = [_point(row, names, old, new) for row in data[name]]
    return forms.from_dict(data)


def _point(value: Any, names: tuple[str, ...], old: str, new: str | None) -> Any:
    if isinstance(value, list):
        return [_point(one, names, old, new) for one in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for name, one in value.items():
        if name in names and isinstance(one, list):
            swapped = [new if id_ == old else id_ for id_ in one]
            found[name] = list(dict.fromkeys(id_ for id_ in swapped if id_ is not None))
        elif name in names:
            found[name] = new if one == old else one
        else:
            found[name] = _point(one, names, old, new)
    return found


def _settled(record: r.Record) -> r.Record:
    """Recompute what follows from the rest: in whose words each event's trigger stands."""
    events = []
    for event in record.events:
        around = [s.id for s in record.statements if holds(s.content, event.trigger)]
        same = set(around) == set(event.within)
        events.append(event if same else replace(event, within=tuple(around)))
    return replace(record, events=tuple(events))


def to_cells(one: Correction) -> dict[str, Any]:
    """Return a correction as cells of its table."""
    names = ("action", "kind", "start", "end", "row", "field")
    cells: dict[str, Any] = {name: getattr(one, name) for name in names}
    return cells | {name: json.dumps(getattr(one, name)) for name in ("value", "old")}


def from_cells(cells: Mapping[Any, Any]) -> Correction:
    """Return the correction that a row of its table holds."""
    names = ("action", "kind", "start", "end", "row", "field")
    return Correction(
        **{name: cells[name] for name in names},
        value=json.loads(cells["value"]),
        old=json.loads(cells["old"]),
    )
