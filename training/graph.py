"""The reader as an ONNX graph, written node by node, in fp32 or int8.

One window goes through at a time, unpadded: nothing in the graph looks beyond it,
so an article is read the same whatever else is read (RECORD.md, "same article, same
record").  Inputs: ``ids`` (1, length), ``features`` (1, length, 4), ``take`` (words,).
Outputs, one row a word taken: ``hidden``, ``tags``, ``classes``, ``queries``, ``keys``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from onrecord.reading import labels as L
from onrecord.reading.words import FEATURE_NAMES
from training.model import HEADS, LAYERS, WIDTH, Net

Array = NDArray[np.generic]
#: Largest weight of an int8 matrix: 7 bits, so that two products of unsigned 8-bit
#: activations fit the 16-bit sums of AVX2 (no saturation).
REDUCED = 63


class Graph:
    """Collects nodes and weights of one graph."""

    def __init__(self, *, int8: bool, apart: Mapping[str, Array] = MappingProxyType({})) -> None:
        self.int8 = int8
        #: Weight → inputs that are multiplied apart, in fp32.
        self.apart = apart if int8 else {}
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._names = 0

    def name(self) -> str:
        self._names += 1
        return f"t{self._names}"

    def const(self, value: Array) -> str:
        name = self.name()
        self.weights.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def op(
        self, kind: str, *inputs: str, domain: str = "", out: str = "", **attributes: object
    ) -> str:
        out = out or self.name()
        self.nodes.append(helper.make_node(kind, inputs, [out], domain=domain, **attributes))
        return out

    def linear(self, x: str, weight: Array, bias: Array, out: str = "") -> str:
        """``x @ weight.T + bias``; weight (out, in) as torch keeps it."""
        if not self.int8:
            product = self.op("MatMul", x, self.const(weight.T.astype(np.float32)))
            return self.op("Add", product, self.const(bias.astype(np.float32)), out=out)
        scale = np.maximum(np.abs(weight).max(1), 1e-8) / REDUCED
        rounded = np.clip(np.round(weight / scale[:, None]), -REDUCED, REDUCED).astype(np.int8)
        return self.op(
            "DynamicQuantizeMatMul",
            x,
            self.const(rounded.T),
            self.const(scale.astype(np.float32)),
            self.const(np.zeros(len(scale), np.int8)),
            self.const(bias.astype(np.float32)),
            domain="com.microsoft",
            out=out,
        )

    def named(self, x: str, w: Mapping[str, Array], name: str) -> str:
        """The product of the weight and bias of a name, outlying inputs apart."""
        weight, bias = w[f"{name}.weight"], w[f"{name}.bias"]
        own = self.apart.get(f"{name}.weight")
        if own is None:
            return self.linear(x, weight, bias)
        keep = np.ones(weight.shape[1], np.float32)
        keep[own] = 0
        main = self.linear(self.op("Mul", x, self.const(keep)), weight * keep, bias)
        few = self.op("Gather", x, self.const(own.astype(np.int64)), axis=-1)
        side = self.op("MatMul", few, self.const(weight[:, own].T.astype(np.float32)))
        return self.op("Add", main, side)

    def table(self, weight: Array, index: str) -> str:
        """Rows of an embedding table; int8 keeps one scale a row."""
        if not self.int8:
            return self.op("Gather", self.const(weight.astype(np.float32)), index)
        scale = np.maximum(np.abs(weight).max(1, keepdims=True), 1e-8) / 127
        rounded = np.round(weight / scale).astype(np.int8)
        rows = self.op("Cast", self.op("Gather", self.const(rounded), index), to=TensorProto.FLOAT)
        return self.op("Mul", rows, self.op("Gather", self.const(scale.astype(np.float32)), index))


def build(
    net: Net, *, int8: bool, apart: Mapping[str, Array] = MappingProxyType({})
) -> onnx.ModelProto:
    """The whole graph of a trained net; ``apart`` as ``training.outliers`` finds it."""
    g = Graph(int8=int8, apart=apart)
    w = {k: v.detach().numpy() for k, v in net.state_dict().items()}
    x = _embed(g, w)
    for i in range(LAYERS):
        x = _layer(g, w, x, f"encoder.layers.{i}.")
    flat = g.op("Reshape", x, g.const(np.array([-1, WIDTH], np.int64)))
    hidden = g.op("Gather", flat, "take", out="hidden")
    _heads(g, w, hidden)
    return _model(g)


def _embed(g: Graph, w: dict[str, Array]) -> str:
    x = g.table(w["encoder.pieces.weight"], "ids")
    length = g.op("Shape", "ids", start=1, end=2)
    zero = g.const(np.array([0], np.int64))
    positions = g.op("Slice", g.const(w["encoder.positions.weight"]), zero, length)
    x = g.op("Add", x, positions)
    columns = [g.const(np.array(i, np.int64)) for i in range(len(FEATURE_NAMES))]
    for i, column in enumerate(columns):
        index = g.op("Gather", "features", column, axis=2)
        rows = g.op("Gather", g.const(w[f"encoder.features.{i}.weight"]), index)
        x = g.op("Add", x, rows)
    return _norm(g, w, x, "encoder.norm")


def _norm(g: Graph, w: dict[str, Array], x: str, name: str) -> str:
    weights = [g.const(w[f"{name}.{part}"]) for part in ("weight", "bias")]
    return g.op("LayerNormalization", x, *weights, axis=-1, epsilon=1e-12)


def _skip_norm(g: Graph, w: dict[str, Array], x: str, skip: str, name: str) -> str:
    weights = [g.const(w[f"{name}.{part}"]) for part in ("weight", "bias")]
    return g.op("SkipLayerNormalization", x, skip, *weights, domain="com.microsoft", epsilon=1e-12)


def _layer(g: Graph, w: dict[str, Array], x: str, p: str) -> str:
    parts = []
    for i in range(3):
        rows = slice(i * WIDTH, (i + 1) * WIDTH)
        parts.append(g.linear(x, w[p + "qkv.weight"][rows], w[p + "qkv.bias"][rows]))
    mixed = g.op("MultiHeadAttention", *parts, domain="com.microsoft", num_heads=HEADS)
    mixed = g.named(mixed, w, p + "out")
    x = _skip_norm(g, w, mixed, x, p + "norm1")
    up = g.op("Gelu", g.named(x, w, p + "up"), approximate="none")
    return _skip_norm(g, w, g.named(up, w, p + "down"), x, p + "norm2")


def _heads(g: Graph, w: dict[str, Array], hidden: str) -> None:
    def joined(names: list[str]) -> tuple[Array, Array]:
        return tuple(np.concatenate([w[f"{n}.{p}"] for n in names]) for p in ("weight", "bias"))  # type: ignore[return-value]

    g.linear(hidden, *joined([f"heads.tags.{n}" for n in L.TAG_HEADS]), out="tags")
    trunk = g.linear(hidden, w["heads.class_trunk.weight"], w["heads.class_trunk.bias"])
    trunk = g.op("Gelu", trunk, approximate="none")
    g.linear(trunk, *joined([f"heads.classes.{n}" for n in L.CLASS_HEADS]), out="classes")
    trunk = g.linear(hidden, w["heads.link_trunk.weight"], w["heads.link_trunk.bias"])
    trunk = g.op("Gelu", trunk, approximate="none")
    for name in ("queries", "keys"):
        g.linear(trunk, w[f"heads.{name}.weight"], w[f"heads.{name}.bias"], out=name)


def _model(g: Graph) -> onnx.ModelProto:
    integer, real = TensorProto.INT64, TensorProto.FLOAT
    inputs = [
        helper.make_tensor_value_info("ids", integer, [1, "length"]),
        helper.make_tensor_value_info("features", integer, [1, "length", len(FEATURE_NAMES)]),
        helper.make_tensor_value_info("take", integer, ["words"]),
    ]
    names = ("hidden", "tags", "classes", "queries", "keys")
    outputs = [helper.make_tensor_value_info(n, real, ["words", None]) for n in names]
    graph = helper.make_graph(g.nodes, "onrecord", inputs, outputs, g.weights)
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def head_arrays(net: Net) -> dict[str, Array]:
    """What stays outside the graph: tag transitions, distances, the relation head."""
    out: dict[str, Array] = {}
    for name in L.TAG_HEADS:
        moves = net.heads.crf[name].transitions()  # type: ignore[operator]
        out[f"moves.{name}"] = moves.detach().numpy()
    for name, value in net.heads.distance.items():
        out[f"distance.{name}"] = value.detach().numpy()
    for name in ("relation_trunk", "relation"):
        layer = getattr(net.heads, name)
        out[f"{name}.weight"] = layer.weight.detach().numpy()
        out[f"{name}.bias"] = layer.bias.detach().numpy()
    return out
