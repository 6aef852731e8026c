"""What a page says of itself in several places, and the vote between them."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import forms
from onrecord.intake import bench_metadata
from onrecord.intake.feeds import read_feed
from onrecord.intake.fetching import Page
from onrecord.intake.html import article_from_html
from onrecord.intake.metadata import (
    FIELDS,
    PageArticle,
    Said,
    Vote,
    elect,
    sayings,
    votes_of,
)
from onrecord.intake.web import entry_or_page
from onrecord.record import Article

TODAY = date(2026, 2, 10)
WORDS = "The council said on Monday that it would rebuild the bridge over the river. " * 6


def page(head: str, body: str = "", title: str = "Bridge to be rebuilt") -> Article:
    markup = (
        f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><article><h1>{title}</h1>'
        f"{body}<p>{WORDS}</p></article></body></html>"
    )
    return article_from_html(markup, source="x", today=TODAY)


def data(**more: object) -> str:
    import json

    return (
        '<script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle"} | more)
        + "</script>"
    )


def meta(**named: str) -> str:
    return "".join(f'<meta property="{n}" content="{value}">' for n, value in named.items())


def votes(article: Article, field: str) -> list[tuple[str, bool]]:
    return [(vote.place, vote.taken) for vote in votes_of(article) if vote.field == field]


# -- dates ----------------------------------------------------------------------------


def test_a_date_that_two_places_tell_wins_over_one() -> None:
    found = page(
        data(datePublished="2019-06-01") + meta(pubdate="2026-02-03")
        + '<link rel="canonical" href="https://news.example/2026/02/03/bridge">'
    )  # fmt: skip
    assert (found.published, found.published_basis) == ("2026-02-03", "page")
    assert votes(found, "published")[:3] == [
        ("JSON-LD", False), ("meta pubdate", True), ("address", True),
    ]  # fmt: skip


def test_of_two_dates_the_more_trusted_place_wins() -> None:
    found = page(data(datePublished="2026-02-02T08:00:00Z") + meta(date="2026-02-09"))
    assert found.published == "2026-02-02T08:00:00+00:00"


def test_a_moment_is_taken_where_others_tell_only_its_day() -> None:
    head = meta(pubdate="2026-02-03") + data(datePublished="2026-02-03")
    body = '<time class="published" datetime="2026-02-03T07:30:00Z">3 February</time>'
    assert page(head, body).published == "2026-02-03T07:30:00+00:00"


def test_what_cannot_be_true_has_no_voice_and_is_written_down() -> None:
    found = page(data(datePublished="9999-01-01") + meta(pubdate="9999-01-01", date="2026-02-03"))
    assert found.published == "2026-02-03"
    assert ("published", "JSON-LD", "9999-01-01", False, "it lies in the future") in votes_of(found)


def test_without_a_date_to_believe_the_first_is_kept_and_flagged() -> None:
    found = page(data(datePublished="Sun, 32 Foo") + meta(date="1970-01-01"))
    assert (found.published, found.published_raw) == (None, "Sun, 32 Foo")
    assert not any(taken for _, taken in votes(found, "published"))


def test_a_date_after_the_page_was_fetched_is_not_believed() -> None:
    markup = f"<html><body><article><p>{WORDS}</p></article></body></html>"
    dated = markup.replace("<body>", "<body>" + data(datePublished="2025-06-01"))
    found = article_from_html(dated, source="x", fetched="2024-03-05T10:00:00Z", today=TODAY)
    assert (found.published, found.published_raw) == (None, "2025-06-01")


def test_dates_of_related_reports_have_no_voice() -> None:
    related = data(datePublished="2025-01-01", headline="Another") * 3
    assert page(data(datePublished="2026-02-03") + related).published == "2026-02-03"


def rss(published: str) -> bytes:
    return (
        '<rss version="2.0"><channel><title>Bay News</title><item><title>Bridge</title>'
        f"<link>https://news.example/bridge</link><pubDate>{published}</pubDate>"
        "<description>A summary …</description></item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("head", "published", "basis"),
    [
        ("", "2026-02-03T08:00:00+00:00", "feed"),
        (meta(date="2026-02-05"), "2026-02-05", "page"),
        (
            data(datePublished="2019-06-01") + meta(pubdate="2026-02-03"),
            "2026-02-03T08:00:00+00:00",
            "feed",
        ),
        (data(datePublished="9999-01-01"), "2026-02-03T08:00:00+00:00", "feed"),
    ],
    ids=["only the feed", "the page first", "the feed agrees with one", "no other to believe"],
)
def test_the_feed_has_a_voice_too(head: str, published: str, basis: str) -> None:
    def fetch(url: str) -> Page:
        body = f"<html><head>{head}</head><body><article><p>{WORDS}</p></article></body></html>"
        kind = {"content-type": "text/html"}
        return Page(body.encode(), url, 200, kind, (url,), "2026-02-10T09:00:00Z")

    feed = read_feed(rss("Tue, 03 Feb 2026 08:00:00 +0000"), source="x")
    found = entry_or_page(feed.entries[0], feed, fetch, today=TODAY)
    assert (found.published, found.published_basis) == (published, basis)
    assert (found.title, found.publisher) == ("Bridge", "Bay News")
    assert ("feed", basis == "feed") in votes(found, "published")


# -- names ----------------------------------------------------------------------------


def test_a_title_is_told_without_the_name_of_the_site() -> None:
    found = page(
        "<title>Bridge to be rebuilt | Bay News</title>"
        + meta(**{"og:title": "Bridge to be rebuilt - Bay News", "og:site_name": "Bay News"})
    )
    assert found.title == "Bridge to be rebuilt"
    assert all(taken for _, taken in votes(found, "title"))


def test_most_places_tell_the_title() -> None:
    head = data(headline="Council rebuilds bridge") + meta(**{"og:title": "You won't believe it"})
    found = page(head + "<title>Council rebuilds bridge</title>", title="Council rebuilds bridge")
    assert found.title == "Council rebuilds bridge"
    assert ("meta og:title", False) in votes(found, "title")


def test_several_authors_are_the_same_in_any_order() -> None:
    head = data(author=[{"name": "Ana Sol"}, {"name": "Ola Nord"}])
    found = page(head + meta(author="By Ola Nord and Ana Sol"))
    assert {taken for _, taken in votes(found, "byline")} == {True}


@pytest.mark.parametrize("nobody", ["admin", "https://news.example/staff/1", "desk@news.example"])
def test_an_address_is_no_byline(nobody: str) -> None:
    assert elect("byline", [Said("meta author", nobody), Said("JSON-LD", "Ana Sol")]).value == (
        "Ana Sol"
    )


def test_a_company_is_its_paper() -> None:
    said = [Said("meta og:site_name", "The Fjord Post"), Said("JSON-LD", "Fjord Post AS")]
    found = elect("publisher", [*said, Said("meta application-name", "Reader App")])
    assert found.value == "The Fjord Post"
    assert [vote.taken for vote in found.votes] == [True, True, False]


def test_what_is_given_wins_and_the_page_is_written_down() -> None:
    found = article_from_html(
        f"<html><head>{meta(pubdate='2026-02-03')}</head><body><p>{WORDS}</p></body></html>",
        source="x", published="2026-02-01", title="Given", today=TODAY,
    )  # fmt: skip
    assert found.published == "2026-02-01"
    assert votes(found, "published")[:2] == [("given", True), ("meta pubdate", False)]


def test_the_canonical_address_is_the_declared_one() -> None:
    found = page(
        '<link rel="canonical" href="https://news.example/bridge?utm_source=x">'
        + meta(**{"og:url": "https://m.news.example/bridge"})
        + data(url="https://m.news.example/bridge")
    )
    assert found.canonical_url == "https://news.example/bridge"
    assert ("link canonical", True) in votes(found, "canonical_url")
    assert ("meta og:url", False) in votes(found, "canonical_url")


def test_a_text_tells_its_language_better_than_its_page() -> None:
    found = article_from_html(
        f'<html lang="de-DE"><body><article><p>{WORDS}</p></article></body></html>', source="x"
    )
    assert found.language == "en"
    assert votes(found, "language") == [("html lang", False), ("text", True)]


# -- votes beside the article ---------------------------------------------------------


def test_an_article_of_a_page_is_the_article() -> None:
    bare = Article(text="Words.", title="A title")
    voted = PageArticle.of(bare, [Vote("title", "h1", "A title", True)])
    assert voted == bare
    assert bare == voted
    assert hash(voted) == hash(bare)
    assert voted != replace(bare, title="Other")
    assert voted != "Words."
    assert asdict(voted) == asdict(bare)
    assert votes_of(replace(voted, title="B")) == votes_of(bare) == ()
    assert "votes" not in [slot.name for slot in forms.slots(type(voted))]


@given(st.text(alphabet="<>=\"' /abmetlinkh1time", max_size=400))
def test_any_markup_is_looked_through(markup: str) -> None:
    assert set(sayings(markup, [])) == set(FIELDS)


@given(
    st.sampled_from(FIELDS),
    st.lists(st.builds(Said, st.sampled_from("abc"), st.text(max_size=20), st.booleans())),
)
def test_what_is_taken_is_what_most_places_say(field: str, said: list[Said]) -> None:
    found = elect(field, said, today=TODAY)
    taken = [vote for vote in found.votes if vote.taken]
    assert (found.value is not None) == bool(taken)
    assert all(vote.doubt is None for vote in taken)


def test_long_markup_costs_little() -> None:
    for piece in ("<h1>", "<title>", "<time datetime=", '<link rel="', "<meta name="):
        assert sayings(piece * 50_000, []) is not None


def test_the_vote_is_measured_on_invented_pages(capsys: pytest.CaptureFixture[str]) -> None:
    shares = bench_metadata.measure(60)
    assert list(shares) == list(bench_metadata.Truth._fields)
    assert shares["published"]["vote"] > shares["published"]["first"]
    assert shares == bench_metadata.measure(60)
    bench_metadata.main(["--pages", "2"])
    assert "| published |" in capsys.readouterr().out
