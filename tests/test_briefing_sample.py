"""The briefing against the truth of the shipped sample, read by the shipped reader and joined."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onrecord import samples
from onrecord.analysis import briefing
from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.evaluation.briefing import scores

TRUTH = samples.truth()
TEXTS = {article.id or "": article.text for article in samples.articles()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("sample") / "a.db") as opened:
        opened.add(samples.articles())
        join(opened)
        yield opened


def test_the_parts_agree_with_the_truth(archive: Archive) -> None:
    found = {score.name: score for score in scores(archive)}
    assert found["dated events to come"].recall == 1.0
    assert found["said to have happened"].precision >= 0.95
    for name, precision, recall in (
        ("new incidents", 0.8, 0.75), ("disputes", 0.7, 0.8),
        ("incidents between two countries", 0.7, 0.55),
    ):  # fmt: skip
        assert found[name].precision >= precision
        assert found[name].recall >= recall


def test_the_briefing_at_the_end_has_what_is_still_to_come(archive: Archive) -> None:
    last = briefing.latest(archive) or ""
    copies = {id_ for row in TRUTH["copies"] for id_ in row["carriers"]}
    wanted = {
        row["day"] for row in TRUTH["upcoming"]
        if row["day"] > last and row["article"] not in copies
    }  # fmt: skip
    days = {line.first_day for line in briefing.make(archive, None, "2026-02-22", last).upcoming}
    assert wanted <= days


def test_every_number_resolves_to_incidents_and_sentences(archive: Archive) -> None:
    made = briefing.make(archive, None, "2026-02-09", "2026-02-21")
    assert made.counts[0].value > 20
    for count in made.counts:
        assert count.value == len(set(count.incidents)) == len(count.sources)
        for source in count.sources:
            text = TEXTS[source.article][source.sentence_start : source.sentence_end]
            assert source.sentence == " ".join(text.split())
    for series in made.numbers:
        for point in series.points:
            assert TEXTS[point.source.article][point.source.start : point.source.end].strip()
