"""An archive with the invented report, and the site's API before it, for the tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.record import Article, Record
from onrecord.site import api, feeds, store, tokens
from onrecord.site.auth import Access, Denied
from tests.archive_fixtures import Clock, ScriptedReader
from tests.record_examples import example

ID = "tidewater-0313"


def again(id_: str, **fields: Any) -> Record:
    """The record of the invented report under another id."""
    record = example()
    return replace(record, article=replace(record.article, id=id_, **fields))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def joined_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the invented report, joined: made once, copied for those who change it."""
    path = tmp_path_factory.mktemp("site") / "news.db"
    with Archive.open(path, clock=Clock()) as opened:
        opened.add_records([example()])
        join(opened)
        store.prepare(opened)
    return path


@pytest.fixture
def archive(joined_file: Path, tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    """The invented report, joined; for tests that change something."""
    shutil.copy(joined_file, tmp_path / "news.db")
    with Archive.open(tmp_path / "news.db", clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared(joined_file: Path) -> Iterator[TestClient]:
    """A client of the invented report, for tests that change nothing."""
    with Archive.open(joined_file, clock=Clock()) as opened:
        yield client(context(opened))


def context(archive: Archive, *, address: str = "", **access: Any) -> api.Context:
    """The site's context, with a reader that knows the invented report."""
    reader = ScriptedReader()
    door = Access(archive, address=address, **access)
    return api.Context(archive, door, read=reader.read, address=address)


def client(made: api.Context, address: str = "127.0.0.1", host: str = "localhost") -> TestClient:
    """A client of an application that has the API, the feeds, the forms, and one page."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(api.router(made))
    app.include_router(feeds.router(made))
    _add_page(app, made.access)
    return TestClient(
        app, base_url=f"http://{host}", client=(address, 50_000), raise_server_exceptions=False,
        follow_redirects=False,
    )  # fmt: skip


def _add_page(app: FastAPI, access: Access) -> None:
    """A page that tells who sees it, and signing in and out, as the site's pages do it."""

    @app.exception_handler(Denied)
    def denied(request: Request, error: Denied) -> PlainTextResponse:
        return PlainTextResponse(str(error), error.status)

    @app.get("/page")
    def page(request: Request) -> str:
        access.admit(request)
        who = access.require(request, "read")
        return "nobody" if who is None else f"{who.name} {who.csrf}"

    @app.post("/sign-in")
    def sign_in(request: Request, response: Response, name: str, password: str) -> None:
        access.admit(request)
        access.sign_in(request, response, name, password)

    @app.post("/form")
    def form(request: Request, csrf: str) -> None:
        access.admit(request)
        who = access.require(request, "write")
        assert who is not None
        access.check_form(who, csrf)

    @app.post("/sign-out")
    def sign_out(request: Request, response: Response) -> None:
        access.admit(request)
        access.sign_out(request, response)


def bearer(archive: Archive, *scopes: str) -> dict[str, str]:
    """The header with a new token."""
    return {"Authorization": f"Bearer {tokens.add(archive, 'a program', scopes or ('read',))}"}


@pytest.fixture
def web(archive: Archive) -> TestClient:
    return client(context(archive))


def article(id_: str, text: str) -> Article:
    """An article of some other text."""
    return Article(text=text, id=id_, published="2025-03-14", published_basis="given")
