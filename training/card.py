"""The model card: ``python -m training.card --eval eval.json``.

``eval.json`` is what ``onrecord eval all --data DIR --json`` prints.  The words of the
card stand in ``training/card.md``; ``{{scores}}``, ``{{int8}}`` and ``{{tables}}`` there
are filled in from measurements, and so is the short table of the README between its
``<!-- scores -->`` marks.  Sets that the model learned from are left out: what counts for
the relation of a marked pair is the cross-validation of ``training.relation``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onrecord.reading.encoder import MODEL_FOLDER

TEMPLATE = Path(__file__).with_name("card.md")
MARKS = ("<!-- scores -->", "<!-- /scores -->")
#: The set that the relation head is trained on.
LEARNED = "relations/plv.train.jsonl"
FOLDED = {
    "types": "relation of a marked pair, 15 types, macro F1",
    "quad": "four quads, macro F1",
    "binary": "cooperation against conflict, macro F1",
}
#: Task, set, metric, and the README's words for them.
SHORT = (
    ("statements", "gold/gold.dev.jsonl", "found F1", "statements found, F1"),
    ("statements", "gold/gold.dev.jsonl", "speaker name accuracy", "speaker's full name right"),
    ("statements", "gold/gold.dev.jsonl", "stance accuracy", "stance right (12 classes)"),
    ("attribution", "attribution/polnear.dev.jsonl", "source exact F1", "source, exact words, F1"),
    ("attribution", "attribution/polnear.dev.jsonl", "cue exact F1", "cue, exact words, F1"),
    (
        "attribution",
        "attribution/polnear.dev.jsonl",
        "content exact F1",
        "content, exact words, F1",
    ),
    ("events", "gold/gold.dev.jsonl", "trigger F1", "events found, F1"),
    ("events", "gold/gold.dev.jsonl", "trigger + type F1", "events with the right type, F1"),
    ("events", "gold/gold.dev.jsonl", "actor F1", "who did it, F1"),
    ("events", "gold/gold.dev.jsonl", "country accuracy", "country of a participant right"),
    ("entities", "entities/worldwide.dev.jsonl", "exact F1", "names, exact, F1"),
    ("times", "time/timebank.jsonl", "value F1", "dates and durations with value, F1"),
    ("places", "places/geovirus.jsonl", "found and within 161 km", "places put on the map right"),
)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def _number(value: Any, digits: int = 1) -> str:
    if value is None:
        return "–"
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def unseen(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows on sets that the model did not learn from."""
    return [r for r in rows if r["set"] != LEARNED]


def folds(relation: dict[str, Any]) -> list[list[str]]:
    """The cross-validation of the relation head as rows of the table of scores."""
    name = f"{LEARNED}, {relation['folds']}-fold"
    return [
        ["relations", name, str(relation["n"]), metric, _number(relation[key]), "–"]
        for key, metric in FOLDED.items()
    ]


def scores(found: dict[str, Any], relation: dict[str, Any]) -> str:
    """All scores with their 95 % intervals."""
    rows = folds(relation)
    for s in unseen(found["scores"]):
        digits = 1 if s["scale"] == "percent" else 3
        value, low, high = (_number(s[k], digits) for k in ("value", "low", "high"))
        rows.append([s["task"], s["set"], str(s["n"]), s["metric"], value, f"{low} … {high}"])
    return table(["task", "set", "n", "metric", "value", "95 % interval"], rows)


def tables(found: dict[str, Any]) -> str:
    """Per-class, per-region and reliability tables."""
    parts = []
    for t in unseen(found["tables"]):
        rows = [[_number(cell) for cell in row] for row in t["rows"]]
        parts.append(f"### {t['task']}, {t['set']}: {t['title']}\n\n{table(t['header'], rows)}")
    return "\n\n".join(parts)


def short(found: dict[str, Any], relation: dict[str, Any]) -> str:
    """The README's table: the scores a newcomer asks about."""
    values = {(s["task"], s["set"], s["metric"]): s for s in found["scores"]}
    rows = []
    for task, name, metric, words in SHORT:
        s = values[task, name, metric]
        low, high = _number(s["low"]), _number(s["high"])
        rows.append([words, f"{_number(s['value'])} ({low} … {high})", str(s["n"])])
    rows.append([f"{FOLDED['types']}, cross-validated", _number(relation["types"]), "1,050"])
    return table(["what", "score, % (95 % interval)", "documents"], rows)


def fill_readme(path: Path, text: str) -> None:
    """Put the table between the README's marks."""
    before, rest = path.read_text("utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    path.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


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
    parser.add_argument("--relation", type=Path, default=Path("docs/model/relation.json"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER / "CARD.md")
    args = parser.parse_args()
    found = json.loads(args.eval.read_text("utf-8"))
    card = TEMPLATE.read_text("utf-8")
    relation = json.loads(args.relation.read_text("utf-8"))
    filled = {
        "scores": scores(found, relation),
        "tables": tables(found),
        "int8": losses(args.int8),
    }
    for name, text in filled.items():
        card = card.replace("{{" + name + "}}", text)
    args.out.write_text(card, encoding="utf-8")
    fill_readme(args.readme, short(found, relation))


if __name__ == "__main__":
    main()
