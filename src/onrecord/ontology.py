"""PLOVER: event types, modes, quads, scores, contexts, sectors, codes, and the way from CAMEO.

The facts stand in ``ontology.toml`` beside this file, with their source and what
was settled where the manual contradicts itself.  Scores run from -10 (conflict)
to 10 (cooperation), as on the Goldstein scale that PLOVER keeps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from onrecord.errors import InputError, ModelError

_T = TypeVar("_T")

PATH = Path(__file__).with_name("ontology.toml")


@dataclass(frozen=True, slots=True)
class Mode:
    """A way in which an event of one type happens."""

    name: str
    #: -10 … 10; the type's score where the manual prints none.
    score: float
    meaning: str


@dataclass(frozen=True, slots=True)
class EventType:
    """One PLOVER event type."""

    name: str
    #: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
    quad: int
    score: float
    requires_recipient: bool
    definition: str
    modes: Mapping[str, Mode]
    #: Which neighbouring type takes the doubtful cases.
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a CAMEO code becomes in PLOVER."""

    code: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    #: The row as the crosswalk of 2021 prints it: ``TYPE/mode context …``.
    published: str
    #: Why it differs from the published row; ``None`` where it does not.
    note: str | None


def types() -> Mapping[str, EventType]:
    """Return the sixteen event types by name, from cooperation to conflict."""
    return _types()


def event_type(name: str) -> EventType:
    """Return the event type ``name``.

    Raises InputError when PLOVER has no such type.
    """
    return _pick(_types(), name, "PLOVER event type")


def mode(type_name: str, name: str) -> Mode:
    """Return the mode ``name`` of the event type ``type_name``.

    Raises InputError when the type or its mode is unknown.
    """
    return _pick(event_type(type_name).modes, name, f"mode of {type_name}")


def score(type_name: str, mode_name: str | None = None) -> float:
    """Return the score of an event, -10 … 10: its mode's where it has one, else its type's."""
    if mode_name is None:
        return event_type(type_name).score
    return mode(type_name, mode_name).score


def quad(type_name: str) -> int:
    """Return the quad class of an event type, 1 … 4 (``quads`` names them)."""
    return event_type(type_name).quad


def quads() -> Mapping[int, str]:
    """Return the names of the quad classes, 1 … 4."""
    return {int(number): name for number, name in _table("quads").items()}


def modes() -> tuple[str, ...]:
    """Return every mode of any type, sorted."""
    return tuple(sorted({name for kind in _types().values() for name in kind.modes}))


def contexts() -> Mapping[str, str]:
    """Return the contexts with their meanings."""
    return _table("contexts")


def sectors() -> Mapping[str, str]:
    """Return the sector codes with their meanings."""
    return _table("sectors")


def nonstate_codes() -> Mapping[str, str]:
    """Return the codes that stand in a country's place (UNO, NGO, …) with their meanings."""
    return _table("nonstate")


def auxiliary_mode(status: str) -> str | None:
    """Return PLOVER's auxiliary mode for a record's status; ``None`` for an actual event."""
    found: str = _pick(_table("statuses"), status, "status")["mode"]
    return found or None


def relation_labels(*, joined: bool = False) -> tuple[str, ...]:
    """Return the labels of a marked pair: the 16 types, or the 15 of the published sets.

    There CONCEDE and RETREAT are one label, YIELD.
    """
    return tuple(_table("relations")["joined"]) if joined else tuple(_types())


def crosswalk() -> Mapping[str, Crossing]:
    """Return what every CAMEO code of the crosswalk becomes, corrected to draft 2.0."""
    return _crosswalk()


def cameo(code: str) -> Crossing | None:
    """Return what a CAMEO code becomes; ``None`` for 01 and 02, which PLOVER dropped.

    Statements (CAMEO 01 and 02) are no events in PLOVER; a record keeps them as
    statements.  Raises InputError when the crosswalk has no such code.
    """
    if code.startswith(tuple(_table("cameo")["dropped"])):
        return None
    return _pick(_crosswalk(), code, "CAMEO code")


def _pick(table: Mapping[str, _T], key: str, what: str) -> _T:
    try:
        return table[key]
    except KeyError:
        known = ", ".join(table) if len(table) < 40 else "see onrecord/ontology.toml"
        raise InputError(f"there is no {what} {key!r}; known: {known or 'none'}") from None


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    try:
        return tomllib.loads(PATH.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(
            f"the table of event types cannot be read ({error}); install onrecord again",
            path=str(PATH),
        ) from error


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = _read()[name]
    return table


@lru_cache(maxsize=1)
def _types() -> dict[str, EventType]:
    return {name: _event_type(name, row) for name, row in _table("types").items()}


def _event_type(name: str, row: dict[str, Any]) -> EventType:
    default = float(row["score"])
    found = {
        mode_name: Mode(mode_name, float(entry.get("score", default)), entry["meaning"])
        for mode_name, entry in row.get("modes", {}).items()
    }
    return EventType(
        name=name,
        quad=row["quad"],
        score=default,
        requires_recipient=row["requires_recipient"],
        definition=row["definition"],
        modes=found,
        rules=tuple(row.get("rules", ())),
    )


@lru_cache(maxsize=1)
def _crosswalk() -> dict[str, Crossing]:
    table = _table("cameo")
    corrected = table["corrected"]
    return {
        code: _crossing(code, published, *corrected.get(code, (published, None)))
        for code, published in table["published"].items()
    }


def _crossing(code: str, published: str, row: str, note: str | None) -> Crossing:
    """Take ``TYPE/mode context …`` apart and replace the contexts that 2.0 dropped."""
    head, *found = row.split()
    type_name, _, mode_name = head.partition("/")
    renamed: dict[str, str] = _table("cameo")["contexts"]
    kept = tuple(filter(None, (renamed.get(context, context) for context in found)))
    if note is None and list(kept) != found:
        note = "2.0 has no such context"
    return Crossing(code, type_name, mode_name or None, kept, published, note)
