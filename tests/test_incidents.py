"""Incidents: what is one event, what stays two, and what copies and order must not change."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.analysis import counting, progress
from onrecord.analysis.incidents import incidents
from onrecord.analysis.likeness import Common, evidence
from onrecord.analysis.rows import Incident
from onrecord.analysis.told import all_told
from onrecord.analysis.words import same_name, stem
from onrecord.record import Record

from .analysis_records import Draft, empty, together

MILITIA = ("the Dawn Front", "Dawn Front", "UGA", "REB", "organization")
ARMY = ("the army", None, "UGA", "MIL", "group")
GULU = (2.77, 32.3)
LIRA = (2.25, 32.9)


def blast(
    id_: str, published: str | None, dead: str = "nine", count: int = 9, **known: str
) -> Draft:
    """A bombing in Gulu on 4 May, as one outlet tells it."""
    draft = Draft(
        id_,
        f"A bomb killed {dead} people in Gulu on Monday. Police said the Dawn Front did it.",
        published=published,
        **known,
    )
    draft.event(
        "bomb",
        "ASSAULT",
        "explosives",
        actors=[MILITIA],
        place=draft.place("Gulu", "UGA", GULU),
        time=draft.time("Monday", "2026-05-04"),
        figures=[draft.figure(dead, "dead", count)],
    )
    return draft


def shooting(
    id_: str, published: str, town: str = "Lira", day: str = "2026-05-04", **known: str
) -> Draft:
    text = f"Gunmen shot dead two teachers in {town} on Sunday."
    draft = Draft(id_, text, published=published, **known)
    draft.event(
        "shot",
        "ASSAULT",
        "firearms",
        place=draft.place(town, "UGA", LIRA if town == "Lira" else GULU),
        time=draft.time("Sunday", day),
    )
    return draft


def found(*drafts: Draft, copies: dict[str, str] | None = None) -> list[Incident]:
    records = together(*drafts)
    return incidents(records, dict.fromkeys(records, "s1"), copies or {})


def test_two_outlets_tell_of_one_bombing() -> None:
    (one,) = found(blast("a", "2026-05-05"), blast("b", "2026-05-06", "eleven", 11))
    assert (one.type, one.mode, one.status) == ("ASSAULT", "explosives", "actual")
    assert [mention.article for mention in one.mentions] == ["a", "b"]
    assert (one.first_day, one.last_day, one.day_basis) == ("2026-05-04", "2026-05-04", "event")
    assert one.place is not None
    assert one.place.name == "Gulu"
    assert (one.origins, one.carriers) == (2, 2)
    assert one.joined > 0.5


def test_conflicting_figures_stand_side_by_side_with_their_articles() -> None:
    (one,) = found(blast("a", "2026-05-05"), blast("b", "2026-05-06", "eleven", 11))
    assert [(row.article, row.of, row.low) for row in one.figures] == [
        ("a", "dead", 9),
        ("b", "dead", 11),
    ]


def test_first_reported_when_and_by_whom() -> None:
    (one,) = found(
        blast("b", "2026-05-06", publisher="Lake Courier"),
        blast("a", "2026-05-05", publisher="Hill Post"),
    )
    assert (one.reports[0].publisher, one.reports[0].published_day) == ("Hill Post", "2026-05-05")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(shooting("b", "2026-05-05"), id="another town and means"),
        pytest.param(shooting("b", "2026-05-20", "Gulu", "2026-05-19"), id="two weeks later"),
    ],
)
def test_two_attacks_stay_two(other: Draft) -> None:
    assert len(found(blast("a", "2026-05-05"), other)) == 2


def strike(id_: str, published: str, text: str, trigger: str, day: str, *more: str) -> Draft:
    draft = Draft(id_, text, published=published)
    draft.event(trigger, "PROTEST", "strike", time=draft.time("Monday", day), more=more)
    return draft


def test_a_strike_lasts() -> None:
    """Days in the texts that lie a week apart do not make it two."""
    (one,) = found(
        strike("a", "2026-05-04", "Pilots went on strike on Monday.", "strike", "2026-05-04"),
        strike("b", "2026-05-11", "Pilots held to their strike on Monday.", "strike", "2026-05-11"),
    )
    assert len(one.mentions) == 2


def test_words_that_one_article_uses_for_one_event_name_it_elsewhere_too() -> None:
    one = strike("a", "2026-05-04", "Pilots grounded jets on Monday.", "grounded", "2026-05-04")
    other = strike("b", "2026-05-04", "The stoppage hit Gulu on Monday.", "stoppage", "2026-05-04")
    between = strike("c", "2026-05-04", "Pilots grounded planes on Monday; the stoppage goes on.",
                     "grounded", "2026-05-04", "stoppage")  # fmt: skip
    known = all_told(together(one, other, between), {})
    first, second, _ = known
    assert "kin words" in (evidence(first, second, Common(known)) or {})
    assert "kin words" not in (evidence(first, second, Common(known[:2])) or {})


def test_a_headline_tells_what_its_text_tells() -> None:
    draft = Draft("a", "Bomb in Gulu\n\nA blast shook Gulu on Monday. A raid followed.")
    draft.event("Bomb", "ASSAULT", "explosives")
    draft.event("blast", "ASSAULT", "explosives")
    draft.event("raid", "COERCE", "seize")
    head, blast_, raid = all_told(together(draft), {})
    assert (head.headline, blast_.headline) == (True, False)
    assert "headline of the same article" in (evidence(head, blast_) or {})
    assert "same article, other type" in (evidence(blast_, raid) or {})


def test_events_of_two_stories_are_never_joined() -> None:
    records = together(blast("a", "2026-05-05"), blast("b", "2026-05-05"))
    assert len(incidents(records, {"a": "s1", "b": "s2"}, {})) == 2
    assert len(incidents(records, {}, {})) == 2


def test_accusations_of_two_speakers_are_two_incidents() -> None:
    drafts = []
    for id_, speaker in (("a", "Kenya"), ("b", "Sudan")):
        draft = Draft(id_, f"{speaker} accused Chad of arming rebels.", published="2026-05-05")
        code = {"Kenya": "KEN", "Sudan": "SDN"}[speaker]
        draft.event(
            "accused",
            "ACCUSE",
            "allege",
            actors=[(speaker, speaker, code, "GOV", "country")],
            recipients=[("Chad", "Chad", "TCD", "GOV", "country")],
        )
        drafts.append(draft)
    assert len(found(*drafts)) == 2


def test_planned_then_happened_is_one_incident_that_came_about() -> None:
    drafts = []
    for id_, day, words, status, kind in (
        ("a", "2026-05-04", "will visit", "future", "AGREE"),
        ("b", "2026-05-08", "visited", "actual", "CONSULT"),
    ):
        text = f"President Ana Ruiz {words} Lusaka on Thursday for talks with Zambia."
        draft = Draft(id_, text, published=day)
        draft.event(
            words.split()[-1],
            kind,
            status=status,
            actors=[("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")],
            recipients=[("Zambia", "Zambia", "ZMB", "GOV", "country")],
            place=draft.place("Lusaka", "ZMB", (-15.4, 28.3)),
            time=draft.time("Thursday", "2026-05-07"),
        )
        drafts.append(draft)
    (one,) = found(*drafts)
    assert [row.status for row in progress.path(one.reports)] == ["future", "actual"]
    assert one.status == "actual"


def claimed(id_: str, published: str, stance: str, speaker: str) -> Draft:
    text = f"{speaker} said the army shelled Gulu on Monday."
    draft = Draft(id_, text, published=published)
    said = draft.says((speaker, speaker, "UGA", "REB"), "the army shelled Gulu on Monday", stance)
    draft.event(
        "shelled",
        "ASSAULT",
        "heavy-weapons",
        actors=[ARMY],
        place=draft.place("Gulu", "UGA", GULU),
        time=draft.time("Monday", "2026-05-04"),
        by=said,
    )
    return draft


@pytest.mark.parametrize(
    ("second", "settled"), [("confirm", "actual"), ("deny", "denied"), ("claim", "claimed")]
)
def test_a_claim_is_confirmed_or_denied(second: str, settled: str) -> None:
    (one,) = found(
        claimed("a", "2026-05-05", "claim", "Odongo"), claimed("b", "2026-05-06", second, "Acen")
    )
    assert one.status == settled
    assert one.reports[0].source == "Odongo"


def test_a_copy_adds_a_carrier_and_no_origin() -> None:
    origin, copy = blast("a", "2026-05-05"), blast("c", "2026-05-06")
    (one,) = found(origin, copy, copies={"c": "a"})
    assert (one.origins, one.carriers) == (1, 2)
    assert [(row.article, row.origin) for row in one.reports] == [("a", True), ("c", False)]
    assert [mention.article for mention in one.mentions] == ["a", "c"]


def test_report_counts_and_incident_counts_differ_by_repeats() -> None:
    rows = found(
        blast("a", "2026-05-05", publisher="Hill Post"),
        blast("b", "2026-05-06", publisher="Lake Courier"),
        blast("c", "2026-05-06", publisher="Mill News"),
        shooting("d", "2026-05-05", publisher="Hill Post"),
        copies={"c": "a"},
    )
    (count,) = counting.counts(rows)
    assert count.key == ("ASSAULT",)
    assert (count.incidents, count.origins, count.articles, count.mentions) == (2, 3, 4, 4)
    assert count.publishers == 3


# -- what must not matter ----------------------------------------------------------------

CORPUS = together(
    blast("a", "2026-05-05", publisher="Hill Post"),
    blast("b", "2026-05-06", "eleven", 11),
    blast("c", "2026-05-06"),
    shooting("d", "2026-05-05"),
    shooting("e", "2026-05-05", "Gulu"),
    claimed("f", "2026-05-05", "claim", "Odongo"),
    claimed("g", "2026-05-06", "deny", "Acen"),
    blast("h", None),
)
STORY = dict.fromkeys(CORPUS, "s1")


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_articles_does_not_matter(random: random.Random) -> None:
    ids = list(CORPUS)
    random.shuffle(ids)
    shuffled = {id_: CORPUS[id_] for id_ in ids}
    assert incidents(shuffled, STORY, {"c": "a"}) == incidents(CORPUS, STORY, {"c": "a"})


@given(st.sets(st.sampled_from(sorted(CORPUS)), min_size=1), st.sampled_from(sorted(CORPUS)))
@settings(max_examples=40, deadline=None)
def test_a_copy_changes_nothing_about_the_originals(ids: set[str], copied: str) -> None:
    records = {id_: CORPUS[id_] for id_ in sorted(ids | {copied})}
    article = replace(CORPUS[copied].article, id="z", published="2026-05-30")
    more = {**records, "z": replace(CORPUS[copied], article=article)}
    story = dict.fromkeys(more, "s1")
    before = incidents(records, story, {})
    after = incidents(more, story, {"z": copied})
    assert [row.id for row in before] == [row.id for row in after]
    assert [row.origins for row in before] == [row.origins for row in after]
    assert sum(row.carriers for row in after) > sum(row.carriers for row in before)


def test_joining_again_and_story_by_story_gives_the_same() -> None:
    once = incidents(CORPUS, STORY, {})
    assert incidents(CORPUS, STORY, {}) == once
    other = together(blast("y", "2026-05-05"))
    both = incidents({**CORPUS, **other}, {**STORY, "y": "s2"}, {})
    assert [row for row in both if row.story == "s1"] == once


def test_a_very_large_story_is_joined_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from onrecord.analysis import incidents as module

    monkeypatch.setattr(module, "BLOCK", 4)
    drafts = [blast(f"a{n:02d}", "2026-05-05", f"{n} more", n) for n in range(10, 22)]
    assert [row.origins for row in found(*drafts)] == [12]


def test_every_mention_is_kept_once() -> None:
    rows = incidents(CORPUS, STORY, {})
    kept = sorted(mention for row in rows for mention in row.mentions)
    wanted = sorted(
        (id_, event.id, mention.start, mention.end)
        for id_, record in CORPUS.items()
        for event in record.events
        for mention in event.mentions
    )
    assert [tuple(mention) for mention in kept] == wanted


# -- bad input ---------------------------------------------------------------------------


def test_nothing_gives_nothing() -> None:
    assert incidents({}, {}, {}) == []
    assert incidents({"a": empty("a"), "b": empty("b", "No news.")}, {"a": "s1"}, {}) == []


def test_events_without_date_actor_place_and_sentence() -> None:
    records: dict[str, Record] = {}
    for id_ in ("a", "b"):
        draft = Draft(id_, "riots")
        draft.event("riots", "PROTEST", "riot")
        records[id_] = replace(draft.record(), sentences=())
    rows = incidents(records, {"a": "s1", "b": "s1"}, {})
    assert sum(len(row.mentions) for row in rows) == 2
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.first_day is None and row.day_basis is None for row in rows)


def test_copies_that_copy_each_other_end_somewhere() -> None:
    rows = found(blast("a", "2026-05-05"), blast("b", "2026-05-05"), copies={"a": "b", "b": "a"})
    assert sum(len(row.mentions) for row in rows) == 2


def test_a_publication_date_that_is_none_of_the_calendar() -> None:
    assert len(found(blast("a", "2026-99-99"), blast("b", "soon"))) == 1


# -- words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Grace Okello", "Okello", True),
        ("President Grace Okello", "Grace A. Okello", True),
        ("Grace Okello", "Peter Okello", False),
        ("Dawn Front", "the Dawn Front", True),
        ("UPDF", "Uganda Peoples Defence Force", True),
        ("Gulu", "Lira", False),
        ("", "Lira", False),
        ("Lake Union", "Lake Party", False),
    ],
)
def test_names_of_one_bearer(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@pytest.mark.parametrize("words", ["bombing bombed bombs bomb", "protest protesters protested"])
def test_inflections_share_a_stem(words: str) -> None:
    assert len(set(map(stem, words.split()))) == 1
