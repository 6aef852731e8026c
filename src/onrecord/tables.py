"""Records as Arrow tables, one for each kind of row, for Parquet, DuckDB, R or pandas.

Every row carries ``article_id``; rows inside a row carry its id too; every row
with offsets carries its words.  A reference to words (speaker, cue, trigger, …)
becomes the columns ``speaker_start``, ``speaker_end``, ``speaker_words`` and,
where it has one, ``speaker_entity``.  The columns and their types do not depend on
the records: a table without rows has them all.  Needs the extra ``arrow``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from onrecord import record as r
from onrecord.errors import SettingError
from onrecord.forms import Slot, slots, without_surrogates

if TYPE_CHECKING:
    import pyarrow as pa

#: Table → the class of its rows and the columns that come before the class's own.
ROWS: Mapping[str, tuple[type, tuple[str, ...]]] = {
    "articles": (r.Article, ("schema", "reader_version", "reader_model", "reader_model_sha256")),
    "skipped": (r.Skip, ()),
    "sentences": (r.Span, ("sentence",)),
    "entities": (r.Entity, ()),
    "mentions": (r.Mention, ("entity_id",)),
    "times": (r.Time, ()),
    "places": (r.Place, ()),
    "figures": (r.Figure, ()),
    "statements": (r.Statement, ()),
    "contents": (r.Span, ("statement_id", "run")),
    "events": (r.Event, ()),
    "event_mentions": (r.EventMention, ("event_id",)),
    "participants": (r.Participant, ("event_id", "part")),
    "warnings": (r.Warning, ()),
}
#: Type names of the columns that are not fields of a class.
_EXTRA = {"sentence": "int", "run": "int"}
_DAYS = ("begin", "finish")

_Rows = Iterator[tuple[str, tuple[Any, ...], Any]]


def tables(records: Iterable[r.Record]) -> dict[str, pa.Table]:
    """Return the rows of ``records`` as Arrow tables by name, in the order of the records.

    Raises SettingError when pyarrow is not installed, and ValueError when a time
    of a record begins or ends on no ISO date.
    """
    pyarrow = _pyarrow()
    schemas = {name: schema(name) for name in ROWS}
    columns: dict[str, dict[str, list[Any]]] = {
        name: {field.name: [] for field in found} for name, found in schemas.items()
    }
    for record in records:
        for name, before, row in _rows(record):
            _append(columns[name], record, before, row)
    return {name: pyarrow.table(columns[name], schema=found) for name, found in schemas.items()}


def schema(name: str) -> pa.Schema:
    """Return the columns of the table ``name`` with their types."""
    pyarrow = _pyarrow()
    kinds = {
        "str": pyarrow.string(),
        "int": pyarrow.int64(),
        "float": pyarrow.float64(),
        "bool": pyarrow.bool_(),
        "day": pyarrow.date32(),
        "strs": pyarrow.list_(pyarrow.string()),
    }
    return pyarrow.schema([(column, kinds[kind]) for column, kind in _columns(name).items()])


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise SettingError(
            "tables need pyarrow: install it with  pip install 'onrecord[arrow]'", name="arrow"
        ) from error
    return pyarrow


def _columns(name: str) -> dict[str, str]:
    cls, before = ROWS[name]
    found = {"article_id": "str"}
    found |= {column: _EXTRA.get(column, "str") for column in before}
    for slot in slots(cls):
        found |= _slot_columns(slot)
    if "start" in found:
        found["words"] = "str"
    if cls is r.Article:
        del found["id"]
    return found


def _slot_columns(slot: Slot) -> dict[str, str]:
    if slot.type is str and slot.many:
        return {slot.name: "strs"}
    if slot.name in _DAYS:
        return {slot.name: "day"}
    if slot.type in (str, int, float, bool):
        return {slot.name: slot.type.__name__}
    if slot.many:
        return {}
    parts = {"start": "int", "end": "int", "words": "str"}
    if slot.type is r.Reference:
        parts["entity"] = "str"
    return {f"{slot.name}_{part}": kind for part, kind in parts.items()}


def _rows(record: r.Record) -> _Rows:
    reader = record.reader
    about = (record.schema, reader.version, reader.model, reader.model_sha256)
    yield "articles", about, record.article
    for number, sentence in enumerate(record.sentences):
        yield "sentences", (number,), sentence
    for name in ("skipped", "entities", "times", "places", "figures", "statements", "warnings"):
        for row in getattr(record, name):
            yield name, (), row
    for entity in record.entities:
        yield from (("mentions", (entity.id,), mention) for mention in entity.mentions)
    for statement in record.statements:
        runs = enumerate(statement.content)
        yield from (("contents", (statement.id, run), span) for run, span in runs)
    for event in record.events:
        yield "events", (), event
        yield from (("event_mentions", (event.id,), mention) for mention in event.mentions)
        yield from (("participants", (event.id, "actor"), one) for one in event.actors)
        yield from (("participants", (event.id, "recipient"), one) for one in event.recipients)


def _append(
    columns: dict[str, list[Any]], record: r.Record, before: tuple[Any, ...], row: Any
) -> None:
    """Append one row; ``before`` are the values of the columns that precede the class's."""
    cells: dict[str, Any] = dict(zip(list(columns)[1:], before, strict=False))
    cells["article_id"] = record.article.id
    cls: type = type(row)
    for slot in slots(cls):
        cells |= _cells(slot, getattr(row, slot.name), record)
    if "words" in columns:
        cells["words"] = record.words(row)
    for name, column in columns.items():
        cell = cells[name]
        column.append(without_surrogates(cell) if isinstance(cell, str) else cell)


def _cells(slot: Slot, value: Any, record: r.Record) -> dict[str, Any]:
    names = _slot_columns(slot)
    if slot.name in _DAYS:
        return {slot.name: None if value is None else date.fromisoformat(value)}
    if slot.name in names:
        return {slot.name: list(value) if slot.many else value}
    if value is None or slot.many:
        return dict.fromkeys(names)
    words = record.words(value)
    parts = {"start": value.start, "end": value.end, "words": words}
    parts["entity"] = getattr(value, "entity", None)
    return {name: parts[name.removeprefix(f"{slot.name}_")] for name in names}
