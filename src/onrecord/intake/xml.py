"""XML from strangers: no DOCTYPE, no entities of its own, no files, no network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onrecord.intake.decoding import decode

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{2,30})[\"']")
_BLANK = re.compile(r"\s+")
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
#: The pieces of a DOCTYPE that decide where it ends, and what closes those that are closed.
_PIECE = re.compile(r"<!--|[\"'\[\]<>]")
_CLOSED_BY = {"<!--": "-->", '"': '"', "'": "'", "<?": "?>"}
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
#: What no XML may hold.
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_KINDS = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "opml": "opml",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
}


def xml_text(data: bytes) -> str:
    """Return the text of an XML document from its first element on.

    Decoded as ``decoding.decode`` does; declaration, comments before the
    first element and DOCTYPE are left out, and so are all entities that it
    defines; control characters become blanks.
    """
    match = _DECLARED.match(data[:400])
    text = _NO_XML.sub(" ", decode(data, match[1].decode("ascii") if match else None))
    at = 1 if text.startswith("\ufeff") else 0
    while True:
        blank = _BLANK.match(text, at)
        if blank:
            at = blank.end()
        elif text.startswith(("<?", "<!--"), at):
            at = _closed(text, at, "<?" if text.startswith("<?", at) else "<!--")
        elif _DOCTYPE.match(text, at):
            at = _doctype_end(text, at)
        else:
            return text[at:]


def _closed(text: str, at: int, opening: str) -> int:
    """Where what opens at ``at`` has been closed; the text's end when it never is."""
    closing = _CLOSED_BY[opening]
    end = text.find(closing, at + len(opening))
    return len(text) if end < 0 else end + len(closing)


def _doctype_end(text: str, at: int) -> int:
    depth = 0
    while piece := _PIECE.search(text, at):
        at = piece.end()
        if piece[0] in _CLOSED_BY:
            at = _closed(text, piece.start(), piece[0])
        else:
            depth += {"<": 1, "[": 1}.get(piece[0], -1)
            if depth <= 0:
                return at
    return len(text)


def xml_kind(data: bytes) -> str | None:
    """Say what a document is by its first element: ``feed``, ``opml``, ``sitemap``, else None."""
    match = _ROOT.match(xml_text(data[:65_536]))
    return _KINDS.get(match[1].lower()) if match else None


def parse(text: str) -> _Element | None:
    """Parse what ``xml_text`` returned, mending what is broken; None for nothing at all."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    root: _Element | None = etree.fromstring(text.encode("utf-8"), parser)
    return root


def local_name(element: _Element) -> str:
    """The element's name without its namespace, in small letters."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
