"""What one request may cost: its body's size, and how many come in a minute."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from onrecord import settings

if TYPE_CHECKING:
    from starlette.types import Message, Receive

#: Clients that are remembered; the one not seen for longest is forgotten first.
_REMEMBERED = 10_000


class TooLarge(Exception):
    """A request's body has more bytes than ``max_request_bytes``."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the body has more than {most:,} bytes; send less")


class Buckets:
    """A token bucket for each client: it holds a minute's worth and fills evenly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: Client → what is left, and when that was so.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, per_minute: int) -> float | None:
        """Take one; None when there was one, else the seconds until there is.

        ``per_minute`` 0 means that nothing is counted.
        """
        if per_minute <= 0:
            return None
        with self._lock:
            left = self._filled(client, per_minute)
            self._keep(client, left - 1 if left >= 1 else left)
            return None if left >= 1 else (1 - left) * 60 / per_minute

    def empty(self, client: str, per_minute: int) -> float | None:
        """As ``take``, but nothing is taken."""
        if per_minute <= 0:
            return None
        with self._lock:
            left = self._filled(client, per_minute)
            return None if left >= 1 else (1 - left) * 60 / per_minute

    def _filled(self, client: str, per_minute: int) -> float:
        left, then = self._left.get(client, (float(per_minute), self._clock()))
        return min(per_minute, left + (self._clock() - then) * per_minute / 60)

    def _keep(self, client: str, left: float) -> None:
        self._left[client] = (left, self._clock())
        self._left.move_to_end(client)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)


def network(address: str | None) -> str:
    """Return what a client is known by: its IPv4 address, or the /64 of its IPv6 one."""
    try:
        number = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "unknown"
    if number.version == 4:
        return str(number)
    return str(ip_network(f"{number}/64", strict=False).network_address)


def bounded(receive: Receive, declared: str | None) -> Receive:
    """Return ``receive`` that raises TooLarge when a body passes ``max_request_bytes``.

    ``declared``: the Content-Length, by which a body is refused before it comes.
    """
    most = settings.get("max_request_bytes")
    if declared is not None and declared.isdigit() and int(declared[:18]) > most:
        raise TooLarge(most)
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge(most)
        return message

    return counted
