"""Actors and dyads: who is spoken of, and who does what to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis import happenings
from onrecord.analysis import offices as office_rules
from onrecord.analysis.offices import Sighting
from onrecord.analysis.rows import Office
from onrecord.analysis.words import same_name
from onrecord.archive import Archive, moments, selecting
from onrecord.archive import schema as t
from onrecord.archive.flat import words_key
from onrecord.knowledge import countries
from onrecord.site.api.paging import Page, Place

_KINDS = ("person", "organization", "country", "group")


class Actor(NamedTuple):
    """Somebody, or something, that articles speak of under one name."""

    #: The name as names are compared: small letters, no accents.
    key: str
    name: str
    kind: str
    country: str | None
    #: Articles that speak of it.
    articles: int


def actors(
    archive: Archive, name: str | None, kind: str | None, country: str | None,
    after: Place | None, limit: int,
) -> Page:  # fmt: skip
    """Return a page of actors in the order of their keys; ``name``: how the name begins."""
    e = t.entities.c
    query = (
        sa.select(
            e.name_key, sa.func.min(e.name), sa.func.min(e.kind), sa.func.max(e.country),
            sa.func.count(e.reading.distinct()),
        )
        .where(e.live, e.name_key.is_not(None), e.kind.in_(_KINDS))
        .group_by(e.name_key)
        .order_by(e.name_key)
        .limit(limit + 1)
    )  # fmt: skip
    if name is not None:
        begin = words_key(name) or ""
        query = query.where(e.name_key >= begin, e.name_key < begin + "\U0010ffff")
    if kind is not None:
        query = query.where(e.kind == kind)
    if country is not None:
        query = query.where(e.country == country)
    if after is not None:
        query = query.where(e.name_key > after[0])
    with archive._reading() as connection:
        found = [Actor(*row) for row in connection.execute(query)]
    return Page([((row.key,), row._asdict()) for row in found[:limit]], len(found) > limit)


class Portrait(NamedTuple):
    """An actor, with offices and what is counted."""

    key: str
    name: str
    kind: str
    country: str | None
    articles: int
    offices: tuple[Office, ...]
    #: Events in which it acts, and in which something is done to it, as articles tell them.
    acts: int
    receives: int
    statements: int


def portrait(archive: Archive, name: str) -> Portrait | None:
    """Return what is known of an actor by its whole name, or a country by its code."""
    code = name if len(name) == 3 and name.isupper() and countries.name_of(name) else None
    key = words_key(countries.name_of(code) if code else name)
    if key is None:
        return None
    e, s = t.entities.c, t.statements.c
    mine = e.country == code if code else e.name_key == key
    head = sa.select(
        sa.func.min(e.name), sa.func.min(e.kind), sa.func.max(e.country),
        sa.func.count(e.reading.distinct()),
    ).where(e.live, mine)  # fmt: skip
    with archive._reading() as connection:
        found, kind, country, articles = connection.execute(head).one()
        if not articles:
            return None
        acts, receives = _parts(connection, code, key)
        said = sa.select(sa.func.count()).where(s.live, s.speaker_key == key)
        statements = connection.scalar(said) or 0
    if code:
        found, kind, country = countries.name_of(code), "country", code
    held = () if code else offices_of(archive, found)
    return Portrait(key, found, kind, country, articles, held, acts, receives, statements)


def _parts(connection: sa.Connection, code: str | None, key: str) -> tuple[int, int]:
    p = t.participants.c
    mine = p.country == code if code else p.name_key == key
    query = (
        sa.select(p.part, sa.func.count(p.event.distinct())).where(p.live, mine).group_by(p.part)
    )
    found: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    return found.get("actor", 0), found.get("recipient", 0)


def offices_of(archive: Archive, person: str) -> tuple[Office, ...]:
    """Return the offices that a person holds or held, as the articles say."""
    import json

    last = person.split()[-1]
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return ()
        origins = happenings._origins(connection)
        row = d.sightings.c.row
        texts = list(connection.scalars(sa.select(row).where(row.contains(last, autoescape=True))))
    seen = [happenings.revived(Sighting, json.loads(text)) for text in texts]
    settled = office_rules.settled(
        one._replace(origin=origins.get(one.article, one.article)) for one in seen
    )
    return tuple(row for row in settled if same_name(row.person, person))


# -- dyads ----------------------------------------------------------------------------


class Dyad(NamedTuple):
    """Two countries, one acting on the other, with how many events articles tell of."""

    source: str
    target: str
    events: int
    first_day: str | None
    last_day: str | None


def dyads(
    archive: Archive, filters: Mapping[str, str | None], after: Place | None, limit: int
) -> Page:
    """Return a page of ordered pairs of countries; filters: source, target, since, until."""
    y = t.dyads.c
    query = (
        sa.select(
            y.source, y.target, sa.func.count(), sa.func.min(y.first_day), sa.func.max(y.last_day)
        )
        .where(y.live, y.source != y.target)
        .group_by(y.source, y.target)
        .order_by(y.source, y.target)
        .limit(limit + 1)
    )  # fmt: skip
    for name in ("source", "target"):
        if filters.get(name):
            query = query.where(y[name] == filters[name])
    since, until = moments.day(filters.get("since")), moments.day(filters.get("until"))
    if since is not None:
        query = query.where(y.last_day >= since)
    if until is not None:
        query = query.where(y.first_day <= until)
    if after is not None:
        bound = sa.tuple_(*map(sa.literal, after))
        query = query.where(sa.tuple_(y.source, y.target) > bound)
    with archive._reading() as connection:
        found = [Dyad(*row) for row in connection.execute(query)]
    rows = [((row.source, row.target), row._asdict()) for row in found[:limit]]
    return Page(rows, len(found) > limit)


class Monthly(NamedTuple):
    """What one country did to another in a month, by articles' events."""

    month: str
    type: str
    status: str
    events: int
    #: Mean of PLOVER's score, −10 to 10; None where no event has one.
    score: float | None


class Relation(NamedTuple):
    """What one country does to another, month by month."""

    source: str
    target: str
    events: int
    months: tuple[Monthly, ...]


def relation(
    archive: Archive, source: str, target: str, since: str | None, until: str | None
) -> Relation:  # fmt: skip
    """Return the events of an ordered dyad by month (of their last day), type and status."""
    e = t.events.c
    filters = {"actor": source, "recipient": target, "since": since, "until": until}
    month = sa.func.substr(e.last_day, 1, 7)
    query = (
        sa.select(month, e.type, e.status, sa.func.count(), sa.func.avg(e.score))
        .where(e.live, e.last_day.is_not(None))
        .where(*selecting.conditions("events", filters, now=True))
        .group_by(month, e.type, e.status)
        .order_by(month, e.type, e.status)
    )
    with archive._reading() as connection:
        rows = connection.execute(query).all()
    months = tuple(
        Monthly(month, type_, status, number, None if score is None else round(score, 4))
        for month, type_, status, number, score in rows
    )
    return Relation(source, target, sum(one.events for one in months), months)
