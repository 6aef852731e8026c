"""What pages send: signing in, corrections, saved searches and alerts, as plain HTML forms.

Each form has ``csrf`` (``request.state.who.csrf``) and ``next``, the path to go on to.  They
work with scripts off: the answer is a redirect.  What cannot be done is an InputError, which
the application shows as a page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, cast
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from onrecord import settings
from onrecord.errors import InputError
from onrecord.site import alerts, corrections, gate
from onrecord.site.api.context import Context
from onrecord.site.auth import Denied, same_site
from onrecord.site.shell import Shell

Fields = Mapping[str, str]
#: Does what a form asks in somebody's name; returns what to tell of it on the next page.
Act = Callable[[Context, Fields, str], str]
_Action = Literal["accept", "reject", "edit", "split", "merge"]
_ACTIONS = ("accept", "reject", "edit", "split", "merge")
_Channel = Literal["webhook", "email", "feed"]
_MOST_FIELDS = 100


async def form(request: Request) -> dict[str, str]:
    """Return a form's fields, the last value of each; InputError for what is none."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        raise InputError("this is no form")
    most, body = settings.get("max_request_bytes"), bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise InputError(f"the form is larger than {most:,} bytes")
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InputError("the form cannot be read") from error
    return {name: values[-1] for name, values in fields.items()}


def router(context: Context, shell: Shell) -> APIRouter:
    """Return the addresses that forms are sent to, and the page for signing in."""
    routes = APIRouter()
    _add_signing(routes, context, shell)
    for path, scope, act in (
        ("/correct", "correct", _correct), ("/correct/undo", "correct", _undo),
        ("/stories/merge", "correct", _merge), ("/stories/split", "correct", _split),
        ("/stories/undo", "correct", _undo_story), ("/searches/save", "alerts", _save),
        ("/searches/drop", "alerts", _drop), ("/alerts/add", "alerts", _add),
        ("/alerts/remove", "alerts", _remove),
    ):  # fmt: skip
        routes.add_api_route(path, _endpoint(context, shell, scope, act), methods=["POST"])
    return routes


def _add_signing(routes: APIRouter, context: Context, shell: Shell) -> None:
    access = context.access

    def page(request: Request, goal: str, status: int = 200, problem: str = "") -> Response:
        return shell.page(
            request, "sign_in.html", None, status=status, next=goal, problem=problem,
            is_possible=access.people is not None,
        )  # fmt: skip

    @routes.get("/sign-in")
    def sign_in_page(request: Request, next: str = "/") -> Response:
        access.admit(request)
        request.state.who = access.who(request)
        return page(request, same_site(next))

    @routes.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        access.admit(request)
        fields = await form(request)
        goal = same_site(fields.get("next", "/"))
        answer = RedirectResponse(goal, 303)
        given = fields.get("name", ""), fields.get("password", "")
        try:
            # A password takes a tenth of a second to check: not in the event loop.
            await run_in_threadpool(access.sign_in, request, answer, *given)
        except Denied as error:
            request.state.who = None
            return page(request, goal, error.status, str(error))
        return answer

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        access.admit(request)
        fields, who = await form(request), access.who(request)
        if who is not None:
            access.check_form(who, fields.get("csrf", ""))
        answer = RedirectResponse("/", 303)
        await run_in_threadpool(access.sign_out, request, answer)
        return answer


def _endpoint(context: Context, shell: Shell, scope: str, act: Act) -> Callable[..., Any]:
    async def endpoint(request: Request) -> Response:
        context.access.admit(request)
        fields = await form(request)
        told = await run_in_threadpool(_done, context, request, scope, act, fields)
        shell.waiting.forget()
        path, sign, fragment = same_site(fields.get("next", "/")).partition("#")
        asked = f"{'&' if '?' in path else '?'}done={quote(told)}"
        return RedirectResponse(f"{path}{asked}{sign}{fragment}", 303)

    return endpoint


def _done(context: Context, request: Request, scope: str, act: Act, fields: Fields) -> str:
    who = gate.signed_in(context.access, request, scope)
    context.access.check_form(who, fields.get("csrf", ""))
    context.access.count(request, who, "writes")
    return act(context, fields, who.name)


def _number(fields: Fields) -> int:
    found = fields.get("number", "")
    if not (found.isascii() and found.isdigit() and len(found) < 19):
        raise InputError("the form names no number")
    return int(found)


def _note(fields: Fields) -> str | None:
    return fields.get("note", "").strip()[:2_000] or None


# -- corrections ----------------------------------------------------------------------


def _correct(context: Context, fields: Fields, by: str) -> str:
    action = fields.get("action", "")
    if action not in _ACTIONS:
        raise InputError("the form does not say what to do")
    number = corrections.correct(
        context, fields.get("article", ""), fields.get("row", ""), cast(_Action, action), by=by,
        field=fields.get("field") or None, value=value_of(action, fields.get("value", "")),
        note=_note(fields),
    )  # fmt: skip
    return f"correction {number}"


def value_of(action: str, words: str) -> Any:
    """Return what a form's words mean: JSON or plain words, numbers, a row's id."""
    if action == "split":
        return [int(one) for one in words.replace(",", " ").split() if one.isdigit()]
    if action == "merge":
        return words.strip()
    if action != "edit":
        return None
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return words


def _undo(context: Context, fields: Fields, by: str) -> str:
    corrections.undo(context, _number(fields), by=by, note=_note(fields))
    return f"correction {_number(fields)} taken back"


def _merge(context: Context, fields: Fields, by: str) -> str:
    wanted = [one.rstrip("/").rpartition("/")[2] for one in fields.get("stories", "").split()]
    return f"edit {corrections.merge_stories(context, wanted, by=by, note=_note(fields))}"


def _split(context: Context, fields: Fields, by: str) -> str:
    taken = [name.removeprefix("article ") for name in fields if name.startswith("article ")]
    story = fields.get("story", "")
    return f"edit {corrections.split_story(context, story, taken, by=by, note=_note(fields))}"


def _undo_story(context: Context, fields: Fields, by: str) -> str:
    corrections.undo_story(context, _number(fields), by=by, note=_note(fields))
    return f"edit {_number(fields)} taken back"


# -- searches and alerts --------------------------------------------------------------

_ASKED = ("q", "what", "publisher", "actor", "recipient", "speaker", "stance", "type", "status",
          "country", "since", "until")  # fmt: skip


def _search(fields: Fields) -> dict[str, str]:
    return {name: fields[name] for name in _ASKED if fields.get(name)}


def _save(context: Context, fields: Fields, by: str) -> str:
    asked = _search(fields)
    name = fields.get("name") or asked.get("q", "")[:200]
    alerts.save(context.archive, by, name, asked)
    return "search saved"


def _drop(context: Context, fields: Fields, by: str) -> str:
    alerts.drop(context.archive, by, _number(fields))
    return "search dropped"


def _add(context: Context, fields: Fields, by: str) -> str:
    rule = {"dyad": _dyad(fields)} if fields.get("measure") else {"search": _search(fields)}
    channel = cast(_Channel, fields.get("channel", "feed"))
    target = fields.get("target") or None
    alerts.add(context.archive, by, fields.get("name", ""), rule, channel, target)
    return "alert added"


def _dyad(fields: Fields) -> dict[str, Any]:
    try:
        threshold, days = float(fields.get("threshold", "")), int(fields.get("days") or 7)
    except ValueError:
        raise InputError("threshold and days are numbers") from None
    countries = [fields.get("one", "").upper(), fields.get("other", "").upper()]
    return {"countries": countries, "measure": fields["measure"], "threshold": threshold,
            "days": days}  # fmt: skip


def _remove(context: Context, fields: Fields, by: str) -> str:
    alerts.remove(context.archive, by, _number(fields))
    return "alert removed"
