"""What the analysis returns as plain dicts and lists: the JSON of briefings and time lines."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from onrecord.analysis._briefing_lines import Source


def plain(value: Any) -> Any:
    """Return dataclasses and NamedTuples as dicts, tuples as lists, all the way down.

    A ``Source`` has its ``sentence`` and ``words`` instead of the pieces.
    """
    if isinstance(value, Source):
        cells = {one.name: getattr(value, one.name) for one in fields(value)}
        del cells["pieces"]
        return {**cells, "sentence": value.sentence, "words": value.words}
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: plain(cell) for name, cell in zip(value._fields, value, strict=True)}
    if isinstance(value, dict):
        return {name: plain(cell) for name, cell in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value
