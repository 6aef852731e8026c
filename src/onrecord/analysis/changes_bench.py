"""How fast level shifts and rises are noticed, and how often there is none.

    python -m onrecord.analysis.changes_bench              # at full size
    python -m onrecord.analysis.changes_bench --streams 5 --without-libraries

Streams of two years are invented, with fixed seeds: days bring a Poisson number of
incidents with PLOVER's scores; in half of them, three in four towards conflict; after day 400
the rate is 2 or 3 times what it was.  Every method sees a first quiet year to be settled on,
and the same streams.  Methods of libraries (river, ruptures) are run with the settings
they come with, and with their threshold settled on the shuffled first year, as ours is.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from onrecord.analysis import _changes_counts as counting
from onrecord.analysis import _changes_levels as levels
from onrecord.analysis._changes_levels import Floats
from onrecord.analysis.tension_bench import _KINDS

#: Days of a stream, the day of its change, and days within which it must be noticed.
DAYS, CHANGE, SOON = 730, 400, 60
PER_YEAR = 0.5
_POINTS = -np.array([score for _, _, score in _KINDS])
#: Places at which a method raises an alarm, given the quiet year and the stream.
Method = Callable[[Floats, Floats], list[int]]


def stream(draw: np.random.Generator, days: int, *, rise: float = 1.0, at: int = CHANGE) -> Floats:
    """Return daily points whose incidents are ``rise`` times as many from day ``at`` on."""
    conflict = _POINTS[_POINTS > 0]
    values = np.zeros(days)
    for day in range(days):
        many = draw.poisson(0.6 * (rise if day >= at else 1.0))
        pool = conflict if draw.random() < 0.5 else _POINTS
        values[day] = draw.choice(pool, size=many).sum() if many else 0.0
    return values


class Measured(NamedTuple):
    """What a method did on streams."""

    name: str
    #: Alarms a year where nothing changed.
    false: float
    #: By rise: share noticed within SOON days, and the median delay of these in days.
    noticed: dict[float, tuple[float, float]]
    seconds: float

    def __str__(self) -> str:
        shown = "".join(f" {100 * share:4.0f} % {delay:5.1f} |"
                        for share, delay in self.noticed.values())  # fmt: skip
        return f"| {self.name} | {self.false:.2f} |{shown} {self.seconds:.2f} |"


def measured(name: str, method: Method, streams: int, rises: Sequence[float]) -> Measured:
    """Return what a method did on ``streams`` streams of each kind."""
    draw = np.random.default_rng(11)
    false, began = 0, time.process_time()
    noticed: dict[float, list[int]] = {rise: [] for rise in rises}
    for _ in range(streams):
        past = stream(draw, 365)
        false += len(method(past, stream(draw, DAYS)))
        for rise in rises:
            alarms = [day for day in method(past, stream(draw, DAYS, rise=rise)) if day >= CHANGE]
            if alarms and alarms[0] < CHANGE + SOON:
                noticed[rise].append(alarms[0] - CHANGE)
    took = (time.process_time() - began) / (streams * (1 + len(rises)))
    shares = {
        rise: (len(days) / streams, float(np.median(days)) if days else float("nan"))
        for rise, days in noticed.items()
    }
    return Measured(name, false / (streams * DAYS / 365.25), shares, took)


def ours(past: Floats, values: Floats) -> list[int]:
    """Return the alarms of ``changes.shifts``, its threshold settled on the quiet year."""
    limit = levels.threshold(past, PER_YEAR, shuffles=100)
    whole = np.concatenate([past, values])
    return [one.noticed - len(past) for one in levels.find(whole, limit)
            if one.noticed >= len(past)]  # fmt: skip


# -- libraries ---------------------------------------------------------------------------


def _alarms(detector: Any, values: Iterable[float]) -> list[int]:
    """Return where a detector of river sees drift."""
    found = []
    for day, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            found.append(day)
    return found


def river_method(make: Callable[[float], Any], settings: Sequence[float] | None) -> Method:
    """Return a method of river; ``settings`` from the most to the least careful are tried.

    The least careful setting is taken that keeps to PER_YEAR on the shuffled quiet year.
    """

    def method(past: Floats, values: Floats) -> list[int]:
        setting = float("nan") if settings is None else _settled(make, past, settings)
        detector = make(setting)
        _alarms(detector, levels.root(past))
        return _alarms(detector, levels.root(values))

    return method


def _settled(make: Callable[[float], Any], past: Floats, settings: Sequence[float]) -> float:
    draw = np.random.default_rng(1)
    rows = [levels.root(draw.permutation(np.tile(past, 2))) for _ in range(20)]
    allowed = PER_YEAR * sum(map(len, rows)) / 365.25
    best = settings[0]
    for setting in settings:
        if sum(len(_alarms(make(setting), row)) for row in rows) > allowed:
            break
        best = setting
    return best


def ruptures_method(penalties: Sequence[float] | None) -> Method:
    """Return ruptures' kernel change point detection, run every week on the last year.

    It works on whole series, so an alarm is a change in the last SOON days that was not
    known.  ``penalties``: as in ``river_method``, times the variance of the quiet year;
    without them it is that of the Bayesian information criterion.
    """

    def method(past: Floats, values: Floats) -> list[int]:
        unit = float(levels.root(past).var())
        penalty = 2 * np.log(365) * unit
        if penalties is not None:
            draw = np.random.default_rng(1)
            rows = [draw.permutation(np.tile(past, 2)) for _ in range(4)]
            allowed = PER_YEAR * sum(map(len, rows)) / 365.25 / 2
            penalty = penalties[0] * unit
            for one in penalties:
                if sum(len(_refitted(row[:365], row[365:], one * unit)) for row in rows) > allowed:
                    break
                penalty = one * unit
        return _refitted(past, values, penalty)

    return method


def _refitted(past: Floats, values: Floats, penalty: float) -> list[int]:
    ruptures: Any = importlib.import_module("ruptures")
    whole = levels.root(np.concatenate([past, values]))
    found: list[int] = []
    known: list[int] = []
    for end in range(len(past) + 7, len(whole) + 1, 7):
        begin = max(0, end - 365)
        model = ruptures.KernelCPD(kernel="linear", min_size=7).fit(whole[begin:end, None])
        ends = [one + begin for one in model.predict(pen=penalty)[:-1]]
        fresh = [one for one in ends if one > end - SOON and all(abs(one - k) > 21 for k in known)]
        known += fresh
        if fresh:
            found.append(end - 1 - len(past))
    return found


def libraries() -> dict[str, Method]:
    """Return the methods of libraries by name."""
    drift: Any = importlib.import_module("river.drift")
    careful = [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05]
    high = [float(one) for one in (400, 250, 160, 100, 80, 60, 50, 40, 30, 25, 20, 15, 10)]
    return {
        "river ADWIN, as it comes": river_method(lambda _: drift.ADWIN(), None),
        "river ADWIN, settled": river_method(lambda one: drift.ADWIN(delta=one, clock=1), careful),
        "river Page–Hinkley, as it comes": river_method(lambda _: drift.PageHinkley(), None),
        "river Page–Hinkley, settled": river_method(
            lambda one: drift.PageHinkley(threshold=one, delta=0.1), high
        ),
        "ruptures KernelCPD, weekly, BIC": ruptures_method(None),
        "ruptures KernelCPD, weekly, settled": ruptures_method([30, 20, 16, 13, 11, 9]),
    }


# -- rises ---------------------------------------------------------------------------------


def rises(streams: int) -> list[str]:
    """Return lines on counts: 40 series of very different rates, one of which rises."""
    draw = np.random.default_rng(12)
    rates = np.geomspace(0.01, 2.0, 40)
    lines = []
    false = 0
    for _ in range(streams):
        counts = _clustered(draw, rates, DAYS)
        false += len(counting.find(counts, np.ones(DAYS), _limit(counts)))
    lines.append(f"rises: {false / (streams * DAYS / 365.25):.2f} false alarms a year over "
                 f"{len(rates)} series (wanted 2)")  # fmt: skip
    for series, name in ((10, "0.04"), (25, "0.3"), (35, "1.2")):
        delays = [_delay(draw, rates, series) for _ in range(streams)]
        seen = [one for one in delays if one is not None]
        median = float(np.median(seen)) if seen else float("nan")
        lines.append(f"rises: {name} a day, by 1.5 a day for a week: {len(seen)} of {streams} "
                     f"noticed, after {median:.0f} days in the median")  # fmt: skip
    return lines


def _clustered(draw: np.random.Generator, rates: Floats, days: int) -> counting.Ints:
    """Return counts that vary more from day to day than chance would have it."""
    mood = draw.gamma(4.0, 0.25, size=(len(rates), days))
    return np.asarray(draw.poisson(rates[:, None] * mood), dtype=np.int64)


def _limit(counts: counting.Ints) -> float:
    return counting.threshold(counts, np.ones(counts.shape[1]), 2.0, shuffles=10)


def _delay(draw: np.random.Generator, rates: Floats, series: int) -> int | None:
    counts = _clustered(draw, rates, 500)
    counts[series, CHANGE : CHANGE + 7] += draw.poisson(1.5, size=7)
    for rise in counting.find(counts, np.ones(500), _limit(counts)):
        if rise.series == series and CHANGE <= rise.last < CHANGE + 14:
            return rise.last - CHANGE
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=100, help="of each kind")
    parser.add_argument("--without-libraries", action="store_true")
    given = parser.parse_args(arguments)
    methods: dict[str, Method] = {"onrecord": ours}
    if not given.without_libraries:
        methods |= libraries()
    print("| method | false a year | ×2 noticed, delay | ×3 noticed, delay | s |")
    print("|---|---|---|---|---|")
    for name, method in methods.items():
        print(measured(name, method, given.streams, (2.0, 3.0)), flush=True)
    print("\n".join(rises(max(2, given.streams // 2))))


if __name__ == "__main__":
    main()
