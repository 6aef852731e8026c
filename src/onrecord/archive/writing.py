"""Putting articles and records in: which article is it, is it new, one transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from onrecord import record as r
from onrecord.archive import flat, textsearch
from onrecord.archive import schema as t
from onrecord.intake.identity import article_id, text_sha256
from onrecord.intake.metadata import Vote

#: What became of an article: it is new, known with another text, or known as it is.
NEW, NEW_VERSION, UNCHANGED, FORGOTTEN = "read", "new version", "unchanged", "forgotten"

#: Fields of an article that are taken over when it had none before.
_FILLED = ("published", "title", "publisher")
_READING = ("published", "published_basis", "published_raw")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of an article, before it is read."""

    outcome: str
    #: With its id and the version it will have.
    article: r.Article


def identified(article: r.Article) -> r.Article:
    """Return the article with its id: the given one, else by URL, else by text."""
    if article.id:
        return article
    own = article_id(None, article.canonical_url, text_sha256(article.text))
    return replace(article, id=own)


def plan(connection: sa.Connection, article: r.Article) -> Plan:
    """Say what is to become of an article; nothing is written."""
    article = identified(article)
    if _is_forgotten(connection, article.id or ""):
        return Plan(FORGOTTEN, article)
    known = _versions(connection, article.id or "")
    if not known:
        return Plan(NEW, replace(article, version=1))
    last = known[-1]
    if _same(article, known):
        return Plan(UNCHANGED, replace(article, version=last.version))
    return Plan(NEW_VERSION, replace(article, version=last.version + 1))


def _is_forgotten(connection: sa.Connection, id_: str) -> bool:
    mark = sa.select(t.forgotten.c.at).where(t.forgotten.c.id_sha256 == id_hash(id_))
    return connection.scalar(mark) is not None


def id_hash(id_: str) -> str:
    """Return what is kept of a forgotten article's id."""
    return sha256(id_.encode("utf-8", "replace")).hexdigest()


def _versions(connection: sa.Connection, id_: str) -> list[sa.Row[Any]]:
    v = t.versions.c
    wanted = (v.key, v.version, v.text_sha256, v.fetched, *(v[name] for name in _FILLED))
    query = (
        sa.select(*wanted)
        .join(t.articles, t.articles.c.key == v.article)
        .where(t.articles.c.id == id_)
        .order_by(v.version)
    )
    return list(connection.execute(query).all())


def _same(article: r.Article, known: list[sa.Row[Any]]) -> bool:
    """Whether an article brings nothing that its known versions lack.

    The text of the last version is nothing new, unless a field that was unknown is
    filled in.  That of an earlier one is not either: two copies of an article must not
    oust each other at every run.  Only when it was fetched later than the last version
    has the article gone back to its earlier text.
    """
    digest = text_sha256(article.text)
    last = known[-1]
    if last.text_sha256 == digest:
        return not any(getattr(article, n) and getattr(last, n) is None for n in _FILLED)
    later = article.fetched and last.fetched and article.fetched > last.fetched
    return digest in {one.text_sha256 for one in known} and not later


def store(
    connection: sa.Connection,
    record: r.Record,
    given: r.Article,
    now: str,
    votes: Iterable[Vote] = (),
) -> str:
    """Write a record with its article, unless the archive has it by now; say which it was.

    ``given`` is the article as it went to the reader, ``votes`` what its page said of it.
    To be called in a transaction that writes; what another process wrote since the article
    was planned counts.
    """
    lock(connection, given.id or "")
    current = plan(connection, given)
    if current.outcome in (UNCHANGED, FORGOTTEN):
        return current.outcome
    article = connection.scalar(sa.select(t.articles.c.key).where(t.articles.c.id == given.id))
    if article is None:
        article = _insert(connection, t.articles, id=given.id, recorded_from=now)
    close(connection, article, now)
    version = _insert(
        connection,
        t.versions,
        article=article,
        recorded_from=now,
        text_sha256=text_sha256(given.text),
        **_version(record.article, current.article),
    )
    textsearch.fill(
        connection, "article_search", [(version, (record.article.title or "", given.text))]
    )
    if listed := [{"version": version, **vote._asdict()} for vote in votes]:
        connection.execute(t.votes.insert(), listed)
    put_reading(connection, record, version, now)
    return current.outcome


def lock(connection: sa.Connection, id_: str) -> None:
    """Let one process at a time write an article (SQLite lets one write at all)."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(sha256(id_.encode("utf-8", "replace")).digest()[:8], signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _version(read: r.Article, planned: r.Article) -> dict[str, Any]:
    names = [column.name for column in t.versions.c if hasattr(read, column.name)]
    cells = {name: getattr(read, name) for name in names}
    return cells | {name: getattr(planned, name) for name in (*_READING, "version")}


def put_reading(
    connection: sa.Connection,
    record: r.Record,
    version: int,
    now: str,
    *,
    origin: int | None = None,
) -> int:
    """Write a reading of a version with its rows; return its key."""
    reading = _insert(connection, t.readings, **reading_row(record, version, now), origin=origin)
    found = flat.rows(record, reading)
    for table in t.ROWS:
        if found[table.name]:
            connection.execute(table.insert(), found[table.name])
    quotes = ((row["key"], (row["quote"],)) for row in found["statements"])
    textsearch.fill(connection, "quote_search", quotes)
    return reading


def reading_row(record: r.Record, version: int, now: str) -> dict[str, Any]:
    """Return the row of a reading of a version that counts from now on."""
    reader = record.reader
    return {
        "version": version, "recorded_from": now, "live": True, "schema": record.schema,
        "reader_version": reader.version, "reader_model": reader.model,
        "reader_model_sha256": reader.model_sha256,
        "published_day": flat.day_of(record.article.published),
        **{name: getattr(record.article, name) for name in _READING},
        **flat.whole(record),
    }  # fmt: skip


def close(connection: sa.Connection, article: int, now: str) -> None:
    """End what counts of an article: its rows stay, for questions about the past."""
    versions = sa.select(t.versions.c.key).where(t.versions.c.article == article)
    listed = connection.scalars(versions).all()
    # Asked for live ones, SQLite may go through those of all articles, as long as it has not
    # counted its tables: the more there are, the longer each new one would take.
    c = t.readings.c
    found = connection.execute(sa.select(c.key, c.live).where(c.version.in_(listed))).all()
    for reading in [key for key, is_live in found if is_live]:
        connection.execute(
            t.readings.update()
            .where(t.readings.c.key == reading)
            .values(live=False, recorded_to=now)
        )
        for table in t.ROWS:
            connection.execute(table.update().where(own(table, reading)).values(live=False))


def own(table: sa.Table, reading: int) -> sa.ColumnElement[bool]:
    """Return the condition that a row is one of a reading."""
    first = reading << t.ROW_BITS
    return table.c.key.between(first, first + (1 << t.ROW_BITS) - 1)


def _insert(connection: sa.Connection, table: sa.Table, **cells: Any) -> int:
    key = connection.execute(table.insert().values(**cells)).inserted_primary_key
    assert key is not None
    return int(key[0])


def note_fetch(
    connection: sa.Connection, source: str, id_: str | None, outcome: str, detail: str, now: str
) -> None:
    """Write down what came from a source and what became of it."""
    key = connection.scalar(sa.select(t.sources.c.key).where(t.sources.c.source == source))
    if key is None:
        key = _insert(connection, t.sources, source=source, first_seen=now)
    versions = _versions(connection, id_) if id_ else []
    version = versions[-1].key if versions and outcome in (NEW, NEW_VERSION) else None
    _insert(
        connection, t.fetches, source=key, version=version, at=now, outcome=outcome, detail=detail
    )


def forget(connection: sa.Connection, id_: str, now: str) -> bool:
    """Delete everything of an article and keep it from coming back; False when it is unknown."""
    lock(connection, id_)
    article = connection.scalar(sa.select(t.articles.c.key).where(t.articles.c.id == id_))
    if article is None:
        return False
    versions = list(
        connection.scalars(sa.select(t.versions.c.key).where(t.versions.c.article == article))
    )
    _delete_readings(connection, versions)
    textsearch.remove(connection, "article_search", versions)
    for table in (t.fetches, t.votes):
        connection.execute(table.delete().where(table.c.version.in_(versions)))
    connection.execute(t.corrections.delete().where(t.corrections.c.article == article))
    connection.execute(t.versions.delete().where(t.versions.c.article == article))
    connection.execute(t.articles.delete().where(t.articles.c.key == article))
    connection.execute(t.forgotten.insert().values(id_sha256=id_hash(id_), at=now))
    return True


def _delete_readings(connection: sa.Connection, versions: Iterable[int]) -> None:
    of = t.readings.c.version.in_(list(versions))
    for reading in connection.scalars(sa.select(t.readings.c.key).where(of)).all():
        mine = own(t.statements, reading)
        keys = connection.scalars(sa.select(t.statements.c.key).where(mine)).all()
        textsearch.remove(connection, "quote_search", keys)
        for table in t.ROWS:
            connection.execute(table.delete().where(own(table, reading)))
    connection.execute(t.readings.delete().where(of))


def remember(connection: sa.Connection, id_: str) -> bool:
    """Let a forgotten article come back; False when it was not forgotten."""
    mark = t.forgotten.delete().where(t.forgotten.c.id_sha256 == id_hash(id_))
    return connection.execute(mark).rowcount > 0
