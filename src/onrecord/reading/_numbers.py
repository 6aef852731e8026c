"""Tokens and numbers, in digits and in English words.

Shared by the readers of time expressions and of figures.  Everything here is
linear in the text: tokens come from one regular expression whose repetitions
are either bounded or consume what they match.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

#: Digits beyond this are an identifier, not a quantity (and ``int`` refuses very long ones).
MAX_DIGITS = 18

_TOKEN = re.compile(
    r"""
      (?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}              # 2025-12-04, with or without a clock
        (?:[T\ ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?
           (?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?![0-9])
    | (?<![0-9])[0-9]{1,2}([/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})(?![0-9])    # 4/12/2025
    | (?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])                    # 15:30
    | [0-9]{1,3}(?:,[0-9]{2,3}){0,5},[0-9]{3}(?![0-9])(?:\.[0-9]{1,18}(?![0-9]))?      # 1,250.75
    | [0-9]+(?:st|nd|rd|th)(?![^\W_])                   # 21st
    | [0-9]+(?:\.[0-9]{1,18}(?![0-9]))?
    | [^\W\d_]+
    | \n[^\S\n]*\n\s*                                   # end of a paragraph
    | \S
    """,
    re.VERBOSE | re.IGNORECASE,
)

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
SCALES = {
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
FIRST_WORDS = frozenset({*UNITS, *TENS, "a", "an", "half"})
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
HYPHENS = frozenset("-‐‑‒–—−")


class Reading(NamedTuple):
    """A number as read: its value and the index after its last token."""

    value: float
    next: int


class Tokens(NamedTuple):
    """A text cut into tokens, as parallel lists; ``words`` are lower case."""

    starts: list[int]
    ends: list[int]
    words: list[str]


def tokenize(text: str) -> Tokens:
    """Cut ``text`` into words, numbers, dates, clocks, punctuation and paragraph ends.

    A paragraph end has the word ``"\\n"``; all other white space is dropped.
    """
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        starts.append(match.start())
        ends.append(match.end())
        words.append("\n" if word[0] == "\n" else word.lower())
    return Tokens(starts, ends, words)


def digits(word: str) -> float | None:
    """Return the number that a token of digits stands for ("1,250.75"), else None.

    "12.000" with exactly three zeros is read as twelve thousand, as much of the
    world writes it; other points are decimal points.
    """
    if not ("0" <= word[0] <= "9") or len(word) > 2 * MAX_DIGITS:
        return None
    plain = word.replace(",", "")
    if plain.endswith(".000"):
        plain = plain.replace(".", "")
    whole, point, rest = plain.partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > MAX_DIGITS:
        return None
    if point:
        return float(plain) if rest.isdigit() else None
    return int(whole)


def exact(value: float) -> float:
    """Round away what binary fractions add: 2.3 * 10**6 is 2300000.0."""
    return value if isinstance(value, int) else float(f"{value:.15g}")


def _at(words: Sequence[str], i: int) -> str:
    return words[i] if i < len(words) else ""


def _below_hundred(words: Sequence[str], i: int) -> Reading | None:
    word = _at(words, i)
    if word in UNITS:
        return Reading(UNITS[word], i + 1)
    if word not in TENS:
        return None
    j = i + 2 if _at(words, i + 1) in HYPHENS else i + 1
    unit = UNITS.get(_at(words, j), 0)
    if 0 < unit < 10:
        return Reading(TENS[word] + unit, j + 1)
    return Reading(TENS[word], i + 1)


def _below_thousand(words: Sequence[str], i: int) -> Reading | None:
    first = _below_hundred(words, i)
    if first is None:
        if _at(words, i) not in {"a", "an"} or _at(words, i + 1) not in {"hundred", *SCALES}:
            return None
        first = Reading(1, i + 1)
    if _at(words, first.next) != "hundred":
        return first
    value, j = 100 * first.value, first.next + 1
    k = j + 1 if _at(words, j) == "and" else j
    rest = _below_hundred(words, k)
    if rest is not None and rest.value > 0:
        return Reading(value + rest.value, rest.next)
    return Reading(value, j)


def _with_half(words: Sequence[str], group: Reading) -> Reading:
    """Read on over "and a half"."""
    j = group.next
    if _at(words, j) == "and" and _at(words, j + 1) == "a" and _at(words, j + 2) == "half":
        return Reading(group.value + 0.5, j + 3)
    return group


def _with_decimals(words: Sequence[str], group: Reading) -> Reading:
    """Read on over "point two five"."""
    if _at(words, group.next) != "point" or not isinstance(group.value, int):
        return group
    j, written = group.next + 1, ""
    while len(written) < MAX_DIGITS and UNITS.get(_at(words, j), 10) < 10:
        written += str(UNITS[words[j]])
        j += 1
    if not written:
        return group
    return Reading(float(f"{group.value}.{written}"), j)


def _scaled(words: Sequence[str], group: Reading, below: float) -> tuple[float, Reading]:
    """Multiply ``group`` by the scale words after it that stay under ``below``.

    Returns the first scale (1 without any) and the product: "two lakh crore" takes both.
    """
    scale = SCALES.get(_at(words, group.next), 0)
    if not 0 < scale < below:
        return 1, group
    value, j = exact(group.value * scale), group.next + 1
    second = SCALES.get(_at(words, j), 0)
    if second > scale:
        return second, Reading(value * second, j + 1)
    return scale, Reading(value, j)


def _fraction_of_scale(words: Sequence[str], i: int) -> Reading | None:
    """Read "half a million", "a quarter of a million", "half a dozen"."""
    j = i + 1 if _at(words, i) in {"a", "one"} else i
    share = _FRACTIONS.get(_at(words, j))
    if share is None:
        return None
    k = j + 2 if _at(words, j + 1) == "of" else j + 1
    if _at(words, k) not in {"a", "an"}:
        return None
    scale = 12 if _at(words, k + 1) == "dozen" else SCALES.get(_at(words, k + 1))
    return Reading(share * scale, k + 2) if scale else None


def cardinal(words: Sequence[str], i: int) -> Reading | None:
    """Read the longest cardinal number in words that starts at token ``i``.

    Knows hundreds, scales up to a trillion, lakh and crore, "and", hyphens,
    "point five", "and a half", "half a million", "two dozen".  "a" counts as
    one only before hundred, dozen or a scale.
    """
    if _at(words, i) not in FIRST_WORDS:
        return None
    if (fraction := _fraction_of_scale(words, i)) is not None:
        return fraction
    if _at(words, i) == "a" and _at(words, i + 1) == "dozen":
        return Reading(12, i + 2)
    return _sum_of_groups(words, i)


def _sum_of_groups(words: Sequence[str], i: int) -> Reading | None:
    total: float = 0
    below: float = float("inf")
    j, done = i, i
    while (group := _below_thousand(words, j)) is not None:
        if done > i and group.value == 0:
            break
        decimal = _with_decimals(words, group)
        if decimal.next == group.next or _at(words, decimal.next) in SCALES:
            group = _with_half(words, decimal)
        if _at(words, group.next) == "dozen" and done == i:
            return Reading(12 * group.value, group.next + 1)
        scale, product = _scaled(words, group, below)
        total, done = total + product.value, product.next
        if scale == 1:
            break
        below = scale
        j = done + 1 if _at(words, done) == "and" else done
    return _with_decimals(words, Reading(total, done)) if done > i else None
