"""Expressions that count from what the text tells, not from publication."""

from __future__ import annotations

import pytest

from onrecord.reading.when import find_times

PUBLISHED = "2025-12-04"


def values(text: str, published: str | None = PUBLISHED) -> list[str]:
    return [time.value for time in find_times(text, published=published)]


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("the previous day", "2021-03-09"),
        ("the next day", "2021-03-11"),
        ("two days later", "2021-03-12"),
        ("a week earlier", "2021-W09"),
        ("the following week", "2021-W11"),
        ("the following month", "2021-04"),
        ("the same day", "2021-03-10"),
        ("that year", "2021"),
        ("the day before", "2021-03-09"),
        ("the next morning", "2021-03-11TMO"),
        ("that evening", "2021-03-10TEV"),
    ],
)
def test_counted_from_the_last_day_told_of(expression, value, published):
    assert values(f"The dam broke on 10 March 2021. They had left {expression}.", published)[1] == (
        value
    )


@pytest.mark.parametrize("expression", ["the previous day", "two days later", "that evening"])
def test_never_counted_from_publication(expression):
    times = find_times(f"They had left {expression}.", published=PUBLISHED)
    assert [time.begin for time in times] == [None]


def test_the_narrative_follows_deictic_days_too():
    text = "The convoy was hit on Tuesday. It had set out the previous day."
    assert values(text) == ["2025-12-02", "2025-12-01"]


def test_days_cannot_be_counted_from_a_mere_month():
    assert values("The siege began in May 1940. It ended two days later.")[1] == "XXXX-XX-XX"
    assert values("The siege began in May 1940. It ended two months later.")[1] == "1940-07"


def test_a_chronicle_keeps_the_year_it_tells_of():
    text = (
        "In 1910 the league was founded. On 3 June 1911 it split. In August it was banned, "
        "and by December most of its leaders were abroad. In 1913 it was revived."
    )
    assert values(text)[2:4] == ["1911-08", "1911-12"]


def test_years_before_christ_are_counted_too():
    assert values("The city fell in 480 BC. It was rebuilt the following year.")[1] == "BC0479"


def test_a_lone_clock_takes_the_day_told_of_in_the_text():
    text = "The bridge fell on 10 March 2021. Rescuers arrived at 6 a.m."
    assert values(text)[1] == "2021-03-10T06:00"


def test_a_year_earlier_after_a_quarter_is_that_quarter():
    text = "In the third quarter sales fell to $2 million from $3 million a year earlier."
    assert values(text)[:2] == ["2025-Q3", "2024-Q3"]


def test_the_latest_quarter_is_the_last_that_ended():
    assert values("Profit rose in the latest quarter.") == ["2025-Q3"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The loan follows, provided both chambers agree by the end of June.", "2026-06"),
        ("They must agree by the end of June.", "2026-06"),
        ("They had agreed by the end of June.", "2025-06"),
    ],
)
def test_the_end_of_a_month_is_a_deadline_too(text, value):
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The port suspended work until Monday.", "2025-12-08"),
        ("It was not until Monday that the port spoke.", "2025-12-01"),
    ],
)
def test_until_a_weekday_is_the_coming_one_unless_it_was_not_until_then(text, value):
    assert values(text) == [value]
