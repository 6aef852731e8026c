"""A record as one self-contained page: the words with marks, and a panel of what was read.

Nothing is fetched: style and script stand in the page, and its policy forbids
everything else.  Every field of the panel links to its words (``#w-12-19``) and
every marked word back to its field (``#f-s1``).  All text is escaped here or in
``marks``; nothing from an article reaches the page as markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from onrecord.record import (
    Entity,
    Event,
    Figure,
    Participant,
    Place,
    Record,
    Reference,
    Spanned,
    Statement,
    Time,
)
from onrecord.render import marks, wording
from onrecord.render.wording import Index, clean, counted, joined, shorten

#: Colour of a status or stance; the word always stands beside it.
_TONES = {
    "actual": "good",
    "future": "later",
    "hypothetical": "maybe",
    "denied": "bad",
    "historical": "past",
    "deny": "bad",
    "accuse": "bad",
    "threaten": "bad",
    "confirm": "good",
    "support": "good",
    "pledge": "later",
    "predict": "later",
    "demand": "maybe",
    "claim": "warn",
}
_LEGEND = (
    ("said", "what is said"),
    ("cue", "who says it: the cue"),
    ("trigger", "event"),
    ("who", "who"),
    ("time", "when"),
    ("place", "where"),
    ("figure", "how many"),
)

#: Style of the page around the fragment, which a notebook must not get.
_AROUND = (
    "body { margin: 0; background: light-dark(#faf9f6, #15171a); color-scheme: light dark; }\n"
)


def page(*records: Record) -> str:
    """Return one HTML page that shows the records, one below the other."""
    prefixes = (
        [""] if len(records) == 1 else [f"r{number}-" for number in range(1, len(records) + 1)]
    )
    bodies = "\n".join(fragment(one, prefix=prefix) for one, prefix in zip(records, prefixes))
    title = (
        esc(wording.headline(records[0])) if len(records) == 1 else counted(len(records), "record")
    )
    style, script = _asset("page.css") + _AROUND, _asset("page.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{bodies}
<script>{script}</script>
</body>
</html>
"""


def notebook(record: Record) -> str:
    """Return a record for a notebook's cell: the same, without a page or script around it."""
    prefix = (
        f"r{hashlib.sha256((record.article.id or '').encode('utf-8', 'replace')).hexdigest()[:8]}-"
    )
    return f"<style>{_asset('page.css')}</style>\n{fragment(record, prefix=prefix, cell=True)}"


def fragment(record: Record, *, prefix: str = "", cell: bool = False) -> str:
    """Return the element that shows a record; the page's style must stand beside it.

    ``prefix`` stands before every id; ``cell`` keeps it low, with its own scrolling.
    """
    view = _View(record, prefix)
    return "".join(
        (
            f'<div class="onrecord{" cell" if cell else ""}">',
            view.head(),
            view.jump(),
            '<div class="columns">',
            view.text(),
            view.panel(),
            "</div>",
            view.foot(),
            "</div>",
        )
    )


@cache
def _asset(name: str) -> str:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return f"\n{text}"


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"


def esc(text: str) -> str:
    """Return ``text`` cleaned and escaped for text and attributes."""
    return html.escape(clean(text))


def _tone(word: str) -> str:
    return _TONES.get(word, "")


class _View:
    """One record on its way to HTML."""

    def __init__(self, record: Record, prefix: str) -> None:
        self.record = record
        self.prefix = prefix
        self.index = Index(record)
        #: The statements and events in which each entity takes part.
        self.uses = _uses(record)

    # -- links ------------------------------------------------------------------------

    def to_words(self, span: Spanned, shown: str, css: str = "") -> str:
        """Return a link from a field to its words."""
        name = f' class="{css}"' if css else ""
        return f'<a{name} href="#{self.prefix}{marks.anchor(span)}">{esc(shown)}</a>'

    def to_row(self, row: str, shown: str | None = None) -> str:
        """Return a link to another field of the panel."""
        return f'<a href="#{self.prefix}f-{html.escape(row)}">{esc(shown or row)}</a>'

    def card(self, row: str, tone: str, parts: Iterable[str]) -> str:
        """Return the box of one row."""
        name = html.escape(row)
        css = f"card {tone}".strip()
        body = "".join(parts)
        return f'<li class="{css}" id="{self.prefix}f-{name}" data-rows="{name}">{body}</li>'

    # -- above and below --------------------------------------------------------------

    def head(self) -> str:
        article = self.record.article
        about = [esc(article.publisher or ""), esc(article.byline or "")]
        about += [
            esc(wording.publication(self.record)),
            _link(article.canonical_url or article.url),
        ]
        warnings = "".join(
            f'<p class="warning">{esc(warning.message)}</p>' for warning in self.record.warnings
        )
        title = esc(wording.headline(self.record))
        about_line = f'<p class="about">{joined(about)}</p>'
        return f'<header class="head"><h1>{title}</h1>{about_line}{warnings}</header>'

    def jump(self) -> str:
        record = self.record
        facts = len(record.times) + len(record.places) + len(record.figures)
        items = (
            ("text", "Text", None),
            ("said", "Said", len(record.statements)),
            ("happened", "Happened", len(record.events)),
            ("who", "Who", len(record.entities)),
            ("facts", "When, where, how many", facts),
        )
        links = "".join(
            f'<li><a href="#{self.prefix}{name}">{title}'
            + ("" if count is None else f' <span class="count">{count:,}</span>')
            + "</a></li>"
            for name, title, count in items
        )
        return f'<nav class="jump" aria-label="Parts of the record"><ul>{links}</ul></nav>'

    def foot(self) -> str:
        reader, article = self.record.reader, self.record.article
        parts = (
            f"article {clean(article.id or '')}",
            f"text {article.sha256[:12]}",
            f"onrecord {reader.version}",
            f"model {reader.model} {reader.model_sha256[:12]}",
        )
        return f'<footer class="foot">{esc(joined(parts))}</footer>'

    # -- the words --------------------------------------------------------------------

    def text(self) -> str:
        legend = "".join(f'<li><span class="{kind}">{what}</span></li>' for kind, what in _LEGEND)
        words = "\n".join(self._paragraphs())
        return (
            f'<main class="text" id="{self.prefix}text"><ul class="legend" aria-label="Marks">'
            f'{legend}</ul><div class="words" lang="{esc(self.record.article.language or "en")}">'
            f"{words}</div></main>"
        )

    def _paragraphs(self) -> Iterator[str]:
        """Yield each line of the text that holds words as a paragraph, marks in it."""
        text = self.record.article.text
        title = wording.headline(self.record)
        waiting, going_on = marks.elements(marks.marks(self.record)), list[marks.Element]()
        starts = [element.start for element in waiting]
        start = 0
        for line in text.split("\n"):
            end = start + len(line)
            first, last = bisect_left(starts, start), bisect_left(starts, end)
            inside = [one for one in going_on if one.end > start] + waiting[first:last]
            going_on = [one for one in inside if one.end > end]
            if line.strip():
                css = ' class="title"' if clean(line) == title else ""
                shown = marks.marked(text, start, end, inside, self.prefix)
                yield f'<p dir="auto"{css}>{shown}</p>'
            start = end + 1

    # -- the panel --------------------------------------------------------------------

    def panel(self) -> str:
        record = self.record
        sections = (
            self._section(
                "said",
                "Who said what",
                counted(len(record.statements), "statement"),
                [self._statement(one) for one in record.statements],
            ),
            self._section(
                "happened",
                "What happened",
                counted(len(record.events), "event"),
                [self._event(one) for one in record.events],
            ),
            self._section(
                "who",
                "Who",
                counted(len(record.entities), "entity", "entities"),
                [self._entity(one) for one in self.index.ranked()],
                small=True,
            ),
            self._section("facts", "When, where, how many", "", list(self._facts()), small=True),
        )
        body = "".join(sections)
        return f'<aside class="panel" aria-label="What was read" tabindex="0">{body}</aside>'

    def _section(
        self, name: str, title: str, count: str, cards: Sequence[str], *, small: bool = False
    ) -> str:
        listed = f'<ol class="{"small" if small else "large"}">{"".join(cards)}</ol>'
        body = listed if cards else '<p class="none">nothing found</p>'
        counter = f' <span class="count">{count}</span>' if count else ""
        heading = f'<h2 id="{self.prefix}{name}">{title}{counter}</h2>'
        return f"<section>{heading}{body}</section>"

    def _statement(self, statement: Statement) -> str:
        verb = wording.STANCE_VERBS.get(statement.stance, statement.stance)
        tone = _tone(statement.stance)
        speaker = statement.speaker
        name = (
            self.to_words(speaker, self.index.speaker_name(statement), "name")
            if speaker
            else '<span class="soft">someone</span>'
        )
        entity = self.index.entity(speaker.entity) if speaker else None
        role = f'<span class="soft">{esc(entity.role or "")}</span>' if entity else ""
        runs = (
            self.to_words(run, shorten(self.record.words(run), 400)) for run in statement.content
        )
        return self.card(
            statement.id,
            tone,
            (
                f'<p class="top">{name}<span class="label {tone}">{esc(verb)}</span>{role}',
                f'<span class="id">{esc(statement.id)}</span></p>',
                f"<blockquote>{' … '.join(runs)}</blockquote>",
                _facts(self._circumstances(statement)),
            ),
        )

    def _circumstances(self, statement: Statement) -> Iterator[str]:
        words = self.record.words
        if statement.kind == "view":
            yield "a view, not an utterance"
        if statement.cue is not None:
            negated = "negated " if statement.negated else ""
            yield f"{negated}cue {self.to_words(statement.cue, words(statement.cue))}"
        if statement.addressee is not None:
            addressee = statement.addressee
            yield f"to {self.to_words(addressee, self.index.reference_name(addressee))}"
        if statement.medium is not None:
            yield f"via {self.to_words(statement.medium, shorten(words(statement.medium), 60))}"
        yield from self._time_and_place(statement)
        if statement.sourcing == "anonymous":
            yield "anonymous source"

    def _time_and_place(self, row: Statement | Event) -> Iterator[str]:
        if time := self.index.times.get(row.time or ""):
            yield self.to_words(time, self.index.dated(time))
        if place := self.index.places.get(row.place or ""):
            yield self.to_words(place, self.index.place_name(place))
        for one in row.figures:
            if figure := self.index.figures.get(one):
                yield self.to_words(figure, wording.figure_words(figure))

    def _event(self, event: Event) -> str:
        tone = _tone(event.status)
        mode = f' <span class="soft">{esc(event.mode)}</span>' if event.mode else ""
        contexts = esc(", ".join(event.contexts).replace("_", " "))
        mentions = ", ".join(
            self.to_words(mention, shorten(self.record.words(mention), 40))
            for mention in event.mentions
        )
        score = "" if event.score is None else f"score {event.score:+g}"
        facts = (
            *self._time_and_place(event),
            self._source(event),
            f"words: {mentions}",
            contexts,
            score,
        )
        return self.card(
            event.id,
            tone,
            (
                f'<p class="top"><span class="label {tone}">{esc(event.status)}</span>',
                f'<span><span class="name">{esc(event.type)}</span>{mode}</span>',
                f'<span class="id">{esc(event.id)}</span></p>',
                self._parties(event),
                _facts(facts),
            ),
        )

    def _parties(self, event: Event) -> str:
        actors = ", ".join(map(self._party, event.actors))
        recipients = ", ".join(map(self._party, event.recipients))
        if not actors and not recipients:
            return '<p class="soft">nobody named</p>'
        arrow = ' <span class="arrow" aria-label="to">→</span> '
        unknown = '<span class="soft">?</span>'
        return f"<p>{actors or unknown}{arrow + recipients if recipients else ''}</p>"

    def _party(self, part: Participant) -> str:
        code = wording.code(part.country, part.sector)
        shown = f' <span class="code">{esc(code)}</span>' if code else ""
        return self.to_words(part, self.index.reference_name(part), "name") + shown

    def _source(self, event: Event) -> str:
        """Return on whose word an event is known, with links to the statements."""
        words = self.index.on_whose_word(event)
        rows = [event.statement] if event.statement else event.within
        links = " ".join(self.to_row(row) for row in rows)
        return f"{esc(words)} {links}" if words else ""

    def _entity(self, entity: Entity) -> str:
        first = next(iter(entity.mentions), None)
        shown = self.index.entity_name(entity)
        name = self.to_words(first, shown, "name") if first else esc(shown)
        code = wording.code(entity.country, entity.sector)
        mentions = ", ".join(
            self.to_words(one, shorten(self.record.words(one), 40)) for one in entity.mentions
        )
        uses = " ".join(self.to_row(row) for row in self.uses.get(entity.id, ()))
        about = f'<span class="soft">{esc(entity.role or entity.kind)}</span>'
        return self.card(
            entity.id,
            "",
            (
                f'<p class="top">{name}{about}<span class="code">{esc(code)}</span>',
                f'<span class="id">{esc(entity.id)}</span></p>',
                _facts((mentions, f"in {uses}" if uses else "")),
            ),
        )

    def _facts(self) -> Iterator[str]:
        for time in self.record.times:
            about = wording.days(time.begin, time.finish) or f"open ({time.value})"
            yield self._fact(time, "when", shorten(self.record.words(time), 60), about)
        for place in self.record.places:
            yield self._fact(place, "where", self.index.place_name(place), _place(place))
        for figure in self.record.figures:
            words = shorten(self.record.words(figure), 60)
            yield self._fact(figure, "how many", words, wording.figure_words(figure))

    def _fact(self, row: Time | Place | Figure, label: str, words: str, about: str) -> str:
        parts = (
            f'<p class="top"><span class="soft">{label}</span>{self.to_words(row, words, "name")}',
            f'<span>{esc(about)}</span><span class="id">{esc(row.id)}</span></p>',
        )
        return self.card(row.id, "", parts)


def _uses(record: Record) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row, part in _parts(record):
        if part.entity and row not in found.setdefault(part.entity, []):
            found[part.entity].append(row)
    return found


def _parts(record: Record) -> Iterator[tuple[str, Reference | Participant]]:
    for statement in record.statements:
        people = (statement.speaker, statement.addressee)
        yield from ((statement.id, one) for one in people if one is not None)
    for event in record.events:
        yield from ((event.id, one) for one in (*event.actors, *event.recipients))


def _place(place: Place) -> str:
    point = "" if place.lat is None or place.lon is None else f"{place.lat:.2f}, {place.lon:.2f}"
    about = [place.country or "", place.admin1 or "", place.precision or "", point]
    return joined(about, " · ") or "unresolved"


def _facts(parts: Iterable[str]) -> str:
    """Return the lesser facts of a card, those that say something; already escaped."""
    shown = "".join(f"<span>{part}</span>" for part in parts if part)
    return f'<p class="facts">{shown}</p>' if shown else ""


def _link(url: str | None) -> str:
    """Return a link to a web address; any other scheme is shown, never linked."""
    shown = esc(shorten(url or "", 70))
    try:
        safe = urlsplit(url or "").scheme in ("http", "https")
    except ValueError:
        safe = False
    return f'<a rel="noreferrer" href="{esc(url or "")}">{shown}</a>' if safe else shown
