"""What the words of a noun phrase say: head noun, sector, country, organisation, role.

Pure functions on the words of one phrase ("the former head of Chile's navy"); what the
article knows is added by ``who``.  Sectors are PLOVER's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from onrecord.knowledge import actors, countries
from onrecord.knowledge.countries import fold
from onrecord.knowledge.nouns import Noun, ending

#: Longest phrase that is looked at, in characters; the rest adds nothing to who it is.
LONGEST = 240

_WORD = re.compile(r"\d[\d,.]*\d|[^\W_]+(?:[.’'&/-][^\W_]+)*\.?|[,;:()“”\"—–-]")
_CUTS = frozenset(
    "of in from at with who whom which that whose where against for on to by into including "
    "near under over between among amid as after before during since through within without "
    "about around behind across inside outside via , ; : ( — –".split()
)
#: Brackets inside a phrase: "the Workers Party (PT) leader".
_INSERTED = re.compile(r"(?<=\w)\s*\([^()]*\)(?=\s*\w|\s*$)")
#: A participle after a noun begins what qualifies it: "a lawyer representing miners".
_PARTICIPLE = re.compile(r"[a-z]{3,}(?:ing|ed)$")
#: Plurals of nouns for people that no table lists: "depositors", "organists".
_AGENTS = re.compile(r"[a-z]{3,}(?:ers|ors|ants|ists|ees|ians)$")
_CUT = re.compile(r"\s(?:of|in|from|at|with|who|for|on|to|by|against|that|which)\s|[,(]")
_ARTICLES = frozenset("the a an this that these those his her its their our my your".split())
_DEFINITE = frozenset("the this that these those his her its their our my your".split())
_PARTITIVES = frozenset(
    "thousands hundreds dozens tens scores millions number group groups majority members member "
    "some many several most all half percent rest couple pair handful crowd crowds team teams "
    "part one two three four five six seven eight nine ten lot part portion share series "
    "hundred each any none both band wave bunch quarter third coalition delegation".split()
)
_FORMER = frozenset(
    "former ex onetime one-time erstwhile ousted deposed retired exiled late then-former "
    "disgraced".split()
)
#: Sectors whose former members are ELI (former officials, elites).
_OFFICIAL = frozenset({"GOV", "LEG", "MIL", "COP", "JUD", "SPY"})
#: Roles that any organisation has; alone they are the state's.
_ANY_ORGANISATION = frozenset(
    "president;vice president;vice-president;deputy president;secretary;governor;commissioner;"
    "administrator;ambassador;negotiator;press secretary;chief executive;ruler;envoy;chief of "
    "staff;commander;treasurer;founder;co-founder".split(";")
)
#: Officials whose "to Peru", "in Peru" is another country than their own.
_POSTED = frozenset({"ambassador", "envoy", "special envoy", "consul", "high commissioner"})
#: Parts of a body, which have its sector.
_PARTS = frozenset(
    "committee council commission board office department delegation service secretariat agency "
    "bureau team leadership side division branch wing unit section chapter directorate staff "
    "faction forces force militia fighter mission authority authorities institution crew "
    "headquarters camp campaign spokesperson".split()
)
#: Followers of a party or armed group are of its sector: "Labour Party workers".
_JOINED = {
    "CVL": ("PTY", "REB", "PRM", "CRM", "LAB"),
    "LAB": ("PTY", "REB"),
    "UAF": ("REB", "PRM"),
    "MIL": ("REB", "PRM"),
}
#: Words that stand between a role and a name and say less than the role.
_STYLES = frozenset({"advocate", "attorney", "comrade", "doctor", "professor", "chief", "general"})
#: What tells more about the noun after it than that noun does.
_STRONG = frozenset({"COP", "JUD", "MIL", "LEG", "SPY", "PTY", "REB"})
_STRONG_OVER = frozenset({"CVL", "GOV", "BUS", "SOC"})
_LINK = frozenset({"of", "for", "at", "from", "in", "to", "with"})


class Phrase(NamedTuple):
    """What the words of a phrase say."""

    #: Folded singular of the head noun; "" where the table does not know it.
    head: str
    #: Kind of the head noun (knowledge.nouns); "" where unknown.
    kind: str
    sector: str | None
    country: str | None
    #: Whether the country stands before any preposition ("Chilean miners", not "in Chile").
    own_country: bool
    plural: bool
    definite: bool
    former: bool
    #: An organisation among the words that the tables know, as it stands.
    organisation: str | None
    #: The words of the role as they stand, without articles ("defence minister").
    title: str


@lru_cache(maxsize=16_384)
def analyse(words: str) -> Phrase:
    """Return what the words of a noun phrase say about who it is."""
    tokens = _WORD.findall(_INSERTED.sub(" ", words[:LONGEST]))
    head, rest = _split(tokens)
    inner = _of_partitive(head, rest)
    if inner is not None:
        told = analyse(" ".join(inner))
        country, own = _country(words)
        return told._replace(country=told.country or country, own_country=own, plural=True)
    return _analyse(words, head, rest)


def _split(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Part the words before the first preposition or relative word from the others."""
    for at, token in enumerate(tokens):
        if at and (token.lower() in _CUTS or (_opens(token) and _noun(tokens[:at]))):
            return tokens[:at], tokens[at:]
    return tokens, []


def _opens(token: str) -> bool:
    return token.lower() == "and" or bool(_PARTICIPLE.match(token))


def _noun(words: list[str]) -> tuple[int, Noun] | None:
    """Return the noun that ends the words, possessive endings left out of account."""
    folded = [fold(word).rstrip(".") for word in words]
    return ending(folded) or ending([_possessor(word) for word in folded])


def _possessor(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _of_partitive(head: list[str], rest: list[str]) -> list[str] | None:
    """Return the words after "dozens of", "members of" (of people, not of a body)."""
    if not head or not rest or rest[0].lower() != "of":
        return None
    last = head[-1].lower()
    if last not in _PARTITIVES and not last.isdigit():
        return None
    if last.startswith("member"):
        found = _noun(_split(rest[1:])[0])
        if _noun(head + rest[:2]) or (found and not found[1].plural):
            return None
    return rest[1:] or None


def _country(words: str) -> tuple[str | None, bool]:
    """Return the country of a phrase, and whether it stands before any preposition.

    Of several before the first preposition the last counts: it is nearest the head noun.
    """
    found = countries.find(words)
    if not found:
        return None, False
    cut = _CUT.search(words)
    first = [one for one in found if cut is None or one[0] < cut.start()]
    start, _, match = first[-1] if first else found[0]
    before = [token.lower() for token in _WORD.findall(words[:start])]
    abroad = any(token in ("to", "in", "with", "against", "on") for token in before)
    return (match.code, False) if abroad else (match.code, not (set(before) & _CUTS))


def _bare(head: list[str]) -> list[str]:
    while head and (head[0].lower() in _ARTICLES or not head[0][0].isalnum()):
        head = head[1:]
    while head and not head[-1][0].isalnum():
        head = head[:-1]
    return head


def _analyse(words: str, head: list[str], rest: list[str]) -> Phrase:
    definite = bool(head) and head[0].lower() in _DEFINITE
    bare = _bare(head)
    folded = [_possessor(fold(word)) for word in bare]
    found = _noun(bare)
    country, own = _country(words)
    whole = _with_of(bare, rest)
    if whole is not None:
        found, rest = whole
    size, noun = found if found else _unlisted(bare)
    if noun is not None and noun.lemma in _POSTED and not own:
        country = None
    if noun is not None and noun.lemma in _STYLES:
        earlier = _noun(bare[: len(bare) - size])
        size, noun = (size + earlier[0], earlier[1]) if earlier else (size, noun)
    modifiers = bare[: len(bare) - size]
    former = any(fold(word).removesuffix(".") in _FORMER for word in modifiers) or any(
        fold(word).startswith("ex-") for word in bare
    )
    organisation, sector = _told_by(noun, modifiers, folded, rest)
    if noun is None:
        noun_sector = sector
    elif noun.kind == "defer" or noun.lemma in _ANY_ORGANISATION | _PARTS:
        noun_sector = _deferred(noun, sector, country)
    elif organisation is not None and sector in _JOINED.get(noun.sector, ()):
        noun_sector = sector or noun.sector
    else:
        noun_sector = _strengthened(noun, folded[: len(folded) - size])
    if former and noun_sector in _OFFICIAL:
        noun_sector = "ELI"
    return Phrase(
        head=noun.lemma if noun else "",
        kind=noun.kind if noun else "",
        sector=noun_sector,
        country=country,
        own_country=own,
        plural=noun.plural if noun else False,
        definite=definite,
        former=former,
        organisation=organisation,
        title=" ".join(bare[len(bare) - size :]) if noun else "",
    )


def _with_of(bare: list[str], rest: list[str]) -> tuple[tuple[int, Noun], list[str]] | None:
    """Read a head noun that goes on after "of": "chamber of commerce" of whatever country.

    Returns the number of its words in ``bare`` with the noun, and what follows it.
    """
    if not bare or not rest or rest[0].lower() != "of":
        return None
    for more in (3, 2, 1):
        found = _noun(bare + rest[: 1 + more]) if len(rest) > more else None
        if found is not None and found[0] > 1 + more:
            return (found[0] - 1 - more, found[1]), rest[1 + more :]
    return None


def _unlisted(bare: list[str]) -> tuple[int, Noun | None]:
    """Read a head noun that no table lists: "three Koreans", "depositors"."""
    if not bare:
        return 0, None
    match = countries.lookup(bare[-1])
    counted = len(bare) > 1 and (bare[0][0].isdigit() or bare[0].lower() in _PARTITIVES | {"other"})
    if match is not None and match.kind == "demonym" and (bare[-1].endswith("s") or counted):
        return 1, Noun("CVL", "group", True, "people")
    if _AGENTS.match(bare[-1]):
        return 1, Noun("CVL", "group", True, bare[-1])
    return 0, None


def _deferred(noun: Noun, told: str | None, country: str | None) -> str | None:
    if told is not None:
        return told
    if noun.lemma in ("leader", "co-leader") and country is not None:
        return "GOV"
    return noun.sector


def _strengthened(noun: Noun, before: list[str]) -> str:
    """police vehicles, court staff: a noun before the head may say more than the head."""
    inner = ending(before)
    if inner is None or noun.sector not in _STRONG_OVER:
        return noun.sector
    if inner[1].sector in _STRONG and inner[1].kind == "body" and noun.kind != "group":
        return inner[1].sector
    return noun.sector


def _told_by(
    noun: Noun | None, modifiers: list[str], folded: list[str], rest: list[str]
) -> tuple[str | None, str | None]:
    """Return organisation and sector told by the words around the head noun."""
    name, sector = _named(modifiers)
    if sector is not None or name is not None:
        return name, sector
    before = folded[: len(modifiers)]
    while before:
        inner = ending(before)
        if inner is not None and _qualifies(inner[1], noun):
            return None, _strengthened(inner[1], before[: len(before) - inner[0]])
        before = before[:-1]
    if noun is not None and rest and rest[0].lower() in _LINK:
        return _complement(rest[1:])
    return None, None


def _qualifies(inner: Noun, head: Noun | None) -> bool:
    """Say whether a noun before the head tells its sector: party leader, not "local police"."""
    if inner.kind == "group" or inner.sector == "CVL":
        return False
    return inner.kind != "role" or head is None or head.kind != "body"


def _complement(rest: list[str]) -> tuple[str | None, str | None]:
    """Return organisation and sector of "of the Chamber of Commerce", "for the police"."""
    own, more = _split(_bare(rest))
    name, sector = _named(own)
    if name is not None or sector is not None:
        return name, sector
    found = _noun(own) or _noun(own + more[:3])
    if found is not None:
        return None, found[1].sector if found[1].kind != "defer" or not more else _next(more)
    if countries.lookup(" ".join(own)) is not None:
        return None, None
    return None, _next(more)


def _next(more: list[str]) -> str | None:
    if len(more) > 1 and more[0].lower() in ("of", "for"):
        return _complement(more[1:])[1]
    return None


def _named(words: list[str]) -> tuple[str | None, str | None]:
    """Return the first organisation the tables know among the words, and its sector."""
    for size in range(min(6, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            if run[0][0].isupper():
                found = actors.lookup(" ".join(run))
                if found:
                    return " ".join(run), found[0].sector
    return None, None
