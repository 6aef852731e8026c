"""Fixtures that the archive's tests import: ``url`` is tried on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onrecord.archive import Archive
from tests.archive_fixtures import Clock, cluster


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[], str]]:
    yield from cluster()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "news.db")
    made: Callable[[], str] = request.getfixturevalue("new_database")
    return made()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(url: str, clock: Clock) -> Iterator[Archive]:
    with Archive.open(url, clock=clock) as opened:
        yield opened
