"""The sentences behind the numbers: words of an article with what came before and after."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.archive import schema as t
from onrecord.render.wording import visible

#: Characters of a sentence that a page shows on each side of the words meant.
_ROOM = 260


class Piece(NamedTuple):
    """An article as pages list it."""

    id: str
    title: str
    publisher: str
    #: Day of publication, ISO; empty where it is unknown.
    day: str
    published: str
    url: str
    #: Id of the article whose text it carries; None for an original.
    origin: str | None
    #: Share of its words that stand in that one, 0 to 1.
    share: float
    story: str
    words: int


class Quote(NamedTuple):
    """Words of an article in their sentence."""

    #: Runs of the sentence in order, and whether they are the words meant.
    parts: tuple[tuple[str, bool], ...]
    article: str
    #: Where the first of the words stand in the article's text.
    start: int
    end: int
    #: Where the sentence stands.
    first: int
    last: int

    @property
    def text(self) -> str:
        """The whole line, without marks."""
        return "".join(words for words, _ in self.parts)


class Text(NamedTuple):
    """An article's text and the bounds of its sentences."""

    text: str
    sentences: tuple[tuple[int, int], ...]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the sentences that hold words; of their line where none does."""
        first = bisect_right(self.sentences, (start, len(self.text) + 1)) - 1
        last = bisect_right(self.sentences, (max(start, end - 1), len(self.text) + 1)) - 1
        if first >= 0 and end <= self.sentences[last][1] and start < self.sentences[first][1]:
            return self.sentences[first][0], self.sentences[last][1]
        stop = self.text.find("\n", end)
        return self.text.rfind("\n", 0, start) + 1, len(self.text) if stop < 0 else stop

    def is_headline(self, start: int) -> bool:
        """Whether words stand in the first line."""
        first = self.text.find("\n")
        return 0 <= start < first

    def quote(self, article: str, *spans: tuple[int, int], room: int = _ROOM) -> Quote:
        """Return words in their sentence, the sentence cut to ``room`` on each side.

        ``spans``: one or more, in order, none in another.
        """
        start, end = spans[0][0], spans[-1][1]
        first, last = self.sentence(start, end)
        before, after = self.text[first:start], self.text[end:last]
        if len(before) > room:
            before = "… " + before[-room:].partition(" ")[2]
        if len(after) > room:
            after = after[:room].rpartition(" ")[0] + " …"
        parts, at = [(_line(before).lstrip(), False)], start
        for low, high in spans:
            parts += [(_line(self.text[at:low]), False), (_line(self.text[low:high]), True)]
            at = high
        parts.append((_line(after).rstrip(), False))
        shown = tuple((words, meant) for words, meant in parts if words)
        return Quote(shown, article, *spans[0], first, last)


def _line(text: str) -> str:
    """Return text on one line, its outer blanks as one blank, nothing in it that acts."""
    shown = visible(text)
    inner = " ".join(shown.split())
    if not inner:
        return " " if shown else ""
    return (" " if shown[0] == " " else "") + inner + (" " if shown[-1] == " " else "")


def pieces(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Piece]:
    """Return articles by id; those that were never joined are left out."""
    found: dict[str, Piece] = {}
    for part in d.parts(sorted(set(ids))):
        for row in connection.execute(piece_query().where(t.articles.c.id.in_(part))):
            found[row.id] = piece(row)
    return found


def piece_query() -> sa.Select[tuple[object, ...]]:
    """Return the query whose rows ``piece`` takes."""
    a, v = d.articles.c, t.versions.c
    origin = d.articles.alias("origin")
    return sa.select(
        a.id, a.title, a.publisher, a.day, a.published, a.story, a.words, v.url, v.canonical_url,
        origin.c.id.label("origin"), d.copies.c.share,
    ).select_from(
        t.articles.join(d.articles, a.article == t.articles.c.key)
        .join(t.readings, t.readings.c.key == a.reading)
        .join(t.versions, v.key == t.readings.c.version)
        .outerjoin(d.copies, d.copies.c.carrier == a.article)
        .outerjoin(origin, origin.c.article == d.copies.c.origin)
    )  # fmt: skip


def piece(row: sa.Row[tuple[object, ...]]) -> Piece:
    """Return a row of ``piece_query`` as an article."""
    return Piece(
        row.id, row.title, row.publisher or "unnamed outlet", row.day or "", row.published or "",
        row.canonical_url or row.url or "", row.origin, row.share or 0.0, row.story or "",
        row.words,
    )  # fmt: skip


def texts(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Text]:
    """Return the texts of articles by id."""
    found: dict[str, Text] = {}
    query = (
        sa.select(t.articles.c.id, t.versions.c.text, t.readings.c.sentences)
        .join(t.versions, t.versions.c.article == t.articles.c.key)
        .join(t.readings, t.readings.c.version == t.versions.c.key)
        .where(t.readings.c.live)
    )
    for part in d.parts(sorted(set(ids))):
        for row in connection.execute(query.where(t.articles.c.id.in_(part))):
            spans = json.loads(row.sentences or "[]")
            found[row.id] = Text(row.text, tuple((one[0], one[1]) for one in spans))
    return found
