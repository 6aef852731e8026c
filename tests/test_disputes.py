"""Disputes: who contradicts whom, what is only news, and who keeps silent."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.analysis.disputes import disputes, moves
from onrecord.analysis.incidents import incidents
from onrecord.analysis.measures import disjoint
from onrecord.analysis.rows import Amount, Dispute

from .analysis_records import Draft, empty, together

MAYOR = ("Mayor Ada Obi", "Ada Obi", "NGA", "GOV")
UNION = ("The dockers' union", "dockers' union", "NGA", "LAB", "organization")


def found(*drafts: Draft, copies: dict[str, str] | None = None) -> list[Dispute]:
    records = together(*drafts)
    story = dict.fromkeys(records, "s1")
    return disputes(records, story, copies or {}, incidents(records, story, copies or {}))


def denial(id_: str = "a", published: str | None = "2026-04-02") -> Draft:
    draft = Draft(
        id_,
        "The dockers' union accused the mayor of hiding the crane report. "
        "Mayor Ada Obi denied that any crane report was hidden.",
        published=published,
    )
    draft.says(UNION, "the mayor of hiding the crane report", "accuse", cue="accused")
    draft.says(MAYOR, "that any crane report was hidden", "deny", cue="denied")
    return draft


def test_a_denial_stands_beside_what_it_denies() -> None:
    (row,) = found(denial())
    assert row.kind == "denial"
    assert [(side.stance, side.words) for side in row.sides] == [
        ("accuse", "the mayor of hiding the crane report"),
        ("deny", "that any crane report was hidden"),
    ]
    assert {side.day for side in row.sides} == {"2026-04-02"}


def test_a_negation_with_no_denying_verb_answers_a_claim_about_the_same_event() -> None:
    text = (
        "The dockers' union said police arrested a crane driver. "
        "“No driver was arrested,” Ada Obi said."
    )
    draft = Draft("a", text, published="2026-04-02")
    one = draft.says(UNION, "police arrested a crane driver", "claim")
    other = draft.says(("Ada Obi", "Ada Obi"), "“No driver was arrested,”", "state")
    draft.event("police arrested", "COERCE", "arrest", by=one, within=[one, other])
    (row,) = found(draft)
    assert (row.kind, [side.stance for side in row.sides]) == ("denial", ["claim", "deny"])
    assert row.incident is not None


def test_two_attributions_of_blame() -> None:
    draft = Draft(
        "a",
        "The dockers' union blamed the mayor for the crash. "
        "Mayor Ada Obi said the fault was the union's.",
        published="2026-04-02",
    )
    draft.says(UNION, "the mayor for the crash", "accuse", cue="blamed")
    draft.says(MAYOR, "the fault was the union's", "state")
    (row,) = found(draft)
    assert (row.kind, len(row.sides)) == ("blame", 2)


def figures(text: str, *known: tuple[str, str, float]) -> Draft:
    draft = Draft("a", text, published="2026-04-02")
    for words, of, value in known:
        draft.figure(words, of, value, value)
    return draft


@pytest.mark.parametrize(
    "text",
    [
        "The union counted 900 marchers, the police 400.",
        "Some 900 dockers marched. Police put the crowd at 400.",
        "The union spoke of 900, while the port spoke of 400.",
    ],
)
def test_two_figures_set_against_each_other(text: str) -> None:
    (row,) = found(figures(text, ("900", "crowd", 900), ("400", "crowd", 400)))
    assert (row.kind, row.about, len(row.sides)) == ("figures", "crowd", 2)


@pytest.mark.parametrize(
    "text",
    [
        "The union counted 900 marchers, the police 900 too.",
        "Some 900 dockers marched past 400 soldiers.",
    ],
)
def test_figures_that_agree_or_measure_different_things_are_no_dispute(text: str) -> None:
    first, second = ("900", "400") if "400" in text else ("900", "900 too")
    draft = figures(text, (first, "crowd", 900), (second, "count", 400 if second == "400" else 900))
    assert found(draft) == []


def toll(id_: str, published: str, dead: int) -> Draft:
    draft = Draft(id_, f"The fire killed {dead} people in Jos.", published=published)
    draft.event(
        "fire",
        "ASSAULT",
        "primitive",
        place=draft.place("Jos", "NGA", (9.9, 8.9)),
        figures=[draft.figure(str(dead), "dead", dead, dead)],
    )
    return draft


def test_a_rising_toll_is_news_and_a_falling_one_a_dispute() -> None:
    assert found(toll("a", "2026-04-02", 31), toll("b", "2026-04-03", 35)) == []
    (row,) = found(toll("a", "2026-04-02", 35), toll("b", "2026-04-03", 31))
    assert (row.kind, row.about) == ("figures", "dead")
    assert row.incident is not None


def test_silence_on_what_another_said() -> None:
    draft = Draft(
        "a",
        "The dockers' union said the crane was broken. "
        "Mayor Ada Obi declined to comment on the crane.",
        published="2026-04-02",
    )
    draft.says(UNION, "the crane was broken", "claim")
    draft.says(MAYOR, "to comment on the crane", "decline", cue="declined")
    (row,) = found(draft)
    assert (row.kind, [side.stance for side in row.sides]) == ("silence", ["claim", "decline"])


def test_silence_on_another_matter_answers_nothing() -> None:
    text = (
        "The dockers' union said Ada Obi sold the crane. Ada Obi declined to comment on the ferry."
    )
    draft = Draft("a", text)
    draft.says(UNION, "Ada Obi sold the crane", "claim")
    draft.says(("Ada Obi", "Ada Obi"), "to comment on the ferry", "decline", cue="declined")
    assert found(draft) == []


def test_a_confirmation_leaves_no_silence() -> None:
    text = (
        "The dockers' union confirmed the crane was sold. Ada Obi declined to comment on the crane."
    )
    draft = Draft("a", text)
    draft.says(UNION, "the crane was sold", "confirm")
    draft.says(("Ada Obi", "Ada Obi"), "to comment on the crane", "decline", cue="declined")
    assert found(draft) == []


@pytest.mark.parametrize(
    "words",
    [
        "did not respond to questions about the crane",
        "declined to comment on the crane",
        "would not say who sold the crane",
    ],
)
def test_a_silence_of_which_the_record_has_no_statement(words: str) -> None:
    draft = Draft("a", f"The dockers' union said the crane was sold. The port office {words}.")
    draft.says(UNION, "the crane was sold", "claim")
    draft.entity("The port office", None, "NGA", "GOV", kind="organization")
    (row,) = found(draft)
    assert (row.kind, [side.stance for side in row.sides]) == ("silence", ["claim", "decline"])
    side = row.sides[1]
    assert draft.article.text[side.start : side.end].endswith("the crane")
    assert (side.statement, side.speaker and side.speaker.words) == (None, "The port office")


def test_denials_of_one_arrest_in_other_words_are_one_dispute() -> None:
    first = Draft(
        "a", "The dockers' union said police arrested a crane driver. "
        "“No driver was arrested,” Ada Obi said.", published="2026-04-02",
    )  # fmt: skip
    one = first.says(UNION, "police arrested a crane driver", "claim")
    other = first.says(("Ada Obi", "Ada Obi"), "“No driver was arrested,”", "state")
    first.event("police arrested", "COERCE", "arrest", by=one, within=[one, other])
    second = Draft(
        "b", "Police arrested the driver on Monday, days after Ada Obi denied the detention.",
        published="2026-04-03",
    )  # fmt: skip
    second.says(("Ada Obi", "Ada Obi"), "the detention", "deny", cue="denied")
    second.event("arrested", "COERCE", "arrest", more=["detention"])
    (row,) = found(first, second)
    assert {side.article for side in row.sides} == {"a", "b"}


def test_two_amounts_of_one_government_are_no_dispute() -> None:
    text = "Nigeria asked for 9 million, Ada Obi said. The ministry puts the damage at 14 million."
    draft = Draft("a", text)
    draft.says(("Ada Obi", "Ada Obi", "NGA", "GOV"), "Nigeria asked for 9 million", "state")
    draft.entity("The ministry", None, "NGA", "GOV", kind="organization")
    draft.figure("9 million", "amount", 9e6, 9e6)
    draft.figure("14 million", "amount", 14e6, 14e6)
    assert found(draft) == []


def test_a_refusal_to_do_something_is_no_silence() -> None:
    draft = Draft("a", "The dockers' union asked for pay. Mayor Ada Obi refused to pay.")
    draft.says(UNION, "for pay", "claim")
    draft.says(MAYOR, "to pay", "decline", cue="refused")
    assert found(draft) == []


def test_copies_add_no_sides_and_a_dispute_moves_only_with_new_words() -> None:
    (row,) = found(denial(), denial("b", "2026-04-03"), copies={"b": "a"})
    assert {side.article for side in row.sides} == {"a"}
    (both,) = found(denial(), denial("b", "2026-04-03"))
    assert len(both.sides) == 4
    assert [side.article for _, side in moves(both)] == ["a", "a"]


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_articles_does_not_matter(random: random.Random) -> None:
    drafts = [denial(), denial("b"), toll("c", "2026-04-02", 35), toll("d", "2026-04-03", 31)]
    shuffled = list(drafts)
    random.shuffle(shuffled)
    assert found(*shuffled) == found(*drafts)


def test_nothing_and_statements_without_speaker_or_date() -> None:
    assert disputes({}, {}, {}, []) == []
    assert disputes({"a": empty("a", "Words.")}, {}, {}, []) == []
    draft = Draft("a", "It was denied that it was denied.")
    draft.says(None, "that it was denied", "deny")
    assert found(draft) == []


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((10, None), (14, 14), False),
        ((10, None), (8, 8), True),
        ((10, 13), (12, 15), False),
        ((4, 4), (6, 6), True),
        ((None, None), (6, 6), False),
    ],
)
def test_figures_that_exclude_each_other(
    one: tuple[float | None, float | None], other: tuple[float | None, float | None], apart: bool
) -> None:
    a, b = (Amount("a", 0, 1, "dead", low, high, None) for low, high in (one, other))
    assert disjoint(a, b) is apart
    assert disjoint(b, a) is apart
