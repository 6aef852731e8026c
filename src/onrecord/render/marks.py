"""The article's words with marks on them, as HTML.

A record marks words many times over: a name inside a quotation inside a
statement, spans that cross.  Marks on the same words become one element; a mark
inside another nests; where two cross, the inner one is cut at the boundary and
goes on as a second element.  The words themselves are links to the field that
the innermost mark stands for.  The work is linear in marks and depth.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from onrecord.record import Record, Spanned
from onrecord.render.wording import visible

#: Kinds of mark, the one that names the link's field first.
KINDS = ("trigger", "cue", "time", "place", "figure", "who", "part", "said", "skipped")


class Mark(NamedTuple):
    """Words that one field of the record stands on."""

    start: int
    end: int
    #: One of KINDS.
    kind: str
    #: Id of the row that the words link to (``s1``, ``v3``, ``e2``, …); empty for none.
    row: str


@dataclass(slots=True)
class Element:
    """Everything that is marked on one span."""

    start: int
    end: int
    marks: list[Mark] = field(default_factory=list)
    #: Whether its first piece, which carries the id, is written.
    begun: bool = False
    #: Whether words of its own are written: only the first can be tabbed to.
    linked: bool = False

    @property
    def row(self) -> str:
        """The row its words link to."""
        return min(self.marks, key=lambda mark: KINDS.index(mark.kind)).row


def anchor(span: Spanned) -> str:
    """Return the id of the element that marks these words: ``w-12-19``."""
    return f"w-{span.start}-{span.end}"


def marks(record: Record) -> list[Mark]:
    """Return every mark of a record, in no order."""
    found = [Mark(m.start, m.end, "who", e.id) for e in record.entities for m in e.mentions]
    found += _of("", "skipped", record.skipped)
    for kind, rows in (("time", record.times), ("place", record.places)):
        found += [Mark(row.start, row.end, kind, row.id) for row in rows]
    found += [Mark(row.start, row.end, "figure", row.id) for row in record.figures]
    for statement in record.statements:
        found += _of(statement.id, "cue", [statement.cue])
        found += _of(statement.id, "said", statement.content)
        found += _of(statement.id, "part", [statement.speaker, statement.addressee])
        found += _of(statement.id, "part", [statement.medium])
    for event in record.events:
        found += _of(event.id, "trigger", event.mentions)
        found += _of(event.id, "part", [*event.actors, *event.recipients])
    return found


def _of(row: str, kind: str, spans: Iterable[Spanned | None]) -> list[Mark]:
    return [Mark(span.start, span.end, kind, row) for span in spans if span is not None]


def elements(found: Iterable[Mark]) -> list[Element]:
    """Return one element for each marked span, by start, the longer first."""
    by_span: dict[tuple[int, int], Element] = {}
    for mark in found:
        key = (mark.start, mark.end)
        by_span.setdefault(key, Element(*key)).marks.append(mark)
    return sorted(by_span.values(), key=lambda element: (element.start, -element.end))


def marked(text: str, start: int, end: int, inside: Sequence[Element], prefix: str = "") -> str:
    """Return ``text[start:end]`` as HTML with the elements that overlap it.

    ``inside`` is as ``elements`` sorts it; what runs over an edge is cut there.
    ``prefix`` stands before every id, so that several records share a page.
    """
    return "".join(_pieces(text, start, end, inside, prefix))


def _pieces(
    text: str, start: int, end: int, inside: Sequence[Element], prefix: str
) -> Iterator[str]:
    edges = {start, end}
    for element in inside:
        edges |= {max(start, element.start), min(end, element.end)}
    open_: list[Element] = []
    waiting = list(reversed(inside))
    points = sorted(edges)
    for here, there in zip(points, [*points[1:], end]):
        yield from _close(open_, here, prefix)
        while waiting and max(start, waiting[-1].start) <= here:
            element = waiting.pop()
            open_.append(element)
            yield _opening(element, prefix)
        if here < there:
            yield _words(text[here:there], open_[-1] if open_ else None, prefix)
    yield "</span>" * len(open_)


def _close(open_: list[Element], here: int, prefix: str) -> Iterator[str]:
    """Close what ends here; what lies inside but goes on is closed and opened again."""
    ending = [depth for depth, element in enumerate(open_) if element.end <= here]
    if not ending:
        return
    going_on = [element for element in open_[ending[0] :] if element.end > here]
    yield "</span>" * (len(open_) - ending[0])
    del open_[ending[0] :]
    for element in going_on:
        open_.append(element)
        yield _opening(element, prefix)


def _opening(element: Element, prefix: str) -> str:
    kinds = " ".join(dict.fromkeys(mark.kind for mark in element.marks))
    rows = " ".join(dict.fromkeys(mark.row for mark in element.marks))
    id_ = "" if element.begun else f' id="{prefix}{anchor(element)}"'
    element.begun = True
    return f'<span{id_} class="{kinds}" data-rows="{html.escape(rows)}">'


def _words(words: str, element: Element | None, prefix: str) -> str:
    shown = html.escape(visible(words))
    if element is None or not element.row or not words.strip():
        return shown
    tab = ' tabindex="-1"' if element.linked else ""
    element.linked = True
    return f'<a href="#{prefix}f-{html.escape(element.row)}"{tab}>{shown}</a>'
