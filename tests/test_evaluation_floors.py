"""Floors: they hold, they are missed, they do not apply; raising them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import ModelError
from onrecord.evaluation import check_floors, floors, raise_floors
from onrecord.evaluation.bootstrap import Score
from onrecord.evaluation.load import sha256
from onrecord.evaluation.results import Result

SET = "gold/x.jsonl"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data" / SET
    file.parent.mkdir(parents=True)
    file.write_text("rows", encoding="utf-8")
    return tmp_path / "data"


def floor_file(data: Path, digest: str | None = None, **metrics: float) -> Path:
    """Write floors of the task ``events`` on the data file; its own hash unless given."""
    path = data.parent / "floors.json"
    entry = {"sha256": digest or sha256(data / SET), "floors": {"events": metrics}}
    whole = {"lowered": [], "sets": {SET: entry}}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def score(value: float | None, formula: str = "f1", half: float = 4.0, name: str = "x") -> Score:
    low, high = (None, None) if value is None else (value - half, value + half)
    return Score(name, formula, value, low, high, (1.0, 1.0, 1.0))


def result(data: Path, *scores: Score, task: str = "events") -> Result:
    return Result(task, SET, (sha256(data / SET),), 3, "reports", scores)


def test_a_floor_that_is_reached_says_nothing(data: Path) -> None:
    path = floor_file(data, x=60.0)
    assert check_floors(data, [result(data, score(60.0))], path=path) == []


def test_a_score_below_its_floor_is_named(data: Path) -> None:
    path = floor_file(data, x=60.0)
    (message,) = check_floors(data, [result(data, score(59.9))], path=path)
    assert message == "events on gold/x.jsonl: x is 59.900, below its floor 60.0"


def test_an_error_above_its_floor_is_named(data: Path) -> None:
    path = floor_file(data, x=0.3)
    assert check_floors(data, [result(data, score(0.3, "error"))], path=path) == []
    (message,) = check_floors(data, [result(data, score(0.31, "error"))], path=path)
    assert "above its floor 0.3" in message


def test_a_value_that_could_not_be_counted_is_below(data: Path) -> None:
    path = floor_file(data, x=60.0)
    (message,) = check_floors(data, [result(data, score(None))], path=path)
    assert "could not be counted" in message


def test_a_floor_that_was_not_measured_is_named(data: Path) -> None:
    path = floor_file(data, x=60.0)
    assert "not measured" in check_floors(data, [], path=path)[0]
    assert "no metric" in check_floors(data, [result(data, score(70.0, name="y"))], path=path)[0]


def test_a_file_of_another_hash_has_no_floors(data: Path) -> None:
    path = floor_file(data, digest="0" * 64, x=60.0)
    bad = result(data, score(1.0))
    assert check_floors(data, [bad], path=path) == []
    assert floors.floor_of(floors.read(path), bad, bad.scores[0]) is None


def test_a_missing_file_has_no_floors(data: Path) -> None:
    path = floor_file(data, x=60.0)
    assert check_floors(data / "elsewhere", [], path=path) == []


def test_the_floor_of_a_score_is_found_by_set_hash_task_and_metric(data: Path) -> None:
    known = floors.read(floor_file(data, x=60.0))
    assert floors.floor_of(known, result(data, score(1.0)), score(1.0)) == 60.0
    other = result(data, score(1.0), task="statements")
    assert floors.floor_of(known, other, score(1.0)) is None
    pooled = Result("events", SET, (sha256(data / SET),) * 2, 3, "reports", ())
    assert floors.floor_of(known, pooled, score(1.0)) is None


@pytest.mark.parametrize(
    ("measured", "held"),
    [
        (score(70.0, half=4.0), 66.0),
        (score(2.0, half=4.0), 0.0),
        (score(0.2, "error", half=0.05), 0.25),
        (score(None), None),
    ],
)
def test_what_was_reached_is_the_value_less_half_the_interval(
    measured: Score, held: float | None
) -> None:
    assert floors.reached(measured) == (None if held is None else pytest.approx(held))


def raised(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))["sets"][SET]["floors"]


def test_floors_rise_and_never_fall(data: Path) -> None:
    path = floor_file(data, x=60.0, kept=10.0)
    raise_floors([result(data, score(70.0))], path=path)
    assert raised(path) == {"events": {"x": 66.0, "kept": 10.0}}
    raise_floors([result(data, score(40.0))], path=path)
    assert raised(path) == {"events": {"x": 66.0, "kept": 10.0}}


def test_ceilings_of_errors_sink_and_never_rise(data: Path) -> None:
    path = floor_file(data, x=0.5)
    raise_floors([result(data, score(0.2, "error", half=0.1))], path=path)
    assert raised(path)["events"]["x"] == pytest.approx(0.3)
    raise_floors([result(data, score(0.9, "error", half=0.1))], path=path)
    assert raised(path)["events"]["x"] == pytest.approx(0.3)


def test_a_new_file_replaces_its_sets_floors(data: Path) -> None:
    path = floor_file(data, digest="0" * 64, x=99.0, y=99.0)
    raise_floors([result(data, score(70.0))], path=path)
    assert raised(path) == {"events": {"x": 66.0}}
    assert check_floors(data, [result(data, score(70.0))], path=path) == []


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"sets": {"a": {}}}', '{"sets": []}'])
def test_damaged_floors_are_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="holds no floors"):
        floors.read(path)


def test_missing_floors_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        floors.read(tmp_path / "none.json")
    assert caught.value.path == str(tmp_path / "none.json")


def test_the_shipped_floors_can_be_read() -> None:
    assert isinstance(floors.read(), dict)
