"""A task on files, the whole table, what it says in text and JSON, and bad input."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import InputError, SourceError
from onrecord.evaluation import TASKS, measure, run, run_all
from onrecord.evaluation.tasks import SETS
from onrecord.record import Record
from tests.evaluation_rows import FakeReader, at, entity, event, record, statement, write_jsonl

TEXT = "Brandt said the port was raided. Police left."
GOLD = {
    "id": "kenya_x_1",
    "text": TEXT,
    "events": [
        {"e": 1, "s": 0, "trigger": at(TEXT, "raided"), "type": "COERCE", "mode": "seize",
         "status": "actual", "actor": [], "recipient": [], "by": "Brandt"},
    ],
    "statements": [
        {"s": 0, "speaker": {"t": "Brandt", "name": "Ilse Brandt", "span": at(TEXT, "Brandt")},
         "cue": "said", "cue_span": at(TEXT, "said"), "content": "…", "stance": "state",
         "form": "indirect", "content_span": at(TEXT, "the port was raided")},
    ],
}  # fmt: skip
EMPTY = {"id": "in_x_2", "text": "Rain fell.", "events": [], "statements": []}
POLNEAR = {
    "id": "n1",
    "text": TEXT,
    "attributions": [
        {"source": [at(TEXT, "Brandt")], "cue": [at(TEXT, "said")],
         "content": [at(TEXT, "the port was raided")]},
    ],
}  # fmt: skip
PLV = {"text": "A hit B", "source": [[0, 1]], "target": [[6, 7]], "type": "ASSAULT", "quad": 4}
CAMEO = {"tokens": ["A", "hit", "B"], "tags": ["B-S", "O", "B-T"]}
WORLDWIDE = {"text": TEXT, "id": "kenya_x_1", "tokens": [], "tags": ["B-Person"],
             "offsets": [[0, 6]]}  # fmt: skip
ONTOGUM = {"tokens": ["Eva", "left", ";", "she", "ran"], "clusters": [[[0, 1], [3, 4]]]}

TIMES = {"text": "Rain fell at noon.", "dct": "2031-05-02T10:00", "timexes": [
    {"start": 0, "end": 6, "type": "DATE", "value": "2031"},
    {"start": 7, "end": 11, "type": "DURATION", "value": "P1D"},
]}  # fmt: skip

PLACES = {
    "text": "Rain fell in Norport.",
    "toponyms": [
        {"start": 13, "end": 20, "name": "Norport", "lat": 60.0, "lon": 5.0},
        {"start": 0, "end": 4, "name": "Rain", "lat": None, "lon": None},
    ],
}


def read() -> Record:
    return record(
        TEXT,
        entities=[entity("e1", "Brandt")],
        statements=[
            statement(
                "s1",
                speaker=at(TEXT, "Brandt"),
                entity="e1",
                cue=at(TEXT, "said"),
                content=[at(TEXT, "the port was raided")],
            )
        ],
        events=[event("v1", "COERCE", at(TEXT, "raided"), mode="seize", statement="s1")],
    )


def reader() -> FakeReader:
    return FakeReader(
        [read()],
        tags={TEXT: [(0, 6, "Person")]},
        antecedents={"Eva left ; she ran": [None, 0]},
        relations=[{"ASSAULT": 1.0}],
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_jsonl(tmp_path / "gold/gold.dev.jsonl", GOLD, EMPTY)
    write_jsonl(tmp_path / "attribution/polnear.dev.jsonl", POLNEAR)
    write_jsonl(tmp_path / "relations/plv.train.jsonl", PLV)
    write_jsonl(tmp_path / "relations/cameo_spans.train.jsonl", CAMEO)
    write_jsonl(tmp_path / "entities/worldwide.dev.jsonl", WORLDWIDE)
    write_jsonl(tmp_path / "coreference/ontogum.dev.jsonl", ONTOGUM)
    write_jsonl(tmp_path / "time/timebank.jsonl", TIMES)
    write_jsonl(tmp_path / "places/lgl.jsonl", PLACES)
    return tmp_path


@pytest.mark.parametrize(
    ("task", "file", "metric", "value"),
    [
        ("attribution", "attribution/polnear.dev.jsonl", "content exact F1", 100.0),
        ("attribution", "gold/gold.dev.jsonl", "linked overlap F1", 100.0),
        ("statements", "gold/gold.dev.jsonl", "speaker name accuracy", 100.0),
        ("relations", "relations/plv.train.jsonl", "15 types accuracy", 100.0),
        ("participants", "relations/cameo_spans.train.jsonl", "participants exact F1", 0.0),
        ("events", "gold/gold.dev.jsonl", "on whose word F1", 100.0),
        ("events", "gold/gold.dev.jsonl", "false events a report without events", 0.0),
        ("entities", "entities/worldwide.dev.jsonl", "exact F1", 100.0),
        ("coreference", "coreference/ontogum.dev.jsonl", "pronouns resolved", 100.0),
        ("times", "time/timebank.jsonl", "strict F1", 0.0),
        ("places", "places/lgl.jsonl", "found and within 161 km", 0.0),
        ("calibration", "gold/gold.dev.jsonl", "events Brier score", 0.01),
    ],
)
def test_each_task_measures_its_file(
    data: Path, task: str, file: str, metric: str, value: float
) -> None:
    found = measure(task, [data / file], reader())
    assert (found.task, found.set) == (task, file)
    score = found.score(metric)
    assert score is not None
    assert score.value == pytest.approx(value)


def test_every_measure_of_every_document_is_counted(data: Path) -> None:
    """No task names a measure that its scorer does not fill, with or without findings."""
    for task, names in SETS.items():
        for name in names:
            if (data / name).is_file():
                for who in (reader(), FakeReader()):
                    found = measure(task, [data / name], who)
                    assert all(math.isfinite(n) for s in found.scores for n in s.counts)


def test_rows_of_several_files_are_pooled(data: Path) -> None:
    again = write_jsonl(data / "gold/other.jsonl", GOLD)
    found = measure("events", [data / "gold/gold.dev.jsonl", again], reader())
    assert found.set == "gold/gold.dev.jsonl + gold/other.jsonl"
    assert len(found.sha256) == 2
    assert found.documents == 3
    score = found.score("trigger F1")
    assert score is not None
    assert score.counts == (2, 2, 2)


def test_the_text_has_a_line_a_score_the_tables_and_what_is_left_out(data: Path) -> None:
    text = run("events", [data / "gold/gold.dev.jsonl"], reader=reader())
    lines = text.splitlines()
    assert lines[0].split() == ["task", "set", "n", "metric", "value", "95", "%", "interval",
                                "floor"]  # fmt: skip
    assert any(line.split()[-4:] == ["100.0", "100.0", "…", "100.0"] for line in lines)
    assert "type, of all trigger mentions" in text
    assert "Africa" in text
    assert "contexts, figures, score" in text


def test_columns_stand_under_one_another(data: Path) -> None:
    text = run("events", [data / "gold/gold.dev.jsonl"], reader=reader())
    block = text.split("\n\n")[0].splitlines()
    assert len({line.index("trigger") for line in block if "trigger" in line}) == 1


def test_json_has_scores_tables_and_notes(data: Path) -> None:
    text = run("statements", [data / "gold/gold.dev.jsonl"], as_json=True, reader=reader())
    whole = json.loads(text)
    assert set(whole) == {"scores", "tables", "notes"}
    first = whole["scores"][0]
    assert first["metric"] == "found F1"
    assert (first["value"], first["low"], first["high"]) == (100.0, 100.0, 100.0)
    assert (first["precision"], first["recall"]) == (100.0, 100.0)
    assert (first["n"], first["unit"], first["scale"]) == (2, "reports", "percent")
    assert first["floor"] is None


def test_the_whole_table_holds_every_set_that_is_there(data: Path) -> None:
    whole = json.loads(run_all(data, as_json=True, reader=reader()))
    assert {(score["task"], score["set"]) for score in whole["scores"]} == {
        (task, name) for task, names in SETS.items() for name in names if (data / name).is_file()
    }
    assert any("uner_ewt.dev.iob2, entities: not measured" in note for note in whole["notes"])


def test_the_whole_table_reads_each_text_once(data: Path) -> None:
    who = reader()
    run_all(data, reader=who)
    assert len(who.read) == len(set(who.read)) == 5


def test_the_whole_table_as_text_has_no_class_tables(data: Path) -> None:
    assert "type, of all trigger mentions" not in run_all(data, reader=reader())


def test_training_data_is_called_so(data: Path) -> None:
    found = measure("relations", [data / "relations/plv.train.jsonl"], reader())
    assert any("training data" in note for note in found.notes)


def test_a_reader_without_a_head_is_not_asked_for_it(data: Path) -> None:
    class Half:
        def read_many(self, articles: Any) -> Any:
            return FakeReader([read()]).read_many(articles)

    whole = json.loads(run_all(data, as_json=True, reader=Half()))  # type: ignore[arg-type]
    assert "relations" not in {score["task"] for score in whole["scores"]}
    assert any("the reader has no relate_many" in note for note in whole["notes"])
    with pytest.raises(InputError, match="relate_many"):
        measure("relations", [data / "relations/plv.train.jsonl"], Half())  # type: ignore[arg-type]


def test_a_reader_that_loses_an_article_is_found_out(data: Path) -> None:
    class Losing(FakeReader):
        def read_many(self, articles: Any) -> Any:
            return list(super().read_many(articles))[1:]

    with pytest.raises(ValueError, match="shorter"):
        measure("events", [data / "gold/gold.dev.jsonl"], Losing())  # type: ignore[arg-type]


def test_an_unknown_task_names_those_there_are(data: Path) -> None:
    with pytest.raises(InputError) as caught:
        run("speling", [data / "gold/gold.dev.jsonl"], reader=reader())
    assert all(name in str(caught.value) for name in TASKS)


@pytest.mark.parametrize("files", [[], ["nowhere.jsonl"], ["gold"]])
def test_files_that_are_missing_or_folders(data: Path, files: list[str]) -> None:
    with pytest.raises(InputError, match=r"no file|not there|is a folder"):
        run("events", [data / name for name in files], reader=reader())


def test_a_file_of_another_task_names_the_tasks(data: Path) -> None:
    with pytest.raises(InputError, match="no format of the task 'events'") as caught:
        run("events", [data / "relations/plv.train.jsonl"], reader=reader())
    assert "relations" in str(caught.value)


def test_files_of_different_formats_are_not_pooled(data: Path) -> None:
    files = [data / "gold/gold.dev.jsonl", data / "attribution/polnear.dev.jsonl"]
    with pytest.raises(InputError, match="different formats"):
        run("attribution", files, reader=reader())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no format"),
        (b"\n\n", "no format"),
        (b"\xff\xfe", "not UTF-8"),
        (b"not json\n", "no format"),
        (b"[1]\n", "no format"),
        (json.dumps(GOLD).encode() + b"\n{\n", "line 2: no JSON"),
        (json.dumps(GOLD).encode() + b'\n{"id": 1}\n', "line 2: no 'text'"),
        (json.dumps(GOLD | {"events": [{"e": 1}]}).encode(), "line 1: KeyError"),
        (json.dumps(GOLD | {"events": 3}).encode(), "line 1: TypeError"),
    ],
)
def test_damaged_files(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem):
        run("events", [path], reader=reader())


def test_the_whole_table_wants_a_folder_with_data(data: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no folder"):
        run_all(data / "gold/gold.dev.jsonl", reader=reader())
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SourceError, match="no data set"):
        run_all(empty, reader=reader())


DOCS = Path(__file__).parent.parent / "docs" / "evaluation.md"


@pytest.mark.parametrize("task", TASKS)
def test_every_task_with_its_measures_and_sets_is_documented(task: str) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"## {task}\n" in text
    section = text.partition(f"## {task}\n")[2].partition("\n## ")[0]
    assert all(name in section for name in SETS[task])


def test_every_measure_is_documented(data: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    for task, names in SETS.items():
        section = text.partition(f"## {task}\n")[2].partition("\n## ")[0]
        for name in names:
            if (data / name).is_file():
                found = measure(task, [data / name], reader())
                missing = [s.name for s in found.scores if f"`{s.name}`" not in section]
                assert not missing, f"{task}: {missing}"
