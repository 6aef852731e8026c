"""What a common noun says about people or a body: sector, and what kind of noun it is.

``nouns.tsv`` is hand-written; sectors are PLOVER's.  A noun of kind ``defer`` ("spokesman",
"leader", "official") takes the sector of the words around it.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from onrecord.knowledge.countries import fold, read_rows


class Noun(NamedTuple):
    """What is known of a noun."""

    sector: str
    #: ``role``, ``body``, ``group`` or ``defer``.
    kind: str
    plural: bool
    #: The singular, folded.
    lemma: str


#: Most words of one noun of the table.
LONGEST = 5
_IRREGULAR = {"man": "men", "woman": "women", "child": "children", "person": "people"}
_SIBILANT = ("s", "x", "z", "ch", "sh")


def plural_of(words: str) -> str:
    """Return the regular plural of a noun's last word."""
    for one, many in _IRREGULAR.items():
        if words.endswith(one) and (words == one or one in ("man", "woman")):
            return words[: -len(one)] + many
    if words.endswith("y") and words[-2:-1] not in ("a", "e", "o", "u"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(_SIBILANT) else "s")


def _head_first(words: str) -> str | None:
    """member of parliament → members of parliament."""
    head, of, rest = words.partition(" of ")
    return f"{plural_of(head)} of {rest}" if of else None


@cache
def _table() -> dict[str, Noun]:
    table: dict[str, Noun] = {}
    derived: dict[str, Noun] = {}
    for sector, kind, words in read_rows("nouns.tsv", 3):
        for word in (fold(word) for word in words.split("|")):
            many = kind == "group" and not word.endswith(("ant", "er", "man"))
            table.setdefault(word, Noun(sector, kind, many, word))
            for form in (plural_of(word), _head_first(word)):
                if form:
                    derived.setdefault(form, Noun(sector, kind, True, word))
    return {**derived, **table}


def noun(words: str) -> Noun | None:
    """Return what the table says of ``words`` (any case, one to five words); None if nothing."""
    return _table().get(fold(words))


def ending(words: list[str]) -> tuple[int, Noun] | None:
    """Return the longest noun that ends ``words``: the number of its words, and the noun."""
    table = _table()
    for size in range(min(LONGEST, len(words)), 0, -1):
        found = table.get(" ".join(words[-size:]))
        if found is not None:
            return size, found
    return None
