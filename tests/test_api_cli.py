"""The commands around the API: tokens, people, alerts."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from onrecord.archive import Archive
from onrecord.cli import main
from onrecord.site import alerts, people, tokens
from tests.record_examples import example
from tests.site_fixtures import again

PASSWORD = "correct horse battery"


def run(*argv: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in argv])
    code = ended.value.code
    return code if isinstance(code, int) else 0


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    with Archive.open(path) as opened:
        opened.add_records([example()])
    return path


def test_a_token_is_made_listed_and_revoked(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("token", "add", "the dash\x1bboard", "--scope", "read", "--scope", "alerts",
               "--days", "3", "--archive", place) == 0  # fmt: skip
    token = capfd.readouterr().out.strip()
    with Archive.open(place) as opened:
        known = tokens.recognise(opened, token)
        assert known is not None
        assert known.scopes == ("read", "alerts")
    assert run("token", "list", "--archive", place) == 0
    listed = capfd.readouterr().out
    assert listed.startswith("1  the dash")
    assert "read alerts" in listed
    assert token.split("_")[2] not in listed
    assert "\x1b" not in listed
    assert run("token", "revoke", "1", "--archive", place) == 0
    assert run("token", "list", "--archive", place) == 0
    assert "revoked" in capfd.readouterr().out
    assert run("token", "revoke", "1", "--archive", place) == 3


def test_a_token_with_an_unknown_scope_is_refused(
    place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("token", "add", "x", "--scope", "root", "--archive", place) == 3
    assert "read, correct, alerts" in capfd.readouterr().err
    assert run("token", "add", "x", "--archive", place.parent / "none.db") == 3


def test_a_person_is_added_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.txt"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run("person", "add", "Ana", "--file", file) == 0
    assert people.People(file).check("Ana", PASSWORD)
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert run("person", "add", "Ben", "--file", file) == 2
    assert "10 to" in capfd.readouterr().err
    assert run("person", "remove", "Ana", "--file", file) == 0
    assert file.read_text() == ""
    assert run("person", "remove", "Ana", "--file", file) == 2


def test_alerts_are_run_and_listed(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("alerts", "run", "--archive", place) == 0
    with Archive.open(place) as opened:
        alerts.add(opened, "Ana", "trawlers", {"search": {"q": "trawler"}}, "feed")
        opened.add_records([again("b")])
    assert run("alerts", "run", "--archive", place) == 0
    assert run("alerts", "list", "--archive", place) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines == [
        "found 0 · sent 0 · to be tried again 0 · failed 0",
        "found 1 · sent 0 · to be tried again 0 · failed 0",
        '1  Ana  trawlers  feed  {"search": {"q": "trawler"}}',
    ]
