"""What a figure counts, from the words around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from onrecord.reading._counted_words import (
    FOLLOWERS,
    HEADS,
    INCLUDING,
    LEADERS,
    PASSIVE,
    PERSON_NOUNS,
    THING_NOUNS,
    VERBS,
)

_AHEAD, _BACK = 14, 9
_STOPS = frozenset(".!?;:\n")
_DETERMINERS = frozenset("the a an his her their its this that these those him them".split())
_TOLL_FRAME = frozenset(
    "of to at stands stood rose rises risen reached hit climbed in is was by "
    "above past exceeds topped now from put has had passed".split()
)


def _stops(words: Sequence[str], i: int) -> bool:
    """Whether token ``i`` ends a sentence (initials and "U.S." do not)."""
    word = words[i]
    if word != ".":
        return word in _STOPS
    return i == 0 or len(words[i - 1]) > 1 or i + 1 >= len(words)


def kind_of(
    words: Sequence[str], start: int, end: int, is_number: Callable[[int], bool]
) -> str | None:
    """Return dead, injured, arrested, displaced, crowd, or None for a figure.

    The figure with its modifiers is tokens ``start`` to ``end``.  The nearest
    cue decides, a verb with the figure as object before one that follows.
    """
    head = head_noun(words, end)
    if head in THING_NOUNS:
        return None
    if words[end : end + 1] == ["bodies"]:
        return "dead"
    before = _kind_before(words, start, is_number)
    if before is not None and before[1] <= 1:
        return before[0]
    after = _kind_after(words, end, is_number)
    if head in HEADS and (after is None or after[0] == "crowd" or HEADS[head] != "crowd"):
        after = after if HEADS[head] == "displaced" and after else (HEADS[head], 0)
    if after is None or (before is not None and before[1] < after[1] and after[0] == "crowd"):
        return before[0] if before is not None else None
    if before is not None and before[1] <= 2 and after[1] > 3:
        return before[0]
    return after[0]


def head_noun(words: Sequence[str], end: int) -> str:
    """Return the noun counted: the last person or thing within three words, else the next word."""
    i = end
    if i < len(words) and words[i] == "of":
        i += 1
    for j in range(i, min(i + 4, len(words))):
        if words[j] in PERSON_NOUNS or words[j] in THING_NOUNS:
            return words[j]
        if not words[j].isalpha() or words[j] in VERBS or words[j] in PASSIVE:
            break
    return words[i] if i < len(words) else ""


def _kind_before(
    words: Sequence[str], start: int, is_number: Callable[[int], bool]
) -> tuple[str, int] | None:
    """Find "killed 12", "a toll of 12", "…, including 12 …": kind and distance."""
    including = False
    for i in range(start - 1, max(-1, start - 1 - _BACK), -1):
        word, distance = words[i], start - 1 - i
        if _stops(words, i):
            return None
        if word in INCLUDING:
            including = True
        if is_number(i) and not including:
            return None
        if word in VERBS and _governs(words, i, start, including):
            return VERBS[word], distance
        if word in LEADERS and _leads(words, i, start):
            return LEADERS[word], distance
        if word in {"forced", "forcing", "drove", "driven"} and distance <= 1:
            return "displaced", 3
        if word in {"claimed", "claiming"} and not distance and "lives" in words[start : start + 6]:
            return "dead", 0
    return None


def _governs(words: Sequence[str], i: int, start: int, including: bool) -> bool:
    """Whether the verb at ``i`` has the figure at ``start`` as its object."""
    if including:
        return True
    passive = any(word in PASSIVE for word in words[max(0, i - 2) : i])
    if passive:
        return False
    between = words[i + 1 : start]
    return (
        all(
            word.isalpha()
            and word
            not in {
                "in",
                "by",
                "and",
                "on",
                "when",
                "after",
                "at",
                "since",
                "during",
                "while",
                "as",
                "for",
                "but",
            }
            for word in between
        )
        and len(between) <= 3
    )


def _leads(words: Sequence[str], i: int, start: int) -> bool:
    """Whether a noun like "toll" is said of the figure: "of", "rose to" and the like between."""
    between = words[i + 1 : start]
    if words[i] == "dead":
        return bool(between) and set(between) <= {"at", "to", "as", "number"}
    if words[i] in {"killing", "murder", "arrest", "detention", "death", "deaths", "execution"}:
        return (bool(between) and between[0] == "of" and len(between) <= 3) or (
            words[i] == "deaths" and set(between) <= _TOLL_FRAME and bool(between)
        )
    return len(between) <= 7 and bool(between) and bool(set(between) & _TOLL_FRAME)


def _kind_after(
    words: Sequence[str], end: int, is_number: Callable[[int], bool]
) -> tuple[str, int] | None:
    """Find "12 people were killed", "12 dead", "12 others wounded": kind and distance."""
    including = passive = False
    crowd: tuple[str, int] | None = None
    for i in range(end, min(len(words), end + _AHEAD)):
        word = words[i]
        if _stops(words, i):
            return crowd
        including = including or word in INCLUDING
        passive = passive or word in PASSIVE
        if is_number(i) and not including:
            return crowd
        kind = VERBS.get(word)
        if kind is not None and _is_suffered(words, i, end, passive, is_number):
            return kind, i - end
        if word == "lost" and "lives" in words[i : i + 4]:
            return "dead", i - end
        if word in {"left", "leave"} and "homes" in words[i : i + 3]:
            return "displaced", i - end
        follower = FOLLOWERS.get(word)
        if follower == "crowd":
            crowd = crowd or ((follower, i - end) if i - end <= 8 else None)
        elif follower is not None and (follower != "dead" or i - end <= 8 or passive):
            return follower, i - end
    return crowd


def _is_suffered(
    words: Sequence[str], i: int, end: int, passive: bool, is_number: Callable[[int], bool]
) -> bool:
    """Whether the figure undergoes the verb at ``i`` rather than doing it."""
    if words[i].endswith("ing") or words[i] in {"kill", "kills", "wound", "arrest", "murder"}:
        return False
    if passive or i == end:
        return True
    follows = words[i + 1] if i + 1 < len(words) else ""
    active = follows in _DETERMINERS or (i + 1 < len(words) and is_number(i + 1))
    return not active and i - end <= 6
