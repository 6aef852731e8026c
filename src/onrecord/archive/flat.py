"""A record as rows of the archive's tables, and back: the same record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord import record as r
from onrecord.archive.schema import ROW_BITS
from onrecord.archive.textsearch import fold
from onrecord.errors import ArticleError
from onrecord.forms import Slot, slots

#: Table → the class of its rows; what a class has of lists stands in tables of its own.
CLASSES: Mapping[str, type] = {
    "entities": r.Entity,
    "mentions": r.Mention,
    "times": r.Time,
    "places": r.Place,
    "figures": r.Figure,
    "statements": r.Statement,
    "contents": r.Span,
    "events": r.Event,
    "event_mentions": r.EventMention,
    "participants": r.Participant,
}
_PARTS = {r.Span: ("start", "end"), r.Reference: ("start", "end", "entity")}
#: Lists kept as JSON in the reading's own row: they are only ever read whole.
WHOLE: Mapping[str, type] = {"skipped": r.Skip, "sentences": r.Span, "warnings": r.Warning}

#: Letters that Unicode does not take apart, as they are typed where keyboards lack them.
_LETTERS = str.maketrans("ðđøłıŧħ", "ddolith")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """What rows take over from their article, so that queries need not join."""

    published_day: str | None


def day_of(moment: str | None) -> str | None:
    """Return the day of an ISO date or moment, as written."""
    return moment[:10] if moment else None


def words_key(words: str | None) -> str | None:
    """Return a name as names are compared: small letters, no accents, single blanks."""
    return " ".join(fold(words).translate(_LETTERS).split()) or None if words else None


# -- to rows --------------------------------------------------------------------------


def rows(record: r.Record, reading: int) -> dict[str, list[Row]]:
    """Return the rows of a record by table, with their keys.

    Raises ArticleError when it has more rows of a kind than a reading may have.
    """
    found: dict[str, list[Row]] = {
        "entities": [_entity(one) for one in record.entities],
        "mentions": [
            {"entity_id": one.id, **_flat(mention)}
            for one in record.entities
            for mention in one.mentions
        ],
        "times": [_flat(one) for one in record.times],
        "places": [_flat(one) for one in record.places],
        "figures": [_flat(one) for one in record.figures],
        "statements": [_statement(record, one) for one in record.statements],
        "contents": [
            {"statement_id": one.id, "run": run, **_flat(span)}
            for one in record.statements
            for run, span in enumerate(one.content)
        ],
        **_event_rows(record, reading << ROW_BITS),
    }
    for name, table in found.items():
        if len(table) >> ROW_BITS:
            raise ArticleError(
                f"has {len(table):,} {name}; an article may have {(1 << ROW_BITS) - 1:,}: split it",
                article_id=record.article.id,
            )
        for number, row in enumerate(table):
            row.update(key=(reading << ROW_BITS) + number, reading=reading, live=True)
    return found


def _flat(value: Any) -> Row:
    cls: type = type(value)
    cells: Row = {}
    for slot in slots(cls):
        cells |= _cells(slot, getattr(value, slot.name))
    return cells


def _cells(slot: Slot, value: Any) -> Row:
    if slot.type in _PARTS and not slot.many:
        parts = _PARTS[slot.type]
        return {f"{slot.name}_{part}": getattr(value, part, None) for part in parts}
    if slot.many and slot.type is not str:
        return {}
    return {slot.name: value}


def _entity(entity: r.Entity) -> Row:
    return {**_flat(entity), "name_key": words_key(entity.name)}


def _statement(record: r.Record, statement: r.Statement) -> Row:
    speaker = statement.speaker
    name = None if speaker is None else _name(record, speaker)
    return {
        **_flat(statement),
        "speaker_name": name,
        "speaker_key": words_key(name),
        "quote": " ".join(map(record.words, statement.content)),
        "published_day": day_of(record.article.published),
    }


def _name(record: r.Record, reference: r.Reference | r.Participant) -> str:
    """Return the name of who words stand for, else the words."""
    names = (one.name for one in record.entities if one.id == reference.entity)
    return next(names, None) or record.words(reference)


def _event_rows(record: r.Record, first: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {
        "events": [], "event_mentions": [], "participants": [], "dyads": []
    }  # fmt: skip
    for number, event in enumerate(record.events):
        days = _days(record, event)
        countries = (one.country for one in record.places if one.id == event.place)
        found["events"].append({**_flat(event), **days, "country": next(countries, None)})
        found["event_mentions"] += [{"event_id": event.id, **_flat(m)} for m in event.mentions]
        for part, people in (("actor", event.actors), ("recipient", event.recipients)):
            found["participants"] += [
                _participant(record, event.id, part, one, first + number) for one in people
            ]
        found["dyads"] += _dyads(event, first + number, days)
    return found


def _participant(record: r.Record, event: str, part: str, one: r.Participant, key: int) -> Row:
    name = _name(record, one)
    own = {"event_id": event, "part": part, "event": key, "name": name}
    return {**_flat(one), **own, "name_key": words_key(name)}


def _days(record: r.Record, event: r.Event) -> Row:
    """Return the days an event may have happened on; ``day_basis`` says from what.

    Without a time of its own an event counts for the day it was published on, and is
    marked so.
    """
    time = next((one for one in record.times if one.id == event.time), None)
    known = [] if time is None else [day for day in (time.begin, time.finish) if day]
    if known:
        return {"first_day": known[0], "last_day": known[-1], "day_basis": "event"}
    day = day_of(record.article.published)
    basis = None if day is None else "published"
    return {"first_day": day, "last_day": day, "day_basis": basis}


def _dyads(event: r.Event, key: int, days: Row) -> list[Row]:
    pairs = {
        (one.country, other.country)
        for one in event.actors
        for other in event.recipients
        if one.country and other.country
    }
    return [
        {
            "event": key, "source": one, "target": other,
            "first_day": days["first_day"], "last_day": days["last_day"],
        }
        for one, other in sorted(pairs)
    ]  # fmt: skip


def whole(record: r.Record) -> Row:
    """Return the lists that a reading keeps whole, as JSON."""
    return {
        name: json.dumps(
            [[getattr(one, slot.name) for slot in slots(cls)] for one in getattr(record, name)]
        )
        for name, cls in WHOLE.items()
    }


# -- back -----------------------------------------------------------------------------


def parsed(name: str, text: str) -> tuple[Any, ...]:
    """Return a list that ``whole`` wrote."""
    return tuple(WHOLE[name](*row) for row in json.loads(text))


def record(
    reading: Mapping[str, Any],
    article: r.Article,
    found: Mapping[str, Sequence[Mapping[str, Any]]],
) -> r.Record:
    """Return the record that a reading's row, its article and its tables' rows hold."""
    reader = r.ReaderInfo(
        reading["reader_version"], reading["reader_model"], reading["reader_model_sha256"]
    )
    return r.Record(
        reader=reader,
        article=article,
        entities=_many("entities", found, mentions=_by("entity_id", "mentions", found)),
        times=_many("times", found),
        places=_many("places", found),
        figures=_many("figures", found),
        statements=_many("statements", found, content=_by("statement_id", "contents", found)),
        events=_many(
            "events",
            found,
            mentions=_by("event_id", "event_mentions", found),
            actors=_by("event_id", "participants", found, part="actor"),
            recipients=_by("event_id", "participants", found, part="recipient"),
        ),
        schema=reading["schema"],
        **{name: parsed(name, reading[name]) for name in WHOLE},
    )


def _by(
    parent: str, name: str, found: Mapping[str, Sequence[Mapping[str, Any]]], **wanted: str
) -> dict[str, list[Any]]:
    """Return the rows of a table as objects, by the id of the row they belong to."""
    groups: dict[str, list[Any]] = {}
    for row in found[name]:
        if all(row[column] == value for column, value in wanted.items()):
            groups.setdefault(row[parent], []).append(_object(CLASSES[name], row, {}))
    return groups


def _many(
    name: str,
    found: Mapping[str, Sequence[Mapping[str, Any]]],
    **lists: Mapping[str, Sequence[Any]],
) -> tuple[Any, ...]:
    return tuple(
        _object(CLASSES[name], row, {key: own.get(row["id"], ()) for key, own in lists.items()})
        for row in found[name]
    )


def _object(cls: type, row: Mapping[str, Any], lists: Mapping[str, Iterable[Any]]) -> Any:
    values = dict(lists)
    for slot in slots(cls):
        if slot.name not in values:
            values[slot.name] = _value(slot, row)
    return cls(**values)


def _value(slot: Slot, row: Mapping[str, Any]) -> Any:
    if slot.type not in _PARTS or slot.many:
        return row[slot.name]
    cells = [row[f"{slot.name}_{part}"] for part in _PARTS[slot.type]]
    return None if cells[0] is None else slot.type(*cells)
