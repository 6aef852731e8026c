"""Shifts of the level of a daily series, looked for as the days come in.

Every day the last 5 … 56 days are compared with all days before them since the last shift:
the difference of the means over its standard error, the largest of them (a generalised
likelihood ratio; Lai 1995).  Points of incidents have heavy tails, so their signed square
roots are compared.  What is large enough is settled on shuffled days: a shuffle keeps the
values and takes every shift away.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Shortest and longest stretch of last days that is compared with what was before; less is
#: no level (``changes.bursts`` looks for rises of some days).
SHORTEST, LONGEST = 5, 56
#: Days before a first comparison, and after each shift found.
WARM = 21
#: Shuffles, and their days, on which a threshold is settled.
SHUFFLES, SHUFFLED_DAYS = 200, 730
#: The baseline's variance counts as if so many days with that of all days so far were in it.
_PRIOR = 10.0
_YEAR = 365.25


class Found(NamedTuple):
    """A shift, by places in the series."""

    #: First place of the new level, and the place at which it was noticed.
    first: int
    noticed: int
    #: Mean per day before and after, in the series' own units.
    before: float
    after: float
    #: The statistic that passed the threshold.
    size: float


class Detectors:
    """Many detectors side by side, each with a series of its own; ``push`` a day at a time."""

    def __init__(self, many: int) -> None:
        #: Days, sum and sum of squares of everything so far, whatever was restarted.
        self._days = 0
        self._whole = np.zeros((2, many))
        self._last = np.zeros((many, LONGEST))
        self._seen = np.zeros(many, dtype=np.int64)
        self._sum = np.zeros(many)
        self._squares = np.zeros(many)
        self._lengths = np.arange(1, LONGEST + 1)

    def push(self, values: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Take in one value for each series; return the statistics and the lengths they are of."""
        self._last = np.concatenate([values[:, None], self._last[:, :-1]], axis=1)
        self._seen += 1
        self._sum += values
        self._squares += values**2
        self._days += 1
        self._whole += np.stack([values, values**2])
        prior = self._whole[1] / self._days - (self._whole[0] / self._days) ** 2
        recent = np.cumsum(self._last, axis=1)
        squares = np.cumsum(self._last**2, axis=1)
        left = self._seen[:, None] - self._lengths
        base = np.maximum(left, 1)
        mean = (self._sum[:, None] - recent) / base
        spread = (self._squares[:, None] - squares) - base * mean**2
        variance = (np.maximum(spread, 0.0) + _PRIOR * prior[:, None]) / (base + _PRIOR)
        error = np.sqrt(variance * (1 / self._lengths + 1 / base) + 1e-12)
        size = np.where(
            (left >= WARM) & (self._lengths >= SHORTEST),
            np.abs(recent / self._lengths - mean) / error,
            0.0,
        )
        best = size.argmax(axis=1)
        return size[np.arange(len(size)), best], best + 1

    def restart(self, series: int, length: int) -> None:
        """Begin anew with the last ``length`` values of one series."""
        kept = self._last[series, :length].copy()
        self._last[series] = 0.0
        self._last[series, :length] = kept
        self._seen[series] = length
        self._sum[series] = kept.sum()
        self._squares[series] = (kept**2).sum()


def root(values: Floats) -> Floats:
    """Return signed square roots: what is compared."""
    return np.sign(values) * np.sqrt(np.abs(values))


def threshold(values: Floats, per_year: float, *, shuffles: int = SHUFFLES, seed: int = 1) -> float:
    """Return what a statistic must pass, so that shuffled days pass it ``per_year`` times a year.

    Shuffles are of two years at most, drawn from the values without regard to order.
    """
    draw = np.random.default_rng(seed)
    days = min(max(len(values), 4 * WARM), SHUFFLED_DAYS)
    pool = root(values)
    rows = np.stack([draw.permutation(np.resize(pool, max(days, len(pool))))[:days]
                     for _ in range(shuffles)])  # fmt: skip
    bank = Detectors(shuffles)
    most = np.zeros(shuffles)
    for day in range(days):
        most = np.maximum(most, bank.push(rows[:, day])[0])
    # Alarms come as a Poisson process: so many series have none in all their days.
    return float(np.quantile(most, np.exp(-per_year * days / _YEAR)))


def find(values: Floats, limit: float) -> list[Found]:
    """Return the shifts of a series, each found with the days up to it alone."""
    compared = root(values)
    bank = Detectors(1)
    found: list[Found] = []
    begin = 0
    for place in range(len(values)):
        size, length = bank.push(compared[place : place + 1])
        if size[0] > limit:
            first = place + 1 - int(length[0])
            before, after = values[begin:first].mean(), values[first : place + 1].mean()
            found.append(Found(first, place, float(before), float(after), float(size[0])))
            bank.restart(0, int(length[0]))
            begin = first
    return found
