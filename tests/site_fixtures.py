"""An archive with the invented report, and the site's API before it, for the tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.record import Article, Record
from onrecord.site import api
from onrecord.site.auth import Access
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


def context(archive: Archive, **access: Any) -> api.Context:
    """The API's context, with a reader that knows the invented report."""
    reader = ScriptedReader()
    return api.Context(archive, Access(archive, **access), read=reader.read)


def client(made: api.Context, address: str = "127.0.0.1", host: str = "localhost") -> TestClient:
    """A client of an application that has the API and nothing else."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(api.router(made))
    return TestClient(
        app, base_url=f"http://{host}", client=(address, 50_000), raise_server_exceptions=False,
        follow_redirects=False,
    )  # fmt: skip


@pytest.fixture
def web(archive: Archive) -> TestClient:
    return client(context(archive))


def article(id_: str, text: str) -> Article:
    """An article of some other text."""
    return Article(text=text, id=id_, published="2025-03-14", published_basis="given")
