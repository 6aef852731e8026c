"""The shipped sample, read by the shipped reader: how well it is joined, in any order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from onrecord.analysis import happenings, joining
from onrecord.archive import Archive
from onrecord.evaluation import joining as measured
from onrecord.record import Record

Partition = set[frozenset[object]]


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    return measured.read_sample()


def joined(path: Path, records: list[Record], step: int) -> tuple[Partition, Partition]:
    """Stories by their articles and incidents by their mentions, after so many at a time."""
    with Archive.open(path) as archive:
        for first in range(0, len(records), step):
            archive.add_records(records[first : first + step])
            joining.join(archive)
        stories: Partition = {frozenset(row.articles) for row in joining.stories(archive)}
        incidents: Partition = {
            frozenset((one.article, one.start) for one in row.mentions)
            for row in happenings.incidents(archive)
        }
    return stories, incidents


@pytest.mark.parametrize(("seed", "step"), [(1, 51), (2, 17)])
def test_any_order_of_arrival_gives_the_same_stories_and_incidents(
    records: dict[str, Record], tmp_path: Path, seed: int, step: int
) -> None:
    ordered = list(records.values())
    mixed = random.Random(seed).sample(ordered, len(ordered))
    assert joined(tmp_path / "b.db", mixed, step) == joined(tmp_path / "a.db", ordered, 51)


def test_the_joined_sample_keeps_what_was_reached(records: dict[str, Record]) -> None:
    """The figures stand in docs/incidents.md; these are the least they may be."""
    truth = measured.sample_truth()
    story_of, origin_of = measured.joined(records)
    found = {row.name: row for row in measured.scores(truth, records, story_of, origin_of)}
    assert origin_of == measured.gold_origins(truth)
    assert found["incidents, pairs of mentions"].f1 >= 0.78
    assert found["disputes"].precision >= 0.8
    assert found["disputes"].recall >= 0.8
    assert found["offices"].precision >= 0.9
    assert found["offices"].recall >= 0.9
