"""Articles from files, folders, web addresses and standard input."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from onrecord import settings
from onrecord.errors import FetchError, SourceError
from onrecord.intake.articles import Given, Unreadable, article_from_text
from onrecord.intake.decoding import decode, no_text
from onrecord.intake.fragments import from_markdown
from onrecord.intake.html import article_from_html, decode_page, looks_like_html, with_title
from onrecord.intake.jsonl import articles_from_lines
from onrecord.intake.rows import articles_from_csv, articles_from_parquet
from onrecord.intake.warc import articles_from_warc
from onrecord.intake.web import Fetch, articles_from_web, articles_of, explained, is_listing
from onrecord.record import Article

if TYPE_CHECKING:
    from onrecord.intake.fetching import Page

STDIN = "-"
_MANY = (".jsonl", ".ndjson")
_PAGES = (".html", ".htm", ".xhtml")
_NOTES = (".md", ".markdown")
_CSV = (".csv", ".tsv")
_PARQUET = (".parquet", ".pq")
_WARC = (".warc", ".warc.gz")
_XML = (".xml", ".rss", ".atom", ".rdf", ".opml", ".xml.gz")
_TEXTS = (".txt", ".text")
_PDF = (".pdf",)
_MAIL = (".eml",)
#: What is read of a folder; lists of addresses in it are not followed.
_IN_FOLDERS = (
    *_MANY, *_PAGES, *_NOTES, *_CSV, *_PARQUET, *_WARC, *_TEXTS, *_PDF, *_MAIL, *_XML[:4],
)  # fmt: skip
#: Web pages of a folder from which on processes of their own are worth their start.
_WORTH = 16
_ROW = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{\s*\"[^\"]{1,60}\"\s*:")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_NO_MAP: Mapping[str, str] = {}


def is_many(source: str, *, stream: BinaryIO | None = None) -> bool:
    """Say whether ``source`` may hold several articles: by name, or, piped in, by look."""
    if source != STDIN:
        several = (*_MANY, *_CSV, *_PARQUET, *_WARC, *_XML)
        return source.lower().endswith(several) or (
            not _ADDRESS.match(source) and os.path.isdir(source)
        )
    peek = getattr(stream or sys.stdin.buffer, "peek", None)
    return bool(peek and _ROW.match(peek(512)))


def open_source(
    source: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    fields: Mapping[str, str] = _NO_MAP,
    fetch: Fetch | None = None,
    stream: BinaryIO | None = None,
    today: date | None = None,
) -> Iterator[Article | Unreadable]:
    """Yield the articles of a file, a folder, a web address or standard input (``-``).

    What becomes of which kind of source stands in docs/intake.md.  What is given
    here wins over what a page or feed says of itself and fills in what a row of a
    table or a line of a ``.jsonl`` leaves out.  ``fields`` says which column of a
    table, or key of a ``.jsonl``, gives which field (``rows.field_map``).  ``fetch`` stands
    in for the fetching from the web, ``stream`` for standard input.

    Raises SourceError, before the first article, when the source is missing,
    unreadable, too large, or no text; FetchError, which is one, for an address.
    One bad article of several comes out as Unreadable, in its place.
    """
    given = Given(published, title, url, publisher)
    name = source.lower()
    if source == STDIN:
        file = stream or sys.stdin.buffer
        if is_many(source, stream=file):
            return articles_from_lines(_lines(file), fields=fields, given=given, today=today)
        return iter([_one(_read(file, "standard input"), "standard input", given, today)])
    if _ADDRESS.match(source):
        return explained(source, articles_from_web(source, fetch, given, today))
    if os.path.isdir(source):
        return _from_folder(source, given, fields, today)
    if name.endswith(_MANY):
        return _from_jsonl(source, given, fields, today)
    if name.endswith((*_CSV, *_PARQUET, *_WARC)):
        return explained(source, _from_large(source, given, fields, today))
    with _open(source) as file:
        data = _read(file, source)
    if name.endswith(_PDF):
        from onrecord.intake.extraction import article_from_pdf

        return iter([article_from_pdf(data, source, given, today=today)])
    if name.endswith(_MAIL):
        from onrecord.intake.mail import article_from_mail

        return iter([article_from_mail(data, source=source, given=given, today=today)])
    if name.endswith(_NOTES):
        return iter([_note(data, source, given, today)])
    if name.endswith(".xml.gz") or (not name.endswith((*_PAGES, *_TEXTS)) and is_listing(data)):
        return explained(source, articles_of(data, source, fetch, given, today))
    return iter([_one(data, source, given, today)])


def expected(source: str) -> int | None:
    """Return how many articles a source will give, where that can be told without reading it.

    For showing how far a long piece of work is: a damaged file may give fewer.
    """
    if source == STDIN or _ADDRESS.match(source):
        return None
    try:
        if os.path.isdir(source):
            return _sum(map(expected, _paths(source)))
        name = source.lower()
        if name.endswith(_MANY):
            with open(source, "rb") as file:
                return sum(bool(line.strip()) for line in _lines(file))
        if name.endswith(_PARQUET):
            import pyarrow.parquet as pq

            return int(pq.read_metadata(source).num_rows)
    except (OSError, ValueError, ModuleNotFoundError):
        # What is wrong with it is told when it is read.
        return None
    return None if is_many(source) else 1


def _sum(numbers: Iterable[int | None]) -> int | None:
    found = list(numbers)
    return None if None in found else sum(filter(None, found))


def first_rows(source: str, count: int = 5, **known: Any) -> list[Article | Unreadable]:
    """Return the first articles of a source, as ``open_source`` with ``known`` gives them.

    For a look before the work: of a table or a ``.jsonl`` no more than these is read.
    """
    return list(islice(open_source(source, **known), count))


def _from_folder(
    source: str, given: Given, fields: Mapping[str, str], today: date | None
) -> Iterator[Article | Unreadable]:
    """All files of known kinds below a folder, by name; hidden ones and links stay out.

    Many web pages are taken apart in processes of their own, ahead of the reader.
    """
    paths = list(_paths(source))
    if not paths:
        raise SourceError(
            f"{source} is a folder without files that could be read "
            f"({', '.join(_IN_FOLDERS)}); check the path",
            source=source,
        )
    known = given._replace(title=None, url=None)
    pages = [path for path in paths if path.lower().endswith((*_PAGES, *_PDF))]
    if len(pages) < _WORTH:
        for path in paths:
            yield from _from_one(path, known, fields, today)
        return
    from onrecord.intake.extraction import cores, extracted, job

    jobs = (job(_kind(path), path, given=known, today=today) for path in pages)
    with closing(extracted(jobs, processes=min(cores(), len(pages) // _WORTH))) as found:
        for path in paths:
            if path.lower().endswith((*_PAGES, *_PDF)):
                one = next(found)
                yield one if isinstance(one, Article) else Unreadable(None, str(one), "bad-file")
            else:
                yield from _from_one(path, known, fields, today)


def _paths(folder: str) -> Iterator[str]:
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(place, name)
            known = name.lower().endswith(_IN_FOLDERS) and not name.startswith(".")
            if known and not os.path.islink(path) and os.path.isfile(path):
                yield path


def _kind(path: str) -> str:
    return "pdf" if path.lower().endswith(_PDF) else "html"


def _from_one(
    path: str, given: Given, fields: Mapping[str, str], today: date | None
) -> Iterator[Article | Unreadable]:
    try:
        yield from open_source(
            path, fields=fields, fetch=_stay_here, today=today, **given._asdict()
        )
    except SourceError as error:
        yield Unreadable(None, str(error), "bad-file")


def _stay_here(url: str) -> Page:
    raise FetchError(f"{url} is not fetched: it stands in a file of a folder", url=url, rule="file")


def _from_large(
    source: str, given: Given, fields: Mapping[str, str], today: date | None
) -> Iterator[Article | Unreadable]:
    """Files that are read piece by piece, however large."""
    with _open(source) as file:
        name = source.lower()
        if name.endswith(_WARC):
            yield from articles_from_warc(file, source=source, given=given, today=today)
        elif name.endswith(_PARQUET):
            yield from articles_from_parquet(
                file, source=source, fields=fields, given=given, today=today
            )
        else:
            yield from articles_from_csv(
                _lines(file), source=source, fields=fields, given=given, today=today
            )


def _from_jsonl(
    source: str, given: Given, fields: Mapping[str, str], today: date | None
) -> Iterator[Article | Unreadable]:
    file = _open(source)

    def rows() -> Iterator[Article | Unreadable]:
        with file:
            yield from articles_from_lines(_lines(file), fields=fields, given=given, today=today)

    return rows()


def _open(source: str) -> BinaryIO:
    try:
        return Path(source).open("rb")
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
    _guard_text(data, source)
    if source.lower().endswith(_PAGES) or looks_like_html(decode(data[:8192])):
        return article_from_html(decode_page(data), source=source, today=today, **given._asdict())
    return article_from_text(decode(data), today=today, **given._asdict())


def _note(data: bytes, source: str, given: Given, today: date | None) -> Article:
    """A Markdown file: its words, and what its front matter says of it."""
    _guard_text(data, source)
    text, said = from_markdown(decode(data))
    title = given.title or said.get("title")
    return article_from_text(
        with_title(text, title),
        title=title,
        url=given.url or said.get("url"),
        byline=said.get("author"),
        publisher=given.publisher or said.get("publisher"),
        published=given.published or said.get("published") or said.get("date"),
        published_basis="given" if given.published else "page",
        language=said.get("language") or said.get("lang"),
        today=today,
    )


def _guard_text(data: bytes, source: str) -> None:
    kind = no_text(data)
    if kind:
        raise SourceError(
            f"{source} is {kind}, not text; save it as plain text or HTML first", source=source
        )
