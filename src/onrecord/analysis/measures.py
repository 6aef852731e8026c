"""Figures that contradict each other: of one incident, or set against each other in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from onrecord import record as r
from onrecord.analysis.rows import Amount, Incident, Party
from onrecord.analysis.told import Facts

#: Kinds of figure that an incident has one of.
_ONE = frozenset({"dead", "injured", "arrested", "displaced", "crowd"})
#: How far apart in one text figures set against each other stand at most, in characters.
REACH = 260
#: One is at most so many times the other: else they measure different things.
RATIO = 5.0

#: Says that the figure after it is somebody's own: "police put the crowd at 7,000".
_PUT = re.compile(
    r"(?P<who>[^,;.:]*?)\s*\b(?:puts?|putting|estimate[ds]?|counted|counts|reckoned|gave|"
    r"gives|speaks? of|spoke of|talked of|insist(?:ed|s) on|stuck to|sticks to|corrected)\b"
    r"[^;.]{0,40}$",
    re.IGNORECASE,
)
#: The same without its verb: "…, the ministry at 6 million", "…, the police 7,000".
_SHORT = re.compile(
    r"\b(?:puts?|putting|estimate[ds]?|counted|counts|reckoned|spoke|speaks?)\b.*"
    r"[,;]\s*(?:and |but |while )?(?P<who>[^,;.]{3,60}?)(?:\s+(?:at|of))?\s+$",
    re.IGNORECASE | re.DOTALL,
)
#: What follows a figure that leaves its thing unsaid: "more than 20 had been taken away".
_BARE = re.compile(r"^\s*(?:[.,;:”\"]|$|(?:had|have|has|were|was|are|is|did|took|died|instead)\b)")


class Measure(NamedTuple):
    """A figure with whose word it is."""

    article: str
    day: str
    start: int
    end: int
    of: str | None
    low: float | None
    high: float | None
    unit: str | None
    speaker: Party | None
    statement: str | None
    words: str
    sentence: str
    incident: str | None
    #: 2: set against another in so many words; 1: leaves its thing unsaid; 0: neither.
    rival: int


def conflicts(
    records: Mapping[str, r.Record], incidents: Sequence[Incident]
) -> list[list[Measure]]:
    """Return groups of figures that cannot all be true, each in order of time."""
    incident_of = {
        (row.article, row.start): incident.id for incident in incidents for row in incident.figures
    }
    groups: dict[Measure, list[Measure]] = {}
    everything: list[Measure] = []
    for id_, record in sorted(records.items()):
        measures = list(_measures(Facts(record, id_), incident_of))
        everything += measures
        for one, other in _opposed(measures):
            _unite(groups, one, other)
    for one, other in _of_incidents(everything):
        _unite(groups, one, other)
    for one, other in combinations(sorted(groups, key=_order), 2):
        if one.article != other.article and _repeats(one, other):
            _unite(groups, one, other)
    distinct = {id(group): group for group in groups.values()}
    ordered = [sorted(group, key=_order) for group in distinct.values()]
    return sorted(ordered, key=lambda group: _order(group[0]))


def _repeats(one: Measure, other: Measure) -> bool:
    """Whether two articles give the same figure of the same thing, one too large for chance."""
    people = one.of == other.of and one.of in _ONE
    return (
        _middle(one) >= (3 if people else 100)
        and (one.low, one.high) == (other.low, other.high)
        and _comparable(one, other)
    )


def _order(one: Measure) -> tuple[str, str, int]:
    return one.day, one.article, one.start


def _unite(groups: dict[Measure, list[Measure]], one: Measure, other: Measure) -> None:
    mine, theirs = groups.setdefault(one, [one]), groups.setdefault(other, [other])
    if mine is not theirs:
        mine += theirs
        for member in theirs:
            groups[member] = mine


def _measures(facts: Facts, incident_of: Mapping[tuple[str, int], str]) -> Iterator[Measure]:
    record, text = facts.record, facts.record.article.text
    day = (record.article.published or "")[:10]
    for row in record.figures:
        start, end = facts.sentence(row.start)
        if (row.low or 0) < 20 and _PART.match(text[row.end : end]):
            continue
        statement = _statement(record, row.start)
        first, last = _clause(statement, row, text[start:end], start)
        ahead, behind = text[start : row.start], text[row.end : end]
        put = _SHORT.search(ahead) or _PUT.search(ahead)
        speaker = facts.speaker(statement)
        if put:
            speaker = _who(facts, start + put.start("who"), put["who"]) or speaker
        yield Measure(
            facts.id, day, first, last, row.of, row.low, row.high, row.unit, speaker,
            statement.id if statement else None, text[first:last], text[start:end],
            incident_of.get((facts.id, row.start)),
            2 if put else 1 if _BARE.match(behind) else 0,
        )  # fmt: skip


#: Stands for whoever was named right before it.
_RELATIVE = re.compile(r"(?:^|.*[,;])\s*(?P<who>[^,;]+?),?\s*$", re.DOTALL)
_PRONOUN = re.compile(r"^(?:which|who|that|it|they|he|she|we|and)?$", re.IGNORECASE)


def _who(facts: Facts, start: int, words: str) -> Party | None:
    """Return whose figure it is, by the words before "put it at": as the record knows them."""
    text = facts.record.article.text
    bare = words.strip()
    if _PRONOUN.match(bare):
        first, _ = facts.sentence(start)
        before = _RELATIVE.match(text[first:start]) if bare in ("which", "who") else None
        if before is None:
            return None
        start, bare = first + before.start("who"), before["who"].strip()
    start, end = text.index(bare, start), text.index(bare, start) + len(bare)
    for entity in facts.record.entities:
        for row in entity.mentions:
            if start <= row.start and row.end <= end and row.kind != "pronoun":
                return Party(entity.name, bare, entity.country, entity.sector)
    return Party(None, bare, None, None)


#: Says that a figure is a part of another: "two of them", "three more".
_PART = re.compile(r"^\s*(?:of (?:the|them|those|these|his|her|its|their)|more|others?)\b")


def _clause(
    statement: r.Statement | None, row: r.Figure, sentence: str, start: int
) -> tuple[int, int]:
    """Return the words that give a figure: of a statement its run, else the clause around it."""
    for span in statement.content if statement else ():
        if span.start <= row.start < span.end:
            return span.start, span.end
    ahead = sentence[: row.start - start]
    cut = max(ahead.rfind(mark) + len(mark) for mark in (", ", "; ", ": ", ". ", "– "))
    first = cut if cut >= 2 else 0
    after = re.search(r"[,;:.](?=\s|$)|\s[–—]", sentence[row.end - start :])
    return start + first, row.end + after.start() if after else start + len(sentence)


def _statement(record: r.Record, start: int) -> r.Statement | None:
    """Return the statement in whose words an offset stands, the shortest."""
    over = [row for row in record.statements if any(s.start <= start < s.end for s in row.content)]
    return min(over, key=lambda row: sum(s.end - s.start for s in row.content), default=None)


def _opposed(measures: Sequence[Measure]) -> Iterator[tuple[Measure, Measure]]:
    """Yield figures that one text sets against each other: each rival with the last that fits."""
    ordered = sorted(measures, key=lambda one: one.start)
    for at, one in enumerate(ordered):
        if not one.rival:
            continue
        fitting = [
            other
            for other in ordered[:at]
            if one.start - other.end <= REACH
            and (other.speaker or (one.rival == 2 and other.of in _ONE))
            and (one.rival == 2 or one.speaker)
            and _rivals(one, other)
        ]
        if fitting:
            yield max(fitting, key=lambda other: (_nearness(one, other), other.start)), one


def _nearness(one: Measure, other: Measure) -> float:
    """Return the smaller figure's share of the larger one: what measures one thing is near."""
    low, high = sorted((_middle(one), _middle(other)))
    return low / high if high else 0.0


def _rivals(one: Measure, other: Measure) -> bool:
    return (
        _comparable(one, other)
        and disjoint(one, other)
        and not _same_word(one.speaker, other.speaker)
        and not _one_side(one, other)
    )


def _one_side(one: Measure, other: Measure) -> bool:
    """Whether two speakers for one government give amounts: of two things, it does not dispute."""
    mine, theirs = one.speaker, other.speaker
    if mine is None or theirs is None or one.of in _ONE or other.of in _ONE:
        return False
    return mine.sector == theirs.sector == "GOV" and mine.country == theirs.country is not None


def _same_word(one: Party | None, other: Party | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.name or one.words).casefold() == (other.name or other.words).casefold()


def _comparable(one: Measure, other: Measure) -> bool:
    """Whether two figures may measure one thing."""
    if one.unit and other.unit and one.unit != other.unit:
        return False
    known = {one.of, other.of} - {None, "count", "amount"}
    if len(known) > 1 or {one.of, other.of} >= {"share", "count"}:
        return False
    return 1 / RATIO <= _middle(one) / _middle(other) <= RATIO if _middle(other) else False


def _middle(one: Measure | Amount) -> float:
    known = [value for value in (one.low, one.high) if value is not None]
    return sum(known) / len(known) if known else 0.0


def disjoint(one: Measure | Amount, other: Measure | Amount) -> bool:
    """Say whether two figures exclude each other: "at least 10" allows 14, not 8."""
    highest = [row.high if row.high is not None else float("inf") for row in (one, other)]
    lowest = [row.low if row.low is not None else float("-inf") for row in (one, other)]
    return lowest[0] > highest[1] or lowest[1] > highest[0]


def _of_incidents(measures: Iterable[Measure]) -> Iterator[tuple[Measure, Measure]]:
    """Yield figures of one kind and incident that exclude each other."""
    groups: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    for one in measures:
        if one.incident and one.of in _ONE:
            groups[one.incident, one.of].append(one)
    for group in groups.values():
        if not _only_grew(group):
            for one, other in combinations(group, 2):
                if disjoint(one, other) and _elsewhere(one, other):
                    yield one, other


def _elsewhere(one: Measure, other: Measure) -> bool:
    return one.article != other.article or not _same_word(one.speaker, other.speaker)


def _only_grew(group: Sequence[Measure]) -> bool:
    """Whether each day's figures are one and no less than the day's before: news, no dispute."""
    days: dict[str, list[Measure]] = defaultdict(list)
    for one in group:
        days[one.day].append(one)
    if any(disjoint(*pair) for day in days.values() for pair in combinations(day, 2)):
        return False
    highest = [max(map(_middle, days[day])) for day in sorted(days)]
    return highest == sorted(highest)
