"""The words around what was found, as offsets into the text: str in, spans out."""

from __future__ import annotations

from collections.abc import Sequence

#: What the databases put around a word they found; the texts hold neither.
BEGIN, END = "\ue0f0", "\ue0f1"

Pair = tuple[int, int]


def hits(marked: str, text: str) -> list[Pair]:
    """Return where the marks of ``marked`` stand in ``text``; none when the two do not fit."""
    found: list[Pair] = []
    at = 0
    start = 0
    for char in marked:
        if char == BEGIN:
            start = at
        elif char == END:
            found.append((start, at))
        else:
            at += 1
    return found if at == len(text) else []


def window(text: str, found: Sequence[Pair], size: int = 240) -> Pair:
    """Return the stretch of about ``size`` characters that holds the most hits, whole words."""
    if not found:
        return 0, _word_end(text, min(size, len(text)))
    best, most, last = 0, 0, 0
    for first in range(len(found)):
        while last < len(found) and found[last][1] - found[first][0] <= size * 3 // 4:
            last += 1
        if last - first > most:
            best, most = first, last - first
    start = max(found[best][0] - size // 4, 0)
    start = 0 if start == 0 else _word_start(text, start)
    return start, _word_end(text, min(max(start + size, found[best][1]), len(text)))


def _word_start(text: str, at: int) -> int:
    least = max(at - 40, 0)
    while at > least and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    most = min(at + 40, len(text))
    while at < most and not text[at].isspace():
        at += 1
    return at
