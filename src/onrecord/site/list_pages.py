"""Addresses of the lists: incidents, disputes, articles, who, where, sources, search, about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from onrecord import ontology, settings
from onrecord.archive.query import QueryError
from onrecord.errors import InputError
from onrecord.site import front, lists, stories
from onrecord.site.edition import Edition, checked_day, edition, kept
from onrecord.site.shell import Shell, data

if TYPE_CHECKING:
    from onrecord.archive import Archive

_Offset = Annotated[int, Query(ge=0)]
_Word = Annotated[str, Query(max_length=200)]
#: Rows that one file of data has at most.
_FILE = 5_000


def router(archive: Archive, shell: Shell) -> APIRouter:
    """Return the routes of all lists."""
    routes = APIRouter()
    for add in (_incidents, _disputes, _articles, _who, _sources, _search):
        add(routes, archive, shell)
    return routes


def _asked(
    type_: str, status: str, country: str, name: str, story: str, since: str, until: str
) -> lists.Asked:
    days = checked_day(since) or "", checked_day(until) or ""
    return lists.Asked(type_, status, country, name, story, *days)


def _bounded(offset: int) -> int:
    """Return an offset; InputError for one beyond ``search_offset``."""
    most = settings.get("search_offset")
    if offset > most:
        raise InputError(f"a list goes to row {most:,}; narrow it with a filter")
    return offset


def _incidents(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/incidents")
    def incidents(
        request: Request, as_of: str | None = None, type: _Word = "", status: _Word = "",
        country: _Word = "", name: _Word = "", story: _Word = "", since: _Word = "",
        until: _Word = "", offset: _Offset = 0,
    ) -> Response:  # fmt: skip
        asked = _asked(type, status, country, name, story, since, until)
        with edition(archive, as_of) as now:
            page = lists.incidents(now, asked, _bounded(offset))
            return shell.page(
                request, "incidents.html", now, page=page, filters=asked, offset=offset,
                lines=[one for one in now.told(page.rows) if one.quote],
                types=ontology.types(),
            )  # fmt: skip

    @routes.get("/incidents.{form}")
    def incidents_data(
        form: str, as_of: str | None = None, type: _Word = "", status: _Word = "",
        country: _Word = "", name: _Word = "", story: _Word = "", since: _Word = "",
        until: _Word = "",
    ) -> Response:  # fmt: skip
        asked = _asked(type, status, country, name, story, since, until)
        with edition(archive, as_of) as now:
            rows = lists.incidents(now, asked, 0, _FILE).rows
            return data(form, "incidents", [stories.incident_row(row) for row in rows])


def _disputes(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/disputes")
    def disputes(
        request: Request, as_of: str | None = None, kind: _Word = "", offset: _Offset = 0
    ) -> Response:
        with edition(archive, as_of) as now:
            page = lists.disputes(now, kind, _bounded(offset), 20)
            return shell.page(
                request, "disputes.html", now, page=page, kind=kind, offset=offset,
                stories=now.stories_by_id({row.story for row in page.rows}), sides=front.sides,
            )  # fmt: skip

    @routes.get("/disputes.{form}")
    def disputes_data(form: str, as_of: str | None = None, kind: _Word = "") -> Response:
        with edition(archive, as_of) as now:
            rows = lists.disputes(now, kind, 0, _FILE).rows
            return data(form, "disputes", stories.dispute_rows(rows))


def _articles(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/articles")
    def articles(
        request: Request, as_of: str | None = None, publisher: _Word = "", copies: _Word = "",
        story: _Word = "", offset: _Offset = 0,
    ) -> Response:  # fmt: skip
        with edition(archive, as_of) as now:
            page = lists.articles(now, publisher, copies, _bounded(offset), story=story)
            return shell.page(
                request, "articles.html", now, page=page, publisher=publisher, copies=copies,
                story=story, offset=offset,
            )  # fmt: skip

    @routes.get("/articles.{form}")
    def articles_data(
        form: str, as_of: str | None = None, publisher: _Word = "", copies: _Word = "",
        story: _Word = "",
    ) -> Response:  # fmt: skip
        with edition(archive, as_of) as now:
            rows = lists.articles(now, publisher, copies, 0, _FILE, story).rows
            return data(form, "articles", [stories.article_row(one) for one in rows])


def _who(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/actors")
    def actors(request: Request, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            return shell.page(
                request,
                "actors.html",
                now,
                round=kept(archive, shell.waiting, now, "lately", lists.lately),
            )

    @routes.get("/actors.{form}")
    def actors_data(form: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            found = lists.lately(now, _FILE)
            return data(form, "actors", _named((*found.countries, *found.people)))


def _named(rows: Iterable[lists.Named]) -> list[dict[str, object]]:
    return [{"name": one.name, "incidents": one.incidents, "origins": one.origins} for one in rows]


def _sources(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/sources")
    def sources(request: Request, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            return shell.page(
                request,
                "sources.html",
                now,
                feeds=lists.feeds(now),
                outlets=kept(archive, shell.waiting, now, "outlets", lists.outlets),
            )

    @routes.get("/sources.{form}")
    def sources_data(form: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            return data(form, "sources", [one._asdict() for one in lists.outlets(now)])

    @routes.get("/about")
    def about(request: Request, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            return shell.page(
                request,
                "about.html",
                now,
                numbers=kept(archive, shell.waiting, now, "numbers", Edition.numbers),
                readers=lists.readers(now),
            )


def _undated(filters: dict[str, str]) -> dict[str, str]:
    """Return filters without days: a feed goes on for ever."""
    return {name: value for name, value in filters.items() if name not in ("since", "until")}


def _search(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/search")
    def search(
        request: Request, q: str = "", what: _Word = "articles", as_of: str | None = None,
        publisher: _Word = "", type: _Word = "", stance: _Word = "", speaker: _Word = "",
        since: _Word = "", until: _Word = "", offset: int = 0,
    ) -> Response:  # fmt: skip
        filters = {
            "publisher": publisher, "type": type if what == "articles" else "",
            "stance": stance if what == "quotes" else "", "speaker": speaker,
            "since": checked_day(since) or "", "until": checked_day(until) or "",
        }  # fmt: skip
        given = {name: value for name, value in filters.items() if value}
        with edition(archive, as_of) as now:
            found, problem = None, ""
            if q.strip():
                asked = dict(given)
                if now.is_past:
                    asked["until"] = min(asked.get("until") or now.as_of, now.as_of)
                try:
                    found = archive.search(q, what=what, limit=20, offset=offset, **asked)
                except QueryError as error:
                    problem = str(error)
            return shell.page(
                request, "search.html", now, status=400 if problem else 200, q=q[:1000],
                what=what, found=found, problem=problem, filters=given, offset=offset,
                feed={"q": q, "what": what, **_undated(given)},
            )  # fmt: skip
