"""Synthetic records, and the command that measures an archive with them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

import onrecord
from onrecord.archive import Archive
from onrecord.archive.bench import fill, main, timed
from onrecord.archive.bench_pages import measure, write_pages
from onrecord.archive.synthetic import Generator
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_fixtures import ScriptedReader

__all__ = ["archive", "clock", "new_database", "url"]


def test_synthetic_records_are_sound_and_the_same_each_time() -> None:
    records = list(Generator(events=6).records(20))
    assert all(onrecord.check(record) == [] for record in records)
    assert records == list(Generator(events=6).records(20))
    assert len({record.article.text for record in records}) == 20


def test_filling_leaves_what_adding_leaves(archive: Archive, tmp_path: Path) -> None:
    records = list(Generator(events=5).records(12))
    with Archive.open(tmp_path / "other.db") as other:
        other.add_records(records)
        assert fill(archive, islice(records, 7)) + fill(archive, records[7:]) == 12
        for record in records:
            id_ = record.article.id or ""
            assert archive.record(id_) == other.record(id_) == record
        for query in ("dofors", "baden OR baka"):
            assert archive.search(query).total == other.search(query).total
        pairs = {"actor": "FRA", "recipient": "DEU"}
        assert archive.events(**pairs).num_rows == other.events(**pairs).num_rows
        assert archive.monthly() == other.monthly()
    assert archive.add_records(records).unchanged == 12


def test_months_count_each_event_once(archive: Archive) -> None:
    archive.add_records(Generator(events=5).records(30))
    months = archive.monthly()
    assert sum(number for _, number in months) == 150
    assert [month for month, _ in months] == sorted({month for month, _ in months})
    for filters in ({"type": "AID"}, {"actor": "FRA"}, {"actor": "FRA", "recipient": "DEU"}):
        counted = sum(number for _, number in archive.monthly(**filters))
        assert counted == archive.events(**filters).num_rows


def test_the_questions_are_timed() -> None:
    one = timed("nothing", lambda: 3, 10)
    assert one.rows == 3
    assert 0 <= one.median <= one.p95 <= one.slowest
    assert one.processor_p95 >= 0


def test_the_command_prints_its_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--articles", "6", "--events", "40", "--per-article", "4", "--calls", "2"]
    main([*given, "--archive", str(tmp_path / "kept.db")])
    out = capsys.readouterr().out
    assert "| records added | 6 |" in out
    assert "10 articles, 40 events" in out
    assert "| the last week of a dyad |" in out
    assert " MB on disk" in out
    with Archive.open(tmp_path / "kept.db") as kept:
        assert len(kept.ids()) == 10


def test_an_archive_that_was_kept_is_filled_further(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--articles", "6", "--per-article", "4", "--archive", str(tmp_path / "kept.db")]
    main([*given, "--calls", "0"])
    main([*given, "--calls", "0", "--events", "48"])
    assert "| records filled in | 6 |" in capsys.readouterr().out
    with Archive.open(tmp_path / "kept.db") as kept:
        assert kept.ids() == [f"synthetic-{n}" for n in range(12)]
        texts = [kept.record(id_).article.text for id_ in kept.ids()]
    assert texts == [record.article.text for record in Generator(events=4).records(12)]


def test_pages_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    write_pages(pages, 20)
    with Archive.open(tmp_path / "news.db") as opened:
        cost = measure(opened, pages, ScriptedReader())
        titles = {opened.record(id_).article.title for id_ in opened.ids()}
    assert cost.pages == 20
    assert len(titles) > 10
    assert 0 < cost.extraction < cost.processor
    assert 0 < cost.wait_share < 1
