"""Pages of a person, an organisation, a country, and two countries: what each did and said."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis import offices as office_rules
from onrecord.analysis.happenings import revived
from onrecord.analysis.offices import Sighting
from onrecord.analysis.rows import Incident, Office
from onrecord.analysis.words import same_name
from onrecord.archive import schema as t
from onrecord.archive.flat import words_key
from onrecord.site import words
from onrecord.site.edition import Edition
from onrecord.site.evidence import Piece
from onrecord.site.lists import Named

#: Events of one who takes part that are looked at, the latest ones.
MOST_EVENTS = 200
MOST_STATEMENTS = 60


class Spoken(NamedTuple):
    """One statement of a person."""

    article: str
    id: str
    stance: str
    kind: str
    words: str
    day: str
    start: int
    end: int
    piece: Piece


class Actor(NamedTuple):
    """All that the page of a person or organisation shows."""

    key: str
    name: str
    kind: str
    country: str
    offices: tuple[Office, ...]
    given: tuple[Incident, ...]
    received: tuple[Incident, ...]
    said: tuple[Spoken, ...]
    others: tuple[Named, ...]
    #: Whether older events were left out.
    is_cut: bool


def actor(edition: Edition, key: str) -> Actor | None:
    """Return the page of whoever is called by a key; None for one whom no report names."""
    names = _names(edition, key)
    said = _said(edition, key)
    if not names and not said:
        return None
    events = _events(edition, t.participants.c.name_key == key)
    rows = _incidents(edition, {(one.article, one.event) for one in events})
    did = {(one.article, one.event) for one in events if one.part == "actor"}
    given = tuple(row for row in rows if _mentions(row) & did)
    top = names[0] if names else (said[0].piece.title, "other", "")
    name = top[0] if names else key
    return Actor(
        key=key,
        name=name,
        kind=top[1],
        country=top[2] or "",
        offices=tuple(_offices(edition, name, key)),
        given=given,
        received=tuple(row for row in rows if row not in given),
        said=tuple(said),
        others=tuple(_others(rows, key)),
        is_cut=len(events) >= MOST_EVENTS,
    )


def _names(edition: Edition, key: str) -> list[tuple[str, str, str]]:
    """Return name, kind and country as most reports have them."""
    e = t.entities.c
    query = sa.select(e.name, e.kind, e.country).where(e.live, e.name_key == key).limit(500)
    count = Counter((row[0], row[1], row[2]) for row in edition.connection.execute(query))
    return sorted(count, key=lambda one: (-count[one], one[2] is None, one[0]))


class _Event(NamedTuple):
    article: str
    event: str
    part: str


def _events(edition: Edition, condition: sa.ColumnElement[bool]) -> list[_Event]:
    p, r, v = t.participants.c, t.readings.c, t.versions.c
    # Only what is sorted is joined before it is cut.
    latest = (
        sa.select(p.key, p.event_id, p.part, r.version, r.published_day)
        .select_from(t.participants.join(t.readings, r.key == p.reading))
        .where(p.live, condition)
        .order_by(r.published_day.desc().nulls_last(), p.key)
        .limit(MOST_EVENTS)
    )
    if edition.is_past:
        latest = latest.where(r.published_day <= edition.as_of)
    few = latest.subquery()
    query = (
        sa.select(t.articles.c.id, few.c.event_id, few.c.part)
        .select_from(
            few.join(t.versions, v.key == few.c.version).join(
                t.articles, t.articles.c.key == v.article
            )
        )
        .order_by(few.c.published_day.desc().nulls_last(), few.c.key)
    )
    return [_Event(*row) for row in edition.connection.execute(query)]


def _mentions(row: Incident) -> set[tuple[str, str]]:
    return {(one.article, one.event) for one in row.mentions}


def _incidents(edition: Edition, events: set[tuple[str, str]]) -> list[Incident]:
    """Return the incidents that events are mentions of, the latest first."""
    pieces = edition.pieces({article for article, _ in events})
    within: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for article, event in events:
        if article in pieces:
            within[pieces[article].story].add((article, event))
    rows = [row for row in edition.telling(within) if _mentions(row) & events]
    return sorted(rows, key=lambda row: (row.first_day or "", row.id), reverse=True)


def _said(edition: Edition, key: str) -> list[Spoken]:
    """Return what somebody said, the latest first, copies left out."""
    s, c = t.statements.c, t.contents.c
    query = (
        sa.select(s.key, s.reading, s.id, s.stance, s.kind, s.quote, s.published_day,
                  t.articles.c.id.label("article"))
        .select_from(
            t.statements.join(t.readings, t.readings.c.key == s.reading)
            .join(t.versions, t.versions.c.key == t.readings.c.version)
            .join(t.articles, t.articles.c.key == t.versions.c.article)
        )
        .where(s.live, s.speaker_key == key)
        .order_by(s.published_day.desc().nulls_last(), s.key)
        .limit(2 * MOST_STATEMENTS)
    )  # fmt: skip
    if edition.is_past:
        query = query.where(s.published_day <= edition.as_of)
    rows = edition.connection.execute(query).all()
    pieces = edition.pieces({row.article for row in rows})
    found = []
    for row in rows:
        piece = pieces.get(row.article)
        if piece is None or piece.origin is not None:
            continue
        runs = edition.connection.execute(
            sa.select(c.start, c.end)
            .where(c.key >= row.reading << t.ROW_BITS, c.key < (row.reading + 1) << t.ROW_BITS)
            .where(c.statement_id == row.id)
            .order_by(c.key)
        ).all()
        if runs:
            found.append(Spoken(
                row.article, row.id, row.stance, row.kind, words.clean(row.quote or ""),
                row.published_day or "", runs[0][0], runs[-1][1], piece,
            ))  # fmt: skip
    return found[:MOST_STATEMENTS]


def _offices(edition: Edition, name: str, key: str) -> list[Office]:
    """Return the offices that reports give to a person."""
    if not edition.is_joined:
        return []
    e, r = t.entities.c, t.readings.c
    articles = (
        sa.select(t.versions.c.article)
        .select_from(
            t.entities.join(t.readings, r.key == e.reading).join(
                t.versions, t.versions.c.key == r.version
            )
        )
        .where(e.live, e.name_key == key)
        .order_by(e.key.desc())
        .limit(MOST_EVENTS)
    )
    if edition.is_past:
        articles = articles.where(r.published_day <= edition.as_of)
    keys = sorted(set(edition.connection.scalars(articles)))
    # Most rows are of others: they are left as they are kept.
    called = (name.split() or [""])[-1].casefold()
    seen: list[Sighting] = []
    for part in d.parts(keys):
        query = sa.select(d.sightings.c.row).where(d.sightings.c.article.in_(part))
        seen += [
            revived(Sighting, json.loads(text))
            for text in edition.connection.scalars(query)
            if called in text.casefold()
        ]
    pieces = edition.pieces({one.article for one in seen})
    own = [
        one._replace(origin=_origin(pieces, one.article))
        for one in seen
        if same_name(one.person, name)
    ]
    rows = list(office_rules.settled(own))
    return sorted(rows, key=lambda row: (row.former, row.last_seen or ""), reverse=False)


def _origin(pieces: dict[str, Piece], article: str) -> str:
    piece = pieces.get(article)
    return piece.origin or article if piece else article


def _others(rows: Iterable[Incident], key: str) -> list[Named]:
    """Return with whom or against whom somebody stands most often."""
    count: Counter[str] = Counter()
    for row in rows:
        for name in {one.name for one in row.actors + row.recipients if one.name}:
            if words_key(name) != key:
                count[name] += 1
    ranked = sorted(count, key=lambda name: (-count[name], name))
    return [Named(name, "", count[name], 0) for name in ranked[:12]]


# -- countries --------------------------------------------------------------------------


class Country(NamedTuple):
    """All that the page of a country shows."""

    code: str
    name: str
    given: tuple[Incident, ...]
    received: tuple[Incident, ...]
    partners: tuple[tuple[str, int, int], ...]
    is_cut: bool


def country(edition: Edition, code: str) -> Country:
    """Return the page of a country."""
    out = _between(edition, t.dyads.c.source == code)
    into = _between(edition, t.dyads.c.target == code)
    did = {(one.article, one.event) for one in out}
    rows = _incidents(edition, did | {(one.article, one.event) for one in into})
    given = tuple(row for row in rows if _mentions(row) & did)
    return Country(
        code=code,
        name=words.country(code),
        given=given,
        received=tuple(row for row in rows if row not in given),
        partners=tuple(_partners(rows, code)),
        is_cut=max(len(out), len(into)) >= MOST_EVENTS,
    )


def _partners(rows: Sequence[Incident], code: str) -> list[tuple[str, int, int]]:
    """Return other countries with how often this one acts on them, and they on it."""
    out: Counter[str] = Counter()
    into: Counter[str] = Counter()
    for row in rows:
        actors = {one.country for one in row.actors if one.country}
        recipients = {one.country for one in row.recipients if one.country}
        if code in actors:
            out.update(recipients - {code})
        if code in recipients:
            into.update(actors - {code})
    known = [one for one in {*out, *into} if words.country(one) != one]
    ranked = sorted(known, key=lambda one: (-out[one] - into[one], one))
    return [(one, out[one], into[one]) for one in ranked[:20]]


def _between(edition: Edition, condition: sa.ColumnElement[bool]) -> list[_Event]:
    """Return the latest events between countries that fulfil a condition."""
    y, e, r = t.dyads.c, t.events.c, t.readings.c
    query = (
        sa.select(t.articles.c.id, e.id, sa.literal("actor"))
        .select_from(
            t.dyads.join(t.events, e.key == y.event)
            .join(t.readings, r.key == y.reading)
            .join(t.versions, t.versions.c.key == r.version)
            .join(t.articles, t.articles.c.key == t.versions.c.article)
        )
        .where(y.live, condition)
        .order_by(y.last_day.desc().nulls_last(), y.key)
        .limit(MOST_EVENTS)
    )
    if edition.is_past:
        query = query.where(r.published_day <= edition.as_of)
    return [_Event(*row) for row in edition.connection.execute(query)]


def between(edition: Edition, one: str, other: str) -> tuple[list[Incident], bool]:
    """Return the incidents in which one country acts on another, the latest first."""
    y = t.dyads.c
    events = _between(edition, sa.and_(y.source == one, y.target == other))
    rows = _incidents(edition, {(event.article, event.event) for event in events})
    return rows, len(events) >= MOST_EVENTS


def together(rows: Sequence[Incident], more: Sequence[Incident]) -> list[Incident]:
    """Return incidents of two lists, each once, the latest first."""
    unique = {row.id: row for row in (*rows, *more)}
    return sorted(unique.values(), key=lambda row: (row.first_day or "", row.id), reverse=True)


def spoken_row(one: Spoken) -> dict[str, Any]:
    """Return a statement as a row of a table."""
    return {name: cell for name, cell in one._asdict().items() if name != "piece"} | {
        "publisher": one.piece.publisher
    }
