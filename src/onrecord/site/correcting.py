"""Corrections in place: a row of an article's record, what may be done to it, and the log."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

from onrecord import ontology
from onrecord import record as r
from onrecord.fields import CHOICES, MEANINGS
from onrecord.site import corrections, gate, words
from onrecord.site.api.context import Context
from onrecord.site.edition import edition
from onrecord.site.shell import Shell

#: A row's first letters → the record's list that it stands in.
LISTS = ("statements", "events", "entities", "times", "places", "figures")
#: Entries that one page of the log has.
_PAGE = 50


class Field(NamedTuple):
    """One field of a row that can be changed."""

    name: str
    #: As JSON, as it is sent back.
    value: str
    meaning: str
    #: What it may be, (value as JSON, how it is called); empty where that is open.
    choices: tuple[tuple[str, str], ...]


class Row(NamedTuple):
    """A row of a record, as its page shows it."""

    id: str
    kind: str
    words: str
    start: int
    end: int
    fields: tuple[Field, ...]
    #: (number, words) of an event's mentions.
    mentions: tuple[tuple[int, str], ...]
    #: Rows of the same kind: (id, words).
    others: tuple[tuple[str, str], ...]


def find(record: r.Record, id_: str) -> Row | None:
    """Return a row by its id; None for an unknown one."""
    for kind in LISTS:
        rows = getattr(record, kind)
        for row in rows:
            if row.id == id_:
                return _row(record, kind, row, rows)
    return None


def _row(record: r.Record, kind: str, row: Any, rows: Any) -> Row:
    start, end = _span(row)
    mentions = row.mentions if kind == "events" else ()
    return Row(
        row.id, kind, words.shorten(record.article.text[start:end], 200), start, end,
        tuple(_fields(record, row)),
        tuple((at, record.words(one)) for at, one in enumerate(mentions)),
        tuple((one.id, _called(record, one)) for one in rows if one.id != row.id),
    )  # fmt: skip


def _span(row: Any) -> tuple[int, int]:
    if hasattr(row, "trigger"):
        return row.trigger.start, row.trigger.end
    spans = getattr(row, "content", None) or getattr(row, "mentions", None) or [row]
    return spans[0].start, spans[0].end


def _called(record: r.Record, row: Any) -> str:
    start, end = _span(row)
    return words.shorten(record.article.text[start:end], 60)


def _fields(record: r.Record, row: Any) -> list[Field]:
    """Return the fields with one plain value each: those that a person can correct here."""
    found = []
    for name, meaning in MEANINGS[type(row)].items():
        value = getattr(row, name)
        is_plain = value is None or isinstance(value, (str, int, float))
        if name in ("id", "confidence", "start", "end") or not is_plain:
            continue
        shown = json.dumps(value, ensure_ascii=False)
        found.append(Field(name, shown, meaning, _choices(record, row, name)))
    return found


def _choices(record: r.Record, row: Any, name: str) -> tuple[tuple[str, str], ...]:
    """Return what a field may be; also rows of the record, by their words."""
    rows = {"place": record.places, "time": record.times, "statement": record.statements}
    known: list[tuple[str, str]] = []
    if (type(row), name) in CHOICES:
        known = [(one, one) for one in CHOICES[type(row), name]]
    elif isinstance(row, r.Event) and name == "type":
        known = [(one, f"{one}: {words.event(one)}") for one in ontology.types()]
    elif isinstance(row, r.Event) and name == "mode":
        modes = ontology.event_type(row.type).modes
        known = [(one, f"{one}: {words.event(row.type, one)}") for one in modes]
        known = known or [("null", "this type has none")]
    elif name in rows:
        known = [(one.id, f"{one.id}: {_called(record, one)}") for one in rows[name]]  # type: ignore[attr-defined]
    found = [("null" if one == "null" else json.dumps(one), label) for one, label in known]
    if found and found[-1][0] != "null" and (type(row), name) not in _ALWAYS:
        found.append(("null", "unknown or none"))
    return tuple(found)


#: Fields that are never without a value.
_ALWAYS = {
    (r.Event, "type"), (r.Event, "status"), (r.Statement, "stance"), (r.Statement, "kind"),
    (r.Statement, "form"), (r.Statement, "sourcing"), (r.Entity, "kind"), (r.Time, "type"),
    (r.Place, "basis"),
}  # fmt: skip


def router(context: Context, shell: Shell) -> APIRouter:
    """Return the routes of the pages on which corrections are made and listed."""
    routes = APIRouter()

    @routes.get("/correct/{article:path}/{row}")
    def correct_page(request: Request, article: str, row: str) -> Response:
        gate.signed_in(context.access, request, "correct")
        record = context.archive.record(article)
        found = find(record, row)
        if found is None:
            raise HTTPException(404, f"the record of {article} has no row {row}")
        entries = corrections.log(context.archive, article=article)
        with edition(context.archive) as now:
            return shell.page(
                request, "correct.html", now, row=found, article=record.article, entries=entries,
                quote=now.quote(article, found.start, found.end),
            )  # fmt: skip

    @routes.get("/corrections")
    def log(request: Request, before: int | None = None) -> Response:
        gate.signed_in(context.access, request, "correct")
        entries = corrections.log(context.archive, before=before, limit=_PAGE)
        with edition(context.archive) as now:
            return shell.page(
                request, "corrections.html", now, entries=entries, size=_PAGE,
                edits=corrections.story_log(context.archive) if before is None else [],
            )  # fmt: skip

    return routes
