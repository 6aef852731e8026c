"""Articles and claims as linked data (schema.org), to be put into pages."""

from __future__ import annotations

import json
from typing import Any

from onrecord.forms import without_surrogates
from onrecord.record import Article, Record, Statement

_CONTEXT = "https://schema.org"


def article(found: Article, link: str) -> dict[str, Any]:
    """Return a report as ``NewsArticle``; ``link`` is its page on this site.

    The page is about the report: the words are its publisher's, whose address is ``sameAs``.
    """
    return _known({
        "@context": _CONTEXT,
        "@type": "NewsArticle",
        "@id": link,
        "headline": (found.title or "")[:110] or None,
        "datePublished": found.published,
        "inLanguage": found.language,
        "author": _named("Person", found.byline),
        "publisher": _named("Organization", found.publisher),
        "sameAs": _web(found.canonical_url or found.url),
    })  # fmt: skip


def claim(record: Record, statement: Statement, link: str) -> dict[str, Any]:
    """Return a statement as ``Claim``: whose it is, word for word, and where it was made."""
    speaker = _speaker(record, statement)
    words = " … ".join(" ".join(record.words(span).split()) for span in statement.content)
    return _known({
        "@context": _CONTEXT,
        "@type": "Claim",
        "@id": f"{link}#{statement.id}",
        "text": words,
        "author": speaker,
        "appearance": {key: value for key, value in article(record.article, link).items()
                       if key != "@context"},
        "datePublished": record.article.published,
    })  # fmt: skip


def _speaker(record: Record, statement: Statement) -> dict[str, Any] | None:
    if statement.speaker is None:
        return None
    known = [one for one in record.entities if one.id == statement.speaker.entity]
    if not known or known[0].name is None:
        return _named("Thing", record.words(statement.speaker))
    types = {"person": "Person", "organization": "Organization", "country": "Country"}
    return _named(types.get(known[0].kind, "Thing"), known[0].name)


def _named(type_: str, name: str | None) -> dict[str, Any] | None:
    return {"@type": type_, "name": name} if name else None


def _web(url: str | None) -> str | None:
    # An address of another scheme (javascript:) is nothing to link to.
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _known(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if one is not None}


def text(value: Any) -> str:
    """Return JSON that may stand between ``<script type="application/ld+json">`` tags.

    Nothing in it can end the element or begin a comment in it.
    """
    words = without_surrogates(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    for sign in "<>&\u2028\u2029":
        words = words.replace(sign, f"\\u{ord(sign):04x}")
    return words
