"""Lines of timelines and briefings: each is a sentence of a report, and says where it stands.

Nothing here is written for the reader but what a record holds: the sentence as it stands,
names, days, figures, types and statuses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onrecord.analysis._briefing_view import Page, View
from onrecord.analysis.rows import Amount, Dispute, Incident, Party, Spot
from onrecord.render.wording import clean, visible

#: What a report may call a day, from the most to the least precise; ``published``: the day of
#: publication stands for one the text does not give.
PRECISIONS = ("day", "days", "month", "year", "years", "published", "unknown")


@dataclass(frozen=True, slots=True)
class Source:
    """One place in one article that says something, with its sentence."""

    article: str
    publisher: str | None
    #: Day of publication (ISO).
    day: str | None
    title: str | None
    url: str | None
    #: The words that say it, ``text[start:end]``.
    start: int
    end: int
    #: The sentence around them, ``text[sentence_start:sentence_end]``.
    sentence_start: int
    sentence_end: int
    #: The sentence on one line, every character that acts made visible: before the words, the
    #: words, and after them.
    pieces: tuple[str, str, str]
    #: The article is nobody's copy.
    origin: bool

    @property
    def sentence(self) -> str:
        """The sentence as it stands, on one line."""
        return " ".join("".join(self.pieces).split())

    @property
    def words(self) -> str:
        """The words that say it, on one line."""
        return self.pieces[1].strip()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a report says happened, was said or will be, with its sentence."""

    #: ``incident``, ``statement``, ``figure``, ``status``, ``side`` or ``upcoming``.
    kind: str
    #: The days it may have happened on (ISO, both included); None where nothing is known.
    first_day: str | None
    last_day: str | None
    #: One of PRECISIONS.
    precision: str
    #: Who did what to whom, in the record's words: "Uruguay → Paraguay".
    who: str
    #: PLOVER type and mode of an incident, stance of a statement, kind of a figure.
    what: str
    #: An incident's status; None for what is none.
    status: str | None
    #: Whose word it is; None where the reporter states it.
    on_word_of: str | None
    #: The sentence that tells it best; ``sources`` are all, it among them.
    source: Source
    sources: tuple[Source, ...]
    story: str
    incident: str | None
    #: Articles that are nobody's copy, and all that carry it.
    origins: int
    articles: int
    #: Sources contradict each other on it: ids of the disputes.
    disputes: tuple[str, ...] = ()
    #: First reported on ``since`` or later.
    new: bool = False
    #: What was known before a change ("future", "dead 9").
    before: str | None = None
    #: What is known now: a status, a figure.
    now: str | None = None
    place: Spot | None = None
    figures: tuple[Amount, ...] = ()
    #: Probability that it is so read, 0 to 1; None where none is known.
    confidence: float | None = None

    @property
    def disputed(self) -> bool:
        """Whether sources contradict each other on it."""
        return bool(self.disputes)

    @property
    def text(self) -> str:
        """The sentence: what a list of lines shows."""
        return self.source.sentence


def source(view: View, article: str, start: int, end: int) -> Source:
    """Return a place in an article with its sentence.

    Words over several sentences keep all of them, up to the end of the line: a quotation may
    go on in the next paragraph, and a headline is no part of the first sentence.
    """
    page = view.page(article)
    line = page.facts.record.article.text.find("\n", start + 1, end)
    end = line if line > 0 else end
    first, _ = page.facts.sentence(start)
    _, last = page.facts.sentence(max(end - 1, start))
    return _source(page, start, end, first, last, article not in view.origin_of)


def _source(page: Page, start: int, end: int, first: int, last: int, origin: bool) -> Source:
    text = page.facts.record.article.text
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    start, end = max(start, first), min(end, last)
    pieces = (_flat(text[first:start]), _flat(text[start:end]), _flat(text[end:last]))
    return Source(
        article=page.id, publisher=page.publisher,
        day=page.published[:10] if page.published else None, title=page.title, url=page.url,
        start=start, end=end, sentence_start=first, sentence_end=last, pieces=pieces,
        origin=origin,
    )  # fmt: skip


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", visible(text))


# -- incidents --------------------------------------------------------------------------


class Disputed:
    """Which disputes there are on an incident: by its id, or by its words in a side's."""

    def __init__(self, rows: Iterable[Dispute]) -> None:
        self._of: dict[str, list[str]] = defaultdict(list)
        self._sides: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for row in rows:
            if row.incident is not None:
                self._of[row.incident].append(row.id)
            for side in row.sides:
                self._sides[side.article].append((side.start, side.end, row.id))

    def on(self, row: Incident) -> tuple[str, ...]:
        """Return the ids of the disputes on an incident."""
        found = list(self._of.get(row.id, ()))
        for mention in row.mentions:
            for start, end, id_ in self._sides.get(mention.article, ()):
                if start <= mention.start < end:
                    found.append(id_)
        return tuple(dict.fromkeys(found))


def incident_line(view: View, row: Incident, disputed: Disputed, since: str | None = None) -> Line:
    """Return the line of an incident; it is ``new`` when no origin told of it before ``since``."""
    sources = incident_sources(view, row)
    best = min(sources, key=lambda one: _rank(view, row, one))
    days = [one.published_day for one in row.reports if one.origin and one.published_day]
    return Line(
        kind="incident",
        first_day=row.first_day,
        last_day=row.last_day,
        precision=precision(row.first_day, row.last_day, row.day_basis),
        who=who(row),
        what=f"{row.type}/{row.mode}" if row.mode else row.type,
        status=row.status,
        on_word_of=on_word_of(row),
        source=best,
        sources=sources,
        story=row.story,
        incident=row.id,
        origins=row.origins,
        articles=row.carriers,
        disputes=disputed.on(row),
        new=since is not None and min(days, default="") >= since,
        place=row.place,
        figures=row.figures,
        confidence=row.confidence,
    )


def incident_sources(view: View, row: Incident) -> tuple[Source, ...]:
    """Return the sentences that tell of an incident, each once, in order of publication."""
    view.load({one.article for one in row.mentions if one.article in view.readings})
    found: dict[tuple[str, int], Source] = {}
    for mention in row.mentions:
        if mention.article in view.readings:
            one = source(view, mention.article, mention.start, mention.end)
            found.setdefault((one.article, one.sentence_start), one)
    return tuple(sorted(found.values(), key=_published))


def _published(one: Source) -> tuple[str, str, int]:
    return one.day or "9999", one.article, one.start


def _rank(view: View, row: Incident, one: Source) -> tuple[object, ...]:
    """Order sentences by how well they tell of an incident alone.

    Of nobody's copy; not the headline; of what is only claimed or denied, from a report that
    says so; with most of those who take part; then the earliest.
    """
    stands = {report.article for report in row.reports if report.status == row.status}
    names = [party.name or party.words for party in row.actors + row.recipients]
    folded = one.sentence.casefold()
    named = sum(name.casefold().split()[-1] in folded for name in names if name.split())
    return (
        not one.origin, _is_headline(view, one),
        row.status in ("claimed", "denied") and one.article not in stands,
        -min(named, 2), one.article not in stands, len(one.sentence) > 400, *_published(one),
    )  # fmt: skip


def _is_headline(view: View, one: Source) -> bool:
    """Whether a sentence is the article's first line, with more text after it."""
    text = view.page(one.article).facts.record.article.text
    first = len(text) - len(text.lstrip())
    line = text.find("\n", first)
    return line > 0 and one.sentence_start < line


def who(row: Incident) -> str:
    """Return who acts on whom, as the reports name them: "Uruguay → Paraguay"."""
    actors, recipients = (
        ", ".join(clean(named(party)) for party in side[:3])
        for side in (row.actors, row.recipients)
    )
    if not recipients:
        return actors
    return f"{actors or 'someone unnamed'} → {recipients}"


def kind(what: str) -> str:
    """Return a PLOVER type and mode for people: "coerce (seize)" of ``COERCE/seize``."""
    name, _, mode = what.partition("/")
    return f"{name.lower()} ({mode.replace('-', ' ')})" if mode else name.lower()


def named(party: Party) -> str:
    """Return a party's name, else the words that describe it."""
    return party.name or party.words


def on_word_of(row: Incident) -> str | None:
    """Return on whose word alone an incident is known; None where a reporter states it."""
    own = [one for one in row.reports if one.origin] or list(row.reports)
    if any(one.source is None for one in own if one.status == row.status):
        return None
    names = dict.fromkeys(
        one.source for one in own if one.source and one.status in (row.status, "claimed")
    )
    return ", ".join(map(clean, list(names)[:3])) or None


def precision(first: str | None, last: str | None, basis: str | None) -> str:
    """Return how precisely days are known: one of PRECISIONS."""
    if not first or not last:
        return "unknown"
    if basis == "published":
        return "published"
    try:
        width = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    except ValueError:
        return "unknown"
    steps = ((1, "day"), (27, "days"), (31, "month"), (366, "year"))
    return next((name for most, name in steps if width <= most), "years")
