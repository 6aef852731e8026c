"""The command line: what goes in, what comes out, and how it ends."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onrecord import cli
from onrecord.cli import Services, main
from onrecord.errors import ModelError, SettingError, SourceError
from onrecord.forms import from_json, json_schema
from onrecord.intake import open_source
from onrecord.record import Article, Record
from tests.record_examples import empty as empty_record
from tests.record_examples import example, identify

ROOT = Path(__file__).parent.parent


class Unreadable(NamedTuple):
    id: str | None
    why: str
    code: str


@dataclass
class ScriptedReader:
    """Reads ``batch`` articles at once, as the real one does; answers in order."""

    batch: int = 3
    fails: BaseException | None = None

    def read_many(self, articles: Iterator[Article]) -> Iterator[Record]:
        group: list[Article] = []
        for article in articles:
            group.append(article)
            if len(group) == self.batch:
                yield from map(self._record, group)
                group = []
        yield from map(self._record, group)

    def _record(self, article: Article) -> Record:
        if self.fails is not None:
            raise self.fails
        return replace(empty_record(), article=article)

    def empty(self, article: Article, code: str, message: str) -> Record:
        from onrecord.record import Warning

        return replace(self._record(article), warnings=(Warning(code, message),))


@dataclass
class Scripted:
    """Sources by name: what they hold, or how they fail."""

    sources: dict[str, Sequence[Any] | Exception]
    reader: ScriptedReader
    loaded: int = 0
    fields: dict[str, Any] | None = None

    def services(self) -> Services:
        return Services(self._reader, self._open, lambda source: source.endswith(".jsonl"))

    def _reader(self, actors: Path | None) -> ScriptedReader:
        self.loaded += 1
        return self.reader

    def _open(self, source: str, **fields: Any) -> Iterator[Any]:
        self.fields = fields
        found = self.sources[source]
        if isinstance(found, Exception):
            raise found
        return iter(found)


def article(id_: str, text: str = "Some words.") -> Article:
    return identify(text, id=id_)


def missing(source: str) -> SourceError:
    return SourceError(f"{source} does not exist; check the path", source=source)


def run(
    *args: str,
    reader: ScriptedReader | None = None,
    script: Scripted | None = None,
    **sources: Sequence[Any] | Exception,
) -> int:
    """Run a command on sources named as keywords (``a_txt`` is ``a.txt``); return its exit code."""
    named = {name.replace("_", "."): found for name, found in sources.items()}
    scripted = script or Scripted(named, reader or ScriptedReader())
    with pytest.raises(SystemExit) as ended:
        main(list(args), services=scripted.services())
    code = ended.value.code
    return int(code) if code is not None else 0


def ids(lines: str) -> list[str | None]:
    return [from_json(line).article.id for line in lines.splitlines()]


# -- what comes out -------------------------------------------------------------------


def test_text_is_the_form_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "a.txt", a_txt=[article("a")]) == 0
    out = capsys.readouterr().out
    assert "WHO SAID WHAT" in out
    assert "\x1b" not in out


def test_json_is_one_object_for_one_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "a.txt", "--format", "json", a_txt=[article("a")]) == 0
    assert from_json(capsys.readouterr().out).article.id == "a"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_json_is_a_list_for_a_file_of_many(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    articles = [article(f"a{n}") for n in range(count)]
    assert run("read", "a.jsonl", "--format", "json", a_jsonl=articles) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["article"]["id"] for row in found] == [f"a{n}" for n in range(count)]


def test_html_is_one_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "a.txt", "--format", "html", a_txt=[article("a")]) == 0
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")


def test_a_jsonl_gives_one_line_for_each_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "a.jsonl", a_jsonl=[article("x"), article("y")]) == 0
    assert ids(capsys.readouterr().out) == ["x", "y"]


@pytest.mark.parametrize("batch", [1, 2, 3, 50])
def test_order_and_ids_hold_whatever_cannot_be_read(
    batch: int, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = Unreadable("bad", "line 2 is not JSON", "not-json")
    nameless = Unreadable(None, "line 5 is not JSON", "not-json")
    rows = [bad, article("a"), article("b"), bad, nameless, article("c"), article("d"), bad]
    assert run("read", "a.jsonl", reader=ScriptedReader(batch), a_jsonl=rows) == 0
    out = capsys.readouterr().out
    assert ids(out) == ["bad", "a", "b", "bad", "unreadable-5", "c", "d", "bad"]
    first = from_json(out.splitlines()[0])
    assert first.article.text == ""
    assert [(w.code, w.message) for w in first.warnings] == [("not-json", "line 2 is not JSON")]


def test_several_sources_come_out_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "a.txt", "b.txt", a_txt=[article("a")], b_txt=[article("b")]) == 0
    assert ids(capsys.readouterr().out) == ["a", "b"]


def test_what_is_known_of_the_article_is_handed_on() -> None:
    script = Scripted({"a.txt": [article("a")]}, ScriptedReader())
    fields = ["--published", "2025-12-04", "--title", "T", "--url", "https://u.example"]
    assert run("read", "a.txt", *fields, "--publisher", "P", script=script) == 0
    assert script.fields == {
        "published": "2025-12-04",
        "title": "T",
        "url": "https://u.example",
        "publisher": "P",
    }


def test_json_is_utf8_whatever_the_locale() -> None:
    code = (
        "from onrecord.cli import Format, _write\nfrom onrecord.output import Output\n"
        "from tests.record_examples import example\n"
        "with Output(None) as out: _write(out, Format.jsonl, iter([example()]), False)"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment, cwd=ROOT
    )
    assert from_json(out.stdout) == example()


# -- where it goes --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.html", "<!DOCTYPE"),
        ("r.json", '{\n  "schema"'),
        ("r.jsonl", '{"schema"'),
        ("r.txt", "a\npub"),
        ("r", "a\npub"),
    ],
)
def test_the_name_of_the_output_decides_its_form(name: str, begins: str, tmp_path: Path) -> None:
    target = tmp_path / name
    assert run("read", "a.txt", "-o", str(target), a_txt=[article("a", "x")]) == 0
    assert target.read_text(encoding="utf-8").startswith(begins)
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("failure", "code"), [(KeyboardInterrupt(), 130), (SettingError("no", name="threads"), 2)]
)
def test_a_run_that_breaks_off_leaves_the_output_as_it_was(
    failure: BaseException, code: int, tmp_path: Path
) -> None:
    target = tmp_path / "r.jsonl"
    target.write_text("before")
    reader = ScriptedReader(fails=failure)
    assert run("read", "a.txt", "-o", str(target), reader=reader, a_txt=[article("a")]) == code
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_finished_output_keeps_the_rights_of_the_file_it_replaces(tmp_path: Path) -> None:
    target = tmp_path / "r.jsonl"
    target.write_text("before")
    target.chmod(0o640)
    assert run("read", "a.txt", "-o", str(target), a_txt=[article("a")]) == 0
    assert target.stat().st_mode & 0o777 == 0o640


def test_what_is_no_file_is_written_to_and_not_replaced() -> None:
    assert run("read", "a.txt", "-o", "/dev/null", a_txt=[article("a")]) == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("target", ["nowhere/r.json", "."])
def test_an_output_that_cannot_be_written_ends_with_5(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("read", "a.txt", "-o", target, a_txt=[article("a")]) == 5
    assert "cannot write" in capsys.readouterr().err


def test_a_full_disk_ends_with_5(capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    text = "words " * 50_000
    assert (
        run("read", "a.txt", "-o", "/dev/full", "--format", "json", a_txt=[article("a", text)]) == 5
    )
    assert "No space left" in capsys.readouterr().err


def test_a_source_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Some words.")
    script = Scripted({str(source): [article("a")]}, ScriptedReader())
    assert run("read", str(source), "-o", str(source), script=script) == 2
    assert source.read_text() == "Some words."
    assert "is also read" in capsys.readouterr().err


# -- how it ends ----------------------------------------------------------------------


def test_a_source_that_cannot_be_read_ends_with_3_before_the_model_is_loaded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = Scripted({"a.txt": missing("a.txt")}, ScriptedReader())
    assert run("read", "a.txt", script=script) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "onrecord: a.txt does not exist; check the path\n"
    assert script.loaded == 0


def test_the_other_sources_are_read_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    sources = {"a_txt": [article("a")], "b_txt": missing("b.txt"), "c_txt": [article("c")]}
    assert run("read", "a.txt", "b.txt", "c.txt", **sources) == 3  # type: ignore[arg-type]
    captured = capsys.readouterr()
    assert ids(captured.out) == ["a", "c"]
    assert "b.txt does not exist" in captured.err


def test_when_no_source_can_be_read_the_output_stays_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "r.txt"
    target.write_text("before")
    assert run("read", "a.txt", "-o", str(target), a_txt=missing("a.txt")) == 3
    assert target.read_text() == "before"


@pytest.mark.parametrize(
    "date", ["yesterday", "2025-13-01", "2025-02-30", "04/12/2025", "20251204", "", "2025-W01-1"]
)
def test_a_malformed_date_is_a_usage_error(date: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "a.txt", "--published", date, a_txt=[article("a")]) == 2
    captured = capsys.readouterr()
    assert "write 2025-12-04" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("date", ["2025-12-04", "2025-12-04T18:30Z", "2025-12-04T18:30:00+02:00"])
def test_a_date_or_a_date_and_time_is_taken(date: str) -> None:
    assert run("read", "a.txt", "--published", date, a_txt=[article("a")]) == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ModelError("the model is missing; install onrecord again", path="m"), 4),
        (SettingError("ONRECORD_THREADS is 'x'; give a whole number", name="threads"), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_error_has_its_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("read", "a.txt", reader=ScriptedReader(fails=error), a_txt=[article("a")]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_defect_is_not_hidden() -> None:
    services = Scripted({"a.txt": [article("a")]}, ScriptedReader(fails=ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        main(["read", "a.txt"], services=services.services())


@pytest.mark.parametrize(
    "args", [["red"], ["read", "--loud"], ["read", "a.txt", "--format", "xml"]]
)
def test_what_is_not_a_command_is_a_usage_error(args: list[str]) -> None:
    assert run(*args, a_txt=[article("a")]) == 2


def test_a_message_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("read", "a.txt", a_txt=missing("\x1b[31mred")) == 3
    assert "\x1b" not in capsys.readouterr().err


def test_an_actors_table_that_is_missing_is_a_usage_error() -> None:
    assert run("read", "a.txt", "--actors", "/nowhere.csv", a_txt=[article("a")]) == 2


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_without_a_source_a_person_is_told_what_to_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(io.BytesIO()))
    assert run("read") == 2


def test_without_a_source_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Some words."))
    script = Scripted({"-": [article("a")]}, ScriptedReader())
    assert run("read", script=script) == 0


def test_progress_is_shown_only_where_a_person_watches_and_the_output_is_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "r.jsonl")
    rows = [article("a"), article("b")]
    assert run("read", "a.jsonl", "-o", target, a_jsonl=rows) == 0
    assert capsys.readouterr().err == ""
    watched = _Terminal(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", watched)
    assert run("read", "a.jsonl", "-o", target, a_jsonl=rows) == 0
    watched.seek(0)
    assert "read 2" in watched.read()


@pytest.mark.parametrize(
    ("environment", "color"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_only_on_a_terminal_that_wants_it(
    environment: dict[str, str], color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = _Terminal(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    assert run("read", "a.txt", a_txt=[article("a")]) == 0
    out.seek(0)
    assert ("\x1b[" in out.read()) is color


def test_a_reader_of_the_output_that_goes_away_is_no_noise() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", "schema"], stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 141


# -- bad sources, through the intake that ships ---------------------------------------


@pytest.fixture
def real() -> Services:
    return Services(lambda actors: ScriptedReader(), open_source, cli._shipped().is_many)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("folder", None),
        ("binary.bin", bytes(range(256)) * 40),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(2000)),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(
    name: str,
    content: bytes | None,
    real: Services,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / name
    if content is None:
        source.mkdir()
    else:
        source.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        main(["read", str(source)], services=real)
    assert ended.value.code == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert str(source) in captured.err


@pytest.mark.parametrize("content", [b"", b"Word.", b"a " * 2_500_000])
def test_any_text_gives_a_record(
    content: bytes, real: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        main(["read", str(source), "--format", "jsonl"], services=real)
    assert not ended.value.code
    assert from_json(capsys.readouterr().out).article.text == content.decode()


def test_a_damaged_line_keeps_its_place(
    real: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        '{"id": "a", "text": "One."}',
        "{oops",
        '{"id": "c", "text": "Three.", "published": "x"}',
    ]
    source = tmp_path / "a.jsonl"
    source.write_text("\n".join(lines))
    with pytest.raises(SystemExit) as ended:
        main(["read", str(source)], services=real)
    assert not ended.value.code
    first, second, third = map(from_json, capsys.readouterr().out.splitlines())
    assert (first.article.id, third.article.id) == ("a", "c")
    assert second.article.text == ""
    assert len(second.warnings) == 1
    assert (third.article.published, third.article.published_raw) == (None, "x")


# -- the other commands ---------------------------------------------------------------


def test_schema_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


@pytest.mark.parametrize("args", [["version"], ["--version"]])
def test_version(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*args) == 0
    assert capsys.readouterr().out == "onrecord 0.1.0\n"


def test_when_tells_the_days(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("when", "late last month", "--published", "2025-12-04") == 0
    assert "begin 2025-11-20 · finish 2025-11-30" in capsys.readouterr().out


def test_when_leaves_open_what_it_cannot_anchor(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("when", "next week", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["begin"] is None


def test_when_says_so_when_it_is_no_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("when", "a yellow [bold]boat") == 0
    assert capsys.readouterr().out == "nothing known about “a yellow [bold]boat”\n"


def test_where_ranks_by_the_countries_of_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for country in ("LBY", "LBN"):
        assert run("where", "Tripoli", "--context", country, "--json") == 0
        answers.append(json.loads(capsys.readouterr().out)[0]["country"])
    assert answers == ["LBY", "LBN"]


def test_who_tells_country_and_sector(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("who", "the Kremlin spokesman", "--published", "2025-03-13", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["country"], row["sector"]) == ("RUS", "GOV")


@pytest.mark.parametrize(
    "args",
    [
        ["eval"],
        ["eval", "times"],
        ["eval", "all"],
        ["eval", "all", "f"],
        ["eval", "times", "f", "--data", "d"],
    ],
)
def test_eval_takes_files_or_for_all_a_folder(args: list[str]) -> None:
    assert run(*args) == 2
