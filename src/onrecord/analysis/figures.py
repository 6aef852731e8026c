"""Figures over time: a toll, a crowd, a loss, as it was reported, correction by correction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.analysis._briefing_lines import Source, kind, source, who
from onrecord.analysis._briefing_view import Asked, View, view
from onrecord.analysis.measures import disjoint
from onrecord.analysis.news import amount
from onrecord.analysis.rows import Amount, Incident
from onrecord.analysis.told import Facts
from onrecord.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from onrecord.archive import Archive

__all__ = ["Point", "Series", "of_incident", "over_time"]

#: Kinds of figure that are followed where they belong to no incident (a flood's toll).
TOLLS = ("dead", "injured", "arrested", "displaced")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure in one article."""

    #: Day of publication (ISO).
    day: str | None
    low: float | None
    high: float | None
    #: As people write it: "12", "10 to 14", "at least 10".
    shown: str
    #: Who gives it; None where the reporter does.
    speaker: str | None
    #: ``first``, ``same``, ``up``, ``down``, or ``rival``: on one day, excluded by another.
    change: str
    source: Source


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one kind for one incident, or for none, in the order of publication."""

    story: str
    #: None: the figures belong to no incident, and may count different things.
    incident: str | None
    #: dead, injured, arrested, displaced, crowd, amount, share, count.
    of: str
    unit: str | None
    #: What the incident is: type, and who acts on whom; of none, the story's title.
    title: str
    points: tuple[Point, ...]
    #: Articles that are nobody's copy among the points; copies are no points.
    origins: int

    @property
    def disputed(self) -> bool:
        """Whether two figures of one day exclude each other."""
        return any(point.change == "rival" for point in self.points)

    def table(self) -> pa.Table:
        """Return the figures as an Arrow table; SettingError without pyarrow."""
        from onrecord.analysis import _briefing_frames as tables

        return tables.points([self])


def over_time(
    archive: Archive, incident_or_story: str, *, as_of: str | None = None
) -> tuple[Series, ...]:
    """Return the figures of an incident (``i…``) or of all in a story (``st-…``).

    Copies are left out: they repeat.  ``as_of``: as in ``timelines.story``.  Raises
    InputError when there is no such incident or story.
    """
    seen = view(archive, Asked(story=_story_of(archive, incident_or_story)), as_of=as_of)
    rows = [row for row in seen.incidents if incident_or_story in (row.id, row.story)]
    if not rows and not (seen.readings and incident_or_story in seen.story_of.values()):
        raise InputError(
            f"there is no incident or story {incident_or_story!r}; list them with  "
            "onrecord export incidents"
        )
    found = [one for row in rows for one in of_incident(seen, row)]
    if incident_or_story in seen.story_of.values():
        found += _loose(seen, incident_or_story)
    return tuple(found)


def _story_of(archive: Archive, id_: str) -> str:
    """Return the story of an incident's id; a story's as it is."""
    from onrecord.analysis import derived as d

    table = d.incidents.c
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return id_
        import sqlalchemy as sa

        return connection.scalar(sa.select(table.story).where(table.id == id_)) or id_


def of_incident(seen: View, row: Incident) -> list[Series]:
    """Return an incident's figures, one series a kind and unit."""
    amounts = [one for one in row.figures if one.of and one.article not in seen.origin_of]
    what = kind(f"{row.type}/{row.mode}" if row.mode else row.type)
    return _series(seen, amounts, row.story, row.id, f"{what}: {who(row)}".strip(": "))


def others(
    seen: View, articles: Sequence[str], of: Sequence[str], taken: Iterable[Series]
) -> list[Series]:
    """Return figures of articles that are in no series: one series a value, kind and story."""
    known = {(point.source.article, point.source.start) for one in taken for point in one.points}
    groups: dict[tuple[str, *tuple[object, ...]], list[Amount]] = defaultdict(list)
    for id_ in articles:
        facts = Facts(seen.record(id_), id_)
        for figure in facts.record.figures:
            one = facts.amount(figure.id)
            if one is not None and one.of in of and (id_, one.start) not in known:
                groups[seen.story_of[id_], one.of, one.unit, one.low, one.high].append(one)
    found = []
    for key, same in groups.items():
        story = key[0]
        found += _series(seen, same, story, None, seen.title(story))
    return found


def _loose(seen: View, story: str) -> list[Series]:
    """Return tolls that no incident of the story has."""
    taken = {
        (one.article, one.start)
        for row in seen.incidents
        if row.story == story
        for one in row.figures
    }
    amounts = []
    for id_ in seen.articles(story):
        facts = Facts(seen.record(id_), id_)
        for figure in facts.record.figures:
            one = facts.amount(figure.id)
            if one is not None and one.of in TOLLS and (id_, one.start) not in taken:
                amounts.append(one)
    return _series(seen, amounts, story, None, seen.title(story))


def _series(
    seen: View, amounts: Iterable[Amount], story: str, incident: str | None, title: str
) -> list[Series]:
    groups: dict[tuple[str, str], list[Amount]] = defaultdict(list)
    for one in amounts:
        if one.article in seen.readings:
            groups[one.of or "", one.unit or ""].append(one)
    found = []
    for (of, unit), group in sorted(groups.items()):
        ordered = sorted(
            group, key=lambda one: (seen.days.get(one.article, "9999"), one.article, one.start)
        )
        points = tuple(_point(seen, one, ordered[:at]) for at, one in enumerate(ordered))
        origins = len({one.article for one in ordered})
        found.append(Series(story, incident, of, unit or None, title, points, origins))
    return found


def _point(seen: View, one: Amount, before: Sequence[Amount]) -> Point:
    facts = Facts(seen.record(one.article), one.article)
    over = [
        row
        for row in facts.record.statements
        if any(span.start <= one.start < span.end for span in row.content)
    ]
    speaker = facts.speaker(over[-1]) if over else None
    return Point(
        day=seen.days.get(one.article),
        low=one.low,
        high=one.high,
        shown=amount(one),
        speaker=(speaker.name or speaker.words) if speaker else None,
        change=_change(seen, one, before),
        source=source(seen, one.article, one.start, one.end),
    )


def _change(seen: View, one: Amount, before: Sequence[Amount]) -> str:
    if not before:
        return "first"
    day = seen.days.get(one.article)
    if any(seen.days.get(other.article) == day and disjoint(one, other) for other in before):
        return "rival"
    last = before[-1]
    if (one.low, one.high) == (last.low, last.high):
        return "same"
    return "up" if _middle(one) >= _middle(last) else "down"


def _middle(one: Amount) -> float:
    known = [value for value in (one.low, one.high) if value is not None]
    return sum(known) / len(known) if known else 0.0
