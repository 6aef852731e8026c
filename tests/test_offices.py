"""Who held which office when."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.evaluation.offices import LeaderRow, agreement, leader_rows
from onrecord.knowledge import offices


def _family(name: str) -> str:
    return name.split()[-1]


@pytest.mark.parametrize(
    ("office", "country", "date", "name"),
    [
        ("president", "USA", "1990-06-01", "Bush"),
        ("president", "USA", "1995-06-01", "Clinton"),
        ("president", "USA", "2005-06-01", "Bush"),
        ("prime minister", "GBR", "1996", "Major"),
        ("prime minister", "GBR", "2003-03-20", "Blair"),
        ("chancellor", "DEU", "1997", "Kohl"),
        ("chancellor", "DEU", "2010-01", "Merkel"),
        ("president", "FRA", "2001", "Chirac"),
        ("president", "ZAF", "1996-05-08", "Mandela"),
        ("head of government", "ESP", "2019-01", "Sánchez"),
        ("head of state", "JOR", "2015", "II"),
        ("leader", "LBY", "2005", "Gaddafi"),
        ("leader", "CUB", "1999", "Castro"),
    ],
)
def test_who_was_in_office(office: str, country: str, date: str, name: str) -> None:
    holders = offices.who_was(office, country, date)
    assert name in {_family(one.name) for one in holders}


def test_two_presidents_of_one_name_are_told_apart_by_date() -> None:
    (first,) = {one.start for one in offices.offices_of("Bush", "1990") if one.office != "leader"}
    (second,) = {one.start for one in offices.offices_of("Bush", "2005") if one.office != "leader"}
    assert first < "1990" < second


def test_day_of_change_gives_both_holders() -> None:
    names = {_family(one.name) for one in offices.who_was("prime minister", "GBR", "2024-07-05")}
    assert names == {"Sunak", "Starmer"}


def test_a_presidential_system_answers_for_its_head_of_government() -> None:
    names = {one.name for one in offices.who_was("head of government", "USA", "2022-01-01")}
    assert names == {"Joe Biden"}


def test_family_name_comes_first_where_people_write_it_so() -> None:
    assert "president" in {one.office for one in offices.offices_of("Moon", "2019-01-01")}
    assert offices.offices_of("Angela", "2019-01-01") == []


@pytest.mark.parametrize("name", ["", " ", ".", "Nobody Whatsoever"])
def test_unknown_names_hold_no_office(name: str) -> None:
    assert offices.offices_of(name) == []


def test_unknown_country_or_office_has_no_holder() -> None:
    assert offices.who_was("president", "ZZZ", "2020") == []
    assert offices.who_was("court jester", "GBR", "2020") == []


def test_an_open_end_is_vouched_for_only_to_the_age_of_its_source() -> None:
    office = offices.Office("A. Person", "president", "ZZZ", "2020-01-01", None, "wikidata")
    assert office.holds("2024-01-01")
    assert office.certain("2021-01-01")
    assert not office.certain("2024-01-01")


@given(st.text(max_size=30), st.from_regex(r"(19|20)\d\d(-0[1-9](-[0-2][1-9])?)?", fullmatch=True))
def test_any_question_gets_an_answer(words: str, date: str) -> None:
    for one in offices.offices_of(words, date):
        assert one.holds(date)
    offices.who_was(words, words, date)


def test_agreement_counts_rows_whose_leader_the_table_names() -> None:
    rows = [
        LeaderRow("ZAF", "Mandela", "1996-01"),
        LeaderRow("USA", "Clinton", "1999-12"),
        LeaderRow("USA", "Roosevelt", "1999-12"),
    ]
    result = agreement(rows)
    assert (result.right, result.asked) == (2, 3)
    assert result.wrong == (rows[2],)


def test_rows_of_the_leaders_table_are_asked_at_their_middle(tmp_path: Path) -> None:
    head = "stateabb,leader,sdate,smonth,syear,emonth,eyear\n"
    rows = "UKG,Blair,2,5,1997,6,2007\nUSA,Truman,12,4,1945,1,1953\nXXX,Who,1,1,2000,1,2001\n"
    path = tmp_path / "leaders.csv"
    path.write_text(head + rows, encoding="utf-8")
    found = leader_rows(path, {"UKG": "GBR", "USA": "USA"}, 200, 1)
    assert found == [LeaderRow("GBR", "Blair", "2002-05")]
