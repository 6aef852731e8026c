"""Make confidences probabilities: ``python -m training.calibrate --data DIR``.

Reads gold.dev with the packaged model, looks which statements and events stand in the
annotation, and fits one logistic curve for each (slope and offset on the log-odds of the
raw confidence).  The curves go to ``model.json``, where the reader finds them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np

from onrecord.evaluation.calibration import judged_events, judged_statements
from onrecord.evaluation.gold import GOLD_KEYS, report
from onrecord.evaluation.load import load
from onrecord.reading.encoder import MODEL_FOLDER
from onrecord.reading.reader import Reader

JUDGES = {"statement": judged_statements, "event": judged_events}
#: Pull of the curve towards "as it is", in made-up observations.
PRIOR = 2.0


def fit(pairs: list[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and offset by Newton's method, drawn a little towards (1, 0)."""
    raw = np.clip([p for p, _ in pairs], 1e-4, 1 - 1e-4)
    x = np.stack([np.log(raw / (1 - raw)), np.ones(len(raw))], axis=1)
    y = np.array([right for _, right in pairs], float)
    start = np.array([1.0, 0.0])

    def cost(w: np.ndarray) -> float:
        z = x @ w
        return float(np.logaddexp(0, z).sum() - z @ y + PRIOR / 2 * ((w - start) ** 2).sum())

    w = start
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (p - y) + PRIOR * (w - start)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + PRIOR * np.eye(2), slope)
        while cost(w - step) > cost(w) and np.abs(step).max() > 1e-9:
            step = step / 2
        w = w - step
        if np.abs(step).max() < 1e-8:
            break
    return float(w[0]), float(w[1])


def main() -> None:
    """Parse the command line, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    where = os.environ.get("ONRECORD_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(where))
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    args = parser.parse_args()
    path = args.model / "model.json"
    card = json.loads(path.read_text("utf-8"))
    card["calibration"] = {name: [1.0, 0.0] for name in JUDGES}
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    rows = load(args.data / "gold/gold.dev.jsonl", GOLD_KEYS, report)
    records = list(Reader(model=args.model).read_many(row.article for row in rows))
    for name, judge in JUDGES.items():
        pairs = [pair for row, record in zip(rows, records) for pair in judge(row, record)]
        slope, offset = fit(pairs)
        card["calibration"][name] = [round(slope, 4), round(offset, 4)]
        sys.stdout.write(f"{name}: {len(pairs)} judged, slope {slope:.3f}, offset {offset:.3f}\n")
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
