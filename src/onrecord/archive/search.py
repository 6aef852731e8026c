"""Full-text search over articles and quotes: filters, ranking, snippets, facets, limits.

One function for both databases.  A lost or damaged index is rebuilt and the search tried
once more; the result says so.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from onrecord import settings
from onrecord.archive import moments, selecting, snippets, textsearch
from onrecord.archive import query as queries
from onrecord.archive import schema as t
from onrecord.archive.query import QueryError

if TYPE_CHECKING:
    from onrecord.archive.archive import Archive

#: What can be searched → its index and the kind of row found.
WHAT: Mapping[str, tuple[str, str]] = {
    "articles": ("article_search", "articles"),
    "quotes": ("quote_search", "statements"),
}
#: Hits that facets are counted over.
FACETED = 10_000
#: Values of a facet that are told.
_VALUES = 12
#: Articles whose events' types are counted.
TYPED = 1_000
_NOTHING: sa.ColumnElement[Any] = sa.literal_column("NULL")


@dataclass(frozen=True, slots=True)
class Hit:
    """One article or quote that was found."""

    article_id: str
    version: int
    #: Id of the statement inside the article's record; ``None`` for an article.
    row: str | None
    title: str | None
    publisher: str | None
    published: str | None
    speaker: str | None
    stance: str | None
    #: Larger is better; comparable within one search only.
    score: float
    #: The words around what was found.
    snippet: str
    #: Where in the article's text (or in the quote) the snippet begins.
    start: int
    #: What was found, as offsets into ``snippet``.
    marks: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, best first, and what they are spread over."""

    total: int
    hits: Sequence[Hit]
    #: Facet (publisher, month, and type or stance) → value → number of hits.
    facets: Mapping[str, Mapping[str, int]]
    #: Whether the index was lost or damaged and has been made anew.
    rebuilt: bool = False


def search(
    archive: Archive,
    query: str,
    what: str,
    filters: Mapping[str, Any],
    as_of: str | None,
    limit: int,
    offset: int,
) -> Results:
    """Return a page of what a query finds.

    Raises QueryError for a query that cannot be understood, asks for too much, or takes
    longer than ``search_ms``.
    """
    tree = queries.parse(query)
    _bounded(query, limit, "search_rows", "rows")
    _bounded(query, offset, "search_offset", "offset")
    if what not in WHAT:
        raise QueryError(f"{what!r} cannot be searched; articles and quotes can", query=query[:80])
    moment = None if as_of is None else moments.end_of(as_of)
    asked = _Asked(query, tree, what, selecting.conditions(WHAT[what][1], filters), moment)
    try:
        return _answer(archive, asked, limit, offset)
    except DBAPIError as error:
        if not _is_damaged(error):
            raise
    archive.rebuild_search()
    found = _answer(archive, asked, limit, offset)
    return Results(found.total, found.hits, found.facets, rebuilt=True)


def _bounded(query: str, value: int, setting: str, what: str) -> None:
    most = settings.get(setting)
    if not 0 <= value <= most:
        raise QueryError(
            f"{what} is {value}; it may be 0 to {most:,}: narrow the search, or raise "
            f"ONRECORD_{setting.upper()}",
            query=query[:80],
        )


_DAMAGED = ("no such table: article_search", "no such table: quote_search", "malformed", "fts5",
            "vtable constructor failed", 'relation "article_search" does not exist',
            'relation "quote_search" does not exist', "text search configuration", "no such module",
            "SQL logic error")  # fmt: skip


def _is_damaged(error: DBAPIError) -> bool:
    return any(words in str(error.orig) for words in _DAMAGED)


@dataclass(frozen=True, slots=True)
class _Asked:
    query: str
    tree: queries.Node
    what: str
    conditions: Sequence[sa.ColumnElement[bool]]
    as_of: str | None

    @property
    def quotes(self) -> bool:
        return self.what == "quotes"

    @property
    def index(self) -> str:
        return WHAT[self.what][0]


def _answer(archive: Archive, asked: _Asked, limit: int, offset: int) -> Results:
    with archive._searching() as connection, _timed(connection, asked.query):
        found = connection.execute(_found(connection, asked)).all()
        hits = _hits(connection, asked, found[offset : offset + limit])
        return Results(len(found), hits, _facets(connection, asked, found[:FACETED]))


def _found(connection: sa.Connection, asked: _Asked) -> sa.Select[Any]:
    """All that is found, best first: key, reading, score, and what facets count.

    The index is gone through once; the rest is done with what comes back.
    """
    key, matches, score, index = _matching(connection, asked)
    own, stance = _own(asked), t.statements.c.stance if asked.quotes else _NOTHING
    columns = (
        own.label("key"), t.readings.c.key.label("reading"), score.label("score"),
        t.versions.c.publisher, sa.func.substr(t.readings.c.published_day, 1, 7).label("month"),
        stance.label("stance"),
    )  # fmt: skip
    return (
        sa.select(*columns)
        .select_from(index.join(selecting.joined(WHAT[asked.what][1]), own == key))
        .where(matches, selecting.live(WHAT[asked.what][1], asked.as_of), *asked.conditions)
        .order_by(sa.desc("score"), own.desc())
    )


def _own(asked: _Asked) -> sa.ColumnElement[Any]:
    return t.statements.c.key if asked.quotes else t.versions.c.key


def _matching(connection: sa.Connection, asked: _Asked) -> tuple[Any, Any, Any, sa.TableClause]:
    """The index's key, the condition that it matches, the score, and the index itself."""
    name = asked.index
    if connection.dialect.name == "sqlite":
        index = sa.table(name, sa.column("rowid", sa.Integer))
        weights = ", ".join(map(str, textsearch.INDEXES[name][2]))
        matches = sa.text(f"{name} MATCH :sought").bindparams(sought=queries.fts5(asked.tree))
        return index.c.rowid, matches, -sa.literal_column(f"bm25({name}, {weights})"), index
    index = sa.table(name, sa.column("key", sa.BigInteger), sa.column("document"))
    sought = _tsquery(asked)
    score = sa.literal_column(f"ts_rank({name}.document, {sought})", sa.Float)
    return index.c.key, sa.text(f"{name}.document @@ {sought}"), score, index


def _tsquery(asked: _Asked) -> str:
    return queries.tsquery(asked.tree, textsearch.CONFIG)


def _hits(connection: sa.Connection, asked: _Asked, page: Sequence[sa.Row[Any]]) -> tuple[Hit, ...]:
    keys = [row.key for row in page]
    shown = _shown(connection, asked, [row.reading for row in page], keys)
    texts = _texts(connection, asked, keys)
    marked = _marked(connection, asked, texts)
    return tuple(
        _hit({**shown[row.key], "score": row.score}, texts[row.key], marked.get(row.key, ""))
        for row in page
    )


def _shown(
    connection: sa.Connection, asked: _Asked, readings: list[int], keys: list[int]
) -> dict[int, dict[str, Any]]:
    """What is told of each hit, by its key."""
    s = t.statements.c
    own = {"row": s.id, "speaker": s.speaker_name, "stance": s.stance}
    columns = [(own[name] if asked.quotes else _NOTHING).label(name) for name in own]
    query = (
        sa.select(
            _own(asked).label("key"), t.articles.c.id.label("article_id"), t.versions.c.version,
            t.versions.c.title, t.versions.c.publisher, t.readings.c.published, *columns,
        )
        .select_from(selecting.joined(WHAT[asked.what][1]))
        .where(_own(asked).in_(keys), t.readings.c.key.in_(readings))
    )  # fmt: skip
    return {row["key"]: dict(row) for row in connection.execute(query).mappings()}


def _texts(connection: sa.Connection, asked: _Asked, keys: list[int]) -> dict[int, str]:
    table = t.versions if asked.what == "articles" else t.statements
    text = t.versions.c.text if asked.what == "articles" else t.statements.c.quote
    query = sa.select(table.c.key, text).where(table.c.key.in_(keys))
    return {row[0]: row[1] for row in connection.execute(query)}


def _marked(connection: sa.Connection, asked: _Asked, texts: Mapping[int, str]) -> dict[int, str]:
    """The texts with marks around what was found, as the database sees it."""
    if connection.dialect.name == "sqlite":
        last = len(textsearch.INDEXES[asked.index][1]) - 1
        marks = ", ".join("?" * len(texts))
        command = (
            f"SELECT rowid, highlight({asked.index}, {last}, ?, ?) FROM {asked.index} "
            f"WHERE {asked.index} MATCH ? AND rowid IN ({marks})"
        )
        given = (snippets.BEGIN, snippets.END, queries.fts5(asked.tree), *texts)
        return dict(connection.exec_driver_sql(command, given).all()) if texts else {}
    options = f"HighlightAll=true, StartSel={snippets.BEGIN}, StopSel={snippets.END}"
    command = f"SELECT ts_headline('{textsearch.CONFIG}', :text, {_tsquery(asked)}, :options)"
    return {
        key: connection.scalar(
            sa.text(command), {"text": textsearch.fold(text), "options": options}
        )
        or ""
        for key, text in texts.items()
    }


def _hit(row: Mapping[str, Any], text: str, marked: str) -> Hit:
    found = snippets.hits(marked, text)
    start, end = snippets.window(text, found)
    names = ("article_id", "version", "row", "title", "publisher", "published", "speaker",
             "stance", "score")  # fmt: skip
    marks = tuple((a - start, b - start) for a, b in found if start <= a and b <= end)
    return Hit(
        **{name: row[name] for name in names}, snippet=text[start:end], start=start, marks=marks
    )


def _facets(
    connection: sa.Connection, asked: _Asked, found: Sequence[sa.Row[Any]]
) -> dict[str, dict[str, int]]:
    names = ("publisher", "month", *(["stance"] if asked.quotes else []))
    facets = {name: _most(Counter(getattr(row, name) for row in found)) for name in names}
    if not asked.quotes:
        facets["type"] = _types(connection, [int(row.reading) for row in found[:TYPED]])
    return facets


def _types(connection: sa.Connection, readings: Sequence[int]) -> dict[str, int]:
    """Count the types of readings' events, which lie together by key."""
    if not readings:
        return {}
    spans = ", ".join(f"({key << t.ROW_BITS}, {(key + 1) << t.ROW_BITS})" for key in readings)
    # CROSS JOIN: SQLite then begins with the readings, not with all events.
    rows = connection.exec_driver_sql(
        f"SELECT e.type, count(*) FROM (VALUES {spans}) AS r CROSS JOIN events AS e "
        "WHERE e.key >= r.column1 AND e.key < r.column2 GROUP BY e.type"
    )
    return _most(Counter({row[0]: row[1] for row in rows}))


def _most(counts: Counter[str]) -> dict[str, int]:
    known = ((value, number) for value, number in counts.items() if value is not None)
    ordered = sorted(known, key=lambda one: (-one[1], one[0]))
    return dict(ordered[:_VALUES])


@contextmanager
def _timed(connection: sa.Connection, query: str) -> Iterator[None]:
    """End the search after ``search_ms``; QueryError then."""
    limit = settings.get("search_ms")
    stop = _limit(connection, limit)
    try:
        yield
    except DBAPIError as error:
        if not any(words in str(error.orig) for words in ("interrupted", "statement timeout")):
            raise
        raise QueryError(
            f"the search took longer than {limit:,} ms; narrow it with another word or a filter, "
            "or raise ONRECORD_SEARCH_MS",
            query=query[:80],
        ) from error
    finally:
        stop()


def _limit(connection: sa.Connection, limit: int) -> Callable[[], None]:
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {limit}")
        return lambda: None
    until = time.monotonic() + limit / 1000
    raw: Any = connection.connection.dbapi_connection
    raw.set_progress_handler(lambda: time.monotonic() > until, 10_000)
    return lambda: raw.set_progress_handler(None, 0)
