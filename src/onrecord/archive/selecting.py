"""Rows by filters: which events, statements, articles, … and in which columns.

One table says which filters a kind of row takes.  Rows come as dicts, in the order of
the archive, a block at a time; ``words`` are cut from the article's text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from onrecord import ontology
from onrecord.archive import moments
from onrecord.archive import schema as t
from onrecord.archive.flat import words_key
from onrecord.archive.reading_back import counts
from onrecord.errors import SettingError
from onrecord.record import STANCES, STATUSES

#: Kinds of row that can be asked for and exported.
KINDS = (
    "articles", "entities", "mentions", "times", "places", "figures", "statements", "contents",
    "events", "event_mentions", "participants",
)  # fmt: skip
#: Rows fetched at once.
BLOCK = 2_000
_HIDDEN = frozenset({"key", "reading", "live", "name_key", "speaker_key", "event"})
_TABLES = {table.name: table for table in t.ROWS}
_PROVENANCE = ("article_version", "reader_version", "reader_model", "recorded_from", "recorded_to")
_ARTICLE = (
    "url", "canonical_url", "title", "byline", "publisher", "language", "fetched", "partial",
    "text", "sha256",
)  # fmt: skip

Filters = Mapping[str, Any]
Condition = sa.ColumnElement[bool]


def _named(column: sa.ColumnElement[Any], value: str) -> Condition:
    """A name: the whole of it, or its first or last words; without a letter, nobody's."""
    key = words_key(value)
    if not key:
        return sa.false()
    return sa.or_(column == key, column.like(f"{key} %"), column.like(f"% {key}"))


def _part(part: str) -> Callable[[str], Condition]:
    def condition(value: str) -> Condition:
        p = t.participants.c
        is_code = re.fullmatch("[A-Z]{3}", value)
        who = p.country == value if is_code else _named(p.name_key, value)
        found = sa.exists().where(p.event == t.events.c.key, p.part == part, who)
        return found

    return condition


def _event_exists(*conditions: Condition) -> Condition:
    same = t.events.c.key.between(*_span(t.readings.c.key))
    return sa.exists().where(same, *conditions)


def _span(reading: sa.ColumnElement[Any]) -> tuple[Any, Any]:
    first = reading * (1 << t.ROW_BITS)
    return first, first + ((1 << t.ROW_BITS) - 1)


def _equals(column: sa.ColumnElement[Any]) -> Callable[[str], Condition]:
    return lambda value: column == value


_e, _s, _v, _r = t.events.c, t.statements.c, t.versions.c, t.readings.c
_ABOUT_ARTICLE: Mapping[str, Callable[[str], Condition]] = {
    "article": _equals(t.articles.c.id),
    "publisher": _equals(_v.publisher),
}
_EVENT: Mapping[str, Callable[[str], Condition]] = {
    "actor": _part("actor"),
    "recipient": _part("recipient"),
    "type": _equals(_e.type),
    "mode": _equals(_e.mode),
    "status": _equals(_e.status),
    "country": _equals(_e.country),
}
#: Filter of a kind of row → the condition that a value makes.
FILTERS: Mapping[str, Mapping[str, Callable[[str], Condition]]] = {
    "events": {
        **_ABOUT_ARTICLE,
        **_EVENT,
        # An event counts for every day on which it may have happened.
        "since": lambda day: _e.last_day >= day,
        "until": lambda day: _e.first_day <= day,
    },
    "statements": {
        **_ABOUT_ARTICLE,
        "speaker": lambda value: _named(_s.speaker_key, value),
        "stance": _equals(_s.stance),
        "since": lambda day: _s.published_day >= day,
        "until": lambda day: _s.published_day <= day,
    },
    "articles": {
        **_ABOUT_ARTICLE,
        **{
            name: lambda value, make=make: _event_exists(make(value))  # type: ignore[misc]
            for name, make in _EVENT.items()
        },
        "speaker": lambda value: sa.exists().where(
            _s.key.between(*_span(_r.key)), _named(_s.speaker_key, value)
        ),
        "since": lambda day: _r.published_day >= day,
        "until": lambda day: _r.published_day <= day,
    },
}
_REST = {
    **_ABOUT_ARTICLE,
    "since": lambda day: _r.published_day >= day,
    "until": lambda day: _r.published_day <= day,
}


def conditions(kind: str, filters: Filters, *, now: bool = False) -> list[Condition]:
    """Return the conditions of filters; SettingError for one that the kind does not take.

    ``now``: only rows that count now are asked for, so that indexes over these may help.
    """
    known = FILTERS.get(kind, _REST)
    found = []
    pair = _pair(filters) if now and kind == "events" else None
    if pair is not None:
        found.append(pair)
    for name, value in filters.items():
        if value is None or (pair is not None and name in ("actor", "recipient")):
            continue
        if name not in known:
            raise SettingError(
                f"{kind} cannot be filtered by {name}; by {', '.join(known)}", name=name
            )
        found.append(known[name](_value(name, value)))
    return found


def _value(name: str, value: Any) -> Any:
    """Return what a filter compares with; SettingError for what no row can have."""
    if name in ("since", "until"):
        return moments.day(value)
    if name == "country":
        if not re.fullmatch("[A-Za-z]{3}", value):
            raise SettingError(
                f"country is {value!r}; write a code of three letters, as PRT", name=name
            )
        return value.upper()
    if name not in _CHOICES:
        return value
    choices = _CHOICES[name]()
    meant = value.upper() if name == "type" else value.lower()
    if meant not in choices:
        raise SettingError(f"{name} is {value!r}; it may be {', '.join(choices)}", name=name)
    return meant


#: Filters that take one of a few values.
_CHOICES: Mapping[str, Callable[[], Sequence[str]]] = {
    "type": lambda: tuple(ontology.types()),
    "mode": lambda: tuple(ontology.modes()),
    "status": lambda: STATUSES,
    "stance": lambda: STANCES,
}


def _pair(filters: Filters) -> Condition | None:
    """Events between two countries, by the table that is made for this question."""
    who = [str(filters.get(name) or "") for name in ("actor", "recipient")]
    if not all(re.fullmatch("[A-Z]{3}", code) for code in who):
        return None
    d = t.dyads.c
    wanted = [d.live, d.source == who[0], d.target == who[1]]
    if filters.get("since"):
        wanted.append(d.last_day >= moments.day(filters["since"]))
    if filters.get("until"):
        wanted.append(d.first_day <= moments.day(filters["until"]))
    return _e.key.in_(sa.select(d.event).where(*wanted))


def rows(
    connection: sa.Connection,
    kind: str,
    filters: Filters,
    *,
    as_of: str | None = None,
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a kind, in the order of the archive, with their provenance."""
    query = _query(kind, filters, as_of)
    if limit is not None:
        query = query.limit(limit)
    found = connection.execute(query, execution_options={"yield_per": BLOCK})
    for block in found.mappings().partitions(BLOCK):
        yield from _finished(connection, kind, block)


def joined(kind: str) -> sa.FromClause:
    """Return a kind's table with those of its reading, version and article."""
    table = _TABLES.get(kind)
    if table is None:
        start: sa.FromClause = t.readings
    else:
        start = table.join(t.readings, t.readings.c.key == table.c.reading)
    return start.join(t.versions, _v.key == _r.version).join(
        t.articles, t.articles.c.key == _v.article
    )


def live(kind: str, as_of: str | None) -> Condition:
    """Return the condition that rows count, now or at a moment."""
    table = _TABLES.get(kind)
    return table.c.live if as_of is None and table is not None else counts(as_of)


def _query(kind: str, filters: Filters, as_of: str | None) -> sa.Select[Any]:
    if kind not in KINDS:
        raise SettingError(f"{kind!r} is no kind of row; there are {', '.join(KINDS)}", name="kind")
    table = _TABLES.get(kind)
    own: list[sa.ColumnElement[Any]]
    if table is None:
        own = [_v[name] for name in _ARTICLE]
        own += [_r.published, _r.published_basis, _r.published_raw]
        order = _r.key
    else:
        own = [column for column in table.c if column.name not in _HIDDEN]
        order = table.c.key
        own += [order.label("_key"), _r.key.label("_reading")]
    provenance = (
        t.articles.c.id.label("article_id"), _v.version.label("article_version"),
        _r.reader_version, _r.reader_model, _r.recorded_from, _r.recorded_to,
    )  # fmt: skip
    return (
        sa.select(*provenance, *own)
        .select_from(joined(kind))
        .where(live(kind, as_of), *conditions(kind, filters, now=as_of is None))
        .order_by(order)
    )


def _finished(
    connection: sa.Connection, kind: str, block: Sequence[sa.RowMapping]
) -> Iterator[dict[str, Any]]:
    if kind == "articles":
        yield from (dict(row) for row in block)
        return
    whole = texts(connection, {row["_reading"] for row in block})
    people = _people(connection, [row["_key"] for row in block]) if kind == "events" else {}
    for found in block:
        row: dict[str, Any] = {str(name): cell for name, cell in found.items()}
        text = whole[row.pop("_reading")]
        extra = people.get(row.pop("_key"), {}) if kind == "events" else {}
        row.pop("_key", None)
        if kind == "events":
            extra = {name: extra.get(name, []) for name in _PEOPLE}
        for name in [name for name in row if name == "start" or name.endswith("_start")]:
            stem = name.removesuffix("start")
            first, last = row[name], row[f"{stem}end"]
            row[f"{stem}words"] = None if first is None else text[first:last]
        yield {**row, **extra}


_PEOPLE = ("actors", "actor_countries", "recipients", "recipient_countries")


def texts(connection: sa.Connection, readings: set[int]) -> dict[int, str]:
    """Return the texts that readings were made of, by the reading's key."""
    query = (
        sa.select(_r.key, _v.text)
        .join(t.versions, _v.key == _r.version)
        .where(_in(_r.key, readings))
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _in(column: sa.ColumnElement[Any], keys: set[int] | list[int]) -> Condition:
    return column.in_(sorted(keys))


def _people(connection: sa.Connection, events: list[int]) -> dict[int, dict[str, list[str]]]:
    p = t.participants.c
    query = (
        sa.select(p.event, p.part, p.name, p.country).where(_in(p.event, events)).order_by(p.key)
    )
    found: dict[int, dict[str, list[str]]] = {}
    for event, part, name, country in connection.execute(query):
        lists = found.setdefault(event, {})
        lists.setdefault(f"{part}s", []).append(name)
        lists.setdefault(f"{part}_countries", []).append(country or "")
    return found


def monthly(connection: sa.Connection, filters: Filters) -> list[tuple[str, int]]:
    """Return how many events that filters let through end in which month, in order."""
    # Only what is asked for is joined, and days, which an index has in order, are counted
    # before months: over a million events that is a tenth of the time.
    far = any(filters.get(name) is not None for name in _ABOUT_ARTICLE)
    query = (
        sa.select(_e.last_day, sa.func.count())
        .select_from(joined("events") if far else t.events)
        .where(live("events", None), _e.last_day.is_not(None))
        .where(*conditions("events", filters, now=True))
        .group_by(_e.last_day)
    )
    months: Counter[str] = Counter()
    for day, number in connection.execute(query):
        months[day[:7]] += number
    return sorted(months.items())


def columns(kind: str) -> dict[str, str]:
    """Return a kind's columns in their order with their types: str, int, float, bool, strs."""
    types = {"_reading": "", "_key": ""}
    for column in _query(kind, {}, None).selected_columns:
        types[column.name] = _type(column)
    del types["_reading"], types["_key"]
    for name in [name for name in types if name == "start" or name.endswith("_start")]:
        types[f"{name.removesuffix('start')}words"] = "str"
    return types | (dict.fromkeys(_PEOPLE, "strs") if kind == "events" else {})


def _type(column: sa.ColumnElement[Any]) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (t.Names, "strs"), (sa.Boolean, "bool"), (sa.Float, "float"), (sa.Integer, "int"),
    )  # fmt: skip
    return next((name for cls, name in kinds if isinstance(column.type, cls)), "str")
