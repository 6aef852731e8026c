"""A record as JSON, both ways, and its schema."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from onrecord import record as r
from onrecord.errors import RecordError
from onrecord.fields import MEANINGS
from onrecord.forms import from_dict, from_json, json_schema, slots, to_dict, to_json
from tests.record_docs import DOCS, table
from tests.record_examples import empty, example
from tests.record_strategies import records

CLASSES = [c for c in vars(r).values() if is_dataclass(c)]
FEW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SCHEMA = jsonschema.Draft202012Validator(json_schema())


@FEW
@given(records())
def test_a_record_survives_json(record: r.Record) -> None:
    assert from_json(to_json(record)) == record
    assert from_dict(to_dict(record)) == record


@FEW
@given(records())
def test_every_record_fits_the_schema(record: r.Record) -> None:
    SCHEMA.validate(to_dict(record))


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    data = to_dict(example())
    assert list(data) == [
        "schema", "reader", "article", "skipped", "sentences", "entities", "times", "places",
        "figures", "statements", "events", "warnings",
    ]  # fmt: skip
    assert list(data["article"]) == [
        "id", "url", "canonical_url", "title", "byline", "publisher", "language", "published",
        "published_basis", "published_raw", "fetched", "version", "partial", "text", "sha256",
    ]  # fmt: skip
    assert list(data["events"][0]) == [
        "id", "type", "mode", "contexts", "status", "trigger", "mentions", "actors", "recipients",
        "place", "time", "figures", "statement", "within", "score", "confidence",
    ]  # fmt: skip


def test_null_is_written_never_left_out() -> None:
    data = to_dict(example())
    assert data["article"]["byline"] is None
    assert data["statements"][0]["medium"] is None


def test_whole_numbers_have_no_fraction() -> None:
    assert '"low":40,"high":40' in example().to_json()
    assert '"score":1.5' in example().to_json()


def test_the_methods_of_a_record_are_these_forms() -> None:
    record = example()
    assert r.Record.from_json(record.to_json(indent=2)) == record
    assert r.Record.from_dict(record.to_dict()) == record
    assert record.words(record.events[0].trigger) == "deal"


def test_a_record_made_with_lists_equals_the_one_that_comes_back() -> None:
    record = example()
    event = replace(record.events[0], contexts=list(record.events[0].contexts))
    listed = replace(record, events=[event, *record.events[1:]])
    assert listed == record == from_json(to_json(listed))
    assert hash(listed) == hash(record)


def test_a_lone_surrogate_becomes_one_replacement_so_that_offsets_hold() -> None:
    record = empty("word")
    torn = replace(record, article=replace(record.article, text="a\ud83dz"))
    text = from_json(to_json(torn).encode()).article.text
    assert text == "a\ufffdz"


def test_fields_that_are_not_known_are_ignored() -> None:
    data = to_dict(example())
    data["later"] = {"more": 1}
    data["events"][0]["weather"] = "fair"
    assert from_dict(data) == example()
    SCHEMA.validate(data)


def _broken(path: str, value: Any) -> dict[str, Any]:
    """Return the example's JSON with one field set; ``...`` takes it out."""
    data = to_dict(example())
    steps = [int(s) if s.isdigit() else s for s in re.findall(r"\w+", path)]
    place: Any = data
    for step in steps[:-1]:
        place = place[step]
    if value is ...:
        del place[steps[-1]]
    else:
        place[steps[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("schema", "onrecord/2", "update onrecord"),
        ("schema", ..., "update onrecord"),
        ("article", None, "must be an object, not null"),
        ("article.id", ..., "is missing"),
        ("article.id", None, "must be a string, not null"),
        ("article.version", True, "must be an integer, not a boolean"),
        ("article.partial", 0, "must be a boolean, not an integer"),
        ("events", {}, "must be a list, not an object"),
        ("events", "v1", "must be a list, not a string"),
        ("events", None, "must be a list, not null"),
        ("events[2].status", "maybe", "it may be actual, future"),
        ("events[2].type", "WAR", "it may be AGREE"),
        ("events[0].mentions[1].start", "12", "must be an integer"),
        ("events[1].trigger", 7, "must be an object"),
        ("statements[3].stance", None, "must be a string, not null"),
        ("places[0].confidence", float("nan"), "must be a finite number"),
        ("places[0].lat", 10**400, "must be a finite number"),
        ("entities[0].sector", "XXX", "it may be COP"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(path: str, value: Any, problem: str) -> None:
    with pytest.raises(RecordError, match=re.escape(problem)) as caught:
        from_dict(_broken(path, value))
    assert caught.value.path == path
    assert str(caught.value).startswith(path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "1" * 5000, "[" * 100_000, b"\xff"])
def test_what_is_no_record_is_refused(text: str | bytes) -> None:
    with pytest.raises(RecordError):
        from_json(text)


def test_a_number_that_is_not_finite_is_never_written() -> None:
    record = example()
    figure = replace(record.figures[0], low=float("inf"))
    with pytest.raises((ValueError, OverflowError)):
        to_json(replace(record, figures=(figure,)))


# -- the schema -----------------------------------------------------------------------


def test_the_schema_is_a_schema_of_draft_2020_12() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["schema"]["const"] == "onrecord/1"


@pytest.mark.parametrize("record", [example(), empty(), empty("Word.")])
def test_examples_fit_the_schema(record: r.Record) -> None:
    SCHEMA.validate(json.loads(to_json(record)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("events[2].status", "maybe"),
        ("events[2].type", "WAR"),
        ("events[2].contexts", ["sports"]),
        ("entities[0].kind", "alien"),
        ("entities[0].country", "Portugal"),
        ("statements[0].stance", "shout"),
        ("statements[0].confidence", 1.5),
        ("sentences[0].start", -1),
        ("places[0].lat", 91),
        ("article.id", None),
        ("schema", "onrecord/2"),
        ("warnings", ...),
    ],
)
def test_the_schema_refuses_what_no_record_holds(path: str, value: Any) -> None:
    assert not SCHEMA.is_valid(_broken(path, value))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_field_has_a_meaning_and_no_meaning_is_left_over(cls: type) -> None:
    assert set(MEANINGS[cls]) == {field.name for field in fields(cls)}
    assert [slot.name for slot in slots(cls)] == list(dict.fromkeys(s.name for s in slots(cls)))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_the_docs_tell_of_every_field_as_the_code_does(cls: type) -> None:
    """``python -m tests.record_docs`` writes the tables of docs/record.md anew."""
    assert table(cls) in DOCS.read_text(encoding="utf-8")
