"""Articles from JSON lines: one object a line, a bad line never stops the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from onrecord import settings
from onrecord.intake.articles import Given, Unreadable, article_from_text
from onrecord.intake.decoding import decode, scrub
from onrecord.record import Article

FIELDS = ("id", "published", "title", "url", "publisher", "byline", "language")
_NOTHING = Given()
_NO_MAP: Mapping[str, str] = {}
_ID = re.compile(r"\"id\"\s*:\s*(?P<id>\"(?:[^\"\\]|\\.){1,200}\"|-?\d{1,30})")


def articles_from_lines(
    lines: Iterable[bytes],
    *,
    fields: Mapping[str, str] = _NO_MAP,
    given: Given = _NOTHING,
    today: date | None = None,
) -> Iterator[Article | Unreadable]:
    """Yield one article, or why there is none, for each line that is not blank, in order.

    A line holds ``text`` and may hold ``id``, ``published``, ``title``, ``url``,
    ``publisher``, ``byline`` and ``language``, or under other keys, as ``fields``
    says (field → key); ``given`` fills in what a line leaves out.
    The text is kept as it is; other keys are ignored.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _article(line, number, fields, given, today)


def _article(
    line: bytes, number: int, fields: Mapping[str, str], given: Given, today: date | None
) -> Article | Unreadable:
    most = settings.get("max_file_bytes")
    if len(line) > most:
        why = f"line {number} is longer than {most:,} bytes (ONRECORD_MAX_FILE_BYTES)"
        return Unreadable(_salvaged_id(line), why, "too-long")
    try:
        row = json.loads(decode(line), strict=False)
    except (ValueError, RecursionError) as error:
        return Unreadable(_salvaged_id(line), f"line {number} is not JSON: {error}", "bad-json")
    if not isinstance(row, dict):
        return Unreadable(None, f"line {number} holds no JSON object", "not-an-object")
    mapped = {**row, **{to: row.get(key) for to, key in fields.items()}}
    return article_from_row(mapped, f"line {number}", given=given, today=today)


def article_from_row(
    row: Mapping[str, Any], place: str, *, given: Given = _NOTHING, today: date | None = None
) -> Article | Unreadable:
    """Make an article of one row's ``text`` and FIELDS; ``place`` names it in messages."""
    own = _scalar(row.get("id"))
    name = scrub(own).strip() or None if isinstance(own, str) else None
    text = row.get("text")
    if not isinstance(text, str):
        return Unreadable(name, f"{place} has no “text” (a string)", "no-text")
    fields = {key: _scalar(row.get(key)) for key in FIELDS}
    wrong = [key for key, value in fields.items() if value is False]
    if wrong:
        return Unreadable(name, f"{place}: “{wrong[0]}” must be a string", "bad-field")
    known = {key: value for key, value in fields.items() if isinstance(value, str)}
    return article_from_text(
        text,
        id=known.get("id"),
        published=known.get("published") or given.published,
        title=known.get("title") or given.title,
        url=known.get("url") or given.url,
        publisher=known.get("publisher") or given.publisher,
        byline=known.get("byline"),
        language=known.get("language"),
        today=today,
    )


def _scalar(value: Any) -> str | bool | None:
    """A string, a number as a string, None; False for what can be neither."""
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else False


def _salvaged_id(line: bytes) -> str | None:
    match = _ID.search(decode(line[:2000]))
    if match is None:
        return None
    try:
        return scrub(str(json.loads(match["id"])))
    except ValueError:
        return None
