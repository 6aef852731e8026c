"""Scoring ``who`` by itself: gold's own spans go in, country, sector and names come out.

What the model will find (participants, speakers, names, links of pronouns) is taken from
gold, so that the figures are those of the rules and tables alone.  Speakers' names are
judged by :func:`onrecord.evaluation.names.same_name`.

    python -m onrecord.evaluation.participants GOLD.jsonl ENTITIES.jsonl
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from onrecord.evaluation.entities import KEYS, NAMES, tagged_text
from onrecord.evaluation.gold import GOLD_KEYS, GoldParticipant, GoldReport, report
from onrecord.evaluation.load import load
from onrecord.evaluation.names import is_pronoun, same_name
from onrecord.reading.who import Found, Identified, Link, identify, participant

Run = tuple[int, int]


_DESCRIPTION = re.compile(
    r"(?:[Tt]he|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur)\s[^A-Z]*$"
)


class Given(NamedTuple):
    """What ``identify`` is asked, made from gold."""

    found: list[Found]
    links: list[Link]
    participants: list[GoldParticipant]
    #: Span and gold name of each speaker.
    speakers: list[tuple[Run, str | None]]


class Judged(NamedTuple):
    """One gold participant and what ``who`` says of it."""

    words: str
    gold: GoldParticipant
    country: str | None
    sector: str | None
    confidence: float


class Scores(NamedTuple):
    """Right answers and questions of each kind."""

    country: tuple[int, int]
    sector: tuple[int, int]
    #: Participants that are no pronouns.
    country_of_nouns: tuple[int, int]
    sector_of_nouns: tuple[int, int]
    #: Names of the speakers whom gold names.
    speakers: tuple[int, int]
    #: Speakers whom gold names, and who got a name or words as an answer.
    answered: tuple[int, int]


def given(
    row: GoldReport, names: Iterable[tuple[int, int, str]], *, descriptions: bool = False
) -> Given:
    """Make spans and links from gold's participants and speakers and a corpus' names.

    A name takes the place of a participant on the same span, as in the reader.  Pronouns
    are linked to the nearest other span of the same gold name, an earlier one if there is;
    with ``descriptions`` ("the minister") are too, as by a perfect coreference head.
    """
    people = [p for event in row.events for p in (*event.actors, *event.recipients)]
    speakers = [
        ((s.parts.source[0][0], s.parts.source[-1][1]), s.name)
        for s in row.statements
        if s.parts.source
    ]
    named: dict[Run, str | None] = {}
    for span, name in [*((p.span, p.name) for p in people), *speakers]:
        named[span] = named.get(span) or name
    labels = dict.fromkeys(named, "Participant")
    labels.update({(start, end): label for start, end, label in names if label in NAMES})
    found = [Found(start, end, label, 1.0) for (start, end), label in sorted(labels.items())]
    links = _links(row.article.text, found, named, descriptions)
    return Given(found, links, people, speakers)


def _links(
    text: str, found: Sequence[Found], named: dict[Run, str | None], descriptions: bool
) -> list[Link]:
    words = [text[one.start : one.end] for one in found]
    names = [named.get((one.start, one.end)) for one in found]
    asks = [is_pronoun(said) or (descriptions and bool(_DESCRIPTION.match(said))) for said in words]
    places: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if name and not asks[at]:
            places.setdefault(name, []).append(at)
    links: list[Link] = []
    for at, name in enumerate(names):
        if asks[at] and name in places:
            before = [place for place in places[name] if place < at]
            links.append((at, before[-1] if before else places[name][0], 1.0))
    return links


def judge(
    row: GoldReport, names: Iterable[tuple[int, int, str]], *, descriptions: bool = False
) -> tuple[list[Judged], Scores]:
    """Score one report; returns every participant with its answer, and the counts."""
    asked = given(row, names, descriptions=descriptions)
    text = row.article.text
    answer = identify(text, asked.found, asked.links, published=row.article.published)
    judged = []
    for gold in asked.participants:
        country, sector, sure = participant(text, *gold.span, answer)
        words = text[gold.span[0] : gold.span[1]]
        judged.append(Judged(words, gold, country, sector, sure))
    nouns = [one for one in judged if not is_pronoun(one.words)]
    names_right, names_answered, names_asked = _speakers(text, asked, answer)
    return judged, Scores(
        (sum(one.country == one.gold.country for one in judged), len(judged)),
        (sum(one.sector == one.gold.sector for one in judged), len(judged)),
        (sum(one.country == one.gold.country for one in nouns), len(nouns)),
        (sum(one.sector == one.gold.sector for one in nouns), len(nouns)),
        (names_right, names_answered),
        (names_answered, names_asked),
    )


def named(text: str, span: Run, found: Sequence[Found], answer: Identified) -> str | None:
    """Return the name a record gives to the words of ``span``: its entity's, else the words."""
    entities = {entity.id: entity for entity in answer.entities}
    for one, number in zip(found, answer.entity_of):
        if (one.start, one.end) == span and number is not None:
            name = entities[number].name
            if name is not None:
                return name
    words = text[span[0] : span[1]]
    return None if is_pronoun(words) else words


def _speakers(text: str, asked: Given, answer: Identified) -> tuple[int, int, int]:
    wanted = [(span, name) for span, name in asked.speakers if name]
    answers = [(name, named(text, span, asked.found, answer)) for span, name in wanted]
    told = [(name, given) for name, given in answers if given is not None]
    return sum(same_name(name, given) for name, given in told), len(told), len(wanted)


def total(scores: Iterable[Scores]) -> Scores:
    """Add up the counts of several reports."""
    rows = list(scores)
    return Scores(
        *((sum(row[at][0] for row in rows), sum(row[at][1] for row in rows)) for at in range(6))
    )


def judge_all(
    gold: Path, entities: Path, *, descriptions: bool = False
) -> tuple[list[Judged], Scores]:
    """Score every report of a gold file with the names of an entities file (same ids)."""
    tagged = {one.article.id: one.spans for one in load(entities, KEYS, tagged_text)}
    results = [
        judge(row, tagged.get(row.article.id, ()), descriptions=descriptions)
        for row in load(gold, GOLD_KEYS, report)
    ]
    return [one for judged, _ in results for one in judged], total(s for _, s in results)


def table(scores: Scores) -> str:
    """Return the scores as lines of text: name, percent, right of asked."""
    return "\n".join(
        f"{name.replace('_', ' '):<20}{100 * right / asked if asked else 0:6.1f}  {right}/{asked}"
        for name, (right, asked) in scores._asdict().items()
    )


if __name__ == "__main__":
    for perfect in (False, True):
        print("links of pronouns and descriptions" if perfect else "links of pronouns")
        print(table(judge_all(Path(sys.argv[1]), Path(sys.argv[2]), descriptions=perfect)[1]))
