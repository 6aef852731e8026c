"""One article's way from the heads' answers to its record."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from onrecord.reading import counted, done, said, when, where, who
from onrecord.reading import labels as L
from onrecord.reading._labels_known import listed, named_phrases, relabelled
from onrecord.reading.decode import (
    Floats,
    Ints,
    Range,
    Tagged,
    links,
    softmax,
    spans,
    viterbi,
)
from onrecord.reading.encoder import Answers
from onrecord.reading.scene import Scene
from onrecord.reading.text import Layout
from onrecord.reading.words import Words
from onrecord.record import (
    Article,
    Figure,
    Place,
    ReaderInfo,
    Record,
    Span,
    Time,
    Warning,
)

#: Probability from which a link back is passed on; ``who`` adds up those to one entity.
COREF_FLOOR = 0.03
#: Words a reference back may bridge.
COREF_REACH = 400
#: Words ahead in which what a reference means may be named ("In his speech, Banda said").
COREF_AHEAD = 12
_PRONOUNS = frozenset(
    "he she it they him her them his its their hers theirs i me my we us our you your who".split()
)
_FIRST_PERSON = frozenset("i me my myself we us our ourselves".split())
_PERSONAL = frozenset("he she him her his hers himself herself".split())
#: Labels of names that stand for a participant.
_PARTIES = frozenset({"Person", "Organization", "Location", "NORP"})
_NEVER = -1e4
Bias = float | Mapping[str, float]
_ERF = np.vectorize(math.erf, otypes=[np.float64])


def gelu(x: Floats) -> Floats:
    """Gaussian error linear unit, exact."""
    return np.asarray(x * 0.5 * (1 + _ERF(x / math.sqrt(2))), np.float32)


def tag(
    answers: Sequence[Answers], head: str, arrays: Mapping[str, Floats], bias: Bias = 0.0
) -> list[list[Tagged]]:
    """Spans of one tag head in several articles.

    ``bias``: what each label's tags are worth more against O, one number or one a label.
    """
    worth = _worth(head, bias)
    scores = [a.tags[head] + worth for a in answers]
    paths = viterbi(scores, arrays[f"moves.{head}"])
    cut = [_cut_at_paragraphs(path, a, head) for path, a in zip(paths, answers)]
    return [spans(path, L.TAG_HEADS[head], own) for path, own in zip(cut, scores)]


def _worth(head: str, bias: Bias) -> Floats:
    """What a bias adds to each tag's score, (tags,)."""
    labels = L.TAG_HEADS[head]
    each = [bias.get(x, 0.0) if isinstance(bias, Mapping) else bias for x in labels]
    return np.array([0.0, *np.repeat(each, 2)], np.float32)


def _cut_at_paragraphs(tags: Ints, answers: Answers, head: str) -> Ints:
    """No span but a quotation runs over the end of a paragraph."""
    inside = (tags > 0) & (tags % 2 == 0)
    if head in ("said", "stated"):
        quoted = answers.words.features[:, 2] == 1
        quoted[1:] |= quoted[:-1].copy()
        inside &= (tags != 2 + 2 * L.SAID_LABELS.index("content")) | ~quoted
    return np.where(inside & (answers.words.features[:, 1] > 1), tags - 1, tags)


def is_name(words: Words, mention: Range) -> bool:
    """Whether a mention ends in a capitalised word that is no pronoun."""
    last = words.word(mention[1] - 1)
    return last[:1].isupper() and last.lower() not in _PRONOUNS


def same_name(words: Words, mentions: Sequence[Range], index: int) -> int | None:
    """The nearest earlier mention that ends in the same word and shares one name."""
    own = _name(words, mentions[index])
    for i in range(index - 1, -1, -1):
        other = _name(words, mentions[i]) if mentions[i][0] < mentions[i][1] else []
        if other and other[-1] == own[-1] and (set(other) <= set(own) or set(own) <= set(other)):
            return i
    return None


def _name(words: Words, mention: Range) -> list[str]:
    return [words.word(i).lower() for i in range(*mention) if words.word(i)[:1].isupper()]


@dataclass
class Pass:
    """What one article's record is made from."""

    article: Article
    layout: Layout
    answers: Answers
    tags: Mapping[str, Sequence[Tagged]]
    arrays: Mapping[str, Floats]
    #: What was tuned with the model: ``calibration`` (what → slope, offset on the
    #: log-odds) and ``floors`` (role or "merge" → probability or score).
    tuned: Mapping[str, Any]
    actors: Any

    def record(self, info: ReaderInfo, warnings: Sequence[Warning]) -> Record:
        """The whole record."""
        stated = said.statements(self.attributions, self.scene)
        stated = [replace(s, confidence=self.sure("statement", s.confidence)) for s in stated]
        happened = done.events(self.happened, self.candidates, self.scene, stated, self._told)
        happened = [replace(e, confidence=self.sure("event", e.confidence)) for e in happened]
        scene = self.scene
        return Record(
            info,
            self.article,
            skipped=self.layout.skipped,
            sentences=self.layout.sentences,
            entities=scene.entities,
            times=scene.times,
            places=scene.places,
            figures=scene.figures,
            statements=stated,
            events=happened,
            warnings=(*warnings, *self._doubts()),
        )

    def sure(self, what: str, raw: float) -> float:
        """A raw confidence as a probability, by the model's calibration curve."""
        slope, offset = self.tuned.get("calibration", {}).get(what, (1.0, 0.0))
        odds = min(max(raw, 1e-4), 1 - 1e-4)
        return round(1 / (1 + math.exp(-slope * math.log(odds / (1 - odds)) - offset)), 4)

    @property
    def text(self) -> str:
        """The article's text as far as it is read."""
        return self.answers.words.text

    @cached_property
    def distance(self) -> dict[str, Floats]:
        """Distance scores by link family."""
        return {name: self.arrays[f"distance.{name}"] for name in L.LINK_FAMILIES}

    @cached_property
    def _closed(self) -> set[int]:
        """Words of datelines and bylines: no events or statements come from them."""
        words = self.answers.words
        stretches = (*self.layout.datelines, *self.layout.bylines)
        return {i for s in stretches for i in range(*words.words_in(s.start, s.end))}

    def _open(self, head: str) -> list[Tagged]:
        return self._outside(self.tags[head])

    def _outside(self, found: Sequence[Tagged]) -> list[Tagged]:
        """Spans outside datelines and bylines."""
        return [t for t in found if self._closed.isdisjoint(range(t.first, t.last))]

    @cached_property
    def names(self) -> list[Tagged]:
        """Names, with the labels that tables give them."""
        return relabelled(self.answers.words, self.tags["entity"])

    @cached_property
    def attributions(self) -> list[said.Attribution]:
        """Who said what."""
        return said.attributions(
            self.answers,
            self._open("said"),
            self._open("stated"),
            self.distance,
            self.layout.sentences,
        )

    @cached_property
    def candidates(self) -> list[Tagged]:
        """Spans that may fill roles: the mention head's, speakers, places, times, figures."""
        found = [self._whole(t) for t in self._open("mention")]
        known = {(t.first, t.last) for t in found}
        sources = [Tagged(*s, "participant", p) for s, p in self._sources.items()]
        found += [t for t in sources if (t.first, t.last) not in known]
        found = sorted({m[:3]: m for t in found for m in self._members(t)}.values())
        named = [
            Tagged(t.first, t.last, "place", t.confidence)
            for t in self._outside(self.names)
            if t.label in ("Location", "Facility")
        ]
        dated = [self._tagged(t, "date") for t in self.times]
        counts = [self._tagged(f, "figure") for f in self.figures if f.of not in (None, "count")]
        for more in (named, dated, counts):
            found += _new(more, found)
        return sorted(found)

    @cached_property
    def _sources(self) -> dict[Range, float]:
        """Who speaks, and how surely."""
        return {a.source: a.confidence for a in self.attributions if a.source}

    def _whole(self, span: Tagged) -> Tagged:
        """A day with all the words of its expression: "late last month", not "last month"."""
        if span.label != "date":
            return span
        words = self.answers.words
        own = [words.words_in(t.start, t.end) for t in self.times]
        over = [r for r in own if r[0] < span.last and span.first < r[1]]
        ends = [(span.first, span.last), *over]
        return span._replace(first=min(r[0] for r in ends), last=max(r[1] for r in ends))

    def _members(self, span: Tagged) -> list[Tagged]:
        """A participant, or those that it lists."""
        if span.label != "participant":
            return [span]
        names = [t for t in self.names if t.label in _PARTIES]
        members = listed(self.answers.words, (span.first, span.last), names)
        return [span._replace(first=a, last=b) for a, b in members]

    def _tagged(self, row: Time | Figure, label: str) -> Tagged:
        return Tagged(*self.answers.words.words_in(row.start, row.end), label, 1.0)

    @cached_property
    def times(self) -> list[Time]:
        """When: expressions of time."""
        return when.find_times(
            self.text,
            published=self.article.published,
            sentences=self.layout.sentences,
            skipped=self.layout.skipped,
        )

    @cached_property
    def figures(self) -> list[Figure]:
        """How many: numbers."""
        return counted.find_figures(self.text, times=self.times, skipped=self.layout.skipped)

    @cached_property
    def happened(self) -> list[done.Happening]:
        """What happened."""
        floors = {**done.FLOORS, **self.tuned.get("floors", {})}
        return done.happenings(
            self.answers,
            self._open("trigger"),
            self.candidates,
            self.distance,
            floors,
            self.layout.sentences,
        )

    @property
    def _parties(self) -> list[Tagged]:
        return [c for c in self.candidates if c.label == "participant"]

    @cached_property
    def _named(self) -> dict[Range, Range]:
        """Participants that are the organisation whose name they end in."""
        asked = [*((c.first, c.last) for c in self._parties), *self._sources]
        return named_phrases(self.answers.words, asked, self.names)

    @cached_property
    def _found(self) -> list[tuple[Range, str, float]]:
        """What ``who`` is asked about: names, and participants that are no name."""
        names = [t for t in self.names if t.label not in ("Date", "Money")]
        out = {(t.first, t.last): (t.label, t.confidence) for t in names}
        parties = {(c.first, c.last): c.confidence for c in self._parties}
        for words, sure in (parties | self._sources).items():
            if words not in self._named:
                out.setdefault(words, ("Participant", sure))
        return [(r, label, sure) for r, (label, sure) in sorted(out.items())]

    @cached_property
    def identified(self) -> who.Identified:
        """Who is who."""
        words = self.answers.words
        found = [
            who.Found(int(words.start[a]), int(words.end[b - 1]), label, sure)
            for (a, b), label, sure in self._found
        ]
        return who.identify(
            self.text,
            found,
            self._references([r for r, _, _ in self._found]),
            published=self.article.published,
            skipped=self.layout.skipped,
            actors=self.actors,
        )

    def _references(self, ranges: list[Range]) -> list[who.Link]:
        """Links of pronouns and descriptions to what they stand for."""
        ask = [i for i, (_, label, _) in enumerate(self._found) if label == "Participant"]
        asked = [ranges[i] for i in ask]
        queries, keys = self.answers.queries["coref"], self.answers.keys["coref"]
        table = links(queries, keys, self.distance["coref"], asked, ranges)
        speakers = self._first_persons(ranges)
        out = [(i, j, 1.0) for i, j in speakers.items()]
        for row, i in zip(table, ask):
            if i in speakers:
                continue
            near = np.array([_may_mean(ranges[i], r) for r in ranges])
            if not near.any():
                continue
            # A personal pronoun always stands for somebody: "none" is no answer.
            none = _NEVER if self._said(ranges[i]) in _PERSONAL else 0.0
            whole = softmax(np.append(np.where(near, row, _NEVER), none).astype(np.float32))
            for j in np.flatnonzero(whole[:-1] >= COREF_FLOOR):
                out.append((i, int(j), round(float(whole[j]), 4)))
        return out

    def _first_persons(self, ranges: list[Range]) -> dict[int, int]:
        """Spans that say "I" or "we" in a statement, with the span of who makes it."""
        spoken = [i for i, r in enumerate(ranges) if self._said(r) in _FIRST_PERSON]
        number = {r: i for i, r in enumerate(ranges)}
        out = {}
        for a in self.attributions if spoken else ():
            source = number.get(a.source) if a.source else None
            for i in spoken:
                inside = any(said.overlap(ranges[i], content) for content in a.contents)
                if source is not None and inside and source != i:
                    out[i] = source
        return out

    def _said(self, words: Range) -> str:
        own = self.answers.words
        return self.text[own.start[words[0]] : own.end[words[1] - 1]].lower()

    @cached_property
    def scene(self) -> Scene:
        """All rows that statements and events may point to."""
        entity_of = dict(zip([r for r, _, _ in self._found], self.identified.entity_of))
        entity_of |= {phrase: entity_of[name] for phrase, name in self._named.items()}
        scene = Scene(
            self.answers.words,
            self.layout.sentences,
            self.identified.entities,
            self.times,
            self._places(),
            self.figures,
            entity_of,
        )
        return replace(scene, places=self._pointed_to(scene))

    def _places(self) -> list[Place]:
        words = self.answers.words
        toponyms = [
            where.Toponym(int(words.start[t.first]), int(words.end[t.last - 1]), t.confidence)
            for t in self.names
            if t.label in ("Location", "Facility")
        ]
        weights: dict[str, float] = {}
        for entity in self.identified.entities:
            if entity.country:
                weights[entity.country] = weights.get(entity.country, 0.0) + len(entity.mentions)
        context = where.Context(weights, self.layout.title, self.layout.datelines, None)
        return where.resolve(self.text, toponyms, context)

    def _pointed_to(self, scene: Scene) -> list[Place]:
        """Places, with those an event points to that are no toponym ("the school")."""
        more: list[Span] = []
        for h in self.happened:
            for index, _ in h.filled("place"):
                span = scene.span((self.candidates[index].first, self.candidates[index].last))
                if not scene.places_in(span) and span not in more:
                    more.append(span)
        rows = [*scene.places, *(_unresolved(s) for s in more)]
        rows.sort(key=lambda p: (p.start, p.end))
        return [replace(p, id=f"p{i}") for i, p in enumerate(rows, 1)]

    def _told(self, words: Range) -> tuple[str | None, str | None, float]:
        span = self.scene.span(self._named.get(words, words))
        return who.participant(self.text, span.start, span.end, self.identified)

    def _doubts(self) -> list[Warning]:
        if self.article.published is not None:
            return []
        if not any(t.begin is None and t.type != "DURATION" for t in self.scene.times):
            return []
        message = (
            "no publication date is known, so relative times are not anchored; give --published"
        )
        return [Warning("unanchored-times", message)]


def _new(more: Sequence[Tagged], found: Sequence[Tagged]) -> list[Tagged]:
    """Spans of ``more`` that touch none of ``found`` with their label."""
    taken = {(i, t.label) for t in found for i in range(t.first, t.last)}
    return [
        t
        for t in more
        if t.first < t.last and not any((i, t.label) in taken for i in range(t.first, t.last))
    ]


def _may_mean(reference: Range, other: Range) -> bool:
    """Whether a span may refer to the other: before it or just after, and not inside it."""
    back = reference[0] - other[0]
    return not said.overlap(reference, other) and -COREF_AHEAD <= back <= COREF_REACH


def _unresolved(span: Span) -> Place:
    return Place("", span.start, span.end, None, None, None, None, None, None, None, "linked", 0.5)
