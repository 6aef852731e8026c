"""The API on PostgreSQL: everything that the docs ask, and alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.site import alerts, delivering
from onrecord.site.tokens import SCOPES
from tests import api_docs
from tests.archive_cases import new_database
from tests.archive_fixtures import Clock
from tests.record_examples import example
from tests.site_fixtures import again, bearer, client, context

__all__ = ["new_database"]


@pytest.fixture
def archive(new_database: Callable[[], str]) -> Iterator[Archive]:
    with Archive.open(new_database(), clock=Clock()) as opened:
        opened.add_records([example(), again("tidewater-0314")])
        join(opened)
        yield opened


def test_what_the_docs_ask_is_answered_as_on_sqlite(archive: Archive) -> None:
    web = client(context(archive))
    web.headers.update(bearer(archive, *SCOPES))
    for asked in api_docs.requests():
        real = api_docs.named(asked, api_docs.ids(web))
        answer = api_docs.send(web, real)
        assert answer.status_code in (200, 201, 204), f"{real}: {answer.text}"


@pytest.mark.parametrize(
    "name", ["articles", "events", "incidents", "stories", "disputes", "actors", "dyads"]
)
def test_pages_are_the_whole_list(archive: Archive, name: str) -> None:
    web = client(context(archive))
    for order in ("newest", "oldest") if name not in ("actors", "dyads") else (None,):
        asked = {"limit": "2"} | ({"order": order} if order else {})
        found, cursor = [], ""
        while cursor is not None:
            page = web.get(f"/api/v1/{name}", params=asked | ({"cursor": cursor} if cursor else {}))
            found += page.json()["items"]
            cursor = page.json()["next"]
        whole = web.get(f"/api/v1/{name}", params={**asked, "limit": "1000"}).json()["items"]
        assert found == whole
        assert found


def test_changes_wait_until_they_are_settled(archive: Archive) -> None:
    web = client(context(archive))
    assert web.get("/api/v1/changes").json()["items"] == []
    clock = archive._clock
    assert isinstance(clock, Clock)
    clock.move(seconds=6)
    assert len(web.get("/api/v1/changes").json()["items"]) == 2


def test_a_message_goes_to_one_of_two_runs(archive: Archive) -> None:
    context(archive)
    alerts.add(archive, "Ana", "x", {"search": {"q": "trawler"}}, "webhook", "https://x.example/")
    archive.add_records([again("b")])
    clock = archive._clock
    assert isinstance(clock, Clock)
    clock.move(seconds=6)
    assert alerts.look(archive) == 1
    assert delivering._taken(archive) is not None
    assert delivering._taken(archive) is None
