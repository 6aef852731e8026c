"""Endpoints of search and changes."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Query, Request, Response

from onrecord import settings
from onrecord.archive.search import Results
from onrecord.site.api import changes, rows, shapes
from onrecord.site.api import parameters as p
from onrecord.site.api.context import Context
from onrecord.site.api.openapi import DEFINITIONS, listed_as, named, one_as
from onrecord.site.api.paging import (
    NDJSON,
    Listed,
    answer,
    etag,
    read_cursor,
    unchanged,
    write_cursor,
)
from onrecord.site.api.problems import Json, Problem

Asked = Annotated[
    str,
    Query(
        max_length=5_000,
        description='Words, "phrases", prefix*, AND, OR, NOT, parentheses.',
        examples=["barges"],
    ),
]
What = Annotated[Literal["articles", "quotes"], Query(description="Articles, or what people said.")]
From = Annotated[
    str | None,
    Query(
        max_length=40,
        description="A moment, or a day from its beginning, UTC; all changes by default.",
        examples=["2026-02-20"],
    ),
]


class HitRow(NamedTuple):
    """One article or quote that was found."""

    article_id: str
    version: int
    row: str | None
    title: str | None
    publisher: str | None
    published: str | None
    speaker: str | None
    stance: str | None
    #: Larger is better; comparable within one search only.
    score: float
    #: The words around what was found; ``start``: where they begin in the text or quote.
    snippet: str
    start: int


def add(api: APIRouter, context: Context) -> None:
    """Add the endpoints to the router."""
    _add_search(api, context)
    _add_changes(api, context)


def _results() -> dict[str, Any]:
    shapes.of_class(HitRow, DEFINITIONS)
    marks = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}
    hit = DEFINITIONS.pop("HitRow")
    hit = {**hit, "properties": {**hit["properties"], "marks": marks}}
    count = {"type": "object", "additionalProperties": {"type": "integer"}}
    return {
        "type": "object",
        "properties": {
            "total": {"type": "integer"},
            "items": {"type": "array", "items": named("Hit", hit)},
            "facets": {"type": "object", "additionalProperties": count},
            "rebuilt": {"type": "boolean"},
            "next": {"type": ["string", "null"]},
        },
        "required": ["total", "items", "facets", "rebuilt", "next"],
    }


def _add_search(api: APIRouter, context: Context) -> None:
    @api.get("/search", tags=["search"], responses=one_as("Results", _results()))
    def search(
        request: Request,
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
        since: p.Since = None,
        until: p.Until = None,
        as_of: p.AsOf = None,
        limit: p.Limit = None,
        cursor: p.Cursor = None,
    ) -> Response:
        """Find words in articles or in what people said, best first, with facets."""
        known = rows.given({
            "publisher": publisher, "actor": actor, "recipient": recipient, "speaker": speaker,
            "stance": stance, "type": type, "status": status, "country": country, "since": since,
            "until": until,
        })  # fmt: skip
        fits(what, known)
        asked = {**known, "q": q, "what": what, "as_of": as_of}
        listed = Listed("search", asked, limit, cursor)
        offset = 0 if cursor is None else read_cursor(listed, (int,))[0]
        tag = etag(context, request, "json")
        if unchanged(request, tag):
            return Response(status_code=304, headers={"ETag": tag})
        most = min(limit or 20, settings.get("search_rows"))
        found = context.archive.search(
            q, what=what, as_of=as_of, limit=most, offset=offset, **known
        )  # fmt: skip
        return Json(_page(found, listed, offset), headers={"ETag": tag})


#: Filters that a search takes; the others are for the other one.
_TAKEN = {
    "articles": ("publisher", "actor", "recipient", "speaker", "type", "status", "country",
                 "since", "until"),
    "quotes": ("publisher", "speaker", "stance", "since", "until"),
}  # fmt: skip


def fits(what: str, known: dict[str, str]) -> None:
    """Refuse filters that the search does not take."""
    for name in known:
        if name not in _TAKEN[what]:
            names = ", ".join(_TAKEN[what])
            raise Problem("bad-request", f"{what} cannot be filtered by {name}; by {names}")


def _page(found: Results, listed: Listed, offset: int) -> dict[str, Any]:
    end = offset + len(found.hits)
    more = found.hits and end < found.total and end <= settings.get("search_offset")
    hits = [
        {name: getattr(hit, name) for name in HitRow._fields}
        | {"marks": list(map(list, hit.marks))}
        for hit in found.hits
    ]
    return {
        "total": found.total, "items": hits, "facets": found.facets, "rebuilt": found.rebuilt,
        "next": write_cursor(listed, (end,)) if more else None,
    }  # fmt: skip


def _add_changes(api: APIRouter, context: Context) -> None:
    schema = shapes.of_class(changes.Change, DEFINITIONS)

    @api.get("/changes", tags=["changes"], responses=listed_as(None, schema))
    def list_changes(
        request: Request,
        since: From = None,
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """What came, changed or went since a moment; `next` is always there: ask with it again."""
        listed = Listed("changes", {}, limit, cursor)
        if cursor is not None and since is not None:
            raise Problem("bad-request", "give since or a cursor, not both")
        fetch = partial(changes.changes, context.archive, since)
        if request.query_params.get("format") == "ndjson" or NDJSON in request.headers.get(
            "accept", ""
        ):
            return answer(context, request, listed, _PLACE, fetch)
        tag = etag(context, request, "json")
        if unchanged(request, tag):
            return Response(status_code=304, headers={"ETag": tag})
        after = None if cursor is None else read_cursor(listed, _PLACE)
        page = fetch(after, min(limit or 100, settings.get("api_rows")))
        body = {
            "items": [row for _, row in page.rows],
            "next": write_cursor(listed, page.last or ()),
        }
        return Json(body, headers={"ETag": tag})


_PLACE = (int, str, str)
