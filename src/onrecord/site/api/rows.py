"""Rows of the archive, a page at a time by key: articles, events, statements and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from onrecord.archive import Archive, moments, selecting
from onrecord.archive import schema as t
from onrecord.archive.flat import words_key
from onrecord.site.api.paging import Page, Place
from onrecord.site.api.problems import Problem

#: Characters of an article's text that a list shows.
EXCERPT = 280


def given(filters: Mapping[str, str | None]) -> dict[str, str]:
    """Return the filters that are given."""
    names(**{name: filters.get(name) for name in ("actor", "recipient", "speaker")})
    return {name: value for name, value in filters.items() if value is not None}


def names(**given: str | None) -> None:
    """Refuse a name that has no letter or digit: to the archive ``%`` would mean anything."""
    for name, value in given.items():
        if value is not None and words_key(value) is None:
            raise Problem("bad-request", f"{name}: name a country's code, or a name")


def page(
    archive: Archive,
    kind: str,
    filters: Mapping[str, Any],
    as_of: str | None,
    newest: bool,
    after: Place | None,
    limit: int,
) -> Page:
    """Return a page of a kind's rows in the order in which they came, or the other way round."""
    moment = None if as_of is None else moments.end_of(as_of)
    key = _key(kind)
    query = selecting._query(kind, filters, moment).add_columns(key.label("_place"))
    if after is not None:
        query = query.where(key < after[0] if newest else key > after[0])
    query = query.order_by(None).order_by(key.desc() if newest else key).limit(limit + 1)
    with archive._reading() as connection:
        found = connection.execute(query).mappings().all()
        rows = list(selecting._finished(connection, kind, found[:limit]))
    return Page([((row.pop("_place"),), row) for row in rows], len(found) > limit)


def _key(kind: str) -> sa.ColumnElement[Any]:
    table = selecting._TABLES.get(kind)
    return t.readings.c.key if table is None else table.c.key


def columns(kind: str) -> dict[str, str]:
    """Return a kind's columns with their types, as the API gives them."""
    found = selecting.columns(kind)
    return found if kind != "articles" else {**found, "excerpt": "str"}


def shortened(row: dict[str, Any], full: bool) -> dict[str, Any]:
    """Return an article's row with an excerpt, and its text only where ``full``."""
    text = row["text"]
    excerpt = " ".join(text[:EXCERPT].split()) + ("…" if len(text) > EXCERPT else "")
    return {**row, "text": text if full else None, "excerpt": excerpt}
