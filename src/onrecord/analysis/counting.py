"""Counting both ways: events once, as PLOVER means them, and reports, as GDELT counts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from onrecord.analysis.rows import Incident


class Count(NamedTuple):
    """What one group of incidents counts; docs/incidents.md says why the numbers differ."""

    key: tuple[str | None, ...]
    #: Real-world events, each once.
    incidents: int
    #: Incident and article that is nobody's copy, each pair once.
    origins: int
    #: Incident and article, copies included: GDELT's NumArticles, summed.
    articles: int
    #: Outlets that carried any of them: GDELT's NumSources.
    publishers: int
    #: Every mention: GDELT's NumMentions, summed.
    mentions: int


_KEYS: Mapping[str, Callable[[Incident], str | None]] = {
    "type": lambda row: row.type,
    "mode": lambda row: row.mode,
    "status": lambda row: row.status,
    "story": lambda row: row.story,
    "day": lambda row: row.first_day,
    "month": lambda row: row.first_day and row.first_day[:7],
    "country": lambda row: row.place and row.place.country,
}


def counts(incidents: Iterable[Incident], by: Iterable[str] = ("type",)) -> list[Count]:
    """Return counts of incidents by ``type``, ``mode``, ``status``, ``story``, ``day``, …

    KeyError for a key that is not in ``type mode status story day month country``.
    """
    keys = [_KEYS[name] for name in by]
    groups: dict[tuple[str | None, ...], list[Incident]] = defaultdict(list)
    for row in incidents:
        groups[tuple(key(row) for key in keys)].append(row)
    ordered = sorted(groups, key=lambda key: [part or "" for part in key])
    return [_count(key, groups[key]) for key in ordered]


def _count(key: tuple[str | None, ...], rows: list[Incident]) -> Count:
    return Count(
        key,
        incidents=len(rows),
        origins=sum(row.origins for row in rows),
        articles=sum(row.carriers for row in rows),
        publishers=len({report.publisher for row in rows for report in row.reports}),
        mentions=sum(len(row.mentions) for row in rows),
    )
