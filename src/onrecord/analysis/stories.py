"""Stories: articles about the same happening, in groups that are a partition of all articles.

Everything here works on values; ``neighbours`` keeps them in the archive's database.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.analysis import linkage
from onrecord.analysis.terms import Light, Vector, likeness, vector_of

Square = npt.NDArray[np.float64]


class Parameters(NamedTuple):
    """What the grouping depends on; chosen on half of the topics of ECB+ (docs/joining.md)."""

    #: Mean likeness at which two groups become one.
    least: float = 0.16
    #: Two groups become one only when their mean likeness is this share of the likeness within
    #: them, of which (n − 1) / (n − 1 + doubt) counts for n articles.
    across: float = 0.95
    doubt: float = 2.0
    #: Days between two publications that cost nothing; then likeness halves at each …
    grace_days: int = 5
    #: … so many days.
    half_life_days: int = 30
    #: Terms of an article by which it is found, and articles looked at for each of them.
    heads: int = 16
    postings: int = 40
    #: Neighbours whose likeness is worked out exactly.
    neighbours: int = 40
    #: Share of its words from which on a carrier goes where its origin goes.
    follows: float = 0.5
    #: Articles that are grouped anew at once.
    region: int = 150
    #: Days in which likeness halves between the developments of a story.
    development_days: int = 4

    @property
    def reach_days(self) -> int:
        """Days beyond which no likeness is large enough."""
        return self.grace_days + int(self.half_life_days * np.log2(1 / self.least)) + 1


PARAMETERS = Parameters()


class Edit(NamedTuple):
    """A person's word on articles (ids): ``merge`` keeps left and right together, ``split`` apart.

    A later one counts more than an earlier one.
    """

    kind: str
    left: frozenset[str]
    right: frozenset[str]


class Facts(NamedTuple):
    """What is kept of an article to give reasons for people."""

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    #: Who speaks, by name, once for each statement.
    spoke: tuple[str, ...] = ()


class Member(NamedTuple):
    """An article as the grouping sees it."""

    id: str
    day: str | None
    vector: Vector


def ordinal(day: str | None) -> float:
    """Return the number of a day; NaN when it is unknown."""
    try:
        return float(date.fromisoformat(day).toordinal()) if day else float("nan")
    except ValueError:
        return float("nan")


def decay(days: Sequence[str | None], p: Parameters = PARAMETERS) -> Square:
    """Return by how much time lessens the likeness of each pair, 0 to 1; 1 for unknown days."""
    numbers = np.array([ordinal(day) for day in days])
    gaps = np.nan_to_num(np.abs(numbers[:, None] - numbers[None, :]))
    found: Square = 0.5 ** (np.maximum(gaps - p.grace_days, 0.0) / p.half_life_days)
    return found


def decay_from(day: str | None, days: Sequence[str | None], p: Parameters = PARAMETERS) -> Square:
    """Return ``decay`` of one day with each other."""
    gaps = np.nan_to_num(np.abs(np.array([ordinal(one) for one in days]) - ordinal(day)))
    found: Square = 0.5 ** (np.maximum(gaps - p.grace_days, 0.0) / p.half_life_days)
    return found


def reach(day: str, p: Parameters = PARAMETERS) -> tuple[str, str]:
    """Return the first and the last day on which articles may be tied to one of that day."""
    middle = ordinal(day)
    if np.isnan(middle):
        return day, day
    ends = (int(middle) - p.reach_days, int(middle) + p.reach_days)
    low, high = (min(max(one, 1), date.max.toordinal()) for one in ends)
    return date.fromordinal(low).isoformat(), date.fromordinal(high).isoformat()


def likenesses(members: Sequence[Member], p: Parameters = PARAMETERS) -> Square:
    """Return the likeness of each pair of articles, 0 to 1."""
    square = likeness([one.vector for one in members]) * decay([one.day for one in members], p)
    return np.asarray(square, np.float64)


def marks(ids: Sequence[str], edits: Sequence[Edit]) -> npt.NDArray[np.int8] | None:
    """Return people's word on each pair: 1 together, −1 apart, 0 nothing; None without any."""
    number = {id_: i for i, id_ in enumerate(ids)}
    square = np.zeros((len(ids), len(ids)), np.int8)
    for edit in edits:
        left = [number[id_] for id_ in edit.left if id_ in number]
        right = [number[id_] for id_ in edit.right if id_ in number]
        word = 1 if edit.kind == "merge" else -1
        square[np.ix_(left, right)] = square[np.ix_(right, left)] = word
    np.fill_diagonal(square, 0)
    return square if square.any() else None


def group(
    members: Sequence[Member],
    origins: Mapping[int, int] | None = None,
    edits: Sequence[Edit] = (),
    p: Parameters = PARAMETERS,
) -> list[list[int]]:
    """Return the articles, by number, in stories; the order in which they come is no matter.

    ``origins``: carrier → origin, by number.  A carrier goes where its origin goes and has no
    say of its own, so that forty copies weigh no more than one report; unless a person put
    it together with others or apart from them.
    """
    edited = {id_ for edit in edits for id_ in edit.left | edit.right}
    follow = {i: j for i, j in (origins or {}).items() if members[i].id not in edited}
    free = [i for i in range(len(members)) if i not in follow]
    order = sorted(free, key=lambda i: (members[i].day or "", members[i].id))
    found = linkage.groups(
        likenesses([members[i] for i in order], p),
        least=p.least,
        across=p.across,
        doubt=p.doubt,
        marks=marks([members[i].id for i in order], edits),
    )
    groups = [[order[n] for n in one] for one in found]
    home = {i: one for one in groups for i in one}
    for carrier, origin in follow.items():
        home[origin].append(carrier)
    return [sorted(one) for one in groups]


def member_of(light: Light) -> Member:
    """Return an article as the grouping sees it."""
    return Member(light.id, light.day, vector_of(light))


def first_id(members: Iterable[tuple[str | None, str]], taken: Callable[[str], bool]) -> str:
    """Return an id for a new story, from its first article: (day, id) of each are given."""
    _, first = min((day or "", id_) for day, id_ in members)
    root = "st-" + hashlib.sha256(first.encode("utf-8", "replace")).hexdigest()[:12]
    found, number = root, 1
    while taken(found):
        number += 1
        found = f"{root}-{number}"
    return found


# -- words for people -----------------------------------------------------------------------

_MOST_NAMES = 3
_MOST_FACTS = 12


def facts_of(light: Light) -> Facts:
    """Return what is kept of an article to give reasons."""
    ranked = sorted(light.entities, key=lambda one: -one.mentions)
    kinds = ("person", "organization", "group", "facility")
    names = [one.name for one in ranked if one.kind in kinds]
    days = {
        one.first_day[:10]
        for one in light.events
        if one.day_basis == "event" and one.first_day and one.first_day == one.last_day
    }
    return Facts(
        tuple(dict.fromkeys(names))[:_MOST_FACTS],
        tuple(dict.fromkeys(name for name, _ in light.spots if name))[:_MOST_FACTS],
        tuple(sorted(days))[:_MOST_FACTS],
        tuple(dict.fromkeys(one.type for one in light.events))[:_MOST_FACTS],
        light.speakers,
    )


def reasons(
    facts: Sequence[Facts], days: Sequence[str | None], copied: int, edited: bool
) -> tuple[str, ...]:
    """Say for people why articles are together: what at least half of them have in common."""
    if len(facts) < 2:
        return ()
    found = []
    for head, column in (
        ("same place", [one.places for one in facts]),
        ("same day", [one.days for one in facts]),
        ("in common", [one.names for one in facts]),
        ("events", [one.types for one in facts]),
    ):
        common = _common(column)
        if common:
            found.append(f"{head}: {', '.join(common)}")
    known = sorted(day for day in days if day)
    if known:
        found.append(f"published {known[0]} to {known[-1]}")
    if copied:
        found.append(f"{copied} {'copy' if copied == 1 else 'copies'} of another one's text")
    if edited:
        found.append("a person put articles together or apart")
    return tuple(found)


def _common(column: Sequence[Sequence[str]]) -> list[str]:
    counts = Counter(value for values in column for value in set(values))
    often = [(value, n) for value, n in counts.items() if n >= 2 and 2 * n >= len(column)]
    often.sort(key=lambda one: (-one[1], one[0]))
    return [f"{value} ({n})" for value, n in often[:_MOST_NAMES]]


def spoke(facts: Sequence[Facts]) -> tuple[str, ...]:
    """Return who spoke in a story, those with most statements first."""
    counts = Counter(name for one in facts for name in one.spoke)
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    return tuple(ranked[:_MOST_FACTS])


def developments(
    members: Sequence[Member], square: Square, p: Parameters = PARAMETERS
) -> list[list[int]]:
    """Return a story's articles, by number, in groups of which each tells of one turn of it.

    ``square``: their likeness; here it halves every few days more.  The earliest come first;
    a story that does not fall apart is one group.
    """
    days = np.array([ordinal(one.day) for one in members])
    gaps = np.nan_to_num(np.abs(days[:, None] - days[None, :]))
    near = square * 0.5 ** (gaps / p.development_days)
    found = linkage.groups(near, least=p.least, across=p.across, doubt=p.doubt)
    return sorted(found, key=lambda one: min((members[i].day or "", members[i].id) for i in one))


def headline(title: str | None, text: str) -> str:
    """Return an article's title, else its first line, at most 160 characters."""
    line = title or next((line for line in text.splitlines() if line.strip()), "")
    line = " ".join(line.split())
    return line if len(line) <= 160 else line[:159].rstrip() + "…"


def central(square: Square, preferred: Sequence[bool]) -> int:
    """Return the number of the article that is most like the others, a preferred one if any."""
    sums = square.sum(axis=1)
    any_ = any(preferred)
    usable = [i for i in range(len(sums)) if preferred[i] or not any_]
    return max(usable, key=lambda i: (round(float(sums[i]), 6), -i))
