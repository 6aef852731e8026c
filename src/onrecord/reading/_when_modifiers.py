"""Words beside an expression that belong to it: "late", "the end of", "at least", "or so"."""

from __future__ import annotations

from typing import NamedTuple

from onrecord.reading._when_found import Found
from onrecord.reading._when_scan import Item, Scan

_APPROXIMATE = {
    "about": "APPROX",
    "around": "APPROX",
    "roughly": "APPROX",
    "approximately": "APPROX",
    "circa": "APPROX",
    "ca": "APPROX",
    "nearly": "LESS_THAN",
    "almost": "LESS_THAN",
    "under": "LESS_THAN",
    "over": "MORE_THAN",
}
#: Kinds of first item that "about" and the like may stand before.
_COUNTED = frozenset("number dayno spelled article vague year month".split())
#: Kinds before which "over" is "more than", not a preposition ("over the next two years").
_OVER = frozenset("number dayno spelled article".split())


class Reach(NamedTuple):
    """Items ``first`` to ``next`` and the TIMEX3 modifier they carry."""

    first: int
    next: int
    mod: str | None


def widen(scan: Scan, first: int, next_: int, found: Found, floor: int) -> Reach:
    """Take in the modifiers to the left (not beyond item ``floor``) and to the right."""
    left = _Left(scan, floor)
    mod = found.mod
    first += found.lead
    if found.type != "DURATION":
        first, mod = left.edges(first, mod)
    if mod is None and not found.lead:
        counted = found.type == "DURATION" or left.kind(first) in _COUNTED
        if counted and not (left.word(first - 1) == "over" and not left.is_over(first, next_)):
            first, mod = left.bounds(first)
    return _with_tail(scan.items, Reach(first, next_, mod))


def _with_tail(items: list[Item], reach: Reach) -> Reach:
    """Read "or so" and "or more"."""
    end = reach.next
    if end + 1 >= len(items) or items[end].kind != "or":
        return reach
    if items[end + 1].kind == "so":
        return Reach(reach.first, end + 2, reach.mod or "APPROX")
    if items[end + 1].kind == "more":
        return Reach(reach.first, end + 2, reach.mod or "EQUAL_OR_MORE")
    return reach


class _Left:
    """The items to the left of an expression, down to the end of the one before."""

    def __init__(self, scan: Scan, floor: int) -> None:
        self.scan = scan
        self.floor = floor

    def kind(self, i: int) -> str:
        return self.scan.items[i].kind if self.floor <= i < len(self.scan.items) else ""

    def value(self, i: int) -> str:
        return str(self.scan.items[i].value)

    def word(self, i: int) -> str:
        if not self.floor <= i < len(self.scan.items):
            return ""
        return self.scan.tokens.words[self.scan.items[i].first]

    def with_the(self, i: int) -> int:
        return i - 1 if self.kind(i - 1) == "the" else i

    def edges(self, first: int, mod: str | None) -> tuple[int, str | None]:
        """Read "late", "mid-", "later", "early in (the)", "(the) end of (the)"."""
        beside = first - 1
        if self.kind(beside) == "early":
            item = self.scan.items[beside]
            hyphened = item.next - item.first == 2  # "the late-November trip"
            return (beside if hyphened else self.with_the(beside)), self.value(beside)
        if self.kind(beside) == "hyphen" and self.kind(beside - 1) == "early":
            return self.with_the(beside - 1), self.value(beside - 1)
        if self.kind(beside) == "later":
            return beside, mod
        if self.kind(beside) == "earlier" and self.kind(first) == "deictic":
            return beside, mod
        frame = beside - 1 if self.kind(beside) == "the" else beside
        if self.kind(frame) in {"in", "on"} and self.kind(frame - 1) in {
            "early",
            "earlier",
            "later",
        }:
            early = self.kind(frame - 1) == "early"
            return frame - 1, self.value(frame - 1) if early else mod
        if self.kind(frame) == "of" and self.kind(frame - 1) == "edge":
            return self.with_the(frame - 1), self.value(frame - 1)
        return first, mod

    def is_over(self, first: int, next_: int) -> bool:
        after = self.scan.items[next_].kind if next_ < len(self.scan.items) else ""
        return self.kind(first) in _OVER and "period" not in {after, self.kind(next_ - 1)}

    def bounds(self, first: int) -> tuple[int, str | None]:
        """Read "about", "more than", "at least", "up to", "no more than"."""
        last, before = self.word(first - 1), self.word(first - 2)
        if last in _APPROXIMATE:
            return first - 1, _APPROXIMATE[last]
        if last == "than" and before in {"more", "less", "fewer"}:
            more = before == "more"
            if self.word(first - 3) == "no":
                return first - 3, "EQUAL_OR_LESS" if more else "EQUAL_OR_MORE"
            return first - 2, "MORE_THAN" if more else "LESS_THAN"
        if last == "least" and before == "at":
            return first - 2, "EQUAL_OR_MORE"
        if last == "to" and before == "up":
            return first - 2, "EQUAL_OR_LESS"
        return first, None
