"""The votes on what pages said of themselves, out of the archive: rows, one a place and field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from onrecord.archive import schema as t

#: Columns of ``rows`` with their types.
COLUMNS = {
    "article_id": "str", "article_version": "int", "field": "str", "place": "str",
    "value": "str", "taken": "bool", "doubt": "str",
}  # fmt: skip


def rows(connection: sa.Connection, id_: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield all votes, or those on one article's versions, in the order in which they came."""
    query = (
        sa.select(
            t.articles.c.id.label("article_id"), t.versions.c.version.label("article_version"),
            *(t.votes.c[name] for name in ("field", "place", "value", "taken", "doubt")),
        )
        .join(t.versions, t.versions.c.key == t.votes.c.version)
        .join(t.articles, t.articles.c.key == t.versions.c.article)
        .order_by(t.votes.c.key)
    )  # fmt: skip
    if id_ is not None:
        query = query.where(t.articles.c.id == id_)
    yield from (dict(row) for row in connection.execute(query).mappings())
