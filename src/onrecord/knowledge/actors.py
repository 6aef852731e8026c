"""Organisations, parties, armed groups, media and companies by name; a user's own actors.

``organisations.tsv`` is hand-written, ``armed_groups.tsv`` compiled from UCDP's list of
actors (docs/reading/who.md).  Abbreviations are matched with their case, names without.
A name that several countries share gives several actors; the article decides.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from onrecord.errors import SourceError
from onrecord.knowledge.countries import fold, name_of, read_rows
from onrecord.knowledge.nouns import noun
from onrecord.record import ENTITY_KINDS

COLUMNS = ("name", "kind", "country", "sector", "role", "start", "end")
SECTORS = frozenset(
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP "
    "PRE REL SOC".split()
)


class Actor(NamedTuple):
    """What a table knows of one actor; None where it says nothing."""

    name: str
    kind: str
    country: str | None
    sector: str | None
    role: str | None = None
    #: ISO dates, as precise as known; None where unbounded.
    start: str | None = None
    end: str | None = None

    def holds(self, date: str | None) -> bool:
        """Say whether the row is valid on ``date``; an unknown date fits every row."""
        if date is None:
            return True
        return (self.start is None or self.start[: len(date)] <= date[: len(self.start)]) and (
            self.end is None or date[: len(self.end)] <= self.end[: len(date)]
        )


_SHARED = re.compile(r"^([A-Z][\w/+-]{1,8}) of (?:the )?([A-Z].*)$")


def key(name: str) -> str:
    """Return what two spellings of one name share; abbreviations keep their case."""
    bare = re.sub(r"^(?:the|The) ", "", name.strip()).rstrip(".")
    bare = re.sub(r"['’]s$", "", bare)
    if is_abbreviation(bare):
        return bare.replace(".", "")
    return " ".join(re.findall(r"[\w&+]+", fold(bare)))


def is_abbreviation(name: str) -> bool:
    """Say whether a name is written like an abbreviation ("U.N.", "PML-N", "JD(U)")."""
    letters = [char for char in name if char.isalpha()]
    return (
        " " not in name
        and 1 < len(letters) <= 8
        and sum(map(str.isupper, letters)) * 3 > (2 * len(letters))
    )


def initials(name: str) -> str:
    """Return the capitals that begin a name's words: "United Nations" → "UN"."""
    return "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper())


def _is_short_for(short: str, name: str) -> bool:
    letters = "".join(char for char in short if char.isalpha()).upper()
    first = initials(name)
    if len(first) < 2:
        return False
    rest = iter(letters)
    return letters[0] == first[0] and all(char in rest for char in first[:4])


def _canonical(names: list[str]) -> Iterable[tuple[str, str]]:
    """Pair each name of a row with its canonical one: the name it abbreviates, or itself."""
    for at, name in enumerate(names):
        longer = [one for one in names[:at] if not is_abbreviation(one)]
        match = next((one for one in reversed(longer) if _is_short_for(name, one)), None)
        yield name, (match if match and len(name) <= 10 and " " not in name else name)


@cache
def _table() -> dict[str, tuple[Actor, ...]]:
    table: dict[str, list[Actor]] = {}
    for code, sector, words in read_rows("organisations.tsv", 3):
        for name, full in _canonical(words.split("|")):
            shared = _SHARED.match(name)
            short = shared[1] if shared and is_abbreviation(shared[1]) else name
            actor = Actor(
                short if full == name else full,
                "organization",
                code,
                None if sector == "-" else sector,
            )
            table.setdefault(key(short), []).append(actor)
    for code, name, others in read_rows("armed_groups.tsv", 3):
        for other in (name, *(one for one in others.split("|") if one)):
            if " " in other and key(other) not in table and not noun(key(other)):
                table[key(other)] = [Actor(name, "organization", code, "REB")]
    return {name: tuple(actors) for name, actors in table.items()}


def lookup(name: str) -> tuple[Actor, ...]:
    """Return the actors of this name in the shipped tables; empty where there is none."""
    return _table().get(key(name), ())


class ActorTable:
    """A user's own actors, which override the shipped tables."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self._actors: dict[str, list[Actor]] = {}
        for actor in actors:
            self._actors.setdefault(key(actor.name), []).append(actor)

    def __len__(self) -> int:
        return sum(map(len, self._actors.values()))

    def lookup(self, name: str, date: str | None = None) -> Actor | None:
        """Return the actor of this name on ``date`` (ISO); None where there is none."""
        return next((a for a in self._actors.get(key(name), ()) if a.holds(date)), None)

    @classmethod
    def from_csv(cls, path: str | Path) -> ActorTable:
        """Read a CSV file with the columns name, kind, country, sector, role, start, end.

        Only ``name`` must be filled.  Raises SourceError when the file cannot be read, lacks
        a column or has a row with an unknown kind, country, sector or date.
        """
        path = Path(path)
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                rows = csv.DictReader(lines)
                missing = [c for c in COLUMNS if c not in (rows.fieldnames or ())]
                if missing:
                    raise SourceError(
                        f"{path} lacks the columns {', '.join(missing)}; "
                        f"its first line must be {','.join(COLUMNS)}",
                        source=str(path),
                    )
                return cls([_actor(row, path, rows.line_num) for row in rows])
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise SourceError(
                f"{path} cannot be read as CSV in UTF-8: {error}", source=str(path)
            ) from error


def _problem(row: dict[str, str | None]) -> str | None:
    kind, country, sector = (row[name] or "" for name in ("kind", "country", "sector"))
    if not row["name"]:
        return "no name"
    if kind and kind not in ENTITY_KINDS:
        return f"kind {kind!r}; use one of {', '.join(ENTITY_KINDS)}"
    if country and name_of(country) is None:
        return f"country {country!r}; use an ISO 3166 alpha-3 code such as KEN"
    if sector and sector not in SECTORS:
        return f"sector {sector!r}; use a PLOVER code such as GOV"
    for name in ("start", "end"):
        if row[name] and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", row[name] or ""):
            return f"{name} {row[name]!r}; use an ISO date such as 2024-05-31"
    if row["start"] and row["end"] and row["end"] < row["start"][: len(row["end"])]:
        return f"end {row['end']!r} before start {row['start']!r}"
    return None


def _actor(raw: dict[str, str | None], path: Path, line: int) -> Actor:
    row = {name: (raw[name] or "").strip() or None for name in COLUMNS}
    problem = _problem(row)
    if problem:
        raise SourceError(f"{path}, line {line}: {problem}", source=str(path))
    return Actor(
        row["name"] or "",
        row["kind"] or "organization",
        row["country"],
        row["sector"],
        row["role"],
        row["start"],
        row["end"],
    )
