"""Only the relation head, on a frozen encoder: ``python -m training.relation --start FILE``.

Cross-validates the head on plv.train (5 folds, as ``training.crossval``), then trains it on
all of plv.train and gold's marked pairs and writes a checkpoint with it (``--out``); the
scores go to ``--report`` for the model card.  The encoder and every other head stay as they
are, so all other scores stay too.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from onrecord.reading import labels as L
from onrecord.reading.words import load_tokenizer
from training import data, losses
from training.crossval import FOLDS, best, joined, table
from training.data import Pair
from training.model import Heads, Net, starting_point
from training.train import encode, sizes


def features(net: Net, pairs: Sequence[Pair], *, fast: bool) -> Tensor:
    """Source, target and whole vectors of marked pairs, (pairs, 3, 384)."""
    out = []
    for at in range(0, len(pairs), 64):
        some = list(pairs[at : at + 64])
        with torch.no_grad():
            hidden = encode(net, [(p.words, p.marks) for p in some], 256, fast=fast)
            out.append(losses.relation_vectors(hidden, sizes(some), some))
    return torch.cat(out)


def tune(heads: Heads, vectors: Tensor, pairs: Sequence[Pair], args: argparse.Namespace) -> Heads:
    """A copy of the heads with its relation head trained on the vectors."""
    heads = copy.deepcopy(heads).train()
    parameters = [p for n, p in heads.named_parameters() if n.startswith("relation")]
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, weight_decay=0.05)
    steps = args.passes * -(-len(pairs) // args.batch)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, steps)
    chance = random.Random(args.seed)
    for _ in range(args.passes):
        order = list(range(len(pairs)))
        chance.shuffle(order)
        for at in range(0, len(order), args.batch):
            some = order[at : at + args.batch]
            rows = vectors[some]
            logits = heads.relate(rows[:, 0], rows[:, 1], rows[:, 2])
            losses.choice_loss(logits, [pairs[i] for i in some]).backward()
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    return heads.eval()


def main() -> None:
    """Parse the command line, cross-validate, train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    where = os.environ.get("ONRECORD_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(where))
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="checkpoint to write")
    parser.add_argument("--report", type=Path, default=Path("docs/model/relation.json"))
    parser.add_argument("--passes", type=int, default=30)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fast", action=argparse.BooleanOptionalAction, default=True)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    saved = torch.load(args.start)
    net = Net()
    net.take_over(saved["average"])
    net.eval()
    tokenizer = load_tokenizer(starting_point() / "tokenizer.json")
    plv = data.plv(args.data / "relations/plv.train.jsonl", tokenizer)
    gold = data.gold_pairs(data.rows(args.data / "gold/gold.train.jsonl"), tokenizer)
    own, other = features(net, plv, fast=args.fast), features(net, gold, fast=args.fast)
    order = list(range(len(plv)))
    random.Random(0).shuffle(order)
    right: list[str] = []
    found: list[str] = []
    for fold in range(FOLDS):
        held = [i for n, i in enumerate(order) if n % FOLDS == fold]
        kept = [i for n, i in enumerate(order) if n % FOLDS != fold]
        heads = tune(net.heads, torch.cat([own[kept], other]), [plv[i] for i in kept] + gold, args)
        rows = own[held]
        with torch.no_grad():
            odds = heads.relate(rows[:, 0], rows[:, 1], rows[:, 2]).softmax(1)
        right += [joined(L.RELATION_TYPES[plv[i].types[0]]) for i in held]
        found += best(odds)
        sys.stdout.write(json.dumps({"fold": fold, "n": len(right)} | table(right, found)) + "\n")
        sys.stdout.flush()
    summary = {"folds": FOLDS, "n": len(right)} | table(right, found)
    args.report.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    if args.out:
        heads = tune(net.heads, torch.cat([own, other]), plv + gold, args)
        net.heads.load_state_dict(heads.state_dict())
        args.out.parent.mkdir(parents=True, exist_ok=True)
        torch.save({"average": net.state_dict()}, args.out)


if __name__ == "__main__":
    main()
