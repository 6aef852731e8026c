"""Readers of the source tables from which the tables of offices and actors are compiled.

Each yields plain rows of facts; none copies text.  docs/reading/who.md names the sources
and their terms.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onrecord.knowledge import countries

#: Offices before this year are of no use to readers of today's news.
SINCE = "1990"


class Term(NamedTuple):
    """One person's time in one office; dates are ISO, as precise as known."""

    code: str
    office: str
    name: str
    start: str
    end: str
    source: str


#: COW abbreviations that the country file lacks or has wrong.
_COW = {
    "BRU": "BRN", "CON": "COG", "DRC": "COD", "CZE": "CSK", "GDR": "DDR", "GFR": "DEU",
    "GNB": "GNB", "GUI": "GIN", "RVN": "VNM", "SSD": "SSD", "YAR": "YEM", "YPR": "YEM",
    "YUG": "SRB", "BOS": "BIH", "CRO": "HRV", "GUA": "GTM", "ISR": "ISR", "JPN": "JPN",
    "KOS": "XKX", "MAC": "MKD", "MNG": "MNE", "MYA": "MMR", "SLV": "SVN", "ETM": "TLS",
    "CZR": "CZE", "ROM": "ROU", "RUM": "ROU", "MON": "MNG",
}  # fmt: skip
_OFFICES = {
    "presidents": "president", "president": "president", "prime ministers": "prime minister",
    "prime minister": "prime minister", "kings": "king", "king": "king", "emirs": "emir",
    "sultans": "sultan", "chancellors": "chancellor", "premiers": "premier",
    "premier": "premier", "heads of state": "head of state", "emperor": "emperor",
    "presidents of the presidency": "president", "chief ministers": "chief minister",
    "governors-general": "governor-general", "chairmen of the council of state": "president",
    "presidents of the government council": "prime minister", "shahs": "shah",
    "rulers": "ruler", "junta": "junta member",
}  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def code_of(country: str) -> str | None:
    """Return the code of a country's name; None for any other words."""
    match = countries.lookup(country)
    return match.code if match and match.kind == "name" else None


def cow_codes(data: Path) -> dict[str, str]:
    """Return ISO codes by the country abbreviations of the Correlates of War project."""
    codes: dict[str, str] = {}
    for block in _country_blocks(data):
        cow = re.search(r"<COW-Alpha>([^<]+)<", block)
        iso = re.search(r"<ISO3166-alpha3>([A-Z]{3})<", block)
        if cow and iso:
            codes[cow[1].strip()] = iso[1]
    return codes | _COW


def _country_blocks(data: Path) -> list[str]:
    text = (data / "CountryInfo.txt").read_text(encoding="latin-1")
    return text[text.index("-->") :].split("<Country>")[1:]


def _day(digits: str) -> str:
    """20030231 → 2003-02 (the source rounds to the 31st), 20060311 → 2006-03-11."""
    year, month, day = digits[:4], digits[4:6], digits[6:]
    if month == "00":
        return year
    return f"{year}-{month}" if day in ("00", "31") else f"{year}-{month}-{day}"


_STYLES = re.compile(
    r"^(?:Hojatolislam|Sir|Dr|Gen|General|Col|Colonel|Lt|Maj|Capt|Sheikh|Dame|Don|Ratu)\.? ", re.I
)


def _person(words: str) -> str:
    names = words.strip("_ ").replace("_", " ").title()
    names = re.sub(r"\b(Al|El|Bin|Bint|Ben|Ibn|De|Da|Dos|Del|La|Van|Von|Der)\b(?= )(?<!^)",
                   lambda m: m.group().lower() if m.start() else m.group(), names)  # fmt: skip
    return re.sub(r"\bAl-(?=\w)", "al-", _STYLES.sub("", names))


_TERM = re.compile(r"\[(\d{8}) - (\d{8})\]|\[>(\d{8})\]")


def country_info_terms(data: Path) -> Iterator[Term]:
    """Yield heads of state and government from the leaders' section of CountryInfo."""
    for block in _country_blocks(data):
        iso = re.search(r"<ISO3166-alpha3>([A-Z]{3})<", block)
        leaders = re.search(r"<Leaders>(.*?)</Leaders>", block, re.S)
        if not iso or not leaders:
            continue
        for title, body in re.findall(r"<([^/<>]+)>(.*?)</", leaders[1], re.S):
            office = _OFFICES.get(title.strip().lower())
            for line in body.splitlines() if office else ():
                yield from _line_terms(iso[1], str(office), line)


def _line_terms(code: str, office: str, line: str) -> Iterator[Term]:
    name = line.split("[")[0].strip().split("}")[0].strip("{ ")
    for start, end, since in _TERM.findall(line):
        last = _day(end) if end else ""
        if name and (not last or last >= SINCE):
            yield Term(code, office, _person(name), _day(start or since), last, "countryinfo")


def reign_terms(data: Path) -> Iterator[Term]:
    """Yield effective leaders (office "leader") of REIGN, 1990–2021."""
    codes = cow_codes(data)
    for row in _rows(data / "reign_leaders_1921_2021.csv"):
        code, year = codes.get(row["stateabb"]), row["eyear"]
        if code is None or (year and year < SINCE):
            continue
        start = "-".join((row["syear"], row["smonth"].zfill(2), row["sdate"].zfill(2)))
        end = f"{year}-{row['emonth'].zfill(2)}" if year else ""
        yield Term(code, "leader", _reign_name(row["leader"]), start, end, "reign")


def _reign_name(words: str) -> str:
    words = re.sub(r"\s*\(.*?\)", "", words)
    return re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", words.strip()) if " " not in words else words


def _office(label: str) -> str | None:
    label = label.split("(")[0].strip()
    if label.lower().startswith(("list of", "monarchy of", "head of the")):
        return None
    return re.split(r" of (?=the |[A-Z])", label)[0].strip().lower().removeprefix("federal ")


def world_leader_terms(data: Path) -> Iterator[Term]:
    """Yield heads of state and government about 2021 (two tables from Wikidata, Wikipedia)."""
    for file in ("world_leaders_2021.wikidata.csv", "world_leaders_2021.wikipedia.csv"):
        for row in _rows(data / file):
            code = code_of(row["country"])
            office = _office(row.get("positionLabel") or row.get("positionlabel") or "")
            name = (row.get("officeholderLabel") or row.get("officeholderlabel") or "").strip()
            name = re.sub(r"\s*\(.*?\)", "", name)
            if code and office and name and not re.fullmatch(r"Q\d+", name):
                yield Term(code, office, name, row["start_year"], row["end_year"], "wikidata")


def world_leader_2026_terms(data: Path) -> Iterator[Term]:
    """Yield heads of state and government of the 2026 snapshot."""
    snapshot = json.loads((data / "world_leaders_2026.json").read_text(encoding="utf-8"))
    for entry in snapshot["countries"].values():
        code = code_of(entry["country"]["name_en"])
        for position in entry["positions"].values():
            holder = position["current_holder"] or {}
            office = re.sub(r"\s*\(.*\)", "", position["title_en"]).lower()
            if code and holder.get("name_en") and holder.get("since"):
                for title in office.split(" and "):
                    yield Term(code, title, holder["name_en"], holder["since"], "", "snapshot")


def _lower_title(position: str) -> str:
    """Deputy Minister of Finance → deputy minister of Finance."""
    title, of, rest = position.partition(" of ")
    title = title.lower() if " to " not in title else title[0].lower() + title[1:]
    return title + of + rest


def russian_terms(data: Path) -> Iterator[Term]:
    """Yield members of Russian governments."""
    for row in _rows(data / "russia_cabinet.csv"):
        if not row["end"] or row["end"] >= SINCE:
            office = _lower_title(row["position"])
            yield Term("RUS", office, row["person"], row["start"], row["end"], "wikidata")


def _yaml_people(path: Path) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Yield name and terms of each person of the two flat YAML files of US office-holders."""
    name: dict[str, str] = {}
    terms: list[dict[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            if terms:
                yield name, terms
            name, terms = {}, []
        match = re.match(r"( +)(- )?(\w+): ?'?(.*?)'?$", line)
        if match and match[3] in ("first", "last", "nickname", "official_full"):
            name.setdefault(match[3], match[4])
        elif match and match[2] and match[3] == "type":
            terms.append({"type": match[4]})
        elif match and terms and match[3] in ("start", "end"):
            terms[-1].setdefault(match[3], match[4])
    if terms:
        yield name, terms


_US_OFFICE = {
    "prez": "president", "viceprez": "vice president", "sen": "senator", "rep": "representative",
}  # fmt: skip


def us_terms(data: Path) -> Iterator[Term]:
    """Yield presidents, vice presidents and today's members of the US Congress."""
    for file in ("us_executive.yaml", "us_legislators_current.yaml"):
        for name, terms in _yaml_people(data / file):
            first = name.get("nickname") if file.endswith("executive.yaml") else name.get("first")
            person = f"{first or name['first']} {name['last']}"
            for office, start, end in _joined(terms):
                if end >= SINCE:
                    yield Term("USA", office, person, start, end, "congress")


def _joined(terms: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Join terms that follow on each other in one office."""
    joined: list[tuple[str, str, str]] = []
    for term in terms:
        office = _US_OFFICE.get(term["type"])
        if office is None:
            continue
        if joined and joined[-1][0] == office and term["start"][:4] == joined[-1][2][:4]:
            joined[-1] = (office, joined[-1][1], term["end"])
        else:
            joined.append((office, term["start"], term["end"]))
    yield from joined


def armed_group_rows(data: Path) -> Iterator[tuple[str, ...]]:
    """Yield non-state armed groups of UCDP: names, full names, first location."""
    for row in _rows(data / "ucdp_actors_22_1.csv"):
        if row["Org"] != "4" and not row["NameData"].startswith(("Government of", "Civilians")):
            yield (
                row["Org"],
                row["NameData"],
                row["NameOrigFull"],
                row["NameOrigFullEng"],
                row["Location"],
            )
