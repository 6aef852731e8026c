"""Labels of names that tables know better than the tagger.

"Hamas" is an armed group and no town called Hamm, "Aramco" a company and nobody's
surname, "Riyadh" a capital: a lone name is what the tables know it as, unless the
article has a person of that surname.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.knowledge import actors, countries
from onrecord.reading.decode import Tagged
from onrecord.reading.words import Words

#: Sectors of bodies whose names are no places; a company may be called as a river is.
_NO_PLACE = frozenset({"REB", "PRM", "IGO", "PTY"})


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
