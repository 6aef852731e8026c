"""Whether a record keeps its own rules: offsets, ids, order, values.

JSON tells types apart (``forms``); what it cannot say is held here, by one
function for each rule.  A record made by the reader passes; one made or changed
by hand may not.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from onrecord import ontology
from onrecord.errors import InputError
from onrecord.fields import BOUNDS
from onrecord.forms import COUNTRY, Slot, slots, without_surrogates
from onrecord.record import Event, Record, Span, Spanned, Statement

#: Fields that hold the id of another row, and the list where it must stand.
_POINTERS = {
    "entity": "entities",
    "time": "times",
    "place": "places",
    "figures": "figures",
    "statement": "statements",
    "within": "statements",
}
_ROWS = ("entities", "times", "places", "figures", "statements", "events")


def check(record: Record) -> list[str]:
    """Return every rule of the form that ``record`` breaks, as ``path: what is wrong``.

    The list is empty for a sound record.
    """
    rules = (_values, _spans, _ids, _pointers, _order, _article, _dates, _numbers, _events, _within)
    return [problem for rule in rules for problem in rule(record)]


def position(row: Any) -> int:
    """Return where a row of a record begins in the text: its place in the lists.

    An entity begins with its first mention, a statement with its cue or the first
    of its content, whichever comes first, an event with its trigger.
    """
    if hasattr(row, "start"):
        return int(row.start)
    if hasattr(row, "trigger"):
        return int(row.trigger.start)
    parts = [row.cue, *row.content] if isinstance(row, Statement) else row.mentions
    return min((part.start for part in parts if part is not None), default=0)


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Slot, Any]]:
    """Yield every field below ``value`` with its path and slot, depth first."""
    cls: type = type(value)
    for slot in slots(cls):
        here = f"{path}.{slot.name}" if path else slot.name
        found = getattr(value, slot.name)
        yield here, slot, found
        parts = enumerate(found) if slot.many else ((None, found),)
        for index, part in parts:
            if hasattr(part, "__dataclass_fields__"):
                yield from walk(part, here if index is None else f"{here}[{index}]")


def _values(record: Record) -> Iterator[str]:
    """Enumerations hold, countries are codes, nothing is null that may not be."""
    for path, slot, value in walk(record):
        if value is None and not slot.nullable:
            yield f"{path}: is null"
        given = [] if value is None else list(value) if slot.many else [value]
        if slot.choices:
            yield from (f"{path}: {one!r} is not known" for one in given if one not in slot.choices)
        if slot.name == "country" and value is not None and not re.search(COUNTRY, value):
            yield f"{path}: {value!r} is no country code"


def _all_spans(record: Record) -> Iterator[tuple[str, Spanned]]:
    """Yield everything with offsets, whatever list it stands in."""
    for path, slot, value in walk(record):
        parts = enumerate(value) if slot.many else ((None, value),)
        for index, part in parts:
            if hasattr(part, "start") and hasattr(part, "end"):
                yield (path if index is None else f"{path}[{index}]"), part


def _spans(record: Record) -> Iterator[str]:
    """Every span holds at least one code point of the text, and none of a leftover."""
    length = len(record.article.text)
    for path, span in _all_spans(record):
        if not 0 <= span.start < span.end <= length:
            yield f"{path}: {span.start}..{span.end} is no span of a text of {length}"
        elif not path.startswith("skipped") and any(_overlap(span, s) for s in record.skipped):
            yield f"{path}: {span.start}..{span.end} runs into a stretch that was skipped"


def _overlap(one: Spanned, other: Spanned) -> bool:
    return one.start < other.end and other.start < one.end


def _ids(record: Record) -> Iterator[str]:
    """An id names one row."""
    for name in _ROWS:
        ids = [row.id for row in getattr(record, name)]
        yield from (f"{name}: {one!r} names two rows" for one in set(ids) if ids.count(one) > 1)


def _pointers(record: Record) -> Iterator[str]:
    """An id points to a row of the record."""
    known = {name: {row.id for row in getattr(record, name)} for name in _ROWS}
    for path, slot, value in walk(record):
        target = _POINTERS.get(slot.name)
        if target is None or slot.type is not str or value is None:
            continue
        for one in value if slot.many else (value,):
            if one not in known[target]:
                yield f"{path}: {one!r} is not among the {target}"


def _order(record: Record) -> Iterator[str]:
    """Lists are in text order."""
    for path, slot, value in walk(record):
        if not slot.many or slot.type is str or slot.name == "warnings":
            continue
        places = [position(row) for row in value]
        yield from (f"{path}: {b} stands after {a}" for a, b in pairwise(places) if b < a)


def _article(record: Record) -> Iterator[str]:
    article = record.article
    digest = hashlib.sha256(without_surrogates(article.text).encode()).hexdigest()
    if not article.id:
        yield "article.id: is empty"
    if article.sha256 != digest:
        yield "article.sha256: is not that of the text"
    if (article.published is None) != (article.published_basis == "none"):
        yield f"article.published_basis: {article.published_basis} with {article.published}"


def _dates(record: Record) -> Iterator[str]:
    """Dates are ISO dates, and no interval ends before it begins."""
    for name in ("published", "fetched"):
        value = getattr(record.article, name)
        if value is not None and not is_moment(value):
            yield f"article.{name}: {value!r} is no ISO date or time"
    for index, time in enumerate(record.times):
        days = [day for day in (time.begin, time.finish) if day is not None]
        wrong = [day for day in days if not is_day(day)]
        yield from (f"times[{index}]: {day!r} is no ISO date" for day in wrong)
        if not wrong and days != sorted(days):
            yield f"times[{index}]: begins {time.begin}, after its end {time.finish}"


def is_day(text: str) -> bool:
    """Return whether ``text`` is an ISO date, ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    """Return whether ``text`` is an ISO date, or a date and time."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return bool(re.match(r"\d{4}-\d\d-\d\d", text))


def _numbers(record: Record) -> Iterator[str]:
    """Probabilities and coordinates lie where they can; bounds are not crossed."""
    for path, slot, value in walk(record):
        if slot.type is not float or value is None:
            continue
        low, high = BOUNDS.get(slot.name, (-math.inf, math.inf))
        if not math.isfinite(value) or not low <= value <= high:
            yield f"{path}: {value} is not in {low}..{high}"
    for index, figure in enumerate(record.figures):
        if figure.low is not None and figure.high is not None and figure.low > figure.high:
            yield f"figures[{index}]: {figure.low} is more than {figure.high}"


def _events(record: Record) -> Iterator[str]:
    """The trigger is the first mention; mode and score are those of the type."""
    for index, event in enumerate(record.events):
        path = f"events[{index}]"
        first = [Span(mention.start, mention.end) for mention in event.mentions[:1]]
        if first != [Span(event.trigger.start, event.trigger.end)]:
            yield f"{path}.mentions: the first is not the trigger"
        yield from (f"{path}: {problem}" for problem in _coding(event))


def _coding(event: Event) -> Iterator[str]:
    try:
        expected = ontology.score(event.type, event.mode)
    except InputError as error:
        yield str(error)
        return
    if event.score is not None and event.score != expected:
        yield f"scores {event.score}; {event.type}/{event.mode} scores {expected}"


def _within(record: Record) -> Iterator[str]:
    """``within`` names exactly the statements in whose content the trigger stands."""
    for index, event in enumerate(record.events):
        expected = {s.id for s in record.statements if holds(s.content, event.trigger)}
        if set(event.within) != expected:
            yield f"events[{index}].within: is {sorted(event.within)}, not {sorted(expected)}"


def holds(runs: Iterable[Spanned], span: Spanned) -> bool:
    """Return whether one of ``runs`` has all of ``span`` in it."""
    return any(run.start <= span.start and span.end <= run.end for run in runs)
