"""Feeds of stories, actors, dyads, searches and alerts; the calendar of what is announced; the
sitemap.  docs/api.md lists their addresses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import quote
from xml.etree import ElementTree as ET

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response

from onrecord import settings
from onrecord.analysis import derived as d
from onrecord.analysis import happenings
from onrecord.analysis.news import told
from onrecord.analysis.rows import Incident
from onrecord.archive import query as queries
from onrecord.archive import schema as t
from onrecord.archive import search as searching
from onrecord.archive import selecting
from onrecord.render.wording import clean
from onrecord.site import alerts, delivering, ical, store, syndication
from onrecord.site.api import joined, rows
from onrecord.site.api import parameters as p
from onrecord.site.api.context import Context
from onrecord.site.api.finding import Asked, What, fits
from onrecord.site.api.paging import etag, unchanged
from onrecord.site.api.problems import Problem, guarded
from onrecord.site.api.stories import About
from onrecord.site.syndication import Entry, Feed

Form = Annotated[Literal["atom", "rss", "json"], Path(description="Atom, RSS 2.0, JSON Feed.")]
#: When nothing is known of a time.
_NEVER = "1970-01-01T00:00:00Z"
#: Addresses of one part of the sitemap; its specification allows 50,000.
_PART = 10_000


def router(context: Context) -> APIRouter:
    """Return the router of the feeds, the calendar and the sitemap."""
    routes = APIRouter(route_class=guarded(context, public=context.public))
    _add_stories(routes, context)
    _add_incidents(routes, context)
    _add_searches(routes, context)
    _add_alerts(routes, context)
    _add_calendar(routes, context)
    _add_sitemap(routes, context)
    return routes


def _answer(
    context: Context, request: Request, form: str, title: str, page: str,
    make: Callable[[str], Iterable[Entry]],
) -> Response:  # fmt: skip
    """Return a feed, or 304; ``page``: the page it follows; ``make``: entries, given the base."""
    tag = etag(context, request, form)
    headers = {"ETag": tag}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    base = context.base(request)
    entries = sorted(make(base), key=lambda one: one.updated, reverse=True)
    updated = entries[0].updated if entries else _NEVER
    path = request.url.path
    own = f"{base}{quote(path, safe='/%')}" + (f"?{request.url.query}" if request.url.query else "")
    id_ = f"urn:onrecord:feed:{quote(path.rpartition('.')[0], safe='/')}"
    feed = Feed(id_, f"{context.name}: {title}", base + page, own, updated, entries)
    return Response(
        syndication.rendered(feed, form),
        headers=headers | {"Content-Type": syndication.TYPES[form]},
    )


def path_of(kind: str, *parts: str) -> str:
    """Return the path of a page of the site: ``/story/…``."""
    return "/".join([f"/{kind}", *(quote(part, safe="") for part in parts)])


def _moment(day: str | None) -> str:
    return f"{day}T00:00:00Z" if day else _NEVER


# -- stories --------------------------------------------------------------------------


def _add_stories(routes: APIRouter, context: Context) -> None:
    @routes.get("/feeds/stories.{form}")
    def stories(request: Request, form: Form) -> Response:
        """The stories that got an article last."""

        def make(base: str) -> Iterable[Entry]:
            page = joined.stories(
                context.archive, (None, None), True, None, settings.get("feed_entries")
            )
            return (_story(row, base) for _, row in page.rows)

        return _answer(context, request, form, "stories", "/", make)

    @routes.get("/feeds/story/{id}.{form}")
    def story(request: Request, id: p.Id, form: Form) -> Response:
        """The articles of a story."""
        found = joined.story(context.archive, id)
        if found is None:
            raise Problem("not-found", "there is no such story")
        last = found.articles[-settings.get("feed_entries") :]

        def make(base: str) -> Iterable[Entry]:
            return [_article(row, base) for row in _articles(context, last)]

        return _answer(context, request, form, found.title, path_of("story", id), make)


def _story(row: Mapping[str, Any], base: str) -> Entry:
    counts = (f"{row['origins']:,} independent reports, {len(row['articles']):,} articles, "
              f"{len(row['incidents']):,} incidents")  # fmt: skip
    days = f"{row['first_day'] or '?'} to {row['last_day'] or '?'}"
    return Entry(
        f"urn:onrecord:story:{row['id']}", clean(row["title"]), f"{counts}; {days}",
        base + path_of("story", row["id"]), row["updated"] or _moment(row["last_day"]),
    )  # fmt: skip


def _articles(context: Context, ids: Sequence[str]) -> list[dict[str, Any]]:
    found = (
        rows.page(context.archive, "articles", {"article": id_}, None, True, None, 1).rows
        for id_ in ids
    )
    return [one[0][1] for one in found if one]


def _article(row: Mapping[str, Any], base: str) -> Entry:
    short = rows.shortened(dict(row), False)
    return Entry(
        f"urn:onrecord:article:{quote(row['article_id'], safe='')}",
        clean(row["title"] or short["excerpt"][:100]), clean(short["excerpt"]),
        base + path_of("article", row["article_id"]), row["recorded_from"], row["publisher"],
    )  # fmt: skip


# -- actors, dyads --------------------------------------------------------------------


def _add_incidents(routes: APIRouter, context: Context) -> None:
    def feed(request: Request, form: str, title: str, page: str, about: str) -> Response:
        rows.names(about=about)
        make = partial(_happened, context, joined.Asked(about=about))
        return _answer(context, request, form, title, page, make)

    @routes.get("/feeds/actor/{name:path}.{form}")
    def actor(request: Request, name: p.Id, form: Form) -> Response:
        """The incidents in which somebody takes part: a name, or a country's code."""
        return feed(request, form, name, path_of("actor", name), name)

    @routes.get("/feeds/dyad/{one}/{other}.{form}")
    def dyad(request: Request, one: p.Code, other: p.Code, form: Form) -> Response:
        """What two countries do to each other."""
        page = path_of("dyad", one, other)
        return feed(request, form, f"{one} and {other}", page, f"{one},{other}")


def _happened(context: Context, asked: joined.Asked, base: str) -> list[Entry]:
    page = joined.incidents(context.archive, asked, True, None, settings.get("feed_entries"))
    return [_incident(row, base) for _, row in page.rows]


def _incident(row: Mapping[str, Any], base: str) -> Entry:
    told_ = clean(told(happening(row)))
    days = [one["published_day"] for one in row["reports"] if one["published_day"]]
    publishers = sorted({one["publisher"] for one in row["reports"] if one["publisher"]})
    text = f"{row['status']}; {row['first_day'] or 'day unknown'}; {', '.join(publishers)}"
    return Entry(
        f"urn:onrecord:incident:{row['id']}", told_, clean(text),
        base + path_of("incident", row["id"]), _moment(max(days, default=row["first_day"])),
    )  # fmt: skip


def happening(row: Mapping[str, Any]) -> Incident:
    """Return the incident that a row of the API is."""
    return happenings.revived(Incident, _cells(row))


def _cells(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [_cells(one) for one in value.values()]
    return [_cells(one) for one in value] if isinstance(value, list) else value


# -- searches -------------------------------------------------------------------------


def _add_searches(routes: APIRouter, context: Context) -> None:
    @routes.get("/feeds/search.{form}")
    def search(
        request: Request,
        form: Form,
        q: Asked,
        what: What = "articles",
        publisher: p.Publisher = None,
        actor: p.Actor = None,
        recipient: p.Recipient = None,
        speaker: p.Speaker = None,
        stance: p.Stance = None,
        type: p.Type = None,
        status: p.Status = None,
        country: p.Country = None,
    ) -> Response:
        """What a search finds, the last to come in first."""
        known = rows.given({
            "publisher": publisher, "actor": actor, "recipient": recipient, "speaker": speaker,
            "stance": stance, "type": type, "status": status, "country": country,
        })  # fmt: skip
        fits(what, known)
        make = partial(_hits, context, q, what, known)
        page = f"/search?q={quote(q, safe='')}"
        return _answer(context, request, form, f"search for {q}", page, make)


def _hits(
    context: Context, query: str, what: str, known: Mapping[str, str], base: str
) -> list[Entry]:
    conditions = selecting.conditions(searching.WHAT[what][1], known)
    asked = searching._Asked(query, queries.parse(query), what, conditions, None)
    with context.archive._searching() as connection, searching._timed(connection, query):
        found = connection.execute(searching._found(connection, asked)).all()
        last = sorted(found, key=lambda row: int(row.key), reverse=True)
        last = last[: settings.get("feed_entries")]
        hits = searching._hits(connection, asked, last)
        when = _known_since(connection, [int(row.reading) for row in last])
    return [
        _hit(hit, base, when[int(row.reading)]) for hit, row in zip(hits, last, strict=True)
    ]  # fmt: skip


def _known_since(connection: sa.Connection, readings: list[int]) -> dict[int, str]:
    r = t.readings.c
    query = sa.select(r.key, r.recorded_from).where(r.key.in_(readings))
    return {row[0]: row[1] for row in connection.execute(query)}


def _hit(hit: searching.Hit, base: str, at: str) -> Entry:
    row = f"#{hit.row}" if hit.row else ""
    title = f"{hit.speaker}: {hit.snippet[:80]}" if hit.row else hit.title or hit.snippet[:80]
    return Entry(
        f"urn:onrecord:article:{quote(hit.article_id, safe='')}{row}", clean(title),
        clean(" ".join(hit.snippet.split())), base + path_of("article", hit.article_id) + row, at,
        hit.publisher,
    )  # fmt: skip


# -- alerts ---------------------------------------------------------------------------


def _add_alerts(routes: APIRouter, context: Context) -> None:
    # Whoever has the key may read it: feed readers can neither sign in nor send a token.
    @routes.get("/feeds/alert/{number}.{form}", openapi_extra={"x-scope": "none"})
    def alert(
        request: Request,
        number: p.Number,
        form: Form,
        key: Annotated[str, Query(max_length=100, description="As the alert was made with.")],
    ) -> Response:
        """What an alert found."""
        found = alerts.by_feed_key(context.archive, number, key)
        if found is None:
            raise Problem("not-found", "there is no such feed")
        base = context.base(request)
        entries = _found_by(context, found, base)
        updated = entries[0].updated if entries else found.created
        feed = Feed(
            f"urn:onrecord:alert:{number}", f"{context.name}: {found.name}", f"{base}/",
            f"{base}{request.url.path}", updated, entries,
        )  # fmt: skip
        return Response(
            syndication.rendered(feed, form),
            headers={"Content-Type": syndication.TYPES[form], "Cache-Control": "no-store"},
        )


def _found_by(context: Context, alert: alerts.Alert, base: str) -> list[Entry]:
    q = store.deliveries.c
    query = sa.select(store.deliveries).where(q.alert == alert.number).order_by(q.key.desc())
    query = query.limit(settings.get("feed_entries"))
    with context.archive._reading() as connection:
        messages = connection.execute(query).all()
    entries = []
    for one in messages:
        body = delivering.body_of(
            context.archive, alert, one.key, one.at, json.loads(one.found), base
        )
        value = body.get("value", body.get("total"))
        text = "\n\n".join(delivering.lines(body))
        link = body["items"][0]["link"] if body["items"] else f"{base}/"
        id_ = f"urn:onrecord:alert:{alert.number}:{one.key}"
        entries.append(Entry(id_, f"{clean(alert.name)} ({value})", text, link, one.at))
    return entries


# -- the calendar ---------------------------------------------------------------------


def _add_calendar(routes: APIRouter, context: Context) -> None:
    @routes.get("/feeds/upcoming.ics")
    def upcoming(request: Request, about: About = None) -> Response:
        """Announced events from today on, whose day a report names."""
        rows.names(about=about)
        now = context.archive._clock()
        tag = etag(context, request, "ics", now.date().isoformat())
        if unchanged(request, tag):
            return Response(status_code=304, headers={"ETag": tag})
        base = context.base(request)
        entries = [_planned(row, base) for row in announced(context, now.date().isoformat(), about)]
        name = f"{context.name}: announced" + (f", {about}" if about else "")
        body = ical.calendar(name, entries, f"{now:%Y%m%dT%H%M%SZ}")
        headers = {"ETag": tag, "Content-Type": "text/calendar; charset=utf-8"}
        return Response(body, headers=headers)


def announced(context: Context, day: str, about: str | None = None) -> list[Incident]:
    """Return announced incidents from a day on, the earliest first; only those with a day told."""
    asked = joined.Asked(about=about, status="future", since=day)
    page = joined.incidents(context.archive, asked, False, None, 500)
    found = (happening(row) for _, row in page.rows)
    return [row for row in found if row.day_basis == "event" and row.first_day]


def _planned(row: Incident, base: str) -> ical.Entry:
    publishers = sorted({one.publisher for one in row.reports if one.publisher})
    first = row.first_day or ""
    words = f"announced by {', '.join(publishers)}" if publishers else "announced"
    return ical.Entry(
        row.id, first, max(row.last_day or first, first), clean(told(row)), clean(words),
        base + path_of("incident", row.id),
    )  # fmt: skip


# -- the sitemap ----------------------------------------------------------------------


_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _add_sitemap(routes: APIRouter, context: Context) -> None:
    @routes.get("/sitemap.xml")
    def sitemap(request: Request) -> Response:
        """The parts of the sitemap."""
        base = context.base(request)
        with context.archive._reading() as connection:
            last = connection.scalar(sa.select(sa.func.max(t.articles.c.key))) or 0
        parts = [f"{base}/sitemap/{number}.xml" for number in range(last // _PART + 1)]
        return _xml("sitemapindex", "sitemap", [(one, None) for one in parts])

    @routes.get("/sitemap/{number}.xml")
    def part(
        request: Request, number: Annotated[int, Path(ge=0, le=2**40, description="Part.")]
    ) -> Response:
        """Articles of a part, and the stories they are in."""
        base = context.base(request)
        return _xml("urlset", "url", _addresses(context, number, base))


def _addresses(context: Context, part: int, base: str) -> list[tuple[str, str | None]]:
    a, r, v = t.articles.c, t.readings.c, t.versions.c
    query = (
        sa.select(a.id, r.recorded_from)
        .join(t.versions, v.article == a.key)
        .join(t.readings, r.version == v.key)
        .where(r.live, a.key.between(part * _PART, (part + 1) * _PART - 1))
        .order_by(a.key)
    )
    own = d.articles.c
    stories = (
        sa.select(own.story)
        .where(own.article.between(part * _PART, (part + 1) * _PART - 1), own.story.is_not(None))
        .distinct()
        .order_by(own.story)
    )
    with d.reading(context.archive) as connection:
        found = [
            (base + path_of("article", id_), at) for id_, at in connection.execute(query).all()
        ]
        if d.is_there(connection):
            there = connection.scalars(stories)
            found += [(base + path_of("story", story), None) for story in there if story]
    return found


def _xml(root: str, each: str, addresses: Iterable[tuple[str, str | None]]) -> Response:
    tree = ET.Element(root, {"xmlns": _SITEMAP})
    for address, at in addresses:
        one = ET.SubElement(tree, each)
        ET.SubElement(one, "loc").text = address
        if at is not None:
            ET.SubElement(one, "lastmod").text = at[:19] + "Z"
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(tree, encoding="utf-8")
    return Response(body, headers={"Content-Type": "application/xml; charset=utf-8"})


__all__ = ["announced", "happening", "path_of", "router"]
