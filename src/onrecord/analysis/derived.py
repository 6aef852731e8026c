"""The tables that the analysis keeps in the archive's database, beside the archive's own.

Everything in a table named ``derived_…`` follows from the archive and is made anew when it
is lost: these tables have a version of their own, and an older one is dropped and rebuilt by
the next ``join``.  People's splits and merges of stories do not follow from anything; they
stand in a table that only grows and is never dropped, ``kept_story_edits``.

``article`` is the archive's ``articles.key``, ``reading`` its ``readings.key``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from onrecord.archive.schema import Key, Names, Real, Words
from onrecord.errors import NewerArchiveError

if TYPE_CHECKING:
    from onrecord.archive import Archive

_Item = TypeVar("_Item")

#: Version of the derived tables and of the rules that fill them.  Raise it whenever either
#: changes: the next ``join`` then makes all of them anew.
VERSION = 4
metadata = sa.MetaData()
kept = sa.MetaData()

#: Named values: ``version``, ``mark`` (the last reading looked at), ``forgotten``, ``edits``
#: (the last edit of a person that was followed).
state = sa.Table(
    "derived_state",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
#: Every article that has been joined, with the reading it was joined by.
articles = sa.Table(
    "derived_articles",
    metadata,
    sa.Column("article", Key, primary_key=True, autoincrement=False),
    sa.Column("reading", Key, nullable=False),
    sa.Column("id", Words, nullable=False),
    sa.Column("day", sa.Text),
    sa.Column("published", Words),
    sa.Column("publisher", Words),
    #: The title, else the first line of the text.
    sa.Column("title", Words, nullable=False),
    #: Words of the text, and the agency it credits.
    sa.Column("words", sa.Integer, nullable=False),
    sa.Column("credit", sa.Text),
    sa.Column("story", sa.Text, index=True),
    #: ``terms.packed``: the article's vector.
    sa.Column("vector", sa.LargeBinary, nullable=False),
    #: ``stories.Facts`` as JSON.
    sa.Column("facts", sa.Text, nullable=False),
)
#: The terms by which an article can be found as somebody's neighbour; ``day`` is '' when
#: it is unknown, ``weight`` that of the article's vector.
terms = sa.Table(
    "derived_terms",
    metadata,
    sa.Column("term", Key, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("article", Key, primary_key=True, autoincrement=False),
    sa.Column("weight", Real, nullable=False),
    sa.Index("derived_terms_article", "article"),
)
#: Articles alike enough to be in one story; each pair stands in both directions.
edges = sa.Table(
    "derived_edges",
    metadata,
    sa.Column("article", Key, primary_key=True, autoincrement=False),
    sa.Column("other", Key, primary_key=True, autoincrement=False),
    sa.Column("weight", Real, nullable=False),
    sa.Index("derived_edges_other", "other"),
)
#: Hashes of shingles by which an article can be found as a copy.
shingles = sa.Table(
    "derived_shingles",
    metadata,
    sa.Column("hash", Key, primary_key=True, autoincrement=False),
    sa.Column("article", Key, primary_key=True, autoincrement=False),
    sa.Index("derived_shingles_article", "article"),
)
#: Articles with text in common: the share of the article's words that stand in the other
#: one, where it is enough for a copy.  Which of them is the origin, ``copies`` says.
pairs = sa.Table(
    "derived_pairs",
    metadata,
    sa.Column("article", Key, primary_key=True, autoincrement=False),
    sa.Column("other", Key, primary_key=True, autoincrement=False),
    sa.Column("share", Real, nullable=False),
    sa.Index("derived_pairs_other", "other"),
)
#: A carrier has one origin, which is itself nobody's copy.
copies = sa.Table(
    "derived_copies",
    metadata,
    sa.Column("carrier", Key, primary_key=True, autoincrement=False),
    sa.Column("origin", Key, nullable=False, index=True),
    sa.Column("share", Real, nullable=False),
)
stories = sa.Table(
    "derived_stories",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", Words, nullable=False),
    sa.Column("first_day", sa.Text),
    sa.Column("last_day", sa.Text),
    sa.Column("reasons", Names, nullable=False),
    sa.Column("spoke", Names, nullable=False),
    #: Rows of ``rows.Development`` as JSON.
    sa.Column("developments", Words, nullable=False),
)
#: Incidents and disputes of each story, and sightings of offices in each article: a row of
#: ``analysis.rows`` (of ``offices``) as JSON.
incidents = sa.Table(
    "derived_incidents",
    metadata,
    sa.Column("story", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("first_day", sa.Text, index=True),
    sa.Column("row", Words, nullable=False),
)
disputes = sa.Table(
    "derived_disputes",
    metadata,
    sa.Column("story", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("row", Words, nullable=False),
)
sightings = sa.Table(
    "derived_sightings",
    metadata,
    sa.Column("article", Key, primary_key=True, autoincrement=False),
    sa.Column("number", Key, primary_key=True, autoincrement=False),
    sa.Column("row", Words, nullable=False),
)
#: Stories whose articles changed since what follows from them was last worked out.
dirty = sa.Table("derived_dirty", metadata, sa.Column("story", sa.Text, primary_key=True))
#: The story an article was in before the tables were made anew: stories keep their ids.
former = sa.Table(
    "derived_former",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("story", sa.Text, nullable=False),
)

#: What people did to stories, as JSON: it only grows, and nothing ever drops it.
story_edits = sa.Table(
    "kept_story_edits",
    kept,
    sa.Column("key", Key, primary_key=True, autoincrement=True),
    sa.Column("edit", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

#: Any number: what two processes that join at once wait for on PostgreSQL.
_LOCK = 7_310_513


# The archive's connections are the analysis' connections too: one database, one distribution.
@contextmanager
def reading(archive: Archive) -> Iterator[sa.Connection]:
    """Give a connection to read with, in one transaction."""
    with archive._reading() as connection:
        yield connection


@contextmanager
def writing(archive: Archive) -> Iterator[sa.Connection]:
    """Give a connection to write with, in one transaction; one joins at a time."""
    with archive._writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


def prepare(archive: Archive) -> None:
    """Make the tables, or drop those of an older version and make them anew.

    Raises NewerArchiveError when a newer onrecord made them; nothing is changed then.
    """
    with reading(archive) as connection:
        if _version(connection, archive.where) == VERSION:
            return
    with writing(archive) as connection:
        if _version(connection, archive.where) == VERSION:
            return
        was = _stories_so_far(connection)
        _drop(connection)
        metadata.create_all(connection)
        kept.create_all(connection)
        if was:
            connection.execute(former.insert(), was)
        put(connection, "version", str(VERSION))


def _version(connection: sa.Connection, where: str) -> int:
    if not sa.inspect(connection).has_table(state.name):
        return 0
    found = int(get(connection, "version") or 0)
    if found > VERSION:
        raise NewerArchiveError(
            f"the stories and incidents of {where} are of version {found}, this onrecord knows "
            f"{VERSION}; update onrecord. Nothing was changed",
            archive=where,
        )
    return found


def _stories_so_far(connection: sa.Connection) -> list[dict[str, str]]:
    """Return which article was in which story, whatever else the old tables held."""
    there = sa.inspect(connection)
    found: dict[str, str] = {}
    for table in (former, articles):
        if there.has_table(table.name) and {"id", "story"} <= {
            column["name"] for column in there.get_columns(table.name)
        }:
            rows = connection.execute(
                sa.select(table.c.id, table.c.story).where(table.c.story.is_not(None))
            )
            found.update((row.id, row.story) for row in rows)
    return [{"id": id_, "story": story} for id_, story in found.items()]


def _drop(connection: sa.Connection) -> None:
    for name in sa.inspect(connection).get_table_names():
        if name.startswith("derived_"):
            sa.Table(name, sa.MetaData()).drop(connection)


def parts(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Yield the items a few hundred at a time: a query takes so many values."""
    for first in range(0, len(items), 500):
        yield items[first : first + 500]


def is_there(connection: sa.Connection) -> bool:
    """Whether articles of this archive were ever joined by rules of this version."""
    return sa.inspect(connection).has_table(state.name) and get(connection, "version") == str(
        VERSION
    )


def get(connection: sa.Connection, name: str) -> str | None:
    """Return a named value; None when it was never put."""
    return connection.scalar(sa.select(state.c.value).where(state.c.name == name))


def put(connection: sa.Connection, name: str, value: str) -> None:
    """Keep a named value."""
    changed = connection.execute(state.update().where(state.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(state.insert().values(name=name, value=value))
