"""Scoring what a record says of a statement: found at all, by whom, in which stance and form."""

from __future__ import annotations

from onrecord.evaluation.attribution import predictions
from onrecord.evaluation.bootstrap import Counts, Measure, class_counts
from onrecord.evaluation.gold import Attribution, GoldReport, GoldStatement
from onrecord.evaluation.names import Names, same_name
from onrecord.evaluation.spans import pair_up, shared
from onrecord.record import FORMS, STANCES, Record, Statement

Pair = tuple[GoldStatement, Statement]

MEASURES = (
    Measure("found F1", "f1"),
    Measure("speaker name accuracy", "share"),
    Measure("speaker name coverage", "share"),
    Measure("stance accuracy", "share"),
    Measure("stance macro F1", "macro f1"),
    Measure("form accuracy", "share"),
    Measure("form macro F1", "macro f1"),
)


def found_pairs(gold: list[Attribution], predicted: list[Attribution]) -> list[tuple[int, int]]:
    """Pair statements, one to one, whose cue or content overlaps.

    A shared cue weighs more than any shared content: in one sentence two contents
    may run across each other's cues.
    """
    cue = shared([a.cue for a in gold], [a.cue for a in predicted])
    content = shared([a.content for a in gold], [a.content for a in predicted])
    return pair_up({pair: (cue[pair], content[pair]) for pair in cue.keys() | content.keys()})


def align(row: GoldReport, record: Record) -> tuple[list[Pair], list[Statement]]:
    """Return the pairs of gold and found statements, and all statements of kind "statement"."""
    candidates = [s for s in record.statements if s.kind == "statement"]
    parts = predictions(record, ("statement",))
    pairs = found_pairs([s.parts for s in row.statements], parts)
    return [(row.statements[i], candidates[j]) for i, j in pairs], candidates


def speaker_counts(pairs: list[Pair], record: Record) -> tuple[Counts, Counts]:
    """Return (right, answered) and (answered, asked) over statements whose speaker has a name."""
    names = Names(record)
    asked = [(gold.name, found.speaker) for gold, found in pairs if gold.name is not None]
    answers = [(name, names.answer(speaker)) for name, speaker in asked]
    answered = [(name, answer) for name, answer in answers if answer is not None]
    right = sum(same_name(name, answer) for name, answer in answered)
    return (
        (float(right), float(len(answered))),
        (float(len(answered)), float(len(asked))),
    )


def _accuracy(pairs: list[tuple[str, str]]) -> Counts:
    return (float(sum(gold == found for gold, found in pairs)), float(len(pairs)))


def score(row: GoldReport, record: Record) -> dict[str, Counts]:
    """Score the statements of a record; all but "found" over the statements found."""
    pairs, candidates = align(row, record)
    accuracy, coverage = speaker_counts(pairs, record)
    stances = [(gold.stance, found.stance) for gold, found in pairs]
    forms = [(gold.form, found.form) for gold, found in pairs]
    found = (float(len(pairs)), float(len(candidates)), float(len(row.statements)))
    return {
        "found F1": found,
        "speaker name accuracy": accuracy,
        "speaker name coverage": coverage,
        "stance accuracy": _accuracy(stances),
        "stance macro F1": class_counts(STANCES, stances),
        "form accuracy": _accuracy(forms),
        "form macro F1": class_counts(FORMS, forms),
    }
