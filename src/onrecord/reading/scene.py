"""What is known of an article when its statements and events are written down."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from onrecord.reading.decode import Range
from onrecord.reading.words import Words
from onrecord.record import Entity, Figure, Place, Reference, Span, Time


@dataclass(frozen=True)
class Scene:
    """Rows found so far, and from words to them."""

    words: Words
    sentences: Sequence[Span]
    entities: Sequence[Entity]
    times: Sequence[Time]
    places: Sequence[Place]
    figures: Sequence[Figure]
    #: Entity of each span given to ``who`` (speakers, participants, names).
    entity_of: Mapping[Range, str | None]

    @property
    def text(self) -> str:
        """The article's text."""
        return self.words.text

    def span(self, words: Range) -> Span:
        """A word range as offsets."""
        return Span(int(self.words.start[words[0]]), int(self.words.end[words[1] - 1]))

    def said(self, words: Range) -> str:
        """The words of a range as they stand."""
        span = self.span(words)
        return self.text[span.start : span.end]

    def reference(self, words: Range) -> Reference:
        """A range with the entity it stands for."""
        span = self.span(words)
        return Reference(span.start, span.end, self.entity_of.get(words))

    @cached_property
    def entity(self) -> dict[str, Entity]:
        """Entities by id."""
        return {e.id: e for e in self.entities}

    @cached_property
    def _starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    def sentence(self, at: int) -> Span:
        """The sentence around an offset; an empty one where there is none."""
        i = bisect_right(self._starts, at) - 1
        return self.sentences[i] if i >= 0 else Span(at, at)

    def times_in(self, span: Span) -> list[Time]:
        """Times that overlap a span."""
        return [t for t in self.times if t.start < span.end and span.start < t.end]

    def places_in(self, span: Span) -> list[Place]:
        """Places that overlap a span."""
        return [p for p in self.places if p.start < span.end and span.start < p.end]

    def figures_in(self, span: Span) -> list[Figure]:
        """Figures that overlap a span."""
        return [f for f in self.figures if f.start < span.end and span.start < f.end]
