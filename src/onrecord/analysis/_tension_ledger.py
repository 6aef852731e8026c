"""Incidents as columns: who acts on whom, when, with which score, told by how many.

Days are numbers, days since 1970-01-01, with ``NEVER`` where none is known.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from onrecord import ontology
from onrecord.analysis import derived as d
from onrecord.analysis import progress
from onrecord.analysis._tension_math import Floats, Ints, coverage_share
from onrecord.analysis.happenings import revived
from onrecord.analysis.news import told
from onrecord.analysis.rows import Incident, Party, Report

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: Stands for a day that is not known.
NEVER = -(2**31)
#: An incident whose day is known no closer than this many days has no place in a daily index.
WIDEST = 31
#: Types whose recipient follows from the story where no report names one.
IMPLIED = frozenset({"MOBILIZE", "RETREAT"})
ACTOR, RECIPIENT, MEANT = 0, 1, 2
#: Before a party's name among the keys; a country's code stands as it is.
NAME = "="

_COLUMNS = ("kind", "status", "day", "score", "quad", "confidence", "joined", "origins",
            "carriers", "outlets")  # fmt: skip
_EPOCH = date(1970, 1, 1).toordinal()


def number(iso: str | None) -> int:
    """Return a day as a number; NEVER for none or what is no date."""
    try:
        return date.fromisoformat((iso or "")[:10]).toordinal() - _EPOCH
    except ValueError:
        return NEVER


def iso(day: int) -> str:
    """Return the ISO date of a day."""
    return date.fromordinal(int(day) + _EPOCH).isoformat()


@dataclass(frozen=True, eq=False)
class Ledger:
    """All incidents of an archive as columns, one entry an incident; load it once, ask often."""

    ids: tuple[str, ...]
    #: In a few words: "COERCE/seize Uruguay → two barges".
    words: tuple[str, ...]
    stories: tuple[str, ...]
    #: Index into ``kinds``.
    kind: Ints
    #: "TYPE/mode" or "TYPE".
    kinds: tuple[str, ...]
    #: Index into ``progress.WORDS``.
    status: Ints
    day: Ints
    #: PLOVER's, −10 to 10.
    score: Floats
    #: 1 to 4.
    quad: Ints
    confidence: Floats
    joined: Floats
    #: Articles that are nobody's copy, and all articles.
    origins: Ints
    carriers: Ints
    #: Outlets whose own reports tell of it.
    outlets: Ints
    #: Who takes part: incident, side (ACTOR, RECIPIENT, MEANT), index into ``keys``.
    parties: tuple[Ints, Ints, Ints]
    keys: tuple[str, ...]
    #: Which outlet tells of which incident: incident, number of the outlet.
    told: tuple[Ints, Ints]
    #: Articles that are nobody's copy by day of publication, from ``first`` to ``last``.
    reports: Floats
    first: int
    #: The last day of publication, which may go on: NEVER where nothing is known.
    last: int
    #: Incidents left out, since their day is not known to a month.
    undated: int
    #: What was published by this day counts; None for everything.
    as_of: str | None = None
    _share: Floats | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def share(self) -> Floats:
        """The share by coverage (``coverage_share``) of each day from ``first`` to ``last``."""
        if self._share is not None:
            return self._share
        known = self.day != NEVER
        return coverage_share(self.reports, self._at(self.day[known]), self.origins[known])

    def factor(self, day: Ints) -> Floats:
        """Return the share by coverage of days; those outside the period take its first or last."""
        return self.share[self._at(day)]

    def _at(self, day: Ints) -> Ints:
        return np.clip(day - self.first, 0, len(self.reports) - 1)

    def of(self, mask: np.ndarray[Any, Any]) -> Ledger:
        """Return a ledger of some incidents, with the coverage of all."""
        at = np.flatnonzero(mask)
        place = np.full(len(self), -1, dtype=np.int64)
        place[at] = np.arange(len(at))
        incident, side, key = self.parties
        mine = place[incident] >= 0
        who, outlet = self.told
        theirs = place[who] >= 0
        texts = ([column[one] for one in at] for column in (self.ids, self.words, self.stories))
        ids, words, stories = map(tuple, texts)
        return replace(
            self, ids=ids, words=words, stories=stories,
            **{name: getattr(self, name)[at] for name in _COLUMNS},
            parties=(place[incident[mine]], side[mine], key[mine]),
            told=(place[who[theirs]], outlet[theirs]), _share=self.share,
        )  # fmt: skip

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each key with its index."""
        return {key: at for at, key in enumerate(self.keys)}


# -- making one -------------------------------------------------------------------------


@dataclass
class _Draft:
    as_of: str | None
    rows: list[tuple[object, ...]] = field(default_factory=list)
    parties: list[tuple[int, int, int]] = field(default_factory=list)
    told: list[tuple[int, int]] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    outlets: dict[str, int] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    #: Of a story's incidents: recipients by actor, and those for whom none is named.
    targets: dict[tuple[str, str], dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    open: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    undated: int = 0

    def add(self, row: Incident) -> None:
        """Take in an incident, as it was known by ``as_of``."""
        reports = [one for one in row.reports if self._known(one)]
        if not reports:
            return
        status = _status(row, progress.settled(reports))
        day = _day(row)
        self.undated += day == NEVER
        own = [one for one in reports if one.origin] or reports
        for one in own:
            self.published[one.article] = one.published_day or ""
        at = len(self.rows)
        outlets = {_number(self.outlets, one.publisher or f"\0{one.article}") for one in own}
        self.told += [(at, outlet) for outlet in outlets]
        kind = f"{row.type}/{row.mode}" if row.mode else row.type
        self.rows.append((
            row.id, told(row), row.story, _number(self.kinds, kind), progress.WORDS.index(status),
            day, row.score or 0.0, ontology.quad(row.type), row.confidence, row.joined,
            len({one.article for one in own}), len({one.article for one in reports}), len(outlets),
        ))  # fmt: skip
        self._take_part(at, row)

    def _known(self, one: Report) -> bool:
        return self.as_of is None or (one.published_day or "") <= self.as_of

    def _take_part(self, at: int, row: Incident) -> None:
        for side, parties in ((ACTOR, row.actors), (RECIPIENT, row.recipients)):
            for key in _keys(parties):
                self.parties.append((at, side, _number(self.keys, key)))
        actors, recipients = (_countries(side) for side in (row.actors, row.recipients))
        for actor in actors:
            for other in recipients - {actor}:
                self.targets[row.story, actor][other] += 1
        if not recipients and not row.recipients and row.type in IMPLIED:
            self.open.append((at, row.story, tuple(sorted(actors))))

    def close(self) -> None:
        """Name whom a mobilisation or retreat is meant for: the actor's opposite in its story."""
        for at, story, actors in self.open:
            for actor in actors:
                others = self.targets.get((story, actor), {})
                if others:
                    most = min(others, key=lambda one: (-others[one], one))
                    if 2 * others[most] > sum(others.values()):
                        self.parties.append((at, MEANT, _number(self.keys, most)))


def _number(known: dict[str, int], word: str) -> int:
    return known.setdefault(word, len(known))


def _keys(parties: Iterable[Party]) -> set[str]:
    names = {NAME + party.name for party in parties if party.name}
    return names | _countries(parties)


def _countries(parties: Iterable[Party]) -> set[str]:
    return {party.country for party in parties if party.country}


def _status(row: Incident, status: str) -> str:
    """A threat that was made is an act, whatever becomes of what it threatens."""
    if status == "confirmed" or (status == "threatened" and row.type == "THREATEN"):
        return "actual"
    return status


def _day(row: Incident) -> int:
    """Return the day an incident counts for: its first."""
    first, last = number(row.first_day), number(row.last_day)
    return NEVER if last != NEVER and last - first > WIDEST else first


def of_incidents(
    rows: Iterable[Incident],
    *,
    as_of: str | None = None,
    published: dict[str, int] | None = None,
) -> Ledger:
    """Return incidents as columns.

    ``published``: articles that are nobody's copy by day (ISO); without it, those that tell
    of an incident are counted.
    """
    draft = _Draft(as_of)
    for row in rows:
        draft.add(row)
    draft.close()
    return _ledger(draft, published if published is not None else _counted(draft.published))


def _counted(published: dict[str, str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for day in published.values():
        counts[day] += 1
    return counts


def _ledger(draft: _Draft, published: dict[str, int]) -> Ledger:
    ids, words, stories, *columns = list(zip(*draft.rows, strict=True)) or [()] * 13
    integers = [np.array(column, dtype=np.int64) for column in columns]
    reals = {at: np.array(columns[at], dtype=np.float64) for at in (3, 5, 6)}
    kind, status, day, _, quad, _, _, origins, carriers, outlets = integers
    first, reports = _days(published)
    parties = np.array(draft.parties, dtype=np.int64).reshape(-1, 3).T
    pairs = np.array(draft.told, dtype=np.int64).reshape(-1, 2).T
    return Ledger(
        ids, words, stories, kind, tuple(draft.kinds), status, day, reals[3], quad, reals[5],
        reals[6], origins, carriers, outlets, (parties[0], parties[1], parties[2]),
        tuple(draft.keys), (pairs[0], pairs[1]), reports, first,
        first + len(reports) - 1 if published else NEVER, draft.undated, draft.as_of,
    )  # fmt: skip


def _days(published: dict[str, int]) -> tuple[int, Floats]:
    known = {number(day): count for day, count in published.items() if number(day) != NEVER}
    first, last = min(known, default=0), max(known, default=0)
    reports = np.zeros(last - first + 1)
    for day, count in known.items():
        reports[day - first] = count
    return first, reports


# -- from an archive --------------------------------------------------------------------


def of_archive(archive: Archive, *, as_of: str | None = None) -> Ledger:
    """Return all incidents of an archive, as published by the day ``as_of``, as columns."""
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return of_incidents(())
        return of_incidents(_rows(connection), as_of=as_of, published=_published(connection, as_of))


def _rows(connection: sa.Connection) -> Iterator[Incident]:
    table = d.incidents.c
    query = sa.select(table.row).order_by(table.first_day, table.story, table.id)
    for text in connection.execute(query).scalars():
        yield revived(Incident, json.loads(text))


def _published(connection: sa.Connection, as_of: str | None) -> dict[str, int]:
    """Count the articles that are nobody's copy by day of publication."""
    a = d.articles.c
    query = (
        sa.select(a.day, sa.func.count())
        .outerjoin(d.copies, d.copies.c.carrier == a.article)
        .where(d.copies.c.carrier.is_(None), a.day.is_not(None))
        .group_by(a.day)
    )
    if as_of is not None:
        query = query.where(a.day <= as_of)
    return {row[0]: row[1] for row in connection.execute(query)}
