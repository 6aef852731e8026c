"""Said: who stated what, on what cue, and how they stand to it.

Spans come from two tag heads: ``said`` draws attributions as PolNeAR does, views
included; ``stated`` draws only utterances.  A cue that both find, or ``stated``
alone, makes a statement; one that only ``said`` finds makes a view.  Link scores
join contents to cues and cues to sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from onrecord.reading import _said_rules as rules
from onrecord.reading import labels as L
from onrecord.reading.decode import Floats, Range, Tagged, ends, links
from onrecord.reading.encoder import Answers
from onrecord.reading.scene import Scene
from onrecord.reading.words import Ints, numbered
from onrecord.record import Place, Reference, Span, Statement, Time

Row = TypeVar("Row", Time, Place)

#: Words a link of an attribution may bridge.
REACH = 400
#: Link scores are against "none" at 0; a source is worth a guess below that.
SOURCE_FLOOR = -1.0
CONTENT_FLOOR = -1.0
#: Words back to the speaker whom a quotation without a cue goes on quoting.  On gold.train
#: 52 of 62 such quotations are the previous speaker's.
CONTINUES = 80
#: What a source of another sentence than the cue's must score more.
ELSEWHERE = 4.0
_MARKS = frozenset('“”"«»„')


class Attribution(NamedTuple):
    """One attribution in word ranges."""

    cue: Range | None
    source: Range | None
    contents: tuple[Range, ...]
    stance: str
    form: str
    #: "statement" or "view".
    kind: str
    confidence: float


class Drawn(NamedTuple):
    """Spans of one label from both heads, without overlaps."""

    spans: list[Range]
    confidence: list[float]


def overlap(a: Range, b: Range) -> bool:
    """Whether two ranges share a word."""
    return a[0] < b[1] and b[0] < a[1]


def drawn(said: Sequence[Tagged], stated: Sequence[Tagged], label: str) -> Drawn:
    """Spans of ``said``, then those of ``stated`` that touch none of them."""
    chosen: list[Tagged] = [t for t in said if t.label == label]
    taken = _Occupied(chosen)
    chosen += [t for t in stated if t.label == label and not taken.touches(t)]
    chosen.sort()
    return Drawn([(t.first, t.last) for t in chosen], [t.confidence for t in chosen])


class _Occupied:
    """Words that spans cover, for quick overlap tests."""

    def __init__(self, spans: Sequence[Tagged]) -> None:
        self._words = {i for t in spans for i in range(t.first, t.last)}

    def touches(self, span: Tagged) -> bool:
        return not self._words.isdisjoint(range(span.first, span.last))


def attributions(
    answers: Answers,
    said: Sequence[Tagged],
    stated: Sequence[Tagged],
    distance: dict[str, Floats],
    sentences: Sequence[Span] = (),
) -> list[Attribution]:
    """Attributions of an article in text order."""
    sentence = numbered(answers.words, sentences)
    cues, sources, contents = (drawn(said, stated, label) for label in ("cue", "source", "content"))
    utterances = _Occupied([t for t in stated if t.label in ("cue", "content")])
    source_of = _best_sources(answers, cues.spans, sources.spans, distance["source"], sentence)
    cue_of, loose = _owners(answers, contents.spans, cues.spans, distance["content"])
    cue_of = _reachable(answers, cue_of, contents.spans, cues.spans, sentence)
    out = []
    for i, cue in enumerate(cues.spans):
        own = tuple(contents.spans[c] for c in cue_of.get(i, []))
        stance = _stance(answers, cue, own)
        if not own and stance == "decline":
            own = (cue,)
        if not own:
            continue
        source = sources.spans[source_of[i]] if i in source_of else None
        kind = "statement" if utterances.touches(Tagged(*cue, "", 0)) else "view"
        sure = _confidence(cues.confidence[i], [contents.confidence[c] for c in cue_of.get(i, [])])
        out.append(Attribution(cue, source, own, stance, form(answers, own), kind, sure))
    for c in loose:
        content = contents.spans[c]
        if form(answers, (content,)) == "indirect":
            continue
        stance = _stance(answers, content, (content,))
        sure = contents.confidence[c] * 0.8
        out.append(Attribution(None, None, (content,), stance, "direct", "statement", sure))
    return continued(sorted(out, key=lambda a: min(filter(None, (a.cue, a.contents[0])))))


def continued(found: Sequence[Attribution]) -> list[Attribution]:
    """Give quotations without cue and source the speaker of the statement before them."""
    out: list[Attribution] = []
    before: Attribution | None = None
    for one in found:
        if before is not None and one.cue is None and one.source is None:
            last = max(end for _, end in filter(None, (before.cue, *before.contents)))
            if one.contents[0][0] - last <= CONTINUES:
                one = one._replace(source=before.source)
        out.append(one)
        if one.kind == "statement" and one.source is not None:
            before = one
    return out


def _confidence(cue: float, contents: list[float]) -> float:
    return float(cue * (sum(contents) / len(contents) if contents else 1.0))


def _best_sources(
    answers: Answers,
    cues: list[Range],
    sources: list[Range],
    distance: Floats,
    sentence: Ints,
) -> dict[int, int]:
    """Cue → source, by index; one of the cue's own sentence goes before others."""
    table = links(answers.queries["source"], answers.keys["source"], distance, cues, sources)
    if table.size:
        asks = sentence[[c[0] for c in cues]][:, None]
        table = table - ELSEWHERE * (asks != sentence[[s[0] for s in sources]][None, :])
    out = {}
    for i, row in enumerate(_within(table, cues, sources)):
        if len(row) and row.max() > SOURCE_FLOOR:
            out[i] = int(row.argmax())
    return out


def _owners(
    answers: Answers, contents: list[Range], cues: list[Range], distance: Floats
) -> tuple[dict[int, list[int]], list[int]]:
    """Cue → its contents, and the contents that no cue owns."""
    table = links(answers.queries["content"], answers.keys["content"], distance, contents, cues)
    owned: dict[int, list[int]] = {}
    loose = []
    for i, row in enumerate(_within(table, contents, cues)):
        if len(row) and row.max() > CONTENT_FLOOR:
            owned.setdefault(int(row.argmax()), []).append(i)
        else:
            loose.append(i)
    return owned, loose


def _reachable(
    answers: Answers,
    cue_of: dict[int, list[int]],
    contents: list[Range],
    cues: list[Range],
    sentence: Ints,
) -> dict[int, list[int]]:
    """Without indirect contents from too far off.

    They stand in their cue's paragraph: a headline is not what the first sentence's
    speaker said.  Where one stands in the cue's sentence, those of others are not its.
    """
    paragraph = np.cumsum(answers.words.features[:, 1] > 1)

    def holds(cue: int, content: int, near: bool) -> bool:
        at, asks = contents[content][0], cues[cue][0]
        same = paragraph[at] == paragraph[asks] and (not near or sentence[at] == sentence[asks])
        return bool(same) or form(answers, (contents[content],)) != "indirect"

    kept = {}
    for cue, owned in cue_of.items():
        near = any(sentence[contents[c][0]] == sentence[cues[cue][0]] for c in owned)
        kept[cue] = [c for c in owned if holds(cue, c, near)]
    return {cue: owned for cue, owned in kept.items() if owned}


def _within(table: Floats, ask: list[Range], answer: list[Range]) -> Floats:
    """Scores with pairs too far apart ruled out."""
    if not table.size:
        return table
    a = np.array([r[0] for r in ask])[:, None]
    b = np.array([r[0] for r in answer])[None, :]
    return np.where(np.abs(a - b) <= REACH, table, np.float32(-1e4))


def _stance(answers: Answers, cue: Range, contents: Sequence[Range]) -> str:
    """The likeliest stance by the ends of the cue and all words of the content."""
    scores = ends(answers.classes["stance"], [cue])[0]
    rows = [answers.classes["about"][first:last] for first, last in contents if first < last]
    if rows:
        scores = scores + np.concatenate(rows).mean(0)
    return L.STANCE_CLASSES[int(scores.argmax())]


def form(answers: Answers, contents: Sequence[Range]) -> str:
    """direct: every word in quotation marks; indirect: none; mixed: some."""
    quote = answers.words.features[:, 2]
    inside = outside = 0
    for first, last in contents:
        for i in range(first, last):
            if not answers.words.word(i).isalnum():
                continue
            inside += int(quote[i] == 1)
            outside += int(quote[i] == 0)
    if not inside:
        return "indirect"
    # A leading "that" or a stray word does not make a quotation a mixed one.
    return "direct" if outside <= 1 else "mixed"


def statements(found: Sequence[Attribution], scene: Scene) -> list[Statement]:
    """Attributions as rows of the record, in text order."""
    out: list[Statement] = []
    taken = [scene.span(r) for a in found for r in (*a.contents, *filter(None, [a.source]))]
    for number, a in enumerate(found, 1):
        out.append(_statement(f"s{number}", a, scene, taken))
    return out


def _statement(key: str, a: Attribution, scene: Scene, taken: Sequence[Span]) -> Statement:
    content = [scene.span(r) for r in a.contents]
    cue = scene.span(a.cue) if a.cue else None
    speaker = scene.reference(a.source) if a.source else None
    sentence = scene.sentence((cue or content[0]).start)
    entity = scene.entity.get(speaker.entity or "") if speaker else None
    said = scene.text[speaker.start : speaker.end] if speaker else None
    told = rules.addressee(scene.text, cue, content[0].start) if cue else None
    spoken = [s for s in (*content, cue, speaker) if s is not None]
    places = [p for p in scene.places_in(sentence) if rules.located(scene.text, p.start)]
    times = [t for t in scene.times_in(sentence) if t.type in ("DATE", "TIME")]
    ends = [s.end for s in spoken]

    def own(row: Time | Place) -> bool:
        return not rules.subordinate(scene.text, ends, sentence, row.start)

    closed = (*spoken, *taken)
    place = _beside([p for p in places if own(p)], closed)
    time = _beside([t for t in times if own(t)], closed)
    return Statement(
        id=key,
        kind=a.kind,
        speaker=speaker,
        cue=cue,
        content=content,
        stance=a.stance,
        form=a.form,
        negated=rules.negated(scene.text, cue) if cue else False,
        addressee=Reference(told.start, told.end, _entity_in(scene, told)) if told else None,
        medium=rules.medium(scene.text, sentence, [s for s in spoken if isinstance(s, Span)]),
        time=time.id if time else None,
        place=place.id if place and place.basis == "linked" else None,
        figures=[f.id for s in content for f in scene.figures_in(s)],
        sourcing=rules.sourcing(said, entity),
        confidence=round(a.confidence, 4),
    )


def _beside(rows: Sequence[Row], spoken: Sequence[Span | Reference]) -> Row | None:
    """The first row that stands outside the words of speaker, cue and content."""
    for row in rows:
        if not any(s.start < row.end and row.start < s.end for s in spoken):
            return row
    return None


def _entity_in(scene: Scene, span: Span) -> str | None:
    for entity in scene.entities:
        if any(m.start < span.end and span.start < m.end for m in entity.mentions):
            return entity.id
    return None
