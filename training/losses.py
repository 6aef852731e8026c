"""What the heads are taught: one loss a head, summed over a step."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from onrecord.reading import labels as L
from training.data import Attribution, Example, Pair, Range
from training.model import Heads

CHUNK = 64
#: Words around an anaphor in which antecedents are sought.
REACH = 400
ROLE_REACH = 150

WEIGHTS = {
    "entity": 1.0,
    "said": 2.0,
    "stated": 1.5,
    "mention": 1.0,
    "trigger": 2.0,
    "stance": 0.5,
    "status": 0.3,
    "mode": 0.5,
    "by": 0.2,
    "source": 0.5,
    "content": 0.5,
    "roles": 0.5,
    "coref": 0.4,
    "event": 0.2,
    "relation": 0.7,
}


def example_losses(heads: Heads, hidden: Tensor, examples: list[Example]) -> dict[str, Tensor]:
    """Losses of a batch of articles; ``hidden``: their words in order, (words, 384)."""
    bounds, at = [], 0
    for example in examples:
        bounds.append((at, at + len(example.words)))
        at += len(example.words)
    out: dict[str, Tensor] = {}
    for name in L.TAG_HEADS:
        add(out, name, _tag_loss(heads, name, hidden, examples, bounds))
    classes = heads.class_hidden(hidden)
    queries, keys = heads.link_vectors(hidden)
    parts: dict[str, list[Tensor]] = {}
    for example, (first, last) in zip(examples, bounds):
        q = {k: v[first:last] for k, v in queries.items()}
        k = {k: v[first:last] for k, v in keys.items()}
        for name, loss in _article_losses(heads, example, classes[first:last], q, k):
            parts.setdefault(name, []).append(loss)
    for name, losses in parts.items():
        add(out, name, torch.cat(losses).mean())
    return out


def add(out: dict[str, Tensor], name: str, loss: Tensor | None) -> None:
    """Keep a loss if there is one."""
    if loss is not None:
        out[name] = loss


def total(losses: dict[str, Tensor], weights: Mapping[str, float]) -> Tensor:
    """Sum by ``WEIGHTS``, or by ``weights`` where they name a loss."""
    chosen = {**WEIGHTS, **weights}
    return torch.stack([chosen[name] * loss for name, loss in losses.items()]).sum()


def _tag_loss(
    heads: Heads, name: str, hidden: Tensor, examples: list[Example], bounds: list[Range]
) -> Tensor | None:
    chunks, tags = [], []
    for example, (first, last) in zip(examples, bounds):
        if name in example.tags:
            chunks += list(hidden[first:last].split(CHUNK))
            tags += list(torch.from_numpy(example.tags[name]).split(CHUNK))
    if not chunks:
        return None
    lengths = torch.tensor([len(t) for t in tags])
    mask = torch.arange(int(lengths.max()))[None] < lengths[:, None]
    padded = torch.nn.utils.rnn.pad_sequence(chunks, batch_first=True)
    gold = torch.nn.utils.rnn.pad_sequence(tags, batch_first=True)
    loss: Tensor = heads.crf[name].loss(heads.tags[name](padded), gold, mask)  # type: ignore[operator]
    return loss


def _article_losses(
    heads: Heads, example: Example, classes: Tensor, q: dict[str, Tensor], k: dict[str, Tensor]
) -> list[tuple[str, Tensor]]:
    out = _class_losses(heads, example, classes)
    out += _attribution_links(heads, example.attributions, q, k)
    out += _role_links(heads, example, q, k)
    out += _coreference(heads, example, q, k)
    out += _event_links(heads, example, q, k)
    return out


def spans_mean(vectors: Tensor, ranges: list[Range]) -> Tensor:
    """Mean of the first and last word's vector of each span, (spans, width)."""
    first = torch.tensor([r[0] for r in ranges])
    last = torch.tensor([max(r[0], r[1] - 1) for r in ranges])
    return (vectors[first] + vectors[last]) / 2


def _class_losses(heads: Heads, example: Example, classes: Tensor) -> list[tuple[str, Tensor]]:
    rows: dict[str, list[tuple[Range, int]]] = {name: [] for name in ("status", "mode", "by")}
    for t in example.triggers:
        rows["status"].append((t.words, t.status))
        rows["mode"].append((t.words, t.mode))
        rows["by"].append((t.words, t.by))
    out = _stance_loss(heads, example.attributions, classes)
    for name, items in rows.items():
        items = [(r, c) for r, c in items if c >= 0 and r[0] < r[1]]
        if items:
            logits = heads.classes[name](spans_mean(classes, [r for r, _ in items]))
            out.append((name, _classified(logits, [c for _, c in items])))
    return out


def _classified(logits: Tensor, gold: list[int]) -> Tensor:
    return F.cross_entropy(logits, torch.tensor(gold), reduction="none", label_smoothing=0.05)


def _stance_loss(
    heads: Heads, attributions: list[Attribution], classes: Tensor
) -> list[tuple[str, Tensor]]:
    """Stance from the ends of the cue and from all words of the content."""
    known = [a for a in attributions if a.stance >= 0 and (a.cue or a.contents)]
    if not known:
        return []
    logits = heads.classes["stance"](spans_mean(classes, [a.cue or a.contents[0] for a in known]))
    about = heads.classes["about"](classes)
    empty = torch.zeros(1, about.shape[1])
    said = [torch.cat([empty, *(about[f:e] for f, e in a.contents)])[1:] for a in known]
    logits = logits + torch.stack([s.mean(0) if len(s) else empty[0] for s in said])
    return [("stance", _classified(logits, [a.stance for a in known]))]


def scores(
    heads: Heads, family: str, q: Tensor, k: Tensor, ask: list[Range], answer: list[Range]
) -> Tensor:
    """Link scores of every asking span with every answering one, (asking, answering)."""
    width = L.LINK_FAMILIES[family]
    dots = spans_mean(q, ask) @ spans_mean(k, answer).T / width**0.5
    return dots + heads.distance[family][buckets(ask, answer)]


def buckets(ask: list[Range], answer: list[Range]) -> Tensor:
    """Distance buckets between span starts, (asking, answering)."""
    a = torch.tensor([r[0] for r in ask])[:, None]
    b = torch.tensor([r[0] for r in answer])[None, :]
    distance = b - a
    size = torch.bucketize(distance.abs(), torch.tensor(L.DISTANCES), right=False)
    return len(L.DISTANCES) + torch.where(distance >= 0, size, -size)


def _choice(table: Tensor, right: Tensor) -> Tensor:
    """Loss of choosing among columns or none (score 0); ``right`` marks good columns."""
    none = torch.zeros(len(table), 1)
    whole = torch.cat([none, table], dim=1)
    good = torch.cat([~right.any(1, keepdim=True), right], dim=1)
    best = torch.logsumexp(whole.masked_fill(~good, IMPOSSIBLE_SCORE), dim=1)
    return torch.logsumexp(whole, dim=1) - best


IMPOSSIBLE_SCORE = -1e4


def _attribution_links(
    heads: Heads, attributions: list[Attribution], q: dict[str, Tensor], k: dict[str, Tensor]
) -> list[tuple[str, Tensor]]:
    cued = [a for a in attributions if a.cue and a.cue[0] < a.cue[1]]
    if not cued:
        return []
    cues = [a.cue for a in cued if a.cue]
    out = []
    sources = sorted({r for a in attributions for r in a.sources if r[0] < r[1]})
    if sources:
        table = scores(heads, "source", q["source"], k["source"], cues, sources)
        right = torch.tensor([[s in a.sources for s in sources] for a in cued])
        out.append(("source", _choice(table, right)))
    owner = {c: i for i, a in enumerate(cued) for c in a.contents if c[0] < c[1]}
    loose = {c: -1 for a in attributions if not a.cue for c in a.contents if c[0] < c[1]}
    asked = [*owner.items(), *loose.items()]
    if asked:
        contents = [c for c, _ in asked]
        table = scores(heads, "content", q["content"], k["content"], contents, cues)
        right = torch.zeros(len(asked), len(cues), dtype=torch.bool)
        for row, (_, i) in enumerate(asked):
            if i >= 0:
                right[row, i] = True
        out.append(("content", _choice(table, right)))
    return out


def _role_links(
    heads: Heads, example: Example, q: dict[str, Tensor], k: dict[str, Tensor]
) -> list[tuple[str, Tensor]]:
    asked = [t for t in example.triggers if t.roles is not None and t.words[0] < t.words[1]]
    if not asked or not example.candidates:
        return []
    triggers = [t.words for t in asked]
    answers = [r for _, r in example.candidates]
    near = _near(triggers, answers, ROLE_REACH)
    out = []
    for role in L.ROLES:
        label = "participant" if role in ("actor", "recipient") else role
        fits = torch.tensor([c == label for c, _ in example.candidates])
        mask = near & fits[None, :]
        if not mask.any():
            continue
        table = scores(heads, role, q[role], k[role], triggers, answers)
        gold = torch.zeros_like(table)
        for row, t in enumerate(asked):
            for at, roles in (t.roles or {}).items():
                gold[row, at] = float(role in roles)
        loss = F.binary_cross_entropy_with_logits(table[mask], gold[mask], reduction="none")
        # A pair in ten is a link: weigh the sum by triggers, not by pairs.
        out.append(("roles", loss.sum()[None] / len(triggers)))
    return out


def _near(ask: list[Range], answer: list[Range], reach: int) -> Tensor:
    a = torch.tensor([r[0] for r in ask])[:, None]
    b = torch.tensor([r[0] for r in answer])[None, :]
    return (a - b).abs() <= reach


def _coreference(
    heads: Heads, example: Example, q: dict[str, Tensor], k: dict[str, Tensor]
) -> list[tuple[str, Tensor]]:
    if not example.anaphors or len(example.mentions) < 2:
        return []
    ranges = [r for r, _ in example.mentions]
    clusters = torch.tensor([c for _, c in example.mentions])
    at = torch.tensor(example.anaphors)
    asked = [ranges[i] for i in example.anaphors]
    table = scores(heads, "coref", q["coref"], k["coref"], asked, ranges)
    open_ = _near(asked, ranges, REACH)
    open_[torch.arange(len(at)), at] = False
    right = open_ & (clusters[at][:, None] == clusters[None, :])
    return [("coref", _choice(table.masked_fill(~open_, IMPOSSIBLE_SCORE), right))]


def _event_links(
    heads: Heads, example: Example, q: dict[str, Tensor], k: dict[str, Tensor]
) -> list[tuple[str, Tensor]]:
    """Each trigger chooses an earlier trigger of its event, or none."""
    triggers = sorted(
        (t for t in example.triggers if t.words[0] < t.words[1]), key=lambda t: t.words
    )
    if len(triggers) < 2:
        return []
    ranges = [t.words for t in triggers]
    events = torch.tensor([t.event for t in triggers])
    table = scores(heads, "event", q["event"], k["event"], ranges, ranges)
    earlier = torch.ones_like(table, dtype=torch.bool).tril(-1)
    right = earlier & (events[:, None] == events[None, :])
    return [("event", _choice(table.masked_fill(~earlier, IMPOSSIBLE_SCORE), right)[1:])]


def relation_loss(
    heads: Heads, hidden: Tensor, bounds: list[Range], pairs: list[Pair], smoothing: float = 0.1
) -> Tensor:
    """Loss of marked pairs; ``hidden``: words of all sentences in order."""
    return choice_loss(relation_logits(heads, hidden, bounds, pairs), pairs, smoothing)


def choice_loss(logits: Tensor, pairs: list[Pair], smoothing: float = 0.1) -> Tensor:
    """Cross-entropy where any of a pair's types is right."""
    logs = F.log_softmax(logits, dim=1)
    good = torch.zeros_like(logs, dtype=torch.bool)
    for row, p in enumerate(pairs):
        good[row, list(p.types)] = True
    right = torch.logsumexp(logs.masked_fill(~good, IMPOSSIBLE_SCORE), dim=1)
    return -((1 - smoothing) * right + smoothing * logs.mean(1)).mean()


def relation_logits(heads: Heads, hidden: Tensor, bounds: list[Range], pairs: list[Pair]) -> Tensor:
    """Logits over the relation types of marked pairs, (pairs, types)."""
    table = relation_vectors(hidden, bounds, pairs)
    return heads.relate(table[:, 0], table[:, 1], table[:, 2])


def relation_vectors(hidden: Tensor, bounds: list[Range], pairs: list[Pair]) -> Tensor:
    """Mean vectors of source, target and sentence, (pairs, 3, 384)."""
    rows = []
    for p, (first, last) in zip(pairs, bounds):
        own = hidden[first:last]
        whole = own.mean(0)
        marks = torch.from_numpy(p.marks)
        ends = [own[marks == v].mean(0) if (marks == v).any() else whole for v in (1, 2)]
        rows.append(torch.stack([*ends, whole]))
    return torch.stack(rows)
