"""A client of the REST API (docs/api.md) whose objects are the library's own.

    from onrecord.client import Client

    news = Client("https://news.example", token="onr_…")
    record = news.record("a-1")                  # an onrecord.Record
    for incident in news.incidents(about="URY,PRY"):
        print(incident.first_day, incident.type, incident.origins)

It needs nothing but the standard library.  Names and filters are those of ``Archive``.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from onrecord.analysis.rows import Dispute, Incident
from onrecord.errors import ApiError, SettingError
from onrecord.record import Record
from onrecord.version import VERSION

if TYPE_CHECKING:
    from onrecord.archive.search import Results

__all__ = ["Client"]

_Row = TypeVar("_Row")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_PROBLEM = "application/problem+json"


class Client:
    """Asks one site.  Every method raises ApiError for an answer that is none."""

    def __init__(self, address: str, *, token: str | None = None, seconds: float = 60.0) -> None:
        """``address``: ``https://news.example`` or ``http://127.0.0.1:8000``.

        Raises SettingError for what is no such address, and where a token would go over the
        net unprotected.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise SettingError(f"{address!r} is no address of a site", name="address")
        if token is not None and parts.scheme == "http" and parts.hostname not in _LOCAL:
            raise SettingError("a token is sent over https only", name="address")
        self._host, self._port, self._secure = parts.hostname, parts.port, parts.scheme == "https"
        self._path = f"{parts.path.rstrip('/')}/api/v1"
        self._headers = {
            "Accept": "application/json",
            "User-Agent": f"onrecord/{VERSION}",
            # The connection is then closed with the answer.
            "Connection": "close",
        }
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._seconds = seconds

    # -- one thing --------------------------------------------------------------------

    def record(self, article_id: str, *, as_of: str | None = None) -> Record:
        """Return the record of an article, with people's corrections."""
        return Record.from_dict(self._get(f"records/{_part(article_id)}", {"as_of": as_of}))

    def article(self, article_id: str, *, as_of: str | None = None) -> dict[str, Any]:
        """Return an article's row with its story, its origin and its copies."""
        found: dict[str, Any] = self._get(f"articles/{_part(article_id)}", {"as_of": as_of})
        return found

    def incident(self, id: str) -> Incident:
        """Return one incident."""
        return revived(Incident, self._get(f"incidents/{_part(id)}"))

    def dispute(self, id: str) -> Dispute:
        """Return one dispute."""
        return revived(Dispute, self._get(f"disputes/{_part(id)}"))

    def story(self, id: str) -> dict[str, Any]:
        """Return one story: ids of articles and incidents, days, why they are together."""
        found: dict[str, Any] = self._get(f"stories/{_part(id)}")
        return found

    def actor(self, name: str) -> dict[str, Any]:
        """Return an actor by its whole name, or a country by its code."""
        found: dict[str, Any] = self._get(f"actors/{_part(name)}")
        return found

    def dyad(self, source: str, target: str, **filters: Any) -> dict[str, Any]:
        """Return what one country does to another, by month, type and status."""
        found: dict[str, Any] = self._get(f"dyads/{_part(source)}/{_part(target)}", filters)
        return found

    def search(
        self, query: str, *, what: str = "articles", limit: int = 20, **filters: Any
    ) -> Results:
        """Find words in articles or, with ``what="quotes"``, in what people said."""
        from onrecord.archive.search import Hit, Results

        asked = {"q": query, "what": what, "limit": limit, **filters}
        found = self._get("search", asked)
        hits = [Hit(**{**one, "marks": [tuple(m) for m in one["marks"]]}) for one in found["items"]]
        return Results(found["total"], hits, found["facets"], found["rebuilt"])

    # -- lists ------------------------------------------------------------------------

    def rows(self, kind: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield rows of a list as ``Archive.rows`` does: ``events``, ``statements``, …

        Also of ``stories``, ``actors``, ``dyads``, ``changes``.
        """
        return self._lines(kind, filters)

    def records(self, **filters: Any) -> Iterator[Record]:
        """Yield records, with the filters of articles."""
        return map(Record.from_dict, self._lines("records", filters))

    def incidents(self, **filters: Any) -> Iterator[Incident]:
        """Yield incidents: ``about``, ``actor``, ``type``, ``since``, …"""
        return (revived(Incident, row) for row in self._lines("incidents", filters))

    def disputes(self, **filters: Any) -> Iterator[Dispute]:
        """Yield disputes: ``kind``, ``story``."""
        return (revived(Dispute, row) for row in self._lines("disputes", filters))

    def changes(
        self, *, since: str | None = None, cursor: str | None = None
    ) -> tuple[list[dict[str, Any]], str]:
        """Return what changed since a moment or a cursor, and the cursor to ask with next time.

        Call it until it returns nothing; each change is an article to fetch again, or one that
        is gone.
        """
        found = self._get("changes", {"since": since, "cursor": cursor, "limit": 1_000})
        return found["items"], found["next"]

    # -- doing ------------------------------------------------------------------------

    def read(self, text: str, **fields: Any) -> Record:
        """Have a text read (``published``, ``title``, ``url``, ``publisher``); nothing is kept."""
        return Record.from_dict(self._send("POST", "read", {"text": text, **fields}))

    def correct(
        self, article_id: str, row: str, action: str, *, field: str | None = None,
        value: Any = None, note: str | None = None,
    ) -> int:  # fmt: skip
        """Correct a row of a record, as ``Archive.correct``; return the number to undo it."""
        body = {"article": article_id, "row": row, "action": action, "field": field,
                "value": value, "note": note}  # fmt: skip
        return int(self._send("POST", "corrections", body)["number"])

    def undo(self, correction: int, *, note: str | None = None) -> None:
        """Take a correction back."""
        self._send("POST", f"corrections/{correction}/undo", {"note": note})

    # -- asking -----------------------------------------------------------------------

    def _get(self, path: str, asked: Mapping[str, Any] | None = None) -> Any:
        with self._answer("GET", _with(path, asked or {}), None, {}) as answer:
            return self._parsed(answer.read())

    def _send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        words = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        with self._answer(method, path, words, headers) as answer:
            return self._parsed(answer.read() or b"null")

    def _lines(self, path: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        headers = {"Accept": "application/x-ndjson"}
        with self._answer("GET", _with(path, asked), None, headers) as answer:
            lines = iter(answer)
            while True:
                try:
                    line = next(lines, None)
                except (OSError, HTTPException) as error:
                    raise ApiError(f"the list was cut short: {error}", status=0) from error
                if line is None:
                    return
                yield self._parsed(line)

    def _parsed(self, words: bytes) -> Any:
        try:
            return json.loads(words)
        except ValueError:
            raise ApiError("the answer is no JSON; is this a site of onrecord?", status=0) from None

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> HTTPResponse:
        """Ask; redirects are not followed, so that the token goes nowhere else."""
        kind: Callable[..., HTTPConnection] = HTTPSConnection if self._secure else HTTPConnection
        connection = kind(self._host, self._port, timeout=self._seconds)
        try:
            connection.request(
                method, f"{self._path}/{path}", body=body, headers={**self._headers, **headers}
            )
            answer = connection.getresponse()
        except (OSError, HTTPException) as error:
            connection.close()
            raise ApiError(f"{self._host} does not answer: {error}", status=0) from error
        if answer.status >= 300:
            with answer:
                raise _problem(answer)
        return answer


def _with(path: str, asked: Mapping[str, Any]) -> str:
    given = {name: _plain(value) for name, value in asked.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _part(id_: str) -> str:
    # A dot alone would be taken for a folder on the way.
    return quote(id_, safe="").replace(".", "%2E")


def _problem(answer: HTTPResponse) -> ApiError:
    words = answer.read(100_000)
    problem: dict[str, Any] = {}
    if answer.headers.get_content_type() == _PROBLEM:
        problem = json.loads(words)
    detail = problem.get("detail") or answer.reason or "no reason given"
    wait = answer.headers.get("Retry-After")
    return ApiError(
        f"{answer.status}: {detail}",
        status=answer.status,
        kind=str(problem.get("type", "")).rpartition(":")[2],
        retry_after=float(wait) if wait and wait.isdigit() else None,
    )


# -- rows from JSON -------------------------------------------------------------------


def revived(cls: type[_Row], row: Any) -> _Row:
    """Return the NamedTuple, with those in it, that a row of the API is.

    Fields it does not know are passed over: a newer site may have more.
    """
    hints = typing.get_type_hints(cls)
    return cls(**{name: _revived(hint, row[name]) for name, hint in hints.items()})


def _revived(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (hint,) = (one for one in typing.get_args(hint) if one is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        inner, *rest = typing.get_args(hint)
        each = [inner] * len(value) if rest == [...] else [inner, *rest]
        return tuple(map(_revived, each, value))
    return revived(hint, value) if hasattr(hint, "_fields") else value
