"""Articles, records, and the rows in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from onrecord.analysis import derived as d
from onrecord.site.api import parameters as p
from onrecord.site.api import rows, shapes
from onrecord.site.api.context import Context
from onrecord.site.api.openapi import listed_as, one_as
from onrecord.site.api.paging import Listed, Page, Place, answer, single
from onrecord.site.api.problems import Problem


def add(api: APIRouter, context: Context) -> None:
    """Add the endpoints to the router."""
    _add_articles(api, context)
    _add_records(api, context)
    _add_rows(api, context)


def _list(
    context: Context,
    request: Request,
    kind: str,
    filters: Mapping[str, str | None],
    page: tuple[int | None, str | None, str, str | None],
) -> Response:
    limit, cursor, order, as_of = page
    known = rows.given(filters)
    asked = {**known, "order": order, "as_of": as_of}
    fetch = partial(rows.page, context.archive, kind, known, as_of, order == "newest")
    return answer(context, request, Listed(kind, asked, limit, cursor), (int,), fetch)


def _may_have_texts(context: Context, request: Request) -> bool:
    return context.full_texts or request.state.who is not None


# -- articles -------------------------------------------------------------------------


def _add_articles(api: APIRouter, context: Context) -> None:
    schema = shapes.of_columns(rows.columns("articles"))

    @api.get("/articles", tags=["articles"], responses=listed_as("Article", schema))
    def list_articles(
        request: Request,
        publisher: p.Publisher = None,
        actor: p.Actor = None,
        recipient: p.Recipient = None,
        speaker: p.Speaker = None,
        type: p.Type = None,
        mode: p.Mode = None,
        status: p.Status = None,
        country: p.Country = None,
        since: p.Since = None,
        until: p.Until = None,
        text: p.Text = False,
        as_of: p.AsOf = None,
        order: p.Order = "newest",
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Articles, with those of whose events and statements the filters tell."""
        known = rows.given({
            "publisher": publisher, "actor": actor, "recipient": recipient, "speaker": speaker,
            "type": type, "mode": mode, "status": status, "country": country, "since": since,
            "until": until,
        })  # fmt: skip
        asked = {**known, "order": order, "as_of": as_of, "text": text}
        full = text and _may_have_texts(context, request)

        def fetch(after: Place | None, most: int) -> Page:
            newest = order == "newest"
            page = rows.page(context.archive, "articles", known, as_of, newest, after, most)
            return page._replace(rows=[(at, rows.shortened(one, full)) for at, one in page.rows])

        return answer(context, request, Listed("articles", asked, limit, cursor), (int,), fetch)

    @api.get("/articles/{id:path}", tags=["articles"], responses=one_as("ArticleInFull", _whole()))
    def get_article(request: Request, id: p.Id, as_of: p.AsOf = None) -> Response:
        """One article, with its story and whose copy it is."""
        return single(context, request, lambda: _article(context, request, id, as_of))


def _whole() -> dict[str, Any]:
    schema = shapes.of_columns(rows.columns("articles"))
    text = {"type": ["string", "null"]}
    more = {
        "story": text, "origin": text, "carriers": {"type": "array", "items": {"type": "string"}}
    }  # fmt: skip
    return {**schema, "properties": {**schema["properties"], **more}}


def _article(context: Context, request: Request, id_: str, as_of: str | None) -> dict[str, Any]:
    page = rows.page(context.archive, "articles", {"article": id_}, as_of, True, None, 1)
    if not page.rows:
        raise Problem("not-found", "the archive has no such article")
    row = rows.shortened(page.rows[0][1], _may_have_texts(context, request))
    return {**row, **_joined(context, id_)}


def _joined(context: Context, id_: str) -> dict[str, Any]:
    """Return an article's story, whose copy it is, and its own copies."""
    a, other = d.articles, d.articles.alias()
    with d.reading(context.archive) as connection:
        if not d.is_there(connection):
            return {"story": None, "origin": None, "carriers": []}
        mine = connection.execute(sa.select(a.c.article, a.c.story).where(a.c.id == id_)).first()
        key = -1 if mine is None else mine.article
        origin = (
            sa.select(other.c.id)
            .join(d.copies, d.copies.c.origin == other.c.article)
            .where(d.copies.c.carrier == key)
        )
        carriers = (
            sa.select(other.c.id)
            .join(d.copies, d.copies.c.carrier == other.c.article)
            .where(d.copies.c.origin == key)
            .order_by(other.c.id)
        )
        return {
            "story": None if mine is None else mine.story,
            "origin": connection.scalar(origin),
            "carriers": list(connection.scalars(carriers)),
        }


# -- records --------------------------------------------------------------------------


def _add_records(api: APIRouter, context: Context) -> None:
    schema = {"$ref": "#/components/schemas/Record"}

    def whole(request: Request) -> None:
        if not _may_have_texts(context, request):
            raise Problem("unauthorized", "records hold whole texts; they need a token here")

    @api.get("/records", tags=["records"], responses=listed_as(None, schema))
    def list_records(
        request: Request,
        publisher: p.Publisher = None,
        actor: p.Actor = None,
        recipient: p.Recipient = None,
        type: p.Type = None,
        status: p.Status = None,
        since: p.Since = None,
        until: p.Until = None,
        as_of: p.AsOf = None,
        order: p.Order = "newest",
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Records (docs/record.md), with the filters of articles."""
        whole(request)
        known = rows.given({
            "publisher": publisher, "actor": actor, "recipient": recipient, "type": type,
            "status": status, "since": since, "until": until,
        })  # fmt: skip
        asked = {**known, "order": order, "as_of": as_of}

        def fetch(after: Place | None, most: int) -> Page:
            # A record is some hundred rows: a page of them is smaller.
            most = min(most, _RECORDS)
            newest = order == "newest"
            page = rows.page(context.archive, "articles", known, as_of, newest, after, most)
            found = [
                (at, context.archive.record(row["article_id"], as_of=as_of).to_dict())
                for at, row in page.rows
            ]
            return page._replace(rows=found)

        return answer(context, request, Listed("records", asked, limit, cursor), (int,), fetch)

    @api.get("/records/{id:path}", tags=["records"], responses=one_as(None, schema))
    def get_record(request: Request, id: p.Id, as_of: p.AsOf = None) -> Response:
        """One article's record, with people's corrections."""
        whole(request)
        make = partial(context.archive.record, id, as_of=as_of)
        return single(context, request, lambda: make().to_dict())


#: Records of a page.
_RECORDS = 50


# -- rows -----------------------------------------------------------------------------


def _add_rows(api: APIRouter, context: Context) -> None:
    @api.get(
        "/events",
        tags=["events"],
        responses=listed_as("Event", shapes.of_columns(rows.columns("events"))),
    )
    def list_events(
        request: Request,
        actor: p.Actor = None,
        recipient: p.Recipient = None,
        type: p.Type = None,
        mode: p.Mode = None,
        status: p.Status = None,
        country: p.Country = None,
        publisher: p.Publisher = None,
        article: p.Article = None,
        since: p.Since = None,
        until: p.Until = None,
        as_of: p.AsOf = None,
        order: p.Order = "newest",
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Events as articles tell them, one row for each article; see incidents."""
        filters = {
            "actor": actor, "recipient": recipient, "type": type, "mode": mode, "status": status,
            "country": country, "publisher": publisher, "article": article, "since": since,
            "until": until,
        }  # fmt: skip
        return _list(context, request, "events", filters, (limit, cursor, order, as_of))

    @api.get(
        "/statements",
        tags=["statements"],
        responses=listed_as("Statement", shapes.of_columns(rows.columns("statements"))),
    )
    def list_statements(
        request: Request,
        speaker: p.Speaker = None,
        stance: p.Stance = None,
        publisher: p.Publisher = None,
        article: p.Article = None,
        since: p.Since = None,
        until: p.Until = None,
        as_of: p.AsOf = None,
        order: p.Order = "newest",
        limit: p.Limit = None,
        cursor: p.Cursor = None,
        format: p.Format = None,
    ) -> Response:
        """Who said what, word for word."""
        filters = {
            "speaker": speaker, "stance": stance, "publisher": publisher, "article": article,
            "since": since, "until": until,
        }  # fmt: skip
        return _list(context, request, "statements", filters, (limit, cursor, order, as_of))
