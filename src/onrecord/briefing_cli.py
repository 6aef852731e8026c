"""The commands of briefings, time lines, statement histories, figures, networks and maps.

``cli`` mounts them (docs/cli.md describes each).  Everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.archive_cli import Guard, _Archive, _AsOf, _existing, _Output, _say
from onrecord.errors import SettingError

if TYPE_CHECKING:
    from onrecord.analysis._briefing_sheet import Sheet
    from onrecord.archive import Archive

#: Forms of output, by the ending of the file they are written to.
FORMATS = {".md": "md", ".html": "html", ".htm": "html", ".pdf": "pdf", ".json": "json"}

_Format = Annotated[
    str, typer.Option("--format", help="md, html, pdf or json; by default as FILE's name says.")
]
_Since = Annotated[
    str | None,
    typer.Option(metavar="DATE|7d", help="From this day on, or so many days back from the last."),
]
_Until = Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day.")]
_Level = Annotated[str, typer.Option(help="country, or actor: named ones apart.")]


def mount(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to ``app``; ``guard`` turns errors into messages and exit codes."""
    for name, command in (
        ("brief", brief), ("timeline", timeline), ("history", history), ("figures", figures),
        ("network", network), ("map", map_),
    ):  # fmt: skip
        app.command(name)(guard(command))


def brief(
    about: Annotated[
        str | None,
        typer.Option(metavar="USA,VEN|NAME|STORY", help="Two countries, one, a name, a story."),
    ] = None,
    since: _Since = "7d",
    until: _Until = None,
    as_of: _AsOf = None,
    form: _Format = "",
    output: _Output = None,
    archive: _Archive = None,
) -> None:
    """Write a briefing: what happened, is claimed, disputed, new, in numbers, and to come."""
    from onrecord.analysis import briefing
    from onrecord.analysis._briefing_sheet import of_briefing

    form = _form(form, output)
    last = _day(until)
    with _existing(archive) as opened:
        first = _from(since, last, opened)
        made = briefing.make(opened, about, first, last, as_of=as_of)
        if not made.articles and (latest := briefing.latest(opened)):
            _say(f"nothing was published then; the latest report is of {latest} (--until {latest})")
    _write(of_briefing(made), made, form, output)


def timeline(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="story, dyad, actor or place.")],
    what: Annotated[
        list[str], typer.Argument(metavar="WHAT", help="A story's id, two countries, a name.")
    ],
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    form: _Format = "",
    output: _Output = None,
    archive: _Archive = None,
) -> None:
    """Write what happened in a story, between two countries, with an actor, at a place."""
    from onrecord.analysis import timelines
    from onrecord.analysis._briefing_sheet import of_timeline

    kinds = {"story": 1, "dyad": 2, "actor": 1, "place": 1}
    if kinds.get(kind) != len(what):
        raise SettingError(
            f"timeline {kind} takes another number of words; write  story ID, dyad ISL PRT, "
            "actor NAME  or  place NAME  (names in quotation marks)",
            name="kind",
        )
    form, last = _form(form, output), _day(until)
    if kind == "story" and (since or until):
        raise SettingError("a story is written whole; leave --since and --until", name="since")
    with _existing(archive) as opened:
        span: dict[str, Any] = {"since": _from(since, last, opened), "until": last}
        span = {} if kind == "story" else span
        line = getattr(timelines, kind)(opened, *what, **span, as_of=as_of)
    _write(of_timeline(line), line, form, output)


def history(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who said it.")],
    about: Annotated[str | None, typer.Option(metavar="WORDS", help="Words it is about.")] = None,
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    form: _Format = "",
    output: _Output = None,
    archive: _Archive = None,
) -> None:
    """Write what somebody said over time, and where it may contradict what was said before."""
    from onrecord.analysis import histories
    from onrecord.analysis._briefing_sheet import of_history

    form, last = _form(form, output), _day(until)
    with _existing(archive) as opened:
        found = histories.person(
            opened, name, about=about, since=_from(since, last, opened), until=last, as_of=as_of
        )
    _write(of_history(found), found, form, output)


def figures(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Id of an incident or a story.")],
    as_of: _AsOf = None,
    form: _Format = "",
    output: _Output = None,
    archive: _Archive = None,
) -> None:
    """Write the figures of an incident or a story as they were reported."""
    from onrecord.analysis import figures as analysis
    from onrecord.analysis._briefing_sheet import of_figures
    from onrecord.analysis.joining import stories

    form = _form(form, output)
    with _existing(archive) as opened:
        found = analysis.over_time(opened, id_, as_of=as_of)
        titles = {one.id: one.title for one in stories(opened)}
    incident = found[0].title if found and found[0].incident == id_ else id_
    _write(of_figures(titles.get(id_, incident), found), found, form, output)


def network(
    about: Annotated[
        list[str] | None, typer.Option(metavar="ISO3", help="A country that takes part.")
    ] = None,
    level: _Level = "country",
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    form: _Format = "",
    output: _Output = None,
    archive: _Archive = None,
) -> None:
    """Write who acts on whom, counted in incidents."""
    from onrecord.analysis import networks
    from onrecord.analysis._briefing_sheet import of_network

    form, last = _form(form, output), _day(until)
    with _existing(archive) as opened:
        found = networks.actors(
            opened, _from(since, last, opened), last, level=level, about=about or (), as_of=as_of
        )
        told = () if form == "json" else networks.lines(opened, found)
    _write(of_network(found, told), found, form, output)


def map_(
    about: Annotated[
        list[str] | None, typer.Option(metavar="ISO3", help="A country that takes part.")
    ] = None,
    story: Annotated[str | None, typer.Option(metavar="STORY", help="Id of a story.")] = None,
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    output: _Output = None,
    archive: _Archive = None,
) -> None:
    """Write incidents by place as GeoJSON, with how precisely the place is known."""
    from onrecord.analysis import maps

    last = _day(until)
    with _existing(archive) as opened:
        found = maps.incidents(
            opened, about=about or (), story=story, since=_from(since, last, opened),
            until=last, as_of=as_of,
        )  # fmt: skip
    _text(json.dumps(found, ensure_ascii=False), output)


# -- days -------------------------------------------------------------------------------


def _day(words: str | None) -> str | None:
    """Return the ISO day of an option: a day, ``today`` or ``yesterday``."""
    from onrecord.analysis_cli import _day as day

    return None if words is None else day(words)


def _from(words: str | None, until: str | None, archive: Archive) -> str | None:
    """Return the first day of ``--since``.

    ``7d`` and ``2w`` count back from ``until``, else from the day of the latest report.
    """
    from datetime import date, timedelta

    from onrecord.analysis import briefing

    back = re.fullmatch(r"(\d{1,4})([dw])", words or "")
    if back is None:
        return _day(words)
    days = int(back[1]) * (7 if back[2] == "w" else 1)
    last = date.fromisoformat(until or briefing.latest(archive) or _day("today") or "")
    return (last - timedelta(days=max(days - 1, 0))).isoformat()


# -- out --------------------------------------------------------------------------------


def _form(form: str, output: str | None) -> str:
    """Return the format asked for: by name, by the file's ending, else Markdown."""
    named = form or FORMATS.get(Path(output or "").suffix.lower(), "md")
    if named not in FORMATS.values():
        raise SettingError(f"{form!r} is no format; there are md, html, pdf, json", name="format")
    if named == "pdf" and output in (None, "-"):
        raise SettingError("a PDF is no text; give --output FILE", name="output")
    return named


def _write(sheet: Sheet, value: Any, form: str, output: str | None) -> None:
    from onrecord.analysis._briefing_markdown import markdown
    from onrecord.analysis._briefing_page import page, pdf
    from onrecord.analysis._briefing_plain import plain

    if form == "pdf":
        _bytes(pdf(sheet), output or "")
    elif form == "html":
        _text(page(sheet), output)
    elif form == "json":
        _text(json.dumps(plain(value), ensure_ascii=False, indent=1), output)
    else:
        _text(markdown(sheet), output)


def _text(text: str, output: str | None) -> None:
    from onrecord.output import Output

    with Output(output) as out:
        out.write(text.rstrip("\n") + "\n")


def _bytes(made: bytes, output: str) -> None:
    """Write a file that appears when it is complete."""
    from onrecord.output import OutputError

    whole = Path(output)
    part = whole.with_name(f".{whole.name}.part")
    try:
        part.write_bytes(made)
        part.replace(whole)
    except OSError as error:
        raise OutputError(
            f"cannot write {output}: {error.strerror or error}; give --output another place",
            path=output,
        ) from error
    finally:
        part.unlink(missing_ok=True)
