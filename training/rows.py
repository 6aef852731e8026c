"""Rows written by hand for training: ``python -m training.rows`` checks them all.

A row of ``training/data_rows/*.jsonl`` is a short news text of our own invention with
everything in it annotated after the guide.  The first line of a file is
``{"teaches": "…"}``.  Words are given as they stand; ``#2`` after them means their
second occurrence in the text.

``{"text": "…", "events": [{"e": 1, "trigger": "talks", "type": "CONSULT", "mode": null,
"status": "actual", "actor": ["the envoy"], "recipient": [], "place": "Tunis", "date": "on
Monday", "figures": [], "by": false}, {"e": 1, "trigger": "meeting"}], "statements":
[{"speaker": "the envoy#2", "cue": "said", "stance": "state", "content": "…"}], "names":
{"he": "Full Name"}}``

``names`` gives the canonical name of speakers and participants, where there is one.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onrecord.reading import labels as L

FOLDER = Path(__file__).parent / "data_rows"
_NTH = re.compile(r"#(\d+)$")


def load(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """All rows in the form of gold rows; raises ValueError naming the bad line."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            row = json.loads(line)
            if "teaches" in row:
                continue
            try:
                yield _gold(row, f"{path.stem}-{number}")
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}:{number}: {error!r}") from error


def find(text: str, words: str) -> list[int]:
    """Offsets of words, ``#n`` meaning their n-th occurrence."""
    nth = _NTH.search(words)
    bare = words[: nth.start()] if nth else words
    at = -1
    for _ in range(int(nth.group(1)) if nth else 1):
        at = text.find(bare, at + 1)
        if at < 0 or not bare:
            raise ValueError(f"{words!r} does not stand in the text")
    # A word must not begin inside another one.
    if at and text[at - 1].isalnum() and bare[0].isalnum():
        return find_whole(text, bare, at)
    return [at, at + len(bare)]


def find_whole(text: str, bare: str, at: int) -> list[int]:
    """The next occurrence that begins a word."""
    found = re.compile(rf"(?<!\w){re.escape(bare)}").search(text, at)
    if found is None:
        raise ValueError(f"{bare!r} begins no word of the text")
    return [found.start(), found.end()]


def _gold(row: dict[str, Any], key: str) -> dict[str, Any]:
    text, names = row["text"], row.get("names", {})

    def part(words: str) -> dict[str, Any]:
        bare = _NTH.sub("", words)
        return {"t": bare, "span": find(text, words), "name": names.get(words, names.get(bare))}

    events = [_event(e, part) for e in row.get("events", [])]
    statements = []
    for s in row.get("statements", []):
        _known(s["stance"], L.STANCE_CLASSES)
        statement = {
            "speaker": part(s["speaker"]) if s.get("speaker") else None,
            "stance": s["stance"],
            "content_span": find(text, s["content"]),
        }
        if s.get("cue"):
            statement["cue_span"] = find(text, s["cue"])
        statements.append(statement)
    return {"id": key, "text": text, "sentences": [], "events": events, "statements": statements}


def _event(e: dict[str, Any], part: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"e": e["e"], "trigger": part(e["trigger"])["span"]}
    if "type" not in e:
        return out
    _known(e["type"], L.EVENT_TYPES)
    _known(e["status"], L.STATUS_CLASSES)
    if e.get("mode"):
        _known(e["mode"], L.MODES.get(e["type"], ()))
    out |= {"type": e["type"], "mode": e.get("mode"), "status": e["status"]}
    out["by"] = True if e.get("by") else None
    for role in ("actor", "recipient"):
        out[role] = [part(p) for p in e.get(role, [])]
    for role in ("place", "date"):
        if e.get(role):
            out[role] = part(e[role])
    out["size"] = [part(p) for p in e.get("figures", [])]
    return out


def _known(value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}")


def main() -> None:
    """Check all rows and count what they teach."""
    rows = list(load())
    types = Counter(e["type"] for r in rows for e in r["events"] if "type" in e)
    statuses = Counter(e["status"] for r in rows for e in r["events"] if "type" in e)
    stances = Counter(s["stance"] for r in rows for s in r["statements"])
    empty = sum(not r["events"] for r in rows)
    out = f"{len(rows)} rows, {empty} without events\n{types}\n{statuses}\n{stances}\n"
    sys.stdout.write(out)


if __name__ == "__main__":
    main()
