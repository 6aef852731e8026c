"""Words and names, as they are compared between reports."""

from __future__ import annotations

import re
from functools import lru_cache

from onrecord.knowledge.actors import initials, is_abbreviation
from onrecord.knowledge.countries import fold

_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
#: Endings that are cut, longest first; a stem keeps four letters at least.
_ENDINGS = (
    "ations", "ation", "ements", "ement", "ments", "ment", "ings", "ing", "ions", "ion",
    "ers", "er", "ors", "or", "als", "al", "ies", "ied", "ed", "es", "s", "y", "e",
)  # fmt: skip
#: Words that say nothing of what a sentence is about.
_EMPTY = frozenset(
    "a about after again against all also an and any are as at be been before being but by can "
    "could did do does for from had has have he her here him his how if in into is it its later "
    "may might more most new no nor not now of off on one only or other our out over own said "
    "say says saying she should since so some such than that the their them then there these "
    "they this those through to told too two under until up us very was we were what when where "
    "which while who whom whose why will with would you your according added adding".split()
)
_TITLES = frozenset(
    "mr mrs ms miss dr sir dame lord lady gen general col colonel lt capt captain sgt sergeant "
    "maj major adm admiral president minister prime foreign sen senator rep gov governor prof "
    "professor king queen prince princess sheikh imam pope cardinal bishop judge justice "
    "ambassador chancellor secretary the".split()
)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what a word shares with its inflections: bombing, bombed, bombs → bomb."""
    folded = fold(word)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 4:
            folded = folded[: -len(ending)]
            break
    return folded[:-1] if len(folded) > 4 and folded[-1] == folded[-2] else folded


def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of ``text`` that say something."""
    return frozenset(
        stem(word) for word in _WORD.findall(text) if fold(word) not in _EMPTY and len(word) > 1
    )


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that stands in the other too; 0 for an empty one."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of both sets' members that they have in common (Jaccard)."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0


@lru_cache(maxsize=65_536)
def name_words(name: str) -> tuple[str, ...]:
    """Return a name's folded words without titles, articles and initials."""
    bare = re.sub(r"['’]s\b", "", name)
    found = [fold(word) for word in re.findall(r"[^\W_]+", bare)]
    kept = [word for word in found if word not in _TITLES and len(word) > 1]
    return tuple(kept or found)


@lru_cache(maxsize=262_144)
def same_name(one: str, other: str) -> bool:
    """Say whether two names may stand for one bearer.

    They do when they have the same words, when one is the last or the first words of the
    other ("Okello", "Grace Okello"), or when one abbreviates the other.
    """
    short, long = sorted(
        (name_words(one), name_words(other)), key=lambda words: (len(words), words)
    )
    if not short:
        return False
    if short == long or (len(short) < len(long) and _within(short, long)):
        return True
    return _abbreviates(one, other) or _abbreviates(other, one)


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    size = len(short)
    return long[-size:] == short or long[:size] == short or (size > 1 and set(short) <= set(long))


def _abbreviates(short: str, long: str) -> bool:
    letters = short.replace(".", "").removeprefix("the ").removeprefix("The ")
    return is_abbreviation(letters) and len(letters) > 1 and initials(long) == letters


def flat(text: str) -> str:
    """Return a text's words alone, without case, accents and signs."""
    return " ".join(map(fold, _WORD.findall(text)))
