"""Watching feeds: polled in turn, asked only for what is new, for weeks."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from onrecord import settings
from onrecord.errors import FetchError, SourceError
from onrecord.intake.addresses import Refused, web_address
from onrecord.intake.articles import Given, Unreadable
from onrecord.intake.decoding import decode
from onrecord.intake.feeds import Entry, Feed, read_feed
from onrecord.intake.listings import read_opml
from onrecord.intake.web import entry_or_page
from onrecord.intake.xml import xml_kind
from onrecord.record import Article

if TYPE_CHECKING:
    from onrecord.intake.fetching import Page

#: No feed is polled more often than this, in seconds.
_SOONEST = 60.0
#: Seconds after which a feed is asked again that its server says is gone for good (410).
_GONE = 30 * 86_400.0
#: Entries remembered of a feed, beyond those that are in it now.
_REMEMBERED = 2_000
#: How often an entry's page is asked for again when it could not be had for the moment.
_MOST_TRIES = 3
#: Longest sleep, in seconds, so that a clock that is set right is noticed.
_LONGEST_SLEEP = 3_600.0
#: Rules of a FetchError that may be otherwise tomorrow.
_PASSING = frozenset({"deadline", "dns", "connection", "cut-short", "wait"})

#: Fetches one address with these headers; raises FetchError (``robots.Web.get``).
FetchWith: TypeAlias = "Callable[[str, Mapping[str, str]], Page]"


class Watched(NamedTuple):
    """A feed to be watched."""

    url: str
    publisher: str | None = None
    #: Seconds between two polls.
    every: float = 1_800.0


class FeedState(NamedTuple):
    """What is remembered of a feed between two polls; strings and numbers only."""

    etag: str | None = None
    modified: str | None = None
    #: When it is to be polled next, seconds since 1970.
    next_at: float = 0.0
    #: Polls in a row that failed.
    failures: int = 0
    #: Keys of the entries that have been handed on.
    seen: tuple[str, ...] = ()
    #: Keys of entries whose page is to be tried again, and how often it has been.
    tries: Mapping[str, int] = {}


class States(Protocol):
    """Where the states of feeds are kept, as in an archive."""

    def get(self, url: str) -> FeedState | None:
        """The state of a feed, None for one never polled."""

    def put(self, url: str, state: FeedState) -> None:
        """Keep a feed's state; called when all articles of a poll have been taken."""


class Poll(NamedTuple):
    """What one poll of one feed brought."""

    url: str
    #: ``new``, ``unchanged`` or ``failed``.
    outcome: str
    #: Articles handed on.
    articles: int
    #: What was wrong, in words.
    why: str | None
    #: When the feed is polled next, seconds since 1970.
    next_at: float


# -- the list ------------------------------------------------------------------------------


def read_watchlist(data: bytes, *, source: str) -> list[Watched]:
    """Read the feeds to be watched from OPML or TOML.

    TOML: ``every = 1800`` (seconds) for all, then a table ``[[feed]]`` for each
    with ``url``, and optionally ``publisher`` and ``every``.  Raises SourceError
    for a list that is damaged, names no feed, or holds a bad address.
    """
    every = float(settings.get("watch_every"))
    if xml_kind(data) == "opml":
        listed, refused = read_opml(data, source=source)
        feeds = [Watched(one.url, one.title, max(every, _SOONEST)) for one in listed]
        if refused:
            raise SourceError(f"{source}: {refused[0]}; correct the list", source=source)
    else:
        feeds = _toml(data, source, every)
    if not feeds:
        raise SourceError(f"{source} names no feed; add [[feed]] with a url", source=source)
    return list({feed.url: feed for feed in feeds}.values())


def _toml(data: bytes, source: str, every: float) -> list[Watched]:
    try:
        table = tomllib.loads(decode(data))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SourceError(
            f"{source} is neither OPML nor TOML ({error}); write  [[feed]]  and, on the next line, "
            'url = "https://…"  for each feed',
            source=source,
        ) from error
    rows = table.get("feed", [])
    if not isinstance(rows, list):
        raise SourceError(f"{source}: write [[feed]], not [feed]", source=source)
    return [_watched(row, table.get("every", every), source) for row in rows]


def _watched(row: Any, every: Any, source: str) -> Watched:
    row = row if isinstance(row, dict) else {}
    url, publisher = row.get("url"), row.get("publisher")
    every = row.get("every", every)
    if isinstance(every, bool) or not isinstance(every, int | float):
        raise SourceError(f"{source}: “every” is {every!r}, not seconds", source=source)
    if not isinstance(url, str) or not isinstance(publisher, str | None):
        raise SourceError(f"{source}: each [[feed]] needs a “url” (a string)", source=source)
    try:
        return Watched(web_address(url).url, publisher, max(float(every), _SOONEST))
    except Refused as error:
        raise SourceError(f"{source}: {url}: {error}; correct the list", source=source) from error


# -- the watch -----------------------------------------------------------------------------


def watch(
    feeds: Sequence[Watched],
    states: States,
    fetch: FetchWith,
    *,
    rounds: int | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Any] = time.sleep,
    on_poll: Callable[[Poll], Any] | None = None,
) -> Iterator[Article | Unreadable]:
    """Poll ``feeds`` whenever they are due and yield the articles of entries that are new.

    An entry that has changed comes again, to be a new version.  A feed that
    fails comes out as Unreadable and is left alone twice as long each time, up to
    ``max_watch_pause``, or as long as its server asks.  A feed's state is kept
    when its articles have been taken, so that a watch that is killed loses
    nothing.  ``rounds`` ends the watch after so many waits; None never does.
    """
    fetcher = _Watch(states, fetch, clock, on_poll)
    done = 0
    while True:
        for feed in feeds:
            if fetcher.wait(feed) <= 0:
                yield from fetcher.poll(feed)
        done += 1
        if not feeds or done == rounds:
            return
        pause = min(map(fetcher.wait, feeds))
        sleep(min(max(pause, 1.0), _LONGEST_SLEEP))


def due_in(feed: Watched, state: FeedState | None, now: float) -> float:
    """Return the seconds until a feed is due, 0 or less when it is.

    A time that no poll can have set (a clock that was wrong has) is past.
    """
    wait = (state or FeedState()).next_at - now
    return wait if wait <= max(_GONE, _longest(feed)) else 0.0


@dataclass
class _Watch:
    states: States
    fetch: FetchWith
    clock: Callable[[], float]
    on_poll: Callable[[Poll], Any] | None

    def wait(self, feed: Watched) -> float:
        """Seconds until the feed is due."""
        return due_in(feed, self.states.get(feed.url), self.clock())

    def poll(self, feed: Watched) -> Iterator[Article | Unreadable]:
        state = self.states.get(feed.url) or FeedState()
        try:
            page = self.fetch(feed.url, _conditions(state))
            found = None if page.status == 304 else read_feed(page.body, source=page.final_url)
        except SourceError as error:
            yield from self._failed(feed, state, error)
            return
        if found is None:
            kept = state._replace(next_at=self.clock() + feed.every, failures=0)
            self._keep(feed, kept, "unchanged", 0, None)
        else:
            yield from self._new(feed, state, found, page)

    def _failed(self, feed: Watched, state: FeedState, error: SourceError) -> Iterator[Unreadable]:
        failures = state.failures + 1
        pause = min(feed.every * 2.0 ** min(failures, 20), _longest(feed))
        code = "bad-feed"
        if isinstance(error, FetchError):
            code = "not-fetched"
            pause = _GONE if error.status == 410 else pause
            pause = min(max(pause, error.retry_after or 0.0), _GONE)
        yield Unreadable(None, str(error), code)
        kept = state._replace(next_at=self.clock() + pause, failures=failures)
        self._keep(feed, kept, "failed", 0, str(error))

    def _new(
        self, feed: Watched, state: FeedState, found: Feed, page: Page
    ) -> Iterator[Article | Unreadable]:
        seen = dict.fromkeys(state.seen)
        tries: dict[str, int] = {}
        count = 0
        for entry in found.entries:
            key = _key(entry)
            if key in seen:
                continue
            article, passing = self._article(entry, found, feed, page)
            yield article
            count += 1
            tried = state.tries.get(key, 0) + 1
            if passing and tried < _MOST_TRIES:
                tries[key] = tried
            else:
                seen[key] = None
        whole = not tries and not found.cut
        now = [key for key in map(_key, found.entries) if key in seen]
        before = [key for key in seen if key not in set(now)][-_REMEMBERED:]
        kept = FeedState(
            page.headers.get("etag") if whole else None,
            page.headers.get("last-modified") if whole else None,
            self.clock() + feed.every,
            0,
            tuple(dict.fromkeys((*before, *now))),
            tries,
        )
        why = "; ".join(found.notes) or None
        self._keep(feed, kept, "new" if count else "unchanged", count, why)

    def _article(
        self, entry: Entry, found: Feed, feed: Watched, page: Page
    ) -> tuple[Article, bool]:
        """Return an entry's article, and whether its page could only not be had for the moment."""
        passing = False

        def fetch(url: str) -> Page:
            nonlocal passing
            try:
                return self.fetch(url, {})
            except FetchError as error:
                passing = error.rule in _PASSING or (error.status or 0) in (429, *range(500, 600))
                raise

        article = entry_or_page(
            entry,
            found,
            fetch,
            given=Given(publisher=feed.publisher),
            fetched=page.fetched,
            today=self._today(),
        )
        return article, passing

    def _today(self) -> date:
        return datetime.fromtimestamp(self.clock(), UTC).date()

    def _keep(
        self, feed: Watched, state: FeedState, outcome: str, count: int, why: str | None
    ) -> None:
        self.states.put(feed.url, state)
        if self.on_poll is not None:
            self.on_poll(Poll(feed.url, outcome, count, why, state.next_at))


def _longest(feed: Watched) -> float:
    return max(feed.every, float(settings.get("max_watch_pause")))


def _conditions(state: FeedState) -> dict[str, str]:
    """What makes a server answer 304 when nothing is new (RFC 9110, 13.1)."""
    named = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
    return {name: value for name, value in named.items() if value}


def _key(entry: Entry) -> str:
    """What tells an entry, as it is now, from all others and from its earlier self."""
    parts = (entry.url, entry.guid, entry.title, entry.text, entry.published, entry.updated)
    words = "\0".join(part or "" for part in parts)
    return sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
