"""Lines and paragraphs of a text, as spans.

A line ends at any Unicode line break.  A paragraph is one line, or several
where the text was wrapped to a fixed width, as mail and plain-text wires are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_LINE = re.compile("[^\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")
#: White space, and signs that show nothing: zero-width spaces, joiners, byte order marks, NUL.
BLANK = (
    "\0\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d"
    "\u202e\u202f\u205f\u2060\u3000\ufeff"
)
#: Share of line breaks that must stand where a fixed width forces them.
_WRAPPED_SHARE = 0.9
_WIDEST_WRAP = 100
_ENDS_PARAGRAPH = re.compile('[.!?:;…"”’»)\\]。！？]$')


class Line(NamedTuple):
    """A stretch of one line without the blanks around it; never empty."""

    start: int
    end: int
    #: An empty line, or the start of the text, stands before it.
    after_blank: bool


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return ``start, end`` without blanks at either side; equal when nothing is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(BLANK))
    if left == len(piece):
        return start, start
    return start + left, start + len(piece.rstrip(BLANK))


def split_lines(text: str) -> list[Line]:
    """Return the lines of ``text`` that hold more than blanks."""
    found: list[Line] = []
    before = 0
    for match in _LINE.finditer(text):
        start, end = trim(text, *match.span())
        if start == end:
            continue
        gap = text[before:start].replace("\r\n", "\n")
        breaks = sum(gap.count(sign) for sign in "\n\r\v\f\x85\u2028\u2029")
        found.append(Line(start, end, not found or breaks > 1 or "\u2029" in gap))
        before = end
    return found


def hard_wrapped(text: str, lines: Sequence[Line]) -> bool:
    """Say whether the text was broken into lines of a fixed width.

    True when nearly every line inside a block is so long that the next word
    would not have fitted.
    """
    width = max((line.end - line.start for line in lines), default=0)
    if not 40 <= width <= _WIDEST_WRAP:
        return False
    breaks = [(a, b) for a, b in pairwise(lines) if not b.after_blank]
    if len(breaks) < 4:
        return False
    forced = sum(a.end - a.start + 1 + _first_word(text, b) > width - 4 for a, b in breaks)
    return forced >= _WRAPPED_SHARE * len(breaks)


def _first_word(text: str, line: Line) -> int:
    head = text[line.start : min(line.end, line.start + _WIDEST_WRAP)]
    return len(head.split(maxsplit=1)[0]) if head.split() else 0


def paragraphs(text: str, lines: Sequence[Line], *, wrapped: bool) -> list[Line]:
    """Join the lines that belong to one paragraph."""
    joined: list[Line] = []
    for line in lines:
        if joined and _continues(text, joined[-1], line, wrapped):
            joined[-1] = Line(joined[-1].start, line.end, joined[-1].after_blank)
        else:
            joined.append(line)
    return joined


def _continues(text: str, before: Line, line: Line, wrapped: bool) -> bool:
    if line.after_blank:
        return False
    if wrapped:
        return True
    return (
        text[line.start].islower()
        and before.end - before.start >= 30
        and _ENDS_PARAGRAPH.search(text, before.end - 1, before.end) is None
    )
