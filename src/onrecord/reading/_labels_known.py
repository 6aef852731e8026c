"""Names: labels that tables know better than the tagger, and names that phrases end in or list.

"Hamas" is an armed group and no town called Hamm, "Aramco" a company and nobody's
surname, "Riyadh" a capital: a lone name is what the tables know it as, unless the
article has a person of that surname.  "The yard's owner, Tamsin Lines," is Tamsin Lines.
"Osei, Addo and the union" are three.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.knowledge import actors, countries
from onrecord.reading.decode import Range, Tagged
from onrecord.reading.words import Words

#: Sectors of bodies whose names are no places; a company may be called as a river is.
_NO_PLACE = frozenset({"REB", "PRM", "IGO", "PTY"})
#: Words between which and a name the phrase is about something else ("officials of X").
_APART = frozenset(
    "of for from in at by with to against and or on between near over under about who which".split()
)
#: Words that open another participant after "and".
_OPENERS = frozenset(
    "the a an his her its their our several some many other two three four five six".split()
)
_RELATIVES = frozenset({"who", "which", "that", "whose", "where"})


def relabelled(words: Words, names: Sequence[Tagged]) -> list[Tagged]:
    """The same spans with the labels that the tables give lone names."""
    surnames = {
        _said(words, t).split()[-1]
        for t in names
        if t.label == "Person" and len(_said(words, t).split()) > 1
    }
    return [t._replace(label=_label(_said(words, t), t.label, surnames)) for t in names]


def _said(words: Words, span: Tagged) -> str:
    return words.text[words.start[span.first] : words.end[span.last - 1]]


def _label(name: str, label: str, surnames: set[str]) -> str:
    known = actors.lookup(name)
    if label == "Location" and known and known[0].sector in _NO_PLACE:
        return "Organization"
    if label != "Person" or " " in name or name in surnames:
        return label
    place = countries.lookup(name)
    if place is not None and place.kind in ("country", "capital"):
        return "Location"
    return "Organization" if known else label


def named_phrases(
    words: Words, phrases: Sequence[Range], names: Sequence[Tagged]
) -> dict[Range, Range]:
    """Phrase → the organisation's name that it ends in, by apposition or as its head."""
    ends = {t.last: t for t in names if t.label == "Organization"}
    people = {i for t in names if t.label == "Person" for i in range(t.first, t.last)}
    out = {}
    for first, last in phrases:
        end = _end(words, first, last)
        name = ends.get(end)
        if name is None or name.first <= first or not people.isdisjoint(range(first, last)):
            continue
        before = [words.word(i).lower() for i in range(first, name.first)]
        if _APART.isdisjoint(before) and before.count(",") <= 1:
            out[first, last] = (name.first, name.last)
    return out


def _end(words: Words, first: int, last: int) -> int:
    """Where a phrase ends without its relative clause and the comma after it."""
    end = next((i for i in range(first, last) if words.word(i).lower() in _RELATIVES), last)
    while end > first and not words.word(end - 1).isalnum():
        end -= 1
    return end


def listed(words: Words, phrase: Range, names: Sequence[Tagged]) -> list[Range]:
    """The members of a list of participants; the phrase alone where it is none.

    A list is cut between two names, and at an "and" between a phrase that opens as a
    participant's does and another that does.
    """
    first, last = phrase
    named = {i for t in names for i in range(t.first, t.last)}
    opening = {t.first for t in names}
    head = words.word(first)
    opens = head.lower() in _OPENERS or head[:1].isupper()
    out, start = [], first
    for i in range(first + 1, last - 1):
        word = words.word(i)
        if i in named or word not in ("and", ",", "&"):
            continue
        after = i + 1 in opening
        between = after and i - 1 in named
        if between or (opens and word == "and" and (after or _opener(words, i + 1))):
            out.append((start, i))
            start = i + 1
    return [_trimmed(words, r) for r in (*out, (start, last)) if r[0] < r[1]]


def _opener(words: Words, i: int) -> bool:
    return words.word(i).lower() in _OPENERS


def _trimmed(words: Words, member: Range) -> Range:
    first, last = member
    while last - first > 1 and words.word(last - 1) == ",":
        last -= 1
    while last - first > 1 and words.word(first) in ("and", ","):
        first += 1
    return first, last
