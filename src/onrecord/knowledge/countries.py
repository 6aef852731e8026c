"""Names, demonyms, capitals and metonyms of countries, as news English uses them.

The compiled table (``countries.tsv``) holds facts from a table of the world's
countries; the hand-written one (``countries_more.tsv``) adds what news uses and
corrects it.  Codes are ISO 3166 alpha-3, ``XKX`` for Kosovo, and for states of the
past ``SUN``, ``YUG``, ``CSK`` and ``DDR``; ``EUR`` and ``UNO`` are the ontology's.
Words that several countries share stand for the one that news means most often
("Congo", "Korea", "Dominican", "Georgia"); the caller knows the article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from onrecord.errors import ModelError

#: Names of the ontology's codes that are no country's.
NON_STATE = {
    "EUR": "European Union",
    "UNO": "United Nations",
    "IGO": "intergovernmental organisation",
    "NGO": "non-governmental organisation",
    "ISM": "international social movement",
    "IMG": "transnational militarised group",
    "MNC": "multinational company",
}

_TOKEN = re.compile(r"\w+|[^\w\s]")
#: Endings of demonyms that take no plural s.
_NO_PLURAL = re.compile(r"(?:s|sh|ch|ese|men|\.)$")


class CountryMatch(NamedTuple):
    """What words say about a country."""

    #: ISO 3166 alpha-3, or EUR or UNO.
    code: str
    #: ``name``, ``demonym``, ``capital`` or ``metonym``.
    kind: str
    #: Canonical English name of the country.
    name: str


class _Phrase(NamedTuple):
    tokens: tuple[str, ...]
    #: For each token: must it be written exactly so, or have a capital initial?
    case: tuple[str, ...]
    match: CountryMatch | None


@lru_cache(maxsize=65_536)
def fold(words: str) -> str:
    """Return ``words`` without diacritics and case, apostrophes made straight."""
    plain = words if words.isascii() else unicodedata.normalize("NFKD", words)
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return bare.replace("’", "'").replace("‘", "'").casefold()


def read_rows(name: str, width: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the shipped table ``name``.

    Raises ModelError when the table is missing or a row has not ``width`` columns.
    """
    path = files("onrecord.knowledge").joinpath(name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ModelError(
            f"the table {name} is missing; install the package again", path=str(path)
        ) from error
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        row = tuple(line.split("\t"))
        if len(row) != width:
            raise ModelError(
                f"the table {name} has a damaged row; install the package again", path=str(path)
            )
        yield row


def _case_of(token: str) -> str:
    if token.isupper() and len(token) <= 4:
        return "exact"
    return "capital" if token[:1].isupper() else "any"


def _forms(kind: str, words: str) -> Iterator[str]:
    yield words
    if kind == "demonym" and len(words) > 3 and not _NO_PLURAL.search(words):
        yield words + "s"


def _without_the(words: str) -> str:
    return words[4:] if words[:4].casefold() == "the " else words


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    compiled = list(read_rows("countries.tsv", 3))
    more = list(read_rows("countries_more.tsv", 3))
    dropped = {(code, words) for code, kind, words in more if kind == "drop"}
    kept = [row for row in compiled if (row[0], row[2]) not in dropped]
    return tuple((row[0], row[1], row[2]) for row in [*more, *kept] if row[1] != "drop")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = dict(NON_STATE)
    for code, kind, words in reversed(_rows()):
        if kind == "canonical":
            names[code] = words
    return names


@cache
def _index() -> dict[str, list[_Phrase]]:
    """Phrases by their first folded token, longest first."""
    index: dict[str, list[_Phrase]] = {}
    seen: set[tuple[str, ...]] = set()
    order = {"block": 0, "canonical": 1, "name": 2, "metonym": 3, "capital": 4, "demonym": 5}
    for code, kind, words in sorted(_rows(), key=lambda row: order[row[1]]):
        shown = "name" if kind == "canonical" else kind
        match = None if kind == "block" else CountryMatch(code, shown, _names()[code])
        for form in _forms(kind, _without_the(words)):
            raw = tuple(_TOKEN.findall(form))
            tokens = tuple(fold(token) for token in raw)
            if tokens not in seen:
                seen.add(tokens)
                phrase = _Phrase(tokens, tuple(_case_of(token) for token in raw), match)
                index.setdefault(tokens[0], []).append(phrase)
    for phrases in index.values():
        phrases.sort(key=lambda phrase: -len(phrase.tokens))
    return index


@cache
def _exact() -> dict[tuple[str, ...], _Phrase]:
    return {phrase.tokens: phrase for phrases in _index().values() for phrase in phrases}


def name_of(code: str) -> str | None:
    """Return the canonical English name of ``code``; None when there is none."""
    return _names().get(code)


def _case_fits(phrase: _Phrase, raw: list[str]) -> bool:
    for want, token, have in zip(phrase.case, phrase.tokens, raw):
        if want == "exact" and not have.isupper():
            return False
        if want == "capital" and token[0].isalpha() and not have[0].isupper():
            return False
    return True


def lookup(words: str) -> CountryMatch | None:
    """Return what the whole of ``words`` says about a country; None when nothing.

    A leading "the" and a possessive ending are left out of account; ``"us"`` is no
    country, ``"US"`` is.
    """
    stripped = _without_the(words.strip())
    for ending in ("'s", "’s"):
        stripped = stripped.removesuffix(ending)
    raw = _TOKEN.findall(stripped)
    phrase = _exact().get(tuple(fold(token) for token in raw))
    if phrase is None or not _case_fits(phrase, raw):
        return None
    return phrase.match


def find(text: str) -> list[tuple[int, int, CountryMatch]]:
    """Return all words of ``text`` that name a country: start, end, match.

    The longest match wins; matches do not overlap and are in text order.  Time is
    linear in the length of the text.
    """
    tokens = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text)]
    folded = [fold(token) if len(token) < 40 else token for _, _, token in tokens]
    index, found, at = _index(), [], 0
    while at < len(tokens):
        phrase = _longest(index.get(folded[at], ()), tokens, folded, at)
        if phrase is None:
            at += 1
            continue
        last = at + len(phrase.tokens) - 1
        if phrase.match is not None:
            found.append((tokens[at][0], tokens[last][1], phrase.match))
        at = last + 1
    return found


def _longest(
    phrases: list[_Phrase] | tuple[()],
    tokens: list[tuple[int, int, str]],
    folded: list[str],
    at: int,
) -> _Phrase | None:
    for phrase in phrases:
        end = at + len(phrase.tokens)
        if tuple(folded[at:end]) != phrase.tokens:
            continue
        if _case_fits(phrase, [token for _, _, token in tokens[at:end]]):
            return phrase
    return None
