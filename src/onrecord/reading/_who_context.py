"""Which countries an article is about, for those whom its words give no country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from onrecord.knowledge import actors, countries, gazetteer, offices

#: Characters at the beginning (headline, dateline, first sentence) that count double.
HEAD = 250
_WEIGHTS = {"name": 1.0, "demonym": 1.0, "capital": 0.8, "metonym": 0.6}
_NOT_STATES = frozenset({"UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC"})
#: Words that only one country's news uses.
_LOCAL = re.compile(
    r"\b(?P<IND>crores?|lakhs?|rupees crore|Lok Sabha|Rajya Sabha|panchayat|tehsil|FIR|Aadhaar)\b"
    r"|\b(?P<BGD>upazila|Upazila|Union Parishad|taka|Tk)\b"
    r"|\b(?P<ZAF>[Rr]ands?|Gauteng|KwaZulu-Natal|MEC)\b"
    r"|\b(?P<NGA>naira|Naira)\b|\b(?P<KEN>Sh\d|Kenyan shillings?|wananchi)\b"
    r"|\b(?P<ISR>shekels?|MK|haredi|Haredi)\b|\b(?P<THA>baht)\b|\b(?P<KOR>won-denominated)\b"
    r"|\b(?P<TWN>NT\$)|\b(?P<HKG>HK\$)|\b(?P<GHA>cedis?|GH¢)\b|\b(?P<PHL>barangay)\b"
    r"|\b(?P<NZL>[Ii]wi|hapū|Aotearoa|M[āa]ori)\b|\b(?P<AUS>Torres Strait|Aboriginal)\b"
    r"|\b(?P<CAN>First Nations?|RCMP|Inuit)\b|\b(?P<MYS>ringgit|RM\d)|\b(?P<IDN>rupiah)\b"
    r"|\b(?P<UKR>hryvnia)\b|\b(?P<ETH>birr|kebele|woreda)\b|\b(?P<BRA>reais)\b"
    r"|\b(?P<BWA>pula|[Kk]gotla)\b|\b(?P<MNG>tugrik|MNT)\b|\b(?P<PAK>tehsildar|MNAs?)\b"
)
#: Power of the count of a country's names: the tenth says less than the first.  Set on
#: gold.train (86.8 to 87.4 % of countries right), as are the weights below.
REPETITION = 0.7
#: Countries that the news of others names often.
_EVERYWHERE = {"USA": 0.55, "CHN": 0.8, "RUS": 0.8}
#: "US" before these is money.
_MONEY = re.compile(r"\s?(?:\$|dollars?\b)")
#: Least population of a town whose name alone speaks for its country.
TOWN = 20_000
_YEAR = re.compile(r"\b(?:19[5-9]|20[0-4])\d\b")
#: The tables' own age: later years in a text are plans.
LAST_YEAR = "2026"


class Context(NamedTuple):
    """How much an article is about each country, 0–1, most first."""

    shares: dict[str, float]

    @property
    def main(self) -> str | None:
        """The country the article is most about; None where it names none."""
        return next(iter(self.shares), None)

    def share(self, code: str | None) -> float:
        """How much the article is about ``code``."""
        return self.shares.get(code or "", 0.0)

    def pick(self, codes: Iterable[str | None]) -> str | None:
        """Return the one of several codes that the article is most about."""
        ranked = sorted(codes, key=lambda code: -self.share(code))
        return ranked[0] if ranked else None


def place_country(name: str, shares: dict[str, float]) -> str | None:
    """Return the country of a place, one the article speaks of before others."""
    found = [match.entry for match in gazetteer.matches(name)[:12]]
    for entry in found:
        if entry.country and shares.get(entry.country, 0.0) >= 0.15:
            return entry.country
    best = found[0] if found else None
    if best is None or (best.precision == "city" and best.population < TOWN):
        return None
    return best.country


def context(
    text: str,
    matches: list[tuple[int, int, countries.CountryMatch]],
    places: Iterable[str],
    organisations: Iterable[str],
    persons: Iterable[str],
) -> Context:
    """Weigh the countries that names, places, organisations and leaders speak for."""
    named: dict[str, float] = {}
    for start, end, match in matches:
        if match.code not in _NOT_STATES and not _MONEY.match(text, end):
            weight = _WEIGHTS[match.kind] * (2.0 if start < HEAD else 1.0)
            named[match.code] = named.get(match.code, 0.0) + weight
    votes = {code: weight**REPETITION for code, weight in named.items()}

    def vote(code: str | None, weight: float) -> None:
        if code and code not in _NOT_STATES:
            votes[code] = votes.get(code, 0.0) + weight

    for found in _LOCAL.finditer(text):
        vote(found.lastgroup, 1.0)
    for name in organisations:
        known = {actor.country for actor in actors.lookup(name)}
        if len(known) == 1:
            vote(known.pop(), 1.5)
    for name in persons:
        held = {office.country for office in offices.offices_of(name)}
        if len(held) == 1 and " " in name:
            vote(held.pop(), 1.0)
    first = _shares(votes)
    for name in places:
        vote(place_country(name, first), 1.0)
    for code, factor in _EVERYWHERE.items():
        votes[code] = votes.get(code, 0.0) * factor
    return Context(_shares(votes))


def _shares(votes: dict[str, float]) -> dict[str, float]:
    total = sum(votes.values())
    ranked = sorted((item for item in votes.items() if item[1]), key=lambda i: (-i[1], i[0]))
    return {code: weight / total for code, weight in ranked} if total else {}


def date_of(text: str, published: str | None) -> str | None:
    """Return the publication day, else the latest year the text names."""
    if published:
        return published[:10]
    years = [year for year in _YEAR.findall(text) if year <= LAST_YEAR]
    return max(years, default=None)
