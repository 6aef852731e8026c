"""Countries by name, demonym, capital and metonym."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.knowledge import countries


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        ("Uruguay", "URY", "name"),
        ("Uruguayan", "URY", "demonym"),
        ("Uruguayans", "URY", "demonym"),
        ("Montevideo", "URY", "capital"),
        ("the Kremlin", "RUS", "metonym"),
        ("Washington", "USA", "metonym"),
        ("Brussels", "BEL", "capital"),
        ("the European Union", "EUR", "name"),
        ("the UN", "UNO", "name"),
        ("Elysée", "FRA", "metonym"),
        ("Cote d’Ivoire", "CIV", "name"),
        ("the Netherlands", "NLD", "name"),
        ("Burma's", "MMR", "name"),
        ("U.S.", "USA", "name"),
    ],
)
def test_words_that_stand_for_a_country(words: str, code: str, kind: str) -> None:
    match = countries.lookup(words)
    assert match is not None
    assert (match.code, match.kind) == (code, kind)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Niger", "NER"),
        ("Nigerien", "NER"),
        ("Nigeria", "NGA"),
        ("Nigerian", "NGA"),
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("Papua New Guinea", "PNG"),
        ("Congo", "COD"),
        ("DR Congo", "COD"),
        ("Congo-Brazzaville", "COG"),
        ("North Korea", "PRK"),
        ("Korea", "KOR"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("Ireland", "IRL"),
        ("Northern Ireland", "GBR"),
        ("Georgia", "GEO"),
        ("Jordan", "JOR"),
    ],
)
def test_look_alikes_are_told_apart(words: str, code: str) -> None:
    match = countries.lookup(words)
    assert match is not None
    assert match.code == code


@pytest.mark.parametrize("words", ["", "us", "turkey", "New Mexico", "Atlantis", "chad", "polish"])
def test_words_that_stand_for_no_country(words: str) -> None:
    assert countries.lookup(words) is None


def test_canonical_names() -> None:
    assert countries.name_of("COD") == "Democratic Republic of the Congo"
    assert countries.name_of("TUR") == "Turkey"
    assert countries.name_of("ZZZ") is None


def test_find_takes_the_longest_match_at_word_boundaries() -> None:
    text = "New Mexico told us that the US, US-led Iraqis and Equatorial Guinea's envoy met."
    words = [(text[start:end], match.code) for start, end, match in countries.find(text)]
    assert words == [
        ("US", "USA"),
        ("US", "USA"),
        ("Iraqis", "IRQ"),
        ("Equatorial Guinea", "GNQ"),
    ]


def test_every_code_has_a_name_and_that_name_leads_back_to_it() -> None:
    for code in ("VEN", "GBR", "KOR", "PRK", "XKX", "EUR", "UNO", "SUN"):
        name = countries.name_of(code)
        assert name is not None
        match = countries.lookup(name)
        assert match is not None
        assert match.code == code


@given(st.text(max_size=200))
def test_any_text_gives_ordered_matches_inside_it(text: str) -> None:
    last = 0
    for start, end, match in countries.find(text):
        assert last <= start < end <= len(text)
        assert match.name == countries.name_of(match.code)
        last = end
    countries.lookup(text)
