"""What the charts show, as plain rows: days are ISO dates, ``end`` the day after."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.analysis._tension_ledger import iso
from onrecord.render.wording import day

if TYPE_CHECKING:
    from onrecord.analysis._tension_math import Floats, Ints
    from onrecord.analysis.changes import Burst, Shift
    from onrecord.analysis.tension import Tension

Row = dict[str, Any]

#: Up to so many days each day is a step, and a bar; beyond, bars are weeks and months.
FEW_DAYS, SOME_DAYS = 200, 1500


def ticks(found: Tension) -> str:
    """Return how days are written on the axis."""
    return "%-d %b" if len(found) <= FEW_DAYS else "%b %Y"


def index(found: Tension) -> list[Row]:
    """Return the index and its band by day; of few days the last goes on to its end."""
    rows = [
        {"day": day_, "value": _round(found.value[at]), "low": _round(found.low[at]),
         "high": _round(found.high[at])}
        for at, day_ in enumerate(found.days)
    ]  # fmt: skip
    if len(found) <= FEW_DAYS:
        rows.append(rows[-1] | {"day": iso(found.start + len(found))})
    return rows


def incomplete(found: Tension) -> list[Row]:
    """Return the stretch of days at the end that are not complete."""
    open_ = np.flatnonzero(~found.complete)
    if not len(open_):
        return []
    first = found.start + int(open_[0])
    end = found.start + len(found)
    return [{"day": iso(first), "end": iso(end), "text": "not complete"}]


def shifts(rows: Sequence[Shift]) -> list[Row]:
    """Return where shifts were noticed, in words."""
    return [{"day": one.noticed, "text": f"level shift: {one.direction}"} for one in rows]


def brought(found: Tension) -> tuple[str, list[Row]]:
    """Return what each day, week or month brought, as boxes that stand on each other.

    Conflict stands above 0, cooperation below, what was done next to the line.
    """
    size, edges = _edges(found)
    parts = _parts(found)
    rows = []
    for low, high in pairwise(edges):
        for sign, names in ((1, ("done, conflict", "said, conflict")),
                            (-1, ("done, cooperation", "said, cooperation"))):  # fmt: skip
            stand = 0.0
            for name in names:
                points = float(parts[name][low:high].sum())
                if points:
                    rows.append({
                        "day": iso(found.start + low), "end": iso(found.start + high),
                        "what": name, "low": _round(stand), "high": _round(stand + sign * points),
                        "points": _round(points),
                    })  # fmt: skip
                    stand += sign * points
    return size, rows


def _parts(found: Tension) -> dict[str, Floats]:
    """Return the points of conflict and cooperation, done and said, by day, none below 0."""
    place = found.ledger.day[found.picked] - found.start
    inside = (place >= 0) & (place < len(found))
    place, points = place[inside], found.points[inside]
    said = found.ledger.quad[found.picked][inside] % 2 == 1
    return {
        f"{how}, {what}": _summed(place, np.maximum(sign * points, 0.0) * mask, len(found))
        for how, mask in (("done", ~said), ("said", said))
        for what, sign in (("conflict", 1), ("cooperation", -1))
    }


def _summed(place: Ints, points: Floats, days: int) -> Floats:
    return np.asarray(np.bincount(place, weights=points, minlength=days), dtype=np.float64)


def _edges(found: Tension) -> tuple[str, list[int]]:
    """Return what a bar is, and the places at which bars begin and end."""
    days = len(found)
    if days <= FEW_DAYS:
        return "day", list(range(days + 1))
    if days <= SOME_DAYS:
        return "week", [*range(0, days, 7), days]
    months = np.array([day_[:7] for day_ in found.days])
    begins = np.flatnonzero(np.concatenate([[True], months[1:] != months[:-1]]))
    return "month", [*begins.tolist(), days]


def rises(bursts: Sequence[Burst]) -> list[Row]:
    """Return unusual rises, the latest first, each with a name of its own."""
    rows = [
        {"name": f"{day(one.day)}  {one.kind} {one.key}", "seen": one.seen,
         "expected": _round(one.expected)}
        for one in sorted(bursts, key=lambda one: (one.day, one.key), reverse=True)
    ]  # fmt: skip
    return rows


def _round(value: Any) -> float:
    return round(float(value), 4)
