"""Tension: what two parties do to each other, day by day, in PLOVER's points.

Every incident between them counts once, however many articles tell of it, with PLOVER's
score turned round: +6 for sanctions, -6.5 for a release.  Its points halve every
``half_life`` days.  docs/analytics.md says how the numbers are made and what they are not.

    from onrecord.analysis import tension
    found = tension.daily(archive, "URY", "PRY", both=True)
    found.to_polars()            # one row a day, with the incidents and a written reason
    tension.movers(archive)      # which dyads moved most in the last seven days
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from onrecord import ontology
from onrecord.analysis import _tension_ledger as ledgers
from onrecord.analysis import _tension_math as maths
from onrecord.analysis import _tension_words as wording
from onrecord.analysis import progress
from onrecord.analysis._tension_ledger import ACTOR, MEANT, NAME, NEVER, RECIPIENT, Ledger, iso
from onrecord.analysis._tension_math import Bools, Floats, Ints
from onrecord.analysis._tension_sources import Line, sentences
from onrecord.analysis._tension_words import Contribution
from onrecord.analysis.words import same_name
from onrecord.errors import SettingError

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    import polars
    import pyarrow

    from onrecord.analysis.rows import Incident
    from onrecord.archive import Archive

__all__ = [
    "COLUMNS", "HALF_LIFE", "Contribution", "Ledger", "Line", "Mover", "Tension", "Weights",
    "daily", "load", "movers", "sentences", "within",
]  # fmt: skip

#: Days after which an incident counts half.
HALF_LIFE = 7.0
#: Half-lives after which an incident no longer counts at all: less than a thousandth is left.
_REACH = 10
#: A longest series, in days.
_LONGEST = 40_000
#: The columns of ``rows``, with types as in ``archive.frames``.
COLUMNS: Mapping[str, str] = {
    "day": "str", "value": "float", "low": "float", "high": "float", "conflict": "float",
    "cooperation": "float", "verbal": "float", "material": "float", "new": "float",
    "incidents": "strs", "reason": "str", "complete": "bool",
}  # fmt: skip


@dataclass(frozen=True)
class Weights:
    """What an incident counts for; PLOVER's scores are in ``ontology.toml``."""

    #: By the word on it that stands: actual, claimed, denied, future, hypothetical,
    #: threatened, historical.  One that is not named counts nothing.
    status: Mapping[str, float] = field(default_factory=lambda: {"actual": 1.0, "claimed": 0.5})
    #: Scores in place of PLOVER's, by "TYPE/mode" or "TYPE".
    scores: Mapping[str, float] = field(default_factory=dict)
    verbal: float = 1.0
    material: float = 1.0
    #: Mobilisations and retreats for which no recipient is named, towards the other country on
    #: which most of the actor's acts in the story are.
    implied: float = 0.5
    #: Incidents of less confidence are left out.
    least: float = 0.5
    #: Whether days with more reports than usual are thinned (``coverage_share``).
    coverage: bool = True


@dataclass(frozen=True, eq=False)
class Tension:
    """The daily index of a dyad or group: arrays with one entry a day, all in PLOVER points.

    ``value = conflict - cooperation = verbal + material``; ``new`` is what the day itself
    brought, the rest are earlier days' incidents, faded.
    """

    #: Country codes or names; ``recipients`` is empty for a group.
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    both: bool
    half_life: float
    weights: Weights
    #: Days since 1970-01-01 of the first entry.
    start: int
    value: Floats
    conflict: Floats
    cooperation: Floats
    verbal: Floats
    material: Floats
    new: Floats
    #: The band: nine in ten draws of reports, readings and merges lie within.
    low: Floats
    high: Floats
    #: False on days for which reports were still coming in.
    complete: Bools
    ledger: Ledger = field(repr=False)
    #: Incidents that count, by day, and the points of each.
    picked: Ints = field(repr=False)
    points: Floats = field(repr=False)

    def __len__(self) -> int:
        return len(self.value)

    @property
    def name(self) -> str:
        """Who it is about: ``URY → PRY``, ``URY ↔ PRY``, ``within URY, PRY``."""
        ours, theirs = ", ".join(self.actors), ", ".join(self.recipients)
        return f"{ours} {'↔' if self.both else '→'} {theirs}" if theirs else f"within {ours}"

    @property
    def days(self) -> list[str]:
        """The days, as ISO dates."""
        return [iso(self.start + at) for at in range(len(self))]

    def at(self, day: str) -> int:
        """Return the place of an ISO day in the arrays; SettingError when it is not in the period.

        Also for what is no date.
        """
        found = ledgers.number(day) - self.start
        if not 0 <= found < len(self):
            raise SettingError(
                f"{day!r} is no day from {self.days[0]} to {self.days[-1]}; give one of these",
                name="day",
            )
        return found

    def on(self, day: str) -> tuple[Contribution, ...]:
        """Return the incidents of a day that count, those with most points first."""
        return self._on(self.at(day))

    def _on(self, at: int) -> tuple[Contribution, ...]:
        day = self.ledger.day[self.picked]
        low, high = np.searchsorted(day, [self.start + at, self.start + at + 1])
        return self._contributions(range(low, high), self.points[low:high])

    def behind(self, day: str) -> tuple[Contribution, ...]:
        """Return all incidents that make up a day's value, with what is left of their points.

        The points add up to the value.
        """
        now = self.start + self.at(day)
        when = self.ledger.day[self.picked]
        high = int(np.searchsorted(when, now + 1))
        left = self.points[:high] * 0.5 ** ((now - when[:high]) / self.half_life)
        return self._contributions(range(high), left)

    def _contributions(self, places: Iterable[int], points: Floats) -> tuple[Contribution, ...]:
        found = [
            wording.contribution(self.ledger, int(self.picked[place]), float(part))
            for place, part in zip(places, points, strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one.points), one.incident)))

    def reason(self, day: str) -> str:
        """Return in words why the index moved on a day."""
        return self._reason(self.at(day))

    def _reason(self, at: int) -> str:
        before = float(self.value[at - 1]) if at else 0.0
        moved = float(self.value[at]) - before if at else float(self.new[0])
        return wording.reason(self._on(at), float(self.new[at]), moved)

    def counts(self) -> wording.Counts:
        """Return of how many incidents, reports and outlets the period consists."""
        return wording.counts(self.ledger, self.picked, self.start, len(self))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one row a day, with the columns of ``COLUMNS``."""
        numbers = [name for name, kind in COLUMNS.items() if kind == "float"]
        for at, day in enumerate(self.days):
            cells: dict[str, Any] = {"day": day}
            cells |= {name: round(float(getattr(self, name)[at]), 6) for name in numbers}
            incidents = [one.incident for one in self._on(at)]
            cells |= {"incidents": incidents, "reason": self._reason(at)}
            yield cells | {"complete": bool(self.complete[at])}

    def to_arrow(self) -> pyarrow.Table:
        """Return ``rows`` as an Arrow table; SettingError when pyarrow is not installed."""
        from onrecord.archive import frames

        return frames.table(self.rows(), COLUMNS)

    def to_pandas(self) -> pandas.DataFrame:
        """Return ``rows`` as a pandas frame."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Return ``rows`` as a polars frame."""
        from onrecord.analysis.frames import to_polars

        return to_polars(self.to_arrow())


class Mover(NamedTuple):
    """A dyad whose index moved."""

    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    #: The index ``days`` ago and now, and now's band.
    before: float
    after: float
    low: float
    high: float
    change: float
    #: Whether the index of then lies outside the band of now.
    beyond: bool
    #: The incidents of these days, those with most points first.
    incidents: tuple[str, ...]
    reason: str


def load(archive: Archive, *, as_of: str | None = None) -> Ledger:
    """Return all incidents of an archive as columns: load once for many questions.

    ``as_of``: from what was published by that day (ISO).
    """
    return ledgers.of_archive(archive, as_of=as_of)


def daily(
    source: Archive | Ledger | Iterable[Incident],
    a: str | Sequence[str],
    b: str | Sequence[str],
    *,
    both: bool = False,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    half_life: float = HALF_LIFE,
    weights: Weights | None = None,
) -> Tension:
    """Return the daily index of what ``a`` does to ``b``; ``both``: and ``b`` to ``a``.

    Each is a country's code, a name, or several ("USA,CAN" or a list) that count as one
    party.  ``source``: an archive, its ledger (``load``), or incidents.  ``since`` and
    ``until`` are ISO days; by default from the first incident to the last day of
    publication.  ``as_of``: from what was published by that day.  SettingError for a
    half-life that is not above 0, days that are none, or a period that ends before it begins.
    """
    ours, theirs = _parties(a), _parties(b)
    ledger = ledger_of(source, as_of, (ours, theirs))
    picked, implied = _between(ledger, ours, theirs)
    if both:
        other, also = _between(ledger, theirs, ours)
        picked, implied = picked | other, (implied | also) & ~(picked | other)
    scope = _Scope(ours, theirs, both, half_life, weights or Weights())
    return _index(scope, ledger, (picked, implied), since, until)


def within(
    source: Archive | Ledger | Iterable[Incident],
    members: str | Sequence[str],
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    half_life: float = HALF_LIFE,
    weights: Weights | None = None,
) -> Tension:
    """Return the daily index of a group: what its members do to each other, each incident once.

    Arguments as in ``daily``; SettingError also for fewer than two members.
    """
    group = _parties(members)
    if len(group) < 2:
        raise SettingError("a group has two members or more; give USA,CAN,MEX", name="members")
    ledger = ledger_of(source, as_of, (group,))
    picked = implied = np.zeros(len(ledger), dtype=bool)
    for one in group:
        rest = tuple(other for other in group if other != one)
        named, meant = _between(ledger, (one,), rest)
        picked, implied = picked | named, implied | meant
    scope = _Scope(group, (), True, half_life, weights or Weights())
    return _index(scope, ledger, (picked, implied & ~picked), since, until)


def movers(
    source: Archive | Ledger | Iterable[Incident],
    *,
    as_of: str | None = None,
    days: int = 7,
    limit: int = 10,
    half_life: float = HALF_LIFE,
    weights: Weights | None = None,
) -> list[Mover]:
    """Return the pairs of countries whose index moved most in the last ``days`` days.

    Both directions count together.  Only pairs with an incident in these days are looked at.
    """
    ledger = ledger_of(source, as_of)
    if not len(ledger) or ledger.last == NEVER:
        return []
    now = ledgers.number(as_of) if as_of else ledger.last
    recent = _recent(ledger, now, max(days, int(_REACH * half_life)))
    found = [
        _mover(daily(
            recent, *pair, both=True, since=iso(now - days), until=iso(now), half_life=half_life,
            weights=weights,
        ))
        for pair in _pairs(recent, now - days)
    ]  # fmt: skip
    moved = sorted((one for one in found if one.incidents), key=lambda one: -abs(one.change))
    return moved[:limit]


def _mover(one: Tension) -> Mover:
    news = [c for day in one.days[1:] for c in one.on(day)]
    news.sort(key=lambda c: (-abs(c.points), c.incident))
    change = float(one.value[-1] - one.value[0])
    low, high = float(one.low[-1]), float(one.high[-1])
    return Mover(
        one.actors, one.recipients, float(one.value[0]), float(one.value[-1]), low, high, change,
        not low <= one.value[0] <= high, tuple(c.incident for c in news),
        wording.reason(news, float(sum(c.points for c in news)), change),
    )  # fmt: skip


def _recent(ledger: Ledger, now: int, days: int) -> Ledger:
    """Return the ledger's incidents of the last days alone, with the whole one's coverage."""
    return ledger.of((ledger.day > now - days) & (ledger.day <= now))


def _pairs(ledger: Ledger, since: int) -> list[tuple[str, str]]:
    """Return the pairs of countries that have to do with each other after a day."""
    incident, side, key = ledger.parties
    fresh = ledger.day[incident] > since
    who: dict[int, tuple[set[str], set[str]]] = {}
    for at, which, number in zip(incident[fresh], side[fresh], key[fresh], strict=True):
        name = ledger.keys[number]
        if not name.startswith(NAME):
            who.setdefault(int(at), (set(), set()))[int(which != ACTOR)].add(name)
    found = set()
    for actors, recipients in who.values():
        for one, other in product(actors, recipients or actors):
            if one != other:
                found.add((min(one, other), max(one, other)))
    return sorted(found)


# -- who ----------------------------------------------------------------------------------


def ledger_of(
    source: Archive | Ledger | Iterable[Incident],
    as_of: str | None,
    naming: Sequence[Sequence[str]] = (),
) -> Ledger:
    """Return a source's ledger; of an archive's those stories alone that name these codes."""
    if isinstance(source, Ledger):
        if as_of not in (None, source.as_of):
            raise SettingError(
                "a ledger knows what was published by one day; load it with that as_of",
                name="as_of",
            )
        return source
    if isinstance(source, Iterable):
        return ledgers.of_incidents(source, as_of=as_of)
    codes = all(_is_code(name) for names in naming for name in names)
    return ledgers.of_archive(source, as_of=as_of, naming=naming if codes else ())


def _is_code(name: str) -> bool:
    return len(name) == 3 and name.isascii() and name.isupper()


def _parties(given: str | Sequence[str]) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given
    found = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not found:
        raise SettingError("no party is named; give a country's code or a name", name="party")
    return found


def _between(ledger: Ledger, ours: Sequence[str], theirs: Sequence[str]) -> tuple[Bools, Bools]:
    """Return masks of the incidents in which one side acts on the other, and is meant to.

    Where nobody is acted on, both act together (talks, a signing).
    """
    incident, side, key = ledger.parties
    mine, yours = (np.isin(key, _numbers(ledger, names)) for names in (ours, theirs))

    def has(chosen: Bools) -> Bools:
        mask = np.zeros(len(ledger), dtype=bool)
        mask[incident[chosen]] = True
        return mask

    acts = has((side == ACTOR) & mine)
    named = acts & has((side == RECIPIENT) & yours)
    if set(ours).isdisjoint(theirs):
        named |= acts & has((side == ACTOR) & yours) & ~has(side == RECIPIENT)
    return named, acts & has((side == MEANT) & yours) & ~named


def _numbers(ledger: Ledger, names: Sequence[str]) -> list[int]:
    """Return the keys that names stand for: a code, or every name that is the same person's."""
    found = [ledger.numbers[name] for name in names if name in ledger.numbers]
    longer = [name for name in names if not _is_code(name)]
    if longer:
        for key, number in ledger.numbers.items():
            if key[:1] == NAME and any(same_name(key[1:], name) for name in longer):
                found.append(number)
    return found


# -- the index ----------------------------------------------------------------------------


class _Scope(NamedTuple):
    """Who an index is about, and how its incidents are weighed."""

    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    both: bool
    half_life: float
    weights: Weights


def _index(
    scope: _Scope, ledger: Ledger, chosen: tuple[Bools, Bools], since: str | None, until: str | None
) -> Tension:
    half_life = scope.half_life
    if not half_life > 0:
        raise SettingError(f"half_life is {half_life}; give days above 0", name="half_life")
    points = _points(ledger, scope.weights, *chosen)
    picked = np.flatnonzero(points)
    if (np.diff(ledger.day[picked]) < 0).any():
        picked = picked[np.argsort(ledger.day[picked], kind="stable")]
    first, last = _period(ledger, picked, since, until)
    reach = first - int(_REACH * half_life)
    low, high = np.searchsorted(ledger.day[picked], [reach, last + 1])
    picked = picked[low:high]
    start = int(min(first, ledger.day[picked[0]])) if len(picked) else first
    sums = _sums(ledger, picked, points[picked], start, last - start + 1, half_life)
    value, conflict, verbal, new, half = (column[first - start :] for column in sums)
    return Tension(
        *scope, start=first, value=value, conflict=conflict, cooperation=conflict - value,
        verbal=verbal, material=value - verbal, new=new, low=value - half, high=value + half,
        complete=np.arange(first, last + 1) < ledger.last, ledger=ledger, picked=picked,
        points=points[picked],
    )  # fmt: skip


def _points(ledger: Ledger, weights: Weights, named: Bools, implied: Bools) -> Floats:
    """Return what each incident counts for on its day, towards conflict; 0 where it does not."""
    by_status = np.array([weights.status.get(word, 0.0) for word in progress.WORDS])
    by_quad = np.array([0.0, weights.verbal, weights.material, weights.verbal, weights.material])
    usable = (named | implied) & (ledger.day != NEVER) & (ledger.confidence >= weights.least)
    at = np.flatnonzero(usable)
    points = -_scores(ledger, weights)[at] * by_status[ledger.status[at]] * by_quad[ledger.quad[at]]
    points *= np.where(named[at], 1.0, weights.implied)
    if weights.coverage and len(at):
        points *= ledger.factor(ledger.day[at])
    found = np.zeros(len(ledger))
    found[at] = points
    return found


def _scores(ledger: Ledger, weights: Weights) -> Floats:
    if not weights.scores:
        return ledger.score
    for name in weights.scores:
        ontology.score(*name.split("/", 1))
    own = np.full(len(ledger.kinds), np.nan)
    for at, kind in enumerate(ledger.kinds):
        given = weights.scores.get(kind, weights.scores.get(kind.split("/")[0]))
        own[at] = np.nan if given is None else given
    return np.where(np.isnan(own[ledger.kind]), ledger.score, own[ledger.kind])


def _period(ledger: Ledger, picked: Ints, since: str | None, until: str | None) -> tuple[int, int]:
    """Return the first and the last day of a series."""
    days = ledger.day[picked]
    opening = ledger.first if ledger.last != NEVER else 0
    closing = max(ledger.last, opening)
    first = _asked(since, "since", int(max(days[0], opening - 7)) if len(days) else opening)
    last = _asked(until, "until", closing)
    first = min(first, last) if since is None else first
    if first > last or last - first > _LONGEST:
        raise SettingError(
            f"the period from {iso(first)} to {iso(last)} has no days or too many "
            f"({_LONGEST:,} at most); give another since or until", name="since",
        )  # fmt: skip
    return first, last


def _asked(day: str | None, name: str, default: int) -> int:
    return default if day is None else day_number(day, name)


def day_number(day: str, name: str) -> int:
    """Return an ISO day as days since 1970-01-01; SettingError on ``name`` for what is none."""
    found = ledgers.number(day)
    if found == NEVER:
        raise SettingError(f"{name} is {day!r}, no day; write one as 2026-02-03", name=name)
    return found


def _sums(
    ledger: Ledger, picked: Ints, points: Floats, start: int, days: int, half_life: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return value, conflict, verbal, new and the band's half-width, by day."""
    day = ledger.day[picked] - start
    verbal = np.where(ledger.quad[picked] % 2 == 1, points, 0.0)
    new = maths.by_day(day, points, days)
    columns = np.stack(
        [new, maths.by_day(day, np.maximum(points, 0.0), days), maths.by_day(day, verbal, days)],
        axis=1,
    )
    value, conflict, said = maths.faded(columns, half_life).T
    return value, conflict, said, new, _half(ledger, picked, points, day, days, half_life)


def _half(
    ledger: Ledger, picked: Ints, points: Floats, day: Ints, days: int, half_life: float
) -> Floats:
    """Return the band's half-width: doubt about outlets, readings and merges together.

    An incident that is none makes the index too far from 0, as one that is lost makes it
    too near; one merged of two makes it too near as well, so these two oppose each other.
    """
    sure, one = ledger.confidence[picked], ledger.joined[picked]
    one = np.where(ledger.origins[picked] > 1, one, 1.0)
    place = np.full(len(ledger), -1, dtype=np.int64)
    place[picked] = np.arange(len(picked))
    incident, outlet, _ = ledger.told
    mine = place[incident] >= 0
    told = (place[incident[mine]], outlet[mine])
    bias, variance = maths.bootstrap(day, points, ledger.outlets[picked], told, days, half_life)
    doubt = points**2 * (sure * (1 - sure) + one * (1 - one))
    variance = variance + maths.faded(maths.by_day(day, doubt, days), half_life / 2)
    away = bias - maths.faded(maths.by_day(day, points * (1 - sure), days), half_life)
    more = maths.faded(maths.by_day(day, points * (1 - one), days), half_life)
    return maths.half_width(np.maximum(np.abs(away), np.abs(more)), variance)
