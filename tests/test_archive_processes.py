"""Several processes on one archive, and processes that are killed."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from onrecord.archive import Archive
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_kill import ROOT, contents, end, expected, kill_after, start

__all__ = ["archive", "clock", "new_database", "url"]

NUMBER = 15


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What an uninterrupted run leaves."""
    url = str(tmp_path_factory.mktemp("whole") / "whole.db")
    assert end(start(url, NUMBER)) == 0
    return contents(url)


def test_an_uninterrupted_run_leaves_whole_records(whole: dict[str, object]) -> None:
    records = whole["records"]
    assert isinstance(records, dict)
    assert len(records) == NUMBER
    assert all(expected(record, NUMBER) for record in records.values())


@pytest.mark.parametrize("seed", range(2))
def test_after_a_kill_one_more_run_makes_everything_be_there_once(
    url: str, seed: int, whole: dict[str, object]
) -> None:
    kill_after(url, NUMBER, random.Random(seed).uniform(0, 0.6))
    with Archive.open(url) as opened:
        assert all(expected(opened.record(id_), NUMBER) for id_ in opened.ids() if not _first(id_))
    assert end(start(url, NUMBER)) == 0
    assert contents(url) == whole


def _first(id_: str) -> bool:
    """Whether an article has a second version, which may not have come yet."""
    return int(id_[1:]) % 7 == 0


def test_two_processes_that_write_the_same_leave_it_once(
    url: str, whole: dict[str, object]
) -> None:
    Archive.open(url).close()
    both = [start(url, NUMBER) for _ in range(2)]
    with Archive.open(url) as opened:
        for _ in range(10):
            # A reader meanwhile sees whole articles only.
            ids = [id_ for id_ in opened.ids() if not _first(id_)]
            assert all(expected(opened.record(id_), NUMBER) for id_ in ids)
    assert [end(process) for process in both] == [0, 0]
    assert contents(url) == whole


def test_the_kill_command_works() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive_kill", "--runs", "1", "--articles", "8"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "equal after one more run" in done.stdout
