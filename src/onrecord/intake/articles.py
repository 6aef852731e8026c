"""The article as input: how it is made, and what its reader should doubt."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from onrecord.intake.dates import day_of
from onrecord.intake.dates import published as believed
from onrecord.intake.decoding import REPLACED, scrub
from onrecord.intake.identity import article_id, canonical_url, text_sha256
from onrecord.intake.language import UNKNOWN, language_of
from onrecord.record import Article, Warning

_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_WORD = re.compile(r"[^\W\d_]{2,}")
#: As much of a text as is looked at to tell prose from tables, code and verse.
_SAMPLE = 20_000
_CODE_LINE = re.compile(
    r".*[{};]\s*\Z|\s*(?:def |class |import |from \S+ import |#include|//|</?\w)"
)
_TABLE_LINE = re.compile(r"[^\t|;]*(?:[\t|;][^\t|;]*){2,}\Z|[\d\s.,:;/%()$€£+-]+\Z")
_SENTENCE_END = re.compile(r"[.!?…:;,\"”’»)]\s*\Z")


class Unreadable(NamedTuple):
    """One of several articles that could not be read; the others are not touched."""

    #: The id it was given, where that much could be read.
    id: str | None
    #: What is wrong and where, in words.
    why: str
    #: The kind of fault: ``bad-json``, ``not-an-object``, ``no-text``, ``bad-field``, ``too-long``.
    code: str


class Given(NamedTuple):
    """What the caller knows of the articles of a source."""

    published: str | None = None
    title: str | None = None
    url: str | None = None
    publisher: str | None = None


def article_from_text(
    text: str,
    *,
    id: str | None = None,
    url: str | None = None,
    canonical: str | None = None,
    title: str | None = None,
    byline: str | None = None,
    publisher: str | None = None,
    language: str | None = None,
    published: str | None = None,
    published_basis: str = "given",
    fetched: str | None = None,
    partial: bool = False,
    today: date | None = None,
) -> Article:
    """Make an article of ``text``, which is kept as it is, character for character.

    (Only lone surrogates, which no file can hold, become U+FFFD; offsets stay.)
    ``published`` is believed or not as ``dates.published`` says, ``today`` being
    the clock; ``canonical`` is a canonical URL that the page itself declares.
    """
    text = scrub(text)
    date_ = believed(published, today=today)
    text_hash = text_sha256(text)
    address = canonical_url(canonical) or canonical_url(url)
    raw = (published or "").strip() or None
    return Article(
        text=text,
        id=article_id(_clean(id), address, text_hash),
        url=_clean(url),
        canonical_url=address,
        title=_clean(title),
        byline=_clean(byline),
        publisher=_clean(publisher),
        language=_language(text, language),
        published=date_.value,
        published_basis=published_basis if date_.value else "none",
        published_raw=None if raw is None or raw == date_.value else scrub(raw),
        fetched=fetched,
        partial=partial,
        sha256=text_hash,
    )


def _clean(field: str | None) -> str | None:
    return (scrub(field).strip() or None) if field else None


def _language(text: str, given: str | None) -> str | None:
    code = (given or "").strip().lower().replace("_", "-").partition("-")[0]
    if re.fullmatch(r"[a-z]{2,3}", code):
        return code
    found, _ = language_of(text)
    return None if found == UNKNOWN else found


def doubts(article: Article, *, today: date | None = None) -> list[Warning]:
    """Return what a reader of this article's record should know about the input.

    Codes: ``date-not-believed``, ``partial``, ``empty-text``, ``short-text``,
    ``not-english``, ``no-prose``, ``replaced-characters``, ``control-characters``.
    """
    found = []
    if article.published is None and article.published_raw:
        clock = day_of(article.fetched) or today
        why = believed(article.published_raw, today=clock).doubt or "it was not believed"
        found.append(("date-not-believed", f"publication date {article.published_raw!r}: {why}"))
    if article.partial:
        found.append(
            ("partial", "only a part of the report is here: the page or feed holds the rest back")
        )
    found.extend(_text_doubts(article.text, article.language))
    return [Warning(code, message) for code, message in found]


def _text_doubts(text: str, language: str | None) -> list[tuple[str, str]]:
    found = []
    sample = text[:_SAMPLE]
    words = len(_WORD.findall(sample))
    if words == 0:
        found.append(("empty-text", "there are no words to read"))
    elif words < 5 and sum(map(str.isalpha, sample)) < 30:
        found.append(("short-text", "a few words only: there is hardly anything to read"))
    if language not in (None, "en"):
        found.append(
            (
                "not-english",
                f"the text seems to be in another language ({language}); English is read",
            )
        )
    kind = _no_prose(sample) if words else None
    if kind:
        found.append(("no-prose", f"this looks like {kind}, not like a report"))
    if count := text.count(REPLACED):
        found.append(("replaced-characters", f"{count} characters could not be decoded (U+FFFD)"))
    if count := len(_CONTROL.findall(text)):
        found.append(("control-characters", f"the text holds {count} control characters"))
    return found


def _no_prose(text: str) -> str | None:
    """Name what a text is when it is surely no prose."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 6:
        return None
    code = sum(_CODE_LINE.match(line[:400]) is not None for line in lines)
    if code >= 0.6 * len(lines):
        return "program code or markup"
    table = sum(_TABLE_LINE.match(line[:400]) is not None for line in lines)
    if table >= 0.7 * len(lines):
        return "a table"
    verse = sum(len(line) < 60 and _SENTENCE_END.search(line) is None for line in lines)
    return "a list or verse" if len(lines) >= 10 and verse >= 0.8 * len(lines) else None
