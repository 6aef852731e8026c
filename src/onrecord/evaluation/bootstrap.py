"""From counts per document to a value with its interval.

A scorer gives, for each document and each measure, a short tuple of counts.
Counts add up over documents, so a resample of documents is a vector of weights,
and all resamples together are one matrix product: no document is scored twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = tuple[float, ...]

RESAMPLES = 1_000
SEED = 20_251_204
#: Share of resamples inside the interval.
COVERAGE = 0.95
#: Cells of the weight matrix held at once (documents × resamples): 32 MB.
_CELLS = 4_000_000


def _divide(above: Floats, below: Floats) -> Floats:
    """Divide; 0/0 is not a number: nothing to find and nothing found says nothing."""
    out = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out


def f1(sums: Floats) -> Floats:
    """F1 from (right, predicted, gold) in the last axis, in percent."""
    return 200 * _divide(sums[..., 0], sums[..., 1] + sums[..., 2])


def macro_f1(sums: Floats) -> Floats:
    """Mean F1 in percent of the classes that occur in gold.

    The last axis holds (right, predicted, gold) for each class in turn.
    """
    classes = sums.reshape(*sums.shape[:-1], -1, 3)
    occurs = classes[..., 2] > 0
    scores = np.where(occurs, np.nan_to_num(f1(classes)), 0.0)
    return _divide(scores.sum(-1), occurs.sum(-1).astype(np.float64))


def share(sums: Floats) -> Floats:
    """Part of a whole from (part, whole), in percent."""
    return 100 * _divide(sums[..., 0], sums[..., 1])


def mean(sums: Floats) -> Floats:
    """Mean from (sum, number), as it is."""
    return _divide(sums[..., 0], sums[..., 1])


def cluster_f1(sums: Floats) -> Floats:
    """F1 in percent from (precision's two terms, recall's two terms); mean over several fours."""
    fours = sums.reshape(*sums.shape[:-1], -1, 4)
    precision = np.nan_to_num(_divide(fours[..., 0], fours[..., 1]))
    recall = np.nan_to_num(_divide(fours[..., 2], fours[..., 3]))
    scores = np.nan_to_num(_divide(2 * precision * recall, precision + recall))
    empty = (fours[..., 1] + fours[..., 3]).sum(-1) == 0
    return np.where(empty, np.nan, 100 * scores.mean(-1))


def calibration_error(sums: Floats) -> Floats:
    """Expected calibration error, 0–1, from (number, summed confidence, right) for each bin."""
    bins = sums.reshape(*sums.shape[:-1], -1, 3)
    gaps = np.abs(bins[..., 1] - bins[..., 2]).sum(-1)
    return _divide(gaps, bins[..., 0].sum(-1))


class Formula(NamedTuple):
    """How summed counts become a value."""

    compute: Callable[[Floats], Floats]
    #: ``percent`` or ``plain``.
    unit: str
    #: False where less is better (errors).
    higher_is_better: bool = True


FORMULAS: dict[str, Formula] = {
    "f1": Formula(f1, "percent"),
    "macro f1": Formula(macro_f1, "percent"),
    "share": Formula(share, "percent"),
    "cluster f1": Formula(cluster_f1, "percent"),
    "mean": Formula(mean, "plain"),
    "error": Formula(mean, "plain", higher_is_better=False),
    "calibration error": Formula(calibration_error, "plain", higher_is_better=False),
}


class Measure(NamedTuple):
    """One number that a task reports."""

    name: str
    #: A key of ``FORMULAS``.
    formula: str


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's value over all documents; None where nothing could be counted."""

    name: str
    formula: str
    value: float | None
    low: float | None
    high: float | None
    #: The counts summed over documents.
    counts: Counts

    @property
    def unit(self) -> str:
        return FORMULAS[self.formula].unit

    @property
    def higher_is_better(self) -> bool:
        return FORMULAS[self.formula].higher_is_better

    @property
    def precision(self) -> float | None:
        """Percent; None unless the measure is a plain F1 with something predicted."""
        if self.formula != "f1" or not self.counts or not self.counts[1]:
            return None
        return 100 * self.counts[0] / self.counts[1]

    @property
    def recall(self) -> float | None:
        """Percent; None unless the measure is a plain F1 with something to find."""
        if self.formula != "f1" or not self.counts or not self.counts[2]:
            return None
        return 100 * self.counts[0] / self.counts[2]


def weights(documents: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Yield blocks (resamples × documents) of how often each document was drawn.

    Each row is one draw of as many documents as there are, with replacement.
    """
    draw = np.random.default_rng(seed)
    block = max(1, min(resamples, _CELLS // max(1, documents)))
    for first in range(0, resamples, block):
        rows = min(block, resamples - first)
        picks = draw.integers(0, documents, size=(rows, documents))
        picks += documents * np.arange(rows)[:, None]
        drawn = np.bincount(picks.ravel(), minlength=rows * documents)
        yield drawn.reshape(rows, documents).astype(np.float64)


def _interval(resampled: Floats) -> tuple[float | None, float | None]:
    """Return the percentile interval of the resampled values that are numbers."""
    numbers = resampled[~np.isnan(resampled)]
    if not numbers.size:
        return None, None
    tail = 100 * (1 - COVERAGE) / 2
    low, high = np.percentile(numbers, [tail, 100 - tail])
    return float(low), float(high)


def summarise(
    measures: Sequence[Measure],
    documents: Sequence[Mapping[str, Counts]],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[Score, ...]:
    """Sum the counts of the documents and give each measure its value and 95 % interval.

    Every document holds counts for every measure, as many in each.  The interval
    is the percentile bootstrap over documents; all measures share the resamples.
    """
    if not documents:
        return tuple(Score(m.name, m.formula, None, None, None, ()) for m in measures)
    columns = [np.array([d[m.name] for d in documents], dtype=np.float64) for m in measures]
    resampled: list[list[Floats]] = [[] for _ in measures]
    for block in weights(len(documents), resamples, seed):
        for values, measure, counts in zip(resampled, measures, columns, strict=True):
            values.append(FORMULAS[measure.formula].compute(block @ counts))
    scores = []
    for values, measure, counts in zip(resampled, measures, columns, strict=True):
        sums = counts.sum(0)
        value = float(FORMULAS[measure.formula].compute(sums))
        low, high = _interval(np.concatenate(values))
        known = None if np.isnan(value) else value
        scores.append(Score(measure.name, measure.formula, known, low, high, tuple(sums.tolist())))
    return tuple(scores)


def class_counts(classes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Counts:
    """Return (right, predicted, gold) for each class in turn, from (gold, predicted) labels.

    A label outside ``classes`` counts on neither side: a wrong answer outside them
    still costs its gold class its recall.
    """
    place = {name: 3 * i for i, name in enumerate(classes)}
    counts = [0.0] * (3 * len(classes))
    for gold, predicted in pairs:
        if predicted in place:
            counts[place[predicted] + 1] += 1
        if gold in place:
            counts[place[gold] + 2] += 1
            if gold == predicted:
                counts[place[gold]] += 1
    return tuple(counts)
