"""A briefing: what happened, is claimed, is disputed, is new, in numbers, and is to come.

Extractive: every line is a sentence of a report, with publisher, date, article and offsets;
what stands beside it (types, names, days, figures) is in the record of that report.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from onrecord.analysis import _briefing_upcoming as upcoming
from onrecord.analysis import derived as d
from onrecord.analysis._briefing_lines import (
    Disputed,
    Line,
    Source,
    incident_line,
    source,
)
from onrecord.analysis._briefing_matter import Matter, asked
from onrecord.analysis._briefing_view import view
from onrecord.analysis.figures import Series, of_incident, others
from onrecord.analysis.news import About, News, new_statements, news
from onrecord.analysis.rows import Dispute, Incident, Side
from onrecord.analysis.told import Facts
from onrecord.archive import moments
from onrecord.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from onrecord.archive import Archive

__all__ = ["SECTIONS", "Briefing", "Count", "Line", "Quarrel", "Series", "Source", "latest", "make"]

#: Names of the sections, in order.
SECTIONS = ("happened", "claimed", "disputed", "new", "numbers", "upcoming")

_CLAIMED = ("claimed", "denied")
#: Kinds of figure that are told where no incident has them; what is only counted is not.
FIGURES = ("dead", "injured", "arrested", "displaced", "crowd", "amount", "share")


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A dispute with its sides as lines."""

    id: str
    #: denial, blame, figures or silence.
    kind: str
    #: Words at issue, as they stand, or the kind of figure.
    about: str
    story: str
    incident: str | None
    sides: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A number of incidents, with the incidents it counts."""

    #: "incidents", or a PLOVER type.
    name: str
    value: int
    incidents: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is to be known of a matter and a span of days; every line has its sentence."""

    #: What was asked about, as it was given; None for everything.
    about: str | None
    #: Days of publication (ISO, both included), and what was known when.
    since: str | None
    until: str | None
    as_of: str | None
    #: Incidents that took place, by day.
    happened: tuple[Line, ...]
    #: What is known on somebody's word alone: incidents, then statements that claim or accuse
    #: and stand neither above nor in a dispute.
    claimed: tuple[Line, ...]
    disputed: tuple[Quarrel, ...]
    #: First told in these days: incidents, changed figures and statuses, statements.
    new: tuple[Line, ...]
    #: Incidents that happened, counted; then figures as they were reported: of incidents, and
    #: (``incident`` is None) others of these articles, one series a value.
    counts: tuple[Count, ...]
    numbers: tuple[Series, ...]
    #: Dated events to come, by day.
    upcoming: tuple[Line, ...]
    #: Id and title of each story that a line stands in.
    stories: tuple[tuple[str, str], ...]
    #: Articles published in these days that were looked at; of them nobody's copy; publishers.
    articles: int
    origins: int
    publishers: tuple[str, ...]
    #: Articles without a publication date: they cannot be placed and were left out.
    undated: int

    def table(self) -> pa.Table:
        """Return every line as an Arrow table, in the order of the sections."""
        from onrecord.analysis import _briefing_frames as tables

        sides = (side for quarrel in self.disputed for side in quarrel.sides)
        return tables.lines((*self.happened, *self.claimed, *sides, *self.new, *self.upcoming))


def make(
    archive: Archive,
    about: str | None = None,
    since: str | None = None,
    until: str | None = None,
    *,
    as_of: str | None = None,
) -> Briefing:
    """Return the briefing on what was published between two days (ISO, both included).

    ``about``: two countries with a comma (``ISL,PRT``: what passes between them), one
    (``ISL``), a name, or a story's id; None for everything.  What was published after
    ``until`` is not known to the briefing, nor what became known here after ``as_of``.
    InputError for what is no date, no story, or more than two countries.
    """
    since = moments.day(since)
    matter = _about(archive, about)
    seen = view(archive, asked(matter), as_of=as_of, since=since, until=until, ahead=True)
    seen.load(seen.readings)
    seen.load_records(seen.articles())
    return _Making(Matter(seen, matter), since).briefing(about)


def latest(archive: Archive) -> str | None:
    """Return the last day of publication of any article; None for an archive without one."""
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return None
        found: str | None = connection.scalar(sa.select(sa.func.max(d.articles.c.day)))
        return found


def _about(archive: Archive, words: str | None) -> About:
    """Return what words ask about; InputError for an unknown story and more than two countries."""
    from onrecord.analysis.joining import stories

    if words is not None and re.fullmatch(r"[A-Z]{3}(,[A-Z]{3}){2,}", words):
        raise InputError(
            f"{words!r} names more than two countries; ask about two, one, a name or a story"
        )
    if words is None or not words.startswith("st-"):
        return About.parse(words)
    about = About.parse(words, [one.id for one in stories(archive)])
    if about.story is None:
        raise InputError(f"there is no story {words!r}; list them with  onrecord export stories")
    return about


class _Making:
    """A briefing in the making."""

    def __init__(self, matter: Matter, since: str | None) -> None:
        self.matter = matter
        self.seen = seen = matter.seen
        self.since = since
        self.disputes = Disputed(seen.disputes)
        self.rows = {row.id: row for row in seen.incidents if matter.has(row)}
        self.ids = [id_ for id_ in seen.articles() if self._in_time(seen.days.get(id_))]

    def _in_time(self, day: str | None) -> bool:
        return day is not None and (self.since is None or day >= self.since)

    def briefing(self, about: str | None) -> Briefing:
        told = [row for row in self.rows.values() if self._fresh(row)]
        lines = {row.id: incident_line(self.seen, row, self.disputes, self.since) for row in told}
        happened = _by_day(lines[row.id] for row in told if row.status == "actual")
        claims = _by_day(lines[row.id] for row in told if row.status in _CLAIMED)
        said = self._statements()
        quarrels = tuple(self._quarrels())
        elsewhere = {place(line) for line in happened}
        elsewhere |= {place(side) for quarrel in quarrels for side in quarrel.sides}
        claims += [
            line
            for line in said
            if line.what in ("claim", "accuse") and place(line) not in elsewhere
        ]
        coming = self._upcoming()
        new = self._news(lines) + said
        shown = [*happened, *claims, *new, *coming, *(one for q in quarrels for one in q.sides)]
        stories = sorted({line.story for line in shown})
        every = [id_ for id_ in self.seen.readings if self._in_time(self.seen.days.get(id_))]
        return Briefing(
            about=about,
            since=self.since,
            until=self.seen.until,
            as_of=self.seen.as_of,
            happened=tuple(happened),
            claimed=tuple(claims),
            disputed=quarrels,
            new=tuple(sorted(new, key=lambda line: (line.source.day or "", line.story))),
            counts=tuple(_counts(happened)),
            numbers=tuple(self._numbers(told)),
            upcoming=tuple(coming),
            stories=tuple((id_, self.seen.title(id_)) for id_ in stories),
            articles=len(every),
            origins=len(self.ids),
            publishers=tuple(
                sorted({name for id_ in every if (name := self.seen.page(id_).publisher)})
            ),
            undated=sum(id_ not in self.seen.days for id_ in self.seen.readings),
        )

    # -- incidents --------------------------------------------------------------------

    def _fresh(self, row: Incident) -> bool:
        """Whether an incident was reported in these days, and happened or was first told then."""
        days = [one.published_day for one in row.reports if one.origin and one.published_day]
        if not any(map(self._in_time, days)):
            return False
        return self._in_time(min(days)) or (row.last_day or "") >= (self.since or "")

    def _news(self, lines: dict[str, Line]) -> list[Line]:
        found = []
        for item in news(list(self.rows.values()), self.since or ""):
            row = self.rows[item.incident or ""]
            if item.kind == "incident" and row.id in lines:
                found.append(lines[row.id])
            elif item.kind != "incident":
                found.append(self._changed(item, row))
        return found

    def _changed(self, item: News, row: Incident) -> Line:
        from dataclasses import replace

        told = source(self.seen, item.article, item.start, item.end)
        line = incident_line(self.seen, row, self.disputes, self.since)
        return replace(
            line, kind=item.kind, source=told, sources=(told,), new=True, before=item.before,
            now=item.now,
        )  # fmt: skip

    def _numbers(self, told: Sequence[Incident]) -> list[Series]:
        found: list[Series] = []
        for row in sorted(told, key=lambda row: (row.story, row.first_day or "", row.id)):
            found += of_incident(self.seen, row)
        on_it = [id_ for id_ in self.ids if self._names_it(id_)]
        return found + others(self.seen, on_it, FIGURES, found)

    def _names_it(self, id_: str) -> bool:
        record = self.seen.record(id_)
        if self.matter.about.countries:
            return self.matter.leads(record)
        return self.matter.has_sentence(record, 0, len(record.article.text))

    # -- statements -------------------------------------------------------------------

    def _statements(self) -> list[Line]:
        records = {id_: self.seen.record(id_) for id_ in self.seen.articles()}
        items = new_statements(records, self.seen.story_of, self.seen.origin_of, self.since or "")
        return [line for item in items if (line := self._said(item)) is not None]

    def _said(self, item: News) -> Line | None:
        facts = Facts(self.seen.record(item.article), item.article)
        row = next(
            (
                one
                for one in facts.record.statements
                if one.content and one.content[0].start == item.start
            ),
            None,
        )
        if row is None or item.article not in self.ids:
            return None
        if not self.matter.has_statement(facts, row, item.story):
            return None
        speaker = facts.speaker(row)
        told = source(self.seen, item.article, row.content[0].start, row.content[-1].end)
        name = (speaker.name or speaker.words) if speaker else ""
        return Line(
            kind="statement", first_day=item.day, last_day=item.day, precision="published",
            who=name, what=row.stance, status=None, on_word_of=name or None, source=told,
            sources=(told,), story=item.story, incident=None, origins=1, articles=1, new=True,
            confidence=row.confidence,
        )  # fmt: skip

    # -- disputes ---------------------------------------------------------------------

    def _quarrels(self) -> Iterator[Quarrel]:
        for row in self.seen.disputes:
            if any(self._in_time(side.day) for side in row.sides) and (
                self.matter.has_dispute(row, self.rows.__contains__)
            ):
                sides = tuple(self._side(row, side) for side in row.sides)
                yield Quarrel(row.id, row.kind, row.about, row.story, row.incident, sides)

    def _side(self, row: Dispute, side: Side) -> Line:
        told = source(self.seen, side.article, side.start, side.end)
        name = (side.speaker.name or side.speaker.words) if side.speaker else ""
        return Line(
            kind="side", first_day=side.day, last_day=side.day, precision="published", who=name,
            what=side.stance or "", status=None, on_word_of=name or None, source=told,
            sources=(told,), story=row.story, incident=row.incident, origins=1, articles=1,
            disputes=(row.id,),
        )  # fmt: skip

    # -- what is to come --------------------------------------------------------------

    def _upcoming(self) -> list[Line]:
        """Return what was set, by the last of these days, for a day after it."""
        last = self.seen.until or max(map(self.seen.days.__getitem__, self.ids), default="")
        found = [
            (self.seen.story_of[id_], one)
            for id_ in self.seen.articles()
            for one in upcoming.announced(self.seen.record(id_), id_)
            if one.last_day > last
        ]
        incident_of = {
            (mention.article, mention.event): row
            for row in self.seen.incidents
            for mention in row.mentions
        }
        lines = []
        for group in upcoming.together(found):
            line = self._coming(group, incident_of)
            if line is not None:
                lines.append(line)
        return _by_day(lines)

    def _coming(
        self,
        group: Sequence[upcoming.Announced],
        incident_of: dict[tuple[str, str], Incident],
    ) -> Line | None:
        one = group[0]
        start, end = self.seen.page(one.article).facts.sentence(one.start)
        if not self.matter.has_sentence(self.seen.record(one.article), start, end):
            return None
        sources = tuple(source(self.seen, each.article, each.start, each.end) for each in group)
        row = next(
            (found for each in group
             if (found := incident_of.get((each.article, each.event or "")))), None
        )  # fmt: skip
        base = incident_line(self.seen, row, self.disputes, self.since) if row else None
        return Line(
            kind="upcoming", first_day=one.first_day, last_day=one.last_day,
            precision="day" if one.first_day == one.last_day else "days",
            who=base.who if base else "", what=base.what if base else "", status="future",
            on_word_of=None, source=sources[0], sources=sources,
            story=self.seen.story_of[one.article], incident=row.id if row else None,
            origins=len({each.article for each in group}), articles=len(sources),
            new=self._in_time(self.seen.days.get(one.article)),
            place=base.place if base else None,
        )  # fmt: skip


def place(line: Line) -> tuple[str, int]:
    """Return which sentence of which article a line shows."""
    return line.source.article, line.source.sentence_start


def _by_day(lines: Iterator[Line] | Sequence[Line]) -> list[Line]:
    return sorted(
        lines, key=lambda line: (line.first_day or "9999", line.last_day or "9999", line.story)
    )


def _counts(happened: Sequence[Line]) -> Iterator[Count]:
    """Yield how many incidents happened, and of each type, the most first."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in happened:
        groups[line.what.split("/")[0]].append(line)
    if happened:
        yield _count("incidents", happened)
    for name in sorted(groups, key=lambda name: (-len(groups[name]), name)):
        yield _count(name, groups[name])


def _count(name: str, lines: Sequence[Line]) -> Count:
    return Count(
        name, len(lines), tuple(line.incident or "" for line in lines),
        tuple(line.source for line in lines),
    )  # fmt: skip
