"""The requests that docs/api.md shows, in order, for the tests and for the examples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi.testclient import TestClient

TEXT = (Path(__file__).parent.parent / "docs" / "api.md").read_text("utf-8")


class Asked(NamedTuple):
    """One request of the docs."""

    method: str
    target: str
    body: Any


def requests() -> list[Asked]:
    """Return the requests in the order in which they stand."""
    found = []
    for block in re.findall(r"```http\n(.*?)```", TEXT, re.DOTALL):
        head, _, body = block.partition("\n\n")
        for line in head.splitlines():
            method, _, target = line.partition(" ")
            found.append(Asked(method, target, json.loads(body) if body.strip() else None))
    return found


def named(asked: Asked, ids: dict[str, str]) -> Asked:
    """Put real ids in the places of those in capitals."""
    words = json.dumps([asked.target, asked.body])
    for name, id_ in ids.items():
        words = words.replace(name, id_)
    return Asked(asked.method, *json.loads(words))


def ids(web: TestClient) -> dict[str, str]:
    """Return the ids that the docs' names stand for."""
    first = {
        name: web.get(f"/api/v1/{kind}").json()["items"][0]["id"]
        for name, kind in (("INCIDENT", "incidents"), ("DISPUTE", "disputes"))
    }
    stories = [one["id"] for one in web.get("/api/v1/stories").json()["items"]]
    return {**first, "STORY": stories[0], "OTHER": stories[-1]}


def send(web: TestClient, asked: Asked) -> Any:
    """Send a request; blanks in the docs stand for themselves."""
    url = quote(asked.target, safe="/?&=%,.:-_")
    return web.request(asked.method, url, json=asked.body)
