"""How much speaks for two articles' events being one: a sum of evidence, in log-odds.

Every weight stands in ``WEIGHTS``; above zero the evidence speaks for one event, below for
two.  docs/incidents.md explains them to users.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import product

from onrecord.analysis.rows import Party, Spot
from onrecord.analysis.told import Told
from onrecord.analysis.words import alike, overlap, same_name

#: Nothing outweighs this.
NEVER = -20.0
WEIGHTS: dict[str, float] = {
    "prior": -1.6,
    "same type": 0.8,
    "near type": -1.2,
    "same mode": 0.6,
    "other mode": -0.5,
    "same words": 0.9,
    "same named party": 1.3,
    "kindred party": 0.4,
    "other party": -1.0,
    "other speaker": -3.0,
    "same place": 1.0,
    "place within": 0.3,
    "other place": -2.0,
    "other country": -2.5,
    "same day": 1.6,
    "days overlap": 0.5,
    "next day": -0.4,
    "days apart": -1.8,
    "far apart": -4.5,
    "reported together": 0.5,
    "reported apart": -0.7,
    "reported far apart": -2.0,
    "same figure": 1.2,
    "sentence": 2.6,
    "same article": -1.2,
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


def near(one: str, other: str) -> bool:
    """Say whether events of these types may be the same event."""
    return one == other or frozenset((one, other)) in _NEAR


def likeness(one: Told, other: Told) -> float:
    """Return the log-odds that two events of a story are one."""
    if not near(one.type, other.type):
        return NEVER
    when = _days(one, other)
    if when <= NEVER:
        return when
    total = WEIGHTS["prior"] + when + _type(one, other) + _place(one.place, other.place)
    total += _parties(one, other) + _figures(one, other)
    if one.named & other.named:
        total += WEIGHTS["same words"]
    if one.article == other.article:
        total += WEIGHTS["same article"]
    else:
        total += WEIGHTS["sentence"] * alike(one.about, other.about)
    return total


def probability(log_odds: float) -> float:
    """Return the probability of log-odds, 0 to 1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))


def _type(one: Told, other: Told) -> float:
    if one.type != other.type:
        return WEIGHTS["near type"]
    if one.mode is None or other.mode is None:
        return WEIGHTS["same type"]
    return WEIGHTS["same type"] + WEIGHTS["same mode" if one.mode == other.mode else "other mode"]


# -- who --------------------------------------------------------------------------------


def _parties(one: Told, other: Told) -> float:
    straight = _side(one.actors, other.actors) + _side(one.recipients, other.recipients)
    if one.type in _MUTUAL and other.type in _MUTUAL:
        crossed = _side(one.actors, other.recipients) + _side(one.recipients, other.actors)
        both = _side(one.actors + one.recipients, other.actors + other.recipients)
        return max(straight, crossed, both)
    spoken = one.type in _SPOKEN and other.type in _SPOKEN and one.actors and other.actors
    if spoken and not any(kinship(*pair) > 0 for pair in product(one.actors, other.actors)):
        return WEIGHTS["other speaker"]
    return straight


def _side(ones: Sequence[Party], others: Sequence[Party]) -> float:
    if not ones or not others:
        return 0.0
    best = max(kinship(one, other) for one, other in product(ones, others))
    name = ("other party", None, "kindred party", "same named party")[best + 1]
    return WEIGHTS[name] if name else 0.0


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


def _place(one: Spot | None, other: Spot | None) -> float:
    if one is None or other is None:
        return 0.0
    if one.country and other.country and one.country != other.country:
        return WEIGHTS["other country"]
    if one.name and other.name and same_name(one.name, other.name):
        return WEIGHTS["same place"]
    if one.precision in _EXACT and other.precision in _EXACT:
        apart = distance(one, other)
        if apart is None:
            return 0.0
        return WEIGHTS[
            "same place" if apart < 25 else "other place" if apart > 60 else "place within"
        ]
    return WEIGHTS["place within"] if one.country and one.country == other.country else 0.0


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


def _days(one: Told, other: Told) -> float:
    a, b = ordinal(one.first_day), ordinal(one.last_day)
    c, d = ordinal(other.first_day), ordinal(other.last_day)
    if a is None or b is None or c is None or d is None:
        return 0.0
    if one.day_basis == other.day_basis == "event":
        return _told_days(a, b, c, d)
    gap = max(c - b, a - d, 0)
    if one.day_basis == other.day_basis:
        return _gap(gap)
    # A day of the event beside a day of publication: news tells what just happened.
    return WEIGHTS["reported together"] * 0.5 if gap <= 3 else _gap(gap)


def _told_days(a: int, b: int, c: int, d: int) -> float:
    gap = max(c - b, a - d)
    if gap <= 0:
        return WEIGHTS["same day" if max(b - a, d - c) <= 2 else "days overlap"]
    if gap == 1:
        return WEIGHTS["next day"]
    return WEIGHTS["days apart" if gap <= 3 else "far apart"]


def _gap(gap: int) -> float:
    if gap <= 2:
        return WEIGHTS["reported together"]
    return WEIGHTS["reported apart" if gap <= 10 else "reported far apart"]


# -- how many ---------------------------------------------------------------------------


def _figures(one: Told, other: Told) -> float:
    for a, b in product(one.figures, other.figures):
        if a.of and a.of == b.of and (a.low, a.high) == (b.low, b.high) and a.low != 1:
            return WEIGHTS["same figure"]
    return 0.0


def same_sentence(one: Told, other: Told) -> bool:
    """Say whether two articles name an event by the same words of the same sentence."""
    return (
        one.type == other.type
        and one.at == other.at
        and one.sentence == other.sentence
        and one.sentence.count(" ") >= 4
    )


def sure(one: Told, other: Told) -> bool:
    """Say whether a copy's sentence is the other's but for a few words."""
    return (
        one.type == other.type
        and bool(one.named & other.named)
        and (overlap(one.about, other.about) >= 0.8 and min(len(one.about), len(other.about)) >= 5)
    )
