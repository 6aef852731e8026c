"""What the analysis works on: small typed rows, taken from records and joined across them.

Days are ISO dates (``2026-02-03``), intervals include both ends, offsets are code points
into the article's text, confidences are probabilities.
"""

from __future__ import annotations

from typing import NamedTuple


class Party(NamedTuple):
    """One who acts, is acted on, or speaks."""

    #: Canonical name; None for an unnamed one ("protesters").
    name: str | None
    #: The words as they stand.
    words: str
    country: str | None
    sector: str | None


class Spot(NamedTuple):
    """Where something happened."""

    name: str | None
    country: str | None
    lat: float | None
    lon: float | None
    #: As in RECORD.md: facility, city, admin2, admin1, country, region or water.
    precision: str | None


class Amount(NamedTuple):
    """A figure as one article gives it."""

    article: str
    start: int
    end: int
    #: dead, injured, arrested, …
    of: str | None
    low: float | None
    high: float | None
    unit: str | None


class Mention(NamedTuple):
    """Words of an article that name an event."""

    article: str
    event: str
    start: int
    end: int


class Copy(NamedTuple):
    """An article that carries another one's text."""

    origin: str
    carrier: str
    #: Share of the carrier's words that stand in the origin too, 0 to 1.
    share: float


class Development(NamedTuple):
    """Articles of a story that tell of one turn of it."""

    #: The most central headline.
    title: str
    first_day: str | None
    articles: tuple[str, ...]


class Story(NamedTuple):
    """Articles about the same happening; stories are a partition of all articles."""

    id: str
    #: The most central headline.
    title: str
    #: Article ids in order of publication.
    articles: tuple[str, ...]
    #: Ids of its incidents.
    incidents: tuple[str, ...]
    #: Words for people: why these articles are together.
    reasons: tuple[str, ...]
    #: Ids of its disputes.
    disputes: tuple[str, ...] = ()
    #: Who spoke, those with most statements first.
    spoke: tuple[str, ...] = ()
    #: Its turns in order of time, copies left out; of a very large story those of the newest.
    developments: tuple[Development, ...] = ()


class Report(NamedTuple):
    """One article's word on an incident: what it says of status, time and source."""

    article: str
    publisher: str | None
    published_day: str | None
    #: The article is nobody's copy.
    origin: bool
    status: str
    #: Whose word it is; None where the reporter states it.
    source: str | None
    confidence: float


class Incident(NamedTuple):
    """One real-world event, as all articles tell it."""

    id: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    #: The latest word on it; ``reports`` tell how it came to that.
    status: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    place: Spot | None
    first_day: str | None
    last_day: str | None
    #: ``event`` where words of a text say so, ``published`` where only publication dates are known.
    day_basis: str | None
    story: str
    #: Every trigger mention in every article, copies included.
    mentions: tuple[Mention, ...]
    reports: tuple[Report, ...]
    #: All figures, conflicting ones side by side.
    figures: tuple[Amount, ...]
    #: Articles that are nobody's copy, and all articles that carry it.
    origins: int
    carriers: int
    #: PLOVER's score, −10 to 10.
    score: float | None
    #: Probability that it is an event of this type, and that its mentions belong together.
    confidence: float
    joined: float


class Side(NamedTuple):
    """One party's word in a dispute."""

    article: str
    statement: str | None
    start: int
    end: int
    speaker: Party | None
    stance: str | None
    words: str
    day: str | None


class Dispute(NamedTuple):
    """Sources that contradict each other, or one that keeps silent."""

    id: str
    #: denial, blame, figures or silence.
    kind: str
    story: str
    incident: str | None
    about: str
    sides: tuple[Side, ...]


class Office(NamedTuple):
    """Who held which office, as the reports say."""

    person: str
    office: str
    country: str | None
    organisation: str | None
    former: bool
    first_seen: str | None
    last_seen: str | None
    origins: int
    #: (article, start, end) of the words that say so.
    sentences: tuple[tuple[str, int, int], ...]
