"""Incidents, stories and disputes, a page at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis import happenings
from onrecord.analysis.exports import plain
from onrecord.analysis.news import About
from onrecord.analysis.rows import Dispute, Incident, Party
from onrecord.archive import Archive, moments, selecting
from onrecord.archive import schema as t
from onrecord.archive.flat import words_key
from onrecord.site.api.paging import Page, Place

_CODE = re.compile("[A-Z]{3}")
#: Incidents that are looked at for one page: one with few matches may be short, or empty.
LOOKED_AT = 4_000


class Asked(NamedTuple):
    """Which incidents are asked for; None for any."""

    story: str | None = None
    #: A code, a name, or two codes with a comma, as in ``onrecord new --about``.
    about: str | None = None
    actor: str | None = None
    recipient: str | None = None
    type: str | None = None
    mode: str | None = None
    status: str | None = None
    country: str | None = None
    since: str | None = None
    until: str | None = None


def read(asked: Asked) -> Asked:
    """Return what is asked for as the archive reads it; SettingError for what no row can have."""
    found = {
        name: selecting._value(name, value)
        for name in ("type", "mode", "country")
        if (value := getattr(asked, name)) is not None
    }
    return asked._replace(**found)


def wanted(asked: Asked) -> Callable[[Incident], bool]:
    """Return what says of an incident whether it is asked for; days are left to the query."""
    about = About.parse(asked.about)
    between = About(countries=about.countries)

    def fits(row: Incident) -> bool:
        return (
            between.covers(row)
            and _takes_part(about.name, (*row.actors, *row.recipients))
            and asked.type in (None, row.type)
            and asked.mode in (None, row.mode)
            and asked.status in (None, row.status)
            and asked.country in (None, row.place.country if row.place else None)
            and _takes_part(asked.actor, row.actors)
            and _takes_part(asked.recipient, row.recipients)
        )

    return fits


def _takes_part(who: str | None, parties: Sequence[Party]) -> bool:
    """Whether one of the parties is meant: by a code, or by a name as the archive reads one."""
    if who is None:
        return True
    if _CODE.fullmatch(who):
        return who in {party.country for party in parties}
    key = words_key(who) or who
    names = filter(None, (words_key(party.name) for party in parties))
    return any(
        name == key or name.startswith(f"{key} ") or name.endswith(f" {key}") for name in names
    )


def incidents(
    archive: Archive, asked: Asked, newest: bool, after: Place | None, limit: int
) -> Page:  # fmt: skip
    """Return a page of incidents by first day, those without a day last or first."""
    asked = read(asked)
    i, fits = d.incidents.c, wanted(asked)
    query = sa.select(i.first_day, i.story, i.id, i.row).where(*_conditions(asked))
    query = _after(query, after, newest).order_by(*_order(newest)).limit(LOOKED_AT + 1)
    found: list[tuple[Place, dict[str, Any]]] = []
    seen, last = 0, None
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return Page([], False)
        rows = connection.execute(query, execution_options={"yield_per": 200})
        for row in rows:
            if seen == LOOKED_AT or len(found) == limit:
                rows.close()
                return Page(found, True, last)
            seen += 1
            last = (row.first_day or "", row.story, row.id)
            one = happenings.revived(Incident, json.loads(row.row))
            if fits(one):
                found.append((last, plain(one)))
    return Page(found, False, last)


def _conditions(asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    i = d.incidents.c
    if asked.story is not None:
        yield i.story == asked.story
    since, until = moments.day(asked.since), moments.day(asked.until)
    if since is not None:
        yield i.first_day >= since
    if until is not None:
        yield i.first_day <= until
    for words in _words_of(asked):
        # The row is JSON: what is asked for stands in it, between quotation marks.
        yield i.row.contains(f'"{words}"', autoescape=True)
    for name in _names_of(asked):
        yield i.story.in_(_stories_of(name))


def _words_of(asked: Asked) -> Iterator[str]:
    yield from About.parse(asked.about).countries
    for who in (asked.actor, asked.recipient):
        if who is not None and _CODE.fullmatch(who):
            yield who
    yield from filter(None, (asked.type, asked.mode, asked.status, asked.country))


def _names_of(asked: Asked) -> Iterator[str]:
    about = About.parse(asked.about).name
    for who in (about, asked.actor, asked.recipient):
        if who is not None and not _CODE.fullmatch(who):
            yield who


def _stories_of(name: str) -> sa.Select[Any]:
    """The stories in one of whose events somebody of this name takes part."""
    p = t.participants.c
    return (
        sa.select(d.articles.c.story)
        .join(t.participants, p.reading == d.articles.c.reading)
        .where(p.live, selecting._named(p.name_key, name))
    )


def _order(newest: bool) -> tuple[sa.ColumnElement[Any], ...]:
    i = d.incidents.c
    if newest:
        return (sa.nulls_last(i.first_day.desc()), i.story.desc(), i.id.desc())
    return (sa.nulls_first(i.first_day), i.story, i.id)


def _after(query: sa.Select[Any], after: Place | None, newest: bool) -> sa.Select[Any]:
    """Leave out what stands at a place or before it."""
    if after is None:
        return query
    i, (day, story, id_) = d.incidents.c, after
    same = i.first_day == day if day else i.first_day.is_(None)
    if newest:
        rest = sa.and_(same, sa.or_(i.story < story, sa.and_(i.story == story, i.id < id_)))
        later = sa.or_(i.first_day < day, i.first_day.is_(None)) if day else sa.false()
    else:
        rest = sa.and_(same, sa.or_(i.story > story, sa.and_(i.story == story, i.id > id_)))
        later = i.first_day > day if day else i.first_day.is_not(None)
    return query.where(sa.or_(rest, later))


def incident(archive: Archive, id_: str) -> Incident | None:
    """Return the incident with an id; None where there is none."""
    return next(_by_id(archive, d.incidents, Incident, id_), None)


def dispute(archive: Archive, id_: str) -> Dispute | None:
    """Return the dispute with an id; None where there is none."""
    return next(_by_id(archive, d.disputes, Dispute, id_), None)


def _by_id(archive: Archive, table: sa.Table, cls: Any, id_: str) -> Iterator[Any]:
    with d.reading(archive) as connection:
        if d.is_there(connection):
            query = sa.select(table.c.row).where(table.c.id == id_)
            for text in connection.scalars(query):
                yield happenings.revived(cls, json.loads(text))


# -- disputes -------------------------------------------------------------------------


def disputes(
    archive: Archive, kind: str | None, story: str | None, newest: bool, after: Place | None,
    limit: int,
) -> Page:  # fmt: skip
    """Return a page of disputes by their story's last day, the newest first, or by its id."""
    q, s = d.disputes.c, d.stories.c
    day = sa.func.coalesce(s.last_day, "").label("day")
    query = sa.select(day, q.story, q.id, q.row).join(d.stories, s.id == q.story)
    if story is not None:
        query = query.where(q.story == story)
    place = sa.tuple_(sa.func.coalesce(s.last_day, ""), q.story, q.id)
    if after is not None:
        bound = sa.tuple_(*map(sa.literal, after))
        query = query.where(place < bound if newest else place > bound)
    keys = (sa.text("day"), q.story, q.id)
    ordered = (sa.text("day DESC"), q.story.desc(), q.id.desc()) if newest else keys
    found: list[tuple[Place, dict[str, Any]]] = []
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return Page([], False)
        rows = connection.execute(query.order_by(*ordered), execution_options={"yield_per": 200})
        for row in rows:
            one = happenings.revived(Dispute, json.loads(row.row))
            if kind in (None, one.kind):
                if len(found) == limit:
                    rows.close()
                    return Page(found, True)
                found.append(((row.day, row.story, row.id), plain(one)))
    return Page(found, False)


# -- stories --------------------------------------------------------------------------


class StoryRow(NamedTuple):
    """Articles about the same happening, with when they were published."""

    id: str
    title: str
    #: Article ids in order of publication.
    articles: tuple[str, ...]
    #: Ids of its incidents.
    incidents: tuple[str, ...]
    #: Words for people: why these articles are together.
    reasons: tuple[str, ...]
    first_day: str | None
    last_day: str | None
    #: Articles that are nobody's copy.
    origins: int
    #: When the last of its articles came in, UTC.
    updated: str | None


def stories(
    archive: Archive, days: tuple[str | None, str | None], newest: bool, after: Place | None,
    limit: int,
) -> Page:  # fmt: skip
    """Return a page of stories by last day; ``days``: published from, and up to."""
    s = d.stories.c
    day = sa.func.coalesce(s.last_day, "")
    query = sa.select(s.id, day.label("day"))
    since, until = map(moments.day, days)
    if since is not None:
        query = query.where(s.last_day >= since)
    if until is not None:
        query = query.where(s.first_day <= until)
    if after is not None:
        bound = sa.tuple_(*map(sa.literal, after))
        place = sa.tuple_(day, s.id)
        query = query.where(place < bound if newest else place > bound)
    query = query.order_by(day.desc(), s.id.desc()) if newest else query.order_by(day, s.id)
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return Page([], False)
        found = connection.execute(query.limit(limit + 1)).all()
        known = of_ids(connection, [row.id for row in found[:limit]])
    rows = [((row.day, row.id), plain(known[row.id])) for row in found[:limit]]
    return Page(rows, len(found) > limit)


def of_ids(connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, StoryRow]:
    """Return the stories with ids that are there, by id."""
    s, a, i = d.stories.c, d.articles.c, d.incidents.c
    articles: dict[str, list[str]] = {}
    happened: dict[str, list[str]] = {}
    told: dict[str, tuple[int, str | None]] = {}
    heads: list[sa.Row[Any]] = []
    for part in d.parts(ids):
        heads += connection.execute(sa.select(d.stories).where(s.id.in_(part))).all()
        query = sa.select(a.story, a.id).where(a.story.in_(part)).order_by(a.day, a.article)
        for story, id_ in connection.execute(query):
            articles.setdefault(story, []).append(id_)
        query = sa.select(i.story, i.id).where(i.story.in_(part)).order_by(i.first_day, i.id)
        for story, id_ in connection.execute(query):
            happened.setdefault(story, []).append(id_)
        for story, number, moment in connection.execute(_told(part)):
            told[story] = (number, moment)
    return {
        row.id: StoryRow(
            row.id, row.title, tuple(articles.get(row.id, ())), tuple(happened.get(row.id, ())),
            tuple(row.reasons), row.first_day, row.last_day, *told.get(row.id, (0, None)),
        )
        for row in heads
    }  # fmt: skip


def _told(stories: Sequence[str]) -> sa.Select[Any]:
    """How many articles are nobody's copy, and when the last one came in, by story."""
    a, v = d.articles.c, t.versions.c
    came = sa.select(v.article, sa.func.max(v.recorded_from).label("at")).group_by(v.article)
    came = came.where(v.article.in_(sa.select(a.article).where(a.story.in_(stories))))
    last = came.subquery()
    return (
        sa.select(
            a.story,
            sa.func.sum(sa.case((d.copies.c.carrier.is_(None), 1), else_=0)),
            sa.func.max(last.c.at),
        )
        .select_from(d.articles)
        .outerjoin(d.copies, d.copies.c.carrier == a.article)
        .join(last, last.c.article == a.article)
        .where(a.story.in_(stories))
        .group_by(a.story)
    )


def story(archive: Archive, id_: str) -> StoryRow | None:
    """Return the story with an id; None where there is none."""
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return None
        return of_ids(connection, [id_]).get(id_)
