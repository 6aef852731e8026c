"""A briefing or time line laid out for people, before it becomes Markdown, a page or a PDF.

Sentences are shown whole, once each; what stands beside them comes from the record: types,
names, days, figures.  Every item names its source by number and place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from onrecord import ontology
from onrecord.analysis._briefing_lines import kind
from onrecord.analysis.briefing import Briefing, Count, Line, Quarrel, Series, Source, place
from onrecord.analysis.figures import Point
from onrecord.analysis.histories import History
from onrecord.analysis.networks import Network
from onrecord.analysis.timelines import Timeline
from onrecord.knowledge.countries import name_of
from onrecord.render.wording import clean, counted, day, days, shorten

#: A record's probability below which a line is marked as uncertain.
UNSURE = 0.5
#: Words that fill more of a sentence than this share are not set off in it.
WHOLE = 0.5


class Item(NamedTuple):
    """One sentence with what is known of it."""

    #: When it happened, will be, or was reported.
    when: str
    #: Runs of the sentence, and whether they are the words that say it.
    pieces: tuple[tuple[str, bool], ...]
    #: Short marks, the kind first: (``new``, "new").
    labels: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    source: Source
    #: Number in the list of sources.
    number: int
    incidents: tuple[str, ...]


class Block(NamedTuple):
    """Items under a heading: a story, a dispute, a figure's course; or under none."""

    heading: str
    note: str
    items: tuple[Item, ...]


class Row(NamedTuple):
    """A number with its name, and the incidents it counts."""

    name: str
    number: str
    incidents: tuple[str, ...]


class Section(NamedTuple):
    """One part of the sheet."""

    id: str
    title: str
    #: What stands here, in a sentence.
    note: str
    blocks: tuple[Block, ...]
    #: Said where there are no blocks.
    empty: str
    #: Numbers with their names.
    table: tuple[Row, ...] = ()


class Sheet(NamedTuple):
    """A whole briefing or time line."""

    title: str
    #: What it rests on, one fact each.
    about: tuple[str, ...]
    #: Number and name of each section, where there is more than one.
    summary: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...]
    #: Number → source, in the order of first use.
    sources: tuple[Source, ...]
    notes: tuple[str, ...]


def web_address(url: str | None) -> str | None:
    """Return an address that may be a link; None for what is none of the web (``javascript:``)."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    fits = parts.scheme in ("http", "https") and parts.netloc
    return url if fits and url and not re.search(r"[\s<>\"\\]", url) else None


class _Sources:
    """Numbers articles in the order in which they are used."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.first: list[Source] = []

    def number(self, one: Source) -> int:
        if one.article not in self.numbers:
            self.numbers[one.article] = len(self.first) + 1
            self.first.append(one)
        return self.numbers[one.article]


# -- a briefing -------------------------------------------------------------------------


def of_briefing(made: Briefing) -> Sheet:
    """Lay a briefing out."""
    sources = _Sources()
    above = {place(line) for line in (*made.happened, *made.claimed)}
    above |= {place(side) for quarrel in made.disputed for side in quarrel.sides}
    fresh = [line for line in made.new if line.kind != "incident" and place(line) not in above]
    numbers = [one for one in made.numbers if one.of != "count"]
    sections = _sections(made, fresh, numbers, sources)
    parts: tuple[Sized, ...] = (
        made.happened, made.claimed, made.disputed, fresh, numbers, made.upcoming,
    )  # fmt: skip
    summary = tuple(
        (one.id, one.title, f"{len(part):,}") for one, part in zip(sections, parts, strict=True)
    )
    return Sheet(
        f"Briefing: {_asked(made)}", _basis(made), summary, sections, tuple(sources.first),
        _notes(),
    )  # fmt: skip


def _sections(
    made: Briefing, fresh: Sequence[Line], numbers: Sequence[Series], sources: _Sources
) -> tuple[Section, ...]:
    titles = dict(made.stories)
    happened, note = _unmarked(made.happened)
    return (
        Section(
            "happened", "What happened", f"As the reports state it.{note}",
            _arranged(happened, titles, sources), "Nothing is reported to have happened.",
        ),
        Section(
            "claimed", "What is claimed",
            "Known on somebody's word alone, or denied: no reporter states it.",
            _arranged(made.claimed, titles, sources), "Nothing rests on a claim alone.",
        ),
        Section(
            "disputed", "What is disputed",
            "Sources contradict each other, blame each other, or keep silent.",
            tuple(_quarrel(one, sources) for one in made.disputed),
            "No sources contradict each other.",
        ),
        Section(
            "new", "What else is new",
            "Told for the first time in these days, beside what stands above: changed figures "
            "and turns, and statements that repeat nothing.",
            _arranged(fresh, titles, sources, said=True), "Nothing beyond what stands above.",
        ),
        Section(
            "numbers", "Numbers",
            "Events are counted once each, however many reports tell of them; figures stand as "
            "they were reported.",
            _numbers(numbers, titles, sources), "No figures were reported.", _table(made),
        ),
        Section(
            "upcoming", "Upcoming", "What reports announce for a day to come.",
            _by_day(made.upcoming, sources), "No dated events are announced.",
        ),
    )  # fmt: skip


def _unmarked(lines: Sequence[Line]) -> tuple[list[Line], str]:
    """Take the mark "new" off where all have it, and say so once instead."""
    if lines and all(line.new for line in lines):
        return [replace(line, new=False) for line in lines], (
            " All of it is told for the first time in these days."
        )
    return list(lines), ""


def _asked(made: Briefing) -> str:
    if made.about is None:
        return "everything"
    titles = dict(made.stories)
    if made.about in titles:
        return clean(titles[made.about])
    codes = made.about.split(",")
    names = [name_of(code) if len(code) == 3 and code.isupper() else None for code in codes]
    return " and ".join(clean(name or code) for name, code in zip(names, codes, strict=True))


def _basis(made: Briefing) -> tuple[str, ...]:
    span = f"Published {days(made.since, made.until)}" if made.since or made.until else ""
    copies = made.articles - made.origins
    return tuple(
        filter(
            None,
            (
                span,
                f"known by {day(made.as_of)}" if made.as_of else "",
                f"{counted(made.articles, 'report')}, {counted(copies, 'copy', 'copies')} of "
                f"others among them, from {counted(len(made.publishers), 'publisher')}",
                f"{counted(made.undated, 'report')} without a date left out"
                if made.undated
                else "",
            ),
        )
    )


def _notes() -> tuple[str, ...]:
    return (
        "Every line is a sentence of a report, as it stands there. The kind of event (PLOVER's "
        "types, as “coerce (arrest)”), names, days and figures beside it were read from that "
        "report by a program and may be wrong; the sentence is the proof.",
        "[3] 120–180 means characters 120 to 180 of the third source. A report that copies "
        "another counts as a copy, not as a report.",
    )


# -- a time line ------------------------------------------------------------------------


def of_timeline(line: Timeline) -> Sheet:
    """Lay a time line out."""
    sources = _Sources()
    blocks = _by_day(line.lines, sources)
    about = (
        counted(len(line.lines), "event"),
        f"{counted(line.articles, 'report')}, "
        f"{counted(line.articles - line.origins, 'copy', 'copies')} of others among them",
        _span(line.since, line.until),
        f"known by {day(line.as_of)}" if line.as_of else "",
    )
    names = [name_of(one) if len(one) == 3 and one.isupper() else None for one in line.about]
    title = " and ".join(clean(name or one) for name, one in zip(names, line.about, strict=True))
    section = Section("events", "Events", "", blocks, "No events are known.")
    shown = clean(line.title) if line.kind == "story" else title
    return Sheet(
        f"Time line: {shown}", tuple(filter(None, about)), (), (section,), tuple(sources.first),
        _notes(),
    )  # fmt: skip


# -- histories, figures, networks --------------------------------------------------------


def of_history(history: History) -> Sheet:
    """Lay out what a person said: one item a statement, with what it may contradict."""
    sources = _Sources()
    items = []
    for saying in history.sayings:
        labels = [
            ("disputed", f"may contradict no. {one.number + 1}: {shorten(one.reason, 80)}")
            for one in saying.contradicts
        ]
        if saying.repeats is not None:
            labels.append(("past", f"repeats no. {saying.repeats + 1}"))
        facts = (
            f"{saying.number + 1}. {_STANCES.get(saying.stance, saying.stance)}",
            shorten(saying.role or "", 80), f"to {shorten(saying.addressee, 60)}"
            if saying.addressee else "", shorten(saying.medium or "", 60),
        )  # fmt: skip
        items.append(
            Item(
                day(saying.day) if saying.day else "day not known", _pieces([saying.source]),
                tuple(labels), tuple(filter(None, facts)), saying.source,
                sources.number(saying.source), (),
            )
        )  # fmt: skip
    about = (
        counted(len(items), "statement"), _span(history.since, history.until),
        f"about {clean(history.about)}" if history.about else "",
        f"known by {day(history.as_of)}" if history.as_of else "",
    )  # fmt: skip
    note = "A contradiction is a candidate, found by a rule: read both sentences."
    blocks = (Block("", "", tuple(items)),) if items else ()
    section = Section("said", "Statements", note, blocks, "No statements are known.")
    return Sheet(
        f"What {clean(history.person)} said", tuple(filter(None, about)), (), (section,),
        tuple(sources.first), _notes(),
    )  # fmt: skip


def of_figures(title: str, found: Sequence[Series]) -> Sheet:
    """Lay out figures as they were reported, one block a series; the longest first."""
    sources = _Sources()
    ordered = sorted(found, key=lambda one: -len({point.shown for point in one.points}))
    blocks = tuple(_series(one, sources) for one in ordered)
    section = Section(
        "numbers", "Figures as they were reported", "", blocks, "No figures were reported."
    )
    about = (counted(len(found), "series", "series"),)
    return Sheet(f"Figures: {clean(title)}", about, (), (section,), tuple(sources.first), _notes())


def of_network(network: Network, lines: Sequence[Line]) -> Sheet:
    """Lay out who acts on whom: tables of edges and of nodes, and the incidents they count."""
    sources = _Sources()
    names = {node.id: node.name for node in network.nodes}
    edges = tuple(
        Row(
            f"{clean(names[edge.source])} {'→' if edge.kind == 'acts' else 'with'} "
            f"{clean(names[edge.target])} ({edge.cooperation:,} cooperation, "
            f"{edge.conflict:,} conflict"
            + (f", mean score {_signed(edge.score)})" if edge.score is not None else ")"),
            f"{edge.incidents:,}",
            edge.ids,
        )
        for edge in network.edges
    )
    nodes = tuple(
        Row(
            f"{clean(node.name)} (acts {node.acts:,}, is acted on {node.suffers:,})",
            f"{node.incidents:,}", node.ids,
        )
        for node in network.nodes
    )  # fmt: skip
    sections = (
        Section(
            "edges",
            "By pair",
            "“With”: both act, and nobody is acted on.",
            (),
            "Nobody acts on anybody.",
            edges,
        ),
        Section(
            "nodes",
            "By country" if network.level == "country" else "By actor",
            "",
            (),
            "Nobody takes part.",
            nodes,
        ),
        Section("events", "The events", "", _by_day(lines, sources), "There are none."),
    )
    about = (
        counted(network.incidents, "event"), _span(network.since, network.until),
        f"known by {day(network.as_of)}" if network.as_of else "",
    )  # fmt: skip
    return Sheet(
        "Who acts on whom", tuple(filter(None, about)), (), sections, tuple(sources.first),
        _notes(),
    )  # fmt: skip


def _signed(score: float) -> str:
    return f"{score:+.1f}".replace("-", "−")


def _span(since: str | None, until: str | None) -> str:
    return days(since, until) if since or until else ""


# -- parts ------------------------------------------------------------------------------


def _arranged(
    lines: Sequence[Line], titles: Mapping[str, str], sources: _Sources, *, said: bool = False
) -> tuple[Block, ...]:
    """Put lines under their stories, where there are several.

    ``said``: dated by the day of the report, not of what it tells.
    """
    stories = list(dict.fromkeys(line.story for line in lines))
    if len(stories) < 2:
        return _by_day(lines, sources, said=said)
    return tuple(
        Block(
            clean(titles.get(story, story)), "",
            _dated([line for line in lines if line.story == story], sources, said),
        )
        for story in stories
    )  # fmt: skip


def _by_day(lines: Sequence[Line], sources: _Sources, *, said: bool = False) -> tuple[Block, ...]:
    """Put lines in one block, in their order."""
    return (Block("", "", _dated(lines, sources, said)),) if lines else ()


def _dated(lines: Sequence[Line], sources: _Sources, said: bool) -> tuple[Item, ...]:
    days = groupby(lines, key=lambda line: _when(line, said))
    return tuple(item for when, group in days for item in _items(list(group), sources, when))


def _when(line: Line, said: bool = False) -> str:
    if said:
        return day(line.source.day) if line.source.day else "day not known"
    return days(line.first_day, line.last_day) or "day not known"


def _items(lines: Sequence[Line], sources: _Sources, when: str = "") -> list[Item]:
    """Return items; what one sentence tells becomes one."""
    groups: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        groups.setdefault(place(line), []).append(line)
    return [_item(group, sources, when) for group in groups.values()]


def _item(group: Sequence[Line], sources: _Sources, when: str = "") -> Item:
    first = group[0]
    labels = dict.fromkeys(label for line in group for label in _labels(line))
    facts = dict.fromkeys(line_facts for facts in (_what, _where, _whose, _told)
                          for line in group if (line_facts := facts(line)))  # fmt: skip
    return Item(
        when, _pieces([line.source for line in group]), tuple(labels), tuple(facts),
        first.source, sources.number(first.source),
        tuple(line.incident for line in group if line.incident),
    )  # fmt: skip


def _pieces(sources: Sequence[Source]) -> tuple[tuple[str, bool], ...]:
    """Return a sentence in runs, the words that say it set off."""
    text = "".join(sources[0].pieces)
    marked: set[int] = set()
    for one in sources:
        start = len(one.pieces[0])
        if len(one.pieces[1]) <= WHOLE * len(text):
            marked.update(range(start, start + len(one.pieces[1])))
    runs = [
        ("".join(text[at] for at in run), on)
        for on, run in groupby(range(len(text)), key=marked.__contains__)
    ]
    return tuple(runs)


def _labels(line: Line) -> Iterable[tuple[str, str]]:
    if line.kind == "incident" and line.new:
        yield "new", "new"
    if line.kind == "status":
        yield "changed", f"{line.before} → {line.now}"
    if line.kind == "figure":
        yield "changed", f"{line.before} → {line.now}"
    if line.disputed and line.kind != "side":
        yield "disputed", "disputed"
    if line.status in ("claimed", "denied", "threatened", "hypothetical", "historical"):
        yield line.status, line.status
    if line.kind == "incident" and line.status == "future":
        yield "future", "announced"
    if line.confidence is not None and line.confidence < UNSURE:
        yield "unsure", "reading uncertain"


#: Stances as what a statement is.
_STANCES = {
    "state": "statement", "claim": "claim", "confirm": "confirmation", "deny": "denial",
    "accuse": "accusation", "support": "support", "demand": "demand", "pledge": "pledge",
    "threaten": "threat", "predict": "prediction", "believe": "belief", "decline": "no comment",
}  # fmt: skip


def _what(line: Line) -> str:
    if line.kind in ("statement", "side"):
        stance = _STANCES.get(line.what, line.what)
        return f"{shorten(line.who, 60) if line.who else 'the reporter'}: {stance}"
    if not line.what:
        return ""
    return f"{shorten(line.who, 120)}: {kind(line.what)}" if line.who else kind(line.what)


def _where(line: Line) -> str:
    return clean(line.place.name) if line.place is not None and line.place.name else ""


def _whose(line: Line) -> str:
    if line.on_word_of and line.status in ("claimed", "denied"):
        return f"on the word of {shorten(line.on_word_of, 80)}"
    return "day of the report" if line.kind == "incident" and line.precision == "published" else ""


def _told(line: Line) -> str:
    if line.kind not in ("incident", "upcoming"):
        return ""
    copies = line.articles - line.origins
    more = f" and {counted(copies, 'copy', 'copies')}" if copies else ""
    return f"{counted(line.origins, 'report')}{more}"


_QUARRELS = {
    "denial": "Denied", "blame": "Who is to blame", "figures": "Which figure",
    "silence": "No answer",
}  # fmt: skip


def _quarrel(one: Quarrel, sources: _Sources) -> Block:
    items = tuple(
        _item([side], sources, day(side.source.day) if side.source.day else "")
        for side in one.sides
    )
    return Block(f"{_QUARRELS.get(one.kind, one.kind)}: {shorten(one.about, 110)}", "", items)


def _table(made: Briefing) -> tuple[Row, ...]:
    """Return how many events of each class happened, with the types in it."""
    if not made.counts:
        return ()
    classes: dict[int, list[Count]] = defaultdict(list)
    whole, *types = made.counts
    for one in types:
        classes[ontology.quad(one.name)].append(one)
    names = ontology.quads()
    rows = [
        Row(
            f"{names[quad]} ({', '.join(f'{kind(one.name)} {one.value:,}' for one in group)})",
            f"{sum(one.value for one in group):,}",
            tuple(id_ for one in group for id_ in one.incidents),
        )
        for quad, group in sorted(classes.items())
    ]
    return (Row("events that happened", f"{whole.value:,}", whole.incidents), *rows)


def _numbers(
    numbers: Sequence[Series], titles: Mapping[str, str], sources: _Sources
) -> tuple[Block, ...]:
    """Return a block for each figure with a course, and one of single figures for each story."""
    courses = [one for one in numbers if one.incident is not None and len(one.points) > 1]
    blocks = [_series(one, sources) for one in courses]
    single: dict[str, list[Item]] = defaultdict(list)
    for one in numbers:
        if one not in courses:
            single[one.story].append(_point(one, one.points[0], sources))
    several = len(single) > 1
    for story, items in single.items():
        items.sort(key=lambda item: item.source.day or "")
        note = clean(titles.get(story, story)) if several else ""
        blocks.append(Block("Single figures", note, tuple(items)))
    return tuple(blocks)


def _series(one: Series, sources: _Sources) -> Block:
    steps = " → ".join(dict.fromkeys(point.shown for point in one.points))
    # A headline and the sentence below it give one figure: the sentence tells more.
    told = {(point.source.article, point.shown): point for point in one.points}
    items = tuple(_point(one, point, sources) for point in one.points if point in told.values())
    return Block(_measured(steps, one), shorten(one.title, 120), items)


def _point(one: Series, point: Point, sources: _Sources) -> Item:
    change = _CHANGES.get(point.change, "")
    told = f"said by {shorten(point.speaker, 60)}" if point.speaker else ""
    more = (
        f"in {counted(one.origins, 'report')}" if one.origins > 1 and one.incident is None else ""
    )
    return Item(
        day(point.day) if point.day else "", _pieces([point.source]), (),
        tuple(filter(None, (_measured(point.shown, one), change, told, more))), point.source,
        sources.number(point.source), (one.incident,) if one.incident else (),
    )  # fmt: skip


def _measured(shown: str, one: Series) -> str:
    """Return a figure with what it measures: "12 dead", "3.1 million dollars"."""
    unit = clean(one.unit or "")
    of = {"amount": "", "share": "", "count": "", "crowd": "in a crowd"}.get(one.of, one.of)
    return " ".join(filter(None, (shown, unit, of)))


_CHANGES = {"up": "more than before", "down": "less than before", "rival": "against another"}
