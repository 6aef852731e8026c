"""Copies: what carries another text, what only looks like it, and who is the origin."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.analysis import copies as c
from onrecord.analysis import copies_bench, invented

WIRE = (
    "GULU (AP) – The river board closed two locks on Tuesday after divers found a crack in the "
    "lower gate, its chairman said. Barges queued for nine kilometres by nightfall, and three "
    "skippers turned back with their cargo of onions. The board expects to open one lock on "
    "Friday and the other one a week later, unless the crack turns out to be longer than it looks. "
    "A similar crack closed the upper gate for a month four years ago."
)


def share(carrier: str, other: str) -> float:
    return c.compare(c.text_of(carrier), c.text_of(other)).of_first


def copied(carrier: str, other: str) -> bool:
    compared = c.compare(c.text_of(carrier), c.text_of(other))
    return c.is_copy(compared.of_first, compared)


@pytest.mark.parametrize(
    "carrier",
    [
        pytest.param(WIRE, id="verbatim"),
        pytest.param(WIRE.replace("GULU (AP) – ", "").upper(), id="other case, no dateline"),
        pytest.param("Locks shut\n\n" + WIRE[:260], id="cut, with a headline of its own"),
        pytest.param(". ".join(reversed(WIRE.split(". "))), id="sentences turned round"),
        pytest.param("Our river page today is about two locks. " + WIRE[140:], id="another lead"),
    ],
)
def test_what_carries_a_text(carrier: str) -> None:
    assert copied(carrier, WIRE)


def test_a_report_of_its_own_with_one_quote_in_common_is_no_copy() -> None:
    own = (
        "Onion prices rose in Gulu on Wednesday. Traders said two lorries had come by road at "
        "twice the fare. Barges queued for nine kilometres by nightfall, and three skippers "
        "turned back. The market hall closed at noon, and the council promised a tent for the "
        "farmers who sleep beside their carts until the water rises again."
    )
    assert not copied(own, WIRE)


def test_a_form_that_is_filled_in_anew_is_no_copy() -> None:
    form = (
        "The weather office at {0} measured {1} millimetres of rain on {2}, the most since "
        "{3}. The warden of {4} warned walkers to keep off the slopes above {5}, and the road "
        "from {6} to {0} was closed until {7}."
    )
    one = form.format("Gulu", 31, "Monday", 1991, "Lira", "Moroto", "Arua", "Friday")
    other = form.format("Mbale", 47, "Sunday", 1968, "Jinja", "Elgon", "Tororo", "Tuesday")
    assert share(one, other) < 1
    assert not copied(one, other)


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("GULU (AP) – Rain.", "AP"),
        ("Reuters\nRain fell.", "Reuters"),
        ("Rain fell.\n(Kyodo News)", "Kyodo"),
        ("The app rained.", None),
        ("", None),
    ],
)
def test_the_agency_that_is_credited(text: str, agency: str | None) -> None:
    assert c.credit(text) == agency


# -- symmetry -----------------------------------------------------------------------------

INVENTED = st.builds(
    lambda seed, how: _pair(random.Random(seed), how),
    st.integers(0, 10_000), st.sampled_from(["edited", "look-alike", "same"]),
)  # fmt: skip


def _pair(dice: random.Random, how: str) -> tuple[str, str]:
    who = invented.cast(dice)
    one = invented.wire(dice, who, dice.randint(2, 9))
    other = {
        "edited": lambda: invented.edited(dice, one, who, dice.random()),
        "look-alike": lambda: invented.look_alike(dice, one, who),
        "same": lambda: one,
    }[how]()
    return "\n".join(one), "\n".join(other)


TEXTS = st.text(max_size=60) | st.lists(st.sampled_from("ab cd Ef 12 é x".split())).map(" ".join)


@given(INVENTED | st.tuples(TEXTS, TEXTS))
@settings(max_examples=60, deadline=None)
def test_comparing_is_symmetrical(pair: tuple[str, str]) -> None:
    one, other = map(c.text_of, pair)
    there, back = c.compare(one, other), c.compare(other, one)
    assert (there.of_first, there.of_second) == (back.of_second, back.of_first)
    assert (there.words, there.form) == (back.words, back.form)
    assert 0 <= there.of_first <= 1


@given(TEXTS)
@example("\ud800 \x00 " * 30)
@example("a" * 100_000)
@example("word " * 20_000)
@example("٣ 東京 ﷽ 🙂 " * 50)
@settings(max_examples=40, deadline=None)
def test_any_text_is_the_copy_of_itself_or_too_short(text: str) -> None:
    words = c.text_of(text)
    compared = c.compare(words, words)
    assert c.sketch(words) == sorted(set(c.sketch(words)))
    long = len(words.words) >= c.PARAMETERS.words
    assert c.is_copy(compared.of_first, compared) == long


def test_copies_among_look_alikes() -> None:
    """``copies_bench`` measures this on thousands of pairs (docs/joining.md)."""
    done = copies_bench.measure(copies_bench.pairs(200, seed=3))
    assert done.precision >= 0.99
    assert done.recall >= 0.95


# -- origins ------------------------------------------------------------------------------


def ranks(*given: tuple[str | None, int, str | None]) -> dict[int, c.Rank]:
    return {n: c.rank(f"a{n}", *one) for n, one in enumerate(given)}


def test_the_agencys_own_report_is_the_origin_then_the_earliest_then_the_longest() -> None:
    three = ranks(
        ("2026-05-04", 90, "Hill Post"), ("2026-05-05", 90, "AP"), ("2026-05-04", 95, "Lake Post")
    )  # fmt: skip
    every = {(i, j): 1.0 for i in range(3) for j in range(3) if i != j}
    assert c.origins(three, every) == {0: (1, 1.0), 2: (1, 1.0)}
    two = {n: three[n] for n in (0, 2)}
    assert c.origins(two, {(0, 2): 1.0, (2, 0): 1.0}) == {0: (2, 1.0)}


def test_a_copy_of_a_copy_has_the_first_ones_origin() -> None:
    three = ranks(("2026-05-01", 9, None), ("2026-05-02", 9, None), ("2026-05-03", 9, None))
    assert c.origins(three, {(1, 0): 0.6, (2, 1): 0.5}) == {1: (0, 0.6), 2: (0, 0.5)}


def test_an_undated_report_is_later_than_a_dated_one() -> None:
    two = ranks((None, 9, None), ("2026-05-03", 9, None))
    assert c.origins(two, {(0, 1): 1.0, (1, 0): 1.0}) == {0: (1, 1.0)}


@given(st.integers(2, 7), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_no_origin_is_a_carrier_and_the_order_does_not_matter(
    size: int, dice: random.Random
) -> None:
    given_ = ranks(*((f"2026-05-0{dice.randint(1, 3)}", 9, None) for _ in range(size)))
    shares = {
        (i, j): 0.5 for i in range(size) for j in range(size) if i != j and dice.random() < 0.5
    }
    found = c.origins(given_, shares)
    assert not {origin for origin, _ in found.values()} & found.keys()
    mixed = list(shares.items())
    dice.shuffle(mixed)
    assert c.origins(given_, dict(mixed)) == found
