"""Whether a confidence is a probability: reliability in ten bins, and Brier's score."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.evaluation import events, statements
from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.gold import GoldReport
from onrecord.record import Record

BINS = 10
KINDS = ("statements", "events")

MEASURES = tuple(
    measure
    for kind in KINDS
    for measure in (
        Measure(f"{kind} Brier score", "error"),
        Measure(f"{kind} calibration error", "calibration error"),
    )
)


def bin_of(confidence: float) -> int:
    """Return the bin of a confidence: [0, 0.1) is 0, …, [0.9, 1] is 9.

    Raises ValueError for a confidence outside 0–1.
    """
    if not 0 <= confidence <= 1:
        raise ValueError(f"a confidence of {confidence} is no probability")
    return min(int(confidence * BINS), BINS - 1)


def counts(judged: Iterable[tuple[float, bool]]) -> tuple[Counts, Counts]:
    """Return Brier's (sum of squared errors, number) and the bins of (confidence, right).

    A bin holds its number, its summed confidence and how many were right.
    """
    bins = [0.0] * (3 * BINS)
    error = number = 0.0
    for confidence, right in judged:
        at = 3 * bin_of(confidence)
        bins[at] += 1
        bins[at + 1] += confidence
        bins[at + 2] += right
        error += (confidence - right) ** 2
        number += 1
    return (error, number), tuple(bins)


def judged_statements(row: GoldReport, record: Record) -> list[tuple[float, bool]]:
    """Return (confidence, found in gold) of each statement of kind "statement"."""
    pairs, candidates = statements.align(row, record)
    right = {id(found) for _, found in pairs}
    return [(s.confidence, id(s) in right) for s in candidates]


def judged_events(row: GoldReport, record: Record) -> list[tuple[float, bool]]:
    """Return (confidence, a trigger of it found in gold with its type) of each event."""
    right = {
        found.event for gold, found in events.align(row, record).mentions if gold.type == found.type
    }
    return [(event.confidence, i in right) for i, event in enumerate(record.events)]


def score(row: GoldReport, record: Record) -> dict[str, Counts]:
    """Judge each confidence of a record by whether its statement or event is in gold."""
    result: dict[str, Counts] = {}
    for kind, judge in zip(KINDS, (judged_statements, judged_events), strict=True):
        brier, bins = counts(judge(row, record))
        result[f"{kind} Brier score"] = brier
        result[f"{kind} calibration error"] = bins
    return result
