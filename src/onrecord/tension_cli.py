"""The commands ``onrecord tension``, ``changes`` and ``chart``.

``cli`` mounts them (docs/cli.md describes each).  Everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.archive_cli import (
    Guard,
    _Archive,
    _AsOf,
    _clean,
    _existing,
    _print,
    _Since,
    _Until,
)
from onrecord.errors import SettingError

if TYPE_CHECKING:
    from onrecord.analysis import tension as tensions
    from onrecord.analysis.changes import Burst, Shift
    from onrecord.archive import Archive

_A = Annotated[
    str | None,
    typer.Argument(metavar="A", help="A country's code, a name, or several: USA,CAN.",
                   show_default=False),
]  # fmt: skip
_B = Annotated[
    str | None,
    typer.Argument(metavar="B", help="The other side; without it A is a group.",
                   show_default=False),
]  # fmt: skip
_OneWay = Annotated[
    bool, typer.Option("--one-way", help="Only what A does to B, not what B does to A.")
]
_HalfLife = Annotated[float, typer.Option(metavar="DAYS", help="Days after which half is left.")]
_Format = Annotated[str, typer.Option("--format", help="text, jsonl or csv.")]
_PerYear = Annotated[
    float | None, typer.Option(metavar="N", help="False alarms a year that are put up with.")
]


def mount(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to ``app``; ``guard`` turns errors into messages and exit codes."""
    for command in (tension, changes, chart):
        app.command()(guard(command))


def tension(
    a: _A = None,
    b: _B = None,
    archive: _Archive = None,
    one_way: _OneWay = False,
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    half_life: _HalfLife = 7.0,
    days: Annotated[int, typer.Option(min=1, help="Without A and B: days looked back.")] = 7,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="With the sentences behind each day.")
    ] = False,
    form: _Format = "text",
) -> None:
    """Print the daily tension of two parties or a group, or the dyads that moved most."""
    from onrecord.analysis import tension as tensions

    _known(form)
    with _existing(archive) as opened:
        if a is None:
            found = tensions.movers(opened, as_of=as_of, days=days, half_life=half_life)
            _write(form, map(_mover_cells, found), _MOVERS, map(_moved, found))
            return
        index = _index(opened, a, b, one_way, since, until, as_of, half_life)
        lines = _days(index, opened if sentences else None)
        _write(form, index.rows(), tensions.COLUMNS, lines)


def _index(
    opened: Archive, a: str | None, b: str | None, one_way: bool, since: str | None,
    until: str | None, as_of: str | None, half_life: float,
) -> tensions.Tension:  # fmt: skip
    from onrecord.analysis import tension as tensions

    if a is None:
        raise SettingError("name two parties or a group: USA VEN, or USA,CAN,MEX", name="a")
    if b is None:
        return tensions.within(
            opened, a, since=since, until=until, as_of=as_of, half_life=half_life
        )
    return tensions.daily(
        opened, a, b, both=not one_way, since=since, until=until, as_of=as_of, half_life=half_life
    )


def _days(index: tensions.Tension, opened: Archive | None) -> Iterator[str]:
    from onrecord.render.wording import counted

    counts = index.counts()
    basis = (
        f"{counted(counts.incidents, 'incident')} in {counted(counts.reports, 'report')} of "
        f"{counted(counts.outlets, 'outlet')}"
    )
    points = f"PLOVER points, half left after {index.half_life:g} days"
    yield f"{_clean(index.name)}: {basis}; {points}"
    for at, day in enumerate(index.days):
        band = f"({index.low[at]:+.1f} … {index.high[at]:+.1f})"
        still = "" if index.complete[at] else "  [not complete]"
        reason = _clean(index.reason(day))
        yield f"{day}  {index.value[at]:+7.1f}  {band:<19}  {reason}{still}"
        if opened is not None:
            yield from _told(opened, [one.incident for one in index.on(day)])


def _told(opened: Archive, incidents: list[str]) -> Iterator[str]:
    from onrecord.analysis import tension as tensions

    for line in tensions.sentences(opened, incidents) if incidents else ():
        yield f"    {_clean(line.sentence)}"
        yield f"    — {_clean(line.publisher or '')} {line.day or ''} {_clean(line.article)}"


_MOVERS: Mapping[str, str] = {
    "actors": "strs", "recipients": "strs", "before": "float", "after": "float", "low": "float",
    "high": "float", "change": "float", "beyond": "bool", "incidents": "strs", "reason": "str",
}  # fmt: skip


def _mover_cells(row: tensions.Mover) -> dict[str, Any]:
    cells = row._asdict()
    return {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in cells.items()}


def _moved(row: tensions.Mover) -> str:
    pair = f"{', '.join(row.actors)} ↔ {', '.join(row.recipients)}"
    sure = "" if row.beyond else "  [within the band]"
    head = f"{_clean(pair)}  {row.before:+.1f} → {row.after:+.1f}  ({row.change:+.1f}){sure}"
    return f"{head}\n    {_clean(row.reason)}"


def changes(
    a: _A = None,
    b: _B = None,
    archive: _Archive = None,
    kind: Annotated[
        str | None, typer.Option(help="type, place, country, actor or claim; all of them if none.")
    ] = None,
    one_way: _OneWay = False,
    since: _Since = None,
    as_of: _AsOf = None,
    per_year: _PerYear = None,
    form: _Format = "text",
) -> None:
    """Print where a dyad's level shifted or, without A and B, what rose unusually."""
    from onrecord.analysis import changes as change_rules

    _known(form)
    with _existing(archive) as opened:
        if a is not None:
            index = _index(opened, a, b, one_way, None, None, as_of, 7.0)
            alarms = per_year or change_rules.LEVEL_ALARMS
            found = [one for one in change_rules.shifts(index, per_year=alarms)
                     if since is None or one.noticed >= since]  # fmt: skip
            rows = map(change_rules.cells, found)
            _write(form, rows, change_rules.SHIFT_COLUMNS, map(_shifted, found))
            return
        bursts = _bursts(opened, kind, since, as_of, per_year or change_rules.BURST_ALARMS)
        rows = map(change_rules.cells, bursts)
        _write(form, rows, change_rules.BURST_COLUMNS, map(_rose, bursts))


def _bursts(
    opened: Archive, kind: str | None, since: str | None, as_of: str | None, per_year: float
) -> list[Burst]:
    from onrecord.analysis import changes as change_rules
    from onrecord.analysis import tension as tensions

    ledger = tensions.load(opened, as_of=as_of)
    found = [
        burst
        for one in ([kind] if kind else change_rules.KINDS)
        for burst in change_rules.bursts(ledger, one, since=since, per_year=per_year)
    ]
    return sorted(found, key=lambda one: (one.day, one.kind, one.key))


def _shifted(row: Shift) -> str:
    from onrecord.render.wording import counted

    return (
        f"{row.noticed}  {row.direction} since about {row.day}: {row.before:+.2f} → "
        f"{row.after:+.2f} points a day, {counted(len(row.incidents), 'incident')} "
        f"({row.size:.1f} > {row.limit:.1f})"
    )


def _rose(row: Burst) -> str:
    days = row.day if row.since == row.day else f"{row.since} to {row.day}"
    what = "outlets" if row.kind == "claim" else "incidents"
    return (
        f"{days}  {row.kind} {_clean(row.key)}: {row.seen:,} {what}, expected {row.expected:.1f} "
        f"(p = {row.probability:.1g})"
    )


def chart(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="dyad, group or rises.")],
    a: _A = None,
    b: _B = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help=".svg, .png, .html, .json, .csv")
    ] = "",
    archive: _Archive = None,
    one_way: _OneWay = False,
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    half_life: _HalfLife = 7.0,
) -> None:
    """Draw tension or unusual rises into a file, with the data as CSV beside it."""
    from onrecord.analysis import changes as change_rules
    from onrecord.analysis import charts

    if not output:
        raise SettingError("name the file to write with  -o tension.svg", name="output")
    if what not in ("dyad", "group", "rises"):
        raise SettingError(f"there is no chart {what!r}; give dyad, group or rises", name="what")
    if what == "dyad" and b is None:
        raise SettingError("a dyad has two sides: onrecord chart dyad USA VEN -o FILE", name="b")
    with _existing(archive) as opened:
        if what == "rises":
            bursts = _bursts(opened, a, since, as_of, change_rules.BURST_ALARMS)
            rows = map(change_rules.cells, bursts)
            period = (bursts[0].since, bursts[-1].day) if bursts else None
            picture: Any = charts.rises(bursts, period=period)
            written = charts.save(picture, output, rows=rows, columns=change_rules.BURST_COLUMNS)
        else:
            other = None if what == "group" else b
            index = _index(opened, a, other, one_way, since, until, as_of, half_life)
            shifts = change_rules.shifts(index)
            picture = charts.dyad(index, shifts=shifts)
            written = charts.save(picture, output, rows=index.rows())
    _print("\n".join(f"written: {path}" for path in written))


def _known(form: str) -> None:
    if form not in ("text", "jsonl", "csv"):
        raise SettingError(f"{form!r} is no format; give text, jsonl or csv", name="format")


def _write(
    form: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], lines: Iterable[str]
) -> None:
    """Write rows in a format, or the lines that are for people."""
    from onrecord.archive import export

    if form == "text":
        _print("\n".join(lines) or "nothing found")
    elif form == "csv":
        _print("".join(export.csv_lines(rows, columns)))
    else:
        for row in rows:
            _print(json.dumps(row, ensure_ascii=False))
