"""One article's record out of the archive: as it counts now, or as it did at a moment."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from onrecord import record as r
from onrecord.archive import flat
from onrecord.archive import schema as t
from onrecord.archive.writing import own

_META = (
    "url", "canonical_url", "title", "byline", "publisher", "language", "fetched", "version",
    "partial", "text", "sha256",
)  # fmt: skip
_READ = ("published", "published_basis", "published_raw")


def counts(as_of: str | None) -> sa.ColumnElement[bool]:
    """Return the condition that a reading counts: now, or at a moment (UTC, fixed width)."""
    c = t.readings.c
    if as_of is None:
        return c.live
    return sa.and_(c.recorded_from <= as_of, sa.or_(c.recorded_to.is_(None), c.recorded_to > as_of))


def reading_of(
    connection: sa.Connection, id_: str, as_of: str | None = None
) -> sa.RowMapping | None:
    """Return the row of the reading that counts for an article; None where there is none."""
    query = (
        sa.select(t.readings, t.versions.c.article)
        .join(t.versions, t.versions.c.key == t.readings.c.version)
        .join(t.articles, t.articles.c.key == t.versions.c.article)
        .where(t.articles.c.id == id_, counts(as_of))
        .order_by(t.readings.c.key.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def record_of(connection: sa.Connection, reading: sa.RowMapping) -> r.Record:
    """Return the record that a reading holds."""
    found = {table.name: _rows(connection, table, reading["key"]) for table in t.ROWS}
    return flat.record(_cells(reading), article_of(connection, reading), found)


def machine_record(connection: sa.Connection, reading: sa.RowMapping) -> r.Record:
    """Return the record as the machine read it, before any correction."""
    if reading["origin"] is None:
        return record_of(connection, reading)
    origin = sa.select(t.readings).where(t.readings.c.key == reading["origin"])
    return record_of(connection, connection.execute(origin).mappings().one())


def _rows(connection: sa.Connection, table: sa.Table, reading: int) -> list[flat.Row]:
    query = sa.select(table).where(own(table, reading)).order_by(table.c.key)
    return [_cells(row) for row in connection.execute(query).mappings()]


def _cells(row: sa.RowMapping) -> flat.Row:
    return {str(name): value for name, value in row.items()}


def article_of(connection: sa.Connection, reading: sa.RowMapping) -> r.Article:
    """Return the article of a reading, as that reading dated it."""
    version = _version(connection, reading["version"])
    cells = {name: version[name] for name in _META}
    return r.Article(id=version["article_id"], **cells, **{name: reading[name] for name in _READ})


def given_article(connection: sa.Connection, version: int) -> r.Article:
    """Return the article of a version as it went to the reader."""
    row = _version(connection, version)
    return r.Article(id=row["article_id"], **{name: row[name] for name in (*_META, *_READ)})


def _version(connection: sa.Connection, key: int) -> sa.RowMapping:
    query: sa.Select[Any] = (
        sa.select(t.versions, t.articles.c.id.label("article_id"))
        .join(t.articles, t.articles.c.key == t.versions.c.article)
        .where(t.versions.c.key == key)
    )
    return connection.execute(query).mappings().one()
