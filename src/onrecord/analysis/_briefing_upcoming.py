"""Dated events to come, as reports announce them: "will meet on Thursday", "a verdict is expected".

Any sentence that sets something for a day after its publication counts, whether or not what
is set is an event of the ontology: a verdict, an election, the end of a deadline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from onrecord.analysis.told import Facts
from onrecord.analysis.words import overlap, stems
from onrecord.record import Event, Record, Time

#: What sets something for a day to come.
_SET = re.compile(
    r"\b(?:will|shall|would|(?:is|are|was|were) (?:to|due|set|scheduled|expected|planned|slated)|"
    r"to (?:be|meet|open|sign|begin|start|hold|visit|return|vote|resume)|due|set for|"
    r"scheduled|expected|planned|plans? to|planning to|going to)\b|['’]ll\b",
    re.IGNORECASE,
)
#: Says that a time ends what is there already, or repeats: nothing to come on that day.
_NOT_SET = re.compile(r"\b(?:until|till|since|every|each|through)\s*$", re.IGNORECASE)
#: Puts a matter on a single day without a word of setting: "opens the season on March 8".
_ON = re.compile(r"\b(?:on|from|by|for)\s*$", re.IGNORECASE)
_NEXT = re.compile(r"(?:next|tomorrow|this coming)\b", re.IGNORECASE)
#: "is to be held in Gulu on Thursday": the Thursday to come, whatever a past tense elsewhere
#: made of it.
_FIRM = re.compile(
    r"\b(?:will|shall|(?:is|are) (?:to|due|set|scheduled|expected|planned))\b[^,;:“”\"]*$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
#: The first of two days of one month: "on 19 and 20 February".
_DAYS = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s*(?:and|to|or|–|—|-)\s*$")
#: Longest span of days that still is a date, in days: a month.
LONGEST = 31
#: Two announcements of one day and story are one when this share of their words is common.
SAME = 0.3


class Announced(NamedTuple):
    """Words of one article that set something for a day to come."""

    article: str
    #: From the words that set it to those that name the day.
    start: int
    end: int
    first_day: str
    last_day: str
    #: The event of the record that it tells of, if any.
    event: str | None
    #: Stems of its sentence without the words of the day.
    stems: frozenset[str]


def announced(record: Record, id_: str) -> list[Announced]:
    """Return what an article sets for days after its publication; nothing where that is unknown."""
    published = (record.article.published or "")[:10]
    if not published:
        return []
    facts = Facts(record, id_)
    dated = [
        _to_come(facts, one, published)
        for one in record.times
        if one.type in ("DATE", "TIME") and one.begin and one.finish
    ]
    found = [
        _set_for(facts, one) for one in dated if _begin(one) > published and _width(one) <= LONGEST
    ]
    return [one for one in found if one is not None]


def _to_come(facts: Facts, time: Time, published: str) -> Time:
    """Return a weekday as the next one, where the words before it say that it is to come."""
    text, begin = facts.record.article.text, _begin(time)
    first, _ = facts.sentence(time.start)
    if begin > published or not _WEEKDAY.fullmatch(text[time.start : time.end]):
        return time
    next_ = (date.fromisoformat(begin) + timedelta(days=7)).isoformat()
    if next_ <= published or not _FIRM.search(text[first : time.start]):
        return time
    return replace(time, begin=next_, finish=next_)


def _begin(time: Time) -> str:
    return (time.begin or "")[:10]


def _width(time: Time) -> int:
    first, last = (date.fromisoformat(day[:10]) for day in (time.begin or "", time.finish or ""))
    return (last - first).days + 1


def _set_for(facts: Facts, time: Time) -> Announced | None:
    text = facts.record.article.text
    first, last = facts.sentence(time.start)
    ahead, words = text[first : time.start], text[time.start : time.end]
    if _NOT_SET.search(ahead):
        return None
    markers, behind = list(_SET.finditer(ahead)), _SET.search(text[time.end : last])
    if markers:
        start, end = first + markers[-1].start(), time.end
    elif behind is not None:
        start, end = time.start, time.end + behind.end()
    elif _begin(time) == (time.finish or "")[:10] and _is_single(ahead, words):
        start, end = time.start, time.end
    else:
        return None
    event = _event(facts.record.events, time)
    return Announced(
        facts.id, start, end, _first(ahead, time), (time.finish or "")[:10],
        event.id if event else None, stems(ahead + text[time.end : last]),
    )  # fmt: skip


def _is_single(ahead: str, words: str) -> bool:
    """Whether words name a day to come by themselves: "on March 8", "next Monday"."""
    dated = _ON.search(ahead) and any(char.isdigit() for char in words)
    return bool(dated or _NEXT.match(words))


def _first(ahead: str, time: Time) -> str:
    """Return the first day: of "19 and 20 February" that of the 19th."""
    begin, match = date.fromisoformat(_begin(time)), _DAYS.search(ahead)
    if match and 0 < int(match[1]) < begin.day:
        return begin.replace(day=int(match[1])).isoformat()
    return begin.isoformat()


def _event(events: Sequence[Event], time: Time) -> Event | None:
    return next((one for one in events if one.time == time.id and one.status == "future"), None)


def together(found: Sequence[tuple[str, Announced]]) -> list[list[Announced]]:
    """Group announcements of one thing: of one story and day, in words that are alike.

    ``found``: each with its story, in order of publication.
    """
    groups: list[tuple[str, list[Announced]]] = []
    for story, one in found:
        for known, group in groups:
            other = group[0]
            if (
                story == known
                and one.first_day == other.first_day
                and overlap(one.stems, other.stems) >= SAME
            ):
                group.append(one)
                break
        else:
            groups.append((story, [one]))
    return [group for _, group in groups]
