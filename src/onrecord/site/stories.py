"""A story's page: what happened day by day, figures that differ, who said what, disputes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from onrecord.analysis.exports import plain
from onrecord.analysis.news import News
from onrecord.analysis.news import news as news_of
from onrecord.analysis.rows import Dispute, Incident
from onrecord.archive import schema as t
from onrecord.site import front, places, words
from onrecord.site.edition import Edition, StoryView, back
from onrecord.site.evidence import Piece, Quote
from onrecord.site.front import Line

#: Articles of a story whose statements are read.
MOST_ARTICLES = 80
#: Incidents, of all the latest ones, figures, news and articles that a page shows; all are
#: in its data and lists.
MOST_INCIDENTS, MOST_FIGURES, MOST_NEWS, MOST_LISTED = 70, 15, 15, 40
#: Days that count as new where a reader asks for none.
_NEW_DAYS = 7
#: Speakers, and statements of one speaker, that a page lists.
MOST_SPEAKERS, MOST_SAID = 14, 5


class Day(NamedTuple):
    """What happened on a day of the time line."""

    day: str
    lines: tuple[Line, ...]


class Figure(NamedTuple):
    """What reports give as the number of something, the different values side by side."""

    of: str
    incident: Incident
    #: Value in words → the articles that give it, with the place of its words.
    values: tuple[tuple[str, tuple[tuple[Piece, int, int], ...]], ...]


class Said(NamedTuple):
    """One statement."""

    article: str
    statement: str
    speaker: str
    stance: str
    kind: str
    words: str
    day: str
    start: int
    end: int
    piece: Piece


class Speaker(NamedTuple):
    """One who speaks in a story, and what they said."""

    name: str
    said: tuple[Said, ...]
    total: int


class New(NamedTuple):
    """Something that is new, in its sentence."""

    news: News
    quote: Quote
    piece: Piece


class View(NamedTuple):
    """All that a story's page shows."""

    story: StoryView
    brief: tuple[Line, ...]
    days: tuple[Day, ...]
    ahead: tuple[Line, ...]
    figures: tuple[Figure, ...]
    speakers: tuple[Speaker, ...]
    disputes: tuple[Dispute, ...]
    incidents: int
    statements: int
    spots: tuple[places.Located, ...]
    #: The articles that the page lists, the latest first.
    listed: tuple[Piece, ...]
    map: places.Map | None
    #: What is new since a day, with its sentence.
    since: str
    news: tuple[New, ...]


def view(edition: Edition, story: StoryView, since: str = "") -> View:
    """Return a story's page; ``since``: from which day on something counts as new."""
    rows = edition.incidents([story.id])
    lines = front.lines_of(edition.told(rows[-MOST_INCIDENTS:]))
    said = statements(edition, story.originals)
    spots = places.grouped(rows)
    since = since or back(edition.as_of, _NEW_DAYS)
    return View(
        story=story,
        spots=tuple(spots[:30]),
        listed=story.articles[::-1][:MOST_LISTED],
        map=places.beside(spots),
        since=since,
        news=tuple(_news(edition, rows, since)),
        brief=tuple(front.highlights(edition, _best(rows, edition.as_of), 3)),
        days=tuple(_days(lines, edition.as_of)),
        ahead=tuple(line for line in lines if _is_ahead(line, edition.as_of)),
        figures=tuple(figures(edition, rows)[:MOST_FIGURES]),
        speakers=tuple(speakers(said)),
        disputes=tuple(edition.disputes([story.id])),
        incidents=len(rows),
        statements=len(said),
    )


def _news(edition: Edition, rows: Sequence[Incident], since: str) -> list[New]:
    """Return what is new about a story's incidents, the latest first."""
    found = []
    for item in news_of(rows, since):
        piece = edition.pieces([item.article]).get(item.article)
        quote = edition.quote(item.article, item.start, item.end)
        if piece is not None and quote is not None:
            found.append(New(item, quote, piece))
    return found[::-1][:MOST_NEWS]


def _best(rows: Sequence[Incident], as_of: str) -> list[Incident]:
    known = [row for row in rows if row.status != "historical"]
    return sorted(known, key=lambda row: (-front.worth(row, as_of), row.id))


def _is_ahead(line: Line, as_of: str) -> bool:
    row = line.rows[0]
    return row.status in ("future", "threatened") and (row.last_day or "") > as_of


def _days(lines: Iterable[Line], as_of: str) -> list[Day]:
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if not _is_ahead(line, as_of):
            groups[line.rows[0].first_day or ""].append(line)
    return [
        Day(day, tuple(sorted(groups[day], key=lambda one: (-one.origins, one.quote.start))))
        for day in sorted(groups, reverse=True)
    ]


def figures(edition: Edition, rows: Sequence[Incident]) -> list[Figure]:
    """Return the figures of incidents where two or more different values stand."""
    found = []
    for row in rows:
        kinds: dict[str, dict[str, list[tuple[Piece, int, int]]]] = defaultdict(dict)
        for one in row.figures:
            piece = edition.pieces([one.article]).get(one.article)
            if one.of and piece is not None:
                value = words.amount(one.low, one.high, one.unit)
                kinds[one.of].setdefault(value, []).append((piece, one.start, one.end))
        for of, values in kinds.items():
            if len(values) > 1:
                given = tuple((value, tuple(where)) for value, where in values.items())
                found.append(Figure(words.FIGURES.get(of, of), row, given))
    return found


def statements(edition: Edition, articles: Sequence[Piece]) -> list[Said]:
    """Return what is said in articles, the latest first; of very many, the latest ones."""
    latest = sorted(articles, key=lambda one: one.published, reverse=True)[:MOST_ARTICLES]
    pieces = {one.id: one for one in latest}
    ids = sorted(pieces)
    query = (
        sa.select(t.readings.c.key, t.articles.c.id)
        .join(t.versions, t.versions.c.key == t.readings.c.version)
        .join(t.articles, t.articles.c.key == t.versions.c.article)
        .where(t.articles.c.id.in_(ids), t.readings.c.live)
    )
    readings = {row[0]: row[1] for row in edition.connection.execute(query)}
    found = []
    for reading, id_ in readings.items():
        found += _said_in(edition, reading, pieces[id_])
    return sorted(found, key=lambda one: (one.piece.published, -one.start), reverse=True)


def _said_in(edition: Edition, reading: int, piece: Piece) -> list[Said]:
    s, c = t.statements.c, t.contents.c
    low, high = reading << t.ROW_BITS, (reading + 1) << t.ROW_BITS
    runs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in edition.connection.execute(
        sa.select(c.statement_id, c.start, c.end).where(c.key >= low, c.key < high).order_by(c.key)
    ):
        runs[row[0]].append((row[1], row[2]))
    query = sa.select(s.id, s.speaker_name, s.stance, s.kind, s.quote).where(
        s.key >= low, s.key < high
    )
    return [
        Said(
            piece.id, row.id, row.speaker_name or "", row.stance, row.kind,
            words.clean(row.quote or ""), piece.day, runs[row.id][0][0], runs[row.id][-1][1], piece,
        )
        for row in edition.connection.execute(query)
        if runs[row.id]
    ]  # fmt: skip


def speakers(said: Sequence[Said]) -> list[Speaker]:
    """Return who spoke, those with most statements first."""
    groups: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        if one.speaker and one.kind == "statement":
            groups[one.speaker].append(one)
    ranked = sorted(groups, key=lambda name: (-len(groups[name]), name))
    return [
        Speaker(name, tuple(groups[name][:MOST_SAID]), len(groups[name]))
        for name in ranked[:MOST_SPEAKERS]
    ]


# -- data -------------------------------------------------------------------------------


def incident_row(row: Incident) -> dict[str, Any]:
    """Return an incident as a row of a table."""
    return {
        "id": row.id, "first_day": row.first_day, "last_day": row.last_day,
        "day_basis": row.day_basis, "type": row.type, "mode": row.mode, "status": row.status,
        "actors": words.parties(row.actors, 9), "recipients": words.parties(row.recipients, 9),
        "place": row.place.name if row.place else None,
        "country": row.place.country if row.place else None,
        "lat": row.place.lat if row.place else None, "lon": row.place.lon if row.place else None,
        "origins": row.origins, "articles": row.carriers, "score": row.score,
        "confidence": row.confidence, "joined": row.joined, "story": row.story,
        "mentions": [f"{m.article}:{m.start}-{m.end}" for m in row.mentions],
    }  # fmt: skip


def dispute_rows(rows: Iterable[Dispute]) -> list[dict[str, Any]]:
    """Return the sides of disputes as rows of a table."""
    return [
        {
            "dispute": row.id, "kind": row.kind, "about": row.about, "day": side.day,
            "speaker": words.party(side.speaker) if side.speaker else None,
            "stance": side.stance, "words": side.words, "article": side.article,
            "start": side.start, "end": side.end, "incident": row.incident, "story": row.story,
        }
        for row in rows
        for side in row.sides
    ]  # fmt: skip


def article_row(one: Piece) -> dict[str, Any]:
    """Return an article as a row of a table."""
    return one._asdict()


def statement_row(one: Said) -> dict[str, Any]:
    """Return a statement as a row of a table."""
    return {name: cell for name, cell in one._asdict().items() if name != "piece"} | {
        "publisher": one.piece.publisher
    }


def figure_rows(rows: Sequence[Incident]) -> list[dict[str, Any]]:
    """Return all figures of incidents as rows of a table."""
    return [{"incident": row.id, **plain(one)} for row in rows for one in row.figures]


PANELS: Mapping[str, Callable[[Edition, StoryView], list[dict[str, Any]]]] = {
    "incidents": lambda now, story: [incident_row(row) for row in now.incidents([story.id])],
    "disputes": lambda now, story: dispute_rows(now.disputes([story.id])),
    "articles": lambda now, story: [article_row(one) for one in story.articles],
    "statements": lambda now, story: [
        statement_row(one) for one in statements(now, story.originals)
    ],
    "figures": lambda now, story: figure_rows(now.incidents([story.id])),
}
