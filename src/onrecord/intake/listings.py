"""Lists of addresses: OPML lists of feeds, sitemaps with or without news."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from onrecord import settings
from onrecord.errors import SourceError
from onrecord.intake.addresses import Refused, web_address
from onrecord.intake.unpacking import UnpackError, gunzip
from onrecord.intake.xml import local_name, parse, xml_kind, xml_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_GZIP = b"\x1f\x8b"


class Listed(NamedTuple):
    """One address of a list, and what the list says of what is there."""

    url: str
    title: str | None = None
    #: As written: not believed yet.
    published: str | None = None
    publisher: str | None = None
    language: str | None = None


class Sitemap(NamedTuple):
    """A sitemap: addresses of pages, or of further sitemaps."""

    pages: tuple[Listed, ...]
    sitemaps: tuple[str, ...]
    #: Addresses that were refused, and why.
    refused: tuple[str, ...]


def read_opml(data: bytes, *, source: str) -> tuple[list[Listed], list[str]]:
    """Return the feeds of an OPML list, in order and each once, and what was refused.

    Raises SourceError when it is no OPML or larger than ``max_feed_bytes``.
    """
    root = _root(data, source, "opml", "an OPML list")
    found: dict[str, Listed] = {}
    refused = []
    for outline in root.iter("{*}outline"):
        values = {name.lower(): value for name, value in outline.attrib.items()}
        raw = str(values.get("xmlurl", "")).strip()
        if not raw or len(found) >= settings.get("max_feed_entries"):
            continue
        try:
            url = web_address(raw).url
        except Refused as error:
            refused.append(f"{raw}: {error}")
        else:
            name = str(values.get("title") or values.get("text") or "").strip()
            found.setdefault(url, Listed(url, title=name or None))
    return list(found.values()), refused


def read_sitemap(data: bytes, *, source: str) -> Sitemap:
    """Read a sitemap (sitemaps.org 0.9, gzip or not) with or without Google's news elements.

    Raises SourceError when it is none or larger than ``max_feed_bytes`` unpacked.
    """
    if data.startswith(_GZIP):
        try:
            data = gunzip(data, settings.get("max_feed_bytes"))
        except UnpackError as error:
            raise SourceError(f"{source} is not read: {error}", source=source) from error
    root = _root(data, source, "sitemap", "a sitemap")
    found: dict[str, Listed] = {}
    refused = []
    for place in root:
        values = _values(place)
        if not values.get("loc") or len(found) >= settings.get("max_feed_entries"):
            continue
        try:
            url = web_address(values["loc"]).url
        except Refused as error:
            refused.append(f"{values['loc']}: {error}")
        else:
            found.setdefault(url, _listed(url, values))
    if local_name(root) == "sitemapindex":
        return Sitemap((), tuple(found), tuple(refused))
    return Sitemap(tuple(found.values()), (), tuple(refused))


def _listed(url: str, values: dict[str, str]) -> Listed:
    return Listed(
        url,
        title=values.get("title"),
        published=values.get("publication_date"),
        publisher=values.get("name"),
        language=values.get("language"),
    )


def _values(place: _Element) -> dict[str, str]:
    """The texts below one ``url`` element by their elements' names; the first of each counts."""
    values: dict[str, str] = {}
    for element in place.iter("*"):
        text = (element.text or "").strip()
        if text and len(element) == 0:
            values.setdefault(local_name(element), text)
    return values


def _root(data: bytes, source: str, kind: str, name: str) -> _Element:
    most = settings.get("max_feed_bytes")
    if len(data) > most:
        raise SourceError(
            f"{source} is larger than {most:,} bytes (ONRECORD_MAX_FEED_BYTES)", source=source
        )
    root = parse(xml_text(data)) if xml_kind(data) == kind else None
    if root is None:
        raise SourceError(f"{source} is not {name}; check the address", source=source)
    return root
