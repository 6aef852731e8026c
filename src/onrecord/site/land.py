"""Where people live, from the shipped gazetteer: the shape of the land, without borders.

Maps here draw no coast and no border, which nobody agrees on everywhere, and fetch no
tiles; towns as faint dots show well enough where a place lies.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np

from onrecord.knowledge import gazetteer

_CITY = gazetteer.PRECISIONS.index("city")


@cache
def towns() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return latitude and longitude of every town of the gazetteer, one row each."""
    data = gazetteer.PATH.read_bytes()
    header = json.loads(data[: data.index(b"\n")])
    at, size = header["rows"], gazetteer.ROW.size
    found = []
    while at + size <= header["size"]:
        _, lat, lon, _, _, _, precision, _, length = gazetteer.ROW.unpack_from(data, at)
        if precision & ~gazetteer.CAPITAL == _CITY:
            found.append((lat, lon))
        at += -(-(size + length) // gazetteer.ALIGN) * gazetteer.ALIGN
    return np.array(found, dtype=np.float32).reshape(-1, 2)


def cells(
    left: float, top: float, scale: float, width: int, height: int, cell: int
) -> tuple[tuple[int, int, int], ...]:
    """Return runs of cells of a map in which towns lie: (x, y, length), in pixels.

    ``left``, ``top``: degrees at the map's corner; ``scale``: pixels for a degree;
    ``cell``: width of a cell in pixels.
    """
    lat, lon = towns().T
    x = (((lon - left) % 360) * scale / cell).astype(np.int32)
    y = ((top - lat) * scale / cell).astype(np.int32)
    across, down = -(-width // cell), -(-height // cell)
    inside = (x >= 0) & (x < across) & (top >= lat) & (y < down)
    grid = np.zeros((down, across + 1), dtype=bool)
    grid[y[inside], x[inside]] = True
    edges = np.diff(np.pad(grid, ((0, 0), (1, 0))).astype(np.int8), axis=1)
    rows, begin = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    return tuple(
        (int(b) * cell, int(r) * cell, int(e - b) * cell)
        for r, b, e in zip(rows, begin, end, strict=True)
    )
