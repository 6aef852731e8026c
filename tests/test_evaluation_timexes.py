"""Times of a record against TIMEX3 annotation, worked by hand."""

from __future__ import annotations

from pathlib import Path

from onrecord.evaluation import measure
from onrecord.evaluation.timexes import score, timed_text
from onrecord.record import Time
from tests.evaluation_rows import FakeReader, record, write_jsonl

TEXT = "On 4 May it rained for two days, and again last week."
TWO = {
    "text": TEXT,
    "dct": "2031-05-20",
    "timexes": [
        {"start": 3, "end": 8, "type": "DATE", "value": "2031-05-04"},
        {"start": 23, "end": 31, "type": "DURATION", "value": "P2D"},
    ],
}


def found(start: int, end: int, type_: str, value: str) -> Time:
    return Time("t", start, end, type_, value, None, None, None)


def scored(*times: Time) -> dict[str, tuple[float, ...]]:
    return score(timed_text(TWO), record(TEXT, times=times))


def test_right_in_everything() -> None:
    times = (found(3, 8, "DATE", "2031-05-04"), found(23, 31, "DURATION", "P2D"))
    assert set(scored(*times).values()) == {(2, 2, 2)}


def test_one_character_off_is_relaxed_and_keeps_type_and_value() -> None:
    counts = scored(found(0, 8, "DATE", "2031-05-04"))
    assert counts == {
        "strict F1": (0, 1, 2),
        "relaxed F1": (1, 1, 2),
        "type F1": (1, 1, 2),
        "value F1": (1, 1, 2),
    }


def test_wrong_type_and_value() -> None:
    counts = scored(found(3, 8, "SET", "XXXX-05-04"))
    assert counts["strict F1"] == (1, 1, 2)
    assert counts["type F1"] == counts["value F1"] == (0, 1, 2)


def test_nothing_found_and_all_wrong() -> None:
    assert set(scored().values()) == {(0, 0, 2)}
    assert set(scored(found(43, 52, "DATE", "2031-W20")).values()) == {(0, 1, 2)}


def test_the_creation_time_is_the_publication_date() -> None:
    assert timed_text(TWO).article.published == "2031-05-20"
    assert timed_text(TWO | {"dct": None}).article.published_basis == "none"


def test_type_is_left_out_where_the_set_has_one_type(tmp_path: Path) -> None:
    dates = TWO | {"timexes": TWO["timexes"][:1]}  # type: ignore[index]
    path = write_jsonl(tmp_path / "x.jsonl", dates)
    result = measure("times", [path], FakeReader())
    assert result.score("type F1") is None
    assert any("type is left out" in note for note in result.notes)
