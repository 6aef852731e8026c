"""What the measuring asks of a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from onrecord.evaluation.spans import Run
from onrecord.record import Article, Record


class Reader(Protocol):
    """The methods that tasks call; a reader without one is not asked the tasks that need it."""

    def read_many(self, articles: Iterable[Article]) -> Iterator[Record]:
        """Yield one record an article, in order, over the same text."""

    def relate_many(
        self, rows: Iterable[tuple[str, Sequence[Run], Sequence[Run]]]
    ) -> Sequence[Mapping[str, float]]:
        """Return the probability of each PLOVER type for each (text, source, target)."""

    def tag_entities(self, article: Article) -> Sequence[tuple[int, int, str]]:
        """Return the tagger's own spans (start, end, label of the newswire corpus)."""

    def resolve_mentions(self, text: str, mentions: Sequence[Run]) -> Sequence[int | None]:
        """Return, for each mention, the index of the one it refers back to."""


class Remembering:
    """A reader that reads the same text once: several tasks ask for the same reports."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._records: dict[tuple[str, str | None], Record] = {}

    def read_many(self, articles: Iterable[Article]) -> Iterator[Record]:
        """Yield one record an article; only texts not seen before are read."""
        wanted = list(articles)
        new = {(a.text, a.published): a for a in wanted}
        fresh = [article for key, article in new.items() if key not in self._records]
        for article, record in zip(fresh, self._reader.read_many(fresh), strict=True):
            self._records[article.text, article.published] = record
        for article in wanted:
            yield self._records[article.text, article.published]

    def relate_many(
        self, rows: Iterable[tuple[str, Sequence[Run], Sequence[Run]]]
    ) -> Sequence[Mapping[str, float]]:
        """Ask the reader."""
        return self._reader.relate_many(rows)

    def tag_entities(self, article: Article) -> Sequence[tuple[int, int, str]]:
        """Ask the reader."""
        return self._reader.tag_entities(article)

    def resolve_mentions(self, text: str, mentions: Sequence[Run]) -> Sequence[int | None]:
        """Ask the reader."""
        return self._reader.resolve_mentions(text, mentions)
