"""The archive: the one class that everything else uses to keep and find records."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onrecord import settings
from onrecord.archive import (
    ballots,
    copying,
    correcting,
    frames,
    interchange,
    migrations,
    moments,
    reading_back,
    selecting,
    textsearch,
    writing,
)
from onrecord.archive import (
    engine as engines,
)
from onrecord.archive import schema as t
from onrecord.archive.adding import (
    Adding,
    OnFailure,
    OnProgress,
    Progress,
    ReaderLike,
    Summary,
    length,
)
from onrecord.errors import ArchiveError, ArticleError, BusyArchiveError, SettingError
from onrecord.intake.metadata import Vote
from onrecord.record import Article, Record

if TYPE_CHECKING:
    import pyarrow as pa

    from onrecord.archive.search import Results


class Archive:
    """Articles, their versions and records, in a SQLite file or a PostgreSQL database.

    >>> with Archive.open("news.db") as archive:
    ...     archive.add(articles)
    ...     archive.record("a-1")
    """

    def __init__(self, engine: sa.Engine, where: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self._where = where
        self._clock = clock

    @classmethod
    def open(
        cls, archive: str | Path | None = None, *, clock: Callable[[], datetime] = moments.now
    ) -> Archive:
        """Open an archive, or make an empty one; bring its tables up to date.

        ``archive``: a path or a PostgreSQL URL; by default ONRECORD_ARCHIVE, else
        ``onrecord.db``.  ``clock`` gives the time at which things become known here.
        Raises ForeignArchiveError when something else is there, NewerArchiveError when a
        newer onrecord wrote it, BusyArchiveError when others keep it locked, ArchiveError
        when it cannot be reached or written, SettingError for a URL that is none.
        """
        where = engines.place(archive)
        engine = engines.connect(where)
        try:
            with engines.translated(where):
                migrations.migrate(engine, where, moments.utc(clock()))
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, where, clock)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def where(self) -> str:
        """The path or URL, without a password."""
        return engines.shown(self._where)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with engines.translated(self._where), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with engines.translated(self._where), self._writer.begin() as connection:
            yield connection

    def _now(self) -> str:
        return moments.utc(self._clock())

    # -- in ---------------------------------------------------------------------------

    def add(
        self,
        articles: Iterable[Any],
        *,
        reader: ReaderLike | Callable[[], ReaderLike] | None = None,
        source: str | None = None,
        total: int | None = None,
        on_progress: OnProgress | None = None,
        on_failure: OnFailure | None = None,
    ) -> Summary:
        """Read the articles that are new or have another text, and keep their records.

        ``articles``: Articles, and intake.Unreadable for those that could not be had.
        ``reader``: a Reader, or what makes one when it is first needed; by default the
        shipped one.  ``source``: where they come from, to be noted.  Adding the same
        articles again changes nothing.  Each article is written in a transaction of its
        own; after a kill, the next run goes on.
        """
        adding = Adding(
            self, source, length(articles) if total is None else total, on_progress, on_failure
        )
        done = adding.run(articles, _maker(reader))
        self._refresh()
        return done

    def _plan(self, article: Article) -> writing.Plan:
        with self._reading() as connection:
            return writing.plan(connection, article)

    def _store(
        self, record: Record, given: Article, source: str | None, votes: Sequence[Vote] = ()
    ) -> str:
        with self._writing() as connection:
            now = self._now()
            outcome = writing.store(connection, record, given, now, votes)
            if source is not None and outcome != writing.UNCHANGED:
                writing.note_fetch(connection, source, given.id, outcome, "", now)
            return outcome

    def _note(self, source: str, id_: str | None, outcome: str, detail: str) -> None:
        with self._writing() as connection:
            writing.note_fetch(connection, source, id_, outcome, detail, self._now())

    def add_records(self, records: Iterable[Record]) -> Summary:
        """Keep records that were read elsewhere, under the same rules as ``add``."""
        adding = Adding(self, None, length(records), None, None)
        for record in records:
            adding._keep(record, writing.identified(record.article))
        self._refresh()
        return adding.summary()

    def _refresh(self) -> None:
        """Let SQLite count its tables anew when they have doubled: it chooses by that.

        Who finds the archive locked leaves it to the next.
        """
        if self._engine.dialect.name == "sqlite":
            with suppress(BusyArchiveError):
                with self._reading() as connection:
                    grown = engines.has_doubled(connection)
                if grown:
                    with self._writing() as connection:
                        engines.count_anew(connection)

    def forget(self, article_id: str) -> None:
        """Delete an article with all that was read from it, and do not take it in again.

        Raises ArticleError when it is unknown.  ``remember`` lets it come back.
        """
        with self._writing() as connection:
            if not writing.forget(connection, article_id, self._now()):
                raise _unknown(article_id)
        if self._engine.dialect.name == "sqlite":
            # The log of changes still holds the words.
            with engines.translated(self._where), self._engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                assert raw is not None
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def remember(self, article_id: str) -> None:
        """Let a forgotten article come back when it is added again; ArticleError if it was not."""
        with self._writing() as connection:
            if not writing.remember(connection, article_id):
                raise ArticleError(f"{article_id!r} was not forgotten", article_id=article_id)

    def reread(
        self,
        *,
        reader: ReaderLike | Callable[[], ReaderLike] | None = None,
        ids: Iterable[str] | None = None,
        on_progress: OnProgress | None = None,
    ) -> int:
        """Read articles again, all or those with ``ids``; return how many were.

        The new reading takes the place of the machine's, people's corrections are put on
        it, and what was known before stays to be asked for with ``as_of``.
        """
        wanted = list(self.ids() if ids is None else ids)
        began, done = time.monotonic(), 0
        given: deque[tuple[int, Article]] = deque()
        for record in _maker(reader)().read_many(self._given(wanted, given)):
            version, article = given.popleft()
            with self._writing() as connection:
                done += correcting.reread(
                    connection, record, article.id or "", version, self._now()
                )
            if on_progress is not None:
                on_progress(Progress(done, len(wanted), time.monotonic() - began))
        return done

    def _given(self, ids: Iterable[str], given: deque[tuple[int, Article]]) -> Iterator[Article]:
        for id_ in ids:
            with self._reading() as connection:
                reading = reading_back.reading_of(connection, id_)
                if reading is None:
                    raise _unknown(id_)
                article = reading_back.given_article(connection, reading["version"])
            given.append((reading["version"], article))
            yield article

    # -- people -----------------------------------------------------------------------

    def correct(
        self,
        article_id: str,
        row: str,
        action: str,
        *,
        by: str,
        field: str | None = None,
        value: Any = None,
        note: str | None = None,
    ) -> int:
        """Correct a row of an article's record (``v3``, ``s1``, …); return the number to undo it.

        ``action``: ``accept``, ``reject``, ``edit`` (``field``, and ``value`` as in the
        record's JSON), ``split`` (``value``: numbers of the event's mentions that become an
        event of their own), ``merge`` (``value``: id of the row that goes into this one).
        Raises InputError when the record would break its own rules.
        """
        with self._writing() as connection:
            return correcting.correct(
                connection, article_id, action, row, field, value, by, note, self._now()
            )

    def undo(self, correction: int, *, by: str, note: str | None = None) -> None:
        """Take a correction back; the entry stays, with another that says so."""
        with self._writing() as connection:
            correcting.undo(connection, correction, by, note, self._now())

    def corrections(self) -> list[dict[str, Any]]:
        """Return all corrections, with the article's text: rows to learn from."""
        with self._reading() as connection:
            return list(correcting.rows(connection))

    def votes(self, article_id: str | None = None) -> list[dict[str, Any]]:
        """Return what places of pages said of titles, dates and so on, and what was taken."""
        with self._reading() as connection:
            return list(ballots.rows(connection, article_id))

    # -- copies -----------------------------------------------------------------------

    def copy_to(self, other: Archive) -> None:
        """Copy everything into an empty archive; ArchiveError when it is not empty."""
        with self._reading() as source, other._writing() as target:
            copying.copy(source, target, other.where)
        other._refresh()

    def backup(self, path: str | Path) -> None:
        """Copy everything into a new file, a SQLite archive; it appears when it is complete.

        Raises ArchiveError when something is there already.
        """
        path = Path(path)
        if path.exists():
            raise ArchiveError(
                f"{path} is there already; give a new name, nothing was changed", archive=str(path)
            )
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with Archive.open(part, clock=self._clock) as copy:
                self.copy_to(copy)
            part.rename(path)
        finally:
            for rest in (part, *(Path(f"{part}-{end}") for end in ("wal", "shm"))):
                rest.unlink(missing_ok=True)

    # -- out --------------------------------------------------------------------------

    def record(self, article_id: str, *, as_of: str | None = None) -> Record:
        """Return the record of an article, with people's corrections.

        ``as_of``: as it was known here at the end of that day or at that moment.  Raises
        ArticleError when the archive has, or had, no such article.
        """
        moment = None if as_of is None else moments.end_of(as_of)
        with self._reading() as connection:
            reading = reading_back.reading_of(connection, article_id, moment)
            if reading is None:
                raise _unknown(article_id, as_of)
            return reading_back.record_of(connection, reading)

    def ids(self, *, as_of: str | None = None) -> list[str]:
        """Return the ids of all articles, in the order in which they came."""
        moment = None if as_of is None else moments.end_of(as_of)
        query = (
            sa.select(t.articles.c.id)
            .join(t.versions, t.versions.c.article == t.articles.c.key)
            .join(t.readings, t.readings.c.version == t.versions.c.key)
            .where(reading_back.counts(moment))
            .order_by(t.articles.c.key)
        )
        with self._reading() as connection:
            return list(connection.scalars(query))

    def rows(
        self, kind: str, *, as_of: str | None = None, limit: int | None = None, **filters: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of a kind (``events``, ``statements``, …) that filters let through.

        Filters are those of docs/archive.md; SettingError for another.
        """
        moment = None if as_of is None else moments.end_of(as_of)
        with self._reading() as connection:
            yield from selecting.rows(connection, kind, filters, as_of=moment, limit=limit)

    def table(
        self, kind: str, *, as_of: str | None = None, limit: int | None = None, **filters: Any
    ) -> pa.Table:
        """Return the rows of a kind as an Arrow table (``.to_pandas()``, ``polars.from_arrow``)."""
        rows = self.rows(kind, as_of=as_of, limit=limit, **filters)
        return frames.table(rows, selecting.columns(kind))

    def exported(
        self, kind: str, *, as_of: str | None = None, **filters: Any
    ) -> tuple[Iterator[dict[str, Any]], dict[str, str]]:
        """Return a kind's rows and its columns with their types.

        Also of ``corrections`` and ``votes``, and events in the columns of ``gdelt`` and
        ``polecat``.
        """
        if kind in _WHOLE:
            _refuse(kind, {**filters, "as_of": as_of})
            return iter(getattr(self, kind)()), dict(_WHOLE[kind])
        if kind in interchange.LAYOUTS:
            selecting.conditions("events", filters)
            return self._interchanged(kind, as_of, filters), interchange.columns(kind)
        columns = selecting.columns(kind)
        selecting.conditions(kind, filters)
        return self.rows(kind, as_of=as_of, **filters), columns

    def _interchanged(
        self, layout: str, as_of: str | None, filters: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        moment = None if as_of is None else moments.end_of(as_of)
        with self._reading() as connection:
            yield from interchange.rows(connection, layout, filters, as_of=moment)

    def articles(self, **filters: Any) -> pa.Table:
        """Return articles with their texts: ``publisher``, ``actor``, ``type``, ``since``, …"""
        return self.table("articles", **filters)

    def events(self, **filters: Any) -> pa.Table:
        """Return events: ``actor``, ``recipient``, ``type``, ``status``, ``since``, ``until``, …

        ``actor`` and ``recipient`` take a country's code or a name.  An event counts for the
        days it may have happened on; ``day_basis`` says whether these come from a time in the
        text or, for want of one, from the publication date.
        """
        return self.table("events", **filters)

    def statements(self, **filters: Any) -> pa.Table:
        """Return statements: ``speaker``, ``stance``, ``publisher``, ``since``, ``until``, …"""
        return self.table("statements", **filters)

    def monthly(self, **filters: Any) -> list[tuple[str, int]]:
        """Count events by month: ``[("2025-03", 17), …]``, months without events left out.

        Filters are those of ``events``.  An event counts once, for the month of the last
        day on which it may have happened.
        """
        with self._reading() as connection:
            return selecting.monthly(connection, filters)

    # -- search -----------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        what: str = "articles",
        as_of: str | None = None,
        limit: int = 20,
        offset: int = 0,
        **filters: Any,
    ) -> Results:
        """Find words in articles or, with ``what="quotes"``, in what people said.

        Raises QueryError (an InputError) for a query that cannot be understood, is too large
        or takes longer than ``search_ms``.
        """
        from onrecord.archive.search import search

        with engines.translated(self._where):
            return search(self, query, what, filters, as_of, limit, offset)

    def said(
        self, person: str, *, about: str | None = None, **filters: Any
    ) -> list[dict[str, Any]]:
        """Return what a person said, newest first: all of it, or what a query finds."""
        rows = list(self.rows("statements", speaker=person, **filters))
        if about is not None:
            found = self.search(
                about, what="quotes", speaker=person, limit=settings.get("search_rows"), **filters
            )
            wanted = {(hit.article_id, hit.row) for hit in found.hits}
            rows = [row for row in rows if (row["article_id"], row["id"]) in wanted]
        return sorted(rows, key=lambda row: row["published_day"] or "", reverse=True)

    def rebuild_search(self) -> None:
        """Make the search index anew from the archive's tables."""
        with self._writing() as connection:
            textsearch.rebuild(connection)

    @contextmanager
    def _searching(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            yield connection


#: Kinds of row that take no filter, with their columns; each is a method of the archive.
_WHOLE = {"corrections": correcting.COLUMNS, "votes": ballots.COLUMNS}
#: All that ``exported`` gives.
KINDS = (*selecting.KINDS, *_WHOLE, *interchange.LAYOUTS)


def _refuse(kind: str, filters: dict[str, Any]) -> None:
    for name in (name for name, value in filters.items() if value is not None):
        raise SettingError(
            f"{kind} cannot be filtered by {name}; they are written whole", name=name
        )


def _maker(reader: ReaderLike | Callable[[], ReaderLike] | None) -> Callable[[], ReaderLike]:
    if reader is None:
        from onrecord.reading.reader import Reader

        return Reader
    if callable(reader):
        return reader
    return lambda: reader


def _unknown(article_id: str, as_of: str | None = None) -> ArticleError:
    when = f" on {as_of}" if as_of else ""
    return ArticleError(
        f"the archive has no article {article_id!r}{when}; "
        "list the ids with  onrecord export articles",
        article_id=article_id,
    )
