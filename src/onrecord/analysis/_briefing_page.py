"""A sheet as one self-contained page that prints well, and as a PDF made from that page.

Nothing is fetched: the style stands in the page, and its policy forbids everything else.
All text is escaped here; nothing from a report reaches the page as markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onrecord.analysis._briefing_lines import Source
from onrecord.analysis._briefing_sheet import Block, Item, Row, Section, Sheet, web_address
from onrecord.errors import SettingError
from onrecord.render.wording import clean, day


def page(sheet: Sheet) -> str:
    """Return a sheet as an HTML page."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = "\n".join(_body(sheet))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{esc(sheet.title)}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def esc(text: str) -> str:
    """Return text cleaned and escaped for text and attributes."""
    return html.escape(clean(text))


@cache
def _style() -> str:
    return Path(__file__).with_name("_briefing_page.css").read_text(encoding="utf-8")


def _body(sheet: Sheet) -> Iterator[str]:
    about = " · ".join(map(esc, sheet.about))
    links = "".join(
        f'<li><a href="#{name}">{esc(title)} <b>{count}</b></a></li>'
        for name, title, count in sheet.summary
    )
    nav = f'<nav aria-label="Parts"><ul class="summary">{links}</ul></nav>' if links else ""
    yield f'<header><h1>{esc(sheet.title)}</h1><p class="about">{about}</p>{nav}</header>'
    yield "<main>"
    # Each incident is anchored where it stands first; numbers link there.
    anchored: set[str] = set()
    for section in sheet.sections:
        yield _section(section, anchored)
    if sheet.sources:
        sources = "".join(_source(at, one) for at, one in enumerate(sheet.sources, start=1))
        yield f'<section id="sources"><h2>Sources</h2><ol class="sources">{sources}</ol></section>'
    yield "</main>"
    notes = "".join(f"<p>{esc(note)}</p>" for note in sheet.notes)
    yield f"<footer>{notes}</footer>"


def _section(section: Section, anchored: set[str]) -> str:
    empty = not section.blocks and not section.table
    note = section.empty if empty else section.note
    css = "empty" if empty else "note"
    rows = "".join(map(_row, section.table))
    table = f"<table>{rows}</table>" if rows else ""
    blocks = "".join(_block(block, anchored) for block in section.blocks)
    shown = f'<p class="{css}">{esc(note)}</p>' if note else ""
    return (
        f'<section id="{section.id}"><h2>{esc(section.title)}</h2>{shown}{table}{blocks}</section>'
    )


def _row(row: Row) -> str:
    """Return a number, its name, and a link to each incident it counts."""
    links = " ".join(
        f'<a href="#{esc(id_)}">{at}</a>' for at, id_ in enumerate(row.incidents, start=1)
    )
    walk = f'<div class="walk">events: {links}</div>' if links else ""
    return f"<tr><td>{esc(row.name)}{walk}</td><td>{esc(row.number)}</td></tr>"


def _block(block: Block, anchored: set[str]) -> str:
    heading = f"<h3>{esc(block.heading)}</h3>" if block.heading else ""
    note = f'<p class="note">{esc(block.note)}</p>' if block.note else ""
    items, before = "", None
    for item in block.items:
        items += _item(item, anchored, repeated=item.when == before)
        before = item.when
    return f'<div class="block">{heading}{note}<ul class="items">{items}</ul></div>'


def _item(item: Item, anchored: set[str], *, repeated: bool) -> str:
    source = item.source
    fresh = [id_ for id_ in dict.fromkeys(item.incidents) if id_ not in anchored]
    anchored.update(fresh)
    anchors = "".join(f'<a id="{esc(id_)}"></a>' for id_ in fresh)
    hidden = " same" if repeated else ""
    when = f'<p class="when{hidden}">{esc(item.when)}</p>' if item.when else ""
    labels = "".join(f'<span class="label {kind}">{esc(text)}</span>' for kind, text in item.labels)
    said = "".join(_run(text, on) for text, on in item.pieces).strip()
    kind, *rest = item.facts or ("",)
    facts = [f'<span class="kind">{esc(kind)}</span>'] if kind else []
    facts += [*map(esc, rest), _cited(item)]
    data = (
        f'data-article="{esc(source.article)}" data-start="{source.start}" '
        f'data-end="{source.end}" data-incidents="{esc(" ".join(item.incidents))}"'
    )
    return (
        f'<li {data}>{when}<div class="line">{anchors}<p class="said" dir="auto">{said}</p>'
        f'<p class="facts">{labels}{" · ".join(facts)}</p></div></li>'
    )


def _run(text: str, on: bool) -> str:
    # Blanks at the ends of a run part it from its neighbours: they must stay.
    shown = html.escape(text)
    return f"<mark>{shown}</mark>" if on else shown


def _cited(item: Item) -> str:
    """Return publisher, day, and the place in the numbered source."""
    source = item.source
    publisher = esc(source.publisher or "publisher not known")
    published = esc(day(source.day)) if source.day else "date not known"
    where = f"[{item.number}] {source.sentence_start}–{source.sentence_end}"
    return f'{publisher}, {published} <a class="place" href="#source-{item.number}">{where}</a>'


def _source(number: int, source: Source) -> str:
    title = f"“{esc(source.title)}”, " if source.title else ""
    published = esc(day(source.day)) if source.day else "date not known"
    publisher = esc(source.publisher or "publisher not known")
    return (
        f'<li id="source-{number}">{publisher}, {title}{published}{_link(source.url)} '
        f'<span class="id">article {esc(source.article)}</span></li>'
    )


def _link(url: str | None) -> str:
    """Return a link to a web address, shown by its host; nothing for anything else."""
    address = web_address(url)
    if address is None:
        return ""
    host = esc(urlsplit(address).netloc)
    return f', <a rel="noreferrer nofollow" href="{html.escape(clean(address))}">{host}</a>'


def pdf(sheet: Sheet) -> bytes:
    """Return a sheet as a PDF.

    Raises SettingError where WeasyPrint, or the Pango library that it draws text with, is
    missing.  Nothing is fetched for it.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise SettingError(
            "a PDF needs WeasyPrint and Pango: install  pip install 'onrecord[print]'  and your "
            "system's Pango (Debian: libpango-1.0-0, libpangoft2-1.0-0; macOS: brew install "
            "pango), or write --format html and print that page",
            name="print",
        ) from error
    made: bytes = weasyprint.HTML(string=page(sheet), url_fetcher=_refuse).write_pdf()
    return made


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"nothing is fetched for a PDF: {url[:80]}")
