"""Many articles in: what is known is not read again, the rest is, one transaction each.

A run that is killed leaves whole articles only; the next run over the same sources finds
them known and goes on.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from onrecord.archive import writing
from onrecord.errors import ArticleError
from onrecord.intake.metadata import Vote, votes_of
from onrecord.record import Article, Record

if TYPE_CHECKING:
    from onrecord.archive.archive import Archive

#: Warnings of a record that say that the text was not read.
_NOT_READ = ("empty-text", "not-english")


#: Articles kept between two looks whether SQLite should count its tables anew.
_REFRESHED = 500


class ReaderLike(Protocol):
    """What the archive asks of a reader."""

    def read_many(self, articles: Iterator[Article]) -> Iterator[Record]:
        """Yield one record for each article, in order."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is."""

    #: Articles dealt with, read or not.
    done: int
    #: Articles in all; ``None`` where that is not known beforehand.
    total: int | None
    #: Seconds since the work began.
    seconds: float

    @property
    def rate(self) -> float:
        """Articles per second so far."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that are left at this rate; ``None`` where the total is not known."""
        if self.total is None or not self.rate:
            return None
        return max(self.total - self.done, 0) / self.rate


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of the articles; each is counted once."""

    #: New articles, read and kept.
    read: int = 0
    #: Known already, with nothing new.
    unchanged: int = 0
    #: Known articles with another text, read and kept as a new version.
    new_version: int = 0
    #: Why → articles that were not read: ``forgotten``, ``empty-text``, ``not-english``.
    #: Those with a text are kept, with an empty record.
    skipped: Mapping[str, int] = field(default_factory=dict)
    #: Why → articles that failed; nothing of them is kept.
    failed: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Articles dealt with."""
        known = self.read + self.unchanged + self.new_version
        return known + sum(self.skipped.values()) + sum(self.failed.values())

    def __add__(self, other: Summary) -> Summary:
        return Summary(
            self.read + other.read,
            self.unchanged + other.unchanged,
            self.new_version + other.new_version,
            dict(Counter(self.skipped) + Counter(other.skipped)),
            dict(Counter(self.failed) + Counter(other.failed)),
        )


OnProgress = Callable[[Progress], None]
OnFailure = Callable[[str | None, str], None]


class Adding:
    """One run: articles go by, some to the reader, and are counted."""

    def __init__(
        self,
        archive: Archive,
        source: str | None,
        total: int | None,
        on_progress: OnProgress | None,
        on_failure: OnFailure | None,
    ) -> None:
        self._archive = archive
        self._source = source
        self._total = total
        self._on_progress = on_progress
        self._on_failure = on_failure
        self._began = time.monotonic()
        self._kept = 0
        self._counts: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        #: What went to the reader, with what its page said of it.
        self._waiting: deque[tuple[Article, tuple[Vote, ...]]] = deque()

    def run(self, articles: Iterable[Any], reader: Callable[[], ReaderLike]) -> Summary:
        """Deal with every article; the reader is made for the first that must be read."""
        wanted = self._unknown(articles)
        for first in wanted:
            for record in reader().read_many(_after(first, wanted)):
                self._keep(record, *self._waiting.popleft())
        return self.summary()

    def summary(self) -> Summary:
        """Return what became of the articles so far."""
        n = self._counts
        return Summary(
            n[writing.NEW],
            n[writing.UNCHANGED],
            n[writing.NEW_VERSION],
            dict(self._skipped),
            dict(self._failed),
        )

    def _unknown(self, items: Iterable[Any]) -> Iterator[Article]:
        """Yield the articles that must be read, and count the others."""
        for item in items:
            if not isinstance(item, Article):
                self._fail(item.id, item.code, item.why)
                continue
            planned = self._archive._plan(item)
            if planned.outcome in (writing.UNCHANGED, writing.FORGOTTEN):
                self._count(planned.outcome, ())
                continue
            self._waiting.append((planned.article, votes_of(item)))
            yield planned.article

    def _keep(self, record: Record, given: Article, votes: tuple[Vote, ...] = ()) -> None:
        try:
            outcome = self._archive._store(record, given, self._source, votes)
        except ArticleError as error:
            self._fail(error.article_id, "too-many-rows", str(error))
            return
        self._kept += 1
        if self._kept % _REFRESHED == 0:
            self._archive._refresh()
        self._count(outcome, [w.code for w in record.warnings if w.code in _NOT_READ])

    def _count(self, outcome: str, not_read: Iterable[str]) -> None:
        why = next(iter(not_read), None)
        if outcome == writing.FORGOTTEN:
            self._skipped[outcome] += 1
        elif why is not None and outcome != writing.UNCHANGED:
            self._skipped[why] += 1
        else:
            self._counts[outcome] += 1
        self._tell()

    def _fail(self, id_: str | None, code: str, why: str) -> None:
        self._failed[code] += 1
        if self._source is not None:
            self._archive._note(self._source, None, "failed", why)
        if self._on_failure is not None:
            self._on_failure(id_, why)
        self._tell()

    def _tell(self) -> None:
        if self._on_progress is not None:
            seconds = time.monotonic() - self._began
            self._on_progress(Progress(self.summary().total, self._total, seconds))


def _after(first: Article, rest: Iterator[Article]) -> Iterator[Article]:
    yield first
    yield from rest


def length(articles: Iterable[Any]) -> int | None:
    """Return how many articles there are, where that can be told without reading them."""
    return len(articles) if isinstance(articles, Sized) else None
