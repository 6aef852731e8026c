"""Words, word pieces, their features and windows: what the encoder is given.

A *word* is a run of letters or digits, or one punctuation mark; it is cut into
one or more *pieces* of the vocabulary.  Training and reading share this module,
so that a model always sees text the way it was taught.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from onrecord.record import Span

Ints = NDArray[np.int64]

#: Pieces in a window, [CLS] and [SEP] included.
WINDOW = 256
#: Pieces that two neighbouring windows of an article share.
OVERLAP = 48
#: Windows are padded to a multiple of this, so that few shapes occur.
PAD_TO = 32
CLS, SEP, PAD = 101, 102, 0

#: Sizes of the feature vocabularies: letter case, line start, quotation, mark.
FEATURES = {"shape": 8, "line": 4, "quote": 4, "mark": 3}
FEATURE_NAMES = tuple(FEATURES)

_OPENING, _CLOSING = "“„«", "”»"


@dataclass(frozen=True)
class Words:
    """One text in words and pieces.  Offsets are code points of the text."""

    text: str
    #: Piece ids, shape (pieces,).
    ids: Ints
    #: Index of the word a piece belongs to, shape (pieces,).
    word_of: Ints
    #: Where each word starts and ends in the text, shape (words,).
    start: Ints
    end: Ints

    @cached_property
    def first_piece(self) -> Ints:
        """Index of each word's first piece, shape (words,)."""
        return np.searchsorted(self.word_of, np.arange(len(self.start)))

    @cached_property
    def features(self) -> Ints:
        """Shape, line and quote of each word, shape (words, 3)."""
        columns = [_shapes(self), _line_starts(self), _quotes(self)]
        return np.stack(columns, axis=1) if len(self.start) else np.zeros((0, 3), np.int64)

    def __len__(self) -> int:
        return len(self.start)

    def without(self, spans: Sequence[tuple[int, int]]) -> Words:
        """These words without the ones that touch a span of the text."""
        keep = np.ones(len(self), bool)
        for start, end in spans:
            first, last = self.words_in(start, end)
            keep[first:last] = False
        if keep.all():
            return self
        pieces = keep[self.word_of]
        number = np.cumsum(keep) - 1
        of = number[self.word_of[pieces]]
        return Words(self.text, self.ids[pieces], of, self.start[keep], self.end[keep])

    def word(self, index: int) -> str:
        """The word as it stands in the text."""
        return self.text[self.start[index] : self.end[index]]

    def words_in(self, start: int, end: int) -> tuple[int, int]:
        """Words that overlap ``text[start:end]``, as a half-open range of indices."""
        first = int(np.searchsorted(self.end, start, side="right"))
        last = int(np.searchsorted(self.start, end, side="left"))
        return first, max(first, last)


def load_tokenizer(path: Path) -> Tokenizer:
    """Load the vocabulary; cutting and padding are this module's business."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def cut(tokenizer: Tokenizer, text: str) -> Words:
    """Cut a text into words and pieces."""
    # A lone surrogate cannot cross into the tokenizer; one code point replaces
    # another, so that offsets stay.
    safe = text.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(text) else text
    encoding = tokenizer.encode(safe, add_special_tokens=False)
    ids = np.array(encoding.ids, np.int64)
    if not len(ids):
        empty = np.zeros(0, np.int64)
        return Words(text, empty, empty, empty, empty)
    offsets = np.array(encoding.offsets, np.int64)
    raw = np.array([-1 if w is None else w for w in encoding.word_ids], np.int64)
    changes = np.empty(len(raw), bool)
    changes[0] = True
    changes[1:] = raw[1:] != raw[:-1]
    word_of = np.cumsum(changes) - 1
    firsts = np.flatnonzero(changes)
    lasts = np.append(firsts[1:], len(raw)) - 1
    return Words(text, ids, word_of, offsets[firsts, 0], offsets[lasts, 1])


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _shapes(words: Words) -> Ints:
    return np.array([_shape(words.word(i)) for i in range(len(words))], np.int64)


def _shape(word: str) -> int:
    """0 lower, 1 Title, 2 UPPER, 3 miXed, 4 one capital, 5 digits, 6 mark, 7 caseless."""
    if word.islower():
        return 0
    if word[:1].isdigit():
        return 5
    if not word[:1].isalnum():
        return 6
    if word.isupper():
        return 4 if len(word) == 1 else 2
    if word.istitle():
        return 1
    return 3 if word.lower() != word.upper() else 7


def _line_starts(words: Words) -> Ints:
    """0 inside a line, 1 first word of a line, 2 of a paragraph, 3 of the text."""
    out = np.zeros(len(words), np.int64)
    for i in range(len(words)):
        if i == 0:
            out[i] = 3
            continue
        breaks = words.text.count("\n", words.end[i - 1], words.start[i])
        out[i] = min(breaks, 2)
    return out


def numbered(words: Words, sentences: Sequence[Span]) -> Ints:
    """The number of each word's sentence; 0 for all where there are no sentences."""
    starts = np.array([s.start for s in sentences], np.int64)
    return np.searchsorted(starts, words.start, side="right")


def _quotes(words: Words) -> Ints:
    """0 outside quotation marks, 1 inside, 2 an opening mark, 3 a closing one."""
    out = np.zeros(len(words), np.int64)
    inside = False
    lines = _line_starts(words)
    for i in range(len(words)):
        if lines[i] >= 2:
            inside = False
        word = words.word(i)
        if word in _OPENING or (word == '"' and not inside):
            out[i], inside = 2, True
        elif word in _CLOSING or word == '"':
            out[i], inside = 3, False
        else:
            out[i] = int(inside)
    return out


@dataclass(frozen=True)
class Window:
    """A stretch of an article's pieces that goes through the encoder at once."""

    #: Pieces ``[first, last)`` of the article.
    first: int
    last: int
    #: Words ``[word_first, word_last)`` whose answers are taken from this window.
    word_first: int
    word_last: int


def windows(words: Words, *, size: int = WINDOW, overlap: int = OVERLAP) -> list[Window]:
    """Cut an article into windows of near-equal length, as few as possible.

    Each word is answered once, from the window in which it stands furthest from
    an edge.  The cut depends on the article alone, so that a record does too.
    """
    total = len(words.ids)
    if total == 0:
        return []
    room = size - 2
    count = 1 if total <= room else -(-(total - overlap) // (room - overlap))
    step = (total - overlap) / count if count > 1 else total
    spans = []
    for i in range(count):
        first = round(i * step)
        spans.append((first, min(first + room, round((i + 1) * step) + overlap, total)))
    cuts = [(a[1] + b[0]) // 2 for a, b in pairwise(spans)]
    bounds = [0, *(int(words.word_of[min(c, total - 1)]) for c in cuts), len(words)]
    return [Window(f, e, a, b) for (f, e), a, b in zip(spans, bounds, bounds[1:])]


@dataclass(frozen=True)
class Batch:
    """Windows of equal padded length, ready for the encoder."""

    #: Piece ids, shape (windows, length).
    ids: Ints
    #: shape, line, quote, mark of each piece, shape (windows, length, 4).
    features: Ints
    #: Pieces that count, shape (windows,).
    lengths: Ints
    #: Flat index (window × length) of the first piece of each word taken.
    take: Ints


def batch(parts: Sequence[tuple[Words, Window, Ints | None]], length: int | None = None) -> Batch:
    """Pack windows; ``marks`` (one per word, or None) say which words are marked."""
    width = length or padded(max(w.last - w.first for _, w, _ in parts) + 2)
    ids = np.full((len(parts), width), PAD, np.int64)
    features = np.zeros((len(parts), width, len(FEATURES)), np.int64)
    lengths = np.zeros(len(parts), np.int64)
    take = []
    for row, (words, window, marks) in enumerate(parts):
        n = window.last - window.first
        ids[row, 0], ids[row, 1 : n + 1], ids[row, n + 1] = (
            CLS,
            words.ids[window.first : window.last],
            SEP,
        )
        of = words.word_of[window.first : window.last]
        features[row, 1 : n + 1, :3] = words.features[of]
        if marks is not None:
            features[row, 1 : n + 1, 3] = marks[of]
        lengths[row] = n + 2
        own = words.first_piece[window.word_first : window.word_last]
        take.append(row * width + 1 + own - window.first)
    return Batch(ids, features, lengths, np.concatenate(take))


def padded(length: int) -> int:
    """The length a window of ``length`` pieces is padded to."""
    return -(-length // PAD_TO) * PAD_TO


def iterate(items: Sequence[Words]) -> Iterator[tuple[int, Words, Window]]:
    """All windows of several articles, with the index of the article."""
    for index, words in enumerate(items):
        for window in windows(words):
            yield index, words, window
