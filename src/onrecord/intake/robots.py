"""Good manners on the web: robots.txt, pauses between two fetches from one host.

Rules: RFC 9309 for robots.txt, RFC 9110 (10.2.3) for ``Retry-After``; ``Crawl-delay``
is no standard, but what hosts ask for.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, TypeVar

from onrecord import settings
from onrecord.errors import FetchError
from onrecord.intake.addresses import Address, Refused, web_address
from onrecord.intake.decoding import decode
from onrecord.intake.fetching import Allow, Page, Resolve, fetch_async

T = TypeVar("T")
#: The name by which a robots.txt speaks to us.
NAME = "onrecord"
#: Seconds for which a robots.txt holds (RFC 9309, 2.4: no more than a day).
_HOLDS = 86_400.0
#: Seconds after which a server that failed is asked for its robots.txt again.
_HOLDS_FAILED = 1_800.0
#: RFC 9309, 2.5: a parser takes at least 500 KiB of it; the rest is not looked at.
_MOST_ROBOTS = 512_000
#: Hosts remembered; the oldest is forgotten first.
_MOST_HOSTS = 10_000
#: Seconds to leave a host alone that answers 429 or 503 and does not say for how long.
_LEFT_ALONE = 300.0

#: Fetches one address with these headers, as ``fetching.fetch_async`` does.
Get = Callable[[str, Mapping[str, str]], Awaitable[Page]]


class Rules(Protocol):
    """What a robots.txt allows, as protego reads it."""

    def can_fetch(self, url: str, user_agent: str) -> bool:
        """Say whether ``user_agent`` may fetch ``url``."""

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds asked for between two fetches."""


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: When the next fetch may start, by the clock passed in.
    free_at: float = 0.0
    rules: Rules | None = None
    rules_until: float = float("-inf")


class Polite:
    """Fetches as robots.txt allows, from each host one page at a time, with pauses."""

    def __init__(
        self,
        get: Get,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        """``get`` does the fetching; ``clock`` and ``sleep`` count seconds."""
        self._get = get
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch ``url`` when it is its host's turn.

        Raises FetchError as the fetch does, and with rule ``robots`` for what a
        robots.txt forbids, ``wait`` (and ``.retry_after``) where the turn would
        come later than ``ONRECORD_MAX_HOST_WAIT`` seconds from now.
        """
        try:
            address = web_address(url)
        except Refused as error:
            message = f"{url} is not fetched: {error} [{error.rule}]"
            raise FetchError(message, url=url, rule=error.rule) from error
        host = self._host(address)
        async with host.lock:
            rules = await self._rules(host, address)
            if not rules.can_fetch(address.url, NAME):
                message = f"{url} is not fetched: the host's robots.txt forbids it [robots]"
                raise FetchError(message, url=url, rule="robots")
            pause = max(settings.get("host_pause"), rules.crawl_delay(NAME) or 0)
            return await self._take_turn(host, address.url, headers or {}, pause)

    def _host(self, address: Address) -> _Host:
        origin = _origin(address)
        host = self._hosts.pop(origin, None) or _Host()
        while len(self._hosts) >= _MOST_HOSTS:
            del self._hosts[next(iter(self._hosts))]
        self._hosts[origin] = host
        return host

    async def _take_turn(
        self, host: _Host, url: str, headers: Mapping[str, str], pause: float
    ) -> Page:
        wait = host.free_at - self._clock()
        most = settings.get("max_host_wait")
        if wait > most:
            raise FetchError(
                f"{url} is not fetched: its host is to be left alone for {wait:.0f} seconds, "
                "longer than ONRECORD_MAX_HOST_WAIT; try again later [wait]",
                url=url,
                rule="wait",
                retry_after=wait,
            )
        if wait > 0:
            await self._sleep(wait)
        try:
            page = await self._get(url, headers)
        except FetchError as error:
            if error.status in (429, 503):
                pause = max(pause, error.retry_after or _LEFT_ALONE)
            raise
        finally:
            host.free_at = self._clock() + pause
        return page

    async def _rules(self, host: _Host, address: Address) -> Rules:
        if host.rules is None or self._clock() >= host.rules_until:
            body, holds = await self._robots(_origin(address) + "/robots.txt", address.url)
            host.rules = _parsed(body)
            host.rules_until = self._clock() + holds
        return host.rules

    async def _robots(self, url: str, wanted: str) -> tuple[bytes, float]:
        """Return the robots.txt of a host, or what stands for it, and how long it holds."""
        try:
            return (await self._get(url, {})).body, _HOLDS
        except FetchError as error:
            if error.rule in ("redirects", "loop"):
                return b"", _HOLDS
            if error.rule == "address":
                # That of the page itself: its host is not of the public Internet.
                message = str(error).replace(url, wanted, 1)
                raise FetchError(message, url=wanted, rule=error.rule) from error
            if error.status is None:
                message = f"{wanted} is not fetched: nor is its host's robots.txt ({error})"
                raise FetchError(message, url=wanted, rule=error.rule) from error
            if error.status >= 500 or error.status == 429:
                return b"User-agent: *\nDisallow: /", _HOLDS_FAILED
            return b"", _HOLDS


def _origin(address: Address) -> str:
    return "/".join(address.url.split("/", 3)[:3])


def _parsed(body: bytes) -> Rules:
    from protego import Protego

    rules: Rules = Protego.parse(decode(body[:_MOST_ROBOTS]))
    return rules


class Web:
    """``Polite`` for callers that do not await; close it, or use it in a ``with``.

    The fetching runs in an event loop and a thread of its own, so that it works
    where a loop is running already, as in a notebook.
    """

    def __init__(self, *, allow: Allow | None = None, resolve: Resolve | None = None) -> None:
        """``allow`` and ``resolve`` as for ``fetching.fetch``."""

        async def get(url: str, headers: Mapping[str, str]) -> Page:
            return await fetch_async(url, headers=headers, allow=allow, resolve=resolve)

        self.polite = Polite(get)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, daemon=True, name="onrecord-web"
        )
        self._thread.start()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch ``url`` when it is its host's turn; raises FetchError."""
        return self.run(self.polite.get(url, headers))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a coroutine that uses ``polite``."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """End the event loop and its thread; what is still being fetched is given up."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(_give_up(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


async def _give_up() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
