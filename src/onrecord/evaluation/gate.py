"""The gate of quality: ``python -m onrecord.evaluation.gate --data DIR``.

Measures every task and compares with ``floors.json``; exits with 1 and a line for each
floor that does not hold.  ``--raise`` writes the floors that were reached.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from onrecord.evaluation.floors import check_floors, raise_floors
from onrecord.evaluation.run import measure_all
from onrecord.reading.reader import Reader


def main() -> int:
    """Parse the command line, measure, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--raise", dest="lift", action="store_true", help="write new floors")
    args = parser.parse_args()
    results, _ = measure_all(args.data, Reader())
    if args.lift:
        raise_floors(results)
    messages = check_floors(args.data, results)
    for message in messages:
        sys.stderr.write(f"{message}\n")
    scores = sum(len(result.scores) for result in results)
    sys.stdout.write(f"{scores} scores measured, {len(messages)} below their floor\n")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
