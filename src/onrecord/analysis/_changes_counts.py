"""Unusual rises of daily counts, looked for in many series at once as the days come in.

Every day the counts of the last 1, 3 and 7 days are held against the 56 days before them:
how probable is so many or more, if the rate is what it was?  The rate of a series is known
no better than its own past tells: a gamma distribution, which makes the count a negative
binomial one.  How small a probability is unusual is settled on shuffled days, over all
series together.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.analysis._changes_levels import Floats

Ints = NDArray[np.int64]

#: Days of the windows whose counts are looked at, and of the past they are held against.
WINDOWS = (1, 3, 7)
PAST = 56
#: Days before a first comparison.
WARM = 14
#: Days for which a series that has risen is not reported again.
REST = 14
#: What is known of a rate before anything happened: as if half an incident in a fortnight.
_SHAPE, _DAYS = 0.5, 14.0
#: Fewer in a window are never unusual.
LEAST = 3
#: Shuffles on which the threshold is settled.
SHUFFLES = 30
_YEAR = 365.25


class Rise(NamedTuple):
    """An unusual rise, by places."""

    series: int
    #: Place of the window's first and last day.
    first: int
    last: int
    seen: int
    expected: float
    probability: float


def surprises(counts: Ints, exposure: Floats) -> tuple[Floats, Ints]:
    """Return, by series and day, how improbable the day's rarest window is, and its length.

    ``counts``: series by days; ``exposure``: by day, how many incidents an incident of usual
    days is worth.  As −log10 of the probability, 0 where there is nothing to compare.
    """
    best = np.zeros(counts.shape)
    length = np.ones(counts.shape, dtype=np.int64)
    for window in WINDOWS:
        found = _of_window(counts, exposure, window)
        better = found > best
        best[better], length[better] = found[better], window
    return best, length


def _of_window(counts: Ints, exposure: Floats, window: int) -> Floats:
    many, expected, shape, odds = _expected(counts, exposure, window)
    found = np.zeros(counts.shape)
    rare = (many >= LEAST) & (many > 1.5 * expected)
    rare[:, : WARM + window - 1] = False
    series, day = np.nonzero(rare)
    tails = _tails(many[series, day], shape[series, day], odds[series, day])
    found[series, day] = -np.log10(np.maximum(tails, 1e-300))
    return found


def _expected(counts: Ints, exposure: Floats, window: int) -> tuple[Ints, Floats, Floats, Floats]:
    """Return a window's counts, what is expected of them, and the distribution of that."""
    total = np.concatenate([np.zeros((len(counts), 1), dtype=np.int64), counts.cumsum(1)], axis=1)
    worth = np.concatenate([[0.0], exposure.cumsum()])
    end = np.arange(1, counts.shape[1] + 1)
    begin = np.maximum(end - window, 0)
    past = np.maximum(begin - PAST, 0)
    shape = _SHAPE + total[:, begin] - total[:, past]
    rate = 1.0 / (_DAYS + worth[begin] - worth[past])
    ahead = worth[end] - worth[begin]
    odds = np.broadcast_to(ahead * rate / (1 + ahead * rate), shape.shape)
    return total[:, end] - total[:, begin], shape * (ahead * rate), shape, odds


def _tails(many: Ints, shape: Floats, odds: Floats) -> Floats:
    """Return the probability of so many or more under negative binomial distributions.

    Terms of the series are added from ``many`` on; they shrink since it is above the mean.
    """
    log_gamma = np.frompyfunc(math.lgamma, 1, 1)
    one = many.astype(np.float64)
    ways = np.asarray(
        log_gamma(shape + one) - log_gamma(shape) - log_gamma(one + 1), dtype=np.float64
    )
    term = np.exp(ways + shape * np.log1p(-odds) + one * np.log(odds))
    total = term.copy()
    for _ in range(400):
        term = term * odds * (shape + one) / (one + 1)
        total += term
        one = one + 1
        if not (term > 1e-6 * total).any():
            break
    return np.asarray(np.minimum(total, 1.0), dtype=np.float64)


def threshold(
    counts: Ints, exposure: Floats, per_year: float, *, shuffles: int = SHUFFLES, seed: int = 1
) -> float:
    """Return the surprise that shuffled days pass ``per_year`` times a year, all series together.

    All series are shuffled alike, so that what rises together does so in a shuffle too.
    """
    draw = np.random.default_rng(seed)
    shuffled = []
    for _ in range(shuffles):
        order = draw.permutation(counts.shape[1])
        best, _ = surprises(counts[:, order], exposure[order])
        series, day = np.nonzero(best)
        shuffled.append((series, day, best[series, day]))
    allowed = per_year * shuffles * counts.shape[1] / _YEAR
    values = np.unique(np.concatenate([[0.0], *(values for _, _, values in shuffled)]))
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        alarms = sum(len(_episodes(*one, float(values[middle]))) for one in shuffled)
        low, high = (middle + 1, high) if alarms > allowed else (low, middle)
    return float(values[min(low, len(values) - 1)])


def _episodes(series: Ints, day: Ints, values: Floats, limit: float) -> list[int]:
    """Return which of these pass the limit, each series at rest for REST days after it did."""
    found = []
    free: dict[int, int] = {}
    for place in np.flatnonzero(values > limit).tolist():
        one, at = int(series[place]), int(day[place])
        if at >= free.get(one, 0):
            found.append(place)
            free[one] = at + REST
    return found


def find(counts: Ints, exposure: Floats, limit: float) -> list[Rise]:
    """Return the rises of series that pass a limit, each found with the days up to it alone."""
    best, length = surprises(counts, exposure)
    series, day = np.nonzero(best)
    found = []
    for place in _episodes(series, day, best[series, day], limit):
        one, last = int(series[place]), int(day[place])
        window = int(length[one, last])
        many, expected, _, _ = _expected(counts[one : one + 1], exposure, window)
        found.append(Rise(
            one, last - window + 1, last, int(many[0, last]), float(expected[0, last]),
            float(10.0 ** -best[one, last]),
        ))  # fmt: skip
    return sorted(found, key=lambda rise: (rise.last, rise.series))
