"""Numbers of a text that may be quantities: where they stand and what is not one."""

from __future__ import annotations

from typing import NamedTuple

from onrecord.reading._counted_words import (
    FRACTION_PLURALS,
    FRACTIONS,
    LABELS,
    LONGEST_VAGUE,
    MONEY_SUFFIXES,
    PERSON_NOUNS,
    SCORE_WORDS,
    SUFFIXES,
    VAGUE,
    VAGUE_FIRST,
)
from onrecord.reading._numbers import (
    FIRST_WORDS,
    HYPHENS,
    SCALES,
    Tokens,
    cardinal,
    digits,
    exact,
)

_TIME_UNITS = frozenset("months weeks days years hours million".split())
_PERCENT = frozenset({"%", "percent", "pct", "percentage"})


class Quantity(NamedTuple):
    """A number as it stands: tokens ``first`` to ``next``, bounds, how it is written."""

    first: int
    next: int
    low: float | None
    high: float | None
    #: digits | words | vague | share (already in percent)
    form: str
    #: A scale word or suffix belongs to it ("2.5 million").
    scaled: bool = False


class Cursor:
    """The tokens of a text with the look-ups that reading numbers needs."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text = text
        self.starts, self.ends, self.words = tokens
        self.count = len(tokens.words)

    def word(self, i: int) -> str:
        """Return a token's lower-case word; "" outside the text."""
        return self.words[i] if 0 <= i < self.count else ""

    def touches(self, i: int) -> bool:
        """Whether token ``i`` follows the one before without white space."""
        return 0 < i < self.count and self.starts[i] == self.ends[i - 1]

    def capital(self, i: int) -> bool:
        """Whether token ``i`` begins with a capital letter."""
        return 0 <= i < self.count and self.text[self.starts[i]].isupper()

    def digit(self, i: int) -> bool:
        """Whether token ``i`` begins with a digit."""
        return "0" <= self.word(i)[:1] <= "9"

    def is_number(self, i: int) -> bool:
        """Whether a number starts at token ``i`` (cheap: no "one", no "a")."""
        word = self.words[i]
        return "0" <= word[0] <= "9" or (word in FIRST_WORDS and word not in {"a", "an", "one"})


def quantity_at(cursor: Cursor, i: int, money: bool = False) -> Quantity | None:
    """Read the number that starts at token ``i``; ``money`` when a currency sign stands before."""
    word = cursor.word(i)
    if cursor.digit(i):
        return _in_digits(cursor, i, money)
    if word in VAGUE_FIRST and (vague := _vague(cursor, i)):
        return vague
    if word in FIRST_WORDS and (share := _fraction(cursor, i)):
        return share
    if word in FIRST_WORDS:
        found = cardinal(cursor.words, i)
        if found is not None:
            scaled = cursor.word(found.next - 1) in SCALES
            return Quantity(i, found.next, found.value, found.value, "words", scaled)
    return None


def _in_digits(cursor: Cursor, i: int, money: bool) -> Quantity | None:
    value = digits(cursor.words[i])
    if value is None:
        return None
    j: int
    value, j = _spaced(cursor, i, value)
    value, j = _decimal_comma(cursor, i, j, value, money)
    scale, k = _scale(cursor, j, money)
    if scale:
        product = exact(value * scale)
        return Quantity(i, k, product, product, "digits", True)
    return Quantity(i, j, value, value, "digits")


def _spaced(cursor: Cursor, i: int, value: float) -> tuple[float, int]:
    """Join groups of three digits that single spaces part: "50 000"."""
    j = i + 1
    if len(cursor.words[i]) > 3 or not value:
        return value, j
    while (
        j - i < 5
        and len(cursor.word(j)) == 3
        and cursor.word(j).isdigit()
        and cursor.starts[j] - cursor.ends[j - 1] == 1
        and cursor.text[cursor.ends[j - 1]] in " \u00a0\u202f\u2009"
    ):
        value, j = value * 1000 + int(cursor.word(j)), j + 1
    return value, j


def _decimal_comma(cursor: Cursor, i: int, j: int, value: float, money: bool) -> tuple[float, int]:
    """Read "1,7 million": a comma between digits that a scale follows."""
    if j != i + 1 or cursor.word(j) != "," or not cursor.touches(j) or not cursor.touches(j + 1):
        return value, j
    rest = cursor.word(j + 1)
    if not (rest.isascii() and rest.isdigit()) or len(rest) > 2:
        return value, j
    if cursor.word(j + 2) in SCALES or money:
        return float(f"{value}.{rest}"), j + 2
    return value, j


def _scale(cursor: Cursor, j: int, money: bool) -> tuple[int, int]:
    """Return the scale after a number (0 without one) and the token after it."""
    word = cursor.word(j)
    if word in HYPHENS and cursor.word(j + 1) in SCALES:
        j, word = j + 1, cursor.word(j + 1)
    if word == "hundred":
        return 100, j + 1
    if word in SCALES:
        scale, second = SCALES[word], SCALES.get(cursor.word(j + 1), 0)
        return (scale * second, j + 2) if second > scale else (scale, j + 1)
    if word in SUFFIXES and (cursor.touches(j) or word in {"bn", "mn"}):
        if word in MONEY_SUFFIXES and not money:
            return 0, j
        return SUFFIXES[word], j + 1
    return 0, j


def _vague(cursor: Cursor, i: int) -> Quantity | None:
    for length in range(min(LONGEST_VAGUE, cursor.count - i), 0, -1):
        bounds = VAGUE.get(tuple(cursor.words[i : i + length]))
        if bounds is not None:
            return Quantity(i, i + length, *bounds, "vague", length > 1 or bounds[0] != 3)
    return None


def _fraction(cursor: Cursor, i: int) -> Quantity | None:
    """Read shares of a whole: half (of), a third of, two-thirds, one in five."""
    word = cursor.word(i)
    if word == "half":
        if cursor.word(i + 1) in {"a", "an"} or cursor.word(i + 1) in HYPHENS:
            return None
        whole = cursor.word(i + 1) in {"of", "the", "its", "their", "all", "his", "her", "our"}
        return Quantity(i, i + 1, 50.0, 50.0, "share") if whole else None
    if word in {"a", "one"} and cursor.word(i + 1) in FRACTIONS and cursor.word(i + 2) == "of":
        if cursor.word(i + 3) in {"a", "an"}:
            return None
        value = FRACTIONS[cursor.word(i + 1)]
        return Quantity(i, i + 2, value, value, "share")
    number = cardinal(cursor.words, i)
    if number is None or not 0 < number.value < 10:
        return None
    return _counted_fraction(cursor, i, number.value, number.next)


def _counted_fraction(cursor: Cursor, i: int, count: float, j: int) -> Quantity | None:
    k = j + 1 if cursor.word(j) in HYPHENS else j
    part = FRACTION_PLURALS.get(cursor.word(k))
    if part is None and k > j:
        part = FRACTIONS.get(cursor.word(k))
    if part is not None:
        return Quantity(i, k + 1, count * part, count * part, "share")
    whole = cardinal(cursor.words, j + 1) if cursor.word(j) == "in" else None
    if whole is None or not count < whole.value <= 100:
        return None
    if cursor.word(whole.next) in _TIME_UNITS:  # "three in six months"
        return None
    value = 100.0 * count / whole.value
    return Quantity(i, whole.next, value, value, "share")


def is_label(cursor: Cursor, quantity: Quantity) -> bool:
    """Whether a number names or dates something instead of counting it.

    Ages, scores, telephone numbers, "G20", "Article 5", "Flight 370", list
    numbers, 24/7, clock times, parts of words and of longer codes.
    """
    return quantity.form in {"digits", "words"} and (
        _is_age(cursor, quantity)
        or _is_labelled(cursor, quantity)
        or (quantity.form == "digits" and _is_code(cursor, quantity))
    )


def _is_age(cursor: Cursor, quantity: Quantity) -> bool:
    before, after = cursor.word(quantity.first - 1), cursor.word(quantity.next)
    two_before = cursor.word(quantity.first - 2)
    near = cursor.words[max(0, quantity.first - 4) : quantity.first]
    if before in {"and", "to"} and "aged" in near:
        return True
    if before in {"aged", "age", "ages"} or (before == "between" and two_before == "aged"):
        return True
    if before == "of" and two_before in {"age", "ages"}:
        return True
    tail = cursor.words[quantity.next : quantity.next + 4]
    if "old" in tail and any(word.startswith(("year", "month", "week", "day")) for word in tail):
        return True
    if (
        before == ","
        and quantity.form == "digits"
        and (after == "," or (cursor.capital(quantity.first - 2) and after in {".", "and", ")"}))
    ):
        return (quantity.low or 0) < 110
    return before == "(" and after == ")" and (quantity.low or 0) < 110


def _is_labelled(cursor: Cursor, quantity: Quantity) -> bool:
    before = cursor.word(quantity.first - 1)
    if quantity.scaled or cursor.word(quantity.next) in _PERCENT:
        return False
    if before in LABELS or (before == "." and cursor.word(quantity.first - 2) in {"no", "nos"}):
        return True
    if before == "of" and cursor.word(quantity.first - 2) == "group" and quantity.form != "vague":
        return cursor.word(quantity.next) not in PERSON_NOUNS
    if quantity.form != "digits" or "," in cursor.words[quantity.first]:
        return False
    at_start = cursor.word(quantity.first - 2) in {"", ".", "\n", "!", "?", ":", ";", '"', "“"}
    return (
        cursor.capital(quantity.first - 1)
        and not at_start
        and quantity.next - quantity.first == 1
        and cursor.word(quantity.next) not in PERSON_NOUNS
        and not cursor.word(quantity.next)[:1].isalpha()
    )


def _is_code(cursor: Cursor, quantity: Quantity) -> bool:
    first, after = quantity.first, cursor.word(quantity.next)
    before = cursor.word(first - 1)
    glued = cursor.touches(first)
    if glued and (before.isalpha() or before in "./:@_+=*&"):
        return True
    if glued and before in HYPHENS and cursor.touches(first - 1):
        two_before = cursor.word(first - 2)
        if two_before.isalpha() or (cursor.digit(first - 2) and cursor.touches(first - 3)):
            return True
    if before == "#" or (before == "/" and cursor.digit(first - 2)):
        return True
    if after == "/" and cursor.digit(quantity.next + 1):
        return True
    if cursor.touches(quantity.next) and after.isalpha() and not quantity.scaled:
        return after not in {"m", "kg", "km", "g", "cm", "mw", "gw", "pct", "ft", "k"}
    if before in {"", "\n"} and after in {".", ")"}:
        return True
    return (
        len(cursor.words[first]) > 1
        and cursor.words[first][0] == "0"
        and "." not in (cursor.words[first])
    )


def is_score(cursor: Cursor, one: Quantity, two: Quantity) -> bool:
    """Whether "3-1" is a score, and not a range: nothing counted, or the first is not smaller."""
    if one.low is None or two.low is None or one.low >= two.low:
        return True
    after = cursor.word(two.next)
    return after in SCORE_WORDS or (not after[:1].isalpha() and after != "%" and two.low < 100)


def is_telephone(cursor: Cursor, i: int) -> bool:
    """Whether token ``i`` belongs to a telephone number: 555-014-2277, (020) 7946."""
    left, right = _glued_groups(cursor, i, -1), _glued_groups(cursor, i, 1)
    word = cursor.word(i)
    if left + right >= 2 or (left + right == 1 and len(word) >= 4 and word.isdigit()):
        return True
    before = cursor.word(i - 1)
    bracketed = before == ")" and cursor.digit(i - 2) and cursor.word(i - 3) == "("
    return before == "+" or (bracketed and len(word) >= 3)


def _glued_groups(cursor: Cursor, i: int, step: int) -> int:
    """Count the groups of digits (at most three) that hyphens tie to token ``i`` on one side."""
    groups, j = 0, i
    while groups < 3 and cursor.word(j + step) in HYPHENS and cursor.digit(j + 2 * step):
        low = min(j, j + 2 * step)
        if not (cursor.touches(low + 1) and cursor.touches(low + 2)):
            break
        groups, j = groups + 1, j + 2 * step
    return groups
