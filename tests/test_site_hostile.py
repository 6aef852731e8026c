"""Hostile words in an article: on no page do they become markup, an address or a script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from tests.analysis_records import Draft
from tests.site_samples import clients

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
NAME = "Mira <svg/onload=alert(3)> O'Brook\u202eevil"
PLACE = '"><iframe src=//evil.example>'
FORMULA = "=HYPERLINK(0)"
LINK = "javascript:alert(4)"

#: Elements and attributes that the templates and the record's renderer write.
KNOWN = frozenset(
    "html head meta title link body a p div header footer main nav ul ol li h1 h2 h3 h4 form label "
    "input button select option details summary section article span strong b mark time blockquote "
    "table thead tbody tr th td dl dt dd svg rect path circle text figure figcaption script br "
    "code aside em abbr small legend fieldset cite q".split()
)


def _draft(number: int) -> Draft:
    text = (
        f"{EVIL} in the headline\n\n{NAME} arrested {FORMULA} near {PLACE} on Monday. "
        f"{NAME} said {EVIL} </script><style>*{{}}</style> was a lie {{{{ 7*7 }}}}. "
        f"The mayor denied that {FORMULA} was a lie.\n"
    )
    draft = Draft(
        f"a/../{number}?<x>", text, title=f"{EVIL} {number}", url=LINK, canonical_url=LINK,
        publisher=f"<b>Pub</b> {FORMULA}", byline=NAME, published="2026-02-03", language='"><x',
    )  # fmt: skip
    draft.event(
        "arrested", "COERCE", "arrest", actors=[(NAME, NAME, "URY")],
        recipients=[(FORMULA, FORMULA, "PRY")], place=draft.place(PLACE, "URY", (-34.0, -58.0)),
        time=draft.time("Monday", "2026-02-02"),
    )  # fmt: skip
    draft.says((NAME, NAME, "URY"), f"{EVIL} </script><style>*{{}}</style> was a lie", "accuse")
    draft.says(("The mayor", None, "URY"), f"that {FORMULA} was a lie", "deny", cue="denied")
    return draft


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Archive.open(tmp_path_factory.mktemp("hostile") / "news.db") as archive:
        archive.add_records(_draft(number).record() for number in (1, 2))
        join(archive)
        yield from clients(archive)


class Page(HTMLParser):
    """Notes which elements, handlers and addresses a page has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag not in KNOWN:
            self.wrong.append(f"<{tag}>")
        self.wrong += [f"{tag} {name}" for name in known if name.startswith("on")]
        self.wrong += [f"{tag} style" for name in known if name == "style"]
        for name in ("href", "src", "action"):
            address = known.get(name) or ""
            if address.startswith("/"):
                self.links.append(address.partition("#")[0])
            elif address and not address.startswith("#"):
                self.wrong.append(f"{name}={address}")
        if tag == "script" and "src" not in known and known.get("type") != "application/ld+json":
            self.wrong.append("a script in the page")


def _all(client: TestClient) -> Iterator[tuple[str, str, str]]:
    waiting, seen = ["/", "/search?q=lie", "/search?q=lie&what=quotes"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        kind = answer.headers["content-type"]
        if kind.startswith("text/html"):
            waiting += Page(answer.text).links
        yield address, kind, answer.text


def test_no_page_has_an_element_that_came_out_of_an_article(client: TestClient) -> None:
    looked = set()
    for address, kind, text in _all(client):
        if kind.startswith("text/html"):
            assert Page(text).wrong == [], address
            assert "49" not in re.findall(r"a lie (\d+)", text)
            unseen = r'<script type="application/ld\+json">.*?</script>|<input type="hidden"[^>]*>'
            shown = re.sub(unseen, "", text)
            assert "\u202e" not in html.unescape(shown), address
            looked.add(address.split("/")[1].partition("?")[0])
    assert {"story", "article", "incident", "dispute", "actor", "place", "search"} <= looked


def test_no_cell_of_a_table_is_a_formula(client: TestClient) -> None:
    tables = [text for _, kind, text in _all(client) if kind.startswith("text/csv")]
    assert tables
    for text in tables:
        assert not re.search(r'(?:^|,)"?[=+@]', text, re.MULTILINE)


def test_hostile_addresses_are_answered_without_a_fault(client: TestClient) -> None:
    for address in (
        "/story/%00", "/story/..%2f..%2fetc%2fpasswd", "/article/%ff%fe", "/actor/%3Cscript%3E",
        "/static/..%2f..%2fapp.py", "/place/-/%22%3E%3Cx%3E", "/dyad/ury/PRY",
        "/search?q=" + "a" * 5_000, "/search?q=x&offset=1000000000", "/search?q=x&what=secrets",
        "/incidents?type=%3Cx%3E", "/incidents?since=%00", "/incidents?offset=-1",
        "/articles?publisher=" + "p" * 1_000, "/?as_of=9999-99-99", "/?as_of=%D9%A1",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code in (200, 400, 404, 422), address
        assert "<x>" not in answer.text
        if answer.headers["content-type"].startswith("text/html"):
            assert Page(answer.text).wrong == [], address
