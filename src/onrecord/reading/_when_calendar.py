"""Rules for expressions that name a place in the calendar or a time of day."""

from __future__ import annotations

from datetime import date, timedelta

from onrecord.reading._when_found import Found, Hit, Rule, rule
from onrecord.reading._when_lexicon import NAME_MONTHS, NOT_WEEKDAYS
from onrecord.reading._when_values import (
    SEASON_MONTHS,
    easter,
    month_value,
    moved,
    nth_weekday,
    year_value,
)

#: "…, 1998", "… of 480 BC", "… of that year", "… last year".
_TAIL = (
    "(?:(?:<comma>|<of>)?(?:<yb:num><bc>|<y:year>)"
    "|<of>?(?:<yl:last|previous>|<yi:this>|<yn:next|following>|<yt:that>|<the><ys:same>)<yu:unit>)?"
)
#: A year named at the other end of a range: "between May and August 2019".
_AHEAD = (
    "(?=(?:<to|and|or|hyphen>)(?:<early>|<edge>|<of>|<the>|<on>|<in>){0,4}"
    "(?:<month><dayno>?|<dayno><month>|<season>)(?:<comma>|<of>)?<ya:year>|)"
)
_DAY = "<d:dayno|ordinal>"
_WEEKDAY = "(?:<wd:weekday><comma>?<the>?)?"

_BEFORE_NAME = frozenset(
    "in of by since until till from through to last next this late early mid before after during "
    "and or between for around about throughout every each - – / (".split()
)


def _tail_year(hit: Hit) -> int | None:
    """Return the year that the end of the expression names: a number or "of that year"."""
    if hit.has("yb"):
        return -int(hit.get("yb"))
    if hit.has("y"):
        return int(hit.get("y"))
    context = hit.context
    if hit.has("yt") or hit.has("ys"):
        if context.year is not None:
            return context.year
        return context.base.year if context.base else None
    step = {True: 0}.get(hit.has("yi"), -1 if hit.has("yl") else 1)
    start = context.published
    if start is None or hit.get("yu") != "Y":
        return None
    return start.year + step


def _has_tail(hit: Hit) -> bool:
    return any(hit.has(group) for group in ("yb", "y", "yl", "yi", "yn", "yt", "ys"))


def _named_year(hit: Hit) -> tuple[int | None, bool]:
    """Return the year the text gives, and whether it gives one."""
    if _has_tail(hit):
        return _tail_year(hit), True
    if hit.has("ya"):
        return int(hit.get("ya")), True
    context = hit.context
    if context.narrative:
        return context.year, context.year is not None
    return None, False


def _bad_tail(hit: Hit) -> bool:
    """Whether what looks like "of this year" names another unit."""
    return hit.has("yu") and hit.get("yu") != "Y"


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest_year(hit: Hit, month: int, day: int) -> int | None:
    """The year that puts a day without one next to publication."""
    published = hit.context.published
    if published is None:
        return None
    choices = [
        found
        for year in (published.year - 1, published.year, published.year + 1)
        if 1 <= year <= 9999 and (found := _valid(year, month, day))
    ]
    if hit.has("wd"):
        same = [choice for choice in choices if choice.weekday() == hit.get("wd")]
        choices = same or choices
    if not choices:
        return None
    nearest = min(choices, key=lambda choice: abs((choice - published).days))
    if abs((nearest - published).days) <= _NEAR_DAYS:
        return nearest.year
    tense = {"ended": -2, "ending": 2}.get(hit.before) or hit.context.tense(hit.first)
    if tense <= -2:
        return max((c for c in choices if c <= published), default=nearest).year
    if tense >= 2:
        return min((c for c in choices if c >= published), default=nearest).year
    return nearest.year


#: A day without a year this near to publication is the nearest one, whatever the tense says.
_NEAR_DAYS = 90


def _day_found(hit: Hit, month: int, day: int) -> Found | None:
    if _bad_tail(hit) or not 1 <= day <= 31:
        return None
    year, named = _named_year(hit)
    if not named:
        year = _nearest_year(hit, month, day)
    if year is None:
        return Found("DATE", f"XXXX-{month:02d}-{day:02d}", anchors=False)
    return Found("DATE", f"{year_value(year)}-{month:02d}-{day:02d}", named_year=named)


def month_day(hit: Hit) -> Found | None:
    """Dec. 4, 4 December 2025, the 4th of December."""
    if hit.item("d") is None:
        return None
    return _day_found(hit, hit.get("m"), int(hit.get("d")))


def day_range(hit: Hit) -> Found | None:
    """10–13 June 2025, June 10 to 13: one expression, an ISO 8601 interval."""
    low, high = int(hit.get("d")), int(hit.get("d2"))
    first = _day_found(hit, hit.get("m"), low)
    last = _day_found(hit, hit.get("m"), high)
    if first is None or last is None or low >= high:
        return None
    if not first.anchors:
        return Found("DATE", f"{first.value}/{last.value}", anchors=False)
    return Found(
        "DATE", f"{first.value}/{last.value}", None, first.value, last.value, first.named_year
    )


def _month_year(hit: Hit, month: int) -> int | None:
    """The year of a bare month: by tense, else the nearer one, the past before the future."""
    published = hit.context.published
    if published is None:
        return None
    this = published.year
    last = this if month <= published.month else this - 1
    coming = this if month >= published.month else this + 1
    tense = hit.context.tense(hit.first)
    if tense > 0 or (tense == 0 and hit.before in {"until", "till", "by"}):
        return coming
    if tense < 0:
        return last
    return last if (published.month - month) % 12 <= 8 else coming


def bare_month(hit: Hit) -> Found | None:
    """December, December 2025, December of last year."""
    place = hit.match.start("m")
    if _bad_tail(hit):
        return None
    if hit.word(place) in NAME_MONTHS and not _has_tail(hit):
        alone = not hit.word(place - 1) and not hit.after
        if not alone and hit.word(place - 1) not in _BEFORE_NAME:
            return None
    month = hit.get("m")
    year, named = _named_year(hit)
    if not named:
        year = _month_year(hit, month)
    if year is None:
        return Found("DATE", f"XXXX-{month:02d}", anchors=False)
    return Found("DATE", month_value(year, month), named_year=named)


_SEASON_BEFORE = frozenset(
    "in of by since until this last next every during and early late".split()
)


def season(hit: Hit) -> Found | None:
    """The summer, spring 2025, the winter of 1914."""
    word = hit.word(hit.match.start("s"))
    if _bad_tail(hit) or hit.after == "-":
        return None
    if not _has_tail(hit):
        bare_ok = word not in {"fall", "spring"} or hit.capital(hit.match.start("s"))
        if not (hit.has("the") or (bare_ok and hit.before in _SEASON_BEFORE)):
            return None
        if hit.has("the") and word in {"fall", "spring"} and hit.before not in _SEASON_BEFORE:
            return None
        if hit.after == "of":
            return None
    code = hit.get("s")
    year, named = _named_year(hit)
    if not named:
        year = _month_year(hit, SEASON_MONTHS[code])
    if year is None:
        return Found("DATE", f"XXXX-{code}", anchors=False)
    return Found("DATE", f"{year_value(year)}-{code}", named_year=named)


_YEAR_BEFORE = frozenset(
    "in since by of from to until till during before after between and late early mid through for "
    "throughout around about circa ca or the than ( - – / ' year years mid- fiscal as , : ; "
    "back on".split()
)
_YEAR_AFTER = frozenset(
    "and or to until through , . ; : ) - – — / the was were is to , but when while as that ' ’ "
    "after before with for by on at from who which where it he she they there".split()
)
_NOT_YEAR_BEFORE = frozenset("$ £ € # no nos number flight".split())
_NOT_YEAR_AFTER = frozenset(
    "people troops soldiers miles km kilometres kilometers metres meters tons tonnes dollars euros "
    "pounds men women families homes houses workers jobs points feet acres hectares barrels cases "
    "deaths members police officers students refugees % percent per others residents civilians "
    "employees protesters migrants seats votes years hours days volts mg kg shares units".split()
)


def bare_year(hit: Hit) -> Found | None:
    """1998, the year 2000, 480 BC."""
    if hit.has("yb"):
        year = -int(hit.get("yb"))
        return Found("DATE", year_value(year), named_year=True) if year > -10000 else None
    year = int(hit.get("y"))
    before, after = hit.before, hit.after
    if hit.has("lead") and hit.get("lead") != "Y":
        return None
    plainly = before in {"in", "since", "during", "until"} and 1900 <= year <= 2060
    if (after in _NOT_YEAR_AFTER and not plainly) or before in _NOT_YEAR_BEFORE:
        return None
    if before in {"/", ".", "-", "+"} and hit.word(hit.first - 2)[:1].isdigit() and before != "-":
        return None
    if not (hit.has("lead") or 1400 <= year <= 2100 or hit.has("ad")):
        return None
    sure = hit.has("lead") or hit.has("ad") or before in _YEAR_BEFORE or before in "\n"
    if not sure and after not in _YEAR_AFTER and not 1900 <= year <= 2060:
        return None
    return Found("DATE", year_value(year), named_year=True)


def year_range(hit: Hit) -> Found | None:
    """1914–18, 2024/25."""
    year, short = int(hit.get("y")), hit.word(hit.match.start("n"))
    if len(short) != 2 or not 1400 <= year <= 2100:
        return None
    last = year // 100 * 100 + int(short)
    if not year < last <= year + 60:
        return None
    return Found("DATE", f"{year}/{last}", None, f"{year}-01-01", f"{last}-12-31", named_year=True)


_PART_OF_DECADE = frozenset({"early", "mid", "late"})


def decade(hit: Hit) -> Found | None:
    """The 1980s, the '80s, the nineties: value 198."""
    item = hit.item("dec")
    if item is None:
        return None
    number = int(item.value)
    if number < 100:
        if not hit.has("the") and hit.before not in {"'", "’", "‘", *_PART_OF_DECADE}:
            return None
        if item.kind == "eighties" and not hit.has("the") and hit.before not in _PART_OF_DECADE:
            return None
        number += 1900 if number >= 30 else 2000
    if hit.has("bc"):
        return Found("DATE", f"BC{number // 10:03d}", named_year=True)
    if number % 100 == 0 and number < 1900:
        return Found("DATE", f"{number // 100:02d}", named_year=True)
    return Found("DATE", f"{number // 10:03d}", named_year=True)


def century(hit: Hit) -> Found | None:
    """The 20th century: value 19, the years 1900–1999."""
    number = int(hit.get("o"))
    if hit.get("u") != "CE" or not 1 <= number <= 40:
        return None
    prefix = "BC" if hit.has("bc") else ""
    return Found("DATE", f"{prefix}{number - 1:02d}", named_year=True)


def _weekday_date(published: date, weekday: int, direction: int) -> date | None:
    """The weekday before or after publication; publication's own weekday is that very day."""
    gap = (published.weekday() - weekday) % 7
    if gap == 0:
        return published
    return moved(published, "D", -gap if direction <= 0 else 7 - gap)


_CLOCK_KINDS = frozenset("dayno clock ampm zone part".split())


def _deadline(hit: Hit) -> bool:
    """Whether "until" or "by" stands before, a clock between allowed."""
    items, i = hit.context.scan.items, hit.first - 1
    while i >= 0 and hit.first - i <= 4 and items[i].kind in _CLOCK_KINDS:
        i -= 1
    return hit.word(i) in {"until", "till", "by"}


def weekday(hit: Hit) -> Found | None:
    """Wednesday, Wednesday night."""
    if hit.before in NOT_WEEKDAYS and hit.capital(hit.first - 1):
        return None
    number, published = hit.get("w"), hit.context.published
    tense = hit.context.tense(hit.first)
    until = hit.before in {"until", "till"} and hit.word(hit.first - 2) not in {"not", "up"}
    if until or (tense == 0 and _deadline(hit)):
        tense = 1
    clock = f"T{hit.get('p')}" if hit.has("p") else ""
    kind = "TIME" if clock else "DATE"
    day = _weekday_date(published, number, tense) if published else None
    if day is None:
        return Found(kind, f"XXXX-WXX-{number + 1}{clock}", anchors=False)
    return Found(kind, day.isoformat() + clock)


def weekday_of_week(hit: Hit) -> Found | None:
    """Friday of last week, Tuesday next week."""
    if hit.get("u") != "W":
        return None
    published = hit.context.published
    if published is None:
        return Found("DATE", f"XXXX-WXX-{hit.get('w') + 1}", anchors=False)
    step = 0 if hit.has("this") else (1 if hit.has("next") else -1)
    day = moved(published, "D", 7 * step - published.weekday() + hit.get("w"))
    return Found("DATE", day.isoformat()) if day else None


def related_weekday(hit: Hit) -> Found | None:
    """Last Friday (the latest before publication), next Friday, this Friday."""
    published, number = hit.context.published, hit.get("w")
    if published is None:
        return Found("DATE", f"XXXX-WXX-{number + 1}", anchors=False)
    gap = (published.weekday() - number) % 7
    if hit.has("this"):
        past = hit.context.tense(hit.first) < 0
        this = _weekday_date(published, number, -1 if past else 1)
        return Found("DATE", (this or published).isoformat())
    days = 7 - gap if hit.has("next") else -(gap or 7)
    day = moved(published, "D", days)
    if day is None:
        return None
    clock = f"T{hit.get('p')}" if hit.has("p") else ""
    return Found("TIME" if clock else "DATE", day.isoformat() + clock)


def related_month(hit: Hit) -> Found | None:
    """Last June (the latest before this month), next June, this June; also seasons."""
    published = hit.context.published
    item = hit.item("m")
    if item is None:
        return None
    is_season = item.kind == "season"
    month = SEASON_MONTHS[item.value] if is_season else item.value
    year: int | None = None
    if published is not None:
        passed = month < published.month
        if hit.has("last"):
            year = published.year if passed else published.year - 1
        elif hit.has("next"):
            year = published.year + 1 if passed or month == published.month else published.year
        else:
            year = published.year
    if hit.has("d") and year is not None:
        return Found("DATE", f"{year:04d}-{month:02d}-{int(hit.get('d')):02d}", named_year=True)
    part = item.value if is_season else f"{month:02d}"
    if year is None:
        return Found("DATE", f"XXXX-{part}", anchors=False)
    return Found("DATE", f"{year:04d}-{part}")


def _holiday_date(year: int, how: str) -> date | None:
    if not 1583 <= year <= 9998:
        return None
    if how.startswith("easter"):
        return easter(year) + timedelta(int(how[6:]))
    if "." in how:
        how, _, extra = how.partition("+")
        month, day, n = map(int, how.split("."))
        return nth_weekday(year, month, day, n) + timedelta(int(extra or 0))
    return date(year, int(how[:2]), int(how[3:]))


def holiday(hit: Hit) -> Found | None:
    """Christmas 2007, Thanksgiving Day, New Year's Eve."""
    how = hit.get("h")
    if len(how) == 10:
        return Found("DATE", how, named_year=True)
    year, named = _named_year(hit)
    if not how:
        value = f"{year_value(year)}-XX-XX" if year and named else "XXXX-XX-XX"
        return Found("DATE", value, anchors=False)
    published = hit.context.published
    if not named and published is not None:
        sample = _holiday_date(published.year, how)
        month, day = (sample.month, sample.day) if sample else (1, 1)
        year = _nearest_year(hit, month, min(day, 28))
    found = _holiday_date(year, how) if year is not None else None
    if found is None:
        fixed = "-" in how and "." not in how and not how.startswith("easter")
        return Found("DATE", f"XXXX-{how}" if fixed else "XXXX-XX-XX", anchors=False)
    return Found("DATE", found.isoformat(), named_year=named)


def iso(hit: Hit) -> Found | None:
    """2025-12-04, 2025-12-04T15:30Z."""
    raw = str(hit.get("i"))
    if _valid(int(raw[:4]), int(raw[5:7]), int(raw[8:10])) is None:
        return None
    clock = raw[11:]
    if not clock:
        return Found("DATE", raw, named_year=True)
    return Found("TIME", f"{raw[:10]}T{clock}", named_year=True)


def slashed(hit: Hit) -> Found | None:
    """4.12.2025 (day first), 12/31/2025; 4/12/2025 may be either and gives the year only."""
    raw = str(hit.get("s"))
    mark = "." if "." in raw else "/"
    one, two, year = (int(part) for part in raw.split(mark))
    if len(raw.rpartition(mark)[2]) == 2:
        if mark == ".":
            return None
        year += 2000 if year < 50 else 1900
    if mark == "." or one > 12 or one == two:
        day, month = one, two
    elif two > 12:
        day, month = two, one
    else:
        return Found(
            "DATE",
            f"{year:04d}-XX-XX",
            None,
            f"{year:04d}-01-01",
            f"{year:04d}-12-31",
            anchors=False,
        )
    found = _valid(year, month, day)
    return Found("DATE", found.isoformat(), named_year=True) if found else None


def _clock(hour: int, minute: int, half: str) -> str | None:
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        return None
    return f"T{hour:02d}:{minute:02d}"


def _hour_minute(hit: Hit) -> tuple[int, int] | None:
    item = hit.item("n")
    if item is None:
        return None
    if item.kind == "clock":
        parts = str(item.value).split(":")
        return int(parts[0]), int(parts[1])
    word = hit.word(hit.match.start("n"))
    if word.count(".") == 1 and len(word.partition(".")[2]) == 2:
        whole, _, rest = word.partition(".")
        return int(whole), int(rest)
    if len(word) == 4 and word.isdigit():
        return int(word[:2]), int(word[2:])
    return (int(item.value), 0) if item.value == int(item.value) else None


_CLOCK_BEFORE = frozenset(
    "at by until till from around about since before after to between".split()
)


def clock_time(hit: Hit) -> Found | None:
    """10 p.m., 15:30 GMT, 9.30am, 1530 GMT, 5 o'clock: on the day named beside it, else told of."""
    found = _hour_minute(hit)
    if found is None:
        return None
    half = str(hit.get("h") or "")
    certain = half or hit.has("z") or hit.has("oc") or hit.before in _CLOCK_BEFORE
    if not certain:
        return None
    clock = _clock(*found, half)
    return None if clock is None else Found("TIME", f"{clock}{hit.get('z') or ''}", anchors=False)


CALENDAR_RULES: tuple[Rule, ...] = (
    rule("iso", "<i:iso>", iso),
    rule("slashed", "<s:slashed>", slashed),
    rule("month day", f"{_WEEKDAY}<m:month><the>?{_DAY}{_TAIL}{_AHEAD}", month_day),
    rule("day month", f"{_WEEKDAY}<the>?{_DAY}<of>?<m:month>{_TAIL}{_AHEAD}", month_day),
    rule("days", f"<m:month>{_DAY}<hyphen|to><d2:dayno|ordinal>{_TAIL}", day_range),
    rule(
        "days month",
        f"<the>?{_DAY}<hyphen|to><the>?<d2:dayno|ordinal><of>?<m:month>{_TAIL}",
        day_range,
    ),
    rule("month", f"<m:month>{_TAIL}{_AHEAD}", bare_month),
    rule("season", f"<the:the>?<s:season>{_TAIL}{_AHEAD}", season),
    rule("year BC", "<yb:num><hyphen>?<bc>", bare_year),
    rule("year", "(?:<the>?<lead:unit>)?<y:year><ad:ad>?", bare_year),
    rule("AD year", "<ad:ad><y:num>", bare_year),
    rule("years", "<y:year><hyphen|slash><n:dayno|number>", year_range),
    rule("decade", "<the:the>?<dec:decade|eighties><bc:bc>?", decade),
    rule("century", "<the>?<o:ordinal><hyphen>?<u:unit><bc:bc>?", century),
    rule("weekday", "<w:weekday><p:part>?", weekday),
    rule(
        "weekday of week",
        "<w:weekday><of>?(?:<last>|<next:next>|<this:this>)<u:unit>",
        weekday_of_week,
    ),
    rule(
        "last weekday",
        "(?:<last>|<past>|<next:next|coming>|<this:this>)<w:weekday><p:part>?",
        related_weekday,
    ),
    rule(
        "last month named",
        "(?:<last:last|past>|<next:next|coming>|<this>)<m:month|season>(?:<d:dayno>)?",
        related_month,
    ),
    rule("holiday", f"<h:holiday>{_TAIL}", holiday),
    rule("clock", "<n:dayno|number|clock|spelled><h:ampm><z:zone>?", clock_time),
    rule("24-hour clock", "<n:clock><z:zone>?", clock_time),
    rule("o'clock", "<n:dayno|spelled><oc:oclock>", clock_time),
    rule("military clock", "<n:year|number><z:zone>", clock_time),
)
