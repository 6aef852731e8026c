"""Synthetic records, for measuring an archive: invented words, sound by the record's rules.

The same seed gives the same records.  Names, countries and words are drawn with the skew
that news has: a few of each are frequent, most are rare (Zipf's law).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate

from onrecord import ontology
from onrecord import record as r

READER = r.ReaderInfo("0", "synthetic", "0" * 64)
COUNTRIES = (
    "FRA", "DEU", "PRT", "ISL", "NOR", "JPN", "BRA", "IND", "ZAF", "EGY", "KEN", "CAN", "MEX",
    "CHL", "AUS", "NZL", "KOR", "IDN", "TUR", "POL", "ITA", "ESP", "GRC", "SWE", "FIN", "NGA",
    "GHA", "MAR", "PER", "THA",
)  # fmt: skip
_BEGIN = ("ba", "do", "fel", "gri", "ha", "jo", "ka", "lu", "mor", "ne", "pra", "ri", "sol", "ta",
          "ve", "wi", "zan")  # fmt: skip
_END = ("den", "fors", "gan", "ka", "lin", "mer", "nov", "rad", "sen", "tis", "var", "ston")
_TRIGGERS = ("met", "backed", "warned", "blamed", "sanctioned", "helped", "detained", "hosted")
_WORDS = 20_000
_PEOPLE = 4_000
_PUBLISHERS = 60


@dataclass
class _Text:
    """A text that grows, and says where each piece of it stands."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def put(self, words: str) -> r.Span:
        self.pieces.append(words)
        self.length += len(words)
        return r.Span(self.length - len(words), self.length)


class Generator:
    """Makes records of ``events`` events and a quote for every four of them."""

    def __init__(
        self, *, events: int = 10, seed: int = 1, first: date = date(2016, 1, 1), days: int = 3_650
    ) -> None:
        self._dice = random.Random(seed)
        self._events = events
        self._first = first
        self._days = days
        self.words = tuple(_invented(n) for n in range(_WORDS))
        self.people = tuple(f"{_invented(n * 3).title()} {_invented(n * 7 + 1).title()}"
                            for n in range(_PEOPLE))  # fmt: skip
        self.publishers = tuple(f"{_invented(n * 11).title()} Post" for n in range(_PUBLISHERS))
        self._types = tuple(ontology.types())
        self._weights = {n: tuple(accumulate(1 / (k + 3) for k in range(n)))
                         for n in (_WORDS, _PEOPLE, _PUBLISHERS, len(COUNTRIES))}  # fmt: skip

    def pick(self, what: Sequence[str]) -> str:
        """Draw one, the first ones most often."""
        return self._dice.choices(what, cum_weights=self._weights[len(what)])[0]

    def records(self, number: int) -> Iterator[r.Record]:
        """Yield records with the ids ``synthetic-0``, ``synthetic-1``, …"""
        for n in range(number):
            yield self._record(n)

    def day(self) -> date:
        """Draw a day of the time that is covered."""
        return self._first + timedelta(days=self._dice.randrange(self._days))

    def _record(self, number: int) -> r.Record:
        published = self.day()
        text = _Text()
        title = " ".join(self._filler(6)).capitalize()
        text.put(title + "\n\n")
        parts = _Parts()
        for n in range(self._events):
            self._event(text, parts, published, n)
        body = "".join(text.pieces)
        url = f"https://news.example/{number}"
        article = r.Article(
            text=body, id=f"synthetic-{number}", url=url, canonical_url=url, title=title,
            publisher=self.pick(self.publishers), language="en", published=published.isoformat(),
            published_basis="given", sha256=sha256(body.encode()).hexdigest(),
        )  # fmt: skip
        return r.Record(
            READER, article, entities=tuple(parts.entities), times=tuple(parts.times),
            places=tuple(parts.places), statements=tuple(parts.statements),
            events=tuple(parts.events), sentences=tuple(parts.sentences),
        )  # fmt: skip

    def _filler(self, number: int) -> list[str]:
        return self._dice.choices(self.words, cum_weights=self._weights[_WORDS], k=number)

    def _event(self, text: _Text, parts: _Parts, published: date, n: int) -> None:
        """A sentence: who did what to whom, where and when, and every fourth time a quote."""
        begin = text.length
        actor = self._participant(text, parts)
        text.put(" ")
        trigger = text.put(self._dice.choice(_TRIGGERS))
        text.put(" ")
        recipient = self._participant(text, parts)
        text.put(" in ")
        place = self._place(text, parts)
        text.put(" on ")
        time = self._time(text, parts, published - timedelta(days=self._dice.randrange(7)))
        text.put(" " + " ".join(self._filler(14)) + ".")
        type_ = self._dice.choice(self._types)
        modes = sorted(ontology.event_type(type_).modes)
        mode = self._dice.choice(modes) if modes and self._dice.random() < 0.5 else None
        status = self._dice.choices(("actual", "future", "denied"), (8, 1, 1))[0]
        parts.events.append(
            r.Event(
                f"v{n + 1}", type_, mode, (), status, trigger,
                (r.EventMention(trigger.start, trigger.end, status),), (actor,), (recipient,),
                place, time, (), None, (), ontology.score(type_, mode), 0.9,
            )
        )  # fmt: skip
        parts.sentences.append(r.Span(begin, text.length))
        text.put(" ")
        if n % 4 == 0:
            self._quote(text, parts, actor)

    def _participant(self, text: _Text, parts: _Parts) -> r.Participant:
        name, country = self.pick(self.people), self.pick(COUNTRIES)
        span = text.put(name)
        id_ = f"e{len(parts.entities) + 1}"
        mention = r.Mention(span.start, span.end, "name", 0.9)
        parts.entities.append(r.Entity(id_, "person", name, None, country, "GOV", (mention,)))
        return r.Participant(span.start, span.end, id_, country, "GOV", 0.9)

    def _place(self, text: _Text, parts: _Parts) -> str:
        name = self._filler(1)[0].title()
        span = text.put(name)
        id_ = f"p{len(parts.places) + 1}"
        parts.places.append(
            r.Place(
                id_, span.start, span.end, name, self.pick(COUNTRIES), None, None, None, None,
                "country", "linked", 0.9,
            )
        )  # fmt: skip
        return id_

    def _time(self, text: _Text, parts: _Parts, day: date) -> str:
        span = text.put(f"{day.day} {day:%B %Y}")
        id_ = f"t{len(parts.times) + 1}"
        iso = day.isoformat()
        parts.times.append(r.Time(id_, span.start, span.end, "DATE", iso, None, iso, iso))
        return id_

    def _quote(self, text: _Text, parts: _Parts, who: r.Participant) -> None:
        begin = text.length
        text.put("“")
        content = text.put(" ".join(self._filler(12)))
        text.put("”, ")
        cue = text.put("said")
        text.put(" ")
        again = text.put("the same")
        text.put(".\n\n")
        parts.statements.append(
            r.Statement(
                f"s{len(parts.statements) + 1}", "statement",
                r.Reference(again.start, again.end, who.entity), cue, (content,), "state",
                "direct", False, None, None, None, None, (), "named", 0.9,
            )
        )  # fmt: skip
        parts.sentences.append(r.Span(begin, text.length - 2))


@dataclass
class _Parts:
    """The rows of one record while its text grows."""

    entities: list[r.Entity] = field(default_factory=list)
    times: list[r.Time] = field(default_factory=list)
    places: list[r.Place] = field(default_factory=list)
    statements: list[r.Statement] = field(default_factory=list)
    events: list[r.Event] = field(default_factory=list)
    sentences: list[r.Span] = field(default_factory=list)


def _invented(number: int) -> str:
    """Return a word of no language; different numbers mostly give different words."""
    first, rest = divmod(number, len(_END))
    second, first = divmod(first, len(_BEGIN))
    third, second = divmod(second, len(_BEGIN))
    return _BEGIN[first] + (_BEGIN[second] if third or second else "") + (
        _BEGIN[third % len(_BEGIN)] if third else ""
    ) + _END[rest]  # fmt: skip
