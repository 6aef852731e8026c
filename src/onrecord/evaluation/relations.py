"""Scoring the relation of a marked pair: 15 types, four quads, cooperation or conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from onrecord import ontology
from onrecord.evaluation.bootstrap import Counts, Measure, class_counts
from onrecord.evaluation.load import Row
from onrecord.evaluation.spans import Runs

#: The published sets join two types under this label.
JOINED = "YIELD"
PARTS = ("CONCEDE", "RETREAT")
TYPES = ontology.relation_labels(joined=True)
QUADS = ("1", "2", "3", "4")
SIDES = ("cooperation", "conflict")
#: The published sets count YIELD as material cooperation.
JOINED_QUAD = 2

LEVELS: dict[str, tuple[str, ...]] = {"binary": SIDES, "quad": QUADS, "15 types": TYPES}

MEASURES = tuple(
    measure
    for level in LEVELS
    for measure in (
        Measure(f"{level} macro F1", "macro f1"),
        Measure(f"{level} accuracy", "share"),
    )
)
KEYS = ("text", "source", "target", "type", "quad")


class MarkedPair(NamedTuple):
    """Two marked participants of a sentence and the relation between them."""

    text: str
    source: Runs
    target: Runs
    type: str
    quad: int


def marked_pair(row: Row) -> MarkedPair:
    """Parse a row of PLV's form.

    Raises ValueError for a type or quad that the set does not have.
    """
    if row["type"] not in TYPES:
        raise ValueError(f"{row['type']!r} is none of the 15 types")
    if str(row["quad"]) not in QUADS:
        raise ValueError(f"{row['quad']!r} is no quad")
    runs = [tuple((int(a), int(b)) for a, b in row[key]) for key in ("source", "target")]
    return MarkedPair(row["text"], runs[0], runs[1], row["type"], int(row["quad"]))


def quad_of(joined_type: str) -> int:
    """Return the quad of one of the 15 types."""
    return JOINED_QUAD if joined_type == JOINED else ontology.quad(joined_type)


def side_of(quad: int) -> str:
    """Return ``cooperation`` for quads 1 and 2, ``conflict`` for 3 and 4."""
    return SIDES[0] if quad <= 2 else SIDES[1]


def answers(probabilities: Mapping[str, float]) -> dict[str, str]:
    """Return the best label at each level: the one with the largest summed probability.

    CONCEDE and RETREAT add up to YIELD; ties go to the earlier label.
    """
    joined = {kind: probabilities.get(kind, 0.0) for kind in TYPES if kind != JOINED}
    joined[JOINED] = sum(probabilities.get(part, 0.0) for part in PARTS)
    sums: dict[str, dict[str, float]] = {
        level: dict.fromkeys(labels, 0.0) for level, labels in LEVELS.items()
    }
    for kind in TYPES:
        quad = quad_of(kind)
        sums["15 types"][kind] += joined[kind]
        sums["quad"][str(quad)] += joined[kind]
        sums["binary"][side_of(quad)] += joined[kind]
    return {level: max(found, key=lambda label: found[label]) for level, found in sums.items()}


def score(row: MarkedPair, probabilities: Mapping[str, float]) -> dict[str, Counts]:
    """Score the probabilities given for one pair."""
    gold = {"binary": side_of(row.quad), "quad": str(row.quad), "15 types": row.type}
    best = answers(probabilities)
    counts: dict[str, Counts] = {}
    for level, labels in LEVELS.items():
        pair = (gold[level], best[level])
        counts[f"{level} macro F1"] = class_counts(labels, [pair])
        counts[f"{level} accuracy"] = (float(pair[0] == pair[1]), 1.0)
    return counts
