"""An article as a vector of terms: what it has in common with another one is their product.

The terms come in kinds: words, words of names, words of the opening, persons, places,
numbers, months, triggers, countries, types of event.  Within a kind a term weighs more the
rarer it is in English and the oftener it stands in the article (tf-idf); each kind then
gets its share from ``SHARES``.  How rare a word is comes from its rank in the reader's
vocabulary, which is sorted by frequency (Zipf: frequency ∝ 1/rank), and not from the
archive: the likeness of two articles does not change with what else is there, or with the
order in which it came.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.archive.textsearch import fold
from onrecord.record import Record

#: Kind of term → its share of an article's vector (before normalising).  Chosen on half of
#: the topics of ECB+; docs/joining.md says how.
SHARES: Mapping[str, float] = {
    "plain": 0.55, "name": 2.8, "lead": 0.5, "person": 0.75, "spot": 0.35, "number": 1.9,
    "month": 1.4, "trigger": 0.35, "country": 0.2, "type": 0.2,
}  # fmt: skip
#: Characters of the text that count as its opening.
LEAD = 250
#: The logarithm of a rank up to which words say nothing (rank 400: "the" to "thing"), and
#: that of names, which are few already.
_EMPTY_WORDS, _EMPTY_NAMES = 6.0, 5.0
#: The rank of a word that the vocabulary lacks, and the place of its first whole word.
_RARE, _FIRST = 40_000, 1996
#: A month counts as background of the report when it is this many days from publication;
#: nearer ones are what the publication date says already.
_BACKGROUND_DAYS = 45

_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"\d(?:[\d,.:–-]*\d)?")
_ENDINGS = ("ing", "edly", "ed", "es", "s", "ly")

Ids = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


class Named(NamedTuple):
    """An entity: kind, canonical name, number of mentions."""

    kind: str
    name: str
    mentions: int


class Happening(NamedTuple):
    """An event: type, trigger's words, days with their basis."""

    type: str
    words: str
    first_day: str | None
    last_day: str | None
    day_basis: str | None


class Light(NamedTuple):
    """What the joining needs of a record."""

    id: str
    day: str | None
    publisher: str | None
    title: str | None
    #: Page leftovers blanked.
    text: str
    entities: tuple[Named, ...]
    #: (name, country) of places.
    spots: tuple[tuple[str | None, str | None], ...]
    #: First days of the dates in the text.
    dates: tuple[str, ...]
    events: tuple[Happening, ...]
    #: Who makes its statements, by name, once for each.
    speakers: tuple[str, ...] = ()


class Vector(NamedTuple):
    """Terms (hashes, ascending) with weights of length 1 (0 for an empty article)."""

    ids: Ids
    weights: Weights


def light_of(record: Record) -> Light:
    """Return what the joining needs of a record."""
    a = record.article
    times = {one.id: one for one in record.times}
    names = {one.id: one.name for one in record.entities}
    said = [names.get(one.speaker.entity or "") for one in record.statements if one.speaker]
    events = []
    for one in record.events:
        time = times.get(one.time or "")
        days = [day for day in (time.begin, time.finish) if day] if time else []
        ends = (days[0], days[-1], "event") if days else (a.published, a.published, "published")
        events.append(Happening(one.type, record.words(one.trigger), *ends))
    return Light(
        a.id or "",
        a.published[:10] if a.published else None,
        a.publisher,
        a.title,
        blanked(a.text, ((one.start, one.end) for one in record.skipped)),
        tuple(Named(one.kind, one.name, len(one.mentions)) for one in record.entities if one.name),
        tuple((one.name, one.country) for one in record.places),
        tuple(one.begin for one in record.times if one.type == "DATE" and one.begin),
        tuple(events),
        tuple(filter(None, said)),
    )


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with spans of it replaced by blanks: offsets hold."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


# -- words --------------------------------------------------------------------------------


@cache
def _ranks() -> dict[str, int]:
    """Return the rank of each whole word of the reader's vocabulary, the commonest first."""
    file = resources.files("onrecord.model").joinpath("tokenizer.json")
    vocabulary = json.loads(file.read_text("utf-8"))["model"]["vocab"]
    return {
        word: place - _FIRST + 1
        for word, place in vocabulary.items()
        if place >= _FIRST and not word.startswith("##")
    }


@lru_cache(50_000)
def rarity(word: str) -> float:
    """Return the logarithm of a word's rank by frequency in English: 0 for the commonest."""
    return math.log(_ranks().get(word, _RARE))


@lru_cache(50_000)
def stem(word: str) -> str:
    """Return a word without a common English ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded: small letters, no accents."""
    return _WORD.findall(fold(text))


# -- terms --------------------------------------------------------------------------------

Kinds = Iterator[tuple[str, Mapping[str, float]]]


def _kinds(light: Light) -> Kinds:
    """Yield each kind of term with the weights of its terms."""
    names = {word for one in light.entities for word in words_of(one.name)}
    found = [word for word in words_of(light.text) if len(word) > 1 and not word.isdigit()]
    yield "plain", _weighted((word for word in found if word not in names), _EMPTY_WORDS)
    yield "name", _weighted((word for word in found if word in names), _EMPTY_WORDS)
    opening = words_of(light.text[:LEAD])
    yield "lead", _weighted((w for w in opening if len(w) > 1 and not w.isdigit()), _EMPTY_WORDS)
    yield "person", _persons(light)
    spots = {fold(name) for name, _ in light.spots if name}
    yield "spot", {name: _name_rarity(name) for name in spots}
    numbers = set(_NUMBER.findall(light.text)) - _years(light.day)
    yield "number", {one: 1.0 + sum(map(str.isdigit, one)) for one in numbers}
    yield "month", dict.fromkeys(_months(light), 1.0)
    triggers = (word for one in light.events for word in words_of(one.words)[:1])
    yield "trigger", _weighted(triggers, _EMPTY_WORDS)
    yield "country", _often(code for _, code in light.spots if code)
    yield "type", _often(one.type for one in light.events)


def _weighted(found: Iterable[str], empty: float) -> dict[str, float]:
    """Return stems with tf-idf: (1 + log n) times the rarity beyond ``empty``."""
    forms: dict[str, tuple[int, float]] = {}
    for word, n in Counter(found).items():
        before, least = forms.get(stem(word), (0, math.inf))
        forms[stem(word)] = before + n, min(least, rarity(word))
    return {
        root: (1 + math.log(n)) * (rare - empty)
        for root, (n, rare) in forms.items()
        if rare > empty
    }


def _years(published: str | None) -> set[str]:
    """Return the years about publication: that they stand in a text says nothing more."""
    if not published or not published[:4].isdigit():
        return set()
    return {str(int(published[:4]) + by) for by in (-1, 0, 1)}


def _persons(light: Light) -> dict[str, float]:
    """Return the last words of persons' names."""
    found: dict[str, float] = {}
    for one in light.entities:
        parts = words_of(one.name)
        if one.kind == "person" and parts:
            weight = (1 + math.log(max(one.mentions, 1))) * _name_rarity(parts[-1])
            found[parts[-1]] = max(weight, found.get(parts[-1], 0.0))
    return found


def _name_rarity(name: str) -> float:
    return max(max(map(rarity, words_of(name)), default=0.0) - _EMPTY_NAMES, 0.0)


def _often(found: Iterable[str]) -> dict[str, float]:
    return {one: 1 + math.log(n) for one, n in Counter(found).items()}


def _months(light: Light) -> set[str]:
    return {day[:7] for day in light.dates if _is_background(day, light.day)}


def _is_background(day: str, published: str | None) -> bool:
    if published is None:
        return True
    try:
        return (
            abs((date.fromisoformat(day) - date.fromisoformat(published)).days) > _BACKGROUND_DAYS
        )
    except ValueError:
        return False


@lru_cache(200_000)
def _hash(kind: str, term: str) -> int:
    """Return the number of a term: 63 bits, so that every database holds it."""
    digest = hashlib.blake2b(f"{kind} {term}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def vector_of(light: Light) -> Vector:
    """Return an article's vector, of length 1."""
    weights: dict[int, float] = {}
    for kind, terms in _kinds(light):
        length = math.sqrt(sum(weight * weight for weight in terms.values()))
        if length > 0:
            scale = math.sqrt(SHARES[kind]) / length
            weights.update((_hash(kind, t), weight * scale) for t, weight in terms.items())
    ids = np.array(sorted(weights), dtype=np.int64)
    values = np.array([weights[int(one)] for one in ids], dtype=np.float32)
    whole = float(np.linalg.norm(values)) if len(values) else 0.0
    return Vector(ids, values / np.float32(whole) if whole else values)


def heads(vector: Vector, most: int) -> Sequence[tuple[int, float]]:
    """Return the ``most`` heaviest terms with their weights, the heaviest first."""
    order = np.lexsort((vector.ids, -vector.weights))[:most]
    return [(int(vector.ids[i]), float(vector.weights[i])) for i in order]


def likeness(vectors: Sequence[Vector]) -> npt.NDArray[np.float32]:
    """Return the products of all pairs, shape (n, n)."""
    if not vectors:
        return np.zeros((0, 0), np.float32)
    known, columns = np.unique(np.concatenate([one.ids for one in vectors]), return_inverse=True)
    table = np.zeros((len(vectors), len(known)), np.float32)
    rows = np.repeat(np.arange(len(vectors)), [len(one.ids) for one in vectors])
    table[rows, columns] = np.concatenate([one.weights for one in vectors])
    return np.asarray(table @ table.T, np.float32)


def likeness_to(vector: Vector, others: Sequence[Vector]) -> Weights:
    """Return the product of a vector with each other, shape (n,)."""
    found = np.zeros(len(others), np.float32)
    for i, other in enumerate(others):
        place = np.searchsorted(vector.ids, other.ids)
        place[place == len(vector.ids)] = 0
        same = vector.ids[place] == other.ids if len(vector.ids) else np.zeros(0, bool)
        if len(vector.ids):
            found[i] = vector.weights[place[same]] @ other.weights[same]
    return found


def packed(vector: Vector) -> bytes:
    """Return the vector as bytes: the ids, then the weights, little-endian."""
    return vector.ids.astype("<i8").tobytes() + vector.weights.astype("<f4").tobytes()


def unpacked(data: bytes) -> Vector:
    """Return the vector that ``packed`` wrote."""
    n = len(data) // 12
    ids = np.frombuffer(data, "<i8", n).astype(np.int64)
    return Vector(ids, np.frombuffer(data, "<f4", n, 8 * n).astype(np.float32))
