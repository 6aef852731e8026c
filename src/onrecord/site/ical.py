"""A calendar of announced events (iCalendar, RFC 5545): str in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: Bytes of a line before it is folded.
_WIDTH = 75


class Entry(NamedTuple):
    """One announced event of whole days."""

    id: str
    #: ISO days, both included.
    first_day: str
    last_day: str
    summary: str
    description: str
    url: str


def calendar(name: str, entries: Iterable[Entry], stamp: str) -> bytes:
    """Return the calendar; ``stamp``: when it was made, ``20260220T120000Z``."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//onrecord//announced events//EN",
             "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]  # fmt: skip
    for entry in entries:
        lines += _event(entry, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(entry: Entry, stamp: str) -> Iterator[str]:
    end = date.fromisoformat(entry.last_day) + timedelta(days=1)
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(entry.id)}@onrecord"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{entry.first_day.replace('-', '')}"
    yield f"DTEND;VALUE=DATE:{end:%Y%m%d}"
    yield f"SUMMARY:{escaped(entry.summary)}"
    yield f"DESCRIPTION:{escaped(entry.description)}"
    yield f"URL:{_CONTROLS.sub('', entry.url)}"
    # What is announced may not come.
    yield "STATUS:TENTATIVE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Return a text value: no line of its own, no separator."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n").replace("\t", " ")


def folded(line: str) -> bytes:
    """Return a line of at most 75 bytes, what is left on lines that begin with a blank."""
    found, current = b"", b""
    for char in line:
        encoded = char.encode()
        if len(current) + len(encoded) > _WIDTH:
            found += current + b"\r\n"
            current = b" "
        current += encoded
    return found + current + b"\r\n"
