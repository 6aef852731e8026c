"""``onrecord serve`` and ``onrecord demo``: what they serve, and what they say when they cannot."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.cli import main
from tests.record_examples import example


@contextmanager
def _running(*command: str, cache: Path) -> Iterator[tuple[str, str]]:
    """Run a command until it serves; give the address and all that it said before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "onrecord", *command, "--port", "0"], stderr=subprocess.PIPE,
        text=True, env={**os.environ, "XDG_CACHE_HOME": str(cache)},
    )  # fmt: skip
    said = ""
    try:
        assert process.stderr is not None
        for line in process.stderr:
            said += line
            if "serving on " in line:
                break
        yield said.rpartition("serving on ")[2].split()[0], said
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stderr is not None:
            process.stderr.close()


def _page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def test_demo_shows_the_sample_corpus_and_reads_it_once(tmp_path: Path) -> None:
    with _running("demo", cache=tmp_path) as (address, said):
        assert "read 51 reports" in said
        page = _page(address)
        assert "<b>51</b> reports" in page
        assert "all persons, outlets and happenings in it are invented" in page
    with _running("demo", cache=tmp_path) as (address, said):
        assert said.count("\n") == 1
        assert "<b>51</b> reports" in _page(address)


def test_serve_joins_and_shows_an_archive(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "news.db") as archive:
        archive.add_records([example()])
    command = ("serve", "--archive", str(tmp_path / "news.db"))
    with _running(*command, cache=tmp_path) as (address, _):
        assert address.startswith("http://127.0.0.1:")
        assert "Sigrún Hallvarðsdóttir" in _page(f"{address}article/tidewater-0313")


def _refused(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main(list(command))
    return int(left.value.code or 0), capsys.readouterr().err


def test_serve_makes_no_archive_by_a_slip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = _refused(capsys, "serve", "--archive", str(tmp_path / "none.db"))
    assert code == 3
    assert "there is no archive" in said
    assert not (tmp_path / "none.db").exists()


def test_a_port_that_is_taken_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive.open(tmp_path / "news.db") as archive:
        join(archive)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        place = str(tmp_path / "news.db")
        code, said = _refused(capsys, "serve", "--archive", place, "--port", port)
    assert code == 2
    assert port in said
    assert "--port" in said


def test_a_site_file_that_is_wrong_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive.open(tmp_path / "news.db"):
        pass
    (tmp_path / "site.toml").write_text("[site]\nnmae = 'x'\n")
    site, place = str(tmp_path / "site.toml"), str(tmp_path / "news.db")
    code, said = _refused(capsys, "serve", "--archive", place, "--site", site)
    assert code == 2
    assert "nmae" in said
