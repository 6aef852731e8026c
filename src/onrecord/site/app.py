"""The application: pages, data, the API, and what keeps strangers out of all three."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from onrecord.errors import ArchiveError, ArticleError, InputError, SettingError
from onrecord.site import (
    account,
    actor_pages,
    api,
    assets,
    correcting,
    embedding,
    feeds,
    gate,
    list_pages,
    pages,
    sending,
)
from onrecord.site.api.context import Context
from onrecord.site.auth import Access, Denied
from onrecord.site.config import Site
from onrecord.site.shell import HEADERS, HERE, Shell
from onrecord.site.tensions import Tensions
from onrecord.version import VERSION

if TYPE_CHECKING:
    from onrecord.archive import Archive
    from onrecord.record import Article, Record

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def create_app(
    archive: Archive,
    site: Site | None = None,
    *,
    read: Callable[[Article], Record] | None = None,
) -> FastAPI:
    """Return the site of an archive, an ASGI application: pages, feeds, and the API.

    It answers to this machine's own names, to addresses that are numbers, and to the
    ``hosts`` of ``site``; a request for another host is refused, so that no page elsewhere
    can read the site through a name that it points here.  ``read`` reads a text that the
    API is given, by default with the shipped reader.
    """
    site = site or Site()
    shell = Shell(site)
    access = Access(
        archive, people=site.people, proxy_header=site.proxy_header or None, hosts=site.hosts,
        address=site.address,
    )  # fmt: skip
    context = Context(
        archive,
        access,
        name=site.name,
        address=site.address,
        full_texts=site.text == "full",
        public=site.public,
    )
    if read is not None:
        context = replace(context, read=read)
    app = FastAPI(title=site.name, version=VERSION, docs_url=None, redoc_url=None,
                  openapi_url=None)  # fmt: skip
    app.state.archive, app.state.context = archive, context
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(assets.router(site))
    app.include_router(api.router(context))
    app.include_router(feeds.router(context))
    app.include_router(sending.router(context, shell))
    _include_pages(app, context, shell)
    _handle_errors(app, shell)
    app.add_middleware(Guard, hosts=site.hosts)
    return app


def _include_pages(app: FastAPI, context: Context, shell: Shell) -> None:
    archive = context.archive
    tensions = Tensions(archive, shell.waiting)
    asked = [Depends(gate.reading(context.access, shell.site.public))]
    for routes in (
        pages.router(archive, shell, tensions),
        list_pages.router(archive, shell),
        actor_pages.router(archive, shell, tensions),
        correcting.router(context, shell),
        account.router(context, shell),
        embedding.router(archive, shell, tensions),
    ):
        app.include_router(routes, dependencies=asked)


def _handle_errors(app: FastAPI, shell: Shell) -> None:
    """Answer what goes wrong on pages with a page."""

    def page(request: Request, status: int, title: str, message: str) -> HTMLResponse:
        return shell.page(request, "error.html", None, status=status, title=title, message=message)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        title = {404: "There is no such page"}.get(error.status_code, "That did not work")
        return page(request, error.status_code, title, str(error.detail))

    @app.exception_handler(InputError)
    async def wrong(request: Request, error: InputError) -> Response:
        missing = isinstance(error, ArticleError)
        title = "There is no such page" if missing else "That was not understood"
        return page(request, 404 if missing else 400, title, str(error))

    @app.exception_handler(SettingError)
    async def unknown(request: Request, error: SettingError) -> Response:
        return page(request, 400, "That was not understood", str(error))

    @app.exception_handler(Denied)
    async def denied(request: Request, error: Denied) -> Response:
        is_page = request.method == "GET" and shell.can_sign_in
        if error.status == 401 and is_page and getattr(request.state, "who", None) is None:
            return gate.to_sign_in(request)
        answer = page(request, error.status, "Not allowed", str(error))
        if error.wait is not None:
            answer.headers["Retry-After"] = str(max(1, round(error.wait)))
        return answer

    @app.exception_handler(ArchiveError)
    async def unavailable(request: Request, error: ArchiveError) -> Response:
        return page(request, 503, "The archive does not answer", str(error))


class Guard:
    """Refuses foreign hosts and puts the headers on every answer."""

    def __init__(self, app: Any, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = frozenset(name.casefold() for name in hosts) | {"localhost"}
        self._headers = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        is_head = scope["method"] == "HEAD" and not scope["path"].startswith(api.PREFIX)

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._with(message["headers"])}
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if not self._is_ours(_header(scope, b"host")):
            refusal = Response(
                "the site does not answer to this host name\n", 403, media_type="text/plain"
            )
            await refusal(scope, receive, sending)
            return
        # What may be read may be asked for by HEAD too; the API has its own way.
        asked = {**scope, "method": "GET"} if is_head else scope
        await self._app(asked, receive, sending)

    def _with(self, headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Return an answer's headers with those that every answer has."""
        there = dict(headers)
        own = [one for one in self._headers if one[0] not in there]
        is_page = there.get(b"content-type", b"").startswith(b"text/html")
        if is_page and b"cache-control" not in there:
            own.append((b"cache-control", b"private, no-cache"))
        return [*headers, *own]

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._hosts or _is_number(name)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _header(scope: _Scope, name: bytes) -> str:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found.decode("latin-1")
