"""What a relative expression is relative to: publication, narrative, tense."""

from __future__ import annotations

from datetime import date

from onrecord.reading._when_scan import CODES, Scan
from onrecord.reading._when_values import Days, days_of

_FUTURE = frozenset(
    "will shall ll going plans plan planned planning expects expected expect scheduled due set "
    "upcoming intends intend hopes begins starts tomorrow payable slated supposed soon early "
    "poised forthcoming wo would promises promised vows vowed pledged hope hoping".split()
)
_PAST = frozenset(
    "was were had did said told went came took made began left met held won lost sent became "
    "got gave found saw spoke wrote brought fell rose ran sold bought paid put cut hit broke "
    "fought shot led struck sought drew flew grew knew drove stood quit fled caught built spent "
    "been since ago called".split()
)
#: Of whoever speaks after the clause, not of what the clause tells.
_SPEECH = frozenset("said told".split())
#: Words before a participle that make it an adjective ("a still unspecified date").
_ADJECTIVE_AFTER = frozenset("a an the its their his her still be not to".split())
#: End in -ed and tell nothing of when.
_BARE_ED = frozenset("need proceed indeed hundred united speed feed seed exceed succeed".split())
#: Words before a date that make it a deadline where a condition stands before them.
_DEADLINE = frozenset("by until till before".split())
_CONDITION = frozenset(
    "if unless provided would must should demand demanded demands urged called promised vowed "
    "pledged agreed plans plan planned aims wants hopes".split()
)
#: "By the end of June" is a deadline as "by June" is.
_EDGE = frozenset("end middle start beginning close".split())
_LOOK_BACK, _LOOK_AHEAD = 14, 12


def parse_published(published: str | None) -> date | None:
    """Return the day of an ISO date or datetime; None when it is neither."""
    if published is None:
        return None
    try:
        return date.fromisoformat(published.strip()[:10])
    except ValueError:
        return None


class Context:
    """The days that relative expressions start from, kept up to date while a text is read.

    ``narrative`` tells a chronicle (full dates of years gone by, hardly a
    weekday or "yesterday") from a report: in a chronicle a bare month belongs
    to the year told of, in a report to the months around its publication.
    """

    def __init__(self, scan: Scan, published: date | None) -> None:
        self.scan = scan
        self.published = published
        self.narrative = _is_chronicle(scan, published)
        #: Value and days of the last anchored expression.
        self.reference: str | None = None
        self.reference_days: Days | None = None
        #: The quarter reported on: the last one told of without a year.
        self.quarter: str | None = None
        #: Year of the last expression that named one; before Christ negative.
        self.year: int | None = None

    @property
    def base(self) -> date | None:
        """The first day of the last anchored expression."""
        return self.reference_days[0] if self.reference_days else None

    def note(self, value: str, *, named_year: bool) -> None:
        """Remember the value of an anchored expression."""
        if value.startswith("BC"):
            self.year = -int(value[2:6])
            self.reference, self.reference_days = value, None
            return
        days = days_of(value)
        if days is None:
            return
        self.reference, self.reference_days = value, days
        if named_year or self.narrative:
            self.year = days[0].year

    def tense(self, item: int) -> int:
        """Return > 0 when the clause around an item speaks of the future, < 0 of the past, else 0.

        The nearest verb or the like before the item decides (±2), else the first after it (±1).
        """
        first = self.scan.items[item].first
        words = self.scan.tokens.words
        edge = first
        if edge > 3 and words[edge - 1] == "of" and words[edge - 2] in _EDGE:
            edge -= 3 if words[edge - 3] == "the" else 2
        if edge and words[edge - 1] in _DEADLINE:
            before = words[max(0, edge - 1 - _LOOK_BACK) : edge - 1]
            if "had" not in before and not _CONDITION.isdisjoint(before):
                return 2
        for i in range(first - 1, max(-1, first - 1 - _LOOK_BACK), -1):
            if words[i] in ".!?;\n":
                break
            if direction := _direction(words, i):
                return 2 * direction
        for i in range(first + 1, min(len(words), first + 1 + _LOOK_AHEAD)):
            if words[i] in ".!?;\n":
                break
            if words[i] not in _SPEECH and (direction := _direction(words, i)):
                return direction
        return 0


def _direction(words: list[str], i: int) -> int:
    word = words[i]
    if word in _FUTURE:
        if word in {"early", "soon"}:  # "as early as Tuesday"
            return 1 if i and words[i - 1] == "as" else 0
        return -1 if i > 1 and words[i - 1] == "been" and words[i - 2] == "had" else 1
    if word == "be" and i and words[i - 1] in {"to", "will", "would", "shall"}:
        return 1
    if word in _PAST:
        return -1
    if word.endswith("ed") and len(word) > 4 and word not in _BARE_ED:
        return 0 if i and words[i - 1] in _ADJECTIVE_AFTER else -1
    return 0


def _is_chronicle(scan: Scan, published: date | None) -> bool:
    kinds = scan.kinds
    deictic = sum(kinds.count(CODES[kind]) for kind in ("deictic", "weekday", "ago"))
    latest = published.year - 1 if published else 2199
    years = sum(
        1 for item in scan.items if item.kind == "year" and 1000 <= item.value < latest
    ) + kinds.count(CODES["bc"])
    return years >= 3 and years > 3 * deictic
