"""Every limit that a user's input can reach, as data: name, default, help.

A setting is read from the environment as ``ONRECORD_<NAME>`` (upper case).
"""

from __future__ import annotations

import os
from typing import NamedTuple

from onrecord.errors import SettingError


class Setting(NamedTuple):
    """One documented limit."""

    name: str
    default: int
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting("max_file_bytes", 64 * 1024 * 1024, "largest file read as one source, in bytes"),
    Setting(
        "max_page_chars",
        2_000_000,
        "characters of a web page's markup, scripts and styles left out, that are parsed",
    ),
    Setting("max_page_depth", 500, "how deep the elements of a web page may be nested"),
    Setting(
        "max_text_chars",
        200_000,
        "characters of one article that are read; the rest stays in the text, unread, "
        "with a warning",
    ),
    Setting("batch_windows", 16, "windows of 256 word pieces that go through the model at once"),
    Setting("threads", 0, "threads of the model; 0 takes the cores this process may use"),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def get(name: str) -> int:
    """Return the value of the setting ``name``: the environment's, else its default.

    Raises SettingError when the environment holds no whole number ≥ 0.
    """
    setting = _BY_NAME[name]
    variable = f"ONRECORD_{name.upper()}"
    raw = os.environ.get(variable)
    if raw is None:
        return setting.default
    if not raw.strip().isdigit():
        raise SettingError(
            f"{variable} is {raw!r}; give a whole number ≥ 0 ({setting.help})", name=name
        )
    return int(raw)
