"""The file that names and colours a site, and who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from onrecord.analysis.joining import join, stories
from onrecord.archive import Archive
from onrecord.errors import SettingError
from onrecord.site import people
from onrecord.site.app import create_app
from onrecord.site.config import Site
from tests.record_examples import example


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "news.db") as made:
        made.add_records([example()])
        join(made)
        yield made


def _client(archive: Archive, site: Site, host: str = "127.0.0.1", name: str = "localhost"):  # type: ignore[no-untyped-def]
    return TestClient(
        create_app(archive, site), base_url=f"http://{name}", client=(host, 5),
        follow_redirects=False,
    )  # fmt: skip


def _file(folder: Path, text: str) -> Path:
    path = folder / "site.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_gives_name_colours_icon_and_notice(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "own.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    site = Site.load(_file(tmp_path, """
[site]
name = "The <River> Desk"
tagline = "Both banks"
notice = "A trial"
icon = "own.svg"
[colours]
accent = "#123456"
"""))  # fmt: skip
    client = _client(archive, site)
    page = client.get("/").text
    assert "The &lt;River&gt; Desk" in page
    assert "A trial" in page
    assert "--accent: #123456" in client.get("/theme.css").text
    assert client.get("/icon").text.startswith("<svg")
    assert client.get("/manifest.webmanifest").json()["name"] == "The <River> Desk"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[site", "TOML"),
        ("[site]\ncolour = 1", "colour"),
        ("[site]\nname = 1", "name"),
        ("[colours]\naccent = 'red; } body { display: none'", "accent"),
        ("[site]\ntext = 'some'", "text"),
        ("[site]\nhosts = 'a'", "hosts"),
        ("[site]\npublic = 'yes'", "public"),
        ("[site]\nicon = '../../etc/passwd'", "icon"),
        ("site = 1", "site"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(SettingError, match=word):
        Site.load(_file(tmp_path, text))


def test_an_excerpt_shows_the_beginning_only(archive: Archive) -> None:
    whole = _client(archive, Site()).get("/article/tidewater-0313").text
    part = _client(archive, Site(text="excerpt")).get("/article/tidewater-0313").text
    assert "The rest stands with the outlet" not in whole
    assert len(part) < len(whole)


def test_from_another_machine_one_signs_in(archive: Archive, tmp_path: Path) -> None:
    people.put(tmp_path / "people.txt", "Ana", "a long enough password")
    site = Site(people=tmp_path / "people.txt", hosts=("news.example",))
    away = _client(archive, site, host="203.0.113.5", name="news.example")
    answer = away.get("/disputes?kind=denial")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fdisputes%3Fkind%3Ddenial"
    given = {"name": "Ana", "password": "wrong", "next": "/disputes"}
    assert away.post("/sign-in", data=given).status_code == 401
    given["password"] = "a long enough password"
    # A session away from this machine needs https, as its cookie does.
    away.base_url = "https://news.example"
    answer = away.post("/sign-in", data=given, headers={"origin": "https://news.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/disputes")
    assert away.get("/disputes").status_code == 200


def test_without_a_password_file_another_machine_reads_nothing(archive: Archive) -> None:
    away = _client(archive, Site(), host="203.0.113.5", name="203.0.113.9")
    assert away.get("/").status_code == 401
    assert "Sigrún" not in away.get("/").text


def test_a_public_site_is_read_from_anywhere_and_written_by_nobody(archive: Archive) -> None:
    away = _client(archive, Site(public=True), host="203.0.113.5", name="203.0.113.9")
    assert away.get("/").status_code == 200
    assert away.get("/correct/tidewater-0313/v1").status_code == 401
    assert away.post("/correct", data={"action": "reject"}).status_code == 401


def test_a_form_from_another_site_or_without_its_secret_is_refused(
    archive: Archive, tmp_path: Path
) -> None:
    people.put(tmp_path / "people.txt", "Ana", "a long enough password")
    client = _client(archive, Site(people=tmp_path / "people.txt"))
    own = {"origin": "http://localhost"}
    given = {"name": "Ana", "password": "a long enough password", "next": "//evil.example"}
    answer = client.post("/sign-in", data=given, headers=own)
    assert answer.headers["location"] == "/"
    reject = {"article": "tidewater-0313", "row": "v1", "action": "reject"}
    assert client.post("/correct", data=reject, headers=own).status_code == 403
    assert client.post("/correct", data=reject, headers={"origin": "http://evil.example"}
                       ).status_code == 403  # fmt: skip
    assert len(archive.corrections()) == 0


def test_only_a_public_site_may_be_framed_and_only_its_parts(archive: Archive) -> None:
    (story,) = (one.id for one in stories(archive))
    site = Site(public=True, address="https://news.example")
    for client, framed in ((_client(archive, site), True), (_client(archive, Site()), False)):
        part = client.get(f"/embed/story/{story}")
        assert part.status_code == 200
        assert ("frame-ancestors *" in part.headers["content-security-policy"]) is framed
        page = client.get(f"/story/{story}")
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert (f'src="https://news.example/embed/story/{story}"' in unescape(page.text)) is framed


def test_a_flood_from_elsewhere_is_held_back(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_REQUESTS_PER_MINUTE", "5")
    away = _client(archive, Site(public=True), host="203.0.113.5", name="203.0.113.9")
    answers = [away.get("/about") for _ in range(7)]
    assert [one.status_code for one in answers][:5] == [200] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_page_can_be_asked_for_by_head(archive: Archive) -> None:
    client = _client(archive, Site())
    for path in ("/", "/theme.css", "/static/site.css", "/feeds/stories.atom"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path
    assert client.head("/nowhere").status_code == 404
    assert client.get("/").headers["cache-control"] == "private, no-cache"


def test_a_link_cannot_put_words_on_a_page(archive: Archive) -> None:
    client = _client(archive, Site())
    assert "Done: correction 7 taken back." in client.get("/?done=correction+7+taken+back").text
    assert "Pay here" not in client.get("/?done=Pay+here").text
