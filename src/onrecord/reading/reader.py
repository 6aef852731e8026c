"""The reader: one article in, one record out, and the order in which it is asked.

`Reader` holds the model; everything found in an article depends on the article, the
model, the shipped tables and the caller's own table of actors, on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from onrecord import intake, settings
from onrecord import record as R
from onrecord.errors import InputError
from onrecord.reading import _passes as passes
from onrecord.reading import labels as L
from onrecord.reading.decode import Floats, Tagged, links, softmax
from onrecord.reading.encoder import MODEL_FOLDER, Answers, Model
from onrecord.reading.text import Layout, dateline_parts, layout
from onrecord.reading.when import describe_time
from onrecord.reading.words import Words
from onrecord.record import Article, ReaderInfo, Record
from onrecord.version import VERSION

Spans = Sequence[tuple[int, int]]
#: Articles that wait for each other at most, so that results come steadily.
_TOGETHER = 64
#: Doubts about an article after which its text is not read.
_UNREADABLE = frozenset({"not-english", "empty-text"})


class Reader:
    """Reads articles with one model.

    ``actors``: the caller's own table of actors, which goes before the shipped ones.
    Raises ModelError when the model is missing or damaged.
    """

    def __init__(self, *, model: Path | None = None, actors: Any = None) -> None:
        self._model = Model(model or MODEL_FOLDER)
        self._actors = actors

    @property
    def info(self) -> ReaderInfo:
        """Which reader this is, as its records say it."""
        return ReaderInfo(VERSION, self._model.card["name"], self._model.sha256)

    def read(self, article: Article | str, **fields: Any) -> Record:
        """Read one article, or a text with the article's other fields.

        >>> Reader().read("…", published="2025-12-04", title=None)
        """
        if isinstance(article, str):
            article = intake.article_from_text(article, **fields)
        elif fields:
            article = replace(article, **fields)
        return next(self.read_many([article]))

    def read_many(
        self,
        articles: Iterable[Article],
        on_progress: Callable[[int], None] | None = None,
    ) -> Iterator[Record]:
        """Read articles in order; ``on_progress`` hears how many are done.

        Articles go through the model together, a batch at a time; a record does not
        depend on the batch.
        """
        done = 0
        for group in _groups(articles):
            yield from self._read_group(group)
            done += len(group)
            if on_progress is not None:
                on_progress(done)

    def empty(self, article: Article, code: str, message: str) -> Record:
        """A valid record that holds nothing but the article and a warning."""
        return Record(self.info, article, warnings=(R.Warning(code, message),))

    def relate(self, text: str, source: Spans, target: Spans) -> dict[str, float]:
        """Which PLOVER relation holds between two marked participants of a sentence.

        ``source``, ``target``: spans of the text; either may be empty.  Returns the
        probability of each of the 16 types; they sum to 1.  Raises InputError when a
        span lies outside the text.
        """
        for start, end in (*source, *target):
            if not 0 <= start <= end <= len(text):
                raise InputError(
                    f"span ({start}, {end}) lies outside the text of {len(text)} characters; "
                    "give offsets in code points, end exclusive"
                )
        words = self._model.cut(text)
        marks = np.zeros(len(words), np.int64)
        for value, spans in ((1, source), (2, target)):
            for start, end in spans:
                first, last = words.words_in(start, end)
                marks[first:last] = value
        odds = _relation(self._model.marked(words, marks), marks, self._model.arrays)
        return dict(zip(L.RELATION_TYPES, odds))

    def relate_many(self, rows: Iterable[tuple[str, Spans, Spans]]) -> list[dict[str, float]]:
        """`relate` for several rows of text, source, target."""
        return [self.relate(*row) for row in rows]

    def tag_entities(self, article: Article | str) -> list[tuple[int, int, str]]:
        """Raw spans of the entity head: start, end, corpus label."""
        text = article if isinstance(article, str) else article.text
        words = self._model.cut(text)
        answers = self._model.answers([words])
        tagged = self._tag(answers, "entity")[0]
        return [(int(words.start[t.first]), int(words.end[t.last - 1]), t.label) for t in tagged]

    def resolve_mentions(self, text: str, mentions: Spans) -> list[int | None]:
        """For each mention, the index of the mention it refers back to, or None."""
        words = self._model.cut(text)
        answers = self._model.answers([words])[0]
        ranges = [words.words_in(*m) for m in mentions]
        known = [i for i, r in enumerate(ranges) if r[0] < r[1]]
        own = [ranges[i] for i in known]
        distance = self._model.arrays["distance.coref"]
        table = links(answers.queries["coref"], answers.keys["coref"], distance, own, own)
        out: list[int | None] = [None] * len(mentions)
        if table.size:
            np.fill_diagonal(table, -1e4)
        for row, i in zip(table, known):
            best = int(row.argmax())
            if passes.is_name(words, ranges[i]):
                out[i] = passes.same_name(words, ranges, i)
            elif row[best] > 0:
                out[i] = known[best]
        return out

    def _tag(self, answers: Sequence[Answers], head: str) -> list[list[Tagged]]:
        bias = self._model.card.get("bias", {}).get(head, 0.0)
        return passes.tag(answers, head, self._model.arrays, bias)

    def _read_group(self, articles: Sequence[Article]) -> list[Record]:
        prepared = [self._prepared(a) for a in articles]
        read = [p for p in prepared if p.words is not None]
        answers = self._model.answers([p.words for p in read if p.words is not None])
        tagged = {head: self._tag(answers, head) for head in L.TAG_HEADS}
        records: dict[int, Record] = {}
        for i, (p, own) in enumerate(zip(read, answers)):
            tags = {head: spans[i] for head, spans in tagged.items()}
            found = passes.Pass(
                p.article, p.layout, own, tags, self._model.arrays, self._model.card, self._actors
            )
            records[id(p)] = found.record(self.info, p.warnings)
        return [records.get(id(p)) or p.unread(self.info) for p in prepared]

    def _prepared(self, article: Article) -> _Prepared:
        warnings = list(intake.doubts(article))
        if any(w.code in _UNREADABLE for w in warnings):
            return _Prepared(article, Layout([], [], None, [], []), None, warnings)
        limit = settings.get("max_text_chars")
        if len(article.text) > limit:
            warnings.append(
                R.Warning(
                    "text-cut",
                    f"only the first {limit} of {len(article.text)} characters were read; "
                    "raise ONRECORD_MAX_TEXT_CHARS to read more",
                )
            )
        read = article.text[:limit]
        laid = layout(read, title=article.title, publisher=article.publisher)
        words = self._model.cut(read).without([(s.start, s.end) for s in laid.skipped])
        return _Prepared(_dated(article, laid), laid, words, warnings)


class _Prepared:
    """An article with its layout and words; ``words`` None: not to be read."""

    def __init__(
        self, article: Article, laid: Layout, words: Words | None, warnings: list[R.Warning]
    ) -> None:
        self.article, self.layout, self.words, self.warnings = article, laid, words, warnings

    def unread(self, info: ReaderInfo) -> Record:
        return Record(info, self.article, warnings=tuple(self.warnings))


def _dated(article: Article, laid: Layout) -> Article:
    """The article with its dateline's date where no other is known and it names the year."""
    if article.published is not None or article.published_raw is not None:
        return article
    for dateline in laid.datelines:
        span = dateline_parts(article.text, dateline).date
        words = article.text[span.start : span.end] if span else ""
        time = describe_time(words, None) if words else None
        if time is not None and time.begin is not None and time.begin == time.finish:
            return replace(
                article, published=time.begin, published_basis="dateline", published_raw=words
            )
    return article


def _groups(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Articles in batches of about ``batch_windows`` windows."""
    room = settings.get("batch_windows") * 1000
    group: list[Article] = []
    size = 0
    for article in articles:
        if group and (size + len(article.text) > room or len(group) >= _TOGETHER):
            yield group
            group, size = [], 0
        group.append(article)
        size += len(article.text)
    if group:
        yield group


def _relation(hidden: Floats, marks: Any, arrays: Mapping[str, Floats]) -> list[float]:
    """Probabilities over the relation types; ``hidden`` (words, 384)."""
    if not len(hidden):
        return [1 / len(L.RELATION_TYPES)] * len(L.RELATION_TYPES)
    whole = hidden.mean(0)
    ends = [hidden[marks == v].mean(0) if (marks == v).any() else whole for v in (1, 2)]
    joined = np.concatenate([*ends, whole])
    trunk = arrays["relation_trunk.weight"] @ joined + arrays["relation_trunk.bias"]
    logits = arrays["relation.weight"] @ passes.gelu(trunk) + arrays["relation.bias"]
    odds = softmax(logits.astype(np.float64))
    return [float(p) for p in odds / odds.sum()]
