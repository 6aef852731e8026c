"""Events of several articles that are one real-world event.

Within a story, events are joined by what speaks for and against their being one
(``likeness``); articles that are nobody's copy first, so that copies change nothing about
them, then the copies' events.  The result depends on the articles alone, not on their order.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations

from onrecord import ontology
from onrecord.analysis import progress
from onrecord.analysis.likeness import (
    NEVER,
    Common,
    kinship,
    likeness,
    near,
    ordinal,
    probability,
    same_sentence,
    sure,
)
from onrecord.analysis.rows import Amount, Incident, Mention, Party, Spot
from onrecord.analysis.told import Told, all_told
from onrecord.record import Record

#: Precise places first.
_PRECISIONS = ("facility", "city", "admin2", "admin1", "water", "region", "country")

#: So many groups are compared each with each.
BLOCK = 400

Group = list[Told]


def incidents(
    records: Mapping[str, Record],
    story_of: Mapping[str, str],
    origin_of: Mapping[str, str],
) -> list[Incident]:
    """Return the incidents that the articles tell of, the earliest first.

    ``records``: by article id.  ``story_of``: each article's story; one without stands alone.
    ``origin_of``: for a copy, the article it copies.
    """
    stories: dict[str, Group] = defaultdict(list)
    for one in all_told(records, origin_of):
        stories[story_of.get(one.article, one.article)].append(one)
    found = [row for story in sorted(stories) for row in of_story(stories[story], story)]
    return sorted(found, key=lambda row: (row.first_day or "", row.id))


def of_story(events: Iterable[Told], story: str) -> list[Incident]:
    """Return the incidents of one story from the events of its articles."""
    ordered = sorted(events, key=lambda one: one.key)
    own = [one for one in ordered if not one.copied]
    common = Common(own or ordered)
    groups = _cluster(own, common)
    _attach(groups, [one for one in ordered if one.copied], common)
    found = [_incident(sorted(group, key=lambda one: one.key), story, common) for group in groups]
    return _distinct(found)


def _distinct(rows: Sequence[Incident]) -> list[Incident]:
    """Tell incidents apart that the same words of one sentence name."""
    seen: dict[str, int] = defaultdict(int)
    found = []
    for row in rows:
        seen[row.id] += 1
        number = seen[row.id]
        found.append(row if number == 1 else row._replace(id=f"{row.id}-{number}"))
    return found


# -- joining ----------------------------------------------------------------------------


def _cluster(events: Sequence[Told], common: Common) -> list[Group]:
    """Join events until no two groups have more for than against.

    Of a very large story first those of one time with each other, then the groups of all times
    by their earliest events: the cost grows with the story's size, not with its square.
    """
    groups = _same_words(events)
    while len(groups) > BLOCK:
        joined = [
            group
            for first in range(0, len(groups), BLOCK)
            for group in _join(groups[first : first + BLOCK], common)
        ]
        if len(joined) > 0.9 * len(groups):
            return joined
        groups = joined
    return _join(groups, common)


class _Links:
    """The evidence between groups: its sum over the pairs of two groups, and the best pair.

    Two groups are as near as the mean of all their pairs and of the best one: reports of one
    event differ in what they tell, and one that is sure brings a vague one along.
    """

    def __init__(self, leads: Sequence[Told], common: Common) -> None:
        self.size = [1] * len(leads)
        self._sums: list[dict[int, float]] = [{} for _ in leads]
        self._best: list[dict[int, float]] = [{} for _ in leads]
        for a, b in combinations(range(len(leads)), 2):
            if near(leads[a].type, leads[b].type):
                value = likeness(leads[a], leads[b], common)
                self._sums[a][b] = self._sums[b][a] = value
                self._best[a][b] = self._best[b][a] = value

    def of(self, a: int) -> Iterator[tuple[int, float]]:
        """Yield the groups that may be joined to one, with how near they are, where above 0."""
        for b, total in self._sums[a].items():
            value = (total / (self.size[a] * self.size[b]) + self._best[a][b]) / 2
            if value > 0:
                yield b, value

    def unite(self, a: int, b: int) -> None:
        """Put group ``b`` into ``a``: pairs that cannot be count as never."""
        for other in (self._sums[a].keys() | self._sums[b].keys()) - {a, b}:
            total = sum(
                self._sums[one].get(other, NEVER * self.size[one] * self.size[other])
                for one in (a, b)
            )
            best = max(self._best[one].get(other, NEVER) for one in (a, b))
            self._sums[a][other] = self._sums[other][a] = total
            self._best[a][other] = self._best[other][a] = best
            self._sums[other].pop(b, None)
            self._best[other].pop(b, None)
        self._sums[a].pop(b, None)
        self._best[a].pop(b, None)
        self._sums[b], self._best[b] = {}, {}
        self.size[a] += self.size[b]


def _join(found: Sequence[Group], common: Common) -> list[Group]:
    """Join the groups that are nearest by their earliest events, until none are near."""
    groups = [list(group) for group in found]
    links = _Links([group[0] for group in groups], common)
    heap = [(-value, a, b, 0, 0) for a in range(len(groups)) for b, value in links.of(a) if a < b]
    heapify(heap)
    gone: set[int] = set()
    # An entry holds as long as neither of its groups has grown.
    grown = [0] * len(groups)
    while heap:
        _, a, b, *when = heappop(heap)
        if a in gone or b in gone or when != [grown[a], grown[b]]:
            continue
        links.unite(a, b)
        gone.add(b)
        grown[a] += 1
        groups[a] += groups[b]
        for other, value in links.of(a):
            low, high = sorted((a, other))
            heappush(heap, (-value, low, high, grown[low], grown[high]))
    return [group for at, group in enumerate(groups) if at not in gone]


def _same_words(events: Sequence[Told]) -> list[Group]:
    """Put events together that the same words of the same sentence name."""
    groups: dict[tuple[str, str, int], Group] = {}
    for one in events:
        alone = f"{one.article} {one.event}" if one.sentence.count(" ") < 4 else ""
        groups.setdefault((one.type, one.sentence + alone, one.at), []).append(one)
    return list(groups.values())


def _attach(groups: list[Group], copies: Sequence[Told], common: Common) -> None:
    """Add copies' events to the group they belong to, or to groups of their own.

    What the same words name goes together: a copy's copy goes where the copy goes.
    """
    originals = [list(group) for group in groups]
    rest: Group = []
    for bundle in _same_words(copies):
        scored = [(_belonging(bundle[0], group, common), -at) for at, group in enumerate(originals)]
        best = max(scored, default=(0.0, 0))
        if best[0] > 0:
            groups[-best[1]] += bundle
        else:
            rest += bundle
    groups += _cluster(sorted(rest, key=lambda one: one.key), common)


def _belonging(one: Told, group: Group, common: Common) -> float:
    """Return how well a copy's event fits a group; its origin's own words settle it."""
    fits = [likeness(one, other, common) for other in group]
    for other in group:
        if same_sentence(one, other) or (other.article == one.origin and sure(one, other)):
            return 20.0 + max(fits)
    return sum(fits) / len(fits)


# -- one incident -----------------------------------------------------------------------


def _incident(group: Group, story: str, common: Common) -> Incident:
    """Make the incident of a group; its events are in order."""
    own = [one for one in group if not one.copied] or group
    kind = _most([(one.type, one.confidence) for one in own])
    mode = _mode(own, kind)
    first, last, basis = _when(own)
    reports = progress.reports(group)
    return Incident(
        id=identity(own[0]),
        type=kind,
        mode=mode,
        contexts=tuple(sorted({context for one in own for context in one.contexts})),
        status=progress.settled(reports),
        actors=_parties([one.actors for one in own]),
        recipients=_parties([one.recipients for one in own]),
        place=_where(own),
        first_day=first,
        last_day=last,
        day_basis=basis,
        story=story,
        mentions=_mentions(group),
        reports=reports,
        figures=_figures(group),
        origins=len({one.origin for one in group}),
        carriers=len({one.article for one in group}),
        score=ontology.score(kind, mode),
        confidence=_confidence(own),
        joined=_joined(own, common),
    )


def identity(first: Told) -> str:
    """Return an incident's id: made from the sentence that told of it first, and from whose."""
    what = "\x1f".join((first.article, first.type, first.sentence, str(first.at)))
    return "i" + hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:16]


def _most(votes: Iterable[tuple[str, float]]) -> str:
    """Return what has most weight; the alphabet settles a draw."""
    weights: dict[str, float] = defaultdict(float)
    for value, weight in votes:
        weights[value] += weight
    return min(weights, key=lambda value: (-round(weights[value], 6), value))


def _mode(own: Group, kind: str) -> str | None:
    known = [(one.mode, one.confidence) for one in own if one.mode and one.type == kind]
    known = [(mode, weight) for mode, weight in known if mode in ontology.event_type(kind).modes]
    return _most(known) if known else None


def _mentions(group: Group) -> tuple[Mention, ...]:
    return tuple(sorted({row for one in group for row in one.mentions}))


def _figures(group: Group) -> tuple[Amount, ...]:
    return tuple(dict.fromkeys(row for one in group for row in one.figures))


def _parties(sides: Iterable[Sequence[Party]]) -> tuple[Party, ...]:
    """Return each party once, under the fullest name; unnamed ones only where no named one fits."""
    bundles: list[list[Party]] = []
    everyone = [party for side in sides for party in side]
    for party in sorted(everyone, key=lambda one: one.name is None):
        for bundle in bundles:
            if _one_party(party, bundle[0]):
                bundle.append(party)
                break
        else:
            bundles.append([party])
    order = {id(party): at for at, party in reversed(list(enumerate(everyone)))}
    bundles.sort(key=lambda bundle: min(order[id(party)] for party in bundle))
    return tuple(map(_fullest, bundles))


def _one_party(one: Party, other: Party) -> bool:
    if one.name and other.name:
        return kinship(one, other) == 2
    if one.name is None and other.name is None:
        same = one.country == other.country and one.sector == other.sector
        return same and (one.words.casefold() == other.words.casefold() or one.sector is not None)
    return kinship(one, other) == 1


def _fullest(bundle: list[Party]) -> Party:
    best = max(bundle, key=lambda one: (len(one.name or ""), one.name or "", one.words))
    country = best.country or next((one.country for one in bundle if one.country), None)
    sector = best.sector or next((one.sector for one in bundle if one.sector), None)
    return best._replace(country=country, sector=sector)


def _where(own: Group) -> Spot | None:
    """Return the most precise place; among equals the one most articles give."""
    votes: dict[Spot, int] = defaultdict(int)
    for one in own:
        if one.place is not None:
            votes[one.place] += 1
    if not votes:
        return None
    return min(votes, key=lambda spot: (_rank(spot), -votes[spot], str(spot)))


def _rank(spot: Spot) -> int:
    known = spot.precision in _PRECISIONS
    return _PRECISIONS.index(spot.precision) if known and spot.precision else len(_PRECISIONS)


def _when(own: Group) -> tuple[str | None, str | None, str | None]:
    """Return the days on which it happened: those most articles' words agree on.

    A time in a text outweighs a publication date; among times the narrowest.
    """
    for basis in ("event", "published"):
        days: dict[tuple[str, str], int] = defaultdict(int)
        for one in own:
            if one.day_basis == basis and one.first_day and one.last_day:
                days[(one.first_day, one.last_day)] += 1
        if days and basis == "published":
            return (*min(days), basis)
        if days:
            return (*min(days, key=lambda span: (-days[span], _width(span), span)), basis)
    return None, None, None


def _width(span: tuple[str, str]) -> int:
    first, last = map(ordinal, span)
    return 99_999 if first is None or last is None else last - first


def _confidence(own: Group) -> float:
    """Return the probability that there is such an event: every origin's word adds to it.

    Reports of one happening err together, so each further one counts half of the one before.
    """
    best: dict[str, float] = {}
    for one in own:
        best[one.origin] = max(best.get(one.origin, 0.0), one.confidence)
    doubt = 1.0
    for at, confidence in enumerate(sorted(best.values(), reverse=True)):
        doubt *= (1 - min(max(confidence, 0.0), 1.0)) ** (0.5**at)
    return round(1 - doubt, 4)


def _joined(own: Group, common: Common) -> float:
    """Return the probability that its events are one: of the mean evidence between them."""
    pairs = list(combinations([group[0] for group in _same_words(own)], 2))
    if not pairs:
        return 1.0
    return round(probability(sum(likeness(*pair, common) for pair in pairs) / len(pairs)), 4)
