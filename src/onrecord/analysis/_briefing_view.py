"""What an archive holds on a matter, now or as it was known on a day.

Now, incidents and disputes are those that ``joining.join`` keeps.  For ``as_of`` (what was
known here at the end of a day) and ``until`` (what was published by a day) they are worked
out anew from the articles that were there: what came later changes nothing of the answer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis import disputes as dispute_rules
from onrecord.analysis import incidents as incident_rules
from onrecord.analysis.happenings import revived
from onrecord.analysis.rows import Dispute, Incident
from onrecord.analysis.told import Facts, told
from onrecord.archive import flat, moments, reading_back
from onrecord.archive import schema as t
from onrecord.archive.selecting import joined
from onrecord.archive.writing import own
from onrecord.record import Article, ReaderInfo, Record, Span

if TYPE_CHECKING:
    from onrecord.archive import Archive


class Asked(NamedTuple):
    """What is asked about: articles that name one of these; everything where all are empty."""

    countries: tuple[str, ...] = ()
    name: str | None = None
    story: str | None = None
    #: Name of a place.
    place: str | None = None


class Page(NamedTuple):
    """An article as a source of lines."""

    id: str
    publisher: str | None
    published: str | None
    title: str | None
    url: str | None
    #: Its text and sentences alone.
    facts: Facts


class View:
    """Incidents, disputes and articles of the stories that are asked about."""

    def __init__(self, archive: Archive, as_of: str | None, until: str | None) -> None:
        self._archive = archive
        self.as_of = as_of
        self.until = until
        #: Reading of each article that counts, by article id.
        self.readings: dict[str, int] = {}
        self.story_of: dict[str, str] = {}
        #: For a copy, the article it copies; both were known.
        self.origin_of: dict[str, str] = {}
        #: Day of publication, where it is known.
        self.days: dict[str, str] = {}
        #: Headline of each article, title of each story.
        self.titles: dict[str, str] = {}
        self.story_titles: dict[str, str] = {}
        self.incidents: list[Incident] = []
        self.disputes: list[Dispute] = []
        self._pages: dict[str, Page] = {}
        self._records: dict[str, Record] = {}

    def articles(self, story: str | None = None, *, copies: bool = False) -> list[str]:
        """Return ids of articles in order of publication; of one story, or of all."""
        found = [
            id_
            for id_ in self.readings
            if story in (None, self.story_of.get(id_)) and (copies or id_ not in self.origin_of)
        ]
        return sorted(found, key=lambda id_: (self.days.get(id_, ""), id_))

    def title(self, story: str) -> str:
        """Return a story's title: its most central headline, where its article is known here."""
        headlines = [self.titles[id_] for id_ in self.articles(story, copies=True)]
        central = self.story_titles.get(story)
        return central if central in headlines else next(iter(headlines), story)

    def record(self, id_: str) -> Record:
        """Return the record of an article as it counts in this view."""
        if id_ not in self._records:
            self.load_records([id_])
        return self._records[id_]

    def load_records(self, ids: Iterable[str]) -> None:
        """Fetch records that are wanted, many at a time."""
        keys = sorted(self.readings[id_] for id_ in set(ids) if id_ not in self._records)
        if keys:
            with d.reading(self._archive) as connection:
                self._records.update(_records(connection, keys))

    def page(self, id_: str) -> Page:
        """Return an article's text and sentences with what is known of it."""
        if id_ not in self._pages:
            self.load([id_])
        return self._pages[id_]

    def load(self, ids: Iterable[str]) -> None:
        """Fetch pages that are wanted, many at a time."""
        keys = {self.readings[id_]: id_ for id_ in ids if id_ not in self._pages}
        with d.reading(self._archive) as connection:
            for part in d.parts(sorted(keys)):
                for row in connection.execute(_page_query(part)).mappings():
                    page = _page(row)
                    self._pages[page.id] = page


def view(
    archive: Archive,
    asked: Asked = Asked(),  # noqa: B008
    *,
    as_of: str | None = None,
    since: str | None = None,
    until: str | None = None,
    ahead: bool = False,
) -> View:
    """Return what is known of the stories that tell of what is asked about.

    ``as_of``: known here at the end of that day or at that moment; ``until``: published by
    that day.  ``since``: stories with nothing published from that day on are left out, but
    for those that, with ``ahead``, name a day to come.  InputError for what is no ISO date.
    """
    moment = None if as_of is None else moments.end_of(as_of)
    found = View(archive, as_of, moments.day(until))
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return found
        stories = _stories(connection, asked, moment, moments.day(since), found.until, ahead)
        later = _articles(connection, found, stories, moment)
        _origins(connection, found)
        stored = [story for story in stories if moment is None and story not in later]
        _kept(connection, found, stored)
        for story in stories:
            if story not in set(stored):
                _worked_out(connection, found, story)
    found.incidents.sort(key=lambda row: (row.first_day or "", row.story, row.id))
    found.disputes.sort(key=lambda row: (row.story, row.id))
    return found


def window(
    archive: Archive,
    since: str | None,
    until: str | None,
    keep: Callable[[Incident], bool],
    *,
    story: str | None = None,
    as_of: str | None = None,
) -> View:
    """Return a view with the incidents that may have happened on some days (ISO) and are kept.

    Of a large archive only these, their disputes and the articles that tell of them are fetched.
    """
    if as_of is not None:
        seen = view(archive, Asked(story=story), as_of=as_of)
        seen.incidents = [row for row in seen.incidents if happened(row, since, until)]
        seen.incidents = [row for row in seen.incidents if keep(row)]
        return seen
    found = View(archive, None, None)
    with d.reading(archive) as connection:
        if d.is_there(connection):
            rows = _between(connection, since, until, story)
            found.incidents = [row for row in rows if keep(row)]
            _told_of(connection, found)
    return found


def happened(row: Incident, since: str | None, until: str | None) -> bool:
    """Whether an incident may have happened on days asked for; one without a day only if none."""
    return _on(row.first_day, row.last_day, since, until)


def _on(first: str | None, last: str | None, since: str | None, until: str | None) -> bool:
    if since is None and until is None:
        return True
    if first is None or last is None:
        return False
    return (since is None or last >= since) and (until is None or first <= until)


_FIRST, _LAST = (Incident._fields.index(name) for name in ("first_day", "last_day"))


def _between(
    connection: sa.Connection, since: str | None, until: str | None, story: str | None
) -> Iterator[Incident]:
    i = d.incidents.c
    query = sa.select(i.row).order_by(i.first_day, i.story, i.id)
    if until is not None:
        query = query.where(i.first_day <= until)
    if story is not None:
        query = query.where(i.story == story)
    found = connection.execute(query, execution_options={"yield_per": 2_000})
    for text in found.scalars():
        cells = json.loads(text)
        # Most rows of a long archive end here: a row is made only of what is asked for.
        if _on(cells[_FIRST], cells[_LAST], since, until):
            yield revived(Incident, cells)


def _told_of(connection: sa.Connection, found: View) -> None:
    """Note the articles that tell of a view's incidents, and the disputes of their stories."""
    a, q = d.articles.c, d.disputes.c
    stories = sorted({row.story for row in found.incidents})
    wanted = sorted({one.article for row in found.incidents for one in row.mentions})
    for part in d.parts(wanted):
        query = sa.select(a.id, a.story, a.title, a.reading, a.day).where(a.id.in_(part))
        for row in connection.execute(query):
            found.readings[row.id] = row.reading
            found.story_of[row.id] = row.story
            found.titles[row.id] = row.title
            if row.day:
                found.days[row.id] = row.day
    _origins(connection, found)
    for part in d.parts(stories):
        texts = connection.scalars(sa.select(q.row).where(q.story.in_(part)))
        found.disputes.extend(revived(Dispute, json.loads(text)) for text in texts)


# -- which stories ----------------------------------------------------------------------


#: Announcements older than so many days are not looked for in stories that have gone quiet.
AHEAD_DAYS = 180


def _stories(
    connection: sa.Connection,
    asked: Asked,
    moment: str | None,
    since: str | None,
    until: str | None,
    ahead: bool,
) -> list[str]:
    a = d.articles.c
    query = sa.select(a.story).where(a.story.is_not(None)).distinct()
    if asked.story is not None:
        found = set(connection.scalars(query.where(a.story == asked.story)))
    elif since is not None:
        recent = query.where(sa.or_(a.day >= since, a.day.is_(None)))
        found = set(connection.scalars(recent))
        if ahead:
            found |= _looking_ahead(connection, until)
    else:
        found = set(connection.scalars(query))
    if asked.countries or asked.name or asked.place:
        found &= _naming(connection, asked, moment)
    return sorted(found)


def _looking_ahead(connection: sa.Connection, until: str | None) -> set[str]:
    """Return stories with a recent article that names a day after ``until``, or after the last."""
    a, time = d.articles.c, t.times.c
    last = until or connection.scalar(sa.select(sa.func.max(a.day)))
    if last is None:
        return set()
    early = (date.fromisoformat(last) - timedelta(days=AHEAD_DAYS)).isoformat()
    first = a.reading * (1 << t.ROW_BITS)
    rows = time.key.between(first, first + ((1 << t.ROW_BITS) - 1))
    query = (
        sa.select(a.story)
        .join(t.times, rows)
        .where(a.day.between(early, last), time.begin > last)
        .distinct()
    )
    return {story for story in connection.scalars(query) if story}


def _naming(connection: sa.Connection, asked: Asked, moment: str | None) -> set[str]:
    """Return stories with an article that names every country, or the name, that is asked for."""
    sets: list[set[str]] = []
    for code in asked.countries:
        tables = ("entities", "participants", "places")
        sets.append(_with(connection, moment, {name: _is_code(name, code) for name in tables}))
    if asked.name is not None:
        wanted = {name: _is_named(name, asked.name) for name in ("entities", "participants")}
        sets.append(_with(connection, moment, wanted))
    if asked.place is not None:
        word = f"%{asked.place}%"
        sets.append(_with(connection, moment, {"places": t.places.c.name.ilike(word)}))
    return set.intersection(*sets)


def _is_code(table: str, code: str) -> sa.ColumnElement[bool]:
    column: sa.ColumnElement[Any] = t.metadata.tables[table].c.country
    return column == code


def _is_named(table: str, name: str) -> sa.ColumnElement[bool]:
    column: sa.ColumnElement[Any] = t.metadata.tables[table].c.name_key
    key = flat.words_key(name) or name
    last = key.split()[-1]
    return sa.or_(column == key, column.like(f"{key} %"), column == last, column.like(f"% {last}"))


def _with(
    connection: sa.Connection, moment: str | None, wanted: Mapping[str, sa.ColumnElement[bool]]
) -> set[str]:
    found: set[str] = set()
    for table, condition in wanted.items():
        query = (
            sa.select(d.articles.c.story)
            .select_from(joined(table).join(d.articles, d.articles.c.article == t.articles.c.key))
            .where(condition, reading_back.counts(moment))
            .distinct()
        )
        found.update(story for story in connection.scalars(query) if story)
    return found


# -- which articles ---------------------------------------------------------------------


def _articles(
    connection: sa.Connection, found: View, stories: Sequence[str], moment: str | None
) -> set[str]:
    """Note the articles of the stories that count; return stories that lost one to ``until``."""
    a, r, v = d.articles.c, t.readings.c, t.versions.c
    s = d.stories.c
    later: set[str] = set()
    for part in d.parts(stories):
        query = (
            sa.select(a.id, a.story, a.title, r.key, r.published_day)
            .select_from(d.articles)
            .join(t.versions, v.article == a.article)
            .join(t.readings, r.version == v.key)
            .where(a.story.in_(part), reading_back.counts(moment))
            .order_by(r.key)
        )
        for row in connection.execute(query):
            if found.until and (row.published_day or "") > found.until:
                later.add(row.story)
                continue
            found.readings[row.id] = row.key
            found.story_of[row.id] = row.story
            found.titles[row.id] = row.title
            if row.published_day:
                found.days[row.id] = row.published_day
        titles = connection.execute(sa.select(s.id, s.title).where(s.id.in_(part)))
        found.story_titles.update((row.id, row.title) for row in titles)
    return later


def _origins(connection: sa.Connection, found: View) -> None:
    """Note who copied whom; where the origin was not known yet, the first to carry it stands."""
    origin, carrier = d.articles.alias(), d.articles.alias()
    query = (
        sa.select(carrier.c.id, origin.c.id)
        .select_from(d.copies)
        .join(carrier, carrier.c.article == d.copies.c.carrier)
        .join(origin, origin.c.article == d.copies.c.origin)
    )
    groups: dict[str, list[str]] = defaultdict(list)
    for part in d.parts(sorted(set(found.story_of.values()))):
        for copy, source in connection.execute(query.where(carrier.c.story.in_(part))):
            if copy in found.readings:
                groups[source].append(copy)
    for source, copies in groups.items():
        first = source
        if source not in found.readings:
            first = min(copies, key=lambda id_: (found.days.get(id_, "9999"), id_))
        found.origin_of.update({id_: first for id_ in copies if id_ != first})


# -- incidents and disputes -------------------------------------------------------------


def _kept(connection: sa.Connection, found: View, stories: Sequence[str]) -> None:
    i, q = d.incidents.c, d.disputes.c
    for part in d.parts(stories):
        texts = connection.scalars(sa.select(i.row).where(i.story.in_(part)))
        found.incidents.extend(revived(Incident, json.loads(text)) for text in texts)
        texts = connection.scalars(sa.select(q.row).where(q.story.in_(part)))
        found.disputes.extend(revived(Dispute, json.loads(text)) for text in texts)


def _worked_out(connection: sa.Connection, found: View, story: str) -> None:
    ids = found.articles(story, copies=True)
    missing = sorted(found.readings[id_] for id_ in ids if id_ not in found._records)
    found._records.update(_records(connection, missing))
    records = {id_: found._records[id_] for id_ in ids}
    events = [
        one
        for id_, record in records.items()
        for one in told(record, id_, found.origin_of.get(id_, id_))
    ]
    happened = incident_rules.of_story(events, story)
    own = {id_: record for id_, record in records.items() if id_ not in found.origin_of}
    found.incidents += happened
    found.disputes += dispute_rules.of_story(own or records, story, happened)


# -- records and pages ------------------------------------------------------------------


#: Records fetched with one query a table.
_BLOCK = 40


def _records(connection: sa.Connection, readings: Sequence[int]) -> dict[str, Record]:
    """Return the records of readings by article id: one query a table for many readings."""
    found: dict[str, Record] = {}
    for at in range(0, len(readings), _BLOCK):
        part = readings[at : at + _BLOCK]
        rows = {table.name: _rows(connection, table, part) for table in t.ROWS}
        query = (
            sa.select(t.readings, t.versions.c.article)
            .join(t.versions, t.versions.c.key == t.readings.c.version)
            .where(t.readings.c.key.in_(part))
        )
        for reading in connection.execute(query).mappings().all():
            article = reading_back.article_of(connection, reading)
            mine = {name: table.get(reading["key"], []) for name, table in rows.items()}
            found[article.id or ""] = flat.record(_cells(reading), article, mine)
    return found


def _rows(
    connection: sa.Connection, table: sa.Table, readings: Sequence[int]
) -> dict[int, list[flat.Row]]:
    ranges = sa.or_(*(own(table, reading) for reading in readings))
    found: dict[int, list[flat.Row]] = defaultdict(list)
    for row in connection.execute(sa.select(table).where(ranges).order_by(table.c.key)).mappings():
        found[row["reading"]].append(_cells(row))
    return found


def _cells(row: sa.RowMapping) -> flat.Row:
    return {str(name): cell for name, cell in row.items()}


def _page_query(readings: Sequence[int]) -> sa.Select[Any]:
    v, r = t.versions.c, t.readings.c
    return (
        sa.select(
            t.articles.c.id, v.publisher, r.published, v.title, v.url, v.canonical_url, v.text,
            r.sentences,
        )
        .select_from(t.readings)
        .join(t.versions, v.key == r.version)
        .join(t.articles, t.articles.c.key == v.article)
        .where(r.key.in_(readings))
    )  # fmt: skip


def _page(row: sa.RowMapping) -> Page:
    sentences: tuple[Span, ...] = flat.parsed("sentences", row["sentences"])
    article = Article(text=row["text"], id=row["id"])
    record = Record(ReaderInfo("", "", ""), article, sentences=sentences)
    url = row["canonical_url"] or row["url"]
    return Page(
        row["id"], row["publisher"], row["published"], row["title"], url, Facts(record, row["id"])
    )
