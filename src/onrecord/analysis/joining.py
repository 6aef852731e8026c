"""Bringing everything that follows from the archive up to date with it.

``join`` looks at the articles that are new, changed or gone since it last ran, a block in a
transaction: after a kill the next run goes on with the next block, and running it again
changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis.rows import Copy, Story
from onrecord.archive import Progress
from onrecord.archive import schema as t

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: Articles joined in one transaction.
BLOCK = 50
#: Readings before the mark that are looked at again: on PostgreSQL keys that were given
#: earlier may be committed later.
_BEHIND = 200


class Pending(NamedTuple):
    """An article to be joined, or to be taken out when it has no reading any more."""

    article: int
    reading: int | None


#: Called for each new or changed article, in the block's transaction, after its old rows
#: were taken out; ``reading`` is the archive's ``readings.key``.
ArticleStep = Callable[[sa.Connection, int, int], None]
#: Called for each article that is changed or gone, in the block's transaction.
RemovalStep = Callable[[sa.Connection, int], None]
#: Called with the id of a story that is new, changed or gone, in a transaction of its own.
StoryStep = Callable[[sa.Connection, str], None]
#: Called once when everything else is up to date, in a transaction of its own.
LastStep = Callable[[sa.Connection], None]

ARTICLE_STEPS: tuple[ArticleStep, ...] = ()
REMOVAL_STEPS: tuple[RemovalStep, ...] = ()
STORY_STEPS: tuple[StoryStep, ...] = ()
LAST_STEPS: tuple[LastStep, ...] = ()


def join(archive: Archive, *, on_progress: Callable[[Progress], None] | None = None) -> int:
    """Bring copies, stories and all that follows up to date; return how many articles were joined.

    Only articles that are new, changed or gone since the last run are looked at.  It may be
    killed at any moment.  Raises NewerArchiveError when a newer onrecord made the tables.
    """
    d.prepare(archive)
    began, done = time.monotonic(), 0
    with d.reading(archive) as connection:
        waiting = _pending(connection)
    for first in range(0, len(waiting), BLOCK):
        block = waiting[first : first + BLOCK]
        with d.writing(archive) as connection:
            _join_block(connection, block)
        done += len(block)
        if on_progress is not None:
            on_progress(Progress(done, len(waiting), time.monotonic() - began))
    _follow(archive, bool(waiting))
    return done


def _pending(connection: sa.Connection) -> list[Pending]:
    """Return the articles that are not joined by the reading that counts now, oldest first."""
    r, v, a = t.readings.c, t.versions.c, d.articles.c
    mark = int(d.get(connection, "mark") or 0) - _BEHIND
    new = (
        sa.select(v.article, r.key)
        .join(t.versions, v.key == r.version)
        .outerjoin(d.articles, a.article == v.article)
        .where(r.key > mark, r.live, sa.or_(a.reading.is_(None), a.reading != r.key))
        .order_by(r.key)
    )
    found = [Pending(*row) for row in connection.execute(new)]
    if d.get(connection, "forgotten") != _forgotten(connection):
        gone = (
            sa.select(a.article)
            .outerjoin(t.articles, t.articles.c.key == a.article)
            .where(t.articles.c.key.is_(None))
        )
        found = [Pending(key, None) for key in connection.scalars(gone)] + found
    return found


def _forgotten(connection: sa.Connection) -> str:
    f = t.forgotten.c
    count, last = connection.execute(sa.select(sa.func.count(), sa.func.max(f.at))).one()
    return f"{count} {last}"


def _join_block(connection: sa.Connection, block: Sequence[Pending]) -> None:
    """Join the articles of a block; on PostgreSQL another process may have done so by now."""
    for one in block:
        _take_out(connection, one.article)
        if one.reading is not None:
            _put_in(connection, one.article, one.reading)
    readings = [one.reading for one in block if one.reading is not None]
    mark = int(d.get(connection, "mark") or 0)
    d.put(connection, "mark", str(max([mark, *readings])))


def _take_out(connection: sa.Connection, article: int) -> None:
    for step in REMOVAL_STEPS:
        step(connection, article)
    story = connection.scalar(sa.select(d.articles.c.story).where(d.articles.c.article == article))
    if story is not None:
        _mark(connection, story)
    connection.execute(d.articles.delete().where(d.articles.c.article == article))


def _put_in(connection: sa.Connection, article: int, reading: int) -> None:
    r, v = t.readings.c, t.versions.c
    query = (
        sa.select(t.articles.c.id, r.published_day, v.publisher, v.title)
        .join(t.versions, v.key == r.version)
        .join(t.articles, t.articles.c.key == v.article)
        .where(r.key == reading)
    )
    row = connection.execute(query).one()
    story = f"s{article}"
    connection.execute(
        d.articles.insert().values(
            article=article, reading=reading, id=row.id, day=row.published_day,
            publisher=row.publisher, title=row.title, story=story,
        )
    )  # fmt: skip
    connection.execute(d.stories.delete().where(d.stories.c.id == story))
    connection.execute(d.stories.insert().values(
        id=story, title=row.title or row.id, first_day=row.published_day,
        last_day=row.published_day, reasons=(),
    ))  # fmt: skip
    _mark(connection, story)
    for step in ARTICLE_STEPS:
        step(connection, article, reading)


def _mark(connection: sa.Connection, story: str) -> None:
    connection.execute(d.dirty.delete().where(d.dirty.c.story == story))
    connection.execute(d.dirty.insert().values(story=story))


def _follow(archive: Archive, anything: bool) -> None:
    """Work out what follows from the stories that changed."""
    with d.reading(archive) as connection:
        changed = list(connection.scalars(sa.select(d.dirty.c.story).order_by(d.dirty.c.story)))
    for story in changed:
        with d.writing(archive) as connection:
            for step in STORY_STEPS:
                step(connection, story)
            connection.execute(d.dirty.delete().where(d.dirty.c.story == story))
    if anything or changed:
        with d.writing(archive) as connection:
            for last in LAST_STEPS:
                last(connection)
            d.put(connection, "forgotten", _forgotten(connection))


# -- out --------------------------------------------------------------------------------


def copies(archive: Archive) -> Iterator[Copy]:
    """Yield every copy with its origin, in the order in which the carriers came."""
    origin, carrier = d.articles.alias(), d.articles.alias()
    query = (
        sa.select(origin.c.id, carrier.c.id, d.copies.c.share)
        .join(origin, origin.c.article == d.copies.c.origin)
        .join(carrier, carrier.c.article == d.copies.c.carrier)
        .order_by(d.copies.c.carrier)
    )
    with d.reading(archive) as connection:
        if d.is_there(connection):
            for row in connection.execute(query):
                yield Copy(*row)


def stories(archive: Archive) -> Iterator[Story]:
    """Yield every story, the oldest first; together they hold every article once."""
    s, a = d.stories.c, d.articles.c
    of = sa.select(a.id).order_by(a.day, a.article)
    query = sa.select(s.id, s.title, s.reasons).order_by(s.first_day, s.id)
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return
        for row in connection.execute(query).all():
            ids = tuple(connection.scalars(of.where(a.story == row.id)))
            yield Story(row.id, row.title, ids, (), tuple(row.reasons))
