"""Write the answers that the API's description shows: ``python -m tests.api_examples``.

They are those of the requests in docs/api.md, on the invented report; lists are cut to one row.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.site import api
from onrecord.site.tokens import SCOPES
from tests import api_docs
from tests.archive_fixtures import Clock
from tests.record_examples import example
from tests.site_fixtures import again, bearer, client, context

PLACE = Path(api.__file__).parent / "examples.json"
_LONGEST = 3


def shortened(value: Any) -> Any:
    """Return an answer with lists cut short, so that it shows its form and not its length."""
    if isinstance(value, dict):
        return {
            name: None if name == "secret" else shortened(one) for name, one in value.items()
        } | ({"secret": "whsec_…"} if "secret" in value else {})
    if isinstance(value, list):
        most = 1 if any(isinstance(one, dict) for one in value) else _LONGEST
        return [shortened(one) for one in value[:most]]
    if isinstance(value, str):
        value = value.replace("http://localhost", "https://news.example")
        return re.sub(r"key=\w+", "key=…", value if len(value) < 400 else value[:200] + "…")
    return value


def main() -> None:
    """Ask everything that the docs ask; keep the first answer of each endpoint."""
    found: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "news.db", clock=Clock()) as archive,
    ):
        archive.add_records([example(), again("tidewater-0314")])
        join(archive)
        web = client(context(archive))
        web.headers.update(bearer(archive, *SCOPES))
        paths = web.get("/api/v1/openapi.json").json()["paths"]
        for asked in api_docs.requests():
            answer = api_docs.send(web, api_docs.named(asked, api_docs.ids(web)))
            name = _endpoint(asked, list(paths))
            if name and answer.status_code in (200, 201):
                found.setdefault(name, shortened(answer.json()))
    PLACE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _endpoint(asked: api_docs.Asked, paths: list[str]) -> str | None:
    place = asked.target.partition("?")[0]
    # The one with the fewest names in braces is meant.
    for path in sorted(paths, key=lambda path: path.count("{")):
        if re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^?/]+", re.escape(path)), place):
            return f"{asked.method} {path}"
    return None


if __name__ == "__main__":
    main()
