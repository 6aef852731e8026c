"""What people do to stories: put articles together, take them apart, and take that back.

Entries are only ever added, to a table that outlives every rebuilding; they name articles,
not stories, so they hold however the stories change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis.stories import Edit
from onrecord.errors import InputError

if TYPE_CHECKING:
    from onrecord.archive import Archive


def merge(archive: Archive, stories: Iterable[str], *, by: str, note: str | None = None) -> int:
    """Keep the articles of stories (two ids or more) together; return the number to undo it.

    The next ``join`` follows it.  Raises InputError for an unknown story, or fewer than two.
    """
    d.prepare(archive)
    wanted = list(dict.fromkeys(stories))
    if len(wanted) < 2:
        raise InputError("name two stories or more to be put together")
    with d.writing(archive) as connection:
        first, *rest = (_articles(connection, story) for story in wanted)
        right = [id_ for ids in rest for id_ in ids]
        return _add(connection, archive, "merge", first, right, by, note)


def split(
    archive: Archive, story: str, articles: Iterable[str], *, by: str, note: str | None = None
) -> int:
    """Keep some articles (ids) of a story apart from its others; return the number to undo it.

    The next ``join`` follows it.  Raises InputError when the story is unknown, does not have
    an article, or would have none left.
    """
    d.prepare(archive)
    left = list(dict.fromkeys(articles))
    with d.writing(archive) as connection:
        there = _articles(connection, story)
        wrong = [id_ for id_ in left if id_ not in set(there)]
        if wrong:
            raise InputError(f"the story {story} has no article {wrong[0]!r}")
        right = [id_ for id_ in there if id_ not in set(left)]
        if not left or not right:
            raise InputError(f"name some articles of the story {story}, but not all of them")
        return _add(connection, archive, "split", left, right, by, note)


def undo(archive: Archive, number: int, *, by: str, note: str | None = None) -> int:
    """Take an edit back; both stay written down.  Raises InputError for an unknown number."""
    d.prepare(archive)
    with d.writing(archive) as connection:
        entry = next((one for one in _entries(connection) if one["number"] == number), None)
        if entry is None or entry["kind"] == "undo":
            raise InputError(f"there is no edit of stories {number} that could be taken back")
        return _add(connection, archive, "undo", [], [], by, note, number)


def log(archive: Archive) -> list[dict[str, Any]]:
    """Return every entry: number, kind, left, right, undoes, by, at, note."""
    with d.reading(archive) as connection:
        return _entries(connection) if d.is_there(connection) else []


def _articles(connection: sa.Connection, story: str) -> list[str]:
    a = d.articles.c
    found = list(connection.scalars(sa.select(a.id).where(a.story == story).order_by(a.id)))
    if not found:
        raise InputError(f"there is no story {story!r}; list them with  onrecord export stories")
    return found


def _add(
    connection: sa.Connection, archive: Archive, kind: str, left: list[str], right: list[str],
    by: str, note: str | None, undoes: int | None = None,
) -> int:  # fmt: skip
    if not by.strip():
        raise InputError("say who does this: --by NAME")
    entry = {"kind": kind, "left": left, "right": right, "undoes": undoes, "by": by,
             "at": archive._now(), "note": note}  # fmt: skip
    added = connection.execute(d.story_edits.insert().values(edit=json.dumps(entry)))
    assert added.inserted_primary_key is not None
    return int(added.inserted_primary_key[0])


def _entries(connection: sa.Connection) -> list[dict[str, Any]]:
    c = d.story_edits.c
    query = sa.select(c.key, c.edit).order_by(c.key)
    return [{"number": key, **json.loads(edit)} for key, edit in connection.execute(query)]


def standing(connection: sa.Connection) -> list[Edit]:
    """Return the edits that were not taken back, oldest first."""
    entries = _entries(connection)
    back = {entry["undoes"] for entry in entries}
    return [
        Edit(entry["kind"], frozenset(entry["left"]), frozenset(entry["right"]))
        for entry in entries
        if entry["kind"] != "undo" and entry["number"] not in back
    ]


def since(connection: sa.Connection, number: int) -> tuple[int, set[str]]:
    """Return the last entry's number, and the articles that entries after ``number`` touch."""
    entries = {entry["number"]: entry for entry in _entries(connection)}
    touched: set[str] = set()
    for key, entry in entries.items():
        if key > number:
            meant = entries.get(entry["undoes"], entry)
            touched.update(meant["left"], meant["right"])
    return max(entries, default=0), touched
