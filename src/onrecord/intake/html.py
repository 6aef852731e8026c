"""Articles from web pages: trafilatura finds the text, guards stand before it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from onrecord import settings
from onrecord.errors import SourceError
from onrecord.intake import metadata
from onrecord.intake.articles import article_from_text
from onrecord.intake.dates import day_of
from onrecord.intake.decoding import decode
from onrecord.intake.metadata import Elected, Said
from onrecord.record import Article

_START = re.compile(
    r"\s*(?:<!--(?:(?!-->).){0,2000}-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_TAGS = re.compile(r"<(?:p|div|meta|title|script|link|article|span|h1)\b[^<>]*>", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.I)
#: Elements whose content is not for readers; a script with JSON-LD is kept.
_MUTE = re.compile(r"<(/?)(script|style|svg|noscript|template|iframe|canvas)\b|(<!--)|(-->)", re.I)
#: Elements that stay open until they are closed, so that they can be nested without end.
_NESTING = re.compile(
    r"<(/?)(?:div|span|section|article|table|ul|ol|dl|blockquote|font|b|i|em|strong|a|center|main"
    r"|aside|header|footer|nav|form|figure|details|button|small|big|u|s|sub|sup|fieldset)\b",
    re.I,
)
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: What a page says that shows a check or a demand in place of the report.
_WALL = re.compile(
    r"verify (?:that )?you are (?:a )?human|checking your browser|enable javascript and cookies"
    r"|just a moment|are you a robot|not a robot|unusual traffic|captcha|access (?:to this page )?"
    r"(?:has been )?denied|ddos protection|please enable (?:javascript|cookies)"
    r"|we (?:value|care about) your privacy|we and our (?:\d+ )?partners|(?:we|site) uses? cookies"
    r"|accept (?:all )?cookies|not available in your (?:region|country)",
    re.I,
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|keep|read)|to (?:continue|keep) reading"
    r"|(?:only|exclusively) (?:for|to) (?:our )?subscribers|subscribers? only|already a subscriber"
    r"|free articles? (?:left|remaining|this month)"
    r"|(?:log|sign) ?in to (?:continue|read)|register to (?:continue|read)"
    r"|unlock this (?:article|story)",
    re.I,
)
#: A wall's own text is short; a report that mentions cookies is longer.
_LONGEST_WALL = 900
_SHORTEST_REPORT = 200
#: An article in a page: what is said of it, and then its words.
_ARTICLE = re.compile(r"<article\b([^<>]{0,1000})>", re.I)
_ASIDE = re.compile(r"comment|teaser|related|card|promo|recommend|reply", re.I)
_MARKUP = re.compile(r"<[^<>]{0,1000}>")
#: Characters of words that make an article in a page a report, not a teaser.
_A_REPORT = 500
_MOST_PIECES = 50
#: Words of a text from which on it tells its language better than its page does.
_TELLS_LANGUAGE = 20
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class _Found(NamedTuple):
    text: str
    title: str | None
    byline: str | None
    publisher: str | None
    canonical: str | None
    published: str | None


def looks_like_html(text: str) -> bool:
    """Say whether ``text`` is a web page: it begins as one, or is full of its tags."""
    head = text[:4000].lstrip("\ufeff")
    if _START.match(head):
        return True
    return head.lstrip().startswith("<") and len(_TAGS.findall(head)) >= 3


def decode_page(data: bytes, declared: str | None = None) -> str:
    """Decode a page: as ``decoding.decode``, with the encoding its server or itself declares."""
    match = _CHARSET.search(data[:4096])
    return decode(data, declared or (match[1].decode("ascii") if match else None))


def article_from_html(
    page: str,
    *,
    source: str,
    id: str | None = None,
    url: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    published: str | None = None,
    fetched: str | None = None,
    today: date | None = None,
) -> Article:
    """Make an article of a web page; what is given wins over what the page says.

    Where places of the page differ on its title, date and so on, they vote (``metadata``).
    The title is put as the text's first line unless it stands there already.  A date after
    ``fetched`` is not believed.  A page that shows a paywall, a cookie wall or a bot check
    in place of its report gives an article marked ``partial``, without the wall's words.
    Raises SourceError when the page is too large or too deeply nested to parse.
    """
    _guard_size(page, 8, source)
    bare = _without_mute(_CONTROL.sub(" ", page))
    _guard_size(bare.markup, 1, source)
    _guard_depth(bare.markup, source)
    data = list(_json_ld(bare.data))
    found = _extract(bare.markup, url, source)
    given = {"title": title, "publisher": publisher, "published": published}
    clock = day_of(fetched) or today
    told = _voted(given, found, metadata.sayings(bare.markup, data, url), clock)
    heading = told["title"].value
    text, partial = _behind_walls(found.text, heading, page, data)
    if heading and _WALL.search(heading) and not text:
        heading = None
    canonical = told["canonical_url"].value
    # Pages are often wrong about their language: a text that is long enough tells it itself.
    tells = len(text.split()) >= _TELLS_LANGUAGE
    made = article_from_text(
        with_title(text, heading),
        id=id,
        url=url or canonical,
        canonical=_trusted(canonical, url),
        title=heading,
        byline=told["byline"].value,
        publisher=told["publisher"].value,
        language=None if tells else told["language"].value,
        published=published or _date(told["published"]),
        published_basis="given" if published else "page",
        fetched=fetched,
        partial=partial or _in_pieces(bare.markup, data),
        today=clock,
    )
    return metadata.PageArticle.of(made, metadata.settled(made, told.values(), "text"))


def with_title(text: str, title: str | None) -> str:
    """Put the title as the first line, unless it stands there already."""
    if not title:
        return text
    first = text.lstrip().partition("\n")[0]
    if _plain(first) == _plain(title):
        rest = text.lstrip()[len(first) :].lstrip("\n")
        return f"{first}\n\n{rest}" if rest else first
    return f"{title.strip()}\n\n{text}" if text.strip() else title.strip()


def _plain(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())


# -- guards --------------------------------------------------------------------------------


class _Page(NamedTuple):
    """A page's markup for the parser, and its JSON-LD."""

    markup: str
    data: list[str]


def _without_mute(page: str) -> _Page:
    """Leave scripts, styles and comments out, JSON-LD apart; in one pass."""
    pieces, data = [], []
    at, inside = 0, ""
    for match in _MUTE.finditer(page):
        name = (match[2] or match[3] or match[4]).lower()
        if not inside and not match[1] and match[4] is None:
            inside = name
            pieces.append(page[at : match.start()])
            at = match.end()
        elif (inside == name and match[1]) or (inside == "<!--" and match[4]):
            head, _, body = page[at : match.start()].partition(">")
            if inside == "script" and "ld+json" in head[:300].lower():
                data.append(body)
                pieces.append(f"<script{head}>{body}</script>")
            closing = page.find(">", match.start(), match.start() + 500)
            at = closing + 1 if closing >= 0 else match.end()
            inside = ""
    if not inside:
        pieces.append(page[at:])
    return _Page("".join(pieces), data)


def _guard_size(page: str, times: int, source: str) -> None:
    """Refuse a page whose scripts and all are longer than ``times`` the markup's limit."""
    most = times * settings.get("max_page_chars")
    if len(page) > most:
        raise SourceError(
            f"{source}: the page has {len(page):,} characters of markup, more than {most:,}; "
            "save the report's text instead, or raise ONRECORD_MAX_PAGE_CHARS",
            source=source,
        )


def _guard_depth(page: str, source: str) -> None:
    depth, deepest = 0, settings.get("max_page_depth")
    for match in _NESTING.finditer(page):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > deepest:
            raise SourceError(
                f"{source}: the page nests its elements deeper than {deepest}; "
                "save the report's text instead",
                source=source,
            )


# -- what the page says --------------------------------------------------------------------


def _extract(page: str, url: str | None, source: str) -> _Found:
    from lxml.etree import LxmlError
    from trafilatura import bare_extraction
    from trafilatura.metadata import extract_metadata

    if not page.strip():
        return _Found("", None, None, None, None, None)
    dates: dict[str, Any] = {"extensive_search": False, "original_date": True}
    try:
        found = bare_extraction(
            page, url=url, include_comments=False, with_metadata=True, date_extraction_params=dates
        )
        text = "" if found is None else str(getattr(found, "text", "") or "")
        if found is None:
            found = extract_metadata(page, url, dates)
    except (LxmlError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise SourceError(
            f"{source}: the page cannot be parsed ({error}); save the report's text instead",
            source=source,
        ) from error

    def said(name: str) -> str | None:
        value = getattr(found, name, None)
        return value.strip() or None if isinstance(value, str) else None

    return _Found(text, said("title"), said("author"), said("sitename"), said("url"), said("date"))


def _json_ld(scripts: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD, those of ``@graph`` included."""
    for script in scripts[:50]:
        try:
            value = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        queue = value if isinstance(value, list) else [value]
        for item in queue[:100]:
            if isinstance(item, dict):
                yield item
                graph = item.get("@graph")
                if isinstance(graph, list):
                    yield from (node for node in graph[:100] if isinstance(node, dict))


def _voted(
    given: Mapping[str, str | None],
    found: _Found,
    said: Mapping[str, list[Said]],
    today: date | None,
) -> dict[str, Elected]:
    """Let the places of the page vote; what the extraction found breaks ties."""
    own = {
        "title": found.title, "byline": found.byline, "publisher": found.publisher,
        "published": found.published, "canonical_url": found.canonical,
    }  # fmt: skip
    told: dict[str, Elected] = {}
    for field in ("publisher", *(name for name in metadata.FIELDS if name != "publisher")):
        listed = [Said(metadata.GIVEN, value)] if (value := given.get(field)) else []
        extracted = [Said(metadata.PAGE, value, False)] if (value := own.get(field)) else []
        listed += [*said[field], *extracted]
        site = told["publisher"].value if told else None
        told[field] = metadata.elect(field, listed, today=today, site=site)
    return told


def _date(told: Elected) -> str | None:
    """The date that was elected; where none can be believed, the first, which is then flagged."""
    return told.value or next((vote.value for vote in told.votes), None)


def _trusted(canonical: str | None, url: str | None) -> str | None:
    """The page's canonical address, unless it is a site's front page."""
    if canonical is None:
        return None
    try:
        path = urlsplit(canonical).path.strip("/")
    except ValueError:
        return None
    return canonical if path or url is None else None


def _behind_walls(
    text: str, title: str | None, page: str, data: list[dict[str, Any]]
) -> tuple[str, bool]:
    """Return the text without a wall's words, and whether a part of the report is missing."""
    free = [item.get("isAccessibleForFree") for item in data]
    closed = any(
        value is False or str(value).lower() == "false" for value in free if value is not None
    )
    lines = [line for line in text.splitlines() if line.strip()]
    rest = sum(len(line) for line in lines if not _WALL.search(line))
    walled = any(_WALL.search(line) for line in (*lines, title or ""))
    if walled and len(text) < _LONGEST_WALL and rest < _SHORTEST_REPORT:
        return "", True
    stub = any(len(line) < 200 and _PAYWALL.search(line) for line in lines[-3:])
    return text, closed or stub or (not lines and bool(page.strip()))


def _in_pieces(page: str, data: list[dict[str, Any]]) -> bool:
    """Say whether a page is a live blog or holds several reports: its text is not one report."""
    if any("LiveBlogPosting" in str(item.get("@type")) for item in data):
        return True
    pieces = list(islice(_ARTICLE.finditer(page), _MOST_PIECES))
    reports = 0
    for piece in pieces:
        inner = page[piece.end() : piece.end() + 20_000]
        inner = re.split(r"</?article\b", inner, maxsplit=1, flags=re.I)[0]
        words = _MARKUP.sub(" ", inner)
        reports += not _ASIDE.search(piece[1]) and len(" ".join(words.split())) >= _A_REPORT
    return reports > 1
