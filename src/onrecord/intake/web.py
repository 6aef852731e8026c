"""Articles from web addresses: a page, a feed, a list of feeds, a sitemap, a WARC file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from onrecord import settings
from onrecord.errors import FetchError, SourceError
from onrecord.intake.articles import Given, Unreadable, article_from_text
from onrecord.intake.dates import day_of
from onrecord.intake.dates import published as believed
from onrecord.intake.decoding import no_text
from onrecord.intake.feeds import Entry, Feed, entry_article, is_feed, read_feed
from onrecord.intake.html import article_from_html, decode_page, looks_like_html
from onrecord.intake.listings import Listed, read_opml, read_sitemap
from onrecord.intake.metadata import Elected, PageArticle, merged, votes_of
from onrecord.intake.unpacking import UnpackError, gunzip
from onrecord.intake.warc import articles_from_warc, is_warc
from onrecord.intake.xml import xml_kind
from onrecord.record import Article

if TYPE_CHECKING:
    from onrecord.intake.fetching import Page
    from onrecord.intake.robots import Web

#: Fetches one address; raises FetchError.
Fetch: TypeAlias = "Callable[[str], Page]"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
#: Sitemaps may list sitemaps; those may not list further ones (sitemaps.org).
_DEEPEST = 2
#: Libraries that come with an extra of this package.
_EXTRAS = {
    **dict.fromkeys(("aiohttp", "yarl", "feedparser", "protego", "idna", "brotli"), "web"),
    "backports": "web",
    "fastwarc": "warc",
    "pyarrow": "arrow",
}
_NOTHING = Given()


def explained(
    source: str, articles: Iterator[Article | Unreadable]
) -> Iterator[Article | Unreadable]:
    """Pass articles on; a library that is not installed becomes a SourceError that names it."""
    try:
        yield from articles
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        raise SourceError(
            f"{source} cannot be read: {error.name} is not installed; "
            f"pip install 'onrecord[{extra}]'",
            source=source,
        ) from error


def is_listing(data: bytes) -> bool:
    """Say whether ``data`` is a feed, an OPML list or a sitemap."""
    return xml_kind(data) is not None or is_feed(data)


def articles_from_web(
    url: str, fetch: Fetch | None, given: Given = _NOTHING, today: date | None = None
) -> Iterator[Article | Unreadable]:
    """Fetch ``url`` and yield the articles of what is there.

    A feed's entries that are summaries, and the pages of a sitemap, are fetched in
    their turn; one that cannot be fetched comes out as the feed's summary, or as
    Unreadable.  Raises FetchError when ``url`` itself cannot be fetched.
    """
    with ExitStack() as stack:
        taken = _Taken(fetch or _own(stack), today)
        yield from taken.of_page(taken.fetch(url), given, 0)


def articles_of(
    data: bytes, source: str, fetch: Fetch | None, given: Given, today: date | None
) -> Iterator[Article | Unreadable]:
    """Yield the articles of a feed, OPML list or sitemap that lies in a file.

    The entries of a feed are taken as they are, without the web; what lists only
    addresses is fetched.
    """
    with ExitStack() as stack:

        def later(url: str) -> Page:
            nonlocal fetch
            fetch = fetch or _own(stack)
            return fetch(url)

        yield from _Taken(later, today).of_listing(data, source, given, 0, follow=False)


def own_web() -> Web:
    """Return what fetches politely; SourceError when the extra ``web`` is not installed."""
    from onrecord.intake.robots import Web

    try:
        import aiohttp  # noqa: F401
    except ModuleNotFoundError as error:
        raise SourceError(
            "fetching needs aiohttp: install it with  pip install 'onrecord[web]'", source="web"
        ) from error
    return Web()


def _own(stack: ExitStack) -> Fetch:
    from onrecord.intake.robots import Web

    return stack.enter_context(Web()).get


def page_article(page: Page, *, given: Given = _NOTHING, today: date | None = None) -> Article:
    """Make an article of a fetched page: HTML, PDF or plain text.

    Raises SourceError for what is no text, or too large or deep to be parsed.
    """
    known = given._replace(url=given.url or page.final_url)
    if page.body.startswith(b"%PDF"):
        from onrecord.intake.extraction import article_from_pdf

        return article_from_pdf(page.body, page.final_url, known, fetched=page.fetched, today=today)
    kind = no_text(page.body)
    if kind:
        raise SourceError(f"{page.final_url} is {kind}, not a report", source=page.final_url)
    match = _CHARSET.search(page.headers.get("content-type", ""))
    text = decode_page(page.body, match[1] if match else None)
    if "html" in page.headers.get("content-type", "") or looks_like_html(text[:8192]):
        return article_from_html(
            text, source=page.final_url, fetched=page.fetched, today=today, **known._asdict()
        )
    return article_from_text(text, fetched=page.fetched, today=today, **known._asdict())


def entry_or_page(
    entry: Entry,
    feed: Feed,
    fetch: Fetch,
    *,
    given: Given = _NOTHING,
    fetched: str | None = None,
    today: date | None = None,
) -> Article:
    """Return an entry's article: of the feed where that holds all, else of the entry's page.

    What the page leaves open, the feed fills in.  Where the page cannot be had or
    holds less than the feed (a wall), it is the feed's summary, marked partial.
    """
    summary = entry_article(entry, feed, given=given, fetched=fetched, today=today)
    if entry.whole or entry.url is None:
        return summary
    try:
        found = page_article(fetch(entry.url), given=given, today=today)
    except SourceError:
        return summary
    if len(found.text) < len(summary.text):
        return summary
    return _filled(found, summary, today)


def _filled(page: Article, other: Article, today: date | None) -> Article:
    """Fill in what a page does not say of itself; on its date, the feed has a voice too."""
    told = {
        name: merged(page, name, "feed", value, day_of(page.fetched) or today)
        for name, value in (
            ("title", other.title), ("byline", other.byline), ("publisher", other.publisher),
            ("published", other.published_raw or other.published),
        )
    }  # fmt: skip
    rest = [vote for vote in votes_of(page) if vote.field not in told]
    filled = replace(
        _dated(page, other, told["published"]),
        title=page.title or other.title,
        byline=page.byline or other.byline,
        publisher=(None if _is_host(page) else page.publisher) or other.publisher or page.publisher,
    )
    return PageArticle.of(filled, [*rest, *(vote for one in told.values() for vote in one.votes)])


def _dated(page: Article, other: Article, told: Elected) -> Article:
    """Take the date over that the vote came to, unless the caller gave one."""
    value = believed(told.value, today=day_of(page.fetched)).value
    if page.published_basis == "given" or told.value is None or value is None:
        return page
    if page.published is not None and page.published[:10] == value[:10]:
        return page
    if any(vote.value == told.value and vote.place != "feed" for vote in told.votes):
        raw = told.value if told.value != value else None
        return replace(page, published=value, published_basis="page", published_raw=raw)
    return replace(
        page,
        published=other.published,
        published_basis=other.published_basis,
        published_raw=other.published_raw,
    )


def _is_host(page: Article) -> bool:
    """Say whether a page's publisher is but its host, for want of a name."""
    return bool(page.publisher) and (page.publisher or "").lower() in (page.url or "").lower()


@dataclass
class _Taken:
    """What is taken from where, one source after another."""

    fetch: Fetch
    today: date | None
    #: Pages of sitemaps asked for so far.
    pages: int = 0

    def of_page(self, page: Page, given: Given, depth: int) -> Iterator[Article | Unreadable]:
        if is_warc(page.body[:4096]):
            file = io.BytesIO(page.body)
            yield from articles_from_warc(
                file, source=page.final_url, given=given, today=self.today
            )
        elif page.body.startswith(_GZIP) or is_listing(page.body):
            yield from self.of_listing(
                page.body, page.final_url, given, depth, follow=True, fetched=page.fetched
            )
        else:
            yield page_article(page, given=given, today=self.today)

    def of_listing(
        self,
        data: bytes,
        source: str,
        given: Given,
        depth: int,
        *,
        follow: bool,
        fetched: str | None = None,
    ) -> Iterator[Article | Unreadable]:
        if data.startswith(_GZIP):
            data = _unpacked(data, source)
        kind = xml_kind(data)
        given = given._replace(title=None, url=None)
        if kind == "opml":
            yield from self._opml(data, source, given, depth)
        elif kind == "sitemap":
            yield from self._sitemap(data, source, given, depth)
        else:
            yield from self._feed(data, source, given, fetched, follow=follow)

    def _feed(
        self, data: bytes, source: str, given: Given, fetched: str | None, *, follow: bool
    ) -> Iterator[Article | Unreadable]:
        feed = read_feed(data, source=source)
        for entry in feed.entries:
            if follow:
                yield entry_or_page(
                    entry, feed, self.fetch, given=given, fetched=fetched, today=self.today
                )
            else:
                yield entry_article(entry, feed, given=given, fetched=fetched, today=self.today)
        if feed.cut:
            yield Unreadable(None, f"{source}: {'; '.join(feed.notes)}", "cut-short")

    def _opml(
        self, data: bytes, source: str, given: Given, depth: int
    ) -> Iterator[Article | Unreadable]:
        found, refused = read_opml(data, source=source)
        yield from _refusals(refused)
        for listed in found:
            yield from self._further(listed.url, given, depth + 1)

    def _sitemap(
        self, data: bytes, source: str, given: Given, depth: int
    ) -> Iterator[Article | Unreadable]:
        found = read_sitemap(data, source=source)
        yield from _refusals(found.refused)
        for url in found.sitemaps:
            yield from self._further(url, given, depth + 1)
        for listed in found.pages:
            if self.pages >= settings.get("max_feed_entries"):
                why = f"{source}: more pages than ONRECORD_MAX_FEED_ENTRIES; the rest is left out"
                yield Unreadable(None, why, "too-many")
                return
            self.pages += 1
            yield self._listed(listed, given)

    def _further(self, url: str, given: Given, depth: int) -> Iterator[Article | Unreadable]:
        """What a list leads to; a fault there never stops the rest of the list."""
        if depth > _DEEPEST:
            yield Unreadable(None, f"{url}: lists within lists within lists", "too-deep")
            return
        try:
            yield from self.of_page(self.fetch(url), given, depth)
        except SourceError as error:
            yield _unread(error)

    def _listed(self, listed: Listed, given: Given) -> Article | Unreadable:
        try:
            found = page_article(self.fetch(listed.url), given=given, today=self.today)
        except SourceError as error:
            return _unread(error)
        said = believed(listed.published, today=self.today)
        known = replace(
            found,
            title=listed.title,
            publisher=listed.publisher,
            published=said.value,
            published_basis="feed",
            published_raw=listed.published if listed.published != said.value else None,
        )
        return _filled(found, known, self.today)


def _refusals(refused: tuple[str, ...] | list[str]) -> Iterator[Unreadable]:
    return (Unreadable(None, why, "refused") for why in refused)


def _unread(error: SourceError) -> Unreadable:
    code = "not-fetched" if isinstance(error, FetchError) else "bad-page"
    return Unreadable(None, str(error), code)


def _unpacked(data: bytes, source: str) -> bytes:
    try:
        return gunzip(data, settings.get("max_feed_bytes"))
    except UnpackError as error:
        raise SourceError(f"{source} is not read: {error}", source=source) from error
