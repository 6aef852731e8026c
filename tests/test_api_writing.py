"""What the API does: reads texts, takes corrections, puts stories together and apart."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.errors import ModelError
from onrecord.record import Article, Record
from tests.record_examples import TEXT, example
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


@pytest.fixture
def editor(archive: Archive) -> TestClient:
    web = client(context(archive))
    web.headers.update(bearer(archive, "read", "correct"))
    return web


def correct(editor: TestClient, row: str, action: str, **more: Any) -> Any:
    body = {"article": ID, "row": row, "action": action, **more}
    return editor.post("/api/v1/corrections", json=body)


def record(web: TestClient) -> Record:
    return Record.from_json(web.get(f"/api/v1/records/{ID}").content)


# -- read -----------------------------------------------------------------------------


def test_a_text_is_read_and_not_kept(web: TestClient, archive: Archive) -> None:
    body = {"text": TEXT, "published": "2025-03-13", "publisher": "The Tidewater Review"}
    answer = web.post("/api/v1/read", json=body)
    found = Record.from_json(answer.content)
    assert (found.events, found.statements) == (example().events, example().statements)
    assert found.article.published == "2025-03-13"
    assert archive.ids() == [ID]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"text": "x" * 100_001}, 413), ({"text": 3}, 400), ({}, 400), ([], 400),
     ({"text": "x", "published": "soon"}, 400), ({"text": "x", "titel": "y"}, 400)],
)  # fmt: skip
def test_what_is_no_text_is_refused(shared: TestClient, body: Any, status: int) -> None:
    assert shared.post("/api/v1/read", json=body).status_code == status


@pytest.mark.parametrize("text", ["", "\0", "\ud800 lone", "‮", "x\r\ny"])
def test_a_text_of_odd_characters_is_read(shared: TestClient, text: str) -> None:
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"text": text})
    assert shared.post("/api/v1/read", content=body, headers=headers).status_code == 200


def test_who_waits_too_long_for_the_reader_is_asked_to_come_back(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_API_READ_WAIT", "0")
    began, end = threading.Event(), threading.Event()

    def slow(article: Article) -> Record:
        began.set()
        assert end.wait(60)
        return replace(example(), article=article)

    web = client(replace(context(archive), read=slow))
    first = threading.Thread(target=web.post, args=("/api/v1/read",), kwargs={"json": {"text": ""}})
    first.start()
    assert began.wait(60)
    answer = web.post("/api/v1/read", json={"text": ""})
    end.set()
    first.join()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_reader_without_its_model_is_unavailable(archive: Archive) -> None:
    def none(article: Article) -> Record:
        raise ModelError("the model at /secret/place is missing", path="/secret/place")

    answer = client(replace(context(archive), read=none)).post("/api/v1/read", json={"text": ""})
    assert answer.status_code == 503
    assert "/secret/place" not in answer.text


# -- corrections ----------------------------------------------------------------------


def test_an_edit_shows_at_once_and_is_taken_back(editor: TestClient) -> None:
    before = record(editor)
    made = correct(editor, "v5", "edit", field="type", value="PROTEST", note="a march")
    assert made.json() == {"number": 1}
    assert {one.type for one in record(editor).events if one.id == "v5"} == {"PROTEST"}
    types = {one["type"] for one in editor.get("/api/v1/incidents").json()["items"]}
    undone = editor.post("/api/v1/corrections/1/undo", json={})
    assert (undone.status_code, undone.content) == (204, b"")
    assert record(editor) == before
    assert "PROTEST" in types


@pytest.mark.parametrize(
    ("row", "action", "value"),
    [("v3", "accept", None), ("v7", "reject", None), ("v1", "split", [2]), ("e1", "merge", "e6")],
)  # fmt: skip
def test_every_action_is_taken(editor: TestClient, row: str, action: str, value: Any) -> None:
    assert correct(editor, row, action, value=value).status_code == 201
    (entry,) = editor.get("/api/v1/corrections").json()["items"]
    assert (entry["action"], entry["row"], entry["by"]) == (action, row, "a program")


@pytest.mark.parametrize(
    ("row", "action", "more", "status"),
    [("v99", "reject", {}, 400), ("v3", "explode", {}, 400), ("v3", "edit", {}, 400),
     ("v3", "edit", {"field": "id", "value": "v4"}, 400),
     ("v3", "edit", {"field": "type", "value": {"a": [1]}}, 400),
     ("v3", "split", {"value": ["a"]}, 400), ("v1", "split", {"value": [10**30]}, 400),
     ("v3", "split", {"value": [[1]]}, 400), ("v3", "split", {"value": {"a": 1}}, 400),
     ("v3", "merge", {"value": 3}, 400), ("v3", "merge", {"value": ["x"]}, 400),
     ("", "accept", {}, 400), ("v3", "edit", {"field": "place", "value": ["p1"]}, 400),
     ("v3", "edit", {"field": "trigger", "value": {"at": [1]}}, 400),
     ("v3", "edit", {"field": "place", "value": {"at": ["x", 2]}}, 400),
     ("v3", "edit", {"field": "confidence", "value": 10**400}, 400)],
)  # fmt: skip
def test_what_cannot_be_done_is_told_and_not_done(
    editor: TestClient, archive: Archive, row: str, action: str, more: dict[str, Any], status: int
) -> None:
    assert correct(editor, row, action, **more).status_code == status
    assert archive.corrections() == []


def test_an_unknown_article_cannot_be_corrected(editor: TestClient) -> None:
    body = {"article": "none", "row": "v1", "action": "accept"}
    assert editor.post("/api/v1/corrections", json=body).status_code == 404


def test_a_correction_is_taken_back_once(editor: TestClient) -> None:
    correct(editor, "v3", "accept")
    assert editor.post("/api/v1/corrections/1/undo", json={}).status_code == 204
    assert editor.post("/api/v1/corrections/1/undo", json={}).status_code == 400
    assert editor.post(f"/api/v1/corrections/{2**62}/undo", json={}).status_code == 400
    assert editor.post(f"/api/v1/corrections/{2**64}/undo", json={}).status_code == 400


def test_the_log_is_for_those_who_correct(editor: TestClient, web: TestClient) -> None:
    for row in ("v3", "v4", "v5"):
        correct(editor, row, "accept")
    first = editor.get("/api/v1/corrections?limit=2").json()
    assert [one["row"] for one in first["items"]] == ["v5", "v4"]
    rest = editor.get("/api/v1/corrections", params={"cursor": first["next"]}).json()
    assert [one["row"] for one in rest["items"]] == ["v3"]
    assert editor.get("/api/v1/corrections?article=none").json()["items"] == []
    assert web.get("/api/v1/corrections").status_code == 401


# -- stories --------------------------------------------------------------------------


def stories(web: TestClient) -> list[list[str]]:
    found = web.get("/api/v1/stories").json()["items"]
    return sorted(sorted(one["articles"]) for one in found)


def test_articles_are_taken_out_of_a_story_and_stories_put_together(
    editor: TestClient, archive: Archive
) -> None:
    archive.add_records([again("b")])
    join(archive)
    assert stories(editor) == [["b", ID]]
    story = editor.get("/api/v1/stories").json()["items"][0]["id"]
    split = editor.post(f"/api/v1/stories/{story}/split", json={"articles": ["b"]})
    assert (split.status_code, stories(editor)) == (201, [["b"], [ID]])
    ids = [one["id"] for one in editor.get("/api/v1/stories").json()["items"]]
    merged = editor.post("/api/v1/stories/merge", json={"stories": ids, "note": "one matter"})
    assert (merged.status_code, stories(editor)) == (201, [["b", ID]])
    number = merged.json()["number"]
    assert editor.post(f"/api/v1/story-edits/{number}/undo", json={}).status_code == 204
    assert stories(editor) == [["b"], [ID]]
    assert editor.post(f"/api/v1/story-edits/{number}/undo", json={}).status_code == 400
    log = editor.get("/api/v1/story-edits").json()["items"]
    assert [(one["kind"], one["taken_back"]) for one in log] == [
        ("undo", False), ("merge", True), ("split", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body"),
    [("stories/none/split", {"articles": ["a"]}), ("stories/merge", {"stories": ["x", "y"]}),
     ("stories/merge", {"stories": ["x"]}), ("story-edits/9/undo", {}),
     ("stories/merge", {"stories": "xy"})],
)  # fmt: skip
def test_stories_that_are_not_there_are_refused(editor: TestClient, path: str, body: Any) -> None:
    assert editor.post(f"/api/v1/{path}", json=body).status_code == 400
