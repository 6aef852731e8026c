"""Opening a database: SQLite by path, PostgreSQL by URL; nothing foreign is touched.

A SQLite file is looked at read-only before it is opened for writing.  Faults of the
database that a user can mend become errors of the ArchiveError tree here, and only here.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError, ProgrammingError

from onrecord import settings
from onrecord.errors import ArchiveError, BusyArchiveError, ForeignArchiveError, SettingError

DEFAULT = "onrecord.db"
_MAGIC = b"SQLite format 3\0"
_MARK = "onrecord_archive"
#: Rows of an index that SQLite looks at to know how far it tells rows apart.
_SAMPLED = 1_000
#: Pages that SQLite keeps in memory, in KiB.
_CACHE = 64 * 1024


def place(archive: str | Path | None) -> str:
    """Return where the archive is: as given, else ONRECORD_ARCHIVE, else onrecord.db."""
    return str(archive or os.environ.get("ONRECORD_ARCHIVE") or DEFAULT)


def shown(archive: str) -> str:
    """Return the place without its password."""
    if "://" not in archive:
        return archive
    return sa.make_url(archive).render_as_string(hide_password=True)


def connect(archive: str) -> sa.Engine:
    """Return an engine for a path or URL; ArchiveError when it is not, or cannot be, ours."""
    if "://" not in archive:
        return _sqlite(Path(archive))
    try:
        url = sa.make_url(archive)
    except (sa.exc.ArgumentError, ValueError):
        raise SettingError(f"{archive!r} is no database URL", name="archive") from None
    if url.get_backend_name() == "sqlite":
        return _sqlite(Path(url.database or DEFAULT))
    if url.get_backend_name() != "postgresql":
        raise SettingError(
            f"{url.drivername} is not supported; give a path, or postgresql://…", name="archive"
        )
    return _postgresql(url)


def _postgresql(url: sa.URL) -> sa.Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    wait = settings.get("archive_wait_ms")
    try:
        return sa.create_engine(
            url, connect_args={"options": f"-c lock_timeout={wait}"}, pool_pre_ping=True
        )
    except (ImportError, NoSuchModuleError) as error:
        raise SettingError(
            "PostgreSQL needs psycopg: install it with  pip install 'onrecord[postgresql]'",
            name="archive",
        ) from error


def _sqlite(path: Path) -> sa.Engine:
    with translated(str(path)):
        _inspect(path)
    wait = settings.get("archive_wait_ms")
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": wait / 1000}
    )
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    # Transactions are begun by _on_begin: the driver's own do not cover DDL.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON",
                   f"cache_size=-{_CACHE}", "temp_store=MEMORY"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def has_doubled(connection: sa.Connection) -> bool:
    """Whether SQLite's counts of its tables are missing or old: twice as many readings, or more."""
    if not sa.inspect(connection).has_table("sqlite_stat1"):
        return True
    counted = "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'readings'"
    before = connection.exec_driver_sql(counted).scalar() or 0
    now = connection.exec_driver_sql("SELECT max(key) FROM readings").scalar() or 0
    return bool(now >= 2 * before)


def count_anew(connection: sa.Connection) -> None:
    """Let SQLite count its tables: half a second for a million events."""
    connection.exec_driver_sql(f"PRAGMA analysis_limit={_SAMPLED}")
    connection.exec_driver_sql("ANALYZE")


def _inspect(path: Path) -> None:
    """Raise when ``path`` holds something that is no archive; leave it as it is."""
    where = str(path)
    if path.is_dir():
        raise ForeignArchiveError(f"{where} is a folder; name a file in it", archive=where)
    if not path.parent.is_dir():
        raise ArchiveError(f"the folder {path.parent} does not exist; make it first", archive=where)
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise _foreign(where, "it is no SQLite database")
    with closing(sqlite3.connect(f"file:{quote(where)}?mode=ro", uri=True)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        connection.execute("PRAGMA schema_version")
    if names and _MARK not in names:
        raise _foreign(where, "it is another program's database")


def _foreign(where: str, what: str) -> ForeignArchiveError:
    return ForeignArchiveError(
        f"{where} is no archive of onrecord ({what}) and was left as it is; "
        "give --archive another place",
        archive=where,
    )


def foreign_tables(connection: sa.Connection, where: str) -> None:
    """Raise when the database holds tables, but not this package's."""
    names = set(sa.inspect(connection).get_table_names())
    if names and _MARK not in names:
        raise _foreign(where, "it holds other tables")


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn the database's faults that a user can mend into ArchiveErrors."""
    try:
        yield
    except DBAPIError as error:
        found = _fault(error.orig, where)
        if found is None:
            raise
        raise found from error
    except (sqlite3.DatabaseError, OSError) as error:
        found = _fault(error, where)
        if found is None:
            raise
        raise found from error


#: Words of a driver's message → what to do about it.
_FAULTS = {
    "readonly": "it is read-only; give --archive a place you may write to",
    "read-only": "it is read-only; give --archive a place you may write to",
    "unable to open": "it cannot be opened; check the path and its permissions",
    "ermission denied": "permission is denied; check who may write there",
    "disk is full": "the disk is full; make room and run the command again, nothing is lost",
    "No space left": "the disk is full; make room and run the command again, nothing is lost",
    "disk I/O error": "the disk fails; check it, then restore a backup if needed",
    "malformed": "the file is damaged; restore a backup (onrecord restore)",
    "not a database": "the file is damaged or no database; it was left as it is",
    "resolve host": "the server cannot be reached; check the URL and that it runs",
    "connection": "the server cannot be reached; check the URL and that it runs",
    "authentication failed": "the server refuses the user or password; check the URL",
    "does not exist": "the database does not exist; create it first",
}


def _fault(error: BaseException | None, where: str) -> ArchiveError | None:
    text = str(error)
    name = shown(where)
    busy = ("database is locked", "database table is locked", "lock timeout", "deadlock")
    if any(words in text for words in busy):
        return BusyArchiveError(
            f"the archive {name} is locked by another program; wait for it, or raise "
            "ONRECORD_ARCHIVE_WAIT_MS",
            archive=name,
        )
    if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
        return None
    advice = next((advice for words, advice in _FAULTS.items() if words in text), None)
    return None if advice is None else ArchiveError(f"archive {name}: {advice}", archive=name)


__all__ = [
    "DEFAULT",
    "OperationalError",
    "ProgrammingError",
    "connect",
    "count_anew",
    "foreign_tables",
    "has_doubled",
    "place",
    "shown",
    "translated",
]
