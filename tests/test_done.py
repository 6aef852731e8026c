"""Events from triggers, candidates and link scores."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from onrecord.reading import done
from onrecord.reading import labels as L
from onrecord.record import Span
from tests.answers_by_hand import Hand


def read(
    hand: Hand,
    triggers: dict[str, str],
    candidates: dict[str, str],
    sentences: Sequence[Span] = (),
) -> list[done.Happening]:
    return done.happenings(
        hand.answers,
        sorted(hand.tagged(words, kind) for words, kind in triggers.items()),
        sorted(hand.tagged(words, label) for words, label in candidates.items()),
        hand.distance,
        done.FLOORS,
        sentences,
    )


TEXT = "Police arrested two men in Quito on Monday. The arrests drew anger."
PARTS = {"Police": "participant", "two men": "participant", "Quito": "place", "Monday": "date"}


def test_roles_are_filled_by_what_is_linked() -> None:
    hand = Hand(TEXT)
    hand.link("actor", "arrested", "Police")
    hand.link("recipient", "arrested", "two men")
    hand.link("place", "arrested", "Quito")
    (found,) = read(hand, {"arrested": "COERCE"}, PARTS)
    filled = {role: [i for i, _ in found.filled(role)] for role in L.ROLES}
    assert filled == {"actor": [0], "recipient": [1], "place": [2], "date": [], "figure": []}


def test_a_candidate_is_actor_or_recipient_not_both() -> None:
    hand = Hand(TEXT)
    hand.link("actor", "arrested", "Police", 7)
    hand.link("recipient", "arrested", "Police", 5)
    (found,) = read(hand, {"arrested": "COERCE"}, PARTS)
    assert [i for i, _ in found.filled("actor")] == [0]
    assert found.filled("recipient") == []


@pytest.mark.parametrize(("score", "filled"), [(3.0, []), (8.0, [0])])
def test_a_role_from_another_sentence_must_be_surer(score: float, filled: list[int]) -> None:
    hand = Hand("Two ships sank in the storm. Police arrested the captain.")
    hand.link("recipient", "arrested", "Two ships", score)
    sentences = [Span(0, 28), Span(29, len(hand.words.text))]
    triggers, parts = {"arrested": "COERCE"}, {"Two ships": "participant"}
    (found,) = read(hand, triggers, parts, sentences)
    assert [i for i, _ in found.filled("recipient")] == filled
    (found,) = read(hand, triggers, parts)
    assert [i for i, _ in found.filled("recipient")] == [0]


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Crews moved the villagers who had blocked the road.", True),
        ("Crews moved the villagers who were blocked by the road.", False),
    ],
)
def test_whoever_stands_before_who_acts(text: str, acts: bool) -> None:
    hand = Hand(text)
    hand.link("recipient", "blocked", "the villagers")
    (found,) = read(hand, {"blocked": "PROTEST"}, {"the villagers": "participant"})
    assert bool(found.filled("actor")) is acts
    assert bool(found.filled("recipient")) is not acts


@pytest.mark.parametrize(
    ("text", "word", "swapped"),
    [
        ("The queen received the envoy.", "received", True),
        ("The queen warmly welcomed the envoy.", "welcomed", True),
        ("The queen met the envoy.", "met", False),
        ("The queen was not warmly received in the envoy’s town.", "received", False),
    ],
)
def test_a_visitor_acts_and_a_host_is_acted_on(text: str, word: str, swapped: bool) -> None:
    hand = Hand(text)
    hand.link("actor", word, "The queen")
    hand.link("recipient", word, "the envoy")
    parts = dict.fromkeys(("The queen", "the envoy"), "participant")
    (found,) = read(hand, {word: "CONSULT"}, parts)
    assert [i for i, _ in found.filled("actor")] == [int(swapped)]
    assert [i for i, _ in found.filled("recipient")] == [int(not swapped)]


@pytest.mark.parametrize("role", ["actor", "recipient", "place"])
def test_whoever_stands_right_after_by_acts(role: str) -> None:
    hand = Hand("Nurses were beaten by guards.")
    hand.link("recipient", "beaten", "Nurses")
    hand.link(role, "beaten", "guards")
    parts = dict.fromkeys(("Nurses", "guards"), "participant")
    (found,) = read(hand, {"beaten": "ASSAULT"}, parts)
    assert [i for i, _ in found.filled("actor")] == [1]
    assert [i for i, _ in found.filled("recipient")] == [0]


def actors(found: list[done.Happening]) -> list[list[int]]:
    return [[i for i, _ in h.filled("actor")] for h in found]


def test_verbs_in_a_row_have_one_subject() -> None:
    hand = Hand("Kenya closed the port, seized two ships it calls unsafe, and openly warned Malta.")
    hand.link("actor", "closed", "Kenya")
    triggers = {"closed": "COERCE", "seized": "COERCE", "warned": "THREATEN"}
    found = read(hand, triggers, {"Kenya": "participant", "Malta": "participant"})
    assert actors(found) == [[0], [0], [0]]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Kenya closed the port where Malta seized ships.", "seized"),  # another clause
        ("Kenya closed the port. But seized ships lie there.", "seized"),  # another sentence
        ("Kenya closed the port, seizing two ships.", "seizing"),  # another form
    ],
)
def test_a_subject_is_not_handed_on_to(text: str, second: str) -> None:
    hand = Hand(text)
    hand.link("actor", "closed", "Kenya")
    found = read(hand, {"closed": "COERCE", second: "COERCE"}, {"Kenya": "participant"})
    assert actors(found) == [[0], []]


def test_who_is_acted_on_does_not_become_the_actor_of_the_next_verb() -> None:
    hand = Hand("Kenya accused Malta, and warned Malta.")
    hand.link("actor", "accused", "Kenya")
    hand.link("recipient", "warned", "Kenya")
    found = read(hand, {"accused": "ACCUSE", "warned": "THREATEN"}, {"Kenya": "participant"})
    assert actors(found) == [[0], []]


def test_a_later_mention_joins_the_event_it_points_to() -> None:
    hand = Hand(TEXT)
    hand.link("event", "arrests", "arrested")
    (found,) = read(hand, {"arrested": "COERCE", "arrests": "COERCE"}, {})
    assert [t.words for t in found.triggers] == [hand.range("arrested"), hand.range("arrests")]


@pytest.mark.parametrize(
    ("role", "words"), [("status", ""), ("place", "Quito Lima"), ("date", "Monday May")]
)
def test_what_differs_keeps_triggers_apart_unless_the_link_is_sure(role: str, words: str) -> None:
    def events(score: float, *, differ: bool) -> int:
        hand = Hand("Police arrested men in Quito on Monday. Arrests in Lima in May drew anger.")
        hand.link("event", "Arrests", "arrested", score)
        if differ and role == "status":
            hand.choose("status", "Arrests", L.STATUS_CLASSES.index("historical"))
        elif differ:
            for trigger, filler in zip(("arrested", "Arrests"), words.split()):
                hand.link(role, trigger, filler)
        triggers = {"arrested": "COERCE", "Arrests": "COERCE"}
        return len(read(hand, triggers, dict.fromkeys(words.split(), role)))

    assert [events(2.5, differ=False), events(2.5, differ=True), events(8, differ=True)] == [
        1,
        2,
        1,
    ]


@pytest.mark.parametrize(("score", "kind"), [(1.0, "COERCE"), (3.5, "PROTEST")])
def test_triggers_stay_apart_without_a_link_sure_enough(score: float, kind: str) -> None:
    hand = Hand(TEXT)
    hand.link("event", "arrests", "arrested", score)
    assert len(read(hand, {"arrested": "COERCE", "arrests": kind}, {})) == 2


def test_a_sure_link_goes_before_the_type_of_the_later_word() -> None:
    hand = Hand(TEXT)
    hand.link("event", "arrests", "arrested", 6)
    (found,) = read(hand, {"arrested": "COERCE", "arrests": "PROTEST"}, {})
    assert [t.type for t in found.triggers] == ["COERCE", "COERCE"]


def test_a_mode_is_one_of_the_types_own() -> None:
    hand = Hand(TEXT)
    hand.choose("mode", "arrested", L.MODE_CLASSES.index(("PROTEST", "riot")))
    hand.answers.classes["mode"][:, L.MODE_CLASSES.index(("COERCE", "arrest"))] = 1
    (found,) = read(hand, {"arrested": "COERCE"}, {})
    assert found.head.mode == "arrest"


def test_status_and_hearsay_are_read_at_the_trigger() -> None:
    hand = Hand(TEXT)
    hand.choose("status", "arrested", L.STATUS_CLASSES.index("denied"))
    hand.choose("by", "arrested", 1)
    (found,) = read(hand, {"arrested": "COERCE"}, {})
    assert (found.head.status, found.head.by) == ("denied", True)


def test_no_triggers_no_events() -> None:
    assert read(Hand(TEXT), {}, PARTS) == []
