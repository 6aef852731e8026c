"""What a record holds: one article as read, and everything found in it.

The classes mirror the published JSON (``onrecord schema``) field by field.
Offsets are Unicode code points into ``Article.text``; ``end`` is exclusive;
``article.text[start:end]`` always gives the words as they stand.  Unknown is
``None``, never a missing key; sequences are in text order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

SCHEMA = "onrecord/1"

#: Kinds of entity a record distinguishes.
ENTITY_KINDS = (
    "person",
    "organization",
    "country",
    "place",
    "group",
    "facility",
    "product",
    "other",
)
MENTION_KINDS = ("name", "demonym", "nominal", "pronoun")
TIME_TYPES = ("DATE", "TIME", "DURATION", "SET")
PRECISIONS = ("facility", "city", "admin2", "admin1", "country", "region", "water")
PLACE_BASES = ("linked", "dateline", "title")
FIGURE_KINDS = (
    "dead",
    "injured",
    "arrested",
    "displaced",
    "crowd",
    "amount",
    "share",
    "count",
)
STANCES = (
    "state",
    "claim",
    "confirm",
    "deny",
    "accuse",
    "support",
    "demand",
    "pledge",
    "threaten",
    "predict",
    "believe",
    "decline",
)
FORMS = ("direct", "indirect", "mixed")
SOURCINGS = ("named", "role", "anonymous", "collective", "document", "none")
STATUSES = ("actual", "future", "hypothetical", "denied", "historical")
PUBLISHED_BASES = ("given", "page", "feed", "dateline", "none")


def _settle(row: Any, *names: str) -> None:
    """Turn the lists a row was made with into tuples: rows that hold the same are equal."""
    for name in names:
        value = getattr(row, name)
        if not isinstance(value, tuple):
            object.__setattr__(row, name, tuple(value))


class Spanned(Protocol):
    """Anything that stands for words of an article."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Skip:
    """A leftover of the page: in the text, not read."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity is named, described or referred to."""

    start: int
    end: int
    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """Who or what the article speaks of, with all its mentions."""

    id: str
    kind: str
    #: Canonical name; ``None`` for an unnamed one ("protesters").
    name: str | None
    role: str | None
    #: ISO 3166 alpha-3, or a non-state code of the ontology.
    country: str | None
    #: PLOVER sector code.
    sector: str | None
    mentions: Sequence[Mention]

    def __post_init__(self) -> None:
        _settle(self, "mentions")


@dataclass(frozen=True, slots=True)
class Time:
    """A TIMEX3 expression and the days it covers (inclusive ISO dates)."""

    id: str
    start: int
    end: int
    type: str
    value: str
    mod: str | None
    begin: str | None
    finish: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A toponym, resolved to a point where that is possible."""

    id: str
    start: int
    end: int
    name: str | None
    country: str | None
    admin1: str | None
    geonameid: int | None
    #: Degrees, WGS 84.
    lat: float | None
    lon: float | None
    precision: str | None
    basis: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its bounds; ``None`` where unbounded."""

    id: str
    start: int
    end: int
    low: float | None
    high: float | None
    unit: str | None
    of: str | None
    approximate: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that stand for an entity of the record."""

    start: int
    end: int
    entity: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """An attribution: who said what, and how they stand to it."""

    id: str
    #: ``statement`` (an utterance) or ``view`` (a belief, wish or intention).
    kind: str
    speaker: Reference | None
    cue: Span | None
    content: Sequence[Span]
    stance: str
    form: str
    negated: bool
    addressee: Reference | None
    medium: Span | None
    time: str | None
    place: str | None
    figures: Sequence[str]
    sourcing: str
    confidence: float

    def __post_init__(self) -> None:
        _settle(self, "content", "figures")


@dataclass(frozen=True, slots=True)
class EventMention:
    """One trigger of an event."""

    start: int
    end: int
    status: str


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor or recipient of an event, with what is known of it."""

    start: int
    end: int
    entity: str | None
    country: str | None
    sector: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Event:
    """A PLOVER event; its mentions contain the trigger and all later ones."""

    id: str
    type: str
    mode: str | None
    contexts: Sequence[str]
    status: str
    trigger: Span
    mentions: Sequence[EventMention]
    actors: Sequence[Participant]
    recipients: Sequence[Participant]
    place: str | None
    time: str | None
    figures: Sequence[str]
    #: The statement through which alone the event is known.
    statement: str | None
    #: Every statement in whose content the trigger stands.
    within: Sequence[str]
    score: float | None
    confidence: float

    def __post_init__(self) -> None:
        _settle(self, "contexts", "mentions", "actors", "recipients", "figures", "within")


@dataclass(frozen=True, slots=True)
class Warning:
    """Something about the reading that its user should know."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """Which reader made a record."""

    version: str
    model: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class Article:
    """One report as input: its text and what is known of it."""

    text: str
    id: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    language: str | None = None
    #: ISO date or datetime; ``None`` when unknown or not believed.
    published: str | None = None
    published_basis: str = "none"
    #: The publication date as found, also when it was not believed.
    published_raw: str | None = None
    fetched: str | None = None
    version: int = 1
    partial: bool = False
    sha256: str = ""


_LISTS = (
    "skipped",
    "sentences",
    "entities",
    "times",
    "places",
    "figures",
    "statements",
    "events",
    "warnings",
)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything read from one article."""

    reader: ReaderInfo
    article: Article
    skipped: Sequence[Skip] = ()
    sentences: Sequence[Span] = ()
    entities: Sequence[Entity] = ()
    times: Sequence[Time] = ()
    places: Sequence[Place] = ()
    figures: Sequence[Figure] = ()
    statements: Sequence[Statement] = ()
    events: Sequence[Event] = ()
    warnings: Sequence[Warning] = field(default=())
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        _settle(self, *_LISTS)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dicts, lists and numbers (``onrecord.forms``)."""
        from onrecord.forms import to_dict

        return to_dict(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the record as JSON: one line, or indented by ``indent`` blanks."""
        from onrecord.forms import to_json

        return to_json(self, indent=indent)

    @classmethod
    def from_dict(cls, data: Any) -> Record:
        """Return the record in parsed JSON; RecordError names the path of what is wrong."""
        from onrecord.forms import from_dict

        return from_dict(data)

    @classmethod
    def from_json(cls, text: str | bytes) -> Record:
        """Return the record in JSON; RecordError names the path of what is wrong."""
        from onrecord.forms import from_json

        return from_json(text)

    def words(self, span: Spanned) -> str:
        """Return the words of anything with ``start`` and ``end``, as they stand."""
        return self.article.text[span.start : span.end]

    def _repr_html_(self) -> str:
        """Show the record in a notebook."""
        from onrecord.render.html import notebook

        return notebook(self)
