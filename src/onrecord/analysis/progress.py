"""What reports say of an incident over time: threatened, claimed, confirmed, denied, happened."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.analysis.rows import Report
from onrecord.analysis.told import Told

#: What a report may say of an incident, from the least to the most settled.  The statuses of
#: a record, and three words for what is known on somebody's word alone.
WORDS = ("hypothetical", "future", "threatened", "claimed", "denied", "confirmed", "historical",
         "actual")  # fmt: skip
_CLAIMS = frozenset({"claim", "accuse", "believe", "predict"})


def word(one: Told) -> str:
    """Return what one article says of an event.

    ``claimed`` and ``confirmed`` are events known only by a statement of that stance,
    ``threatened`` those still to come by a threat; else the record's status.
    """
    if one.status in ("future", "hypothetical") and (
        one.type == "THREATEN" or one.stance == "threaten"
    ):
        return "threatened"
    if one.status not in ("actual", "historical") or one.source is None:
        return one.status
    if one.stance == "deny":
        return "denied"
    if one.stance == "confirm":
        return "confirmed"
    return "claimed" if one.stance in _CLAIMS else one.status


def reports(group: Sequence[Told]) -> tuple[Report, ...]:
    """Return what each article says, in order of publication; the same word of one source once."""
    found: dict[tuple[str, str, str | None], Report] = {}
    for one in sorted(group, key=lambda one: one.key):
        status = word(one)
        day = one.published[:10] or None
        row = Report(
            one.article, one.publisher, day, not one.copied, status, one.source, one.confidence
        )
        known = found.get((one.article, status, one.source))
        if known is None or known.confidence < row.confidence:
            found[(one.article, status, one.source)] = row
    return tuple(found.values())


def settled(rows: Sequence[Report]) -> str:
    """Return the word that stands: a reporter's own or a confirmation outlasts what came before.

    Without either, the latest word of an article that is nobody's copy; a plan does not undo
    a claim, nor a claim a denial of the same day.
    """
    own = [row for row in rows if row.origin] or list(rows)
    if not own:
        return "hypothetical"
    firm = [row.status for row in own if row.status in ("actual", "historical", "confirmed")]
    if firm:
        return "historical" if set(firm) == {"historical"} else "actual"
    said = [row for row in own if row.status in ("claimed", "denied")] or own
    last = max(row.published_day or "" for row in said)
    return max((r.status for r in said if (r.published_day or "") == last), key=WORDS.index)


def path(rows: Sequence[Report]) -> tuple[Report, ...]:
    """Return the reports of origins at which the word on an incident changed."""
    steps: list[Report] = []
    for row in rows:
        if row.origin and (not steps or steps[-1].status != row.status):
            steps.append(row)
    return tuple(steps)
