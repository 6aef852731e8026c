"""The arithmetic of the tension index: fading sums, the band, and the share by coverage.

Arrays over days have the day as their first axis.  Points are PLOVER points, positive
towards conflict.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Days over which coverage is averaged.
WINDOW = 28
#: Reports beyond so many do not change the share of incidents that would be found.
_MOST = 20
#: Normal quantiles of the band: nine in ten lie within 1.645 on both sides, 1.282 on one.
_TWO_SIDED, _ONE_SIDED = 1.6449, 1.2816
#: Outlets whose days are held in memory at once.
_CHUNK = 256


def faded(points: Floats, half_life: float) -> Floats:
    """Return the sum over all days up to each, each day's points halved every ``half_life`` days.

    ``points`` has days along its first axis; every column is summed by itself.
    """
    keep = 0.5 ** (1.0 / half_life)
    sums = np.array(points, dtype=np.float64)
    for day in range(1, len(sums)):
        sums[day] += keep * sums[day - 1]
    return sums


def by_day(day: Ints, points: Floats, days: int) -> Floats:
    """Return points summed by day, 0 … ``days`` - 1."""
    return np.asarray(np.bincount(day, weights=points, minlength=days), dtype=np.float64)


# -- the band ---------------------------------------------------------------------------


def half_width(bias: Floats, variance: Floats) -> Floats:
    """Return the distance from the index within which nine in ten draws lie.

    Draws are taken as normal with this bias and variance.  The larger of two bounds is
    within 3 % of the exact value whatever the two are.
    """
    spread = np.sqrt(np.maximum(variance, 0.0))
    return np.maximum(np.abs(bias) + _ONE_SIDED * spread, _TWO_SIDED * spread)


def bootstrap(
    day: Ints,
    points: Floats,
    outlets: Ints,
    told: tuple[Ints, Ints],
    days: int,
    half_life: float,
) -> tuple[Floats, Floats]:
    """Return bias and variance, by day, of the index when outlets are drawn with replacement.

    ``outlets``: how many outlets tell of each incident, copies left out; ``told``: incident
    and outlet of each of these.  An incident is in a draw when any of its outlets is.  With
    many outlets each is drawn a Poisson(1) number of times, so that one is left out with
    probability 1/e; the index is a sum, and its moments over all draws have a closed form
    (no random numbers): variance by outlet to first order, the rest incident by incident.
    """
    lost = np.exp(-outlets.astype(np.float64))
    bias = faded(by_day(day, -points * lost, days), half_life)
    one = np.exp(-1.0) * (1 - np.exp(-1.0))
    first = outlets * np.exp(-2.0 * (outlets - 1)) * one
    rest = np.maximum(lost * (1 - lost) - first, 0.0)
    variance = faded(by_day(day, points**2 * rest, days), half_life / 2)
    share = points * np.exp(-(outlets - 1.0))
    return bias, variance + one * _squares(day, share, told, days, half_life)


def _squares(
    day: Ints, share: Floats, told: tuple[Ints, Ints], days: int, half_life: float
) -> Floats:
    """Return the sum over outlets of the square of what hangs on each."""
    incident, outlet = told
    total = np.zeros(days)
    present = np.flatnonzero(np.bincount(outlet))
    dense = np.zeros(int(outlet.max(initial=0)) + 1, dtype=np.int64)
    dense[present] = np.arange(len(present))
    dense = dense[outlet]
    for low in range(0, len(present), _CHUNK):
        here = (dense >= low) & (dense < low + _CHUNK)
        cell = day[incident[here]] * _CHUNK + dense[here] - low
        grid = by_day(cell, share[incident[here]], days * _CHUNK)
        total += (faded(grid.reshape(days, _CHUNK), half_life) ** 2).sum(axis=1)
    return total


# -- coverage ---------------------------------------------------------------------------


def coverage_share(reports: Floats, day: Ints, origins: Ints) -> Floats:
    """Return, by day, the share of incidents that would be found with as few reports as usual.

    ``reports``: articles that are nobody's copy, by day; ``day`` and ``origins`` of all
    incidents.  Coverage is the mean of the last 28 days; usual is its lower quartile.  A day
    with more than usual is thinned to it: an incident that k articles tell of is found with
    probability 1 - (1 - q)^k when each article is kept with probability q (rarefaction, as
    ecologists compare counts of species: Sanders 1968; Hurlbert 1971).  All incidents of a
    day get the same share, so that nobody's own coverage counts; days with less than usual
    stay as they are (share 1).
    """
    days = len(reports)
    level = _trailing(reports) / np.minimum(np.arange(1, days + 1), WINDOW)
    level[: WINDOW - 1] = level[min(WINDOW, days) - 1]
    usual = float(np.quantile(level, 0.25))
    keep = np.minimum(1.0, usual / np.maximum(level, 1e-12))
    seen = np.minimum(np.maximum(origins, 1), _MOST)
    counts = np.bincount(day * (_MOST + 1) + seen, minlength=days * (_MOST + 1))
    window = _trailing(counts.reshape(days, _MOST + 1).astype(np.float64))
    found = 1 - (1 - keep[:, None]) ** np.arange(_MOST + 1)
    total = window.sum(axis=1)
    share = (window * found).sum(axis=1) / np.maximum(total, 1.0)
    return np.where((total > 0) & (keep < 1), share, 1.0)


def _trailing(values: Floats) -> Floats:
    """Return the sums over each day and the 27 before it."""
    sums = np.cumsum(values, axis=0)
    sums[WINDOW:] -= sums[:-WINDOW].copy()
    return sums
