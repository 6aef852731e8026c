"""Scoring events end to end: triggers, type, status, mode, participants, place, date, merging.

Triggers are compared mention by mention, by overlap, one to one.  What belongs to
an event (mode, participants, place, date, source) is compared on matched events: gold
and predicted events paired one to one by the number of their matched triggers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from onrecord import ontology
from onrecord.evaluation.bootstrap import Counts, Measure, class_counts
from onrecord.evaluation.gold import GoldEvent, GoldParticipant, GoldReport, TriggerMention
from onrecord.evaluation.names import Names, same_name
from onrecord.evaluation.spans import Run, pair_up, shared, trim
from onrecord.record import STATUSES, Event, Participant, Record

TYPES = tuple(ontology.types())

MEASURES = (
    Measure("trigger F1", "f1"),
    Measure("trigger + type F1", "f1"),
    Measure("trigger + type + status F1", "f1"),
    Measure("type macro F1", "macro f1"),
    Measure("status macro F1", "macro f1"),
    Measure("mode accuracy", "share"),
    Measure("actor F1", "f1"),
    Measure("recipient F1", "f1"),
    Measure("country accuracy", "share"),
    Measure("sector accuracy", "share"),
    Measure("place words F1", "f1"),
    Measure("date words F1", "f1"),
    Measure("on whose word F1", "f1"),
    Measure("merging pairwise F1", "f1"),
    Measure("false events a report without events", "error"),
)


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the triggers and events of a record lie on those of a gold report."""

    found: tuple[TriggerMention, ...]
    #: (gold mention, found mention), one to one.
    mentions: tuple[tuple[TriggerMention, TriggerMention], ...]
    #: (gold event, found event), one to one.
    events: tuple[tuple[GoldEvent, Event], ...]


def mentions_of(record: Record) -> tuple[TriggerMention, ...]:
    """Return every trigger mention of a record with its event's index and type."""
    text = record.article.text
    return tuple(
        TriggerMention(trim(text, m.start, m.end), i, event.type, m.status)
        for i, event in enumerate(record.events)
        for m in event.mentions
    )


def align(row: GoldReport, record: Record) -> Alignment:
    """Pair the triggers, then the events, of a gold report and a record.

    Triggers that share more characters come first; among equals those of one type.
    """
    found = mentions_of(record)
    overlaps = shared([(m.span,) for m in row.mentions], [(m.span,) for m in found])
    ranks = {
        (i, j): (size, wanted.type == found[j].type, wanted.status == found[j].status)
        for (i, j), size in overlaps.items()
        for wanted in (row.mentions[i],)
    }
    mentions = tuple((row.mentions[i], found[j]) for i, j in pair_up(ranks))
    votes = Counter((gold.event, guess.event) for gold, guess in mentions)
    events = tuple((row.events[i], record.events[j]) for i, j in pair_up(votes))
    return Alignment(found, mentions, events)


def trigger_counts(row: GoldReport, alignment: Alignment) -> dict[str, Counts]:
    """Count trigger mentions: found; with the right type; with the right type and status."""
    pairs = alignment.mentions
    typed = [(gold, guess) for gold, guess in pairs if gold.type == guess.type]
    full = [(gold, guess) for gold, guess in typed if gold.status == guess.status]
    sizes = (float(len(alignment.found)), float(len(row.mentions)))
    return {
        "trigger F1": (float(len(pairs)), *sizes),
        "trigger + type F1": (float(len(typed)), *sizes),
        "trigger + type + status F1": (float(len(full)), *sizes),
        "type macro F1": type_counts(row, alignment),
        "status macro F1": class_counts(STATUSES, [(g.status, p.status) for g, p in pairs]),
    }


def type_counts(row: GoldReport, alignment: Alignment) -> Counts:
    """Count (right, predicted, gold) trigger mentions for each type in turn."""
    right = Counter(gold.type for gold, guess in alignment.mentions if gold.type == guess.type)
    found = Counter(mention.type for mention in alignment.found)
    wanted = Counter(mention.type for mention in row.mentions)
    return tuple(float(n[kind]) for kind in TYPES for n in (right, found, wanted))


def mode_counts(alignment: Alignment) -> Counts:
    """Count (right, all) modes of matched events of one type, for the types that have modes."""
    agreed = [
        (gold.mode, found.mode)
        for gold, found in alignment.events
        if gold.type == found.type and ontology.event_type(gold.type).modes
    ]
    return (float(sum(a == b for a, b in agreed)), float(len(agreed)))


ParticipantPair = tuple[GoldParticipant, Participant]


def participant_pairs(
    gold: Sequence[GoldParticipant], found: Sequence[Participant], names: Names
) -> list[ParticipantPair]:
    """Pair participants, one to one: those whose words overlap first, then those of one name."""
    overlaps = shared([(g.span,) for g in gold], [((p.start, p.end),) for p in found])
    ranks = {pair: (1, size) for pair, size in overlaps.items()}
    known = [(j, names.entity_name(p.entity)) for j, p in enumerate(found)]
    for i, wanted in enumerate(gold):
        for j, name in known:
            if wanted.name and name and same_name(wanted.name, name):
                ranks.setdefault((i, j), (0, 0))
    return [(gold[i], found[j]) for i, j in pair_up(ranks)]


def participant_counts(alignment: Alignment, names: Names) -> dict[str, Counts]:
    """Count actors and recipients of matched events; country and sector of those matched."""
    sums = {"actor F1": [0, 0, 0], "recipient F1": [0, 0, 0]}
    matched: list[ParticipantPair] = []
    for gold, found in alignment.events:
        for name, wanted, given in (
            ("actor F1", gold.actors, found.actors),
            ("recipient F1", gold.recipients, found.recipients),
        ):
            pairs = participant_pairs(wanted, given, names)
            matched += pairs
            for place, size in enumerate((len(pairs), len(given), len(wanted))):
                sums[name][place] += size
    counts: dict[str, Counts] = {name: tuple(map(float, triple)) for name, triple in sums.items()}
    total = float(len(matched))
    counts["country accuracy"] = (float(sum(g.country == p.country for g, p in matched)), total)
    counts["sector accuracy"] = (float(sum(g.sector == p.sector for g, p in matched)), total)
    return counts


def _words_counts(pairs: Sequence[tuple[Run | None, Run | None]]) -> Counts:
    """Count (right, predicted, gold) of one span an event; right when the two overlap."""
    right = sum(
        gold is not None and found is not None and max(gold[0], found[0]) < min(gold[1], found[1])
        for gold, found in pairs
    )
    predicted = sum(found is not None for _, found in pairs)
    wanted = sum(gold is not None for gold, _ in pairs)
    return (float(right), float(predicted), float(wanted))


def circumstance_counts(alignment: Alignment, record: Record) -> dict[str, Counts]:
    """Count places and dates of matched events by their words."""
    places = {place.id: (place.start, place.end) for place in record.places}
    times = {time.id: (time.start, time.end) for time in record.times}
    return {
        "place words F1": _words_counts(
            [(gold.place, places.get(found.place or "")) for gold, found in alignment.events]
        ),
        "date words F1": _words_counts(
            [(gold.date, times.get(found.time or "")) for gold, found in alignment.events]
        ),
    }


def word_counts(alignment: Alignment, record: Record, names: Names) -> Counts:
    """Count (right, predicted, gold) sources on whose word alone a matched event is known.

    Right when the speaker's name or words are gold's source.
    """
    speakers = {statement.id: statement.speaker for statement in record.statements}
    right = predicted = wanted = 0
    for gold, found in alignment.events:
        predicted += found.statement is not None
        wanted += gold.by is not None
        if gold.by is not None and found.statement is not None:
            right += names.agrees(gold.by, speakers.get(found.statement))
    return (float(right), float(predicted), float(wanted))


def _pairs_within(groups: Sequence[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())


def merging_counts(alignment: Alignment) -> Counts:
    """Count (right, predicted, gold) pairs of matched triggers put into one event."""
    pairs = [(gold.event, found.event) for gold, found in alignment.mentions]
    return (
        float(_pairs_within(pairs)),
        float(_pairs_within([found for _, found in pairs])),
        float(_pairs_within([gold for gold, _ in pairs])),
    )


def score(row: GoldReport, record: Record) -> dict[str, Counts]:
    """Score the events of a record against a gold report."""
    alignment = align(row, record)
    names = Names(record)
    without = not row.mentions
    return {
        **trigger_counts(row, alignment),
        "mode accuracy": mode_counts(alignment),
        **participant_counts(alignment, names),
        **circumstance_counts(alignment, record),
        "on whose word F1": word_counts(alignment, record, names),
        "merging pairwise F1": merging_counts(alignment),
        "false events a report without events": (
            float(len(record.events)) if without else 0.0,
            float(without),
        ),
    }
