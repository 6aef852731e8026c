"""Endpoints of incidents, stories and disputes."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from onrecord.analysis.exports import plain
from onrecord.analysis.rows import Dispute, Incident
from onrecord.site.api import joined, shapes
from onrecord.site.api import parameters as p
from onrecord.site.api.context import Context
from onrecord.site.api.openapi import DEFINITIONS, listed_as, one_as
from onrecord.site.api.paging import Listed, answer, single
from onrecord.site.api.problems import Problem
from onrecord.site.api.rows import names

_Place = (str, str, str)
About = Annotated[
    str | None,
    Query(
        max_length=200,
        description="Two countries (`URY,PRY`: what they do to each other), one, or a name.",
        examples=["URY,PRY"],
    ),
]
Kind = Annotated[
    Literal["denial", "blame", "figures", "silence"] | None, Query(description="Kind of dispute.")
]


def add(api: APIRouter, context: Context) -> None:
    """Add the endpoints to the router."""
    _add_incidents(api, context)
    _add_stories(api, context)
    _add_disputes(api, context)


def _there(found: Any) -> Any:
    if found is None:
        raise Problem("not-found", "there is none of this id; ids change when reports come in")
    return plain(found)


def _add_incidents(api: APIRouter, context: Context) -> None:
    schema = shapes.of_class(Incident, DEFINITIONS)

    @api.get("/incidents", tags=["incidents"], responses=listed_as(None, schema))
    def list_incidents(
        request: Request,
        about: About = None,
        actor: p.Actor = None,
        recipient: p.Recipient = None,
        type: p.Type = None,
        mode: p.Mode = None,
        status: p.Status = None,
        country: p.Country = None,
        story: p.StoryId = None,
        since: p.Since = None,
        until: p.Until = None,
        order: p.Order = "newest",
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """What happened, each once, as all articles tell it; a page may be short before the end."""
        names(about=about, actor=actor, recipient=recipient)
        asked = joined.Asked(
            story, about, actor, recipient, type, mode, status, country, since, until
        )  # fmt: skip
        fetch = partial(joined.incidents, context.archive, asked, order == "newest")
        listed = Listed("incidents", {**asked._asdict(), "order": order}, limit, cursor)
        return answer(context, request, listed, _Place, fetch)

    @api.get("/incidents/{id}", tags=["incidents"], responses=one_as(None, schema))
    def get_incident(request: Request, id: p.Id) -> Response:
        """One incident, with every report on it."""
        return single(context, request, lambda: _there(joined.incident(context.archive, id)))


def _add_stories(api: APIRouter, context: Context) -> None:
    schema = shapes.of_class(joined.StoryRow, DEFINITIONS)

    @api.get("/stories", tags=["stories"], responses=listed_as(None, schema))
    def list_stories(
        request: Request,
        since: p.Since = None,
        until: p.Until = None,
        order: p.Order = "newest",
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Stories, by the day of their last article."""
        listed = Listed("stories", {"since": since, "until": until, "order": order}, limit, cursor)
        fetch = partial(joined.stories, context.archive, (since, until), order == "newest")
        return answer(context, request, listed, (str, str), fetch)

    @api.get("/stories/{id}", tags=["stories"], responses=one_as(None, schema))
    def get_story(request: Request, id: p.Id) -> Response:
        """One story."""
        return single(context, request, lambda: _there(joined.story(context.archive, id)))


def _add_disputes(api: APIRouter, context: Context) -> None:
    schema = shapes.of_class(Dispute, DEFINITIONS)

    @api.get("/disputes", tags=["disputes"], responses=listed_as(None, schema))
    def list_disputes(
        request: Request,
        kind: Kind = None,
        story: p.StoryId = None,
        order: p.Order = "newest",
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Where sources contradict each other, by the last day of the story."""
        listed = Listed("disputes", {"kind": kind, "story": story, "order": order}, limit, cursor)
        fetch = partial(joined.disputes, context.archive, kind, story, order == "newest")
        return answer(context, request, listed, _Place, fetch)

    @api.get("/disputes/{id}", tags=["disputes"], responses=one_as(None, schema))
    def get_dispute(request: Request, id: p.Id) -> Response:
        """One dispute, with its sides."""
        return single(context, request, lambda: _there(joined.dispute(context.archive, id)))
