"""Offices seen in reports: their words, their holders, who left and who followed."""

from __future__ import annotations

import pytest

from onrecord.analysis.offices import offices, snapshot, successions
from onrecord.analysis.roles import parse
from onrecord.analysis.rows import Office

from .analysis_records import Draft, empty, together


@pytest.mark.parametrize(
    ("words", "office", "organisation", "country", "former"),
    [
        ("Foreign Minister of Peru", "Foreign Minister", None, "PER", False),
        ("Kenya's former foreign minister", "foreign minister", None, "KEN", True),
        ("the Costa Rican interior minister", "interior minister", None, "CRI", False),
        ("mayor of Lebanon", "mayor of Lebanon", "Lebanon", None, False),
        ("the union's secretary general", "secretary general", "union", None, False),
        ("Minister of Mines of Zambia", "Minister of Mines", "Mines", "ZMB", False),
        ("ex-president", "president", None, None, True),
        ("miners and Health Minister", "Health Minister", None, None, False),
        ("Lebanon's mayor", "mayor of Lebanon", "Lebanon", None, False),
    ],
)
def test_what_the_words_of_a_role_say(
    words: str, office: str, organisation: str | None, country: str | None, former: bool
) -> None:
    assert parse(words) == (office, organisation, country, former)


@pytest.mark.parametrize(
    "words", ["", "Captain", "presidential candidate", "her counterpart", "Dr", "president-elect",
              "governor of", "A judge at"],
)  # fmt: skip
def test_words_that_give_nobody_an_office(words: str) -> None:
    assert parse(words) is None


def seen(*texts: str, name: str = "Ana Ruiz", role: str | None = None) -> list[Office]:
    drafts = []
    for at, text in enumerate(texts):
        draft = Draft(f"a{at}", text, published=f"2026-03-{at + 1:02d}")
        draft.entity(name, name, "BOL", "GOV", role=role)
        drafts.append(draft)
    return offices(together(*drafts), {})


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz, the mayor of Potosi, spoke on Monday.",
        "The mayor of Potosi, Ana Ruiz, spoke on Monday.",
        "Ana Ruiz was appointed mayor of Potosi on Monday.",
        "Ana Ruiz, who became mayor of Potosi in May, spoke.",
    ],
)
def test_an_office_beside_a_name(text: str) -> None:
    (row,) = seen(text)
    assert (row.person, row.office, row.country) == ("Ana Ruiz", "mayor of Potosi", "BOL")
    assert not row.former
    assert row.sentences == (("a0", 0, len(text)),)


def test_first_and_last_sighting_and_origins() -> None:
    text = "Ana Ruiz, the mayor of Potosi, spoke."
    (row,) = seen(text, text, text)
    assert (row.first_seen, row.last_seen, row.origins) == ("2026-03-01", "2026-03-03", 3)


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz, the mayor of Potosi, resigned on Monday.",
        "Ana Ruiz resigned as mayor of Potosi.",
        "The president dismissed the mayor of Potosi, Ana Ruiz, on Monday.",
        "Former mayor of Potosi Ana Ruiz was fined.",
    ],
)
def test_an_office_that_was_left(text: str) -> None:
    role = "Former mayor of Potosi" if text.startswith("Former") else None
    assert [row.former for row in seen(text, role=role)] == [True]


def two_ministers() -> list[Office]:
    one = Draft("a", "Ana Ruiz, the health minister, resigned.", published="2026-03-01")
    one.entity("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")
    two = Draft("b", "Luz Paz, the health minister, took over.", published="2026-03-05")
    two.entity("Luz Paz", "Luz Paz", "BOL", "GOV")
    return offices(together(one, two), {})


def test_a_succession_is_visible() -> None:
    (one,) = successions(two_ministers())
    assert (one.before.person, one.after.person, one.conflict) == ("Ana Ruiz", "Luz Paz", False)


def test_two_holders_at_once_are_a_conflict() -> None:
    rows = [row._replace(former=False) for row in two_ministers()]
    assert [one.conflict for one in successions(rows)] == [True]


def test_a_persons_correction_wins() -> None:
    draft = Draft("a", "Ana Ruiz, the health minister, spoke.", published="2026-03-01")
    draft.entity("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")
    right = Office("Ana Ruiz", "labour minister", "BOL", None, False, None, None, 0, ())
    assert offices(together(draft), {}, corrected=[right]) == [right]


def test_a_snapshot_knows_only_what_was_published_by_then() -> None:
    early = Draft("a", "Ana Ruiz, the mayor of Potosi, spoke.", published="2026-03-01")
    late = Draft("b", "Ana Ruiz, the health minister, spoke.", published="2026-03-09")
    for draft in (early, late):
        draft.entity("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")
    records = together(early, late)
    (then,) = snapshot(offices(records, {}, as_of="2026-03-02"))
    (now,) = snapshot(offices(records, {}))
    assert (then.role, now.role) == ("mayor of Potosi", "health minister")


def test_copies_are_no_further_origins() -> None:
    drafts = [Draft(id_, "Ana Ruiz, the mayor of Potosi, spoke.") for id_ in ("a", "b")]
    for draft in drafts:
        draft.entity("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")
    (row,) = offices(together(*drafts), {"b": "a"})
    assert (row.origins, len(row.sentences), row.first_seen) == (1, 2, None)


def test_nothing_gives_nothing() -> None:
    assert offices({}, {}) == []
    assert offices({"a": empty("a", "Words.")}, {}) == []
    assert successions([]) == []
    assert snapshot([]) == []


def test_its_leader_leads_the_subject_of_the_sentence_before() -> None:
    draft = Draft(
        "a", "The Reed Party blamed the Canal Board. Its leader, Ana Ruiz, asked for pumps."
    )
    draft.entity("Ana Ruiz", "Ana Ruiz", "BOL")
    draft.entity("Reed Party", "Reed Party", "BOL", kind="organization")
    draft.entity("Canal Board", "Canal Board", "BOL", kind="organization")
    (row,) = offices(together(draft), {})
    assert (row.office, row.organisation) == ("leader", "Reed Party")


def test_a_leader_of_nothing_holds_no_office() -> None:
    assert seen("“Dig here,” said their leader, Ana Ruiz.") == []


def test_a_body_with_its_country_gives_the_country() -> None:
    draft = Draft("a", "Peru's navy kept silent. Ana Ruiz, the navy's spokeswoman, was away.")
    draft.entity("Ana Ruiz", "Ana Ruiz", "BOL")
    draft.entity("Peru's navy", None, "PER", "MIL", kind="organization")
    (row,) = offices(together(draft), {})
    assert (row.organisation, row.country) == ("navy", "PER")


def test_an_office_until_now() -> None:
    (row,) = seen("Ana Ruiz, until now the director of Potosi hospital, took over.")
    assert (row.office, row.former) == ("director of Potosi hospital", True)


def test_the_place_of_a_mayor_is_where_the_record_puts_it() -> None:
    draft = Draft("a", "Lebanon's mayor, Ana Ruiz, closed the pass.")
    draft.entity("Ana Ruiz", "Ana Ruiz", "LBN", "GOV")
    draft.place("Lebanon", "USA")
    (row,) = offices(together(draft), {})
    assert (row.office, row.country) == ("mayor of Lebanon", "USA")


def test_an_official_is_of_the_country_of_the_president_named_before() -> None:
    told = Draft("a", "Bolivian President Luz Paz spoke.", published="2026-03-01")
    told.entity("Luz Paz", "Luz Paz", "BOL", "GOV")
    draft = Draft(
        "b", "President Luz Paz sacked Transport Minister Ana Ruiz over a bill from Peru.",
        published="2026-03-02",
    )  # fmt: skip
    for name in ("Luz Paz", "Ana Ruiz"):
        draft.entity(name, name, "PER", "GOV")
    rows = offices(together(told, draft), {})
    assert {row.person: row.country for row in rows} == {"Luz Paz": "BOL", "Ana Ruiz": "BOL"}


def test_a_successor_is_of_the_country_of_the_one_before() -> None:
    before = Draft("a", "Ana Ruiz, the health minister of Bolivia, resigned.")
    before.entity("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")
    draft = Draft("b", "Ana Ruiz, the health minister, left. Her successor, Luz Paz, moved in.")
    for name in ("Luz Paz", "Ana Ruiz"):
        draft.entity(name, name, "PER", "GOV")
    rows = offices(together(before, draft), {})
    assert {row.person: row.country for row in rows} == {"Luz Paz": "BOL", "Ana Ruiz": "BOL"}


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz, the, of, mayor of",
        "the head of the the of Ana Ruiz's its their leader, Ana Ruiz",
        "\n\n Ana Ruiz \n, a navy spokeswoman in",
        "Ana Ruiz, the " + "very " * 2000 + "mayor of " + "Potosi " * 2000,
    ],
)
def test_words_that_are_no_sentence_do_no_harm(text: str) -> None:
    for row in seen(text, role=text[:50]):
        assert row.office
        assert all(0 <= start <= end <= len(text) for _, start, end in row.sentences)
