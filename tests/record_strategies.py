"""Whole records for property tests: any value in any field, spans inside the text."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from onrecord import record as r
from onrecord.fields import BOUNDS
from onrecord.forms import Slot, slots

IDS = st.sampled_from(["e1", "e2", "s1", "v1", "t1", "p1", "f1"])
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
HOSTILE = st.sampled_from(
    ["<script>", "\x1b[31m", "[bold]x[/bold]", "“a”", "\u202e", "&amp;", '"><svg']
)


@st.composite
def records(draw: st.DrawFn, text: st.SearchStrategy[str] = WORDS) -> r.Record:
    """Draw a record whose fields fit their types and whose spans lie in its text."""
    words = draw(st.lists(text | HOSTILE, min_size=1, max_size=6).map(" \n".join))
    record: r.Record = draw(_row(r.Record, words))
    return record


def _row(cls: type, text: str) -> st.SearchStrategy[Any]:
    fields: dict[str, st.SearchStrategy[Any]] = {s.name: _value(s, text) for s in slots(cls)}
    if cls is r.Record:
        fields["schema"] = st.just(r.SCHEMA)
    if cls is r.Article:
        fields["text"] = st.just(text)
    if not {"start", "end"} <= set(fields):
        return st.builds(cls, **fields)
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    span = ends if text else st.just([0, 0])
    del fields["start"], fields["end"]
    rest = st.fixed_dictionaries(fields)
    return st.tuples(span, rest).map(lambda d: cls(start=d[0][0], end=d[0][1], **d[1]))


def _value(slot: Slot, text: str) -> st.SearchStrategy[Any]:
    single = _single(slot, text)
    if slot.many:
        return st.lists(single, max_size=2).map(tuple)
    return st.none() | single if slot.nullable else single


def _single(slot: Slot, text: str) -> st.SearchStrategy[Any]:
    low, high = BOUNDS.get(slot.name, (None, None))
    plain: dict[type, st.SearchStrategy[Any]] = {
        int: st.integers(1, 2**60),
        float: st.floats(low, high, allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        str: st.sampled_from(slot.choices) if slot.choices else IDS | WORDS | HOSTILE,
    }
    if slot.name == "country":
        return st.sampled_from(["PRT", "ISL", "UNO"])
    return plain[slot.type] if slot.type in plain else _row(slot.type, text)
