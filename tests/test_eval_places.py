"""Places against annotated points, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from onrecord.evaluation.places import (
    LOST_KM,
    errors_km,
    placed_text,
    score,
    score_resolution,
)
from onrecord.reading.where import Context, Toponym
from onrecord.record import Place
from tests.evaluation_rows import record

TEXT = "From Quito they drove to Lima and on to the coast."


def toponym(start: int, end: int, lat: float | None, lon: float | None) -> dict[str, Any]:
    return {"start": start, "end": end, "lat": lat, "lon": lon}


ROW = {
    "text": TEXT,
    "toponyms": [
        toponym(5, 10, 0.0, -78.5),
        toponym(25, 29, -12.0, -77.0),
        toponym(44, 49, None, None),
    ],
}


def place(start: int, end: int, lat: float | None, lon: float | None) -> Place:
    return Place("p", start, end, "x", None, None, None, lat, lon, "city", "linked", 0.9)


def scored(*places: Place) -> dict[str, tuple[float, ...]]:
    return score(placed_text(ROW), record(TEXT, places=places))


def test_one_right_one_far() -> None:
    # One degree of latitude is 111.19 km, two are 222.39 km.
    counts = scored(place(5, 10, 1.0, -78.5), place(25, 29, -14.0, -77.0))
    assert counts == {
        "found and within 161 km": (1, 2),
        "found": (2, 2),
        "within 161 km where found": (1, 2),
    }


def test_toponyms_without_coordinates_are_left_out() -> None:
    row = placed_text(ROW)
    assert (len(row.toponyms), row.left_out, len(row.spans)) == (2, 1, 3)
    assert scored(place(44, 49, 0.0, 0.0))["found"] == (0, 2)


def test_an_unresolved_place_is_found_but_not_right() -> None:
    counts = scored(place(5, 10, None, None))
    assert counts["found"] == (1, 2)
    assert counts["found and within 161 km"] == (0, 2)


def test_overlap_is_enough_and_a_place_serves_once() -> None:
    counts = scored(place(0, 29, 0.0, -78.5))
    assert counts["found"] == (1, 2)
    assert scored(place(5, 9, 0.0, -78.5))["found and within 161 km"] == (1, 2)


def test_distances_are_great_circles() -> None:
    row = placed_text({"text": TEXT, "toponyms": [toponym(5, 10, 0.0, 179.5)]})
    assert errors_km(row.toponyms, [place(5, 10, 0.0, -179.5)]) == [pytest.approx(111.19, abs=0.1)]
    assert errors_km(row.toponyms, []) == [None]


def test_resolution_alone_is_scored_on_the_given_spans() -> None:
    def resolver(text: str, toponyms: Sequence[Toponym], context: Context) -> list[Place]:
        assert [(t.start, t.end) for t in toponyms] == [(5, 10), (25, 29), (44, 49)]
        return [place(5, 10, 0.0, -78.5), place(25, 29, None, None), place(44, 49, 0.0, 0.0)]

    scores = score_resolution([ROW], resolver)
    assert scores == {
        "accuracy@161": 50.0,
        "median error": LOST_KM / 2,
        "unresolved": 50.0,
        "toponyms": 2.0,
        "left out": 1.0,
    }


def test_the_shipped_resolver_puts_known_cities_right() -> None:
    row = {"text": TEXT, "toponyms": [toponym(5, 10, -0.2, -78.5), toponym(25, 29, -12.0, -77.0)]}
    scores = score_resolution([row])
    assert scores["accuracy@161"] == 100.0
    assert scores["median error"] < 20


def test_nothing_to_score() -> None:
    assert score_resolution([{"text": TEXT, "toponyms": []}])["accuracy@161"] == 0.0


@pytest.mark.parametrize("missing", ["start", "lat"])
def test_rows_of_another_form_are_refused(missing: str) -> None:
    bad = {key: value for key, value in toponym(5, 10, 0.0, 0.0).items() if key != missing}
    with pytest.raises(KeyError, match=missing):
        placed_text({"text": TEXT, "toponyms": [bad]})
