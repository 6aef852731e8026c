"""From tokens to items: runs of tokens that mean one thing to the time grammar.

Every item has a kind; a kind has one character, so that the items of a text
form a string on which the patterns of ``_when_rules`` are ordinary regular
expressions.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from onrecord.reading._numbers import FIRST_WORDS, HYPHENS, Tokens, cardinal, digits, tokenize
from onrecord.reading._when_lexicon import (
    ABBREVIATIONS,
    ANNO_DOMINI,
    BEFORE_CHRIST,
    CAPITAL_MONTHS,
    HOLIDAY_FIRST,
    HOLIDAYS,
    LEXICON,
    LONGEST_HOLIDAY,
    ZONES,
    Entry,
)

_OTHER_KINDS = (
    "other shortquarter shorthalf dayno number year spelled bc ad zone ampm holiday iso slashed "
    "clock decade poss hyphen comma stop slash break"
).split()
_KINDS = sorted({entry.kind for entry in LEXICON.values()} | set(_OTHER_KINDS))
#: kind → its character.
CODES = {kind: chr(0x100 + number) for number, kind in enumerate(_KINDS)}
OTHER = CODES["other"]

#: Short names of several kinds, for patterns.
GROUPS = {
    "num": ("dayno", "number", "year", "spelled"),
    "anyunit": ("unit", "units", "hour", "hours", "quarter", "quarters"),
    "plural": ("units", "hours", "quarters"),
    "single": ("unit", "hour", "quarter"),
    "calendar": ("unit", "quarter"),
    "approx": ("about", "nearly", "over", "within"),
}


class Item(NamedTuple):
    """One meaningful run of tokens; ``first`` and ``next`` are token indices."""

    kind: str
    value: Any
    first: int
    next: int


class Scan(NamedTuple):
    """A text as items, and their kinds as a string."""

    text: str
    tokens: Tokens
    items: list[Item]
    kinds: str

    def start(self, item: int) -> int:
        """Return the offset at which item number ``item`` begins."""
        return self.tokens.starts[self.items[item].first]

    def end(self, item: int) -> int:
        """Return the offset at which item number ``item`` ends."""
        return self.tokens.ends[self.items[item].next - 1]


_NAME = re.compile(r"<(?:(\w+):)?([\w|]+)>")


def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern over kinds: ``<the>?<m:month>``; ``m`` names the group."""

    def expand(match: re.Match[str]) -> str:
        group, names = match.groups()
        kinds = [kind for name in names.split("|") for kind in GROUPS.get(name, (name,))]
        chars = "".join(CODES[kind] for kind in kinds)
        return f"(?P<{group}>[{chars}])" if group else f"[{chars}]"

    return re.compile(_NAME.sub(expand, source.replace(" ", "")))


def scan(text: str) -> Scan:
    """Read ``text`` as items."""
    tokens = tokenize(text)
    scanner = _Scanner(text, tokens)
    items: list[Item] = []
    i, count = 0, len(tokens.words)
    while i < count:
        item = scanner.item(i)
        items.append(item)
        i = item.next
    return Scan(text, tokens, items, "".join([CODES[item.kind] for item in items]))


_PUNCTUATION = {
    **dict.fromkeys(HYPHENS, "hyphen"),
    **dict.fromkeys(",", "comma"),
    **dict.fromkeys(".!?;:", "stop"),
    "/": "slash",
    "\n": "break",
}


class _Scanner:
    """Folds tokens into items, one position at a time."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text = text
        self.tokens = tokens
        self.words = tokens.words

    def word(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def adjacent(self, i: int) -> bool:
        """Whether token ``i`` follows the one before without white space."""
        return 0 < i < len(self.words) and self.tokens.starts[i] == self.tokens.ends[i - 1]

    def raw(self, i: int) -> str:
        return self.text[self.tokens.starts[i] : self.tokens.ends[i]]

    def item(self, i: int) -> Item:
        word = self.words[i]
        if "0" <= word[0] <= "9":
            return self.numeral(i)
        if word in _PUNCTUATION:
            return Item(_PUNCTUATION[word], word, i, i + 1)
        if word in HOLIDAY_FIRST and (found := self.holiday(i)):
            return found
        if word in FIRST_WORDS and (found := self.spelled(i)):
            return found
        if word in ABBREVIATIONS and (found := self.abbreviation(i)):
            return found
        entry = LEXICON.get(word)
        if entry is not None:
            return self.lexical(i, entry)
        return self.rare(i)

    def lexical(self, i: int, entry: Entry) -> Item:
        word = self.words[i]
        if word in CAPITAL_MONTHS and not self.raw(i)[0].isupper():
            return Item("other", word, i, i + 1)
        if word == "a" and (found := self.half_day(i)):
            return found
        if word == "mid" and self.word(i + 1) in HYPHENS:
            return Item("early", "MID", i, i + 2)
        if entry.kind == "early" and self.word(i + 1) in HYPHENS and self.adjacent(i + 1):
            return Item("early", entry.value, i, i + 2)
        return Item(entry.kind, entry.value, i, i + 1)

    def rare(self, i: int) -> Item:
        """Items of words that are not in the lexicon, or not as such."""
        word = self.words[i]
        if word in "'’‘" and self.adjacent(i) and self.word(i + 1) == "s" and self.adjacent(i + 1):
            return Item("poss", word, i, i + 2)
        if word in {"am", "pm", "p"} and (found := self.half_day(i)):
            return found
        if word == "o" and self.word(i + 1) in {"'", "’"} and self.word(i + 2) == "clock":
            return Item("oclock", word, i, i + 3)
        if word in {"q", "h"} and self.adjacent(i + 1) and len(self.word(i + 1)) == 1:
            return self.short_period(i)
        if word == "b" and self.word(i + 1) == "." and self.word(i + 2) == "c":
            return Item("bc", word, i, i + (4 if self.word(i + 3) == "." else 3))
        if word in {"bc", "bce", "ad", "ce"} or word.upper() in ZONES:
            return self.capitals(i)
        return Item("other", word, i, i + 1)

    def short_period(self, i: int) -> Item:
        """Read "Q3", "H1"."""
        word, number = self.words[i], self.word(i + 1)
        if number not in ("1", "2", "3", "4") or (word == "h" and number > "2"):
            return Item("other", word, i, i + 1)
        return Item("shortquarter" if word == "q" else "shorthalf", int(number), i, i + 2)

    def capitals(self, i: int) -> Item:
        raw = self.raw(i)
        if raw in BEFORE_CHRIST or raw in ANNO_DOMINI:
            return Item("bc" if raw in BEFORE_CHRIST else "ad", raw, i, i + 1)
        if raw in ZONES:
            return Item("zone", ZONES[raw], i, i + 1)
        return Item("other", self.words[i], i, i + 1)

    def half_day(self, i: int) -> Item | None:
        """Read "am", "p.m." after a number."""
        before = self.word(i - 1)
        if not before or not "0" <= before[0] <= "9":
            return None
        word = self.words[i]
        if word in {"am", "pm"}:
            return Item("ampm", word, i, i + 1)
        if self.word(i + 1) != "." or self.word(i + 2) != "m":
            return None
        end = i + 4 if self.word(i + 3) == "." and self.adjacent(i + 3) else i + 3
        return Item("ampm", word + "m", i, end)

    def holiday(self, i: int) -> Item | None:
        if not self.raw(i)[0].isupper():
            return None
        words = self.words
        for length in range(min(LONGEST_HOLIDAY, len(words) - i), 0, -1):
            rule = HOLIDAYS.get(tuple(words[i : i + length]))
            if rule is not None:
                return Item("holiday", rule, i, i + length)
        return None

    def abbreviation(self, i: int) -> Item | None:
        if not self.raw(i)[0].isupper():
            return None
        entry, after = ABBREVIATIONS[self.words[i]], self.word(i + 1)
        if after == "." and self.adjacent(i + 1):
            return Item(entry.kind, entry.value, i, i + 2)
        if after == "," and entry.kind == "weekday":
            after = self.word(i + 2)
        if after and ("0" <= after[0] <= "9" or after in ABBREVIATIONS):
            return Item(entry.kind, entry.value, i, i + 1)
        return None

    def spelled(self, i: int) -> Item | None:
        """Read a number in words, or a year spoken as two numbers."""
        found = cardinal(self.words, i)
        if found is None:
            return self.spelled_ordinal(i)
        if found.value in range(10, 21):
            second = cardinal(self.words, found.next)
            if second is not None and 10 <= second.value <= 99:
                year = int(100 * found.value + second.value)
                return Item("year", year, i, second.next)
        if found.next - i == 1 and (ordinal := self.spelled_ordinal(i)):
            return ordinal
        return Item("spelled", found.value, i, found.next)

    def spelled_ordinal(self, i: int) -> Item | None:
        """Read "twenty-first"."""
        tens = {"twenty": 20, "thirty": 30}.get(self.words[i])
        entry = LEXICON.get(self.word(i + 2))
        if tens is None or self.word(i + 1) not in HYPHENS or entry is None:
            return None
        if entry.kind != "ordinal" or entry.value > 9:
            return None
        return Item("ordinal", tens + entry.value, i, i + 3)

    def numeral(self, i: int) -> Item:
        word = self.words[i]
        if ":" in word and "-" not in word:
            return Item("clock", word, i, i + 1)
        if len(word) > 9 and word[4] == "-":
            return Item("iso", self.raw(i), i, i + 1)
        if word.count("/") == 2 or (word.count(".") == 2):
            return Item("slashed", word, i, i + 1)
        if word[-1] in "tdh":
            number = word[:-2]
            return Item("ordinal", int(number) if len(number) < 4 else 0, i, i + 1)
        return self.decade(i) or self.plain_number(i)

    def decade(self, i: int) -> Item | None:
        """Read "1980s", "1980's", "'80s"."""
        word, j = self.words[i], i + 1
        if not word.endswith("0") or len(word) not in (2, 4) or not word.isdigit():
            return None
        if self.word(j) in {"'", "’"} and self.adjacent(j):
            j += 1
        if self.word(j) != "s" or not self.adjacent(j):
            return None
        return Item("decade", int(word), i, j + 1)

    def plain_number(self, i: int) -> Item:
        word = self.words[i]
        value = digits(word)
        if value is None:
            return Item("other", word, i, i + 1)
        if word.isdigit() and len(word) <= 2 and 1 <= value <= 31:
            return Item("dayno", value, i, i + 1)
        if word.isdigit() and len(word) == 4 and 1000 <= value <= 2199:
            return Item("year", value, i, i + 1)
        return Item("number", value, i, i + 1)
