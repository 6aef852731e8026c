"""The sample corpus: invented news of four weeks, and what is true in it.

Fifty-one reports by seven invented outlets, 2 to 28 February 2026, with copies,
updates, corrections, denials and successions.  ``onrecord demo`` shows them, and what joins
reports is measured on them.  The format and the conventions of the truth stand in
``docs/samples.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from onrecord.record import Article

__all__ = ["articles", "truth"]


def articles() -> Iterator[Article]:
    """Yield the reports in order of publication.

    Each has ``id``, ``text`` (its first line is the headline), ``published`` (ISO date, or
    datetime with its offset from UTC), ``title``, ``url`` and ``publisher``.
    """
    for line in _read("articles.jsonl").splitlines():
        row: dict[str, Any] = json.loads(line)
        yield Article(**row, language="en", published_basis="given")


def truth() -> dict[str, Any]:
    """Return what a careful reader of all reports knows, a fresh copy at each call.

    Keys: ``stories``, ``copies``, ``incidents``, ``disputes``, ``offices``, ``tension``,
    ``upcoming``, ``new``, ``turns``, ``lookalikes``; each is a list of rows.
    """
    found: dict[str, Any] = json.loads(_read("truth.json"))
    return found


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
