"""State bodies under one name, abbreviations that a text explains, and who holds which office."""

from __future__ import annotations

import pytest

from onrecord.reading._who_bodies import full_name, state_body
from onrecord.reading._who_names import defined
from tests.test_who import B, P, X, known, read


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Chile's health ministry", "Ministry of Health of Chile"),
        ("the Chilean Ministry of Health", "Ministry of Health of Chile"),
        ("the health ministry in Ghana", "Ministry of Health of Ghana"),
        ("Peru’s Foreign Ministry on Sunday", "Ministry of Foreign Affairs of Peru"),
        ("the Interior Ministry", "Ministry of the Interior of Kenya"),
        ("Ministry of Mines and Dams (Minda)", "Ministry of Mines and Dams of Kenya"),
        ("Ghana's central bank", "Central Bank of Ghana"),
        ("the Supreme Court", "Supreme Court of Kenya"),
        ("Chile's embassy in Accra on Friday", "Embassy of Chile in Accra"),
    ],
)
def test_a_states_body_has_one_name_with_its_state(words: str, name: str) -> None:
    assert full_name(words, "KEN") == name


@pytest.mark.parametrize(
    "words",
    [
        "the ministry",
        "a ministry",
        "the Lagos State Ministry of Health",
        "the embassy",
        "",
        "Court",
    ],
)
def test_parts_of_states_and_bare_nouns_are_no_states_body(words: str) -> None:
    assert state_body(words) is None


def test_federations_have_many_high_courts_and_unknown_states_none() -> None:
    assert full_name("the High Court", "IND") is None
    assert full_name("the High Court", None) is None
    assert full_name("the Foreign Ministry", "UNO") is None


def test_one_body_in_three_wordings_is_one_entity() -> None:
    text = (
        "Ghana's farmers met in Accra, Ghana. The Ghanaian Ministry of Health paid. "
        "Ghana's health ministry waited. The Health Ministry agreed. Peru's health ministry left."
    )
    _, found = read(
        text,
        ("Ministry of Health", B),
        ("Ghana's health ministry", X),
        ("The Health Ministry", X),
        ("Peru's health ministry", X),
    )
    assert found[0] is found[1] is found[2]
    assert known(found[0])[0] == "Ministry of Health of Ghana"
    assert known(found[3])[0] == "Ministry of Health of Peru"


def test_abbreviations_stand_for_the_words_before_their_bracket() -> None:
    text = "The Andean Board for Land Rights (ABLR) and, in Lima, Miners of the North (MOTN) met."
    assert defined(text) == {
        "ABLR": "Andean Board for Land Rights",
        "MOTN": "Miners of the North",
    }
    assert defined("He gave it (OK) to the Board (XQ).") == {}


def test_an_abbreviation_has_the_full_name_even_where_that_is_not_tagged() -> None:
    text = "Staff of the Andean Board for Land Rights (ABLR) met in Peru. ABLR sued."
    _, found = read(text, ("ABLR", B))
    assert known(found[0])[0] == "Andean Board for Land Rights"


@pytest.mark.parametrize("label", [B, X])
def test_an_office_by_its_letters_is_its_holder_not_a_body(label: str) -> None:
    text = "Attorney General Kofi Tetteh of Ghana spoke. The AG left. The attorney general slept."
    _, found = read(text, ("Kofi Tetteh", P), ("The AG", label), ("The attorney general", X))
    assert found[0] is found[1] is found[2]


def test_the_chief_of_a_body_is_its_chairman() -> None:
    text = (
        "Rosa Quispe, chairwoman of the Andean Miners Front (AMF), met Luis Paz, mayor of Tarma "
        "in Peru. The AMF chief spoke."
    )
    _, found = read(text, ("Rosa Quispe", P), ("Luis Paz", P), ("The AMF chief", X))
    assert found[2] is found[0]


def test_another_bodys_chief_is_nobody_named() -> None:
    text = "Rosa Quispe, chairwoman of the Andean Miners Front, left. The Tarma Club chief spoke."
    _, found = read(text, ("Rosa Quispe", P), ("The Tarma Club chief", X))
    assert found[1] is not found[0]


def test_an_office_named_before_its_holder_is_the_one_holder_of_the_article() -> None:
    text = "The harbour minister resigned in Ghana. Harbour Minister Ama Mensah had lost a vote."
    _, found = read(text, ("The harbour minister", X), ("Ama Mensah", P))
    assert found[0] is found[1]


def test_an_indefinite_description_is_nobody_named() -> None:
    text = "Rosa Quispe, chairwoman of the Andean Miners Front, left. A Miners Front leader spoke."
    _, found = read(text, ("Rosa Quispe", P), ("A Miners Front leader", X))
    assert found[1] is not found[0]


def test_a_statement_is_its_authors_and_a_report_speaks_for_itself() -> None:
    text = "The Andean Miners Front of Peru wrote. The statement was short. The report was long."
    marked = (("Andean Miners Front", B), ("The statement", X), ("The report", X))
    _, found = read(text, *marked, links=[(2, 0, 0.9)])
    assert found[1] is found[0]
    assert found[2] is not found[0]


@pytest.mark.parametrize("words", ["The Ghanaian Government", "Ghana's federal government"])
def test_a_government_by_name_is_the_states_government(words: str) -> None:
    text = f"{words} paid in Accra, Ghana. The government slept."
    _, found = read(text, (words, B), ("The government", X))
    assert known(found[0])[0] == "Government of Ghana"
    assert found[0] is found[1]


def test_the_state_before_a_bodys_name_is_no_part_of_it() -> None:
    text = "Ghana's National Rail Board met. The Accra-based Tema Club did not."
    _, found = read(text, ("Ghana's National Rail Board", B), ("Accra-based Tema Club", B))
    assert [one and one.name for one in found] == ["National Rail Board", "Tema Club"]


def test_of_two_of_one_family_in_one_breath_the_first_is_meant() -> None:
    text = "Rosa Quispe, daughter of the miner Luis Quispe, won in Peru. Quispe sang."
    _, found = read(text, ("Rosa Quispe", P), ("Luis Quispe", P), ("Quispe", P))
    assert found[2] is found[0]


def test_a_surname_is_the_one_spoken_of_most_unless_another_was_just_named() -> None:
    text = (
        "Rosa Quispe won in Peru." + " Quispe sang." * 5 + " The rain fell on her and on the crowd "
        "that had come from the hills to see it. Luis Quispe, her father, slept. Quispe left."
    )
    names = [("Rosa Quispe", P), *[("Quispe", P)] * 5, ("Luis Quispe", P), ("Quispe", P)]
    _, found = read(text, *names)
    assert found[-1] is found[0]
    assert found[-1] is not found[-2]


def test_a_relative_pronoun_takes_up_what_ends_before_it() -> None:
    text = "The Andean Miners Front, which met in Peru, asked Luis Paz."
    _, found = read(text, ("Andean Miners Front", B), ("which", X), ("Luis Paz", P))
    assert found[1] is found[0]


def test_we_is_of_the_kind_of_who_says_it_but_not_that_person() -> None:
    text = "Harbour Minister Ama Mensah of Ghana spoke. “We pay,” she said."
    answer, found = read(text, ("Ama Mensah", P), ("We", X), links=[(1, 0, 0.9)])
    assert found[1] is None
    start = text.index("We")
    assert answer.told[(start, start + 2)][:2] == ("GHA", "GOV")


@pytest.mark.parametrize("words", ["Ayatollah Karim Daneshvar", "Khunying Karim Daneshvar"])
def test_more_honorifics_are_no_part_of_a_name(words: str) -> None:
    _, found = read(f"{words} spoke.", (words, P))
    assert known(found[0])[0] == "Karim Daneshvar"


def test_the_first_person_waits_for_the_pronoun_that_speaks() -> None:
    text = "Harbour Minister Ama Mensah of Ghana spoke. “I pay,” she said."
    marked = (("Ama Mensah", P), ("I", X), ("she", X))
    _, found = read(text, *marked, links=[(1, 2, 1.0), (2, 0, 0.9)])
    assert found[0] is found[1] is found[2]


@pytest.mark.parametrize(
    "words", ["Principal magistrate Ama Mensah", "HH the Prime Minister Sheikh Ama Mensah"]
)
def test_a_family_name_alone_marked_takes_its_title_and_given_name_along(words: str) -> None:
    text = f"{words} of Ghana spoke. Mensah left."
    _, found = read(text, (words, X), ("Mensah", P), ("Mensah", P))
    assert found[0] is found[2]
    assert known(found[0])[0] == "Ama Mensah"
    assert known(found[0])[2] in ("JUD", "GOV")


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("Ama Mensah, the mining, energy and roads secretary, left Accra in Ghana.", "GOV"),
        ("Kofi Tetteh’s top adviser for rural affairs, Ama Mensah, left Accra in Ghana.", "GOV"),
        ("Ama Mensah, who now heads the National Security Bureau, left Accra in Ghana.", "GOV"),
    ],
)
def test_more_words_beside_a_name_give_a_role(text: str, sector: str) -> None:
    _, found = read(text, ("Ama Mensah", P))
    assert known(found[0])[2] == sector


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("the Anti-Corruption Commission", "GOV"),
        ("two street vendors", "CVL"),
        ("three former executives", "BUS"),
        ("the family", "CVL"),
        ("the Lakeland Hotels Association", "BUS"),
    ],
)
def test_sectors_of_some_nouns(words: str, sector: str) -> None:
    answer, _ = read(f"Ghana waited. {words} left.", (words, X))
    assert next(iter(answer.told.values()))[1] == sector


def test_the_state_after_a_name_is_the_persons() -> None:
    text = "Ghana's farmers met in Accra. Prime Minister Luis Paz of Peru spoke."
    _, found = read(text, ("Luis Paz", P))
    assert known(found[0])[1] == "PER"


def test_a_congress_is_a_party_only_where_the_article_is_about_its_country() -> None:
    text = "Peru's miners met in Lima, Peru. " * 6 + "Congress voted."
    _, found = read(text, ("Congress", B))
    assert known(found[0])[1:] == ("PER", "LEG")
