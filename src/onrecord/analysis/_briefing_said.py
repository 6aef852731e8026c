"""Statements set against each other: which later one may contradict which earlier one.

Two statements are on one matter when they share words that say something.  What makes them
candidates is written beside each; the rules are of this project, set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from onrecord.analysis.measures import disjoint
from onrecord.analysis.rows import Amount
from onrecord.analysis.told import Facts
from onrecord.analysis.words import stems
from onrecord.record import Statement

#: Words two statements must share to be on one matter, and the share of the shorter one's.
SHARED = 2
SHARE = 0.3

_NOT = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|den(?:y|ies|ied|ying)|"
    r"ruled out|rules out|refus\w+|reject\w+)\b|n['’]t\b",
    re.IGNORECASE,
)
#: Stances that speak for a thing and against it.
_FOR = frozenset({"support", "pledge", "confirm"})
_AGAINST = frozenset({"deny", "threaten", "accuse"})


class Speech(NamedTuple):
    """A statement as it is compared."""

    stems: frozenset[str]
    stance: str
    #: It denies: by its stance, its cue, or an odd number of negations in its words.
    negative: bool
    figures: tuple[Amount, ...]


class Candidate(NamedTuple):
    """An earlier saying that a later one may contradict."""

    #: Its place in the history, from 0.
    number: int
    #: ``denial``, ``figures`` or ``stance``.
    kind: str
    #: Words for people: why they were set against each other.
    reason: str


def speech(facts: Facts, row: Statement) -> Speech:
    """Return a statement as it is compared."""
    words = " ".join(facts.record.words(span) for span in row.content)
    amounts = [
        amount
        for figure in facts.record.figures
        if any(span.start <= figure.start < span.end for span in row.content)
        and (amount := facts.amount(figure.id)) is not None
    ]
    odd = len(_NOT.findall(words)) % 2 == 1
    denies = row.stance == "deny"
    return Speech(
        stems(_NOT.sub(" ", words)), row.stance, (odd != row.negated) or denies, tuple(amounts)
    )


def candidates(one: Speech, before: Sequence[Speech]) -> list[Candidate]:
    """Return which of the earlier statements a statement may contradict, each once."""
    found = []
    for number, other in enumerate(before):
        shared = one.stems & other.stems
        short = min(len(one.stems), len(other.stems))
        if len(shared) < SHARED or len(shared) < SHARE * short:
            continue
        verdict = _figures(one, other) or _denial(one, other) or _stance(one, other)
        if verdict is not None:
            on = ", ".join(sorted(shared)[:4])
            found.append(Candidate(number, verdict[0], f"{verdict[1]}; both on: {on}"))
    return found


def _figures(one: Speech, other: Speech) -> tuple[str, str] | None:
    for a in one.figures:
        for b in other.figures:
            if a.of and a.of == b.of and a.unit == b.unit and disjoint(a, b):
                return "figures", f"another figure for {a.of}"
    return None


def _denial(one: Speech, other: Speech) -> tuple[str, str] | None:
    if one.negative == other.negative or len(one.stems & other.stems) < SHARED + 1:
        return None
    words = ("denies what was said", "says what was denied")
    return "denial", words[0] if one.negative else words[1]


def _stance(one: Speech, other: Speech) -> tuple[str, str] | None:
    both = {one.stance, other.stance}
    if both & _FOR and both & _AGAINST:
        return "stance", f"{other.stance} before, {one.stance} now"
    return None
