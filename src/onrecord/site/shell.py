"""Around every page: templates, links that keep the as-of date, headers, data to download."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from onrecord.archive import export
from onrecord.archive.flat import words_key
from onrecord.forms import without_surrogates
from onrecord.render.wording import clean, visible
from onrecord.site import words
from onrecord.site.config import Site
from onrecord.site.edition import Edition
from onrecord.site.waiting import Waiting
from onrecord.version import VERSION

HERE = Path(__file__).parent

#: Nothing from elsewhere, no script or style in the page itself, no frame around it.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers then send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


#: Forms in which rows can be downloaded.
FORMS = ("csv", "json")


def slug(name: str) -> str:
    """Return a name as it stands in addresses: ``irene_caldeyro``."""
    return quote((words_key(name) or name).replace(" ", "_"), safe="")


def path_of(*parts: str) -> str:
    """Return an address on this site from its parts, each escaped."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


#: What ``sending`` may tell of a form that was followed; nobody else's words are shown.
_DONE = re.compile(
    r"(?:correction|edit) \d+(?: taken back)?|search (?:saved|dropped)|alert (?:added|removed)"
)


def _done(words: str) -> str:
    return words if _DONE.fullmatch(words) else ""


def _here(request: Request) -> str:
    """Return a request's path as it was sent: what was escaped in it stays escaped."""
    raw: bytes = request.scope.get("raw_path") or quote(request.url.path).encode()
    return raw.decode("latin-1").partition("?")[0]


def month_end(month: str) -> str:
    """Return the last day of a month: ``2026-02`` → ``2026-02-28``."""
    year, number = map(int, month.split("-"))
    return f"{month}-{monthrange(year, number)[1]:02}"


class Shell:
    """Renders pages of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.waiting = Waiting()
        #: Whether pages offer to sign in.
        self.can_sign_in = site.people is not None
        self.environment = _environment()

    def page(
        self,
        request: Request,
        template: str,
        edition: Edition | None,
        *,
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        """Return a page; ``edition`` None for pages that show nothing of the archive."""
        past = edition.as_of if edition is not None and edition.is_past else None

        def link(path: str, **query: Any) -> str:
            asked = {name: value for name, value in query.items() if value not in (None, "")}
            if past is not None:
                asked.setdefault("as_of", past)
            return f"{path}?{urlencode(asked)}" if asked else path

        text = self.environment.get_template(template).render(
            site=self.site,
            edition=edition,
            link=link,
            here=_here(request),
            asked={k: v for k, v in request.query_params.items() if k not in ("as_of", "done")},
            version=VERSION,
            who=getattr(request.state, "who", None),
            done=_done(request.query_params.get("done", "")),
            can_sign_in=self.can_sign_in,
            **values,
        )
        return HTMLResponse(without_surrogates(text), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(w=words, path=path_of, slug=slug, month_end=month_end)
    environment.filters.update(
        clean=clean,
        visible=visible,
        day=words.day,
        weekday=words.weekday,
        number=words.number,
        slug=slug,
    )
    return environment


def data(form: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Response:
    """Return rows as a CSV or JSON file to keep; HTTPException 404 for another form."""
    if form not in FORMS:
        raise HTTPException(404, "there is no such data")
    if form == "json":
        text = without_surrogates(json.dumps(list(rows), ensure_ascii=False, indent=1))
        return Response(text, media_type="application/json", headers=_attached(f"{name}.json"))
    columns = dict.fromkeys(rows[0], "str") if rows else {"empty": "str"}
    lines = export.csv_lines(rows, columns)
    return StreamingResponse(
        map(without_surrogates, lines),
        media_type="text/csv; charset=utf-8",
        headers=_attached(f"{name}.csv"),
    )


def _attached(name: str) -> dict[str, str]:
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "-"
                   for char in name)  # fmt: skip
    return {"Content-Disposition": f'attachment; filename="{safe}"'}
