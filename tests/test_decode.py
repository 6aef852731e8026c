"""Scores become tags, spans and links, each by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.reading import decode as D
from onrecord.reading import labels as L

NEVER = -1e4


def moves(labels: int) -> np.ndarray:
    """Transitions that rule out impossible tags and prefer nothing."""
    size = 1 + 2 * labels
    out = np.zeros((size, size), np.float32)
    for i in range(labels):
        out[:, 2 + 2 * i] = NEVER
        out[[1 + 2 * i, 2 + 2 * i], 2 + 2 * i] = 0
    return out


def plain_viterbi(scores: np.ndarray, steps: np.ndarray) -> list[int]:
    """The textbook algorithm over the whole sequence."""
    alpha = scores[0].copy()
    alpha[2::2] = NEVER
    back = []
    for row in scores[1:]:
        paths = alpha[:, None] + steps
        back.append(paths.argmax(0))
        alpha = paths.max(0) + row
    out = [int(alpha.argmax())]
    for pointers in reversed(back):
        out.append(int(pointers[out[-1]]))
    return out[::-1]


@given(seed=st.integers(0, 10_000), words=st.integers(1, 150))
@settings(max_examples=40, deadline=None)
def test_stretches_abreast_find_the_best_path_of_the_whole(seed: int, words: int) -> None:
    chance = np.random.default_rng(seed)
    scores = chance.normal(0, 4, (words, 7)).astype(np.float32)
    steps = moves(3) + chance.normal(0, 1, (7, 7)).astype(np.float32)
    assert D.viterbi([scores], steps)[0].tolist() == plain_viterbi(scores, steps)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_articles_abreast_do_not_touch(seed: int) -> None:
    chance = np.random.default_rng(seed)
    articles = [chance.normal(0, 3, (n, 5)).astype(np.float32) for n in (0, 3, 70, 33)]
    together = D.viterbi(articles, moves(2))
    for own, path in zip(articles, together):
        assert path.tolist() == D.viterbi([own], moves(2))[0].tolist()


def test_an_inside_tag_that_continues_nothing_opens_a_span() -> None:
    scores = np.full((2, 3), -5, np.float32)
    scores[0, 2] = scores[1, 2] = 5
    found = D.spans(D.viterbi([scores], moves(1))[0], ("x",), scores)
    assert [(t.first, t.last) for t in found] == [(0, 2)]


def test_neighbouring_spans_of_one_label_stay_apart() -> None:
    tags = np.array([1, 2, 1, 0, 3, 4, 4])
    found = D.spans(tags, ("a", "b"), np.zeros((7, 5), np.float32))
    assert [t[:3] for t in found] == [(0, 2, "a"), (2, 3, "a"), (4, 7, "b")]
    assert all(t.confidence == pytest.approx(0.2) for t in found)


def test_no_words_no_spans() -> None:
    assert D.spans(np.zeros(0, np.int64), ("a",), np.zeros((0, 3), np.float32)) == []


def test_links_score_mean_of_ends_and_distance() -> None:
    vectors = np.array([[2, 0], [0, 2], [4, 4]], np.float32)
    distance = np.zeros(L.BUCKETS, np.float32)
    distance[D.buckets([(0, 2)], [(2, 3)])] = 10
    score = D.links(vectors, vectors, distance, [(0, 2)], [(2, 3)])
    assert score[0, 0] == pytest.approx((1 * 4 + 1 * 4) / 2**0.5 + 10)


def test_distance_buckets_are_signed_and_bounded() -> None:
    far = D.buckets([(0, 1), (9999, 10000)], [(9999, 10000), (0, 1)])
    middle = len(L.DISTANCES)
    assert far.tolist() == [[2 * middle, middle], [middle, 0]]


def test_no_spans_no_links() -> None:
    empty = np.zeros((3, 4), np.float32)
    assert D.links(empty, empty, np.zeros(L.BUCKETS, np.float32), [], [(0, 1)]).shape == (0, 1)
