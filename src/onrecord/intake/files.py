"""Articles from files and standard input."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from onrecord import settings
from onrecord.errors import SourceError
from onrecord.intake.articles import Given, Unreadable, article_from_text
from onrecord.intake.decoding import decode, no_text
from onrecord.intake.html import article_from_html, decode_page, looks_like_html
from onrecord.intake.jsonl import articles_from_lines
from onrecord.record import Article

STDIN = "-"
_MANY = (".jsonl", ".ndjson")
_PAGES = (".html", ".htm", ".xhtml")
_ROW = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{\s*\"[^\"]{1,60}\"\s*:")


def is_many(source: str, *, stream: BinaryIO | None = None) -> bool:
    """Say whether ``source`` holds several articles: JSON lines, by name or, piped in, by look."""
    if source != STDIN:
        return source.lower().endswith(_MANY)
    peek = getattr(stream or sys.stdin.buffer, "peek", None)
    return bool(peek and _ROW.match(peek(512)))


def open_source(
    source: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    stream: BinaryIO | None = None,
    today: date | None = None,
) -> Iterator[Article | Unreadable]:
    """Yield the articles of a text file, an HTML file, a ``.jsonl`` file or standard input (``-``).

    What is given here wins over what a page says of itself and fills in what a
    line of a ``.jsonl`` leaves out.  ``stream`` stands in for standard input.

    Raises SourceError, before the first article, when the source is missing, a
    folder, unreadable, too large, or no text.  A bad line of a ``.jsonl`` comes
    out as Unreadable, in its place.
    """
    given = Given(published, title, url, publisher)
    if source == STDIN:
        file = stream or sys.stdin.buffer
        if is_many(source, stream=file):
            return articles_from_lines(_lines(file), given=given, today=today)
        return iter([_one(_read(file, "standard input"), "standard input", given, today)])
    if source.lower().endswith(_MANY):
        return _from_jsonl(source, given, today)
    with _open(source) as file:
        data = _read(file, source)
    return iter([_one(data, source, given, today)])


def _from_jsonl(source: str, given: Given, today: date | None) -> Iterator[Article | Unreadable]:
    file = _open(source)

    def rows() -> Iterator[Article | Unreadable]:
        with file:
            yield from articles_from_lines(_lines(file), given=given, today=today)

    return rows()


def _open(source: str) -> BinaryIO:
    if re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE):
        raise SourceError(
            f"{source} is a web address; save the page and give the file", source=source
        )
    try:
        path = Path(source)
        if path.is_dir():
            raise SourceError(f"{source} is a folder; give the files in it", source=source)
        return path.open("rb")
    except FileNotFoundError as error:
        raise SourceError(f"{source} does not exist; check the path", source=source) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{source} cannot be opened: {reason}", source=source) from error


def _read(file: BinaryIO, source: str) -> bytes:
    most = settings.get("max_file_bytes")
    try:
        data = file.read(most + 1)
    except OSError as error:
        raise SourceError(f"{source} cannot be read: {error.strerror}", source=source) from error
    if len(data) > most:
        raise SourceError(
            f"{source} is larger than {most:,} bytes; split it, or raise ONRECORD_MAX_FILE_BYTES",
            source=source,
        )
    return data


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of at most ``max_file_bytes``; the rest of a longer one is dropped, unread."""
    most = settings.get("max_file_bytes")
    while line := file.readline(most + 1):
        if len(line) > most and not line.endswith(b"\n"):
            while (rest := file.readline(most)) and not rest.endswith(b"\n"):
                pass
        yield line


def _one(data: bytes, source: str, given: Given, today: date | None) -> Article:
    kind = no_text(data)
    if kind:
        raise SourceError(
            f"{source} is {kind}, not text; save it as plain text or HTML first", source=source
        )
    if source.lower().endswith(_PAGES) or looks_like_html(decode(data[:8192])):
        return article_from_html(decode_page(data), source=source, today=today, **given._asdict())
    return article_from_text(
        decode(data),
        published=given.published,
        title=given.title,
        url=given.url,
        publisher=given.publisher,
        today=today,
    )
