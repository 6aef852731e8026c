"""Pictures as arrays, to see whether two look alike."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def grey(png: bytes) -> NDArray[np.float64]:
    """Return a PNG (8 bit, RGB or RGBA, not interlaced) as grey values, 0 to 255."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert depth == 8
            assert color in (2, 6)
            assert not interlaced
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    channels = 3 if color == 2 else 4
    rows = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, -1)
    pixels = _unfiltered(rows, channels).reshape(height, width, channels).astype(np.float64)
    alpha = pixels[..., 3:] / 255 if channels == 4 else 1.0
    return (pixels[..., :3] * alpha + 255 * (1 - alpha)).mean(axis=2)


def _unfiltered(rows: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Undo the filters of a PNG's lines (PNG specification, section 9)."""
    done = np.zeros((len(rows), rows.shape[1] - 1), dtype=np.uint8)
    above = np.zeros(rows.shape[1] - 1, dtype=np.uint8)
    for number, row in enumerate(rows):
        line = row[1:].copy()
        if row[0] == 2:
            line += above
        elif row[0] in (1, 3, 4):
            line = _from_the_left(int(row[0]), line, above, step)
        done[number] = above = line
    return done


def _from_the_left(
    kind: int, line: NDArray[np.uint8], above: NDArray[np.uint8], step: int
) -> NDArray[np.uint8]:
    out, up = line.tolist(), above.tolist()
    for at, value in enumerate(out):
        left = out[at - step] if at >= step else 0
        if kind == 1:
            more = left
        elif kind == 3:
            more = (left + up[at]) // 2
        else:
            more = _paeth(left, up[at], up[at - step] if at >= step else 0)
        out[at] = (value + more) & 255
    return np.array(out, dtype=np.uint8)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def apart(one: bytes, other: bytes, block: int = 8) -> float:
    """Return how far two pictures are apart: the mean difference of their blocks' grey.

    Infinite where their sizes differ by more than a block.
    """
    a, b = grey(one), grey(other)
    if abs(a.shape[0] - b.shape[0]) > block or abs(a.shape[1] - b.shape[1]) > block:
        return float("inf")
    height, width = (min(x, y) // block * block for x, y in zip(a.shape, b.shape, strict=True))
    means = [
        image[:height, :width].reshape(height // block, block, width // block, block)
        .mean(axis=(1, 3))
        for image in (a, b)
    ]  # fmt: skip
    return float(np.abs(means[0] - means[1]).mean())
