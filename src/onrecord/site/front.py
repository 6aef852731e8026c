"""What the front page puts first: of each story the sentences that matter, and its disputes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log2, pow
from typing import NamedTuple

from onrecord.analysis.rows import Dispute, Incident, Side
from onrecord.site import words
from onrecord.site.edition import Edition, StoryView, Told, days_between
from onrecord.site.evidence import Piece, Quote

#: Incidents of one story that are looked at for the front page, the latest ones.
_LOOKED_AT = 60


class Line(NamedTuple):
    """A sentence that tells of one incident or several."""

    quote: Quote
    piece: Piece
    rows: tuple[Incident, ...]

    @property
    def status(self) -> str:
        """The status of the first incident."""
        return self.rows[0].status

    @property
    def labels(self) -> tuple[str, ...]:
        """What kinds of event it tells of."""
        return tuple(dict.fromkeys(words.event(row.type, row.mode) for row in self.rows))

    @property
    def origins(self) -> int:
        """Independent reports of the best reported of them."""
        return max(row.origins for row in self.rows)

    @property
    def carriers(self) -> int:
        """Articles that carry it, copies included."""
        return max(row.carriers for row in self.rows)

    @property
    def sources(self) -> tuple[str, ...]:
        """On whose word it is known; empty where a reporter states it."""
        own = [one for one in self.rows[0].reports if one.origin]
        if any(one.source is None for one in own):
            return ()
        return tuple(dict.fromkeys(one.source for one in own if one.source))


class Card(NamedTuple):
    """A story on the front page."""

    story: StoryView
    lines: tuple[Line, ...]
    disputes: tuple[Dispute, ...]
    incidents: int


def cards(edition: Edition, stories: Sequence[StoryView], lines: int = 3) -> list[Card]:
    """Return stories with their sentences and disputes."""
    ids = [story.id for story in stories]
    happened: dict[str, list[Incident]] = {id_: [] for id_ in ids}
    for row in edition.incidents(ids):
        happened[row.story].append(row)
    quarrels: dict[str, list[Dispute]] = {id_: [] for id_ in ids}
    for dispute in edition.disputes(ids):
        quarrels[dispute.story].append(dispute)
    picked = {id_: _picked(rows, edition.as_of) for id_, rows in happened.items()}
    edition.texts({m.article for rows in picked.values() for r in rows for m in r.mentions})
    return [
        Card(
            story,
            tuple(highlights(edition, picked[story.id], lines + (at == 0))),
            tuple(sorted(quarrels[story.id], key=lambda row: row.kind == "silence")),
            len(happened[story.id]),
        )
        for at, story in enumerate(stories)
    ]


def _picked(rows: Sequence[Incident], as_of: str) -> list[Incident]:
    """Return the incidents worth a sentence, best first."""
    known = [row for row in rows if row.status != "historical"]
    return sorted(known, key=lambda row: (-worth(row, as_of), row.id))[:_LOOKED_AT]


#: How much an incident of a type is worth; deeds more than words.  Set by hand.
_WEIGHTS = {
    "AGREE": 1.3, "CONSULT": 1.3, "CONCEDE": 1.4, "THREATEN": 1.3, "REQUEST": 0.9, "REJECT": 0.9,
    "ACCUSE": 0.8, "SUPPORT": 0.7,
}  # fmt: skip
_DEED = 1.6
#: Characters of a report within which its headline and first sentence stand.
_LEAD = 330


def worth(row: Incident, as_of: str) -> float:
    """Return how much an incident says about its story now.

    Certain, well reported, a deed, new, and told in a report's first sentence: each counts.
    """
    last = max((one.published_day or "" for one in row.reports if one.origin), default="")
    age = days_between(row.first_day or last, as_of)
    named = 1.0 + 0.25 * bool(row.actors) + 0.25 * bool(row.recipients)
    own = {one.article for one in row.reports if one.origin}
    leads = any(one.start < _LEAD and one.article in own for one in row.mentions)
    weight = _WEIGHTS.get(row.type, _DEED) * named * (2.0 if leads else 1.0)
    return row.confidence * weight * (1 + log2(1 + row.origins)) * pow(0.5, age / 10)


def highlights(edition: Edition, rows: Sequence[Incident], most: int) -> list[Line]:
    """Return the best sentences of incidents, no sentence twice, in order of time."""
    return sorted(
        lines_of(edition.told(rows[: 4 * most]))[:most],
        key=lambda line: (line.rows[0].first_day or "", line.quote.start),
        reverse=True,
    )


def lines_of(told: Iterable[Told]) -> list[Line]:
    """Return the sentences that tell incidents, those of one sentence together."""
    groups: dict[tuple[str, int], list[Told]] = {}
    for one in told:
        if one.quote is not None:
            groups.setdefault((one.quote.article, one.quote.first), []).append(one)
    return [line for group in groups.values() if (line := _line(group)) is not None]


def _line(group: Sequence[Told]) -> Line | None:
    first = group[0]
    if first.quote is None or first.piece is None:
        return None
    return Line(first.quote, first.piece, tuple(one.row for one in group))


def sides(dispute: Dispute, most: int = 3) -> list[Side]:
    """Return the sides a reader needs to see what is contested: one word a speaker, the latest."""
    seen: dict[str, Side] = {}
    for side in dispute.sides:
        name = words.party(side.speaker) if side.speaker else ""
        key = f"{name.casefold()} {side.stance}"
        seen.pop(key, None)
        seen[key] = side
    found = list(seen.values())
    if len(found) <= most:
        return found
    firm = [one for one in found if one.stance in ("deny", "decline")][-1:]
    rest = [one for one in found if one not in firm]
    return sorted([*rest[: most - len(firm)], *firm], key=lambda one: (one.day or "", one.start))
