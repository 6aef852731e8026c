"""Publication dates: what is believed, and why something is not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

#: No newspaper in English is older than the eighteenth century's first years.
_FIRST_YEAR = 1700
#: Time zones and clocks that run ahead: two days, no more.
_AHEAD = timedelta(days=2)
_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?"
    r"(?P<zone>Z|z|[+-]\d{2}:?\d{2}|UTC|GMT)?)?\Z"
)


class Published(NamedTuple):
    """A publication date as it is believed."""

    #: ISO date or datetime, None when there is none or it is not believed.
    value: str | None
    #: Why it is not believed; None when it is, or when nothing was given.
    doubt: str | None


def published(raw: str | None, *, today: date | None = None) -> Published:
    """Read a publication date: ISO 8601, or RFC 2822 as feeds write it.

    A date that does not exist, lies before 1700 or more than two days after
    ``today`` (default: the clock's day, UTC), or is the first day of 1970,
    which is what an empty timestamp turns into, is not believed.
    """
    words = (raw or "").strip()
    if not words:
        return Published(None, None)
    value, day = _read(words)
    if value is None or day is None:
        return Published(None, "it is not a date of the form 2025-12-04 or 2025-12-04T10:30:00Z")
    latest = (today or datetime.now(UTC).date()) + _AHEAD
    if day > latest:
        return Published(None, "it lies in the future")
    if day.year < _FIRST_YEAR:
        return Published(None, f"it lies before {_FIRST_YEAR}")
    if day in (date(1970, 1, 1), date(1969, 12, 31)):
        return Published(None, "it is the zero of computer clocks, not a day of publication")
    return Published(value, None)


def _read(words: str) -> tuple[str | None, date | None]:
    match = _ISO.match(words)
    try:
        if match is None:
            return _read_mail(words)
        day = date.fromisoformat(match["day"])
        if match["clock"] is None:
            return match["day"], day
        zone = match["zone"] or ""
        zone = "+00:00" if zone.upper() in ("Z", "UTC", "GMT") else zone
        moment = datetime.fromisoformat(f"{match['day']}T{_micro(match['clock'])}{zone}")
    except ValueError:
        return None, None
    return moment.isoformat(), day


def _micro(clock: str) -> str:
    """Cut a clock's fraction to the six digits that Python reads."""
    whole, dot, fraction = clock.partition(".")
    return f"{whole}.{fraction[:6]:0<6}" if dot else whole


def _read_mail(words: str) -> tuple[str | None, date | None]:
    if not re.match(r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\b", words):
        return None, None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, None
    return moment.isoformat(), moment.date()


def day_of(moment: str | None) -> date | None:
    """Return the day of an ISO moment; None for what is none."""
    try:
        return date.fromisoformat((moment or "")[:10])
    except ValueError:
        return None
