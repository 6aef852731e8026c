"""Corrections in the archive, and reading again: both end in a new reading of the version.

The machine's reading stays as it was; the one that counts is made from it and from the
corrections that were not taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from onrecord.archive import reading_back, writing
from onrecord.archive import schema as t
from onrecord.archive.corrections import Correction, apply, from_cells, make, to_cells
from onrecord.errors import ArticleError, InputError
from onrecord.record import Record

_c = t.corrections.c


def correct(
    connection: sa.Connection,
    id_: str,
    action: str,
    row: str,
    field: str | None,
    value: Any,
    by: str,
    note: str | None,
    now: str,
) -> int:
    """Write a correction and the reading that it makes; return the correction's number."""
    reading = _reading(connection, id_)
    made = make(reading_back.record_of(connection, reading), action, row, field, value)
    key = _insert(connection, reading, now, by, note, to_cells(made))
    _renew(connection, reading, now)
    return key


def undo(connection: sa.Connection, key: int, by: str, note: str | None, now: str) -> None:
    """Take a correction back, by another entry; InputError when there is nothing to take back."""
    found = connection.execute(sa.select(t.corrections).where(_c.key == key)).mappings().first()
    if found is None or found["action"] == "undo":
        raise InputError(
            f"there is no correction {key}; list them with  onrecord export corrections"
        )
    if connection.scalar(sa.select(_c.key).where(_c.undoes == key)) is not None:
        raise InputError(f"correction {key} was taken back already")
    id_ = connection.scalar(sa.select(t.articles.c.id).where(t.articles.c.key == found["article"]))
    reading = _reading(connection, str(id_))
    cells = {name: found[name] for name in ("kind", "row", "start", "end")}
    _insert(connection, reading, now, by, note, {**cells, "action": "undo", "undoes": key})
    _renew(connection, reading, now)


def reread(connection: sa.Connection, record: Record, id_: str, version: int, now: str) -> bool:
    """Put a newer reading of a version in the place of the machine's; False if it is outdated."""
    reading = _reading(connection, id_)
    if reading["version"] != version:
        return False
    writing.close(connection, reading["article"], now)
    machine = writing.put_reading(connection, record, version, now)
    corrections = _standing(connection, version)
    if corrections:
        writing.close(connection, reading["article"], now)
        corrected = apply(record, corrections)
        writing.put_reading(connection, corrected, version, now, origin=machine)
    return True


def _reading(connection: sa.Connection, id_: str) -> sa.RowMapping:
    writing.lock(connection, id_)
    reading = reading_back.reading_of(connection, id_)
    if reading is None:
        raise ArticleError(f"the archive has no article {id_!r}", article_id=id_)
    return reading


def _insert(
    connection: sa.Connection,
    reading: sa.RowMapping,
    now: str,
    by: str,
    note: str | None,
    cells: dict[str, Any],
) -> int:
    if not by.strip():
        raise InputError("a correction needs a name: say who makes it with --by (in Python by=)")
    key = connection.execute(
        t.corrections.insert().values(
            article=reading["article"], version=reading["version"], reading=reading["key"],
            by=by, note=note, at=now, **cells,
        )
    ).inserted_primary_key  # fmt: skip
    assert key is not None
    return int(key[0])


def _standing(connection: sa.Connection, version: int) -> list[Correction]:
    """Return the corrections of a version that were not taken back, in order."""
    taken_back = sa.select(_c.undoes).where(_c.undoes.is_not(None))
    query = (
        sa.select(t.corrections)
        .where(_c.version == version, _c.action != "undo", _c.key.not_in(taken_back))
        .order_by(_c.key)
    )
    return [from_cells(row) for row in connection.execute(query).mappings()]


def _renew(connection: sa.Connection, reading: sa.RowMapping, now: str) -> None:
    machine = reading_back.machine_record(connection, reading)
    corrected = apply(machine, _standing(connection, reading["version"]))
    writing.close(connection, reading["article"], now)
    origin = reading["origin"] or reading["key"]
    writing.put_reading(connection, corrected, reading["version"], now, origin=origin)


def rows(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield all corrections as rows to learn from: what the machine had, what a person says."""
    query = (
        sa.select(
            t.corrections, t.articles.c.id.label("article_id"),
            t.versions.c.version.label("article_version"), t.versions.c.text,
            t.readings.c.reader_version, t.readings.c.reader_model,
        )
        .join(t.articles, t.articles.c.key == _c.article)
        .join(t.versions, t.versions.c.key == _c.version)
        .join(t.readings, t.readings.c.key == _c.reading)
        .order_by(_c.key)
    )  # fmt: skip
    found = list(connection.execute(query).mappings())
    taken_back = {row["undoes"] for row in found}
    for row in found:
        yield {
            "correction": row["key"],
            **{name: row[name] for name in COLUMNS if name in row},
            "words": row["text"][row["start"] : row["end"]],
            "taken_back": row["key"] in taken_back,
        }


#: Columns of ``rows`` with their types.
COLUMNS = {
    "correction": "int", "article_id": "str", "article_version": "int", "reader_version": "str",
    "reader_model": "str", "action": "str", "kind": "str", "row": "str", "start": "int",
    "end": "int", "words": "str", "field": "str", "value": "str", "old": "str", "undoes": "int",
    "taken_back": "bool", "by": "str", "at": "str", "note": "str", "text": "str",
}  # fmt: skip
