"""Names: labels that tables know better than the tagger, and names that phrases end in.

"Hamas" is an armed group and no town called Hamm, "Aramco" a company and nobody's
surname, "Riyadh" a capital: a lone name is what the tables know it as, unless the
article has a person of that surname.  "The yard's owner, Tamsin Lines," is Tamsin Lines.
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
