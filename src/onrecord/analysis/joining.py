"""Bringing everything that follows from the archive up to date with it.

``join`` looks at the articles that are new, changed or gone since it last ran, a block in a
transaction: after a kill the next run goes on with the next block, and running it again
changes nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from onrecord.analysis import carriers, edits, happenings, lights, neighbours, terms
from onrecord.analysis import copies as copy_rules
from onrecord.analysis import derived as d
from onrecord.analysis import stories as story_rules
from onrecord.analysis.rows import Copy, Development, Story
from onrecord.analysis.stories import PARAMETERS
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

ARTICLE_STEPS: tuple[ArticleStep, ...] = (happenings.put_in,)
REMOVAL_STEPS: tuple[RemovalStep, ...] = (happenings.take_out,)
STORY_STEPS: tuple[StoryStep, ...] = (happenings.work_out,)
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
    edited = _follow_edits(archive)
    _follow(archive, bool(waiting) or edited)
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
    """Take in the articles of a block, then settle who copied whom and what are stories."""
    standing = edits.standing(connection)
    touched: set[int] = set()
    alike: set[int] = set()
    stale: set[str] = set()
    for one in block:
        was = _taken_out(connection, one.article)
        touched |= was.tied
        alike |= was.alike
        stale |= {was.story} if was.story else set()
        if one.reading is not None and _is_live(connection, one.reading):
            _put_in(connection, one.article, one.reading, was.story)
            touched.add(one.article)
            alike.add(one.article)
    copied = carriers.settle(connection, _there(connection, alike))
    changed = neighbours.regroup(connection, _there(connection, touched | copied), standing)
    stale |= _stories_of(connection, copied)
    for story in sorted(stale - changed):
        neighbours.refresh(connection, story, standing)
    _mark(connection, changed | stale)
    readings = [one.reading for one in block if one.reading is not None]
    mark = int(d.get(connection, "mark") or 0)
    d.put(connection, "mark", str(max([mark, *readings])))


class _Was(NamedTuple):
    """What an article left behind: its story, who was tied to it, who has its text."""

    story: str | None
    tied: set[int]
    alike: set[int]


def _taken_out(connection: sa.Connection, article: int) -> _Was:
    a = d.articles.c
    row = connection.execute(sa.select(a.story).where(a.article == article)).first()
    if row is None:
        return _Was(None, set(), set())
    for step in REMOVAL_STEPS:
        step(connection, article)
    alike = carriers.take_out(connection, article)
    neighbours.take_out(connection, article)
    connection.execute(d.articles.delete().where(a.article == article))
    few = sa.select(a.article).where(a.story == row.story).limit(PARAMETERS.region + 1)
    left = set(connection.scalars(few))
    return _Was(row.story, left if len(left) <= PARAMETERS.region else set(), alike)


def _is_live(connection: sa.Connection, reading: int) -> bool:
    """Whether a reading still counts: another process may have closed it by now."""
    r = t.readings.c
    return bool(connection.scalar(sa.select(r.live).where(r.key == reading)))


def _put_in(connection: sa.Connection, article: int, reading: int, story: str | None) -> None:
    light, published = lights.of_reading(connection, reading)
    vector = terms.vector_of(light)
    text = copy_rules.text_of(light.text)
    credit = copy_rules.credit(light.text)
    connection.execute(
        d.articles.insert().values(
            article=article, reading=reading, id=light.id, day=light.day, published=published,
            publisher=light.publisher, title=story_rules.headline(light.title, light.text),
            words=len(text.words), credit=credit, vector=terms.packed(vector),
            story=story or _former(connection, light.id),
            facts=json.dumps(story_rules.facts_of(light)),
        )
    )  # fmt: skip
    carriers.put(connection, article, text, credit)
    neighbours.put(connection, article, light.day, vector)
    for step in ARTICLE_STEPS:
        step(connection, article, reading)


def _former(connection: sa.Connection, id_: str) -> str | None:
    """Return the story an article was in before the tables were made anew, once."""
    f = d.former.c
    story = connection.scalar(sa.select(f.story).where(f.id == id_))
    if story is not None:
        connection.execute(d.former.delete().where(f.id == id_))
    return story


def _there(connection: sa.Connection, articles: set[int]) -> set[int]:
    a = d.articles.c
    found: set[int] = set()
    for part in d.parts(sorted(articles)):
        found.update(connection.scalars(sa.select(a.article).where(a.article.in_(part))))
    return found


def _stories_of(connection: sa.Connection, articles: set[int]) -> set[str]:
    a = d.articles.c
    found: set[str] = set()
    for part in d.parts(sorted(articles)):
        found.update(filter(None, connection.scalars(
            sa.select(a.story).where(a.article.in_(part)).distinct()
        )))  # fmt: skip
    return found


def _mark(connection: sa.Connection, stories: set[str]) -> None:
    """Note the stories from which what follows must be worked out anew."""
    if stories:
        for part in d.parts(sorted(stories)):
            connection.execute(d.dirty.delete().where(d.dirty.c.story.in_(part)))
        connection.execute(d.dirty.insert(), [{"story": one} for one in sorted(stories)])


def _follow_edits(archive: Archive) -> bool:
    """Group anew the articles that people put together or apart; return whether any were."""
    with d.reading(archive) as connection:
        last, ids = edits.since(connection, int(d.get(connection, "edits") or 0))
    if not ids:
        return False
    with d.writing(archive) as connection:
        a = d.articles.c
        touched: set[int] = set()
        for part in d.parts(sorted(ids)):
            touched.update(connection.scalars(sa.select(a.article).where(a.id.in_(part))))
        _mark(connection, neighbours.regroup(connection, touched, edits.standing(connection)))
        d.put(connection, "edits", str(last))
    return True


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
    i = d.incidents.c
    told = sa.select(i.id).order_by(i.first_day, i.id)
    quarrels = sa.select(d.disputes.c.id).order_by(d.disputes.c.id)
    query = sa.select(s.id, s.title, s.reasons, s.spoke, s.developments)
    query = query.order_by(s.first_day, s.id)
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return
        for row in connection.execute(query).all():
            ids = tuple(connection.scalars(of.where(a.story == row.id)))
            happened = tuple(connection.scalars(told.where(i.story == row.id)))
            disputed = tuple(connection.scalars(quarrels.where(d.disputes.c.story == row.id)))
            turns = (
                Development(title, day, tuple(articles))
                for title, day, articles in json.loads(row.developments)
            )
            yield Story(
                row.id, row.title, ids, happened, tuple(row.reasons), disputed, tuple(row.spoke),
                tuple(turns),
            )  # fmt: skip
