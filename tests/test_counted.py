"""Figures: the number, its bounds and unit, and what is counted."""

from __future__ import annotations

import pytest

from onrecord.reading.counted import find_figures
from onrecord.reading.when import find_times
from onrecord.record import Figure, Skip


def one(text: str) -> Figure:
    figures = find_figures(text)
    assert len(figures) == 1, [(text[f.start : f.end], f) for f in figures]
    return figures[0]


def counted(text: str) -> list[tuple[str, str | None]]:
    return [(text[figure.start : figure.end], figure.of) for figure in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "words", "low", "high", "approximate"),
    [
        ("Twelve villagers fled.", "Twelve", 12, 12, False),
        ("At least 12 villagers fled.", "At least 12", 12, None, False),
        ("More than 1,200 villagers fled.", "More than 1,200", 1200, None, False),
        ("No fewer than 12 villagers fled.", "No fewer than 12", 12, None, False),
        ("Up to 300 villagers fled.", "Up to 300", None, 300, False),
        ("As many as 300 villagers fled.", "As many as 300", None, 300, False),
        ("Fewer than 300 villagers fled.", "Fewer than 300", None, 300, False),
        ("About 300 villagers fled.", "About 300", 300, 300, True),
        ("Nearly 300 villagers fled.", "Nearly 300", 300, 300, True),
        ("Some 300 villagers fled.", "Some 300", 300, 300, True),
        ("An estimated 300 villagers fled.", "An estimated 300", 300, 300, True),
        ("Between 200 and 300 villagers fled.", "Between 200 and 300", 200, 300, False),
        ("From 200 to 300 villagers fled.", "From 200 to 300", 200, 300, False),
        ("Then 200–300 villagers fled.", "200–300", 200, 300, False),
        ("Then 300 or more villagers fled.", "300 or more", 300, None, False),
        ("Dozens of villagers fled.", "Dozens", 24, None, True),
        ("Hundreds of thousands of villagers fled.", "Hundreds of thousands", 200_000, None, True),
        ("Several hundred villagers fled.", "Several hundred", 300, 1000, True),
        ("Half a million villagers fled.", "Half a million", 500_000, 500_000, False),
        ("Two and a half million villagers fled.", "Two and a half million", 2.5e6, 2.5e6, False),
        ("Then 2.7 million villagers fled.", "2.7 million", 2.7e6, 2.7e6, False),
        ("Then 50 000 villagers fled.", "50 000", 50_000, 50_000, False),
    ],
)
def test_bounds(text, words, low, high, approximate):
    figure = one(text)
    assert text[figure.start : figure.end] == words
    assert (figure.low, figure.high, figure.approximate) == (low, high, approximate)
    assert figure.of == "displaced"


@pytest.mark.parametrize(
    ("text", "words", "low", "high"),
    [
        ("The region grows 10–13% of the crop.", "10–13%", 10, 13),
        ("Between 10 and 13 per cent of it is lost.", "Between 10 and 13 per cent", 10, 13),
        ("Turnout was 61.5 percent.", "61.5 percent", 61.5, 61.5),
        ("More than half of the seats are empty.", "More than half", 50, None),
        ("Two-thirds of members agreed.", "Two-thirds", 200 / 3, 200 / 3),
        ("One in five children is hungry.", "One in five", 20, 20),
    ],
)
def test_shares(text, words, low, high):
    figure = one(text)
    assert text[figure.start : figure.end] == words
    assert (figure.unit, figure.of) == ("percent", "share")
    assert (figure.low, figure.high) == (
        pytest.approx(low),
        None if high is None else pytest.approx(high),
    )


@pytest.mark.parametrize(
    ("amount", "value", "unit"),
    [
        ("$2.5 million", 2.5e6, "USD"),
        ("US$3bn", 3e9, "USD"),
        ("£420m", 4.2e8, "GBP"),
        ("€1,250.50", 1250.5, "EUR"),
        ("C$4.7 million", 4.7e6, "CAD"),
        ("4.7 million Canadian dollars", 4.7e6, "CAD"),
        ("NT$1.5 million", 1.5e6, "TWD"),
        ("50 billion dollars", 5e10, "USD"),
        ("Tk 2 crore", 2e7, "BDT"),
        ("Rs 3,150 crore", 3.15e10, "rupees"),
        ("100 million Indian rupees", 1e8, "INR"),
        ("R50 000", 50_000, "ZAR"),
        ("N7.2 billion", 7.2e9, "NGN"),
        ("ZAR1,7 million", 1.7e6, "ZAR"),
        ("RM177mil", 1.77e8, "MYR"),
        ("13 trillion yen", 1.3e13, "JPY"),
        ("350,000 tonnes", 350_000, "tonne"),
        ("12 km", 12, "kilometre"),
    ],
)
def test_money_and_measures(amount, value, unit):
    text = f"They were given {amount} for it."
    figure = one(text)
    assert text[figure.start : figure.end] == amount
    assert (figure.low, figure.high) == (pytest.approx(value), pytest.approx(value))
    assert (figure.unit, figure.of) == (unit, "amount")


def test_a_range_shares_scale_and_currency():
    figure = one("It may cost $10-13 million to mend.")
    assert (figure.low, figure.high, figure.unit) == (10e6, 13e6, "USD")


def test_a_dollar_is_the_us_one_unless_the_text_says_otherwise():
    assert one("The mine made $5 million.").unit == "USD"
    assert one("The mine made $5 million. All figures are in Canadian dollars.").unit == "CAD"


def test_a_yen_sign_alone_is_left_as_it_is():
    assert one("The fine was ¥500,000.").unit == "¥"
    assert one("The Japanese firm paid a fine of ¥500,000.").unit == "JPY"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The blast killed 12.", [("12", "dead")]),
        ("At least 12 people were killed.", [("At least 12", "dead")]),
        ("A death toll of 112 was given.", [("112", "dead")]),
        ("The death toll rose to 112.", [("112", "dead")]),
        ("The raid left 12 people dead.", [("12", "dead")]),
        ("The flood claimed 40 lives.", [("40", "dead")]),
        ("There were 12 deaths.", [("12", "dead")]),
        ("The deaths of three miners shook the town.", [("three", "dead")]),
        ("Twelve were hurt in the crush.", [("Twelve", "injured")]),
        ("The blast killed 3 and wounded dozens.", [("3", "dead"), ("dozens", "injured")]),
        (
            "Four soldiers were killed and 30 others injured.",
            [("Four", "dead"), ("30", "injured")],
        ),
        (
            "The blast killed 40 people, including 5 children.",
            [("40", "dead"), ("5", "dead")],
        ),
        ("Police detained 40 people.", [("40", "arrested")]),
        ("Some 40 people were arrested at the gate.", [("Some 40", "arrested")]),
        ("Police made 14 arrests.", [("14", "arrested")]),
        ("The storm displaced 8,000 families.", [("8,000", "displaced")]),
        ("Thousands of protesters took to the streets.", [("Thousands", "crowd")]),
        ("Some 20,000 people marched through the capital.", [("Some 20,000", "crowd")]),
        ("Twenty protesters were shot dead.", [("Twenty", "dead")]),
        ("Ten gunmen killed the guard.", [("Ten", "count")]),
        ("Rockets destroyed 12 houses and killed a cow.", [("12", "count")]),
        ("They signed 15 agreements.", [("15", "count")]),
    ],
)
def test_what_is_counted(text, expected):
    assert counted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It ended in 1998 and began on 3 May 1961.",
        "The suspect, aged 34, said nothing.",
        "The 34-year-old man and Ana Lopez, 41, left.",
        "A woman of the age of 34 left.",
        "Call 555-014-2277 or +44 20 7946 0018.",
        "The Group of 7 and the G20 met.",
        "The home side won 3-1.",
        "The court split 5-4.",
        "Under Article 5 and Section 12 it lapses.",
        "Flight 370 and Flight MH17 were lost.",
        "The F-16 and the Su-35 flew; COVID-19 spread.",
        "It was the 21st century and the third attempt.",
        "Shops open 24/7.",
        "It starts at 15:30 on 2025-12-04.",
        "It took three days and two hours.",
        "One of the sessions was closed.",
        "No. 10 was silent.",
        "",
        "no number here",
        "\x00\ud800",
    ],
)
def test_not_a_figure(text):
    assert find_figures(text) == []


def test_figures_are_not_read_in_skipped_stretches():
    text = "Share 14 items. They freed 12 men."
    assert [text[f.start : f.end] for f in find_figures(text, skipped=[Skip(0, 15, "menu")])] == [
        "12"
    ]


def test_given_times_are_used():
    text = "In 2024 police held 12 men for 3 weeks."
    times = find_times(text, published="2025-12-04")
    assert find_figures(text, times=times) == find_figures(text)
    assert [figure.id for figure in find_figures(text)] == ["f1"]


def test_two_delegates_are_no_crowd() -> None:
    text = "Ministers will meet, two delegates said. Some 400 delegates attended."
    assert [f.of for f in find_figures(text)] == ["count", "crowd"]
