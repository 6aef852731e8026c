"""onrecord tension, changes and chart."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onrecord.analysis import joining
from onrecord.archive import Archive
from onrecord.cli import app

from .test_tension import _reports

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command on an archive of two reports of one seizure."""
    where = tmp_path / "news.db"
    with Archive.open(where) as archive:
        archive.add_records(_reports())
        joining.join(archive)
    monkeypatch.setenv("ONRECORD_ARCHIVE", str(where))
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments)

    return invoke


def test_tension_prints_days_with_band_and_reason(run: Run) -> None:
    shown = run("tension", "NOR", "RUS").output
    assert shown.startswith("NOR ↔ RUS: 1 incident in 2 reports of 2 outlets")
    assert "2026-02-03" in shown
    assert "+7.0: one incident: COERCE/seize" in shown
    assert "[not complete]" in shown


def test_tension_shows_the_sentences_behind(run: Run) -> None:
    shown = run("tension", "NOR", "RUS", "--one-way", "--sentences").output
    assert "    Trawler seized off the cape" in shown
    assert "— Harbour Radio 2026-02-04 a1" in shown


def test_tension_without_parties_prints_who_moved(run: Run) -> None:
    assert "NOR ↔ RUS  +0.0 → " in run("tension").output
    (row,) = map(json.loads, run("tension", "--format", "jsonl").output.splitlines())
    assert row["actors"] == ["NOR"]


def test_tension_of_a_group_as_csv(run: Run) -> None:
    text = run("tension", "NOR,RUS,SWE", "--format", "csv").output
    rows = list(csv.DictReader(io.StringIO(text)))
    assert float(rows[0]["value"]) == pytest.approx(7.0)
    assert rows[0]["complete"] == "true"


def test_changes_of_a_short_archive_are_none(run: Run) -> None:
    for arguments in (["NOR", "RUS"], [], ["--kind", "place"]):
        assert run("changes", *arguments).output == "nothing found\n"


@pytest.mark.parametrize(
    "what", [["dyad", "NOR", "RUS"], ["group", "NOR,RUS"], ["rises"], ["rises", "type"]]
)
def test_charts_are_written_with_their_data(run: Run, what: list[str], tmp_path: Path) -> None:
    pytest.importorskip("altair")
    done = run("chart", *what, "-o", "c.json")
    assert done.output == "written: c.json\nwritten: c.csv\n"
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["$schema"]
    assert (tmp_path / "c.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chart", "dyad", "NOR", "RUS"], "-o tension.svg"),
        (["chart", "dyad", "NOR", "-o", "c.svg"], "two sides"),
        (["chart", "weather", "-o", "c.svg"], "dyad, group or rises"),
        (["chart", "dyad", "NOR", "RUS", "-o", "c.gif"], ".svg"),
        (["tension", "NOR", "RUS", "--format", "xml"], "jsonl"),
        (["tension", "NOR"], "two members"),
        (["tension", "NOR", "RUS", "--since", "soon"], "2026-02-03"),
        (["changes", "--kind", "weather"], "type, place"),
        (["changes", "NOR", "RUS", "--per-year", "-1"], "above 0"),
    ],
)
def test_mistakes_say_what_to_write(run: Run, arguments: list[str], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.output
