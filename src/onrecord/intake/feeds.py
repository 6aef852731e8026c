"""RSS, Atom and JSON Feed → articles."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urljoin

from onrecord import settings
from onrecord.errors import SourceError
from onrecord.intake.addresses import Refused, web_address
from onrecord.intake.articles import Given, article_from_text
from onrecord.intake.decoding import decode
from onrecord.intake.fragments import plain
from onrecord.intake.html import looks_like_html, with_title
from onrecord.intake.xml import xml_kind, xml_text
from onrecord.record import Article

_JSON_FEED = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{")
_JSON_VERSION = "jsonfeed.org/version/"
_ENDS = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>\s*\Z", re.IGNORECASE)
#: A summary of this many characters is most probably the whole report.
_WHOLE = 1_200
_CUT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.{3}\]|(?:read more|continue reading|full story|read the full)\b.{0,40})"
    r"\s*\Z",
    re.IGNORECASE,
)
_NOTHING = Given()


class Entry(NamedTuple):
    """One entry of a feed, as the feed gives it; texts without markup."""

    url: str | None
    #: The feed's own name for the entry.
    guid: str | None
    title: str | None
    text: str
    #: Whether ``text`` is the report, not a summary of it.
    whole: bool
    #: As written: not believed yet.
    published: str | None
    updated: str | None
    byline: str | None


class Feed(NamedTuple):
    """A feed that could be read, perhaps in part."""

    title: str | None
    language: str | None
    entries: tuple[Entry, ...]
    #: What was wrong with it, in words; the entries are usable all the same.
    notes: tuple[str, ...]
    #: Whether its end is missing, so that entries may be lost.
    cut: bool


def is_feed(data: bytes) -> bool:
    """Say whether ``data`` looks like a feed: by its first element, or as a JSON Feed."""
    if _JSON_FEED.match(data[:200]):
        return _JSON_VERSION.encode() in data[:4000]
    return xml_kind(data) == "feed"


def read_feed(data: bytes, *, source: str) -> Feed:
    """Read an RSS, Atom or JSON Feed; ``source`` is its address or file name.

    A feed that is damaged gives the entries that can be read, and notes.  A valid
    feed without entries is a feed.  Raises SourceError for what is none, as an
    empty file or a web page, and for one larger than ``max_feed_bytes``.
    """
    most = settings.get("max_feed_bytes")
    if len(data) > most:
        raise SourceError(
            f"{source}: the feed is larger than {most:,} bytes (ONRECORD_MAX_FEED_BYTES)",
            source=source,
        )
    if _JSON_FEED.match(data[:200]):
        return _json_feed(data, source)
    return _xml_feed(data, source)


def _no_feed(source: str, why: str) -> SourceError:
    return SourceError(f"{source} is no feed: {why}; check the address", source=source)


# -- RSS and Atom --------------------------------------------------------------------------


def _xml_feed(data: bytes, source: str) -> Feed:
    import feedparser

    text = xml_text(data)
    if not text.strip():
        raise _no_feed(source, "it is empty")
    if xml_kind(data) != "feed":
        kind = "a web page" if looks_like_html(text) else "something else"
        raise _no_feed(source, f"it is {kind}")
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", errors="replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    cut = _ENDS.search(text[-200:]) is None
    notes = []
    if parsed.get("bozo"):
        notes.append(f"it is not well-formed ({parsed.get('bozo_exception')})")
    if cut:
        notes.append("its end is missing; entries may be lost")
    most = settings.get("max_feed_entries")
    if len(parsed.entries) > most:
        notes.append(f"only {most:,} of its {len(parsed.entries):,} entries are taken")
    about = parsed.feed
    return Feed(
        _words(about.get("title")),
        _string(about.get("language")),
        tuple(_entry(entry, source) for entry in parsed.entries[:most]),
        tuple(notes),
        cut,
    )


def _entry(entry: Any, source: str) -> Entry:
    contents = [_string(part.get("value")) for part in entry.get("content") or ()]
    texts = [plain(text) for text in contents if text]
    content = max(texts, key=len, default="")
    summary = _words(entry.get("summary")) or ""
    published, updated = _string(entry.get("published")), None
    if "updated" in entry:
        updated = _string(entry.get("updated"))
    guid = _string(entry.get("id"))
    return Entry(
        _link(_string(entry.get("link")) or guid, source),
        guid,
        _words(entry.get("title")),
        content if len(content) >= len(summary) else summary,
        _is_whole(content, summary),
        published,
        updated,
        _words(entry.get("author")),
    )


def _is_whole(content: str, summary: str) -> bool:
    """Feeds put reports into the content, but also into the summary, or a summary into both."""
    text = content or summary
    if not text or _CUT.search(text[-80:]):
        return False
    alone = bool(content) and summary in ("", content)
    return alone or len(text) >= _WHOLE or len(content) > 1.5 * len(summary)


def _string(value: Any) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _words(value: Any) -> str | None:
    return (plain(value) or None) if isinstance(value, str) else None


def _link(link: str | None, source: str) -> str | None:
    """The entry's address, absolute; None for what could not be fetched anyway."""
    if link is None:
        return None
    try:
        return web_address(urljoin(source, link) if "://" in source else link).url
    except (Refused, ValueError):
        return None


# -- JSON Feed (jsonfeed.org, version 1.1) ----------------------------------------------------


def _json_feed(data: bytes, source: str) -> Feed:
    try:
        parsed = json.loads(decode(data), strict=False)
    except (ValueError, RecursionError) as error:
        raise _no_feed(source, f"it is no JSON ({error})") from error
    version = parsed.get("version") if isinstance(parsed, dict) else None
    if not isinstance(version, str) or _JSON_VERSION not in version:
        raise _no_feed(source, "its “version” is not that of a JSON Feed")
    items = parsed.get("items")
    rows = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    notes = [] if isinstance(items, list) else ["it has no list of “items”"]
    most = settings.get("max_feed_entries")
    return Feed(
        _words(parsed.get("title")),
        _string(parsed.get("language")),
        tuple(_json_entry(row, source) for row in rows[:most]),
        tuple(notes),
        False,
    )


def _json_entry(row: dict[str, Any], source: str) -> Entry:
    content = _words(row.get("content_html")) or _string(row.get("content_text")) or ""
    summary = _words(row.get("summary")) or ""
    guid = _string(row.get("id"))
    return Entry(
        _link(_string(row.get("url")) or guid, source),
        guid,
        _words(row.get("title")),
        content or summary,
        bool(content) and _CUT.search(content[-80:]) is None,
        _string(row.get("date_published")),
        _string(row.get("date_modified")),
        ", ".join(_authors(row)) or None,
    )


def _authors(row: dict[str, Any]) -> Iterator[str]:
    people = row.get("authors")
    people = people if isinstance(people, list) else [row.get("author")]
    for person in people[:10]:
        name = _words(person.get("name")) if isinstance(person, dict) else None
        if name:
            yield name


# -- entries to articles -------------------------------------------------------------------


def entry_article(
    entry: Entry,
    feed: Feed,
    *,
    given: Given = _NOTHING,
    fetched: str | None = None,
    today: date | None = None,
) -> Article:
    """Make an article of what the feed holds of a report: its title, then its text.

    The publication date is the feed's (basis ``feed``), where there is only an
    update its date; what is ``given`` wins.  Marked partial when the feed holds a
    summary only.
    """
    heading = given.title or entry.title
    text = with_title(entry.text, heading)
    return article_from_text(
        text,
        url=entry.url,
        title=heading,
        byline=entry.byline,
        publisher=given.publisher or feed.title,
        language=feed.language if len(text.split()) < 20 else None,
        published=given.published or entry.published or entry.updated,
        published_basis="given" if given.published else "feed",
        fetched=fetched,
        partial=not entry.whole,
        today=today,
    )
