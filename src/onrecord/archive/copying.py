"""All of an archive into another, empty one: backup, restore, and moving between databases."""

from __future__ import annotations

import sqlalchemy as sa

from onrecord.archive import schema as t
from onrecord.archive import textsearch
from onrecord.errors import ArchiveError

_BLOCK = 2_000
#: What a table's name begins with that holds people's work and is no table of the archive.
_KEPT = "kept_"


def copy(source: sa.Connection, target: sa.Connection, where: str) -> None:
    """Copy every table with its keys, then make the target's search index.

    Raises ArchiveError when the target holds anything already.
    """
    tables = [table for table in t.metadata.sorted_tables if table is not t.archive]
    for table in tables:
        if target.execute(sa.select(sa.func.count()).select_from(table)).scalar_one():
            raise ArchiveError(
                f"the archive {where} is not empty; give a new place, nothing was changed",
                archive=where,
            )
    for table in tables:
        found = source.execute(sa.select(table), execution_options={"yield_per": _BLOCK})
        for block in found.mappings().partitions(_BLOCK):
            target.execute(table.insert(), [dict(row) for row in block])
        _count_on(target, table)
    for name in sa.inspect(source).get_table_names():
        if name.startswith(_KEPT):
            _copy_kept(source, target, name)
    textsearch.rebuild(target)


def _copy_kept(source: sa.Connection, target: sa.Connection, name: str) -> None:
    """Copy a table that a later layer keeps of people's work; it is made where it is missing."""
    table = sa.Table(name, sa.MetaData(), autoload_with=source)
    for column in table.columns:
        column.type = column.type.as_generic()
        column.server_default = None
    table.create(target, checkfirst=True)
    rows = [dict(row) for row in source.execute(sa.select(table)).mappings()]
    if rows:
        target.execute(table.insert(), rows)
    _count_on(target, table)


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL count new keys from the copied ones on (SQLite does by itself)."""
    if connection.dialect.name == "postgresql" and table not in (*t.ROWS, t.forgotten, t.feeds):
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'key'), "
            f"COALESCE(MAX(key), 0) + 1, false) FROM {table.name}"
        )
