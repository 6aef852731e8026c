"""The site of the sample reports: pages, what they link to, and what they refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from onrecord.analysis import happenings, joining
from onrecord.archive import Archive
from tests.site_samples import clients, sample_archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with sample_archive(tmp_path_factory.mktemp("site") / "news.db") as made:
        yield made


@pytest.fixture(scope="module")
def client(archive: Archive) -> Iterator[TestClient]:
    yield from clients(archive)


def _story(archive: Archive) -> str:
    return max(joining.stories(archive), key=lambda story: len(story.articles)).id


def _page(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert len(answer.content) <= 150 * 1024, address
    return answer.text


def test_front_page_leads_to_every_story_of_the_time(client: TestClient, archive: Archive) -> None:
    page = _page(client, "/")
    for story in joining.stories(archive):
        assert f'href="/story/{story.id}"' in page


def test_no_address_on_any_page_leads_nowhere(client: TestClient) -> None:
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen or len(seen) > 400:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer.headers["content-type"].startswith("text/html"):
            found = re.findall(r'(?:href|src|action)="(/[^"#]*)', answer.text)
            waiting += [one.replace("&amp;", "&") for one in found]
    assert any(one.startswith("/incident/") for one in seen)


def test_story_shows_each_incident_with_its_sentence(client: TestClient, archive: Archive) -> None:
    story = _story(archive)
    page = _page(client, f"/story/{story}")
    rows = [row for row in happenings.incidents(archive) if row.story == story]
    assert page.count("<mark>") >= len(rows) // 2
    listed = client.get(f"/story/{story}/incidents.json").json()
    assert {row["id"] for row in listed} == {row.id for row in rows}


def test_data_of_a_panel_is_csv_and_json_with_the_same_rows(
    client: TestClient, archive: Archive
) -> None:
    base = f"/story/{_story(archive)}"
    for panel in ("incidents", "disputes", "articles", "statements", "figures"):
        rows = json.loads(client.get(f"{base}/{panel}.json").text)
        lines = client.get(f"{base}/{panel}.csv").text
        assert lines.splitlines()[0].split(",") == list(rows[0])


def test_what_was_published_later_is_not_on_the_page_of_an_earlier_day(
    client: TestClient, archive: Archive
) -> None:
    page = _page(client, f"/story/{_story(archive)}?as_of=2026-02-06")
    assert "As published by" in page
    days = set(re.findall(r'<time datetime="([^"]+)"', page))
    assert days
    assert max(days) <= "2026-02-06"


@pytest.mark.parametrize(
    ("address", "status"),
    [("/story/none", 404), ("/article/none", 404), ("/nowhere", 404), ("/?as_of=soon", 400)],
)
def test_what_is_not_there_is_answered_with_a_page(
    client: TestClient, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_another_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/", headers={"host": "[::1]:8000"}).status_code == 200


def test_policy_allows_nothing_inline_and_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    assert not re.search(r"<script(?! src=\"/)", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_who_took_part_is_listed_with_incidents_to_follow(client: TestClient) -> None:
    page = _page(client, "/actors")
    assert 'href="/actor/irene_caldeyro"' in page
    found = re.search(r'href="(/incidents\?name=Irene\+Caldeyro)">(\d+) incident', page)
    assert found
    listed = client.get(found[1].replace("/incidents?", "/incidents.json?")).json()
    assert len(listed) == int(found[2])
    assert all("Irene Caldeyro" in row["actors"] + row["recipients"] for row in listed)


def test_every_number_of_the_front_page_is_that_of_its_list(client: TestClient) -> None:
    page = _page(client, "/")
    for path in ("/incidents", "/articles"):
        number = re.search(rf'href="{path}"><b>([\d,]+)</b>', page)
        assert number
        listed = client.get(f"{path}.json").json()
        assert len(listed) == int(number[1].replace(",", ""))
