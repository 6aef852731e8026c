"""Parts of a statement that rules read: negation, addressee, medium, sourcing."""

from __future__ import annotations

import pytest

from onrecord.reading import _said_rules as rules
from onrecord.record import Entity, Span


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def words(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        ("The ministry did not say where he was.", "say", True),
        ("She never claimed to have been there.", "claimed", True),
        ("The army hasn’t said who fired.", "said", True),
        ("He said it was not his decision.", "said", False),
        ("Not long ago, the bank said it would close.", "said", False),
    ],
)
def test_a_statement_not_made_is_negated(text: str, cue: str, expected: bool) -> None:
    assert rules.negated(text, at(text, cue)) is expected


@pytest.mark.parametrize(
    ("text", "cue", "content", "expected"),
    [
        ("“Go,” she told reporters.", "told", None, "reporters"),
        (
            "He told the state broadcaster that it was over.",
            "told",
            "that it",
            "the state broadcaster",
        ),
        ("The mayor warned residents on Friday that", "warned", "that", "residents"),
        ("He said on Friday that it was over.", "said", "that it", None),
        ("“No,” he told crews outside the yard. The owner left.", "told", None, "crews"),
        ("told", "told", None, None),
    ],
)
def test_the_object_of_telling_is_the_addressee(
    text: str, cue: str, content: str | None, expected: str | None
) -> None:
    first = at(text, content).start if content else None
    assert words(text, rules.addressee(text, at(text, cue), first)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In a joint statement, the two banks said no.", "a joint statement"),
        ("She said so on state television late on Monday.", "state television"),
        ("He said in an interview with Radio Lorne that no.", "an interview with Radio Lorne"),
        ("He said no in the town of Lorne.", None),
    ],
)
def test_the_medium_is_what_carried_the_words(text: str, expected: str | None) -> None:
    assert words(text, rules.medium(text, Span(0, len(text)), [])) == expected


def test_a_medium_inside_the_content_is_not_the_statements_own() -> None:
    text = "He said that she had apologised in a letter."
    assert (
        rules.medium(text, Span(0, len(text)), [at(text, "that she had apologised in a letter")])
        is None
    )


def named(kind: str = "person", name: str | None = "Ilse Varga") -> Entity:
    return Entity("e1", kind, name, None, None, None, ())


@pytest.mark.parametrize(
    ("said", "entity", "expected"),
    [
        (None, None, "none"),
        ("she", named(), "named"),
        ("a senior official", None, "anonymous"),
        ("two diplomats", None, "anonymous"),
        ("the report", None, "document"),
        ("the interior minister", None, "role"),
        ("villagers", named("group", None), "collective"),
        ("residents", None, "collective"),
        ("it", None, "none"),
    ],
)
def test_sourcing_tells_how_well_the_source_is_known(
    said: str | None, entity: Entity | None, expected: str
) -> None:
    assert rules.sourcing(said, entity) == expected


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("Speaking in Norport, she said no.", "Norport", True),
        ("She told reporters outside the northern Harbour Hall.", "Harbour", True),
        ("Norport denied it.", "Norport", False),
        ("The Norport researcher said so.", "Norport", False),
    ],
)
def test_a_statement_is_made_at_a_place_only_where_the_words_say_so(
    text: str, place: str, expected: bool
) -> None:
    assert rules.located(text, text.index(place)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The deputy, who walked out last week, called it a trick.", True),
        ("The deputy said last week it was a trick.", False),
    ],
)
def test_a_day_of_another_clause_is_not_the_statements(text: str, expected: bool) -> None:
    ends = [at(text, "The deputy").end]
    assert rules.subordinate(text, ends, Span(0, len(text)), text.index("last week")) is expected
