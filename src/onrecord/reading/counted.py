"""How many: numbers with their bounds, units and what they count.

Pure rules over words, linear in the text.  What is read, what counts as a
bound and what is left out: docs/reading/counted.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from onrecord.reading._counted_kinds import kind_of
from onrecord.reading._counted_numbers import (
    Cursor,
    Quantity,
    is_label,
    is_score,
    is_telephone,
    quantity_at,
)
from onrecord.reading._counted_words import (
    CURRENCIES,
    LONGEST_MODIFIER,
    MEASURES,
    MODIFIER_ENDS,
    MODIFIERS,
    NATIONAL,
    SIGNS,
    TIGHT_SIGNS,
)
from onrecord.reading._numbers import HYPHENS, digits, tokenize
from onrecord.reading.when import find_times
from onrecord.record import Figure, Skip, Time


class _Amount(NamedTuple):
    """A figure in the making, in tokens."""

    first: int
    next: int
    low: float | None
    high: float | None
    unit: str | None = None
    approximate: bool = False
    form: str = "digits"


#: Fewer than this are no crowd: "two delegates".
FEWEST = 10


def find_figures(
    text: str, *, times: Sequence[Time] = (), skipped: Sequence[Skip] = ()
) -> list[Figure]:
    """Return the figures of ``text`` in text order, numbered f1, f2, …

    ``times`` are the time expressions of the same text: no figure is read in
    them (they are found here when none are given).  ``low`` or ``high`` is
    None where unbounded; ``unit`` is "percent", an ISO 4217 code, a unit of
    measure or None; a figure's span holds number, modifiers and unit.
    """
    blocked = [(time.start, time.end) for time in times or find_times(text)]
    blocked += [(skip.start, skip.end) for skip in skipped]
    reader = _Reader(text, sorted(blocked))
    return [
        Figure(f"f{n}", start, end, low, high, unit, of, approximate)
        for n, (start, end, low, high, unit, of, approximate) in enumerate(reader.figures(), 1)
    ]


_Row = tuple[int, int, float | None, float | None, str | None, str | None, bool]


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, blocked: list[tuple[int, int]]) -> None:
        self.cursor = Cursor(text, tokenize(text))
        self.blocked = blocked
        self.k = 0
        self.dollar = _dollar_of(text)
        self.yen = _yen_of(text)

    def figures(self) -> list[_Row]:
        rows: list[_Row] = []
        i = 0
        while i < self.cursor.count:
            amount = self.amount(i)
            if amount is None:
                i += 1
                continue
            floor = i
            i = max(amount.next, i + 1)
            row = self.row(amount, self.floor(rows, floor), rows)
            if row is not None:
                rows.append(row)
        return rows

    def floor(self, rows: list[_Row], i: int) -> int:
        """Return the first token that modifiers of a figure at ``i`` may take."""
        j = i
        end = rows[-1][1] if rows else 0
        while j > 0 and i - j < 2 * LONGEST_MODIFIER and self.cursor.starts[j - 1] >= end:
            j -= 1
        return j

    def is_blocked(self, start: int, end: int) -> bool:
        """Whether a stretch touches a time or a leftover; asked from left to right."""
        while self.k < len(self.blocked) and self.blocked[self.k][1] <= start:
            self.k += 1
        return self.k < len(self.blocked) and self.blocked[self.k][0] < end

    # -- reading one amount ---------------------------------------------------------------

    def amount(self, i: int) -> _Amount | None:
        """Read the amount whose sign or number stands at token ``i``, or None."""
        cursor = self.cursor
        if not self.may_start(i):
            return None
        sign = self.sign(i)
        number = quantity_at(cursor, i + sign[1] if sign else i, money=sign is not None)
        if number is None:
            return None
        first = i if sign else number.first
        if self.is_blocked(cursor.starts[first], cursor.ends[number.next - 1]):
            return None
        if sign is None and is_telephone(cursor, number.first):
            return _Amount(first, self.end_of_digits(first), None, None, form="label")
        if sign is None and is_label(cursor, number):
            return _Amount(first, number.next, None, None, form="label")
        second = self.second(number, first)
        if isinstance(second, str):
            return _Amount(first, number.next + 2, None, None, form="label")
        return self.with_unit(first, number, second, sign)

    def end_of_digits(self, i: int) -> int:
        """Return the token after a run of groups of digits, of a telephone number's length."""
        j = i + 1
        while j - i < 6 and self.cursor.digit(j):
            j += 1
        return j

    def may_start(self, i: int) -> bool:
        word = self.cursor.words[i]
        return (
            "0" <= word[0] <= "9"
            or word in _STARTERS
            or word in SIGNS
            or self.cursor.word(i + 1) in {"$"}
        )

    def sign(self, i: int) -> tuple[str, int] | None:
        """Return the currency before a number and how many tokens it takes: "US$", "Rs.", "£"."""
        cursor = self.cursor
        word, after = cursor.word(i), cursor.word(i + 1)
        if after == "$" and cursor.touches(i + 1) and word + "$" in SIGNS and cursor.digit(i + 2):
            return SIGNS[word + "$"], 2
        if word in {"us", "u"} and after == "$" and cursor.digit(i + 2):
            return "USD", 2
        if word not in SIGNS:
            return None
        step = 2 if after == "." else 1
        if not cursor.digit(i + step):
            return None
        if word in TIGHT_SIGNS:
            number = quantity_at(cursor, i + 1, money=True)
            sure = number is not None and (number.scaled or (number.low or 0) >= 1000)
            if not (sure and cursor.capital(i) and cursor.touches(i + 1)):
                return None
        elif word.isalpha() and not (cursor.capital(i) or word in {"tk", "rs"}):
            return None
        return {"$": self.dollar, "¥": self.yen}.get(word, SIGNS[word]), step

    def second(self, number: Quantity, first: int) -> Quantity | str | None:
        """Return the upper end of a range; "score" for what looks like one and is none."""
        cursor, j = self.cursor, number.next
        joint = cursor.word(j)
        if number.form == "vague":
            return None
        if joint in HYPHENS and cursor.digit(j + 1):
            other = quantity_at(cursor, j + 1, money=True)
            if other is None:
                return None
            if number.form != "digits" or (not cursor.touches(j) and joint == "-"):
                return None
            return "score" if is_score(cursor, number, other) else other
        between = joint == "and" and cursor.word(first - 1) == "between"
        if not between and joint not in {"to", "or"}:
            return None
        k = j + 2 if cursor.word(j + 1) in SIGNS else j + 1
        other = quantity_at(cursor, k, money=k > j + 1)
        if other is None or other.form != number.form or other.low is None or number.low is None:
            return None
        if joint in {"to", "or"} and number.low >= other.low:
            return None
        if (
            joint == "to"
            and cursor.word(first - 1) in {"rose", "fell", "from"}
            and (cursor.word(other.next) != "%" and other.form == "words")
        ):
            return None
        return other

    def with_unit(
        self, first: int, number: Quantity, second: Quantity | None, sign: tuple[str, int] | None
    ) -> _Amount:
        low, high = number.low, number.high
        j = number.next
        if second is not None and low is not None and second.high is not None:
            if second.scaled and not number.scaled and low < second.high:
                raw = _plain_value(self.cursor, second)
                if raw and low < raw:
                    low = low * second.high / raw
            high, j = second.high, second.next
        unit, j = self.unit(j, sign)
        if number.form == "share":
            unit = "percent"
        vague = number.form == "vague"
        return _Amount(first, j, low, high, unit, vague, number.form)

    def unit(self, j: int, sign: tuple[str, int] | None) -> tuple[str | None, int]:
        """Return the unit after a number, or that of its sign, and the token after it."""
        cursor = self.cursor
        word, after = cursor.word(j), cursor.word(j + 1)
        if word in HYPHENS and after in {"percent", *MEASURES} and cursor.touches(j):
            j, word, after = j + 1, after, cursor.word(j + 2)
        if word in {"percentage", "per"} and after in {"points", "point", "cent"}:
            return ("percent" if after == "cent" else "percentage point"), j + 2
        if word in {"%", "percent", "pct"}:
            if after in {"points", "point"}:
                return "percentage point", j + 2
            return "percent", j + 1
        if word == "of" and after in CURRENCIES:
            return CURRENCIES[after], j + 2
        if word in CURRENCIES:
            return (sign[0] if sign else CURRENCIES[word]), j + 1
        if (word, after) in NATIONAL:
            return NATIONAL[word, after], j + 2
        if (after, cursor.word(j + 2)) in NATIONAL:
            return NATIONAL[after, cursor.word(j + 2)], j + 3
        if sign is not None:
            return sign[0], j
        if word in MEASURES:
            return MEASURES[word], j + 1
        return None, j

    # -- from amount to figure ------------------------------------------------------------

    def row(self, amount: _Amount, floor: int, rows: list[_Row]) -> _Row | None:
        cursor = self.cursor
        if amount.form == "label" or (amount.low == 1 and cursor.word(amount.next) == "of"):
            return None
        first, effects = self.modifiers(amount, floor)
        amount = self.bounded(amount, effects)
        of = self.kind(amount, first)
        if of in {None, "count"} and rows and cursor.word(first - 1) in {"including", "them"}:
            of = self.inherited(rows[-1], first) or of
        if of is None and amount.unit is None and self.is_idle(amount, first):
            return None
        start, end = cursor.starts[first], cursor.ends[amount.next - 1]
        if self.is_blocked(start, end):
            start = cursor.starts[amount.first]
        return start, end, amount.low, amount.high, amount.unit, of, amount.approximate

    def modifiers(self, amount: _Amount, floor: int) -> tuple[int, list[str]]:
        """Take in the modifiers before an amount; return its new first token and their effects."""
        words, first, effects = self.cursor.words, amount.first, []
        if first > floor and words[first - 1] in {"between", "from"} and amount.low != amount.high:
            first -= 1
        searching = True
        while searching:
            searching = False
            if first <= floor or words[first - 1] not in MODIFIER_ENDS:
                break
            for length in range(min(LONGEST_MODIFIER, first - floor), 0, -1):
                effect = MODIFIERS.get(tuple(words[first - length : first]))
                if effect is not None:
                    first -= length
                    effects.append(effect)
                    searching = True
                    break
        while first < amount.first and words[first] in {"the", "all"}:
            first += 1
        return first, effects

    def bounded(self, amount: _Amount, effects: list[str]) -> _Amount:
        """Apply "at least", "up to", "about", "or more" to an amount."""
        word, after = self.cursor.word(amount.next), self.cursor.word(amount.next + 1)
        if word == "or" and after in {"more", "so", "fewer", "less"}:
            effects = [*effects, {"more": "low", "so": "about"}.get(after, "high")]
            amount = amount._replace(next=amount.next + 2)
        if word in {"plus", "+"} and (word == "plus" or self.cursor.touches(amount.next)):
            effects = [*effects, "low"]
            amount = amount._replace(next=amount.next + 1)
        if "about" in effects:
            amount = amount._replace(approximate=True)
        if "low" in effects:
            amount = amount._replace(high=None)
        elif "high" in effects:
            amount = amount._replace(low=None)
        return amount

    def kind(self, amount: _Amount, first: int) -> str | None:
        """Return what the figure counts."""
        cursor = self.cursor
        if amount.unit == "percent":
            return "share"
        if amount.unit == "percentage point":
            return None
        if amount.unit is not None:
            return "amount"
        found = kind_of(cursor.words, first, amount.next, cursor.is_number)
        if found == "crowd" and max(amount.low or 0, amount.high or 0) < FEWEST:
            return "count"
        if found is not None:
            return found
        return "count" if self.counts_noun(amount) else None

    def inherited(self, row: _Row, first: int) -> str | None:
        """Return what the figure before counts, for "…, including 5 children" in its sentence."""
        between = self.cursor.text[row[1] : self.cursor.starts[first]]
        people = row[5] in {"dead", "injured", "arrested", "displaced"}
        return row[5] if people and len(between) < 120 and ". " not in between else None

    def counts_noun(self, amount: _Amount) -> bool:
        """Whether a noun follows that the figure may count."""
        word = self.cursor.word(amount.next)
        if word == "of":
            return True
        return word.isalpha() and word not in _NO_NOUN

    def is_idle(self, amount: _Amount, first: int) -> bool:
        """Whether a number without unit or noun is no figure: "one", "two", a bare year."""
        if amount.form == "vague" or first < amount.first:
            return False
        low = amount.low or 0
        return low < 100 or (1000 <= low <= 2199 and "," not in (self.cursor.words[amount.first]))


_STARTERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety a "
    "half dozens scores hundreds thousands millions billions tens several".split()
)
_NO_NOUN = frozenset(
    "and or but to in on at by for from with as than that which who when where while if is was "
    "were are be been has have had will would could may might can did does do the a an this it he "
    "she they we i you not no after before since until during because so then there".split()
)
_LOCAL_DOLLARS = re.compile(
    r"\b(?:all|the|these)\s+(?:figures|amounts|sums|prices|currency)\s+(?:\w+\s+){0,3}?"
    r"(canadian|australian|new zealand|hong kong|singapore|us|u\.s\.)\s+(?:dollars|currency)",
    re.IGNORECASE,
)
_DOLLARS = {
    "canadian": "CAD",
    "australian": "AUD",
    "new zealand": "NZD",
    "hong kong": "HKD",
    "singapore": "SGD",
}


def _dollar_of(text: str) -> str:
    """The dollar that "$" means: the US one unless the text says otherwise of all its figures."""
    match = _LOCAL_DOLLARS.search(text)
    return _DOLLARS.get(match.group(1).lower(), "USD") if match else "USD"


def _yen_of(text: str) -> str:
    """The currency that "¥" means where yen or yuan are named, else the sign itself."""
    low = text.lower()
    if "yuan" in low or "renminbi" in low:
        return "¥" if "yen" in low.split() else "CNY"
    return "JPY" if "yen" in low or "japan" in low else "¥"


def _plain_value(cursor: Cursor, quantity: Quantity) -> float:
    """The number of a range's upper end without its scale, to share the scale with the lower."""
    if quantity.form == "digits":
        return digits(cursor.words[quantity.first]) or 0.0
    return 0.0
