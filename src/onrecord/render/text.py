"""A record for the terminal: who said what, what happened, who, when, where, how many.

Everything taken from an article goes through ``wording.clean`` and into
``rich.text.Text`` (``_text``), never through markup, so that neither "[bold]" nor an escape
sequence in a headline acts.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from onrecord.render import wording
from onrecord.render.wording import Index, clean, counted, joined, shorten, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from onrecord.record import Entity, Event, Participant, Record, Statement

#: Columns of a line: fewer break words, more tire the eye.
NARROWEST, WIDEST = 40, 120
#: Entities that are listed; the rest are counted.
SHOWN_ENTITIES = 12

_STATUS_STYLES = {
    "actual": "bold green",
    "future": "bold blue",
    "hypothetical": "bold magenta",
    "denied": "bold red",
    "historical": "dim",
}
_STANCE_STYLES = {
    "deny": "bold red",
    "accuse": "bold red",
    "threaten": "bold red",
    "confirm": "bold green",
    "support": "bold green",
    "pledge": "bold blue",
    "demand": "bold magenta",
    "claim": "bold yellow",
    "predict": "bold blue",
}
_QUAD_STYLES = {1: "green", 2: "bold green", 3: "yellow", 4: "bold yellow"}


def render(record: Record, *, width: int = 100, color: bool = False) -> str:
    """Return the record for a terminal of ``width`` columns, with colour codes if wanted."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(NARROWEST, min(width, WIDEST)),
        color_system="standard" if color else None,
        force_terminal=color,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(_page(record))
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().split("\n")) + "\n"


def _page(record: Record) -> Group:
    index = Index(record)
    sections = (
        _section(
            "Who said what",
            counted(len(record.statements), "statement"),
            _statements(index),
        ),
        _section("What happened", counted(len(record.events), "event"), _events(index)),
        _section("Who", counted(len(record.entities), "entity", "entities"), _entities(index)),
        _section("When, where, how many", "", _facts(index)),
    )
    return Group(*_head(record), *(part for found in sections for part in found), *_foot(record))


def _head(record: Record) -> Iterator[RenderableType]:
    article = record.article
    yield _text(wording.headline(record), style="bold")
    about = [clean(article.publisher or ""), wording.publication(record)]
    yield _text(joined([*about, shorten(article.canonical_url or article.url or "", 70)]), "dim")


def _foot(record: Record) -> Iterator[RenderableType]:
    yield _text()
    for warning in record.warnings:
        yield _joined(("! ", "bold yellow"), (clean(warning.message), "yellow"))
    reasons = joined(list(dict.fromkeys(clean(skip.why) for skip in record.skipped)), ", ")
    if record.skipped:
        yield _text(f"Not read: {counted(len(record.skipped), 'leftover')} ({reasons})", "dim")


def _section(title: str, count: str, rows: Sequence[RenderableType]) -> list[RenderableType]:
    """Return a titled part of the page; nothing where neither rows nor a count tell anything."""
    if not rows and not count:
        return []
    return [_text(), _title(title, count), *rows]


def _title(title: str, count: str) -> Text:
    return _joined((title.upper(), "bold cyan"), (f"  {count}" if count else "", "dim"))


def _grid(*widths: int | None) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for width in widths:
        if width is None:
            grid.add_column(ratio=1, overflow="fold")
        else:
            grid.add_column(width=width, overflow="fold", no_wrap=False)
    return grid


def _text(words: str = "", style: str = "") -> Text:
    """Return words for the terminal; no character of them acts."""
    return Text(visible(words), style)


def _add(line: Text, words: str, style: str = "") -> None:
    line.append(visible(words), style)


def _joined(*parts: tuple[str, str] | str) -> Text:
    line = Text()
    for part in parts:
        _add(line, *([part] if isinstance(part, str) else part))
    return line


# -- who said what --------------------------------------------------------------------


def _statements(index: Index) -> list[RenderableType]:
    """Utterances in text order, then views: attitudes and acts told without an utterance."""
    seen: set[str] = set()
    out: list[RenderableType] = []
    for kind in ("statement", "view"):
        grid = _grid(9, None)
        rows = [s for s in index.record.statements if s.kind == kind]
        for statement in rows:
            verb = wording.STANCE_VERBS.get(statement.stance, statement.stance)
            stance = _text(verb, _STANCE_STYLES.get(statement.stance, "bold"))
            grid.add_row(stance, Group(*_statement(index, statement, seen)))
        if rows and kind == "view":
            out.append(_text(" views without an utterance", "dim"))
        if rows:
            out.append(Padding(grid, (0, 0, 0, 1)))
    return out


def _statement(index: Index, statement: Statement, seen: set[str]) -> Iterator[Text]:
    line = _joined((index.speaker_name(statement), "bold"))
    speaker = statement.speaker
    entity = index.entity(speaker.entity) if speaker else None
    if entity is not None and entity.id not in seen:
        _add(line, _role(entity), "dim")
        seen.add(entity.id)
    if statement.cue is not None:
        cue = wording.lowered(shorten(index.record.words(statement.cue), 40))
        _add(line, f" {'(not) ' if statement.negated else ''}{cue}", "italic")
    _add(line, ": ")
    runs = (index.record.words(run) for run in statement.content)
    _add(line, shorten(" … ".join(runs), 240))
    yield line
    if about := _circumstances(index, statement):
        yield _text(about, "dim")


def _role(entity: Entity) -> str:
    about = clean(entity.role or "") if entity.name else ""
    about = about or wording.code(entity.country, entity.sector)
    return f" ({about})" if about else ""


def _circumstances(index: Index, statement: Statement) -> str:
    words = index.record.words
    time, place = index.times.get(statement.time or ""), index.places.get(statement.place or "")
    parts = [
        f"to {index.reference_name(statement.addressee)}" if statement.addressee else "",
        f"via {shorten(words(statement.medium), 60)}" if statement.medium else "",
        index.dated(time) if time else "",
        f"in {index.place_name(place)}" if place else "",
        "anonymous source" if statement.sourcing == "anonymous" else "",
    ]
    return joined(parts)


# -- what happened --------------------------------------------------------------------


def _events(index: Index) -> list[RenderableType]:
    grid = _grid(12, 18, None)
    for event in index.record.events:
        status = _text(event.status, _STATUS_STYLES.get(event.status, "bold"))
        grid.add_row(status, _event_type(event), Group(*_event(index, event)))
    return [Padding(grid, (0, 0, 0, 1))] if index.record.events else []


def _event_type(event: Event) -> Text:
    from onrecord import ontology

    kind = ontology.types().get(event.type)
    style = _QUAD_STYLES[kind.quad] if kind else ""
    return _joined((event.type, style), f" {event.mode}" if event.mode else "")


def _event(index: Index, event: Event) -> Iterator[Text]:
    line = _text()
    if event.actors or event.recipients:
        _participants(line, index, event.actors)
    else:
        _add(line, "nobody named", "dim")
    if event.recipients:
        _add(line, " → ", "bold")
        _participants(line, index, event.recipients)
    yield line
    yield _text(joined(list(_event_facts(index, event))), "dim")


def _participants(line: Text, index: Index, parts: Sequence[Participant]) -> None:
    if not parts:
        _add(line, "?", "dim")
    for number, part in enumerate(parts):
        _add(line, ", " if number else "")
        _add(line, index.reference_name(part), "bold")
        about = wording.code(part.country, part.sector)
        _add(line, f" ({about})" if about else "", "dim")


def _event_facts(index: Index, event: Event) -> Iterator[str]:
    if time := index.times.get(event.time or ""):
        yield wording.days(time.begin, time.finish) or index.dated(time)
    if place := index.places.get(event.place or ""):
        yield index.place_name(place)
    known = (index.figures[one] for one in event.figures if one in index.figures)
    yield from map(wording.figure_words, known)
    yield index.on_whose_word(event)
    words = ", ".join(f"“{word}”" for word in index.trigger_words(event)[:6])
    more = len(event.mentions)
    yield words if more == 1 else f"{words} ({more} mentions)"


# -- who, when, where, how many -------------------------------------------------------


def _entities(index: Index) -> list[RenderableType]:
    ranked = index.ranked()
    grid = _grid(None, None, 8, 12)
    for entity in ranked[:SHOWN_ENTITIES]:
        grid.add_row(
            _text(index.entity_name(entity), "bold" if entity.name else ""),
            _text(clean(entity.role or entity.kind), "" if entity.role else "dim"),
            _text(wording.code(entity.country, entity.sector)),
            _text(counted(len(entity.mentions), "mention"), "dim"),
        )
    rows: list[RenderableType] = [Padding(grid, (0, 0, 0, 1))] if ranked else []
    if len(ranked) > SHOWN_ENTITIES:
        rows.append(_text(f" and {len(ranked) - SHOWN_ENTITIES:,} more", "dim"))
    return rows


def _facts(index: Index) -> list[RenderableType]:
    grid = _grid(9, None)
    for label, found in (
        ("when", _times(index)),
        ("where", _places(index)),
        ("how many", _figures(index)),
    ):
        line = _listed(found)
        if line:
            grid.add_row(_text(label, "bold"), line)
    return [Padding(grid, (0, 0, 0, 1))] if grid.row_count else []


def _listed(found: Iterable[tuple[str, str]]) -> Text:
    """Return ``(words, meaning)`` pairs as one flowing list, each pair once."""
    line = _text()
    for words, meaning in dict.fromkeys(found):
        _add(line, " · " if line else "", "dim")
        _add(line, words)
        _add(line, f" {meaning}" if meaning else "", "dim")
    return line


def _times(index: Index) -> Iterator[tuple[str, str]]:
    for time in index.record.times:
        words, meaning = (
            shorten(index.record.words(time), 40),
            wording.days(time.begin, time.finish),
        )
        yield words, "" if meaning == words else f"= {meaning}" if meaning else "(open)"


def _places(index: Index) -> Iterator[tuple[str, str]]:
    for place in index.record.places:
        about = joined([clean(place.country or ""), place.precision or ""], " ")
        yield index.place_name(place), f"({about or 'unresolved'})"


def _figures(index: Index) -> Iterator[tuple[str, str]]:
    for figure in index.record.figures:
        yield wording.figure_words(figure), f"“{shorten(index.record.words(figure), 40)}”"
