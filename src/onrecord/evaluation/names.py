"""When two names are the same for a scorer, and which name a record gives to words."""

from __future__ import annotations

import re
import unicodedata

from onrecord.record import Entity, Record, Reference

#: Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_ARTICLES = frozenset({"the", "a", "an"})
_POSSESSIVE = re.compile(r"['’]s\b")
_TOKEN = re.compile(r"[^\W_]+")

_PERSONAL = "i me my mine we us our ours you your yours he him his she her hers it its they them"
_OTHER = (
    "their theirs himself herself itself themselves who whom whose which that this these those "
    "one someone somebody others"
)
PRONOUNS = frozenset(f"{_PERSONAL} {_OTHER}".split())


def tokens(name: str) -> list[str]:
    """Return the name's words: case and diacritics folded, without articles and possessive s."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    words = _TOKEN.findall(_POSSESSIVE.sub("", plain))
    return [word for word in words if word not in _ARTICLES]


def same_name(gold: str, predicted: str) -> bool:
    """Say whether the two names may stand for the same one.

    Right when equal after folding, or when all words of one are among the words of
    the other and both end in the same word: a last name alone passes for the full
    name, "Interior Ministry" does not pass for "Ministry".  An abbreviation does not
    pass for the words it stands for.
    """
    left, right = tokens(gold), tokens(predicted)
    if not left or not right:
        return False
    if left == right:
        return True
    one, other = sorted((set(left), set(right)), key=len)
    return left[-1] == right[-1] and one <= other


def is_pronoun(words: str) -> bool:
    """Say whether the words are a pronoun, which names nobody."""
    return words.strip().casefold() in PRONOUNS


class Names:
    """The names of one record's entities, by id."""

    def __init__(self, record: Record) -> None:
        self._text = record.article.text
        self._entities: dict[str, Entity] = {entity.id: entity for entity in record.entities}

    def entity_name(self, entity: str | None) -> str | None:
        """Return the canonical name of the entity with this id, if it has one."""
        found = self._entities.get(entity) if entity is not None else None
        return found.name if found else None

    def answer(self, reference: Reference | None) -> str | None:
        """Return the name a record gives to a speaker.

        That of its entity; for an unnamed one the words as they stand ("a ministry
        official"), except a pronoun; None where the record names nobody.
        """
        if reference is None:
            return None
        name = self.entity_name(reference.entity)
        if name is not None:
            return name
        words = self._text[reference.start : reference.end]
        return None if is_pronoun(words) or not words.strip() else words

    def agrees(self, gold: str, reference: Reference | None) -> bool:
        """Say whether a gold source ("name or words") is this reference, by name or by words."""
        if reference is None:
            return False
        name = self.answer(reference)
        words = self._text[reference.start : reference.end]
        return (name is not None and same_name(gold, name)) or same_name(gold, words)
