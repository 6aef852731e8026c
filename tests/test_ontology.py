"""PLOVER's types, modes, scores and codes, and the way from CAMEO."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord import ontology
from onrecord.errors import InputError, ModelError


def test_sixteen_types_in_four_quads() -> None:
    kinds = ontology.types()
    assert len(kinds) == 16
    assert {ontology.quad(name) for name in kinds} == set(ontology.quads()) == {1, 2, 3, 4}
    assert ontology.quad("SANCTION") == 4


def test_a_score_is_the_modes_else_the_types() -> None:
    assert ontology.score("CONSULT") == 2.5
    assert ontology.score("CONSULT", "phone") == 1.5


def test_conflict_scores_below_cooperation_so_accuse_is_negative() -> None:
    assert ontology.score("ACCUSE") == -3
    for kind in ontology.types().values():
        scores = [kind.score, *(mode.score for mode in kind.modes.values())]
        if kind.quad in (1, 2):
            assert min(scores) > 0, kind.name
        elif kind.name != "REQUEST":  # asking for help scores half a point
            assert max(scores) < 0, kind.name


def test_a_mode_without_a_score_has_its_types() -> None:
    assert ontology.score("PROTEST", "vandalize") == ontology.score("PROTEST") == -5


@pytest.mark.parametrize(
    ("kind", "mode"), [("WAR", None), ("PROTEST", "phone"), ("", None), ("AGREE", "visit")]
)
def test_what_plover_does_not_have_is_refused_by_name(kind: str, mode: str | None) -> None:
    with pytest.raises(InputError, match=r"there is no (PLOVER event type|mode of)"):
        ontology.score(kind, mode)


def test_codes_and_contexts_have_meanings() -> None:
    assert ontology.sectors()["GOV"] == "government/executive"
    assert ontology.nonstate_codes()["UNO"] == "United Nations"
    assert len(ontology.contexts()) == 37
    assert all(ontology.contexts().values())


def test_a_status_is_an_auxiliary_mode() -> None:
    assert ontology.auxiliary_mode("denied") == "negation"
    assert ontology.auxiliary_mode("actual") is None


def test_a_marked_pair_has_sixteen_labels_or_the_published_fifteen() -> None:
    assert len(ontology.relation_labels()) == 16
    joined = ontology.relation_labels(joined=True)
    assert len(joined) == 15
    assert "YIELD" in joined
    assert set(ontology.relation_labels()) - set(joined) == {"CONCEDE", "RETREAT"}


def test_every_row_of_the_crosswalk_lands_in_draft_2() -> None:
    for crossing in ontology.crosswalk().values():
        kind = ontology.event_type(crossing.type)
        assert crossing.mode is None or crossing.mode in kind.modes, crossing
        assert set(crossing.contexts) <= set(ontology.contexts()), crossing


@pytest.mark.parametrize(
    ("code", "kind", "mode"),
    [
        ("116", "SANCTION", "convict"),
        ("163", "SANCTION", "discontinue"),
        ("055", "CONCEDE", None),
        ("056", "CONCEDE", None),
        ("185", "ASSAULT", "targeted"),
        ("175", "ASSAULT", None),
        ("1121", "ACCUSE", "allege"),
    ],
)
def test_a_cameo_code_becomes_what_draft_2_says(code: str, kind: str, mode: str | None) -> None:
    crossing = ontology.cameo(code)
    assert crossing is not None
    assert (crossing.type, crossing.mode) == (kind, mode)


def test_a_corrected_row_keeps_what_was_published_and_why_it_differs() -> None:
    crossing = ontology.crosswalk()["116"]
    assert crossing.published == "ACCUSE/disapprove legal"
    assert crossing.note == "2.0 counts a guilty verdict as SANCTION"
    assert ontology.crosswalk()["030"].note is None
    assert ontology.crosswalk()["0333"].contexts == ()
    assert ontology.crosswalk()["0811"].contexts == ("pro_democracy",)


def test_statements_of_cameo_are_no_events() -> None:
    assert ontology.cameo("010") is None
    assert ontology.cameo("0231") is None
    with pytest.raises(InputError, match="there is no CAMEO code '999'"):
        ontology.cameo("999")


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"[types"])
def test_a_missing_or_damaged_table_is_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "ontology.toml"
    if content is not None:
        table.write_bytes(content)
    monkeypatch.setattr(ontology, "PATH", table)
    ontology._read.cache_clear()
    try:
        with pytest.raises(ModelError, match="install onrecord again") as caught:
            ontology.contexts()
    finally:
        ontology._read.cache_clear()
    assert caught.value.path == str(table)
