"""Hostile requests to the API: none ends in a defect, none gets more than it may."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as fast
from hypothesis import strategies as st

from onrecord.archive import Archive, engine
from onrecord.site.api import Context, problems
from onrecord.site.limits import TooLarge, bounded
from tests.site_fixtures import (
    ID,
    again,
    archive,
    bearer,
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


PARAMETERS = ("q", "actor", "about", "since", "as_of", "cursor", "limit", "type", "order", "name",
              "kind", "format", "what", "story", "source")  # fmt: skip


def is_problem(answer: Any, status: int, kind: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["type"]) == (status, f"urn:onrecord:problem:{kind}")
    assert body["title"]
    assert body["detail"]


# -- lists ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cursor", ["", "x", "e30", "bnVsbA", "W10", "WyJhIl0", "!!!!", "\u00e4", "A" * 1_001,
               "WyIiLDFd", "W1tbW1tbW1tbW1tbW1tbW1tbW1tb"]
)  # fmt: skip
@pytest.mark.parametrize("name", ["events", "incidents", "stories", "changes"])
def test_a_cursor_that_is_none_is_refused(shared: TestClient, name: str, cursor: str) -> None:
    answer = shared.get(f"/api/v1/{name}", params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["type"].rpartition(":")[2] in ("bad-cursor", "bad-request")


@pytest.mark.parametrize("name", LISTS)
def test_a_misspelt_or_doubled_parameter_is_refused(shared: TestClient, name: str) -> None:
    is_problem(shared.get(f"/api/v1/{name}?limt=1"), 400, "bad-request")
    is_problem(shared.get(f"/api/v1/{name}?limit=1&limit=2"), 400, "bad-request")


@pytest.mark.parametrize("limit", ["0", "-1", "1e3", "10001", "9" * 400, "", "a"])
def test_a_limit_that_is_none_is_refused(shared: TestClient, limit: str) -> None:
    is_problem(shared.get("/api/v1/events", params={"limit": limit}), 400, "bad-request")


@pytest.mark.parametrize("name", ["actor", "recipient"])
@pytest.mark.parametrize("value", ["%", "_", "%%", "\\", "'", '"', "' OR 1=1 --", " ", "\0", "*"])
def test_a_wildcard_is_no_name(shared: TestClient, name: str, value: str) -> None:
    for kind in ("events", "articles", "incidents"):
        answer = shared.get(f"/api/v1/{kind}", params={name: value})
        if any(char.isalnum() for char in value):
            assert answer.json()["items"] == []
        else:
            is_problem(answer, 400, "bad-request")


@pytest.mark.parametrize("value", ["%", "_", "%' OR 1=1 --", "a\0b", "\u202e", "Ω", "x" * 200])
def test_a_value_that_nothing_has_finds_nothing(shared: TestClient, value: str) -> None:
    assert shared.get("/api/v1/events", params={"publisher": value}).json()["items"] == []
    for asked in ("status", "story"):
        assert shared.get("/api/v1/incidents", params={asked: value}).json()["items"] == []


@pytest.mark.parametrize("value", ["%", "AIDE", "a\0b", "Ω", "x" * 200, ""])
def test_a_value_that_nothing_can_have_is_refused(shared: TestClient, value: str) -> None:
    for kind in ("events", "incidents", "records"):
        answer = shared.get(f"/api/v1/{kind}", params={"type": value, "format": "ndjson"})
        is_problem(answer, 400, "bad-request")
    is_problem(shared.get("/api/v1/events", params={"country": value}), 400, "bad-request")


@pytest.mark.parametrize(
    "day", ["2026-02-30", "soon", "0000-00-00", "10000-01-01", "2026-2-3", "١٢٣٤-٠١-٠١", ""]
)
def test_a_day_that_is_none_is_refused(shared: TestClient, day: str) -> None:
    for name in ("events", "incidents", "stories", "dyads"):
        assert shared.get(f"/api/v1/{name}", params={"since": day}).status_code == 400


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+23:59", "9999-12-31", "x", "2026-02-03T99"])
def test_an_odd_as_of_is_answered(shared: TestClient, moment: str) -> None:
    assert shared.get("/api/v1/events", params={"as_of": moment}).status_code in (200, 400)
    assert shared.get("/api/v1/changes", params={"since": moment}).status_code in (200, 400)


# -- search ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ['"unbalanced AND (', "(", ")", "AND", "NOT x", "*", '""', "", "x" * 1_001,
              "(" * 40 + "x" + ")" * 40, "a " * 65, "NEAR(", '"']
)  # fmt: skip
def test_a_search_that_is_none_gets_a_hint(shared: TestClient, query: str) -> None:
    is_problem(shared.get("/api/v1/search", params={"q": query}), 400, "bad-query")


@pytest.mark.parametrize("query", ["trawler'; DROP TABLE articles; --", "title:x", "a^2", "{x}"])
def test_a_search_in_another_language_is_words(shared: TestClient, query: str) -> None:
    assert shared.get("/api/v1/search", params={"q": query}).status_code == 200


def test_a_filter_of_the_other_search_is_refused(shared: TestClient) -> None:
    is_problem(shared.get("/api/v1/search?q=x&stance=deny"), 400, "bad-request")
    is_problem(shared.get("/api/v1/search?q=x&what=quotes&type=AID"), 400, "bad-request")
    is_problem(shared.get("/api/v1/search?q=x&what=secrets"), 400, "bad-request")


def test_a_lost_index_is_made_anew(web: TestClient, archive: Archive) -> None:
    with archive._writing() as connection:
        connection.exec_driver_sql("DROP TABLE article_search")
    found = web.get("/api/v1/search?q=trawler").json()
    assert (found["total"], found["rebuilt"]) == (1, True)


# -- bodies ---------------------------------------------------------------------------


def test_a_huge_body_is_refused_before_it_is_read(shared: TestClient) -> None:
    big = b'{"text": "' + b"x" * (1024 * 1024) + b'"}'
    headers = {"Content-Type": "application/json"}
    is_problem(shared.post("/api/v1/read", content=big, headers=headers), 413, "too-large")


def test_a_huge_body_that_does_not_say_so_is_refused(shared: TestClient) -> None:
    def parts() -> Any:
        for _ in range(17):
            yield b"x" * 65_536

    headers = {"Content-Type": "application/json"}
    is_problem(shared.post("/api/v1/read", content=parts(), headers=headers), 413, "too-large")


def test_a_body_without_end_is_stopped() -> None:
    taken = []

    async def endless() -> Any:
        taken.append(1)
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    async def read() -> None:
        receive = bounded(endless, None)
        while True:
            await receive()

    with pytest.raises(TooLarge):
        asyncio.run(read())
    assert len(taken) == 17


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[" * 100_000, b'{"text": NaN}', b"\xff\xfe", b'{"text": 1e999}',
             b'{"text": "a", "text": 1}']
)  # fmt: skip
def test_a_body_that_is_no_json_is_refused(shared: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    is_problem(shared.post("/api/v1/read", content=body, headers=headers), 400, "bad-request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_a_foreign_form_could_send_is_refused(shared: TestClient, kind: str) -> None:
    answer = shared.post("/api/v1/read", content=b'{"text": "x"}', headers={"Content-Type": kind})
    is_problem(answer, 415, "media-type")


# -- paths, headers -------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd",
             "%00", "a%0d%0aSet-Cookie:%20x=y", "%ff%fe", "x" * 2_001, "....//"]
)  # fmt: skip
def test_a_path_leads_to_no_file(shared: TestClient, path: str) -> None:
    for kind in ("articles", "records", "actors", "incidents", "stories"):
        answer = shared.get(f"/api/v1/{kind}/{path}")
        assert answer.status_code in (400, 404)
        assert "root:" not in answer.text
        assert "set-cookie" not in answer.headers


def test_no_answer_is_a_page(shared: TestClient) -> None:
    for path in ("events", "nothing", "events?x=1", "records/none", "openapi.json"):
        headers = shared.get(f"/api/v1/{path}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "html" not in headers["content-type"]
        assert "access-control-allow-origin" not in headers


def test_an_error_echoes_nothing_that_could_be_a_page(shared: TestClient) -> None:
    answer = shared.get("/api/v1/events", params={"<script>alert(1)</script>": "x"})
    is_problem(answer, 400, "bad-request")


# -- faults ---------------------------------------------------------------------------


def test_a_defect_is_told_without_its_inside(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Context) -> str:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(Context, "state", broken)
    answer = client(context(archive)).get("/api/v1/events")
    is_problem(answer, 500, "defect")
    assert "secret" not in answer.text


def test_a_locked_archive_asks_to_come_back(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(self: Context) -> str:
        with engine.translated("news.db"):
            raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(Context, "state", locked)
    answer = client(context(archive)).get("/api/v1/events")
    is_problem(answer, 503, "busy")
    assert answer.headers["retry-after"] == "5"


def test_every_kind_of_problem_is_in_the_docs() -> None:
    docs = (Path(__file__).parent.parent / "docs" / "api.md").read_text("utf-8")
    for name, kind in problems.KINDS.items():
        assert f"| `{name}` | {kind.status} |" in docs


# -- whole texts ----------------------------------------------------------------------


def test_texts_are_kept_to_those_with_a_token_where_the_site_shows_excerpts(
    archive: Archive,
) -> None:
    web = client(replace(context(archive), full_texts=False))
    assert web.get("/api/v1/articles?text=true").json()["items"][0]["text"] is None
    assert web.get(f"/api/v1/articles/{ID}").json()["text"] is None
    is_problem(web.get(f"/api/v1/records/{ID}"), 401, "unauthorized")
    is_problem(web.get("/api/v1/records"), 401, "unauthorized")
    header = bearer(archive)
    assert web.get(f"/api/v1/records/{ID}", headers=header).status_code == 200


# -- anything -------------------------------------------------------------------------


@fast(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    name=st.sampled_from((*LISTS, "search")),
    asked=st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.text(max_size=12) | st.from_regex("[0-9-]{1,12}", fullmatch=True),
        max_size=4,
    ),
)  # fmt: skip
def test_nothing_that_is_asked_is_a_defect(
    shared: TestClient, name: str, asked: dict[str, str]
) -> None:
    asked = {key: value.encode("utf-8", "replace").decode() for key, value in asked.items()}
    answer = shared.get(f"/api/v1/{name}", params=asked)
    assert answer.status_code in (200, 400)
    if answer.headers["content-type"].startswith("application/x-ndjson"):
        list(map(json.loads, answer.text.splitlines()))
    else:
        answer.json()


def test_hostile_words_in_an_article_stay_words(web: TestClient, archive: Archive) -> None:
    title = "<script>alert(1)</script>\r\nX: y\0"
    archive.add_records([again("<b>&\"'", title=title, publisher="=cmd|' /C calc'!A0")])
    row = web.get("/api/v1/articles?limit=1").json()["items"][0]
    assert (row["article_id"], row["title"]) == ("<b>&\"'", title)
