"""``relate`` by 5-fold cross-validation on plv.train: ``python -m training.crossval``.

Each fold starts from a checkpoint that has seen no PLV row, is trained on the other
folds and on gold's marked pairs, and answers the rows left out.  Scores are over all
answers together: macro F1 of 15 types (YIELD = CONCEDE + RETREAT), of 4 quads and of
cooperation against conflict.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from onrecord import ontology
from onrecord.reading import labels as L
from onrecord.reading.words import load_tokenizer
from training import data, losses
from training.data import Pair
from training.model import Net, starting_point
from training.train import encode, sizes

FOLDS = 5
JOINED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


def predict(net: Net, pairs: Sequence[Pair], *, fast: bool) -> torch.Tensor:
    """Probabilities over relation types, (pairs, types)."""
    out = []
    net.eval()
    for at in range(0, len(pairs), 64):
        some = list(pairs[at : at + 64])
        with torch.no_grad():
            hidden = encode(net, [(p.words, p.marks) for p in some], 256, fast=fast)
            out.append(losses.relation_logits(net.heads, hidden, sizes(some), some).softmax(1))
    return torch.cat(out)


def tune(net: Net, pairs: list[Pair], gold: list[Pair], args: argparse.Namespace) -> None:
    """Train encoder and relation head on marked pairs."""
    chance = random.Random(args.seed)
    heads = [p for n, p in net.heads.named_parameters() if n.startswith("relation")]
    groups = [{"params": list(net.encoder.parameters())}, {"params": heads}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    step, steps = 0, args.passes * -(-len(pairs) // args.batch)
    for _ in range(args.passes):
        mixed = pairs + chance.sample(gold, min(len(gold), len(pairs) // 2))
        chance.shuffle(mixed)
        size = -(-len(mixed) // -(-len(pairs) // args.batch))
        for at in range(0, len(mixed), size):
            net.train()
            factor = min(1.0, (step + 1) / 30) * max(0.02, 1 - step / steps)
            for group, rate in zip(optimizer.param_groups, (args.rate, args.head_rate)):
                group["lr"] = rate * factor
            some = mixed[at : at + size]
            hidden = encode(net, [(p.words, p.marks) for p in some], 256, fast=args.fast)
            losses.relation_loss(net.heads, hidden, sizes(some), some).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1


def joined(kind: str) -> str:
    """A type as PLV has it."""
    return JOINED.get(kind, kind)


def best(odds: torch.Tensor) -> list[str]:
    """PLV's type with the most probability, for each row."""
    names = sorted({joined(k) for k in L.RELATION_TYPES})
    columns = [[i for i, k in enumerate(L.RELATION_TYPES) if joined(k) == n] for n in names]
    table = torch.stack([odds[:, c].sum(1) for c in columns], dim=1)
    return [names[i] for i in table.argmax(1).tolist()]


def macro(gold: Sequence[str], found: Sequence[str]) -> float:
    """Macro F1 in percent over the classes of ``gold``."""
    out = []
    for kind in sorted(set(gold)):
        hit = sum(g == f == kind for g, f in zip(gold, found))
        total = sum(g == kind for g in gold) + sum(f == kind for f in found)
        out.append(200 * hit / total)
    return sum(out) / len(out)


def quad(kind: str) -> str:
    """Quad class of a PLV type; CONCEDE and RETREAT both count as YIELD (2)."""
    return "2" if kind == "YIELD" else str(ontology.quad(kind))


def table(gold: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """Scores of all answers together."""
    quads = [quad(g) for g in gold], [quad(f) for f in found]
    sides = [["c" if q < "3" else "x" for q in qs] for qs in quads]
    return {
        "types": round(macro(gold, found), 2),
        "accuracy": round(100 * sum(g == f for g, f in zip(gold, found)) / len(gold), 2),
        "quad": round(macro(*quads), 2),
        "binary": round(macro(*sides), 2),
    }


def main() -> None:
    """Parse the command line and run the folds."""
    parser = argparse.ArgumentParser(description=__doc__)
    where = os.environ.get("ONRECORD_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(where))
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--head-rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", type=int, default=FOLDS, help="how many folds to run")
    parser.add_argument("--fast", action=argparse.BooleanOptionalAction, default=True)
    args = parser.parse_args()
    tokenizer = load_tokenizer(starting_point() / "tokenizer.json")
    pairs = data.plv(args.data / "relations/plv.train.jsonl", tokenizer)
    gold_pairs = data.gold_pairs(data.rows(args.data / "gold/gold.train.jsonl"), tokenizer)
    order = list(range(len(pairs)))
    random.Random(0).shuffle(order)
    gold: list[str] = []
    found: list[str] = []
    for fold in range(args.folds):
        torch.manual_seed(args.seed)
        net = Net()
        net.take_over(torch.load(args.start)["average"])
        held = [pairs[i] for n, i in enumerate(order) if n % FOLDS == fold]
        kept = [pairs[i] for n, i in enumerate(order) if n % FOLDS != fold]
        tune(net, kept, gold_pairs, args)
        gold += [joined(L.RELATION_TYPES[p.types[0]]) for p in held]
        found += best(predict(net, held, fast=args.fast))
        sys.stdout.write(json.dumps({"fold": fold, "n": len(gold)} | table(gold, found)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
