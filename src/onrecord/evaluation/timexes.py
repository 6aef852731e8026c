"""Counting the times of a record against TIMEX3 annotation, document by document."""

from __future__ import annotations

from typing import NamedTuple

from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.load import Row
from onrecord.evaluation.times import Timex, match_times
from onrecord.record import Article, Record

KEYS = ("text", "dct", "timexes")

SPANS = (Measure("strict F1", "f1"), Measure("relaxed F1", "f1"))
TYPE = Measure("type F1", "f1")
VALUE = Measure("value F1", "f1")


class TimedText(NamedTuple):
    """One document, its creation time, and the expressions in it."""

    article: Article
    timexes: tuple[Timex, ...]


def timed_text(row: Row) -> TimedText:
    """Parse a row; the document's creation time is the article's publication date."""
    timexes = tuple(
        (int(t["start"]), int(t["end"]), str(t["type"]), str(t["value"])) for t in row["timexes"]
    )
    published = row["dct"]
    basis = "given" if published else "none"
    article = Article(text=row["text"], published=published, published_basis=basis)
    return TimedText(article, timexes)


def score(row: TimedText, record: Record) -> dict[str, Counts]:
    """Count (right, predicted, gold) as TempEval-3 does: type and value on relaxed matches."""
    found = [(time.start, time.end, time.type, time.value) for time in record.times]
    pairs = match_times(row.timexes, found)
    right = {
        "strict F1": sum(gold[:2] == given[:2] for gold, given in pairs),
        "relaxed F1": len(pairs),
        "type F1": sum(gold[2] == given[2] for gold, given in pairs),
        "value F1": sum(gold[3] == given[3] for gold, given in pairs),
    }
    sizes = (float(len(found)), float(len(row.timexes)))
    return {name: (float(n), *sizes) for name, n in right.items()}
