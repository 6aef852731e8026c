"""Lists over the whole archive: incidents, disputes, articles, outlets, feeds."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from onrecord import ontology
from onrecord.analysis import derived as d
from onrecord.analysis.happenings import revived
from onrecord.analysis.rows import Dispute, Incident
from onrecord.archive import schema as t
from onrecord.errors import InputError
from onrecord.site import words
from onrecord.site.edition import Edition, moved
from onrecord.site.evidence import Piece

#: Rows on one page of a list.
PAGE = 40
#: Incidents that a list looks at, newest first, before it gives up on a rare filter.
LOOKED_AT = 20_000
#: Stories whose disputes are listed, the latest ones.
_STORIES = 400
_BLOCK = 500


class Asked(NamedTuple):
    """Filters of a list of incidents; empty ones let everything through."""

    type: str = ""
    status: str = ""
    country: str = ""
    name: str = ""
    story: str = ""
    since: str = ""
    until: str = ""

    def lets(self, row: Incident) -> bool:
        """Say whether an incident is asked for."""
        return (
            (not self.type or row.type == self.type)
            and (not self.status or row.status == self.status)
            and (not self.country or self.country in countries_of(row))
            and (not self.name or self.name in names_of(row))
        )


def countries_of(row: Incident) -> set[str]:
    """Return the countries that take part in an incident or where it happens."""
    parties = {one.country for one in row.actors + row.recipients if one.country}
    return parties | ({row.place.country} if row.place and row.place.country else set())


def names_of(row: Incident) -> set[str]:
    """Return the names of those who take part."""
    return {one.name for one in row.actors + row.recipients if one.name}


class Page(NamedTuple):
    """A page of a list."""

    rows: tuple[Any, ...]
    #: Offset of the next page; None on the last.
    next: int | None
    #: Whether the search ended before everything was looked at.
    is_cut: bool


def incidents(edition: Edition, asked: Asked, offset: int = 0, most: int = PAGE) -> Page:
    """Return incidents that filters let through, the latest first."""
    if asked.type and asked.type not in ontology.types():
        raise InputError(f"{asked.type[:40]!r} is no type of event")
    found: list[Incident] = []
    passed = looked = 0
    for row in _latest(edition, asked):
        looked += 1
        known = edition.known(row)
        if known is not None and asked.lets(known):
            passed += 1
            if passed > offset:
                found.append(known)
        if len(found) > most or looked >= LOOKED_AT:
            break
    more = len(found) > most
    return Page(tuple(found[:most]), offset + most if more else None, looked >= LOOKED_AT)


def _latest(edition: Edition, asked: Asked) -> Iterator[Incident]:
    """Yield incidents by their first day, the latest first."""
    if not edition.is_joined:
        return
    if asked.story:
        told = edition.incidents([asked.story])
        since, until = asked.since or "", asked.until or "9"
        yield from (row for row in reversed(told) if since <= (row.first_day or "") <= until)
        return
    i = d.incidents.c
    query = sa.select(i.row)
    if asked.until:
        query = query.where(i.first_day <= asked.until)
    if asked.since:
        query = query.where(i.first_day >= asked.since)
    query = query.order_by(i.first_day.desc().nulls_last(), i.story, i.id).execution_options(
        yield_per=_BLOCK
    )
    for text in edition.connection.scalars(query):
        yield revived(Incident, json.loads(text))


def ahead(edition: Edition, most: int = 12) -> list[Incident]:
    """Return what is announced for days after the edition's, the next first."""
    if not edition.is_joined:
        return []
    i = d.incidents.c
    query = sa.select(i.row).where(i.first_day > edition.as_of).order_by(i.first_day, i.id)
    found = (
        edition.known(revived(Incident, json.loads(text)))
        for text in edition.connection.scalars(query.limit(10 * most))
    )
    return [row for row in found if row is not None and _is_announced(row)][:most]


def _is_announced(row: Incident) -> bool:
    return row.day_basis == "event" and row.status in ("future", "threatened", "hypothetical")


def disputes(edition: Edition, kind: str = "", offset: int = 0, most: int = PAGE) -> Page:
    """Return disputes of the latest stories, those that moved last first."""
    if not edition.is_joined:
        return Page((), None, False)
    s = d.stories.c
    latest = (
        sa.select(s.id)
        .where(sa.or_(s.first_day <= edition.as_of, s.first_day.is_(None)))
        .order_by(s.last_day.desc().nulls_last())
    )
    stories = list(edition.connection.scalars(latest.limit(_STORIES)))
    rows = [row for row in edition.disputes(stories) if not kind or row.kind == kind]
    rows.sort(key=lambda row: (moved(row), row.id), reverse=True)
    more = offset + most if len(rows) > offset + most else None
    return Page(tuple(rows[offset : offset + most]), more, len(stories) == _STORIES)


def articles(
    edition: Edition, publisher: str = "", copies: str = "", offset: int = 0, most: int = PAGE,
    story: str = "",
) -> Page:  # fmt: skip
    """Return articles, the latest first; ``copies``: ``no`` or ``only``."""
    if not edition.is_joined:
        return Page((), None, False)
    r, v, carrier = t.readings.c, t.versions.c, d.copies.c.carrier
    joined = t.readings.join(t.versions, v.key == r.version)
    query = sa.select(t.articles.c.id).where(r.live)
    if edition.is_past:
        query = query.where(r.published_day <= edition.as_of)
    if publisher:
        query = query.where(v.publisher == publisher)
    if story:
        joined = joined.join(d.articles, d.articles.c.article == v.article)
        query = query.where(d.articles.c.story == story)
    if copies:
        joined = joined.outerjoin(d.copies, carrier == v.article)
        query = query.where(carrier.is_(None) if copies == "no" else carrier.is_not(None))
    query = query.select_from(joined.join(t.articles, t.articles.c.key == v.article))
    query = (
        query.order_by(r.published_day.desc().nulls_last(), r.key.desc())
        .limit(most + 1)
        .offset(offset)
    )
    ids = list(edition.connection.scalars(query))
    pieces = edition.pieces(ids[:most])
    rows = tuple(pieces[one] for one in ids[:most] if one in pieces)
    return Page(rows, offset + most if len(ids) > most else None, False)


class Outlet(NamedTuple):
    """One outlet, and what came from it."""

    name: str
    articles: int
    copies: int
    first_day: str
    last_day: str


def outlets(edition: Edition) -> list[Outlet]:
    """Return outlets, those with most articles first."""
    if not edition.is_joined:
        return []
    a, count = d.articles.c, sa.func.count
    query = (
        sa.select(
            a.publisher, count(), count(d.copies.c.carrier), sa.func.min(a.day), sa.func.max(a.day)
        )
        .select_from(d.articles.outerjoin(d.copies, d.copies.c.carrier == a.article))
        .group_by(a.publisher)
        .order_by(count().desc(), a.publisher)
    )
    if edition.is_past:
        query = query.where(a.day <= edition.as_of)
    return [
        Outlet(row[0] or "unnamed outlet", row[1], row[2], row[3] or "", row[4] or "")
        for row in edition.connection.execute(query.limit(500))
    ]


class Feed(NamedTuple):
    """A place that articles come from: a feed, a folder, a file."""

    name: str
    #: Outcome → how many articles.
    outcomes: Mapping[str, int]
    last: str
    #: Faults in a row, and the last fault's words; nothing known for what is no feed.
    failures: int
    fault: str
    due: str


def feeds(edition: Edition, most: int = 200) -> list[Feed]:
    """Return where articles came from, and how that went."""
    s, f = t.sources.c, t.fetches.c
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    last: dict[str, str] = {}
    query = (
        sa.select(s.source, f.outcome, sa.func.count(), sa.func.max(f.at))
        .join(t.fetches, f.source == s.key)
        .group_by(s.source, f.outcome)
    )
    for source, outcome, number, at in edition.connection.execute(query):
        counted[source][outcome] += number
        last[source] = max(last.get(source, ""), at)
    states = {
        row.url: json.loads(row.state) for row in edition.connection.execute(sa.select(t.feeds))
    }
    names = sorted({*counted, *states}, key=lambda name: (last.get(name, ""), name), reverse=True)
    return [
        Feed(
            name, dict(counted[name]), last.get(name, ""),
            int(states.get(name, {}).get("failures") or 0),
            str(states.get(name, {}).get("fault") or ""),
            str(states.get(name, {}).get("due") or ""),
        )
        for name in names[:most]
    ]  # fmt: skip


class ReadBy(NamedTuple):
    """What read articles."""

    version: str
    model: str
    sha256: str


def readers(edition: Edition) -> list[ReadBy]:
    """Return what read the latest articles, the latest first."""
    r = t.readings.c
    latest = sa.select(r.reader_version, r.reader_model, r.reader_model_sha256)
    latest = latest.where(r.live).order_by(r.key.desc()).limit(1_000)
    found = (tuple(cell or "" for cell in row) for row in edition.connection.execute(latest))
    return [ReadBy(*one) for one in dict.fromkeys(found)]


# -- who and where ----------------------------------------------------------------------


class Named(NamedTuple):
    """One who took part or spoke lately, or a place, with how often."""

    name: str
    code: str
    incidents: int
    origins: int


class Round(NamedTuple):
    """Who and what the reports of the last weeks were about."""

    people: tuple[Named, ...]
    countries: tuple[Named, ...]
    pairs: tuple[tuple[str, str, int], ...]
    rows: tuple[Incident, ...]


def lately(edition: Edition, most: int = 60) -> Round:
    """Return who took part in the incidents of the stories reported on lately."""
    stories = edition.stories(most=200) if edition.is_joined else []
    rows = edition.incidents([story.id for story in stories])
    people, countries = _counted(rows, names_of), _counted(rows, _states)
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for one in {p.country for p in row.actors if _is_state(p.country)}:
            for other in {p.country for p in row.recipients if _is_state(p.country)} - {one}:
                pairs[str(one), str(other)] += 1
    states = {named.name for named in countries}
    names = {words.country(code) for code in states}
    kept = [named for named in people if named.name not in names]
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:24]
    return Round(
        tuple(kept[:most]), tuple(countries[:most]),
        tuple((one, other, number) for (one, other), number in ranked), tuple(rows),
    )  # fmt: skip


def _is_state(code: str | None) -> bool:
    return bool(code) and words.country(code) != code


def _states(row: Incident) -> set[str]:
    return {code for code in countries_of(row) if _is_state(code)}


def _counted(rows: Sequence[Incident], keys: Callable[[Incident], set[str]]) -> list[Named]:
    number: Counter[str] = Counter()
    origins: Counter[str] = Counter()
    for row in rows:
        for key in keys(row):
            number[key] += 1
            origins[key] += row.origins
    ranked = sorted(number, key=lambda key: (-number[key], -origins[key], key))
    return [Named(key, key, number[key], origins[key]) for key in ranked]


def dispute_kinds(rows: Sequence[Dispute]) -> dict[str, int]:
    """Return how many disputes there are of each kind."""
    return dict(Counter(row.kind for row in rows))


__all__ = [
    "Asked", "Feed", "Named", "Outlet", "Page", "Piece", "Round", "ahead", "articles",
    "countries_of", "dispute_kinds", "disputes", "feeds", "incidents", "lately", "names_of",
    "outlets",
]  # fmt: skip
