"""fp32 against int8: ``python -m training.compare --checkpoint FILE --data DIR``.

Exports both, measures every task with each, and writes what int8 costs in points of
each score (``--out``, JSON), for the model card and the closing check "< 1 point".
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from onrecord.evaluation.run import measure
from onrecord.evaluation.tasks import SETS
from onrecord.reading.reader import Reader
from training.export import export, load

#: Scores by which a task is judged; calibration and the like are left out.
MAIN = ("attribution", "entities", "events", "relations", "statements", "coreference")


def scores(folder: Path, data: Path) -> dict[str, float]:
    """Every score of the main tasks by "task, set: metric"."""
    out = {}
    reader = Reader(model=folder)
    for task in MAIN:
        for name in SETS[task]:
            result = measure(task, [data / name], reader)
            for score in result.scores:
                if score.value is not None and score.unit == "percent":
                    out[f"{task}, {result.set}: {score.name}"] = score.value
    return out


def main() -> None:
    """Parse the command line, measure both and write the differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    where = os.environ.get("ONRECORD_DATA", "../shared/data")
    parser.add_argument("--checkpoint", type=Path, default=Path(".work/run/checkpoint.pt"))
    parser.add_argument("--data", type=Path, default=Path(where))
    parser.add_argument("--out", type=Path, default=Path("docs/model/int8.json"))
    args = parser.parse_args()
    net = load(args.checkpoint)
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        for int8 in (False, True):
            folder = Path(temporary) / ("int8" if int8 else "fp32")
            export(net, folder, int8=int8, name=folder.name)
            found.append(scores(folder, args.data))
    rows = {
        name: {"fp32": round(whole, 2), "int8": round(found[1][name], 2)}
        for name, whole in found[0].items()
    }
    args.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for name, row in rows.items():
        sys.stdout.write(f"{row['int8'] - row['fp32']:+6.2f}  {row['fp32']:6.2f}  {name}\n")


if __name__ == "__main__":
    main()
