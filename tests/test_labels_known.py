"""Lone names are what the tables know them as."""

from __future__ import annotations

import pytest

from onrecord.reading._labels_known import relabelled
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
