"""Feeds, the calendar, the sitemap, linked data: well-formed, true to the archive, harmless."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as fast
from hypothesis import strategies as st

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.site import ical, jsonld, syndication
from onrecord.site.syndication import Entry, Feed
from tests.archive_fixtures import Clock
from tests.record_examples import example
from tests.site_fixtures import (
    ID,
    again,
    archive,
    bearer,
    client,
    clock,
    context,
    joined_file,
    shared,
    web,
)

__all__ = ["archive", "clock", "joined_file", "shared", "web"]

HOSTILE = '<script>alert("x")</script> & \r\nX-Evil: 1\r\n]]>\0\x1b\ufffe'
FEEDS = ("stories", "story/STORY", "actor/Duarte Sequeira", "actor/PRT", "dyad/PRT/ISL")
ATOM = "{http://www.w3.org/2005/Atom}"


def path(web: TestClient, name: str, form: str) -> str:
    story = web.get("/api/v1/stories").json()["items"][0]["id"]
    return f"/feeds/{name.replace('STORY', story)}.{form}"


# -- feeds ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_feed_reader_understands_every_feed(shared: TestClient, name: str, form: str) -> None:
    answer = shared.get(path(shared, name, form))
    assert answer.headers["content-type"] == syndication.TYPES[form]
    found = feedparser.parse(answer.content)
    assert not found.bozo
    assert found.entries
    for entry in found.entries:
        assert entry.link.startswith("http://localhost/")
        assert entry.id.startswith("urn:onrecord:")
        assert entry.updated_parsed if form == "atom" else entry.published_parsed


@pytest.mark.parametrize("name", FEEDS)
def test_a_json_feed_has_what_the_atom_feed_has(shared: TestClient, name: str) -> None:
    found = shared.get(path(shared, name, "json")).json()
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    same = feedparser.parse(shared.get(path(shared, name, "atom")).content)
    assert [one["id"] for one in found["items"]] == [one.id for one in same.entries]


def test_a_search_is_a_feed_with_the_last_first(web: TestClient, archive: Archive) -> None:
    archive.add_records([again("b"), again("c")])
    found = web.get("/feeds/search.json?q=trawler").json()["items"]
    links = [one["url"].rpartition("/")[2] for one in found]
    assert links == ["c", "b", ID]
    quotes = web.get("/feeds/search.json", params={"q": "daylight", "what": "quotes"}).json()
    assert "daylight" in quotes["items"][0]["content_text"]
    assert web.get('/feeds/search.json?q="').status_code == 400


def test_a_feed_that_has_not_changed_is_not_sent_again(web: TestClient, archive: Archive) -> None:
    tag = web.get("/feeds/stories.rss").headers["etag"]
    assert web.get("/feeds/stories.rss", headers={"If-None-Match": tag}).status_code == 304
    assert web.get("/feeds/stories.atom", headers={"If-None-Match": tag}).status_code == 200
    archive.add_records([again("b")])
    assert web.get("/feeds/stories.rss", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_hostile_words_stay_words_in_every_form(
    web: TestClient, archive: Archive, form: str
) -> None:
    archive.add_records([again("<b>&", title=HOSTILE, publisher=HOSTILE)])
    join(archive)
    answer = web.get(path(web, "STORY", form).replace("/feeds/", "/feeds/story/"))
    assert "x-evil" not in answer.headers
    if form == "json":
        titles = [one["title"] for one in answer.json()["items"]]
        assert any("<script>" in one for one in titles)
        return
    found = feedparser.parse(answer.content, sanitize_html=False)
    assert not found.bozo
    assert len(found.entries) == 2
    if form == "rss":
        # Readers that take titles for HTML find no mark-up in them.
        root = ET.fromstring(answer.content)
        assert not any("<" in (one.text or "") for one in root.iter("title"))
        assert not any("<script" in (one.text or "") for one in root.iter("description"))
    else:
        root = ET.fromstring(answer.content)
        assert {one.get("type") for one in root.iter(f"{ATOM}content")} == {"text"}


@pytest.mark.parametrize(
    ("target", "status"),
    [("/feeds/story/none.atom", 404), ("/feeds/dyad/PRT/xx.atom", 400),
     ("/feeds/actor/%25.atom", 400), ("/feeds/stories.html", 400), ("/feeds/search.atom", 400),
     ("/feeds/stories.atom?x=1", 400), ("/sitemap/-1.xml", 400),
     ("/feeds/upcoming.ics?about=%25", 400)],
)  # fmt: skip
def test_a_feed_that_is_none_is_refused(shared: TestClient, target: str, status: int) -> None:
    assert shared.get(target).status_code == status


def test_feeds_are_open_where_the_site_is(archive: Archive) -> None:
    made = replace(context(archive, hosts=["news.example"]), public=True)
    web = client(made, "198.51.100.7", "news.example")
    assert web.get("/feeds/stories.atom").status_code == 200
    assert web.get("/api/v1/stories").status_code == 401


def test_links_lead_to_where_the_site_is_reached(archive: Archive) -> None:
    web = client(context(archive, address="https://news.example/"))
    found = web.get("/feeds/stories.json").json()
    assert found["feed_url"] == "https://news.example/feeds/stories.json"
    assert found["items"][0]["url"].startswith("https://news.example/story/")


@fast(max_examples=50, deadline=None)
@given(text=st.text())
def test_any_words_make_a_well_formed_feed(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    entry = Entry("urn:x", text, text, "http://x/", "2026-02-03T00:00:00Z", text)
    feed = Feed("urn:f", text, "http://x/", "http://x/f", "2026-02-03T00:00:00Z", [entry])
    for form in ("atom", "rss"):
        ET.fromstring(syndication.rendered(feed, form))
    assert json.loads(syndication.rendered(feed, "json"))["items"][0]["content_text"] == text


# -- the calendar ---------------------------------------------------------------------


def test_announced_events_are_in_the_calendar_until_they_are_past(
    web: TestClient, clock: Clock
) -> None:
    lines = web.get("/feeds/upcoming.ics").content.decode().split("\r\n")
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "DTSTART;VALUE=DATE:20250317" in lines
    assert "DTEND;VALUE=DATE:20250324" in lines
    assert "STATUS:TENTATIVE" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    tag = web.get("/feeds/upcoming.ics").headers["etag"]
    clock.move(days=30)
    later = web.get("/feeds/upcoming.ics", headers={"If-None-Match": tag})
    assert later.status_code == 200
    assert b"BEGIN:VEVENT" not in later.content


def test_a_calendar_is_about_somebody(shared: TestClient) -> None:
    mine = shared.get("/feeds/upcoming.ics?about=PRT,ISL").text
    assert mine.count("BEGIN:VEVENT") == shared.get("/feeds/upcoming.ics").text.count(
        "BEGIN:VEVENT"
    )
    assert "BEGIN:VEVENT" not in shared.get("/feeds/upcoming.ics?about=URY").text


@fast(max_examples=50, deadline=None)
@given(text=st.text(max_size=200))
def test_any_words_stay_on_their_line_of_the_calendar(text: str) -> None:
    entry = ical.Entry("x", "2026-02-03", "2026-02-03", text, text, "http://x/")
    body = ical.calendar(text, [entry], "20260203T000000Z")
    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    unfolded = body.replace(b"\r\n ", b"").split(b"\r\n")
    assert sum(line.startswith(b"BEGIN:VEVENT") for line in unfolded) == 1
    assert all(b":" in line for line in unfolded if line)


# -- the sitemap ----------------------------------------------------------------------


def test_the_sitemap_names_every_article_and_story(shared: TestClient) -> None:
    parts = [one.text for one in ET.fromstring(shared.get("/sitemap.xml").content).iter()]
    (part,) = [one for one in parts if one and one.startswith("http")]
    found = [one.text or "" for one in ET.fromstring(shared.get(part).content).iter()]
    assert f"http://localhost/article/{ID}" in found
    assert any(one.startswith("http://localhost/story/") for one in found)
    assert ET.fromstring(shared.get("/sitemap/7.xml").content).text is None


# -- linked data ----------------------------------------------------------------------


def test_an_article_is_its_publishers() -> None:
    found = jsonld.article(example().article, "https://news.example/article/x")
    assert found["@type"] == "NewsArticle"
    assert found["publisher"] == {"@type": "Organization", "name": "The Tidewater Review"}
    assert found["sameAs"] == "https://tidewater.example/world/trawlers"


def test_a_claim_is_its_speakers_word_for_word() -> None:
    record = example()
    (statement,) = [one for one in record.statements if one.id == "s1"]
    found = jsonld.claim(record, statement, "https://news.example/article/x")
    assert found["author"] == {"@type": "Person", "name": "Sigrún Hallvarðsdóttir"}
    assert found["text"] in " ".join(record.article.text.split())
    assert found["appearance"]["@type"] == "NewsArticle"


@pytest.mark.parametrize("words", ["</script><script>alert(1)", "<!--", "\u2028", "&lt;", "\ud800"])
def test_linked_data_cannot_leave_its_element(words: str) -> None:
    article = replace(example().article, title=words, url="javascript:alert(1)", canonical_url=None)
    text = jsonld.text(jsonld.article(article, "/x"))
    assert not set("<>&\u2028") & set(text)
    found: dict[str, Any] = json.loads(text)
    assert found["headline"] == words.replace("\ud800", "\ufffd")
    assert "sameAs" not in found


def test_moments_of_feeds_are_those_of_the_archive(shared: TestClient) -> None:
    found = shared.get("/feeds/stories.json").json()["items"][0]["date_modified"]
    assert datetime.fromisoformat(found).tzinfo == UTC


def test_a_feed_from_elsewhere_needs_a_token(archive: Archive) -> None:
    web = client(context(archive), "198.51.100.7", "198.51.100.1")
    assert web.get("/feeds/stories.atom").status_code == 401
    assert web.get("/feeds/stories.atom", headers=bearer(archive)).status_code == 200
