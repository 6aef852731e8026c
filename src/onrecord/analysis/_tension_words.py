"""The tension index in words: what an incident adds, and why a day moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from onrecord.analysis import progress
from onrecord.render.wording import counted

if TYPE_CHECKING:
    from onrecord.analysis._tension_ledger import Ledger
    from onrecord.analysis._tension_math import Ints

#: Incidents that a reason names.
_NAMED = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Contribution(NamedTuple):
    """What one incident adds to a day."""

    incident: str
    story: str
    #: ISO day on which it counts in full.
    day: str
    #: PLOVER points towards conflict (or, negative, cooperation).
    points: float
    #: "COERCE/seize Uruguay → two barges".
    words: str
    status: str
    #: Reports that are nobody's copy, and all articles.
    origins: int
    carriers: int
    confidence: float


class Counts(NamedTuple):
    """What a period's numbers rest on."""

    incidents: int
    #: Incident and article that is nobody's copy, each pair once.
    reports: int
    outlets: int


def contribution(ledger: Ledger, at: int, points: float) -> Contribution:
    """Return the contribution of the ledger's incident at a place."""
    from onrecord.analysis._tension_ledger import iso

    return Contribution(
        ledger.ids[at], ledger.stories[at], iso(int(ledger.day[at])), points, ledger.words[at],
        progress.WORDS[ledger.status[at]], int(ledger.origins[at]), int(ledger.carriers[at]),
        float(ledger.confidence[at]),
    )  # fmt: skip


def counts(ledger: Ledger, picked: Ints, start: int, days: int) -> Counts:
    """Count the incidents of a period that count, their reports and outlets."""
    day = ledger.day[picked]
    inside = picked[(day >= start) & (day < start + days)]
    mine = np.zeros(len(ledger), dtype=bool)
    mine[inside] = True
    incident, outlet, _ = ledger.told
    outlets = len(np.unique(outlet[mine[incident]]))
    return Counts(len(inside), int(ledger.origins[inside].sum()), outlets)


def reason(brought: Sequence[Contribution], new: float, moved: float) -> str:
    """Return why the index moved: "+6.0: one incident: SANCTION/expel … (3 reports)".

    ``new``: the points of the incidents, ``moved``: the change of the index, which has the
    fading of earlier incidents in it.
    """
    if not brought:
        quiet = abs(moved) < 0.05
        return "no incident" if quiet else f"{signed(moved)}: no incident; earlier ones fade"
    named = "; ".join(_told(one, len(brought) > 1) for one in brought[:_NAMED])
    more = f"; and {_count(len(brought) - _NAMED)} more" if len(brought) > _NAMED else ""
    fading = moved - new
    rest = f"; earlier ones fade by {signed(fading)}" if abs(fading) >= 0.05 else ""
    several = f"{_count(len(brought))} incident{'s' * (len(brought) != 1)}"
    return f"{signed(new)}: {several}: {named}{more}{rest}"


def _count(many: int) -> str:
    return _NUMBERS[many] if many < len(_NUMBERS) else f"{many:,}"


def _told(one: Contribution, several: bool) -> str:
    points = f"{signed(one.points)} " if several else ""
    status = "" if one.status == "actual" else f"{one.status}, "
    return f"{points}{one.words} ({status}{counted(one.origins, 'report')})"


def signed(value: float) -> str:
    """Return points with their sign: ``+6.0``, ``−2.5``."""
    shown = f"{abs(value):,.1f}"
    if shown == "0.0":
        return "0.0"
    return f"{'−' if value < 0 else '+'}{shown}"
