"""How spans are trimmed, joined, found to overlap and paired; when two names are one."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evaluation.names import Names, same_name
from onrecord.evaluation.spans import join, pair_up, shared, trim
from onrecord.record import Reference
from tests.evaluation_rows import entity, record


def test_trim_moves_the_ends_to_the_words() -> None:
    assert trim("a  tram \n", 1, 9) == (3, 7)


def test_trim_of_white_space_is_empty() -> None:
    assert trim("a   b", 1, 4) == (1, 1)


def test_runs_with_only_white_space_between_are_one() -> None:
    text = "“Stay.” “Go.” he"
    assert join(text, [(8, 13), (0, 7)]) == ((0, 13),)


def test_runs_with_a_word_between_stay_two() -> None:
    assert join("Stay, he said, or go", [(0, 5), (15, 20)]) == ((0, 5), (15, 20))


def test_empty_runs_vanish() -> None:
    assert join("a b", [(1, 2), (2, 2)]) == ()


def test_touching_runs_share_nothing() -> None:
    assert shared([((0, 5),)], [((5, 9),)]) == Counter()


def test_shared_counts_characters_over_several_runs() -> None:
    assert shared([((0, 5), (10, 15))], [((3, 12),)]) == Counter({(0, 0): 4})


_RUN = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda p: (p[0], p[0] + p[1]))
_ITEMS = st.lists(_RUN.map(lambda run: (run,)), max_size=8)


@given(_ITEMS, _ITEMS)
def test_the_sweep_finds_what_comparing_all_pairs_finds(gold: list, found: list) -> None:
    slow = Counter(
        {
            (i, j): min(g[0][1], p[0][1]) - max(g[0][0], p[0][0])
            for i, g in enumerate(gold)
            for j, p in enumerate(found)
        }
    )
    assert shared(gold, found) == +slow


@given(_ITEMS, _ITEMS)
def test_pairs_use_each_item_once(gold: list, found: list) -> None:
    pairs = pair_up(shared(gold, found))
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


def test_the_larger_overlap_is_paired_first() -> None:
    assert pair_up({(0, 0): 2, (0, 1): 5, (1, 1): 4, (1, 0): 1}) == [(0, 1), (1, 0)]


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ("Małgorzata Øre", "MALGORZATA ORE"),
        ("the Harbour Board", "Harbour Board"),
        ("Ilse Brandt", "Brandt"),
        ("Ilse Brandt", "Mayor Ilse Brandt"),
        ("Lima’s port authority", "Lima port authority"),
        ("a customs official", "customs official"),
    ],
)
def test_names_that_are_the_same(gold: str, predicted: str) -> None:
    assert same_name(gold, predicted)
    assert same_name(predicted, gold)


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ("Ilse Brandt", "Ilse"),
        ("Ilse Brandt", "Ilse Brand"),
        ("Ilse Brandt", "Jonas Brandt"),
        ("United Ports", "United Ports Council"),
        ("World Port Union", "WPU"),
        ("the", "a"),
        ("Ilse Brandt", ""),
    ],
)
def test_names_that_are_not(gold: str, predicted: str) -> None:
    assert not same_name(gold, predicted)
    assert not same_name(predicted, gold)


def test_a_speaker_is_named_by_the_entity_then_by_the_words_never_by_a_pronoun() -> None:
    text = "She spoke; a customs official agreed."
    found = record(text, entities=[entity("e1", "Ilse Brandt"), entity("e2", None)])
    names = Names(found)
    assert names.answer(Reference(0, 3, "e1")) == "Ilse Brandt"
    assert names.answer(Reference(11, 29, "e2")) == "a customs official"
    assert names.answer(Reference(0, 3, "e2")) is None
    assert names.answer(Reference(0, 3, None)) is None
    assert names.answer(None) is None
