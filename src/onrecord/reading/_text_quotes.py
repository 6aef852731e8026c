"""Stretches in quotation marks.

One pass over the marks of a paragraph with a stack of open ones; every mark is
pushed and popped at most once, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from onrecord.reading._text_lines import Line, hard_wrapped, paragraphs, split_lines
from onrecord.record import Span

_MARK = re.compile("``|''|[\"“”„‟«»‹›‘’‚'「」『』]")
#: What a closing mark closes, by family.
_CLOSES = {
    "”": "“„‟",
    "»": "«",
    "›": "‹",
    "」": "「",
    "』": "『",
}
_OPENS = frozenset("“„‟«‹「『‘‚")
#: Words that begin with an apostrophe, not with a quotation mark.
_ELISION = re.compile(
    r"['’‘](?:\d0s|em|til|tis|twas|cause|bout|round|cos|n['’]?)(?![^\W_])", re.IGNORECASE
)
_Open = tuple[str, int]


def quoted(text: str) -> list[Span]:
    """Return the outermost stretches in quotation marks, marks included, in text order.

    Straight, curly, angled, German and single marks are read, and apostrophes
    told from closing single marks.  A quotation that is not closed ends with
    its paragraph, unless more marks of its kind follow there: then nobody can
    say where it ends, and it is left out.  Scare quotes are included.
    """
    lines = split_lines(text)
    found: list[Span] = []
    blocks = paragraphs(text, lines, wrapped=hard_wrapped(text, lines))
    for block, following in zip_longest(blocks, blocks[1:]):
        goes_on = following is not None and text[block.start] == text[following.start]
        found.extend(_outermost(_pairs(text, block, goes_on)))
    return found


def _outermost(pairs: list[Span]) -> Iterator[Span]:
    end = -1
    for span in sorted(pairs, key=lambda span: (span.start, -span.end)):
        if span.start >= end:
            end = span.end
            yield span


def _pairs(text: str, paragraph: Line, goes_on: bool) -> list[Span]:
    marks = list(_MARK.finditer(text, paragraph.start, paragraph.end))
    closed: list[Span] = []
    stack: list[_Open] = []
    waiting: dict[str, int] = {}
    for index, mark in enumerate(marks):
        family, opens = _role(text, paragraph, marks, index, waiting)
        if not family:
            continue
        if opens:
            if family == '"' and waiting.get(family):
                _pop(stack, waiting, family)
            stack.append((family, mark.start()))
            waiting[family] = waiting.get(family, 0) + 1
        elif waiting.get(family):
            closed.append(Span(_pop(stack, waiting, family), mark.end()))
    closed.extend(_unclosed(marks, stack, paragraph, goes_on))
    return closed


def _pop(stack: list[_Open], waiting: dict[str, int], family: str) -> int:
    """Take the last open mark of ``family`` and drop what was opened inside it."""
    while True:
        kind, start = stack.pop()
        waiting[kind] -= 1
        if kind == family:
            return start


def _unclosed(
    marks: Sequence[re.Match[str]], stack: list[_Open], paragraph: Line, goes_on: bool
) -> list[Span]:
    """The one quotation that runs to the paragraph's end, if there is one.

    Single marks are trusted only where the next paragraph opens with one again
    (``goes_on``), as in a quotation of several paragraphs.
    """
    for family, start in reversed(stack):
        if family == "‘" and not (goes_on and start == paragraph.start):
            continue
        if family == "'":
            continue
        later = any(m.start() > start and m.group() not in "'’‘" for m in marks)
        return [] if later else [Span(start, paragraph.end)]
    return []


def _role(
    text: str,
    paragraph: Line,
    marks: Sequence[re.Match[str]],
    index: int,
    waiting: dict[str, int],
) -> tuple[str, bool]:
    """Return the family of the mark ("" for an apostrophe) and whether it opens."""
    mark = marks[index]
    sign = mark.group()
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    after = text[mark.end()] if mark.end() < paragraph.end else " "
    if sign == '"':
        return _straight(before, after, waiting)
    if sign == "“" and waiting.get("„"):
        return "„", False
    if sign in ("``", "''"):
        return "`", sign == "``"
    if sign in ("'", "’", "‘", "‚"):
        return _single(text, marks, index, before, after, waiting)
    if sign in _OPENS:
        return sign, True
    for family in _CLOSES.get(sign, ""):
        if waiting.get(family):
            return family, False
    return "", False


def _straight(before: str, after: str, waiting: dict[str, int]) -> tuple[str, bool]:
    begins = before.isspace() or before in "([{—–-/“‘'"
    ends = after.isspace() or after in ")]}.,;:!?—–-'’"
    if begins != ends:
        return '"', begins
    is_open = bool(waiting.get('"'))
    if not is_open and before.isdigit():
        return "", False
    return '"', not is_open


def _single(
    text: str,
    marks: Sequence[re.Match[str]],
    index: int,
    before: str,
    after: str,
    waiting: dict[str, int],
) -> tuple[str, bool]:
    mark = marks[index]
    sign = mark.group()
    family = "‘" if sign in "‘’‚" else "'"
    if before.isalnum() and after.isalnum():
        return "", False
    begins = before.isspace() or before in '([{—–-/“"«„:'
    if sign != "’" and begins and not after.isspace():
        elision = _ELISION.match(text, mark.start(), mark.start() + 12)
        return ("", False) if elision and sign != "‚" else (family, True)
    if not waiting.get(family) or before.isspace() or after.isalnum():
        return "", False
    return ("", False) if _possessive(text, marks, index) else (family, False)


def _possessive(text: str, marks: Sequence[re.Match[str]], index: int) -> bool:
    """``the workers’ union``: a plural's apostrophe, as another mark can close the quotation."""
    mark = marks[index]
    if text[mark.start() - 1] != "s" or not re.match(r"\s\w", text[mark.end() : mark.end() + 2]):
        return False
    if index + 1 >= len(marks):
        return False
    following = marks[index + 1]
    if following.group() != mark.group():
        return False
    after = text[following.end() : following.end() + 1]
    opens = text[following.start() - 1].isspace()
    return not opens and not after.isalnum()
