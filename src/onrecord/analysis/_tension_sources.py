"""From incidents down to the sentences that tell of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from onrecord.analysis import derived as d
from onrecord.analysis.happenings import revived
from onrecord.analysis.rows import Incident, Mention
from onrecord.analysis.told import Facts

if TYPE_CHECKING:
    from onrecord.archive import Archive


class Line(NamedTuple):
    """A sentence that tells of an incident."""

    incident: str
    article: str
    publisher: str | None
    #: ISO day of publication.
    day: str | None
    #: The words that name it, as they stand, and where: code points into the article's text.
    words: str
    start: int
    end: int
    #: On one line.
    sentence: str
    #: The article is nobody's copy.
    origin: bool


def sentences(
    archive: Archive, incidents: Iterable[str], *, copies: bool = False
) -> tuple[Line, ...]:
    """Return the sentences that tell of incidents (ids), by day of publication.

    ``copies``: those of copies too.  An id that the archive does not have gives none.
    """
    rows = list(_rows(archive, sorted(set(incidents))))
    mentions: dict[str, list[tuple[Incident, Mention]]] = defaultdict(list)
    for row in rows:
        own = {one.article: one.origin for one in row.reports}
        for mention in row.mentions:
            if copies or own.get(mention.article, True):
                mentions[mention.article].append((row, mention))
    found = [line for id_, told in mentions.items() for line in _lines(archive, id_, told)]
    return tuple(sorted(found, key=lambda one: (one.day or "", one.article, one.start)))


def _rows(archive: Archive, ids: list[str]) -> Iterator[Incident]:
    with d.reading(archive) as connection:
        if not d.is_there(connection):
            return
        for part in d.parts(ids):
            query = sa.select(d.incidents.c.row).where(d.incidents.c.id.in_(part))
            for text in connection.execute(query).scalars():
                yield revived(Incident, json.loads(text))


def _lines(archive: Archive, id_: str, told: list[tuple[Incident, Mention]]) -> Iterator[Line]:
    record = archive.record(id_)
    facts, article = Facts(record, id_), record.article
    for row, mention in told:
        start, _ = facts.sentence(mention.start)
        _, end = facts.sentence(max(mention.end - 1, mention.start))
        yield Line(
            row.id, id_, article.publisher, (article.published or "")[:10] or None,
            article.text[mention.start : mention.end], mention.start, mention.end,
            " ".join(article.text[start:end].split()),
            any(one.origin for one in row.reports if one.article == id_),
        )  # fmt: skip
