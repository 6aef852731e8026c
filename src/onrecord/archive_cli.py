"""The commands of the archive: add, search, said, explain, export, correct, backup, …

``cli`` mounts them (docs/cli.md describes each).  Everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.errors import ArchiveError, InputError, SettingError

if TYPE_CHECKING:
    from onrecord.archive import Archive, Progress, Summary

Guard = Callable[[Callable[..., None]], Callable[..., None]]

#: The exit code of a run in which something could not be read, as in ``cli.Exit``.
_INPUT = 3
_Archive = Annotated[
    str | None,
    typer.Option(
        metavar="PATH|URL",
        help="The archive; by default ONRECORD_ARCHIVE, else onrecord.db.",
        show_default=False,
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
_AsOf = Annotated[
    str | None, typer.Option(metavar="DATE", help="As it was known here at the end of that day.")
]
_Since = Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")]
_Until = Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day.")]
_Publisher = Annotated[str | None, typer.Option(help="Outlet.")]
_Actor = Annotated[str | None, typer.Option(help="Who does it: a country's code or a name.")]
_Recipient = Annotated[str | None, typer.Option(help="Whom it is done to: a code or a name.")]
_Speaker = Annotated[str | None, typer.Option(help="Who says it.")]
_Type = Annotated[str | None, typer.Option("--type", help="PLOVER type of an event, as PROTEST.")]
_Status = Annotated[
    str | None, typer.Option(help="actual, future, hypothetical, denied or historical.")
]
_Country = Annotated[str | None, typer.Option(metavar="ISO3", help="Where an event happens.")]
_Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output."),
]
_Actors = Annotated[
    Path | None,
    typer.Option(metavar="CSV", exists=True, dir_okay=False, help="Your table of actors."),
]
_KINDS = "articles, events, statements, incidents, gdelt, corrections, …: all in docs/cli.md."
_Id = Annotated[str, typer.Argument(metavar="ID", help="Id of an article.")]
_Row = Annotated[
    str, typer.Argument(metavar="ID", help="Id of an article, or of a row of it as ARTICLE#v3.")
]
_By = Annotated[str, typer.Option(metavar="NAME", help="Who makes the correction.")]
_Note = Annotated[str | None, typer.Option(help="Why.")]


def mount(app: typer.Typer, guard: Guard, shipped: Callable[[], Any]) -> None:
    """Add the commands to ``app``; ``guard`` turns errors into messages and exit codes.

    ``shipped`` gives the services (reader, sources) where the caller passed none.
    """
    global _shipped
    _shipped = shipped
    for command in (
        add, watch, search, said, explain, export, reread, correct, undo, forget, backup, restore,
    ):  # fmt: skip
        app.command()(guard(command))


def _shipped() -> Any:
    raise RuntimeError("mount() was not called")


def _open(archive: str | None) -> Archive:
    from onrecord.archive import Archive

    return Archive.open(archive)


def _existing(archive: str | None) -> Archive:
    """Open an archive that is there: a search must not make an empty one by a slip."""
    from onrecord.archive.engine import place

    where = place(archive)
    if "://" not in where and not Path(where).exists():
        raise ArchiveError(
            f"there is no archive {where}; make one with  onrecord add, or give --archive",
            archive=where,
        )
    return _open(archive)


def _print(text: str) -> None:
    from onrecord.output import Output

    with Output(None) as out:
        out.write(text.rstrip("\n") + "\n")


def _clean(value: object) -> str:
    from onrecord.render.wording import clean

    return clean(str(value))


def _say(text: str) -> None:
    print(f"onrecord: {_clean(text)}", file=sys.stderr)


# -- in -------------------------------------------------------------------------------


def add(
    context: typer.Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Files, folders, web addresses, feeds, tables, web archives; - is standard input.",
        ),
    ],
    archive: _Archive = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Publication date, as for onrecord read.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Outlet that published them.")] = None,
    actors: _Actors = None,
    map_: Annotated[
        str,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN,…",
            help="Columns of a table, or keys of a .jsonl: text=body,published=date",
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show five articles of each source; write nothing.")
    ] = False,
) -> None:
    """Read articles into the archive, each once; what is known is not read again."""
    from onrecord.archive import Summary, shown
    from onrecord.intake import field_map

    services = context.obj or _shipped()
    known = {"published": _moment(published), "publisher": publisher, "fields": field_map(map_)}
    if dry_run:
        _dry_run(services, sources, known)
        return
    show = _Shown(_expected(sources))
    readers: list[Any] = []

    def reader() -> Any:
        if not readers:
            readers.append(services.reader(actors))
        return readers[0]

    done = Summary()
    unread = 0
    with _open(archive) as opened:
        for source in sources:
            try:
                articles = services.open_source(source, **known)
                done += opened.add(
                    articles, reader=reader, source=source, on_progress=show.after(done),
                    on_failure=_failures(source),
                )  # fmt: skip
            except InputError as error:
                _say(str(error))
                unread += 1
        join_quietly(opened, show)
    show.clear()
    _print(shown.summary(done, unread))
    if unread:
        raise typer.Exit(_INPUT)


def _failures(source: str) -> Callable[[str | None, str], None]:
    from onrecord.archive import shown

    return lambda id_, why: _say(shown.failure(source, id_, why))


def _expected(sources: Sequence[str]) -> int | None:
    """How many articles there will be, where that can be told of every source."""
    from onrecord.intake import expected

    total = 0
    for source in sources:
        number = expected(source)
        if number is None:
            return None
        total += number
    return total


def join_quietly(opened: Archive, show: _Shown | None = None) -> int:
    """Bring copies, stories and what follows up to date; return how many articles that took."""
    from onrecord.analysis.joining import join

    return join(opened, on_progress=(show or _Shown(None)).show)


def _moment(text: str | None) -> str | None:
    from onrecord.checks import is_moment

    if text is None or is_moment(text):
        return text
    raise typer.BadParameter(
        f"{text!r} is no date; write 2025-12-04 or 2025-12-04T18:30Z", param_hint="--published"
    )


#: Articles of a source that a dry run shows.
_SHOWN = 5


def _dry_run(services: Any, sources: Sequence[str], known: dict[str, Any]) -> None:
    """Show what the first articles of each source would be; no archive is opened."""
    from onrecord.archive import shown

    unread = 0
    for source in sources:
        try:
            for item in islice(services.open_source(source, **known), _SHOWN):
                _print("\n".join(shown.parsed(item)))
        except InputError as error:
            _say(str(error))
            unread += 1
    _print("nothing was written")
    if unread:
        raise typer.Exit(_INPUT)


class _Shown:
    """Progress on standard error, where a person watches; a few times a second."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._began = time.monotonic()
        self._last = 0.0
        self._on = sys.stderr.isatty()

    def after(self, before: Summary) -> Callable[[Progress], None]:
        """Return what hears of a source's progress, others having been done before."""
        from onrecord.archive import Progress

        def hear(one: Progress) -> None:
            seconds = time.monotonic() - self._began
            self.show(Progress(before.total + one.done, self._total or one.total, seconds))

        return hear

    def show(self, progress: Progress) -> None:
        """Write one line over the last."""
        now = time.monotonic()
        if self._on and now - self._last > 0.2:
            self._last = now
            from onrecord.archive import shown

            print(f"\r\033[K{shown.progress(progress)}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._on and self._last:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def watch(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="OPML, or TOML as in docs/intake.md.", exists=True, dir_okay=False
        ),
    ],
    archive: _Archive = None,
    actors: _Actors = None,
    rounds: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, help="End after so many rounds.")
    ] = None,
) -> None:
    """Poll the feeds that a file names, keep what is new, and go on until stopped."""
    from datetime import UTC, datetime

    from onrecord.archive import shown, watching
    from onrecord.intake.watching import read_watchlist

    services = context.obj or _shipped()
    feeds = read_watchlist(file.read_bytes(), source=str(file))
    readers: list[Any] = []

    def reader() -> Any:
        if not readers:
            readers.append(services.reader(actors))
        return readers[0]

    def tell(done: watching.Round) -> None:
        try:
            join_quietly(opened)
        except ArchiveError as error:
            # The next round's join catches up.
            _say(str(error))
        _print(watching.round_line(done, shown.summary(done.summary), datetime.now(UTC)))

    with _open(archive) as opened, services.web() as web:
        watching.keep_watching(
            opened, feeds, web.get, reader=reader, most=rounds, on_round=tell,
            on_failure=lambda id_, why: _say(f"{id_}: {why}" if id_ else why),
        )  # fmt: skip
    _say("stopped; everything that was taken is in the archive")


def reread(
    context: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="Articles; all without any.", show_default=False),
    ] = None,
    archive: _Archive = None,
) -> None:
    """Read the archive's articles again, as after an update; people's corrections stay."""
    services = context.obj or _shipped()
    show = _Shown(None)
    with _existing(archive) as opened:
        number = opened.reread(
            reader=lambda: services.reader(None), ids=ids or None, on_progress=show.show
        )
        join_quietly(opened, show)
    show.clear()
    _print(f"read again {number:,}")


def forget(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Articles.")],
    archive: _Archive = None,
    undo_: Annotated[
        bool, typer.Option("--undo", help="Let them come back when they are added again.")
    ] = False,
) -> None:
    """Delete articles with all that was read from them, and do not take them in again."""
    with _existing(archive) as opened:
        for id_ in ids:
            opened.remember(id_) if undo_ else opened.forget(id_)
        join_quietly(opened)


# -- out ------------------------------------------------------------------------------


def search(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help='Words, "phrases", prefix*, AND, OR, NOT, ( ).')
    ],
    archive: _Archive = None,
    quotes: Annotated[bool, typer.Option("--quotes", help="In what people said.")] = False,
    actor: _Actor = None,
    recipient: _Recipient = None,
    speaker: _Speaker = None,
    type_: _Type = None,
    status: _Status = None,
    country: _Country = None,
    publisher: _Publisher = None,
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    limit: Annotated[int, typer.Option(help="Hits to show.")] = 20,
    offset: Annotated[int, typer.Option(help="Hits to pass over.")] = 0,
    as_json: _Json = False,
) -> None:
    """Find words in the archive's articles or quotes."""
    filters = {
        "actor": actor, "recipient": recipient, "speaker": speaker, "type": type_,
        "status": status, "country": country, "publisher": publisher, "since": since,
        "until": until,
    }  # fmt: skip
    with _existing(archive) as opened:
        found = opened.search(
            query, what="quotes" if quotes else "articles", as_of=as_of, limit=limit,
            offset=offset, **filters,
        )  # fmt: skip
    if found.rebuilt:
        _say("the search index was lost or damaged and has been made anew")
    if as_json:
        from dataclasses import asdict

        _print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    from onrecord.archive import shown

    _print(shown.results(found))


def said(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Name of the speaker.")],
    archive: _Archive = None,
    about: Annotated[str | None, typer.Option(metavar="QUERY", help="On what.")] = None,
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    as_json: _Json = False,
) -> None:
    """List what a person said, newest first, word for word."""
    with _existing(archive) as opened:
        rows = opened.said(person, about=about, since=since, until=until, as_of=as_of)
    if as_json:
        _print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        head = (row["published_day"], row["speaker_name"], row["stance"], row["medium_words"],
                f"{row['article_id']}#{row['id']}")  # fmt: skip
        _print(" · ".join(_clean(part) for part in head if part))
        _print("    " + " ".join(_clean(row["quote"]).split()))
    if not rows:
        _print("nothing found")


def explain(row: _Row, archive: _Archive = None, as_of: _AsOf = None) -> None:
    """Show the words behind every field of an article's rows, and where they come from."""
    from onrecord.archive import shown

    with _existing(archive) as opened:
        id_, wanted = _parted(opened, row, as_of)
        record = opened.record(id_, as_of=as_of)
        logged = [one for one in opened.corrections() if one["article_id"] == id_]
        votes = opened.votes(id_)
    lines = [line for found in _rows_of(record, wanted) for line in shown.explained(record, found)]
    if not lines and wanted is not None:
        raise InputError(f"the record has no row {wanted!r}; give the article's id to see them all")
    _print("\n".join([*shown.article(record, votes), *lines]))
    for one in logged:
        if wanted in (None, one["row"]):
            what = f"correction {one['correction']}: {one['action']} {one['row']}"
            _print(f"{what} {one['field'] or ''} by {_clean(one['by'])} at {one['at']}")


def _parted(opened: Archive, given: str, as_of: str | None) -> tuple[str, str | None]:
    """Return the article's id and the row's; an article's id may itself hold a ``#``."""
    id_, sign, row = given.rpartition("#")
    if not sign or given in set(opened.ids(as_of=as_of)):
        return given, None
    return id_, row


def _rows_of(record: Any, wanted: str | None) -> Iterator[Any]:
    from onrecord.archive.corrections import KINDS

    for kind in KINDS.values():
        yield from (row for row in getattr(record, kind) if wanted in (None, row.id))


def export(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_KINDS)],
    archive: _Archive = None,
    form: Annotated[str, typer.Option("--format", help="jsonl, csv or parquet.")] = "",
    actor: _Actor = None,
    recipient: _Recipient = None,
    speaker: _Speaker = None,
    type_: _Type = None,
    status: _Status = None,
    country: _Country = None,
    publisher: _Publisher = None,
    since: _Since = None,
    until: _Until = None,
    as_of: _AsOf = None,
    output: _Output = None,
) -> None:
    """Write rows of the archive, one row an item."""
    filters = {
        "actor": actor, "recipient": recipient, "speaker": speaker, "type": type_,
        "status": status, "country": country, "publisher": publisher, "since": since,
        "until": until,
    }  # fmt: skip
    from onrecord.archive import export as exports

    form = form or {".csv": "csv", ".parquet": "parquet"}.get(Path(output or "").suffix, "jsonl")
    with _existing(archive) as opened:
        rows, columns = _exported(opened, kind, form, as_of, filters)
        if form == "parquet":
            exports.to_file(rows, columns, output)
            return
        from onrecord.output import Output

        written = exports.text(form, rows, columns)
        with Output(output) as out:
            for line in written:
                out.write(line)


def _exported(
    opened: Archive, kind: str, form: str, as_of: str | None, filters: dict[str, Any]
) -> tuple[Iterator[dict[str, Any]], dict[str, str]]:
    """Return the rows of a kind, the archive's or the analysis', and its columns."""
    from onrecord.analysis import exports
    from onrecord.archive import KINDS

    if kind not in (*KINDS, *exports.KINDS):
        listed = ", ".join((*KINDS, *exports.KINDS))
        raise SettingError(f"{kind!r} cannot be exported; there are {listed}", name="kind")
    if kind not in exports.KINDS:
        return opened.exported(kind, as_of=as_of, **filters)
    exports.refuse(kind, filters)
    rows = exports.rows(opened, kind, tabular=form != "jsonl", as_of=as_of)
    return rows, exports.columns(kind)


# -- people, copies -------------------------------------------------------------------


def correct(
    row: Annotated[str, typer.Argument(metavar="ID", help="Row of an article, as ARTICLE#v3.")],
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help="accept, reject, edit, split or merge.")
    ],
    value: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="VALUE",
            help="edit: FIELD=VALUE; split: numbers of mentions; merge: the other row.",
            show_default=False,
        ),
    ] = None,
    by: _By = "",
    note: _Note = None,
    archive: _Archive = None,
) -> None:
    """Correct a row; the machine's reading is kept, and the correction can be taken back."""
    field, given = _value(action, value or [])
    with _existing(archive) as opened:
        id_, own = _parted(opened, row, None)
        if own is None:
            opened.record(id_)
            raise InputError(
                f"{row} is an article; name a row of it, as {row}#v1: "
                f"onrecord explain {row}  lists them"
            )
        number = opened.correct(id_, own, action, by=by, field=field, value=given, note=note)
        join_quietly(opened)
    _print(f"correction {number}")


def _value(action: str, words: Sequence[str]) -> tuple[str | None, Any]:
    if action == "edit":
        field, sign, text = (words[0] if words else "").partition("=")
        if not sign:
            raise typer.BadParameter("edit takes FIELD=VALUE", param_hint="VALUE")
        return field, _parsed(text)
    if action == "split":
        return None, [int(word) for word in words if word.isdigit()]
    return None, words[0] if words else None


def _parsed(text: str) -> Any:
    """Return JSON as what it holds, anything else as a string."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def undo(
    correction: Annotated[int, typer.Argument(metavar="NUMBER", help="The correction's number.")],
    by: _By = "",
    note: _Note = None,
    archive: _Archive = None,
) -> None:
    """Take a correction back; both stay written down."""
    with _existing(archive) as opened:
        opened.undo(correction, by=by, note=note)
        join_quietly(opened)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; must not be there yet.")],
    archive: _Archive = None,
) -> None:
    """Copy the whole archive into a file, while others may go on using it."""
    with _existing(archive) as opened:
        opened.backup(file)


def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What backup wrote.", exists=True, dir_okay=False)
    ],
    archive: _Archive = None,
) -> None:
    """Fill an empty archive, of either database, from a backup."""
    with _open(str(file)) as source, _open(archive) as target:
        source.copy_to(target)
