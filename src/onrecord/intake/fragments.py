"""Pieces of HTML and Markdown, as feeds and notes hold them, to plain text."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from onrecord import settings

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--")
_BLANK = re.compile(r"[ \t\r\f\v\xa0]+")
_NO_MARKUP = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PARAGRAPHS = frozenset(
    "p div section article blockquote h1 h2 h3 h4 h5 h6 ul ol table pre figure header footer"
    " aside main".split()
)
_LINES = frozenset("br li tr dt dd hr figcaption".split())
_MUTE = frozenset("script style svg noscript template iframe head canvas object".split())

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*\Z")
_QUOTE = re.compile(r"\s{0,3}>\s?")
_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,1000}?)(?<=\S)\1")
_SLANTED = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,1000}?)(?<=\S)\*(?![\w*])")
_FRONT = re.compile(r"([A-Za-z][\w-]{0,40})\s*:\s*(.*?)\s*\Z")
#: Lines that a note's front matter may have.
_MOST_FRONT = 100


def plain(markup: str) -> str:
    """Return the text of a piece of HTML: a blank line between paragraphs, entities undone.

    A piece longer than ``max_page_chars`` is cut there.
    """
    markup = _NO_MARKUP.sub(" ", markup[: settings.get("max_page_chars")])
    if not _TAG.search(markup):
        return _tidy(unescape(markup))
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    root: _Element | None = etree.fromstring(f"<body>{markup}</body>", parser)
    return "" if root is None else _tidy(_text(root))


def _text(root: _Element) -> str:
    """Gather an element's words; without recursion, however deep it is nested."""
    from lxml import etree

    pieces: list[str] = []
    muted = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if name in _PARAGRAPHS:
            pieces.append("\n\n")
        elif name in _LINES and event == "start":
            pieces.append("\n")
        if name in _MUTE:
            muted += 1 if event == "start" else -1
        text = element.text if event == "start" else element.tail
        if text and not muted:
            pieces.append(re.sub(r"\s+", " ", text))
    return "".join(pieces)


def _tidy(text: str) -> str:
    lines = [_BLANK.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def from_markdown(text: str) -> tuple[str, dict[str, str]]:
    """Return the words of a Markdown text, and the fields of its front matter.

    Marks of headings, quotations, links, images and emphasis go, their words
    stay; fenced code stays as it is.  Front matter is lines ``name: value``
    between two lines of three dashes at the very beginning; names come out in
    small letters.  Without a ``title`` there, the first heading is the title.
    """
    lines = text.lstrip("\ufeff").splitlines()
    fields, lines = _front_matter(lines)
    out, fenced = [], False
    for line in lines:
        fenced ^= _FENCE.match(line) is not None
        heading = None if fenced else _HEADING.match(line)
        if heading and "title" not in fields:
            fields["title"] = _inline(heading[1])
        out.append(line if fenced else _inline(heading[1] if heading else _QUOTE.sub("", line, 1)))
    return "\n".join(out).strip("\n"), {name: value for name, value in fields.items() if value}


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    if not lines or lines[0].rstrip() != "---":
        return {}, lines
    fields: dict[str, str] = {}
    for number, line in enumerate(lines[1 : _MOST_FRONT + 1], start=1):
        if line.rstrip() in ("---", "..."):
            return fields, lines[number + 1 :]
        match = _FRONT.match(line)
        if match:
            fields[match[1].lower()] = match[2].strip("\"'")
    return {}, lines


def _inline(line: str) -> str:
    line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    return _SLANTED.sub(r"\1", _STRONG.sub(r"\2", line))
