"""The commands around the API: ``onrecord token``, ``onrecord person``, ``onrecord alerts``.

``cli`` mounts them (docs/cli.md describes each).  Everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from onrecord.archive_cli import Guard, _Archive, _clean, _existing, _print

_File = Annotated[
    Path, typer.Option("--file", metavar="FILE", help="The password file.", dir_okay=False)
]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="Name to sign in with.")]


def mount(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to ``app``; ``guard`` turns errors into messages and exit codes."""
    groups: tuple[tuple[str, str, Mapping[str, Callable[..., None]]], ...] = (
        ("token", "Make, list and revoke tokens of the API.",
         {"add": add_token, "list": list_tokens, "revoke": revoke_token}),
        ("person", "Keep the password file of those who may sign in.",
         {"add": add_person, "remove": remove_person}),
        ("alerts", "Look at alerts and deliver what they find.",
         {"run": run_alerts, "list": list_alerts}),
    )  # fmt: skip
    for group, about, commands in groups:
        sub = typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=None)
        for name, command in commands.items():
            sub.command(name)(guard(command))
        app.add_typer(sub, name=group)


# -- tokens ---------------------------------------------------------------------------


def add_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the token is for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="read, correct or alerts; may be repeated."),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days after which it ends.")] = None,
    archive: _Archive = None,
) -> None:
    """Make a token and print it: it is not kept and cannot be shown again."""
    from onrecord.site import tokens

    with _existing(archive) as opened:
        _print(tokens.add(opened, name, scope or ["read"], days=days))


def list_tokens(archive: _Archive = None) -> None:
    """List tokens: number, name, scopes, since when, until when."""
    from onrecord.site import tokens

    with _existing(archive) as opened:
        for one in tokens.listed(opened):
            end = f"revoked {one.revoked[:10]}" if one.revoked else f"ends {one.expires or 'never'}"
            scopes = " ".join(one.scopes)
            _print(f"{one.number}  {_clean(one.name)}  {scopes}  made {one.created[:10]}  {end}")


def revoke_token(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The token's number.")],
    archive: _Archive = None,
) -> None:
    """End a token now."""
    from onrecord.site import tokens

    with _existing(archive) as opened:
        tokens.revoke(opened, number)


# -- people ---------------------------------------------------------------------------


def add_person(name: _Name, file: _File = Path("people.txt")) -> None:
    """Add a person, or change a password: asked for, or the first line of standard input."""
    from onrecord.site import people

    people.put(file, name, _password())


def _password() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""


def remove_person(name: _Name, file: _File = Path("people.txt")) -> None:
    """Take a person out; their sessions end at once."""
    from onrecord.site import people

    people.remove(file, name)


# -- alerts ---------------------------------------------------------------------------


def run_alerts(
    every: Annotated[
        int | None,
        typer.Option(metavar="SECONDS", min=10, help="Go on, once in so many seconds."),
    ] = None,
    address: Annotated[
        str, typer.Option(metavar="URL", help="Where the site is reached, for links.")
    ] = "",
    archive: _Archive = None,
) -> None:
    """Look at all alerts, deliver what is due, and print what became of it."""
    from onrecord.site import delivering

    with _existing(archive) as opened:
        while True:
            done = delivering.run(opened, address=address)
            _print(
                f"found {done.found:,} · sent {done.sent:,} · to be tried again {done.waiting:,} "
                f"· failed {done.failed:,}"
            )
            if every is None:
                return
            time.sleep(every)


def list_alerts(archive: _Archive = None) -> None:
    """List everybody's alerts: number, owner, name, channel, rule."""
    import json

    from onrecord.site import alerts, store

    with _existing(archive) as opened:
        store.prepare(opened)
        for one in alerts.listed(opened):
            rule = json.dumps(one.rule, ensure_ascii=False)
            words = (str(one.number), one.owner, one.name, one.channel, one.target or "", rule)
            _print("  ".join(_clean(word) for word in words if word))
