"""Compile the shipped tables of countries, offices and actors from source tables.

    python -m training.compile_actors --data DIR

``DIR`` holds the source tables (see docs/reading/who.md for each one's origin and
terms).  Only facts are carried over: names, codes, offices, dates.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from onrecord.knowledge.countries import fold, name_of, read_rows
from training import _actor_sources as sources
from training._actor_sources import Term

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


#: Until when a source vouches for an office without an end, best source first.
KNOWN_TO = {
    "hand": "2025-11-30",
    "snapshot": "2026-08-22",
    "congress": "2026-08-01",
    "wikidata": "2022-06-30",
    "countryinfo": "2011-02-28",
    "reign": "2021-08-31",
}
_RANK = {source: rank for rank, source in enumerate(KNOWN_TO)}


def _surname(name: str) -> str:
    words = fold(name).replace("-", " ").split()
    return words[-1] if words else ""


def _same_person(one: str, other: str) -> bool:
    """Say whether two names may be one person's: all words of the shorter are in the longer."""
    left, right = (set(fold(name).replace("-", " ").split()) for name in (one, other))
    return left <= right or right <= left


def _overlap(one: Term, other: Term) -> bool:
    return one.start[:7] <= (other.end or "9999") and other.start[:7] <= (one.end or "9999")


def _with_full_name(term: Term, others: list[Term]) -> Term:
    """Give a leader known by surname the full name another source has for the same time."""
    for other in others:
        fuller = len(other.name) > len(term.name) and _same_person(term.name, other.name)
        if fuller and _overlap(term, other):
            return term._replace(name=other.name)
    return term


def _merge(terms: list[Term]) -> list[Term]:
    """Keep one row for each person and stay in an office: the best source's, ends filled in."""
    kept: list[Term] = []
    for term in sorted(terms, key=lambda term: (_RANK[term.source], term.start, term.name)):
        twin = next(
            (
                at
                for at, one in enumerate(kept)
                if one.office == term.office
                and _overlap(one, term)
                and (_same_person(one.name, term.name) or _surname(one.name) == _surname(term.name))
            ),
            None,
        )
        if twin is None:
            kept.append(term)
        elif not kept[twin].end and term.end and kept[twin].source != "hand":
            kept[twin] = kept[twin]._replace(end=term.end)
    return kept


_ONE_HOLDER = frozenset(
    {"president", "prime minister", "king", "chancellor", "premier", "leader", "monarch"}
)


def _end_of_leader(term: Term, terms: list[Term]) -> str:
    """The end REIGN gives the same person's time as effective leader."""
    ends = [
        one.end
        for one in terms
        if one.office == "leader" and _overlap(one, term) and _same_person(one.name, term.name)
    ]
    return max(ends, default="")


def _start_of_next(term: Term, terms: list[Term]) -> str:
    starts = [
        one.start
        for one in terms
        if one.office == term.office
        and one.start > term.start
        and not _same_person(one.name, term.name)
    ]
    return min(starts, default="") if term.office in _ONE_HOLDER else ""


def _closed(term: Term, terms: list[Term]) -> Term:
    """End a stay without an end: where REIGN ends it, or the next holder's begins.

    CountryInfo stops in February 2011: what it leaves open is not believed beyond.
    """
    if term.end or term.source == "hand":
        return term
    end = _end_of_leader(term, terms) or _start_of_next(term, terms)
    stale = term.source == "countryinfo" and (not end or end > "2013")
    leads = stale and end and end == _end_of_leader(term, terms)
    return term._replace(end=end if not stale or leads else KNOWN_TO["countryinfo"][:7])


def _settled(terms: list[Term]) -> list[Term]:
    merged = _merge(terms)
    return sorted((_closed(term, merged) for term in merged), key=lambda term: (term.start, term))


def _hand_terms() -> list[Term]:
    return [
        Term(code, office, name, start, end, "hand")
        for code, office, name, start, end in read_rows("offices_more.tsv", 5)
    ]


def compile_offices(data: Path) -> int:
    """Compile offices.tsv (code, office, name, start, end, source); returns the rows' number."""
    by_code: dict[str, list[Term]] = defaultdict(list)
    for read in (
        sources.world_leader_2026_terms,
        sources.us_terms,
        sources.russian_terms,
        sources.world_leader_terms,
        sources.country_info_terms,
    ):
        for term in read(data):
            by_code[term.code].append(term)
    for term in _hand_terms():
        by_code[term.code].append(term)
    for term in sources.reign_terms(data):
        by_code[term.code].append(_with_full_name(term, by_code[term.code]))
    rows = [
        tuple(term)
        for code in sorted(by_code)
        if name_of(code)
        for term in _settled(by_code[code])
        if term.source != "hand"
    ]
    head = "Compiled by training/compile_actors.py: code, office, name, start, end, source."
    return write_table(OUT / "offices.tsv", head, rows)


def _group_names(raw: str) -> list[str]:
    bare = " ".join(re.sub(r"\s*\(.*?\)", "", raw).split())
    return [bare] if bare and bare != "n/a" and len(bare) > 2 else []


def compile_armed_groups(data: Path) -> int:
    """Compile armed_groups.tsv (country, canonical name, other names); returns its rows."""
    rows = []
    for org, short, own, english, places in sources.armed_group_rows(data):
        names = [name for raw in (english, own, short) for name in _group_names(raw)]
        distinct = list(dict.fromkeys(names))
        code = sources.code_of(re.sub(r"\s*\(.*?\)", "", places.split(",")[0]).strip())
        if org == "1" and code and distinct:
            rows.append((code, distinct[0], "|".join(distinct[1:])))
    head = "Compiled by training/compile_actors.py from UCDP actors: country, name, other names."
    return write_table(OUT / "armed_groups.tsv", head, sorted(set(rows)))


def main(arguments: list[str] | None = None) -> dict[str, int]:
    """Compile every table; returns the number of rows of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the source tables")
    data = parser.parse_args(arguments).data
    return {
        "countries": compile_countries(data),
        "offices": compile_offices(data),
        "armed groups": compile_armed_groups(data),
    }


if __name__ == "__main__":
    for name, count in main().items():
        print(f"{name}: {count} rows")
