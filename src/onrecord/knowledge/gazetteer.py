"""The shipped gazetteer: names of places and where they are.

Cities of 500 people and more, countries, first- and second-level divisions,
and some 700 seas, rivers, mountains, deserts, islands, regions and sites, in
one read-only file that is mapped into memory, so that it loads in a
millisecond and only the pages touched take memory.  The file is built by
``python -m training.compile_gazetteer``; its sources and terms stand in
``gazetteer.NOTICE.txt`` beside it.

File format (little endian): a header line of JSON ended by a newline, padded
with spaces to a multiple of 8 bytes; then, at the offsets the header gives,
``hashes`` and ``targets`` (one uint32 each per name, sorted by hash), and
``rows`` (a fixed part, then the name's UTF-8 bytes).  A name is found by a
40-bit hash of its normal form: 32 bits in ``hashes`` and 8 in the top byte of
``targets``, whose lower 24 bits are the row's place in units of 4 bytes with
the lowest bit saying whether the name is an alternative one.
"""

from __future__ import annotations

import json
import math
import mmap
import re
import struct
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.errors import ModelError

FORMAT = "onrecord-gazetteer/1"
PATH = Path(__file__).with_name("gazetteer.bin")
PRECISIONS = ("facility", "city", "admin2", "admin1", "country", "region", "water")

#: geonameid, lat, lon, population code, admin1, country, precision, extent code, name length
ROW = struct.Struct("<IffHHBBBB")
#: Set in the precision byte of a country's capital.
CAPITAL = 0x80
#: Rows start at multiples of this many bytes.
ALIGN = 4
#: Most candidates one name gives: no name of news has more senses that matter.
MAX_CANDIDATES = 64


class Entry(NamedTuple):
    """One place a name may stand for."""

    geonameid: int | None
    name: str
    #: Degrees, WGS 84; of a division or region, its middle.
    lat: float
    lon: float
    #: ISO 3166 alpha-3; ``None`` for seas and regions across borders.
    country: str | None
    #: Name of the first-level division, where known.
    admin1: str | None
    precision: str
    #: People; 0 where unknown.  Of a division, those of its cities.
    population: int
    #: Rough diameter in km.
    extent_km: float


class Match(NamedTuple):
    """An entry, and how the name asked for belongs to it."""

    entry: Entry
    #: The name is the entry's own, not an alternative.
    own_name: bool = True
    #: The entry is the capital of a country.
    capital: bool = False


_SPECIAL = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe",
        "ı": "i", "ə": "a", "ħ": "h", "ŋ": "n", "&": " and ",
        "'": None, "’": None, "‘": None, "ʻ": None, "ʼ": None, "`": None, "´": None, "ʿ": None,
        "ʾ": None, "′": None,
    }
)  # fmt: skip
_INITIALS = re.compile(r"\b[a-z](?:\.\s?[a-z]\b)+(?:\.|$)?")
_NOT_WORD = re.compile(r"[\W_]+")
_SHORT_FORMS = {
    "saint": "st", "sainte": "st", "ste": "st", "mount": "mt", "fort": "ft", "point": "pt",
}  # fmt: skip


def normalise(name: str) -> str:
    """Return the form of a name that lookups compare.

    Lower case without accents, apostrophes, other punctuation and a leading
    "the"; "Saint", "Mount", "Fort", "Point" in their short forms; initials
    joined ("U.S." is "us").
    """
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold()
        text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.translate(_SPECIAL)
    if "." in text:
        text = _INITIALS.sub(lambda m: re.sub(r"[.\s]", "", m.group()) + " ", text)
    words = _NOT_WORD.sub(" ", text).split()
    if len(words) > 1:
        if words[0] == "the":
            words = words[1:]
        words = [_SHORT_FORMS.get(word, word) for word in words]
    return " ".join(words)


def hash_name(key: str) -> int:
    """Return the 40-bit hash of a normal form."""
    return int.from_bytes(blake2b(key.encode(), digest_size=5).digest(), "big")


def encode_population(population: int) -> int:
    """Return the 16-bit code of a number of people (exact to 0.02 %)."""
    return round(math.log1p(population) * 2900)


@lru_cache(maxsize=4096)
def decode_population(code: int) -> int:
    """Return the number of people a 16-bit code stands for, rounded to three figures."""
    value = math.expm1(code / 2900)
    if value < 1000:
        return round(value)
    return int(round(value, 2 - math.floor(math.log10(value))))


def encode_extent(km: float) -> int:
    """Return the 8-bit code of an extent (exact to 4 %)."""
    return min(255, max(0, round(math.log2(max(km, 0.25) / 0.25) * 15)))


@cache
def decode_extent(code: int) -> float:
    """Return the extent in km that an 8-bit code stands for."""
    km: float = 0.25 * 2.0 ** (code / 15)
    return round(km, 1)


class Gazetteer:
    """One gazetteer file, opened for lookups."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data, header = _open(path)
        self._countries: list[str | None] = header["countries"]
        self._admin1: list[str | None] = header["admin1"]
        self._rows: int = header["rows"]
        view = memoryview(self._data)
        names = header["names"]
        self._hashes = view[header["hashes"] :][: 4 * names].cast("I")
        self._targets = view[header["targets"] :][: 4 * names].cast("I")

    def find(self, key: str) -> list[Match]:
        """Return the places with the normal form ``key``, most prominent first."""
        if not key:
            return []
        wanted = hash_name(key)
        high, low = wanted >> 8, wanted & 0xFF
        hashes, targets = self._hashes, self._targets
        found: list[Match] = []
        at = bisect_left(hashes, high)
        while at < len(hashes) and hashes[at] == high and len(found) < MAX_CANDIDATES:
            target = targets[at]
            if target >> 24 == low:
                entry, capital = self._entry(target >> 1 & 0x7FFFFF)
                found.append(Match(entry, not target & 1, capital))
            at += 1
        return found

    def _entry(self, place: int) -> tuple[Entry, bool]:
        start = self._rows + place * ALIGN
        geonameid, lat, lon, people, admin1, country, precision, extent, length = ROW.unpack_from(
            self._data, start
        )
        start += ROW.size
        entry = Entry(
            geonameid or None,
            self._data[start : start + length].decode(),
            round(lat, 5),
            round(lon, 5),
            self._countries[country],
            self._admin1[admin1],
            PRECISIONS[precision & ~CAPITAL],
            decode_population(people),
            decode_extent(extent),
        )
        return entry, bool(precision & CAPITAL)


def _open(path: Path) -> tuple[mmap.mmap, dict[str, Any]]:
    """Map the file and read its header.

    Raises ModelError when the file is missing, cut short or of another format.
    """
    advice = "reinstall onrecord, or build it with: python -m training.compile_gazetteer"
    try:
        with path.open("rb") as stream:
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}); {advice}", path=str(path)) from error
    try:
        header = json.loads(data[: max(0, data.find(b"\n", 0, 1 << 20))])
        whole = header["format"] == FORMAT and header["size"] == len(data)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise ModelError(
            f"{path} is damaged or not a file of format {FORMAT}; {advice}", path=str(path)
        )
    return data, header


@cache
def shipped() -> Gazetteer:
    """Return the gazetteer of this package, opened at the first call."""
    return Gazetteer(PATH)


_DIVISIONS = frozenset({"admin1", "admin2"})
_TOWNS = frozenset({"city"})
#: Words that say what a name is the name of, and which entries then fit.
GENERIC_WORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "province", "state", "region", "oblast", "governorate", "prefecture", "department",
            "county", "parish", "district", "territory", "krai", "division", "regency", "canton",
            "voivodeship", "emirate", "raion", "borough", "co",
        ),
        _DIVISIONS,
    ),
    **dict.fromkeys(
        ("city", "town", "village", "township", "municipality", "suburb", "commune"), _TOWNS
    ),
    **dict.fromkeys(
        ("island", "islands", "isles", "isle", "peninsula"),
        frozenset({"region", "country", "admin1", "admin2"}),
    ),
    **dict.fromkeys(("valley", "desert", "mountains"), frozenset({"region"})),
    **dict.fromkeys(("sea", "river", "lake", "bay", "gulf", "strait"), frozenset({"water"})),
    **dict.fromkeys(("republic", "kingdom"), frozenset({"country", "admin1"})),
}  # fmt: skip
_POSSESSIVE = re.compile(r"['’]s?$")


def matches(name: str) -> list[Match]:
    """Return what a name may stand for, most prominent first; empty where unknown.

    A name that is not listed is tried without a possessive ending, and without
    a word that says its kind ("Kano State", "the city of Basra"); then only
    entries of that kind are given.
    """
    return list(_matches(name))


@lru_cache(maxsize=8192)
def _matches(name: str) -> tuple[Match, ...]:
    gazetteer = shipped()
    for form in (name, _POSSESSIVE.sub("", name.strip())):
        found = gazetteer.find(normalise(form))
        if found:
            return tuple(found)
    words = normalise(_POSSESSIVE.sub("", name.strip())).split()
    for rest, kinds in _without_generic(words):
        found = [m for m in gazetteer.find(rest) if m.entry.precision in kinds]
        if found:
            return tuple(found)
    return ()


def _without_generic(words: list[str]) -> Iterator[tuple[str, frozenset[str]]]:
    if len(words) > 1 and words[-1] in GENERIC_WORDS:
        yield " ".join(words[:-1]), GENERIC_WORDS[words[-1]]
    if len(words) > 2 and words[1] == "of" and words[0] in GENERIC_WORDS:
        yield " ".join(words[2:]), GENERIC_WORDS[words[0]]
    if len(words) > 1 and words[0] in GENERIC_WORDS:
        yield " ".join(words[1:]), GENERIC_WORDS[words[0]]


def candidates(name: str) -> list[Entry]:
    """Return the entries a name may stand for, most prominent first; empty where unknown.

    Raises ModelError when the shipped file is missing or damaged.
    """
    return [match.entry for match in _matches(name)]
