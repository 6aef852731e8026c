"""The JSON Schemas of what the API gives, read off the library's own classes and columns."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from typing import Any

from onrecord.forms import json_schema, without_surrogates

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
_COLUMNS: Mapping[str, dict[str, Any]] = {
    "str": {"type": ["string", "null"]}, "int": {"type": ["integer", "null"]},
    "float": {"type": ["number", "null"]}, "bool": {"type": ["boolean", "null"]},
    "strs": {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
}  # fmt: skip


def dumped(value: Any) -> str:
    """Return JSON in one line; what no encoding can carry becomes U+FFFD."""
    words = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return without_surrogates(words)


def of_class(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a NamedTuple, as a reference; those it holds become definitions too."""
    name: str = cls.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = typing.get_type_hints(cls)
        definitions[name] = {
            "type": "object",
            "description": (cls.__doc__ or "").replace("``", ""),
            "properties": {field: _of_hint(hint, definitions) for field, hint in hints.items()},
            "required": list(hints),
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _of_hint(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (inner,) = (one for one in typing.get_args(hint) if one is not types.NoneType)
        return {"anyOf": [_of_hint(inner, definitions), {"type": "null"}]}
    if typing.get_origin(hint) is tuple:
        first, *rest = typing.get_args(hint)
        if rest == [...]:
            return {"type": "array", "items": _of_hint(first, definitions)}
        parts = [_of_hint(one, definitions) for one in (first, *rest)]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts)}
    if typing.get_origin(hint) is typing.Literal:
        return {"enum": list(typing.get_args(hint))}
    if hasattr(hint, "_fields"):
        return of_class(hint, definitions)
    return {"type": _PLAIN[hint]}


def of_columns(columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema of a row of the archive by its columns and their types."""
    return {
        "type": "object",
        "properties": {name: _COLUMNS[kind] for name, kind in columns.items()},
        "required": list(columns),
    }


def record(definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a record, as a reference; it is the published one."""
    if "Record" not in definitions:
        schema = json_schema()
        inner = schema.pop("$defs")
        for name in ("$schema", "$id"):
            schema.pop(name)
        for name, one in {"Record": schema, **{f"Record.{n}": s for n, s in inner.items()}}.items():
            definitions[name] = _moved(one)
    return {"$ref": "#/components/schemas/Record"}


def _moved(value: Any) -> Any:
    """Point references at where OpenAPI keeps definitions."""
    if isinstance(value, list):
        return [_moved(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: one.replace("#/$defs/", "#/components/schemas/Record.")
        if name == "$ref"
        else _moved(one)
        for name, one in value.items()
    }
