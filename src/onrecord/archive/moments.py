"""Moments as the archive keeps them: UTC, microseconds, fixed width."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from onrecord.errors import InputError


def utc(moment: datetime) -> str:
    """Return a moment as ``2025-12-04T18:30:00.000000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now() -> datetime:
    """Return the present moment: the archive's clock unless it is given another."""
    return datetime.now(UTC)


def end_of(text: str) -> str:
    """Return the moment that ``--as-of`` means: a day is meant to its end.

    Without a zone, UTC is meant.  Raises InputError for what is no ISO date.
    """
    try:
        if len(text) == 10:
            last = datetime.combine(date.fromisoformat(text), time(tzinfo=UTC))
            return utc(last + timedelta(days=1, microseconds=-1))
        moment = datetime.fromisoformat(text)
        return utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise InputError(f"{text!r} is no date; write 2025-12-04 or 2025-12-04T18:30Z") from None


def day(text: str | None) -> str | None:
    """Return an ISO date as it is; InputError for what is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(f"{text!r} is no date; write 2025-12-04") from None
