"""The spans given to ``who``, each with what its words are: name, description or pronoun."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from onrecord.knowledge import actors, countries
from onrecord.knowledge.countries import CountryMatch, fold
from onrecord.knowledge.nouns import ending, noun
from onrecord.reading._who_names import PRONOUNS, is_honorific, without_honorifics
from onrecord.reading._who_phrases import Phrase, analyse


class Found(NamedTuple):
    """A span of the article that may be somebody: a name, or a participant."""

    start: int
    end: int
    #: Person, Organization, Location, NORP, Facility, Product, Misc or Participant.
    label: str
    #: Probability, 0–1.
    confidence: float


@dataclass(slots=True)
class Item:
    """A found span and what it is."""

    index: int
    start: int
    end: int
    label: str
    confidence: float
    words: str
    #: person, organization, country, place, facility, product, other; ``nominal`` (a definite
    #: description), ``group``, ``pronoun``, ``several`` (A and B).
    kind: str = "other"
    #: The name inside the words, with its offset; the words themselves for a plain name.
    name: str = ""
    name_start: int = 0
    match: CountryMatch | None = None
    phrase: Phrase | None = None
    #: Words that say a role, for a person's name with a title.
    title: str = ""


_TRIM = " \t\n\r\"“”'‘’.,;:()[]"
_POSSESSIVE = re.compile(r"['’]s?$")
_ARTICLE = re.compile(r"^(?:the|a|an)\s", re.IGNORECASE)
_CAPITALS = re.compile(
    r"(?:[A-Z][\w’'.-]*|al-[A-Z][\w’'-]*|de|la|del|bin|bint|ibn|van|von|der|den|da|dos|el|al)"
    r"(?:\s+(?:[A-Z][\w’'.-]*|al-[A-Z][\w’'-]*|de|la|del|bin|bint|ibn|van|von|der|den|da|dos|el|al))*$"
)
_LINKS = re.compile(r"\b(?:of|by|for|with|against|from|to|in|at|on)\b|['’]s\b", re.IGNORECASE)
#: "the nephew of the author": the name that follows is the second one's.
_OF_ANOTHER = re.compile(r"(?:the|an?|his|her|their)\s+[\w’'-]+\s+of\s+[^,]*", re.IGNORECASE)
#: What comes after a name and is no part of it: brackets, appositions, times.
_ADDITION = re.compile(
    r"\s*[(,]|\s+(?:(?:on|in|since|until|last|this|late|early|earlier|yesterday|today)\s+)*"
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|week|month|year|night|yesterday|today)\b"
)
#: Capitalised words in a row.
_RUN = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)*")
_AND = re.compile(r",? (?:and|&|as well as) ")
#: What a body puts out speaks for the body.
_DOCUMENT = re.compile(
    r"^(?:the|an?|its|their|this|that)?\s*(?:[\w.’'&-]+\s+){0,8}?(?:report|reports|statement|"
    r"statements|data|analysis|press release|release|announcement|survey|poll|study|statistics|"
    r"figures|communique|communiqué|website|web site|bulletin|notice)\b(?=\s+(?:by|from|of|issued|"
    r"released|published)\b|\W*$)",
    re.IGNORECASE,
)
_LABELS = {
    "Person": "person",
    "Organization": "organization",
    "Facility": "facility",
    "Product": "product",
}
#: Retired ranks' marks and participles before a name's first capital.
_NOT_NAME = re.compile(
    r"(?:the\s+|The\s+)?(?:\(?ret(?:d|ired|\.)\.?\)?\s+|[a-z]{3,}(?:ized|ised|based|ed|ing)\s+|"
    r"[A-Z][\w’'-]*-(?:based|led|backed|born|owned)\s+)*"
    r"(?=[A-Z])"
)
#: A given name, as it may stand between a role and the family name.
_GIVEN = re.compile(r"[A-Z][a-z][\w-]*")
_MR = re.compile(r"(?:Mr|Mrs|Ms|Dr|Sheikh)\.? [A-Z]")
_LOCATIVE = re.compile(
    r"\b(?:in|at|near|to|from|outside|into|around|across|through|toward|towards|via|visit|visited|"
    r"visiting|throughout|inside|leave|left|reach|reached|central|downtown|northern|southern|"
    r"eastern|western|of|city)\s(?:the\s|nearby\s)?$",
    re.IGNORECASE,
)


def items(text: str, found: Sequence[Found]) -> list[Item]:
    """Return an item for each found span, in the order of ``found``.

    A span outside the text is cut to it; one without words is of kind ``other``.
    """
    names = sorted(
        (f.start, f.end, f.label) for f in found if f.label != "Participant" and f.start < f.end
    )
    starts = [start for start, _, _ in names]
    known = _parts_of_names(text, names)
    out = []
    for index, one in enumerate(found):
        start = min(max(0, one.start), len(text))
        end = min(max(start, one.end), len(text))
        item = Item(index, start, end, one.label, one.confidence, text[start:end])
        inner = [
            (a, b, label)
            for a, b, label in names[bisect_left(starts, start) : bisect_left(starts, start) + 16]
            if a >= start and b <= end
        ]
        _classify(text, item, inner)
        _known_person(item, known)
        out.append(item)
    return out


def _parts_of_names(text: str, names: Sequence[tuple[int, int, str]]) -> set[str]:
    """Return the folded parts of all persons' names that have several."""
    parts: set[str] = set()
    for start, end, label in names:
        words = text[start:end].split()
        if label == "Person" and len(words) > 1:
            parts.update(fold(bare(word)) for word in words if len(word) > 2)
    return parts


def _known_person(item: Item, known: set[str]) -> None:
    """Take a capitalised participant for a person whose full name the tagger found elsewhere."""
    words = item.name.split()
    if item.kind not in ("other", "organization", "nominal") or not 0 < len(words) <= 3:
        return
    if item.label not in ("Participant", "Organization", "Misc") or not words[0][0].isupper():
        return
    honorific = _MR.match(item.words)
    if honorific or (
        item.label == "Participant"
        and all(fold(bare(word)) in known for word in words)
        and not actors.lookup(item.name)
    ):
        item.kind, item.phrase = "person", None


def bare(words: str) -> str:
    """Return a name without article, quotation marks and possessive ending."""
    return _POSSESSIVE.sub("", _ARTICLE.sub("", words.strip(_TRIM)).strip(_TRIM)).strip(_TRIM)


def _classify(text: str, item: Item, inner: list[tuple[int, int, str]]) -> None:
    words = item.words.strip(_TRIM)
    item.name, item.name_start = bare(item.words), item.start
    if item.label in ("Organization", "Person", "Misc"):
        _cut_before(item)
    if not words:
        item.name = ""
        return
    if fold(words) in PRONOUNS and not (words.isupper() and words != "I"):
        item.kind = "pronoun"
        return
    if item.label != "Person" and _as_country(text, item):
        return
    role = ending([fold(word) for word in item.name.split()[-5:]])
    if item.label == "Person" and role and role[0] >= len(item.name.split()):
        item.label = "Participant"
    if item.label in ("Organization", "Misc", "NORP") and _is_titled_person(item):
        return
    if item.label != "Location" and _is_office(item.name):
        item.kind, item.phrase = "nominal", analyse(item.words)
        return
    if item.label in _LABELS:
        item.kind = _LABELS[item.label]
        item.phrase = None if item.kind == "person" else analyse(item.words)
    elif item.label == "Location":
        item.kind = "place"
    elif item.label == "NORP":
        _as_people(item)
    elif item.label == "Participant":
        _as_participant(text, item, inner)


def _is_office(name: str) -> bool:
    """Say whether a name is an office by its letters: "the PM", "the AG"."""
    found = noun(name) if name.isupper() and " " not in name else None
    return found is not None and found.kind in ("role", "defer") and not actors.lookup(name)


def _cut_before(item: Item) -> None:
    """Cut what is no part of a name before it: "(retd)", "unionized"."""
    cut = _NOT_NAME.match(item.words)
    if cut and cut.end():
        item.name = bare(item.words[cut.end() :])
        item.name_start = item.start + item.words.find(item.name, cut.end())


def _as_country(text: str, item: Item) -> bool:
    """Make the item a country where its words name one."""
    match = countries.lookup(item.name) if item.name else None
    if match is None:
        return False
    item.match = match
    plural = match.kind == "demonym" and item.name.endswith("s") and not item.name.endswith("ss")
    if plural and item.label in ("NORP", "Participant"):
        item.kind, item.phrase = "group", analyse("people")
    elif match.code in ("UNO", "EUR") and match.kind != "demonym":
        item.kind, item.name = "organization", match.name
        item.phrase = analyse(match.name)
    elif match.kind == "metonym" and item.name not in ("Washington", "Westminster", "Whitehall"):
        item.kind = "organization"
        item.phrase = analyse(item.name)
    elif match.kind in ("capital", "metonym") and item.label in ("Location", "Facility"):
        located = _LOCATIVE.search(text[max(0, item.start - 24) : item.start])
        item.kind = "place" if located or not item.start else "country"
    else:
        item.kind = "country"
    return True


def _as_people(item: Item) -> None:
    known = actors.lookup(item.name)
    item.kind = "organization" if known else "group"
    item.phrase = analyse(item.words if known else "people")


def _as_participant(text: str, item: Item, inner: list[tuple[int, int, str]]) -> None:
    inner = [one for one in inner if (one[0], one[1]) != (item.start, item.end)]
    item.phrase = analyse(item.words)
    people = [one for one in inner if one[2] == "Person"]
    if _AND.search(item.words) and _is_several(text, item, inner):
        item.kind = "several"
        return
    for start, end, _ in people:
        if _is_head(text, item, start, end):
            start = _first_name(text, item.start, start)
            item.kind, item.name, item.name_start = "person", text[start:end], start
            item.title = without_honorifics(text[item.start : start].strip(" ,"))
            return
    if _DOCUMENT.search(item.words) and inner:
        start, end, label = inner[-1]
        if label in ("Organization", "Person"):
            item.kind, item.name, item.name_start = _LABELS[label], text[start:end], start
            return
    for start, end, label in inner:
        if label != "Person" and _fills(text, item, start, end):
            item.kind = _LABELS.get(label, "place" if label == "Location" else "other")
            item.name, item.name_start = text[start:end], start
            item.match = countries.lookup(item.name)
            if item.match is not None and item.kind != "organization":
                item.kind = "country"
            return
    if not people and _titled(item):
        return
    _describe(item, bool(people))


def _first_name(text: str, start: int, name: int) -> int:
    """Return where a person's name begins of which the tagger took the end ("judge Ana" Paz)."""
    words = list(re.finditer(r"\S+", text[start:name]))
    at = len(words)
    while at > 0 and len(words) - at < 2 and _may_be_given(words[at - 1].group()):
        at -= 1
    title = without_honorifics(" ".join(word.group() for word in words[:at]))
    if not at or at == len(words) or not ending([fold(word) for word in title.split()[-5:]]):
        return name
    return start + words[at].start()


def _may_be_given(word: str) -> bool:
    told = countries.lookup(word) or noun(word) or is_honorific(word) or actors.lookup(word)
    return bool(_GIVEN.fullmatch(word)) and not told


def _is_several(text: str, item: Item, inner: list[tuple[int, int, str]]) -> bool:
    """Say whether the words join two parties: a name or noun on each side of "and"."""
    middle = _AND.search(item.words)
    if middle is None:
        return False
    at = item.start + middle.start()
    left = [one for one in inner if one[1] <= at and one[2] != "NORP"]
    right = [one for one in inner if one[0] >= at + len(middle.group()) and one[2] != "NORP"]
    left_name, right_name = bare(text[item.start : at]), bare(text[at : item.end][len(middle[0]) :])
    if countries.lookup(left_name) and countries.lookup(right_name):
        return True
    whole = any(b - a >= (item.end - item.start) * 0.8 for a, b, _ in inner)
    joined = (
        bool(left) and bool(right) and left[-1][2] == right[-1][2] in ("Person", "Organization")
    )
    return joined and not whole and left[-1][1] >= at - 2


def _is_head(text: str, item: Item, start: int, end: int) -> bool:
    """Say whether the phrase is the person named inside it ("Chile's President Paz, 54")."""
    before, after = text[item.start : start], text[end : item.end]
    if re.match(r"\s*(?:['’]s?\s+\w|\s[A-Za-z-]+)", after) and not re.match(
        r"\s*(?:(?:who|of|from|on|in|at|during|since|for|to|with|after|before|last|this|yesterday|"
        r"today|while|as|himself|herself|Jr|Sr|I{1,3})\b|\(|,)",
        after,
    ):
        return False
    links = _LINKS.search(before)
    if links is None:
        return True
    if before.rstrip().endswith(","):
        return True
    owner = _POSSESSIVE.sub("", _ARTICLE.sub("", before.strip()))
    if owner != before.strip() and (actors.lookup(owner) or countries.lookup(owner)):
        return True
    tail = before.rstrip().split()
    if not tail or tail[-1].lower() in ("of", "by", "for", "with", "against", "from", "to", "and"):
        return False
    if _OF_ANOTHER.fullmatch(before) and tail[-1].islower() and not _is_body(tail):
        return False
    return bool(ending([fold(word) for word in tail[-4:]])) or not re.search(r"['’]s$", tail[-1])


def _is_body(words: list[str]) -> bool:
    """Say whether the words end in a noun for a body ("the head of the agency")."""
    found = ending([fold(word) for word in words[-4:]])
    return found is not None and found[1].kind in ("body", "group")


def _fills(text: str, item: Item, start: int, end: int) -> bool:
    """Say whether a name makes up the phrase, but for article, brackets and possessive."""
    before, after = text[item.start : start].strip(_TRIM).lower(), text[end : item.end]
    return before in ("", "the", "a", "an") and bool(
        re.fullmatch(
            r"\s*(?:\([^()]*\)?)?[\s\"”’'.,)]*(?:s\b)?\s*(?:(?:on|in|at|this|last|since|yesterday|"
            r"today|during)\b.*)?",
            after,
            re.DOTALL,
        )
    )


def _titled(item: Item) -> bool:
    """President Paz: a title and capitalised words that no tagger has marked as a name."""
    found = _CAPITALS.search(item.words.strip(_TRIM))
    if not found or not found.group()[0].isupper():
        return False
    words = found.group().split()
    before = item.words[: item.words.rfind(found.group())].split()
    for at in range(len(words) - 1, -1, -1):
        head = [fold(word).rstrip(".") for word in [*before, *words[:at]]][-5:]
        title = ending(head)
        if title and not title[1].plural and title[1].kind in ("role", "defer"):
            rest = words[at:]
            if not rest or ending([fold(word) for word in rest]) or not rest[0][0].isupper():
                return False
            if countries.lookup(" ".join(rest)) or actors.lookup(" ".join(rest)):
                return False
            item.kind, item.name = "person", " ".join(rest)
            item.name_start = item.start + item.words.rfind(item.name)
            item.title = item.words[: item.words.rfind(item.name)].strip(" ,")
            return True
    return False


def _is_titled_person(item: Item) -> bool:
    """A body's label on "US President Ana Ruiz": the title tells that it is a person.

    A title alone before one word is as often a company's name ("General" and a trade).
    """
    if len(item.name.split()) < 3 or actors.lookup(item.name):
        return False
    kind, name, start, title = item.kind, item.name, item.name_start, item.title
    if _titled(item) and not _LINKS.search(item.name) and "&" not in item.name:
        return True
    item.kind, item.name, item.name_start, item.title = kind, name, start, title
    return False


def _own_name(words: str, phrase: Phrase) -> str:
    """Return the name inside a body's description, else the description without additions.

    "Tides Institute (TI), a charity" → "Tides Institute"; "the daily Ufanisi" → "Ufanisi".
    """
    short = _ADDITION.split(words, maxsplit=1)[0]
    if not short or phrase.plural or phrase.sector != "JRN" or phrase.kind not in ("body", "defer"):
        return short or words
    runs = [
        run
        for run in _RUN.findall(short)
        if not countries.lookup(bare(run)) and not ending([fold(w) for w in run.split()])
    ]
    return runs[0] if len(runs) == 1 else short


def _describe(item: Item, has_person: bool) -> None:
    """Tell names of bodies, definite descriptions and generic groups apart."""
    phrase = item.phrase or analyse(item.words)
    name = _own_name(item.name, phrase)
    words = name.split()
    capitals = [word for word in words if word[0].isupper() or word in ("of", "and", "for", "the")]
    if (
        actors.lookup(name)
        or actors.is_abbreviation(name)
        or (
            words
            and len(capitals) == len(words)
            and len(words) > 1
            and not has_person
            and phrase.kind in ("body", "")
            and not (phrase.own_country and len(words) == 2 and not words[-1][0].isupper())
        )
    ):
        item.kind = "organization"
        item.name_start = item.start + max(item.words.find(name), 0)
        item.name = name
        return
    if phrase.kind == "group" or phrase.plural:
        item.kind = "group"
    elif phrase.kind:
        item.kind = "nominal"
    else:
        item.kind = "other"
