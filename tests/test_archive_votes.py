"""What the places of a page said of it, kept beside the article's versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.archive import Archive
from onrecord.errors import SettingError
from onrecord.intake.metadata import PageArticle, Vote
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_fixtures import ScriptedReader, report

__all__ = ["archive", "clock", "new_database", "url"]

VOTES = (
    Vote("published", "JSON-LD", "2025-03-13", True),
    Vote("published", "meta date", "9999-01-01", False, "it lies in the future"),
)


def voted(**fields: object) -> PageArticle:
    return PageArticle.of(report(**fields), VOTES)  # type: ignore[arg-type]


def test_votes_are_kept_with_the_version(archive: Archive) -> None:
    reader = ScriptedReader()
    archive.add([voted()], reader=reader)
    archive.add([replace(report(), text="Another text.", sha256="")], reader=reader)
    assert archive.votes("a-1") == [
        {
            "article_id": "a-1", "article_version": 1, "field": "published", "place": "JSON-LD",
            "value": "2025-03-13", "taken": True, "doubt": None,
        },
        {
            "article_id": "a-1", "article_version": 1, "field": "published",
            "place": "meta date", "value": "9999-01-01", "taken": False,
            "doubt": "it lies in the future",
        },
    ]  # fmt: skip
    assert archive.votes("a-2") == []
    assert archive.record("a-1").article.version == 2


def test_adding_a_page_again_adds_no_votes(archive: Archive) -> None:
    for _ in range(2):
        archive.add([voted()], reader=ScriptedReader())
    assert len(archive.votes()) == 2


def test_votes_are_forgotten_with_the_article(archive: Archive) -> None:
    archive.add([voted(), voted(id_="a-2")], reader=ScriptedReader())
    archive.forget("a-1")
    assert {row["article_id"] for row in archive.votes()} == {"a-2"}


def test_votes_are_in_the_backup_and_grow_there(archive: Archive, tmp_path: Path) -> None:
    archive.add([voted()], reader=ScriptedReader())
    archive.backup(tmp_path / "copy.db")
    with Archive.open(tmp_path / "copy.db") as copy:
        copy.add([voted(id_="a-2")], reader=ScriptedReader())
        assert copy.votes("a-1") == archive.votes()
        assert len(copy.votes()) == 4


def test_votes_are_exported_whole(archive: Archive) -> None:
    archive.add([voted()], reader=ScriptedReader())
    rows, columns = archive.exported("votes")
    assert [list(row) for row in rows] == [list(columns)] * 2
    for filters in ({"publisher": "x"}, {"as_of": "2025-03-15"}):
        with pytest.raises(SettingError, match="written whole"):
            archive.exported("votes", **filters)
