"""Watching feeds for weeks, against a scripted clock and a scripted web."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice

import pytest

from onrecord.errors import FetchError, SourceError
from onrecord.intake import Unreadable
from onrecord.intake.fetching import Page
from onrecord.intake.robots import Web
from onrecord.intake.watching import FeedState, Poll, Watched, read_watchlist, watch
from onrecord.record import Article
from tests.misbehaving import conditional, serving

FEED = "https://news.example/feed"
WORDS = "The council said on Monday that it would rebuild the bridge over the river. " * 20
START = 1_764_806_400.0  # 4 December 2025
DAY = 86_400.0


def rss(*titles: str, text: str = WORDS) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://news.example/{number}</link>"
        f"<description>{text}</description></item>"
        for number, title in enumerate(titles)
    )
    return f"<rss><channel><title>Example</title>{items}</channel></rss>".encode()


class States:
    """States in memory, as JSON would keep them."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, url: str) -> FeedState | None:
        if url not in self.kept:
            return None
        etag, modified, next_at, failures, seen, tries = json.loads(self.kept[url])
        return FeedState(etag, modified, next_at, failures, tuple(seen), tries)

    def put(self, url: str, state: FeedState) -> None:
        self.kept[url] = json.dumps(state)


class World:
    """A clock, a sleeper and a web."""

    def __init__(self) -> None:
        self.now = START
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.bodies: dict[str, bytes | FetchError | Callable[[], bytes]] = {}
        self.headers: dict[str, str] = {}
        self.states = States()
        self.polls: list[Poll] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def fetch(self, url: str, headers: Mapping[str, str]) -> Page:
        self.asked.append((self.now - START, url, dict(headers)))
        body = self.bodies.get(url, failed(404))
        if isinstance(body, FetchError):
            raise body
        body = body() if callable(body) else body
        etag = self.headers.get("etag")
        status = 304 if etag and headers.get("If-None-Match") == etag else 200
        return Page(body, url, status, self.headers, (url,), "2025-12-04T00:00:00+00:00")

    def watch(self, *feeds: Watched, rounds: int | None = None) -> Iterator[Article | Unreadable]:
        return watch(
            feeds or (Watched(FEED),),
            self.states,
            self.fetch,
            rounds=rounds,
            clock=lambda: self.now,
            sleep=self.sleep,
            on_poll=self.polls.append,
        )

    def titles(self, rounds: int) -> list[str | None]:
        found = self.watch(rounds=rounds)
        return [item.title for item in found if isinstance(item, Article)]

    def times(self, url: str = FEED) -> list[float]:
        return [at for at, asked, _ in self.asked if asked == url]


def failed(
    status: int | None = None, rule: str = "status", after: float | None = None
) -> FetchError:
    return FetchError("no", url=FEED, rule=rule, status=status, retry_after=after)


@pytest.fixture
def world() -> World:
    return World()


def test_each_entry_comes_once_and_again_when_it_has_changed(world: World) -> None:
    world.bodies[FEED] = rss("One", "Two")
    assert world.titles(2) == ["One", "Two"]
    world.bodies[FEED] = rss("One", "Two, corrected", "Three")
    world.now += 1_800
    assert world.titles(2) == ["Two, corrected", "Three"]
    assert [poll.outcome for poll in world.polls] == ["new", "unchanged", "new", "unchanged"]


def test_a_server_is_asked_only_for_what_is_new(world: World) -> None:
    world.bodies[FEED] = rss("One")
    world.headers = {"etag": '"1"', "last-modified": "Thu, 04 Dec 2025 00:00:00 GMT"}
    assert world.titles(3) == ["One"]
    first, second, _ = (headers for _, _, headers in world.asked)
    assert first == {}
    assert second == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "Thu, 04 Dec 2025 00:00:00 GMT",
    }
    assert world.times() == [0.0, 1_800.0, 3_600.0]


def test_a_feed_that_fails_is_left_alone_longer_and_longer(world: World) -> None:
    world.bodies[FEED] = failed(rule="deadline")
    found = list(islice(world.watch(), 8))
    assert all(isinstance(item, Unreadable) and item.code == "not-fetched" for item in found)
    gaps = [b - a for a, b in zip(world.times(), world.times()[1:])]
    assert gaps == [3_600.0, 7_200.0, 14_400.0, 28_800.0, 57_600.0, DAY, DAY]
    world.bodies[FEED] = rss("One")
    world.now += DAY
    assert world.titles(1) == ["One"]
    state = world.states.get(FEED)
    assert state is not None
    assert (state.failures, state.next_at) == (0, world.now + 1_800)


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (failed(429, after=10_000.0), 10_000.0),
        (failed(503, after=5.0), 3_600.0),
        (failed(410), 30 * DAY),
        (failed(rule="wait", after=7_000.0), 7_000.0),
        (failed(503, after=1e12), 30 * DAY),
    ],
)
def test_a_server_is_left_alone_as_long_as_it_asks(
    world: World, error: FetchError, pause: float
) -> None:
    world.bodies[FEED] = error
    list(world.watch(rounds=1))
    assert world.polls[-1].next_at - world.now == pause
    assert world.polls[-1].outcome == "failed"


def test_what_is_no_feed_is_a_failure_and_keeps_what_was_known(world: World) -> None:
    world.bodies[FEED] = rss("One")
    world.titles(1)
    world.now += 1_800
    world.bodies[FEED] = b"<!DOCTYPE html><html><p>Maintenance</p></html>"
    (item,) = world.watch(rounds=1)
    assert isinstance(item, Unreadable)
    assert item.code == "bad-feed"
    world.now += 3_600
    world.bodies[FEED] = rss("One", "Two")
    assert world.titles(1) == ["Two"]


def test_a_watch_that_is_killed_hands_the_same_articles_on_again(world: World) -> None:
    world.bodies[FEED] = rss("One", "Two", "Three")
    killed = world.watch()
    next(killed)
    next(killed)
    killed.close()
    assert world.titles(1) == ["One", "Two", "Three"]


def test_a_cut_feed_is_asked_for_again_in_full(world: World) -> None:
    world.headers = {"etag": '"1"'}
    world.bodies[FEED] = rss("One", "Two")[:-40]
    found = world.titles(1)
    assert found[0] == "One"
    world.now += 1_800
    world.bodies[FEED] = rss("One", "Two")
    world.titles(1)
    assert [headers for _, url, headers in world.asked if url == FEED] == [{}, {}]


def test_a_page_that_cannot_be_had_for_the_moment_is_tried_again(world: World) -> None:
    page = "https://news.example/0"
    world.headers = {"etag": '"1"'}
    world.bodies[FEED] = rss("One", text="A summary …")
    world.bodies[page] = failed(503)
    for _ in range(5):
        list(world.watch(rounds=1))
        world.now += 1_800
    assert len(world.times(page)) == 3
    world.bodies[FEED] = rss("Other", text="A summary …")
    world.headers = {"etag": '"2"'}
    world.bodies[page] = failed(404)
    for _ in range(3):
        list(world.watch(rounds=1))
        world.now += 1_800
    assert len(world.times(page)) == 4


def test_a_clock_that_was_set_wrong_does_not_stop_a_feed(world: World) -> None:
    world.bodies[FEED] = rss("One")
    world.now += 4_000 * DAY
    world.titles(1)
    world.now = START
    world.bodies[FEED] = rss("One", "Two")
    assert world.titles(1) == ["Two"]


def test_three_weeks(world: World) -> None:
    """A feed with a new entry every six hours, one that is down for two days, one always down."""
    other, down = "https://other.example/feed", "https://down.example/feed"

    def published() -> list[str]:
        return [f"Entry {number}" for number in range(int((world.now - START) // 21_600) + 1)]

    def now() -> bytes:
        return b"".join(
            [
                b"<rss><channel>",
                *(
                    f"<item><title>{title}</title><description>{WORDS}</description></item>".encode()
                    for title in published()[-10:]
                ),
                b"</channel></rss>",
            ]
        )

    def sometimes() -> bytes:
        if 5 * DAY < world.now - START < 7 * DAY:
            raise failed(rule="connection")
        return now()

    world.bodies = {FEED: now, other: sometimes, down: failed(rule="dns")}
    feeds = (Watched(FEED, "A", 14_400.0), Watched(other, "B", 28_800.0), Watched(down))
    got: dict[str | None, list[str | None]] = {"A": [], "B": []}
    for item in world.watch(*feeds):
        if isinstance(item, Article):
            got[item.publisher].append(item.title)
        if world.now > START + 21 * DAY:
            break
    assert got["A"] == published()[: len(got["A"])]
    assert len(got["A"]) >= 84
    assert got["B"] == published()[: len(got["B"])]
    assert len(world.times(FEED)) == pytest.approx(21 * 6, abs=8)
    assert len(world.times(down)) < 30
    assert len(world.times(other)) < 21 * 3 + 2
    assert len(world.states.kept[FEED]) < 5_000


def test_with_a_real_server_a_feed_that_stays_is_answered_in_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONRECORD_HOST_PAUSE", "0")
    world = World()
    with serving() as server, Web(allow=server.allow) as web:
        server.paths["/feed"] = conditional(rss("One"), '"1"')
        found = list(
            watch(
                [Watched(server.url("/feed"))],
                world.states,
                web.get,
                rounds=2,
                clock=lambda: world.now,
                sleep=world.sleep,
                on_poll=world.polls.append,
            )
        )
    assert len(found) == 1
    assert [poll.outcome for poll in world.polls] == ["new", "unchanged"]
    assert server.asked[-1].headers["if-none-match"] == '"1"'


# -- the list ------------------------------------------------------------------------------

TOML = b"""
every = 900
[[feed]]
url = "https://A.example/rss"
publisher = "Paper A"
[[feed]]
url = "https://b.example/rss"
every = 5
[[feed]]
url = "https://a.example/rss"
publisher = "Paper A, again"
"""


def test_a_list_in_toml() -> None:
    assert read_watchlist(TOML, source="feeds.toml") == [
        Watched("https://a.example/rss", "Paper A, again", 900.0),
        Watched("https://b.example/rss", None, 60.0),
    ]


def test_a_list_in_opml() -> None:
    data = b"<opml><body><outline text='A' xmlUrl='https://a.example/rss'/></body></opml>"
    assert read_watchlist(data, source="x") == [Watched("https://a.example/rss", "A", 1_800.0)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"every = 5",
        b"not toml",
        b"[feed]\nurl = 'https://a.example/'",
        b"[[feed]]\npublisher = 'A'",
        b"[[feed]]\nurl = 'file:///etc/passwd'",
        b"[[feed]]\nurl = 'https://a.example/'\nevery = 'often'",
        b"[[feed]]\nurl = 'https://a.example/'\nevery = true",
        b"feed = [1]",
        b"<opml><body><outline xmlUrl='gopher://a.example/'/></body></opml>",
        b"<opml><body></body></opml>",
        b"a = " + b"[" * 100_000,
    ],
)
def test_a_list_that_is_none(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read_watchlist(data, source="feeds.toml")
    assert caught.value.source == "feeds.toml"


def test_no_feeds_no_watch(world: World) -> None:
    with suppress(StopIteration):
        assert next(watch([], world.states, world.fetch))
