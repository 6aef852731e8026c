"""Addresses, feeds, lists and folders as sources: what can be had comes out, the rest says why."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from onrecord.errors import FetchError, SourceError
from onrecord.intake import Unreadable, is_many, open_source
from onrecord.intake.robots import Web
from onrecord.record import Article
from tests.misbehaving import Misbehaving, answer, redirect, serving, silent
from tests.test_warc import record

TODAY = date(2025, 12, 5)
WORDS = "The council said on Monday that it would rebuild the bridge over the river. " * 6
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Bridge to be rebuilt</title></head>
<body><article><h1>Bridge to be rebuilt</h1><p>{WORDS}</p><p>It gave no date.</p></article></body>
</html>""".encode()
WALL = b"""<html><head><title>Just a moment...</title></head><body><p>Verify that you are human
to continue.</p></body></html>"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Misbehaving]:
    monkeypatch.setenv("ONRECORD_HOST_PAUSE", "0")
    monkeypatch.setenv("ONRECORD_FETCH_SECONDS", "60")
    with serving() as running:
        yield running


def read(server: Misbehaving, path: str, **known: str) -> list[Article | Unreadable]:
    with Web(allow=server.allow) as web:
        return list(open_source(server.url(path), fetch=web.get, today=TODAY, **known))


def articles(found: list[Article | Unreadable]) -> list[Article]:
    return [item for item in found if isinstance(item, Article)]


def codes(found: list[Article | Unreadable]) -> list[str]:
    return [item.code for item in found if isinstance(item, Unreadable)]


def rss(server: Misbehaving, *paths: str, text: str = "A summary …") -> bytes:
    items = "".join(
        f"<item><title>Entry {path}</title><link>{server.url(path)}</link>"
        f"<pubDate>Thu, 04 Dec 2025 10:30:00 GMT</pubDate><description>{text}</description></item>"
        for path in paths
    )
    return f"<rss><channel><title>The Daily Example</title>{items}</channel></rss>".encode()


# -- one page ------------------------------------------------------------------------------


def test_a_page_is_an_article(server: Misbehaving) -> None:
    server.paths["/old"] = redirect("/new")
    server.paths["/new"] = answer(PAGE)
    (found,) = articles(read(server, "/old", publisher="Given"))
    assert found.title == "Bridge to be rebuilt"
    assert found.url == server.url("/new")
    assert found.publisher == "Given"
    assert found.fetched is not None
    assert found.text.endswith("It gave no date.")


def test_a_page_in_the_encoding_that_the_server_names(server: Misbehaving) -> None:
    body = PAGE.decode().replace("no date", "no date, naïvely").encode("iso-8859-15")
    server.paths["/a"] = answer(body, kind="text/html; charset=iso-8859-15")
    (found,) = articles(read(server, "/a"))
    assert "naïvely" in found.text


def test_a_plain_text_is_an_article(server: Misbehaving) -> None:
    server.paths["/a.txt"] = answer(WORDS.encode(), kind="text/plain")
    (found,) = articles(read(server, "/a.txt"))
    assert found.text == WORDS


def test_a_wall_is_a_partial_article_without_its_words(server: Misbehaving) -> None:
    server.paths["/a"] = answer(WALL)
    (found,) = articles(read(server, "/a"))
    assert found.partial
    assert "human" not in found.text


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08\x00rest"])
def test_what_is_no_text_is_an_error(server: Misbehaving, body: bytes) -> None:
    server.paths["/a"] = answer(body)
    with pytest.raises(SourceError):
        read(server, "/a")


def test_an_address_that_cannot_be_fetched_is_an_error(server: Misbehaving) -> None:
    with pytest.raises(FetchError) as caught:
        read(server, "/none")
    assert caught.value.status == 404
    server.paths["/robots.txt"] = answer(b"User-agent: *\nDisallow: /none", kind="text/plain")
    with pytest.raises(FetchError, match="robots"):
        read(server, "/none")


def test_without_a_permission_the_local_server_is_not_asked(server: Misbehaving) -> None:
    with pytest.raises(FetchError) as caught:
        list(open_source(server.url("/")))
    assert caught.value.rule == "address"
    assert server.asked == []


# -- feeds and lists -----------------------------------------------------------------------


def test_a_feed_of_summaries_is_followed_to_its_pages(server: Misbehaving) -> None:
    server.paths["/a"] = answer(PAGE)
    server.paths["/wall"] = answer(WALL)
    server.paths["/feed"] = answer(rss(server, "/a", "/gone", "/wall"))
    whole, gone, wall = articles(read(server, "/feed"))
    assert whole.text.endswith("It gave no date.")
    assert (whole.published, whole.published_basis) == ("2025-12-04T10:30:00+00:00", "feed")
    assert whole.publisher == "The Daily Example"
    assert not whole.partial
    assert (gone.text, gone.partial) == ("Entry /gone\n\nA summary …", True)
    assert (wall.text, wall.partial) == ("Entry /wall\n\nA summary …", True)


def test_a_feed_of_whole_reports_is_not_followed(server: Misbehaving) -> None:
    server.paths["/feed"] = answer(rss(server, "/a", text=WORDS * 4))
    (found,) = articles(read(server, "/feed"))
    assert not found.partial
    assert server.asked_paths() == ["/robots.txt", "/feed"]


def test_a_feed_cut_short_gives_what_there_is_and_says_so(server: Misbehaving) -> None:
    server.paths["/feed"] = answer(rss(server, "/a", text=WORDS * 4)[:-30])
    found = read(server, "/feed")
    assert len(articles(found)) == 1
    assert codes(found) == ["cut-short"]


def test_a_feed_in_a_file_stays_off_the_web(server: Misbehaving, tmp_path: Path) -> None:
    for name in ("feed.xml", "feed.rss", "feed"):
        file = tmp_path / name
        file.write_bytes(rss(server, "/a", "/b"))
        found = articles(list(open_source(str(file), today=TODAY)))
        assert [item.title for item in found] == ["Entry /a", "Entry /b"]
        assert all(item.partial for item in found)
    assert server.asked == []
    assert is_many("feed.xml")


def opml(*urls: str) -> bytes:
    outlines = "".join(f'<outline text="x" xmlUrl="{url}"/>' for url in urls)
    return f"<opml><body>{outlines}</body></opml>".encode()


def test_a_list_of_feeds_in_a_file(server: Misbehaving, tmp_path: Path) -> None:
    server.paths["/feed"] = answer(rss(server, "/a", text=WORDS * 4))
    server.paths["/page"] = answer(b"<rss><channel></channel></rss>")
    file = tmp_path / "mine.opml"
    file.write_bytes(
        opml("file:///x", server.url("/none"), server.url("/page"), server.url("/feed"))
    )
    with Web(allow=server.allow) as web:
        found = list(open_source(str(file), fetch=web.get, title="none", today=TODAY))
    assert [item.title for item in articles(found)] == ["Entry /a"]
    assert codes(found) == ["refused", "not-fetched"]


def test_lists_within_lists_come_to_an_end(server: Misbehaving) -> None:
    server.paths["/list"] = answer(opml(server.url("/list")))
    assert codes(read(server, "/list")) == ["too-deep"]
    assert server.asked_paths().count("/list") == 3


def sitemap(*entries: str) -> bytes:
    return f"<urlset>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>".encode()


def test_a_news_sitemap_is_followed(server: Misbehaving, monkeypatch: pytest.MonkeyPatch) -> None:
    server.paths["/a"] = answer(PAGE)
    news = (
        f"<loc>{server.url('/a')}</loc><news:publication_date>2025-12-03</news:publication_date>"
        "<news:name>The Daily Example</news:name>"
    )
    packed = gzip.compress(sitemap(news, f"<loc>{server.url('/gone')}</loc>"))
    server.paths["/news.xml.gz"] = answer(packed, kind="application/gzip")
    index = f"<sitemapindex><sitemap><loc>{server.url('/news.xml.gz')}</loc></sitemap>"
    server.paths["/sitemap.xml"] = answer(f"{index}</sitemapindex>".encode())
    found = read(server, "/sitemap.xml")
    (one,) = articles(found)
    assert (one.published, one.published_basis) == ("2025-12-03", "feed")
    assert one.publisher == "The Daily Example"
    assert codes(found) == ["not-fetched"]
    monkeypatch.setenv("ONRECORD_MAX_FEED_ENTRIES", "1")
    server.paths["/sitemap.xml"] = answer(
        f"{index}<sitemap><loc>{server.url('/news.xml.gz')}?2</loc></sitemap></sitemapindex>".encode()
    )
    assert len(articles(read(server, "/sitemap.xml"))) <= 1


def test_one_slow_page_does_not_stop_the_others(
    server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_FETCH_SECONDS", "3")
    server.paths["/slow"] = silent()
    server.paths["/feed"] = answer(rss(server, "/slow", "/a"))
    server.paths["/a"] = answer(PAGE)
    slow, fast = articles(read(server, "/feed"))
    assert slow.partial
    assert not fast.partial


def test_a_web_archive_from_the_web(server: Misbehaving) -> None:
    server.paths["/crawl"] = answer(record(1) + record(2), kind="application/warc")
    assert len(articles(read(server, "/crawl"))) == 2


# -- folders -------------------------------------------------------------------------------


def test_a_folder_is_read_by_name_whatever_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "b.html").write_bytes(PAGE)
    (tmp_path / "inner" / "c.md").write_text(f"---\ndate: 2025-12-01\n---\n# A **note**\n\n{WORDS}")
    (tmp_path / "inner" / "d.jsonl").write_text('{"id": "d", "text": "One."}\nnot json\n')
    (tmp_path / "a.txt").write_text(WORDS)
    (tmp_path / "e.txt").write_bytes(b"%PDF-1.7")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "list.xml").write_bytes(sitemap("<loc>https://news.example/a</loc>"))
    (tmp_path / ".hidden" / "f.txt").write_text(WORDS)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    found = list(open_source(str(tmp_path), title="none", today=TODAY))
    assert [item.title for item in articles(found)] == [
        None,
        "Bridge to be rebuilt",
        "A note",
        None,
    ]
    note = articles(found)[2]
    assert note.text.startswith("A note\n\nThe council")
    assert (note.published, note.published_basis) == ("2025-12-01", "page")
    assert codes(found) == ["bad-file", "not-fetched", "bad-json"]
    assert is_many(str(tmp_path))


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(SourceError, match="without files"):
        list(open_source(str(tmp_path)))


# -- what is not installed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("library", "source", "extra"),
    [
        ("aiohttp", "https://news.example/", "web"),
        ("fastwarc", "crawl.warc", "warc"),
        ("pyarrow", "a.parquet", "arrow"),
        ("feedparser", "feed.rss", "web"),
    ],
)
def test_a_library_that_is_not_installed_is_named(
    library: str, source: str, extra: str, tmp_path: Path
) -> None:
    (tmp_path / "crawl.warc").write_bytes(record(1))
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "feed.rss").write_bytes(b"<rss></rss>")
    code = f"""
import sys
sys.modules[{library!r}] = None
from onrecord.errors import SourceError
from onrecord.intake import open_source
try:
    list(open_source({source!r}))
except SourceError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert f"pip install 'onrecord[{extra}]'" in done.stdout
