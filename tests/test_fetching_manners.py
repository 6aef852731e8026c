"""robots.txt, pauses and Retry-After, against a scripted clock."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from onrecord.errors import FetchError
from onrecord.intake.fetching import Page
from onrecord.intake.robots import Polite, Web
from tests.misbehaving import answer, serving

A = "https://a.example"
B = "https://b.example"


class Scripted:
    """A clock, a sleeper and a web, all in memory."""

    def __init__(self, robots: bytes | FetchError | str = b"") -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.asked: list[tuple[str, float]] = []
        self.answers: dict[str, FetchError] = {}
        if isinstance(robots, bytes):
            self.robots = robots
        else:
            self.robots = b""
            self.answers[f"{A}/robots.txt"] = (
                robots if isinstance(robots, FetchError) else failed(rule=robots)
            )
        self.polite = Polite(self.fetch, clock=lambda: self.now, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Page:
        self.asked.append((url, self.now))
        if url in self.answers:
            raise self.answers[url]
        body = self.robots if url.endswith("/robots.txt") else b"page"
        return Page(body, url, 200, {}, (url,), "2025-12-04T00:00:00+00:00")

    def get(self, url: str) -> Page:
        return asyncio.run(self.polite.get(url))

    def refused(self, url: str) -> FetchError:
        with pytest.raises(FetchError) as caught:
            self.get(url)
        assert caught.value.url == url
        return caught.value


def failed(
    status: int | None = None, rule: str = "status", retry_after: float | None = None
) -> FetchError:
    return FetchError("no", url="x", rule=rule, status=status, retry_after=retry_after)


def test_a_robots_txt_is_asked_for_once_and_obeyed() -> None:
    web = Scripted(b"User-agent: onrecord\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n")
    assert web.get(f"{A}/news").body == b"page"
    assert web.refused(f"{A}/private/x").rule == "robots"
    assert [url for url, _ in web.asked] == [f"{A}/robots.txt", f"{A}/news"]


def test_a_robots_txt_is_asked_for_again_after_a_day() -> None:
    web = Scripted()
    web.get(f"{A}/1")
    web.now += 86_401
    web.get(f"{A}/2")
    assert [url for url, _ in web.asked].count(f"{A}/robots.txt") == 2


def test_pages_of_one_host_are_paused_those_of_two_are_not() -> None:
    web = Scripted()
    for url in (f"{A}/1", f"{B}/1", f"{A}/2"):
        web.get(url)
    assert web.slept == [2.0]


def test_a_crawl_delay_is_honoured() -> None:
    web = Scripted(b"User-agent: *\nCrawl-delay: 7.5\n")
    web.get(f"{A}/1")
    web.get(f"{A}/2")
    assert web.slept == [7.5]


def test_a_crawl_delay_longer_than_anybody_waits_puts_off() -> None:
    web = Scripted(b"User-agent: *\nCrawl-delay: 86400\n")
    web.get(f"{A}/1")
    error = web.refused(f"{A}/2")
    assert (error.rule, error.retry_after, web.slept) == ("wait", 86_400.0, [])
    web.now += 86_400
    assert web.get(f"{A}/2").body == b"page"


@pytest.mark.parametrize(
    ("status", "said", "wait"), [(429, 120.0, 120.0), (503, None, 300.0), (404, None, 2.0)]
)
def test_a_host_that_asks_for_a_break_gets_it(status: int, said: float | None, wait: float) -> None:
    web = Scripted()
    web.answers[f"{A}/1"] = failed(status, retry_after=said)
    with pytest.raises(FetchError):
        web.get(f"{A}/1")
    if wait > 60:
        assert web.refused(f"{A}/2").retry_after == wait
        web.now += wait
    assert web.get(f"{A}/2").body == b"page"
    assert web.slept == ([wait] if wait <= 60 else [])


@pytest.mark.parametrize("robots", [failed(404), failed(403), "redirects", "loop"])
def test_without_a_robots_txt_everything_is_allowed(robots: FetchError | str) -> None:
    assert Scripted(robots).get(f"{A}/1").body == b"page"


@pytest.mark.parametrize("robots", [failed(500), failed(503), failed(429)])
def test_a_server_that_fails_allows_nothing_for_a_while(robots: FetchError) -> None:
    web = Scripted(robots)
    assert web.refused(f"{A}/1").rule == "robots"
    web.answers.clear()
    web.now += 1_801
    assert web.get(f"{A}/1").body == b"page"


@pytest.mark.parametrize("rule", ["dns", "address", "deadline", "tls", "connection"])
def test_a_host_that_cannot_be_reached_says_why(rule: str) -> None:
    assert Scripted(rule).refused(f"{A}/1").rule == rule


def test_an_address_that_is_none_is_refused_before_anything_is_asked() -> None:
    web = Scripted()
    assert web.refused("file:///etc/passwd").rule == "scheme"
    assert web.asked == []


def test_a_robots_txt_that_is_a_web_page_forbids_nothing() -> None:
    assert Scripted(b"<!DOCTYPE html><p>Hello</p>" * 100).get(f"{A}/1").body == b"page"


def test_without_awaiting_also_where_a_loop_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_HOST_PAUSE", "0")
    with serving() as server, Web(allow=server.allow) as web:
        server.paths["/a"] = answer(b"here")
        assert web.get(server.url("/a")).body == b"here"

        async def notebook() -> bytes:
            return web.get(server.url("/a")).body

        assert asyncio.run(notebook()) == b"here"
        assert server.asked_paths() == ["/robots.txt", "/a", "/a"]
        web.close()
