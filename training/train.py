"""Train the reader: ``python -m training.train --data DIR --out DIR --minutes 75``.

One step joins articles of every corpus (streams, with pieces a step).  The schedule
follows the clock when ``--minutes`` is given, else the step count.  Checkpoints in
``--out`` let the same command go on where it was stopped; ``log.jsonl`` there holds
losses and dev scores.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from onrecord.reading.words import Words, batch, load_tokenizer, windows
from training import data, losses, measure, rows
from training.data import Example, Pair
from training.model import Net, starting_point


@dataclass
class Stream:
    """A corpus and how many pieces of it a step takes."""

    name: str
    items: list[Any]
    pieces: float
    #: Pieces still to be taken; an article that is too long is paid for later.
    due: float = 0.0

    def draw(self, chance: random.Random) -> Iterator[Any]:
        """Endless passes in random order."""
        while True:
            order = list(self.items)
            chance.shuffle(order)
            yield from order


def load_streams(root: Path, relations: str, pieces: dict[str, float]) -> list[Stream]:
    """All training corpora; ``relations``: "gold" leaves PLV out, "all" takes it in.

    ``pieces``: what a step takes of a stream, where it differs from the default.
    """
    streams = _streams(root, relations)
    for stream in streams:
        stream.pieces = pieces.get(stream.name, stream.pieces)
    return [s for s in streams if s.pieces and s.items]


def _streams(root: Path, relations: str) -> list[Stream]:
    tokenizer = load_tokenizer(starting_point() / "tokenizer.json")
    gold = {r["id"]: r for r in data.rows(root / "gold/gold.train.jsonl")}
    pairs = data.gold_pairs(gold.values(), tokenizer)
    world = data.worldwide(root / "entities/worldwide.train.jsonl", tokenizer, gold)
    world += data.gold_only(gold, tokenizer)
    written = [data.written(row, tokenizer) for row in rows.load()]
    if relations == "all":
        pairs += 2 * data.plv(root / "relations/plv.train.jsonl", tokenizer)
    return [
        Stream("polnear", data.polnear(root / "attribution/polnear.train.jsonl", tokenizer), 1300),
        Stream("gold", [x for x in world if "trigger" in x.tags], 900),
        Stream("world", [x for x in world if "trigger" not in x.tags], 350),
        Stream("ontogum", data.ontogum(root / "coreference/ontogum.train.jsonl", tokenizer), 150),
        Stream("gap", data.gap(root / "coreference/gap-validation.tsv", tokenizer), 120),
        Stream("pairs", pairs, 350),
        Stream("rows", written, 250),
    ]


def pieces_of(item: Example | Pair) -> int:
    """Word pieces of an example."""
    return len(item.words.ids)


#: Windows up to this many pieces go through the encoder apart, to pad less.
SHORT = 128


def encode(net: Net, items: list[tuple[Words, Any]], size: int, *, fast: bool) -> Tensor:
    """Word vectors of several texts in order, (words, 384)."""
    parts = [
        (w, window, m) for w, m in items for window in windows(w, size=size, overlap=size // 5)
    ]
    short = [i for i, (_, w, _) in enumerate(parts) if w.last - w.first <= SHORT]
    long = [i for i, (_, w, _) in enumerate(parts) if w.last - w.first > SHORT]
    rows: list[Tensor] = [torch.empty(0)] * len(parts)
    for group in (short, long):
        if group:
            own = [parts[i] for i in group]
            counts = [w.word_last - w.word_first for _, w, _ in own]
            for i, vectors in zip(group, net.words(batch(own), fast=fast).split(counts)):
                rows[i] = vectors
    return torch.cat(rows)


def sizes(pairs: Sequence[Pair]) -> list[data.Range]:
    """Where each pair's words lie among the words of all."""
    ends = np.cumsum([len(p.words) for p in pairs])
    return [(int(e) - len(p.words), int(e)) for e, p in zip(ends, pairs)]


class Trainer:
    """Net, optimiser, running average and clock of one run."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.out: Path = args.out
        self.out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(args.seed)
        self.chance = random.Random(args.seed)
        self.net = Net()
        self.net.encoder.load_bert(starting_point())
        if args.start:
            self.net.take_over(torch.load(args.start)["average"])
        groups, self.rates = self._groups(args)
        self.optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self.average = {k: v.clone() for k, v in self.net.state_dict().items()}
        self.step, self.elapsed = 0, 0.0
        self._resume()

    def _groups(self, args: argparse.Namespace) -> tuple[list[dict[str, Any]], list[float]]:
        """Encoder, heads, and the few numbers (transitions, distances) that must move far."""
        few, many = [], []
        for name, value in self.net.heads.named_parameters():
            (few if name.startswith(("crf.", "distance.")) else many).append(value)
        body = list(self.net.encoder.parameters())
        groups: list[dict[str, Any]] = [{"params": body}, {"params": many}]
        groups.append({"params": few, "weight_decay": 0.0})
        return groups, [args.rate, args.head_rate, 10 * args.head_rate]

    @property
    def checkpoint(self) -> Path:
        return self.out / "checkpoint.pt"

    def _resume(self) -> None:
        if not self.checkpoint.exists():
            return
        saved = torch.load(self.checkpoint)
        self.net.load_state_dict(saved["net"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average = saved["average"]
        self.step, self.elapsed = saved["step"], saved["elapsed"]
        self.chance.seed(self.args.seed + self.step)

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        state = {
            "net": self.net.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "elapsed": self.elapsed,
        }
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        os.replace(partial, self.checkpoint)

    def progress(self) -> float:
        """Share of the run that is done, 0…1."""
        if self.args.minutes:
            return min(1.0, self.elapsed / (60 * self.args.minutes))
        return min(1.0, self.step / self.args.steps)

    def _set_rates(self) -> None:
        done = self.progress()
        warm = min(1.0, (self.step + 1) / self.args.warmup)
        factor = warm * (0.02 + 0.98 * (1 - done))
        for group, rate in zip(self.optimizer.param_groups, self.rates):
            group["lr"] = rate * factor

    def _update_average(self) -> None:
        decay = min(self.args.decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self.net.state_dict().items():
                if value.dtype.is_floating_point:
                    self.average[name].lerp_(value, 1 - decay)

    def run(self) -> None:
        """Train until the clock or the steps are used up."""
        streams = load_streams(self.args.data, self.args.relations, self.args.take)
        draws = {s.name: s.draw(self.chance) for s in streams}
        sums: dict[str, list[float]] = {}
        saved = measured = self.elapsed
        while self.progress() < 1:
            began = time.monotonic()
            for name, loss in self._one_step(streams, draws).items():
                sums.setdefault(name, []).append(loss)
            self.elapsed += time.monotonic() - began
            if self.step % 25 == 0:
                self.log({k: round(float(np.mean(v)), 4) for k, v in sums.items()})
                sums = {}
            if self.elapsed - saved > 300:
                self.save()
                saved = self.elapsed
            if self.elapsed - measured > 60 * self.args.measure_every:
                self.measure()
                measured = self.elapsed
        self.measure()
        self.save()

    def _one_step(self, streams: list[Stream], draws: dict[str, Iterator[Any]]) -> dict[str, float]:
        self._set_rates()
        self.net.train()
        size = self.chance.choice((160, 192, 224, 256, 256))
        examples: list[Example] = []
        pairs: list[Pair] = []
        for stream in streams:
            stream.due += stream.pieces
            while stream.due > 0:
                item = next(draws[stream.name])
                stream.due -= pieces_of(item)
                (pairs if stream.name == "pairs" else examples).append(item)
        found = losses.example_losses(
            self.net.heads,
            encode(self.net, [(x.words, None) for x in examples], size, fast=self.args.fast),
            examples,
        )
        if pairs:
            found["relation"] = self._relation_loss(pairs)
        losses.total(found, self.args.weights).backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        self._update_average()
        return {name: loss.item() for name, loss in found.items()}

    def _relation_loss(self, pairs: list[Pair]) -> Tensor:
        hidden = encode(self.net, [(p.words, p.marks) for p in pairs], 256, fast=self.args.fast)
        return losses.relation_loss(self.net.heads, hidden, sizes(pairs), pairs)

    def averaged(self) -> Net:
        """The running average of the weights as a net."""
        net = Net()
        net.load_state_dict(self.average)
        return net.eval()

    def measure(self) -> None:
        """Dev scores of the average."""
        scores = measure.tags(self.averaged(), self.args.data, fast=self.args.fast)
        self.log({"dev": scores})

    def log(self, row: dict[str, Any]) -> None:
        """Append a row to the log and show it."""
        row = {"step": self.step, "minutes": round(self.elapsed / 60, 1)} | row
        with (self.out / "log.jsonl").open("a") as log:
            log.write(json.dumps(row) + "\n")
        print(json.dumps(row), flush=True)


def _shares(words: str) -> dict[str, float]:
    return {k: float(v) for k, v in (pair.split("=") for pair in words.split(","))}


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    where = os.environ.get("ONRECORD_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(where))
    parser.add_argument("--out", type=Path, default=Path(".work/run"))
    parser.add_argument("--start", type=Path, help="checkpoint whose average to start from")
    parser.add_argument("--minutes", type=float, default=0, help="length of the run by the clock")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=8e-4)
    parser.add_argument("--warmup", type=int, default=100, help="steps")
    parser.add_argument("--decay", type=float, default=0.998, help="of the running average")
    parser.add_argument("--relations", choices=("gold", "all"), default="all")
    parser.add_argument("--weights", type=_shares, default={}, help="loss=weight,…")
    parser.add_argument("--take", type=_shares, default={}, help="stream=pieces,…: a step's share")
    parser.add_argument("--measure-every", type=float, default=20, help="minutes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--fast", action=argparse.BooleanOptionalAction, default=True, help="bfloat16 products"
    )
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if not math.isfinite(args.rate):
        parser.error("--rate must be finite")
    Trainer(args).run()


if __name__ == "__main__":
    main()
