"""Watching feeds into an archive: each entry once, nothing lost, an end when asked for one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from onrecord.archive import Archive
from onrecord.archive.archive import Archive as Kept
from onrecord.archive.watching import FeedStates, Round, Stop, keep_watching, rounds
from onrecord.cli import Services, main
from onrecord.errors import BusyArchiveError, FetchError
from onrecord.intake import is_many, open_source
from onrecord.intake.fetching import Page
from onrecord.intake.robots import Web
from onrecord.intake.watching import FeedState, Watched
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_fixtures import ScriptedReader
from tests.misbehaving import Misbehaving, answer, conditional, serving, silent

__all__ = ["archive", "clock", "new_database", "url"]

FEED = "https://news.example/feed"
WORDS = "The council said on Monday that it would rebuild the bridge over the river. " * 20
ROOT = Path(__file__).parent.parent


def rss(*titles: str) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://news.example/{number}</link>"
        f"<description>{WORDS}</description></item>"
        for number, title in enumerate(titles)
    )
    return f"<rss><channel><title>Example</title>{items}</channel></rss>".encode()


class World:
    """A web of one feed, and a clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 1_764_806_400.0
        self.body = rss("One", "Two")
        self.asked = 0

    def fetch(self, url: str, headers: Mapping[str, str]) -> Page:
        self.asked += 1
        if not self.body:
            raise FetchError("no", url=url, rule="connection")
        return Page(self.body, url, 200, {}, (url,), "2025-12-04T00:00:00+00:00")

    def rounds(self, archive: Archive, *feeds: str) -> Iterator[Round]:
        watched = [Watched(feed) for feed in feeds or (FEED,)]
        reader = ScriptedReader()
        return rounds(archive, watched, self.fetch, reader=reader, clock=lambda: self.now)


@pytest.fixture
def world() -> World:
    return World()


def test_each_entry_is_kept_once_and_a_changed_one_is_a_version(
    archive: Archive, world: World
) -> None:
    found = world.rounds(archive)
    first = next(found)
    assert (dict(first.polls), first.summary.read, first.pause) == ({"new": 1}, 2, 1_800.0)
    world.now += 1_800
    assert next(found).polls == {"unchanged": 1}
    world.body = rss("One", "Two, corrected")
    world.now += 1_800
    assert next(found).summary.new_version == 1
    assert len(archive.ids()) == 2


def test_what_was_seen_is_known_after_a_restart(archive: Archive, world: World) -> None:
    next(world.rounds(archive))
    assert next(world.rounds(archive)).polls == {}
    world.now += 1_800
    assert next(world.rounds(archive)).polls == {"unchanged": 1}


def test_a_feed_counts_as_seen_only_when_its_articles_are_kept(
    archive: Archive, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> str:
        raise BusyArchiveError("locked", archive="x")

    with monkeypatch.context() as patched:
        patched.setattr(Kept, "_store", locked)
        found = world.rounds(archive)
        pauses = [next(found) for _ in range(3)]
        assert [done.pause for done in pauses] == [60.0, 120.0, 240.0]
        assert all(done.fault == "locked" for done in pauses)
    assert FeedStates(archive).get(FEED) is None
    assert next(found).summary.read == 2


def test_a_feed_that_fails_does_not_stop_the_others(archive: Archive, world: World) -> None:
    world.body = b""
    found = world.rounds(archive, FEED, f"{FEED}2")
    done = next(found)
    assert done.polls == {"failed": 2}
    assert done.summary.failed == {"not-fetched": 2}
    world.body = rss("One")
    world.now += 3_600
    assert next(found).polls == {"new": 2}


def test_states_come_back_as_they_were_put(archive: Archive) -> None:
    state = FeedState('"1"', None, 5.0, 2, ("a", "b"), {"c": 1})
    states = FeedStates(archive)
    states.put(FEED, state)
    assert FeedStates(archive).get(FEED) is None
    states.keep()
    assert FeedStates(archive).get(FEED) == state
    states.put(FEED, FeedState())
    states.drop()
    assert states.get(FEED) == state


def test_states_are_in_the_backup(archive: Archive, tmp_path: Path, world: World) -> None:
    next(world.rounds(archive))
    archive.backup(tmp_path / "copy.db")
    with Archive.open(tmp_path / "copy.db") as copy:
        assert next(world.rounds(copy)).polls == {}


# -- signals --------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_between_two_rounds(
    tmp_path: Path, world: World, number: int
) -> None:
    before = signal.getsignal(number)
    told: list[Round] = []

    def hear(done: Round) -> None:
        told.append(done)
        threading.Timer(0.2, os.kill, (os.getpid(), number)).start()

    began = time.monotonic()
    with Archive.open(tmp_path / "news.db") as opened:
        keep_watching(opened, [Watched(FEED)], world.fetch, reader=ScriptedReader(), on_round=hear)
    assert time.monotonic() - began < 10
    assert len(told) == 1
    assert signal.getsignal(number) == before


def test_a_signal_while_an_article_is_kept_waits_for_it() -> None:
    with Stop() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.asked
        with pytest.raises(KeyboardInterrupt), stop.waiting():
            raise AssertionError("what waits is not begun")
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)


# -- the command ----------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Misbehaving]:
    monkeypatch.setenv("ONRECORD_HOST_PAUSE", "0")
    with serving() as running:
        yield running


def test_the_command_polls_once_and_says_what_it_did(
    server: Misbehaving,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    server.paths["/feed"] = conditional(rss("One", "Two"), '"1"')
    server.paths["/gone"] = answer(b"gone", status=410)
    Path("feeds.toml").write_text(
        "".join(f'[[feed]]\nurl = "{server.url(path)}"\n' for path in ("/feed", "/gone"))
    )
    services = Services(
        lambda actors: ScriptedReader(), open_source, is_many, lambda: Web(allow=server.allow)
    )

    def run(*args: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["watch", *args], services=services)
        return int(ended.value.code or 0)

    assert run("feeds.toml", "--rounds", "1") == 0
    out, err = capsys.readouterr()
    assert "feeds: failed 1, new 1 · read 2 · unchanged 0 ·" in out
    assert "next in 30:00" in out
    assert "410" in err
    assert "stopped" in err
    Path("feeds.toml").write_text("feed = 1")
    assert run("feeds.toml") == 3
    assert run("none.toml") == 2


PROGRAM = """
import sys
from onrecord.cli import Services, main
from onrecord.intake import is_many, open_source
from onrecord.intake.robots import Web
from tests.archive_fixtures import ScriptedReader

allow = lambda address, port: (address, port) == ("127.0.0.1", int(sys.argv[1]))
services = Services(lambda a: ScriptedReader(), open_source, is_many, lambda: Web(allow=allow))
main(["watch", "feeds.toml"], services=services)
"""


@pytest.mark.parametrize("slow", [False, True])
def test_a_watch_that_is_told_to_end_exits_with_0(
    server: Misbehaving, tmp_path: Path, slow: bool
) -> None:
    """Both while it waits for the next poll and while it waits for a server."""
    server.paths["/feed"] = silent() if slow else answer(rss("One", "Two"))
    (tmp_path / "feeds.toml").write_text(f'[[feed]]\nurl = "{server.url("/feed")}"\n')
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(server.port)], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    assert process.stdout is not None
    if slow:
        until = time.monotonic() + 30
        while "/feed" not in server.asked_paths() and time.monotonic() < until:
            time.sleep(0.05)
    else:
        assert "read 2" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=15)
    assert process.returncode == 0, err
    assert err == "onrecord: stopped; everything that was taken is in the archive\n"
    with Archive.open(tmp_path / "onrecord.db") as opened:
        assert len(opened.ids()) == (0 if slow else 2)
