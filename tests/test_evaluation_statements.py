"""Attributions and statements against gold, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from onrecord.evaluation import attribution, statements
from onrecord.evaluation.gold import Attribution, GoldReport, attributed_text, report
from onrecord.record import STANCES, Record, Statement
from tests.evaluation_rows import at, entity, record, statement

TEXT = (
    "“We sail,” Ilse Brandt said, “at dawn.” She added that fuel was short. "
    "The port denied it, according to a clerk."
)
S1 = {
    "source": [at(TEXT, "Ilse Brandt")],
    "cue": [at(TEXT, "said")],
    "content": [at(TEXT, "“We sail,”"), at(TEXT, "“at dawn.”")],
}
S2 = {
    "source": [at(TEXT, "She")],
    "cue": [at(TEXT, "added")],
    "content": [at(TEXT, "that fuel was short")],
}
S3 = {
    "source": [at(TEXT, "a clerk")],
    "cue": [at(TEXT, "according to")],
    "content": [at(TEXT, "The port denied it")],
}


def polnear_row(*attributions: dict[str, Any]) -> Any:
    row = {"id": "x", "text": TEXT, "attributions": list(attributions)}
    return attributed_text(row)


def said(parts: dict[str, Any], id_: str = "s", kind: str = "statement") -> Statement:
    """Return the statement that a reader without faults makes of gold parts."""
    speaker = parts["source"][0] if parts["source"] else None
    cue = parts["cue"][0] if parts["cue"] else None
    return statement(id_, speaker=speaker, cue=cue, content=parts["content"], kind=kind)


def read(*found: Statement) -> Record:
    return record(TEXT, statements=found)


def exact(row: Any, found: Record) -> dict[str, tuple[float, ...]]:
    counts = attribution.score_exact(row, found)
    return {name.partition(" ")[0]: triple for name, triple in counts.items()}


def test_a_faultless_reader_gets_every_run() -> None:
    found = read(said(S1), said(S2, kind="view"), said(S3))
    assert exact(polnear_row(S1, S2, S3), found) == {
        "source": (3, 3, 3),
        "cue": (3, 3, 3),
        "content": (4, 4, 4),
        "linked": (3, 3, 3),
    }


def test_an_empty_record_misses_everything() -> None:
    assert exact(polnear_row(S1, S2), read()) == {
        "source": (0, 0, 2),
        "cue": (0, 0, 2),
        "content": (0, 0, 3),
        "linked": (0, 0, 2),
    }


def test_without_gold_everything_said_is_wrong() -> None:
    assert exact(polnear_row(), read(said(S1))) == {
        "source": (0, 1, 0),
        "cue": (0, 1, 0),
        "content": (0, 2, 0),
        "linked": (0, 1, 0),
    }


def test_all_wrong() -> None:
    elsewhere = {"source": [(0, 1)], "cue": [(1, 3)], "content": [(40, 43)]}
    counts = exact(polnear_row(S3), read(said(elsewhere)))
    assert set(counts.values()) == {(0, 1, 1)}


def test_one_character_off_is_no_exact_run_but_an_overlap() -> None:
    start, end = S3["cue"][0]
    off = S3 | {"cue": [(start, end - 1)]}
    counts = exact(polnear_row(S3), read(said(off)))
    assert counts["cue"] == (0, 1, 1)
    assert counts["linked"] == (1, 1, 1)


def test_white_space_at_the_ends_is_no_difference() -> None:
    start, end = S3["cue"][0]
    wider = S3 | {"cue": [(start - 1, end + 1)]}
    assert exact(polnear_row(S3), read(said(wider)))["cue"] == (1, 1, 1)


def test_a_source_of_two_attributions_is_one_run() -> None:
    shared = S2 | {"source": S1["source"]}
    counts = exact(polnear_row(S1, shared), read(said(S1), said(shared)))
    assert counts["source"] == (1, 1, 1)
    assert counts["linked"] == (2, 2, 2)


def test_linked_needs_all_three_parts_of_one_attribution() -> None:
    crossed = S1 | {"source": S3["source"]}
    assert exact(polnear_row(S1, S3), read(said(crossed)))["linked"] == (0, 1, 2)


def test_linked_without_a_source_wants_none_predicted() -> None:
    nobody = S2 | {"source": []}
    assert exact(polnear_row(nobody), read(said(nobody)))["linked"] == (1, 1, 1)
    assert exact(polnear_row(nobody), read(said(S2)))["linked"] == (0, 1, 1)
    assert exact(polnear_row(S2), read(said(nobody)))["linked"] == (0, 1, 1)


def test_one_long_statement_is_not_two() -> None:
    whole = {
        "source": [(0, len(TEXT))],
        "cue": [(0, len(TEXT))],
        "content": [(0, len(TEXT))],
    }
    assert exact(polnear_row(S1, S2, S3), read(said(whole)))["linked"] == (1, 1, 3)


def test_overlap_counts_leave_out_parts_that_are_not_there() -> None:
    gold = [Attribution((), ((0, 2),), ((3, 9),))]
    found = [Attribution(((0, 1),), ((1, 4),), ())]
    assert attribution.overlap_counts(gold, found, "source") == (0, 1, 0)
    assert attribution.overlap_counts(gold, found, "cue") == (1, 1, 1)
    assert attribution.overlap_counts(gold, found, "content") == (0, 0, 1)


def gold_statement(
    parts: dict[str, Any], name: str | None, stance: str = "state", form: str = "indirect"
) -> dict[str, Any]:
    """Return a statement in the form of gold's rows; contents run across a cue."""
    speaker = {"t": "…", "name": name, "span": parts["source"][0]} if parts["source"] else None
    content = (parts["content"][0][0], parts["content"][-1][1])
    cue = parts["cue"][0] if parts["cue"] else None
    return {
        "s": 0,
        "speaker": speaker,
        "cue": "…",
        "cue_span": cue,
        "content_span": content,
        "stance": stance,
        "form": form,
    }


def gold_report(*gold: dict[str, Any]) -> GoldReport:
    return report({"id": "x_1", "text": TEXT, "events": [], "statements": list(gold)})


BRANDT = gold_statement(S1, "Ilse Brandt", "pledge", "direct")
SHE = gold_statement(S2, "Ilse Brandt", "claim")
CLERK = gold_statement(S3, "a clerk")
ENTITIES = [entity("e1", "Brandt"), entity("e2", None)]


def judged(row: GoldReport, *found: Statement) -> dict[str, tuple[float, ...]]:
    return statements.score(row, record(TEXT, statements=found, entities=ENTITIES))


def test_views_are_not_scored_on_gold() -> None:
    row = gold_report(CLERK)
    counts = attribution.score_overlap(row, read(said(S3, kind="view")))
    assert set(counts.values()) == {(0, 0, 1)}
    assert judged(row, said(S3, kind="view"))["found F1"] == (0, 0, 1)


def test_overlap_on_gold_allows_content_across_a_cue() -> None:
    counts = attribution.score_overlap(gold_report(BRANDT), read(said(S1)))
    assert set(counts.values()) == {(1, 1, 1)}


def test_a_shared_cue_decides_over_a_larger_shared_content() -> None:
    """One gold content holds another statement's words; each cue still finds its own."""
    outer = Attribution((), ((20, 24),), ((0, 60),))
    inner = Attribution((), ((40, 44),), ((45, 60),))
    found_outer = Attribution((), ((20, 24),), ((0, 10),))
    found_inner = Attribution((), ((40, 44),), ((10, 60),))
    pairs = statements.found_pairs([outer, inner], [found_inner, found_outer])
    assert pairs == [(0, 1), (1, 0)]


def test_a_statement_is_found_by_its_content_alone() -> None:
    without_cue = statement("s", content=[at(TEXT, "fuel")])
    assert judged(gold_report(SHE), without_cue)["found F1"] == (1, 1, 1)


def test_speakers_are_judged_by_name_over_those_named() -> None:
    row = gold_report(BRANDT, SHE, CLERK)
    counts = judged(
        row,
        statement("s1", speaker=S1["source"][0], entity="e1", cue=S1["cue"][0]),
        statement("s2", speaker=S2["source"][0], entity=None, cue=S2["cue"][0]),
        statement("s3", speaker=at(TEXT, "The port"), entity="e2", cue=S3["cue"][0]),
    )
    assert counts["speaker name accuracy"] == (1, 2)
    assert counts["speaker name coverage"] == (2, 3)


def test_a_gold_speaker_without_name_asks_nothing() -> None:
    counts = judged(gold_report(gold_statement(S3, None)), said(S3))
    assert counts["speaker name accuracy"] == (0, 0)
    assert counts["speaker name coverage"] == (0, 0)


def test_stance_and_form_count_over_statements_found() -> None:
    row = gold_report(BRANDT, SHE, CLERK)
    counts = judged(
        row,
        statement("s1", cue=S1["cue"][0], stance="pledge", form="direct"),
        statement("s2", cue=S2["cue"][0], stance="state", form="indirect"),
    )
    assert counts["stance accuracy"] == (1, 2)
    assert counts["form accuracy"] == (2, 2)
    macro = dict(zip(STANCES, zip(*[iter(counts["stance macro F1"])] * 3)))
    assert macro["pledge"] == (1, 1, 1)
    assert macro["claim"] == (0, 0, 1)
    assert macro["state"] == (0, 1, 0)


@pytest.mark.parametrize("found", [(), (said(S1),)])
def test_a_report_without_statements(found: tuple[Statement, ...]) -> None:
    counts = judged(gold_report(), *found)
    assert counts["found F1"] == (0, len(found), 0)
    assert counts["stance accuracy"] == (0, 0)
