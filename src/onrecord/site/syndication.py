"""Entries as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1: str in, bytes out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
#: What XML 1.0 cannot hold.
_NEVER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


class Entry(NamedTuple):
    """One entry of a feed; texts are plain."""

    id: str
    title: str
    text: str
    link: str
    #: Moments, ISO 8601 with zone.
    updated: str
    author: str | None = None


class Feed(NamedTuple):
    """A feed and its entries, the newest first."""

    id: str
    title: str
    #: The page that it follows, and its own address.
    link: str
    own: str
    updated: str
    entries: Sequence[Entry]


def rendered(feed: Feed, form: str) -> bytes:
    """Return the feed in a form: atom, rss or json."""
    return {"atom": atom, "rss": rss, "json": json_feed}[form](feed)


def _put(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    if text is not None:
        element.text = _NEVER.sub("\ufffd", text)
    return element


def _xml(root: ET.Element) -> bytes:
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom; all texts are of type ``text``: no mark-up is meant."""
    root = ET.Element("feed", {"xmlns": _ATOM})
    _put(root, "id", feed.id)
    _put(root, "title", feed.title)
    _put(root, "updated", feed.updated)
    _put(root, "link", rel="self", href=feed.own)
    _put(root, "link", rel="alternate", href=feed.link)
    _put(root, "generator", "onrecord")
    for one in feed.entries:
        entry = _put(root, "entry")
        _put(entry, "id", one.id)
        _put(entry, "title", one.title)
        _put(entry, "updated", one.updated)
        _put(entry, "link", rel="alternate", href=one.link)
        _put(_put(entry, "author"), "name", one.author or "onrecord")
        _put(entry, "content", one.text, type="text")
    return _xml(root)


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0.

    Readers take a description for HTML, so it is escaped as HTML first; some take a title for
    HTML too, others do not: there the signs of mark-up become others that look like them.
    """
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": _ATOM})
    channel = _put(root, "channel")
    _put(channel, "title", _harmless(feed.title))
    _put(channel, "link", feed.link)
    _put(channel, "description", html.escape(feed.title))
    _put(channel, "lastBuildDate", _date(feed.updated))
    _put(channel, "atom:link", rel="self", href=feed.own, type="application/rss+xml")
    for one in feed.entries:
        item = _put(channel, "item")
        _put(item, "title", _harmless(one.title))
        _put(item, "link", one.link)
        _put(item, "guid", one.id, isPermaLink="false")
        _put(item, "pubDate", _date(one.updated))
        _put(item, "description", html.escape(one.text))
    return _xml(root)


def _harmless(title: str) -> str:
    return title.replace("<", "‹").replace(">", "›")


def _date(moment: str) -> str:
    return format_datetime(datetime.fromisoformat(moment))


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    items = [
        {
            "id": one.id, "url": one.link, "title": one.title, "content_text": one.text,
            "date_modified": one.updated, "authors": [{"name": one.author or "onrecord"}],
        }
        for one in feed.entries
    ]  # fmt: skip
    body = {
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title,
        "home_page_url": feed.link, "feed_url": feed.own, "items": items,
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
