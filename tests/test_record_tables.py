"""Records as Arrow tables."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings

from onrecord.errors import SettingError
from onrecord.record import Record
from onrecord.tables import ROWS, schema, tables
from tests.record_examples import TEXT, empty, example
from tests.record_strategies import records


def test_one_table_for_each_kind_of_row() -> None:
    found = tables([example(), empty("Word.")])
    assert list(found) == list(ROWS)
    counts = {name: table.num_rows for name, table in found.items()}
    assert counts == {
        "articles": 2,
        "skipped": 2,
        "sentences": 13,
        "entities": 9,
        "mentions": 24,
        "times": 6,
        "places": 4,
        "figures": 4,
        "statements": 9,
        "contents": 10,
        "events": 11,
        "event_mentions": 14,
        "participants": 17,
        "warnings": 1,
    }


def test_the_columns_do_not_depend_on_the_records() -> None:
    assert {n: t.schema for n, t in tables([]).items()} == {n: schema(n) for n in ROWS}
    assert {n: t.schema for n, t in tables([example()]).items()} == {n: schema(n) for n in ROWS}


def test_every_row_names_its_article() -> None:
    for name, table in tables([example()]).items():
        assert table["article_id"].to_pylist() == ["tidewater-0313"] * table.num_rows, name


@pytest.mark.parametrize("name", [name for name in ROWS if "start" in schema(name).names])
def test_rows_with_offsets_carry_their_words(name: str) -> None:
    for row in tables([example()])[name].to_pylist():
        assert row["words"] == TEXT[row["start"] : row["end"]]


def test_references_become_columns() -> None:
    found = tables([example()])
    told = found["statements"].to_pylist()[2]
    assert (told["speaker_words"], told["speaker_entity"]) == ("Hallvarðsdóttir", "e1")
    assert TEXT[told["cue_start"] : told["cue_end"]] == told["cue_words"] == "told"
    assert told["medium_start"] is None
    assert told["medium_words"] is None
    event = found["events"].to_pylist()[0]
    assert (event["trigger_words"], event["within"], event["figures"]) == ("deal", ["s1"], [])


def test_parts_of_a_row_name_it() -> None:
    found = tables([example()])
    parts = [row for row in found["participants"].to_pylist() if row["event_id"] == "v1"]
    assert [(row["part"], row["words"]) for row in parts] == [
        ("actor", "her government"),
        ("recipient", "Lisbon"),
    ]
    runs = [row for row in found["contents"].to_pylist() if row["statement_id"] == "s3"]
    assert [row["run"] for row in runs] == [0, 1]


def test_days_are_dates_and_lists_are_lists() -> None:
    assert schema("times").field("begin").type == pa.date32()
    assert schema("events").field("contexts").type == pa.list_(pa.string())
    assert tables([example()])["times"]["begin"].to_pylist()[0] == date(2025, 3, 11)


def test_the_article_table_says_who_read_it() -> None:
    (row,) = tables([example()])["articles"].to_pylist()
    assert row["schema"] == "onrecord/1"
    assert row["reader_model"] == "example"
    assert row["text"] == TEXT


def _days_in_order(record: Record) -> Record:
    times = tuple(replace(t, begin="2025-01-02", finish=None) for t in record.times)
    return replace(record, times=times)


@settings(max_examples=15, deadline=None)
@given(records())
def test_any_record_makes_sound_tables(record: Record) -> None:
    for table in tables([_days_in_order(record)]).values():
        table.validate(full=True)


def test_a_day_that_is_none_is_refused() -> None:
    record = example()
    wrong = replace(record.times[0], begin="soon")
    with pytest.raises(ValueError, match="soon"):
        tables([replace(record, times=(wrong,))])


def test_without_pyarrow_the_error_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from onrecord.tables import tables\n"
        "try:\n    tables([])\nexcept Exception as error:\n    print(type(error).__name__, error)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.startswith(SettingError.__name__)
    assert "onrecord[arrow]" in out.stdout
