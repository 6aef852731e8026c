"""The command line: ``onrecord read``, ``schema``, ``when``, ``where``, ``who``, ``eval``.

Commands, options and exit codes are described in docs/cli.md, and a test holds
that they are.  Only this file prints; everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, Protocol

import typer

from onrecord import analysis_cli, api_cli, archive_cli, briefing_cli, site_cli, tension_cli
from onrecord.errors import InputError, ModelError, OnrecordError, SettingError

if TYPE_CHECKING:
    from onrecord.output import Output
    from onrecord.record import Article, Record

_P = ParamSpec("_P")


class Exit(IntEnum):
    """Exit codes; docs/cli.md tells when."""

    DONE = 0
    USAGE = 2
    INPUT = 3
    MODEL = 4
    OUTPUT = 5
    INTERRUPTED = 130
    PIPE = 141


class Format(StrEnum):
    """How records are written."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    html = "html"


class ReaderLike(Protocol):
    """What the command ``read`` asks of a reader."""

    def read_many(self, articles: Iterator[Article]) -> Iterator[Record]:
        """Yield one record for each article, in order."""

    def empty(self, article: Article, code: str, message: str) -> Record:
        """Return a record that holds nothing but the article and a warning."""


@dataclass(frozen=True)
class Services:
    """What the commands work with; tests pass their own."""

    #: From the user's table of actors (or ``None``) to a reader.
    reader: Callable[[Path | None], ReaderLike]
    #: From a source's name and the article's fields to articles and unreadable ones.
    open_source: Callable[..., Iterator[Any]]
    #: Whether a source holds many articles.
    is_many: Callable[[str], bool]
    #: Opens the web: a context manager with ``get(url, headers)``.
    web: Callable[[], Any] = lambda: _web()


def _shipped() -> Services:
    from onrecord import intake

    return Services(_shipped_reader, intake.open_source, intake.is_many)


def _web() -> Any:
    from onrecord.intake.web import own_web

    return own_web()


def _shipped_reader(actors: Path | None) -> ReaderLike:
    from onrecord.knowledge.actors import ActorTable
    from onrecord.reading.reader import Reader

    return Reader(actors=None if actors is None else ActorTable.from_csv(actors))


app = typer.Typer(
    help="Read the news and keep the record: who did and said what to whom, when, where, "
    "and on whose word.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main(argv: Sequence[str] | None = None, *, services: Services | None = None) -> None:
    """Run the command line and leave with its exit code (SystemExit)."""
    app(args=argv, prog_name="onrecord", obj=services)


def _guarded(command: Callable[_P, None]) -> Callable[_P, None]:
    """Turn the errors a user can mend into a message and an exit code; defects crash."""

    @functools.wraps(command)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            raise typer.Exit(Exit.INTERRUPTED) from None
        except BrokenPipeError:
            _drop_output()
            raise typer.Exit(Exit.PIPE) from None
        except OnrecordError as error:
            _complain(error)
            raise typer.Exit(_exit_code(error)) from None

    return guarded


def _exit_code(error: OnrecordError) -> Exit:
    from onrecord.output import OutputError

    if isinstance(error, OutputError):
        return Exit.OUTPUT
    if isinstance(error, ModelError):
        return Exit.MODEL
    return Exit.USAGE if isinstance(error, SettingError) else Exit.INPUT


def _complain(error: object) -> None:
    from onrecord.render.wording import clean

    print(f"onrecord: {clean(str(error))}", file=sys.stderr)


def _drop_output() -> None:
    """Send what is still buffered nowhere: whoever read it has gone."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# -- read -----------------------------------------------------------------------------


@app.command()
@_guarded
def read(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="Files of text, HTML or .jsonl; - or none for standard input.",
            show_default=False,
        ),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Publication date: 2025-12-04 or 2025-12-04T18:30Z."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Headline, when the text lacks it.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the article was found.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Outlet that published it.")] = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="How to write; by default as the name of --output says, jsonl for .jsonl, "
            "else text.",
            show_default=False,
        ),
    ] = None,
    actors: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            exists=True,
            dir_okay=False,
            help="Your own table of actors; it overrides the shipped one.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output."),
    ] = None,
) -> None:
    """Read articles and write their records."""
    from onrecord.output import Output

    given = _given(sources)
    fields = {"published": _date(published), "title": title, "url": url, "publisher": publisher}
    services = context.obj or _shipped()
    many = len(given) > 1 or any(map(services.is_many, given))
    form = format_ or _form(output, many)
    _keep_sources(given, output)
    run = _Run(services, actors)
    with Output(output) as out:
        _write(out, form, _counted(run.records(given, fields), out), many)
        if run.failed and not run.read:
            raise typer.Exit(Exit.INPUT)
    if run.failed:
        raise typer.Exit(Exit.INPUT)


def _given(sources: Sequence[str] | None) -> list[str]:
    if sources:
        return list(sources)
    if sys.stdin is None or sys.stdin.isatty():
        raise typer.BadParameter("name a file, or pipe a text in", param_hint="SOURCE")
    return ["-"]


def _date(text: str | None) -> str | None:
    from onrecord.checks import is_moment

    if text is None or is_moment(text):
        return text
    raise typer.BadParameter(
        f"{text!r} is no date; write 2025-12-04 or 2025-12-04T18:30Z", param_hint="--published"
    )


def _form(output: str | None, many: bool) -> Format:
    """Return the format that the output's name asks for, else the one that fits."""
    endings = {
        ".json": Format.json,
        ".jsonl": Format.jsonl,
        ".ndjson": Format.jsonl,
        ".html": Format.html,
        ".htm": Format.html,
        ".txt": Format.text,
    }
    default = Format.jsonl if many else Format.text
    return endings.get(Path(output or "").suffix.lower(), default)


def _keep_sources(given: Sequence[str], output: str | None) -> None:
    """Refuse to write over what is to be read."""
    for source in given:
        both = output and os.path.exists(output) and os.path.isfile(source)
        if both and os.path.samefile(source, output or ""):
            raise typer.BadParameter(f"{output} is also read", param_hint="--output")


class _Run:
    """Sources in, records out, in order; what failed on the way."""

    def __init__(self, services: Services, actors: Path | None) -> None:
        self._services = services
        self._actors = actors
        #: Sources that could not be read; the others are.
        self.failed = 0
        #: Records that came out.
        self.read = 0

    def records(self, given: Sequence[str], fields: dict[str, str | None]) -> Iterator[Record]:
        """Yield one record for each article; the model is loaded for the first."""
        items = self._items(given, fields)
        for first in items:
            reader = self._services.reader(self._actors)
            for record in _in_order(reader, chain([first], items)):
                self.read += 1
                yield record

    def _items(self, given: Sequence[str], fields: dict[str, str | None]) -> Iterator[Any]:
        for source in given:
            try:
                yield from self._services.open_source(source, **fields)
            except InputError as error:
                _complain(error)
                self.failed += 1


def _in_order(reader: ReaderLike, items: Iterator[Any]) -> Iterator[Record]:
    """Yield one record for each item, in order, however many the reader takes at once."""
    from onrecord.record import Article

    #: What the reader has been shown and has not answered: ``None`` stands for an article.
    waiting: deque[Any] = deque()
    numbers = count(1)

    def readable() -> Iterator[Article]:
        for item in items:
            taken = isinstance(item, Article)
            waiting.append(None if taken else item)
            if taken:
                yield item

    def unreadable() -> Iterator[Record]:
        while waiting and waiting[0] is not None:
            yield _unreadable(reader, waiting.popleft(), next(numbers))

    for record in reader.read_many(readable()):
        yield from unreadable()
        waiting.popleft()
        next(numbers)
        yield record
    yield from unreadable()


def _unreadable(reader: ReaderLike, item: Any, number: int) -> Record:
    """Return the empty record of an article that could not be read; it keeps its line and id."""
    import hashlib

    from onrecord.record import Article

    nothing = hashlib.sha256(b"").hexdigest()
    article = Article(text="", id=item.id or f"unreadable-{number}", sha256=nothing)
    return reader.empty(article, item.code, item.why)


def _counted(records: Iterator[Record], out: Output) -> Iterator[Record]:
    """Pass records on, and count them on standard error where a person watches."""
    if not sys.stderr.isatty() or out.on_terminal:
        yield from records
        return
    number = 0
    for number, record in enumerate(records, start=1):
        print(f"\rread {number:,}", end="", file=sys.stderr, flush=True)
        yield record
    print("\r\033[K" if number else "", end="", file=sys.stderr, flush=True)


def _write(out: Output, form: Format, records: Iterator[Record], many: bool) -> None:
    if form is Format.jsonl:
        for record in records:
            out.write(record.to_json() + "\n")
    elif form is Format.json:
        _write_json(out, records, many)
    elif form is Format.html:
        from onrecord.render.html import page

        out.write(page(*records))
    else:
        _write_text(out, records)


def _write_json(out: Output, records: Iterator[Record], many: bool) -> None:
    """Write one object for one article, a list for several sources or a .jsonl."""
    if not many:
        for record in records:
            out.write(record.to_json(indent=2) + "\n")
        return
    before = "[\n"
    for record in records:
        out.write(before + record.to_json(indent=2))
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def _write_text(out: Output, records: Iterator[Record]) -> None:
    from onrecord.render.text import WIDEST, render

    width = shutil.get_terminal_size((100, 24)).columns if out.on_terminal else 100
    for number, record in enumerate(records):
        if number:
            out.write("\n" + "─" * min(width, WIDEST) + "\n\n")
        out.write(render(record, width=width, color=out.color))


# -- one question ---------------------------------------------------------------------


_Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command()
@_guarded
def schema() -> None:
    """Print the JSON Schema of a record."""
    import json

    from onrecord.forms import json_schema

    _print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
@_guarded
def when(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="An expression of time.")],
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Publication date that relative words count from."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Say which days an expression of time means."""
    from onrecord.reading.when import describe_time

    found = describe_time(words, _date(published))
    _answer([] if found is None else [found], words, as_json)


@app.command()
@_guarded
def where(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a place.")],
    context: Annotated[
        list[str] | None,
        typer.Option(metavar="ISO3", help="Country the text speaks of; may be repeated."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """List the places that a name may mean, the likeliest first."""
    from onrecord.reading.where import lookup

    _answer(list(lookup(name, tuple(context or ()))), name, as_json)


@app.command()
@_guarded
def who(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Name or description of an actor.")],
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Date at which the office counts.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Say who an actor is: name, office, country, sector."""
    from onrecord.reading.who import describe

    found = describe(words, _date(published))
    _answer([found] if found.mentions else [], words, as_json)


def _answer(found: Sequence[Any], asked: str, as_json: bool) -> None:
    """Print rows field by field, or as a JSON list; say so when there is none."""
    import json

    from onrecord.render.wording import clean

    rows = [_row(one) for one in found]
    if as_json:
        _print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        _print(f"nothing known about “{clean(asked)}”")
    for row in rows:
        known = (f"{name} {clean(str(value))}" for name, value in row.items() if value is not None)
        _print(" · ".join(known))


def _row(value: Any) -> dict[str, Any]:
    """Return what a row says, without its place in the words that were asked."""
    hidden = ("id", "start", "end", "mentions")
    names = [field.name for field in fields(value) if field.name not in hidden]
    return {name: getattr(value, name) for name in names}


# -- eval, version --------------------------------------------------------------------


@app.command(name="eval")
@_guarded
def eval_(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task of docs/cli.md, or all.")],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Files in the task's format.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with the data, for the task all.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Score the reader on annotated files."""
    from onrecord import evaluation

    if task == "all":
        if data is None or files:
            raise typer.BadParameter("all takes --data DIR and no files", param_hint="TASK")
        _print(evaluation.run_all(data, as_json=as_json))
        return
    if not files or data is not None:
        raise typer.BadParameter(f"{task} takes one file or more, and no --data", param_hint="FILE")
    _print(evaluation.run(task, files, as_json=as_json))


@app.command()
@_guarded
def version() -> None:
    """Print the version."""
    from onrecord.version import VERSION

    _print(f"onrecord {VERSION}")


def _version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def _options(
    version_: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Options of all commands."""


# -- the archive ----------------------------------------------------------------------

archive_cli.mount(app, _guarded, _shipped)
analysis_cli.mount(app, _guarded)
tension_cli.mount(app, _guarded)
briefing_cli.mount(app, _guarded)
site_cli.mount(app, _guarded)
api_cli.mount(app, _guarded)


def _print(text: str) -> None:
    """Write a line to standard output in UTF-8, whatever the locale says."""
    from onrecord.output import Output

    with Output(None) as out:
        out.write(text.rstrip("\n") + "\n")
