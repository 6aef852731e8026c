"""From scores to spans: what labels are worth against no span."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.reading import _passes as passes
from onrecord.reading import labels as L
from tests.answers_by_hand import Hand

HEAD = "mention"
STILL = {f"moves.{HEAD}": np.zeros((1 + 2 * len(L.MENTION_LABELS),) * 2, np.float32)}


def found(bias: passes.Bias) -> list[str]:
    """Labels of what is found where "nurses" is nearly a participant and "ward" a place."""
    hand = Hand("nurses left the ward")
    scores = hand.answers.tags[HEAD]
    scores[:, 0] = 2
    for words, label in (("nurses", "participant"), ("ward", "place")):
        scores[hand.range(words)[0], 1 + 2 * L.MENTION_LABELS.index(label)] = 1.5
    return [t.label for t in passes.tag([hand.answers], HEAD, STILL, bias)[0]]


@pytest.mark.parametrize(
    ("bias", "labels"),
    [
        (0.0, []),
        (1.0, ["participant", "place"]),
        ({"participant": 1.0}, ["participant"]),
        ({"place": 1.0, "participant": 0.2}, ["place"]),
    ],
)
def test_what_a_label_is_worth_decides_near_misses(bias: passes.Bias, labels: list[str]) -> None:
    assert found(bias) == labels


def test_a_bias_for_all_labels_leaves_scores_as_they_were() -> None:
    hand = Hand("nurses left the ward")
    before = hand.answers.tags[HEAD].copy()
    passes.tag([hand.answers], HEAD, STILL, 0.7)
    assert (hand.answers.tags[HEAD] == before).all()
