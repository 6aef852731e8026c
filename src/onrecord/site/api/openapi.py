"""The description of the API: its schemas, its examples, its problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from onrecord.site.api import shapes
from onrecord.site.api.problems import KINDS, MEDIA_TYPE, scope_of
from onrecord.version import VERSION

#: Schemas by name, filled by those who describe an endpoint.
DEFINITIONS: dict[str, Any] = {}

Responses = dict[int | str, dict[str, Any]]

_PROBLEM = {
    "type": "object",
    "description": "What is wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}  # fmt: skip
_HEADERS = {"ETag": {"description": "Validator.", "schema": {"type": "string"}}}


def named(name: str | None, schema: dict[str, Any]) -> dict[str, Any]:
    """Keep a schema under a name; return the reference to it."""
    if name is None:
        return schema
    DEFINITIONS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


def listed_as(name: str | None, schema: dict[str, Any]) -> Responses:
    """Return the answers of a list whose rows have ``schema``."""
    row = named(name, schema)
    page = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": row},
            "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
        },
        "required": ["items", "next"],
    }
    content = {
        "application/json": {"schema": page},
        "application/x-ndjson": {"schema": {"type": "string", "description": "A row a line."}},
    }
    return {200: {"description": "A page of rows, or all rows as lines.", "headers": _HEADERS,
                  "content": content}, **_unchanged()}  # fmt: skip


def one_as(name: str | None, schema: dict[str, Any], status: int = 200) -> Responses:
    """Return the answers of an endpoint that gives one thing of ``schema``."""
    content = {"application/json": {"schema": named(name, schema)}}
    found: Responses = {status: {"description": "As asked.", "content": content}}
    if status == 200:
        found[200]["headers"] = _HEADERS
        found |= _unchanged()
    return found


def nothing() -> Responses:
    """Return the answers of an endpoint that has nothing to tell."""
    return {204: {"description": "It is done."}}


def _unchanged() -> Responses:
    return {304: {"description": "What the client has under the ETag it sent still holds."}}


def describe(api: APIRouter, examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI description of a router; ``examples``: ``GET /path`` → an answer."""
    found = get_openapi(
        title="onrecord", version=VERSION, routes=api.routes,
        summary="Who did and said what to whom, when, where, and on whose word.",
    )  # fmt: skip
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    shapes.record(DEFINITIONS)
    schemas.update(DEFINITIONS, Problem=_PROBLEM)
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for route in api.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            _complete(found["paths"], route, examples)
    return found


def _complete(paths: dict[str, Any], route: APIRoute, examples: Mapping[str, Any]) -> None:
    for method in route.methods or ():
        operation = paths[route.path_format][method.lower()]
        scope, _ = scope_of(route)
        operation["security"] = [{}, {"token": []}] if scope == "read" else [{"token": []}]
        answers = operation["responses"]
        answers.pop("422", None)
        for name in ("bad-request", "unauthorized", "forbidden", "not-found", "too-large",
                     "media-type", "too-many", "busy"):  # fmt: skip
            answers.setdefault(str(KINDS[name].status), _problem(name))
        example = examples.get(f"{method} {route.path_format}")
        good = answers.get("200") or answers.get("201")
        if example is not None and good is not None:
            good["content"]["application/json"]["example"] = example


def _problem(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": kind.title, "content": {MEDIA_TYPE: {"schema": schema}}}
