"""The scorer of joining: what counts as found, given and right."""

from __future__ import annotations

from onrecord.analysis.rows import Dispute, Incident, Mention, Office, Side
from onrecord.evaluation.joining import (
    dispute_score,
    incident_scores,
    mapped,
    office_score,
    pair_up,
    place_of,
    sample_articles,
    sample_truth,
    truth_groups,
)


def incident(id_: str, *spans: tuple[str, int, int]) -> Incident:
    mentions = tuple(Mention(article, "v1", start, end) for article, start, end in spans)
    return Incident(
        id_, "ASSAULT", None, (), "actual", (), (), None, None, None, None, "s", mentions, (), (),
        1, 1, None, 1.0, 1.0,
    )  # fmt: skip


def test_words_of_the_truth_are_found_by_their_number() -> None:
    texts = {"a": "raid after raid"}
    assert place_of({"article": "a", "words": "raid", "nth": 2}, texts) == ("a", 11, 15)


def test_each_mention_pairs_with_the_one_that_overlaps_it_most() -> None:
    gold = [("a", 0, 4), ("a", 10, 14)]
    given = [("a", 0, 3), ("a", 2, 3), ("a", 20, 24), ("b", 10, 14)]
    assert pair_up(gold, given) == {("a", 0, 4): ("a", 0, 3)}


def test_incidents_are_scored_on_the_mentions_both_have() -> None:
    gold = {("a", 0, 4): "x", ("b", 0, 4): "x", ("c", 0, 4): "y", ("d", 0, 4): "y"}
    rows = [incident("i", ("a", 0, 4), ("b", 0, 4), ("c", 0, 4)), incident("j", ("e", 0, 4))]
    mentions, pairs = incident_scores(gold, rows)
    assert (mentions.right, mentions.given, mentions.wanted) == (3, 4, 4)
    assert (pairs.right, pairs.given, pairs.wanted) == (1, 3, 1)
    assert (pairs.precision, pairs.recall, pairs.f1) == (1 / 3, 1.0, 0.5)
    assert mapped(gold, rows) == {"i": "x"}


def test_a_dispute_needs_its_kind_and_two_of_its_sides_and_counts_once() -> None:
    texts = {"a": "it fired. it never fired."}
    sides = [
        {"article": "a", "words": "it fired", "stance": "claim", "speaker": "A"},
        {"article": "a", "words": "it never fired", "stance": "deny", "speaker": "B"},
    ]
    truth = {"disputes": [{"id": "d", "kind": "denial", "sides": sides}]}
    both = tuple(
        Side("a", None, start, end, None, None, "", None) for start, end in ((0, 8), (10, 24))
    )
    row = Dispute("1", "denial", "s", None, "", both)
    score, missed, wrong = dispute_score(truth, texts, [row, row._replace(id="2")])
    assert (score.right, score.given, missed, len(wrong)) == (1, 2, [], 1)
    for other in (row._replace(kind="blame"), row._replace(sides=both[:1])):
        assert dispute_score(truth, texts, [other])[0].right == 0


def test_an_office_needs_person_office_country_and_whether_it_is_past() -> None:
    gold = {"person": "Ana Ruiz", "office": "Health Minister", "country": "BOL", "former": False}
    row = Office("Ana Ruiz", "health minister", "BOL", None, False, None, None, 1, ())
    assert office_score({"offices": [gold]}, [row])[0].right == 1
    for other in (
        row._replace(person="Luz Paz"),
        row._replace(office="mayor of Potosi"),
        row._replace(country="PER"),
        row._replace(former=True),
    ):
        assert office_score({"offices": [gold]}, [other])[0].right == 0


def test_the_truth_of_the_sample_stands_in_its_texts() -> None:
    texts = {article.id or "": article.text for article in sample_articles()}
    truth = sample_truth()
    assert truth_groups(truth, texts)
    assert all(place_of(side, texts) for row in truth["disputes"] for side in row["sides"])
