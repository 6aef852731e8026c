"""The site in Debian's Chromium: every kind of page, by phone and desk, signed out and in.

Left out where Chromium or Playwright is missing; what axe-core finds is looked at where
``scripts/axe`` has fetched it.  ``ONRECORD_SHOTS`` names a folder for pictures of the pages.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from onrecord.archive import Archive
from onrecord.site import people
from onrecord.site.app import create_app
from onrecord.site.config import Site
from tests.site_samples import sample_archive

CHROMIUM = os.environ.get("ONRECORD_CHROMIUM") or shutil.which("chromium")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")

AXE = Path(__file__).parent.parent / ".venv" / "axe" / "axe.min.js"
NAME, PASSWORD = "Ana", "a long enough password"
#: Links on the front page that lead to one page of each kind.
KINDS = ("/story/", "/incident/", "/dispute/", "/article/")
FIXED = (
    "/", "/incidents", "/disputes", "/articles", "/actors", "/places", "/sources", "/about",
    "/search?q=barges", "/search?q=captains&what=quotes", '/search?q="unbalanced AND (',
    "/actor/irene_caldeyro", "/country/URY", "/dyad/URY/PRY?beside=CRI-URY", "/place/URY/Colonia",
    "/nowhere", "/sign-in", "/?as_of=2026-02-10", "/embed/dyad/URY/PRY",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    people.put(folder / "people.txt", NAME, PASSWORD)
    with sample_archive(folder / "news.db") as archive:
        yield from _served(archive, Site(people=folder / "people.txt"))


def _served(archive: Archive, site: Site) -> Iterator[str]:
    config = uvicorn.Config(create_app(archive, site), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Reader:
    """A person at a browser, who notes what goes wrong."""

    def __init__(self, browser: Any, address: str, width: int, dark: bool = False) -> None:
        scheme = "dark" if dark else "light"
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=False
        )
        self.page = self.context.new_page()
        self.address, self.width, self.dark = address, width, dark
        self.wrong: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        is_expected = "status of 40" in message.text
        if message.type in ("error", "warning") and not is_expected:
            self.wrong.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.wrong.append(f"{self.page.url}: asked for {request.url}")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def look(self, path: str) -> None:
        """Open a page; note what axe finds, and whether it is wider than the window."""
        self.open(path)
        self.shoot(path)
        wide = self.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if wide > 0:
            self.wrong.append(f"{path}: {wide} px wider than {self.width}")
        if AXE.exists():
            self.wrong += [f"{path}: {one}" for one in self._axe()]

    def _axe(self) -> list[str]:
        # Evaluated by the debugger, which the page's content policy does not bind.
        self.page.evaluate(AXE.read_text("utf-8") + "\n;0")
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = self.page.evaluate("tags => axe.run({runOnly: tags})", tags)
        return [
            f"{one['id']} {node['html'][:160]} {node['any'][:1] and node['any'][0]['message']}"
            for one in found["violations"]
            for node in one["nodes"][:3]
        ]

    def shoot(self, path: str) -> None:
        folder = os.environ.get("ONRECORD_SHOTS")
        if folder:
            name = "".join(char if char.isalnum() else "-" for char in path).strip("-") or "front"
            kind = f"{self.width}{'-dark' if self.dark else ''}"
            shot = Path(folder) / f"{name[:60]}-{kind}.png"
            self.page.screenshot(path=str(shot), full_page=True)

    def sign_in(self) -> None:
        self.open("/sign-in")
        self.page.fill("input[name=name]", NAME)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button")
        assert self.page.get_by_text("Sign out").is_visible()

    def done(self) -> None:
        self.context.close()
        assert not self.wrong, "\n".join(self.wrong)


def _paths(reader: Reader) -> list[str]:
    reader.open("/")
    found = []
    for kind in KINDS:
        link = reader.page.locator(f'main a[href^="{kind}"]').first.get_attribute("href")
        found.append((link or "/").partition("#")[0])
    return [*FIXED, *found]


@pytest.mark.parametrize(
    ("width", "dark"), [(390, False), (1280, False), (390, True), (320, False)]
)
def test_every_page_is_sound_signed_out(browser: Any, address: str, width: int, dark: bool) -> None:
    reader = Reader(browser, address, width, dark)
    paths = _paths(reader)
    few = dark or width == 320
    for path in [*FIXED[:3], *paths[len(FIXED) :]] if few else paths:
        reader.look(path)
    reader.done()


def test_a_number_leads_to_its_sentence(browser: Any, address: str) -> None:
    reader = Reader(browser, address, 390)
    reader.open("/")
    reader.page.locator(".whose a", has_text="independent report").first.click()
    assert "/incident/" in reader.page.url
    sentence = reader.page.locator(".evidence mark").first.inner_text()
    reader.page.locator(".evidence .whose a").first.click()
    anchor = reader.page.url.partition("#")[2]
    assert reader.page.locator(f'[id="{anchor}"]').inner_text() == sentence
    reader.done()


def test_without_scripts_everything_can_be_read(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("/", "/incidents", "/dyad/URY/PRY"):
        page.goto(address + path)
        assert page.locator("main").inner_text().strip()
    context.close()


def test_the_keyboard_reaches_the_content_first(browser: Any, address: str) -> None:
    reader = Reader(browser, address, 1280)
    reader.open("/")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.id") == "content"
    reader.done()


def test_who_is_signed_in_corrects_an_event_and_takes_it_back(browser: Any, address: str) -> None:
    reader = Reader(browser, address, 1280)
    reader.sign_in()
    reader.open("/article/b14")
    reader.page.get_by_text("correct v1", exact=True).click()
    reader.look(reader.page.url.removeprefix(address))
    reader.page.select_option("#f-status", '"denied"')
    reader.page.get_by_role("button", name="Change status").click()
    assert reader.page.locator("#f-status").input_value() == '"denied"'
    reader.look("/corrections")
    reader.page.get_by_role("button", name="Take back").first.click()
    assert reader.page.get_by_text("taken back").first.is_visible()
    reader.done()


def test_who_is_signed_in_saves_a_search(browser: Any, address: str) -> None:
    reader = Reader(browser, address, 390)
    reader.sign_in()
    reader.open("/search?q=ambassador")
    reader.page.get_by_role("button", name="Save").click()
    assert reader.page.get_by_role("link", name="ambassador").is_visible()
    reader.look("/account")
    reader.done()


def test_another_day_shows_what_was_known_then(browser: Any, address: str) -> None:
    reader = Reader(browser, address, 1280)
    reader.open("/")
    reader.page.locator(".asof summary").click()
    reader.page.fill("#as_of", "2026-02-06")
    reader.page.get_by_role("button", name="Show", exact=True).click()
    assert "as_of=2026-02-06" in reader.page.url
    assert reader.page.get_by_text("As published by").is_visible()
    reader.done()
