"""What the joining needs of a record, straight from the archive's tables.

Reading the whole record would cost several times as much; ``terms.light_of`` gives the same
of a record.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from onrecord.analysis.carriers import read_text
from onrecord.analysis.terms import Happening, Light, Named
from onrecord.archive import schema as t
from onrecord.archive.writing import own


class Source(NamedTuple):
    """A joined reading's article: its light row, and what the copies' order needs."""

    light: Light
    published: str | None


def of_reading(connection: sa.Connection, reading: int) -> Source:
    """Return the article of a reading as the joining sees it."""
    r, v = t.readings.c, t.versions.c
    head = connection.execute(
        sa.select(
            t.articles.c.id, r.published, r.published_day, r.skipped, v.publisher, v.title, v.text
        )
        .join(t.versions, v.key == r.version)
        .join(t.articles, t.articles.c.key == v.article)
        .where(r.key == reading)
    ).one()
    text = read_text(head.text, head.skipped)
    light = Light(
        head.id,
        head.published_day,
        head.publisher,
        head.title,
        text,
        _entities(connection, reading),
        _spots(connection, reading),
        _dates(connection, reading),
        _events(connection, reading, head.text),
        _speakers(connection, reading),
    )
    return Source(light, head.published)


def _entities(connection: sa.Connection, reading: int) -> tuple[Named, ...]:
    e, m = t.entities.c, t.mentions.c
    number = sa.func.count()
    counted = sa.select(m.entity_id, number).where(own(t.mentions, reading)).group_by(m.entity_id)
    mentions = {id_: int(n) for id_, n in connection.execute(counted)}
    query = sa.select(e.id, e.kind, e.name).where(own(t.entities, reading), e.name.is_not(None))
    return tuple(
        Named(row.kind, row.name, mentions.get(row.id, 0))
        for row in connection.execute(query.order_by(e.key))
        if row.name
    )


def _spots(connection: sa.Connection, reading: int) -> tuple[tuple[str | None, str | None], ...]:
    p = t.places.c
    query = sa.select(p.name, p.country).where(own(t.places, reading)).order_by(p.key)
    return tuple((row.name, row.country) for row in connection.execute(query))


def _dates(connection: sa.Connection, reading: int) -> tuple[str, ...]:
    c = t.times.c
    query = sa.select(c.begin).where(own(t.times, reading), c.type == "DATE").order_by(c.key)
    return tuple(day for day in connection.scalars(query) if day)


def _events(connection: sa.Connection, reading: int, text: str) -> tuple[Happening, ...]:
    e = t.events.c
    columns = (e.type, e.trigger_start, e.trigger_end, e.first_day, e.last_day, e.day_basis)
    query = sa.select(*columns).where(own(t.events, reading)).order_by(e.key)
    return tuple(
        Happening(type_, text[start:end], *days)
        for type_, start, end, *days in connection.execute(query)
    )


def _speakers(connection: sa.Connection, reading: int) -> tuple[str, ...]:
    c = t.statements.c
    query = sa.select(c.speaker_name).where(own(t.statements, reading)).order_by(c.key)
    return tuple(name for name in connection.scalars(query) if name)
