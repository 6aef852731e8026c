"""Whom a definite description means where no noun of the article repeats it.

"The lawmaker" after "Senator Achieng" is the senator: both are of the legislature.
"The group" after a charity's name is the charity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from onrecord.knowledge import countries
from onrecord.knowledge.countries import fold
from onrecord.knowledge.nouns import ending, noun
from onrecord.reading._who_draft import Draft
from onrecord.reading._who_phrases import Phrase

#: Characters back that are looked through.
REACH = 900
_PERSON_OF_AGE = re.compile(r"(?:the|The) \d{1,3}-year-old$")
_INDEFINITE = re.compile(r"(?:an?|another|some|several|one) ", re.IGNORECASE)
_CAPITALISED = re.compile(r"\b[A-Z][\w-]+")
#: Nouns for places and countries.
_PLACES = frozenset(
    {"country", "nation", "republic", "kingdom", "state", "government", "city", "capital", "town",
     "village", "island", "region", "province", "territory", "area", "site"}
)  # fmt: skip
#: Nouns for any body that is not the state's.
_ANY_BODY = frozenset({"group", "organization", "organisation", "association", "movement"})
_STATE = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY"})
#: Nouns too wide or too often new to point back.
_LOOSE = frozenset(
    {"police", "army", "military", "state", "government", "media", "press", "people", "public",
     "opposition", "department", "authority", "force", "forces", "city", "market", "house",
     "spokesman", "spokeswoman", "spokesperson", "source", "person", "man", "woman", "child",
     "victim", "judge", "suspect", "president", "prime minister", "speaker"}
)  # fmt: skip

#: Words for one office.
_ONE_OFFICE = tuple(
    frozenset(words.split("|"))
    for words in (
        "pm|prime minister|premier",
        "vpm|vice prime minister|vice-prime minister|deputy prime minister|dpm",
        "cm|chief minister",
        "ag|attorney general|attorney-general",
        "cj|chief justice",
        "oc|officer-in-charge|officer in charge",
        "dg|director general|director-general",
        "secretary general|secretary-general|general secretary",
        "chairman|chairwoman|chairperson|chair",
        "ceo|chief executive|chief executive officer",
        "vice president|vice-president|deputy president",
        "mp|member of parliament|lawmaker|legislator|parliamentarian",
        "king|queen|sultan|emir|amir|monarch|majesty|highness|crown prince|prince|ruler",
    )
)
#: Words for whoever leads a body.
_LEADS = frozenset(
    "chief head chairman chairwoman chairperson chair president leader boss director founder "
    "convener coordinator".split()
)

#: What is quoted for itself, and what for whoever put it out.
_DOCUMENT = re.compile(
    r".*\b(?:report|affidavit|lawsuit|survey|poll|study|ruling|judgment|law|act|treaty|indictment|"
    r"complaint|petition|charter|constitution|memorandum|resolution|proverb|decision)s?",
    re.IGNORECASE,
)
_PUT_OUT = re.compile(
    r"(?:the|this|that|its|his|her|their) (?:\w+ )?(?:statement|letter|communiqu[eé]|readout|"
    r"press release|release|announcement|post|tweet|message|note|memo)",
    re.IGNORECASE,
)


def document(words: str) -> bool:
    """Say whether the words are a text that speaks for itself: "the report"."""
    return bool(_DOCUMENT.fullmatch(words.strip()))


def put_out(words: str) -> bool:
    """Say whether the words are a text that speaks for its author: "the statement"."""
    return bool(_PUT_OUT.fullmatch(words.strip()))


def same_office(head: str) -> frozenset[str]:
    """Return the nouns that may name the same office as ``head``, itself among them."""
    return next((one for one in _ONE_OFFICE if head in one), frozenset({head}))


def leads(head: str, other: str) -> bool:
    """Say whether two nouns may both mean the one who leads a body ("chief", "chairman")."""
    return head in _LEADS and (other in _LEADS or head == "leader")


def own_words(words: str) -> list[str]:
    """Return the capitalised words of a description, but for articles, countries and titles."""
    own = [word for word in _CAPITALISED.findall(words) if not countries.lookup(word)]
    return [word for word in own if noun(word) is None and word not in ("The", "A", "An")]


def indefinite(words: str) -> bool:
    """Say whether a description brings in somebody new: "a minister", "another MP"."""
    return bool(_INDEFINITE.match(words))


def of_age(words: str) -> bool:
    """Say whether the words are "the 39-year-old" and no more."""
    return bool(_PERSON_OF_AGE.fullmatch(words.strip()))


def _fits_body(phrase: Phrase, draft: Draft) -> bool:
    if draft.kind != "organization" or not draft.forms:
        return False
    if phrase.head in _ANY_BODY:
        return draft.sector not in _STATE
    return draft.sector == phrase.sector and phrase.sector not in ("GOV", "MIL", "JUD", "LEG")


def _fits_person(phrase: Phrase, draft: Draft) -> bool:
    if draft.kind != "person" or not draft.forms or phrase.plural:
        return False
    return phrase.sector is not None and draft.sector == phrase.sector


def nearest(
    phrase: Phrase, words: str, at: int, before: Sequence[tuple[int, int]], drafts: Sequence[Draft]
) -> int | None:
    """Return the number of the nearest earlier named entity that the description fits.

    ``before`` are (start, number) of mentions in text order; None where nobody fits.
    """
    near = [number for start, number in reversed(before[-40:]) if at - start <= REACH]
    if of_age(words):
        return _first(number for number in near if drafts[number].kind == "person")
    if not phrase.definite or phrase.plural or phrase.head in _LOOSE:
        return None
    if phrase.organisation is not None or len(words.split()) > 2:
        return None
    if phrase.kind == "body" or phrase.head in _ANY_BODY:
        return _first(number for number in near if _fits_body(phrase, drafts[number]))
    if phrase.kind in ("role", "defer"):
        return _first(number for number in near if _fits_person(phrase, drafts[number]))
    return None


def _first(numbers: Iterable[int]) -> int | None:
    return next(iter(numbers), None)


def may_mean(phrase: Phrase, words: str, kind: str, draft: Draft) -> bool:
    """Say whether a description ("the group", of an item of ``kind``) may stand for an entity.

    Number, kind and country must agree; a generic group keeps to groups.  A description
    that has a name of its own ("the daily Ufanisi") stands for nobody without that name,
    a new one ("a source") for nobody before it, and a person or body for no place.
    """
    if _INDEFINITE.match(words) or not _shares_name(words, draft):
        return False
    if document(words):
        return draft.kind == "other" and document(draft.words)
    if draft.kind in ("place", "country", "product"):
        return phrase.head in _PLACES
    if kind == "group":
        same = draft.kind == "group" or _generic_of(phrase, draft)
        return same and draft.sector in (None, phrase.sector)
    if phrase.kind == "body" and (draft.kind == "person" or _another_body(phrase, draft)):
        return False
    if words.lower() in _LOOSE:
        return False
    if phrase.kind == "role" and draft.kind not in ("person", "nominal", "group"):
        return False
    if draft.kind == "group" and not phrase.plural:
        return False
    return not phrase.own_country or draft.country in (None, phrase.country)


def _generic_of(phrase: Phrase, draft: Draft) -> bool:
    """Say whether "the police" may be the Lakeland Police: definite, and of its name."""
    if draft.kind != "organization" or phrase.plural or not phrase.definite:
        return False
    return phrase.head in fold(" ".join([draft.words, *draft.forms[:6]])).split()


def _another_body(phrase: Phrase, draft: Draft) -> bool:
    """Say whether a description is of another kind of body: "the bureau" is no coast guard."""
    if draft.kind != "organization" or phrase.head in _ANY_BODY:
        return False
    own = ending([fold(word) for word in (draft.name or draft.words).split()[-3:]])
    if {phrase.sector, draft.sector} <= _STATE and phrase.sector != draft.sector:
        return True
    if own is None or phrase.sector is None or draft.sector is None:
        return False
    return own[1].lemma != phrase.head and draft.sector != phrase.sector


def _shares_name(words: str, draft: Draft) -> bool:
    """Say whether the capitalised words, but for countries and titles, are the entity's too."""
    own = [fold(word) for word in own_words(words[1:])]
    if not own:
        return True
    told = [draft.name or "", draft.words, *draft.forms[:6], *(e.words for e in draft.evidence[:6])]
    return not set(own).isdisjoint(fold(" ".join(told)).split())


def by_anaphor(
    links: Sequence[tuple[int, int, float]], count: int
) -> dict[int, list[tuple[int, float]]]:
    """Sort links by their anaphor: (antecedent, probability) of each; bad indices are left out."""
    out: dict[int, list[tuple[int, float]]] = {}
    for anaphor, antecedent, probability in links:
        if 0 <= anaphor < count and 0 <= antecedent < count and anaphor != antecedent:
            out.setdefault(anaphor, []).append((antecedent, probability))
    return out
