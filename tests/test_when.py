"""Time expressions: what is found, its TIMEX3 type and value, and the days it covers."""

from __future__ import annotations

import pytest

from onrecord.reading.when import describe_time, find_times
from onrecord.record import Skip, Span, Time

#: A Thursday.
PUBLISHED = "2025-12-04"


def one(text: str, published: str | None = PUBLISHED) -> Time:
    times = find_times(text, published=published)
    assert len(times) == 1, [text[time.start : time.end] for time in times]
    return times[0]


def words(text: str, published: str | None = PUBLISHED) -> list[str]:
    return [text[time.start : time.end] for time in find_times(text, published=published)]


def test_late_last_month_is_the_last_third_of_the_month_before():
    time = one("The two leaders spoke by phone late last month.")
    assert (time.type, time.value, time.mod) == ("DATE", "2025-11", "END")
    assert (time.begin, time.finish) == ("2025-11-20", "2025-11-30")


def test_late_last_month_stays_open_without_a_publication_date():
    time = one("The two leaders spoke by phone late last month.", None)
    assert (time.value, time.mod) == ("XXXX-XX", "END")
    assert (time.begin, time.finish) == (None, None)


@pytest.mark.parametrize(
    ("expression", "mod", "begin", "finish"),
    [
        ("early last month", "START", "2025-11-01", "2025-11-10"),
        ("mid-November", "MID", "2025-11-10", "2025-11-20"),
        ("the end of November", "END", "2025-11-20", "2025-11-30"),
        ("early next week", "START", "2025-12-08", "2025-12-09"),
        ("late 2024", "END", "2024-09-01", "2024-12-31"),
        ("the mid-1990s", "MID", "1993-01-01", "1995-12-31"),
    ],
)
def test_early_mid_and_late_narrow_the_days(expression, mod, begin, finish):
    time = one(f"It began in {expression}.")
    assert (time.mod, time.begin, time.finish) == (mod, begin, finish)


def test_earlier_this_week_runs_from_monday_to_publication():
    time = one("She resigned earlier this week.")
    assert time.value == "2025-W49"
    assert (time.begin, time.finish) == ("2025-12-01", "2025-12-04")


def test_later_this_month_begins_with_publication():
    time = one("They will vote later this month.")
    assert (time.value, time.begin, time.finish) == ("2025-12", "2025-12-04", "2025-12-31")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("yesterday", "2025-12-03"),
        ("tomorrow", "2025-12-05"),
        ("the day before yesterday", "2025-12-02"),
        ("two days ago", "2025-12-02"),
        ("three weeks ago", "2025-W46"),
        ("five months ago", "2025-07"),
        ("ten years ago", "2015"),
        ("last week", "2025-W48"),
        ("next month", "2026-01"),
        ("last year", "2024"),
        ("this summer", "2025-SU"),
        ("last Friday", "2025-11-28"),
        ("next Friday", "2025-12-05"),
        ("Tuesday of last week", "2025-11-25"),
        ("last weekend", "2025-W48-WE"),
        ("4 December 2025", "2025-12-04"),
        ("Dec. 4, 2025", "2025-12-04"),
        ("the 4th of July, 1999", "1999-07-04"),
        ("June 2024", "2024-06"),
        ("31/12/2024", "2024-12-31"),
        ("4.12.2025", "2025-12-04"),
        ("2025-12-04", "2025-12-04"),
        ("the third quarter of 2025", "2025-Q3"),
        ("Q3 2025", "2025-Q3"),
        ("the second half of 2024", "2024-H2"),
        ("the spring of 2022", "2022-SP"),
        ("fiscal 2024", "2024"),
        ("the 1990s", "199"),
        ("the nineties", "199"),
        ("the 21st century", "20"),
        ("480 BC", "BC0480"),
        ("nineteen eighty-four", "1984"),
        ("Christmas Day", "2025-12-25"),
        ("Easter Monday 2024", "2024-04-01"),
        ("Thanksgiving", "2025-11-27"),
        ("now", "PRESENT_REF"),
        ("recently", "PAST_REF"),
        ("the near future", "FUTURE_REF"),
    ],
)
def test_dates(expression, value):
    time = describe_time(expression, PUBLISHED)
    assert time is not None
    assert (time.type, time.value) == ("DATE", value)
    assert (time.start, time.end) == (0, len(expression))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("tonight", "2025-12-04TNI"),
        ("last night", "2025-12-03TNI"),
        ("yesterday morning", "2025-12-03TMO"),
        ("Tuesday night", "2025-12-02TNI"),
        ("3:30 p.m. on 3 May 2024", "2024-05-03T15:30"),
        ("15:30 GMT on 3 May 2024", "2024-05-03T15:30Z"),
        ("10 p.m. EST on 3 May 2024", "2024-05-03T22:00-05:00"),
        ("9.30am yesterday", "2025-12-03T09:30"),
        ("the morning of 3 May 2024", "2024-05-03TMO"),
        ("noon on Friday", "2025-11-28T12:00"),
        ("2025-12-04T15:30Z", "2025-12-04T15:30Z"),
    ],
)
def test_times_of_day(expression, value):
    time = describe_time(expression, PUBLISHED)
    assert time is not None
    assert (time.type, time.value, time.begin) == ("TIME", value, value[:10])


@pytest.mark.parametrize(
    ("expression", "type_", "value", "mod"),
    [
        ("two days", "DURATION", "P2D", None),
        ("six-month", "DURATION", "P6M", None),
        ("at least 72 hours", "DURATION", "PT72H", "EQUAL_OR_MORE"),
        ("nearly forty years", "DURATION", "P40Y", "LESS_THAN"),
        ("about a decade", "DURATION", "P10Y", "APPROX"),
        ("no more than sixty days", "DURATION", "P60D", "EQUAL_OR_LESS"),
        ("a few weeks", "DURATION", "PXW", None),
        ("half a century", "DURATION", "P50Y", None),
        ("a year and a half", "DURATION", "P1.5Y", None),
        ("every Monday", "SET", "XXXX-WXX-1", None),
        ("every day", "SET", "P1D", None),
        ("every two weeks", "SET", "P2W", None),
        ("each July", "SET", "XXXX-07", None),
        ("twice a year", "SET", "P1Y", None),
        ("daily", "SET", "P1D", None),
    ],
)
def test_durations_and_sets(expression, type_, value, mod):
    time = describe_time(expression, PUBLISHED)
    assert time is not None
    assert (time.type, time.value, time.mod) == (type_, value, mod)


def test_a_stretch_up_to_publication_has_its_days():
    time = one("Prices doubled over the past three months.")
    assert (time.value, time.begin, time.finish) == ("P3M", "2025-09-04", "2025-12-04")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Police arrested him on Tuesday.", "2025-12-02"),
        ("The court will rule on Tuesday.", "2025-12-09"),
        ("The envoys are scheduled to meet on Tuesday.", "2025-12-09"),
        ("He has until Tuesday to answer.", "2025-12-09"),
        ("The minister resigned on Thursday.", "2025-12-04"),
        ("The fleet left port in November.", "2025-11"),
        ("The parliament will vote in March.", "2026-03"),
        ("The mission ended in June.", "2025-06"),
        ("A summit is planned for January.", "2026-01"),
        ("The envoy arrived on 28 November.", "2025-11-28"),
        ("Polls open on 11 January.", "2026-01-11"),
    ],
)
def test_tense_tells_which_weekday_or_month_is_meant(text, value):
    assert one(text).value == value


def test_day_ranges_are_one_interval():
    time = one("The fair runs 10–13 June 2024.")
    assert (time.value, time.begin, time.finish) == (
        "2024-06-10/2024-06-13",
        "2024-06-10",
        "2024-06-13",
    )


def test_the_year_at_the_end_of_a_range_holds_for_both_ends():
    times = find_times("It rained from May to August 2019.", published=PUBLISHED)
    assert [time.value for time in times] == ["2019-05", "2019-08"]


def test_a_day_and_month_that_may_be_either_gives_only_the_year():
    time = one("Signed 04/05/2024 in the capital.")
    assert (time.value, time.begin, time.finish) == ("2024-XX-XX", "2024-01-01", "2024-12-31")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The mayor resigned on Wednesday.", "XXXX-WXX-3"),
        ("The mayor resigned in November.", "XXXX-11"),
        ("The mayor resigned on 5 November.", "XXXX-11-05"),
        ("The mayor resigned yesterday.", "XXXX-XX-XX"),
        ("The mayor resigned several weeks ago.", "PAST_REF"),
        ("The mayor resigned in the third quarter.", "XXXX-Q3"),
        ("The mayor resigned at 15:30 GMT.", "XXXX-XX-XXT15:30Z"),
    ],
)
def test_without_publication_date_nothing_relative_is_anchored(text, value):
    time = one(text, None)
    assert (time.value, time.begin, time.finish) == (value, None, None)


def test_absolute_dates_need_no_publication_date():
    assert one("He was born on 3 May 1961.", None).begin == "1961-05-03"


@pytest.mark.parametrize("published", ["", "yesterday", "2025-13-45", "0000-00-00", "2025"])
def test_a_publication_date_that_is_none_anchors_nothing(published):
    assert one("It began last week.", published).begin is None


def test_a_publication_datetime_counts_as_its_day():
    assert one("It began yesterday.", "2025-12-04T23:50:00Z").value == "2025-12-03"


@pytest.mark.parametrize(
    "text",
    [
        "The troops may march on the capital.",
        "Prices fall as the springs dry up.",
        "April said the dog would second the motion.",
        "Some 2000 people and 1500 soldiers came.",
        "It cost $2024 in all.",
        "A 34-year-old man and a woman who is 29 years old.",
        "Readers of the Daily Herald liked it.",
        "Bloody Sunday and Super Tuesday.",
        "The ratio was 3:1.",
    ],
)
def test_not_a_time(text):
    assert words(text) == []


def test_expressions_come_in_text_order_and_are_numbered():
    times = find_times("On Monday, in May 2024 and last year.", published=PUBLISHED)
    assert [time.id for time in times] == ["t1", "t2", "t3"]
    assert [time.start for time in times] == sorted(time.start for time in times)


def test_nothing_is_read_in_skipped_stretches():
    text = "Updated 3 May 2024. The talks began yesterday."
    times = find_times(text, published=PUBLISHED, skipped=[Skip(0, 19, "date line")])
    assert [(time.id, text[time.start : time.end]) for time in times] == [("t1", "yesterday")]


def test_no_expression_crosses_the_end_of_a_sentence():
    text = "They met on 3 May 2024 after all"
    cut = text.index(" May")
    times = find_times(text, published=PUBLISHED, sentences=[Span(0, cut), Span(cut, len(text))])
    assert times == []


def test_a_new_paragraph_ends_an_expression():
    assert words("They met on 3\n\nMay 2024 was cold.") == ["May 2024"]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "no time at all", "\x00\ud800", "٣ مايو"])
def test_texts_without_times(text):
    assert find_times(text, published=PUBLISHED) == []
    assert describe_time(text, PUBLISHED) is None


def test_dates_outside_the_calendar_are_written_or_left_out_but_do_not_raise():
    assert one("In 480 BC the fleet sailed.").begin is None
    assert find_times("On 31 February 2024.", published=PUBLISHED)[0].begin is None
    assert words("13:75 and 99/99/2024 and 2024-99-99.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They would walk out if the men were not freed by Friday.", "2025-09-19"),
        ("She demanded that he be released before Friday.", "2025-09-19"),
        ("Nine had been freed by Friday, the ministry said.", "2025-09-12"),
    ],
)
def test_a_deadline_under_a_condition_lies_ahead(text: str, expected: str) -> None:
    (found,) = find_times(text, published="2025-09-18")
    assert found.value == expected
