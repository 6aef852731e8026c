"""The briefing against the truth of the shipped sample, read by the shipped reader and joined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from onrecord import samples
from onrecord.analysis import briefing, happenings
from onrecord.analysis._briefing_upcoming import announced
from onrecord.analysis.joining import join, stories
from onrecord.archive import Archive
from onrecord.evaluation.joining import dispute_score, mapped, news_score, truth_groups

TRUTH = samples.truth()
TEXTS = {article.id or "": article.text for article in samples.articles()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("sample") / "a.db") as opened:
        opened.add(samples.articles())
        join(opened)
        yield opened


def given_story(archive: Archive, true: str) -> str:
    """The story that has most of a true story's articles."""
    (wanted,) = (set(row["articles"]) for row in TRUTH["stories"] if row["id"] == true)
    return max(stories(archive), key=lambda one: len(wanted & set(one.articles))).id


def test_every_dated_event_to_come_is_found_on_its_day(archive: Archive) -> None:
    missed = [row for row in TRUTH["upcoming"] if not _is_announced(archive, row)]
    assert missed == []


def _is_announced(archive: Archive, row: dict[str, Any]) -> bool:
    start = TEXTS[row["article"]].index(row["words"])
    end = start + len(row["words"])
    found = announced(archive.record(row["article"]), row["article"])
    return any(one.first_day == row["day"] and one.start < end and start < one.end for one in found)


def test_the_briefing_at_the_end_has_what_is_still_to_come(archive: Archive) -> None:
    last = briefing.latest(archive) or ""
    copies = {id_ for row in TRUTH["copies"] for id_ in row["carriers"]}
    wanted = {
        row["day"] for row in TRUTH["upcoming"]
        if row["day"] > last and row["article"] not in copies
    }  # fmt: skip
    days = {line.first_day for line in briefing.make(archive, None, "2026-02-22", last).upcoming}
    assert wanted <= days


def test_the_disputes_are_those_of_the_truth(archive: Archive) -> None:
    given = {one.id for one in briefing.make(archive).disputed}
    rows = [row for row in happenings.disputes(archive) if row.id in given]
    score = dispute_score(TRUTH, TEXTS, rows)[0]
    assert score.recall >= 0.8
    assert score.precision >= 0.7


def test_what_is_new_agrees_with_the_truth(archive: Archive) -> None:
    rows = list(happenings.incidents(archive))
    ids = mapped(truth_groups(TRUTH, TEXTS), rows)
    right = given = wanted = 0
    for question in TRUTH["new"]:
        about = ",".join(question["about"])
        if question["kind"] == "story":
            about = given_story(archive, about)
        made = briefing.make(archive, about, question["since"])
        new = [line.incident or "" for line in made.new if line.kind == "incident"]
        score = news_score(question["incidents"], new, ids, ids.values())
        right, given, wanted = right + score.right, given + score.given, wanted + score.wanted
    assert right / given >= 0.8
    assert right / wanted >= 0.75


def test_nothing_that_the_truth_has_as_denied_or_to_come_is_said_to_have_happened(
    archive: Archive,
) -> None:
    ids = mapped(truth_groups(TRUTH, TEXTS), list(happenings.incidents(archive)))
    status = {row["id"]: row["status"] for row in TRUTH["incidents"]}
    happened = [line for line in briefing.make(archive).happened if line.incident in ids]
    wrong = [line for line in happened if status[ids[line.incident or ""]] != "actual"]
    assert len(wrong) <= 0.05 * len(happened)


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
