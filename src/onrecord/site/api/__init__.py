"""The REST API under ``/api/v1`` (docs/api.md).

``router(context)`` gives the router that an application includes.  Its routes bring their own
door (who asks, what they may, how much), their errors and their description with them.
"""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Match

from onrecord.site.api import actors, alerting, finding, records, stories, writing
from onrecord.site.api.context import Context
from onrecord.site.api.examples import EXAMPLES
from onrecord.site.api.openapi import describe
from onrecord.site.api.problems import Json, Problem, guarded
from onrecord.version import VERSION

__all__ = ["PREFIX", "Context", "router"]

PREFIX = "/api/v1"


def router(context: Context) -> APIRouter:
    """Return the API's router."""
    api = APIRouter(prefix=PREFIX, route_class=guarded(context))
    for part in (writing, records, stories, actors, finding, alerting):
        part.add(api, context)
    described: list[object] = []

    @api.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        """The description of the API (OpenAPI 3.1)."""
        if not described:
            described.append(describe(api, EXAMPLES))
        return Json(described[0])

    @api.get("", include_in_schema=False)
    def entrance(request: Request) -> Response:
        """What there is."""
        base = context.base(request) + PREFIX
        lists = ("articles", "records", "statements", "events", "incidents", "stories", "disputes",
                 "actors", "dyads", "search", "changes")  # fmt: skip
        links = {name: f"{base}/{name}" for name in lists}
        return Json({"onrecord": VERSION, "openapi": f"{base}/openapi.json", **links})

    api.add_api_route("/{rest:path}", partial(_elsewhere, api), methods=_METHODS,
                      include_in_schema=False)  # fmt: skip
    return api


_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


async def _elsewhere(api: APIRouter, request: Request) -> Response:
    """Answer what no endpoint does: HEAD as GET, another method with 405, the rest with 404."""
    known = [
        (route, scope)
        for route in api.routes[:-1]
        if isinstance(route, APIRoute)
        for match, scope in [route.matches(request.scope)]
        if match is not Match.NONE
    ]
    methods = {method for route, _ in known for method in route.methods or ()}
    if not known:
        raise Problem("not-found", f"there is no such address; see {PREFIX}/openapi.json")
    if request.method == "HEAD" and "GET" in methods:
        route, scope = next(one for one in known if "GET" in (one[0].methods or ()))
        asked = {**request.scope, **scope, "method": "GET"}
        answer = await route.get_route_handler()(Request(asked, request.receive))
        return Response(status_code=answer.status_code, headers=dict(answer.headers))
    allowed = ", ".join(sorted(methods))
    raise Problem("method", f"this address knows {allowed}", headers={"Allow": allowed})
