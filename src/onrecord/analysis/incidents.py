"""Events of several articles that are one real-world event.

Within a story, events are joined by what speaks for and against their being one
(``likeness``); articles that are nobody's copy first, so that copies change nothing about
them, then the copies' events.  The result depends on the articles alone, not on their order.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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


def _join(found: Sequence[Group], common: Common) -> list[Group]:
    """Join groups by the mean evidence between their earliest events."""
    groups = list(found)
    lead = [group[0] for group in groups]
    size = [1] * len(groups)
    sums: list[dict[int, float]] = [{} for _ in groups]
    for a, b in combinations(range(len(groups)), 2):
        if near(lead[a].type, lead[b].type):
            sums[a][b] = sums[b][a] = likeness(lead[a], lead[b], common)
    heap = [(-value, a, b) for a, row in enumerate(sums) for b, value in row.items() if a < b]
    heap = [entry for entry in heap if entry[0] < 0]
    heapify(heap)
    alive = set(range(len(groups)))
    while heap:
        value, a, b = heappop(heap)
        if a not in alive or b not in alive or -value != sums[a][b] / (size[a] * size[b]):
            continue
        _unite(a, b, sums, size, alive)
        groups[a] += groups[b]
        for other, total in sums[a].items():
            mean = total / (size[a] * size[other])
            if mean > 0:
                heappush(heap, (-mean, min(a, other), max(a, other)))
    return [groups[index] for index in sorted(alive)]


def _unite(a: int, b: int, sums: list[dict[int, float]], size: list[int], alive: set[int]) -> None:
    """Put group ``b`` into ``a``: sums over pairs add up, pairs that cannot be count as never."""
    alive.discard(b)
    for other in (sums[a].keys() | sums[b].keys()) - {a, b}:
        total = sums[a].get(other, NEVER * size[a] * size[other])
        total += sums[b].get(other, NEVER * size[b] * size[other])
        sums[a][other] = sums[other][a] = total
        sums[other].pop(b, None)
    sums[a].pop(b, None)
    sums[b] = {}
    size[a] += size[b]


def _same_words(events: Sequence[Told]) -> list[Group]:
    """Put events together that the same words of the same sentence name."""
    groups: dict[tuple[str, str, int], Group] = {}
    for one in events:
        alone = f"{one.article} {one.event}" if one.sentence.count(" ") < 4 else ""
        groups.setdefault((one.type, one.sentence + alone, one.at), []).append(one)
    return list(groups.values())


def _attach(groups: list[Group], copies: Sequence[Told], common: Common) -> None:
    """Add copies' events to the group they belong to, or to groups of their own."""
    originals = [list(group) for group in groups]
    rest = []
    for one in copies:
        scored = [(_belonging(one, group, common), -at) for at, group in enumerate(originals)]
        best = max(scored, default=(0.0, 0))
        if best[0] > 0:
            groups[-best[1]].append(one)
        else:
            rest.append(one)
    groups += _cluster(rest, common)


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
