"""Pages of a list by cursor, validators, and streams of lines.

A cursor names the last row that was shown, not a number of rows: pages neither skip nor
repeat rows while others are added.  It holds for the list and filters it was given with.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from onrecord import settings
from onrecord.site.api.context import Context
from onrecord.site.api.problems import Json, Problem
from onrecord.site.api.shapes import dumped

NDJSON = "application/x-ndjson"
#: Rows of a page where none is asked for.
USUAL = 100
#: Rows of a stream that are fetched at once.
BLOCK = 500

Row = dict[str, Any]
#: Where a row stands in its list: strings and whole numbers.
Place = Sequence[Any]


class Page(NamedTuple):
    """Rows, each with its place, and whether there may be more."""

    rows: Sequence[tuple[Place, Row]]
    more: bool
    #: The place after which to go on, where it is not that of the last row.
    last: Place | None = None


#: From the place after which to begin (None: at the start) and the most rows, to a page.
Fetch = Callable[[Place | None, int], Page]


class Listed(NamedTuple):
    """What a request to a list asks for."""

    name: str
    #: What was asked, without page and form: a cursor holds for it alone.
    asked: Mapping[str, Any]
    limit: int | None
    cursor: str | None


def answer(
    context: Context, request: Request, listed: Listed, shape: tuple[type, ...], fetch: Fetch
) -> Response:
    """Return a page of a list as JSON, or all of it as lines where NDJSON is asked for.

    ``shape``: the types of a place, ``(int,)`` for a key.
    """
    after = None if listed.cursor is None else read_cursor(listed, shape)
    stream = _wants_lines(request)
    tag = etag(context, request, NDJSON if stream else "json")
    if unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    if stream:
        lines = _begun(_lines(fetch, after, listed.limit))
        return StreamingResponse(lines, media_type=NDJSON, headers={"ETag": tag})
    limit = min(listed.limit or USUAL, settings.get("api_rows"))
    page = fetch(after, limit)
    body = {"items": [row for _, row in page.rows], "next": _next(listed, page)}
    return Json(body, headers={"ETag": tag, **_link(request, body["next"])})


def _wants_lines(request: Request) -> bool:
    asked = request.query_params.get("format")
    if asked is not None:
        return asked == "ndjson"
    return NDJSON in request.headers.get("accept", "")


def _begun(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Fetch the first block now: what is wrong with the request is told before the stream."""
    return chain([first], lines) if (first := next(lines, None)) is not None else iter(())


def _lines(fetch: Fetch, after: Place | None, limit: int | None) -> Iterator[bytes]:
    """Yield rows as lines, a block in a transaction: a slow reader holds up nobody."""
    left = limit
    while left is None or left > 0:
        page = fetch(after, BLOCK if left is None else min(BLOCK, left))
        if page.rows:
            yield "".join(f"{dumped(row)}\n" for _, row in page.rows).encode()
        if not page.more:
            return
        after = _last(page)
        left = None if left is None else left - len(page.rows)


def _last(page: Page) -> Place:
    return page.rows[-1][0] if page.last is None else page.last


# -- cursors --------------------------------------------------------------------------


def _mark(listed: Listed) -> str:
    asked = {name: value for name, value in listed.asked.items() if value is not None}
    return sha256(json.dumps([listed.name, asked], sort_keys=True).encode()).hexdigest()[:12]


def _next(listed: Listed, page: Page) -> str | None:
    return write_cursor(listed, _last(page)) if page.more else None


def write_cursor(listed: Listed, place: Place) -> str:
    """Return the cursor that goes on after a place."""
    words = json.dumps([_mark(listed), *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read_cursor(listed: Listed, shape: tuple[type, ...]) -> Place:
    """Return the place that a request's cursor names; Problem when it is none of this list."""
    cursor = listed.cursor or ""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        mark, *place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _bad_cursor() from None
    fits = len(place) == len(shape) and all(map(_is, place, shape))
    if mark != _mark(listed) or not fits:
        raise _bad_cursor()
    return list(place)


def _is(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int and 0 <= value < 2**63
    return isinstance(value, kind)


def _bad_cursor() -> Problem:
    return Problem(
        "bad-cursor", "take the cursor from `next` of the same list with the same filters"
    )  # fmt: skip


def _link(request: Request, cursor: object) -> dict[str, str]:
    if cursor is None:
        return {}
    url = request.url.include_query_params(cursor=cursor)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}


# -- validators -----------------------------------------------------------------------


def etag(context: Context, request: Request, form: str, *more: str) -> str:
    """Return a weak validator: it changes with the archive, with what is asked and by whom.

    ``more``: what else the answer depends on, as the day.
    """
    who = request.state.who
    asked = (context.state(), request.url.path, request.url.query, form, who is None, *more)
    return f'W/"{sha256(repr(asked).encode()).hexdigest()[:24]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Say whether the client has this very answer already (If-None-Match, RFC 9110, 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    known = {one.strip().removeprefix("W/") for one in given.split(",")}
    return tag.removeprefix("W/") in known


def single(
    context: Context, request: Request, make: Callable[[], Any], *more: str
) -> Response:  # fmt: skip
    """Return one thing as JSON with its validator; ``make`` is called only where it is needed."""
    tag = etag(context, request, "json", *more)
    # Only an answer carried this tag, so the thing is there.
    if unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Json(make(), headers={"ETag": tag})
