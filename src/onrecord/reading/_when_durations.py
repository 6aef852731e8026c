"""Rules for stretches of time and for times that come again: three weeks, every Monday."""

from __future__ import annotations

from onrecord.reading._numbers import HYPHENS
from onrecord.reading._when_found import Found, Hit, Rule, rule
from onrecord.reading._when_relative import plain_unit
from onrecord.reading._when_values import moved

_LETTERS = {"TH": ("PT", "H"), "TM": ("PT", "M"), "TS": ("PT", "S")}
#: Counted decades and centuries are written in years, as TimeBank has them.
_YEARS = {"DE": 10, "CE": 100}


def duration_value(unit: str, count: float | None) -> str:
    """Return the TIMEX3 value of ``count`` units: P3W, PT36H, P2.5Y; None gives PXW."""
    unit, factor = plain_unit(unit)
    prefix, letter = _LETTERS.get(unit, ("P", unit))
    if count is None:
        return f"{prefix}X{letter}"
    if unit in _YEARS:
        letter, factor = "Y", _YEARS[unit]
    return f"{prefix}{count * factor:.12g}{letter}"


def count_of(hit: Hit) -> float | None:
    """Return the number before a unit; None where it is vague."""
    if hit.has("n"):
        return float(hit.get("n"))
    for group in ("v", "w"):
        if hit.has(group):
            return 2.0 if hit.get(group) == "couple" else None
    return 1.0 if hit.has("a") else None


def _anchored(found: Found, hit: Hit, unit: str, count: float | None, direction: int) -> Found:
    """Give a stretch that ends or begins with publication its days."""
    published = hit.context.published
    unit, factor = plain_unit(unit)
    if published is None or count is None or count != int(count) or unit not in "DWMYDECE":
        return found
    other = moved(published, unit, direction * int(count) * factor)
    if other is None:
        return found
    begin, finish = sorted((published, other))
    return found._replace(begin=begin.isoformat(), finish=finish.isoformat())


#: "a year-earlier loss", "a 34-year-old": not a stretch of time (an age is none either).
_NOT_COUNTED = frozenset(("earlier", "ago", "old", "olds"))
_RATED = frozenset("% $ percent once twice times hours days".split())


def _is_rate(hit: Hit) -> bool:
    """Whether "a day" is a rate: 5,000 barrels a day, twice a week."""
    if not hit.has("a") or hit.has("w") or hit.item("a") is None:
        return False
    before = hit.before
    if before in _RATED or before[:1].isdigit():
        return True
    if before in {"million", "billion", "thousand", "dollars"}:
        return True
    scan, i = hit.context.scan, hit.first - 2
    counted = i >= 0 and scan.items[i].kind in {"number", "dayno", "spelled", "year"}
    return counted and before.endswith("s")


def duration(hit: Hit) -> Found | None:
    """Three weeks, a year, several days, two-year; at a rate ("… a day") a SET."""
    unit, count = hit.get("u"), count_of(hit)
    if hit.after == "old" or (hit.after in HYPHENS and hit.word(hit.next + 1) in _NOT_COUNTED):
        return None
    if unit == "Q" and hit.has("joint"):
        return None
    if hit.capital(hit.match.start("u")) and not hit.context.narrative:
        return None
    if hit.has("a") and not hit.has("w") and hit.after in {"-", "of"} and hit.before == "half":
        return None
    if _is_rate(hit):
        return Found("SET", duration_value(unit, 1.0), anchors=False)
    if hit.after in {"'", "’"} and hit.has("a"):
        return None
    if unit in {"TM", "TS"} and not (hit.has("n") or hit.has("a")):
        return None
    return Found("DURATION", duration_value(unit, count), anchors=False)


def count_range(hit: Hit) -> Found | None:
    """Two to three weeks: the value is that of the lower number, as TimeBank has it."""
    low, high = float(hit.get("n")), float(hit.get("n2"))
    if low >= high:
        return None
    return Found("DURATION", duration_value(hit.get("u"), low), anchors=False)


def bare_units(hit: Hit) -> Found | None:
    """Weeks, centuries, hours."""
    unit = hit.get("u")
    if unit in {"TM", "TS", "Q"} or hit.after in {"-", "old", "when"}:
        return None
    if hit.before in {"working", "opening", "business", "office", "visiting"}:
        return None
    return Found("DURATION", duration_value(unit, None), anchors=False)


def framed(hit: Hit) -> Found | None:
    """The past three months, the next two years, the last week; recent weeks."""
    unit = hit.get("u")
    count = count_of(hit) if any(hit.has(g) for g in ("n", "v", "w", "a")) else None
    item = hit.item("u")
    if count is None and item is not None and item.kind in {"unit", "hour", "quarter"}:
        count = 1.0
    found = Found("DURATION", duration_value(unit, count), anchors=False)
    direction = -1 if hit.has("past") else (1 if hit.has("next") else 0)
    if direction and not hit.context.narrative:
        return _anchored(found, hit, unit, count, direction)
    return found


def first_units(hit: Hit) -> Found | None:
    """The first nine months, the six months."""
    if hit.has("o") and hit.get("o") > 1:
        return None
    return Found("DURATION", duration_value(hit.get("u"), count_of(hit)), anchors=False)


def over_units(hit: Hit) -> Found | None:
    """Over the years."""
    return Found("DURATION", duration_value(hit.get("u"), None), anchors=False, lead=1)


def early_hours(hit: Hit) -> Found | None:
    """The early (morning) hours of a day."""
    return Found("TIME", f"T{hit.get('p') or 'MO'}", anchors=False)


def long_unit(hit: Hit) -> Found | None:
    """Day-long, years-long, decades-old."""
    item = hit.item("u")
    count = 1.0 if item is not None and item.kind in {"unit", "hour"} else None
    if hit.before in HYPHENS or (count and hit.has("age")):
        return None
    return Found("DURATION", duration_value(hit.get("u"), count), anchors=False)


_HALVES = {"Y": ("M", 6.0), "DE": ("Y", 5.0), "CE": ("Y", 50.0), "TH": ("TM", 30.0)}


def half_unit(hit: Hit) -> Found | None:
    """Half an hour, half a century."""
    unit, count = _HALVES.get(hit.get("u"), (hit.get("u"), 0.5))
    return Found("DURATION", duration_value(unit, count), anchors=False)


def and_a_half(hit: Hit) -> Found | None:
    """A year and a half."""
    count = count_of(hit)
    return Found("DURATION", duration_value(hit.get("u"), (count or 1.0) + 0.5), anchors=False)


def mixed(hit: Hit) -> Found | None:
    """2 1/2 years."""
    part, whole = float(hit.get("x")), float(hit.get("z"))
    if not 0 < part < whole <= 8:
        return None
    count = float(hit.get("n")) + part / whole
    return Found("DURATION", duration_value(hit.get("u"), count), anchors=False)


def often(hit: Hit) -> Found | None:
    """Daily, weekly, annually; not where it names a newspaper."""
    if hit.capital(hit.first) and hit.before not in {".", "\n", "", "“", '"', ":"}:
        return None
    if hit.capital(hit.next):
        return None
    return Found("SET", str(hit.get("w")), anchors=False)


def every(hit: Hit) -> Found | None:
    """Every Monday, each year, every two weeks, every other day, every July."""
    item = hit.item("u")
    if item is None:
        return None
    if item.kind in {"weekday", "weekdays"}:
        return Found("SET", f"XXXX-WXX-{item.value + 1}", anchors=False)
    if item.kind == "month":
        return Found("SET", f"XXXX-{item.value:02d}", anchors=False)
    if item.kind == "season":
        return Found("SET", f"XXXX-{item.value}", anchors=False)
    if item.kind == "part":
        return Found("SET", f"XXXX-XX-XXT{item.value}", anchors=False)
    if item.kind == "weekend":
        return Found("SET", "XXXX-WXX-WE", anchors=False)
    count = float(hit.get("n")) if hit.has("n") else 1.0
    if hit.has("o") and int(hit.get("o")) > 1:
        count = float(hit.get("o"))
    if hit.has("other"):
        count = 2.0
    return Found("SET", duration_value(item.value, count), anchors=False)


def weekday_nights(hit: Hit) -> Found | None:
    """Tuesday nights: every one."""
    value = f"XXXX-WXX-{int(hit.get('w')) + 1}T{hit.get('p')}"
    return Found("SET", value, anchors=False)


def weekdays(hit: Hit) -> Found | None:
    """On Mondays."""
    return Found("SET", f"XXXX-WXX-{hit.get('w') + 1}", anchors=False)


def per_unit(hit: Hit) -> Found | None:
    """Once a week, three times a year, per day."""
    return Found("SET", duration_value(hit.get("u"), 1.0), anchors=False)


_COUNT = "(?:<n:num>|<v:vague>|<a:article>(?:<w:vague><of>?)?)"
_UNIT = "<u:anyunit>"
_TRADING = "(?:<more>|<full>)?<trading>?"

DURATION_RULES: tuple[Rule, ...] = (
    rule("count", f"{_COUNT}<joint:hyphen>?{_TRADING}{_UNIT}(?:<hyphen>?<long>)?", duration),
    rule("count period", f"<article><n:num><hyphen>?{_UNIT}<period>", duration),
    rule("unit and a half", "(?:<n:num>|<a:article>)<u:single><and><article><half>", and_a_half),
    rule("mixed number", "<n:num><x:num><slash><z:num><hyphen>?<u:anyunit>", mixed),
    rule("unit or two", "<a:article><u:unit><or><num>", duration),
    rule("counts", f"<n:num>(?:<hyphen>|<to>|<or>)<n2:num><hyphen>?{_TRADING}{_UNIT}", count_range),
    rule("units", "<u:plural>", bare_units),
    rule("over the years", "<over><the><u:units>", over_units),
    rule(
        "past units",
        f"<the>?(?:<past:past|last|previous|latest>|<next:next|coming>|<following|these>)"
        f"(?:<num>(?:<to>|<hyphen>|<or>))?{_COUNT}<hyphen>?{_TRADING}{_UNIT}",
        framed,
    ),
    rule(
        "units past", "<the>?<n:num>(?:<past|last|previous>|<next:next|coming>)<u:plural>", framed
    ),
    rule(
        "recent units",
        "<the>?<recent|past|last|previous|coming|these|following|early><u:plural>",
        framed,
    ),
    rule("past unit", "<the>?<past:past><u:single>", framed),
    rule("first units", f"<the><o:ordinal>?{_COUNT}{_TRADING}<u:plural>", first_units),
    rule("first units bare", f"<o:ordinal>{_COUNT}{_TRADING}<u:plural>", first_units),
    rule("long", "<u:unit|units|hour|hours><hyphen>(?:<long>|<age:old>)", long_unit),
    rule("early hours", "<the><early|small><p:part>?<hours>", early_hours),
    rule("half", "<half>(?:<article>|<hyphen>)<u:unit|hour>", half_unit),
    rule("often", "<w:often>", often),
    rule(
        "every",
        "<each>(?:<n:num>|<o:ordinal>|<other:alternate>)?<u:anyunit|weekday|month|season|part|weekend>",
        every,
    ),
    rule("weekdays", "<w:weekdays>", weekdays),
    rule("weekday nights", "<w:weekday><p:parts>", weekday_nights),
    rule(
        "times a", "(?:<times>|<num><timesword>)(?:<article>|<per>|<each>)<u:unit|hour>", per_unit
    ),
    rule("per", "<per><u:unit|hour|quarter>", per_unit),
)
