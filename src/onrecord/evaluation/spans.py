"""Spans as scorers compare them: trimmed, joined, overlapping, paired one to one.

A run is ``(start, end)`` in code points, end exclusive; ``Runs`` is the list of
runs of one item (one source, one cue, one content), in text order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Run = tuple[int, int]
Runs = tuple[Run, ...]


def trim(text: str, start: int, end: int) -> Run:
    """Return the run without white space at its ends; an empty one as ``(start, start)``."""
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    kept = words.strip()
    return (start + left, start + left + len(kept)) if kept else (start, start)


def join(text: str, runs: Iterable[Run]) -> Runs:
    """Return the runs trimmed, sorted, and joined where only white space parts them.

    Contiguous means contiguous in tokens: two runs with nothing but a space or a
    line end between them are one.  Empty runs are dropped.
    """
    joined: list[Run] = []
    for start, end in sorted(trim(text, *run) for run in runs):
        if start == end:
            continue
        if joined and (joined[-1][1] >= start or text[joined[-1][1] : start].isspace()):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def shared(gold: Sequence[Runs], predicted: Sequence[Runs]) -> Counter[tuple[int, int]]:
    """Count the characters that gold item i and predicted item j share, for each pair that does.

    A sweep from left to right: the time grows with the runs and the pairs found,
    not with their product.
    """
    edges = [(start, end, 0, i) for i, runs in enumerate(gold) for start, end in runs]
    edges += [(start, end, 1, j) for j, runs in enumerate(predicted) for start, end in runs]
    open_runs: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    found: Counter[tuple[int, int]] = Counter()
    for start, end, side, item in sorted(edges):
        others = open_runs[1 - side]
        others[:] = [other for other in others if other[0] > start]
        for other_end, other in others:
            pair = (item, other) if side == 0 else (other, item)
            found[pair] += min(end, other_end) - start
        open_runs[side].append((end, item))
    return +found


def pair_up(ranks: Mapping[tuple[int, int], Any]) -> list[tuple[int, int]]:
    """Pair gold items with predicted ones, one to one, the highest rank first.

    Greedy: ties go to the earlier items.  On spans it gives what a maximum
    matching gives except where one long span covers several short ones.
    """
    order = sorted(ranks, key=lambda pair: pair)
    order.sort(key=lambda pair: ranks[pair], reverse=True)
    gold_taken: set[int] = set()
    predicted_taken: set[int] = set()
    pairs = []
    for gold, predicted in order:
        if gold not in gold_taken and predicted not in predicted_taken:
            gold_taken.add(gold)
            predicted_taken.add(predicted)
            pairs.append((gold, predicted))
    return sorted(pairs)
