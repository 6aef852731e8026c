"""Small gold rows and records of our own invention, for the tests of the measuring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from onrecord.evaluation.spans import Run
from onrecord.record import (
    Article,
    Entity,
    Event,
    EventMention,
    Participant,
    Place,
    ReaderInfo,
    Record,
    Reference,
    Span,
    Statement,
    Time,
)

INFO = ReaderInfo("0", "none", "0")


def at(text: str, words: str, nth: int = 1) -> Run:
    """Return where the ``nth`` occurrence of ``words`` stands."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return start, start + len(words)


def entity(id_: str, name: str | None, kind: str = "person") -> Entity:
    return Entity(id_, kind, name, None, None, None, ())


def statement(
    id_: str,
    *,
    speaker: Run | None = None,
    entity: str | None = None,
    cue: Run | None = None,
    content: Sequence[Run] = (),
    kind: str = "statement",
    stance: str = "state",
    form: str = "indirect",
    confidence: float = 0.9,
) -> Statement:
    return Statement(
        id=id_,
        kind=kind,
        speaker=Reference(*speaker, entity) if speaker else None,
        cue=Span(*cue) if cue else None,
        content=[Span(*run) for run in content],
        stance=stance,
        form=form,
        negated=False,
        addressee=None,
        medium=None,
        time=None,
        place=None,
        figures=(),
        sourcing="named",
        confidence=confidence,
    )


def participant(
    run: Run, *, entity: str | None = None, country: str | None = None, sector: str | None = None
) -> Participant:
    return Participant(*run, entity, country, sector, 0.9)


def event(
    id_: str,
    type_: str,
    *mentions: Run,
    mode: str | None = None,
    status: str = "actual",
    actors: Sequence[Participant] = (),
    recipients: Sequence[Participant] = (),
    place: str | None = None,
    time: str | None = None,
    statement: str | None = None,
    confidence: float = 0.9,
) -> Event:
    return Event(
        id=id_,
        type=type_,
        mode=mode,
        contexts=(),
        status=status,
        trigger=Span(*mentions[0]),
        mentions=[EventMention(*run, status) for run in mentions],
        actors=actors,
        recipients=recipients,
        place=place,
        time=time,
        figures=(),
        statement=statement,
        within=(),
        score=None,
        confidence=confidence,
    )


def place(id_: str, run: Run) -> Place:
    return Place(id_, *run, None, None, None, None, None, None, None, "linked", 0.9)


def time(id_: str, run: Run) -> Time:
    return Time(id_, *run, "DATE", "2031-05-02", None, None, None)


def record(text: str, **found: Any) -> Record:
    return Record(INFO, Article(text=text), **found)


class FakeReader:
    """A reader that answers from what it was given; what it was not given is empty."""

    def __init__(
        self,
        records: Iterable[Record] = (),
        *,
        relations: Sequence[Mapping[str, float]] = (),
        tags: Mapping[str, Sequence[tuple[int, int, str]]] | None = None,
        antecedents: Mapping[str, Sequence[int | None]] | None = None,
    ) -> None:
        self._records = {found.article.text: found for found in records}
        self._relations = relations
        self._tags = tags or {}
        self._antecedents = antecedents or {}
        #: Texts that were read, in order.
        self.read: list[str] = []

    def read_many(self, articles: Iterable[Article]) -> Iterator[Record]:
        for article in articles:
            self.read.append(article.text)
            yield self._records.get(article.text) or Record(INFO, article)

    def relate_many(
        self, rows: Iterable[tuple[str, Sequence[Run], Sequence[Run]]]
    ) -> Sequence[Mapping[str, float]]:
        return self._relations or [{} for _ in rows]

    def tag_entities(self, article: Article) -> Sequence[tuple[int, int, str]]:
        return self._tags.get(article.text, ())

    def resolve_mentions(self, text: str, mentions: Sequence[Run]) -> Sequence[int | None]:
        return self._antecedents.get(text, [None] * len(mentions))


def write_jsonl(path: Path, *rows: Mapping[str, Any]) -> Path:
    """Write the rows and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path
