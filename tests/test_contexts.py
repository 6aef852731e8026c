"""Contexts come from words, sectors and modes, and are empty when none is sure."""

from __future__ import annotations

from onrecord import ontology
from onrecord.reading import _contexts
from onrecord.reading._contexts import contexts


def test_nothing_sure_no_context() -> None:
    assert contexts("CONSULT", None, [None, "GOV"], "The two men met.") == []


def test_a_sector_settles_a_context() -> None:
    assert contexts("MOBILIZE", "troops", ["MIL"], "Units moved north.") == ["military"]


def test_a_mode_settles_a_context() -> None:
    assert contexts("COERCE", "cyber", [], "It was blamed for it.") == ["cyber"]


def test_words_of_the_sentence_settle_contexts() -> None:
    found = contexts("SANCTION", "discontinue", ["GOV"], "New tariffs on oil imports took effect.")
    assert found == ["economic", "natural_resource"]


def test_every_context_is_one_of_plovers() -> None:
    named = {*_contexts._WORDS, *_contexts._BY_SECTOR.values()}
    named |= {c for c in _contexts._BY_MODE.values() if c}
    assert named <= set(ontology.contexts())
