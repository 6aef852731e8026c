"""docs/api.md shows a request for every endpoint, and every one of them works."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from onrecord import errors
from onrecord.analysis.joining import join
from onrecord.analysis.rows import Incident
from onrecord.archive import Archive
from onrecord.client import Client
from onrecord.site import api
from onrecord.site.api.examples import EXAMPLES
from onrecord.site.tokens import SCOPES
from tests import api_docs
from tests.api_contract import served
from tests.record_examples import example
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
)

__all__ = ["archive", "clock", "joined_file", "shared"]


@pytest.fixture
def editor(archive: Archive) -> TestClient:
    archive.add_records([again("tidewater-0314")])
    join(archive)
    web = client(context(archive))
    web.headers.update(bearer(archive, *SCOPES))
    return web


def pattern(path: str) -> str:
    return re.sub(r"\\\{[^}]*\\\}", "[^?]+", re.escape(path)) + r"(\?.*)?"


def endpoints(web: TestClient) -> list[tuple[str, str]]:
    paths = web.get("/api/v1/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, known in paths.items() for method in known]


def test_every_endpoint_has_an_example_in_the_docs(shared: TestClient) -> None:
    asked = api_docs.requests()
    for method, path in endpoints(shared):
        assert any(
            one.method == method and re.fullmatch(pattern(path), one.target) for one in asked
        ), f"docs/api.md shows no {method} {path}"


def test_every_example_of_the_docs_works(editor: TestClient) -> None:
    for asked in api_docs.requests():
        real = api_docs.named(asked, api_docs.ids(editor))
        answer = api_docs.send(editor, real)
        assert answer.status_code in (200, 201, 204), f"{real}: {answer.text}"
        is_list = answer.headers.get("content-type") == "application/json"
        if is_list and not real.target.endswith("/deliveries"):
            assert answer.json().get("items") != [], f"{real} finds nothing"


def test_every_answer_in_the_description_fits_it(shared: TestClient) -> None:
    described = shared.get("/api/v1/openapi.json").json()
    for name, answer in EXAMPLES.items():
        method, path = name.split()
        answers = described["paths"][path][method.lower()]["responses"]
        good = answers.get("200") or answers["201"]
        content = good["content"]["application/json"]
        assert content["example"] == answer
        jsonschema.validate(answer, {**content["schema"], "components": described["components"]})


def test_every_endpoint_that_gives_json_has_an_example_in_the_description(
    shared: TestClient,
) -> None:
    described = shared.get("/api/v1/openapi.json").json()["paths"]
    for method, path in endpoints(shared):
        answers = described[path][method.lower()]["responses"]
        assert "204" in answers or f"{method} {path}" in EXAMPLES


def test_the_description_is_openapi_and_names_no_place_of_its_own(shared: TestClient) -> None:
    described = shared.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    names = set(re.findall(r"#/components/schemas/([\w.]+)", str(described)))
    assert names <= set(described["components"]["schemas"])
    assert "localhost" not in str(described)


# -- the client -----------------------------------------------------------------------


@pytest.fixture
def site(archive: Archive) -> Iterator[str]:
    app = FastAPI(openapi_url=None)
    app.include_router(api.router(context(archive)))
    with served(app) as address:
        yield address


def test_the_clients_objects_are_the_librarys(site: str, archive: Archive) -> None:
    archive.add_records([again("%41/..?#"), again("..")])
    news = Client(site)
    assert news.record(ID) == example()
    for id_ in ("%41/..?#", ".."):
        assert news.record(id_).article.id == id_
        assert news.article(id_)["article_id"] == id_
    assert {one.article.id for one in news.records()} == set(archive.ids())
    whole = list(news.incidents())
    assert all(isinstance(one, Incident) for one in whole)
    assert news.incident(whole[0].id) == whole[0]
    (dispute,) = [one for one in news.disputes() if one.kind == "denial"][:1]
    assert news.dispute(dispute.id) == dispute
    kept_rows = json.loads(json.dumps(list(archive.rows("events", actor="PRT"))))
    assert list(news.rows("events", actor="PRT", order="oldest")) == kept_rows
    found, kept = news.search("trawler"), archive.search("trawler")
    assert (found.total, found.facets) == (kept.total, kept.facets)
    assert [one.marks for one in found.hits] == [list(one.marks) for one in kept.hits]
    assert news.story(whole[0].story)["articles"] == [ID]
    assert news.actor("ISL")["name"] == "Iceland"
    assert news.dyad("PRT", "ISL")["events"] > 0
    assert news.read(example().article.text).events == example().events


def test_the_client_follows_changes(site: str, archive: Archive) -> None:
    news = Client(site)
    first, cursor = news.changes()
    assert [one["article"] for one in first] == [ID]
    assert news.changes(cursor=cursor) == ([], cursor)
    archive.add_records([again("b")])
    archive.forget(ID)
    later, cursor = news.changes(cursor=cursor)
    assert [(one["kind"], one["article"]) for one in later] == [("article", "b"), ("gone", None)]
    assert later[1]["id_sha256"] == first[0]["id_sha256"]
    assert news.changes(cursor=cursor)[0] == []


def test_the_client_corrects_with_a_token(site: str, archive: Archive) -> None:
    with pytest.raises(errors.ApiError) as refused:
        Client(site).correct(ID, "v3", "accept")
    assert (refused.value.status, refused.value.kind) == (401, "unauthorized")
    token = bearer(archive, "correct")["Authorization"].removeprefix("Bearer ")
    news = Client(site, token=token)
    news.undo(news.correct(ID, "v3", "reject", note="a slip"))
    assert [row["action"] for row in archive.corrections()] == ["reject", "undo"]


def test_the_client_tells_what_is_wrong(site: str) -> None:
    news = Client(site)
    asks: list[tuple[Any, int, str]] = [
        (lambda: news.record("none"), 404, "not-found"),
        (lambda: list(news.rows("events", actr="PRT")), 400, "bad-request"),
        (lambda: news.search('"'), 400, "bad-query"),
        (lambda: Client("http://127.0.0.1:9").story("x"), 0, ""),
    ]
    for ask, status, kind in asks:
        with pytest.raises(errors.ApiError) as error:
            ask()
        assert (error.value.status, error.value.kind) == (status, kind)


@pytest.mark.parametrize("address", ["news.example", "ftp://x", "http://a@b", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(errors.SettingError):
        Client(address)


def test_a_token_is_not_sent_in_the_clear() -> None:
    with pytest.raises(errors.SettingError, match="https"):
        Client("http://news.example", token="onr_1_x")


def test_the_python_of_the_docs_runs(site: str) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", api_docs.TEXT, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(code.replace("http://127.0.0.1:8000", site), "docs/api.md", "exec"), {})
    assert "ASSAULT" in said.getvalue()
