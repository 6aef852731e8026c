"""The layout of a report's text: what is read, as what, and what is left out.

``layout`` tells page leftovers, title, bylines, datelines and sentences apart;
``quoted`` finds what stands in quotation marks.  All of it is pure: a text in,
spans of that text out, in time that grows with its length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onrecord.reading._text_head import DatelineParts, Head, dateline_parts, read_head
from onrecord.reading._text_leftovers import leftovers, name_tail
from onrecord.reading._text_lines import Line, hard_wrapped, paragraphs, split_lines, trim
from onrecord.reading._text_quotes import quoted
from onrecord.reading._text_sentences import sentences_in
from onrecord.record import Skip, Span

__all__ = ["DatelineParts", "Layout", "dateline_parts", "layout", "quoted"]


class Layout(NamedTuple):
    """A text told apart; all spans are in text order and without blanks around them."""

    #: Page leftovers, which are not read, and why.
    skipped: list[Skip]
    #: Everything that is read but bylines and datelines; disjoint.
    sentences: list[Span]
    #: The report's title, which is one of the sentences.
    title: Span | None
    #: Places, dates and agencies before a paragraph's first sentence; not in ``sentences``.
    datelines: list[Span]
    #: Lines that name the writers; not in ``sentences``.
    bylines: list[Span]


def layout(text: str, *, title: str | None = None, publisher: str | None = None) -> Layout:
    """Tell leftovers, title, bylines, datelines and sentences of ``text`` apart.

    ``title`` and ``publisher`` are what is known beside the text: they help to
    recognise the title's line and the site's name in it.  Any text will do.
    """
    lines = split_lines(text)
    wrapped = hard_wrapped(text, lines)
    skipped = leftovers(text, lines, wrapped=wrapped, publisher=publisher)
    blocks = paragraphs(text, list(_left_over(text, lines, skipped)), wrapped=wrapped)
    if blocks and (tail := name_tail(text, blocks[0], publisher)):
        skipped = sorted([*skipped, tail], key=lambda skip: skip.start)
        blocks = list(_left_over(text, blocks, [tail]))
    head = read_head(text, blocks, title)
    repeated = _repeated_title(text, blocks, head)
    if repeated is not None:
        skipped = sorted([*skipped, repeated], key=lambda skip: skip.start)
    sentences = list(_sentences(text, blocks, head, repeated))
    return Layout(skipped, sentences, head.title, head.datelines, head.bylines)


def _left_over(text: str, lines: Sequence[Line], skipped: Sequence[Skip]) -> Iterator[Line]:
    """The lines without what is skipped: whole lines go, stretches at either end are cut off."""
    starts = [skip.start for skip in skipped]
    for line in lines:
        at = bisect_right(starts, line.end - 1) - 1
        skip = skipped[at] if at >= 0 and skipped[at].end > line.start else None
        if skip is None:
            yield line
        elif skip.start > line.start:
            start, end = trim(text, line.start, skip.start)
            yield Line(start, end, line.after_blank)


def _repeated_title(text: str, blocks: Sequence[Line], head: Head) -> Skip | None:
    """The title once more, as pages show it above and below their picture."""
    if head.title is None:
        return None
    words = text[head.title.start : head.title.end]
    for block in blocks[:6]:
        if block.start > head.title.start and text[block.start : block.end] == words:
            taken = any(span.start == block.start for span in (*head.datelines, *head.bylines))
            return None if taken else Skip(block.start, block.end, "title again")
    return None


def _sentences(
    text: str, blocks: Sequence[Line], head: Head, repeated: Skip | None
) -> Iterator[Span]:
    bylines = {span.start for span in head.bylines}
    datelines = {span.start: span.end for span in head.datelines}
    for block in blocks:
        if block.start in bylines or (repeated and block.start == repeated.start):
            continue
        if head.title and block.start == head.title.start:
            yield head.title
            continue
        start = block.start
        if start in datelines:
            start = _after_dateline(text, datelines[start], block.end)
        yield from sentences_in(text, start, block.end)


def _after_dateline(text: str, at: int, end: int) -> int:
    """Step over the dash, colon or full stop that ends a dateline."""
    while at < end and (text[at].isspace() or text[at] in "—–-.:"):
        at += 1
    return at
