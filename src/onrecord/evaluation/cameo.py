"""Scoring participants in single sentences: the spans of sources and targets."""

from __future__ import annotations

from typing import NamedTuple

from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.load import Row
from onrecord.evaluation.spans import Run, pair_up, shared, trim
from onrecord.record import Article, Record

KEYS = ("tokens", "tags")
ROLES = {"S": "source", "T": "target"}

MEASURES = (
    *(Measure(f"{role} exact F1", "f1") for role in ROLES.values()),
    Measure("participants exact F1", "f1"),
    *(Measure(f"{role} overlap F1", "f1") for role in ROLES.values()),
    Measure("participants overlap F1", "f1"),
)


class TaggedSentence(NamedTuple):
    """One sentence with the spans of its sources and targets."""

    article: Article
    #: By role letter, S or T.
    spans: dict[str, tuple[Run, ...]]


def spaced(tokens: list[str]) -> tuple[str, list[Run]]:
    """Return the tokens joined by single spaces, and where each stands."""
    offsets = []
    at = 0
    for token in tokens:
        offsets.append((at, at + len(token)))
        at += len(token) + 1
    return " ".join(tokens), offsets


def bio_spans(tags: list[str], offsets: list[Run]) -> list[tuple[int, int, str]]:
    """Return (start, end, label) of a BIO tagging; an I without its B opens a span."""
    spans: list[tuple[int, int, str]] = []
    inside = ""
    for tag, (start, end) in zip(tags, offsets, strict=True):
        prefix, _, label = tag.partition("-")
        if not label:
            inside = ""
        elif prefix == "I" and inside == label:
            spans[-1] = (spans[-1][0], end, label)
        else:
            spans.append((start, end, label))
            inside = label
    return spans


def tagged_sentence(row: Row) -> TaggedSentence:
    """Parse a row of tokens and tags (B/I with S, T or R; R is not used).

    Raises ValueError for another label.
    """
    text, offsets = spaced(row["tokens"])
    spans = bio_spans(row["tags"], offsets)
    strange = sorted({label for _, _, label in spans} - {*ROLES, "R"})
    if strange:
        raise ValueError(f"{strange[0]!r} is none of the labels S, T and R")
    return TaggedSentence(
        Article(text=text),
        {role: tuple((a, b) for a, b, label in spans if label == role) for role in ROLES},
    )


def participants(record: Record) -> dict[str, tuple[Run, ...]]:
    """Return the words of all actors (S) and recipients (T) of a record's events, once each."""
    text = record.article.text
    sides = {
        "S": [p for event in record.events for p in event.actors],
        "T": [p for event in record.events for p in event.recipients],
    }
    return {
        role: tuple(sorted({trim(text, p.start, p.end) for p in found}))
        for role, found in sides.items()
    }


def _triples(gold: tuple[Run, ...], found: tuple[Run, ...]) -> tuple[list[int], list[int]]:
    """Return (right, predicted, gold) by exact agreement and by overlap."""
    exact = len(set(gold) & set(found))
    overlap = len(pair_up(shared([(run,) for run in gold], [(run,) for run in found])))
    return [exact, len(found), len(gold)], [overlap, len(found), len(gold)]


def score(row: TaggedSentence, record: Record) -> dict[str, Counts]:
    """Score the participants of a sentence's events against its sources and targets."""
    found = participants(record)
    counts: dict[str, Counts] = {}
    sums = {"exact": [0, 0, 0], "overlap": [0, 0, 0]}
    for role, name in ROLES.items():
        triples = _triples(row.spans[role], found[role])
        for how, triple in zip(sums, triples, strict=True):
            counts[f"{name} {how} F1"] = tuple(map(float, triple))
            sums[how] = [a + b for a, b in zip(sums[how], triple, strict=True)]
    for how, triple in sums.items():
        counts[f"participants {how} F1"] = tuple(map(float, triple))
    return counts
