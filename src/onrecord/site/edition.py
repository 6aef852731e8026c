"""An archive as of a day: stories, incidents, disputes and statements, ready for pages.

``as_of`` is a day of publication: an edition knows what was published by the end of it.
Of an incident it keeps the reports, figures and words of the articles known by then, and
the status that these give it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from math import pow
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis import progress
from onrecord.analysis.happenings import revived
from onrecord.analysis.rows import Dispute, Incident
from onrecord.archive import schema as t
from onrecord.errors import InputError
from onrecord.site import evidence
from onrecord.site.evidence import Piece, Quote, Text

if TYPE_CHECKING:
    from onrecord.archive import Archive
    from onrecord.site.waiting import Waiting

_T = TypeVar("_T")

#: Days before the edition's that the front page looks back.
WINDOW = 45
#: Stories without a date that the front page takes.
_UNDATED = 12
#: Statuses of what is still to come.
_AHEAD = frozenset({"future", "threatened", "hypothetical"})
#: Articles up to which everything is counted whenever it is asked for.
_SMALL = 10_000
#: A report counts half as much for a story's place on the front page after this many days.
HALF_LIFE = 7.0


class Told(NamedTuple):
    """An incident with the sentence that tells it best."""

    row: Incident
    quote: Quote | None
    piece: Piece | None

    @property
    def id(self) -> str:
        """The incident's id."""
        return self.row.id


class Numbers(NamedTuple):
    """How much an edition holds."""

    articles: int
    originals: int
    publishers: int
    stories: int
    incidents: int
    disputes: int


class StoryView(NamedTuple):
    """A story as an edition knows it."""

    id: str
    title: str
    articles: tuple[Piece, ...]
    reasons: tuple[str, ...]

    @property
    def originals(self) -> tuple[Piece, ...]:
        """The articles that are nobody's copy."""
        return tuple(one for one in self.articles if one.origin is None)

    @property
    def copies(self) -> tuple[Piece, ...]:
        """The articles that carry another one's text."""
        return tuple(one for one in self.articles if one.origin is not None)

    @property
    def publishers(self) -> tuple[str, ...]:
        """The outlets, those with most originals first."""
        count: dict[str, int] = defaultdict(int)
        for one in self.articles:
            count[one.publisher] += 0 if one.origin else 1
        return tuple(sorted(count, key=lambda name: (-count[name], name)))

    @property
    def first_day(self) -> str:
        """The day of the first report."""
        return min((one.day for one in self.articles if one.day), default="")

    @property
    def last_day(self) -> str:
        """The day of the latest report."""
        return max((one.day for one in self.articles), default="")


class Edition:
    """One archive, one day, one transaction."""

    def __init__(self, connection: sa.Connection, as_of: str | None) -> None:
        self.connection = connection
        self.is_joined = d.is_there(connection)
        self.latest = _latest(connection) if self.is_joined else ""
        #: Whether the reader asked for a day of the past.
        self.is_past = as_of is not None and bool(self.latest) and as_of < self.latest
        self.as_of = as_of if self.is_past and as_of else self.latest
        self._texts: dict[str, Text] = {}
        self._pieces: dict[str, Piece] = {}

    # -- articles ---------------------------------------------------------------------

    def pieces(self, ids: Iterable[str]) -> dict[str, Piece]:
        """Return articles by id."""
        missing = set(ids) - self._pieces.keys()
        if missing and self.is_joined:
            self._pieces |= evidence.pieces(self.connection, missing)
        return self._pieces

    def texts(self, ids: Iterable[str]) -> dict[str, Text]:
        """Return texts by article."""
        missing = set(ids) - self._texts.keys()
        if missing:
            self._texts |= evidence.texts(self.connection, missing)
        return self._texts

    def quote(self, article: str, start: int, end: int, room: int = 260) -> Quote | None:
        """Return words in their sentence; None where the article is gone."""
        text = self.texts([article]).get(article)
        return None if text is None else text.quote(article, (start, end), room=room)

    # -- stories ----------------------------------------------------------------------

    def stories(self, *, days: int = WINDOW, most: int = 60) -> list[StoryView]:
        """Return the stories that were reported on lately, the most reported now first."""
        s = d.stories.c
        since = back(self.as_of, days)
        query = sa.select(s.id, s.title, s.reasons).where(s.last_day >= since)
        query = query.where(s.first_day <= self.as_of).order_by(s.last_day.desc(), s.id)
        rows = list(self.connection.execute(query.limit(most)).all())
        if not self.is_past:
            # What bears no date cannot be put in its time, but is not kept back either.
            undated = sa.select(s.id, s.title, s.reasons).where(s.last_day.is_(None))
            rows += self.connection.execute(undated.order_by(s.id).limit(_UNDATED)).all()
        found = self._views(rows)
        return sorted(found, key=lambda one: (-self.weight(one), one.id))

    def story(self, id_: str) -> StoryView | None:
        """Return a story; None for an unknown one, or one that nobody had reported yet."""
        if not self.is_joined:
            return None
        s = d.stories.c
        query = sa.select(s.id, s.title, s.reasons).where(s.id == id_)
        return next(iter(self._views(self.connection.execute(query).all())), None)

    def stories_by_id(self, ids: Iterable[str]) -> dict[str, StoryView]:
        """Return stories by id."""
        s = d.stories.c
        found: dict[str, StoryView] = {}
        for part in d.parts(sorted(set(ids))):
            query = sa.select(s.id, s.title, s.reasons).where(s.id.in_(part))
            views = self._views(self.connection.execute(query).all())
            found |= {one.id: one for one in views}
        return found

    def _views(self, rows: Sequence[Any]) -> list[StoryView]:
        members: dict[str, list[Piece]] = defaultdict(list)
        a = d.articles.c
        for part in d.parts([row.id for row in rows]):
            query = evidence.piece_query().where(a.story.in_(part)).order_by(a.published, a.article)
            for found in self.connection.execute(query):
                one = evidence.piece(found)
                if not self.is_past or (one.day and one.day <= self.as_of):
                    members[one.story].append(one)
                    self._pieces[one.id] = one
        return [
            StoryView(row.id, row.title, tuple(members[row.id]), tuple(row.reasons or ()))
            for row in rows
            if members[row.id]
        ]

    def weight(self, story: StoryView) -> float:
        """Return a story's place on the front page: originals, halved for each week of age."""
        return sum(
            pow(0.5, days_between(one.day, self.as_of) / HALF_LIFE)
            for one in story.originals
            if one.day
        )

    # -- incidents and disputes -------------------------------------------------------

    def incidents(self, stories: Sequence[str]) -> list[Incident]:
        """Return the incidents of stories, as they were known, the earliest first."""
        found = self._rows(Incident, d.incidents, stories)
        known = (self.known(row) for row in found)
        return sorted(filter(None, known), key=lambda row: (row.first_day or "", row.id))

    def telling(self, events: Mapping[str, Set[tuple[str, str]]]) -> list[Incident]:
        """Return the incidents of stories that tell of events: story → (article, event).

        Rows are looked through as they are kept, and made only where they fit.
        """
        table = d.incidents.c
        found: list[Incident] = []
        kept = {
            story: [f"[{_json(one)}, {_json(event)}, " for one, event in pairs]
            for story, pairs in events.items()
        }
        for part in d.parts(sorted(kept)):
            query = sa.select(table.story, table.row).where(table.story.in_(part))
            for story, text in self.connection.execute(query):
                if any(mention in text for mention in kept[story]):
                    found.append(revived(Incident, json.loads(text)))
        return [row for row in map(self.known, found) if row is not None]

    def disputes(self, stories: Sequence[str]) -> list[Dispute]:
        """Return the disputes of stories, as they were known, those that moved last first."""
        found = [self.known_dispute(row) for row in self._rows(Dispute, d.disputes, stories)]
        return sorted(filter(None, found), key=lambda row: (moved(row), row.id), reverse=True)

    def _rows(self, cls: Callable[..., Any], table: sa.Table, stories: Sequence[str]) -> list[Any]:
        found = []
        for part in d.parts(list(stories)):
            query = sa.select(table.c.row).where(table.c.story.in_(part))
            found += [revived(cls, json.loads(row)) for row in self.connection.scalars(query)]
        return found

    def incident(self, id_: str) -> Incident | None:
        """Return an incident; None for an unknown one, or one that nobody had told of yet."""
        return next((self.known(row) for row in self._by_id(Incident, d.incidents, id_)), None)

    def dispute(self, id_: str) -> Dispute | None:
        """Return a dispute; None for an unknown one, or one that had not begun."""
        rows = self._by_id(Dispute, d.disputes, id_)
        return next((self.known_dispute(row) for row in rows), None)

    def _by_id(self, cls: Callable[..., Any], table: sa.Table, id_: str) -> Iterator[Any]:
        if self.is_joined:
            for row in self.connection.scalars(sa.select(table.c.row).where(table.c.id == id_)):
                yield revived(cls, json.loads(row))

    def known(self, row: Incident) -> Incident | None:
        """Return an incident as its reports had it by the edition's day; None where none had."""
        if not self.is_past:
            return row
        reports = tuple(one for one in row.reports if (one.published_day or "9") <= self.as_of)
        if not reports:
            return None
        told = {one.article for one in reports}
        status = progress.settled(reports)
        if (row.first_day or "") > self.as_of and status not in _AHEAD:
            # The day that a later report gives was not known yet.
            day = min(one.published_day or "" for one in reports)
            row = row._replace(first_day=day, last_day=day, day_basis="published")
        return row._replace(
            reports=reports,
            status=status,
            mentions=tuple(one for one in row.mentions if one.article in told),
            figures=tuple(one for one in row.figures if one.article in told),
            origins=len({one.article for one in reports if one.origin}),
            carriers=len(told),
        )

    def known_dispute(self, row: Dispute) -> Dispute | None:
        """Return a dispute as it stood; None where there were not two sides yet."""
        if not self.is_past:
            return row
        sides = tuple(one for one in row.sides if (one.day or "9") <= self.as_of)
        return row._replace(sides=sides) if len(sides) > 1 else None

    def told(self, rows: Sequence[Incident]) -> list[Told]:
        """Return incidents with the sentences that tell them best."""
        self.texts({one.article for row in rows for one in row.mentions})
        self.pieces({one.article for row in rows for one in row.mentions})
        return [self._told(row) for row in rows]

    def _told(self, row: Incident) -> Told:
        firm = {one.article for one in row.reports if one.origin and one.status == row.status}
        torn = {one.article for one in row.reports if one.status != row.status}
        own = {one.article for one in row.reports if one.origin}
        best: tuple[tuple[int, ...], Quote] | None = None
        for mention in row.mentions:
            text = self._texts.get(mention.article)
            piece = self._pieces.get(mention.article)
            if text is None or piece is None:
                continue
            rank = (
                -(mention.article in firm - torn),
                -(mention.article in firm),
                -(mention.article in own),
                text.is_headline(mention.start),
                days_between(row.last_day or "", piece.day),
                mention.start,
            )
            if best is None or rank < best[0]:
                best = (rank, text.quote(mention.article, (mention.start, mention.end)))
        if best is None:
            return Told(row, None, None)
        return Told(row, best[1], self._pieces[best[1].article])

    def is_small(self) -> bool:
        """Whether everything can be counted in a few milliseconds."""
        last = self.connection.scalar(sa.select(sa.func.max(t.articles.c.key)))
        return (last or 0) < _SMALL

    def numbers(self) -> Numbers:
        """Return how much the edition holds."""
        a = d.articles.c
        if not self.is_joined:
            return Numbers(0, 0, 0, 0, 0, 0)
        if self.is_past:
            return self._numbers_then()
        count = sa.func.count
        one = self.connection.scalar
        articles = one(sa.select(count()).select_from(d.articles)) or 0
        copies = one(sa.select(count()).select_from(d.copies)) or 0
        return Numbers(
            articles,
            articles - copies,
            one(sa.select(count(t.versions.c.publisher.distinct()))) or 0,
            one(sa.select(count(a.story.distinct()))) or 0,
            one(sa.select(count()).select_from(d.incidents)) or 0,
            one(sa.select(count()).select_from(d.disputes)) or 0,
        )

    def _numbers_then(self) -> Numbers:
        a = d.articles.c
        count = sa.func.count
        query = sa.select(count(), count(d.copies.c.carrier), count(a.publisher.distinct()))
        query = query.select_from(d.articles.outerjoin(d.copies, d.copies.c.carrier == a.article))
        row = self.connection.execute(query.where(a.day <= self.as_of)).one()
        ids = list(
            self.connection.scalars(sa.select(a.story).where(a.day <= self.as_of).distinct())
        )
        few = ids[:500]
        return Numbers(
            row[0], row[0] - row[1], row[2], len(ids), len(self.incidents(few)),
            len(self.disputes(few)),
        )  # fmt: skip


def _json(text: str) -> str:
    """Return a text as the kept rows have it."""
    return json.dumps(text, ensure_ascii=False)


def moved(row: Dispute) -> str:
    """Return the day of the last word in a dispute."""
    return max((side.day or "" for side in row.sides), default="")


def back(day: str, days: int) -> str:
    """Return the ISO day so many days before another; the day itself where it is none."""
    try:
        return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
    except ValueError:
        return day


def days_between(first: str, last: str) -> int:
    """Return how many days lie between two ISO days, at least 0."""
    try:
        return max(0, (date.fromisoformat(last) - date.fromisoformat(first)).days)
    except ValueError:
        return 0


def _latest(connection: sa.Connection) -> str:
    """Return the day of the latest report that is not of the future."""
    s = d.stories.c
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    query = sa.select(sa.func.max(s.last_day)).where(s.last_day <= tomorrow)
    return connection.scalar(query) or ""


def checked_day(words: str | None) -> str | None:
    """Return the day of ``?as_of=``; InputError for what is no day."""
    if not words:
        return None
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        raise InputError(f"as_of is {words[:40]!r}; write a day as 2026-02-20") from None


@contextmanager
def edition(archive: Archive, as_of: str | None = None) -> Iterator[Edition]:
    """Give an archive as it was known on a day of publication; by default the latest."""
    day = checked_day(as_of)
    with d.reading(archive) as connection:
        yield Edition(connection, day)


def kept(
    archive: Archive, waiting: Waiting, now: Edition, name: str, make: Callable[[Edition], _T]
) -> _T | None:
    """Return what is made from an edition; of a large archive that may be a minute old.

    None while it takes long the first time.
    """
    if now.is_small():
        return make(now)
    day = now.as_of if now.is_past else None

    def work() -> _T:
        with edition(archive, day) as again:
            return make(again)

    return waiting.get((name, day), work)
