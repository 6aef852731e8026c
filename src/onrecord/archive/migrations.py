"""Bringing an archive's tables to this code's version: by itself, in one transaction.

``STEPS[n - 1]`` brings version ``n - 1`` to ``n``.  A step that has been released is
never changed; the tests open a shelf of archives that older versions wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from onrecord.archive import engine as engines
from onrecord.archive import schema as t
from onrecord.archive import textsearch
from onrecord.errors import NewerArchiveError
from onrecord.version import VERSION as CODE

Step = Callable[[sa.Connection], None]
#: Any number: what two processes that open a new archive at once wait for on PostgreSQL.
_LOCK = 7_310_512


def _first(connection: sa.Connection) -> None:
    """Every table of version 1, and the search index."""
    t.metadata.create_all(connection)
    textsearch.build(connection)


def _second(connection: sa.Connection) -> None:
    """Version 2: the states of watched feeds, and indexes that SQLite can use."""
    t.feeds.create(connection, checkfirst=True)
    if connection.dialect.name == "sqlite":
        for table in t.ROWS:
            for index in table.indexes:
                index.drop(connection, checkfirst=True)
                index.create(connection)


def _third(connection: sa.Connection) -> None:
    """Version 3: the votes on what a page says of itself."""
    t.votes.create(connection, checkfirst=True)


STEPS: tuple[Step, ...] = (_first, _second, _third)


def version(connection: sa.Connection) -> int:
    """Return the version of the archive's tables; 0 for an empty database."""
    if not sa.inspect(connection).has_table(t.archive.name):
        return 0
    return connection.scalar(sa.select(sa.func.max(t.archive.c.version))) or 0


def migrate(engine: sa.Engine, where: str, now: str, steps: Sequence[Step] = STEPS) -> None:
    """Bring the archive to the last of ``steps``, all of it or nothing.

    Raises NewerArchiveError when the archive is of a later version, and
    ForeignArchiveError when the database holds other tables; both leave it untouched.
    """
    with engine.connect() as connection:
        if _refused(connection, where, len(steps)) == len(steps):
            return
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        # Another process may have done it since.
        for number in range(_refused(connection, where, len(steps)) + 1, len(steps) + 1):
            steps[number - 1](connection)
            connection.execute(t.archive.insert().values(version=number, since=now, code=CODE))


def _refused(connection: sa.Connection, where: str, known: int) -> int:
    engines.foreign_tables(connection, where)
    found = version(connection)
    if found > known:
        name = engines.shown(where)
        raise NewerArchiveError(
            f"the archive {name} is of version {found}, this onrecord knows {known}; "
            "update onrecord. Nothing was changed",
            archive=name,
        )
    return found
