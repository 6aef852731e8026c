"""The words that time expressions are made of, each with its kind and value.

General knowledge of English and of the calendar; holidays are those that news
in English names often.  A kind is what the patterns of ``_when_rules`` speak of.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A word's kind (a name patterns use) and what it stands for."""

    kind: str
    value: Any = None


_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

#: Abbreviations need a capital and a point, comma or number after them.
ABBREVIATIONS: dict[str, Entry] = {
    **{
        word: Entry("month", number)
        for number, words in enumerate(
            ("jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sep sept", "oct", "nov", "dec"),
            start=1,
        )
        for word in words.split()
    },
    **{
        word: Entry("weekday", number)
        for number, words in enumerate(
            ("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun")
        )
        for word in words.split()
    },
}

#: Also verbs or ordinary words: only months when written with a capital.
CAPITAL_MONTHS = frozenset({"march", "may", "august"})
#: Also names of people: bare ones need a preposition or the like before them.
NAME_MONTHS = frozenset({"april", "may", "june", "august", "march"})

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()


def _table(kind: str, words: str) -> dict[str, Entry]:
    """Read "word=value" pairs; a word without value stands for itself."""
    entries = {}
    for item in words.split():
        word, _, value = item.partition("=")
        entries[word] = Entry(kind, value or word)
    return entries


LEXICON: dict[str, Entry] = {
    **{word: Entry("month", number) for number, word in enumerate(_MONTHS, start=1)},
    **{word: Entry("weekday", number) for number, word in enumerate(_WEEKDAYS)},
    **{word + "s": Entry("weekdays", number) for number, word in enumerate(_WEEKDAYS)},
    **{word: Entry("ordinal", number) for number, word in enumerate(_ORDINALS, start=1)},
    "thirtieth": Entry("ordinal", 30),
    **_table(
        "season",
        "spring=SP summer=SU autumn=FA fall=FA winter=WI springtime=SP "
        "summertime=SU wintertime=WI midsummer=SU midwinter=WI",
    ),
    **_table("seasons", "summers=SU winters=WI autumns=FA springs=SP"),
    **_table(
        "part",
        "morning=MO afternoon=AF evening=EV night=NI midnight=24:00 noon=12:00 "
        "midday=12:00 dawn=MO daybreak=MO dusk=EV nightfall=EV mid-morning=MO midafternoon=AF "
        "midmorning=MO lunchtime=MI sunrise=MO sunset=EV nighttime=NI daytime=DT",
    ),
    **_table("parts", "mornings=MO afternoons=AF evenings=EV nights=NI"),
    **_table(
        "unit", "day=D week=W fortnight=W2 month=M year=Y decade=DE century=CE millennium=Y1000"
    ),
    **_table(
        "units",
        "days=D weeks=W fortnights=W2 months=M years=Y decades=DE centuries=CE millennia=Y1000",
    ),
    **_table("hour", "hour=TH minute=TM"),
    **_table("hours", "hours=TH minutes=TM seconds=TS mins=TM hrs=TH"),
    **_table("quarter", "quarter=Q"),
    **_table("quarters", "quarters=Q"),
    **_table("period", "period"),
    **_table("weekend", "weekend=WE"),
    **_table("weekends", "weekends=WE"),
    **_table("deictic", "today=0 yesterday=-1 tomorrow=1 tonight=0"),
    **_table(
        "often",
        "daily=P1D weekly=P1W monthly=P1M yearly=P1Y annually=P1Y nightly=P1D "
        "hourly=PT1H biweekly=P2W fortnightly=P2W",
    ),
    **_table("each", "every each"),
    **_table("alternate", "other"),
    **_table("small", "small wee"),
    **_table("vague", "several few many couple numerous countless"),
    **_table("some", "some any"),
    **_table("early", "early=START late=END mid=MID"),
    **_table("edge", "beginning=START start=START outset=START middle=MID end=END close=END"),
    **_table("earlier", "earlier"),
    **_table("later", "later"),
    **_table("ago", "ago"),
    **_table("before", "before previously beforehand"),
    **_table("after", "after afterwards afterward thereafter hence"),
    **_table("last", "last=-1"),
    **_table("past", "past"),
    **_table("previous", "previous=-1 preceding=-1 prior=-1"),
    **_table("next", "next=1"),
    **_table("coming", "coming=1 upcoming=1 forthcoming=1"),
    **_table("following", "following=1 subsequent=1 ensuing=1 succeeding=1"),
    **_table("recent", "recent"),
    **_table("latest", "latest"),
    **_table("current", "current"),
    **_table(
        "now",
        "now=PRESENT_REF currently=PRESENT_REF nowadays=PRESENT_REF "
        "recently=PAST_REF lately=PAST_REF",
    ),
    **_table("fiscal", "fiscal financial fy"),
    **_table("half", "half"),
    **_table("article", "a an"),
    **_table("the", "the"),
    **_table("this", "this"),
    **_table("that", "that"),
    **_table("these", "these those"),
    **_table("same", "same"),
    **_table("alike", "corresponding comparable equivalent"),
    **_table("final", "final"),
    **_table("of", "of"),
    **_table("in", "in"),
    **_table("on", "on"),
    **_table("at", "at"),
    **_table("to", "to until till through"),
    **_table("or", "or"),
    **_table("so", "so"),
    **_table("and", "and"),
    **_table("per", "per"),
    **_table("more", "more"),
    **_table("old", "old"),
    **_table("long", "long"),
    **_table("time", "time"),
    **_table("future", "future"),
    **_table("term", "term"),
    **_table("near", "near foreseeable immediate not-too-distant distant"),
    **_table("times", "once twice thrice"),
    **_table("timesword", "times"),
    **_table("about", "about around approximately roughly circa ca"),
    **_table("nearly", "nearly almost under"),
    **_table("over", "over"),
    **_table("least", "least"),
    **_table("than", "than"),
    **_table("less", "less fewer"),
    **_table("up", "up"),
    **_table("within", "within"),
    **_table("no", "no"),
    **_table("from", "from"),
    **_table("just", "just only"),
    **_table("full", "full entire whole"),
    **_table("right", "right"),
    **_table(
        "eighties",
        "twenties=20 thirties=30 forties=40 fifties=50 sixties=60 seventies=70 "
        "eighties=80 nineties=90",
    ),
    **_table("overnight", "overnight=NI"),
    **_table(
        "trading",
        "trading working business straight consecutive successive additional calendar extra",
    ),
    **_table("moment", "moment"),
    **_table("oclock", "o'clock"),
}

#: Closed-class words written with a capital that mark eras and time zones.
BEFORE_CHRIST = frozenset({"BC", "BCE"})
ANNO_DOMINI = frozenset({"AD", "CE"})
#: Offsets from UTC of the zones that news in English writes as letters.  Letters that
#: stand for several zones of the world (IST, CST) are read but given no offset.
ZONES = {
    "GMT": "Z",
    "UTC": "Z",
    "UT": "Z",
    "EST": "-05:00",
    "EDT": "-04:00",
    "CDT": "-05:00",
    "MST": "-07:00",
    "MDT": "-06:00",
    "PST": "-08:00",
    "PDT": "-07:00",
    "CET": "+01:00",
    "CEST": "+02:00",
    "EET": "+02:00",
    "EEST": "+03:00",
    "MSK": "+03:00",
    "JST": "+09:00",
    "KST": "+09:00",
    "SAST": "+02:00",
    "WAT": "+01:00",
    "CAT": "+02:00",
    "EAT": "+03:00",
    "AEST": "+10:00",
    "AEDT": "+11:00",
    "NZST": "+12:00",
    "PKT": "+05:00",
    "HKT": "+08:00",
    "SGT": "+08:00",
    "WIB": "+07:00",
    "CST": "",
    "IST": "",
    "BST": "",
    "ET": "",
    "PT": "",
    "CT": "",
    "MT": "",
}

#: name → month-day, "easter±days", or "month.weekday.n" (the n-th such weekday).
HOLIDAYS: dict[tuple[str, ...], str] = {
    tuple(name.split()): rule
    for name, rule in {
        "christmas": "12-25",
        "christmas day": "12-25",
        "christmas eve": "12-24",
        "boxing day": "12-26",
        "new year ' s day": "01-01",
        "new year ’ s day": "01-01",
        "new year ' s eve": "12-31",
        "new year ’ s eve": "12-31",
        "new year ' s": "01-01",
        "new year ’ s": "01-01",
        "epiphany": "01-06",
        "valentine ' s day": "02-14",
        "valentine ’ s day": "02-14",
        "st . patrick ' s day": "03-17",
        "st . patrick ’ s day": "03-17",
        "april fools ' day": "04-01",
        "april fools ’ day": "04-01",
        "may day": "05-01",
        "d - day": "1944-06-06",
        "ve day": "05-08",
        "bastille day": "07-14",
        "halloween": "10-31",
        "all saints ' day": "11-01",
        "all saints ’ day": "11-01",
        "all souls ' day": "11-02",
        "all souls ’ day": "11-02",
        "armistice day": "11-11",
        "remembrance day": "11-11",
        "veterans day": "11-11",
        "human rights day": "12-10",
        "international women ' s day": "03-08",
        "international women ’ s day": "03-08",
        "earth day": "04-22",
        "juneteenth": "06-19",
        "columbus day": "10.0.2",
        "thanksgiving": "11.3.4",
        "thanksgiving day": "11.3.4",
        "black friday": "11.3.4+1",
        "election day": "11.0.1+1",
        "labor day": "9.0.1",
        "memorial day": "5.0.-1",
        "presidents ' day": "2.0.3",
        "presidents ’ day": "2.0.3",
        "presidents day": "2.0.3",
        "martin luther king jr . day": "1.0.3",
        "martin luther king day": "1.0.3",
        "easter": "easter+0",
        "easter sunday": "easter+0",
        "easter monday": "easter+1",
        "good friday": "easter-2",
        "holy thursday": "easter-3",
        "palm sunday": "easter-7",
        "ash wednesday": "easter-46",
        "ascension day": "easter+39",
        "pentecost": "easter+49",
        "whit monday": "easter+50",
        "corpus christi": "easter+60",
        "independence day": "",
        "national day": "",
        "ramadan": "",
        "passover": "",
        "yom kippur": "",
        "rosh hashanah": "",
        "hanukkah": "",
        "diwali": "",
        "eid al - fitr": "",
        "eid al - adha": "",
        "lunar new year": "",
        "chinese new year": "",
        "nowruz": "",
    }.items()
}
HOLIDAY_FIRST = {name[0] for name in HOLIDAYS}
LONGEST_HOLIDAY = max(map(len, HOLIDAYS))

#: Names that hold a weekday but are not that day of a week.
NOT_WEEKDAYS = {"bloody", "super", "black", "cyber", "holy", "freaky", "ruby", "casual"}
