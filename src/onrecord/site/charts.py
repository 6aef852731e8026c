"""The tension index as a picture: geometry of a line with its band, for a template to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from math import floor, log10
from typing import NamedTuple

from onrecord.analysis.tension import Tension

_WIDTH, _HEIGHT = 720, 260
#: Room for numbers at the left, for days below.
_LEFT, _RIGHT, _TOP, _BELOW = 54, 10, 12, 26
#: Weeks that bars show at most, the latest ones.
_WEEKS = 52
#: Days that are named as having moved the index most.
MOST_MOVES = 6


class Tick(NamedTuple):
    """A line of the grid: its place in pixels, and its label."""

    at: float
    label: str


class Dot(NamedTuple):
    """A day on which something happened."""

    x: float
    y: float
    day: str


class Chart(NamedTuple):
    """All that the picture needs, in pixels."""

    width: int
    height: int
    left: int
    right: float
    bottom: float
    zero: float
    line: str
    band: str
    dots: tuple[Dot, ...]
    values: tuple[Tick, ...]
    days: tuple[Tick, ...]
    #: From where on reports were still coming in; None where they were not.
    open_from: float | None
    other: str


class Move(NamedTuple):
    """A day that moved the index, and why."""

    day: str
    change: float
    value: float
    reason: str
    incidents: tuple[str, ...]


def chart(index: Tension, other: Tension | None = None) -> Chart:
    """Return the picture of an index, with another one's line for comparison."""
    low = min(0.0, float(index.low.min()), *_edges(other, min))
    high = max(0.0, float(index.high.max()), *_edges(other, max))
    step = _step(high - low)
    low, high = floor(low / step) * step, -floor(-high / step) * step or step
    across, down = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BELOW
    count = max(1, len(index) - 1)

    def x(at: float) -> float:
        return round(_LEFT + across * at / count, 1)

    def y(value: float) -> float:
        return round(_TOP + down * (high - value) / (high - low), 1)

    top = [f"{x(at)} {y(float(value))}" for at, value in enumerate(index.high)]
    floor_ = [f"{x(at)} {y(float(value))}" for at, value in enumerate(index.low)]
    opened = [at for at, done in enumerate(index.complete) if not done]
    return Chart(
        _WIDTH, _HEIGHT, _LEFT, _WIDTH - _RIGHT, y(low), y(0),
        line=_path(index, x, y),
        band=f"M{'L'.join(top)}L{'L'.join(reversed(floor_))}Z",
        dots=tuple(
            Dot(x(at), y(float(index.value[at])), day)
            for at, day in enumerate(index.days)
            if index.new[at]
        ),
        values=tuple(_values(low, high, step, y)),
        days=tuple(_days(index.days, x)),
        open_from=x(opened[0]) if opened and len(index) > 1 else None,
        other=_path(other, x, y) if other is not None and len(other) == len(index) else "",
    )  # fmt: skip


def _edges(other: Tension | None, pick: object) -> list[float]:
    return [] if other is None or not len(other) else [float(pick(other.value))]  # type: ignore[operator]


def _path(index: Tension, x: object, y: object) -> str:
    points = (f"{x(at)} {y(float(v))}" for at, v in enumerate(index.value))  # type: ignore[operator]
    return "M" + "L".join(points)


def _step(span: float) -> float:
    """Return a round distance between grid lines, four or so of them."""
    rough = max(span, 1.0) / 4
    unit = 10.0 ** floor(log10(rough))
    return next(unit * one for one in (1, 2, 5, 10) if unit * one >= rough)


def _values(low: float, high: float, step: float, y: object) -> list[Tick]:
    count = round((high - low) / step)
    numbers = [low + step * at for at in range(count + 1)]
    return [Tick(y(one), f"{one:+g}".replace("-", "−") if one else "0") for one in numbers]  # type: ignore[operator]


def _days(days: Sequence[str], x: object) -> list[Tick]:
    """Return labels of days: weeks in a short period, months in a longer one."""
    first = date.fromisoformat(days[0])
    found: list[Tick] = []
    for at in range(len(days)):
        day = first + timedelta(days=at)
        weekly = len(days) <= 70 and day.weekday() == 0
        monthly = len(days) > 70 and day.day == 1
        if weekly or (monthly and (len(days) <= 800 or day.month in (1, 7))):
            label = f"{day.day} {day:%b}" if weekly else f"{day:%b %Y}"
            found.append(Tick(x(at), label))  # type: ignore[operator]
    return found if len(found) <= 14 else found[:: len(found) // 12 + 1]


def spark(values: Sequence[float], width: int = 96, height: int = 22) -> str:
    """Return a small line of values as a path."""
    if len(values) < 2:
        return ""
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    points = (
        f"{round(width * at / (len(values) - 1), 1)} {round(height - height * (v - low) / span, 1)}"
        for at, v in enumerate(values)
    )
    return "M" + "L".join(points)


def moves(index: Tension) -> list[Move]:
    """Return the days that moved an index most, the latest first."""
    new = [abs(float(value)) for value in index.new]
    strongest = sorted(range(len(new)), key=lambda at: -new[at])[:MOST_MOVES]
    days = index.days
    return [
        Move(
            days[at], float(index.new[at]), float(index.value[at]), index.reason(days[at]),
            tuple(one.incident for one in index.on(days[at])),
        )
        for at in sorted(strongest, reverse=True)
        if new[at]
    ]  # fmt: skip


class Bar(NamedTuple):
    """A week, and how often something was in it: place and height in pixels."""

    x: float
    width: float
    height: float
    week: str
    number: int


def weeks(days: Iterable[str], width: int = 320, height: int = 48) -> tuple[Bar, ...]:
    """Return days counted by week (from Monday), as bars; empty weeks between stand too."""
    counted: Counter[date] = Counter()
    for day in days:
        with suppress(ValueError):
            found = date.fromisoformat(day)
            counted[found - timedelta(days=found.weekday())] += 1
    if not counted:
        return ()
    first = max(min(counted), max(counted) - timedelta(weeks=_WEEKS - 1))
    number = (max(counted) - first).days // 7 + 1
    each = min(60.0, width / number)
    most = max(counted.values())
    bars = []
    for at in range(number):
        week = first + timedelta(weeks=at)
        tall = height * counted[week] / most
        bars.append(Bar(round(at * each, 1), round(each * 0.8, 1), round(tall, 1),
                        week.isoformat(), counted[week]))  # fmt: skip
    return tuple(bars)
