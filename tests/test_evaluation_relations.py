"""The relation of a marked pair and the participants of single sentences, worked by hand."""

from __future__ import annotations

import pytest

from onrecord.evaluation import cameo, relations
from tests.evaluation_rows import event, participant, record

ROW = {"text": "A aids B", "source": [[0, 1]], "target": [[7, 8]], "type": "AID", "quad": 2}


def test_concede_and_retreat_add_up_to_yield() -> None:
    given = {"CONCEDE": 0.3, "RETREAT": 0.3, "AID": 0.4}
    assert relations.answers(given)["15 types"] == "YIELD"


def test_the_quad_is_the_largest_sum_not_that_of_the_best_type() -> None:
    given = {"ASSAULT": 0.4, "AGREE": 0.3, "CONSULT": 0.3}
    assert relations.answers(given) == {
        "15 types": "ASSAULT",
        "quad": "1",
        "binary": "cooperation",
    }


def test_quads_follow_the_published_sets() -> None:
    assert relations.quad_of("YIELD") == 2
    assert relations.quad_of("REQUEST") == 3
    assert [relations.side_of(quad) for quad in (1, 2, 3, 4)] == [
        "cooperation",
        "cooperation",
        "conflict",
        "conflict",
    ]


def test_a_wrong_type_of_the_right_quad() -> None:
    counts = relations.score(relations.marked_pair(ROW), {"COOPERATE": 1.0})
    assert counts["15 types accuracy"] == (0, 1)
    assert counts["quad accuracy"] == (1, 1)
    assert counts["binary accuracy"] == (1, 1)
    macro = dict(zip(relations.TYPES, zip(*[iter(counts["15 types macro F1"])] * 3)))
    assert macro["AID"] == (0, 0, 1)
    assert macro["COOPERATE"] == (0, 1, 0)


def test_without_probabilities_the_first_label_stands() -> None:
    assert relations.answers({})["15 types"] == relations.TYPES[0]


@pytest.mark.parametrize("wrong", [{"type": "CONCEDE"}, {"quad": 5}, {"source": [[0]]}])
def test_rows_that_are_none_of_the_set(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        relations.marked_pair(ROW | wrong)


TOKENS = ["Old", "Norland", "fined", "two", "ports", "and", "a", "ferry"]
TAGS = ["B-S", "I-S", "B-R", "B-T", "I-T", "O", "B-T", "I-T"]
TEXT = " ".join(TOKENS)
SENTENCE = cameo.tagged_sentence({"tokens": TOKENS, "tags": TAGS})


def test_tags_become_spans_of_the_joined_tokens() -> None:
    spans = {role: [TEXT[a:b] for a, b in runs] for role, runs in SENTENCE.spans.items()}
    assert spans == {"S": ["Old Norland"], "T": ["two ports", "a ferry"]}


def test_an_inside_tag_without_a_beginning_opens_a_span() -> None:
    offsets = [(0, 1), (2, 3), (4, 5)]
    assert cameo.bio_spans(["I-S", "I-T", "I-T"], offsets) == [(0, 1, "S"), (2, 5, "T")]
    assert cameo.bio_spans(["B-S", "B-S", "O"], offsets) == [(0, 1, "S"), (2, 3, "S")]


def found(actors: list[str], recipients: list[str]) -> dict[str, tuple[float, ...]]:
    sides = [
        [participant((TEXT.index(w), TEXT.index(w) + len(w))) for w in words]
        for words in (actors, recipients)
    ]
    fined = event("v1", "COERCE", (12, 17), actors=sides[0], recipients=sides[1])
    return cameo.score(SENTENCE, record(TEXT, events=[fined, fined]))


def test_participants_that_agree_exactly_count_once() -> None:
    counts = found(["Old Norland"], ["two ports", "a ferry"])
    assert counts["participants exact F1"] == (3, 3, 3)
    assert counts["participants overlap F1"] == (3, 3, 3)


def test_a_word_short_is_an_overlap_only() -> None:
    counts = found(["Norland"], ["two ports"])
    assert counts["source exact F1"] == (0, 1, 1)
    assert counts["source overlap F1"] == (1, 1, 1)
    assert counts["target exact F1"] == (1, 1, 2)


def test_roles_swapped_are_wrong() -> None:
    assert found(["two ports"], ["Old Norland"])["participants overlap F1"] == (0, 2, 3)


def test_a_sentence_without_events_finds_nobody() -> None:
    counts = cameo.score(SENTENCE, record(TEXT))
    assert counts["participants exact F1"] == (0, 0, 3)


def test_labels_of_another_corpus_are_refused() -> None:
    with pytest.raises(ValueError, match="'Person' is none"):
        cameo.tagged_sentence({"tokens": ["Ilse"], "tags": ["B-Person"]})
