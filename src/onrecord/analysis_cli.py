"""The commands of the analysis: bringing it up to date, and people's word on stories.

``cli`` mounts them (docs/cli.md describes each).  Everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

from typing import Annotated

import typer

from onrecord.archive_cli import (
    Guard,
    _Archive,
    _By,
    _existing,
    _Note,
    _print,
    join_quietly,
)

_Story = Annotated[str, typer.Argument(metavar="STORY", help="Id of a story.")]


def mount(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to ``app``; ``guard`` turns errors into messages and exit codes."""
    for name, command in (
        ("join", join), ("merge-stories", merge), ("split-story", split), ("undo-story", undo),
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
