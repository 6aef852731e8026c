"""Fixtures that the archive's tests import: ``url`` is tried on both databases."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from onrecord.archive import Archive
from tests.archive_fixtures import Clock, binaries, cluster


@cache
def _server() -> Callable[[], str]:
    """One cluster for all modules that import the fixtures; it ends with the tests."""
    running = cluster()
    made = next(running)
    atexit.register(running.close)
    return made


@pytest.fixture(scope="session")
def new_database() -> Callable[[], str]:
    if binaries() is None and os.getuid() != 0:
        # As root, scripts/setup installs it, so that it is not left out by mistake.
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    return _server()


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
