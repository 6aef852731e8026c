"""Endpoints of actors and dyads."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from onrecord.analysis import tension
from onrecord.analysis.exports import plain
from onrecord.errors import SettingError
from onrecord.site.api import parameters as p
from onrecord.site.api import shapes, who
from onrecord.site.api.context import Context
from onrecord.site.api.openapi import DEFINITIONS, listed_as, one_as
from onrecord.site.api.paging import Listed, answer, single
from onrecord.site.api.problems import Problem
from onrecord.site.api.rows import names

Name = Annotated[str | None, Query(max_length=200, description="How the name begins.")]
Kind = Annotated[
    Literal["person", "organization", "country", "group"] | None, Query(description="Kind.")
]
Both = Annotated[bool, Query(description="Whether what the second does to the first counts too.")]
CountryCode = Annotated[
    str | None, Query(pattern="^[A-Z]{3}$", description="A country's code (ISO 3166 alpha-3).")
]


def add(api: APIRouter, context: Context) -> None:
    """Add the endpoints to the router."""
    _add_actors(api, context)
    _add_dyads(api, context)


def _add_actors(api: APIRouter, context: Context) -> None:
    row = shapes.of_class(who.Actor, DEFINITIONS)
    whole = shapes.of_class(who.Portrait, DEFINITIONS)

    @api.get("/actors", tags=["actors"], responses=listed_as(None, row))
    def list_actors(
        request: Request,
        name: Name = None,
        kind: Kind = None,
        country: CountryCode = None,
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Persons, organisations, countries and groups that articles name, by name."""
        names(name=name)
        asked = {"name": name, "kind": kind, "country": country}
        fetch = partial(who.actors, context.archive, name, kind, country)
        return answer(context, request, Listed("actors", asked, limit, cursor), (str,), fetch)

    @api.get("/actors/{name:path}", tags=["actors"], responses=one_as(None, whole))
    def get_actor(request: Request, name: p.Id) -> Response:
        """One actor by its whole name, or a country by its code."""

        def make() -> Any:
            found = who.portrait(context.archive, name)
            if found is None:
                raise Problem("not-found", "no article names an actor of this whole name")
            return plain(found)

        return single(context, request, make)


def _add_dyads(api: APIRouter, context: Context) -> None:
    row = shapes.of_class(who.Dyad, DEFINITIONS)
    whole = shapes.of_class(who.Relation, DEFINITIONS)

    @api.get("/dyads", tags=["dyads"], responses=listed_as(None, row))
    def list_dyads(
        request: Request,
        source: CountryCode = None,
        target: CountryCode = None,
        since: p.Since = None,
        until: p.Until = None,
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Pairs of countries of which one acts on the other, with the number of events."""
        asked = {"source": source, "target": target, "since": since, "until": until}
        fetch = partial(who.dyads, context.archive, asked)
        return answer(context, request, Listed("dyads", asked, limit, cursor), (str, str), fetch)

    @api.get("/dyads/{source}/{target}", tags=["dyads"], responses=one_as(None, whole))
    def get_dyad(
        request: Request, source: p.Code, target: p.Code, since: p.Since = None,
        until: p.Until = None,
    ) -> Response:  # fmt: skip
        """What one country does to another, by month, type and status."""
        make = partial(who.relation, context.archive, source, target, since, until)
        return single(context, request, lambda: plain(make()))

    @api.get("/dyads/{source}/{target}/tension", tags=["dyads"],
             responses=one_as("Tension", _tension_schema()))  # fmt: skip
    def get_tension(
        request: Request, source: p.Code, target: p.Code, both: Both = False,
        since: p.Since = None, until: p.Until = None,
    ) -> Response:  # fmt: skip
        """The tension index day by day, with its band and the reasons of each move."""

        def make() -> Any:
            try:
                found = tension.daily(
                    context.ledger(), source, target, both=both, since=since, until=until
                )
            except SettingError as error:
                raise Problem("bad-request", str(error)) from error
            return {"name": found.name, "half_life": found.half_life, "days": list(found.rows())}

        return single(context, request, make)


def _tension_schema() -> dict[str, Any]:
    day = shapes.of_columns(tension.COLUMNS)
    properties = {
        "name": {"type": "string"}, "half_life": {"type": "number"},
        "days": {"type": "array", "items": day},
    }  # fmt: skip
    return {"type": "object", "properties": properties, "required": list(properties)}
