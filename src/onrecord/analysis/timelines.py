"""Time lines: what happened in a story, between two countries, with an actor, at a place.

Every line is the sentence of a report that tells of one incident, with its publisher and
date; a line counts the reports that are nobody's copy.

>>> with Archive.open("news.db") as archive:
...     for line in timelines.dyad(archive, "ISL", "PRT", since="2026-01-01").lines:
...         print(line.first_day, line.source.publisher, line.text)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.analysis._briefing_lines import (
    PRECISIONS,
    Disputed,
    Line,
    Source,
    incident_line,
)
from onrecord.analysis._briefing_matter import between
from onrecord.analysis._briefing_view import Asked, View, happened, view
from onrecord.analysis.rows import Incident, Party
from onrecord.analysis.words import same_name
from onrecord.archive import moments
from onrecord.errors import InputError
from onrecord.knowledge.countries import fold

if TYPE_CHECKING:
    import pyarrow as pa

    from onrecord.archive import Archive

__all__ = ["PRECISIONS", "Line", "Source", "Timeline", "actor", "dyad", "place", "story"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Incidents in the order in which they happened."""

    #: ``story``, ``dyad``, ``actor`` or ``place``, and what was asked about.
    kind: str
    about: tuple[str, ...]
    #: A story's most central headline; else what was asked about.
    title: str
    since: str | None
    until: str | None
    as_of: str | None
    #: By first day; what has no known day comes last.
    lines: tuple[Line, ...]
    #: Articles that are nobody's copy, and all, in which the lines stand.
    origins: int
    articles: int

    def table(self) -> pa.Table:
        """Return the lines as an Arrow table; SettingError without pyarrow."""
        from onrecord.analysis import _briefing_frames as tables

        return tables.lines(self.lines)


def story(archive: Archive, id: str, *, as_of: str | None = None) -> Timeline:
    """Return the time line of a story (``st-…``).

    ``as_of``: as it was known here at the end of that day or at that moment (ISO).  Raises
    InputError when the archive has, or had, no such story.
    """
    seen = view(archive, Asked(story=id), as_of=as_of)
    if not seen.readings:
        when = f" on {as_of}" if as_of else ""
        raise InputError(f"there is no story {id!r}{when}; list them with  onrecord export stories")
    return _timeline(seen, "story", (id,), lambda row: True, seen.title(id))


def dyad(
    archive: Archive,
    a: str,
    b: str,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
) -> Timeline:
    """Return what two countries (ISO 3166 alpha-3) did to each other, and together.

    Both take part, or one does and the sentence that tells of it names the other.
    ``since``, ``until``: days on which it may have happened (ISO, both included).
    """
    codes = (_code(a), _code(b))
    seen = view(archive, Asked(countries=codes), as_of=as_of)
    seen.load(seen.readings)

    def belongs(row: Incident) -> bool:
        return between(seen, row, *codes)

    return _timeline(seen, "dyad", codes, belongs, f"{a} and {b}", since, until)


def actor(
    archive: Archive,
    name: str,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
) -> Timeline:
    """Return what a country (ISO3), person or organisation did, and what was done to it."""
    asked = Asked(countries=(name,)) if _is_code(name) else Asked(name=_name(name))
    seen = view(archive, asked, as_of=as_of)

    def takes_part(row: Incident) -> bool:
        return any(is_party(party, name) for party in row.actors + row.recipients)

    return _timeline(seen, "actor", (name,), takes_part, name, since, until)


def place(
    archive: Archive,
    name: str,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
) -> Timeline:
    """Return what happened at a place: a name ("Gulu") or a country (ISO3).

    A name is met by the same name alone, without regard to case and accents.
    """
    asked = Asked(countries=(name,)) if _is_code(name) else Asked(place=_name(name))
    seen = view(archive, asked, as_of=as_of)

    def is_there(row: Incident) -> bool:
        if row.place is None:
            return False
        if _is_code(name):
            return row.place.country == name
        return fold(row.place.name or "") == fold(name)

    return _timeline(seen, "place", (name,), is_there, name, since, until)


def is_party(party: Party, who: str) -> bool:
    """Say whether a party is a country (by its code) or bears a name."""
    if _is_code(who):
        return party.country == who
    return party.name is not None and same_name(party.name, who)


def _timeline(
    seen: View,
    kind: str,
    about: tuple[str, ...],
    belongs: Callable[[Incident], bool],
    title: str,
    since: str | None = None,
    until: str | None = None,
) -> Timeline:
    since, until = moments.day(since), moments.day(until)
    rows = [row for row in seen.incidents if belongs(row) and happened(row, since, until)]
    disputes = Disputed(seen.disputes)
    seen.load(_articles(rows) & set(seen.readings))
    lines = tuple(incident_line(seen, row, disputes) for row in sorted(rows, key=order))
    articles = _articles(rows)
    own = {report.article for row in rows for report in row.reports if report.origin}
    return Timeline(kind, about, title, since, until, seen.as_of, lines, len(own), len(articles))


def _articles(rows: Iterable[Incident]) -> set[str]:
    return {mention.article for row in rows for mention in row.mentions}


def order(row: Incident) -> tuple[str, str, str]:
    """Order incidents in time; those whose day is not known come last."""
    return row.first_day or "9999", row.last_day or "9999", row.id


def _is_code(words: str) -> bool:
    return re.fullmatch("[A-Z]{3}", words) is not None


def _code(words: str) -> str:
    if not _is_code(words):
        raise InputError(f"{words!r} is no country's code; write three capital letters, as ISL")
    return words


def _name(words: str) -> str:
    if not words.strip():
        raise InputError("a name is empty; give an actor's or a place's name, or a country's code")
    return words.strip()
