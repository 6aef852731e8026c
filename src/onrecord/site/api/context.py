"""What the site's routers work with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onrecord import settings
from onrecord.analysis import derived as d
from onrecord.archive import schema as t
from onrecord.version import VERSION

if TYPE_CHECKING:
    from starlette.requests import Request

    from onrecord.analysis.tension import Ledger
    from onrecord.archive import Archive
    from onrecord.record import Article, Record
    from onrecord.site.auth import Access


def _shipped(article: Article) -> Record:
    import onrecord

    return onrecord.read(article)


@dataclass(frozen=True)
class Context:
    """The archive, the door, and what the edition is called."""

    archive: Archive
    access: Access
    #: Reads an article; used by one request at a time.
    read: Callable[[Article], Record] = _shipped
    name: str = "onrecord"
    #: Where others reach the site (``https://news.example``); empty where nobody does.
    address: str = ""
    #: Whether the texts of articles are given to whoever may read; else a token is needed.
    full_texts: bool = True
    #: Whether feeds are for everybody who reaches them, as the pages are then.
    public: bool = False
    _reader: threading.Lock = field(default_factory=threading.Lock)
    _joiner: threading.Lock = field(default_factory=threading.Lock)
    _loader: threading.Lock = field(default_factory=threading.Lock)
    _ledgers: list[tuple[str, Ledger]] = field(default_factory=list)

    def base(self, request: Request) -> str:
        """Return the address that links begin with, without a slash at its end."""
        return self.address.rstrip("/") or str(request.base_url).rstrip("/")

    def state(self) -> str:
        """Return what changes whenever anything in the archive, or joined from it, does."""
        with self.archive._reading() as connection:
            return sha256(repr(_state(connection)).encode()).hexdigest()[:20]

    @contextmanager
    def reading_texts(self) -> Iterator[None]:
        """Wait for the reader; TimeoutError when others use it for ``api_read_wait`` seconds."""
        if not self._reader.acquire(timeout=settings.get("api_read_wait")):
            raise TimeoutError("others use the reader")
        try:
            yield
        finally:
            self._reader.release()

    def ledger(self) -> Ledger:
        """Return all incidents as columns (``tension.load``), kept while nothing changes."""
        from onrecord.analysis import tension

        now = self.state()
        with self._loader:
            if self._ledgers and self._ledgers[0][0] == now:
                return self._ledgers[0][1]
            found = tension.load(self.archive)
            self._ledgers[:] = [(now, found)]
        return found

    def join(self) -> None:
        """Bring stories and what follows up to date after a correction."""
        from onrecord.analysis.joining import join

        with self._joiner:
            join(self.archive)


def _state(connection: sa.Connection) -> tuple[Any, ...]:
    forgotten = sa.select(sa.func.count(), sa.func.max(t.forgotten.c.at))
    found: tuple[Any, ...] = (
        VERSION,
        connection.scalar(sa.select(sa.func.max(t.readings.c.key))),
        tuple(connection.execute(forgotten).one()),
        connection.scalar(sa.select(sa.func.max(t.corrections.c.key))),
    )
    if not d.is_there(connection):
        return found
    named = connection.execute(sa.select(d.state.c.name, d.state.c.value).order_by(d.state.c.name))
    return (
        *found,
        tuple(map(tuple, named)),
        connection.scalar(sa.select(sa.func.count()).select_from(d.dirty)),
        connection.scalar(sa.select(sa.func.max(d.story_edits.c.key))),
    )
