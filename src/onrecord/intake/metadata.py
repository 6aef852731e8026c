"""What a page says of itself in several places, and the vote between them.

Title, byline, publisher, date, address and language stand in a page's JSON-LD, its meta
elements, its heading, its address, and once more in the feed that led to it; and often they
differ.  Each place has a voice.  The value with most voices is taken, of equal ones that of
the place that stands first here; what cannot be true has no voice.  Every vote is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

from onrecord.intake.dates import published as believed
from onrecord.intake.identity import canonical_url
from onrecord.record import Article

#: Who gives a value without being a voice of the page: the caller.
GIVEN = "given"
#: What was found by looking through the page as a whole.
PAGE = "whole page"
FIELDS = ("title", "byline", "publisher", "published", "canonical_url", "language")

_META = re.compile(r"<meta\b([^<>]{1,2000})>", re.I)
_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.I)
_TIME = re.compile(r"<time\b([^<>]{1,1000})>", re.I)
_HTML = re.compile(r"<html\b([^<>]{1,1000})>", re.I)
_HEADING = re.compile(r"<h1\b[^<>]{0,1000}>", re.I)
_TITLE = re.compile(r"<title\b[^<>]{0,200}>", re.I)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_TAG = re.compile(r"<[^<>]{0,1000}>")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|\Z)")
_PUBLISHED = re.compile(r"pubdate|datepublished|published|posted|entry-date", re.I)
#: Between a headline and the name of the site behind it.
_BAR = re.compile(r"\s+(?:[|–—·•»]|-{1,2}|::)\s+")
_BY = re.compile(r"(?:written\s+|words\s+|report\s+)?by\s*:?\s+", re.I)
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;&|]|\band\b)\s*", re.I)
_NOBODY = re.compile(
    r"admin(?:istrator)?|webmaster|root|user\d*|author|guest|unknown|anonymous|none", re.I
)
_COMPANY = re.compile(
    r"[\s,]+(?:inc|ltd|llc|plc|gmbh|ag|as|asa|sa|co|corp|oy|ab|bv|nv)\.?\s*\Z", re.I
)
_MAIN = re.compile(r"(?:Article|Posting|Report)\Z")
#: Characters of a heading; headings that are looked at.
_LONGEST, _MOST_HEADINGS = 1_000, 20
#: Names of meta elements that tell a field, the most trusted first.
_NAMES: Mapping[str, Sequence[str]] = {
    "title": ("og:title", "twitter:title", "parsely-title", "dc.title", "headline"),
    "byline": ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
               "byl"),
    "publisher": ("og:site_name", "application-name", "dc.publisher", "article:publisher"),
    "published": (
        "article:published_time", "og:article:published_time", "datepublished",
        "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "pubdate",
        "publishdate", "publish-date", "publication_date", "dc.date", "date",
    ),
    "canonical_url": ("og:url",),
    "language": ("og:locale", "content-language", "dc.language"),
}  # fmt: skip


class Vote(NamedTuple):
    """What one place says of one field."""

    #: One of FIELDS.
    field: str
    #: ``JSON-LD``, ``meta og:title``, ``h1``, ``address``, ``feed``, ``given``, …
    place: str
    #: As it stands there.
    value: str
    #: Whether the value that was taken is this one.
    taken: bool
    #: Why it has no voice; None where it has one.
    doubt: str | None = None


class PageArticle(Article):
    """An article of a page, with the votes on what the page says of itself.

    In everything else it is the article, and equal to it: a record knows no votes.
    """

    __slots__ = ("votes",)
    votes: tuple[Vote, ...]

    @classmethod
    def of(cls, article: Article, votes: Iterable[Vote]) -> PageArticle:
        """Return an article together with its votes."""
        made = cls(**{one.name: getattr(article, one.name) for one in fields(Article)})
        object.__setattr__(made, "votes", tuple(votes))
        return made

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Article):
            return NotImplemented
        names = [one.name for one in fields(Article)]
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = Article.__hash__


def votes_of(article: Any) -> tuple[Vote, ...]:
    """Return the votes on an article's fields; none for what comes from no page."""
    found: tuple[Vote, ...] = getattr(article, "votes", ())
    return found


class Said(NamedTuple):
    """One place's value, before the vote."""

    place: str
    value: str
    #: Whether it counts; what was found by looking through the whole page only breaks ties.
    voice: bool = True


class Elected(NamedTuple):
    """What a vote comes to."""

    #: The value taken, cleaned; for ``published`` as it stands in the page.
    value: str | None
    votes: tuple[Vote, ...]


def elect(
    field: str, said: Iterable[Said], *, today: date | None = None, site: str | None = None
) -> Elected:
    """Take the value of most voices, of equal ones the first; ``given`` always wins.

    ``site`` is the name of the site, which titles drop at their end.
    """
    listed = [one for one in said if one.value.strip()]
    read = [_READ[field](one.value, today, site) for one in listed]
    keys = [None if value is None else _KEYS[field](value) for value, _ in read]
    winner = _winner(field, listed, keys)
    votes = tuple(
        Vote(field, one.place, one.value.strip()[:500], key is not None and key == winner, doubt)
        for one, key, (_, doubt) in zip(listed, keys, read, strict=True)
    )
    of_winner = [n for n, key in enumerate(keys) if key is not None and key == winner]
    if not of_winner:
        return Elected(None, votes)
    if field == "published":
        # The day is agreed upon; a moment says more than a day.
        first = next((n for n in of_winner if len(read[n][0] or "") > 10), of_winner[0])
        return Elected(listed[first].value.strip(), votes)
    values = [read[n][0] or "" for n in of_winner]
    if field == "publisher":
        # The paper's name, where one place tells it, not the company's.
        return Elected(next((v for v in values if not _COMPANY.search(v)), values[0]), votes)
    return Elected(values[0], votes)


def _winner(field: str, said: Sequence[Said], keys: Sequence[str | None]) -> str | None:
    able = [(one, key) for one, key in zip(said, keys, strict=True) if key]
    if not able:
        return None
    if able[0][0].place == GIVEN or field == "canonical_url":
        # The canonical address is what the page declares as such, not what most links say.
        return able[0][1]
    voices = Counter(key for one, key in able if one.voice)
    most = max(voices.values(), default=0)
    return next(key for _, key in able if voices[key] == most)


def settled(article: Article, told: Iterable[Elected], by: str) -> Iterator[Vote]:
    """Yield the votes; language and address count as taken where the article has them.

    ``by`` names what told the language where no place of the page did.
    """
    for vote in (vote for one in told for vote in one.votes):
        if vote.field in ("language", "canonical_url") and vote.doubt is None:
            value, _ = _READ[vote.field](vote.value, None, None)
            vote = vote._replace(taken=value == getattr(article, vote.field))
        yield vote
    if article.language:
        yield Vote("language", by, article.language, True)


def merged(page: Article, field: str, place: str, value: str | None, today: date | None) -> Elected:
    """Vote on a field again, with one more place: the feed that led to the page."""
    said = [
        Said(vote.place, vote.value, vote.place != PAGE)
        for vote in votes_of(page)
        if vote.field == field
    ]
    return elect(field, [*said, *([Said(place, value)] if value else [])], today=today)


# -- what a value comes to, and what counts as the same ------------------------------------

_Reading = tuple[str | None, str | None]


def _words(value: str) -> str:
    return " ".join(value.split())


def _title(value: str, today: date | None, site: str | None) -> _Reading:
    words = _words(value)
    parts = _BAR.split(words)
    if len(parts) > 1 and site and _plain(parts[-1]) == _plain(site):
        words = words[: words.rindex(parts[-1])].rstrip(" |–—·•»-:")
    return (words, None) if _plain(words) else (None, "no words")


def _byline(value: str, today: date | None, site: str | None) -> _Reading:
    words = _BY.sub("", _words(value), count=1) if _BY.match(_words(value)) else _words(value)
    if "://" in words or "@" in words or words.startswith("/"):
        return None, "an address, no name"
    if _NOBODY.fullmatch(words):
        return None, "nobody's name"
    return (words, None) if _plain(words) else (None, "no words")


def _publisher(value: str, today: date | None, site: str | None) -> _Reading:
    words = _words(value)
    if "://" in words:
        return None, "an address, no name"
    return (words, None) if _plain(words) else (None, "no words")


def _published(value: str, today: date | None, site: str | None) -> _Reading:
    found = believed(value, today=today)
    return found.value, found.doubt


def _address(value: str, today: date | None, site: str | None) -> _Reading:
    found = canonical_url(value)
    return (found, None) if found else (None, "no address of the web")


def _language(value: str, today: date | None, site: str | None) -> _Reading:
    code = re.split("[-_]", value.strip().lower())[0]
    return (code, None) if re.fullmatch("[a-z]{2,3}", code) else (None, "no code of a language")


_READ: Mapping[str, Callable[[str, date | None, str | None], _Reading]] = {
    "title": _title, "byline": _byline, "publisher": _publisher, "published": _published,
    "canonical_url": _address, "language": _language,
}  # fmt: skip


def _plain(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())


def _names(words: str) -> str:
    return " ".join(sorted(filter(None, map(_plain, _BETWEEN_NAMES.split(words)))))


def _company(words: str) -> str:
    bare = _COMPANY.sub("", words)
    return _plain(re.sub(r"\Athe\s+", "", bare, flags=re.I)) or _plain(words)


_KEYS: Mapping[str, Callable[[str], str]] = {
    "title": _plain, "byline": _names, "publisher": _company, "published": lambda day: day[:10],
    "canonical_url": str, "language": str,
}  # fmt: skip


# -- what a page says ----------------------------------------------------------------------


def sayings(
    page: str, data: Sequence[Mapping[str, Any]], address: str | None = None
) -> dict[str, list[Said]]:
    """Return what a page's markup says of each field, the most trusted places first.

    ``data`` is its JSON-LD, ``address`` where it stands.
    """
    said: dict[str, list[Said]] = {name: [] for name in FIELDS}
    for name, one in _structured(data):
        said[name].append(one)
    metas = _metas(page)
    for name, listed in _NAMES.items():
        said[name] += [Said(f"meta {own}", metas[own]) for own in listed if metas.get(own)]
    for name, one in _elements(page):
        said[name].append(one)
    canonical = [one for one in said["canonical_url"] if one.place == "link canonical"]
    said["canonical_url"] = canonical + [
        one for one in said["canonical_url"] if one.place != "link canonical"
    ]
    for known in (address, *(one.value for one in canonical)):
        if match := _IN_ADDRESS.search(known or ""):
            day = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
            said["published"].append(Said("address", day))
            break
    return said


def _metas(page: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for match in _META.finditer(page[:400_000]):
        values = _attributes(match[1])
        name = values.get("property") or values.get("name") or values.get("itemprop") or ""
        name = name or values.get("http-equiv", "")
        if content := unescape(values.get("content", "")).strip():
            named.setdefault(name.lower(), content)
    return named


def _attributes(words: str) -> dict[str, str]:
    return {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(words)}


def _elements(page: str) -> Iterator[tuple[str, Said]]:
    head = page[:400_000]
    headings = set(islice(_inner(page, _HEADING, "</h1"), _MOST_HEADINGS))
    if len(headings) == 1:
        yield "title", Said("h1", headings.pop())
    if title := next(_inner(head, _TITLE, "</title"), None):
        yield "title", Said("title", title)
    for match in _TIME.finditer(page):
        values = _attributes(match[1])
        if values.get("datetime") and _PUBLISHED.search(match[1]):
            yield "published", Said("time", values["datetime"])
            break
    for match in _LINK.finditer(head):
        values = _attributes(match[1])
        if "canonical" in values.get("rel", "").lower().split() and values.get("href"):
            yield "canonical_url", Said("link canonical", unescape(values["href"]).strip())
            break
    root = _HTML.search(page[:5000])
    if root and (code := _attributes(root[1]).get("lang")):
        yield "language", Said("html lang", code)


def _inner(page: str, opening: re.Pattern[str], closing: str) -> Iterator[str]:
    """Yield the words in elements, those that are not closed soon left out."""
    for match in opening.finditer(page):
        inner = page[match.end() : match.end() + _LONGEST]
        end = inner.lower().find(closing)
        if end >= 0 and (words := _words(unescape(_TAG.sub(" ", inner[:end])))):
            yield words


def _structured(data: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Said]]:
    """What the article's own object in JSON-LD says; related ones stand beside it."""
    mains = [one for one in data if any(map(_MAIN.search, _texts(one.get("@type"))))]
    for own in mains[:1] or [one for one in data if one.get("datePublished")][:1]:
        for field, names in _PROPERTIES.items():
            for name in names:
                if words := "; ".join(_texts(own.get(name))):
                    # Content systems write entities into JSON, where they mean nothing.
                    yield field, Said("JSON-LD", unescape(words))
                    break


_PROPERTIES: Mapping[str, Sequence[str]] = {
    "title": ("headline", "name"),
    "byline": ("author", "creator"),
    "publisher": ("publisher",),
    "published": ("datePublished",),
    "canonical_url": ("mainEntityOfPage", "url"),
    "language": ("inLanguage",),
}


def _texts(value: Any) -> Iterator[str]:
    """The names in a value of JSON-LD: a string, an object that has one, or a list of these."""
    for one in value[:20] if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            one = one.get("name") or one.get("@id") or one.get("url")
        if isinstance(one, str) and one.strip():
            yield one.strip()
