"""Endpoints that do something: have a text read, correct, put stories together or apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from onrecord import settings
from onrecord.analysis.exports import plain
from onrecord.archive.writing import identified
from onrecord.checks import is_moment
from onrecord.intake.identity import text_sha256
from onrecord.record import Article
from onrecord.site import corrections
from onrecord.site.api import parameters as p
from onrecord.site.api import shapes
from onrecord.site.api.context import Context
from onrecord.site.api.openapi import DEFINITIONS, listed_as, named, one_as
from onrecord.site.api.paging import Listed, read_cursor, write_cursor
from onrecord.site.api.problems import Json, Problem, who

_Note = Annotated[str | None, Field(max_length=2_000, description="Why.")]
_Id = Annotated[str, Field(min_length=1, max_length=2_000)]
_CORRECT = {"x-scope": "correct", "x-limit": "writes"}
_LOG = {"x-scope": "correct", "x-limit": "requests"}


class Strict(BaseModel):
    """A body; a field that is not known is refused: it is misspelt."""

    model_config = ConfigDict(extra="forbid", strict=True)


def example(body: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a body that is described by an example."""
    return ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [body]})


class TextIn(Strict):
    """A text to be read."""

    model_config = example(
        {"text": "Lisbon denied on Tuesday that a deal was near.", "published": "2026-02-17"}
    )

    text: str
    published: Annotated[str | None, Field(max_length=40, examples=["2026-02-20"])] = None
    title: Annotated[str | None, Field(max_length=2_000)] = None
    url: Annotated[str | None, Field(max_length=4_000)] = None
    publisher: Annotated[str | None, Field(max_length=500)] = None
    id: Annotated[str | None, Field(min_length=1, max_length=2_000)] = None


class CorrectionIn(Strict):
    """A correction of a row."""

    model_config = example(
        {"article": "tidewater-0313", "row": "v3", "action": "accept", "note": "read again"}
    )

    article: _Id
    #: The row's id in the record: ``v3``, ``s1``, …
    row: Annotated[str, Field(min_length=1, max_length=20, examples=["v3"])]
    action: Literal["accept", "reject", "edit", "split", "merge"]
    #: ``edit``: the field.
    field: Annotated[str | None, Field(max_length=50)] = None
    #: ``edit``: as in the record's JSON; ``split``: numbers of mentions; ``merge``: a row's id.
    value: JsonValue = None
    note: _Note = None


class NoteIn(Strict):
    """Why something is taken back."""

    model_config = example({"note": "a slip"})

    note: _Note = None


class MergeIn(Strict):
    """Stories to be put together."""

    model_config = example(
        {"stories": ["st-1f20ae512cd7", "st-17bb42fe2af6"], "note": "one matter"}
    )

    stories: Annotated[list[_Id], Field(min_length=2, max_length=50)]
    note: _Note = None


class SplitIn(Strict):
    """Articles to be taken out of a story."""

    model_config = example({"articles": ["tidewater-0313"], "note": "another matter"})

    articles: Annotated[list[_Id], Field(min_length=1, max_length=1_000)]
    note: _Note = None


def number_schema() -> dict[str, Any]:
    """Return the schema of an answer that gives the number of what was made."""
    return named("Made", {
        "type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"],
    })  # fmt: skip


def add(api: APIRouter, context: Context) -> None:
    """Add the endpoints to the router."""
    _add_read(api, context)
    _add_corrections(api, context)
    _add_story_edits(api, context)


# -- read -----------------------------------------------------------------------------


def _add_read(api: APIRouter, context: Context) -> None:
    @api.post(
        "/read", tags=["read"], openapi_extra={"x-limit": "reads"},
        responses=one_as(None, {"$ref": "#/components/schemas/Record"}),
    )  # fmt: skip
    def read(body: TextIn) -> Response:
        """Read a text and return its record; nothing is kept."""
        article = _article(body)
        with context.reading_texts():
            record = context.read(article)
        return Json(record.to_dict(), headers={"Cache-Control": "no-store"})


def _article(body: TextIn) -> Article:
    most = settings.get("api_read_chars")
    if len(body.text) > most:
        raise Problem("too-large", f"a text may have {most:,} characters, not {len(body.text):,}")
    if body.published is not None and not is_moment(body.published):
        raise Problem("bad-input", "published: write 2026-02-20 or 2026-02-20T18:30Z")
    text = body.text.encode("utf-8", "replace").decode()
    return identified(Article(
        text=text, id=body.id, url=body.url, title=body.title, publisher=body.publisher,
        published=body.published, published_basis="given" if body.published else "none",
        sha256=text_sha256(text),
    ))  # fmt: skip


# -- corrections ----------------------------------------------------------------------


def _page(items: Sequence[Any], limit: int, listed: Listed) -> Response:
    """Return a page of a log whose entries have numbers, the newest first."""
    shown = items[:limit]
    more = len(items) > limit
    return Json({
        "items": plain(list(shown)),
        "next": write_cursor(listed, (shown[-1].number,)) if more else None,
    })  # fmt: skip


def _add_corrections(api: APIRouter, context: Context) -> None:
    schema = shapes.of_class(corrections.Entry, DEFINITIONS)

    @api.get("/corrections", tags=["corrections"], openapi_extra=_LOG,
             responses=listed_as(None, schema))  # fmt: skip
    def list_corrections(
        request: Request,
        article: p.Article = None,
        limit: p.Limit = None,
        cursor: p.Cursor = None,
    ) -> Response:
        """The log of corrections, newest first."""
        listed = Listed("corrections", {"article": article}, limit, cursor)
        before = None if cursor is None else read_cursor(listed, (int,))[0]
        most = min(limit or 100, settings.get("api_rows"))
        found = corrections.log(context.archive, article=article, before=before, limit=most + 1)
        return _page(found, most, listed)

    @api.post("/corrections", tags=["corrections"], openapi_extra=_CORRECT, status_code=201,
              responses=one_as(None, number_schema(), 201))  # fmt: skip
    def correct(request: Request, body: CorrectionIn) -> Response:
        """Correct a row of a record; stories and incidents follow at once."""
        number = corrections.correct(
            context, body.article, body.row, body.action, by=who(request).name, field=body.field,
            value=body.value, note=body.note,
        )  # fmt: skip
        return Json({"number": number}, status_code=201)

    @api.post("/corrections/{number}/undo", tags=["corrections"], openapi_extra=_CORRECT,
              status_code=204, responses={204: {"description": "It is taken back."}})  # fmt: skip
    def undo(request: Request, number: p.Number, body: NoteIn) -> Response:
        """Take a correction back; both stay in the log."""
        corrections.undo(context, number, by=who(request).name, note=body.note)
        return Response(status_code=204)


def _add_story_edits(api: APIRouter, context: Context) -> None:
    schema = shapes.of_class(corrections.StoryEdit, DEFINITIONS)

    @api.get("/story-edits", tags=["corrections"], openapi_extra=_LOG,
             responses=listed_as(None, schema))  # fmt: skip
    def list_story_edits(
        request: Request, limit: p.Limit = None, cursor: p.Cursor = None
    ) -> Response:
        """The log of what people did to stories, newest first."""
        listed = Listed("story-edits", {}, limit, cursor)
        before = 2**63 if cursor is None else read_cursor(listed, (int,))[0]
        found = [one for one in corrections.story_log(context.archive) if one.number < before]
        return _page(found, min(limit or 100, settings.get("api_rows")), listed)

    @api.post("/stories/merge", tags=["corrections"], openapi_extra=_CORRECT, status_code=201,
              responses=one_as(None, number_schema(), 201))  # fmt: skip
    def merge(request: Request, body: MergeIn) -> Response:
        """Put stories together; they stay together whatever comes."""
        number = corrections.merge_stories(
            context, body.stories, by=who(request).name, note=body.note
        )
        return Json({"number": number}, status_code=201)

    @api.post("/stories/{id}/split", tags=["corrections"], openapi_extra=_CORRECT,
              status_code=201, responses=one_as(None, number_schema(), 201))  # fmt: skip
    def split(request: Request, id: p.Id, body: SplitIn) -> Response:
        """Take articles out of a story; they stay apart from its others whatever comes."""
        number = corrections.split_story(
            context, id, body.articles, by=who(request).name, note=body.note
        )
        return Json({"number": number}, status_code=201)

    @api.post("/story-edits/{number}/undo", tags=["corrections"], openapi_extra=_CORRECT,
              status_code=204, responses={204: {"description": "It is taken back."}})  # fmt: skip
    def undo(request: Request, number: p.Number, body: NoteIn) -> Response:
        """Take a merge or split of stories back; both stay in the log."""
        corrections.undo_story(context, number, by=who(request).name, note=body.note)
        return Response(status_code=204)
