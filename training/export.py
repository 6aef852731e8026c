"""Package a trained net: ``python -m training.export --checkpoint FILE --out DIR``.

Writes ``model.onnx`` (int8; ``--fp32`` for comparison), ``heads.npz``,
``tokenizer.json`` and ``model.json`` (name, labels, sizes).
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch

from onrecord.reading import labels as L
from training import graph
from training.model import Net, starting_point
from training.outliers import outliers


def load(checkpoint: Path) -> Net:
    """The averaged weights of a checkpoint as a net."""
    net = Net()
    net.take_over(torch.load(checkpoint)["average"])
    return net.eval()


def export(net: Net, out: Path, *, int8: bool, name: str) -> None:
    """Write the packaged model's files into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    built = graph.build(net, int8=int8, apart=outliers(net) if int8 else {})
    (out / "model.onnx").write_bytes(built.SerializeToString())
    np.savez(out / "heads.npz", **graph.head_arrays(net))
    shutil.copyfile(starting_point() / "tokenizer.json", out / "tokenizer.json")
    card = {
        "name": name,
        "precision": "int8" if int8 else "fp32",
        "entity_labels": L.ENTITY_LABELS,
        "event_types": L.EVENT_TYPES,
        "stances": L.STANCE_CLASSES,
        "statuses": L.STATUS_CLASSES,
    }
    (out / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path(".work/run/checkpoint.pt"))
    parser.add_argument("--out", type=Path, default=Path("src/onrecord/model"))
    parser.add_argument("--name", default="onrecord-minilm-1")
    parser.add_argument("--fp32", action="store_true")
    args = parser.parse_args()
    export(load(args.checkpoint), args.out, int8=not args.fp32, name=args.name)


if __name__ == "__main__":
    main()
