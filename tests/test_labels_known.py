"""Lone names are what the tables know them as."""

from __future__ import annotations

import pytest

from onrecord.reading._labels_known import listed, named_phrases, relabelled
from tests.answers_by_hand import Hand


def label(text: str, name: str, label: str, *others: tuple[str, str]) -> str:
    hand = Hand(text)
    spans = [hand.tagged(words, kind) for words, kind in ((name, label), *others)]
    return relabelled(hand.words, spans)[0].label


@pytest.mark.parametrize(
    ("text", "name", "told", "expected"),
    [
        ("Talks with Hamas resumed.", "Hamas", "Location", "Organization"),
        ("Aramco cut its prices.", "Aramco", "Person", "Organization"),
        ("Riyadh recalled its envoy.", "Riyadh", "Person", "Location"),
        ("Boats went down the Amazon.", "Amazon", "Location", "Location"),
        ("Nobody knows Tamsinport.", "Tamsinport", "Person", "Person"),
    ],
)
def test_tables_know_lone_names_better(text: str, name: str, told: str, expected: str) -> None:
    assert label(text, name, told) == expected


def test_a_surname_of_the_article_stays_a_person() -> None:
    text = "Ford resigned. Helen Ford had led the harbour board."
    assert label(text, "Ford", "Person", ("Helen Ford", "Person")) == "Person"


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Norland's armed Tamsin Front", "Tamsin Front"),
        ("the yard's owner, Tamsin Lines,", "Tamsin Lines"),
        ("the mining company Tamsin Ore, which owns the yard,", "Tamsin Ore"),
        ("officials of Tamsin Lines", None),
        ("Tamsin Lines workers", None),
        ("the union and Tamsin Lines", None),
    ],
)
def test_a_phrase_that_ends_in_a_bodys_name_is_that_body(phrase: str, name: str | None) -> None:
    hand = Hand(f"Later {phrase} denied it.")
    asked = hand.range(phrase)
    own = name or "Tamsin Lines"
    found = named_phrases(hand.words, [asked], [hand.tagged(own, "Organization")])
    assert found == ({asked: hand.range(own)} if name else {})


@pytest.mark.parametrize(
    ("phrase", "names", "members"),
    [
        (
            "Osei, Addo and the union",
            {"Osei": "Person", "Addo": "Person"},
            ["Osei", "Addo", "the union"],
        ),
        (
            "Mali, Niger and Chad",
            dict.fromkeys(("Mali", "Niger", "Chad"), "Location"),
            ["Mali", "Niger", "Chad"],
        ),
        ("the mayor and his deputies", {}, ["the mayor", "his deputies"]),
        ("old men and women", {}, ["old men and women"]),
        ("the Post and Rail Union", {"Post and Rail Union": "Organization"}, None),
        ("the mayor of Accra, a lawyer", {"Accra": "Location"}, None),
        ("guards", {}, None),
    ],
)
def test_a_list_of_participants_is_cut_into_them(
    phrase: str, names: dict[str, str], members: list[str] | None
) -> None:
    hand = Hand(f"They met {phrase} there.")
    tagged = [hand.tagged(name, label) for name, label in names.items()]
    found = listed(hand.words, hand.range(phrase), tagged)
    assert found == [hand.range(m) for m in members or [phrase]]
