"""What holds for every text: offsets, order, begin before finish, linear time, no exception."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.reading._when_values import days_of, narrowed
from onrecord.reading.counted import find_figures
from onrecord.reading.when import find_times

WORDS = (
    "the a an last next this that same previous following early late mid end of in on by until "
    "two 3 31 1999 2024 44 BC AD first third quarter half year week months days hours decade "
    "century Monday Friday May March December Dec. summer winter night morning noon 10 p.m. 15:30 "
    "GMT ago earlier later before after yesterday tomorrow now every each per daily twice and or "
    "to - – , . ' s 1980s nineties Christmas Easter at least more than about will was fiscal "
    "weekend period dozen hundred million % $ killed people 2024-05-03 4/5/2024 0 9999"
).split()
TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
)
DATES = st.one_of(st.none(), st.dates().map(lambda day: day.isoformat()), st.text(max_size=12))


@settings(max_examples=300, deadline=None)
@given(TEXTS, DATES)
def test_times_of_any_text(text, published):
    last = 0
    for n, found in enumerate(find_times(text, published=published), start=1):
        assert found.id == f"t{n}"
        assert last <= found.start < found.end <= len(text)
        assert found.value
        assert found.type in {"DATE", "TIME", "DURATION", "SET"}
        assert (found.begin is None) == (found.finish is None)
        if found.begin is not None and found.finish is not None:
            assert found.begin <= found.finish
        last = found.end


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_figures_of_any_text(text):
    last = 0
    for n, found in enumerate(find_figures(text), start=1):
        assert found.id == f"f{n}"
        assert last <= found.start < found.end <= len(text)
        if found.low is not None and found.high is not None:
            assert found.low <= found.high
        last = found.end


@given(
    st.one_of(
        st.dates().map(str),
        st.integers(1, 9999).map(lambda year: f"{year:04d}"),
        st.tuples(st.integers(1, 9999), st.integers(1, 12)).map(lambda d: f"{d[0]:04d}-{d[1]:02d}"),
        st.tuples(st.integers(1, 9999), st.integers(1, 4)).map(lambda d: f"{d[0]:04d}-Q{d[1]}"),
        st.tuples(st.integers(2, 9998), st.integers(1, 52)).map(
            lambda d: f"{d[0]:04d}-W{d[1]:02d}"
        ),
        st.integers(1, 999).map(lambda decade: f"{decade:03d}"),
        st.integers(1, 99).map(lambda century: f"{century:02d}"),
    ),
    st.sampled_from(["START", "MID", "END", "APPROX", None]),
)
def test_narrowed_days_stay_within_the_whole(value, mod):
    days = days_of(value)
    assert days is not None
    first, last = narrowed(days, mod)
    assert days[0] <= first <= last <= days[1]


def seconds(read, text: str) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        read(text)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("read", [find_times, find_figures])
@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "said ",
        '"',
        "5-",
        "1,000,",
        "twenty ",
        "one hundred and ",
        "\n ",
        "May and ",
        "2001 ",
        "at least about ",
        "12 including ",
        "late the end of ",
        "100 ",
        "on Monday at 10 p.m. ",
    ],
)
def test_time_grows_with_the_text_and_not_faster(read, unit):
    # The fixed cost of a call is part of both, so the ratio errs on the strict side for large n.
    count = max(1, 24_000 // len(unit))
    once, twice = seconds(read, unit * count), seconds(read, unit * (2 * count))
    assert twice < 2.5 * once + 0.01


@pytest.mark.parametrize("read", [find_times, find_figures])
@pytest.mark.parametrize("text", ["1" * 100_000, '"' * 50_000, "said " * 100_000])
def test_long_runs_are_read_quickly_and_hold_nothing(read, text):
    began = time.process_time()
    assert read(text) == []
    assert time.process_time() - began < 10
