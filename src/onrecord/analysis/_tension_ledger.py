"""Incidents as columns: who acts on whom, when, with which score, told by how many.

Days are numbers, days since 1970-01-01, with ``NEVER`` where none is known.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from onrecord.analysis.rows import Party, Report

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
            "carriers", "outlets", "place")  # fmt: skip
#: Cells of an ``Incident`` in order, of its parties, and where something stands in a report
#: and in a party.
Cells = Sequence[Any]
Side = Sequence[Sequence[Any]]
_DAY, _ORIGIN = Report._fields.index("published_day"), Report._fields.index("origin")
_COUNTRY = Party._fields.index("country")
#: More characters than five numbers take at the end of a row.
_TAIL = 80
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
    #: Which outlet tells of which incident: incident, number of the outlet, day of its first
    #: report.
    told: tuple[Ints, Ints, Ints]
    #: Index into ``places``, each "COUNTRY name" or "COUNTRY"; -1 where none is known.
    place: Ints
    places: tuple[str, ...]
    #: Share of incidents that count by coverage (``coverage_share``), by day of publication.
    share: Floats
    first: int
    #: The last day of publication, which may go on: NEVER where nothing is known.
    last: int
    #: Incidents left out, since their day is not known to a month.
    undated: int
    #: What was published by this day counts; None for everything.
    as_of: str | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def factor(self, day: Ints) -> Floats:
        """Return the share by coverage of days; those outside the period take its first or last."""
        return self.share[np.clip(day - self.first, 0, len(self.share) - 1)]

    def of(self, mask: np.ndarray[Any, Any]) -> Ledger:
        """Return a ledger of some incidents, with the coverage of all."""
        at = np.flatnonzero(mask)
        place = np.full(len(self), -1, dtype=np.int64)
        place[at] = np.arange(len(at))
        incident, side, key = self.parties
        mine = place[incident] >= 0
        who, outlet, when = self.told
        theirs = place[who] >= 0
        texts = ([column[one] for one in at] for column in (self.ids, self.words, self.stories))
        ids, words, stories = map(tuple, texts)
        return replace(
            self,
            ids=ids,
            words=words,
            stories=stories,
            **{name: getattr(self, name)[at] for name in _COLUMNS},
            parties=(place[incident[mine]], side[mine], key[mine]),
            told=(place[who[theirs]], outlet[theirs], when[theirs]),
        )

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each key with its index."""
        return {key: at for at, key in enumerate(self.keys)}


# -- making one -------------------------------------------------------------------------


#: First day and number of articles that are nobody's copy, of incidents.
Found = Sequence[tuple[str | None, int]]


@dataclass
class _Draft:
    as_of: str | None
    rows: list[tuple[object, ...]] = field(default_factory=list)
    parties: list[tuple[int, int, int]] = field(default_factory=list)
    told: list[tuple[int, int, int]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    outlets: dict[str, int] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    found: list[tuple[str | None, int]] = field(default_factory=list)
    #: Of a story's incidents: recipients by actor, and those for whom none is named.
    targets: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    open: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    undated: int = 0

    def add(self, row: Cells) -> None:
        """Take in an incident, as it was known by ``as_of``: a row, or its cells in order.

        Cells cost a fraction of what rows cost to make.
        """
        (
            id_, type_, mode, _, status, actors, recipients, spot, first, last, _, story, _,
            given, _, _, _, score, confidence, joined,
        ) = row  # fmt: skip
        reports = [one for one in given if self.as_of is None or (one[_DAY] or "") <= self.as_of]
        if not reports:
            return
        if len(reports) < len(given):
            status = progress.settled([Report(*one) for one in reports])
        # What copies alone tell is told once, however many copies there are.
        own = [one for one in reports if one[_ORIGIN]] or reports[:1]
        articles = {one[0]: one[_DAY] for one in own}
        self.published.update(articles)
        when = _day(first, last)
        self.undated += when == NEVER
        at = len(self.rows)
        outlets: dict[str, str | None] = {}
        for one in own:
            outlets.setdefault(one[1] or f"\0{one[0]}", one[_DAY])
        self.told += [
            (at, _number(self.outlets, name), number(day)) for name, day in outlets.items()
        ]
        place = -1 if spot is None else _number(self.places, _place(spot))
        kind = f"{type_}/{mode}" if mode else type_
        self.rows.append((
            id_, _words(kind, actors, recipients), story, _number(self.kinds, kind),
            progress.WORDS.index(_status(type_, status)), when, score or 0.0, ontology.quad(type_),
            confidence, joined, len(articles), len({one[0] for one in reports}), len(outlets),
            place,
        ))  # fmt: skip
        self.found.append((first, len(articles)))
        self._take_part(at, type_, story, actors, recipients)

    def _take_part(self, at: int, type_: str, story: str, actors: Side, recipients: Side) -> None:
        for side, parties in ((ACTOR, actors), (RECIPIENT, recipients)):
            for key in _keys(parties):
                self.parties.append((at, side, _number(self.keys, key)))
        acting, acted_on = _countries(actors), _countries(recipients)
        for actor in acting:
            self.targets.setdefault((story, actor), Counter()).update(acted_on)
        if not recipients and type_ in IMPLIED:
            self.open.append((at, story, tuple(sorted(acting))))

    def close(self) -> None:
        """Name whom a mobilisation or retreat is meant for: the actor's opposite in its story.

        That is the other country on which most acts of the actor in the story are.
        """
        for at, story, actors in self.open:
            for actor in actors:
                others = self.targets.get((story, actor), Counter())
                most = min(others, key=lambda one: (-others[one], one), default=None)
                if most not in (None, actor) and 2 * others[most] > others.total():
                    self.parties.append((at, MEANT, _number(self.keys, most)))


def _number(known: dict[str, int], word: str) -> int:
    return known.setdefault(word, len(known))


def _keys(parties: Side) -> set[str]:
    return {NAME + party[0] for party in parties if party[0]} | _countries(parties)


def _countries(parties: Side) -> set[str]:
    return {party[_COUNTRY] for party in parties if party[_COUNTRY]}


def _place(spot: Sequence[Any]) -> str:
    """Return a place's country and name: "URY Fray Bentos", "URY"."""
    name, country = spot[0], spot[1]
    return " ".join(filter(None, (country or "?", name)))


def _words(kind: str, actors: Side, recipients: Side) -> str:
    """Return an incident in a few words, as ``news.told`` does."""
    ours, theirs = (
        ", ".join(party[0] or party[1] for party in side[:3]) for side in (actors, recipients)
    )
    return " ".join(filter(None, (kind, ours, theirs and f"→ {theirs}")))


def _status(type_: str, status: str) -> str:
    """A threat that was made is an act, whatever becomes of what it threatens."""
    if status == "confirmed" or (status == "threatened" and type_ == "THREATEN"):
        return "actual"
    return status


def _day(first: str | None, last: str | None) -> int:
    """Return the day an incident counts for: its first."""
    begin, end = number(first), number(last)
    return NEVER if end != NEVER and end - begin > WIDEST else begin


def of_incidents(
    rows: Iterable[Cells],
    *,
    as_of: str | None = None,
    published: Mapping[str, int] | None = None,
    found: Found | None = None,
) -> Ledger:
    """Return incidents as columns.

    ``published``: articles that are nobody's copy by ISO day, else those that tell of these
    incidents count; ``found``: all incidents, where ``rows`` are some.
    """
    draft = _Draft(as_of)
    for row in rows:
        draft.add(row)
    draft.close()
    if published is None:
        published = Counter(day for day in draft.published.values() if day)
    return _ledger(draft, published, draft.found if found is None else found)


def _ledger(draft: _Draft, published: Mapping[str, int], found: Found) -> Ledger:
    ids, words, stories, *columns = list(zip(*draft.rows, strict=True)) or [()] * 14
    integers = [np.array(column, dtype=np.int64) for column in columns]
    reals = {at: np.array(columns[at], dtype=np.float64) for at in (3, 5, 6)}
    kind, status, day, _, quad, _, _, origins, carriers, outlets, place = integers
    parties = np.array(draft.parties, dtype=np.int64).reshape(-1, 3).T
    pairs = np.array(draft.told, dtype=np.int64).reshape(-1, 3).T
    first, share = _share(published, found)
    return Ledger(
        ids, words, stories, kind, tuple(draft.kinds), status, day, reals[3], quad, reals[5],
        reals[6], origins, carriers, outlets, (parties[0], parties[1], parties[2]),
        tuple(draft.keys), (pairs[0], pairs[1], pairs[2]), place, tuple(draft.places),
        share, first,
        first + len(share) - 1 if published else NEVER, draft.undated, draft.as_of,
    )  # fmt: skip


def _share(published: Mapping[str, int], found: Found) -> tuple[int, Floats]:
    """Return the first day of publication, and the share by coverage from it to the last."""
    known = {number(day): count for day, count in published.items()}
    known.pop(NEVER, None)
    if not known:
        return 0, np.ones(1)
    first, last = min(known), max(known)
    reports = np.zeros(last - first + 1)
    for day, count in known.items():
        reports[day - first] = count
    numbers = {words: number(words) for words in {words for words, _ in found}}
    when = np.array([numbers[words] for words, _ in found], dtype=np.int64)
    origins = np.array([count for _, count in found], dtype=np.int64)
    inside = (when >= first) & (when <= last)
    return first, coverage_share(reports, when[inside] - first, origins[inside])


# -- from an archive --------------------------------------------------------------------


def of_archive(
    archive: Archive, *, as_of: str | None = None, naming: Sequence[Sequence[str]] = ()
) -> Ledger:
    """Return incidents of an archive, as published by the day ``as_of``, as columns.

    ``naming``: sets of country codes; then only stories with an incident that has one of each
    set are read, the coverage stays that of the whole archive.
    """
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return of_incidents(())
        some = bool(naming) and as_of is None
        found = connection.execute(_rows(naming if some else ()))
        rows = (json.loads(row[0]) for row in found)
        return of_incidents(
            rows, as_of=as_of, published=_published(connection, as_of),
            found=_found(connection) if some else None,
        )  # fmt: skip


def _rows(naming: Sequence[Sequence[str]]) -> sa.Select[Any]:
    table = d.incidents.c
    query = sa.select(table.row).order_by(table.first_day, table.story, table.id)
    if not naming:
        return query
    within = d.incidents.alias().c
    # A code stands in quotation marks in the row's JSON; what else has these words does no harm.
    named = (sa.or_(*(within.row.contains(f'"{one}"') for one in codes)) for codes in naming)
    return query.where(table.story.in_(sa.select(within.story).where(*named)))


def _found(connection: sa.Connection) -> list[tuple[str | None, int]]:
    """Return first day and origins of every incident, from the end of its row.

    The last cells of a row are numbers: origins, carriers, score, confidence, joined.  To
    read these alone costs a twentieth of reading the row.
    """
    table = d.incidents.c
    tail = sa.func.substr(table.row, sa.func.length(table.row) - _TAIL)
    rows = connection.execute(sa.select(table.first_day, tail))
    return [(row[0], int(row[1].rsplit(",", 5)[1])) for row in rows]


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
