"""The full-text index: built, filled, rebuilt; FTS5 or tsvector.

It stands apart from the archive's tables and can be made anew from them.  Rows are
added, and removed only when an article is forgotten; what is no longer live is left out
by the query's filters.  On SQLite the index keeps no copy of the texts (external
content, whose rows never change); on PostgreSQL it is a table of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from onrecord.archive import schema as t

#: Index → the table it covers, the columns, and their weights (a title's word weighs more).
INDEXES: Mapping[str, tuple[sa.Table, tuple[str, ...], tuple[float, ...]]] = {
    "article_search": (t.versions, ("title", "text"), (4.0, 1.0)),
    "quote_search": (t.statements, ("quote",), (1.0,)),
}
#: Name of the configuration on PostgreSQL: English stems, no stop words.
CONFIG = "onrecord_english"
#: As much of a text as PostgreSQL can index (1 MB of words and places), with room to spare.
_MOST = 200_000

#: The index's columns on PostgreSQL.
index_key = sa.column("key", sa.BigInteger)
document: sa.ColumnClause[str] = sa.column("document")


def fold(text: str) -> str:
    """Return ``text`` in small letters without accents, anything but letters and digits blank.

    One character for one: offsets hold.
    """
    return "".join(map(_folded, text))


def _folded(char: str) -> str:
    if char.isascii():
        return char.lower() if char.isalnum() else " "
    base = unicodedata.normalize("NFKD", char)[0].lower()[0]
    return base if base.isalnum() else " "


def build(connection: sa.Connection) -> None:
    """Make the empty index."""
    if connection.dialect.name == "sqlite":
        for name, (table, columns, _) in INDEXES.items():
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE {name} USING fts5({', '.join(columns)}, "
                f"content='{table.name}', content_rowid='key', "
                "tokenize='porter unicode61 remove_diacritics 2')"
            )
        return
    # No stop words, so that both databases find the same.
    for command in (
        f"CREATE TEXT SEARCH DICTIONARY {CONFIG}_stem (TEMPLATE = snowball, LANGUAGE = english)",
        f"CREATE TEXT SEARCH CONFIGURATION {CONFIG} (COPY = simple)",
        f"ALTER TEXT SEARCH CONFIGURATION {CONFIG} ALTER MAPPING FOR asciiword, word, numword, "
        f"asciihword, hword, numhword WITH {CONFIG}_stem",
    ):
        connection.exec_driver_sql(command)
    for name in INDEXES:
        connection.exec_driver_sql(
            f"CREATE TABLE {name} (key BIGINT PRIMARY KEY, document TSVECTOR NOT NULL)"
        )
        connection.exec_driver_sql(f"CREATE INDEX {name}_words ON {name} USING gin (document)")


def fill(
    connection: sa.Connection, index: str, rows: Iterable[tuple[int, tuple[str, ...]]]
) -> None:
    """Add rows: the key and the columns' words."""
    given = list(rows)
    if not given:
        return
    _, columns, _ = INDEXES[index]
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * (len(columns) + 1))
        command = f"INSERT INTO {index}(rowid, {', '.join(columns)}) VALUES ({marks})"
        connection.exec_driver_sql(command, [(key, *words) for key, words in given])
        return
    letters = "AD"[-len(columns) :]
    parts = " || ".join(
        f"setweight(to_tsvector('{CONFIG}', :c{n}), '{letters[n]}')" for n in range(len(columns))
    )
    command = f"INSERT INTO {index} (key, document) VALUES (:key, {parts})"
    connection.execute(
        sa.text(command),
        [
            {"key": key, **{f"c{n}": fold(word[:_MOST]) for n, word in enumerate(words)}}
            for key, words in given
        ],
    )


def remove(connection: sa.Connection, index: str, keys: Iterable[int]) -> None:
    """Take rows out, before they go from their table, so that no trace of their words is left."""
    table, columns, _ = INDEXES[index]
    wanted = list(keys)
    if not wanted:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(sa.text(f"DELETE FROM {index} WHERE key = ANY(:keys)"), {"keys": wanted})
        return
    names = ", ".join(columns)
    for key in wanted:
        connection.exec_driver_sql(
            f"INSERT INTO {index}({index}, rowid, {names}) "
            f"SELECT 'delete', key, {names} FROM {table.name} WHERE key = ?",
            (key,),
        )
    connection.exec_driver_sql(f"INSERT INTO {index}({index}) VALUES ('optimize')")


def rebuild(connection: sa.Connection) -> None:
    """Drop the index, whatever is left of it, and make it anew from the tables."""
    if connection.dialect.name == "sqlite":
        _drop_sqlite(connection)
        build(connection)
        for name in INDEXES:
            connection.exec_driver_sql(f"INSERT INTO {name}({name}) VALUES ('rebuild')")
        return
    for name in INDEXES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    connection.exec_driver_sql(f"DROP TEXT SEARCH CONFIGURATION IF EXISTS {CONFIG}")
    connection.exec_driver_sql(f"DROP TEXT SEARCH DICTIONARY IF EXISTS {CONFIG}_stem")
    build(connection)
    for name, (table, columns, _) in INDEXES.items():
        _refill(connection, name, table, columns)


def _refill(
    connection: sa.Connection, name: str, table: sa.Table, columns: tuple[str, ...]
) -> None:
    wanted = sa.select(table.c.key, *(table.c[column] for column in columns))
    last = -1
    while rows := connection.execute(
        wanted.where(table.c.key > last).order_by(table.c.key).limit(500)
    ).all():
        fill(connection, name, ((row[0], tuple(word or "" for word in row[1:])) for row in rows))
        last = rows[-1][0]


def _drop_sqlite(connection: sa.Connection) -> None:
    """Drop the virtual tables; where one is too damaged to be dropped, its parts one by one."""
    for name in INDEXES:
        try:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
        except sa.exc.DatabaseError:
            connection.exec_driver_sql("PRAGMA writable_schema=ON")
            connection.exec_driver_sql("DELETE FROM sqlite_master WHERE name = ?", (name,))
            connection.exec_driver_sql("PRAGMA writable_schema=RESET")
        for part in ("data", "idx", "docsize", "config", "content"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}_{part}")
