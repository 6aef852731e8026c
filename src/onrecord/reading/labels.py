"""The label sets of the model's heads, in the order of its logits.

Shared by training and reading.  Changing an order makes older weights unreadable.
"""

from __future__ import annotations

from onrecord.record import STANCES, STATUSES

#: Categories of the English Worldwide Newswire corpus.
ENTITY_LABELS = (
    "Person",
    "Organization",
    "Location",
    "NORP",
    "Facility",
    "Product",
    "Date",
    "Money",
    "Misc",
)
SAID_LABELS = ("source", "cue", "content")
MENTION_LABELS = ("participant", "place", "date", "figure")

#: PLOVER event types.
EVENT_TYPES = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
)

#: PLOVER modes by type, in the manual's order.
MODES: dict[str, tuple[str, ...]] = {
    "CONSULT": ("visit", "third-party", "multilateral", "phone"),
    "RETREAT": ("withdraw", "release", "disarm", "ceasefire", "access", "resign"),
    "REQUEST": ("assist", "change", "yield", "meet"),
    "ACCUSE": ("disapprove", "investigate", "allege"),
    "REJECT": ("assist", "change", "yield", "meet"),
    "THREATEN": ("restrict", "arrest", "relations", "expel", "territory", "violence"),
    "PROTEST": ("demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"),
    "SANCTION": ("convict", "expel", "withdraw", "discontinue"),
    "MOBILIZE": ("troops", "weapons", "police", "militia"),
    "COERCE": (
        "seize",
        "restrict",
        "censor",
        "curfew",
        "martial-law",
        "arrest",
        "deport",
        "withhold",
        "misinformation",
        "cyber",
    ),
    "ASSAULT": (
        "abduct",
        "beat",
        "torture",
        "sexual",
        "targeted",
        "destroy",
        "primitive",
        "firearms",
        "explosives",
        "suicide-attack",
        "aerial",
        "drone",
        "heavy-weapons",
        "crowd-control",
        "unconventional",
    ),
}

#: One class per type without a mode, then one per (type, mode).
MODE_CLASSES: tuple[tuple[str, str | None], ...] = tuple(
    (kind, mode) for kind in EVENT_TYPES for mode in (None, *MODES.get(kind, ()))
)

STANCE_CLASSES = STANCES
STATUS_CLASSES = STATUSES
ROLES = ("actor", "recipient", "place", "date", "figure")
#: Classes of a marked pair; PLV's YIELD is CONCEDE + RETREAT.
RELATION_TYPES = EVENT_TYPES


def bio(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Tags of a head: O, then B- and I- of each label."""
    return ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


#: Tag heads: name → labels.
TAG_HEADS: dict[str, tuple[str, ...]] = {
    "entity": ENTITY_LABELS,
    "said": SAID_LABELS,
    "stated": SAID_LABELS,
    "mention": MENTION_LABELS,
    "trigger": EVENT_TYPES,
}
#: Class heads, read at a cue or trigger: name → number of classes.
CLASS_HEADS: dict[str, int] = {
    "stance": len(STANCE_CLASSES),
    #: What the words of a content say for a stance; added to what the cue says.
    "about": len(STANCE_CLASSES),
    "status": len(STATUS_CLASSES),
    "mode": len(MODE_CLASSES),
    "by": 2,
}
#: Link families: name → width of its vectors.  Score of a pair: query · key / √width.
LINK_FAMILIES: dict[str, int] = {
    "source": 64,
    "content": 64,
    "actor": 64,
    "recipient": 64,
    "place": 32,
    "date": 32,
    "figure": 32,
    "coref": 64,
    "event": 64,
}
#: Distances between two spans in words, cut into buckets, behind and ahead.
DISTANCES = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256)

BUCKETS = 2 * len(DISTANCES) + 1
