"""Rules for parts of years: quarters, halves, fiscal years, weeks of a month."""

from __future__ import annotations

from datetime import timedelta

from onrecord.reading._when_calendar import bare_month
from onrecord.reading._when_context import Context
from onrecord.reading._when_found import Found, Hit, Rule, rule
from onrecord.reading._when_relative import from_day, step_of
from onrecord.reading._when_values import (
    day_value,
    days_of,
    quarter_value,
    shifted,
    week_value,
)


def quarter(hit: Hit) -> Found | None:
    """The third quarter, third-quarter, fiscal second quarter, the 1988 quarter."""
    number = int(hit.get("o")) if hit.has("o") else 4
    if not 1 <= number <= 4 or (hit.has("u") and hit.get("u") != "Y"):
        return None
    context = hit.context
    year, named = _quarter_year(hit), hit.has("y")
    lead = 1 if hit.has("the") and hit.has("joint") else 0
    published = context.published
    if year is None and published is not None:
        this = (published.month + 2) // 3
        year = published.year
        tense = context.tense(hit.first)
        if number > this and tense <= 0:
            year -= 1
        if number < this and tense > 0 and this - number > 1:
            year += 1
    if year is None:
        return Found("DATE", f"XXXX-Q{number}", anchors=False, lead=lead)
    value = f"{year:04d}-Q{number}"
    if not named:
        context.quarter = value
    return Found("DATE", value, named_year=named, lead=lead)


def short_period(hit: Hit) -> Found | None:
    """Q3 2025, H1."""
    letter, number = ("Q", hit.get("o")) if hit.has("o") else ("H", hit.get("h"))
    if hit.has("y"):
        return Found("DATE", f"{int(hit.get('y')):04d}-{letter}{number}", named_year=True)
    if letter == "Q":
        return quarter(hit)
    return None


def _quarter_year(hit: Hit) -> int | None:
    if hit.has("y"):
        return int(hit.get("y"))
    if hit.context.published is None or not (hit.has("last") or hit.has("this") or hit.has("next")):
        return None
    return hit.context.published.year + (step_of(hit) or 0)


def _reported_quarter(context: Context) -> str | None:
    """The quarter told of, else the last one that ended before publication."""
    days = days_of(context.quarter or "")
    if days is not None and (context.published is None or days[1] < context.published):
        return context.quarter
    return shifted(context.published, "Q", -1) if context.published else None


def the_quarter(hit: Hit) -> Found | None:
    """The quarter, the latest quarter, the latest period: the one that is reported on."""
    if hit.after in {"-", "of"} or hit.before in {"a", "three"}:
        return None
    context = hit.context
    if hit.has("this") or hit.has("current"):
        return from_day(context.published, "Q", 0)
    if hit.has("next"):
        return from_day(context.published, "Q", 1)
    if hit.has("last"):
        return from_day(context.published, "Q", -1)
    value = _reported_quarter(context)
    return Found("DATE", value) if value else Found("DATE", "XXXX-QX", anchors=False)


def year_ago(hit: Hit) -> Found | None:
    """Year-ago, the year-earlier quarter, the year-ago period, last year's quarter."""
    context = hit.context
    if hit.has("u") and hit.get("u") != "Y":
        return None
    lead = 1 if hit.has("the") and not hit.has("q") else 0
    if hit.has("o") and context.published is not None:
        return Found("DATE", f"{context.published.year - 1:04d}-Q{int(hit.get('o'))}")
    reference = _reported_quarter(context) if hit.has("q") else context.reference
    if reference and "-Q" in reference:
        year, _, number = reference.partition("-Q")
        return Found("DATE", quarter_value(int(year) - 1, int(number)), anchors=False, lead=lead)
    return from_day(context.published, "Y", -1)._replace(anchors=False, lead=lead)


def half_year(hit: Hit) -> Found | None:
    """The first half of 2008, the second half of last year, the last half of 2008."""
    number = 2 if hit.has("final") else int(hit.get("o"))
    if number > 2:
        return None
    if hit.has("y"):
        return Found("DATE", f"{int(hit.get('y')):04d}-H{number}", named_year=True)
    if hit.get("u") != "Y":
        return None
    if hit.context.published is None:
        return Found("DATE", f"XXXX-H{number}", anchors=False)
    return Found("DATE", f"{hit.context.published.year + (step_of(hit) or 0):04d}-H{number}")


def week_of_month(hit: Hit) -> Found | None:
    """The first week of March: days 1–7; the last week: the last seven days."""
    if hit.get("u") not in {"W", "D"}:
        return None
    month = bare_month(hit)
    days = days_of(month.value) if month else None
    if month is None or days is None:
        return month
    length = 7 if hit.get("u") == "W" else 1
    first = days[0] + timedelta(length * ((hit.get("o") or 1) - 1))
    if not hit.has("o"):
        first = days[1] - timedelta(length - 1)
    if first > days[1]:
        return None
    last = min(first + timedelta(length - 1), days[1])
    value = day_value(first) if length == 1 else week_value(first + timedelta(3))
    return month._replace(value=value, begin=first.isoformat(), finish=last.isoformat())


def fiscal_year(hit: Hit) -> Found | None:
    """Fiscal 1989, the 2024 financial year, the current fiscal year.

    Fiscal years differ by country and company: the value is that of the year named.
    """
    if hit.has("y"):
        return Found("DATE", f"{int(hit.get('y')):04d}", named_year=True)
    if hit.get("u") != "Y":
        return None
    if hit.after in {"ended", "ending"}:
        return Found("DURATION", "P1Y", anchors=False)
    return from_day(hit.context.published, "Y", step_of(hit) or 0)


def full_year(hit: Hit) -> Found | None:
    """The full year."""
    return from_day(hit.context.published, hit.get("u"), 0) if hit.get("u") == "Y" else None


def year_period(hit: Hit) -> Found | None:
    """The 1988 quarter: the quarter reported on, in the year named; the 1988 period."""
    year, reported = int(hit.get("y")), _reported_quarter(hit.context)
    if hit.has("q") and reported:
        return Found("DATE", f"{year:04d}{reported[4:]}", anchors=False)
    return Found("DATE", f"{year:04d}", anchors=False)


PERIOD_RULES: tuple[Rule, ...] = (
    rule(
        "quarter",
        "<the:the>?<fiscal>?<hyphen>?<o:ordinal><joint:hyphen>?<fiscal>?<quarter>"
        "(?:(?:<of>|<in>)?<fiscal>?<y:year>|<of>?(?:<last:last>|<this:this>"
        "|<next:next>)<u:unit>)?",
        quarter,
    ),
    rule(
        "short period",
        "(?:<o:shortquarter>|<h:shorthalf>)(?:<of>|<fiscal>)?<y:year>?",
        short_period,
    ),
    rule(
        "final quarter",
        "<the>?<final><quarter><of>(?:<y:year>|(?:<last:last>|<this:this>|<next:next>)<u:unit>)",
        quarter,
    ),
    rule(
        "same period", "<the>(?:<same>|<alike>)(?:<q:quarter|period>)<of>?<last><u:unit>", year_ago
    ),
    rule(
        "week of month",
        "<the>?(?:<o:ordinal>|<last:last>|<final>)<u:unit><of><m:month>(?:<comma>|<of>)?<y:year>?",
        week_of_month,
    ),
    rule(
        "year's quarter",
        "<the>?(?:<y:year>|(?:<last:last>|<this:this>|<next:next>)<unit><poss>)"
        "<fiscal>?<o:ordinal><hyphen>?<quarter>",
        quarter,
    ),
    rule(
        "the quarter",
        "<the>?(?:<latest>|<current:current>|<last:last>|<this:this>|<next:next>)<quarter|period>",
        the_quarter,
    ),
    rule("the quarter alone", "<the><quarter>", the_quarter),
    rule(
        "year ago",
        "<the:the>?<u:unit><hyphen>?(?:<ago>|<earlier>)<o:ordinal>?<q:quarter|period>?",
        year_ago,
    ),
    rule(
        "quarter a year ago",
        "<the><q:quarter|period><article><u:unit>(?:<ago>|<earlier>)",
        year_ago,
    ),
    rule("last year's quarter", "<last><u:unit><poss><q:quarter|period>", year_ago),
    rule(
        "half year",
        "<the>?(?:<o:ordinal>|<final:last>)<half>(?:<of>(?:<y:year>|(?:<last:last>|<this:this>"
        "|<next:next>)<u:unit>))",
        half_year,
    ),
    rule("fiscal", "<fiscal>(?:<unit>)?<y:year>", fiscal_year),
    rule(
        "fiscal year",
        "<the>?(?:<last:last>|<next:next>|<this>|<current>)?<fiscal><u:unit>",
        fiscal_year,
    ),
    rule("full year", "<the><full><u:unit>", full_year),
    rule("year period", "<the><y:year>(?:<q:quarter>|<period>)", year_period),
    rule("year fiscal", "<the>?<y:year><fiscal><unit>", fiscal_year),
)
