"""People's corrections through the site: made, taken back, listed; then joined anew.

They are the archive's own (docs/archive.md) and those of stories (docs/joining.md); here
they get a name from who is signed in, and what follows from them is worked out at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from onrecord import forms
from onrecord import record as r
from onrecord.analysis import edits
from onrecord.archive import Archive
from onrecord.archive import schema as t
from onrecord.errors import InputError
from onrecord.site.api.context import Context

_c = t.corrections.c


class Entry(NamedTuple):
    """One entry of the log of corrections."""

    number: int
    article: str
    #: accept, reject, edit, split, merge or undo.
    action: str
    #: The record's list: events, statements, …
    kind: str
    row: str
    #: The words that the row begins with.
    words: str
    field: str | None
    #: JSON: the new value and the one before; None where there is none.
    value: str | None
    old: str | None
    #: The entry that this one takes back.
    undoes: int | None
    taken_back: bool
    by: str
    at: str
    note: str | None


class StoryEdit(NamedTuple):
    """One entry of the log of what people did to stories."""

    number: int
    #: merge, split or undo.
    kind: str
    #: Articles that belong to those of ``right`` (merge), or do not (split).
    left: tuple[str, ...]
    right: tuple[str, ...]
    undoes: int | None
    taken_back: bool
    by: str
    at: str
    note: str | None


def correct(
    context: Context,
    article: str,
    row: str,
    action: Literal["accept", "reject", "edit", "split", "merge"],
    *,
    by: str,
    field: str | None = None,
    value: Any = None,
    note: str | None = None,
) -> int:
    """Correct a row of an article's record; return the number that ``undo`` takes.

    Raises ArticleError for an unknown article, InputError when it cannot be done.
    """
    _check(row, action, field, value)
    number = context.archive.correct(
        article, row, action, by=by, field=field, value=value, note=note
    )
    context.join()
    return number


_CLASSES: Mapping[str, type] = {
    "e": r.Entity, "t": r.Time, "p": r.Place, "f": r.Figure, "s": r.Statement, "v": r.Event,
}  # fmt: skip


def _check(row: str, action: str, field: str | None, value: Any) -> None:
    """Refuse a value of a form that the action does not take; what it says is the archive's."""
    if action == "split" and not (
        isinstance(value, list) and all(type(one) is int and 0 < one < 2**31 for one in value)
    ):
        raise InputError("split takes the numbers of mentions: [1, 2]")
    if action == "merge" and not isinstance(value, str):
        raise InputError("merge takes the id of a row")
    if action == "edit" and row[:1] in _CLASSES:
        for slot in forms.slots(_CLASSES[row[:1]]):
            if slot.name == field:
                forms._parse(value, slot, slot.name)


def undo(context: Context, number: int, *, by: str, note: str | None = None) -> None:
    """Take a correction back; InputError when there is nothing to take back."""
    context.archive.undo(number, by=by, note=note)
    context.join()


def log(
    archive: Archive, *, article: str | None = None, before: int | None = None, limit: int = 100
) -> list[Entry]:
    """Return the last entries, newest first; of one article, or before an entry's number."""
    undone = t.corrections.alias()
    query = (
        sa.select(t.corrections, t.articles.c.id.label("article_id"), t.versions.c.text,
                  undone.c.key.is_not(None).label("back"))
        .join(t.articles, t.articles.c.key == _c.article)
        .join(t.versions, t.versions.c.key == _c.version)
        .outerjoin(undone, undone.c.undoes == _c.key)
        .order_by(_c.key.desc())
        .limit(limit)
    )  # fmt: skip
    if article is not None:
        query = query.where(t.articles.c.id == article)
    if before is not None:
        query = query.where(_c.key < before)
    with archive._reading() as connection:
        return [_entry(row) for row in connection.execute(query).mappings()]


def _entry(row: sa.RowMapping) -> Entry:
    same = ("action", "kind", "row", "field", "value", "old", "undoes", "by", "at", "note")
    return Entry(
        number=row["key"],
        article=row["article_id"],
        words=row["text"][row["start"] : row["end"]],
        taken_back=bool(row["back"]),
        **{name: row[name] for name in same},
    )


# -- stories --------------------------------------------------------------------------


def merge_stories(
    context: Context, stories: Sequence[str], *, by: str, note: str | None = None
) -> int:
    """Put stories together; return the number that ``undo_story`` takes."""
    number = edits.merge(context.archive, stories, by=by, note=note)
    context.join()
    return number


def split_story(
    context: Context, story: str, articles: Sequence[str], *, by: str, note: str | None = None
) -> int:
    """Take articles out of a story; return the number that ``undo_story`` takes."""
    number = edits.split(context.archive, story, articles, by=by, note=note)
    context.join()
    return number


def undo_story(context: Context, number: int, *, by: str, note: str | None = None) -> None:
    """Take a merge or split back; InputError when there is nothing to take back."""
    entry = next((one for one in story_log(context.archive) if one.number == number), None)
    if entry is not None and entry.taken_back:
        raise InputError(f"edit {number} was taken back already")
    edits.undo(context.archive, number, by=by, note=note)
    context.join()


def story_log(archive: Archive) -> list[StoryEdit]:
    """Return every edit of stories, newest first."""
    entries = edits.log(archive)
    back = {one["undoes"] for one in entries}
    return [
        StoryEdit(
            one["number"], one["kind"], tuple(one["left"]), tuple(one["right"]), one["undoes"],
            one["number"] in back, one["by"], one["at"], one["note"],
        )
        for one in reversed(entries)
    ]  # fmt: skip
