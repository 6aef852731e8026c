"""Errors as RFC 9457 has them, and the door that every request to the API goes through."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from onrecord.archive import selecting
from onrecord.archive.query import QueryError
from onrecord.errors import (
    ArchiveError,
    ArticleError,
    BusyArchiveError,
    InputError,
    ModelError,
    RecordError,
    SettingError,
)
from onrecord.site.api.context import Context
from onrecord.site.auth import Denied, Who
from onrecord.site.limits import TooLarge, bounded

logger = logging.getLogger("onrecord.site")

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """A kind of problem: its status and what it is called."""

    status: int
    title: str


#: Name → kind; ``type`` of a problem is ``urn:onrecord:problem:NAME`` (docs/api.md lists them).
KINDS: Mapping[str, Kind] = {
    "bad-request": Kind(400, "The request cannot be understood"),
    "bad-query": Kind(400, "The search cannot be understood"),
    "bad-cursor": Kind(400, "The cursor is none of this list"),
    "bad-input": Kind(400, "What was given cannot be used"),
    "unauthorized": Kind(401, "A token or a sign-in is needed"),
    "forbidden": Kind(403, "That is not allowed"),
    "not-found": Kind(404, "There is nothing here"),
    "method": Kind(405, "The method is not known here"),
    "too-large": Kind(413, "The request is too large"),
    "media-type": Kind(415, "The body must be application/json"),
    "too-many": Kind(429, "Too many requests"),
    "defect": Kind(500, "Something is wrong with the site"),
    "busy": Kind(503, "Others use it; try again"),
    "unavailable": Kind(503, "The archive or the reader cannot be used"),
}
_BY_STATUS = {
    400: "bad-request", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method",
    413: "too-large", 415: "media-type", 429: "too-many",
}  # fmt: skip


class Problem(Exception):
    """An answer that tells what is wrong with a request."""

    def __init__(
        self, name: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.name = name
        self.headers = dict(headers or {})
        self.more = more

    def response(self) -> JSONResponse:
        """Return the problem as an answer."""
        kind = KINDS[self.name]
        body = {
            "type": f"urn:onrecord:problem:{self.name}", "title": kind.title,
            "status": kind.status, "detail": str(self)[:2_000], **self.more,
        }  # fmt: skip
        headers = {"Cache-Control": "no-store", **HEADERS, **self.headers}
        return Json(body, status_code=kind.status, headers=headers, media_type=MEDIA_TYPE)


#: Filters whose values the archive checks: a SettingError over one of them is the request's.
_FILTERS = frozenset(name for known in selecting.FILTERS.values() for name in known)
#: Headers of every answer of the API: nothing in it is a page.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


class Json(JSONResponse):
    """JSON in UTF-8; what no encoding can carry becomes U+FFFD, as in records."""

    def render(self, content: Any) -> bytes:
        """Return the bytes."""
        from onrecord.site.api.shapes import dumped

        return dumped(content).encode()


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is; what is no error of the request is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Denied):
        return _denied(error)
    if isinstance(error, TooLarge):
        return Problem("too-large", str(error), headers={"Connection": "close"})
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        name = _BY_STATUS.get(error.status_code, "bad-request")
        return Problem(name, str(error.detail), headers=error.headers)
    return _of_library(error)


def _denied(error: Denied) -> Problem:
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="onrecord"'
    if error.wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.wait)))
    return Problem(_BY_STATUS[error.status], str(error), headers=headers)


def _invalid(error: RequestValidationError) -> Problem:
    errors = [
        {"where": ".".join(map(str, one["loc"]))[:200], "message": str(one["msg"])[:500]}
        for one in error.errors()[:20]
    ]
    told = "; ".join(f"{one['where']}: {one['message']}" for one in errors[:3])
    return Problem("bad-request", told or "the request is not well-formed", errors=errors)


def _of_library(error: Exception) -> Problem:
    if isinstance(error, QueryError):
        return Problem("bad-query", str(error))
    if isinstance(error, ArticleError):
        return Problem("not-found", "the archive has no such article")
    if isinstance(error, RecordError | InputError):
        return Problem("bad-input", str(error))
    if isinstance(error, SettingError) and error.name in _FILTERS:
        return Problem("bad-request", str(error))
    if isinstance(error, BusyArchiveError | TimeoutError | NoConnection):
        return Problem("busy", "others use it; try again", headers={"Retry-After": "5"})
    if isinstance(error, ArchiveError | ModelError):
        logger.error("%s", error)
        return Problem("unavailable", "the server's log says why")
    logger.exception("a request failed", exc_info=error)
    return Problem("defect", "this is a defect of the site; its log says more")


def guarded(context: Context, *, public: bool = False) -> type[APIRoute]:
    """Return the class of the API's routes: who asks, what they may, how much; then the answer.

    ``public``: whether everybody may read.
    """

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def guard(request: Request) -> Response:
                try:
                    await run_in_threadpool(_enter, context, self, request, public)
                    receive = bounded(request.receive, request.headers.get("content-length"))
                    return _finished(await handler(Request(request.scope, receive)))
                except Exception as error:
                    return problem_of(_cause(error)).response()

            return guard

    return Guarded


def _cause(error: Exception) -> Exception:
    """FastAPI wraps what reading a body raises in an answer of its own: look inside."""
    within: BaseException | None = error
    while within is not None:
        if isinstance(within, TooLarge):
            return within
        within = within.__cause__ or within.__context__
    return error


def scope_of(route: APIRoute) -> tuple[str, str]:
    """Return the scope that a route asks for, and the limit that it counts against."""
    extra = route.openapi_extra or {}
    return extra.get("x-scope", "read"), extra.get("x-limit", "requests")


def _enter(context: Context, route: APIRoute, request: Request, public: bool) -> None:
    scope, limit = scope_of(route)
    scope = "none" if public and scope == "read" else scope
    context.access.admit(request)
    request.state.who = None
    who = context.access.require(request, scope)
    request.state.who = who
    context.access.count(request, who, limit)
    if route.path.endswith("{rest:path}"):
        return
    _known_parameters(route, request)
    if request.method in ("POST", "PUT", "PATCH"):
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem("media-type", "send application/json")


def _known_parameters(route: APIRoute, request: Request) -> None:
    """Refuse a parameter that is misspelt or given twice: it would be passed over in silence."""
    known = {param.alias for param in route.dependant.query_params}
    given = Counter(name for name, _ in request.query_params.multi_items())
    for name, number in given.items():
        if name not in known:
            names = ", ".join(sorted(known)) or "none"
            raise Problem("bad-request", f"{name[:80]!r} is no parameter here; there are {names}")
        if number > 1:
            raise Problem("bad-request", f"{name} is given {number} times; give it once")


def _finished(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["Vary"] = "Accept, Authorization, Cookie"
    return response


def who(request: Request) -> Who:
    """Return who asks, where somebody must; Denied 401 else."""
    found: Who | None = request.state.who
    if found is None:
        raise Denied(401, "this needs a token, or to be signed in")
    return found
