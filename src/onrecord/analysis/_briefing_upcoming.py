"""Dated events to come, as reports announce them: "will meet on Thursday", "a verdict is expected".

Any sentence that sets something for a day after its publication counts, whether or not what
is set is an event of the ontology: a verdict, an election, the end of a deadline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
#: Says that a time bounds or repeats, or that the matter is past or only thought.
_NOT_SET = re.compile(r"\b(?:since|every|each)\s*$", re.IGNORECASE)
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
    stems: frozenset[str]


def announced(record: Record, id_: str) -> list[Announced]:
    """Return what an article sets for days after its publication; nothing where that is unknown."""
    published = (record.article.published or "")[:10]
    if not published:
        return []
    facts = Facts(record, id_)
    found = []
    for time in record.times:
        if time.type in ("DATE", "TIME") and time.begin and time.begin[:10] > published:
            found += list(_set_for(facts, time))
    return found


def _set_for(facts: Facts, time: Time) -> Iterator[Announced]:
    text = facts.record.article.text
    first, last = facts.sentence(time.start)
    ahead = text[first : time.start]
    markers = list(_SET.finditer(ahead))
    behind = None if markers else _SET.search(text[time.end : last])
    if (not markers and behind is None) or _NOT_SET.search(ahead):
        return
    event = _event(facts.record.events, time)
    if markers:
        start, end = first + markers[-1].start(), time.end
    else:
        assert behind is not None
        start, end = time.start, time.end + behind.end()
    begin = (time.begin or "")[:10]
    yield Announced(
        facts.id, start, end, begin, (time.finish or begin)[:10],
        event.id if event else None, stems(text[first:last]),
    )  # fmt: skip


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
