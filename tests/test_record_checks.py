"""Every rule of a record, broken once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from onrecord.checks import check, position
from onrecord.record import Record, Span
from tests.record_examples import empty, example
from tests.record_strategies import records


def test_sound_records_break_no_rule() -> None:
    assert check(example()) == []
    assert check(empty()) == []
    assert check(empty("Word.")) == []


def _with(rows: str, index: int, **changes: Any) -> Callable[[Record], Record]:
    def change(record: Record) -> Record:
        found = list(getattr(record, rows))
        found[index] = replace(found[index], **changes)
        return replace(record, **{rows: tuple(found)})

    return change


def _article(**changes: Any) -> Callable[[Record], Record]:
    return lambda record: replace(record, article=replace(record.article, **changes))


END = len(example().article.text)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_with("sentences", -1, end=END + 1), "is no span of a text"),
        (_with("sentences", 0, start=-1), "is no span of a text"),
        (_with("figures", 0, end=example().figures[0].start), "is no span of a text"),
        (_with("statements", 0, cue=Span(9, 3)), "statements[0].cue: 9..3 is no span"),
        (_with("times", 0, start=3, end=9), "runs into a stretch that was skipped"),
        (_with("events", 1, id="v1"), "events: 'v1' names two rows"),
        (_with("events", 0, time="t99"), "events[0].time: 't99' is not among the times"),
        (_with("events", 0, figures=("f99",)), "'f99' is not among the figures"),
        (_with("events", 0, statement="s99"), "'s99' is not among the statements"),
        (_with("events", 0, within=()), "events[0].within: is [], not ['s1']"),
        (_with("events", 0, trigger=example().events[0].mentions[1]), "first is not the trigger"),
        (_with("events", 0, mentions=()), "events[0].mentions: the first is not the trigger"),
        (_with("events", 0, mode="phone"), "there is no mode of AGREE 'phone'"),
        (_with("events", 0, score=9.0), "scores 9.0; AGREE/None scores 2.5"),
        (_with("events", 0, status="maybe"), "events[0].status: 'maybe' is not known"),
        (_with("events", 0, contexts=("sports",)), "'sports' is not known"),
        (_with("entities", 0, country="Iceland"), "'Iceland' is no country code"),
        (_with("entities", 0, mentions=example().entities[0].mentions[::-1]), "stands after"),
        (_with("times", 0, begin="2025-03-12"), "begins 2025-03-12, after its end 2025-03-11"),
        (_with("times", 0, begin="20250311"), "'20250311' is no ISO date"),
        (_with("times", 0, begin="2025-02-30"), "'2025-02-30' is no ISO date"),
        (_with("figures", 1, low=16e6), "is more than"),
        (_with("places", 0, lat=91.0), "91.0 is not in -90..90"),
        (_with("places", 0, confidence=1.01), "1.01 is not in 0..1"),
        (_with("places", 0, confidence=float("nan")), "nan is not in"),
        (_article(id=""), "article.id: is empty"),
        (_article(id=None), "article.id: is null"),
        (_article(text=example().article.text + "!"), "article.sha256: is not that of the text"),
        (_article(published="Sun, 32 Foo"), "'Sun, 32 Foo' is no ISO date"),
        (_article(published=None), "article.published_basis: given with None"),
    ],
)
def test_a_broken_rule_is_named(change: Callable[[Record], Record], problem: str) -> None:
    problems = check(change(example()))
    assert any(problem in one for one in problems), problems


def test_lists_out_of_text_order_are_named() -> None:
    record = example()
    problems = check(replace(record, events=record.events[::-1]))
    assert any(one.startswith("events: ") and "stands after" in one for one in problems)


def test_a_statement_begins_with_its_cue_or_its_content_whichever_is_first() -> None:
    cue_first, content_first = example().statements[1], example().statements[2]
    assert cue_first.cue is not None
    assert position(cue_first) == cue_first.cue.start
    assert position(content_first) == content_first.content[0].start


@settings(max_examples=15, deadline=None)
@given(records())
def test_no_record_makes_the_check_fail(record: Record) -> None:
    assert all(isinstance(problem, str) for problem in check(record))
