"""Time lines, histories, figures and networks as Arrow tables, one row an item.

Every row has the article, publisher, day, offsets and sentence that it rests on; pandas
(``.to_pandas()``), polars (``polars.from_arrow``) and DuckDB read them as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from onrecord.analysis._briefing_lines import Line, Source
from onrecord.archive import frames

if TYPE_CHECKING:
    import pyarrow as pa

    from onrecord.analysis.figures import Series
    from onrecord.analysis.histories import Saying
    from onrecord.analysis.networks import Edge, Node

_SOURCE = {
    "article": "str", "publisher": "str", "day": "str", "title": "str", "url": "str",
    "start": "int", "end": "int", "sentence_start": "int", "sentence_end": "int",
    "words": "str", "sentence": "str",
}  # fmt: skip
LINES = {
    "kind": "str", "first_day": "str", "last_day": "str", "precision": "str", "who": "str",
    "what": "str", "status": "str", "on_word_of": "str", "story": "str", "incident": "str",
    "place": "str", "country": "str", "origins": "int", "articles": "int", "disputed": "bool",
    "new": "bool", "before": "str", "now": "str", "confidence": "float", **_SOURCE,
}  # fmt: skip
SAYINGS = {
    "number": "int", "said_day": "str", "stance": "str", "negated": "bool", "cue": "str",
    "content": "str", "speaker": "str", "role": "str", "addressee": "str", "medium": "str",
    "place": "str", "story": "str", "statement": "str", "repeats": "int",
    "contradicts": "strs", **_SOURCE,
}  # fmt: skip
POINTS = {
    "story": "str", "incident": "str", "of": "str", "unit": "str", "about": "str", "low": "float",
    "high": "float", "speaker": "str", "change": "str", **_SOURCE,
}  # fmt: skip
NODES = {
    "id": "str", "name": "str", "country": "str", "sector": "str", "incidents": "int",
    "acts": "int", "suffers": "int", "ids": "strs",
}  # fmt: skip
EDGES = {
    "source": "str", "target": "str", "kind": "str", "incidents": "int", "cooperation": "int",
    "conflict": "int", "score": "float", "ids": "strs",
}  # fmt: skip


def lines(rows: Iterable[Line]) -> pa.Table:
    """Return lines as a table."""
    return frames.table(map(_line, rows), LINES)


def _line(line: Line) -> dict[str, Any]:
    place = line.place
    spot = {"place": place.name if place else None, "country": place.country if place else None}
    own = {name: getattr(line, name) for name in LINES if name not in {*_SOURCE, *spot}}
    return {**own, **spot, **_source(line.source)}


def sayings(rows: Iterable[Saying]) -> pa.Table:
    """Return the statements of a history as a table; ``contradicts`` are numbers with reasons."""
    return frames.table(map(_saying, rows), SAYINGS)


def _saying(one: Saying) -> dict[str, Any]:
    taken = {*_SOURCE, "content", "contradicts"}
    own = {name: getattr(one, name) for name in SAYINGS if name not in taken}
    reasons = [f"{each.number}: {each.reason}" for each in one.contradicts]
    return {**own, "content": one.words, "contradicts": reasons, **_source(one.source)}


def points(rows: Iterable[Series]) -> pa.Table:
    """Return figures over time as a table, one row a figure in an article."""
    return frames.table(_points(rows), POINTS)


def _points(rows: Iterable[Series]) -> Iterator[dict[str, Any]]:
    for series in rows:
        for point in series.points:
            yield {
                "story": series.story, "incident": series.incident, "of": series.of,
                "unit": series.unit, "about": series.title, "low": point.low, "high": point.high,
                "speaker": point.speaker, "change": point.change, **_source(point.source),
            }  # fmt: skip


def nodes(rows: Sequence[Node]) -> pa.Table:
    """Return the nodes of a network as a table."""
    return frames.table(({name: getattr(one, name) for name in NODES} for one in rows), NODES)


def edges(rows: Sequence[Edge]) -> pa.Table:
    """Return the edges of a network as a table, with the ids of their incidents."""
    return frames.table(({name: getattr(one, name) for name in EDGES} for one in rows), EDGES)


def _source(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in _SOURCE}
