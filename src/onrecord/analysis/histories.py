"""What a person has said over time, verbatim, and where it may contradict what was said before.

A contradiction is a candidate: two statements on one matter of which one denies what the
other asserts, or that give figures which exclude each other, or of which one backs and the
other opposes.  A person decides; both sentences stand beside each other for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onrecord.analysis._briefing_lines import Source, source
from onrecord.analysis._briefing_said import Candidate, Speech, candidates, speech
from onrecord.analysis._briefing_view import Asked, View, view
from onrecord.analysis.told import Facts
from onrecord.analysis.words import overlap, same_name, stems
from onrecord.archive import moments
from onrecord.errors import InputError
from onrecord.record import Statement

if TYPE_CHECKING:
    import pyarrow as pa

    from onrecord.archive import Archive

__all__ = ["Candidate", "History", "Saying", "person"]

#: A statement repeats an earlier one when this share of its words stood there
#: (``news.REPEATED``).
REPEATED = 0.75


@dataclass(frozen=True, slots=True)
class Saying:
    """One statement of a person, as one article gives it."""

    #: Place in ``History.sayings``, from 0.
    number: int
    #: Day of publication (ISO), and the day it was said where the text tells.
    day: str | None
    said_day: str | None
    #: state, claim, confirm, deny, …; ``negated``: the cue itself is ("did not say").
    stance: str
    negated: bool
    #: Words of the cue, and what was said, as they stand (runs joined by " … ").
    cue: str
    words: str
    #: Name and role the article gives the speaker.
    speaker: str
    role: str | None
    addressee: str | None
    medium: str | None
    place: str | None
    source: Source
    story: str
    #: Id of the statement in its record.
    statement: str
    #: Number of the earlier saying it repeats.
    repeats: int | None = None
    #: Earlier sayings it may contradict, with the reason.
    contradicts: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A person's statements in the order of publication, copies left out."""

    person: str
    about: str | None
    since: str | None
    until: str | None
    as_of: str | None
    sayings: tuple[Saying, ...]

    def table(self) -> pa.Table:
        """Return the statements as an Arrow table; SettingError without pyarrow."""
        from onrecord.analysis import _briefing_frames as tables

        return tables.sayings(self.sayings)


def person(
    archive: Archive,
    name: str,
    *,
    about: str | None = None,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
) -> History:
    """Return what a person or organisation said, oldest first.

    ``about``: words of which at least one must stand in the statement or its sentence, by
    their stems.  ``since``, ``until``: days of publication (ISO).  InputError for an empty name.
    """
    if not name.strip():
        raise InputError("the name is empty; give a person's name as the reports have it")
    since = moments.day(since)
    seen = view(archive, Asked(name=name), as_of=as_of, until=until)
    wanted = stems(about or "")
    found = []
    for id_ in seen.articles():
        day = seen.days.get(id_)
        if since is None or (day or "") >= since:
            found += [
                pair
                for pair in _of_article(seen, id_, name)
                if not wanted or wanted & stems(pair[0].words + " " + pair[0].source.sentence)
            ]
    sayings = _linked(found)
    return History(name, about, since, seen.until, as_of, tuple(sayings))


def _of_article(seen: View, id_: str, name: str) -> Iterator[tuple[Saying, Speech]]:
    facts = Facts(seen.record(id_), id_)
    for row in facts.record.statements:
        speaker = facts.speaker(row)
        if speaker is None or not row.content or not same_name(speaker.name or "", name):
            continue
        yield _saying(seen, facts, row), speech(facts, row)


def _saying(seen: View, facts: Facts, row: Statement) -> Saying:
    record, words = facts.record, facts.record.words
    entity = facts.entities.get(row.speaker.entity or "") if row.speaker else None
    spot = facts.spot(row.place)
    time = facts.times.get(row.time or "")
    return Saying(
        number=0,
        day=seen.days.get(facts.id),
        said_day=time.begin if time and time.begin == time.finish else None,
        stance=row.stance,
        negated=row.negated,
        cue=words(row.cue) if row.cue else "",
        words=" … ".join(map(words, row.content)),
        speaker=(entity.name if entity else None) or "",
        role=entity.role if entity else None,
        addressee=words(row.addressee) if row.addressee else None,
        medium=words(row.medium) if row.medium else None,
        place=spot.name if spot else None,
        source=source(seen, facts.id, row.content[0].start, row.content[-1].end),
        story=seen.story_of.get(facts.id, record.article.id or ""),
        statement=row.id,
    )


def _linked(found: Sequence[tuple[Saying, Speech]]) -> list[Saying]:
    """Number sayings, and note what each repeats or may contradict of what was said before."""
    sayings: list[Saying] = []
    before: list[Speech] = []
    for number, (saying, spoken) in enumerate(found):
        repeats = next(
            (
                at
                for at in reversed(range(number))
                if overlap(spoken.stems, before[at].stems) >= REPEATED
                and min(len(spoken.stems), len(before[at].stems)) >= 3
            ),
            None,
        )
        against = candidates(spoken, before)
        sayings.append(
            replace(saying, number=number, repeats=None if against else repeats,
                    contradicts=tuple(against))
        )  # fmt: skip
        before.append(spoken)
    return sayings
