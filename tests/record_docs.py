"""The tables of docs/record.md, from the classes: ``python -m tests.record_docs`` writes them."""

from __future__ import annotations

import re
from pathlib import Path

from onrecord import record
from onrecord.fields import MEANINGS
from onrecord.forms import Slot, slots

DOCS = Path(__file__).parent.parent / "docs" / "record.md"
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
#: More values than this are named by where they are listed.
_LISTED = 20


def table(cls: type) -> str:
    """Return the fields of a class as a Markdown table."""
    meanings = MEANINGS[cls]
    rows = [f"| `{s.name}` | {_kind(s)} | {meanings[s.name]}{_values(s)} |" for s in slots(cls)]
    return "\n".join(["| field | type | meaning |", "|---|---|---|", *rows])


def _kind(slot: Slot) -> str:
    kind = _TYPES.get(slot.type) or f"[{slot.type.__name__}](#{slot.type.__name__.lower()})"
    kind = f"list of {kind}" if slot.many else kind
    return f"{kind} or null" if slot.nullable else kind


def _values(slot: Slot) -> str:
    if not slot.choices:
        return ""
    if len(slot.choices) > _LISTED:
        return " One of those in `onrecord/ontology.toml`."
    return " " + ", ".join(f"`{one}`" for one in slot.choices) + "."


def write() -> None:
    """Put every table between its marks in the docs."""
    text = DOCS.read_text(encoding="utf-8")
    for name in re.findall(r"<!-- fields: (\w+) -->", text):
        opening, closing = f"<!-- fields: {name} -->", "<!-- end -->"
        start = text.index(opening) + len(opening)
        end = text.index(closing, start)
        text = f"{text[:start]}\n{table(getattr(record, name))}\n{text[end:]}"
    DOCS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
