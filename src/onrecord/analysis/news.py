"""What is new since a moment: incidents, figures, turns, and statements that add something."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from onrecord import record as r
from onrecord.analysis import progress
from onrecord.analysis.rows import Amount, Incident, Party
from onrecord.analysis.told import Facts, root
from onrecord.analysis.words import overlap, same_name, stems

#: A statement repeats another of its speaker when this share of its words stood there.
REPEATED = 0.75


class News(NamedTuple):
    """One thing that is new, with the words that say so."""

    #: incident, figure, status or statement.
    kind: str
    day: str
    story: str
    incident: str | None
    article: str
    start: int
    end: int
    #: What was known before ("future", "12"); None where nothing was.
    before: str | None
    #: What is known now: the type of an incident, a status, a figure, a speaker.
    now: str


class About(NamedTuple):
    """What the news is asked about; everything where all are empty."""

    countries: tuple[str, ...] = ()
    name: str | None = None
    story: str | None = None

    @classmethod
    def parse(cls, words: str | None, stories: Iterable[str] = ()) -> About:
        """Return what words ask about: a story's id, country codes with commas, or a name."""
        if not words:
            return cls()
        if words in set(stories):
            return cls(story=words)
        if re.fullmatch(r"[A-Z]{3}(?:,[A-Z]{3})?", words):
            return cls(countries=tuple(words.split(",")))
        return cls(name=words)

    def covers(self, row: Incident) -> bool:
        """Say whether an incident is asked about: of a dyad, both must take part."""
        parties = row.actors + row.recipients
        if self.story is not None:
            return row.story == self.story
        if self.name is not None:
            return any(_is(party, self.name) for party in parties)
        if len(self.countries) == 2:
            return _between(row, *self.countries)
        return all(code in {party.country for party in parties} for code in self.countries)


def _between(row: Incident, one: str, other: str) -> bool:
    """Whether two countries act on each other; where nobody is acted on, they act together."""
    actors = {party.country for party in row.actors}
    recipients = {party.country for party in row.recipients}
    across = (one in actors and other in recipients) or (other in actors and one in recipients)
    return across or {one, other} <= actors


def _is(party: Party, name: str) -> bool:
    return party.name is not None and same_name(party.name, name)


def news(
    incidents: Sequence[Incident],
    since: str,
    about: About = About(),  # noqa: B008
) -> list[News]:
    """Return what is new about incidents since the day ``since`` (ISO), oldest first.

    By day of publication, from articles that are nobody's copy.
    """
    found = [item for row in incidents if about.covers(row) for item in _of_incident(row, since)]
    return sorted(
        found, key=lambda item: (item.day, item.story, item.article, item.start, item.kind)
    )


def _of_incident(row: Incident, since: str) -> Iterator[News]:
    days = {one.article: one.published_day or "" for one in row.reports}
    own = {one.article for one in row.reports if one.origin} or set(days)
    mentions = sorted(
        (m for m in row.mentions if m.article in own), key=lambda m: (days[m.article], m)
    )
    fresh = [m for m in mentions if days[m.article] >= since]
    if not fresh:
        return
    at = fresh[0]
    if days[mentions[0].article] >= since:
        yield News(
            "incident",
            days[at.article],
            row.story,
            row.id,
            at.article,
            at.start,
            at.end,
            None,
            told(row),
        )
        return
    before = progress.settled([one for one in row.reports if (one.published_day or "") < since])
    turn = next(
        (
            one
            for one in row.reports
            if (one.published_day or "") >= since and one.status == row.status
        ),
        None,
    )
    if before != row.status and turn is not None:
        mention = next((m for m in fresh if m.article == turn.article), at)
        yield News(
            "status", days[mention.article], row.story, row.id, mention.article, mention.start,
            mention.end, before, row.status,
        )  # fmt: skip
    yield from _figures(row, since, days, own)


def told(row: Incident) -> str:
    """Return an incident in a few words: "COERCE/arrest police → two men"."""
    kind = f"{row.type}/{row.mode}" if row.mode else row.type
    actors, recipients = (
        ", ".join(party.name or party.words for party in side[:3])
        for side in (row.actors, row.recipients)
    )
    return " ".join(filter(None, (kind, actors, f"→ {recipients}" if recipients else "")))


def _figures(row: Incident, since: str, days: Mapping[str, str], own: set[str]) -> Iterator[News]:
    known: dict[str, list[Amount]] = defaultdict(list)
    ordered = sorted(
        (one for one in row.figures if one.of and one.article in own),
        key=lambda one: (days[one.article], one.article, one.start),
    )
    for one in ordered:
        of = one.of or ""
        day, seen = days[one.article], known[of]
        if day >= since and seen and all((one.low, one.high) != (k.low, k.high) for k in seen):
            yield News(
                "figure", day, row.story, row.id, one.article, one.start, one.end,
                f"{of} {amount(seen[-1])}", f"{of} {amount(one)}",
            )  # fmt: skip
        known[of].append(one)


def amount(row: Amount) -> str:
    """Return a figure as people write it: "12", "10 to 14", "at least 10"."""
    low, high = (None if value is None else f"{value:,.10g}" for value in (row.low, row.high))
    if low == high and low is not None:
        return low
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"at least {low}" if low is not None else f"at most {high}"


# -- statements -------------------------------------------------------------------------


def new_statements(
    records: Mapping[str, r.Record],
    story_of: Mapping[str, str],
    origin_of: Mapping[str, str],
    since: str,
    about: About = About(),  # noqa: B008
) -> list[News]:
    """Return statements since a day that repeat nothing their speaker said in the story before.

    ``records`` hold the earlier articles of the stories too: what they say is no news.
    """
    said: dict[tuple[str, str], list[frozenset[str]]] = defaultdict(list)
    found = []
    for id_ in sorted(records, key=lambda one: (records[one].article.published or "", one)):
        if root(id_, origin_of) != id_:
            continue
        facts, story = Facts(records[id_], id_), story_of.get(id_, id_)
        day = (facts.record.article.published or "")[:10]
        for row in facts.record.statements:
            speaker = facts.speaker(row)
            if speaker is None or row.kind != "statement" or not row.content:
                continue
            words = stems(" ".join(facts.record.words(span) for span in row.content))
            earlier = said[story, (speaker.name or speaker.words).casefold()]
            repeated = any(overlap(words, other) >= REPEATED for other in earlier)
            earlier.append(words)
            if (
                day >= since
                and words
                and not repeated
                and _asked(about, facts, row, speaker, story)
            ):
                found.append(_statement(row, speaker, day, story, id_))
    return found


def _statement(row: r.Statement, speaker: Party, day: str, story: str, id_: str) -> News:
    start, end = row.content[0].start, row.content[0].end
    now = f"{speaker.name or speaker.words} ({row.stance})"
    return News("statement", day, story, None, id_, start, end, None, now)


def _asked(about: About, facts: Facts, row: r.Statement, speaker: Party, story: str) -> bool:
    if about.story is not None:
        return story == about.story
    if about.name is not None:
        return _is(speaker, about.name)
    if not about.countries:
        return True
    if speaker.country not in about.countries:
        return False
    others = set(about.countries) - {speaker.country}
    return others <= _spoken_of(facts, row)


def _spoken_of(facts: Facts, row: r.Statement) -> set[str | None]:
    """Return the countries that a statement's sentences name."""
    start, _ = facts.sentence(row.content[0].start)
    _, end = facts.sentence(max(row.content[-1].end - 1, row.content[-1].start))
    return {
        entity.country
        for entity in facts.record.entities
        for mention in entity.mentions
        if start <= mention.start < end
    }
