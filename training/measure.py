"""Quick dev scores while training: exact spans of each tag head."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import torch

from onrecord.reading import labels as L
from onrecord.reading.decode import spans, viterbi
from onrecord.reading.words import batch, load_tokenizer, windows
from training import data
from training.data import Example
from training.model import Net, starting_point


@cache
def dev(root: Path) -> list[Example]:
    """Dev portions of the tag corpora."""
    tokenizer = load_tokenizer(starting_point() / "tokenizer.json")
    gold = {r["id"]: r for r in data.rows(root / "gold/gold.dev.jsonl")}
    out = data.worldwide(root / "entities/worldwide.dev.jsonl", tokenizer, gold)
    out += data.gold_only(gold, tokenizer)
    return out + data.polnear(root / "attribution/polnear.dev.jsonl", tokenizer)


def tags(net: Net, root: Path, *, fast: bool) -> dict[str, float]:
    """Exact F1 (percent) by head and label, plus each head's micro average."""
    counts: dict[str, list[int]] = {}
    for example in dev(root):
        parts = [(example.words, w, None) for w in windows(example.words)]
        with torch.no_grad():
            hidden = net.words(batch(parts), fast=fast)
            for name, gold in example.tags.items():
                scores = net.heads.tags[name](hidden).numpy()
                moves = net.heads.crf[name].transitions().numpy()  # type: ignore[operator]
                _count(counts, name, gold, viterbi([scores], moves)[0], scores)
    return {name: _f1(*c) for name, c in sorted(counts.items())}


def _count(
    counts: dict[str, list[int]],
    name: str,
    gold: np.ndarray,
    found: np.ndarray,
    scores: np.ndarray,
) -> None:
    labels = L.TAG_HEADS[name]
    right = {s[:3] for s in spans(gold, labels, scores)}
    mine = {s[:3] for s in spans(found, labels, scores)}
    for key, good, own in [
        (name, right, mine),
        *(
            (f"{name}.{x}", {s for s in right if s[2] == x}, {s for s in mine if s[2] == x})
            for x in labels
        ),
    ]:
        c = counts.setdefault(key, [0, 0, 0])
        c[0], c[1], c[2] = c[0] + len(good & own), c[1] + len(good), c[2] + len(own)
    if name == "trigger":
        _count_untyped(counts, right, mine)


def _count_untyped(counts: dict[str, list[int]], right: set, mine: set) -> None:  # type: ignore[type-arg]
    c = counts.setdefault("trigger (any type, exact)", [0, 0, 0])
    good, own = {s[:2] for s in right}, {s[:2] for s in mine}
    c[0], c[1], c[2] = c[0] + len(good & own), c[1] + len(good), c[2] + len(own)


def _f1(hit: int, gold: int, found: int) -> float:
    return round(200 * hit / (gold + found), 2) if gold + found else 0.0
