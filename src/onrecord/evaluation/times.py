"""Time expressions scored as TempEval-3 does: spans strict and relaxed, type and value.

UzZaman et al. (2013): an expression is found strictly when its span is the
gold one, relaxedly when it overlaps it; each side is matched at most once, in
text order, exact spans first.  The F1 of an attribute counts the relaxed
matches on which it is right, against all expressions of either side.  Values
are compared as strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from onrecord.record import Time

Predict = Callable[[str, str | None], list[Time]]
#: start, end, type, value.
Timex = tuple[int, int, str, str]


def score_times(rows: Iterable[dict[str, Any]], predict: Predict) -> dict[str, float]:
    """Return strict, relaxed, type and value F1, and precision and recall of the spans, in percent.

    Rows hold ``text``, ``dct`` (ISO date, or None) and ``timexes`` with
    ``start``, ``end``, ``type``, ``value``; ``predict`` is called with text and
    dct.  Without any expression on either side every score is 100.
    """
    counts = dict.fromkeys(("gold", "found", "strict", "relaxed", "type", "value"), 0)
    for row in rows:
        gold = [_from_row(timex) for timex in row["timexes"]]
        times = predict(row["text"], row.get("dct"))
        found = [(time.start, time.end, time.type, time.value) for time in times]
        counts["gold"] += len(gold)
        counts["found"] += len(found)
        for wanted, given in match_times(gold, found):
            counts["strict"] += wanted[:2] == given[:2]
            counts["relaxed"] += 1
            counts["type"] += wanted[2] == given[2]
            counts["value"] += wanted[3] == given[3]
    return _scores(counts)


def match_times(gold: Sequence[Timex], found: Sequence[Timex]) -> list[tuple[Timex, Timex]]:
    """Return pairs of overlapping expressions, each used once, exact spans first."""
    pairs: list[tuple[Timex, Timex]] = []
    spans = {timex[:2]: timex for timex in found}
    left_gold, used = [], set()
    for timex in gold:
        exact = spans.get(timex[:2])
        if exact is not None and exact[:2] not in used:
            used.add(exact[:2])
            pairs.append((timex, exact))
        else:
            left_gold.append(timex)
    left = sorted(timex for timex in found if timex[:2] not in used)
    k = 0
    for timex in sorted(left_gold):
        while k < len(left) and left[k][1] <= timex[0]:
            k += 1
        if k < len(left) and left[k][0] < timex[1]:
            pairs.append((timex, left[k]))
            k += 1
    return pairs


def _from_row(timex: dict[str, Any]) -> Timex:
    return timex["start"], timex["end"], str(timex["type"]), str(timex["value"])


def _scores(counts: dict[str, int]) -> dict[str, float]:
    total = counts["gold"] + counts["found"]
    scores = {
        name: 100.0 * 2 * counts[name] / total if total else 100.0
        for name in ("strict", "relaxed", "type", "value")
    }
    for name in ("strict", "relaxed"):
        scores[f"{name}_precision"] = _percent(counts[name], counts["found"])
        scores[f"{name}_recall"] = _percent(counts[name], counts["gold"])
    return scores


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0
