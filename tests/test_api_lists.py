"""Lists and single things of the API: pages, cursors, validators, lines."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from onrecord.archive import Archive
from onrecord.record import Record
from tests.record_examples import example
from tests.site_fixtures import (
    ID,
    again,
    archive,
    client,
    clock,
    context,
    joined_file,
    shared,
    web,
)

__all__ = ["archive", "clock", "joined_file", "shared", "web"]

LISTS = ("articles", "records", "events", "statements", "incidents", "stories", "disputes",
         "actors", "dyads", "changes")  # fmt: skip


def items(web: TestClient, path: str) -> list[dict[str, Any]]:
    answer = web.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_record_is_the_one_that_was_read(shared: TestClient) -> None:
    assert Record.from_json(shared.get(f"/api/v1/records/{ID}").content) == example()


def test_an_article_tells_its_story_and_its_text(shared: TestClient) -> None:
    found = shared.get(f"/api/v1/articles/{ID}").json()
    assert found["text"] == example().article.text
    assert found["story"] == items(shared, "stories")[0]["id"]
    assert (found["origin"], found["carriers"]) == (None, [])


def test_a_list_of_articles_shows_excerpts_unless_texts_are_wanted(shared: TestClient) -> None:
    assert items(shared, "articles")[0]["text"] is None
    assert items(shared, "articles?text=true")[0]["text"] == example().article.text


@pytest.mark.parametrize("name", LISTS)
def test_pages_of_one_row_are_the_whole_list(web: TestClient, archive: Archive, name: str) -> None:
    archive.add_records([again("a/b c#d"), again("%41")])
    whole = items(web, name)
    found: list[dict[str, Any]] = []
    cursor = None
    while len(found) < len(whole):
        asked = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = web.get(f"/api/v1/{name}", params=asked).json()
        found += page["items"]
        cursor = page["next"]
    assert found == whole
    assert len(whole) > 0


@pytest.mark.parametrize("name", LISTS)
def test_a_stream_of_lines_is_the_whole_list(shared: TestClient, name: str) -> None:
    answer = shared.get(f"/api/v1/{name}", headers={"Accept": "application/x-ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line) for line in answer.text.splitlines()] == items(shared, name)


@pytest.mark.parametrize("name", [*LISTS, f"records/{ID}", f"articles/{ID}", "search?q=trawler"])
def test_what_has_not_changed_is_not_sent_again(
    web: TestClient, archive: Archive, name: str
) -> None:
    tag = web.get(f"/api/v1/{name}").headers["etag"]
    again_ = web.get(f"/api/v1/{name}", headers={"If-None-Match": f'"other", {tag}'})
    assert (again_.status_code, again_.content) == (304, b"")
    archive.add_records([again("another")])
    assert web.get(f"/api/v1/{name}", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("id_", ["a/b c#d", "?", "ä", "..", "../../etc/passwd"])
def test_an_id_of_any_characters_is_found(web: TestClient, archive: Archive, id_: str) -> None:
    archive.add_records([again(id_)])
    answer = web.get(f"/api/v1/records/{quote(id_, safe='').replace('.', '%2E')}")
    assert answer.json()["article"]["id"] == id_


def test_the_first_page_after_a_cursor_is_that_of_the_same_filters_only(shared: TestClient) -> None:
    cursor = shared.get("/api/v1/events?limit=1").json()["next"]
    answer = shared.get("/api/v1/events", params={"cursor": cursor, "type": "COERCE"})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:onrecord:problem:bad-cursor"


def test_head_is_get_without_a_body(shared: TestClient) -> None:
    answer = shared.head("/api/v1/events")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == shared.get("/api/v1/events").headers["etag"]


def test_another_method_is_refused_with_those_that_are_known(shared: TestClient) -> None:
    answer = shared.delete("/api/v1/events")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_an_archive_that_was_never_joined_has_no_stories(tmp_path: Any) -> None:
    with Archive.open(tmp_path / "new.db") as opened:
        web = client(context(opened))
        for name in LISTS:
            assert items(web, name) == []
        assert web.get("/api/v1/stories/x").status_code == 404
