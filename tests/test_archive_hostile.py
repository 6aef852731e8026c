"""Files that are no archive stay as they are; faults of the database say what to do."""

from __future__ import annotations

import gzip
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from onrecord.archive import Archive, Summary, migrations
from onrecord.archive import engine as engines
from onrecord.archive import schema as t
from onrecord.errors import (
    ArchiveError,
    BusyArchiveError,
    ForeignArchiveError,
    NewerArchiveError,
    SettingError,
)
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_fixtures import Clock, ScriptedReader, report
from tests.record_examples import example

__all__ = ["archive", "clock", "new_database", "url"]


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE articles (id TEXT)")
        connection.commit()


def _cut(path: Path) -> None:
    with Archive.open(path):
        pass
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("dear diary"),
        lambda path: path.write_bytes(b"SQLite format 3\0 but then nothing that fits"),
        _other_program,
        _cut,
    ],
    ids=["text", "a false head", "another program's database", "an archive cut short"],
)
def test_what_is_no_sound_archive_is_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "news.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match=r"left as it is|is damaged") as error:
        Archive.open(path)
    assert error.value.archive == str(path)
    assert path.read_bytes() == before


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ForeignArchiveError, match="is a folder"):
        Archive.open(tmp_path)


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="does not exist"):
        Archive.open(tmp_path / "no" / "news.db")


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    (tmp_path / "news.db").touch()
    with Archive.open(tmp_path / "news.db") as opened:
        assert opened.ids() == []


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path, clock: Clock) -> None:
    with Archive.open(tmp_path / "news.db") as opened:
        opened._engine.dispose()
        engine = opened._engine

        @sa.event.listens_for(engine, "connect")
        def read_only(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA query_only=ON")

        with pytest.raises(ArchiveError, match="read-only"):
            opened.add([report()], reader=ScriptedReader())


def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with Archive.open(path) as opened:
        opened.add([report("a")], reader=ScriptedReader())
        with opened._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        opened._engine.dispose()

        @sa.event.listens_for(opened._engine, "connect")
        def full(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages}")

        with pytest.raises(ArchiveError, match="disk is full"):
            opened.add([report(f"b{n}") for n in range(50)], reader=ScriptedReader())
    with Archive.open(path) as opened:
        again = opened.add([report("a")], reader=ScriptedReader())
        assert again == Summary(unchanged=1)


def test_a_database_with_other_tables_is_left_as_it_is(new_database: Callable[[], str]) -> None:
    url = new_database()
    engine = engines.connect(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE diary (day DATE)")
    with pytest.raises(ForeignArchiveError, match="other tables"):
        Archive.open(url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == ["diary"]
    engine.dispose()


def test_a_newer_archive_is_refused_and_left_as_it_is(url: str) -> None:
    with Archive.open(url) as opened, opened._writing() as connection:
        connection.execute(t.archive.insert().values(version=9, since="x", code="9.9"))
    with pytest.raises(NewerArchiveError, match=r"version 9.*update onrecord"):
        Archive.open(url)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("mysql://localhost/news", "is not supported"),
        ("postgresql://h:port/x", "is no database URL"),
        ("nonsense://", "is not supported"),
    ],
)
def test_a_wrong_url_is_refused(place: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        Archive.open(place)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(ArchiveError, match="cannot be reached") as error:
        Archive.open("postgresql://me:secret@/news?host=/nowhere")
    assert "secret" not in str(error.value) + error.value.archive


def test_the_place_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_ARCHIVE", str(tmp_path / "own.db"))
    with Archive.open() as opened:
        assert opened.where == str(tmp_path / "own.db")
    monkeypatch.delenv("ONRECORD_ARCHIVE")
    assert engines.place(None) == "onrecord.db"


# -- locks ----------------------------------------------------------------------------


def test_a_lock_is_waited_for(url: str) -> None:
    with Archive.open(url) as one, Archive.open(url) as other:
        released = threading.Event()

        def hold() -> None:
            with one._writing() as connection:
                connection.execute(t.sources.insert().values(source="x", first_seen="y"))
                released.wait(5)

        holder = threading.Thread(target=hold)
        holder.start()
        threading.Timer(0.3, released.set).start()
        assert other.add([report()], reader=ScriptedReader()) == Summary(read=1)
        holder.join()


def test_a_lock_held_too_long_is_an_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive.open(url) as one:
        monkeypatch.setenv("ONRECORD_ARCHIVE_WAIT_MS", "200")
        with Archive.open(url) as other, one._writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE articles")
            began = time.monotonic()
            with pytest.raises(BusyArchiveError, match="locked by another program"):
                other.add([report()], reader=ScriptedReader())
            assert time.monotonic() - began >= 0.15


def test_a_reader_is_not_held_up_by_a_writer(url: str) -> None:
    with Archive.open(url) as one, Archive.open(url) as other:
        one.add([report("a")], reader=ScriptedReader())
        with one._writing() as connection:
            connection.execute(t.sources.insert().values(source="x", first_seen="y"))
            assert other.record("a").article.id == "a"


# -- migrations -----------------------------------------------------------------------


def _second(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE more (a INTEGER)")


def _broken(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE half (a INTEGER)")
    raise RuntimeError("power cut")


def test_a_later_step_is_taken_by_itself(url: str) -> None:
    with Archive.open(url) as opened:
        opened.add([report("a")], reader=ScriptedReader())
        steps = (*migrations.STEPS, _second)
        migrations.migrate(opened._engine, url, "now", steps)
        migrations.migrate(opened._engine, url, "now", steps)
        with opened._reading() as connection:
            assert migrations.version(connection) == t.VERSION + 1
            assert sa.inspect(connection).has_table("more")
        assert opened.record("a").events


def test_a_step_that_breaks_leaves_the_archive_as_it_was(url: str) -> None:
    with Archive.open(url) as opened:
        opened.add([report("a")], reader=ScriptedReader())
        with pytest.raises(RuntimeError):
            migrations.migrate(opened._engine, url, "now", (*migrations.STEPS, _second, _broken))
    with Archive.open(url) as opened, opened._reading() as connection:
        assert migrations.version(connection) == t.VERSION
        names = sa.inspect(connection).get_table_names()
        assert not {"more", "half"} & set(names)


def test_two_that_open_a_new_archive_at_once_make_one(url: str) -> None:
    faults: list[BaseException] = []

    def open_it() -> None:
        try:
            Archive.open(url).close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


SHELF = Path(__file__).parent / "archive_shelf"


@pytest.mark.parametrize("version", range(1, t.VERSION + 1))
def test_an_archive_of_every_version_opens(version: int, tmp_path: Path) -> None:
    """The shelf holds, for each version, an archive of the example with one correction."""
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress((SHELF / f"{version}.db.gz").read_bytes()))
    with Archive.open(path) as opened:
        record = opened.record("tidewater-0313")
        assert [one.status for one in record.events if one.id == "v5"] == ["denied"]
        assert len(record.statements) == len(example().statements)
        assert opened.search("trawlers").total == 1
        opened.undo(1, by="Ben")
        assert opened.record("tidewater-0313") == example()


def test_the_version_is_that_of_the_last_step() -> None:
    assert len(migrations.STEPS) == t.VERSION
