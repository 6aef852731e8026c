"""Adapters: the corpora beside the project, as examples the model learns from.

Every adapter turns one file into `Example`s over the words of
``onrecord.reading.words``; a head that an example says nothing about is absent
from it, never "O".
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord.reading import labels as L
from onrecord.reading.words import Words, cut

Ints = NDArray[np.int64]
#: Words [first, last) of an example.
Range = tuple[int, int]


@dataclass
class Attribution:
    """One statement in word ranges; stance is a class index, or -1 when unknown."""

    cue: Range | None
    sources: list[Range]
    contents: list[Range]
    stance: int = -1


@dataclass
class Trigger:
    """One mention of an event; classes are -1 where the annotation says nothing."""

    words: Range
    event: int
    mode: int = -1
    status: int = -1
    by: int = -1
    #: Candidate index → role, for a trigger whose participants are annotated.
    roles: dict[int, set[str]] | None = None


@dataclass
class Example:
    """One text with all that a corpus says of it."""

    id: str
    words: Words
    tags: dict[str, Ints] = field(default_factory=dict)
    attributions: list[Attribution] = field(default_factory=list)
    #: Which tag head ("said" or "stated") the attributions belong to.
    attribution_head: str | None = None
    triggers: list[Trigger] = field(default_factory=list)
    #: Spans that may fill a role: (label, words).
    candidates: list[tuple[str, Range]] = field(default_factory=list)
    #: Mentions with the cluster each belongs to, for coreference.
    mentions: list[tuple[Range, int]] = field(default_factory=list)
    #: Indices of mentions that are taught (pronouns, descriptions).
    anaphors: list[int] = field(default_factory=list)


@dataclass
class Pair:
    """A sentence with a marked source and target."""

    words: Words
    marks: Ints
    #: Classes that count as right (YIELD: two of them).
    types: tuple[int, ...]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def tag(words: Words, spans: Iterable[tuple[str, Range]], labels: tuple[str, ...]) -> Ints:
    """BIO tags; an earlier span keeps its words against a later one."""
    out = np.zeros(len(words), np.int64)
    for label, (first, last) in spans:
        if first >= last or out[first:last].any():
            continue
        index = labels.index(label)
        out[first], out[first + 1 : last] = 1 + 2 * index, 2 + 2 * index
    return out


# --- attribution -------------------------------------------------------------


def polnear(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """PolNeAR articles: who is quoted, on what cue, with which words."""
    return [_polnear_example(row, cut(tokenizer, row["text"])) for row in rows(path)]


def _polnear_example(row: dict[str, Any], words: Words) -> Example:
    spans: list[tuple[str, Range]] = []
    attributions = []
    for a in row["attributions"]:
        parts = {k: [words.words_in(*s) for s in a[k]] for k in ("cue", "source", "content")}
        attributions.append(
            Attribution(
                parts["cue"][0] if parts["cue"] else None, parts["source"], parts["content"]
            )
        )
        spans += [(k, r) for k in parts for r in parts[k]]
    order = {"cue": 0, "source": 1, "content": 2}
    spans.sort(key=lambda s: order[s[0]])
    tags = {"said": tag(words, spans, L.SAID_LABELS)}
    return Example(row["id"], words, tags, attributions, "said")


_OPEN, _CLOSE = '“"«„‘', '”"»’'


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A gold content with its quotation marks and leading "that", as PolNeAR draws it."""
    while start > 0 and text[start - 1] in _OPEN:
        start -= 1
    tail = end
    while tail < len(text) and text[tail] in ".,!?" and tail - end < 2:
        tail += 1
    if tail < len(text) and text[tail] in _CLOSE:
        end = tail + 1
    if text[max(0, start - 5) : start].lower() == "that ":
        start -= 5
    return start, end


def without(
    text: str, span: tuple[int, int], holes: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The runs of ``span`` outside the holes, trimmed of white space and commas."""
    runs, at = [], span[0]
    for start, end in sorted(h for h in holes if h[0] < span[1] and h[1] > span[0]):
        runs.append((at, start))
        at = max(at, end)
    runs.append((at, span[1]))
    out = []
    for start, end in runs:
        while start < end and text[start] in " ,.;:\n":
            start += 1
        while start < end and text[end - 1] in " \n":
            end -= 1
        if end - start > 1:
            out.append((start, end))
    return out


# --- gold and worldwide: entities, statements, events ------------------------


def entity_spans(row: dict[str, Any], words: Words) -> list[tuple[str, Range]]:
    """Entity spans of a worldwide row in word ranges."""
    spans: list[tuple[str, int, int]] = []
    for name, offset in zip(row["tags"], row["offsets"]):
        if name == "O" or offset is None:
            continue
        if name[0] == "I" and spans and spans[-1][0] == name[2:]:
            spans[-1] = (spans[-1][0], spans[-1][1], offset[1])
        else:
            spans.append((name[2:], offset[0], offset[1]))
    return [(label, words.words_in(a, b)) for label, a, b in spans]


def worldwide(path: Path, tokenizer: Tokenizer, gold: dict[str, dict[str, Any]]) -> list[Example]:
    """Worldwide newswire: entities, and gold's events and statements where annotated."""
    out = []
    for row in rows(path):
        words = cut(tokenizer, row["text"])
        spans = entity_spans(row, words)
        example = Example(row["id"], words, {"entity": tag(words, spans, L.ENTITY_LABELS)})
        annotated = gold.pop(row["id"], None)
        if annotated is not None and annotated["text"] == row["text"]:
            add_gold(example, annotated, spans)
        elif annotated is not None:
            gold[row["id"]] = annotated
        out.append(example)
    return out


def gold_only(gold: dict[str, dict[str, Any]], tokenizer: Tokenizer) -> list[Example]:
    """Gold reports whose text is not that of a worldwide document."""
    out = []
    for row in gold.values():
        example = Example(row["id"], cut(tokenizer, row["text"]))
        add_gold(example, row, [])
        out.append(example)
    return out


def written(row: dict[str, Any], tokenizer: Tokenizer) -> Example:
    """A row written by hand (``training.rows``) as an example."""
    example = Example(row["id"], cut(tokenizer, row["text"]))
    add_gold(example, row, [])
    return example


def add_gold(example: Example, row: dict[str, Any], entities: list[tuple[str, Range]]) -> None:
    """Add statements, events and coreference of a gold row to an example."""
    named: list[tuple[Range, str | None]] = []
    _add_statements(example, row, named)
    _add_events(example, row, named)
    _add_rivals(example, entities)
    _add_mentions(example, named, entities)


def _add_statements(
    example: Example, row: dict[str, Any], named: list[tuple[Range, str | None]]
) -> None:
    words, text = example.words, row["text"]
    spans: list[tuple[str, Range]] = []
    for s in row["statements"]:
        speaker = s["speaker"]["span"] if s["speaker"] and "span" in s["speaker"] else None
        cue = s.get("cue_span")
        holes = [tuple(h) for h in (speaker, cue) if h]
        runs = without(text, widened(text, *s["content_span"]), holes)
        a = Attribution(
            words.words_in(*cue) if cue else None,
            [words.words_in(*speaker)] if speaker else [],
            [words.words_in(*r) for r in runs],
            L.STANCE_CLASSES.index(s["stance"]),
        )
        example.attributions.append(a)
        spans += [("cue", a.cue)] if a.cue else []
        spans += [("source", r) for r in a.sources] + [("content", r) for r in a.contents]
        if speaker:
            named.append((a.sources[0], s["speaker"]["name"]))
    order = {"cue": 0, "source": 1, "content": 2}
    spans.sort(key=lambda s: order[s[0]])
    example.attribution_head = "stated"
    example.tags["stated"] = tag(words, spans, L.SAID_LABELS)


def _add_events(
    example: Example, row: dict[str, Any], named: list[tuple[Range, str | None]]
) -> None:
    words = example.words
    first: dict[int, dict[str, Any]] = {e["e"]: e for e in row["events"] if "type" in e}
    index: dict[tuple[str, Range], int] = {}

    def candidate(label: str, span: list[int]) -> int:
        key = (label, words.words_in(*span))
        return index.setdefault(key, len(index))

    spans: list[tuple[str, Range]] = []
    for e in row["events"]:
        head = first.get(e["e"])
        if head is None:
            continue
        trigger = Trigger(words.words_in(*e["trigger"]), e["e"])
        status = e.get("status", head["status"])
        trigger.status = L.STATUS_CLASSES.index(status)
        trigger.mode = _mode_class(head["type"], head.get("mode"))
        spans.append((head["type"], trigger.words))
        if "type" in e:
            trigger.by = int(e.get("by") is not None)
            trigger.roles = {}
            for label, role, part in _parts(e):
                if "span" not in part:
                    continue
                at = candidate(label, part["span"])
                trigger.roles.setdefault(at, set()).add(role)
                if label == "participant":
                    named.append((words.words_in(*part["span"]), part.get("name")))
        example.triggers.append(trigger)
    example.candidates = list(index)
    for a in example.attributions:
        for source in a.sources:
            if ("participant", source) not in index:
                example.candidates.append(("participant", source))
    example.tags["trigger"] = tag(words, spans, L.EVENT_TYPES)
    longest = sorted(example.candidates, key=lambda c: (c[1][0] - c[1][1], c[1][0]))
    example.tags["mention"] = tag(words, longest, L.MENTION_LABELS)


#: Entity labels whose spans a reader takes for candidates of a role as well.
_RIVALS = {"Location": "place", "Facility": "place", "Date": "date", "Money": "figure"}


def _add_rivals(example: Example, entities: list[tuple[str, Range]]) -> None:
    """Names of places, dates and sums that fill no role: what a link must be told from."""
    taken = {label: [r for k, r in example.candidates if k == label] for label in L.MENTION_LABELS}
    for name, (first, last) in entities:
        label = _RIVALS.get(name)
        if label and first < last and all(b <= first or last <= a for a, b in taken[label]):
            example.candidates.append((label, (first, last)))


def _mode_class(kind: str, mode: str | None) -> int:
    pair = (kind, mode)
    return L.MODE_CLASSES.index(pair if pair in L.MODE_CLASSES else (kind, None))


def _parts(event: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for role in ("actor", "recipient"):
        for part in event.get(role, []):
            yield "participant", role, part
    for role in ("place", "date"):
        if event.get(role):
            yield role, role, event[role]
    for part in event.get("size", []):
        yield "figure", "figure", part


PRONOUNS = frozenset(
    "he she it they him her them his its their hers theirs himself herself itself themselves "
    "who whom whose i me my we us our you your".split()
)


def fold(words: str) -> str:
    """Lower case without diacritics, for comparing names."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def _add_mentions(
    example: Example,
    named: list[tuple[Range, str | None]],
    entities: list[tuple[str, Range]],
) -> None:
    """Clusters from canonical names: mentions with one name refer to one entity."""
    words = example.words

    def said(r: Range) -> str:
        return fold(words.text[words.start[r[0]] : words.end[r[1] - 1]])

    clusters: dict[str, int] = {}
    at: dict[Range, int] = {}
    for r, name in named:
        if name and r[0] < r[1]:
            at.setdefault(r, clusters.setdefault(fold(name), len(clusters)))
    for label, r in entities:
        if r[0] < r[1] and label not in ("Date", "Money"):
            key = _cluster_named(said(r), clusters)
            if key is not None:
                at.setdefault(r, clusters[key])
    example.mentions = sorted(at.items())
    keys = {number: name for name, number in clusters.items()}
    for i, (r, cluster) in enumerate(example.mentions):
        if _last_word(keys[cluster]) not in said(r).split():
            example.anaphors.append(i)


def _cluster_named(name: str, clusters: dict[str, int]) -> str | None:
    if name in clusters:
        return name
    by_last = [key for key in clusters if _last_word(key) == name]
    return by_last[0] if len(by_last) == 1 else None


def _last_word(name: str) -> str:
    return name.split()[-1] if name.split() else ""


# --- coreference -------------------------------------------------------------

#: Genres of GUM whose texts may not be used commercially, and spoken ones.
_LEFT_OUT = ("GUM_fiction", "GUM_whow", "GUM_letter", "GUM_podcast", "GUM_essay")


def ontogum(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """OntoGUM documents with clusters, without genres under NC terms."""
    out = []
    for row in rows(path):
        if not row["id"].startswith(_LEFT_OUT):
            out.append(ontogum_example(row, tokenizer))
    return out


def ontogum_example(row: dict[str, Any], tokenizer: Tokenizer) -> Example:
    """One OntoGUM row as an example; tokens are joined by spaces."""
    starts, at = [], 0
    for token in row["tokens"]:
        starts.append(at)
        at += len(token) + 1
    words = cut(tokenizer, " ".join(row["tokens"]))
    example = Example(row["id"], words)
    found: dict[Range, int] = {}
    for number, cluster in enumerate(row["clusters"]):
        for first, last in cluster:
            end = starts[last - 1] + len(row["tokens"][last - 1])
            found.setdefault(words.words_in(starts[first], end), number)
    example.mentions = sorted(found.items())
    example.anaphors = [i for i, (r, _) in enumerate(example.mentions) if not _is_name(words, r)]
    return example


def _is_name(words: Words, r: Range) -> bool:
    last = words.word(r[1] - 1)
    return last[:1].isupper() and last.lower() not in PRONOUNS


def gap(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """GAP snippets: which of two names a pronoun stands for."""
    out = []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            words = cut(tokenizer, row["Text"])
            example = Example(row["ID"], words)
            for number, key in enumerate("AB"):
                start = int(row[f"{key}-offset"])
                r = words.words_in(start, start + len(row[key]))
                example.mentions.append((r, 0 if row[f"{key}-coref"] == "TRUE" else number + 1))
            start = int(row["Pronoun-offset"])
            example.mentions.append((words.words_in(start, start + len(row["Pronoun"])), 0))
            example.anaphors = [2]
            out.append(example)
    return out


# --- relation of a marked pair -----------------------------------------------


def plv(path: Path, tokenizer: Tokenizer) -> list[Pair]:
    """PLV rows: the PLOVER relation of a marked source and target."""
    return [
        pair(tokenizer, row["text"], row["source"], row["target"], row["type"])
        for row in rows(path)
    ]


def pair(
    tokenizer: Tokenizer, text: str, source: list[list[int]], target: list[list[int]], kind: str
) -> Pair:
    """A marked sentence; YIELD stands for CONCEDE or RETREAT."""
    words = cut(tokenizer, text)
    kinds = ("CONCEDE", "RETREAT") if kind == "YIELD" else (kind,)
    return Pair(words, marks(words, source, target), tuple(map(L.RELATION_TYPES.index, kinds)))


def marks(words: Words, source: Iterable[Any], target: Iterable[Any]) -> Ints:
    """0 unmarked, 1 source, 2 target, for each word."""
    out = np.zeros(len(words), np.int64)
    for value, spans in ((1, source), (2, target)):
        for start, end in spans:
            first, last = words.words_in(start, end)
            out[first:last] = value
    return out


def gold_pairs(gold: Iterable[dict[str, Any]], tokenizer: Tokenizer) -> list[Pair]:
    """Sentences of gold whose one event type between an actor and a recipient is known."""
    out = []
    for row in gold:
        for start, end in row["sentences"]:
            out += _sentence_pairs(row, start, end, tokenizer)
    return out


def _sentence_pairs(
    row: dict[str, Any], start: int, end: int, tokenizer: Tokenizer
) -> Iterator[Pair]:
    kinds: dict[tuple[tuple[int, int], tuple[int, int]], set[str]] = {}
    for e in row["events"]:
        if "type" not in e or not start <= e["trigger"][0] < end:
            continue
        inside = [
            [tuple(p["span"]) for p in e.get(k, []) if "span" in p and start <= p["span"][0] < end]
            for k in ("actor", "recipient")
        ]
        sources, targets = inside
        if not targets and len(sources) > 1:
            sources, targets = sources[:1], sources[1:]
        if sources and targets:
            kinds.setdefault((sources[0], targets[0]), set()).add(e["type"])
    text = row["text"][start:end]
    for (a, b), types in kinds.items():
        if len(types) == 1:
            spans = [[[a[0] - start, a[1] - start]], [[b[0] - start, b[1] - start]]]
            yield pair(tokenizer, text, spans[0], spans[1], types.pop())
