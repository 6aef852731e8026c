"""The archive's commands: what they print, how they end, what they write."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.archive import Archive, Progress, Summary, shown
from onrecord.archive.export import cell
from onrecord.archive.selecting import FILTERS
from onrecord.cli import Services, main
from onrecord.intake import is_many, open_source
from tests.archive_fixtures import ScriptedReader
from tests.record_examples import TEXT, empty, example

Run = Callable[..., int]
ID = "tidewater-0313"
DOCS = (Path(__file__).parent.parent / "docs" / "archive.md").read_text("utf-8")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONRECORD_ARCHIVE", raising=False)
    services = Services(lambda actors: ScriptedReader(), open_source, is_many)

    def command(*args: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(list(args), services=services)
        return int(ended.value.code or 0)

    return command


@pytest.fixture
def filled(run: Run) -> Run:
    with Archive.open() as archive:
        archive.add_records([example()])
    return run


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_add_reads_each_article_once(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": f"a{n}", "text": TEXT, "published": "2025-03-13"} for n in range(3)]
    Path("news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{oops\n")
    assert run("add", "news.jsonl") == 0
    assert lines(capsys) == [
        "read 3 · unchanged 0 · new version 0 · skipped 0 · failed 1 (bad-json 1)"
    ]
    assert run("add", "news.jsonl") == 0
    out, err = capsys.readouterr()
    assert out.startswith("read 0 · unchanged 3 ·")
    assert "line 4 is not JSON" in err


def test_a_source_that_is_missing_does_not_stop_the_others(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.txt").write_text(TEXT)
    assert run("add", "gone.txt", "a.txt", "--archive", "own.db") == 3
    out, err = capsys.readouterr()
    assert "read 1" in out
    assert "sources not read 1" in out
    assert "gone.txt does not exist" in err
    assert Path("own.db").exists()


@pytest.mark.parametrize("name", ["news.csv", "news.jsonl", "news.parquet"])
def test_a_map_says_which_column_gives_which_field(
    run: Run, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table(Path(name), [{"key": "a-1", "body": TEXT, "date": "2025-03-13"}])
    assert run("add", name, "--map", "text=body,published=date,id=key") == 0
    assert lines(capsys)[0].startswith("read 1 ·")
    with Archive.open() as archive:
        article = archive.record("a-1").article
    assert (article.text, article.published) == (TEXT, "2025-03-13")
    assert run("add", name, "--map", "text=corpus") == (0 if name.endswith("jsonl") else 3)
    assert run("add", name, "--map", "words=body") == 2
    assert run("add", name, "--published", "32 Foo") == 2


def table(path: Path, rows: list[dict[str, str]]) -> None:
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    else:
        import pyarrow as pa
        import pyarrow.parquet

        pyarrow.parquet.write_table(pa.Table.from_pylist(rows), path)


def test_a_dry_run_shows_five_articles_and_writes_nothing(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"body": f"{n}. {TEXT}", "date": "9999-01-01" if n == 1 else "2025-03-13"}
            for n in range(9)]  # fmt: skip
    table(Path("news.csv"), [{"body": "", "date": "2025"}, *rows])
    assert run("add", "news.csv", "--map", "text=body,published=date", "--dry-run") == 0
    out = lines(capsys)
    assert out[0] == "(no article): no-text: line 2 has no “text” (a string)"
    assert sum(line.startswith("    text (") for line in out) == 4
    assert "    published: 2025-03-13" in out
    assert any(line.startswith("    date-not-believed") for line in out)
    assert out[-1] == "nothing was written"
    assert run("add", "news.csv", "gone.csv", "--dry-run") == 3
    assert not list(Path().glob("*.db*"))


@pytest.mark.parametrize("command", [["search", "x"], ["said", "x"], ["export", "events"],
                                     ["explain", "x"], ["reread"], ["backup", "b.db"]])  # fmt: skip
def test_a_question_makes_no_archive(
    run: Run, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*command) == 3
    assert "there is no archive onrecord.db" in capsys.readouterr().err
    assert not Path("onrecord.db").exists()


def test_search_shows_hits_and_counts(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert filled("search", "trawlers", "--type", "CONSULT") == 0
    out = lines(capsys)
    assert out[0].startswith(f"{ID} · 2025-03-13 · The Tidewater Review")
    assert "1 found" in out
    assert filled("search", "daylight", "--quotes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["hits"][0]["row"] == "s3"


def test_a_query_that_is_wrong_gets_a_hint(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert filled("search", '"unbalanced AND (') == 3
    assert "quotation mark is not closed" in capsys.readouterr().err


def test_said_lists_words(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert filled("said", "Sequeira") == 0
    assert "hiding catches" in capsys.readouterr().out
    assert filled("said", "Nobody") == 0
    assert lines(capsys) == ["nothing found"]
    assert filled("said", "Hallvarðsdóttir", "--about", "daylight", "--json") == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)] == ["s3"]


def test_explain_shows_the_words_behind_fields(
    filled: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    at = TEXT.index("detained")
    assert filled("correct", f"{ID}#v5", "edit", "status=denied", "--by", "Ana") == 0
    assert filled("explain", f"{ID}#v5") == 0
    out = lines(capsys)
    assert f"v5 (event) [{at}:{at + 8}] “detained”" in out
    assert "  status: denied" in out
    assert any(line.startswith("correction 1: edit v5 status by Ana") for line in out)
    assert filled("explain", ID) == 0
    assert "s3 (statement)" in capsys.readouterr().out
    assert filled("explain", f"{ID}#v99") == 3


def test_corrections_are_made_and_taken_back(
    filled: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert filled("correct", f"{ID}#v1", "split", "2", "--by", "Ana") == 0
    assert filled("correct", f"{ID}#v4", "reject", "--by", "Ana") == 0
    assert filled("undo", "2", "--by", "Ben") == 0
    assert filled("correct", f"{ID}#v4", "edit", "nonsense", "--by", "Ana") == 2
    assert filled("correct", f"{ID}#v4", "reject") == 3
    capsys.readouterr()
    assert filled("export", "corrections") == 0
    assert [json.loads(line)["action"] for line in lines(capsys)] == ["split", "reject", "undo"]


def test_reread_and_forget(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert filled("reread") == 0
    assert lines(capsys) == ["read again 1"]
    assert filled("forget", ID) == 0
    assert filled("forget", ID) == 3
    assert filled("forget", ID, "--undo") == 0


# -- export ---------------------------------------------------------------------------


def test_export_in_every_format(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    import pyarrow.parquet

    assert filled("export", "events", "--actor", "PRT") == 0
    as_lines = [json.loads(line) for line in lines(capsys)]
    assert [row["id"] for row in as_lines] == ["v3", "v4", "v5", "v6", "v7", "v8"]
    assert filled("export", "events", "-o", "events.csv") == 0
    with open("events.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == 11
    assert filled("export", "events", "-o", "events.parquet") == 0
    table = pyarrow.parquet.read_table("events.parquet")
    assert table.num_rows == 11
    assert table.column_names == list(as_lines[0])


@pytest.mark.parametrize("kind", ["articles", "entities", "mentions", "times", "places", "figures",
                                  "statements", "contents", "event_mentions",
                                  "participants"])  # fmt: skip
def test_every_kind_is_exported_with_its_provenance(
    filled: Run, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert filled("export", kind) == 0
    row = json.loads(lines(capsys)[0])
    assert (row["article_id"], row["article_version"], row["reader_version"]) == (ID, 1, "0.1.0")
    if "start" in row:
        assert row["words"] == TEXT[row["start"] : row["end"]]


def test_what_cannot_be_exported_is_refused(
    filled: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert filled("export", "dreams") == 2
    assert filled("export", "events", "--format", "xls") == 2
    assert filled("export", "events", "--format", "parquet") == 2
    assert filled("export", "places", "--speaker", "x", "-o", "places.csv") == 2
    assert not Path("places.csv").exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_csv_holds_no_formula(text: str) -> None:
    assert cell(text) == "'" + text


def test_csv_is_read_back_whole(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = '=HYPERLINK("http://x"),\n<script>,\u2028 end'
    with Archive.open() as archive:
        record = replace(empty(hostile, id="a", title=hostile, publisher="x\0y"))
        archive.add_records([record])
    assert run("export", "articles", "--format", "csv") == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
    assert row["title"] == "'" + hostile
    assert row["partial"] == "false"


def test_duckdb_opens_the_parquet_as_documented(filled: Run) -> None:
    import duckdb

    assert filled("export", "events", "-o", "events.parquet") == 0
    (query,) = re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)
    rows = duckdb.sql(query).fetchall()
    assert sum(row[2] for row in rows) == 7
    assert {row[1] for row in rows} >= {"CONSULT", "PROTEST"}


def test_every_filter_is_documented() -> None:
    for kind, filters in FILTERS.items():
        (row,) = re.findall(rf"^\| `{kind}` \| (.*) \|$", DOCS, re.MULTILINE)
        own = filters if kind != "articles" else {"speaker": None}
        assert all(f"`{name}`" in row or name in row for name in own), kind


# -- copies ---------------------------------------------------------------------------


def test_backup_and_restore(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert filled("backup", "copy.db") == 0
    assert filled("backup", "copy.db") == 3
    assert filled("restore", "copy.db", "--archive", "other.db") == 0
    with Archive.open("other.db") as archive:
        assert archive.record(ID) == example()
    assert filled("restore", "copy.db") == 3
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in Path().glob(".*.part*")] == []


def test_a_foreign_file_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("diary.db").write_text("dear diary")
    Path("a.txt").write_text(TEXT)
    assert run("add", "a.txt", "--archive", "diary.db") == 3
    assert "left as it is" in capsys.readouterr().err
    assert Path("diary.db").read_text() == "dear diary"


# -- words ----------------------------------------------------------------------------


PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Trawlers | The Tidewater Review</title>
<meta property="og:site_name" content="The Tidewater Review"><meta name="date" content="9999-01-01">
<script type="application/ld+json">
{{"@type": "NewsArticle", "headline": "Trawlers", "datePublished": "2025-03-13"}}</script></head>
<body><article><h1>Trawlers</h1><p>{"The trawlers left the harbour on Tuesday. " * 20}</p>
</article></body></html>"""


def test_what_a_page_says_of_itself_is_shown(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.html").write_text(PAGE)
    assert run("add", "a.html", "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "    published: 2025-03-13\n" in shown
    assert "        not “9999-01-01” (meta date: it lies in the future)\n" in shown
    assert run("add", "a.html") == 0
    with Archive.open() as archive:
        (id_,) = archive.ids()
    capsys.readouterr()
    assert run("explain", id_) == 0
    shown = capsys.readouterr().out
    assert "  published: 2025-03-13 (basis: page) · said by JSON-LD, whole page\n" in shown
    assert "    not “9999-01-01” (meta date: it lies in the future)\n" in shown
    assert "  title: Trawlers · said by " in shown
    assert run("export", "votes", "--format", "csv") == 0
    assert lines(capsys)[0] == "article_id,article_version,field,place,value,taken,doubt"


def test_a_failure_names_its_source(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("news.jsonl").write_text('{oops\n{"id": "a9"}\n')
    assert run("add", "news.jsonl", "none.txt") == 3
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("onrecord: news.jsonl: line 1 is not JSON")
    assert told[1] == "onrecord: news.jsonl: a9: line 2 has no “text” (a string)"
    assert told[2] == "onrecord: none.txt does not exist; check the path"


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (["--type", "PROTESTS"], "it may be AGREE"),
        (["--status", "maybe"], "it may be actual"),
        (["--country", "Portugal"], "a code of three letters"),
        (["--since", "lately"], "write 2025-12-04"),
    ],
)
def test_a_filter_that_nothing_can_meet_is_refused(
    filled: Run, given: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["search", "trawlers"], ["export", "events"]):
        assert filled(*command, *given) in (2, 3)
        assert hint in capsys.readouterr().err


def test_filters_take_any_case(filled: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert filled("export", "events", "--type", "assault", "--status", "Denied") == 0
    lower = lines(capsys)
    assert filled("export", "events", "--type", "ASSAULT", "--status", "denied") == 0
    assert lower == lines(capsys)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (["correct", ID, "accept", "--by", "Ana"], f"onrecord explain {ID} lists them"),
        (["correct", f"{ID}#v5", "accept"], "--by"),
        (["correct", "none#v5", "accept", "--by", "Ana"], "no article"),
        (["export", "eventz"], "incidents"),
        (["explain", f"{ID}#v99"], "no row"),
    ],
)
def test_a_slip_says_what_to_do(
    filled: Run, given: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert filled(*given) in (2, 3)
    out = capsys.readouterr()
    assert hint in out.err
    assert out.out == ""


def test_the_summary_in_words() -> None:
    done = Summary(1200, 3, 1, {"empty-text": 2, "forgotten": 1}, {"bad-json": 4})
    assert shown.summary(done, 1) == (
        "read 1,200 · unchanged 3 · new version 1 · skipped 3 (empty-text 2, forgotten 1) · "
        "failed 4 (bad-json 4) · sources not read 1"
    )
    assert (done + done).total == 2 * done.total


def test_progress_in_words() -> None:
    assert shown.progress(Progress(50, 200, 10.0)) == "50 of 200 · 5.0 a second · 0:30 left"
    assert shown.progress(Progress(50, None, 10.0)) == "50 · 5.0 a second"
