"""Records of invented reports, built by hand for the tests of the analysis.

``report("a1", "…", events=[…])`` finds every span by its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from onrecord import record as r

READER = r.ReaderInfo(version="0", model="by hand", model_sha256="0" * 64)


class Draft:
    """A record in the making; every method returns the id of the row it added."""

    def __init__(self, id_: str, text: str, **known: Any) -> None:
        self.article = r.Article(text=text, id=id_, **known)
        self.rows: dict[str, list[Any]] = {
            name: [] for name in ("entities", "times", "places", "figures", "statements", "events")
        }

    def span(self, words: str) -> tuple[int, int]:
        start = self.article.text.index(words)
        return start, start + len(words)

    def _add(self, kind: str, row: Any) -> str:
        self.rows[kind].append(row)
        return str(row.id)

    def _id(self, letter: str, kind: str) -> str:
        return f"{letter}{len(self.rows[kind]) + 1}"

    def entity(
        self, words: str, name: str | None = None, country: str | None = None,
        sector: str | None = None, kind: str = "person", role: str | None = None,
    ) -> str:  # fmt: skip
        for known in self.rows["entities"]:
            if (known.name or words) == (name or words):
                return str(known.id)
        mention = r.Mention(*self.span(words), "name", 0.9)
        id_ = self._id("e", "entities")
        return self._add("entities", r.Entity(id_, kind, name, role, country, sector, (mention,)))

    def time(self, words: str, first: str, last: str | None = None) -> str:
        id_ = self._id("t", "times")
        return self._add(
            "times", r.Time(id_, *self.span(words), "DATE", first, None, first, last or first)
        )

    def place(
        self, words: str, country: str, at: tuple[float, float] | None = None,
        precision: str = "city",
    ) -> str:  # fmt: skip
        lat, lon = at or (None, None)
        id_ = self._id("p", "places")
        return self._add(
            "places",
            r.Place(
                id_,
                *self.span(words),
                words,
                country,
                None,
                None,
                lat,
                lon,
                precision,
                "linked",
                0.9,
            ),
        )

    def figure(self, words: str, of: str, low: float | None, high: float | None = None) -> str:
        id_ = self._id("f", "figures")
        return self._add("figures", r.Figure(id_, *self.span(words), low, high, None, of, False))

    def _reference(self, party: tuple[Any, ...] | None) -> r.Reference | None:
        if party is None:
            return None
        return r.Reference(*self.span(party[0]), self.entity(*party))

    def says(
        self, speaker: tuple[Any, ...] | None, content: str, stance: str = "state",
        figures: Sequence[str] = (), negated: bool = False, cue: str | None = None,
    ) -> str:  # fmt: skip
        """Add a statement; ``speaker`` as in ``entity``."""
        id_ = self._id("s", "statements")
        return self._add("statements", r.Statement(
            id=id_, kind="statement", speaker=self._reference(speaker),
            cue=r.Span(*self.span(cue)) if cue else None, content=(r.Span(*self.span(content)),),
            stance=stance, form="indirect", negated=negated, addressee=None, medium=None,
            time=None, place=None, figures=tuple(figures), sourcing="named", confidence=0.9,
        ))  # fmt: skip

    def event(
        self, trigger: str, type_: str, mode: str | None = None, *, status: str = "actual",
        actors: Iterable[tuple[Any, ...]] = (), recipients: Iterable[tuple[Any, ...]] = (),
        place: str | None = None, time: str | None = None, figures: Sequence[str] = (),
        by: str | None = None, within: Sequence[str] = (), more: Sequence[str] = (),
    ) -> str:  # fmt: skip
        """Add an event; actors and recipients as in ``entity``, ``more``: later mentions."""
        id_ = self._id("v", "events")
        spans = [self.span(words) for words in (trigger, *more)]
        return self._add("events", r.Event(
            id=id_, type=type_, mode=mode, contexts=(), status=status, trigger=r.Span(*spans[0]),
            mentions=tuple(r.EventMention(*span, status) for span in spans),
            actors=tuple(map(self._participant, actors)),
            recipients=tuple(map(self._participant, recipients)), place=place, time=time,
            figures=tuple(figures), statement=by, within=tuple(within or ([by] if by else [])),
            score=None, confidence=0.8,
        ))  # fmt: skip

    def _participant(self, party: tuple[Any, ...]) -> r.Participant:
        id_ = self.entity(*party)
        (entity,) = (row for row in self.rows["entities"] if row.id == id_)
        start, end = self.span(party[0])
        return r.Participant(start, end, entity.id, entity.country, entity.sector, 0.9)

    def record(self) -> r.Record:
        """Return the record, with a sentence wherever a full stop ends one."""
        found = re.finditer(r"\S[^.\n]*(?:\.|(?=\n)|$)", self.article.text)
        sentences = tuple(r.Span(*match.span()) for match in found)
        return r.Record(READER, self.article, sentences=sentences, **self.rows)


def together(*drafts: Draft) -> dict[str, r.Record]:
    """Return the records of drafts by article id."""
    return {draft.article.id or "": draft.record() for draft in drafts}


def empty(id_: str, text: str = "", **known: Any) -> r.Record:
    """Return a record in which nothing was found."""
    return r.Record(READER, r.Article(text=text, id=id_, **known))
