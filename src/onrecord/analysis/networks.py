"""Networks of who acts on whom, counted in incidents: reports and copies add nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from onrecord.analysis._briefing_lines import Disputed, Line, incident_line
from onrecord.analysis._briefing_view import window
from onrecord.analysis.rows import Incident, Party
from onrecord.analysis.timelines import order
from onrecord.analysis.words import name_words, same_name
from onrecord.archive import moments
from onrecord.errors import SettingError
from onrecord.knowledge.countries import name_of

if TYPE_CHECKING:
    import pyarrow as pa

    from onrecord.archive import Archive

__all__ = ["Edge", "Network", "Node", "actors", "lines"]

#: Statuses of what took place; what is only planned, claimed or denied is left out by default.
TOOK_PLACE = ("actual",)


@dataclass(frozen=True, slots=True)
class Node:
    """One who acts or is acted on."""

    id: str
    #: Fullest name, else the words that describe it.
    name: str
    country: str | None
    sector: str | None
    #: Incidents it takes part in, acts in, is acted on in.
    incidents: int
    acts: int
    suffers: int
    #: Ids of the incidents, the earliest first.
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """What one does to another, or both do together."""

    source: str
    target: str
    #: ``acts``: source acts on target; ``together``: both act, and nobody is acted on.
    kind: str
    #: Number of incidents, and of those with a score above and below 0.
    incidents: int
    cooperation: int
    conflict: int
    #: Mean of the PLOVER scores, −10 to 10; None where no incident has one.
    score: float | None
    #: Ids of the incidents, the earliest first.
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes by number of incidents, edges by number, both the most first."""

    level: str
    since: str | None
    until: str | None
    as_of: str | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    #: Incidents that were counted.
    incidents: int

    def table(self) -> pa.Table:
        """Return the edges as an Arrow table; SettingError without pyarrow."""
        from onrecord.analysis import _briefing_frames as tables

        return tables.edges(self.edges)


def actors(
    archive: Archive,
    since: str | None = None,
    until: str | None = None,
    *,
    level: str = "country",
    about: Sequence[str] = (),
    statuses: Sequence[str] = TOOK_PLACE,
    as_of: str | None = None,
) -> Network:
    """Return who acted on whom between two days (ISO, both included).

    ``level``: ``country`` joins all parties of a country; ``actor`` keeps named ones apart,
    and unnamed ones by country and sector.  ``about``: countries (ISO3) of which one must
    take part.  Incidents without a day count only where no day is asked for.
    """
    if level not in _LEVELS:
        raise SettingError(f"level {level!r} is none of country, actor", name="level")

    def is_asked(row: Incident) -> bool:
        parties = {one.country for one in row.actors + row.recipients}
        return row.status in statuses and (not about or bool(parties & set(about)))

    since, until = moments.day(since), moments.day(until)
    rows = window(archive, since, until, is_asked, as_of=as_of).incidents
    names = _names(rows) if level == "actor" else {}
    nodes, edges = _counted(rows, level, names)
    return Network(level, since, until, as_of, nodes, edges, len(rows))


def lines(archive: Archive, network: Network) -> tuple[Line, ...]:
    """Return the incidents that a network counts as lines with their sentences, by day."""
    wanted = {id_ for node in network.nodes for id_ in node.ids}
    seen = window(
        archive, network.since, network.until, lambda row: row.id in wanted, as_of=network.as_of
    )
    rows = sorted(seen.incidents, key=order)
    disputed = Disputed(seen.disputes)
    seen.load({one.article for row in rows for one in row.mentions} & set(seen.readings))
    return tuple(incident_line(seen, row, disputed) for row in rows)


_LEVELS = ("country", "actor")


class _Who(NamedTuple):
    id: str
    name: str
    country: str | None
    sector: str | None


def _names(rows: Sequence[Incident]) -> dict[tuple[str, str | None], str]:
    """Return the fullest name of each named party, by name and country."""
    known: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    seen = {
        (party.name, party.country)
        for row in rows
        for party in row.actors + row.recipients
        if party.name
    }
    found: dict[tuple[str, str | None], str] = {}
    for name, country in sorted(seen, key=lambda pair: (-len(pair[0]), pair[0], pair[1] or "")):
        last = (name_words(name) or (name,))[-1]
        fits = [full for full in known[last, country] if same_name(full, name)]
        found[name, country] = fits[0] if len(fits) == 1 else name
        if not fits:
            known[last, country].append(name)
    return found


def _who(party: Party, level: str, names: dict[tuple[str, str | None], str]) -> _Who | None:
    if level == "country":
        if party.country is None:
            return None
        return _Who(party.country, name_of(party.country) or party.country, party.country, None)
    if party.name:
        full = names[party.name, party.country]
        return _Who(f"{full}|{party.country or ''}", full, party.country, party.sector)
    if party.country is None and party.sector is None:
        return None
    id_ = f"|{party.country or ''}|{party.sector or ''}"
    return _Who(id_, party.words, party.country, party.sector)


def _counted(
    rows: Sequence[Incident], level: str, names: dict[tuple[str, str | None], str]
) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    people: dict[str, _Who] = {}
    acts: dict[str, dict[str, Incident]] = defaultdict(dict)
    suffers: dict[str, dict[str, Incident]] = defaultdict(dict)
    pairs: dict[tuple[str, str, str], dict[str, Incident]] = defaultdict(dict)
    for row in rows:
        one, other = (
            {who.id: who for party in side if (who := _who(party, level, names)) is not None}
            for side in (row.actors, row.recipients)
        )
        for id_, who in {**other, **one}.items():
            people.setdefault(id_, who)
        for id_ in one:
            acts[id_][row.id] = row
        for id_ in other:
            suffers[id_][row.id] = row
        for pair in _pairs(list(one), list(other), bool(row.recipients)):
            pairs[pair][row.id] = row
    nodes = [_node(who, acts[id_], suffers[id_]) for id_, who in people.items()]
    edges = [_edge(pair, list(group.values())) for pair, group in pairs.items()]
    return (
        tuple(sorted(nodes, key=lambda one: (-one.incidents, one.id))),
        tuple(sorted(edges, key=lambda one: (-one.incidents, one.source, one.target, one.kind))),
    )


def _pairs(one: Sequence[str], other: Sequence[str], acted_on: bool) -> list[tuple[str, str, str]]:
    if acted_on:
        return [(a, b, "acts") for a in one for b in other if a != b]
    ordered = sorted(one)
    return [(a, b, "together") for at, a in enumerate(ordered) for b in ordered[at + 1 :]]


def _node(who: _Who, acts: dict[str, Incident], suffers: dict[str, Incident]) -> Node:
    rows = sorted({**acts, **suffers}.values(), key=order)
    ids = tuple(row.id for row in rows)
    return Node(
        who.id, who.name, who.country, who.sector, len(ids), len(acts), len(suffers), ids
    )  # fmt: skip


def _edge(pair: tuple[str, str, str], rows: Sequence[Incident]) -> Edge:
    ordered = sorted(rows, key=order)
    scores = [row.score for row in ordered if row.score is not None]
    return Edge(
        *pair,
        incidents=len(ordered),
        cooperation=sum(score > 0 for score in scores),
        conflict=sum(score < 0 for score in scores),
        score=round(sum(scores) / len(scores), 3) if scores else None,
        ids=tuple(row.id for row in ordered),
    )
