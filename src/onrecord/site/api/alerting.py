"""Endpoints of saved searches and alerts: each person's own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from onrecord.errors import InputError
from onrecord.site import alerts, delivering
from onrecord.site.api import parameters as p
from onrecord.site.api import shapes
from onrecord.site.api.context import Context
from onrecord.site.api.openapi import DEFINITIONS, listed_as, named, nothing, one_as
from onrecord.site.api.problems import Json, Problem, who
from onrecord.site.api.writing import Strict, example, number_schema

_READ = {"x-scope": "alerts"}
_WRITE = {"x-scope": "alerts", "x-limit": "writes"}
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Asked = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=2_000)]],
    Field(max_length=20, examples=[{"q": "barges", "since": "2026-02-01"}]),
]


class SearchIn(Strict):
    """A search to keep."""

    model_config = example({"name": "barges", "asked": {"q": "barge*", "since": "2026-02-01"}})

    name: _Name
    #: ``q``, ``what`` and filters, as GET /search takes them.
    asked: _Asked


class DyadIn(Strict):
    """Two countries and when to tell of them."""

    countries: Annotated[list[str], Field(min_length=2, max_length=2, examples=[["URY", "PRY"]])]
    threshold: Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
    measure: Literal["conflict", "incidents", "tension"] = "conflict"
    days: Annotated[int, Field(ge=1, le=366)] = 7


class RuleIn(Strict):
    """What is looked for: one of both."""

    search: _Asked | None = None
    dyad: DyadIn | None = None


class AlertIn(Strict):
    """An alert."""

    model_config = example(
        {
            "name": "the two of them",
            "rule": {"dyad": {"countries": ["URY", "PRY"], "threshold": 3}},
            "channel": "webhook",
            "target": "https://hooks.example/onrecord",
        }
    )

    name: _Name
    rule: RuleIn
    channel: Literal["webhook", "email", "feed"]
    #: The webhook's address, or the mailbox.
    target: Annotated[str | None, Field(max_length=4_000)] = None


def add(api: APIRouter, context: Context) -> None:
    """Add the endpoints to the router."""
    _add_searches(api, context)
    _add_alerts(api, context)


def _list(items: list[Any]) -> Response:
    return Json({"items": items, "next": None}, headers={"Cache-Control": "no-store"})


def _add_searches(api: APIRouter, context: Context) -> None:
    schema = named("SavedSearch", {
        "type": "object",
        "properties": {
            "number": {"type": "integer"}, "name": {"type": "string"},
            "asked": {"type": "object", "additionalProperties": {"type": "string"}},
            "created": {"type": "string"},
        },
        "required": ["number", "name", "asked", "created"],
    })  # fmt: skip

    @api.get("/searches", tags=["alerts"], openapi_extra=_READ, responses=listed_as(None, schema))
    def list_searches(request: Request) -> Response:
        """The searches that you keep."""
        return _list([one._asdict() for one in alerts.saved(context.archive, who(request).name)])

    @api.post("/searches", tags=["alerts"], openapi_extra=_WRITE, status_code=201,
              responses=one_as(None, number_schema(), 201))  # fmt: skip
    def save_search(request: Request, body: SearchIn) -> Response:
        """Keep a search."""
        number = alerts.save(context.archive, who(request).name, body.name, body.asked)
        return Json({"number": number}, status_code=201)

    @api.delete("/searches/{number}", tags=["alerts"], openapi_extra=_WRITE, status_code=204,
                responses=nothing())  # fmt: skip
    def drop_search(request: Request, number: p.Number) -> Response:
        """Keep a search no longer."""
        return _gone(alerts.drop, context, request, number)


def _gone(take: Any, context: Context, request: Request, number: int) -> Response:
    try:
        take(context.archive, who(request).name, number)
    except InputError as error:
        raise Problem("not-found", str(error)) from error
    return Response(status_code=204)


def _alert_schema(secret: bool) -> dict[str, Any]:
    text, known = {"type": "string"}, {"type": ["string", "null"]}
    properties = {
        "number": {"type": "integer"}, "name": text, "rule": {"type": "object"},
        "channel": {"enum": list(alerts.CHANNELS)}, "target": known, "created": text,
        **({"secret": text, "feed": text} if secret else {}),
    }  # fmt: skip
    return named("NewAlert" if secret else "Alert", {
        "type": "object", "properties": properties, "required": list(properties),
    })  # fmt: skip


def _shown(one: alerts.Alert) -> dict[str, Any]:
    """An alert without its secret, which is shown once."""
    return {name: value for name, value in one._asdict().items() if name not in ("owner", "secret")}


def _add_alerts(api: APIRouter, context: Context) -> None:
    log = shapes.of_class(delivering.Delivery, DEFINITIONS)

    @api.get("/alerts", tags=["alerts"], openapi_extra=_READ,
             responses=listed_as(None, _alert_schema(False)))  # fmt: skip
    def list_alerts(request: Request) -> Response:
        """Your alerts."""
        return _list([_shown(one) for one in alerts.listed(context.archive, who(request).name)])

    @api.post("/alerts", tags=["alerts"], openapi_extra=_WRITE, status_code=201,
              responses=one_as(None, _alert_schema(True), 201))  # fmt: skip
    def add_alert(request: Request, body: AlertIn) -> Response:
        """Make an alert; its secret and its feed's address are shown this once."""
        made = alerts.add(
            context.archive, who(request).name, body.name,
            body.rule.model_dump(exclude_none=True), body.channel, body.target,
        )  # fmt: skip
        feed = f"{context.base(request)}/feeds/alert/{made.number}.atom?key={alerts.feed_key(made)}"
        answer = {**_shown(made), "secret": made.secret, "feed": feed}
        return Json(answer, status_code=201, headers={"Cache-Control": "no-store"})

    @api.delete("/alerts/{number}", tags=["alerts"], openapi_extra=_WRITE, status_code=204,
                responses=nothing())  # fmt: skip
    def remove_alert(request: Request, number: p.Number) -> Response:
        """Take an alert away, with its queue and log."""
        return _gone(alerts.remove, context, request, number)

    @api.get("/alerts/{number}/deliveries", tags=["alerts"], openapi_extra=_READ,
             responses=listed_as(None, log))  # fmt: skip
    def list_deliveries(request: Request, number: p.Number) -> Response:
        """The last messages of an alert, with every try."""
        try:
            alerts.get(context.archive, number, who(request).name)
        except InputError as error:
            raise Problem("not-found", str(error)) from error
        return _list([one._asdict() for one in delivering.log(context.archive, number)])
