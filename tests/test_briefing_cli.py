"""The commands of briefings and time lines: what they write, where, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onrecord.analysis.joining import stories
from onrecord.archive import Archive
from onrecord.briefing_cli import _from
from onrecord.cli import Exit, main

from .briefing_cases import archive_of, everything

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cli") / "news.db"
    archive_of(place, [draft.record() for draft in everything()]).close()
    return place


@pytest.fixture
def run(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONRECORD_ARCHIVE", str(place))

    def command(*args: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(args))
        printed = capfd.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def test_a_briefing_is_markdown_on_standard_output(run: Run) -> None:
    code, out, _ = run("brief", "--about", "KEN,TCD", "--since", "7d", "--until", "2026-05-08")
    assert code == Exit.DONE
    assert out.startswith("# Briefing: Kenya and Chad\n\nPublished 2–8 May 2026")
    assert "Kenya **seized** three fishing boats of Chad" in out


def test_the_name_of_the_file_says_the_format(run: Run) -> None:
    for name, start in (("b.html", b"<!DOCTYPE html>"), ("b.json", b"{"), ("b.md", b"# Briefing")):
        assert run("brief", "--since", "2026-05-01", "-o", name)[0] == Exit.DONE
        assert Path(name).read_bytes().startswith(start)
    assert json.loads(Path("b.json").read_text())["happened"][0]["source"]["sentence"]


def test_a_pdf_is_a_file_that_appears_whole(run: Run) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError)
    assert run("brief", "--since", "2026-05-01", "-o", "b.pdf")[0] == Exit.DONE
    assert Path("b.pdf").read_bytes().startswith(b"%PDF-")
    assert [one.name for one in Path().iterdir()] == ["b.pdf"]
    code, _, err = run("brief", "--since", "2026-05-01", "-o", "none/b.pdf")
    assert (code, "another place" in err) == (Exit.OUTPUT, True)


def test_days_without_reports_are_said_with_the_last_that_has_some(run: Run) -> None:
    code, out, err = run("brief", "--since", "2026-06-01")
    assert code == Exit.DONE
    assert "the latest report is of 2026-05-08" in err
    assert "Nothing is reported to have happened." in out


def test_as_of_goes_back_to_what_was_known(run: Run) -> None:
    _, out, _ = run("brief", "--since", "2026-05-01", "--as-of", "2026-05-05", "--format", "json")
    assert [line["what"] for line in json.loads(out)["happened"]] == ["COERCE/seize"]


def test_time_lines_of_all_kinds(run: Run, place: Path) -> None:
    with Archive.open(place) as archive:
        story = next(one.id for one in stories(archive) if "a1" in one.articles)
    for args, number in (
        (("story", story), 4), (("dyad", "KEN", "TCD"), 3), (("actor", "Kenya"), 3),
        (("place", "Lamu"), 1), (("dyad", "KEN", "TCD", "--since", "2026-05-05"), 2),
    ):  # fmt: skip
        code, out, _ = run("timeline", *args, "--format", "json")
        assert (code, len(json.loads(out)["lines"])) == (Exit.DONE, number)
        assert "## Sources" in run("timeline", *args)[1]


def test_a_history_shows_what_may_contradict_what(run: Run) -> None:
    code, out, _ = run("history", "Idriss Moura", "--about", "dues")
    assert code == Exit.DONE
    assert "may contradict no. 1" in out


def test_figures_networks_and_maps(run: Run, place: Path) -> None:
    with Archive.open(place) as archive:
        story = next(one.id for one in stories(archive) if "a1" in one.articles)
    assert "9 → 12 → 14 injured" in run("figures", story)[1]
    assert "Kenya → Chad (0 cooperation, 1 conflict, mean score" in run("network")[1]
    found = json.loads(run("map", "--about", "BOL")[1])
    assert [one["properties"]["shape"] for one in found["features"]] == ["area"]


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("brief", "--format", "doc"), Exit.USAGE, "md, html, pdf, json"),
        (("brief", "--format", "pdf"), Exit.USAGE, "give --output FILE"),
        (("brief", "--since", "soon"), Exit.USAGE, "2026-02-03"),
        (("brief", "--as-of", "soon"), Exit.INPUT, "2025-12-04"),
        (("timeline", "dyad", "KEN"), Exit.USAGE, "dyad ISL PRT"),
        (("timeline", "town", "Lamu"), Exit.USAGE, "place NAME"),
        (("timeline", "story", "st-x"), Exit.INPUT, "onrecord export stories"),
        (("timeline", "story", "st-x", "--since", "2026-05-01"), Exit.USAGE, "leave --since"),
        (("figures", "i-x"), Exit.INPUT, "onrecord export incidents"),
        (("network", "--level", "town"), Exit.USAGE, "country, actor"),
        (("brief", "--archive", "none.db"), Exit.INPUT, "onrecord add"),
    ],
)
def test_what_is_wrong_is_said_with_the_next_step(
    run: Run, args: tuple[str, ...], code: Exit, says: str
) -> None:
    ended, _, err = run(*args)
    assert (ended, says in err) == (code, True)


def test_days_back_count_from_the_last_day_and_with_it(place: Path) -> None:
    with Archive.open(place) as archive:
        assert _from("7d", "2026-05-20", archive) == "2026-05-14"
        assert _from("1w", "2026-05-20", archive) == "2026-05-14"
        assert _from("1d", None, archive) == "2026-05-08", "the day of the latest report"
        assert _from(None, "2026-05-08", archive) is None


def test_days_back_count_from_today_in_an_empty_archive(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    with Archive.open(tmp_path / "empty.db") as archive:
        found = _from("2d", None, archive)
    assert found in {(today - timedelta(days=n)).isoformat() for n in (0, 1, 2)}
