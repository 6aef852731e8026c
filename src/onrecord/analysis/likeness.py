"""How much speaks for two articles' events being one: a sum of evidence, in log-odds.

Every weight stands in ``WEIGHTS``; above zero the evidence speaks for one event, below for
two.  docs/incidents.md explains them to users.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import product

from onrecord.analysis.rows import Party, Spot
from onrecord.analysis.told import Told
from onrecord.analysis.words import name_words, overlap, same_name, stems

#: Nothing outweighs this.
NEVER = -20.0
WEIGHTS: dict[str, float] = {
    "always": -2.4,
    "spoken": -0.6,
    "same type": 0.8,
    "near type": -1.2,
    "announced": 0.2,
    "announced and agreed": -0.2,
    "same mode": 0.8,
    "other mode": -0.8,
    "same words": 1.4,
    "same words, near type": 2.5,
    "same cue": 1.0,
    "kin words": 1.4,
    "same actor": 1.3,
    "kindred actor": 0.2,
    "other actor": -0.8,
    "other country's actor": -1.2,
    "same recipient": 1.0,
    "kindred recipient": 0.4,
    "other recipient": -0.8,
    "other speaker": -3.5,
    "unknown speaker": -0.6,
    "parties' words": 1.0,
    "same place": 1.2,
    "place within": 0.2,
    "other place": -1.5,
    "other country": -1.0,
    "same day": 1.3,
    "days overlap": 0.4,
    "next day": -0.4,
    "days apart": -1.8,
    "far apart": -4.5,
    "days apart, but it lasts": -0.6,
    "reported together": 1.0,
    "reported apart": -0.2,
    "reported far apart": -1.0,
    "planned after it happened": -1.5,
    "same figure": 1.0,
    "sentence": 2.6,
    "same article": -1.2,
    "same article, other type": -3.0,
    "headline of the same article": 0.0,
}

#: Types that reports mix up, or that one event passes through (announced, then done).
_NEAR = {
    frozenset(pair.split())
    for pair in (
        "AGREE CONSULT", "AGREE SUPPORT", "AGREE COOPERATE", "AGREE AID", "AGREE CONCEDE",
        "AGREE RETREAT", "CONCEDE RETREAT", "CONSULT SUPPORT", "CONSULT COOPERATE",
        "COOPERATE AID", "SUPPORT COOPERATE", "ACCUSE REJECT", "ACCUSE SANCTION",
        "THREATEN SANCTION", "THREATEN COERCE", "THREATEN ASSAULT", "THREATEN MOBILIZE",
        "THREATEN PROTEST", "SANCTION COERCE", "COERCE ASSAULT", "COERCE MOBILIZE",
        "PROTEST ASSAULT", "PROTEST COERCE", "REJECT SANCTION", "SANCTION RETREAT",
    )
}  # fmt: skip
#: What people do by speaking: who does it is most of what the event is.
_SPOKEN = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "CONCEDE"})
#: Both sides do it to each other.
_MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
_EXACT = frozenset({"facility", "city"})
#: What goes on for days or weeks: (type, mode); every mode where it is None.
_LASTING = frozenset({
    ("PROTEST", "strike"), ("PROTEST", "hunger"), ("PROTEST", "boycott"), ("PROTEST", "obstruct"),
    ("SANCTION", "discontinue"), ("SANCTION", "withdraw"), ("COERCE", "restrict"),
    ("COERCE", "martial-law"), ("COERCE", "withhold"), ("COERCE", "censor"), ("MOBILIZE", None),
})  # fmt: skip


def near(one: str, other: str) -> bool:
    """Say whether events of these types may be the same event."""
    return one == other or frozenset((one, other)) in _NEAR


class Common:
    """How common parties and words are in a story: what all share tells no two apart."""

    def __init__(self, events: Sequence[Told] = ()) -> None:
        articles: dict[str, set[str]] = defaultdict(set)
        for one in events:
            for word in one.about | frozenset(_names(one)):
                articles[word].add(one.article)
        self._share = {word: len(ids) for word, ids in articles.items()}
        self._all = max(len({one.article for one in events}), 4)
        self._kin: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in events:
            for word in one.named:
                self._kin[one.type, word] |= one.named

    def rarity(self, word: str) -> float:
        """Return 1 for what one article has, towards 0.2 for what all have."""
        return max(1 - (self._share.get(word, 1) - 1) / self._all, 0.2)

    def alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return the share of two sentences' words that is common, rare words counting more."""
        both = sum(map(self.rarity, sorted(one & other)))
        return both / (sum(map(self.rarity, sorted(one | other))) or 1.0)

    def kin(self, one: Told, other: Told) -> bool:
        """Whether some article calls one event by words of both: "strike" and "stoppage"."""
        return one.type == other.type and any(
            not self._kin[one.type, word].isdisjoint(other.named)
            for word in one.named
            if (one.type, word) in self._kin
        )

    def weight(self, one: Told, other: Told) -> float:
        """Return how rare the rarest party is that two events share."""
        shared = set(_names(one)) & set(_names(other))
        return max(map(self.rarity, shared), default=1.0)


def _names(one: Told) -> list[str]:
    parties = one.actors + one.recipients
    return ["@" + " ".join(name_words(party.name)[-1:]) for party in parties if party.name]


def likeness(one: Told, other: Told, common: Common = Common()) -> float:  # noqa: B008
    """Return the log-odds that two events of a story are one; ``common``: its story's words."""
    found = evidence(one, other, common)
    if found is None:
        return NEVER
    return sum(WEIGHTS[name] * amount for name, amount in found.items())


def evidence(
    one: Told,
    other: Told,
    common: Common = Common(),  # noqa: B008
) -> dict[str, float] | None:
    """Return what speaks for and against two events being one, by the names in ``WEIGHTS``.

    None where their types rule it out.
    """
    if not near(one.type, other.type):
        return None
    spoken = one.type in _SPOKEN and other.type in _SPOKEN
    found = {"always": 1.0, _types(one, other): 1.0}
    names = [*_parties(one, other, spoken), _place(one.place, other.place), _days(one, other)]
    names += [_mode(one, other), "spoken" if spoken else None]
    if one.named & other.named:
        names.append("same cue" if spoken else "same words")
        if one.type != other.type and not spoken:
            names.append("same words, near type")
    elif common.kin(one, other) and not spoken:
        names.append("kin words")
    if _same_figure(one, other):
        names.append("same figure")
    if _late_plan(one, other) or _late_plan(other, one):
        names.append("planned after it happened")
    found.update((name, 1.0) for name in names if name)
    found["parties' words"] = overlap(_described(one), _described(other))
    if one.article == other.article:
        found[_beside(one, other)] = 1.0
    else:
        found["sentence"] = max(
            common.alike(mine[1], theirs[1]) for mine, theirs in product(one.sayings, other.sayings)
        )
    for name in ("same actor", "same recipient"):
        if name in found:
            found[name] = common.weight(one, other)
    return found


def _types(one: Told, other: Told) -> str:
    """Name what two types say: what is to be is told as an agreement until it takes place."""
    plans = [row.type == "AGREE" and row.status == "future" for row in (one, other)]
    if one.type == other.type:
        mixed = one.type == "AGREE" and any(plans) and not all(plans)
        return "announced and agreed" if mixed else "same type"
    told = "CONSULT" in (one.type, other.type) or one.named & other.named
    return "announced" if any(plans) and told else "near type"


def _beside(one: Told, other: Told) -> str:
    """Name what it says that one article's reading keeps two events apart."""
    if one.headline != other.headline:
        return "headline of the same article"
    return "same article" if one.type == other.type else "same article, other type"


def probability(log_odds: float) -> float:
    """Return the probability of log-odds, 0 to 1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))


def _mode(one: Told, other: Told) -> str | None:
    if one.type != other.type or one.mode is None or other.mode is None:
        return None
    return "same mode" if one.mode == other.mode else "other mode"


def _late_plan(plan: Told, fact: Told) -> bool:
    """Whether one is still to come when the other has happened."""
    if plan.status != "future" or fact.status != "actual" or fact.day_basis != "event":
        return False
    written, done = ordinal(plan.published), ordinal(fact.last_day)
    return written is not None and done is not None and written > done


# -- who --------------------------------------------------------------------------------


def _parties(one: Told, other: Told, spoken: bool) -> list[str | None]:
    actors, recipients = one.actors, one.recipients
    if one.type in _MUTUAL and other.type in _MUTUAL:
        everyone = _side(actors + recipients, other.actors + other.recipients)
        return [_named(everyone, "actor")]
    by = _side(actors, other.actors)
    if spoken and by is not None and by <= 0:
        return ["other speaker"]
    if spoken and by is None:
        return ["unknown speaker", _named(_side(recipients, other.recipients), "recipient")]
    found = [_named(by, "actor"), _named(_side(recipients, other.recipients), "recipient")]
    return [*found, "other country's actor" if _foreign(actors, other.actors) else None]


def _foreign(ones: Sequence[Party], others: Sequence[Party]) -> bool:
    """Whether the countries of two sides are known and have none in common."""
    mine, theirs = ({one.country for one in side if one.country} for side in (ones, others))
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _named(kin: int | None, role: str) -> str | None:
    if not kin:
        return None
    return f"{('other', '', 'kindred', 'same')[kin + 1]} {role}"


def _side(ones: Sequence[Party], others: Sequence[Party]) -> int | None:
    """Return how near the nearest parties of two sides are; None where a side is empty."""
    return max((kinship(one, other) for one, other in product(ones, others)), default=None)


@lru_cache(maxsize=65_536)
def _words(parties: tuple[Party, ...]) -> frozenset[str]:
    return frozenset().union(*(stems(party.words) for party in parties))


def _described(one: Told) -> frozenset[str]:
    return _words(one.actors + one.recipients)


def kinship(one: Party, other: Party) -> int:
    """Compare two parties: 2 the same, 1 of the same kind, 0 not known, -1 others."""
    if one.name and other.name:
        if same_name(one.name, other.name):
            return 2
        return 1 if _kindred(one, other) else -1
    if _kindred(one, other):
        return 1
    if one.country and other.country and one.country != other.country:
        return -1
    return 0


def _kindred(one: Party, other: Party) -> bool:
    return bool(one.country and one.country == other.country and one.sector == other.sector)


# -- where ------------------------------------------------------------------------------


def _place(one: Spot | None, other: Spot | None) -> str | None:
    if one is None or other is None:
        return None
    if one.country and other.country and one.country != other.country:
        return "other country"
    if one.name and other.name and same_name(one.name, other.name):
        return "same place"
    if one.precision in _EXACT and other.precision in _EXACT:
        apart = distance(one, other)
        if apart is None:
            return None
        return "same place" if apart < 25 else "other place" if apart > 60 else "place within"
    return "place within" if one.country and one.country == other.country else None


def distance(one: Spot, other: Spot) -> float | None:
    """Return kilometres between two places; None where one has no coordinates."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    north, south = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(one.lon - other.lon) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(half, 1.0)))


# -- when -------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def ordinal(day: str | None) -> int | None:
    """Return a day's number; None for no day, or none of the calendar."""
    try:
        return date.fromisoformat((day or "")[:10]).toordinal()
    except ValueError:
        return None


def _days(one: Told, other: Told) -> str | None:
    a, b = ordinal(one.first_day), ordinal(one.last_day)
    c, d = ordinal(other.first_day), ordinal(other.last_day)
    if a is None or b is None or c is None or d is None:
        return None
    gap = max(c - b, a - d)
    if one.day_basis == other.day_basis == "event":
        if gap > 1 and _lasts(one) and _lasts(other):
            return "days apart, but it lasts"
        return _told_days(gap, max(b - a, d - c))
    # Publication dates say little: a later report may tell of the same thing without its day.
    if gap <= 2:
        return "reported together"
    return "reported apart" if gap <= 14 else "reported far apart"


def _lasts(one: Told) -> bool:
    return (one.type, one.mode) in _LASTING or (one.type, None) in _LASTING


def _told_days(gap: int, width: int) -> str:
    if gap <= 0:
        return "same day" if width <= 2 else "days overlap"
    if gap == 1:
        return "next day"
    return "days apart" if gap <= 3 else "far apart"


# -- how many ---------------------------------------------------------------------------


def _same_figure(one: Told, other: Told) -> bool:
    return any(
        a.of and a.of == b.of and (a.low, a.high) == (b.low, b.high) and a.low != 1
        for a, b in product(one.figures, other.figures)
    )


def same_sentence(one: Told, other: Told) -> bool:
    """Say whether two articles name an event by the same words of the same sentence."""
    return (
        one.type == other.type
        and one.at == other.at
        and one.sentence == other.sentence
        and one.sentence.count(" ") >= 4
    )


def sure(one: Told, other: Told) -> bool:
    """Say whether a copy names an event in a sentence of the other but for a few words."""
    return near(one.type, other.type) and any(
        bool(mine & theirs) and overlap(around, there) >= 0.8 and min(len(around), len(there)) >= 5
        for (mine, around), (theirs, there) in product(one.sayings, other.sayings)
    )
