"""Addresses of people, organisations, countries, dyads and places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response

from onrecord.archive.flat import words_key
from onrecord.site import actors, charts, places, stories, words
from onrecord.site.edition import Edition, edition, kept
from onrecord.site.shell import FORMS, Shell, data
from onrecord.site.tensions import Tensions

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: Incidents that a page shows with their sentences; all are in its data.
_SHOWN = 25


def router(archive: Archive, shell: Shell, tensions: Tensions) -> APIRouter:
    """Return the routes of who and where."""
    routes = APIRouter()
    for add in (_actor, _country, _places):
        add(routes, archive, shell)
    _dyad(routes, archive, shell, tensions)
    return routes


def _missing(what: str) -> HTTPException:
    return HTTPException(404, f"no report in this archive names {what}")


def _found(now: Edition, name: str) -> actors.Actor:
    found = actors.actor(now, words_key(name.replace("_", " ")) or name)
    if found is None:
        raise _missing("anybody of this name")
    return found


def _actor(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    # Names may hold a slash, so whatever ends in no known file is a name.
    @routes.get("/actor/{name:path}/{panel}.{form}")
    def actor_data(
        request: Request, name: str, panel: str, form: str, as_of: str | None = None
    ) -> Response:
        if form not in FORMS:
            return actor(request, f"{name}/{panel}.{form}", as_of)
        with edition(archive, as_of) as now:
            found = _found(now, name)
            panels: dict[str, list[dict[str, Any]]] = {
                "given": [stories.incident_row(row) for row in found.given],
                "received": [stories.incident_row(row) for row in found.received],
                "statements": [actors.spoken_row(one) for one in found.said],
            }
            return _panel(form, f"actor-{name}-{panel}", panels.get(panel))

    @routes.get("/actor/{name:path}")
    def actor(request: Request, name: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            found = _found(now, name)
            return shell.page(
                request, "actor.html", now, actor=found,
                given=now.told(found.given[:_SHOWN]), received=now.told(found.received[:_SHOWN]),
                pieces=now.pieces({one[0] for row in found.offices for one in row.sentences}),
                weeks=charts.weeks(one.day for one in found.said),
            )  # fmt: skip


def _panel(form: str, name: str, rows: list[dict[str, Any]] | None) -> Response:
    if rows is None or form not in FORMS:
        raise HTTPException(404, "there is no such data")
    return data(form, name, rows)


def _code(code: str) -> str:
    if not re.fullmatch("[A-Z]{3}", code):
        raise HTTPException(404, "a country has a code of three capital letters, as URY")
    return code


def _pair(words: str) -> tuple[str, str] | None:
    """Return the two countries of ``?beside=URY-ARG``; None where none are given."""
    found = re.fullmatch("([A-Z]{3})-([A-Z]{3})", words)
    return (found[1], found[2]) if found else None


def _country(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/country/{code}")
    def country(request: Request, code: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            found = actors.country(now, _code(code))
            return shell.page(
                request, "country.html", now, country=found,
                given=now.told(found.given[:_SHOWN]), received=now.told(found.received[:_SHOWN]),
            )  # fmt: skip

    @routes.get("/country/{code}/{panel}.{form}")
    def country_data(code: str, panel: str, form: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            found = actors.country(now, _code(code))
            panels: dict[str, list[dict[str, Any]]] = {
                "given": [stories.incident_row(row) for row in found.given],
                "received": [stories.incident_row(row) for row in found.received],
            }
            return _panel(form, f"country-{code}-{panel}", panels.get(panel))


def _dyad(routes: APIRouter, archive: Archive, shell: Shell, tensions: Tensions) -> None:
    @routes.get("/dyad/{one}/{other}")
    def dyad(
        request: Request, one: str, other: str, as_of: str | None = None, ways: str = "both",
        beside: Annotated[str, Query(max_length=7)] = "",
    ) -> Response:  # fmt: skip
        with edition(archive, as_of) as now:
            rows, is_cut = actors.between(now, _code(one), _code(other))
            if ways != "one":
                more, also_cut = actors.between(now, other, one)
                rows = actors.together(rows, more)
                is_cut = is_cut or also_cut
            return shell.page(
                request, "dyad.html", now, one=one, other=other, rows=rows, is_cut=is_cut,
                told_rows=now.told(rows[:_SHOWN]), ways=ways, beside=_pair(beside),
                panel=tensions.panel(now, one, other, both=ways != "one", beside=_pair(beside)),
                is_loading=tensions.ledger(now) is None,
            )  # fmt: skip

    @routes.get("/dyad/{one}/{other}/index.{form}")
    def dyad_index(
        one: str, other: str, form: str, as_of: str | None = None, ways: str = "both"
    ) -> Response:
        with edition(archive, as_of) as now:
            index = tensions.index(now, _code(one), _code(other), both=ways != "one")
            return _panel(form, f"tension-{one}-{other}", list(index.rows()) if index else [])

    @routes.get("/movers.{form}")
    def movers(form: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            rows = [one._asdict() for one in tensions.movers(now) or []]
            return _panel(form, "movers", [{k: v for k, v in r.items() if k != "spark"}
                                           for r in rows])  # fmt: skip

    @routes.get("/dyad/{one}/{other}/incidents.{form}")
    def dyad_data(one: str, other: str, form: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            rows, _ = actors.between(now, _code(one), _code(other))
            listed = [stories.incident_row(row) for row in rows]
            return _panel(form, f"dyad-{one}-{other}", listed)


def _places(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/places")
    def all_places(request: Request, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            found = kept(archive, shell.waiting, now, "places", places.lately)
            return shell.page(
                request, "places.html", now, spots=found or [], map=places.world(found or [])
            )

    @routes.get("/places.{form}")
    def places_data(form: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            return _panel(form, "places", [places.row(one) for one in places.lately(now, 5_000)])

    @routes.get("/place/{country}/{name:path}/incidents.{form}")
    def place_data(
        request: Request, country: str, name: str, form: str, as_of: str | None = None
    ) -> Response:
        if form not in FORMS:
            return place(request, country, f"{name}/incidents.{form}", as_of)
        with edition(archive, as_of) as now:
            found = places.place(now, name, "" if country == "-" else country)
            rows = None if found is None else [stories.incident_row(row) for row in found.rows]
            return _panel(form, f"place-{name}", rows)

    @routes.get("/place/{country}/{name:path}")
    def place(request: Request, country: str, name: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            found = places.place(now, name, "" if country == "-" else country)
            if found is None:
                raise _missing(f"a place called {words.shorten(name, 60)}")
            return shell.page(
                request, "place.html", now, place=found, told_rows=now.told(found.rows[:_SHOWN]),
                map=places.beside([found], 16),
            )  # fmt: skip
