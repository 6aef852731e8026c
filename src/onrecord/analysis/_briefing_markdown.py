"""A sheet as Markdown (CommonMark): every character of a report that Markdown would take for a
sign is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.analysis._briefing_lines import Source
from onrecord.analysis._briefing_sheet import Block, Item, Section, Sheet, web_address
from onrecord.render.wording import clean, day

#: Signs that begin markup inside a line, HTML and links among them.
_SIGNS = re.compile(r"([\\`*_\[\]<>&|~#!$^])")
#: What begins a block at the start of a line: a list, a heading underlined, a number.
_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def markdown(sheet: Sheet) -> str:
    """Return a sheet as Markdown."""
    return "\n".join(_lines(sheet)).rstrip() + "\n"


def escaped(text: str) -> str:
    """Return text so that Markdown shows it as it stands."""
    return _START.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", clean(text)))


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"# {escaped(sheet.title)}\n"
    yield " · ".join(map(escaped, sheet.about)) + "\n"
    if sheet.summary:
        yield " · ".join(f"{escaped(title)}: **{count}**" for _, title, count in sheet.summary)
        yield ""
    for section in sheet.sections:
        yield from _section(section)
    if sheet.sources:
        yield "## Sources\n"
    for number, source in enumerate(sheet.sources, start=1):
        yield f"{number}. {_source(source)}"
    yield ""
    for note in sheet.notes:
        yield f"*{escaped(note)}*\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}\n"
    if not section.blocks and not section.table:
        yield f"{section.empty}\n"
        return
    if section.note:
        yield f"*{escaped(section.note)}*\n"
    if section.table:
        yield "| | |\n|---|---:|"
        yield from (f"| {escaped(row.name)} | {row.number} |" for row in section.table)
        yield ""
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if block.heading:
        yield f"### {escaped(block.heading)}\n"
    if block.note:
        yield f"{escaped(block.note)}\n"
    for item in block.items:
        yield _item(item)
    yield ""


def _item(item: Item) -> str:
    sentence = "".join(
        f"**{_inner(text)}**" if on and text.strip() else _SIGNS.sub(r"\\\1", text)
        for text, on in item.pieces
    )
    labels = "".join(f" **[{escaped(text)}]**" for _, text in item.labels)
    when = f"{item.when}: " if item.when else ""
    place = f"[{item.number}] {item.source.sentence_start}–{item.source.sentence_end}"
    about = " · ".join(
        map(escaped, (*item.facts, item.source.publisher or "publisher not known",
                      day(item.source.day) if item.source.day else "date not known", place))
    )  # fmt: skip
    shown = _START.sub(r"\1\\\2", sentence.strip())
    return f"- {when}{shown}{labels}  \n  {about}"


def _inner(text: str) -> str:
    """Return words to be set off; blanks at their ends would keep the stars from working."""
    return _SIGNS.sub(r"\\\1", text).strip()


def _source(source: Source) -> str:
    title = f"“{escaped(source.title)}”, " if source.title else ""
    published = day(source.day) if source.day else "date not known"
    address = web_address(source.url)
    link = f", <{clean(address)}>" if address else ""
    publisher = escaped(source.publisher or "publisher not known")
    return f"{publisher}, {title}{published}{link} (article {escaped(source.article)})"
