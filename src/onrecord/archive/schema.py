"""The archive's tables: one for each kind of row, the same on SQLite and PostgreSQL.

An article has versions (its texts); a version has readings (what a reader, or a
person's corrections, made of it); a reading has rows.  Rows are never changed, only
closed: ``live`` is true while their reading is the last one of the article's last
version.  A row's ``key`` is its reading's key shifted by ``ROW_BITS`` plus its number,
so the rows of a reading lie together and need no index of their own.

Moments are UTC text of fixed width (``2025-12-04T18:30:00.000000Z``) and days are ISO
dates, so that text order is time order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from onrecord.forms import without_surrogates

#: Version of the tables this code reads and writes.
VERSION = 3
#: Rows of one kind that a reading may have: 2 ** ROW_BITS.
ROW_BITS = 20

_ESCAPE = "\ufdd0"


class Words(sa.types.TypeDecorator[str]):
    """Text of any characters: PostgreSQL holds no NUL, so there it is escaped, reversibly."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what the database can hold."""
        if value is None:
            return None
        value = without_surrogates(value)
        if dialect.name == "postgresql" and ("\0" in value or _ESCAPE in value):
            return value.replace(_ESCAPE, _ESCAPE + "1").replace("\0", _ESCAPE + "0")
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it was given."""
        if value is None or _ESCAPE not in value or dialect.name != "postgresql":
            return value
        return value.replace(_ESCAPE + "0", "\0").replace(_ESCAPE + "1", _ESCAPE)


class Names(sa.types.TypeDecorator[Sequence[str]]):
    """A list of strings, kept as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        """Return the list as JSON."""
        return None if value is None else json.dumps(list(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sequence[str] | None:
        """Return the list as a tuple, as records have it."""
        return None if value is None else tuple(json.loads(value))


Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Real: sa.Double[float] = sa.Double()
metadata = sa.MetaData()


def _words(name: str) -> sa.Column[Any]:
    return sa.Column(name, Words)


def _ints(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer) for name in names]


def _key() -> sa.Column[Any]:
    return sa.Column("key", Key, primary_key=True, autoincrement=True)


archive = sa.Table(
    "onrecord_archive",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("since", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
)

articles = sa.Table(
    "articles",
    metadata,
    _key(),
    sa.Column("id", Words, nullable=False, unique=True),
    sa.Column("recorded_from", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

versions = sa.Table(
    "versions",
    metadata,
    _key(),
    sa.Column("article", Key, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("recorded_from", sa.Text, nullable=False),
    *map(_words, ("url", "canonical_url", "title", "byline", "publisher", "language")),
    *map(_words, ("published", "published_basis", "published_raw", "fetched")),
    sa.Column("partial", sa.Boolean, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("text_sha256", sa.Text, nullable=False),
    sa.UniqueConstraint("article", "version"),
    sa.Index("versions_publisher", "publisher"),
    sqlite_autoincrement=True,
)

readings = sa.Table(
    "readings",
    metadata,
    _key(),
    sa.Column("version", Key, nullable=False, index=True),
    #: The machine's reading that a person's corrections were put on; null for the machine's.
    sa.Column("origin", Key),
    sa.Column("recorded_from", sa.Text, nullable=False),
    sa.Column("recorded_to", sa.Text),
    sa.Column("live", sa.Boolean, nullable=False),
    sa.Column("schema", sa.Text, nullable=False),
    *map(_words, ("reader_version", "reader_model", "reader_model_sha256")),
    *map(_words, ("published", "published_basis", "published_raw")),
    sa.Column("published_day", sa.Text),
    *map(_words, ("skipped", "sentences", "warnings")),
    sa.Index("readings_day", "live", "published_day"),
    sqlite_autoincrement=True,
)


def _rows(name: str, *columns: sa.Column[Any] | sa.Index) -> sa.Table:
    """A table of rows of a reading; keys are given, not counted by the database."""
    return sa.Table(
        name,
        metadata,
        sa.Column("key", Key, primary_key=True, autoincrement=False),
        sa.Column("reading", Key, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        *columns,
    )


def _live(name: str, *columns: str) -> sa.Index:
    """An index over the rows that count now.

    SQLite takes it only for a query that has the very words of its condition, and
    SQLAlchemy writes ``live = 1`` there.
    """
    on_sqlite, elsewhere = sa.text("live = 1"), sa.text("live")
    return sa.Index(name, *columns, sqlite_where=on_sqlite, postgresql_where=elsewhere)


entities = _rows(
    "entities", *map(_words, ("id", "kind", "name", "role", "country", "sector", "name_key")),
    _live("entities_name", "name_key"),
)  # fmt: skip
mentions = _rows(
    "mentions", _words("entity_id"), *_ints("start", "end"), _words("kind"),
    sa.Column("confidence", Real),
)  # fmt: skip
times = _rows(
    "times", _words("id"), *_ints("start", "end"),
    *map(_words, ("type", "value", "mod", "begin", "finish")),
)  # fmt: skip
places = _rows(
    "places", _words("id"), *_ints("start", "end"), *map(_words, ("name", "country", "admin1")),
    sa.Column("geonameid", Key), sa.Column("lat", Real), sa.Column("lon", Real),
    *map(_words, ("precision", "basis")), sa.Column("confidence", Real),
)  # fmt: skip
figures = _rows(
    "figures", _words("id"), *_ints("start", "end"), sa.Column("low", Real),
    sa.Column("high", Real), *map(_words, ("unit", "of")), sa.Column("approximate", sa.Boolean),
)  # fmt: skip
statements = _rows(
    "statements", *map(_words, ("id", "kind")),
    *_ints("speaker_start", "speaker_end"), _words("speaker_entity"),
    *_ints("cue_start", "cue_end"), *map(_words, ("stance", "form")),
    sa.Column("negated", sa.Boolean),
    *_ints("addressee_start", "addressee_end"), _words("addressee_entity"),
    *_ints("medium_start", "medium_end"), *map(_words, ("time", "place")),
    sa.Column("figures", Names), _words("sourcing"), sa.Column("confidence", Real),
    *map(_words, ("speaker_name", "speaker_key", "quote", "published_day")),
    _live("statements_speaker", "speaker_key", "published_day"),
    _live("statements_day", "published_day"),
)  # fmt: skip
contents = _rows("contents", _words("statement_id"), *_ints("run", "start", "end"))
events = _rows(
    "events", *map(_words, ("id", "type", "mode")), sa.Column("contexts", Names),
    _words("status"), *_ints("trigger_start", "trigger_end"), *map(_words, ("place", "time")),
    sa.Column("figures", Names), _words("statement"), sa.Column("within", Names),
    sa.Column("score", Real), sa.Column("confidence", Real),
    *map(_words, ("first_day", "last_day", "day_basis", "country")),
    _live("events_day", "last_day", "first_day", "type", "status"),
    _live("events_type", "type", "last_day"),
)  # fmt: skip
event_mentions = _rows(
    "event_mentions", _words("event_id"), *_ints("start", "end"), _words("status")
)
participants = _rows(
    "participants", *map(_words, ("event_id", "part")), *_ints("start", "end"),
    *map(_words, ("entity", "country", "sector")), sa.Column("confidence", Real),
    sa.Column("event", Key), *map(_words, ("name", "name_key")),
    sa.Index("participants_event", "event"), _live("participants_name", "name_key"),
)  # fmt: skip
#: Who did something to whom, by country: what a question about two countries reads.
dyads = _rows(
    "dyads", sa.Column("event", Key), *map(_words, ("source", "target", "first_day", "last_day")),
    _live("dyads_pair", "source", "target", "last_day", "first_day"),
)  # fmt: skip

#: Tables of the rows of a reading, as they are written.
ROWS = (
    entities, mentions, times, places, figures, statements, contents, events, event_mentions,
    participants, dyads,
)  # fmt: skip

sources = sa.Table(
    "sources",
    metadata,
    _key(),
    sa.Column("source", Words, nullable=False, unique=True),
    sa.Column("first_seen", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
#: What came from a source and what became of it; ``version`` is null where nothing was kept.
fetches = sa.Table(
    "fetches",
    metadata,
    _key(),
    sa.Column("source", Key, nullable=False, index=True),
    sa.Column("version", Key, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    _words("detail"),
    sqlite_autoincrement=True,
)
#: What the places of a page said of a version's title, date and so on (``intake.metadata``).
votes = sa.Table(
    "votes",
    metadata,
    _key(),
    sa.Column("version", Key, nullable=False, index=True),
    *map(_words, ("field", "place", "value")),
    sa.Column("taken", sa.Boolean, nullable=False),
    _words("doubt"),
    sqlite_autoincrement=True,
)
corrections = sa.Table(
    "corrections",
    metadata,
    _key(),
    sa.Column("article", Key, nullable=False, index=True),
    sa.Column("version", Key, nullable=False),
    sa.Column("reading", Key, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    *map(_words, ("kind", "row", "field", "value", "old")),
    *_ints("start", "end"),
    #: The correction that this one takes back; null for all but ``undo``.
    sa.Column("undoes", Key),
    sa.Column("by", Words, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    _words("note"),
    sqlite_autoincrement=True,
)
#: Articles that are not to come back: the SHA-256 of their ids, nothing readable.
forgotten = sa.Table(
    "forgotten",
    metadata,
    sa.Column("id_sha256", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)
#: What is remembered of a watched feed between two polls (``intake.watching.FeedState``, JSON).
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("url", Words, primary_key=True),
    sa.Column("state", Words, nullable=False),
)
