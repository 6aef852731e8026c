"""Choose the few numbers that trade misses for false finds: ``python -m training.tune``.

On dev, for the packaged model: for each tag head what is taken off the score of "no span",
and for each role, merging and "on whose word" the probability from which it is believed;
each where its F1 is highest.  Written to ``model.json``.  Run before ``training.calibrate``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from onrecord.reading import _passes as passes
from onrecord.reading import done
from onrecord.reading import labels as L
from onrecord.reading.decode import Tagged, spans
from onrecord.reading.encoder import MODEL_FOLDER, Answers, Model
from onrecord.reading.text import layout
from training.data import Example
from training.measure import dev

BIASES = (-1.0, -0.5, 0.0, 0.3, 0.6, 0.9, 1.2, 1.6, 2.0)
GRID = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
#: Counts of right, gold and found items.
Counts = tuple[int, int, int]


def f1(counts: Counts) -> float:
    """F1 in percent."""
    hit, gold, found = counts
    return 200 * hit / (gold + found) if gold + found else 0.0


def best(values: Sequence[float], measure: Callable[[float], float]) -> tuple[float, float]:
    """The value with the highest measure, and that measure."""
    found = [(measure(v), -abs(v), v) for v in values]
    top = max(found)
    return top[2], top[0]


def head_f1(model: Model, head: str, read: list[tuple[Example, Answers]], bias: float) -> float:
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


def role_f1(
    model: Model,
    name: str,
    read: list[tuple[Example, Answers]],
    triggers: list[list[Tagged]],
    floor: float,
) -> float:
    """F1 of a role (exact words), of merging (pairs) or of "by", on gold's candidates."""
    floors = {**done.FLOORS, name: floor}
    distance = {n: model.arrays[f"distance.{n}"] for n in L.LINK_FAMILIES}
    counts = (0, 0, 0)
    for (example, answers), own in zip(read, triggers):
        candidates = [Tagged(a, b, label, 1.0) for label, (a, b) in example.candidates]
        sentences = layout(answers.words.text).sentences
        found = done.happenings(answers, own, candidates, distance, floors, sentences)
        more = _pairs(example, found) if name == "merge" else _roles(example, found, name)
        counts = (counts[0] + more[0], counts[1] + more[1], counts[2] + more[2])
    return f1(counts)


def _roles(example: Example, found: list[done.Happening], name: str) -> Counts:
    gold = {t.words: t for t in example.triggers if t.roles is not None}
    hit = right = mine = 0
    for trigger in (t for h in found for t in h.triggers if t.words in gold):
        g = gold[trigger.words]
        if name == "by":
            wanted, own = {0} if g.by == 1 else set(), {0} if trigger.by else set()
        else:
            wanted = {i for i, roles in (g.roles or {}).items() if name in roles}
            own = {i for i, _ in trigger.roles[name]}
        hit, right, mine = hit + len(wanted & own), right + len(wanted), mine + len(own)
    return hit, right, mine


def _pairs(example: Example, found: list[done.Happening]) -> Counts:
    event = {t.words: t.event for t in example.triggers}
    rows = [
        (event[t.words], i) for i, h in enumerate(found) for t in h.triggers if t.words in event
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
    bias, floors = {}, {}
    for head in L.TAG_HEADS:
        own = [(e, a) for e, a in zip(examples, answers) if head in e.tags]
        bias[head], score = best(BIASES, lambda b, h=head, r=own: head_f1(model, h, r, b))  # type: ignore[misc]
        sys.stdout.write(f"{head}: bias {bias[head]}, F1 {score:.2f}\n")
    read = [(e, a) for e, a in zip(examples, answers) if "trigger" in e.tags]
    triggers = passes.tag([a for _, a in read], "trigger", model.arrays, bias["trigger"])
    for name in (*L.ROLES, "merge", "by"):
        floors[name], score = best(GRID, lambda f, n=name: role_f1(model, n, read, triggers, f))  # type: ignore[misc]
        sys.stdout.write(f"{name}: floor {floors[name]}, F1 {score:.2f}\n")
    path = args.model / "model.json"
    card = json.loads(path.read_text("utf-8")) | {"bias": bias, "floors": floors}
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
