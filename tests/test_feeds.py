"""Feeds, lists of feeds and sitemaps: what is usable is kept, nothing is expanded or opened."""

from __future__ import annotations

import gzip
import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import SourceError
from onrecord.intake import doubts
from onrecord.intake.articles import Given
from onrecord.intake.feeds import Feed, entry_article, is_feed, read_feed
from onrecord.intake.fragments import from_markdown, plain
from onrecord.intake.listings import read_opml, read_sitemap
from onrecord.intake.xml import xml_kind, xml_text

TODAY = date(2025, 12, 5)
SOURCE = "https://news.example/feed"
LONG = "The council said on Monday that it would rebuild the bridge over the river. " * 20

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Daily Example</title><link>https://news.example/</link><language>en</language>
<item><title>Bridge &amp; river</title><link>/bridge?utm_source=rss</link><guid>tag:1</guid>
<pubDate>Thu, 04 Dec 2025 10:30:00 GMT</pubDate><dc:creator>Jane Doe</dc:creator>
<description>A short summary …</description>
<content:encoded><![CDATA[<p>First <b>paragraph</b>.</p><script>evil()</script><p>{LONG}</p>]]>
</content:encoded></item>
<item><title>Ferry stops</title><link>https://news.example/ferry</link>
<pubDate>Sun, 32 Foo 2025</pubDate>
<description>The ferry stops on Friday. Read more</description></item>
</channel></rss>""".encode()

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Notes</title>
<entry><title type="html">A &lt;i&gt;note&lt;/i&gt;</title><id>urn:1</id>
<link href="https://news.example/note"/><updated>2025-12-03T08:00:00Z</updated>
<published>2025-12-02T08:00:00Z</published><author><name>Ann Roe</name></author>
<content type="html">&lt;p&gt;It is done.&lt;/p&gt;&lt;p&gt;All of it.&lt;/p&gt;</content>
</entry></feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Notes",
        "items": [
            {
                "id": "1",
                "url": "https://news.example/n1",
                "title": "One",
                "content_html": "<p>It is done.</p>",
                "date_published": "2025-12-02T08:00:00Z",
                "authors": [{"name": "Ann Roe"}, {"name": "Jo Poe"}, 7],
            },
            {"id": 2, "summary": "Only a summary", "title": None},
            "no entry",
        ],
    }
).encode()


def read(data: bytes) -> Feed:
    return read_feed(data, source=SOURCE)


# -- what a feed says ----------------------------------------------------------------------


def test_rss_becomes_articles() -> None:
    feed = read(RSS)
    assert (feed.title, feed.language, feed.notes, feed.cut) == (
        "The Daily Example",
        "en",
        (),
        False,
    )
    first, second = (
        entry_article(entry, feed, today=TODAY, fetched="2025-12-05T00:00:00+00:00")
        for entry in feed.entries
    )
    assert first.text.startswith("Bridge & river\n\nFirst paragraph.\n\nThe council said")
    assert "evil" not in first.text
    assert first.title == "Bridge & river"
    assert first.url == "https://news.example/bridge?utm_source=rss"
    assert first.canonical_url == "https://news.example/bridge"
    assert (first.publisher, first.byline) == ("The Daily Example", "Jane Doe")
    assert (first.published, first.published_basis) == ("2025-12-04T10:30:00+00:00", "feed")
    assert (first.partial, second.partial) == (False, True)
    assert first.fetched == "2025-12-05T00:00:00+00:00"


def test_a_date_that_is_none_is_kept_raw_and_flagged() -> None:
    feed = read(RSS)
    found = entry_article(feed.entries[1], feed, today=TODAY)
    assert (found.published, found.published_basis) == (None, "none")
    assert found.published_raw == "Sun, 32 Foo 2025"
    assert "date-not-believed" in [warning.code for warning in doubts(found, today=TODAY)]


@pytest.mark.parametrize(
    "raw", ["9999-01-01", "1970-01-01T00:00:00Z", "Fri, 03 Dec 2027 10:00:00 GMT"]
)
def test_dates_that_cannot_be_are_not_believed(raw: str) -> None:
    feed = read(RSS.replace(b"Sun, 32 Foo 2025", raw.encode()))
    found = entry_article(feed.entries[1], feed, today=TODAY)
    assert (found.published, found.published_raw) == (None, raw)


def test_what_is_given_wins_over_the_feed() -> None:
    feed = read(RSS)
    known = Given(published="2025-12-01", title="Given", publisher="Another")
    found = entry_article(feed.entries[0], feed, given=known, today=TODAY)
    assert (found.published, found.published_basis) == ("2025-12-01", "given")
    assert (found.title, found.publisher) == ("Given", "Another")
    assert found.text.startswith("Given\n\nFirst paragraph.")


def test_atom_becomes_articles() -> None:
    feed = read(ATOM)
    found = entry_article(feed.entries[0], feed, today=TODAY)
    assert found.text == "A note\n\nIt is done.\n\nAll of it."
    assert (found.title, found.byline, found.url) == (
        "A note",
        "Ann Roe",
        "https://news.example/note",
    )
    assert found.published == "2025-12-02T08:00:00+00:00"
    assert not found.partial


def test_a_json_feed_becomes_articles() -> None:
    feed = read(JSON_FEED)
    assert is_feed(JSON_FEED)
    first, second = (entry_article(entry, feed, today=TODAY) for entry in feed.entries)
    assert first.text == "One\n\nIt is done."
    assert (first.byline, first.publisher) == ("Ann Roe, Jo Poe", "Notes")
    assert (second.text, second.partial, second.url) == ("Only a summary", True, None)


# -- damaged feeds (row 8) -----------------------------------------------------------------


def test_a_feed_cut_inside_cdata_keeps_what_came_before() -> None:
    feed = read(RSS[: RSS.index(b"The ferry stops")])
    assert feed.cut
    assert any("end is missing" in note for note in feed.notes)
    assert feed.entries[0].title == "Bridge & river"
    inside = read(RSS[: RSS.index(b"First <b>") + 12])
    assert inside.cut
    assert inside.title == "The Daily Example"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"Ferry stops", b"Ferry & barge stop"),
        (b"Ferry stops", b"<media:title>Ferry</media:title> stops"),
        (b"Ferry stops", b"Ferry &nbsp;&hellip; stops"),
        (b"Ferry stops", b"Ferry \x01\x08 stops"),
        (b"Ferry stops", b"Ferry \x93stops\x94"),
        (b"Ferry stops", b"Ferry < stops"),
    ],
)
def test_a_feed_with_a_slip_keeps_its_entries(good: bytes, bad: bytes) -> None:
    feed = read(RSS.replace(good, bad))
    assert len(feed.entries) == 2
    assert "Ferry" in (feed.entries[1].title or "")
    assert feed.entries[1].url == "https://news.example/ferry"
    assert not feed.cut
    json.dumps(feed.entries, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "data",
    [
        b'<rss version="2.0"><channel><title>Empty</title></channel></rss>',
        b"<rss><channel/></rss>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        b'{"version": "https://jsonfeed.org/version/1", "items": []}',
    ],
)
def test_an_empty_feed_is_no_failure(data: bytes) -> None:
    assert read(data).entries == ()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!DOCTYPE html><html><body><p>Hello</p></body></html>", "web page"),
        (b"<svg></svg>", "something else"),
        (b"Just a text.", "something else"),
        (b'{"version": "2"}', "JSON Feed"),
        (b'{"version": ', "no JSON"),
        (b"{" * 5000, "no JSON"),
    ],
)
def test_what_is_no_feed(data: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why) as caught:
        read(data)
    assert caught.value.source == SOURCE


def test_a_feed_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_FEED_BYTES", "100")
    for reader in (read_feed, read_opml, read_sitemap):
        with pytest.raises(SourceError, match="larger than 100"):
            reader(RSS, source=SOURCE)


def test_more_entries_than_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_FEED_ENTRIES", "1")
    feed = read(RSS)
    assert len(feed.entries) == 1
    assert "only 1 of its 2" in feed.notes[0]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16", "utf-8-sig"])
def test_encodings_are_tried_not_trusted(encoding: str) -> None:
    data = RSS.decode().replace("Ferry stops", "Ferry “é” stops").encode(encoding)
    assert read(data).entries[1].title == "Ferry “é” stops"


# -- entities and DOCTYPE (row 7) ----------------------------------------------------------

LAUGHS = "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)
)  # ten to the ninth
DOCTYPE = """<!DOCTYPE r [ <!-- ]> ' --> <!ENTITY lol0 "ha]>"> {laughs}
<!ENTITY file SYSTEM "file://{path}"> <!ENTITY % net SYSTEM "http://127.0.0.1:{port}/x"> %net; ]>"""
HOSTILE = ["&lol9;", "&file;", "&lol0;"]


@pytest.mark.parametrize("entity", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_nothing_is_expanded_opened_or_asked(entity: str, encoding: str, tmp_path: Path) -> None:
    import socket

    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-words")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.01)
        head = DOCTYPE.format(laughs=LAUGHS, path=secret, port=listener.getsockname()[1])
        rss = f"<?xml version='1.0'?>{head}<rss><channel><item><title>A {entity} b</title>"
        rss += "<link>https://news.example/1</link></item></channel></rss>"
        began = time.process_time()
        feed = read(rss.encode(encoding))
        opml = f"{head}<opml><body><outline text='{entity}' xmlUrl='https://news.example/f'/>"
        listed, _ = read_opml(f"{opml}</body></opml>".encode(encoding), source=SOURCE)
        site = f"{head}<urlset><url><loc>https://news.example/1</loc><title>{entity}</title></url>"
        mapped = read_sitemap(f"{site}</urlset>".encode(encoding), source=SOURCE)
        assert time.process_time() - began < 5
        with pytest.raises(TimeoutError):
            listener.accept()
    said = json.dumps([feed, listed, mapped])
    assert len(said) < 2000
    assert "the-secret-words" not in said
    assert "ha]" not in said
    assert feed.entries[0].url == "https://news.example/1"
    assert [one.url for one in listed] == ["https://news.example/f"]


def test_a_doctype_goes_and_the_rest_stays() -> None:
    assert (
        xml_text(b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><!DOCTYPE a><a>b</a>") == "<a>b</a>"
    )
    assert xml_text(b"<!DOCTYPE a [ <!ENTITY b 'c'>") == ""
    assert xml_kind(b"<x:RDF>") == "feed"
    assert xml_kind(b"text") is None


# -- lists ---------------------------------------------------------------------------------


def test_an_opml_list() -> None:
    data = b"""<opml version="2.0"><head><title>Mine</title></head><body>
    <outline text="Papers"><outline text="A" title="Paper A" xmlUrl="https://a.example/rss"/>
    <outline text="again" xmlUrl="HTTPS://A.example/rss"/></outline>
    <outline text="B" type="rss" xmlURL="http://b.example/feed"/>
    <outline text="bad" xmlUrl="file:///etc/passwd"/><outline text="none" xmlUrl=""/>
    <outline text="cut" xmlUrl="https://c.example/rss"/>"""
    found, refused = read_opml(data, source="mine.opml")
    assert [(one.title, one.url) for one in found] == [
        ("Paper A", "https://a.example/rss"),
        ("B", "http://b.example/feed"),
        ("cut", "https://c.example/rss"),
    ]
    assert len(refused) == 1
    assert "file:///etc/passwd" in refused[0]


SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://news.example/a </loc><news:news><news:publication><news:name>The Daily Example
</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-12-04</news:publication_date><news:title>Bridge opens</news:title>
</news:news><image:image><image:loc>https://news.example/a.png</image:loc></image:image></url>
<url><loc>javascript:alert(1)</loc></url>
<url><loc>https://news.example/b</loc><lastmod>2025-12-01</lastmod></url></urlset>"""


@pytest.mark.parametrize("data", [SITEMAP, gzip.compress(SITEMAP)])
def test_a_news_sitemap(data: bytes) -> None:
    found = read_sitemap(data, source=SOURCE)
    first, second = found.pages
    assert first == (
        "https://news.example/a",
        "Bridge opens",
        "2025-12-04",
        "The Daily Example",
        "en",
    )
    assert second.url == "https://news.example/b"
    assert second.published is None
    assert len(found.refused) == 1


def test_an_index_of_sitemaps() -> None:
    data = b"<sitemapindex><sitemap><loc>https://news.example/s.xml</loc></sitemap></sitemapindex>"
    found = read_sitemap(data, source=SOURCE)
    assert (found.pages, found.sitemaps) == ((), ("https://news.example/s.xml",))


def test_lists_that_are_none() -> None:
    for data in (RSS, b"", b"<html></html>", b"text"):
        with pytest.raises(SourceError):
            read_opml(data, source=SOURCE)
        with pytest.raises(SourceError):
            read_sitemap(data, source=SOURCE)
    with pytest.raises(SourceError, match="unpacks to more"):
        read_sitemap(gzip.compress(bytes(9_000_000)), source=SOURCE)
    with pytest.raises(SourceError, match="cut short"):
        read_sitemap(gzip.compress(SITEMAP)[:-20], source=SOURCE)


# -- pieces of HTML and Markdown -----------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("Fish &amp; chips &lt;3", "Fish & chips <3"),
        ("<p>One.</p><p>Two<br>three</p>", "One.\n\nTwo\nthree"),
        ("a <b>bold</b>\n word<script>x</script>, done", "a bold word, done"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<!-- only a comment -->", ""),
        ("", ""),
        ("unclosed <p>here <i>now", "unclosed\n\nhere now"),
    ],
)
def test_plain_words(markup: str, words: str) -> None:
    assert plain(markup) == words


@pytest.mark.parametrize("piece", ["<!--", "<!", "'", "[", "<?", "]>"])
def test_a_doctype_without_end_costs_little(piece: str) -> None:
    began = time.process_time()
    for head in ("<!DOCTYPE a [", ""):
        with pytest.raises(SourceError):
            read((head + piece * 300_000).encode())
    assert time.process_time() - began < 3


def test_deep_and_long_pieces_are_bounded() -> None:
    began = time.process_time()
    plain("<div>" * 200_000 + "x")
    plain("<p>&lt;" * 100_000)
    plain("<" * 300_000)
    assert time.process_time() - began < 5


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.sampled_from("<>/ab&;![]-p \n\0'\""), max_size=200))
def test_any_markup_gives_words(markup: str) -> None:
    assert "\0" not in plain(markup)
    feed = read_feed(f"<rss><channel><item>{markup}</item></channel></rss>".encode(), source="x")
    assert len(feed.entries) <= 2


def test_markdown() -> None:
    text, fields = from_markdown(
        "---\ntitle: 'A note'\nDate: 2025-12-04\ntags:\n---\n# Heading ##\n\n"
        'Some **bold** and *slanted* [words](https://news.example/a "t") ![alt](x.png)here,\n'
        "snake_case_name and 2 * 3 * 4.\n"
        "> quoted\n```\n# code\n```\n"
    )
    assert fields == {"title": "A note", "date": "2025-12-04"}
    assert text == (
        "Heading\n\nSome bold and slanted words here,\nsnake_case_name and 2 * 3 * 4.\nquoted\n"
        "```\n# code\n```"
    )
    assert from_markdown("# Only\n\ntext")[1] == {"title": "Only"}
    assert from_markdown("---\nnever closed") == ("---\nnever closed", {})
