"""Choose the few numbers that trade misses for false finds: ``python -m training.tune``.

On dev, for the packaged model: for each tag head what its spans are worth more against
"no span", and for each role, merging and "on whose word" the probability from which it is
believed; each where its F1 is highest.  Participants count by the roles they fill, not by
their exact spans: what no role takes does no harm, and what is not found fills none.
Written to ``model.json``.  Run before ``training.calibrate``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from onrecord.reading import _passes as passes
from onrecord.reading import done
from onrecord.reading import labels as L
from onrecord.reading.decode import spans
from onrecord.reading.encoder import MODEL_FOLDER, Answers, Model
from onrecord.reading.said import overlap
from onrecord.reading.text import layout
from onrecord.record import Article
from training.data import Example
from training.measure import dev

BIASES = (-1.0, -0.5, 0.0, 0.3, 0.6, 0.9, 1.2, 1.6, 2.0)
GRID = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
#: Counts of right, gold and found items.
Counts = tuple[int, int, int]
Read = tuple[Example, Answers]


def f1(counts: Counts) -> float:
    """F1 in percent."""
    hit, gold, found = counts
    return 200 * hit / (gold + found) if gold + found else 0.0


def best(values: Sequence[float], measure: Callable[[float], float]) -> tuple[float, float]:
    """The value with the highest measure, and that measure."""
    found = [(measure(v), -abs(v), v) for v in values]
    top = max(found)
    return top[2], top[0]


def _head_f1(model: Model, head: str, read: list[Read], bias: float) -> float:
    """Exact span F1 of a tag head: the mean over its labels for attribution, else micro."""
    tagged = passes.tag([a for _, a in read], head, model.arrays, bias)
    labels = L.SAID_LABELS if head in ("said", "stated") else ("",)
    sums = {label: [0, 0, 0] for label in labels}
    for (example, answers), own in zip(read, tagged):
        gold = spans(example.tags[head], L.TAG_HEADS[head], answers.tags[head])
        for label in labels:
            right = {s[:3] for s in gold if label in ("", s.label)}
            found = {s[:3] for s in own if label in ("", s.label)}
            for i, n in enumerate((len(right & found), len(right), len(found))):
                sums[label][i] += n
    return sum(f1((c[0], c[1], c[2])) for c in sums.values()) / len(sums)


def role_f1(model: Model, name: str, read: list[Read], card: Mapping[str, Any]) -> float:
    """F1 of a role (shared words), of merging (pairs) or of "by", as the reader finds them.

    ``name``: also "participants", the mean of actors and recipients.
    """
    found = happened(model, read, card)
    if name == "participants":
        names = ("actor", "recipient")
        return sum(f1(_summed(read, found, partial(_roles, n))) for n in names) / 2
    return f1(_summed(read, found, _pairs if name == "merge" else partial(_roles, name)))


def happened(model: Model, read: list[Read], card: Mapping[str, Any]) -> list[passes.Pass]:
    """The reader's way through each example with the numbers of ``card``."""
    tags = {
        head: passes.tag([a for _, a in read], head, model.arrays, card["bias"].get(head, 0.0))
        for head in L.TAG_HEADS
    }
    return [
        passes.Pass(
            Article(text=answers.words.text, id=example.id),
            layout(answers.words.text),
            answers,
            {head: found[i] for head, found in tags.items()},
            model.arrays,
            card,
            None,
        )
        for i, (example, answers) in enumerate(read)
    ]


def _summed(
    read: list[Read], found: list[passes.Pass], count: Callable[[Example, passes.Pass], Counts]
) -> Counts:
    counts = [count(example, own) for (example, _), own in zip(read, found)]
    hit, gold, mine = (sum(c) for c in zip(*counts))
    return hit, gold, mine


def _roles(name: str, example: Example, own: passes.Pass) -> Counts:
    gold = {t.words: t for t in example.triggers if t.roles is not None}
    hit = right = mine = 0
    for trigger in (t for h in own.happened for t in h.triggers if t.words in gold):
        g = gold[trigger.words]
        if name == "by":
            wanted, filled = [(0, 1)] * (g.by == 1), [(0, 1)] * trigger.by
        else:
            wanted = [example.candidates[i][1] for i, r in (g.roles or {}).items() if name in r]
            spans_ = (own.candidates[i] for i, _ in trigger.roles[name])
            filled = [(c.first, c.last) for c in spans_]
        hit += sum(any(overlap(w, f) for f in filled) for w in wanted)
        right, mine = right + len(wanted), mine + len(filled)
    return hit, right, mine


def _pairs(example: Example, own: passes.Pass) -> Counts:
    event = {t.words: t.event for t in example.triggers}
    rows = [
        (event[t.words], i)
        for i, h in enumerate(own.happened)
        for t in h.triggers
        if t.words in event
    ]
    hit = right = mine = 0
    for i, (a, x) in enumerate(rows):
        for b, y in rows[:i]:
            hit, right, mine = hit + (a == b and x == y), right + (a == b), mine + (x == y)
    return hit, right, mine


def main() -> None:
    """Parse the command line, search and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    where = os.environ.get("ONRECORD_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(where))
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    args = parser.parse_args()
    model = Model(args.model)
    examples = dev(args.data)
    answers = model.answers([e.words for e in examples])
    path = args.model / "model.json"
    card = json.loads(path.read_text("utf-8"))
    card["bias"], card["floors"] = {}, dict(done.FLOORS)
    for head in L.TAG_HEADS:
        own = [(e, a) for e, a in zip(examples, answers) if head in e.tags]
        card["bias"][head] = _chosen(head, BIASES, partial(_head_f1, model, head, own))
    read = [(e, a) for e, a in zip(examples, answers) if "trigger" in e.tags]
    rest = dict.fromkeys(L.MENTION_LABELS, card["bias"]["mention"])
    for name in ("participants", *L.ROLES, "merge", "by"):

        def measure(value: float, name: str = name) -> float:
            if name == "participants":
                changed = {"bias": card["bias"] | {"mention": rest | {"participant": value}}}
            else:
                changed = {"floors": card["floors"] | {name: value}}
            return role_f1(model, name, read, card | changed)

        if name == "participants":
            rest["participant"] = _chosen(name, BIASES, measure)
            card["bias"]["mention"] = rest
        else:
            card["floors"][name] = _chosen(name, GRID, measure)
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def _chosen(name: str, values: Sequence[float], measure: Callable[[float], float]) -> float:
    value, score = best(values, measure)
    sys.stdout.write(f"{name}: {value}, F1 {score:.2f}\n")
    return value


if __name__ == "__main__":
    main()
