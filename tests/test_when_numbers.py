"""Numbers in English words are read back as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.reading._numbers import MAX_DIGITS, cardinal, digits, tokenize
from onrecord.reading.when import find_times

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen".split()
)
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def below_thousand(number: int, joint: str, hyphen: str) -> str:
    parts = []
    if number >= 100:
        parts.append(f"{ONES[number // 100]} hundred")
    rest = number % 100
    if rest:
        tens = ONES[rest] if rest < 20 else TENS[rest // 10]
        if rest >= 20 and rest % 10:
            tens += hyphen + ONES[rest % 10]
        parts.append(tens)
    return joint.join(parts)


def in_words(number: int, *, british: bool, hyphen: str) -> str:
    """Write a whole number below a trillion in English words."""
    if number == 0:
        return "zero"
    joint = " and " if british else " "
    parts = []
    for scale, name in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (1, "")):
        count = number // scale % 1000
        if count:
            words = below_thousand(count, joint, hyphen)
            last = british and scale == 1 and number > 999 and count < 100
            parts.append(f"{'and ' if last else ''}{words} {name}".rstrip())
    return " ".join(parts)


@given(st.integers(0, 10**9), st.booleans(), st.sampled_from(["-", " ", "‑"]))
def test_any_whole_number_in_words_is_read_back(number, british, hyphen):
    words = tokenize(in_words(number, british=british, hyphen=hyphen)).words
    assert cardinal(words, 0) == (number, len(words))


@given(st.integers(0, 10**6), st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_decimals_in_words_are_read_back(whole, places):
    text = f"{in_words(whole, british=False, hyphen='-')} point {' '.join(ONES[p] for p in places)}"
    words = tokenize(text).words
    assert cardinal(words, 0) == (float(f"{whole}.{''.join(map(str, places))}"), len(words))


@given(st.integers(0, 10**15))
def test_digits_with_and_without_commas_are_read_back(number):
    for text in (str(number), f"{number:,}"):
        (word,) = tokenize(text).words
        assert digits(word) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a hundred", 100),
        ("two and a half million", 2_500_000),
        ("half a million", 500_000),
        ("a quarter of a million", 250_000),
        ("two dozen", 24),
        ("a dozen", 12),
        ("eleven hundred", 1100),
        ("two lakh crore", 2 * 10**12),
        ("three point five billion", 3.5e9),
    ],
)
def test_ways_of_saying_numbers(text, value):
    words = tokenize(text).words
    assert cardinal(words, 0) == (value, len(words))


@pytest.mark.parametrize(("text", "used"), [("five and six", 1), ("two three", 1), ("ten o", 1)])
def test_two_numbers_are_not_run_together(text, used):
    found = cardinal(tokenize(text).words, 0)
    assert found is not None
    assert found.next == used


@pytest.mark.parametrize("text", ["a", "an", "a man", "half", "half of", "and", "hundred", "point"])
def test_no_number(text):
    assert cardinal(tokenize(text).words, 0) is None


def test_very_long_runs_of_digits_are_no_quantity():
    assert digits("1" * (MAX_DIGITS + 1)) is None
    assert digits("1" * 100_000) is None


@given(st.text(max_size=200))
def test_tokens_hold_their_offsets(text):
    tokens = tokenize(text)
    last = 0
    for start, end, word in zip(*tokens, strict=True):
        assert last <= start < end <= len(text)
        assert word == "\n" or word == text[start:end].lower()
        last = end


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2 1/2 years", "P2.5Y"),
        ("18 1/2 months", "P18.5M"),
        ("a 12 3/4-hour talk", "PT12.75H"),
    ],
)
def test_a_number_with_a_fraction_counts_whole(words: str, value: str) -> None:
    (found,) = find_times(f"It took {words}.", published="2025-12-04")
    assert (found.type, found.value) == ("DURATION", value)


@pytest.mark.parametrize(
    ("words", "value", "begin"),
    [
        ("the last half of 2024", "2024-H2", "2024-07-01"),
        ("the current year", "2025", "2025-01-01"),
        ("the current month", "2025-12", "2025-12-01"),
    ],
)
def test_the_last_half_and_the_current_unit_are_calendar_times(
    words: str, value: str, begin: str
) -> None:
    (found,) = find_times(f"Sales fell in {words}.", published="2025-12-04")
    assert (found.value, found.begin) == (value, begin)


def test_weekday_nights_come_again_and_the_near_term_lies_ahead() -> None:
    found = find_times("They met on Tuesday nights, less in the near term.", published="2025-12-04")
    told = [(one.type, one.value) for one in found]
    assert told == [("SET", "XXXX-WXX-2TNI"), ("DATE", "FUTURE_REF")]
