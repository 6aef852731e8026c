"""An event as one article tells it: what joining compares, taken out of a record."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from onrecord import record as r
from onrecord.analysis.rows import Amount, Mention, Party, Spot
from onrecord.analysis.words import flat, stems

#: Mentions of one event whose sentences are compared.
SAYINGS = 5


class Told(NamedTuple):
    """One event of one article."""

    article: str
    #: The article it copies, or itself.
    origin: str
    event: str
    publisher: str | None
    #: Publication, as precise as it is known; "" sorts first where it is unknown.
    published: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    status: str
    trigger: tuple[int, int]
    #: Stems of the words of all its mentions.
    named: frozenset[str]
    #: Stems of the trigger's sentence.
    about: frozenset[str]
    #: The trigger's sentence, words alone, and where in it the trigger stands (its words' number).
    sentence: str
    at: int
    #: Stems of each mention's words and of its sentence, the trigger's first; at most ``SAYINGS``.
    sayings: tuple[tuple[frozenset[str], frozenset[str]], ...]
    #: It stands in the headline, which tells again what the text tells.
    headline: bool
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    place: Spot | None
    first_day: str | None
    last_day: str | None
    #: ``event`` or ``published``.
    day_basis: str | None
    figures: tuple[Amount, ...]
    mentions: tuple[Mention, ...]
    #: Whose word it is, and the stance of that statement.
    source: str | None
    stance: str | None
    score: float | None
    confidence: float

    @property
    def key(self) -> tuple[str, str, int, str]:
        """Order of events in time, then by article and place in it; the same in every run."""
        return (self.published, self.article, self.trigger[0], self.event)

    @property
    def copied(self) -> bool:
        """Whether its article is a copy."""
        return self.article != self.origin


class Facts:
    """A record's rows by id, and its sentences by place."""

    def __init__(self, record: r.Record, id_: str | None = None) -> None:
        self.record = record
        self.id = record.article.id or "" if id_ is None else id_
        self.entities = {row.id: row for row in record.entities}
        self.times = {row.id: row for row in record.times}
        self.places = {row.id: row for row in record.places}
        self.figures = {row.id: row for row in record.figures}
        self.statements = {row.id: row for row in record.statements}
        self._starts = [span.start for span in record.sentences]
        #: Where the headline ends: the first line, where it is no whole sentence; else 0.
        self.headline = _headline(record.article.text)

    def sentence(self, start: int) -> tuple[int, int]:
        """Return the bounds of the sentence that covers an offset, or the line where none does."""
        at = bisect_right(self._starts, start) - 1
        if at >= 0 and start < self.record.sentences[at].end:
            return self.record.sentences[at].start, self.record.sentences[at].end
        text = self.record.article.text
        end = text.find("\n", start)
        return text.rfind("\n", 0, start) + 1, len(text) if end < 0 else end

    def party(self, row: r.Participant) -> Party:
        """Return a participant with its name."""
        entity = self.entities.get(row.entity or "")
        name = entity.name if entity else None
        country = row.country or (entity.country if entity else None)
        sector = row.sector or (entity.sector if entity else None)
        return Party(name, self.record.words(row), country, sector)

    def speaker(self, statement: r.Statement | None) -> Party | None:
        """Return who makes a statement."""
        if statement is None or statement.speaker is None:
            return None
        entity = self.entities.get(statement.speaker.entity or "")
        words = self.record.words(statement.speaker)
        if entity is None:
            return Party(None, words, None, None)
        return Party(entity.name, words, entity.country, entity.sector)

    def spot(self, id_: str | None) -> Spot | None:
        """Return a place by id."""
        place = self.places.get(id_ or "")
        if place is None:
            return None
        name = place.name or self.record.words(place)
        return Spot(name, place.country, place.lat, place.lon, place.precision)

    def amount(self, id_: str) -> Amount | None:
        """Return a figure by id."""
        row = self.figures.get(id_)
        if row is None:
            return None
        return Amount(self.id, row.start, row.end, row.of, row.low, row.high, row.unit)

    def days(self, time: str | None) -> tuple[str | None, str | None, str | None]:
        """Return first and last day and what they rest on."""
        row = self.times.get(time or "")
        known = [] if row is None else [day for day in (row.begin, row.finish) if day]
        if known:
            return known[0][:10], known[-1][:10], "event"
        published = self.record.article.published
        day = published[:10] if published else None
        return day, day, None if day is None else "published"


def _sayings(facts: Facts, event: r.Event) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    spans: list[r.Spanned] = [event.trigger, *event.mentions]
    text = facts.record.article.text
    found = (
        (stems(text[row.start : row.end]), stems(text[slice(*facts.sentence(row.start))]))
        for row in spans
    )
    return tuple(dict.fromkeys(found))[:SAYINGS]


def _headline(text: str) -> int:
    line, more, _ = text.partition("\n")
    return len(line) if more and not line.rstrip().endswith((".", "”", '"')) else 0


def told(record: r.Record, id_: str | None = None, origin: str | None = None) -> list[Told]:
    """Return the events of a record.

    ``id_``: its article's id, by default the one it says; ``origin``: the article it copies.
    """
    facts = Facts(record, id_)
    return [_told(facts, event, origin or facts.id) for event in record.events]


def _told(facts: Facts, event: r.Event, origin: str) -> Told:
    article = facts.record.article
    start, end = facts.sentence(event.trigger.start)
    statement = facts.statements.get(event.statement or "")
    speaker = facts.speaker(statement)
    first, last, basis = facts.days(event.time)
    spans: list[r.Spanned] = [*event.mentions, event.trigger]
    mentions = sorted({(row.start, row.end) for row in spans})
    return Told(
        article=facts.id,
        origin=origin,
        event=event.id,
        publisher=article.publisher,
        published=article.published or "",
        type=event.type,
        mode=event.mode,
        contexts=tuple(event.contexts),
        status=event.status,
        trigger=(event.trigger.start, event.trigger.end),
        named=frozenset().union(*(stems(article.text[a:b]) for a, b in mentions)),
        about=stems(article.text[start:end]),
        sentence=flat(article.text[start:end]),
        at=len(flat(article.text[start : event.trigger.start]).split()),
        sayings=_sayings(facts, event),
        headline=event.trigger.start < facts.headline,
        actors=parties(facts.party(row) for row in event.actors),
        recipients=parties(facts.party(row) for row in event.recipients),
        place=facts.spot(event.place),
        first_day=first,
        last_day=last,
        day_basis=basis,
        figures=tuple(row for id_ in event.figures if (row := facts.amount(id_)) is not None),
        mentions=tuple(Mention(facts.id, event.id, a, b) for a, b in mentions),
        source=None if speaker is None else speaker.name or speaker.words,
        stance=None if statement is None else statement.stance,
        score=event.score,
        confidence=event.confidence,
    )


def parties(found: Iterable[Party]) -> tuple[Party, ...]:
    """Return parties without repeats, in their order."""
    return tuple(dict.fromkeys(found))


def all_told(records: Mapping[str, r.Record], origin_of: Mapping[str, str]) -> list[Told]:
    """Return the events of all records, in an order that does not depend on theirs.

    A record's key in ``records`` is its article's id, whatever the record says.
    """
    found = [
        one for id_, record in records.items() for one in told(record, id_, root(id_, origin_of))
    ]
    return sorted(found, key=lambda one: one.key)


def root(id_: str, origin_of: Mapping[str, str]) -> str:
    """Follow origins to the first; a circle ends where it began."""
    seen = {id_}
    while (up := origin_of.get(id_, id_)) not in seen:
        seen.add(up)
        id_ = up
    return id_
