"""Inputs of a layer that are far larger than the others, found on the rows by hand.

One scale serves all inputs of a quantised product, so a single input of 28 among inputs
below 5 leaves the others a sixth of their 8 bits.  Such inputs of the feed-forward
products are few and always the same ones; ``training.graph`` multiplies them apart, in
fp32 (Dettmers et al., "LLM.int8()", 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from onrecord.reading.words import Ints, batch, cut, load_tokenizer, windows
from training import rows
from training.model import Net, starting_point

#: Rows read, inputs set apart at most, and how far above the next one they must reach.
ROWS, MOST, FACTOR = 150, 8, 1.5


def outliers(net: Net) -> dict[str, Ints]:
    """Product → indices of its outlying inputs, by the name of its weight; none: not there."""
    found = {name: apart(top) for name, top in maxima(net, ROWS).items()}
    return {name: own for name, own in found.items() if len(own)}


def apart(largest: np.ndarray) -> Ints:
    """The inputs whose largest value stands out from that of the ``MOST`` + 1st."""
    order = np.argsort(-largest)
    return order[:MOST][largest[order[:MOST]] > FACTOR * largest[order[MOST]]]


def maxima(net: Net, count: int) -> dict[str, np.ndarray]:
    """Largest absolute value of each input of the feed-forward products."""
    tokenizer = load_tokenizer(starting_point() / "tokenizer.json")
    out: dict[str, np.ndarray] = {}
    watched = [
        layer.register_forward_hook(_keep(out, f"{name}.weight"))
        for name, layer in net.named_modules()
        if name.startswith("encoder.layers.") and name.endswith((".up", ".down"))
    ]
    for words in (cut(tokenizer, text) for text in _texts(count)):
        with torch.no_grad():
            net.words(batch([(words, w, None) for w in windows(words)]), fast=False)
    for hook in watched:
        hook.remove()
    return out


def _texts(count: int) -> Iterable[str]:
    return [row["text"] for row, _ in zip(rows.load(), range(count))]


def _keep(out: dict[str, np.ndarray], name: str) -> Callable[..., None]:
    def hook(_layer: Any, inputs: tuple[torch.Tensor, ...], _output: Any) -> None:
        own = inputs[0].abs().flatten(0, -2).amax(0).numpy()
        out[name] = np.maximum(out.get(name, 0), own)

    return hook
