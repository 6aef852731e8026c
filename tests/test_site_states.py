"""The site of archives in every state, on both databases: empty, not joined yet, joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.analysis.joining import join, stories
from onrecord.archive import Archive
from tests.analysis_records import Draft
from tests.archive_cases import archive, clock, new_database, url  # noqa: F401
from tests.record_examples import example
from tests.site_samples import clients

ADDRESSES = (
    "/", "/incidents", "/disputes", "/articles", "/actors", "/places", "/sources", "/about",
    "/search?q=harbour", "/search?q=harbour&what=quotes", "/country/URY", "/dyad/URY/PRY",
    "/incidents.csv", "/articles.json", "/?as_of=2020-01-01",
)  # fmt: skip


def _draft(id_: str, **known: str) -> Draft:
    draft = Draft(id_, "Ana Pereda seized two boats in Colonia on Monday.", title=id_, **known)
    draft.event(
        "seized", "COERCE", "seize", actors=[("Ana Pereda", "Ana Pereda", "URY")],
        recipients=[("two boats", None, "PRY")],
        place=draft.place("Colonia", "URY", (-34.5, -57.8)),
        time=draft.time("Monday", "2026-02-02"),
    )  # fmt: skip
    draft.says(("Ana Pereda", "Ana Pereda", "URY"), "two boats", "claim")
    return draft


def test_an_empty_archive_has_all_its_pages(archive: Archive) -> None:  # noqa: F811
    for client in clients(archive):
        for address in ADDRESSES:
            assert client.get(address).status_code == 200, address
        assert "onrecord add" in client.get("/").text
        assert client.get("/story/x").status_code == 404
        assert client.get("/actor/nobody").status_code == 404


def test_what_is_not_joined_yet_can_be_read_and_found(archive: Archive) -> None:  # noqa: F811
    archive.add_records([example()])
    for client in clients(archive):
        for address in (*ADDRESSES, "/article/tidewater-0313", "/search?q=trawler"):
            assert client.get(address).status_code == 200, address
        assert client.get("/actor/nobody").status_code == 404


def test_both_databases_show_the_same(archive: Archive) -> None:  # noqa: F811
    archive.add_records([
        _draft("first", published="2026-02-03", publisher="Gazette").record(),
        _draft("second", published="2026-02-04").record(),
        _draft("undated").record(),
    ])  # fmt: skip
    join(archive)
    shown = (*ADDRESSES, "/actor/Ana%20Pereda", "/place/URY/Colonia", "/actor/ana_pereda")
    for client in clients(archive):
        for address in (*shown, "/dyad/URY/PRY?beside=PRY-URY", "/dyad/URY/PRY/index.csv"):
            assert client.get(address).status_code == 200, address
        assert "<mark>seized</mark>" in client.get("/").text
        assert "<mark>seized</mark>" in client.get("/dyad/URY/PRY").text
        page = client.get("/articles").text
        assert page.index("second") < page.index("first") < page.index("undated")


@pytest.mark.parametrize("words", ["2026-02-03", "2026-02-04", "2030-01-01"])
def test_a_day_is_followed_by_every_link(archive: Archive, words: str) -> None:  # noqa: F811
    archive.add_records([
        _draft("first", published="2026-02-03").record(),
        _draft("second", published="2026-02-05").record(),
    ])  # fmt: skip
    join(archive)
    for client in clients(archive):
        page = client.get(f"/?as_of={words}").text
        is_past = words < "2026-02-05"
        assert ("As published by" in page) is is_past
        assert (f"/incidents?as_of={words}" in page) is is_past


def test_the_page_of_a_very_large_story_stays_small(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "news.db") as opened:
        days = (f"2026-01-{1 + number % 28:02}" for number in range(160))
        opened.add_records(_draft(f"a-{n}", published=day).record() for n, day in enumerate(days))
        join(opened)
        story = max(stories(opened), key=lambda one: len(one.articles))
        assert len(story.articles) > 60
        for client in clients(opened):
            for address in (f"/story/{story.id}", "/", "/actor/ana_pereda", "/country/URY"):
                assert len(client.get(address).content) < 150 * 1024, address
            assert f"/articles?story={story.id}" in client.get(f"/story/{story.id}").text
            listed = client.get(f"/articles.json?story={story.id}").json()
            assert {row["id"] for row in listed} == set(story.articles)


def test_a_list_ends_where_the_settings_say(archive: Archive) -> None:  # noqa: F811
    for client in clients(archive):
        answer = client.get("/incidents?offset=10001")
        assert answer.status_code == 400
        assert "narrow" in answer.text


def test_reports_without_a_date_are_shown_all_the_same(archive: Archive) -> None:  # noqa: F811
    archive.add_records([_draft("undated").record()])
    join(archive)
    for client in clients(archive):
        for address in (*ADDRESSES, "/article/undated", "/actor/ana_pereda"):
            assert client.get(address).status_code == 200, address
        page = client.get("/").text
        assert "<mark>seized</mark>" in page
        assert "undated" in page
        (story,) = (one.id for one in stories(archive))
        assert client.get(f"/story/{story}").status_code == 200
