"""Weighing the candidates of all names of an article together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.knowledge.gazetteer import Entry, Match

Floats = NDArray[np.float64]
EARTH_KM = 6371.0


@dataclass
class Name:
    """A name in one sense, with its mentions."""

    candidates: Sequence[Match]
    #: Matchs inside the container the article gives ("…, Illinois").
    held: frozenset[int]
    #: Where it stands first.
    start: int
    count: int = 0
    #: How often it stands as a container itself.
    contains: int = 0
    dateline: bool = False
    #: Names it stands beside as "Mosul in Iraq".
    linked: set[int] = field(default_factory=set)
    #: Probabilities of the candidates, after weighing.
    weights: Sequence[float] = ()

    def best(self) -> Entry | None:
        """Return the likeliest entry."""
        if not self.candidates:
            return None
        return self.candidates[self._best()].entry

    def probability(self) -> float:
        """Return how likely the best entry's whereabouts are right (within 161 km)."""
        if not self.candidates:
            return 0.0
        best = self.candidates[self._best()].entry
        same = sum(
            weight
            for candidate, weight in zip(self.candidates, self.weights)
            if distance_km(candidate.entry.lat, candidate.entry.lon, best.lat, best.lon) <= 161
        )
        return min(1.0, same)

    def _best(self) -> int:
        return max(range(len(self.candidates)), key=lambda i: (self.weights[i], -i))


class Surroundings(NamedTuple):
    """What the article says besides its toponyms."""

    countries: dict[str, float]
    publisher: str | None


class Parameters(NamedTuple):
    """How much each kind of evidence counts, in natural logarithms of odds.

    Chosen on the even rows of two public sets of news with placed toponyms
    (docs/reading/where.md).
    """

    #: Per factor of ten in population.
    population: float = 0.5
    #: Per factor of ten above half a million.
    famous: float = 2.5
    capital: float = 1.5
    country: float = 3.0
    admin1: float = 2.0
    admin2: float = -0.5
    region: float = 3.0
    #: A name that is an alternative one.
    alternative: float = -3.0
    #: A division beside a city of its name.
    namesake: float = -1.0
    #: Inside the container that the text gives.
    held: float = 8.0
    #: A container behind another name: a division or country.
    contains: float = 4.0
    linked: float = 1.5
    same_country: float = 1.5
    #: What a name that is a country's own counts in that, beside one of a city.
    country_mass: float = 0.5
    same_division: float = 1.5
    near: float = 2.5
    near_km: float = 100.0
    publisher: float = 1.0
    given_country: float = 1.5
    rounds: int = 6
    temperature: float = 1.0


PARAMETERS = Parameters()
#: Names on each side that distances are taken to.
WINDOW = 20
#: Candidates with less mass than this support nobody.
LEAST_MASS = 1e-3
#: More names than this in a country or division say no more about it.
MOST_SHARED = 8.0
#: People a place without a population counts with, per km of extent.
PEOPLE_PER_KM = 3000


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance in km (haversine)."""
    a, b = math.radians(lat), math.radians(other_lat)
    part = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(part)))


def weigh(names: Sequence[Name], around: Surroundings, chosen: Parameters = PARAMETERS) -> None:
    """Give every name the probabilities of its candidates."""
    live = [name for name in names if name.candidates]
    if not live:
        return
    table = _Table(names, live, around, chosen)
    scores = table.prior
    weights = table.softmax(scores)
    for _ in range(chosen.rounds):
        scores = table.prior + table.support(weights)
        weights = table.softmax(scores)
    weights = table.softmax(scores / chosen.temperature)
    for number, name in enumerate(live):
        name.weights = weights[table.slices[number]].tolist()


class _Table:
    """The candidates of all names in one row of arrays."""

    def __init__(
        self,
        names: Sequence[Name],
        live: Sequence[Name],
        around: Surroundings,
        chosen: Parameters,
    ) -> None:
        self.live = list(live)
        self.around = around
        self.chosen = chosen
        ends = np.cumsum([len(n.candidates) for n in live])
        self.starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
        self.slices = [slice(int(a), int(b)) for a, b in zip(self.starts, ends)]
        self.owner = np.repeat(np.arange(len(live)), [len(n.candidates) for n in live])
        entries = [c.entry for n in live for c in n.candidates]
        lat = np.radians([e.lat for e in entries])
        lon = np.radians([e.lon for e in entries])
        self.points = np.stack(
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1
        )
        self.countries = _codes([e.country for e in entries])
        self.divisions = _codes([(e.country, e.admin1) if e.admin1 else None for e in entries])
        self.small = np.array([e.precision not in ("country", "region", "water") for e in entries])
        self.whole = np.array([e.precision == "country" for e in entries])
        self.extents = np.array([min(e.extent_km, 2000.0) for e in entries])
        self.count = np.array([math.sqrt(n.count) * (1.5 if n.dateline else 1.0) for n in live])
        self.prior = np.concatenate([_prior(n, around, chosen) for n in live])
        position = {id(n): i for i, n in enumerate(live)}
        self.linked = [
            [position[id(names[j])] for j in sorted(n.linked) if id(names[j]) in position]
            for n in live
        ]

    def softmax(self, scores: Floats) -> Floats:
        """Return probabilities that sum to 1 for each name."""
        peak = np.maximum.reduceat(scores, self.starts)
        shifted = np.exp(scores - peak[self.owner])
        result: Floats = shifted / np.add.reduceat(shifted, self.starts)[self.owner]
        return result

    def support(self, weights: Floats) -> Floats:
        """Return what the other names' likely places add to each candidate."""
        chosen = self.chosen
        mass = weights * self.count[self.owner]
        spread = np.where(self.whole, chosen.country_mass, 1.0) * mass
        result = chosen.same_country * self._shared(spread, self.countries)
        result += chosen.same_division * self._shared(mass, self.divisions)
        result += self._near(mass)
        return result

    def _shared(self, mass: Floats, codes: NDArray[np.int64]) -> Floats:
        """Return log(1 + mass of the other names in the same country or division)."""
        size = int(codes.max()) + 1
        all_names = np.bincount(codes, mass, size)
        pairs = self.owner * size + codes
        own = np.bincount(pairs, mass, len(self.live) * size)[pairs]
        shared = np.where(codes > 0, all_names[codes] - own, 0.0)
        result: Floats = np.log1p(np.clip(shared, 0.0, MOST_SHARED))
        return result

    def _km(self, own: slice, others: slice | NDArray[np.intp]) -> Floats:
        """Return the distances (straight through the Earth) of two groups of candidates."""
        cosines = self.points[own] @ self.points[others].T
        result: Floats = EARTH_KM * np.sqrt(np.maximum(0.0, 2 - 2 * cosines))
        return result

    def _near(self, mass: Floats) -> Floats:
        """Return log(1 + mass of the names around that lies near)."""
        chosen, result = self.chosen, np.zeros(len(mass))
        for number, own in enumerate(self.slices):
            first = self.slices[max(0, number - WINDOW)].start
            last = self.slices[min(len(self.slices) - 1, number + WINDOW)].stop
            others = mass[first:last].copy()
            others[own.start - first : own.stop - first] = 0.0
            others *= self.small[first:last]
            seen = np.flatnonzero(others > LEAST_MASS)
            kernel = np.exp(-self._km(own, seen + first) / chosen.near_km)
            result[own] = chosen.near * np.log1p(kernel @ others[seen])
            for other in self.linked[number]:
                there = self.slices[other]
                inside = self.countries[own][:, None] == self.countries[there][None, :]
                close = self._km(own, there) <= np.maximum(100.0, self.extents[there] / 1.5)
                share = mass[there] / self.count[other]
                result[own] += chosen.linked * ((inside & close) @ share)
        return result


def _codes(values: Sequence[object]) -> NDArray[np.int64]:
    """Return a number for each distinct value, 0 for ``None``."""
    numbers: dict[object, int] = {None: 0}
    return np.array([numbers.setdefault(v, len(numbers)) for v in values], dtype=np.int64)


def _prior(name: Name, around: Surroundings, chosen: Parameters) -> Floats:
    """Return what speaks for each candidate of a name on its own."""
    given = sum(around.countries.values()) or 1.0
    namesakes = _namesakes(name.candidates)
    scores = []
    for number, candidate in enumerate(name.candidates):
        entry = candidate.entry
        score = _prominence(candidate, chosen) + chosen.alternative * (not candidate.own_name)
        score += chosen.namesake * namesakes[number]
        if name.contains and entry.precision in ("admin1", "country"):
            score += chosen.contains
        if number in name.held:
            score += chosen.held
        score += _surrounding(entry, around, given, chosen)
        scores.append(score)
    return np.array(scores)


def _namesakes(candidates: Sequence[Match]) -> list[int]:
    """Return how far each candidate stands behind one that the bare name rather means.

    A division behind its city ("New York"), anything behind its country
    ("Mexico"), a river or region behind its division ("Mississippi").
    """
    nations = {m.entry.country for m in candidates if m.entry.precision == "country"}
    states = {m.entry.country for m in candidates if m.entry.precision == "admin1" and m.own_name}
    cities: dict[str | None, int] = defaultdict(int)
    for match in candidates:
        if match.entry.precision == "city":
            cities[match.entry.country] += match.entry.population
    behind = []
    for match in candidates:
        entry = match.entry
        division = entry.precision in ("admin1", "admin2")
        steps = 2 * int(division and cities[entry.country] * 20 > entry.population)
        if entry.country in nations and (division or entry.precision == "city"):
            steps += 4
        if entry.precision in ("water", "region") and entry.country and entry.country in states:
            steps += 3
        behind.append(steps)
    return behind


def _prominence(candidate: Match, chosen: Parameters) -> float:
    entry = candidate.entry
    people = entry.population
    if entry.precision in ("region", "water", "facility") and not people:
        people = int(entry.extent_km * PEOPLE_PER_KM)
    kinds = {
        "country": chosen.country, "admin1": chosen.admin1, "admin2": chosen.admin2,
        "region": chosen.region, "water": chosen.region, "facility": chosen.region,
    }  # fmt: skip
    score = chosen.population * math.log10(people + 300) + kinds.get(entry.precision, 0.0)
    if entry.precision == "city":
        score += chosen.famous * max(0.0, math.log10(people + 1) - math.log10(500_000))
        score += chosen.capital * candidate.capital
    return score


def _surrounding(entry: Entry, around: Surroundings, given: float, chosen: Parameters) -> float:
    if entry.country is None:
        return 0.0
    score = chosen.given_country * math.log1p(9 * around.countries.get(entry.country, 0.0) / given)
    if entry.country == around.publisher:
        score += chosen.publisher
    return score
