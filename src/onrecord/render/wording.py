"""A record's fields in words for people: names, days, numbers, who is who.

Pure functions, shared by the terminal and the page; neither escapes anything
for its medium, but ``clean`` takes the characters out that would act on a
terminal or turn the direction of the line.
"""

from __future__ import annotations

import calendar
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from onrecord.record import (
    Entity,
    Event,
    Figure,
    Participant,
    Place,
    Record,
    Reference,
    Statement,
    Time,
)

#: Stances as the verb of a line: "Ana Ruiz … denies".
STANCE_VERBS = {
    "state": "says",
    "claim": "claims",
    "confirm": "confirms",
    "deny": "denies",
    "accuse": "accuses",
    "support": "supports",
    "demand": "demands",
    "pledge": "pledges",
    "threaten": "threatens",
    "predict": "predicts",
    "believe": "believes",
    "decline": "declines",
}
#: Figures as what follows the number: "9 injured".
FIGURE_WORDS = {
    "dead": "dead",
    "injured": "injured",
    "arrested": "arrested",
    "displaced": "displaced",
    "crowd": "in a crowd",
    "amount": "",
    "share": "share",
    "count": "",
}
_QUOTES = {"“": "”", "„": "“", "«": "»", '"': '"', "‘": "’"}
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def clean(text: str) -> str:
    """Return ``text`` on one line, without characters that act: controls, bidi overrides.

    A control character becomes its picture (``␛``) or U+FFFD, a format character of
    the bidirectional algorithm goes.
    """
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """Return ``text`` with every character that acts made visible, white space kept as blanks."""
    return "".join(map(_safe, text))


def _safe(char: str) -> str:
    if char.isascii():
        if char >= " " and char != "\x7f":
            return char
        if char in "\t\n\r\f\v":
            return " "
        return "␡" if char == "\x7f" else chr(0x2400 + ord(char))
    category = unicodedata.category(char)
    if category == "Cf" and unicodedata.bidirectional(char) != "BN":
        return ""
    if category in ("Zl", "Zp"):
        return " "
    return "\ufffd" if category in ("Cc", "Cs") else char


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cleaned and at most ``limit`` long, cut between words, quotes closed."""
    line = clean(text)
    if len(line) <= limit:
        return line
    closing = _QUOTES.get(line[0], "")
    room = max(1, limit - 2 - len(closing))
    head = line[:room]
    if line[room] != " " and " " in head:
        head = head[: head.rindex(" ")]
    return f"{head.rstrip(' ,;:—–-')} …{closing}"


def lowered(text: str) -> str:
    """Return ``text`` without the capital of a sentence's start ("According to")."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def day(iso: str) -> str:
    """Return an ISO date, or date and time, as ``4 Dec 2025``; other text unchanged."""
    try:
        found = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    clock = f", {iso[11:16]}" if len(iso) >= 16 and iso[10] in "T " else ""
    return f"{found.day} {calendar.month_abbr[found.month]} {found.year}{clock}"


def days(begin: str | None, finish: str | None) -> str:
    """Return an interval of ISO dates as people write it: ``20–30 Nov 2025``, ``1986``."""
    if begin is None and finish is None:
        return ""
    if finish is None:
        return f"from {day(begin or '')}"
    if begin is None:
        return f"until {day(finish)}"
    try:
        return _interval(date.fromisoformat(begin), date.fromisoformat(finish))
    except ValueError:
        return f"{begin}–{finish}"


def _interval(begin: date, finish: date) -> str:
    month = calendar.month_abbr
    if begin == finish:
        return day(begin.isoformat())
    whole = begin.day == 1 and finish.day == calendar.monthrange(finish.year, finish.month)[1]
    if whole and (begin.month, finish.month) == (1, 12):
        return f"{begin.year}" if begin.year == finish.year else f"{begin.year}–{finish.year}"
    if whole and (begin.year, begin.month) == (finish.year, finish.month):
        return f"{month[begin.month]} {begin.year}"
    end = day(finish.isoformat())
    if begin.year != finish.year:
        return f"{day(begin.isoformat())} – {end}"
    if begin.month != finish.month:
        return f"{begin.day} {month[begin.month]} – {end}"
    return f"{begin.day}–{end}"


def time_words(time: Time) -> str:
    """Return the days a time means; ``open`` when they are not known."""
    return days(time.begin, time.finish) or "open"


def number(value: float) -> str:
    """Return a number as people write it: ``1,200``, ``12.5 million``."""
    for scale, name in _SCALES:
        if abs(value) >= scale:
            return f"{value / scale:,.4g} {name}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"


def figure_words(figure: Figure) -> str:
    """Return what a figure says: ``about 40 arrested``, ``EUR 12 million – 15 million``."""
    unit = clean(figure.unit or "")
    amount = _bounds(figure.low, figure.high)
    if unit == "percent":
        amount += " %"
    elif len(unit) == 3 and unit.isupper():
        amount = f"{unit} {amount}"
    elif unit:
        amount += f" {unit}"
    bounded = figure.low is not None and figure.high is not None
    hedge = "about " if figure.approximate and bounded else ""
    return f"{hedge}{amount} {FIGURE_WORDS.get(figure.of or '', '')}".strip()


def _bounds(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "?"
    if low is None:
        return f"at most {number(high or 0)}"
    if high is None:
        return f"at least {number(low)}"
    if low == high:
        return number(low)
    first, last = number(low), number(high)
    unit = last.rpartition(" ")[2] if " " in last else ""
    if unit and first.endswith(f" {unit}"):
        first = first.removesuffix(f" {unit}")
    return f"{first}–{last}"


class Index:
    """The rows of one record by id, and how each is called."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.entities = {row.id: row for row in record.entities}
        self.times = {row.id: row for row in record.times}
        self.places = {row.id: row for row in record.places}
        self.figures = {row.id: row for row in record.figures}
        self.statements = {row.id: row for row in record.statements}

    def entity(self, id_: str | None) -> Entity | None:
        """Return the entity of that id, or ``None``."""
        return self.entities.get(id_ or "")

    def entity_name(self, entity: Entity) -> str:
        """Return an entity's name, else its first words."""
        if entity.name:
            return clean(entity.name)
        first = next(iter(entity.mentions), None)
        return shorten(self.record.words(first), 60) if first else entity.id

    def reference_name(self, reference: Reference | Participant) -> str:
        """Return who the words stand for, else the words."""
        entity = self.entity(reference.entity)
        if entity is not None and entity.name:
            return clean(entity.name)
        return shorten(self.record.words(reference), 60)

    def speaker_name(self, statement: Statement) -> str:
        """Return who says it; ``someone`` when nobody is expressed."""
        return self.reference_name(statement.speaker) if statement.speaker else "someone"

    def place_name(self, place: Place) -> str:
        """Return the name of a place, else its words."""
        return clean(place.name or self.record.words(place))

    def dated(self, time: Time) -> str:
        """Return the words of a time and the days they mean: ``Tuesday = 11 Mar 2025``."""
        words, meaning = shorten(self.record.words(time), 40), time_words(time)
        if meaning == "open":
            return f"{words} (open)"
        return words if meaning == words else f"{words} = {meaning}"

    def trigger_words(self, event: Event) -> list[str]:
        """Return the different words an event is named by, the trigger first."""
        words = (shorten(self.record.words(mention), 40) for mention in event.mentions)
        return list({one.casefold(): one for one in words}.values())

    def on_whose_word(self, event: Event) -> str:
        """Return who stands for an event: its only source, who denies it, who speaks of it."""
        if (only := self.statements.get(event.statement or "")) is not None:
            return f"only on the word of {self.speaker_name(only)}"
        inside = [self.statements[one] for one in event.within if one in self.statements]
        deny = [one for one in inside if one.stance == "deny" and event.status == "denied"]
        names = dict.fromkeys(map(self.speaker_name, deny or inside))
        verb = "denied by" if deny else "in the words of"
        return f"{verb} {', '.join(names)}" if names else ""

    def ranked(self) -> list[Entity]:
        """Return the entities, the most important first: who speaks, acts, is spoken of."""
        uses = _uses(self.record)
        rank = {
            e.id: (-4 * uses[e.id] - len(e.mentions), i)
            for i, e in enumerate(self.entities.values())
        }
        return sorted(self.entities.values(), key=lambda entity: rank[entity.id])


def _uses(record: Record) -> Counter[str]:
    speakers = (s.speaker for s in record.statements)
    parts = (part for event in record.events for part in (*event.actors, *event.recipients))
    found: Iterable[Reference | Participant | None] = (*speakers, *parts)
    return Counter(one.entity for one in found if one is not None and one.entity)


def code(country: str | None, sector: str | None) -> str:
    """Return country and sector as analysts write them: ``ISL GOV``."""
    return " ".join(clean(part) for part in (country, sector) if part)


def joined(parts: Sequence[str], separator: str = " · ") -> str:
    """Return the parts that say something, joined."""
    return separator.join(part for part in parts if part)


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Return ``1 statement``, ``2 statements``."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def headline(record: Record) -> str:
    """Return the title, else the first sentence, else the id."""
    title = clean(record.article.title or "")
    first = next(iter(record.sentences), None)
    if not title and first is not None:
        title = shorten(record.words(first), 120)
    return title or clean(record.article.id or "article")


def publication(record: Record) -> str:
    """Return the publication date with its basis: ``13 Mar 2025 (given)``."""
    article = record.article
    if article.published:
        return f"{clean(day(article.published))} ({article.published_basis})"
    if article.published_raw:
        return f"date not believed: {shorten(article.published_raw, 40)}"
    return "publication date unknown"
