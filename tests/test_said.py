"""Attributions from tagged spans and link scores."""

from __future__ import annotations

from onrecord.reading import said
from onrecord.record import STANCES
from tests.answers_by_hand import Hand


def read(hand: Hand, spans: dict[str, str], *, stated: bool = True) -> list[said.Attribution]:
    tagged = sorted(hand.tagged(words, label) for words, label in spans.items())
    return said.attributions(hand.answers, tagged, tagged if stated else [], hand.distance)


def test_a_cue_takes_its_source_and_its_content() -> None:
    hand = Hand("The mayor said that the bridge was safe.")
    hand.link("source", "said", "The mayor")
    hand.link("content", "that the bridge was safe", "said")
    (found,) = read(
        hand, {"The mayor": "source", "said": "cue", "that the bridge was safe": "content"}
    )
    assert found.source == hand.range("The mayor")
    assert found.contents == (hand.range("that the bridge was safe"),)
    assert (found.kind, found.form) == ("statement", "indirect")


def test_what_only_the_wide_head_finds_is_a_view() -> None:
    hand = Hand("The mayor hopes that the bridge holds.")
    hand.link("content", "that the bridge holds", "hopes")
    (found,) = read(hand, {"hopes": "cue", "that the bridge holds": "content"}, stated=False)
    assert (found.kind, found.source) == ("view", None)


def test_a_cue_without_content_is_dropped() -> None:
    hand = Hand("The mayor said.")
    assert read(hand, {"said": "cue"}) == []


def test_a_declining_cue_needs_no_content() -> None:
    hand = Hand("The mayor declined to comment.")
    hand.choose("stance", "declined to comment", STANCES.index("decline"))
    (found,) = read(hand, {"declined to comment": "cue"})
    assert (found.stance, found.contents) == ("decline", (found.cue,))


def test_a_split_quotation_is_one_statement() -> None:
    hand = Hand("“We lost,” she said, “and we will lose again.”")
    for content in ("“We lost,”", "“and we will lose again.”"):
        hand.link("content", content, "said")
    (found,) = read(
        hand,
        {"“We lost,”": "content", "said": "cue", "“and we will lose again.”": "content"},
    )
    assert len(found.contents) == 2
    assert found.form == "direct"


def test_a_bare_quotation_has_no_cue_and_bare_prose_is_nothing() -> None:
    hand = Hand("“Never again.” The bridge was safe.")
    found = read(hand, {"“Never again.”": "content", "The bridge was safe": "content"})
    assert [(a.cue, a.contents) for a in found] == [(None, (hand.range("“Never again.”"),))]


def test_partly_quoted_content_is_mixed() -> None:
    hand = Hand("He called the old bridge “a trap”.")
    hand.link("content", "the old bridge “a trap”", "called")
    (found,) = read(hand, {"called": "cue", "the old bridge “a trap”": "content"})
    assert found.form == "mixed"


def test_spans_of_the_second_head_come_in_where_the_first_has_none() -> None:
    hand = Hand("The mayor said that it was safe.")
    wide = [hand.tagged("mayor", "source")]
    narrow = [hand.tagged("The mayor", "source"), hand.tagged("said", "source")]
    assert said.drawn(wide, narrow, "source").spans == [hand.range("mayor"), hand.range("said")]


def _quoted(text: str, gap: str = "") -> list[said.Attribution]:
    hand = Hand(text.format(gap=gap))
    hand.link("source", "said", "The harbourmaster")
    hand.link("content", "that it leaked", "said")
    spans = {
        "The harbourmaster": "source",
        "said": "cue",
        "that it leaked": "content",
        "“We patch it.”": "content",
    }
    return read(hand, spans)


def test_a_bare_quotation_is_the_previous_speakers() -> None:
    first, second = _quoted("The harbourmaster said that it leaked. “We patch it.”")
    assert second.cue is None
    assert second.source == first.source


def test_a_bare_quotation_far_from_any_speaker_has_none() -> None:
    filler = "Rain fell on the quay. " * 30
    _, second = _quoted("The harbourmaster said that it leaked. {gap}“We patch it.”", filler)
    assert second.source is None


def test_a_headline_is_not_what_the_speaker_of_the_first_sentence_said() -> None:
    hand = Hand("Ferry sinks\n\nTwo boats are missing, the mayor said.")
    for content in ("Ferry sinks", "Two boats are missing"):
        hand.link("content", content, "said")
    spans = {"Ferry sinks": "content", "Two boats are missing": "content", "said": "cue"}
    (found,) = read(hand, spans)
    assert found.contents == (hand.range("Two boats are missing"),)


def test_a_quotation_may_stand_in_a_paragraph_of_its_own() -> None:
    hand = Hand("The mayor said:\n\n“Two boats are missing.”")
    hand.link("content", "“Two boats are missing.”", "said")
    (found,) = read(hand, {"said": "cue", "“Two boats are missing.”": "content"})
    assert found.cue == hand.range("said")
