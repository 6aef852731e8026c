"""What belongs to a matter: two countries, one, a name, a story, or everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from onrecord.analysis._briefing_lines import incident_sources
from onrecord.analysis._briefing_view import Asked, View
from onrecord.analysis.news import About
from onrecord.analysis.rows import Dispute, Incident
from onrecord.analysis.told import Facts
from onrecord.analysis.words import same_name
from onrecord.knowledge.countries import find
from onrecord.record import Record, Statement

#: A report names what it is about in its headline and first sentence: so many characters.
LEAD = 400


class Matter(NamedTuple):
    """A question's subject, asked of what a view holds."""

    seen: View
    about: About

    @property
    def everything(self) -> bool:
        """Whether nothing narrower is asked about."""
        return self.about == About()

    def has(self, row: Incident) -> bool:
        """Say whether an incident belongs to it.

        Between two countries: both take part, or one does and the sentence that tells of it
        names the other ("Chad recalled its ambassador from Niamey").  Of one country: it takes
        part, or it is the place.
        """
        if len(self.about.countries) == 2:
            return between(self.seen, row, *self.about.countries)
        if self.about.countries and row.place and row.place.country == self.about.countries[0]:
            return True
        return self.about.covers(row)

    def has_dispute(self, row: Dispute, is_known: Callable[[str], bool]) -> bool:
        """Say whether a dispute is on its incidents, or its sides are of it.

        Of countries: a report with a side begins with them.
        ``is_known``: whether an incident's id belongs to the matter.
        """
        if self.everything or self.about.story == row.story:
            return True
        if row.incident is not None and is_known(row.incident):
            return True
        if self.about.countries:
            return any(
                self.leads(self.seen.record(article))
                for article in dict.fromkeys(side.article for side in row.sides)
            )
        speakers = [side.speaker for side in row.sides if side.speaker]
        name = self.about.name or ""
        return any(one.name and same_name(one.name, name) for one in speakers)

    def leads(self, record: Record) -> bool:
        """Say whether an article is on the countries asked about: its beginning names each."""
        return set(self.about.countries) <= countries(record, 0, LEAD)

    def has_statement(self, facts: Facts, row: Statement, story: str) -> bool:
        """Say whether a statement belongs to it.

        Of two countries: of one's people, in a report on both or a sentence that names the
        other; of one country or a name: the speaker is of it.
        """
        if self.everything or self.about.story is not None:
            return self.about.story in (None, story)
        speaker = facts.speaker(row)
        if speaker is None:
            return False
        if self.about.name is not None:
            return speaker.name is not None and same_name(speaker.name, self.about.name)
        if speaker.country not in self.about.countries:
            return False
        first, _ = facts.sentence(row.content[0].start)
        _, last = facts.sentence(max(row.content[-1].end - 1, row.content[-1].start))
        named = countries(facts.record, first, last) | {speaker.country}
        return set(self.about.countries) <= named or self.leads(facts.record)

    def has_sentence(self, record: Record, start: int, end: int) -> bool:
        """Say whether a sentence names what is asked about, or stands in a story that is."""
        if self.everything or self.about.story is not None:
            return True
        if self.about.countries:
            named = countries(record, start, end)
            return set(self.about.countries) <= named or self.leads(record)
        name = self.about.name or ""
        return any(
            start <= mention.start < end
            for row in record.entities
            if row.name and same_name(row.name, name)
            for mention in row.mentions
        )


def asked(about: About) -> Asked:
    """Return which stories a view must hold for a matter."""
    return Asked(about.countries, about.name, about.story)


def between(seen: View, row: Incident, one: str, other: str) -> bool:
    """Say whether an incident is between two countries, by its parties and its sentences."""
    both = {one, other}
    parties = {party.country for party in row.actors + row.recipients}
    if both <= parties:
        return True
    if not both & parties:
        return False
    left = both - parties
    return any(
        left <= {match.code for _, _, match in find(told.sentence)}
        for told in incident_sources(seen, row)
        if told.origin
    )


def countries(record: Record, start: int, end: int) -> set[str | None]:
    """Return the countries that words of an article name, or whose people and places they do."""
    found: set[str | None] = {match.code for _, _, match in find(record.article.text[start:end])}
    found |= {row.country for row in record.places if start <= row.start < end}
    return found | {
        row.country
        for row in record.entities
        for mention in row.mentions
        if start <= mention.start < end
    }
