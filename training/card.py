"""The model card: ``python -m training.card --eval eval.json``.

``eval.json`` is what ``onrecord eval all --data DIR --json`` prints.  The words of the
card stand in ``training/card.md``; ``{{scores}}``, ``{{int8}}`` and ``{{tables}}`` there
are filled in from measurements.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onrecord.reading.encoder import MODEL_FOLDER

TEMPLATE = Path(__file__).with_name("card.md")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def _number(value: Any, digits: int = 1) -> str:
    if value is None:
        return "–"
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def scores(found: dict[str, Any]) -> str:
    """All scores with their 95 % intervals."""
    rows = []
    for s in found["scores"]:
        digits = 1 if s["scale"] == "percent" else 3
        value, low, high = (_number(s[k], digits) for k in ("value", "low", "high"))
        rows.append([s["task"], s["set"], str(s["n"]), s["metric"], value, f"{low} … {high}"])
    return table(["task", "set", "n", "metric", "value", "95 % interval"], rows)


def tables(found: dict[str, Any]) -> str:
    """Per-class, per-region and reliability tables."""
    parts = []
    for t in found["tables"]:
        rows = [[_number(cell) for cell in row] for row in t["rows"]]
        parts.append(f"### {t['task']}, {t['set']}: {t['title']}\n\n{table(t['header'], rows)}")
    return "\n\n".join(parts)


def losses(path: Path) -> str:
    """What int8 costs on each score."""
    rows = []
    for name, row in json.loads(path.read_text("utf-8")).items():
        loss = row["fp32"] - row["int8"]
        rows.append([name, _number(row["fp32"], 2), _number(row["int8"], 2), f"{loss:+.2f}"])
    return table(["score", "fp32", "int8", "lost"], rows)


def main() -> None:
    """Parse the command line and write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--int8", type=Path, default=Path("docs/model/int8.json"))
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER / "CARD.md")
    args = parser.parse_args()
    found = json.loads(args.eval.read_text("utf-8"))
    card = TEMPLATE.read_text("utf-8")
    filled = {"scores": scores(found), "tables": tables(found), "int8": losses(args.int8)}
    for name, text in filled.items():
        card = card.replace("{{" + name + "}}", text)
    args.out.write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
