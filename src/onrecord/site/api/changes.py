"""What changed in the archive since a moment: articles that are new or read anew, and gone ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from onrecord.archive import Archive, moments
from onrecord.archive import schema as t
from onrecord.site.api.paging import Page, Place

#: On PostgreSQL what got an earlier number may be committed later: what is younger than this
#: is told the next time.
_SETTLED = timedelta(seconds=5)
_r, _f = t.readings.c, t.forgotten.c


class Change(NamedTuple):
    """One change: an article to fetch again, or to forget."""

    #: ``article``: it is new, has a new text, was read anew or corrected; ``gone``: it was
    #: forgotten here, and is to be forgotten by whoever copied it.
    kind: Literal["article", "gone"]
    #: When it became known here, UTC.
    at: str
    #: The article's id; None when it is gone: nothing readable is kept of it.
    article: str | None
    version: int | None
    #: SHA-256 of the id, in UTF-8, in hexadecimal digits.
    id_sha256: str


def changes(archive: Archive, since: str | None, after: Place | None, limit: int) -> Page:
    """Return changes in the order in which they became known.

    A place is the number of the last reading that was told, and moment and hash of the last
    tombstone.
    """
    until = _until(archive)
    with archive._reading() as connection:
        if after is None:
            start = None if since is None else _moment(since)
            after = (_before(connection, start), start or "", "")
        found = sorted(
            [*_articles(connection, after, until, limit), *_gone(connection, after, until, limit)],
            key=lambda one: (one[0].at, one[1]),
        )
    rows: list[tuple[Place, dict[str, Any]]] = []
    place = tuple(after)
    for change, reading in found[:limit]:
        place = (
            (max(place[0], reading), place[1], place[2])
            if change.kind == "article"
            else (place[0], change.at, change.id_sha256)
        )
        rows.append((place, change._asdict()))
    return Page(rows, len(found) > limit, place)


def _moment(since: str) -> str:
    # A day is meant from its beginning here.
    return moments.end_of(f"{since}T00:00:00+00:00" if len(since) == 10 else since)


def _until(archive: Archive) -> str | None:
    if archive._engine.dialect.name == "sqlite":
        return None
    return moments.utc(archive._clock() - _SETTLED)


def _before(connection: sa.Connection, moment: str | None) -> int:
    """Return the number of the last reading before a moment; readings are numbered in time."""
    if moment is None:
        return 0
    low, high = 0, (connection.scalar(sa.select(sa.func.max(_r.key))) or 0) + 1
    while low + 1 < high:
        middle = (low + high) // 2
        query = sa.select(_r.recorded_from).where(_r.key >= middle).order_by(_r.key).limit(1)
        at = connection.scalar(query)
        low, high = (middle, high) if at is not None and at < moment else (low, middle)
    return low


def _articles(
    connection: sa.Connection, after: Place, until: str | None, limit: int
) -> Iterator[tuple[Change, int]]:
    v = t.versions.c
    query = (
        sa.select(_r.key, _r.recorded_from, t.articles.c.id, v.version)
        .join(t.versions, v.key == _r.version)
        .join(t.articles, t.articles.c.key == v.article)
        .where(_r.live, _r.key > after[0])
        .order_by(_r.key)
        .limit(limit + 1)
    )
    if until is not None:
        query = query.where(_r.recorded_from <= until)
    from onrecord.archive.writing import id_hash

    for key, at, id_, version in connection.execute(query):
        yield Change("article", at, id_, version, id_hash(id_)), key


def _gone(
    connection: sa.Connection, after: Place, until: str | None, limit: int
) -> Iterator[tuple[Change, int]]:
    place = sa.tuple_(_f.at, _f.id_sha256)
    query = (
        sa.select(_f.at, _f.id_sha256)
        .where(place > sa.tuple_(sa.literal(after[1]), sa.literal(after[2])))
        .order_by(_f.at, _f.id_sha256)
        .limit(limit + 1)
    )
    if until is not None:
        query = query.where(_f.at <= until)
    for at, digest in connection.execute(query):
        yield Change("gone", at, None, None, digest), 0
