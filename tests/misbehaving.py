"""A web server on 127.0.0.1 for tests, well-behaved or not, as each path says."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

HOST = "127.0.0.1"


class Asked(NamedTuple):
    """A request as the server saw it."""

    path: str
    headers: dict[str, str]


#: What to do with a request: write to the stream, then return; the connection is closed.
Behaviour = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


class Misbehaving:
    """The server: ``paths`` may be changed while it runs; ``asked`` tells what it was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.paths: dict[str, Behaviour] = {}
        self.asked: list[Asked] = []

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def allow(self, address: str, port: int) -> bool:
        """The predicate to pass to a fetch: this server and nothing else."""
        return address == HOST and port == self.port

    async def resolve(self, host: str, port: int) -> list[str]:
        """A resolver that knows this server under every name."""
        return [HOST]

    def asked_paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._behave(await reader.readuntil(b"\r\n\r\n"), writer)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    async def _behave(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        asked = Asked(first.split()[1], headers)
        self.asked.append(asked)
        behave = self.paths.get(asked.path.partition("?")[0], answer(b"none", status=404))
        await behave(asked, writer)


def answer(
    body: bytes,
    *,
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> Behaviour:
    """Answer with ``body``; ``length`` lies about it; ``content_encoding=…`` and so on."""
    named: Mapping[str, str] = {
        "Content-Type": kind,
        "Content-Length": str(len(body) if length is None else length),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{lines}Connection: close\r\n\r\n".encode() + body)

    return behave


def redirect(to: str, status: int = 302) -> Behaviour:
    return answer(b"", status=status, Location=to)


def raw(data: bytes) -> Behaviour:
    """Write these bytes, whatever they are, and hang up."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return behave


def conditional(body: bytes, etag: str, kind: str = "application/rss+xml") -> Behaviour:
    """Answer 304 to who knows the ``etag`` already."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.headers.get("if-none-match") == etag:
            await answer(b"", status=304, ETag=etag)(asked, writer)
        else:
            await answer(body, kind=kind, ETag=etag)(asked, writer)

    return behave


def dribble(piece: bytes, pause: float, times: int = 200) -> Behaviour:
    """Send a head, then ``piece`` again and again, slowly."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(times):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


def silent(seconds: float = 20.0) -> Behaviour:
    """Take the request and say nothing."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)

    return behave


def endless_head(times: int = 5_000) -> Behaviour:
    """Send header lines without end (nearly)."""

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(times):
            writer.write(f"X-{number}: {'y' * 4000}\r\n".encode())
            await writer.drain()

    return behave


@contextmanager
def serving() -> Iterator[Misbehaving]:
    """Run the server in a thread of its own until the block ends."""
    server = Misbehaving()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncio.Server:
        listener = await asyncio.start_server(server.handle, HOST, 0)
        server.port = listener.sockets[0].getsockname()[1]
        return listener

    listener = asyncio.run_coroutine_threadsafe(start(), loop).result(5)

    async def stop() -> None:
        listener.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
