"""The commands of the analysis: bringing it up to date, and people's word on stories.

``cli`` mounts them (docs/cli.md describes each).  Everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.archive_cli import (
    Guard,
    _Archive,
    _By,
    _clean,
    _existing,
    _Json,
    _Note,
    _print,
    join_quietly,
)

if TYPE_CHECKING:
    from onrecord.analysis.happenings import Source

_Story = Annotated[str, typer.Argument(metavar="STORY", help="Id of a story.")]


def mount(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to ``app``; ``guard`` turns errors into messages and exit codes."""
    for name, command in (
        ("join", join), ("merge-stories", merge), ("split-story", split), ("undo-story", undo),
        ("new", new),
    ):  # fmt: skip
        app.command(name)(guard(command))


def join(archive: _Archive = None) -> None:
    """Bring copies, stories and what follows up to date; ``add`` does so by itself."""
    with _existing(archive) as opened:
        _print(f"joined {join_quietly(opened):,}")


def merge(
    stories: Annotated[list[str], typer.Argument(metavar="STORY", help="Ids of stories.")],
    by: _By = "",
    note: _Note = None,
    archive: _Archive = None,
) -> None:
    """Put stories together; they stay together whatever comes."""
    from onrecord.analysis import edits

    with _existing(archive) as opened:
        number = edits.merge(opened, stories, by=by, note=note)
        join_quietly(opened)
    _print(f"edit {number}")


def split(
    story: _Story,
    articles: Annotated[list[str], typer.Argument(metavar="ID", help="Articles to take out.")],
    by: _By = "",
    note: _Note = None,
    archive: _Archive = None,
) -> None:
    """Take articles out of a story; they stay apart from the others whatever comes."""
    from onrecord.analysis import edits

    with _existing(archive) as opened:
        number = edits.split(opened, story, articles, by=by, note=note)
        join_quietly(opened)
    _print(f"edit {number}")


def undo(
    edit: Annotated[int, typer.Argument(metavar="NUMBER", help="The edit's number.")],
    by: _By = "",
    note: _Note = None,
    archive: _Archive = None,
) -> None:
    """Take a merge or split of stories back; both stay written down."""
    from onrecord.analysis import edits

    with _existing(archive) as opened:
        edits.undo(opened, edit, by=by, note=note)
        join_quietly(opened)


def new(
    since: Annotated[
        str, typer.Option(metavar="DATE", help="From this day of publication on; or yesterday.")
    ] = "yesterday",
    about: Annotated[
        str | None,
        typer.Option(metavar="USA,VEN|NAME|STORY", help="Two countries, one, a name, a story."),
    ] = None,
    json_: _Json = False,
    archive: _Archive = None,
) -> None:
    """Print what is new: incidents, figures, turns and statements, each with its sentence."""
    from onrecord.analysis import exports, happenings

    with _existing(archive) as opened:
        found = happenings.new(opened, _day(since), about)
    if json_:
        for row in found:
            _print(json.dumps(exports.plain(row), ensure_ascii=False))
        return
    _print("\n\n".join(map(_told, found)) or "nothing new")


def _day(words: str) -> str:
    """Return the ISO day of ``--since``."""
    from datetime import UTC, datetime, timedelta

    from onrecord.errors import SettingError

    back = {"today": 0, "yesterday": 1}.get(words)
    if back is not None:
        return (datetime.now(UTC) - timedelta(days=back)).date().isoformat()
    try:
        return datetime.fromisoformat(words).date().isoformat()
    except ValueError:
        raise SettingError(
            f"--since {words!r} is no day; write one as 2026-02-03, today or yesterday",
            name="since",
        ) from None


def _told(row: Source) -> str:
    news = row.news
    was = f" (before: {news.before})" if news.before else ""
    head = f"{news.day}  {news.kind}: {_clean(news.now)}{_clean(was)}"
    return f"{head}\n    {_clean(row.sentence)}\n    {_clean(row.publisher or '')} {news.article}"
