"""From counts to values and intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from onrecord.evaluation.bootstrap import (
    FORMULAS,
    Counts,
    Measure,
    class_counts,
    summarise,
    weights,
)


def value(formula: str, counts: Counts) -> float | None:
    return summarise([Measure("m", formula)], [{"m": counts}])[0].value


@pytest.mark.parametrize(
    ("formula", "counts", "expected"),
    [
        ("f1", (3, 4, 6), 60.0),
        ("f1", (0, 4, 6), 0.0),
        ("f1", (0, 0, 6), 0.0),
        ("f1", (0, 4, 0), 0.0),
        ("f1", (0, 0, 0), None),
        ("share", (3, 4), 75.0),
        ("share", (0, 0), None),
        ("error", (3, 4), 0.75),
        # Class one: F1 2·1/(1+3) = .5; class two: never predicted; class three: not in gold.
        ("macro f1", (1, 1, 3, 0, 0, 2, 0, 5, 0), 25.0),
        ("macro f1", (0, 5, 0), None),
        # Precision 1/2, recall 1/4.
        ("cluster f1", (1, 2, 1, 4), 100 / 3),
        ("cluster f1", (1, 1, 1, 1, 0, 1, 0, 1), 50.0),
        ("cluster f1", (0, 0, 0, 0), None),
        # Bin one: confidence .1 beside 0 right of 2; bin two: .9 beside 1 of 2.
        ("calibration error", (2, 0.2, 0, 2, 1.8, 1), 0.25),
    ],
)
def test_values_worked_by_hand(formula: str, counts: Counts, expected: float | None) -> None:
    found = value(formula, counts)
    assert found == (None if expected is None else pytest.approx(expected))


def test_counts_add_up_over_documents() -> None:
    (score,) = summarise([Measure("m", "f1")], [{"m": (1, 2, 2)}, {"m": (1, 0, 4)}])
    assert score.counts == (2, 2, 6)
    assert score.value == pytest.approx(50.0)
    assert score.precision == pytest.approx(100.0)
    assert score.recall == pytest.approx(100 / 3)


def test_no_documents_give_no_value() -> None:
    (score,) = summarise([Measure("m", "f1")], [])
    assert (score.value, score.low, score.high, score.precision) == (None, None, None, None)


def test_one_document_gives_an_interval_of_no_width() -> None:
    (score,) = summarise([Measure("m", "share")], [{"m": (1, 4)}])
    assert score.low == score.value == score.high == 25.0


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    documents = [{"m": (float(i % 2), 1.0)} for i in range(400)]
    (score,) = summarise([Measure("m", "share")], documents, resamples=4000)
    half = 1.96 * 100 * math.sqrt(0.25 / 400)
    assert score.low == pytest.approx(50 - half, abs=0.6)
    assert score.high == pytest.approx(50 + half, abs=0.6)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    draw = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        sample = draw.random(80) < 0.3
        documents = [{"m": (float(right), 1.0)} for right in sample]
        (score,) = summarise([Measure("m", "share")], documents, resamples=400)
        assert score.low is not None
        assert score.high is not None
        covered += score.low <= 30 <= score.high
    assert 0.89 <= covered / 200 <= 0.99


def test_documents_are_drawn_whole() -> None:
    """Ten documents of a hundred rows each are no thousand rows."""
    few = [{"m": (100.0 * (i % 2), 100.0)} for i in range(10)]
    many = [{"m": (float(i % 2), 1.0)} for i in range(1000)]
    (wide,) = summarise([Measure("m", "share")], few)
    (narrow,) = summarise([Measure("m", "share")], many)
    assert wide.high is not None
    assert wide.low is not None
    assert narrow.high is not None
    assert narrow.low is not None
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


def test_the_same_counts_give_the_same_interval() -> None:
    documents = [{"m": (float(i % 3), 2.0)} for i in range(30)]
    measures = [Measure("m", "share")]
    assert summarise(measures, documents) == summarise(measures, documents)


def test_a_resample_without_the_rare_thing_does_not_count() -> None:
    documents = [{"m": (1.0, 2.0)}] + [{"m": (0.0, 0.0)}] * 9
    (score,) = summarise([Measure("m", "share")], documents)
    assert (score.low, score.value, score.high) == (50.0, 50.0, 50.0)


def test_weights_draw_as_many_documents_as_there_are() -> None:
    blocks = list(weights(5, 20, seed=1))
    assert np.concatenate(blocks).shape == (20, 5)
    assert np.concatenate(blocks).sum(1).tolist() == [5.0] * 20


def test_many_documents_come_in_blocks() -> None:
    blocks = list(weights(1_500_000, 3, seed=1))
    assert [block.shape for block in blocks] == [(2, 1_500_000), (1, 1_500_000)]


def test_class_counts_charge_a_wrong_answer_to_both_classes() -> None:
    counts = class_counts(("yes", "no"), [("yes", "yes"), ("yes", "no"), ("no", "maybe")])
    assert counts == (1, 1, 2, 0, 1, 1)


def test_every_formula_says_what_unit_it_gives() -> None:
    assert {formula.unit for formula in FORMULAS.values()} == {"percent", "plain"}
