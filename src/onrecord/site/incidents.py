"""An incident's page: its reports in turn, its figures, and every sentence that names it."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from onrecord.analysis import progress
from onrecord.analysis.rows import Amount, Incident, Report
from onrecord.site import words
from onrecord.site.edition import Edition
from onrecord.site.evidence import Piece, Quote


class Sentence(NamedTuple):
    """A sentence that names an incident, its words marked."""

    piece: Piece
    quote: Quote
    report: Report | None


class Value(NamedTuple):
    """What an article gives as a number."""

    of: str
    value: str
    amount: Amount
    piece: Piece


class View(NamedTuple):
    """All that an incident's page shows."""

    row: Incident
    #: How the word on it changed, in order.
    turns: tuple[tuple[Report, Piece | None], ...]
    own: tuple[Sentence, ...]
    copied: tuple[Sentence, ...]
    figures: tuple[Value, ...]


def view(edition: Edition, row: Incident) -> View:
    """Return an incident's page."""
    pieces = edition.pieces({one.article for one in row.mentions})
    sentences = _sentences(edition, row)
    turns = [(one, pieces.get(one.article)) for one in progress.path(row.reports)]
    figures = [
        Value(
            words.FIGURES.get(one.of or "", one.of or "number"),
            words.amount(one.low, one.high, one.unit), one, pieces[one.article],
        )
        for one in row.figures
        if one.article in pieces
    ]  # fmt: skip
    return View(
        row=row,
        turns=tuple(turns),
        own=tuple(one for one in sentences if one.piece.origin is None),
        copied=tuple(one for one in sentences if one.piece.origin is not None),
        figures=tuple(figures),
    )


def _sentences(edition: Edition, row: Incident) -> list[Sentence]:
    """Return the sentences in order of publication, each once."""
    ids = {one.article for one in row.mentions}
    texts, pieces = edition.texts(ids), edition.pieces(ids)
    spans: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for one in sorted(row.mentions, key=lambda one: (one.article, one.start)):
        if one.article in texts and one.article in pieces:
            first, _ = texts[one.article].sentence(one.start, one.end)
            at = spans[one.article, first]
            if not at or at[-1][1] <= one.start:
                at.append((one.start, one.end))
    reports = {one.article: one for one in reversed(row.reports)}
    found = [
        Sentence(pieces[article], texts[article].quote(article, *where), reports.get(article))
        for (article, _), where in spans.items()
    ]
    return sorted(found, key=lambda one: (one.piece.published, one.piece.id, one.quote.start))
