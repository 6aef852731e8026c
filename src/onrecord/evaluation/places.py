"""Scoring places: how many of the annotated toponyms are found and put where they are.

A toponym counts as put right when the place is within 161 km (100 miles,
great-circle) of the annotated point, the usual measure of toponym resolution.
Toponyms without annotated coordinates are left out; their number is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.load import Row
from onrecord.evaluation.spans import pair_up, shared
from onrecord.reading._placing import distance_km
from onrecord.reading.where import Context, Toponym, resolve
from onrecord.record import Article, Place, Record

KEYS = ("text", "toponyms")
NEAR_KM = 161.0
#: What an unresolved toponym counts in a median error: half the Earth's circumference.
LOST_KM = 20_015.0

MEASURES = (
    Measure("found and within 161 km", "share"),
    Measure("found", "share"),
    Measure("within 161 km where found", "share"),
)


class Located(NamedTuple):
    """An annotated toponym with its point in degrees."""

    start: int
    end: int
    lat: float
    lon: float


class PlacedText(NamedTuple):
    """One document with its annotated toponyms."""

    article: Article
    toponyms: tuple[Located, ...]
    #: Toponyms without coordinates, which are not scored.
    left_out: int
    #: Spans of all toponyms, with and without coordinates.
    spans: tuple[tuple[int, int], ...]


def placed_text(row: Row) -> PlacedText:
    """Parse a row of ``text`` and ``toponyms`` (start, end, lat, lon)."""
    known, spans = [], []
    for toponym in row["toponyms"]:
        start, end = int(toponym["start"]), int(toponym["end"])
        spans.append((start, end))
        if toponym["lat"] is not None and toponym["lon"] is not None:
            known.append(Located(start, end, float(toponym["lat"]), float(toponym["lon"])))
    return PlacedText(
        Article(text=row["text"]), tuple(known), len(spans) - len(known), tuple(spans)
    )


def score(row: PlacedText, record: Record) -> dict[str, Counts]:
    """Count (right, all) of the toponyms, with the places of a record.

    A toponym is found when a place of the record overlaps it; each place
    serves one toponym, and the pair that shares most characters goes first.
    """
    errors = errors_km(row.toponyms, record.places)
    found = float(sum(error is not None for error in errors))
    right = float(sum(error is not None and error <= NEAR_KM for error in errors))
    return {
        "found and within 161 km": (right, float(len(errors))),
        "found": (found, float(len(errors))),
        "within 161 km where found": (right, found),
    }


def errors_km(toponyms: Sequence[Located], places: Sequence[Place]) -> list[float | None]:
    """Return the distance of each toponym's place from its point; None where none overlaps.

    An unresolved place is as far away as the Earth allows.
    """
    gold = [((t.start, t.end),) for t in toponyms]
    given = [((p.start, p.end),) for p in places]
    errors: list[float | None] = [None] * len(gold)
    for wanted, found in pair_up(shared(gold, given)):
        toponym, place = toponyms[wanted], places[found]
        if place.lat is None or place.lon is None:
            errors[wanted] = LOST_KM
        else:
            errors[wanted] = distance_km(toponym.lat, toponym.lon, place.lat, place.lon)
    return errors


Resolve = Callable[[str, Sequence[Toponym], Context], list[Place]]


def score_resolution(
    rows: Iterable[dict[str, Any]], resolver: Resolve = resolve
) -> dict[str, float]:
    """Score the resolution alone, given the annotated spans.

    Returns ``accuracy@161`` (percent of toponyms with coordinates),
    ``median error`` (km), ``unresolved`` (percent), ``toponyms`` and
    ``left out`` (numbers).  Without any toponym the percentages are 0.
    """
    errors: list[float] = []
    left_out = 0
    for row in map(placed_text, rows):
        toponyms = [Toponym(start, end, 1.0) for start, end in row.spans]
        places = resolver(row.article.text, toponyms, Context())
        left_out += row.left_out
        found = errors_km(row.toponyms, places)
        errors += [LOST_KM if error is None else error for error in found]
    number = len(errors)
    return {
        "accuracy@161": 100.0 * sum(e <= NEAR_KM for e in errors) / max(1, number),
        "median error": median(errors) if errors else 0.0,
        "unresolved": 100.0 * sum(e == LOST_KM for e in errors) / max(1, number),
        "toponyms": float(number),
        "left out": float(left_out),
    }
