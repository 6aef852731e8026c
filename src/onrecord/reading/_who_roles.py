"""Roles that the words around a person's name give: titles, appositions, relative clauses.

Each function looks at a window of fixed size beside the name, so time is linear in the
number of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from onrecord.knowledge import actors, countries
from onrecord.knowledge.countries import fold
from onrecord.knowledge.nouns import Noun, ending
from onrecord.reading._who_phrases import Phrase, analyse

WINDOW = 150


class Evidence(NamedTuple):
    """A role somewhere says of a person."""

    #: How much the pattern is worth, 0–1.
    weight: float
    phrase: Phrase
    #: The phrase as it stands.
    words: str


#: Nouns that before a name are mostly verbs.
_VERBS = frozenset({"accused", "convict", "judge", "guide", "model", "fiscal", "associate"})
_BREAK = re.compile(r"[;:“”\"()\n\[\]|]|(?<=\w{4})[.!?]\s|[,–—]")
_TOKEN = re.compile(r"[^\W_]+(?:[.’'&/-][^\W_]+)*\.?|&")
_HONORIFIC = frozenset(
    "mr mrs ms dr prof sir hon adv mx engr sheikh sheikha capt gen lt col maj brig sgt adm hh he "
    "hrh pol dato datuk tan sri smt shri madam".split()
)
_STOP = frozenset(
    "that said says by with against to from on at in when while after before as than but "
    "is was are were be been has have had told met called urged asked including whose which who "
    "because if where between among about under over into during since until then it he she they "
    "not also will would could should may might can did does do".split()
)
#: Verbs whose object a title may be: what stands before them is no part of it.
_ACTS = frozenset(
    "accused accuses blamed blames urged urges praised praises condemned condemns criticised "
    "criticized thanked welcomed joined backed replaced warned warns quoted arrested sentenced "
    "jailed killed shot sued summoned dismissed fired sacked succeeded defeated beat addressed "
    "attacked endorsed pressed invited detained charged named appointed nominated hosted".split()
)
_INDEFINITE_HEADS = ("group", "body")
_APPOSITION = re.compile(
    r"(?:\s*\([^()\n]{1,40}\))?(?:,\s+(?:aged\s)?\d{1,3})?,\s+"
    r"(?:(?:who|now)\s+(?:is|was|serves as|served as|has been|also serves as|works as|heads|leads)"
    r"\s+(?:also\s+)?)?(?P<words>[^,;\n“”\"()]{3,120}?)"
    r"(?=[,;\n“”\"()]|\.(?:\s|$)|\s(?:who|that|said|says|told|has|had|was|is|added|and)\s|$)"
)
_COPULA = re.compile(
    r"\s+(?:is|was|became|remains|has been|served as|serves as)\s+"
    r"(?P<words>(?:the|a|an|also|one of)\s[^,;\n“”\"()]{3,80}?)"
    r"(?=[,;\n“”\"()]|\.(?:\s|$)|\s(?:who|that|and)\s|$)"
)
_BEFORE = re.compile(
    r"(?P<words>[^,;:\n“”\"()]{3,110}),\s(?:(?:Mr|Mrs|Ms|Dr|Prof|Sir|Madam|Sheikh|Hon)\.?\s)*$"
)
#: The end of a sentence: a stop after a whole word, not after an abbreviation.
_FULL_STOP = re.compile(r"[a-z]{4}[.!?]\s")
_OPENING = re.compile(
    r"(?:^|\s)(?=(?:the|its|his|her|their|former|[A-Z][\w-]*['’]s)\s)", re.IGNORECASE
)
_POSSESSOR = re.compile(r"[A-Z][\w-]*['’]s\s")
#: A role with a list inside: "the business, energy and industry secretary".
_LISTED = re.compile(
    r",\s+(?P<words>the [a-z]+(?:, [a-z]+)? and (?P<last>[a-z]+(?: [a-z]+){0,2})),"
)
_HEADS = re.compile(
    r"(?:\s*\([^()\n]{1,40}\))?,\s+who (?:now |also )?(?:heads|leads|chairs|runs|directs) "
    r"(?P<words>[^,;.\n“”\"()]{3,80})"
)
_OF = re.compile(r"\sof (?:the )?")
_PARTY = re.compile(r"\s+(?:of|from) (?:the )?(?P<words>[A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*){0,5})")
_BRACKETS = re.compile(r"\s*\((?P<words>[^()\n]{2,40})\)")
_ROLE_OF = re.compile(r"(?P<words>[^,]*\b(?:of|for) (?:the )?[A-Z][^,]*)$")


def _tells(phrase: Phrase) -> bool:
    return bool(phrase.head) and not phrase.plural and phrase.kind in ("role", "defer", "group")


def _chunk_before(text: str, start: int) -> str:
    """Return the words before a name up to the last break in the sentence."""
    window = text[max(0, start - WINDOW) : start]
    last = None
    for last in _BREAK.finditer(window):  # noqa: B007 - the last one is wanted
        pass
    return window[last.end() :] if last else window


def _personal(noun: Noun) -> bool:
    return noun.kind in ("role", "defer") or (noun.kind == "group" and not noun.plural)


def title_before(text: str, start: int) -> str | None:
    """Return the title phrase that ends right before a name at ``start``, if there is one."""
    chunk = _chunk_before(text, start)
    if not chunk.endswith((" ", "-")) and chunk:
        return None
    tokens = [(m.start(), m.group()) for m in _TOKEN.finditer(chunk)]
    while tokens and fold(tokens[-1][1]).rstrip(".") in _HONORIFIC:
        tokens.pop()
    if not tokens or tokens[-1][1].lower() in _VERBS:
        return None
    found = ending([fold(token).rstrip(".") for _, token in tokens[-5:]])
    if found is None or not _personal(found[1]):
        return _title_of(chunk, tokens)
    at = len(tokens) - found[0]
    while at > 0 and len(tokens) - at < 12 and _extends(tokens[at - 1][1]):
        at -= 1
    return chunk[tokens[at][0] :].strip()


def _extends(token: str) -> bool:
    return fold(token) not in _STOP and token not in _ACTS


def _title_of(chunk: str, tokens: list[tuple[int, str]]) -> str | None:
    """The president of the union John Doe: the role stands before "of"."""
    for at in range(len(tokens) - 1, 0, -1):
        word = tokens[at][1]
        if word.lower() in ("of", "for"):
            found = ending([fold(token) for _, token in tokens[max(0, at - 5) : at]])
            if found is not None and _personal(found[1]):
                first = at - found[0]
                while first > 0 and _extends(tokens[first - 1][1]):
                    first -= 1
                return chunk[tokens[first][0] :].strip()
        elif not word[0].isupper() and word.lower() not in ("the", "and"):
            return None
    return None


def around(text: str, start: int, end: int) -> Iterator[Evidence]:
    """Yield the roles that the words beside the name at ``start``–``end`` give."""
    title = title_before(text, start)
    if title:
        phrase = analyse(title)
        if _tells(phrase):
            yield Evidence(0.95, phrase, title)
        elif phrase.kind == "role":
            yield Evidence(0.75, phrase, title)
    after = text[end : end + WINDOW]
    apposition = _APPOSITION.match(after)
    if apposition:
        phrase = analyse(apposition["words"])
        if _tells(phrase):
            yield Evidence(0.9, phrase, apposition["words"])
    heads = _HEADS.match(after)
    if heads:
        words = f"head of {heads['words']}"
        yield Evidence(0.8, analyse(words), words)
    listed = _LISTED.match(after)
    if listed and _tells(analyse("the " + listed["last"])):
        yield Evidence(0.9, analyse("the " + listed["last"]), listed["words"])
    yield from _weak(text, start, after)


def body_around(text: str, start: int, end: int) -> Iterator[Phrase]:
    """Yield what is said of a body beside its name: "the newspaper X", "X, a rights group,"."""
    before = text[max(0, start - 60) : start]
    if before.endswith(" "):
        words = re.split(r"[,.;:()\n\"“”]", before)[-1].strip()
        phrase = analyse(words) if words else None
        found = ending([fold(word) for word in words.split()[-4:]])
        if phrase and found and found[1].kind == "body" and phrase.head == found[1].lemma:
            yield phrase
    apposition = _APPOSITION.match(text[end : end + WINDOW])
    if apposition and apposition["words"].lower().startswith(("a ", "an ", "the ")):
        phrase = analyse(apposition["words"])
        if phrase.kind == "body" and not phrase.plural:
            yield phrase


_CRIME_AFTER = re.compile(
    r"(?:,[^,.;]{0,40},)?\s(?:and [A-Z][\w’' -]{2,40} )?(?:(?:was|were|is|are|has been|have been|"
    r"had been|who was|who is)\s(?:\w+\s)?(?:arrested|convicted|sentenced|charged|jailed|"
    r"imprisoned|remanded|indicted|extradited|found guilty|accused|facing (?:charges|trial)|"
    r"serving|wanted)|pleaded guilty|confessed|allegedly|face charges|faces charges|stand trial)\b"
)
_CRIME_BEFORE = re.compile(
    r"\b(?:arrested|convicted|sentenced|charged|jailed|indicted|extradited|arrest of|detention of|"
    r"detention for|trial of|convicts?|suspects?|accused|fugitive|killer|murderer)\s"
    r"(?:[\w,-]+\s){0,2}$"
)


def accused(text: str, start: int, end: int) -> bool:
    """Say whether the words beside a name tell of arrest, charge or conviction."""
    return bool(
        _CRIME_AFTER.match(text[end : end + WINDOW])
        or _CRIME_BEFORE.search(text[max(0, start - 60) : start])
    )


def country_after(text: str, end: int) -> str | None:
    """Return the country right after a name: "Ana Paz of Peru"."""
    of = _OF.match(text, end)
    found = countries.find(text[of.end() : of.end() + 40]) if of else []
    return found[0][2].code if found and found[0][0] == 0 else None


def _weak(text: str, start: int, after: str) -> Iterator[Evidence]:
    copula = _COPULA.match(after)
    if copula:
        phrase = analyse(copula["words"])
        if _tells(phrase):
            yield Evidence(0.7, phrase, copula["words"])
    before = _BEFORE.search(text[max(0, start - WINDOW) : start])
    for opening in list(_OPENING.finditer(before["words"]))[:4] if before else ():
        words = before["words"][opening.end() :] if before else ""
        if _FULL_STOP.search(words):
            continue
        phrase = analyse(words)
        owned = bool(_POSSESSOR.match(words))
        if _tells(phrase) and (phrase.definite or phrase.own_country or phrase.former or owned):
            yield Evidence(0.8, phrase, words)
            break
    for pattern in (_PARTY, _BRACKETS):
        belongs = pattern.match(after)
        if belongs and actors.lookup(belongs["words"].split(",")[0]):
            words = f"member of {belongs['words'].split(',')[0]}"
            yield Evidence(0.6, analyse(words), words)
