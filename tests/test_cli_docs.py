"""docs/cli.md tells of every command, option and exit code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from onrecord.cli import Exit, Format, app

DOCS = (Path(__file__).parent.parent / "docs" / "cli.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def _params(command: Any) -> list[Any]:
    """The parameters of a command, or of all commands of a group."""
    inner = getattr(command, "commands", {}).values()
    return [*command.params, *(param for one in inner for param in one.params)]


def _section(name: str) -> str:
    found = re.search(rf"^## onrecord {name}$(.*?)(?=^## |\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section on {name}"
    return found.group(1)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_described(name: str) -> None:
    section = _section(name)
    command = COMMANDS[name]
    assert command.help
    options = [option for param in _params(command) for option in param.opts if option[0] == "-"]
    missing = [one for one in options if one != "--help" and f"`{one}" not in section]
    assert not missing


def test_no_option_is_described_that_is_not_there() -> None:
    known = {o for c in COMMANDS.values() for p in _params(c) for o in p.opts} | {
        "--help",
        "--version",
    }
    assert set(re.findall(r"`(--?[a-z][a-z-]*)", DOCS)) <= known


def test_every_format_is_described() -> None:
    assert all(f"`{form}` is" in _section("read") for form in Format)


def test_every_exit_code_is_described_and_no_other() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", DOCS, re.MULTILINE)}
    assert codes == {int(code) for code in Exit} | {1}
