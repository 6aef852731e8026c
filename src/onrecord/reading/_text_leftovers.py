"""Leftovers of a web page: lines and stretches of lines that are not the report.

The rules are data (``leftovers.txt``): why a stretch is not read, and what it
looks like.  They match whole lines or the end of a line; prose is never
searched for them.  A missed leftover costs a little noise, a swallowed sentence
costs a fact, so every rule is as narrow as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from onrecord.reading._text_lines import Line, trim
from onrecord.record import Skip

#: Longer lines are prose or data: only their last characters are looked at.
_LONGEST = 320
_EDGE = 160
#: Lines at the top and the bottom of a text where a bare date or section name is a leftover.
_TOP, _BOTTOM = 8, 4
#: Headings of link lists, after which lines that look like titles are links.
_LONGEST_LINK = 140
_MOST_LINKS = 8
_SITE_ICON = re.compile(r"site\s+icon\s+(?P<name>.+)", re.IGNORECASE)
_NAME_TAIL = re.compile(r"\s+[|–—-]\s+(?P<name>[^|]{2,60})\Z")


class Rules(NamedTuple):
    """The compiled table: one pattern each for any line, first and last lines, line ends."""

    anywhere: re.Pattern[str]
    first: re.Pattern[str]
    end: re.Pattern[str]
    #: Reason by group name.
    why: dict[str, str]


@cache
def rules() -> Rules:
    """Read ``leftovers.txt``: done once, on first use."""
    source = files("onrecord.reading").joinpath("leftovers.txt").read_text(encoding="utf-8")
    parts: dict[str, str] = {}
    why: dict[str, str] = {}
    listed: dict[str, list[str]] = {"": [], "first": [], "end": []}
    section = ""
    for line in source.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]") and re.fullmatch(r"\[[a-z; ]+\]", line):
            section = line[1:-1]
        elif section == "parts":
            name, _, pattern = line.partition(" = ")
            parts[name] = _expanded(pattern, parts)
        else:
            reason, _, where = section.partition("; ")
            group = f"r{len(why)}"
            why[group] = reason
            listed[where].append(f"(?P<{group}>{_expanded(line, parts)})")
    anywhere = "|".join(listed[""])
    bullets, arrows = r"[-–—•*|»→▶►]?\s*", r"\s*(?:…|\.{3}|>+|»|→|›|▸|:|\.)*\s*"
    return Rules(
        re.compile(f"{bullets}(?:{anywhere}){arrows}", re.IGNORECASE),
        re.compile(f"{bullets}(?:{'|'.join(listed['first'])}){arrows}", re.IGNORECASE),
        re.compile(rf"(?<=[.!?”\"’)…])\s*(?:{'|'.join(listed['end'])}){arrows}\Z", re.IGNORECASE),
        why,
    )


def _expanded(pattern: str, parts: dict[str, str]) -> str:
    """Turn the table's notation into a regular expression."""
    pattern = re.sub(r"\{([a-z]+)\}", lambda match: f"(?:{parts[match[1]]})", pattern)
    pattern = re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
    return re.sub(r"(?<!\[) ", r"\\s+", pattern)


def leftovers(
    text: str, lines: Sequence[Line], *, wrapped: bool, publisher: str | None
) -> list[Skip]:
    """Return what is not read of ``lines``, in text order, disjoint."""
    names = _site_names(text, lines, publisher)
    found: list[Skip] = []
    links = 0
    for index, line in enumerate(lines):
        alone = not wrapped or _alone(lines, index)
        edge = index < _TOP or index >= len(lines) - _BOTTOM
        why = _why_line(text, line, names, edge=edge) if alone else None
        if why is None and links and alone and _is_link(text, line):
            links, why = links - 1, "related links"
        elif why is None:
            links = 0
        if why is None:
            found.extend(_line_end(text, line))
            continue
        found.append(Skip(line.start, line.end, why))
        if why == "related links" and links == 0:
            links = _MOST_LINKS if line.end - line.start < 40 else 0
    return found


def _alone(lines: Sequence[Line], index: int) -> bool:
    following = lines[index + 1] if index + 1 < len(lines) else None
    return lines[index].after_blank and (following is None or following.after_blank)


def _why_line(text: str, line: Line, names: frozenset[str], *, edge: bool) -> str | None:
    if line.end - line.start > _LONGEST:
        return None
    words = text[line.start : line.end]
    if not any(sign.isalnum() for sign in words):
        return "separator"
    if words.casefold() in names:
        return "site name"
    table = rules()
    match = table.anywhere.fullmatch(words)
    if match is None and edge:
        match = table.first.fullmatch(words)
    return table.why[match.lastgroup] if match and match.lastgroup else None


def _is_link(text: str, line: Line) -> bool:
    """A line that looks like the title of another report."""
    return line.end - line.start <= _LONGEST_LINK and text[line.end - 1] not in ".:;,…"


def _line_end(text: str, line: Line) -> Iterator[Skip]:
    at = max(line.start, line.end - _EDGE)
    match = rules().end.search(text, at, line.end)
    if match and match.lastgroup and match.start() > line.start:
        start, end = trim(text, match.start(), match.end())
        yield Skip(start, end, rules().why[match.lastgroup])


def _site_names(text: str, lines: Sequence[Line], publisher: str | None) -> frozenset[str]:
    names = {publisher.strip().casefold()} if publisher and publisher.strip() else set()
    for line in (*lines[:_TOP], *lines[-_BOTTOM:]):
        match = _SITE_ICON.fullmatch(text[line.start : min(line.end, line.start + 140)])
        if match:
            whole = match["name"].strip().casefold()
            names |= {whole, whole.partition(":")[0]}
    return frozenset(names)


def name_tail(text: str, line: Line, publisher: str | None) -> Skip | None:
    """The site's name at the end of a title: "Talks resume | The Daily Example"."""
    match = _NAME_TAIL.search(text, max(line.start, line.end - 70), line.end)
    if match is None or match.start() - line.start < 15:
        return None
    known = (
        publisher is not None and match["name"].strip().casefold() == publisher.strip().casefold()
    )
    if known or "|" in text[match.start() : match.start("name")]:
        start, end = trim(text, match.start(), match.end())
        return Skip(start, end, "site name")
    return None
