"""What the tension index holds of what it promises, on invented incidents: speed, and its band.

    python -m onrecord.analysis.tension_bench            # at full size
    python -m onrecord.analysis.tension_bench --events 20000 --incidents 300 --draws 5

docs/analytics.md reports the numbers; ``onrecord.evaluation.tension`` gives those on the
sample.  Everything is drawn with fixed seeds.
"""

from __future__ import annotations

import argparse
import functools
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from onrecord import ontology
from onrecord.analysis import derived, progress, tension
from onrecord.analysis._tension_ledger import Ledger, iso, number
from onrecord.analysis.rows import Incident, Mention, Party, Report
from onrecord.archive import Archive

#: First day of invented news.
_START = number("2016-01-01")
_KINDS = tuple(
    (name, mode, ontology.score(name, mode))
    for name, kind in ontology.types().items()
    for mode in (None, *kind.modes)
)


# -- speed ------------------------------------------------------------------------------


def large(events: int, *, days: int = 3653, outlets: int = 300, parties: int = 2) -> Ledger:
    """Return a ledger of invented incidents between ``parties`` countries over ``days`` days."""
    draw = np.random.default_rng(1)
    kind = draw.integers(len(_KINDS), size=events)
    told_by = 1 + draw.poisson(1.0, size=events)
    actor = draw.integers(parties, size=events)
    recipient = (actor + draw.integers(1, parties, size=events)) % parties
    at = np.arange(events)
    side = np.repeat([0, 1], events)
    shown = tuple(f"{n}/{m}" if m else n for n, m, _ in _KINDS)
    return Ledger(
        ids=tuple(f"i{one}" for one in range(events)),
        words=("invented",) * events,
        stories=("s",) * events,
        kind=kind,
        kinds=shown,
        status=np.full(events, progress.WORDS.index("actual")),
        day=_START + np.sort(draw.integers(days, size=events)),
        score=np.array([score for _, _, score in _KINDS])[kind],
        quad=np.array([ontology.quad(name) for name, _, _ in _KINDS])[kind],
        confidence=draw.uniform(0.5, 1.0, size=events),
        joined=draw.uniform(0.5, 1.0, size=events),
        origins=told_by,
        carriers=told_by + draw.poisson(1.0, size=events),
        outlets=told_by,
        parties=(np.tile(at, 2), side, np.concatenate([actor, recipient])),
        keys=tuple(_code(one) for one in range(parties)),
        told=(
            np.repeat(at, told_by),
            draw.integers(outlets, size=int(told_by.sum())),
            np.repeat(_START, int(told_by.sum())),
        ),
        place=np.full(events, -1),
        places=(),
        share=np.ones(days),
        first=_START,
        last=_START + days - 1,
        undated=0,
    )


def _code(place: int) -> str:
    return "".join(chr(65 + place // 26**at % 26) for at in (2, 1, 0))


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of several runs, in seconds of one core."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        call()
        best = min(best, time.process_time() - began)
    return best


def speed(events: int) -> list[str]:
    """Return lines on how long ten years of a daily index take."""
    lines = []
    for parties in (2, 40):
        ledger = large(events, parties=parties)
        one, other = _code(0), _code(1)
        compute = functools.partial(tension.daily, ledger, one, other, both=True)
        found, took = compute(), seconds(compute)
        lines.append(
            f"speed: {len(found):,} days, {len(ledger):,} events, of which "
            f"{len(found.picked):,} between the two: {took:.2f} s of one core"
        )
    return lines


def reading(incidents: int) -> list[str]:
    """Return a line on getting incidents out of an archive (SQLite): all, and one dyad's alone."""
    some = invented(max(1, incidents // 20), days=3653)
    others = [row._replace(actors=(Party(None, "c", "AAC", None),)) for row in some]
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "a.db") as archive:
        derived.prepare(archive)
        with derived.writing(archive) as connection:
            connection.execute(derived.incidents.insert(), [
                {"story": f"s{at}", "id": f"i{at}", "first_day": row.first_day,
                 "row": json.dumps(row)}
                for at, row in enumerate(some + others * 19)
            ])  # fmt: skip
        whole = seconds(functools.partial(tension.load, archive), times=1)
        dyad = seconds(functools.partial(tension.daily, archive, "AAA", "AAB", both=True), times=1)
    return [
        f"reading {20 * len(some):,} incidents from an archive: {whole:.2f} s of one core as a "
        f"ledger, {dyad:.2f} s for a dyad with one in twenty of them"
    ]


# -- outlets left out -------------------------------------------------------------------


class Held(NamedTuple):
    """How a band held: of all days and draws, those on which the index stayed within it."""

    within: float
    #: Mean of the band's half-width and of how far the index moved, in points.
    width: float
    moved: float

    def __str__(self) -> str:
        return (
            f"{100 * self.within:.1f} % of days within the band "
            f"(half-width {self.width:.1f} points on average, moved by {self.moved:.1f})"
        )


def invented(incidents: int, *, days: int = 365, outlets: int = 40) -> list[Incident]:
    """Return invented incidents of two countries, told by outlets large and small.

    An outlet tells of an incident with a probability that grows with its size and with the
    incident's weight; what nobody tells of is not there.
    """
    draw = np.random.default_rng(2)
    size = 1 / np.arange(1, outlets + 1) ** 0.8
    found = []
    for at in range(incidents):
        name, mode, score = _KINDS[draw.integers(len(_KINDS))]
        weight = draw.exponential(0.5) * (1 + abs(score) / 10)
        by = np.flatnonzero(draw.random(outlets) < np.minimum(0.95, size * weight))
        day = iso(_START + int(draw.integers(days)))
        ours, theirs = ("AAA", "AAB") if draw.random() < 0.5 else ("AAB", "AAA")
        if len(by):
            found.append(_incident(at, name, mode, score, day, (ours, theirs), by))
    return sorted(found, key=lambda row: row.first_day or "")


def _incident(
    at: int, name: str, mode: str | None, score: float, day: str, who: tuple[str, str], by: Any
) -> Incident:
    actor, recipient = (Party(None, code, code, "GOV") for code in who)
    reports = tuple(
        Report(f"a{at}-{one}", f"outlet {one}", day, True, "actual", None, 0.9) for one in by
    )
    mentions = tuple(Mention(one.article, "v1", 0, 1) for one in reports)
    return Incident(
        f"i{at}", name, mode, (), "actual", (actor,), (recipient,), None, day, day, "event",
        f"s{at}", mentions, reports, (), len(by), len(by), score, 0.9, 0.9,
    )  # fmt: skip


def without(rows: Sequence[Incident], dropped: set[str | None]) -> list[Incident]:
    """Return the incidents as they are when some outlets were never read."""
    left = []
    for row in rows:
        reports = tuple(one for one in row.reports if one.publisher not in dropped)
        if reports:
            left.append(row._replace(reports=reports))
    return left


def held(
    rows: Sequence[Incident],
    again: Callable[[set[str | None]], Sequence[Incident]],
    outlets: Sequence[str | None],
    pair: tuple[str, str],
    draws: int,
) -> Held:
    """Return how often the index stays within its band when 30 % of outlets are left out.

    ``again``: the incidents without some outlets.
    """
    draw = np.random.default_rng(3)
    whole = tension.daily(rows, *pair, both=True)
    half = whole.high - whole.value
    moved = []
    for _ in range(draws):
        dropped = set(draw.permutation(np.array(outlets, dtype=object))[: _third(len(outlets))])
        left = tension.daily(
            again(dropped), *pair, both=True, since=whole.days[0], until=whole.days[-1]
        )
        moved.append(np.abs(left.value - whole.value))
    gaps = np.array(moved)
    within = float((gaps <= half + 1e-9).mean())
    return Held(within, float(half.mean()), float(gaps.mean()))


def _third(outlets: int) -> int:
    return max(1, round(0.3 * outlets))


def dropping(incidents: int, draws: int) -> list[str]:
    """Return lines on invented news of different density without 30 % of its outlets.

    Once with all doubts in the band, once as if readings and merges were sure: then the band
    is that of the outlets alone.
    """
    lines = []
    for many, sure in ((incidents // 10, False), (incidents, False), (incidents, True)):
        rows = invented(many)
        if sure:
            rows = [row._replace(confidence=1.0, joined=1.0) for row in rows]
        outlets = sorted({one.publisher for row in rows for one in row.reports}, key=str)
        found = held(rows, functools.partial(without, rows), outlets, ("AAA", "AAB"), draws)
        doubts = "readings and merges sure" if sure else "all doubts"
        lines.append(f"3 in 10 of {len(outlets)} outlets out, {len(rows):,} incidents, {doubts}: "
                     f"{found}")  # fmt: skip
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="for speed")
    parser.add_argument("--archive", type=int, default=100_000, help="incidents, for reading")
    parser.add_argument("--incidents", type=int, default=5_000, help="for outlets left out")
    parser.add_argument("--draws", type=int, default=100, help="of outlets left out")
    given = parser.parse_args(arguments)
    lines = (speed(given.events), reading(given.archive), dropping(given.incidents, given.draws))
    print("\n".join(line for part in lines for line in part))


if __name__ == "__main__":
    main()
