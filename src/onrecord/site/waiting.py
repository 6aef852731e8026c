"""What takes long and may be a minute old: worked out beside the requests, then kept."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

_T = TypeVar("_T")

#: Seconds for which what was worked out is given without a second look.
FRESH = 60.0
#: Share of the time that working out may take: one in so many seconds.
RARELY = 30
#: Seconds that requests wait for what nobody has worked out yet, from when it is begun.
PATIENCE = 1.0
#: Things kept at once.
_KEPT = 32


class _Kept(NamedTuple):
    value: Any
    error: Exception | None
    at: float
    seconds: float


class Waiting:
    """Keeps what was worked out, by key; one thread at a time works one key out.

    What is older than ``FRESH`` seconds, and than ``RARELY`` times what it took to work out,
    is worked out anew, and given as it was meanwhile.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, patience: float = PATIENCE
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._running: dict[Hashable, tuple[threading.Thread, float]] = {}

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T | None:
        """Return what ``make`` returns, or returned not long ago; None while it takes long."""
        with self._lock:
            known = self._kept.get(key)
            if known is None or self._is_old(known):
                running = self._running.get(key) or self._start(key, make)
            else:
                running = None
        if running is not None and known is None:
            thread, since = running
            thread.join(max(0.0, since + self._patience - self._clock()))
            known = self._kept.get(key)
        if known is None:
            return None
        if known.error is not None:
            raise known.error
        found: _T = known.value
        return found

    def forget(self) -> None:
        """Forget everything: something was corrected."""
        with self._lock:
            self._kept.clear()

    def _is_old(self, known: _Kept) -> bool:
        return self._clock() - known.at > max(FRESH, RARELY * known.seconds)

    def _start(self, key: Hashable, make: Callable[[], Any]) -> tuple[threading.Thread, float]:
        def work() -> None:
            began, value, error = self._clock(), None, None
            try:
                value = make()
            except Exception as found:
                error = found  # raised in the requests that ask for it
            now = self._clock()
            with self._lock:
                self._running.pop(key, None)
                self._kept[key] = _Kept(value, error, now, now - began)
                self._kept.move_to_end(key)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)

        thread = threading.Thread(target=work, name=f"onrecord {key}", daemon=True)
        self._running[key] = running = (thread, self._clock())
        thread.start()
        return running
