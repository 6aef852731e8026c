"""Scores of the heads → tags, spans and links.

Every function depends on one article's scores alone, so that a record does not
change with the batch it was read in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.reading.labels import BUCKETS, DISTANCES

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Tags are sought in stretches of CORE words, each seen with CONTEXT words around it:
#: best paths that start apart meet again within a few words, and stretches run abreast.
CORE, CONTEXT = 32, 16
_NEVER = np.float32(-1e4)


class Tagged(NamedTuple):
    """A run of words with one label."""

    first: int
    #: Exclusive.
    last: int
    label: str
    #: Mean probability of its tags.
    confidence: float


def viterbi(scores: Sequence[Floats], moves: Floats) -> list[Ints]:
    """Best tag sequence of each article; scores (words, tags), moves (from, to).

    A sequence opens no span with an I- tag.  Articles run abreast and do not touch.
    """
    stretches = [_stretches(own) for own in scores]
    counts = [len(s) for s in stretches]
    if not sum(counts):
        return [np.zeros(0, np.int64) for _ in scores]
    paths = _paths(np.concatenate(stretches), moves)[:, CONTEXT : CONTEXT + CORE]
    parts = np.split(paths, np.cumsum(counts)[:-1])
    return [_mended(p.reshape(-1)[: len(own)]) for p, own in zip(parts, scores)]


def _stretches(scores: Floats) -> Floats:
    """One article's scores in overlapping stretches, (stretches, length, tags).

    What lies before the first word or after the last is NaN.
    """
    words, size = scores.shape
    count = -(-words // CORE)
    padded = np.full((count * CORE + 2 * CONTEXT, size), np.nan, np.float32)
    padded[CONTEXT : CONTEXT + words] = scores
    if words:
        padded[CONTEXT, 2::2] = _NEVER
    starts = np.arange(count) * CORE
    stretches: Floats = padded[starts[:, None] + np.arange(CORE + 2 * CONTEXT)]
    return stretches


def _paths(scores: Floats, moves: Floats) -> Ints:
    """Viterbi over stretches abreast; scores (stretches, length, tags)."""
    count, length, size = scores.shape
    back = np.empty((length, count, size), np.int64)
    into = np.ascontiguousarray(moves.T)[None]
    outside = np.isnan(scores[:, :, 0])
    alpha = scores[:, 0].copy()
    for i in range(1, length):
        paths = into + alpha[:, None, :]
        best = paths.argmax(2)
        step = paths.max(2) + scores[:, i]
        # Before the first word nothing counts; after the last the path stands still.
        opening = (outside[:, i - 1] & ~outside[:, i])[:, None]
        still = outside[:, i][:, None]
        back[i] = np.where(still, np.arange(size), best)
        alpha = np.where(still, alpha, np.where(opening, scores[:, i], step))
    out = np.empty((count, length), np.int64)
    rows = np.arange(count)
    out[:, -1] = alpha.argmax(1)
    for i in range(length - 1, 0, -1):
        out[:, i - 1] = back[i, rows, out[:, i]]
    return out


def _mended(tags: Ints) -> Ints:
    """An I- tag that continues nothing (at a seam or the start) opens a span."""
    before = np.concatenate([[0], tags[:-1]])
    inside = (tags > 0) & (tags % 2 == 0)
    loose = inside & (before != tags) & (before != tags - 1)
    return np.where(loose, tags - 1, tags)


def spans(tags: Ints, labels: Sequence[str], scores: Floats) -> list[Tagged]:
    """Runs of BIO tags with their mean softmax probability."""
    if not len(tags):
        return []
    shifted = np.exp(scores - scores.max(1, keepdims=True))
    chosen = shifted[np.arange(len(tags)), tags] / shifted.sum(1)
    out = []
    for first in np.flatnonzero(tags % 2 == 1):
        last = first + 1
        while last < len(tags) and tags[last] == tags[first] + 1:
            last += 1
        label = labels[(tags[first] - 1) // 2]
        out.append(Tagged(int(first), int(last), label, float(chosen[first:last].mean())))
    return out


Range = tuple[int, int]


def ends(vectors: Floats, ranges: Sequence[Range]) -> Floats:
    """Mean of the first and last word's row of each span, (spans, width)."""
    first = np.array([r[0] for r in ranges], np.int64)
    last = np.array([max(r[0], r[1] - 1) for r in ranges], np.int64)
    return np.asarray((vectors[first] + vectors[last]) / 2, np.float32)


def buckets(ask: Sequence[Range], answer: Sequence[Range]) -> Ints:
    """Distance buckets between span starts, (asking, answering)."""
    a = np.array([r[0] for r in ask], np.int64)[:, None]
    b = np.array([r[0] for r in answer], np.int64)[None, :]
    size = np.searchsorted(np.array(DISTANCES), np.abs(b - a), side="left")
    out = len(DISTANCES) + np.where(b >= a, size, -size)
    return np.asarray(np.clip(out, 0, BUCKETS - 1), np.int64)


def links(
    queries: Floats, keys: Floats, distance: Floats, ask: Sequence[Range], answer: Sequence[Range]
) -> Floats:
    """Link scores of asking spans with answering ones; 0 is "none", (asking, answering)."""
    if not ask or not answer:
        return np.zeros((len(ask), len(answer)), np.float32)
    # einsum sums each pair by itself: a score does not depend on what else is asked.
    dots = np.einsum("ik,jk->ij", ends(queries, ask), ends(keys, answer))
    scores = dots / np.float32(queries.shape[1] ** 0.5) + distance[buckets(ask, answer)]
    return np.asarray(scores, np.float32)


def sigmoid(x: Floats) -> Floats:
    """Logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)


def softmax(x: Floats) -> Floats:
    """Over the last axis."""
    shifted = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(-1, keepdims=True), np.float32)
