"""The set of stories: how its rows are read, halved, grouped and counted; bad input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import SourceError
from onrecord.evaluation import measure
from onrecord.evaluation import stories as s
from onrecord.evaluation.tasks import format_of, task_of
from onrecord.record import Record
from tests.evaluation_rows import INFO, FakeReader, write_jsonl

DOCS = Path(__file__).parent.parent / "docs" / "evaluation.md"
#: Four topics of two happenings; what is alike is told in the same words.
HAPPENINGS = {
    (1, "a"): "Ferry Halvard sinks off Nordvik harbour . Captain Ines Rotholm rowed ashore .",
    (1, "b"): "Ferry Brigitta burns in Ostmund dock . Engineer Paul Wegenaar lost both boots .",
    (2, "a"): "Quake topples the Tarvis belfry . Bellringer Ugo Sanfelice hung from a rope .",
    (2, "b"): "Quake cracks the Zelenka reservoir . Surveyor Milada Horska measured the gap .",
    (3, "a"): "Chess player Oona Virtala resigns over a bishop . Arbiter Rune Falk yawned .",
    (3, "b"): "Chess player Igor Demchak forfeits in Plovdiv . His clock had stopped at noon .",
    (4, "a"): "Thieves empty the Marlow cheese cellar . Grocer Edwin Pask counted ten wheels .",
    (4, "b"): "Thieves return the Lindqvist violin . Luthier Sara Lindqvist tuned it at once .",
}
EDITIONS = ("Morning", "Noon", "Evening")


def rows(each: int = 3) -> list[dict[str, Any]]:
    return [
        {"id": f"{topic}{story}{n}", "topic": topic, "story": story,
         "sentences": [*told.split(" . "), f"{EDITIONS[n]} edition ."]}
        for (topic, story), told in HAPPENINGS.items() for n in range(each)
    ]  # fmt: skip


def test_tokens_become_plain_text_and_addresses_are_left_out() -> None:
    row = {"id": "1_1", "topic": 1, "story": "1plus", "sentences": [
        "http : / / example . org / 1", "`` Rain , '' he said ( twice ) .", "It did n't stop .",
    ]}  # fmt: skip
    found = s.topic_text(row)
    assert found.article.text == '"Rain," he said (twice).\nIt didn\'t stop.'
    assert (found.article.id, found.article.published) == ("1_1", None)


def test_every_other_topic_is_for_tuning() -> None:
    tuning, reporting = s.halves([7, 1, 3, 3, 9])
    assert (sorted(tuning), sorted(reporting)) == ([1, 7], [3, 9])


def test_pairs_and_terms_of_b_cubed_add_up_over_topics() -> None:
    gold = [(1, "a"), (1, "a"), (1, "b"), (2, "a")]
    counts = s._counts(gold, [[0, 1], [2, 3]])
    pairs = [sum(column) for column in zip(*(both[0] for both in counts.values()), strict=True)]
    cubed = [sum(column) for column in zip(*(both[1] for both in counts.values()), strict=True)]
    assert pairs == [1.0, 2.0, 1.0]
    assert cubed == [3.0, 4.0, 4.0, 4.0]


def test_happenings_are_told_apart_at_once_and_in_arrival_order(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "stories/ecbplus.dev.jsonl", *rows())
    found = measure("stories", [path], FakeReader())
    assert found.documents == 4
    assert {score.name for score in found.scores} == {one.name for one in s.MEASURES}
    assert {score.value for score in found.scores} == {100.0}
    section = DOCS.read_text(encoding="utf-8").partition("## stories\n")[2].partition("\n## ")[0]
    assert all(f"`{one.name}`" in section.replace("\n", " ") for one in s.MEASURES)


def test_a_topic_of_the_other_half_counts_nothing() -> None:
    texts = [s.topic_text(row) for row in rows(2)]
    counts = s.score(texts, [Record(INFO, one.article) for one in texts])
    assert [bool(any(one["B³ F1"])) for one in counts] == [False, True, False, True]
    assert [bool(any(one["half for tuning, B³ F1"])) for one in counts] == [True, False] * 2


@pytest.mark.parametrize("topic", ["one", None])
def test_a_row_with_a_topic_that_is_no_number_is_named(tmp_path: Path, topic: object) -> None:
    path = write_jsonl(tmp_path / "x.jsonl", {**rows(1)[0], "topic": topic})
    assert format_of(task_of("stories"), [path]).name == "ecbplus"
    with pytest.raises(SourceError, match="line 1"):
        measure("stories", [path], FakeReader())
