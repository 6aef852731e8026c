"""A record as JSON, both ways, and the JSON Schema of that form.

All three are read off the classes of ``record`` and the table in ``fields``, so
that they cannot differ.  Whole numbers are written without a fraction
(``10``, not ``10.0``).  A lone surrogate, which no encoding can carry, is
written as U+FFFD: one code point for one, so that offsets hold.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any

from onrecord import ontology, record
from onrecord.errors import RecordError
from onrecord.fields import ALWAYS_KNOWN, BOUNDS, CHOICES, MEANINGS, ORDER

_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}

#: What stands in a country's place: three capital letters.
COUNTRY = "^[A-Z]{3}$"


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a class: its name and what may stand in it."""

    name: str
    #: str, int, float, bool, or a class of ``record``.
    type: type
    many: bool
    nullable: bool
    choices: tuple[str, ...]


@cache
def slots(cls: type) -> tuple[Slot, ...]:
    """Return the fields of a class of ``record`` in the order of its JSON keys."""
    hints = typing.get_type_hints(cls)
    names = [field.name for field in fields(cls)]
    first = ORDER.get(cls, ())
    ordered = [*first, *(name for name in names if name not in first)]
    return tuple(_slot(cls, name, hints[name]) for name in ordered)


def _slot(cls: type, name: str, hint: Any) -> Slot:
    nullable = False
    if isinstance(hint, UnionType):
        (hint,) = (part for part in typing.get_args(hint) if part is not NoneType)
        nullable = (cls, name) not in ALWAYS_KNOWN
    many = typing.get_origin(hint) is Sequence
    if many:
        (hint,) = typing.get_args(hint)
    return Slot(name, hint, many, nullable, choices(cls, name))


def choices(cls: type, name: str) -> tuple[str, ...]:
    """Return the values that a field may take; empty where any may stand."""
    from_ontology: dict[str, Callable[[], Any]] = {
        "type": ontology.types,
        "mode": ontology.modes,
        "contexts": ontology.contexts,
        "sector": ontology.sectors,
    }
    if (cls, name) in CHOICES:
        return CHOICES[cls, name]
    if name in from_ontology and cls in (record.Event, record.Entity, record.Participant):
        return tuple(from_ontology[name]())
    return ()


# -- to JSON --------------------------------------------------------------------------


def to_dict(value: record.Record) -> dict[str, Any]:
    """Return a record as plain dicts, lists and numbers, every key present, in fixed order."""
    return _object(value)


def to_json(value: record.Record, *, indent: int | None = None) -> str:
    """Return a record as JSON: one line, or indented by ``indent`` blanks.

    Raises ValueError when a number of the record is not finite.
    """
    separators = (",", ":") if indent is None else None
    return json.dumps(
        to_dict(value), ensure_ascii=False, allow_nan=False, indent=indent, separators=separators
    )


def _object(value: Any) -> dict[str, Any]:
    cls: type = type(value)
    return {slot.name: _plain(getattr(value, slot.name), slot) for slot in slots(cls)}


def _plain(value: Any, slot: Slot) -> Any:
    if value is None:
        return None
    if slot.many:
        return [_single(item, slot.type) for item in value]
    return _single(value, slot.type)


def _single(value: Any, expected: type) -> Any:
    if expected is str:
        return without_surrogates(value)
    if expected is float and float(value).is_integer():
        return int(value)
    return value if expected in _PLAIN else _object(value)


def without_surrogates(text: str) -> str:
    """Return ``text`` with every lone surrogate as U+FFFD: same length, encodable."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


# -- from JSON ------------------------------------------------------------------------


def from_dict(data: Any) -> record.Record:
    """Return the record that ``data`` (parsed JSON) holds.

    Fields it does not know are ignored.  Raises RecordError, which names the path,
    when one is missing, of the wrong type, not one of its values, or when the
    record is of another version.
    """
    if not isinstance(data, Mapping):
        raise _wrong("", f"a record is an object, not {_called(data)}")
    schema = data.get("schema")
    if schema != record.SCHEMA:
        raise _wrong(
            "schema",
            f"is {schema!r}; this version reads {record.SCHEMA!r}: "
            "update onrecord, or read the article again",
        )
    found: record.Record = _parse_object(data, record.Record, "")
    return found


def from_json(text: str | bytes) -> record.Record:
    """Return the record that JSON ``text`` holds; RecordError when it holds none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong("", f"this is not JSON ({error}); give one record") from None
    return from_dict(data)


def _parse_object(data: Any, cls: type, path: str) -> Any:
    if not isinstance(data, Mapping):
        raise _wrong(path, f"must be an object, not {_called(data)}")
    values = {}
    for slot in slots(cls):
        here = f"{path}.{slot.name}" if path else slot.name
        if slot.name not in data:
            raise _wrong(here, "is missing; a record holds null where nothing is known")
        values[slot.name] = _parse(data[slot.name], slot, here)
    return cls(**values)


def _parse(data: Any, slot: Slot, path: str) -> Any:
    if data is None and slot.nullable and not slot.many:
        return None
    if not slot.many:
        return _parse_single(data, slot, path)
    if not isinstance(data, Sequence) or isinstance(data, (str, bytes)):
        raise _wrong(path, f"must be a list, not {_called(data)}")
    return tuple(_parse_single(item, slot, f"{path}[{i}]") for i, item in enumerate(data))


def _parse_single(data: Any, slot: Slot, path: str) -> Any:
    if is_dataclass(slot.type):
        return _parse_object(data, slot.type, path)
    if not _is(data, slot.type):
        raise _wrong(path, f"must be {_a(_PLAIN[slot.type])}, not {_called(data)}")
    if slot.choices and data not in slot.choices:
        raise _wrong(path, f"is {data!r}; it may be {', '.join(slot.choices)}")
    return _float(data, path) if slot.type is float else data


def _is(data: Any, expected: type) -> bool:
    if expected is float:
        expected = int | float  # type: ignore[assignment]
    return isinstance(data, expected) and (expected is bool or not isinstance(data, bool))


def _float(data: float, path: str) -> float:
    try:
        number = float(data)
    except OverflowError:
        number = float("inf")
    if number - number != 0:
        raise _wrong(path, "must be a finite number")
    return number


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aio" else f"a {noun}"


def _called(data: Any) -> str:
    if data is None:
        return "null"
    names = {dict: "an object", list: "a list", **{t: _a(n) for t, n in _PLAIN.items()}}
    return names.get(type(data), type(data).__name__)


def _wrong(path: str, problem: str) -> RecordError:
    return RecordError(f"{path} {problem}" if path else problem, path=path)


# -- the schema -----------------------------------------------------------------------


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a record.

    Fields it does not name are allowed: readers of a record ignore them.
    """
    definitions: dict[str, Any] = {}
    root = _schema_object(record.Record, definitions)
    root["properties"]["schema"] = {"const": record.SCHEMA, "description": _meaning("schema")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:onrecord:schema:{record.SCHEMA}",
        "title": "onrecord record",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _meaning(name: str) -> str:
    return MEANINGS[record.Record][name]


def _schema_object(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    meanings = MEANINGS[cls]
    properties = {
        slot.name: {**_schema_slot(slot, definitions), "description": meanings[slot.name]}
        for slot in slots(cls)
    }
    return {
        "description": (cls.__doc__ or "").replace("``", ""),
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _schema_slot(slot: Slot, definitions: dict[str, Any]) -> dict[str, Any]:
    if slot.many:
        return {"type": "array", "items": _schema_single(slot, definitions)}
    if slot.choices:
        return {"enum": [*slot.choices, None] if slot.nullable else list(slot.choices)}
    single = _schema_single(slot, definitions)
    if not slot.nullable:
        return single
    if "$ref" in single:
        return {"anyOf": [single, {"type": "null"}]}
    return {**single, "type": [single["type"], "null"]}


def _schema_single(slot: Slot, definitions: dict[str, Any]) -> dict[str, Any]:
    if is_dataclass(slot.type):
        name = slot.type.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _schema_object(slot.type, definitions)
        return {"$ref": f"#/$defs/{name}"}
    if slot.choices:
        return {"enum": list(slot.choices)}
    return {"type": _PLAIN[slot.type], **_limits(slot)}


def _limits(slot: Slot) -> dict[str, Any]:
    if slot.name in BOUNDS:
        low, high = BOUNDS[slot.name]
        return {"minimum": low, "maximum": high}
    if slot.name in ("start", "end"):
        return {"minimum": 0}
    if slot.name == "version" and slot.type is int:
        return {"minimum": 1}
    return {"pattern": COUNTRY} if slot.name == "country" else {}
