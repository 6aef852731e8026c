"""Words for offices: what a role says of office, organisation, country, and whether it is past."""

from __future__ import annotations

import re
from typing import NamedTuple

from onrecord.knowledge.countries import lookup

#: Nouns that name an office, a post or a standing function.
HEADS = (
    r"(?:vice[- ])?presidents?|(?:prime |deputy |state )?minister|premier|chancellor|taoiseach|"
    r"secretary(?:[- ]general)?|general secretary|ambassador|envoy|consul|high commissioner|"
    r"spokes(?:man|woman|person)|director(?:[- ]general)?|head|chief|leader|"
    r"chair(?:man|woman|person)?|"
    r"governor|mayor|senator|congress(?:man|woman)|lawmaker|deputy|legislator|speaker|judge|"
    r"justice|"
    r"prosecutor|attorney[- ]general|ombudsman|commissioner|commander|superintendent|"
    r"harbou?r master|treasurer|auditor|king|queen|prince|princess|emir|sultan|pope|bishop|"
    r"archbishop|coordinator|rapporteur|inspector[- ]general|solicitor[- ]general|"
    r"party leader|mp|adviser|advisor|executive|ceo|founder|captain of the guard|sheriff|marshal"
)
_HEAD = re.compile(rf"\b(?:{HEADS})\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:former|ex|late|ousted|deposed|then|erstwhile|onetime)\b[- ]?", re.IGNORECASE
)
_COMING = re.compile(
    r"\b(?:designate|elect|nominee|candidate|contender|hopeful|would-be)\b", re.IGNORECASE
)
#: Words before an office that belong to the sentence, not to the office.
_OPENING = re.compile(
    r"^(?:(?:the|a|an|its|his|her|their|our|whose|new|newly|acting|interim|current|outgoing|"
    r"incoming|longtime|veteran|then|appointed|elected|named|as|one of)\s+|"
    r"(?:mr|mrs|ms|dr|sir)\.?\s+)+",
    re.IGNORECASE,
)
#: Where an office's words end and something else begins.
_CLOSING = re.compile(
    r"\s*(?:[,;:(–—“”\"]|\s-\s|\b(?:who|which|that|until|since|in|on|at|from|after|before|when|"
    r"while|told|said|says|has|had|was|is|with|by|yesterday|today)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_OWNER = re.compile(r"^(?P<owner>.+?)(?:['’]s|(?<=s)['’])\s+(?P<office>.+)$")
_OF = re.compile(r"^(?P<office>.+?)\s+(?:of|for)\s+(?:the\s+)?(?P<owner>.+)$")
#: Heads of places whose names may be a country's too ("mayor of Lebanon").
_LOCAL = re.compile(r"\b(?:mayor|governor|bishop|archbishop|sheriff|harbou?r)\b", re.IGNORECASE)
_EMPTY_OWNER = frozenset({"its", "his", "her", "their", "the country", "country", "nation"})


#: Words that a role breaks off with: what they belong to is not in it.
_CUT_OFF = re.compile(r"\b(?:of|for|to|at|in|on|with|by|the)$", re.IGNORECASE)
_VAGUE = re.compile(
    r"(?:leader|head|chief|director|chair(?:man|woman|person)?|founder|executive|coordinator|"
    r"secretary[- ]general|general secretary)",
    re.IGNORECASE,
)


class Role(NamedTuple):
    """What the words of a role say."""

    #: Without articles, country and "former": "foreign minister", "mayor of Gulu".
    office: str
    organisation: str | None
    country: str | None
    former: bool


def parse(words: str) -> Role | None:
    """Return what words for a role say; None where they name no office somebody holds.

    A country before or after the office is taken off it ("Kenya's foreign minister"), another
    owner is its organisation and, after "of", stays in the office's name ("mayor of Gulu").
    """
    if _CUT_OFF.search(words.strip()):
        return None
    former = bool(_PAST.search(words))
    bare = _PAST.sub("", " ".join(words.split()))
    bare = _bare(bare.rsplit(". ", 1)[-1])
    if not bare or not _HEAD.search(bare) or _COMING.search(bare):
        return None
    if re.search(r"\b(?:counterpart|successor|predecessor|colleague)s?\b", bare, re.IGNORECASE):
        return None
    return _owned(bare, former)


def is_vague(role: Role) -> bool:
    """Whether a role says nothing without what it is of: "leader", "director"."""
    return (
        role.organisation is None and role.country is None and bool(_VAGUE.fullmatch(role.office))
    )


def is_local(role: Role) -> bool:
    """Whether it is the office of a place: "mayor of Gulu"."""
    return bool(_LOCAL.search(role.office))


def _bare(words: str) -> str:
    """Cut off what belongs to the sentence: "nurses and Health Minister" → "Health Minister"."""
    bare = _CLOSING.sub("", _OPENING.sub("", words.strip())).strip(" .,'’")
    first, found, rest = bare.partition(" and ")
    return _OPENING.sub("", rest) if found and not _HEAD.search(first) else bare


def _owned(bare: str, former: bool) -> Role | None:
    country = organisation = None
    owner = _OWNER.match(bare)
    if owner and _LOCAL.search(owner["office"]) and owner["owner"][0].isupper():
        return Role(f"{owner['office']} of {owner['owner']}", owner["owner"], None, former)
    if owner and _HEAD.search(owner["office"]) and " of " not in owner["owner"]:
        bare, country, organisation = owner["office"], *_owner(owner["owner"])
    ahead, bare = _land_first(bare)
    behind, bare = _land_last(bare)
    country = behind or ahead or country
    of = _OF.match(bare)
    if of:
        land, body = _split_owner(of["owner"])
        country, organisation = land or country, body
        bare = f"{of['office']} of {body}"
    return Role(_bare(bare), organisation, country, former) if _HEAD.search(bare) else None


def _land_first(words: str) -> tuple[str | None, str]:
    """Take a country off the beginning: "Costa Rican foreign minister"."""
    parts = words.split()
    for size in (3, 2, 1):
        match = lookup(" ".join(parts[:size])) if len(parts) > size else None
        rest = " ".join(parts[size:])
        if match is not None and match.kind in ("name", "demonym") and _HEAD.search(rest):
            return match.code, rest
    return None, words


def _land_last(words: str) -> tuple[str | None, str]:
    """Take a country off the end: "president of Peru", but not "mayor of Lebanon"."""
    office, found, owner = words.rpartition(" of ")
    match = lookup(owner.removeprefix("the ")) if found else None
    if match is not None and match.kind in ("name", "demonym") and not _LOCAL.search(office):
        return match.code, office
    return None, words


def _split_owner(words: str) -> tuple[str | None, str]:
    """Part "Kenya's Coast Province" into country and the rest."""
    first, found, rest = re.sub("’", "'", words).partition("'s ")
    match = lookup(first) if found else None
    return (match.code, rest) if match is not None else (None, words)


def _owner(words: str) -> tuple[str | None, str | None]:
    """Return the country that words name, or the organisation."""
    parts = words.split()
    for tail in (parts[-3:], parts[-2:], parts[-1:]):
        match = lookup(" ".join(tail))
        if match is not None and match.kind in ("name", "demonym"):
            return match.code, None
    return None, None if words.casefold() in _EMPTY_OWNER else words
