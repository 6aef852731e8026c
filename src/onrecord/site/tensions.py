"""The tension of two countries for pages: the index, its picture, and who moved most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from onrecord.analysis import tension
from onrecord.site import charts
from onrecord.site.edition import Edition, back
from onrecord.site.waiting import Waiting

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: Days that a chart shows at most.
_SHOWN = 400
#: Points by which an index must have moved to be worth a line.
_LEAST_CHANGE = 1.0


class Panel(NamedTuple):
    """An index with its picture and its days of change."""

    series: tension.Tension
    chart: charts.Chart
    moves: tuple[charts.Move, ...]
    value: float
    low: float
    high: float
    peak_day: str
    peak: float


class Moved(NamedTuple):
    """Two countries whose index moved lately."""

    one: str
    other: str
    before: float
    after: float
    beyond: bool
    reason: str
    spark: str


class Tensions:
    """The indices of one archive; its incidents are loaded once in a while."""

    def __init__(self, archive: Archive, waiting: Waiting) -> None:
        self._archive = archive
        self._waiting = waiting

    def ledger(self, edition: Edition) -> tension.Ledger | None:
        """Return all incidents as columns; None while they are being loaded."""
        day = edition.as_of if edition.is_past else None
        return self._waiting.get(("ledger", day), lambda: tension.load(self._archive, as_of=day))

    def panel(
        self, edition: Edition, one: str, other: str, *, both: bool,
        beside: tuple[str, str] | None = None,
    ) -> Panel | None:  # fmt: skip
        """Return the index of two countries; None where there is none, or not yet.

        ``beside``: two countries whose index is drawn with it.
        """
        index = self.index(edition, one, other, both=both)
        ledger = self.ledger(edition)
        if index is None or ledger is None or not index.picked.size:
            return None
        peak = int(index.value.argmax())
        second = None
        if beside is not None:
            since, until = index.days[0], index.days[-1]
            second = tension.daily(ledger, *beside, both=both, since=since, until=until)
        return Panel(
            index, charts.chart(index, second), tuple(charts.moves(index)),
            float(index.value[-1]), float(index.low[-1]), float(index.high[-1]),
            index.days[peak], float(index.value[peak]),
        )  # fmt: skip

    def index(
        self, edition: Edition, one: str, other: str, *, both: bool
    ) -> tension.Tension | None:
        """Return the daily index over the days that a chart shows."""
        ledger = self.ledger(edition)
        if ledger is None or not len(ledger) or not edition.as_of:
            return None
        last, since = edition.as_of, back(edition.as_of, _SHOWN)
        index = tension.daily(ledger, one, other, both=both, since=since, until=last)
        if not index.picked.size:
            return index
        # A series begins with the first incident, where that lies within.
        began = int(ledger.day[index.picked].min()) - index.start
        if began <= 0 or began >= len(index):
            return index
        since = index.days[began]
        return tension.daily(ledger, one, other, both=both, since=since, until=last)

    def movers(self, edition: Edition, days: int = 7, most: int = 5) -> list[Moved] | None:
        """Return the pairs whose index moved most; None while that is being worked out."""
        ledger = self.ledger(edition)
        if ledger is None:
            return None
        past = edition.as_of if edition.is_past else None
        key = ("movers", past, edition.as_of)
        return self._waiting.get(key, lambda: _movers(ledger, past, edition.as_of, days, most))


def _movers(
    ledger: tension.Ledger, past: str | None, as_of: str, days: int, most: int
) -> list[Moved]:
    if not as_of or not len(ledger):
        return []
    found = tension.movers(ledger, as_of=past, days=days, limit=most)
    moved = []
    for row in found:
        one, other = row.actors[0], row.recipients[0]
        index = tension.daily(ledger, one, other, both=True, since=back(as_of, 28), until=as_of)
        path = charts.spark([float(value) for value in index.value])
        if abs(row.change) >= _LEAST_CHANGE:
            moved.append(Moved(one, other, row.before, row.after, row.beyond, row.reason, path))
    return moved
