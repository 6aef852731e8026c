"""Changes: where the level of a dyad shifted, and what is reported more than usual.

Both look at each day with what was known by then alone, and both are held to a number of
false alarms a year, settled on shuffled days.  docs/analytics.md gives how long they take and
how often they err.

    from onrecord.analysis import changes, tension
    changes.shifts(tension.daily(archive, "URY", "PRY", both=True))
    changes.bursts(archive, "type")
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from onrecord.analysis import _changes_counts as counting
from onrecord.analysis import _changes_levels as levels
from onrecord.analysis import progress, tension
from onrecord.analysis._changes_counts import Ints
from onrecord.analysis._changes_levels import Floats
from onrecord.analysis._tension_ledger import ACTOR, NAME, NEVER, Ledger, iso
from onrecord.errors import SettingError

if TYPE_CHECKING:
    import pyarrow

    from onrecord.analysis.rows import Incident
    from onrecord.archive import Archive

__all__ = [
    "BURST_COLUMNS", "KINDS", "SHIFT_COLUMNS", "Burst", "Shift", "bursts", "cells", "shifts",
    "table",
]  # fmt: skip

#: False alarms a year that are put up with, of one dyad's level and of all series of a kind.
LEVEL_ALARMS, BURST_ALARMS = 0.5, 2.0
#: What may rise: ``claim`` is an incident known on somebody's word alone, by the outlets that
#: take it up.
KINDS = ("type", "place", "country", "actor", "claim")
#: Days of the past that are looked at.
_SPAN = 1096
_CLAIMS = tuple(progress.WORDS.index(word) for word in ("claimed", "denied"))
SHIFT_COLUMNS = {
    "day": "str", "noticed": "str", "direction": "str", "before": "float", "after": "float",
    "size": "float", "limit": "float", "incidents": "strs",
}  # fmt: skip
BURST_COLUMNS = {
    "kind": "str", "key": "str", "since": "str", "day": "str", "seen": "int",
    "expected": "float", "probability": "float", "incidents": "strs",
}  # fmt: skip


class Shift(NamedTuple):
    """A shift of the level of what a dyad's days bring."""

    #: First day of the new level (an estimate), and the day on which it was noticed.
    day: str
    noticed: str
    #: worse or better.
    direction: str
    #: Points a day before and after.
    before: float
    after: float
    #: The statistic, and what it had to pass.
    size: float
    limit: float
    #: The incidents from ``day`` to ``noticed``, those with most points first.
    incidents: tuple[str, ...]


class Burst(NamedTuple):
    """More than usual of something."""

    #: One of KINDS.
    kind: str
    #: "ASSAULT", "URY Fray Bentos", "URY", a country or name, the id of an incident.
    key: str
    #: The days whose count is unusual; it was noticed on the last one.
    since: str
    day: str
    #: Incidents; of a claim, outlets that took it up.
    seen: int
    #: What the 56 days before let expect, and how probable so many or more then are.
    expected: float
    probability: float
    incidents: tuple[str, ...]


def shifts(
    found: tension.Tension, *, per_year: float = LEVEL_ALARMS, until: str | None = None
) -> tuple[Shift, ...]:
    """Return the level shifts of a dyad's or group's daily points, in order.

    What is compared is what the days brought (``new``), not the index, in which every
    incident goes on for weeks.  ``per_year``: false alarms a year, on shuffled days.  Days
    that are not complete are left out.  Nothing is found in less than six weeks.
    """
    _allowed(per_year)
    values = found.new[found.complete]
    if until is not None:
        values = values[: found.at(until) + 1]
    if len(values) < 2 * levels.WARM or not values.any():
        return ()
    limit = levels.threshold(values, per_year)
    return tuple(_shift(found, one, limit) for one in levels.find(values, limit))


def _shift(found: tension.Tension, one: levels.Found, limit: float) -> Shift:
    days = found.days
    news = [c for day in days[one.first : one.noticed + 1] for c in found.on(day)]
    news.sort(key=lambda c: (-abs(c.points), c.incident))
    return Shift(
        days[one.first], days[one.noticed], "worse" if one.after > one.before else "better",
        one.before, one.after, one.size, limit, tuple(c.incident for c in news),
    )  # fmt: skip


def bursts(
    source: Archive | Ledger | Iterable[Incident],
    kind: str = "type",
    *,
    since: str | None = None,
    as_of: str | None = None,
    per_year: float = BURST_ALARMS,
) -> tuple[Burst, ...]:
    """Return what rose unusually: event types, places, countries, actors or claims.

    Incidents are counted, each on its day, not reports; days with more coverage than usual
    are expected to have more (``coverage_share``).  ``since``: noticed from that ISO day on.
    ``per_year``: false alarms a year, over all series of the kind; a claim has no past of its
    own, so for claims it is how many a year are let through, the most surprising.
    SettingError for another kind.
    """
    if kind not in KINDS:
        raise SettingError(f"there is no kind {kind!r}; give {', '.join(KINDS)}", name="kind")
    _allowed(per_year)
    first = None if since is None else tension.day_number(since, "since")
    ledger = tension.ledger_of(source, as_of)
    if not len(ledger) or ledger.last == NEVER:
        return ()
    table = _counts(ledger, kind)
    if not len(table.counts) or table.counts.shape[1] <= counting.WARM:
        return ()
    limit = counting.threshold(table.counts, table.exposure, per_year)
    return tuple(
        _burst(ledger, kind, table, rise)
        for rise in counting.find(table.counts, table.exposure, limit)
        if first is None or table.start + rise.last >= first
    )


class _Table(NamedTuple):
    """Daily counts of series, and the entries they are counted from."""

    keys: tuple[str, ...]
    counts: Ints
    exposure: Floats
    start: int
    #: Of each entry: series, place of the day, incident.
    entries: tuple[Ints, Ints, Ints]


def _counts(ledger: Ledger, kind: str) -> _Table:
    """Count a kind's series over the last three years at most; those of too few are left out."""
    names, series, day, incident = _entries(ledger, kind)
    start = max(ledger.first, ledger.last - _SPAN + 1)
    inside = (day >= start) & (day <= ledger.last)
    series, day, incident = series[inside], day[inside] - start, incident[inside]
    enough = np.flatnonzero(np.bincount(series, minlength=len(names)) >= counting.LEAST)
    place = np.full(len(names), -1, dtype=np.int64)
    place[enough] = np.arange(len(enough))
    kept = place[series] >= 0
    series, day, incident = place[series[kept]], day[kept], incident[kept]
    days = ledger.last - start + 1
    cells = np.bincount(series * days + day, minlength=len(enough) * days)
    exposure = 1 / np.maximum(ledger.factor(np.arange(start, ledger.last + 1)), 0.05)
    counts = cells.reshape(len(enough), days).astype(np.int64)
    keys = tuple(names[one] for one in enough.tolist())
    return _Table(keys, counts, exposure, start, (series, day, incident))


def _entries(ledger: Ledger, kind: str) -> tuple[Sequence[str], Ints, Ints, Ints]:
    """Return names of series, and series, day and incident of each entry that is counted."""
    happened = np.isin(ledger.status, [progress.WORDS.index("actual"), *_CLAIMS[:1]])
    every = np.flatnonzero(happened & (ledger.day != NEVER))
    if kind == "type":
        types = sorted({name.split("/")[0] for name in ledger.kinds})
        of = np.array([types.index(name.split("/")[0]) for name in ledger.kinds], dtype=np.int64)
        return types, of[ledger.kind[every]], ledger.day[every], every
    if kind in ("place", "country"):
        return _places(ledger, every, whole=kind == "place")
    if kind == "claim":
        incident, _, when = ledger.told
        claimed = np.isin(ledger.status[incident], _CLAIMS) & (when != NEVER)
        return ledger.ids, incident[claimed], when[claimed], incident[claimed]
    incident, side, key = ledger.parties
    chosen = (side == ACTOR) & np.isin(incident, every)
    names = tuple(name.removeprefix(NAME) for name in ledger.keys)
    return names, key[chosen], ledger.day[incident[chosen]], incident[chosen]


def _places(ledger: Ledger, every: Ints, *, whole: bool) -> tuple[Sequence[str], Ints, Ints, Ints]:
    known = every[ledger.place[every] >= 0]
    if whole:
        named = np.array([" " in place for place in ledger.places] or [False])
        known = known[named[ledger.place[known]]]
        return ledger.places, ledger.place[known], ledger.day[known], known
    codes = sorted({place.split(" ")[0] for place in ledger.places})
    of = np.array([codes.index(place.split(" ")[0]) for place in ledger.places], dtype=np.int64)
    return codes, of[ledger.place[known]], ledger.day[known], known


def _burst(ledger: Ledger, kind: str, table: _Table, rise: counting.Rise) -> Burst:
    series, day, incident = table.entries
    mine = (series == rise.series) & (day >= rise.first) & (day <= rise.last)
    ids = tuple(dict.fromkeys(ledger.ids[one] for one in incident[mine].tolist()))
    return Burst(
        kind, table.keys[rise.series], iso(table.start + rise.first), iso(table.start + rise.last),
        rise.seen, rise.expected, rise.probability, ids,
    )  # fmt: skip


def table(rows: Sequence[Shift] | Sequence[Burst]) -> pyarrow.Table:
    """Return shifts or bursts as an Arrow table, one row each."""
    from onrecord.archive import frames

    columns = BURST_COLUMNS if rows and isinstance(rows[0], Burst) else SHIFT_COLUMNS
    return frames.table(map(cells, rows), columns)


def cells(row: Shift | Burst) -> dict[str, Any]:
    """Return a row's cells, with the columns of SHIFT_COLUMNS or BURST_COLUMNS."""
    return row._asdict() | {"incidents": list(row.incidents)}


def _allowed(per_year: float) -> None:
    if not 0 < per_year <= 365:
        raise SettingError(
            f"per_year is {per_year}; give the false alarms a year, above 0 and up to 365",
            name="per_year",
        )
