"""When: time expressions, their TIMEX3 values and the days they cover.

``find_times`` reads a whole article, ``describe_time`` one expression.  Both
are rules over words, need no model and are linear in the text.  What is read,
what values look like and what is not read: docs/reading/when.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from onrecord.reading._when_calendar import CALENDAR_RULES
from onrecord.reading._when_context import Context, parse_published
from onrecord.reading._when_durations import DURATION_RULES
from onrecord.reading._when_found import Found, Hit, Rule
from onrecord.reading._when_modifiers import widen
from onrecord.reading._when_periods import PERIOD_RULES
from onrecord.reading._when_relative import RELATIVE_RULES
from onrecord.reading._when_scan import CODES, scan
from onrecord.reading._when_values import days_of, narrowed
from onrecord.record import Skip, Span, Time

_RULES: tuple[Rule, ...] = (
    *CALENDAR_RULES,
    *RELATIVE_RULES,
    *PERIOD_RULES,
    *DURATION_RULES,
)


class _Expression(NamedTuple):
    """An accepted expression: items ``first`` to ``next`` and what they mean."""

    first: int
    next: int
    found: Found


def find_times(
    text: str,
    *,
    published: str | None = None,
    sentences: Sequence[Span] = (),
    skipped: Sequence[Skip] = (),
) -> list[Time]:
    """Return the time expressions of ``text`` in text order, numbered t1, t2, …

    ``published`` is an ISO date or datetime.  Without it (or when it is no
    date) nothing is anchored to it: such values keep placeholders and have no
    ``begin`` and ``finish``.  Expressions never overlap each other or a
    skipped stretch; with ``sentences`` given, none crosses the end of one.
    """
    context = Context(scan(text), parse_published(published))
    times: list[Time] = []
    for expression in _merged(_expressions(context), context):
        start = context.scan.start(expression.first)
        end = context.scan.end(expression.next - 1)
        times.append(_time(f"t{len(times) + 1}", start, end, expression.found))
    times = _outside(times, skipped)
    return _within(times, sentences)


def describe_time(expression: str, published: str | None) -> Time | None:
    """Return the time that ``expression`` names, or None when it names none.

    Of several the longest counts; offsets are into ``expression``.
    """
    times = find_times(expression, published=published)
    if not times:
        return None
    longest = max(times, key=lambda time: time.end - time.start)
    return Time(
        "t1",
        longest.start,
        longest.end,
        longest.type,
        longest.value,
        longest.mod,
        longest.begin,
        longest.finish,
    )


def _expressions(context: Context) -> list[_Expression]:
    """Take hits from left to right, the longest that makes sense at each place."""
    kinds = context.scan.kinds
    hits = [
        (match.start(), -match.end(), order, match)
        for order, rule in enumerate(_RULES)
        for match in rule.pattern.finditer(kinds)
    ]
    hits.sort(key=lambda hit: hit[:3])
    done, expressions = 0, []
    for first, _, order, match in hits:
        if first < done:
            continue
        found = _RULES[order].make(Hit(match, context))
        if found is None:
            continue
        reach = widen(context.scan, match.start(), match.end(), found, done)
        expression = _Expression(reach.first, reach.next, found._replace(mod=reach.mod))
        expressions.append(expression)
        done = expression.next
        if found.anchors:
            context.note(found.value.partition("/")[0], named_year=found.named_year)
    return expressions


_JOINT = re.compile(r"[ \n]?(?:,? (?:on |of |in |at )?|, )(?:the )?", re.IGNORECASE)


def _merged(expressions: list[_Expression], context: Context) -> list[_Expression]:
    """Join a time of day with the day beside it; give a lone one the day told of."""
    merged: list[_Expression] = []
    for expression in expressions:
        if merged and (joined := _joined(merged[-1], expression, context)):
            merged[-1] = joined
        else:
            merged.append(expression)
    return _with_days(merged, context)


def _bare_clock(found: Found) -> bool:
    return found.type == "TIME" and (found.value[0] == "T" or found.value.startswith("XXXX-XX-XXT"))


def _is_day(found: Found) -> bool:
    return found.type == "DATE" and len(found.value) == 10 and "/" not in found.value


def _joined(one: _Expression, two: _Expression, context: Context) -> _Expression | None:
    gap = context.scan.text[context.scan.end(one.next - 1) : context.scan.start(two.first)]
    if len(gap) > 9 or not _JOINT.fullmatch(gap):
        return None
    for clock, day in ((one.found, two.found), (two.found, one.found)):
        if _bare_clock(clock) and _is_day(day):
            time = clock.value[clock.value.index("T") :]
            found = day._replace(type="TIME", value=day.value + time, mod=clock.mod or day.mod)
            return _Expression(one.first, two.next, found)
    return None


def _with_days(expressions: list[_Expression], context: Context) -> list[_Expression]:
    """Put clocks that stand alone on the last day told of in the same sentence or before."""
    day: str | None = None
    result = []
    for number, expression in enumerate(expressions):
        found = expression.found
        if found.value[:1] == "T":
            known = _day_to_come(expressions[number : number + 2], context) or day
            found = found._replace(value=(known or "XXXX-XX-XX") + found.value)
        elif found.anchors and len(found.value.partition("T")[0]) == 10:
            day = found.value.partition("T")[0]
        result.append(expression._replace(found=found))
    return result


def _day_to_come(pair: Sequence[_Expression], context: Context) -> str | None:
    """Return the day that follows a clock in its own sentence ("at noon, … on Friday")."""
    if len(pair) < 2 or not _is_day(pair[1].found) or not pair[1].found.anchors:
        return None
    between = context.scan.kinds[pair[0].next : pair[1].first]
    if len(between) > 12 or CODES["stop"] in between or CODES["break"] in between:
        return None
    return pair[1].found.value


def _time(name: str, start: int, end: int, found: Found) -> Time:
    begin, finish = found.begin, found.finish
    if begin is None and finish is None and found.type in {"DATE", "TIME"}:
        days = days_of(found.value)
        if days is not None:
            first, last = narrowed(days, found.mod)
            begin, finish = first.isoformat(), last.isoformat()
    return Time(name, start, end, found.type, found.value, found.mod, begin, finish)


def _renumbered(times: list[Time]) -> list[Time]:
    return [
        Time(f"t{n}", t.start, t.end, t.type, t.value, t.mod, t.begin, t.finish)
        for n, t in enumerate(times, start=1)
    ]


def _outside(times: list[Time], skipped: Sequence[Skip]) -> list[Time]:
    """Drop expressions that touch a skipped stretch (both are in text order)."""
    kept, k = [], 0
    stretches = sorted(skipped, key=lambda skip: skip.start)
    for time in times:
        while k < len(stretches) and stretches[k].end <= time.start:
            k += 1
        if k == len(stretches) or stretches[k].start >= time.end:
            kept.append(time)
    return _renumbered(kept)


def _within(times: list[Time], sentences: Sequence[Span]) -> list[Time]:
    """Cut no expression in two: one that crosses the end of a sentence is dropped."""
    if not sentences:
        return times
    ends = sorted(span.end for span in sentences)
    kept, k = [], 0
    for time in times:
        while k < len(ends) and ends[k] <= time.start:
            k += 1
        if k == len(ends) or time.end <= ends[k]:
            kept.append(time)
    return _renumbered(kept)
