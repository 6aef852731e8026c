"""Scoring attributions: source, cue and content exactly, and whole attributions by overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.gold import AttributedText, Attribution, GoldReport
from onrecord.evaluation.spans import Run, join, pair_up, shared
from onrecord.record import Record, Reference, Span, Statement

PARTS = ("source", "cue", "content")

EXACT = tuple(Measure(f"{part} exact F1", "f1") for part in PARTS)
OVERLAP = tuple(Measure(f"{part} overlap F1", "f1") for part in PARTS)
LINKED = Measure("linked overlap F1", "f1")


def _run(span: Span | Reference | None) -> list[Run]:
    return [(span.start, span.end)] if span is not None else []


def parts_of(text: str, statement: Statement) -> Attribution:
    """Return a record's statement as the attribution it states."""
    return Attribution(
        source=join(text, _run(statement.speaker)),
        cue=join(text, _run(statement.cue)),
        content=join(text, [(span.start, span.end) for span in statement.content]),
    )


def predictions(record: Record, kinds: Iterable[str]) -> list[Attribution]:
    """Return the attributions of a record's statements of these kinds."""
    wanted = frozenset(kinds)
    text = record.article.text
    return [parts_of(text, s) for s in record.statements if s.kind in wanted]


def exact_counts(
    gold: Sequence[Attribution], predicted: Sequence[Attribution], part: str
) -> Counts:
    """Count (right, predicted, gold) runs of one part that agree to the character.

    Runs are those of a BIO tagging: trimmed, joined over white space, and counted
    once where several attributions share one (a source with two cues).
    """
    wanted = {run for attribution in gold for run in getattr(attribution, part)}
    found = {run for attribution in predicted for run in getattr(attribution, part)}
    return (float(len(wanted & found)), float(len(found)), float(len(wanted)))


def overlap_counts(
    gold: Sequence[Attribution], predicted: Sequence[Attribution], part: str
) -> Counts:
    """Count (right, predicted, gold) attributions whose ``part`` overlaps, one to one.

    Attributions without this part do not count here.
    """
    wanted = [getattr(a, part) for a in gold if getattr(a, part)]
    found = [getattr(a, part) for a in predicted if getattr(a, part)]
    pairs = pair_up(shared(wanted, found))
    return (float(len(pairs)), float(len(found)), float(len(wanted)))


def linked_pairs(
    gold: Sequence[Attribution], predicted: Sequence[Attribution]
) -> list[tuple[int, int]]:
    """Pair whole attributions, one to one, whose source, cue and content all overlap.

    A part that gold does not express must not be predicted either.  Among several
    partners the one that shares the most characters is taken.
    """
    overlaps = {
        part: shared([getattr(a, part) for a in gold], [getattr(a, part) for a in predicted])
        for part in PARTS
    }
    ranks = {}
    for pair in overlaps["content"].keys() | overlaps["cue"].keys():
        wanted, found = gold[pair[0]], predicted[pair[1]]
        if all(
            overlaps[part][pair] > 0 or not (getattr(wanted, part) or getattr(found, part))
            for part in PARTS
        ):
            ranks[pair] = sum(overlaps[part][pair] for part in PARTS)
    return pair_up(ranks)


def linked_counts(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> Counts:
    """Count (right, predicted, gold) whole attributions."""
    right = len(linked_pairs(gold, predicted))
    return (float(right), float(len(predicted)), float(len(gold)))


def score_exact(row: AttributedText, record: Record) -> dict[str, Counts]:
    """Score a record against an article's attributions; statements of both kinds count."""
    found = predictions(record, ("statement", "view"))
    counts = {
        measure.name: exact_counts(row.attributions, found, part)
        for measure, part in zip(EXACT, PARTS, strict=True)
    }
    return counts | {LINKED.name: linked_counts(row.attributions, found)}


def score_overlap(row: GoldReport, record: Record) -> dict[str, Counts]:
    """Score a record against a gold report's statements; views do not count."""
    found = predictions(record, ("statement",))
    gold = [statement.parts for statement in row.statements]
    counts = {
        measure.name: overlap_counts(gold, found, part)
        for measure, part in zip(OVERLAP, PARTS, strict=True)
    }
    return counts | {LINKED.name: linked_counts(gold, found)}
