"""TempEval-3 scoring of time expressions, worked by hand."""

from __future__ import annotations

import pytest

from onrecord.evaluation.times import match_times, score_times
from onrecord.record import Time


def row(*timexes, text="x" * 100, dct="2025-12-04"):
    keys = ("start", "end", "type", "value")
    return {"text": text, "dct": dct, "timexes": [dict(zip(keys, timex)) for timex in timexes]}


def predicting(*timexes):
    times = [
        Time(f"t{n}", start, end, type_, value, None, None, None)
        for n, (start, end, type_, value) in enumerate(timexes, 1)
    ]
    return lambda text, dct: times


FRIDAY = (10, 16, "DATE", "2025-11-28")
WEEKS = (30, 39, "DURATION", "P3W")
NIGHT = (50, 60, "TIME", "2025-11-28TNI")


def f1(scores):
    return {name: pytest.approx(scores[name]) for name in ("strict", "relaxed", "type", "value")}


def test_all_right():
    scores = score_times([row(FRIDAY, WEEKS)], predicting(FRIDAY, WEEKS))
    assert set(scores.values()) == {100.0}


def test_nothing_to_find_and_nothing_found_is_right():
    assert set(score_times([row()], predicting()).values()) == {100.0}
    assert set(score_times([], predicting()).values()) == {100.0}


def test_nothing_found():
    scores = score_times([row(FRIDAY)], predicting())
    assert f1(scores) == {"strict": 0, "relaxed": 0, "type": 0, "value": 0}
    assert scores["strict_recall"] == 0.0


def test_all_wrong():
    scores = score_times([row(FRIDAY)], predicting(WEEKS))
    assert f1(scores) == {"strict": 0, "relaxed": 0, "type": 0, "value": 0}
    assert scores["relaxed_precision"] == scores["relaxed_recall"] == 0.0


def test_off_by_one_character_counts_for_all_but_strict():
    shifted = (9, *FRIDAY[1:])
    scores = score_times([row(FRIDAY, WEEKS)], predicting(shifted, WEEKS))
    assert f1(scores) == {"strict": 50, "relaxed": 100, "type": 100, "value": 100}


def test_attributes_count_over_relaxed_matches_against_all_expressions():
    # 3 gold, 2 found; both overlap, one type and one value right: F1 = 2·1 / (3 + 2).
    wrong_value = (*FRIDAY[:3], "2025-12-05")
    wrong_type = (*WEEKS[:2], "SET", "P3W")
    scores = score_times([row(FRIDAY, WEEKS, NIGHT)], predicting(wrong_value, wrong_type))
    assert f1(scores) == {"strict": 80, "relaxed": 80, "type": 40, "value": 40}
    assert scores["relaxed_precision"] == pytest.approx(100)
    assert scores["relaxed_recall"] == pytest.approx(200 / 3)


def test_one_found_expression_matches_one_gold_expression():
    covering = (10, 60, "DATE", "2025-11-28")
    assert match_times([FRIDAY, WEEKS, NIGHT], [covering]) == [(FRIDAY, covering)]


def test_exact_spans_match_first():
    covering = (0, 20, "DATE", "2025")
    assert match_times([FRIDAY], [covering, FRIDAY]) == [(FRIDAY, FRIDAY)]


def test_touching_spans_do_not_overlap():
    assert match_times([FRIDAY], [(16, 20, "DATE", "2025")]) == []


def test_counts_add_up_over_texts_and_dct_is_passed_on():
    seen = []

    def predict(text, dct):
        seen.append((text, dct))
        return predicting(FRIDAY)(text, dct)

    rows = [row(FRIDAY, text="a" * 60), row(text="b" * 60, dct=None)]
    scores = score_times(rows, predict)
    assert f1(scores) == dict.fromkeys(("strict", "relaxed", "type", "value"), 200 / 3)
    assert seen == [("a" * 60, "2025-12-04"), ("b" * 60, None)]
