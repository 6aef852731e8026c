"""Calendar arithmetic on TIMEX3 values: which days a value covers, and its neighbours.

Values follow ISO 8601 as TimeML extends it: ``2025-12-04``, ``2025-W48``,
``2025-W48-WE`` (weekend), ``2025-11``, ``2025-Q3``, ``2025-H1``, ``2025-SU``
(northern seasons; winter belongs to the year in which it begins), ``2025``,
``199`` (a decade), ``20`` (a century: 2000–2099), ``BC0480``, and a ``T`` part
for the time of day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}

_SHAPES = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)|(?P<week>\d{4}-W\d\d)(?P<weekend>-WE)?"
    r"|(?P<part>\d{4})-(?:(?P<month>\d\d)|Q(?P<quarter>[1-4])|H(?P<half>[12])"
    r"|(?P<season>SP|SU|FA|WI))|(?P<year>\d{4})|(?P<decade>\d{3})|(?P<century>\d\d)"
)

Days = tuple[date, date]


def month_days(year: int, month: int, months: int = 1) -> Days | None:
    """Return the first and last day of ``months`` months from ``year``-``month`` on."""
    last = year * 12 + month - 1 + months - 1
    if not 1 <= year <= 9999 or last // 12 > 9999:
        return None
    end_year, end_month = last // 12, last % 12 + 1
    return date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1])


def _week_days(value: str, weekend: bool) -> Days:
    monday = date.fromisocalendar(int(value[:4]), int(value[6:8]), 1)
    return (monday + timedelta(5) if weekend else monday), monday + timedelta(6)


def days_of(value: str) -> Days | None:
    """Return the first and last day a TIMEX3 value covers; None when it has no fixed days."""
    match = _SHAPES.fullmatch(value.partition("T")[0])
    if match is None:
        return None
    kind = match.groupdict()
    try:
        if kind["day"]:
            day = date.fromisoformat(kind["day"])
            return day, day
        if kind["week"]:
            return _week_days(kind["week"], kind["weekend"] is not None)
        if kind["part"]:
            return _days_of_part(int(kind["part"]), kind)
        if kind["year"]:
            return month_days(int(kind["year"]), 1, 12)
        if kind["decade"]:
            return month_days(10 * int(kind["decade"]), 1, 120)
        return month_days(100 * int(kind["century"]), 1, 1200)
    except (ValueError, OverflowError):  # month 13, week 60, year 0: written, but no date
        return None


def _days_of_part(year: int, kind: dict[str, str | None]) -> Days | None:
    if kind["month"]:
        return month_days(year, int(kind["month"]))
    if kind["quarter"]:
        return month_days(year, 3 * int(kind["quarter"]) - 2, 3)
    if kind["half"]:
        return month_days(year, 6 * int(kind["half"]) - 5, 6)
    return month_days(year, SEASON_MONTHS[kind["season"] or "SP"], 3)


def narrowed(days: Days, mod: str | None) -> Days:
    """Return the part of ``days`` that START, MID or END leaves.

    Months: days 1–10, 10–20, 20–last.  Weeks: Monday–Tuesday, Tuesday–Thursday,
    Thursday–Sunday.  A single day stays whole.  Everything longer is cut into
    thirds of its months (years for a decade or century): "early 2025" is
    January–April, "late 2025" September–December.
    """
    if mod not in {"START", "MID", "END"} or days[0] == days[1]:
        return days
    first, last = days
    length = (last - first).days + 1
    if length <= 7:
        cuts = {"START": (0, 1), "MID": (1, 3), "END": (3, length - 1)}
        low, high = cuts[mod]
        return first + timedelta(min(low, length - 1)), first + timedelta(min(high, length - 1))
    if length <= 31:
        return {
            "START": (first, first + timedelta(9)),
            "MID": (first + timedelta(9), first + timedelta(19)),
            "END": (first + timedelta(19), last),
        }[mod]
    return _third(first, last, ("START", "MID", "END").index(mod))


def _third(first: date, last: date, which: int) -> Days:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = 12 if months > 12 else 1
    units = months // step
    low, high = units * which // 3, units * (which + 1) // 3
    start = first.year * 12 + first.month - 1 + low * step
    found = month_days(start // 12, start % 12 + 1, (high - low) * step)
    return found or (first, last)


def day_value(day: date) -> str:
    """Return the value of one day, "2025-12-04"."""
    return day.isoformat()


def week_value(day: date) -> str:
    """Return the value of the ISO week that holds ``day``, "2025-W49"."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def year_value(year: int) -> str:
    """Return the value of a year; years before Christ are negative (-480 is 480 BC)."""
    return f"BC{-year:04d}" if year < 0 else f"{year:04d}"


def quarter_value(year: int, quarter: int) -> str:
    """Return the value of a quarter; ``quarter`` may run over: 0 is the last of the year before."""
    count = 4 * year + quarter - 1
    return f"{year_value(count // 4)}-Q{count % 4 + 1}"


def month_value(year: int, month: int) -> str:
    """Return the value of a month; ``month`` may run over: 0 is December of the year before."""
    if year < 0:
        return f"{year_value(year)}-{month:02d}"
    count = 12 * year + month - 1
    return f"{year_value(count // 12)}-{count % 12 + 1:02d}"


def shifted(day: date, unit: str, count: int) -> str | None:
    """Return the value ``count`` units after ``day`` at the unit's own precision.

    ``unit`` is a TIMEX3 letter: D, W, WE (weekend), M, Q, Y, DE (decade) or CE
    (century).  None when the calendar of ``datetime`` ends before.
    """
    try:
        if unit == "D":
            return day_value(day + timedelta(count))
        if unit == "W":
            return week_value(day + timedelta(7 * count))
        if unit == "WE":
            return week_value(day + timedelta(7 * count)) + "-WE"
    except OverflowError:
        return None
    months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}[unit] * count
    total = day.year * 12 + day.month - 1 + months
    if not 12 <= total < 12 * 10000:
        return None
    year, month = total // 12, total % 12 + 1
    return {
        "M": month_value(year, month),
        "Q": quarter_value(year, (month + 2) // 3),
        "Y": year_value(year),
        "DE": f"{year // 10:03d}",
        "CE": f"{year // 100:02d}",
    }[unit]


def moved(day: date, unit: str, count: int) -> date | None:
    """Return the day ``count`` units after ``day`` (31 January + 1 month is 28 February)."""
    try:
        if unit in {"D", "W", "WE"}:
            return day + timedelta(count * (1 if unit == "D" else 7))
        months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}[unit] * count
        total = day.year * 12 + day.month - 1 + months
        year, month = total // 12, total % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    except (OverflowError, ValueError):  # outside years 1–9999
        return None


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (Gauss's rule as revised by Lichtenberg)."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    golden = year % 19
    germ = (19 * golden + moon) % 30
    correction = (germ + golden // 11) // 29
    full_moon = 21 + germ - correction
    sunday = 7 - (year + year // 4 + sun) % 7
    offset = 7 - (full_moon - sunday) % 7
    return date(year, 3, 1) + timedelta(full_moon + offset - 1)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """Return the ``n``-th given weekday (Monday 0) of a month; n = -1 is the last."""
    if n > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))
    last = date(year, month, monthrange(year, month)[1])
    return last - timedelta((last.weekday() - weekday) % 7)
