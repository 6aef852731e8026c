"""Stories: a partition that does not depend on order, and people's word on it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.analysis import linkage, stories, terms
from onrecord.analysis.stories import Edit, Member, group

#: Two happenings that look alike, and one that does not.
TOLD = {
    "n": ("Quake topples the Tarvis belfry. Bellringer Ugo Sanfelice hung from a rope.", "05-04"),
    "s": ("Quake cracks the Zelenka reservoir. Surveyor Milada Horska measured the gap.", "05-04"),
    "f": ("Ferry Halvard sinks off Nordvik. Captain Ines Rotholm rowed ashore at dawn.", "05-05"),
}
EDITIONS = ("Morning", "Noon", "Evening")


def member(id_: str, text: str, day: str | None) -> Member:
    words = (terms.Named("person", name, 1) for name in text.split(" ") if name[:1].isupper())
    light = terms.Light(id_, day, None, None, text, tuple(words), (), (), ())
    return stories.member_of(light)


MEMBERS = [
    member(f"{key}{n}", f"{text} {edition} edition.", f"2026-{day}")
    for key, (text, day) in TOLD.items() for n, edition in enumerate(EDITIONS)
]  # fmt: skip


def named(members: list[Member], **known: object) -> set[frozenset[str]]:
    found = group(members, **known)  # type: ignore[arg-type]
    return {frozenset(members[i].id for i in one) for one in found}


def edit(kind: str, left: str, right: str) -> Edit:
    return Edit(kind, frozenset(left.split()), frozenset(right.split()))


def test_look_alike_happenings_are_two_stories() -> None:
    assert named(MEMBERS) == {frozenset(f"{key}{n}" for n in range(3)) for key in TOLD}


@given(st.permutations(MEMBERS))
@settings(max_examples=30, deadline=None)
def test_the_order_of_articles_does_not_matter(mixed: list[Member]) -> None:
    assert named(mixed) == named(MEMBERS)


@given(st.lists(st.sampled_from(MEMBERS), unique_by=lambda one: one.id))
@settings(max_examples=30, deadline=None)
def test_every_article_is_in_one_story(some: list[Member]) -> None:
    assert sorted(i for one in group(some) for i in one) == list(range(len(some)))


def test_a_year_later_it_is_another_story() -> None:
    text, _ = TOLD["f"]
    far = member("f9", f"{text} Late edition.", "2027-05-05")
    assert frozenset({"f9"}) in named([*MEMBERS, far])
    near = member("f9", f"{text} Late edition.", "2026-05-08")
    assert frozenset({"f9", "f0", "f1", "f2"}) in named([*MEMBERS, near])


def test_a_carrier_goes_where_its_origin_goes_and_has_no_say() -> None:
    odd = member("x", "Nothing in it is like anything.", "2026-05-05")
    assert frozenset({"x", "f0", "f1", "f2"}) in named([*MEMBERS, odd], origins={9: 6})


# -- people's word ------------------------------------------------------------------------

#: Edits that do not speak of the same pairs.
EDITS = [edit("merge", "n0", "s0"), edit("split", "f0", "f1 f2"), edit("merge", "f1", "n1")]


@given(st.permutations(EDITS), st.permutations(MEMBERS))
@settings(max_examples=30, deadline=None)
def test_the_order_of_edits_on_different_articles_does_not_matter(
    edits: list[Edit], mixed: list[Member]
) -> None:
    found = named(mixed, edits=edits)
    assert found == named(MEMBERS, edits=EDITS)
    home = {id_: one for one in found for id_ in one}
    assert home["n0"] == home["s0"]
    assert home["f1"] == home["n1"] != home["f0"]


def test_the_later_word_on_a_pair_counts() -> None:
    merge, split = edit("merge", "f0", "f1 f2"), edit("split", "f0", "f1 f2")
    assert frozenset({"f0"}) in named(MEMBERS, edits=[merge, split])
    assert frozenset({"f0", "f1", "f2"}) in named(MEMBERS, edits=[split, merge])


def test_edits_of_articles_that_are_gone_do_no_harm() -> None:
    assert named(MEMBERS, edits=[edit("merge", "gone", "f0"), edit("split", "", "")]) == named(
        MEMBERS
    )


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_musts_hold_unless_they_contradict(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 6))
    like = np.array(
        [[data.draw(st.floats(0, 1)) if i < j else 0.0 for j in range(size)] for i in range(size)]
    )
    like += like.T
    i, j = data.draw(st.permutations(range(size)))[:2]
    for word in (1, -1):
        marks = np.zeros((size, size), np.int8)
        marks[i, j] = marks[j, i] = word
        found = linkage.groups(like, least=0.3, across=0.9, doubt=2.0, marks=marks)
        assert sorted(item for one in found for item in one) == list(range(size))
        assert any({i, j} <= set(one) for one in found) == (word > 0)


# -- vectors ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "a", "the of and", "🙂" * 9])
@pytest.mark.parametrize("day", [None, "", "2026-05-04", "2026-02-31", "yesterday"])
def test_an_article_without_words_or_day_stands_alone(text: str, day: str | None) -> None:
    light = terms.Light("x", day, None, None, text, (), ((None, None),), ("no day",), ())
    odd = stories.member_of(light)
    assert terms.unpacked(terms.packed(odd.vector)).ids.tolist() == odd.vector.ids.tolist()
    assert frozenset({"x"}) in named([*MEMBERS, odd])


def test_likeness_is_that_of_the_table_of_all_pairs() -> None:
    vectors = [one.vector for one in MEMBERS]
    table = terms.likeness(vectors)
    assert np.allclose(np.diag(table), 1, atol=1e-5)
    for i, one in enumerate(vectors):
        assert np.allclose(terms.likeness_to(one, vectors), table[i], atol=1e-5)


def test_an_id_comes_from_the_first_article_and_is_given_once() -> None:
    members = [("2026-05-05", "b"), ("2026-05-04", "z")]
    first = stories.first_id(members, lambda _: False)
    assert first == stories.first_id(reversed(members), lambda _: False)
    assert stories.first_id(members, {first}.__contains__) == f"{first}-2"


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_reasons_do_not_depend_on_the_order(dice: random.Random) -> None:
    facts = [stories.Facts(("Ines Rotholm", "Nordvik Port"), ("Nordvik",), ("2026-05-05",), ())] * 3
    facts.append(stories.Facts((), ("Tarvis",), (), ("AID",)))
    mixed = dice.sample(facts, len(facts))
    found = stories.reasons(mixed, ["2026-05-06", None, "2026-05-05", None], 1, True)
    assert found == stories.reasons(facts, ["2026-05-06", None, "2026-05-05", None], 1, True)
    assert found[0] == "same place: Nordvik (3)"
    assert any("published 2026-05-05 to 2026-05-06" in one for one in found)


def test_a_story_falls_into_its_turns() -> None:
    text, _ = TOLD["f"]
    days = ("2026-05-05", "2026-05-05", "2026-05-14", "2026-05-15")
    members = [member(f"f{n}", f"{text} Part {n}.", day) for n, day in enumerate(days)]
    mixed = [members[n] for n in (3, 0, 2, 1)]
    found = stories.developments(mixed, stories.likenesses(mixed))
    assert [sorted(mixed[i].id for i in one) for one in found] == [["f0", "f1"], ["f2", "f3"]]
    assert stories.developments([], stories.likenesses([])) == []


def test_who_spoke_most_comes_first() -> None:
    facts = [stories.Facts(spoke=("Falk", "Rotholm")), stories.Facts(spoke=("Rotholm",))]
    assert stories.spoke(facts) == ("Rotholm", "Falk")
