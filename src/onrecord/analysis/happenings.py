"""Incidents, disputes and offices of an archive, kept up to date by ``joining.join``.

A story's incidents and disputes are worked out anew when its articles change, and only then;
sightings of offices are kept by article and joined when they are asked for.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis import disputes as dispute_rules
from onrecord.analysis import incidents as incident_rules
from onrecord.analysis import offices as office_rules
from onrecord.analysis.news import About, News, new_statements
from onrecord.analysis.news import news as news_of
from onrecord.analysis.offices import Sighting
from onrecord.analysis.rows import Dispute, Incident, Office
from onrecord.analysis.told import told
from onrecord.archive import reading_back
from onrecord.archive import schema as t
from onrecord.record import Record

if TYPE_CHECKING:
    from onrecord.archive import Archive

_Row = TypeVar("_Row")


class Source(NamedTuple):
    """Where a piece of news stands."""

    news: News
    publisher: str | None
    title: str | None
    sentence: str


# -- steps of joining -------------------------------------------------------------------


def put_in(connection: sa.Connection, article: int, reading: int) -> None:
    """Keep the offices that an article's reading tells of."""
    record = _record(connection, reading)
    id_ = record.article.id or ""
    rows = [
        {"article": article, "number": number, "row": _packed(row)}
        for number, row in enumerate(office_rules.sightings(record, id_, id_))
    ]
    if rows:
        connection.execute(d.sightings.insert(), rows)


def take_out(connection: sa.Connection, article: int) -> None:
    """Drop what an article that is changed or gone tells of offices."""
    connection.execute(d.sightings.delete().where(d.sightings.c.article == article))


def work_out(connection: sa.Connection, story: str) -> None:
    """Work out a story's incidents and disputes anew."""
    for table in (d.incidents, d.disputes):
        connection.execute(table.delete().where(table.c.story == story))
    records, origin_of = _of_story(connection, story)
    if not records:
        return
    events = [
        one for id_, record in records.items() for one in told(record, id_, origin_of.get(id_, id_))
    ]
    happened = incident_rules.of_story(events, story)
    own = {id_: record for id_, record in records.items() if id_ not in origin_of}
    quarrels = dispute_rules.of_story(own or records, story, happened)
    if happened:
        connection.execute(d.incidents.insert(), [
            {"story": story, "id": row.id, "first_day": row.first_day, "row": _packed(row)}
            for row in happened
        ])  # fmt: skip
    if quarrels:
        connection.execute(d.disputes.insert(), [
            {"story": story, "id": row.id, "row": _packed(row)} for row in quarrels
        ])  # fmt: skip


def _record(connection: sa.Connection, reading: int) -> Record:
    query = (
        sa.select(t.readings, t.versions.c.article)
        .join(t.versions, t.versions.c.key == t.readings.c.version)
        .where(t.readings.c.key == reading)
    )
    return reading_back.record_of(connection, connection.execute(query).mappings().one())


def _of_story(connection: sa.Connection, story: str) -> tuple[dict[str, Record], dict[str, str]]:
    """Return a story's records by id, and its copies' origins."""
    a = d.articles.c
    rows = connection.execute(
        sa.select(a.article, a.id, a.reading).where(a.story == story).order_by(a.article)
    ).all()
    records = {row.id: _record(connection, row.reading) for row in rows}
    return records, _origins(connection, {row.article for row in rows})


def _origins(connection: sa.Connection, within: set[int] | None = None) -> dict[str, str]:
    """Return the origin of each copy, by ids; of some articles, or of all."""
    origin, carrier = d.articles.alias(), d.articles.alias()
    query = (
        sa.select(carrier.c.id, origin.c.id)
        .select_from(d.copies)
        .join(carrier, carrier.c.article == d.copies.c.carrier)
        .join(origin, origin.c.article == d.copies.c.origin)
    )
    if within is not None:
        query = query.where(d.copies.c.carrier.in_(sorted(within)))
    return {row[0]: row[1] for row in connection.execute(query)}


# -- rows as JSON -----------------------------------------------------------------------


def _packed(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False)


def revived(cls: Callable[..., _Row], cells: Sequence[Any]) -> _Row:
    """Return the NamedTuple, with those in it, whose JSON is lists within lists."""
    return cls(*(make(cell) for make, cell in zip(_makers(cls), cells, strict=True)))


@cache
def _makers(cls: Callable[..., Any]) -> tuple[Any, ...]:
    return tuple(map(_maker, typing.get_type_hints(cls).values()))


def _maker(hint: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (inner,) = (one for one in typing.get_args(hint) if one is not types.NoneType)
        make = _maker(inner)
        return lambda cell: None if cell is None else make(cell)
    if typing.get_origin(hint) is tuple:
        make = _maker(typing.get_args(hint)[0])
        return lambda cell: tuple(map(make, cell))
    if hasattr(hint, "_fields"):
        return lambda cell: revived(hint, cell)
    return lambda cell: cell


# -- out --------------------------------------------------------------------------------


def incidents(archive: Archive) -> Iterator[Incident]:
    """Yield every incident, the earliest first."""
    table = d.incidents.c
    query = sa.select(table.row).order_by(table.first_day, table.story, table.id)
    yield from _rows(archive, Incident, query)


def disputes(archive: Archive) -> Iterator[Dispute]:
    """Yield every dispute, by story."""
    table = d.disputes.c
    yield from _rows(archive, Dispute, sa.select(table.row).order_by(table.story, table.id))


def _rows(archive: Archive, cls: Callable[..., _Row], query: sa.Select[Any]) -> Iterator[_Row]:
    with d.reading(archive) as connection:
        if d.is_there(connection):
            for text in connection.execute(query).scalars():
                yield revived(cls, json.loads(text))


def offices(archive: Archive, *, as_of: str | None = None) -> Iterator[Office]:
    """Yield who holds or held which office; ``as_of``: from what was published by that day."""
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return
        origins = _origins(connection)
        texts = connection.execute(sa.select(d.sightings.c.row)).scalars().all()
    seen = [revived(Sighting, json.loads(text)) for text in texts]
    yield from office_rules.settled(
        one._replace(origin=origins.get(one.article, one.article))
        for one in seen
        if as_of is None or one.day <= as_of
    )


def new(archive: Archive, since: str, about: str | None = None) -> list[Source]:
    """Return what is new since a day (ISO): about a story, a dyad, an actor, or everything.

    ``about``: a story's id, ``USA,VEN``, ``USA``, or a name.
    """
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return []
        stories = list(connection.scalars(sa.select(d.stories.c.id)))
        asked = About.parse(about, stories)
        found = news_of(_fresh(connection, since), since, asked)
        records: dict[str, Record] = {}
        story_of: dict[str, str] = {}
        origin_of: dict[str, str] = {}
        for story in _stories_since(connection, since):
            if asked.story in (None, story):
                own, copied = _of_story(connection, story)
                records |= own
                origin_of |= copied
                story_of |= dict.fromkeys(own, story)
        found += new_statements(records, story_of, origin_of, since, asked)
    return [_source(item, records[item.article]) for item in found if item.article in records]


def _stories_since(connection: sa.Connection, since: str) -> list[str]:
    a = d.articles.c
    query = sa.select(a.story).where(a.day >= since, a.story.is_not(None)).distinct()
    return list(connection.scalars(query.order_by(a.story)))


def _fresh(connection: sa.Connection, since: str) -> list[Incident]:
    stories = _stories_since(connection, since)
    query = sa.select(d.incidents.c.row).where(d.incidents.c.story.in_(stories))
    return [revived(Incident, json.loads(text)) for text in connection.scalars(query)]


def _source(item: News, record: Record) -> Source:
    from onrecord.analysis.told import Facts

    facts = Facts(record, item.article)
    start, _ = facts.sentence(item.start)
    _, end = facts.sentence(max(item.end - 1, item.start))
    sentence = " ".join(record.article.text[start:end].split())
    return Source(item, record.article.publisher, record.article.title, sentence)
