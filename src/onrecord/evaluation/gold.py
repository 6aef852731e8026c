"""Gold rows as typed objects: reports with events and statements, and attributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from onrecord.evaluation.load import Row
from onrecord.evaluation.spans import Run, Runs, join
from onrecord.record import Article


class Attribution(NamedTuple):
    """The three parts of an attribution; a part that is not expressed is empty."""

    source: Runs
    cue: Runs
    content: Runs


@dataclass(frozen=True, slots=True)
class AttributedText:
    """One article with its attributions."""

    article: Article
    attributions: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class GoldStatement:
    """A statement of a gold report."""

    parts: Attribution
    #: Canonical name or description of the speaker, None where the report gives none.
    name: str | None
    stance: str
    form: str


@dataclass(frozen=True, slots=True)
class GoldParticipant:
    """An actor or recipient of a gold event."""

    span: Run
    name: str | None
    country: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """A gold event without its mentions."""

    type: str
    mode: str | None
    actors: tuple[GoldParticipant, ...]
    recipients: tuple[GoldParticipant, ...]
    place: Run | None
    date: Run | None
    #: The source through which alone the event is known, by name or words.
    by: str | None


class TriggerMention(NamedTuple):
    """A trigger: its span, the index of its event, type and status."""

    span: Run
    event: int
    type: str
    status: str


@dataclass(frozen=True, slots=True)
class GoldReport:
    """One report with every event mention and every statement in it."""

    article: Article
    events: tuple[GoldEvent, ...]
    mentions: tuple[TriggerMention, ...]
    statements: tuple[GoldStatement, ...]


GOLD_KEYS = ("id", "text", "events", "statements")
ATTRIBUTION_KEYS = ("id", "text", "attributions")


def _run(pair: Any) -> Run:
    start, end = pair
    return int(start), int(end)


def _optional(holder: Row | None) -> Run | None:
    """Return the span of a place, date or speaker, if there is one."""
    return _run(holder["span"]) if holder and holder.get("span") else None


def attributed_text(row: Row) -> AttributedText:
    """Parse a row with ``attributions`` (source, cue and content as lists of runs)."""
    text = row["text"]
    parts = [
        Attribution(*(join(text, map(_run, a[key])) for key in ("source", "cue", "content")))
        for a in row["attributions"]
    ]
    published = row.get("date")
    article = Article(
        text=text,
        id=str(row["id"]),
        published=published,
        published_basis="given" if published else "none",
    )
    return AttributedText(article, tuple(parts))


def _statement(text: str, row: Row) -> GoldStatement:
    spans = (_optional(row["speaker"]), row.get("cue_span"), row["content_span"])
    parts = (join(text, [_run(span)] if span else []) for span in spans)
    name = row["speaker"]["name"] if row["speaker"] else None
    return GoldStatement(Attribution(*parts), name, row["stance"], row["form"])


def _participants(rows: list[Row] | None) -> tuple[GoldParticipant, ...]:
    return tuple(
        GoldParticipant(_run(p["span"]), p["name"], p["code"], p["sector"]) for p in rows or ()
    )


def _event(row: Row) -> GoldEvent:
    return GoldEvent(
        type=row["type"],
        mode=row.get("mode"),
        actors=_participants(row.get("actor")),
        recipients=_participants(row.get("recipient")),
        place=_optional(row.get("place")),
        date=_optional(row.get("date")),
        by=row.get("by"),
    )


def report(row: Row) -> GoldReport:
    """Parse a row of gold/GUIDE.md's form; a later mention takes its event's type and status."""
    firsts = {event["e"]: event for event in row["events"] if "type" in event}
    index = {number: i for i, number in enumerate(firsts)}
    mentions = [
        TriggerMention(
            _run(event["trigger"]),
            index[event["e"]],
            firsts[event["e"]]["type"],
            event.get("status") or firsts[event["e"]]["status"],
        )
        for event in row["events"]
    ]
    return GoldReport(
        article=Article(text=row["text"], id=str(row["id"])),
        events=tuple(map(_event, firsts.values())),
        mentions=tuple(sorted(mentions)),
        statements=tuple(_statement(row["text"], s) for s in row["statements"]),
    )
