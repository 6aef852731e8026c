"""Fetching from the web, safely: every address checked, every cost bounded.

The one resolution of a name is the one that is connected to, and the socket of
each connection is made only for an address that has been checked (so a name
that answers differently the second time changes nothing).  See
docs/decisions/0006-fetching.md.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from onrecord import settings
from onrecord.errors import FetchError
from onrecord.intake.addresses import Address, Refused, is_public, next_address, web_address
from onrecord.intake.unpacking import ACCEPTED, UnpackError, unpacked, unpackers
from onrecord.version import VERSION

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import AbstractResolver, ResolveResult

#: What a server is told of who asks; robots.txt knows us as ``onrecord``.
AGENT = f"onrecord/{VERSION}"
_REDIRECTS = (301, 302, 303, 307, 308)
_KEPT_HEADERS = 100

#: Numeric addresses of a host: what the system's resolver gives, unless another is passed in.
Resolve = Callable[[str, int], Awaitable[list[str]]]
#: Says of a numeric address and port that are not public that they may be asked all the same.
Allow = Callable[[str, int], bool]


class Limits(NamedTuple):
    """What one fetch may cost."""

    #: Bytes of the answer, unpacked; the packed ones may not be more either.
    max_bytes: int
    #: Seconds for all of it: names, redirects, answer.
    seconds: float
    redirects: int

    @classmethod
    def from_settings(cls) -> Limits:
        """The limits that ``onrecord.settings`` gives."""
        return cls(
            settings.get("max_fetch_bytes"),
            settings.get("fetch_seconds"),
            settings.get("fetch_redirects"),
        )


class Page(NamedTuple):
    """An answer from the web."""

    body: bytes
    #: Where the answer came from, after all redirects.
    final_url: str
    status: int
    #: By name in small letters; of a name given twice, the first.
    headers: Mapping[str, str]
    #: Every address asked, in order; the last is ``final_url``.
    hops: tuple[str, ...]
    #: When, ISO 8601, UTC.
    fetched: str


def fetch(
    url: str,
    *,
    limits: Limits | None = None,
    headers: Mapping[str, str] | None = None,
    allow: Allow | None = None,
    resolve: Resolve | None = None,
) -> Page:
    """Fetch one address and return the answer, unpacked: as ``fetch_async``, but waiting for it.

    Not for use inside a running event loop: await ``fetch_async`` there.
    """
    return asyncio.run(
        fetch_async(url, limits=limits, headers=headers, allow=allow, resolve=resolve)
    )


async def fetch_async(
    url: str,
    *,
    limits: Limits | None = None,
    headers: Mapping[str, str] | None = None,
    allow: Allow | None = None,
    resolve: Resolve | None = None,
) -> Page:
    """Fetch one address and return the answer (status 200–299 or 304), unpacked.

    ``allow`` lets single addresses that are not public pass, as a test's own
    server; ``resolve`` stands in for the system's resolver.  Neither proxies nor
    cookies are used.  Raises FetchError for everything else, with the rule that
    was broken; a limit that is passed leaves nothing of the answer.
    """
    limits = limits or Limits.from_settings()
    job = _Job(url, limits, allow or _nothing)
    try:
        async with asyncio.timeout(limits.seconds):
            return await job.run(headers or {}, resolve or _system_resolve)
    except TimeoutError as error:
        raise job.error(f"no full answer within {limits.seconds:g} seconds", "deadline") from error
    except (Refused, UnpackError) as error:
        raise job.error(str(error), error.rule) from error


def _nothing(address: str, port: int) -> bool:
    return False


class _Job:
    """One fetch on its way through its redirects."""

    def __init__(self, url: str, limits: Limits, allow: Allow) -> None:
        self.url = url
        self.limits = limits
        self.allow = allow
        self.hops: list[str] = []

    def error(
        self,
        why: str,
        rule: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> FetchError:
        last = self.hops[-1] if self.hops else self.url
        by_way = f" (redirected to {last})" if len(self.hops) > 1 else ""
        return FetchError(
            f"{self.url}{by_way} is not fetched: {why} [{rule}]",
            url=self.url,
            rule=rule,
            status=status,
            retry_after=retry_after,
        )

    async def run(self, headers: Mapping[str, str], resolve: Resolve) -> Page:
        address = web_address(self.url)
        async with self._session(resolve) as session:
            while True:
                self.hops.append(address.url)
                self._guard_number(address)
                answer = await self._ask(session, address, headers)
                if isinstance(answer, Page):
                    return answer
                if len(self.hops) > self.limits.redirects:
                    raise self.error(f"more than {self.limits.redirects} redirects", "redirects")
                address = next_address(address, answer, self.hops)

    def _guard_number(self, address: Address) -> None:
        """Refuse a host that is itself a number and not public, before any socket is made."""
        number = address.host.replace(".", "").isdigit() or ":" in address.host
        if number:
            self.check(address.host, address.port)

    def check(self, address: str, port: int) -> None:
        """Raise Refused unless the numeric address is public, or allowed by name."""
        if not is_public(address) and not self.allow(address, port):
            raise Refused(f"{address} is no address of the public Internet", "address")

    def _session(self, resolve: Resolve) -> aiohttp.ClientSession:
        import aiohttp

        connector = aiohttp.TCPConnector(
            resolver=_resolver(self, resolve),
            socket_factory=self._socket,
            use_dns_cache=False,
            force_close=True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
        )

    def _socket(self, info: Any) -> socket.socket:
        """The last look: a socket is made for this very address, or not at all."""
        family, kind, protocol, _, to = info
        self.check(to[0], to[1])
        return socket.socket(family, kind, protocol)

    async def _ask(
        self, session: aiohttp.ClientSession, address: Address, headers: Mapping[str, str]
    ) -> Page | str:
        """Ask one address; return its answer, or where it sends us."""
        import aiohttp
        from yarl import URL

        sent = {"User-Agent": AGENT, "Accept-Encoding": ACCEPTED, **headers}
        target = URL(address.url, encoded=True)
        try:
            async with session.get(target, headers=sent, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status in _REDIRECTS and location:
                    return location
                return await self._page(response)
        except aiohttp.ClientError as error:
            raise self._translated(error) from error
        except (OSError, ValueError) as error:
            raise self.error(f"the connection failed ({error})", "connection") from error

    def _translated(self, error: Exception) -> FetchError:
        import aiohttp

        table = (
            (aiohttp.ClientConnectorDNSError, "the name is not known", "dns"),
            (aiohttp.ClientSSLError, "the secure connection failed", "tls"),
            (aiohttp.ClientConnectorError, "no connection", "connection"),
            (aiohttp.ClientPayloadError, "the answer is cut short", "cut-short"),
            (aiohttp.ServerDisconnectedError, "the server hung up", "cut-short"),
        )
        for kind, why, rule in table:
            if isinstance(error, kind):
                return self.error(f"{why} ({error})", rule)
        return self.error(f"the answer is no HTTP ({type(error).__name__})", "protocol")

    async def _page(self, response: aiohttp.ClientResponse) -> Page:
        found = _headers(response)
        if not (200 <= response.status < 300 or response.status == 304):
            raise self.error(
                f"the server answered {response.status}",
                "status",
                status=response.status,
                retry_after=retry_after(found.get("retry-after"), datetime.now(UTC)),
            )
        return Page(
            await self._body(response, found),
            self.hops[-1],
            response.status,
            found,
            tuple(self.hops),
            datetime.now(UTC).isoformat(timespec="seconds"),
        )

    async def _body(self, response: aiohttp.ClientResponse, found: Mapping[str, str]) -> bytes:
        """Read and unpack the body piece by piece, up to the limit."""
        most = self.limits.max_bytes
        if (response.content_length or 0) > most:
            raise self.error(f"it has more than {most:,} bytes", "too-large")
        stages = unpackers(found.get("content-encoding", ""))
        whole, packed = bytearray(), 0
        async for chunk in response.content.iter_chunked(65_536):
            packed += len(chunk)
            for piece in unpacked(chunk, stages):
                whole += piece
                if len(whole) > most:
                    raise self.error(f"it has more than {most:,} bytes", "too-large")
            if packed > most:
                raise self.error(f"it has more than {most:,} bytes", "too-large")
        if not all(stage.done() for stage in stages):
            raise self.error("the packed answer is cut short", "cut-short")
        return bytes(whole)


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in list(response.headers.items())[:_KEPT_HEADERS]:
        lower = name.lower()
        if lower == "content-encoding" and lower in found:
            found[lower] += f", {value}"
        found.setdefault(lower, value)
    return found


def retry_after(value: str | None, now: datetime) -> float | None:
    """Read a ``Retry-After``: seconds, or a date (RFC 9110, 10.2.3); None when it is neither."""
    words = (value or "").strip()
    if words.isascii() and words.isdigit():
        return float(words[:9])
    try:
        moment = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


# -- names ---------------------------------------------------------------------------------


def _resolver(job: _Job, resolve: Resolve) -> AbstractResolver:
    from aiohttp.abc import AbstractResolver

    class Checked(AbstractResolver):
        """Asks once and hands on only addresses that are public."""

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            found = list(dict.fromkeys(await resolve(host, port)))
            if not found:
                raise OSError(f"{host} has no address")
            good = [one for one in found if is_public(one) or job.allow(one, port)]
            if not good:
                job.check(found[0], port)
            return [_resolved(host, one, port) for one in good]

        async def close(self) -> None:
            """Nothing is held."""

    return Checked()


def _resolved(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return {
        "hostname": host,
        "host": address,
        "port": port,
        "family": family,
        "proto": socket.IPPROTO_TCP,
        "flags": flags,
    }


async def _system_resolve(host: str, port: int) -> list[str]:
    """Ask the system in a thread that nobody waits for: a slow resolver cannot hold a deadline."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str], error: OSError | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            outcome: tuple[list[str], OSError | None] = ([str(row[4][0]) for row in rows], None)
        except OSError as error:
            outcome = ([], error)
        except UnicodeError as error:
            outcome = ([], OSError(str(error)))
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=ask, daemon=True, name="onrecord-resolver").start()
    return await answer
