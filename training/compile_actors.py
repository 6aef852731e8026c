"""Compile the shipped tables of countries, offices and actors from source tables.

    python -m training.compile_actors --data DIR

``DIR`` holds the source tables (see docs/reading/who.md for each one's origin and
terms).  Only facts are carried over: names, codes, offices, dates.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "src" / "onrecord" / "knowledge"

#: Demonyms of the source that are another country's, or no demonym at all.
_BORROWED_DEMONYM = {"ATF", "BES", "IOT", "MNP", "SJM", "UMI", "DMA", "COG", "VGB", "VIR", "GUF"}
#: Capitals that in news mean another, larger place or an ordinary word.
_SHADOWED_CAPITAL = {
    "Hamilton", "Kingston of Norfolk", "Victoria", "George Town", "The Valley", "Stanley",
    "Douglas", "Plymouth", "West Island", "Jamestown", "Saint-Denis", "The Bottom", "Gibraltar",
    "Saint John's", "St. George's", "Road Town", "Georgetown", "Vatican City", "City of Victoria",
    "King Edward Point", "Diego Garcia", "San Juan", "Nassau", "Djibouti", "Singapore", "Monaco",
    "San Marino", "City of San Marino", "Luxembourg", "Panama City", "Guatemala City",
    "Kuwait City",
    "San José", "Saint-Pierre", "Saint Helier", "Santiago", "Alofi", "Basse-Terre",
}  # fmt: skip
_SHADOWED_COUNTRY_OF_CAPITAL = {"NFK"}


def write_table(path: Path, head: str, rows: Iterable[tuple[str, ...]]) -> int:
    """Write ``rows`` tab-separated under the comment ``head``; returns their number."""
    lines = ["\t".join(row) for row in rows]
    path.write_text(f"# {head}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def _names(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "canonical", row["name"]["common"]
    yield "name", row["name"]["official"]


def _country_rows(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for row in sorted(rows, key=lambda row: row["cca3"]):
        code = row["cca3"]
        for kind, words in _names(row):
            yield code, kind, words
        demonyms = (row.get("demonyms") or {}).get("eng") or {}
        if code not in _BORROWED_DEMONYM:
            for words in sorted({w for w in demonyms.values() if w and "," not in w}):
                yield code, "demonym", words
        for words in row["capital"]:
            if words not in _SHADOWED_CAPITAL and code not in _SHADOWED_COUNTRY_OF_CAPITAL:
                yield code, "capital", words


def compile_countries(data: Path) -> int:
    """Compile countries.tsv (code, kind, words); returns the number of rows."""
    rows = json.loads((data / "countries.json").read_text(encoding="utf-8"))
    head = "Compiled by training/compile_actors.py from a table of countries: code, kind, words."
    seen: dict[tuple[str, str], tuple[str, str, str]] = {}
    for code, kind, words in _country_rows(rows):
        seen.setdefault((code, words), (code, kind, words))
    return write_table(OUT / "countries.tsv", head, seen.values())


def main(arguments: list[str] | None = None) -> dict[str, int]:
    """Compile every table; returns the number of rows of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the source tables")
    data = parser.parse_args(arguments).data
    return {"countries": compile_countries(data)}


if __name__ == "__main__":
    for name, count in main().items():
        print(f"{name}: {count} rows")
