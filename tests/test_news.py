"""What is new since a moment, and that repeats and copies are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord.analysis import exports, happenings
from onrecord.analysis.happenings import revived
from onrecord.analysis.incidents import incidents
from onrecord.analysis.joining import join, stories
from onrecord.analysis.news import About, News, amount, new_statements, news
from onrecord.analysis.rows import Amount, Dispute, Incident
from onrecord.archive import Archive
from onrecord.cli import app
from onrecord.errors import InputError, SettingError
from onrecord.knowledge.actors import ActorTable
from onrecord.record import Record

from .analysis_records import Draft, together

KENYA = ("Kenya", "Kenya", "KEN", "GOV", "country")
CHAD = ("Chad", "Chad", "TCD", "GOV", "country")


def raid(id_: str, published: str, dead: int, status: str = "actual") -> Draft:
    draft = Draft(
        id_, f"Kenya raided a camp of Chad on Monday and {dead} people died.", published=published
    )
    draft.event(
        "raided",
        "ASSAULT",
        "firearms",
        status=status,
        actors=[KENYA],
        recipients=[CHAD],
        time=draft.time("Monday", "2026-05-04"),
        figures=[draft.figure(str(dead), "dead", dead, dead)],
    )
    return draft


def talks(id_: str, published: str) -> Draft:
    draft = Draft(id_, "Ana Ruiz met farmers in Potosi.", published=published)
    draft.event("met", "CONSULT", actors=[("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")])
    return draft


def found(*drafts: Draft, since: str, about: About | None = None) -> list[News]:
    records = together(*drafts)
    rows = incidents(records, dict.fromkeys(records, "s1"), {})
    return news(rows, since, about or About())


def test_an_incident_is_new_once() -> None:
    (one,) = found(raid("a", "2026-05-05", 9), since="2026-05-05")
    assert (one.kind, one.article, one.before) == ("incident", "a", None)
    assert one.now == "ASSAULT/firearms Kenya → Chad"
    repeat = found(raid("a", "2026-05-05", 9), raid("b", "2026-05-06", 9), since="2026-05-06")
    assert repeat == []


def test_a_changed_figure_is_new() -> None:
    (one,) = found(raid("a", "2026-05-05", 9), raid("b", "2026-05-06", 12), since="2026-05-06")
    assert (one.kind, one.before, one.now) == ("figure", "dead 9", "dead 12")
    assert one.article == "b"


def test_a_changed_status_is_new() -> None:
    drafts = raid("a", "2026-05-03", 9, "future"), raid("b", "2026-05-05", 9)
    (one,) = found(*drafts, since="2026-05-04")
    assert (one.kind, one.before, one.now) == ("status", "future", "actual")


@pytest.mark.parametrize(
    ("about", "number"),
    [
        (None, 2),
        ("KEN,TCD", 1),
        ("TCD,KEN", 1),
        ("KEN,BOL", 0),
        ("BOL", 1),
        ("Ruiz", 1),
        ("Chad", 1),
        ("s1", 2),
    ],
)
def test_news_about_a_dyad_an_actor_a_story(about: str | None, number: int) -> None:
    asked = About.parse(about, ["s1"])
    drafts = raid("a", "2026-05-05", 9), talks("b", "2026-05-05")
    assert len(found(*drafts, since="2026-05-01", about=asked)) == number


def said(id_: str, published: str, words: str) -> Draft:
    draft = Draft(id_, f"Ana Ruiz said {words}.", published=published)
    draft.says(("Ana Ruiz", "Ana Ruiz", "BOL", "GOV"), words)
    return draft


def test_a_statement_is_new_when_its_speaker_has_not_said_it_before() -> None:
    records = together(
        said("a", "2026-05-01", "the dam is safe for now"),
        said("b", "2026-05-02", "the dam is safe"),
        said("c", "2026-05-02", "engineers found a crack"),
        said("d", "2026-05-02", "engineers found a second leak"),
    )
    rows = new_statements(records, dict.fromkeys(records, "s1"), {"d": "c"}, "2026-05-02")
    assert [row.article for row in rows] == ["c"]
    assert rows[0].now == "Ana Ruiz (state)"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (12, 12, "12"),
        (10, 14, "10 to 14"),
        (10, None, "at least 10"),
        (None, 1200, "at most 1,200"),
    ],
)
def test_figures_in_words(low: float | None, high: float | None, words: str) -> None:
    assert amount(Amount("a", 0, 1, "dead", low, high, None)) == words


# -- in an archive ------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened


def filled(archive: Archive, *drafts: Draft) -> dict[str, Record]:
    records = together(*drafts)
    archive.add_records(records.values())
    join(archive)
    return records


def test_an_archive_keeps_incidents_disputes_and_offices(archive: Archive) -> None:
    minister = Draft("c", "Ana Ruiz, the mayor of Potosi, spoke.", published="2026-05-05")
    minister.entity("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")
    filled(archive, raid("a", "2026-05-05", 9), minister)
    (one,) = happenings.incidents(archive)
    assert [mention.article for mention in one.mentions] == ["a"]
    assert {id_ for story in stories(archive) for id_ in story.incidents} == {one.id}
    assert [row.office for row in happenings.offices(archive)] == ["mayor of Potosi"]
    assert list(happenings.offices(archive, as_of="2026-05-01")) == []
    assert list(happenings.disputes(archive)) == []


def test_offices_are_exported_as_of_a_day_and_as_a_table_for_the_reader(
    archive: Archive, tmp_path: Path
) -> None:
    for id_, day, words in (
        ("c", "2026-05-05", "mayor of Potosi"),
        ("d", "2026-05-09", "minister"),
    ):
        draft = Draft(id_, f"Ana Ruiz, the {words}, spoke.", published=day)
        draft.entity("Ana Ruiz", "Ana Ruiz", "BOL", "GOV")
        filled(archive, draft)
    then, now = (
        [row["office"] for row in exports.rows(archive, "offices", as_of=day)]
        for day in ("2026-05-06", None)
    )
    assert (then, now) == (["mayor of Potosi"], ["mayor of Potosi", "minister"])
    table = tmp_path / "actors.csv"
    result = CliRunner().invoke(
        app, ["export", "actors", "--as-of", "2026-05-06", "-o", str(table), "--archive",
              str(tmp_path / "a.db")],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    actor = ActorTable.from_csv(table).lookup("Ana Ruiz")
    assert actor is not None
    assert (actor.role, actor.country, actor.start) == ("mayor of Potosi", "BOL", "2026-05-05")


def test_what_cannot_be_had_as_of_a_day_says_so(archive: Archive) -> None:
    with pytest.raises(SettingError, match="as_of"):
        exports.rows(archive, "stories", as_of="2026-05-06")
    with pytest.raises(InputError, match="no date"):
        exports.rows(archive, "offices", as_of="last week")


def test_joining_again_changes_nothing_and_forgetting_takes_out(archive: Archive) -> None:
    filled(archive, raid("a", "2026-05-05", 9))
    before = list(happenings.incidents(archive))
    join(archive)
    assert list(happenings.incidents(archive)) == before
    archive.forget("a")
    join(archive)
    assert list(happenings.incidents(archive)) == []


def test_news_of_an_archive_comes_with_its_sentence(archive: Archive) -> None:
    filled(archive, raid("a", "2026-05-05", 9))
    (one,) = happenings.new(archive, "2026-05-05", "KEN,TCD")
    assert one.sentence == "Kenya raided a camp of Chad on Monday and 9 people died."
    assert happenings.new(archive, "2026-05-06") == []


def test_an_archive_that_was_never_joined_has_none(archive: Archive) -> None:
    assert list(happenings.incidents(archive)) == []
    assert list(happenings.offices(archive)) == []
    assert happenings.new(archive, "2026-05-06") == []


def test_rows_come_back_from_json_as_they_were() -> None:
    import json

    from onrecord.analysis.disputes import disputes

    records = together(raid("a", "2026-05-05", 35), raid("b", "2026-05-06", 31))
    story = dict.fromkeys(records, "s1")
    rows = incidents(records, story, {})
    assert [revived(Incident, json.loads(json.dumps(row))) for row in rows] == rows
    quarrels = disputes(records, story, {}, rows)
    assert quarrels
    assert [revived(Dispute, json.loads(json.dumps(row))) for row in quarrels] == quarrels
