"""Events against gold, worked by hand; calibration of confidences."""

from __future__ import annotations

from typing import Any

import pytest

from onrecord.evaluation import calibration, events
from onrecord.evaluation.gold import GoldReport, report
from onrecord.record import Event, Record
from tests.evaluation_rows import at, entity, event, participant, place, record, statement, time

TEXT = (
    "Police arrested two dockers in Varna on Monday. The arrests angered the union, which "
    "demanded talks. The mayor, a clerk claims, had threatened a ban. He met the union."
)


def side(words: str, name: str | None = None, code: str | None = None, sector: str | None = None,
         nth: int = 1) -> dict[str, Any]:  # fmt: skip
    return {"t": words, "name": name, "code": code, "sector": sector, "span": at(TEXT, words, nth)}


def gold_event(number: int, trigger: str, type_: str, **fields: Any) -> dict[str, Any]:
    row = {"e": number, "s": 0, "trigger": at(TEXT, trigger), "type": type_, "status": "actual"}
    return row | {"actor": [], "recipient": []} | fields


ARREST = gold_event(
    1,
    "arrested",
    "COERCE",
    mode="arrest",
    actor=[side("Police", "Varna police", "BGR", "COP")],
    recipient=[side("two dockers", None, "BGR", "LAB")],
    place={"t": "Varna", "name": "Varna, Bulgaria", "span": at(TEXT, "Varna")},
    date={"t": "on Monday", "span": at(TEXT, "on Monday")},
)
ARREST_AGAIN = {"e": 1, "s": 1, "trigger": at(TEXT, "arrests")}
THREAT = gold_event(
    2,
    "threatened",
    "THREATEN",
    mode="restrict",
    actor=[side("The mayor", "Petar Kolev", "BGR", "GOV")],
    by="a clerk",
)
MEETING = gold_event(3, "met", "CONSULT", actor=[side("He", "Petar Kolev", "BGR", "GOV")])


def gold_report(*rows: dict[str, Any]) -> GoldReport:
    return report({"id": "x_1", "text": TEXT, "events": list(rows), "statements": []})


def run(*words: str) -> list[tuple[int, int]]:
    return [at(TEXT, w) for w in words]


def score(row: GoldReport, *found: Event, **parts: Any) -> dict[str, tuple[float, ...]]:
    return events.score(row, record(TEXT, events=found, **parts))


def test_later_mentions_take_type_and_status_of_their_event() -> None:
    row = gold_report(ARREST, ARREST_AGAIN | {"status": "historical"}, THREAT)
    assert [(m.type, m.status, m.event) for m in row.mentions] == [
        ("COERCE", "actual", 0),
        ("COERCE", "historical", 0),
        ("THREATEN", "actual", 1),
    ]


def test_triggers_type_and_status_are_counted_mention_by_mention() -> None:
    counts = score(
        gold_report(ARREST, ARREST_AGAIN, THREAT),
        event("v1", "COERCE", *run("arrested", "arrests")),
        event("v2", "THREATEN", at(TEXT, "threatened"), status="hypothetical"),
        event("v3", "REQUEST", at(TEXT, "demanded")),
    )
    assert counts["trigger F1"] == (3, 4, 3)
    assert counts["trigger + type F1"] == (3, 4, 3)
    assert counts["trigger + type + status F1"] == (2, 4, 3)


def test_a_wrong_type_keeps_the_trigger() -> None:
    counts = score(gold_report(ARREST), event("v1", "ASSAULT", at(TEXT, "arrested")))
    assert counts["trigger F1"] == (1, 1, 1)
    assert counts["trigger + type F1"] == (0, 1, 1)
    macro = dict(zip(events.TYPES, zip(*[iter(counts["type macro F1"])] * 3)))
    assert macro["COERCE"] == (0, 0, 1)
    assert macro["ASSAULT"] == (0, 1, 0)


def test_an_empty_record_misses_all_triggers() -> None:
    counts = score(gold_report(ARREST, ARREST_AGAIN))
    assert counts["trigger F1"] == (0, 0, 2)
    assert counts["actor F1"] == (0, 0, 0)
    assert counts["merging pairwise F1"] == (0, 0, 0)


def test_a_trigger_beside_the_word_is_wrong() -> None:
    start, end = at(TEXT, "arrested")
    counts = score(gold_report(ARREST), event("v1", "COERCE", (end, end + 4)))
    assert counts["trigger F1"] == (0, 1, 1)
    assert score(gold_report(ARREST), event("v1", "COERCE", (start - 4, start + 1)))[
        "trigger F1"
    ] == (1, 1, 1)


def test_two_predictions_on_one_trigger_are_one_right_and_one_wrong() -> None:
    trigger = at(TEXT, "arrested")
    counts = score(
        gold_report(ARREST), event("v1", "ASSAULT", trigger), event("v2", "COERCE", trigger)
    )
    assert counts["trigger F1"] == (1, 2, 1)
    assert counts["trigger + type F1"] == (1, 2, 1)


def test_false_events_count_on_reports_without_events_only() -> None:
    name = "false events a report without events"
    found = event("v1", "REQUEST", at(TEXT, "demanded"))
    assert score(gold_report(), found)[name] == (1, 1)
    assert score(gold_report())[name] == (0, 1)
    assert score(gold_report(ARREST), found)[name] == (0, 0)


@pytest.mark.parametrize(("mode", "right"), [("arrest", 1), ("seize", 0), (None, 0)])
def test_mode_counts_on_events_of_one_type(mode: str | None, right: int) -> None:
    counts = score(gold_report(ARREST), event("v1", "COERCE", at(TEXT, "arrested"), mode=mode))
    assert counts["mode accuracy"] == (right, 1)


def test_mode_does_not_count_where_types_differ_or_have_none() -> None:
    other = score(gold_report(ARREST), event("v1", "ASSAULT", at(TEXT, "arrested"), mode="beat"))
    assert other["mode accuracy"] == (0, 0)
    row = gold_report(gold_event(1, "demanded", "AGREE"))
    assert score(row, event("v1", "AGREE", at(TEXT, "demanded")))["mode accuracy"] == (0, 0)


def test_participants_are_right_by_overlapping_words() -> None:
    found = event(
        "v1",
        "COERCE",
        at(TEXT, "arrested"),
        actors=[participant(at(TEXT, "Police"), country="BGR", sector="MIL")],
        recipients=[participant(at(TEXT, "dockers in Varna"), country="BGR", sector="LAB")],
    )
    counts = score(gold_report(ARREST), found)
    assert counts["actor F1"] == (1, 1, 1)
    assert counts["recipient F1"] == (1, 1, 1)
    assert counts["country accuracy"] == (2, 2)
    assert counts["sector accuracy"] == (1, 2)


def test_participants_are_right_by_the_name_of_their_entity() -> None:
    found = event(
        "v1",
        "CONSULT",
        at(TEXT, "met"),
        actors=[participant(at(TEXT, "The mayor"), entity="e1", country="BGR", sector="GOV")],
    )
    known = {"entities": [entity("e1", "Kolev")]}
    assert score(gold_report(MEETING), found, **known)["actor F1"] == (1, 1, 1)
    stranger = {"entities": [entity("e1", "Ilse Brandt")]}
    assert score(gold_report(MEETING), found, **stranger)["actor F1"] == (0, 1, 1)


def test_actor_and_recipient_swapped_are_both_wrong() -> None:
    found = event(
        "v1",
        "COERCE",
        at(TEXT, "arrested"),
        actors=[participant(at(TEXT, "two dockers"))],
        recipients=[participant(at(TEXT, "Police"))],
    )
    counts = score(gold_report(ARREST), found)
    assert counts["actor F1"] == counts["recipient F1"] == (0, 1, 1)


def test_one_long_participant_is_not_two() -> None:
    row = gold_report(
        gold_event(1, "arrested", "COERCE", actor=[side("Police"), side("two dockers")])
    )
    long = event(
        "v1", "COERCE", at(TEXT, "arrested"), actors=[participant((0, at(TEXT, "in Varna")[0]))]
    )
    assert score(row, long)["actor F1"] == (1, 1, 2)


def test_participants_of_unmatched_events_do_not_count() -> None:
    found = event("v1", "REQUEST", at(TEXT, "demanded"), actors=[participant((0, 6))])
    assert score(gold_report(ARREST), found)["actor F1"] == (0, 0, 0)


def test_place_and_date_are_right_by_overlapping_words() -> None:
    found = event("v1", "COERCE", at(TEXT, "arrested"), place="p1", time="t1")
    counts = score(
        gold_report(ARREST),
        found,
        places=[place("p1", at(TEXT, "Varna"))],
        times=[time("t1", at(TEXT, "Monday"))],
    )
    assert counts["place words F1"] == (1, 1, 1)
    assert counts["date words F1"] == (1, 1, 1)


def test_place_missing_superfluous_or_elsewhere() -> None:
    missing = score(gold_report(ARREST), event("v1", "COERCE", at(TEXT, "arrested")))
    assert missing["place words F1"] == (0, 0, 1)
    elsewhere = {"places": [place("p1", (0, 6))]}
    found = event("v1", "COERCE", at(TEXT, "arrested"), place="p1")
    assert score(gold_report(ARREST), found, **elsewhere)["place words F1"] == (0, 1, 1)
    found = event("v1", "CONSULT", at(TEXT, "met"), place="p1")
    assert score(gold_report(MEETING), found, **elsewhere)["place words F1"] == (0, 1, 0)


@pytest.mark.parametrize(
    ("words", "name", "counts"),
    [
        ("a clerk", None, (1, 1, 1)),
        ("The mayor", None, (0, 1, 1)),
        ("He", "a clerk", (1, 1, 1)),
    ],
)
def test_on_whose_word_is_right_by_name_or_words(
    words: str, name: str | None, counts: tuple[int, ...]
) -> None:
    by = statement("s1", speaker=at(TEXT, words), entity="e1")
    found = event("v1", "THREATEN", at(TEXT, "threatened"), statement="s1")
    parts = {"statements": [by], "entities": [entity("e1", name)]}
    assert score(gold_report(THREAT), found, **parts)["on whose word F1"] == counts


def test_on_whose_word_missing_or_superfluous() -> None:
    found = event("v1", "THREATEN", at(TEXT, "threatened"))
    assert score(gold_report(THREAT), found)["on whose word F1"] == (0, 0, 1)
    found = event("v1", "COERCE", at(TEXT, "arrested"), statement="s1")
    said = [statement("s1", speaker=at(TEXT, "a clerk"))]
    assert score(gold_report(ARREST), found, statements=said)["on whose word F1"] == (0, 1, 0)


THREE = ("arrested", "arrests", "angered")


@pytest.mark.parametrize(
    ("groups", "counts"),
    [
        ([THREE], (3, 3, 3)),
        ([THREE[:2], THREE[2:]], (1, 1, 3)),
        ([THREE[:1], THREE[1:2], THREE[2:]], (0, 0, 3)),
        ([(*THREE, "threatened")], (3, 6, 3)),
    ],
)
def test_merging_counts_pairs_of_matched_triggers(
    groups: list[tuple[str, ...]], counts: tuple[int, ...]
) -> None:
    third = {"e": 1, "s": 1, "trigger": at(TEXT, "angered")}
    row = gold_report(ARREST, ARREST_AGAIN, third, THREAT)
    found = [event(f"v{i}", "COERCE", *run(*group)) for i, group in enumerate(groups)]
    assert score(row, *found)["merging pairwise F1"] == counts


def test_an_event_that_swallows_two_is_matched_with_the_one_it_shares_more_with() -> None:
    row = gold_report(ARREST, ARREST_AGAIN, THREAT)
    swallowing = event("v1", "COERCE", *run("arrested", "arrests", "threatened"))
    alignment = events.align(row, record(TEXT, events=[swallowing]))
    assert [gold.type for gold, _ in alignment.events] == ["COERCE"]


def judged(*found: Event) -> Record:
    return record(TEXT, events=found)


def test_confidence_is_judged_by_trigger_and_type() -> None:
    found = judged(
        event("v1", "COERCE", at(TEXT, "arrested"), confidence=0.8),
        event("v2", "ASSAULT", at(TEXT, "threatened"), confidence=0.6),
        event("v3", "REQUEST", at(TEXT, "demanded"), confidence=0.1),
    )
    row = gold_report(ARREST, THREAT)
    assert calibration.judged_events(row, found) == [(0.8, True), (0.6, False), (0.1, False)]


def test_brier_and_bins_worked_by_hand() -> None:
    brier, bins = calibration.counts([(0.8, True), (0.6, False), (1.0, True)])
    assert brier == (pytest.approx(0.04 + 0.36), 3)
    by_bin = list(zip(*[iter(bins)] * 3))
    assert by_bin[8] == (1, 0.8, 1)
    assert by_bin[6] == (1, 0.6, 0)
    assert by_bin[9] == (1, 1.0, 1)
    assert by_bin[0] == (0, 0, 0)


def test_nothing_judged_counts_nothing() -> None:
    brier, bins = calibration.counts([])
    assert brier == (0, 0)
    assert set(bins) == {0}


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_outside_zero_to_one_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="no probability"):
        calibration.bin_of(confidence)


def test_views_are_not_judged() -> None:
    found = record(
        TEXT,
        statements=[
            statement("s1", cue=at(TEXT, "claims"), confidence=0.7),
            statement("s2", cue=at(TEXT, "angered"), kind="view"),
        ],
    )
    assert calibration.judged_statements(gold_report(), found) == [(0.7, False)]
