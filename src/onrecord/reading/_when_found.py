"""What the rules of the time grammar get and give: a hit of a pattern, a finding."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from onrecord.reading._when_context import Context
from onrecord.reading._when_scan import Item, pattern


class Found(NamedTuple):
    """A type and value for a hit; ``begin`` and ``finish`` override the value's own days."""

    type: str
    value: str
    mod: str | None = None
    begin: str | None = None
    finish: str | None = None
    #: The expression itself names the year.
    named_year: bool = False
    #: The value may serve as the point from which "the next day" counts.
    anchors: bool = True
    #: Leading items of the hit that do not belong to the expression ("the third-quarter results").
    lead: int = 0


class Hit:
    """One match of a rule's pattern in a text."""

    __slots__ = ("context", "match")

    def __init__(self, match: re.Match[str], context: Context) -> None:
        self.match = match
        self.context = context

    def item(self, group: str) -> Item | None:
        """Return the item that ``group`` matched, if it did."""
        if not self.has(group):
            return None
        return self.context.scan.items[self.match.start(group)]

    def get(self, group: str) -> Any:
        """Return the value of the item that ``group`` matched, or None."""
        found = self.item(group)
        return None if found is None else found.value

    def has(self, group: str) -> bool:
        """Whether the pattern has ``group`` and it matched."""
        return group in self.match.re.groupindex and self.match.start(group) >= 0

    @property
    def first(self) -> int:
        """Number of the first item."""
        return self.match.start()

    @property
    def next(self) -> int:
        """Number of the item after the last one."""
        return self.match.end()

    def word(self, item: int) -> str:
        """Return the lower-case first word of an item; "" outside the text."""
        scan = self.context.scan
        if not 0 <= item < len(scan.items):
            return ""
        return scan.tokens.words[scan.items[item].first]

    @property
    def before(self) -> str:
        """The word before the hit."""
        return self.word(self.first - 1)

    @property
    def after(self) -> str:
        """The word after the hit."""
        return self.word(self.next)

    def capital(self, item: int) -> bool:
        """Whether an item begins with a capital letter."""
        scan = self.context.scan
        return 0 <= item < len(scan.items) and scan.text[scan.start(item)].isupper()


Maker = Callable[[Hit], Found | None]


class Rule(NamedTuple):
    """A pattern over kinds and the function that gives its hits a value (or turns them down)."""

    name: str
    pattern: re.Pattern[str]
    make: Maker


def rule(name: str, source: str, make: Maker) -> Rule:
    """Make a rule from the source of its pattern."""
    return Rule(name, pattern(source), make)
