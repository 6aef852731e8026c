"""The tables that the site keeps in the archive's database: tokens, sessions, searches, alerts.

They are no part of the archive: a backup of the archive holds none of them.  Secrets are
kept as SHA-256, but for those that must be shown or signed with again (alerts).  What an
alert found is kept as ids of articles only, so that what is forgotten is gone here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onrecord.archive.schema import Key, Names, Words
from onrecord.errors import NewerArchiveError

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: Version of these tables.
VERSION = 1
metadata = sa.MetaData()


def _key() -> sa.Column[Any]:
    return sa.Column("key", Key, primary_key=True, autoincrement=True)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text) for name in names]


version = sa.Table(
    "site_version", metadata, sa.Column("version", sa.Integer, primary_key=True)
)  # fmt: skip
tokens = sa.Table(
    "site_tokens",
    metadata,
    _key(),
    sa.Column("name", Words, nullable=False),
    sa.Column("scopes", Names, nullable=False),
    #: SHA-256 of the token's secret half.
    sa.Column("secret_sha256", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    *_text("expires", "revoked"),
    sqlite_autoincrement=True,
)
sessions = sa.Table(
    "site_sessions",
    metadata,
    sa.Column("id_sha256", sa.Text, primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("expires", sa.Text, nullable=False),
)
#: Searches that a person keeps: ``asked`` is JSON (``q``, ``what``, filters).
searches = sa.Table(
    "site_searches",
    metadata,
    _key(),
    sa.Column("owner", Words, nullable=False, index=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("asked", Words, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
#: ``rule`` and ``state`` are JSON; ``secret`` signs webhooks and opens the alert's feed.
alerts = sa.Table(
    "site_alerts",
    metadata,
    _key(),
    sa.Column("owner", Words, nullable=False, index=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("rule", Words, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("target", Words),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
#: The queue, which is the log too: ``found`` is JSON, ids only.
deliveries = sa.Table(
    "site_deliveries",
    metadata,
    _key(),
    sa.Column("alert", Key, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("found", Words, nullable=False),
    #: waiting, sent, failed.
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    *_text("next_at", "done"),
    sa.Index("site_deliveries_due", "status", "next_at"),
    sqlite_autoincrement=True,
)
attempts = sa.Table(
    "site_attempts",
    metadata,
    _key(),
    sa.Column("delivery", Key, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("detail", Words),
    sqlite_autoincrement=True,
)


def prepare(archive: Archive) -> None:
    """Make the tables where they are missing; NewerArchiveError when a newer onrecord made them."""
    with archive._reading() as connection:
        if _version(connection, archive.where) == VERSION:
            return
    with archive._writing() as connection:
        if _version(connection, archive.where) != VERSION:
            metadata.create_all(connection)
            connection.execute(version.insert().values(version=VERSION))


def _version(connection: sa.Connection, where: str) -> int:
    if not sa.inspect(connection).has_table(version.name):
        return 0
    found = int(connection.scalar(sa.select(sa.func.max(version.c.version))) or 0)
    if found > VERSION:
        raise NewerArchiveError(
            f"the site's tables in {where} are of version {found}, this onrecord knows {VERSION}; "
            "update onrecord. Nothing was changed",
            archive=where,
        )
    return found


def put(connection: sa.Connection, table: sa.Table, **cells: Any) -> int:
    """Add a row; return its key."""
    key = connection.execute(table.insert().values(**cells)).inserted_primary_key
    assert key is not None
    return int(key[0])
