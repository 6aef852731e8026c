"""Watching feeds into an archive: for weeks, one feed after another, nothing lost.

The state of a feed (what was seen of it, when it is due) is kept in the archive, and
only when all articles of its poll are: whoever kills the watch gets them again.
"""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onrecord.archive import schema as t
from onrecord.archive.adding import OnFailure, ReaderLike, Summary
from onrecord.errors import ArchiveError
from onrecord.intake.watching import FeedState, FetchWith, Poll, Watched, due_in, watch

if TYPE_CHECKING:
    from onrecord.archive.archive import Archive
    from onrecord.intake.fetching import Page

#: Longest sleep, in seconds, so that a clock that is set right is noticed.
_LONGEST_SLEEP = 3_600.0
#: Pause after the archive could not be written, in seconds; twice as long each time.
_FIRST_PAUSE = 60.0


@dataclass(frozen=True)
class Round:
    """What one round over the feeds that were due brought."""

    #: ``new``, ``unchanged``, ``failed`` → feeds.
    polls: Mapping[str, int] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)
    #: Seconds until the next feed is due.
    pause: float = 0.0
    #: Why the archive could not be written; the feeds in question come again.
    fault: str | None = None


class FeedStates:
    """The states of feeds in an archive; what is put counts when ``keep`` is called."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._put: dict[str, FeedState] = {}
        self._known: dict[str, FeedState | None] = {}

    def get(self, url: str) -> FeedState | None:
        """Return the state of a feed, None for one that was never polled."""
        if url in self._put:
            return self._put[url]
        if url not in self._known:
            query = sa.select(t.feeds.c.state).where(t.feeds.c.url == url)
            with self._archive._reading() as connection:
                kept = connection.scalar(query)
            self._known[url] = None if kept is None else _state(kept)
        return self._known[url]

    def put(self, url: str, state: FeedState) -> None:
        """Remember a state until ``keep`` or ``drop``."""
        self._put[url] = state

    def keep(self) -> None:
        """Write what was put into the archive."""
        with self._archive._writing() as connection:
            for url, state in self._put.items():
                connection.execute(t.feeds.delete().where(t.feeds.c.url == url))
                connection.execute(t.feeds.insert().values(url=url, state=json.dumps(state)))
        self._known |= self._put
        self._put.clear()

    def drop(self) -> None:
        """Forget what was put: the articles were not all kept."""
        self._put.clear()


def _state(kept: str) -> FeedState:
    etag, modified, next_at, failures, seen, tries = json.loads(kept)
    return FeedState(etag, modified, next_at, failures, tuple(seen), tries)


def rounds(
    archive: Archive,
    feeds: Sequence[Watched],
    fetch: FetchWith,
    *,
    reader: ReaderLike | Callable[[], ReaderLike] | None = None,
    on_failure: OnFailure | None = None,
    clock: Callable[[], float] = time.time,
    asked_to_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Round]:
    """Poll the feeds that are due and keep their articles, again and again, without end.

    The caller waits ``Round.pause`` seconds between two rounds; ``asked_to_stop`` ends a
    round early.  An archive that is
    locked or full ends no watch: the pause gets longer, and the feed is asked again.
    """
    states = FeedStates(archive)
    faults = 0
    while feeds:
        done = Round()
        for feed in feeds:
            if asked_to_stop():
                break
            if _wait(feed, states, clock) > 0:
                continue
            try:
                done = _polled(archive, feed, states, fetch, reader, on_failure, clock, done)
            except ArchiveError as error:
                states.drop()
                done = replace(done, fault=str(error))
                break
        faults = faults + 1 if done.fault else 0
        pause = min(_wait(feed, states, clock) for feed in feeds)
        if faults:
            pause = _FIRST_PAUSE * 2.0 ** min(faults - 1, 10)
        yield replace(done, pause=min(max(pause, 1.0), _LONGEST_SLEEP))


def _wait(feed: Watched, states: FeedStates, clock: Callable[[], float]) -> float:
    return due_in(feed, states.get(feed.url), clock())


def _polled(
    archive: Archive,
    feed: Watched,
    states: FeedStates,
    fetch: FetchWith,
    reader: ReaderLike | Callable[[], ReaderLike] | None,
    on_failure: OnFailure | None,
    clock: Callable[[], float],
    done: Round,
) -> Round:
    polls: list[Poll] = []
    items = watch([feed], states, fetch, rounds=1, clock=clock, on_poll=polls.append)
    summary = archive.add(items, reader=reader, source=feed.url, on_failure=on_failure)
    states.keep()
    outcomes = Counter(done.polls) + Counter(poll.outcome for poll in polls)
    return replace(done, polls=dict(outcomes), summary=done.summary + summary)


class Stop:
    """SIGINT and SIGTERM end a watch: at once while it waits, else after the article at hand.

    >>> with Stop() as stop:
    ...     with stop.waiting():
    ...         time.sleep(60)  # raises KeyboardInterrupt when a signal comes
    """

    def __init__(self) -> None:
        #: Whether a signal has come.
        self.asked = False
        self._waits = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stop:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        again, self.asked = self.asked, True
        if self._waits or again:
            raise KeyboardInterrupt

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Mark a piece of work that a signal may break off: it writes nothing."""
        self._waits = True
        try:
            if self.asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._waits = False


def keep_watching(
    archive: Archive,
    feeds: Sequence[Watched],
    fetch: FetchWith,
    *,
    reader: ReaderLike | Callable[[], ReaderLike] | None = None,
    most: int | None = None,
    on_round: Callable[[Round], None] = lambda done: None,
    on_failure: OnFailure | None = None,
) -> None:
    """Watch feeds until SIGINT or SIGTERM comes, or ``most`` rounds are done.

    To be called from the main thread, which is where Python hears signals.
    """
    with Stop() as stop:

        def patient(url: str, headers: Mapping[str, str]) -> Page:
            with stop.waiting():
                return fetch(url, headers)

        found = rounds(
            archive, feeds, patient, reader=reader, on_failure=on_failure,
            asked_to_stop=lambda: stop.asked,
        )  # fmt: skip
        try:
            for number, done in enumerate(found, start=1):
                on_round(done)
                if stop.asked or number == most:
                    return
                with stop.waiting():
                    time.sleep(done.pause)
        except KeyboardInterrupt:
            return


def round_line(done: Round, counts: str, now: datetime) -> str:
    """Return a round in words; ``counts`` tells of its articles."""
    polls = ", ".join(f"{name} {number:,}" for name, number in sorted(done.polls.items()))
    minutes, seconds = divmod(round(done.pause), 60)
    parts = [f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", f"feeds: {polls or 'none'}", counts]
    parts += [f"stopped: {done.fault}"] if done.fault else []
    return " · ".join([*parts, f"next in {minutes}:{seconds:02}"])
