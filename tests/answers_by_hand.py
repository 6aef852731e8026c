"""Answers of the heads, written by hand: nothing is linked or classed until a test says so."""

from __future__ import annotations

import numpy as np

from onrecord.reading import labels as L
from onrecord.reading.decode import Floats, Tagged
from onrecord.reading.encoder import MODEL_FOLDER, Answers
from onrecord.reading.words import Words, cut, load_tokenizer

_TOKENIZER = load_tokenizer(MODEL_FOLDER / "tokenizer.json")


class Hand:
    """A text with answers that a test fills in by its words."""

    def __init__(self, text: str) -> None:
        self.words: Words = cut(_TOKENIZER, text)
        n = len(self.words)
        self._slots = 0
        self.answers = Answers(
            self.words,
            np.zeros((n, 384), np.float32),
            {k: np.zeros((n, 1 + 2 * len(v)), np.float32) for k, v in L.TAG_HEADS.items()},
            {k: np.zeros((n, size), np.float32) for k, size in L.CLASS_HEADS.items()},
            {k: np.zeros((n, w), np.float32) for k, w in L.LINK_FAMILIES.items()},
            {k: np.zeros((n, w), np.float32) for k, w in L.LINK_FAMILIES.items()},
        )
        #: Without a link, a pair scores -2: "none" (0) is likelier.
        self.distance: dict[str, Floats] = {
            name: np.full(L.BUCKETS, -2, np.float32) for name in L.LINK_FAMILIES
        }

    def range(self, words: str) -> tuple[int, int]:
        """The word range of the first occurrence of some words."""
        start = self.words.text.index(words)
        return self.words.words_in(start, start + len(words))

    def tagged(self, words: str, label: str, confidence: float = 0.9) -> Tagged:
        """A span of a tag head."""
        return Tagged(*self.range(words), label, confidence)

    def link(self, family: str, ask: str, answer: str, score: float = 6.0) -> None:
        """Make one pair of a family score ``score`` (before the bias of -2 for distance)."""
        width = L.LINK_FAMILIES[family]
        slot, self._slots = self._slots, self._slots + 1
        for table, words, value in (
            (self.answers.queries, ask, score),
            (self.answers.keys, answer, width**0.5),
        ):
            first, last = self.range(words)
            table[family][first:last, slot] = value

    def choose(self, head: str, words: str, index: int) -> None:
        """Make a class the likeliest at some words."""
        first, last = self.range(words)
        self.answers.classes[head][first:last, index] = 5
