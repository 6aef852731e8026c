"""What an edition is called and how it looks: a TOML file, all of it optional.

::

    [site]
    name = "The River Desk"
    tagline = "What happened, and who says so"
    text = "excerpt"            # or "full": how much of an article its page shows
    address = "https://news.example"   # where the site is reached from outside, if it is
    hosts = ["news.example"]    # names the site answers to, besides this machine's own
    icon = "icon.svg"           # beside the TOML file: SVG or PNG

    people = "people.txt"       # who may sign in, beside the TOML file (onrecord person)
    proxy_header = "X-User"     # or: the header in which a proxy here names who signed in there
    public = false              # whether others than this machine may read without signing in

    [colours]
    accent = "#0b4f8a"
    accent_dark = "#8fc1f2"
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from onrecord.errors import SettingError

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ICONS = {".svg": "image/svg+xml", ".png": "image/png"}
_MOST_ICON_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Site:
    """Name, looks and manners of one site."""

    name: str = "onrecord"
    tagline: str = "What happened, who says so, and what is disputed"
    #: ``full`` or ``excerpt``: how much of an article its page shows.
    text: str = "full"
    #: The address under which others reach the site; empty on one's own machine.
    address: str = ""
    #: Host names that the site answers to, besides localhost and 127.0.0.1.
    hosts: tuple[str, ...] = ()
    accent: str = "#0b4f8a"
    accent_dark: str = "#8fc1f2"
    #: The icon's bytes and media type; empty for the shipped one.
    icon: bytes = b""
    icon_type: str = "image/svg+xml"
    #: Password file of those who may sign in; None where nobody can.
    people: Path | None = None
    #: Header in which a proxy on this machine names who signed in there; empty for none.
    proxy_header: str = ""
    #: Whether pages are for everybody who reaches them; else, from elsewhere than this
    #: machine, for those who sign in.
    public: bool = False
    #: A line above every page ("All names in this edition are invented"); empty for none.
    notice: str = ""

    @classmethod
    def load(cls, path: Path | None) -> Site:
        """Return the site that a TOML file describes; SettingError names what is wrong in it."""
        if path is None:
            return cls()
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingError(f"{path} cannot be read as TOML: {error}", name="site") from error
        given = {**_table(data, "site", path), **_table(data, "colours", path)}
        known = {one.name for one in fields(cls)} - {"icon_type"}
        for name in given:
            if name not in known:
                names = ", ".join(sorted(known))
                raise SettingError(f"{path}: {name} is not known; there are {names}", name=name)
        return _checked(cls(), given, path)


def _table(data: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise SettingError(f"{path}: {name} is no table; write [{name}]", name=name)
    return found


def _checked(site: Site, given: dict[str, Any], path: Path) -> Site:
    icon = given.pop("icon", None)
    for name, value in given.items():
        if name == "hosts":
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise SettingError(f"{path}: hosts is a list of names", name=name)
            given[name] = tuple(value)
        elif name == "public":
            if not isinstance(value, bool):
                raise SettingError(f"{path}: public is true or false", name=name)
        elif not isinstance(value, str):
            raise SettingError(f"{path}: {name} is a text in quotation marks", name=name)
        elif name.startswith("accent") and not _COLOUR.fullmatch(value):
            raise SettingError(f"{path}: {name} is a colour as #0b4f8a", name=name)
    if given.get("text", "full") not in ("full", "excerpt"):
        raise SettingError(f'{path}: text is "full" or "excerpt"', name="text")
    if "people" in given:
        given["people"] = path.parent / given["people"]
    site = replace(site, **given)
    return site if icon is None else _with_icon(site, path, icon)


def _with_icon(site: Site, path: Path, icon: object) -> Site:
    place = path.parent / str(icon)
    kind = _ICONS.get(place.suffix.lower())
    if kind is None or not place.is_file() or place.stat().st_size > _MOST_ICON_BYTES:
        raise SettingError(f"{path}: icon names an SVG or PNG of at most 256 KiB", name="icon")
    return replace(site, icon=place.read_bytes(), icon_type=kind)
