"""Scoring ``who`` on gold rows, worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from onrecord.evaluation.gold import GoldReport, report
from onrecord.evaluation.participants import Scores, given, judge, judge_all, table, total

TEXT = "Kenyan minister Ana Wafula met rebels. She told Peru so. The minister slept."


def _span(words: str, text: str = TEXT) -> list[int]:
    start = text.index(words)
    return [start, start + len(words)]


def _who(words: str, name: str | None, code: str | None, sector: str | None) -> dict[str, Any]:
    return {"t": words, "name": name, "code": code, "sector": sector, "span": _span(words)}


def _row() -> dict[str, Any]:
    name = "Ana Wafula"
    event = {
        "e": 1,
        "type": "CONSULT",
        "status": "actual",
        "trigger": _span("met"),
        "actor": [_who("Kenyan minister Ana Wafula", name, "KEN", "GOV")],
        "recipient": [_who("rebels", None, "KEN", "REB"), _who("Peru", "Peru", "PER", "MIL")],
    }
    said = {
        "speaker": {"t": "She", "name": name, "span": _span("She")},
        "cue_span": _span("told"),
        "content_span": _span("so"),
        "stance": "state",
        "form": "indirect",
    }
    slept = {
        "speaker": {"t": "The minister", "name": name, "span": _span("The minister")},
        "cue_span": None,
        "content_span": _span("slept"),
        "stance": "state",
        "form": "indirect",
    }
    return {"id": "r1", "text": TEXT, "events": [event], "statements": [said, slept]}


def _report() -> GoldReport:
    return report(_row())


def _as_names() -> list[tuple[int, int, str]]:
    ana, peru = _span("Ana Wafula"), _span("Peru")
    return [(ana[0], ana[1], "Person"), (peru[0], peru[1], "Location")]


def test_found_spans_are_golds_and_the_corpus_and_a_name_wins_over_a_participant() -> None:
    asked = given(_report(), _as_names())
    words = {TEXT[one.start : one.end]: one.label for one in asked.found}
    assert words == {
        "Kenyan minister Ana Wafula": "Participant",
        "Ana Wafula": "Person",
        "rebels": "Participant",
        "She": "Participant",
        "Peru": "Location",
        "The minister": "Participant",
    }


def test_pronouns_are_linked_to_the_same_gold_name_and_descriptions_only_when_asked() -> None:
    asked = given(_report(), _as_names())
    said = [TEXT[one.start : one.end] for one in asked.found]
    she, phrase = said.index("She"), said.index("Kenyan minister Ana Wafula")
    assert asked.links == [(she, phrase, 1.0)]
    more = given(_report(), _as_names(), descriptions=True)
    assert (said.index("The minister"), phrase, 1.0) in more.links


def test_counts_of_one_report() -> None:
    judged, scores = judge(_report(), _as_names())
    assert [one.words for one in judged] == ["Kenyan minister Ana Wafula", "rebels", "Peru"]
    # Countries: KEN, KEN (the article's), PER.  Sectors: GOV, REB, and GOV where gold has MIL.
    assert scores.country == (3, 3)
    assert scores.sector == (2, 3)
    assert scores.sector_of_nouns == (2, 3)
    # "She" by link, "The minister" by role: both are Ana Wafula.
    assert scores.speakers == (2, 2)
    assert scores.answered == (2, 2)


def test_a_row_without_anything_counts_nothing() -> None:
    row = report({"id": "r2", "text": "Rain fell.", "events": [], "statements": []})
    judged, scores = judge(row, ())
    assert judged == []
    assert scores == Scores(*(((0, 0),) * 6))


def test_totals_add_up_and_print() -> None:
    one = Scores((1, 2), (1, 2), (1, 2), (1, 2), (3, 4), (4, 4))
    summed = total([one, one])
    assert summed.country == (2, 4)
    assert summed.speakers == (6, 8)
    assert "speakers              75.0  6/8" in table(summed)
    assert "0.0  0/0" in table(total([]))


def test_files_are_joined_by_id(tmp_path: Path) -> None:
    gold, entities = tmp_path / "gold.jsonl", tmp_path / "entities.jsonl"
    gold.write_text(json.dumps(_row()) + "\n", encoding="utf-8")
    tags = {
        "id": "r1",
        "text": TEXT,
        "tokens": ["Ana", "Wafula"],
        "tags": ["B-Person", "I-Person"],
        "offsets": [_span("Ana"), _span("Wafula")],
    }
    entities.write_text(json.dumps(tags) + "\n", encoding="utf-8")
    judged, scores = judge_all(gold, entities)
    assert len(judged) == 3
    assert scores.country == (3, 3)
