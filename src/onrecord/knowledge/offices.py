"""Who held which office when: heads of state and government since 1990, and some others.

The compiled table (``offices.tsv``) joins several sources of facts, the hand-written one
(``offices_more.tsv``) adds what they lack; docs/reading/who.md names them.  Dates are ISO,
as precise as the source (year, month or day).  The office ``leader`` is REIGN's effective
leader, whatever the title.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from onrecord.knowledge.countries import fold, read_rows

#: Until when each source vouches for an office that has not ended.
KNOWN_TO = {
    "hand": "2025-11-30",
    "snapshot": "2026-08-22",
    "congress": "2026-08-01",
    "wikidata": "2022-06-30",
    "countryinfo": "2011-02-28",
    "reign": "2021-08-31",
}

_MONARCHS = ("king", "queen", "monarch", "emir", "sultan", "emperor", "grand duke", "prince")
_GOVERNMENT = (
    "prime minister", "chancellor", "premier", "chief executive", "chief adviser",
    "head of government", "chairman of the council of ministers", "minister of state",
    "minister-president", "taoiseach",
)  # fmt: skip
_STATE = ("president", "head of state", "supreme leader", "pope", "state counsellor", *_MONARCHS)
#: What a general word for an office covers.
_COVERS: dict[str, tuple[str, ...]] = {
    "head of state": _STATE,
    "head of government": _GOVERNMENT,
    "leader": ("leader", *_STATE, *_GOVERNMENT),
    "ruler": ("leader", *_STATE, *_GOVERNMENT),
    "premier": ("premier", "prime minister"),
    "prime minister": ("prime minister", "premier", "minister-president", "taoiseach"),
    "taoiseach": ("prime minister", "taoiseach"),
    "monarch": _MONARCHS,
    "president": ("president", "chairman of the presidency", "head of state"),
    "effective leader": ("leader",),
    **{word: (word, "monarch") for word in _MONARCHS if word != "monarch"},
}
#: What to ask for where nobody holds an office of a general word: presidential systems
#: have no separate head of government, and REIGN alone knows some holders.
_INSTEAD = {
    "head of government": "president",
    "head of state": "effective leader",
}
#: Countries whose people put the family name first.
_FAMILY_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN", "VNM", "KHM", "HKG", "MAC", "SGP"})


class Office(NamedTuple):
    """One person's time in one office."""

    name: str
    #: In lower case, without the country: "president", "foreign minister".
    office: str
    #: ISO 3166 alpha-3 or a non-state code.
    country: str
    start: str
    #: None when the end is not known to have come.
    end: str | None
    source: str

    def holds(self, date: str) -> bool:
        """Say whether ``date`` (ISO, as precise as known) touches this time in office."""
        return _touches(date, self.start, self.end)

    def certain(self, date: str) -> bool:
        """Say whether the source is recent enough to vouch for ``date``."""
        return self.end is not None or date <= KNOWN_TO[self.source]


def _touches(date: str, start: str, end: str | None) -> bool:
    size = min(len(date), len(start))
    if date[:size] < start[:size]:
        return False
    if end is None:
        return True
    size = min(len(date), len(end))
    return date[:size] <= end[:size]


@cache
def _offices() -> tuple[Office, ...]:
    hand = [
        Office(name, office, code, start, end or None, "hand")
        for code, office, name, start, end in read_rows("offices_more.tsv", 5)
    ]
    compiled = [
        Office(name, office, code, start, end or None, source)
        for code, office, name, start, end, source in read_rows("offices.tsv", 6)
    ]
    return (*hand, *compiled)


@cache
def _by_country() -> dict[str, list[Office]]:
    table: dict[str, list[Office]] = {}
    for office in _offices():
        table.setdefault(office.country, []).append(office)
    return table


def name_words(name: str) -> list[str]:
    """Return the folded words of a name, hyphens taken apart, dots and initials dropped."""
    words = fold(name).replace("-", " ").replace(".", " ").replace(",", " ").split()
    return [word for word in words if len(word) > 1] or words


def family_names(name: str, country: str | None) -> set[str]:
    """Return the folded words that may stand alone for the person."""
    words = name_words(name)
    if not words:
        return set()
    last = words[-2] if words[-1] in ("jr", "sr", "ii", "iii") and len(words) > 1 else words[-1]
    names = {last}
    if country in _FAMILY_FIRST:
        names.add(words[0])
    if "al" in words[:-1] or len(words) == 1:
        names.add(words[-1])
    return names


@cache
def _by_word() -> dict[str, list[Office]]:
    table: dict[str, list[Office]] = {}
    for office in _offices():
        for word in set(name_words(office.name)):
            table.setdefault(word, []).append(office)
    return table


def _names(asked: list[str], office: Office) -> bool:
    if len(asked) == 1:
        return asked[0] in family_names(office.name, office.country)
    return set(asked) <= set(name_words(office.name))


def who_was(office: str, country: str, date: str) -> list[Office]:
    """Return who held ``office`` in ``country`` on ``date``, best source first.

    ``office`` is a title ("president", "prime minister", "foreign minister") or a general
    word: "head of state", "head of government", "leader".  ``country`` is ISO 3166 alpha-3
    or a non-state code, ``date`` an ISO date, month or year.  On the day of a change both
    holders are given.
    """
    wanted = _COVERS.get(office.lower(), (office.lower(),))
    found = [
        one for one in _by_country().get(country, ()) if one.office in wanted and one.holds(date)
    ]
    if not found and office.lower() in _INSTEAD:
        return who_was(_INSTEAD[office.lower()], country, date)
    seen: set[tuple[str, ...]] = set()
    kept = []
    for one in sorted(found, key=lambda one: (one.office == "leader", not one.certain(date))):
        key = (*name_words(one.name), one.office)
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept


def offices_of(name: str, date: str | None = None) -> list[Office]:
    """Return the offices of persons whom ``name`` may stand for, on ``date`` or ever.

    A family name alone is enough; of more words all must be in the person's name.  REIGN's
    "leader" comes last.
    """
    asked = name_words(name)
    if not asked:
        return []
    rarest = min((_by_word().get(word, []) for word in asked), key=len)
    found = [one for one in rarest if _names(asked, one) and (date is None or one.holds(date))]
    return sorted(found, key=lambda one: one.office == "leader")


#: Offices of those after whom news calls a government ("the Ruiz administration").
HEADS = frozenset(
    {"president", "prime minister", "leader", "chancellor", "premier", "supreme leader"}
)


@lru_cache(maxsize=4096)
def leads(family_name: str, date: str) -> str | None:
    """Return the country that a person of this family name leads on ``date`` (ISO).

    None where nobody does, or where leaders of several countries share the name.
    """
    codes = {
        one.country
        for one in offices_of(family_name, date)
        if one.office in HEADS and name_words(family_name)[-1] in family_names(one.name, None)
    }
    return codes.pop() if len(codes) == 1 else None
