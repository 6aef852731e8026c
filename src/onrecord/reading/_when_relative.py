"""Rules for deictic and narrative expressions: yesterday, last week, two days later."""

from __future__ import annotations

from datetime import date

from onrecord.reading._when_context import Context
from onrecord.reading._when_found import Found, Hit, Rule, rule
from onrecord.reading._when_values import (
    days_of,
    moved,
    quarter_value,
    shifted,
    year_value,
)

#: What a relative expression is worth while its starting point is not known.
PLACEHOLDERS = {
    "D": "XXXX-XX-XX",
    "W": "XXXX-WXX",
    "WE": "XXXX-WXX-WE",
    "M": "XXXX-XX",
    "Q": "XXXX-QX",
    "Y": "XXXX",
    "DE": "XXX",
    "CE": "XX",
}


def plain_unit(unit: str) -> tuple[str, int]:
    """Return a calendar unit and how many of it a fortnight or millennium is."""
    return {"W2": ("W", 2), "Y1000": ("Y", 1000)}.get(unit, (unit, 1))


def from_day(start: date | None, unit: str, count: int) -> Found:
    """Return the ``unit`` that lies ``count`` units after ``start``, or its placeholder."""
    unit, factor = plain_unit(unit)
    value = shifted(start, unit, count * factor) if start else None
    if value is None:
        return Found("DATE", PLACEHOLDERS[unit], anchors=False)
    return Found("DATE", value)


def from_reference(context: Context, unit: str, count: int) -> Found:
    """Return the ``unit`` that lies ``count`` units after the last day told of."""
    if unit == "Y" and context.year is not None and context.reference_days is None:
        return _years_before_christ(context.year, count)
    found = from_day(context.base, unit, count)
    if unit == "Y" and context.reference and "-Q" in context.reference and found.anchors:
        year, _, quarter = context.reference.partition("-Q")
        return Found("DATE", quarter_value(int(year) + count, int(quarter)))
    if found.value.count("-") == 2 and not _is_day(context):
        return Found("DATE", PLACEHOLDERS[plain_unit(unit)[0]], anchors=False)
    return found


def _years_before_christ(year: int, count: int) -> Found:
    later = year + count
    if year < 0 <= later:
        later += 1  # there is no year 0
    return Found("DATE", year_value(later))


def _is_day(context: Context) -> bool:
    days = context.reference_days
    return days is not None and days[0] == days[1]


def deictic(hit: Hit) -> Found | None:
    """Today, yesterday morning, tonight."""
    word = hit.word(hit.match.start("t"))
    part = "NI" if word == "tonight" else hit.get("p")
    found = from_day(hit.context.published, "D", int(hit.get("t")))
    if part is None:
        return found
    return found._replace(type="TIME", value=f"{found.value}T{part}")


def day_beside(hit: Hit) -> Found | None:
    """The day before yesterday, the day after tomorrow."""
    step = -1 if hit.has("b") else 1
    if hit.get("u") != "D":
        return None
    return from_day(hit.context.published, "D", int(hit.get("t")) + step)


def step_of(hit: Hit) -> int | None:
    """-1, 0 or 1: the direction of last, this, next."""
    for group, step in (("last", -1), ("this", 0), ("next", 1)):
        if hit.has(group):
            return step
    return None


def related_unit(hit: Hit) -> Found | None:
    """Last month, this week, next year: counted from publication.

    After "the", "next" counts from the narrative ("the next day"), and so do days.
    """
    unit, step = hit.get("u"), step_of(hit)
    if step is None or (hit.after in {"-", "of"} and hit.has("the")):
        return None
    if hit.capital(hit.match.start("u")) and not hit.capital(hit.match.start("u") + 1):
        return None
    if unit == "D":
        if hit.has("this"):
            return from_day(hit.context.published, "D", 0) if hit.before != "to" else None
        return from_reference(hit.context, "D", step)
    if hit.has("the") and hit.has("next"):
        return from_reference(hit.context, unit, step)
    start = hit.context.published
    if hit.context.narrative and hit.has("this") and hit.context.base:
        start = hit.context.base
    found = from_day(start, unit, step)
    return found._replace(anchors=False) if unit == "Y" else found


def narrative_unit(hit: Hit) -> Found | None:
    """The previous day, the following week, that year, the same month: counted from the text."""
    step = -1 if hit.has("previous") else (1 if hit.has("following") else 0)
    unit = hit.get("u")
    if hit.has("that") and hit.after in {"-"}:
        return None
    return from_reference(hit.context, unit, step)


#: After these no event follows from which "two days after" would count.
_CLAUSE_END = frozenset([".", ",", ";", ")", "and", "but", "", "\n", ":", '"', "”"])


def day_after(hit: Hit) -> Found | None:
    """The day before; a year after: only where no event follows that it counts from."""
    if hit.after not in _CLAUSE_END:
        return None
    return from_reference(hit.context, hit.get("u"), -1 if hit.has("b") else 1)


def related_part(hit: Hit) -> Found | None:
    """This morning, last night, that evening, the next morning."""
    part, context = hit.get("p"), hit.context
    if ":" in part:
        return None
    if hit.has("this"):
        found = from_day(context.published, "D", 0)
    elif hit.has("last"):
        found = from_day(context.published, "D", -1)
    elif hit.has("next"):
        found = from_reference(context, "D", 1)
    elif hit.has("previous"):
        found = from_reference(context, "D", -1)
    else:
        found = from_reference(context, "D", 0)
    return found._replace(type="TIME", value=f"{found.value}T{part}")


_PART_BEFORE = frozenset("in at by until during before after since".split())


def bare_part(hit: Hit) -> Found | None:
    """Noon, midnight, in the morning, at night."""
    part = hit.get("p")
    if ":" in part:
        return Found("TIME", f"T{part}", anchors=False)
    if hit.before not in _PART_BEFORE and hit.after != "of":
        return None
    if not hit.has("the") and hit.before != "at" and part != "NI":
        return None
    return Found("TIME", f"T{part}", anchors=False)


def _count(hit: Hit) -> float | None:
    """The number before a unit; None where it is vague ("several")."""
    if hit.has("n"):
        value = float(hit.get("n"))
        return value if value < 100_000 else 0.0
    for group in ("v", "w"):
        if hit.has(group):
            return 2.0 if hit.get(group) == "couple" else None
    return 1.0 if hit.has("a") else None


def _hours_ago(hit: Hit, count: float | None, direction: int) -> Found:
    published = hit.context.published
    if published is None or count is None:
        return Found("TIME", "PAST_REF" if direction < 0 else "FUTURE_REF", anchors=False)
    return Found("TIME", f"{published.isoformat()}TXX", anchors=False)


def ago(hit: Hit) -> Found | None:
    """Two weeks ago, a year ago, several months ago, three years from now."""
    unit, count = hit.get("u"), _count(hit)
    direction = 1 if hit.has("now") else -1
    if unit in {"TH", "TM", "TS"}:
        return _hours_ago(hit, count, direction)
    if count is None:
        return Found("DATE", "PAST_REF" if direction < 0 else "FUTURE_REF", anchors=False)
    reference = hit.context.reference or ""
    if unit == "Y" and count == 1 and direction < 0 and "-Q" in reference:
        return from_reference(hit.context, "Y", -1)._replace(anchors=False)
    return from_day(hit.context.published, unit, direction * round(count))


def some_time_ago(hit: Hit) -> Found | None:
    """A year or two ago."""
    return Found("DATE", "PAST_REF", anchors=False)


def later(hit: Hit) -> Found | None:
    """Two days later, a week earlier: counted from the last day told of."""
    if (hit.has("open") or hit.has("back")) and hit.after not in _CLAUSE_END:
        return None
    unit, count = hit.get("u"), _count(hit)
    direction = -1 if hit.has("earlier") or hit.has("back") else 1
    if unit in {"TH", "TM", "TS"}:
        base = hit.context.base if _is_day(hit.context) else None
        value = f"{base.isoformat()}TXX" if base else PLACEHOLDERS["D"] + "TXX"
        return Found("TIME", value, anchors=False)
    if count is None:
        return Found("DATE", "PAST_REF" if direction < 0 else "FUTURE_REF", anchors=False)
    found = from_reference(hit.context, unit, direction * round(count))
    return found._replace(anchors=False) if unit == "Y" and direction < 0 else found


def weekend(hit: Hit) -> Found | None:
    """The weekend, last weekend, this weekend."""
    published = hit.context.published
    if published is None:
        return Found("DATE", PLACEHOLDERS["WE"], anchors=False)
    if hit.has("previous") or hit.has("following") or hit.has("that"):
        step = -1 if hit.has("previous") else (1 if hit.has("following") else 0)
        return from_reference(hit.context, "WE", step)
    saturday_or_sunday = published.weekday() >= 5
    past = hit.context.tense(hit.first) <= 0
    if hit.has("next"):
        step = 1 if saturday_or_sunday else 0
        step += 1 if not saturday_or_sunday and published.weekday() >= 3 else 0
    elif hit.has("last"):
        step = -1
    else:
        step = 0 if saturday_or_sunday or not past else -1
    return from_day(published, "WE", step)


def within_unit(hit: Hit) -> Found | None:
    """Earlier this week, later this month, earlier in the day, later that year.

    "earlier" ends with publication, "later" begins with it.
    """
    context, unit = hit.context, hit.get("u")
    early = hit.has("earlier")
    told = hit.has("that") or (hit.has("in") and context.narrative)
    found = from_reference(context, unit, 0) if told else from_day(context.published, unit, 0)
    if told or not found.anchors or context.published is None:
        return found
    days = days_of(found.value)
    if days is None:
        return found
    begin, finish = (days[0], context.published) if early else (context.published, days[1])
    return found._replace(begin=begin.isoformat(), finish=finish.isoformat())


def reference_word(hit: Hit) -> Found | None:
    """Now, currently, recently; the future, the past; these days."""
    if hit.before == "until" and hit.get("w") == "PAST_REF":
        return None
    return Found("DATE", str(hit.get("w")), anchors=False)


def current_unit(hit: Hit) -> Found | None:
    """The current year: that of publication."""
    if hit.get("u") not in {"W", "M", "Y"}:
        return None
    return from_day(hit.context.published, hit.get("u"), 0)


def current(hit: Hit) -> Found | None:
    """Current as an adjective: the present."""
    return Found("DATE", "PRESENT_REF", anchors=False)


def recent(hit: Hit) -> Found | None:
    """Recent as an adjective: the past."""
    return Found("DATE", "PAST_REF", anchors=False)


def future(hit: Hit) -> Found | None:
    """The (near) future, in future, the near term."""
    if not (hit.has("the") or hit.has("near") or hit.before == "in"):
        return None
    return Found("DATE", "FUTURE_REF", anchors=False)


def the_past(hit: Hit) -> Found | None:
    """In the past."""
    if hit.before not in {"in", "from", "of", "with"}:
        return None
    return Found("DATE", "PAST_REF", anchors=False)


def these_days(hit: Hit) -> Found | None:
    """These days."""
    if hit.get("u") != "D" or hit.word(hit.first) != "these":
        return None
    return Found("DATE", "PRESENT_REF", anchors=False)


def year_end(hit: Hit) -> Found | None:
    """Year-end, year's end, the end of the year."""
    if hit.get("u") != "Y":
        return None
    return from_day(hit.context.published, "Y", 0)._replace(mod="END")


def overnight(hit: Hit) -> Found | None:
    """Overnight: the night before publication."""
    published = hit.context.published
    before = moved(published, "D", -1) if published else None
    if published is None or before is None or hit.context.narrative:
        return Found("TIME", "XXXX-XX-XXTNI", anchors=False)
    value = f"{before.isoformat()}TNI"
    return Found("TIME", value, None, before.isoformat(), published.isoformat(), anchors=False)


def the_unit(hit: Hit) -> Found | None:
    """The week, the year: that told of, else that of publication."""
    unit = hit.get("u")
    edge = hit.before == "of" and hit.first >= 2
    if unit == "D" and not edge:
        return None
    if not edge and hit.before not in {"for", "during", "throughout", "in", "through", "within"}:
        return None
    if unit == "Y" and hit.after in {"ended", "ending"}:
        return Found("DURATION", "P1Y", anchors=False)
    if hit.after in {"of", "-", "when", "that", "before", "after", "'", "’"}:
        return None
    kinds = {hit.context.scan.items[hit.first - 2].kind} if edge else set()
    if edge and kinds != {"edge"} and hit.word(hit.first - 2) not in {"rest", "half", "part"}:
        return None
    context = hit.context
    if context.narrative or unit == "D":
        return from_reference(context, unit, 0)
    return from_day(context.published, unit, 0)


#: "two", "a", "several", "a few": group names cannot repeat, hence vague is v or w.
_COUNT = "(?:<n:num>|<v:vague>|<a:article>(?:<w:vague><of>?)?)?<trading>?"
_UNIT = "<u:unit|units|hour|hours>"

RELATIVE_RULES: tuple[Rule, ...] = (
    rule("deictic", "<t:deictic><p:part>?", deictic),
    rule("part of deictic", "<p:part><t:deictic>", deictic),
    rule("day beside", "<the>?<u:unit>(?:<b:before>|<after>)<t:deictic>", day_beside),
    rule("ago", f"{_COUNT}{_UNIT}(?:<ago>|<from><now:now>)", ago),
    rule("year or two ago", "<article><unit><or><num><ago>", some_time_ago),
    rule(
        "later", f"{_COUNT}{_UNIT}(?:<earlier:earlier>|<later>|<open:after>|<back:before>)", later
    ),
    rule(
        "last unit",
        "<the:the>?(?:<last:last>|<this:this>|<next:next|coming>)<u:unit>",
        related_unit,
    ),
    rule(
        "narrative unit",
        "(?:<the>(?:<previous:previous>|<following:following>|<same>)|<that:that><same>?)<u:unit>",
        narrative_unit,
    ),
    rule("unit after", "<the|article><u:unit>(?:<b:before>|<after|following>)", day_after),
    rule(
        "part",
        "<the>?(?:<last:last>|<this:this>|<next:next|following>|<previous:previous>"
        "|<that>|<same>)<p:part>",
        related_part,
    ),
    rule("bare part", "<the:the>?<p:part>", bare_part),
    rule("overnight", "<overnight>", overnight),
    rule(
        "weekend",
        "(?:<the>?(?:<last:last>|<past>|<this:this>|<next:next|coming>"
        "|<previous:previous>|<following:following>|<that:that>)|<the>)<weekend>",
        weekend,
    ),
    rule(
        "earlier this",
        "(?:<earlier:earlier>|<later>)(?:<this>|<that:that><same>?|<in:in><the>)<u:unit>",
        within_unit,
    ),
    rule("now", "(?:<right>|<more>)?<w:now>", reference_word),
    rule("current unit", "<the>?<current><u:unit>", current_unit),
    rule("current", "<current>", current),
    rule("recent", "<recent>", recent),
    rule("future", "<the:the>?<near:near>?<future>", future),
    rule("near term", "<the><near:near><term>", future),
    rule("the past", "<the><past>", the_past),
    rule("these days", "<these><u:units>", these_days),
    rule("year-end", "<u:unit>(?:<poss>|<hyphen>)?<edge>", year_end),
    rule("the unit", "<the><u:unit>", the_unit),
)
