"""Where sources contradict each other, or keep silent: both sides, verbatim, with dates.

Statements of different speakers in one story are set against each other: a denial and what
it denies, two attributions of blame, two figures for one thing, a refusal to comment and what
was asked.  Only articles that are nobody's copy speak.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from onrecord import record as r
from onrecord.analysis import measures
from onrecord.analysis.rows import Dispute, Incident, Party, Side
from onrecord.analysis.told import Facts, root
from onrecord.analysis.words import same_name, stems

#: Statements this many characters apart in one article may answer each other.
REACH = 420
#: Words two statements of different articles must share to be on one matter.
SHARED = 3
#: Days between statements on one matter.
DAYS = 30
#: A word is common when more than this share of a story's statements has it.
COMMON = 0.25

_BLAME = re.compile(r"\b(?:blam\w+|fault|responsib\w+|culpab\w+|guilty of)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|not guilty|"
    r"(?:reject|dismiss)\w* (?:the |any |all )?(?:accus|alleg|claim|charge)\w*|"
    r"refuted|disput\w+)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"^[\s“\"'‘]*(?:no\b|not (?:one|a|any)\b|nobody\b|none\b|nothing\b|never\b|"
    r"(?:i|we|he|she|they|it|there)\b[^,.]{0,14}\b(?:not|never|no|nothing)\b|"
    r"(?:i|we) \w+ nothing\b)",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """A statement as disputes compare it."""

    article: str
    day: str
    #: Id in the record, the sentence's number in the text, and where its words stand.
    statement: str
    start: int
    end: int
    speaker: Party | None
    stance: str
    words: str
    #: Its sentence from the cue on.
    told: str
    about: frozenset[str]
    #: The incidents it tells of.
    incidents: frozenset[str]


def disputes(
    records: Mapping[str, r.Record],
    story_of: Mapping[str, str],
    origin_of: Mapping[str, str],
    incidents: Sequence[Incident],
) -> list[Dispute]:
    """Return the disputes of all stories, by story and id.

    The arguments are those of ``incidents.incidents``, and what it returned.
    """
    articles: dict[str, list[str]] = defaultdict(list)
    for id_ in records:
        if root(id_, origin_of) == id_ or root(id_, origin_of) not in records:
            articles[story_of.get(id_, id_)].append(id_)
    rows: dict[str, list[Incident]] = defaultdict(list)
    for row in incidents:
        rows[row.story].append(row)
    found = []
    for story in sorted(articles):
        own = {id_: records[id_] for id_ in sorted(articles[story])}
        found += of_story(own, story, rows[story])
    return found


def of_story(
    records: Mapping[str, r.Record], story: str, incidents: Sequence[Incident]
) -> list[Dispute]:
    """Return the disputes of one story; ``records`` without copies."""
    said = _all_said(records, incidents)
    common = _common(said)
    said = [one._replace(about=one.about - common) for one in said]
    groups = [
        *(("denial", group) for group in _denials(said)),
        *(("blame", group) for group in _blames(said)),
        *(("silence", group) for group in _silences(said)),
    ]
    found = [_dispute(kind, group, story) for kind, group in groups]
    found += [
        _figures_dispute(group, story, incidents)
        for group in measures.conflicts(records, incidents)
    ]
    unique = {row.id: row for row in found}
    return [unique[id_] for id_ in sorted(unique)]


# -- statements -------------------------------------------------------------------------


def _all_said(records: Mapping[str, r.Record], incidents: Sequence[Incident]) -> list[Said]:
    of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in incidents:
        for mention in row.mentions:
            of[mention.article, mention.event].add(row.id)
    found = []
    for id_, record in records.items():
        facts = Facts(record, id_)
        found += [*_said(facts, of), *_silent(facts)]
    return sorted(found, key=_order)


#: Says, where a record has no statement of it, that somebody did not speak.
_SILENT = re.compile(
    r"\b(?:declined|refused) to (?:comment|answer|discuss|say)\b|\bwould not (?:comment|say)\b|"
    r"\bmade no comment\b|\bcould not be reached\b|"
    r"\b(?:did|has|had|have) not (?:immediately )?(?:respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?)\b"
)


def _silent(facts: Facts) -> Iterable[Said]:
    """Yield the refusals to comment that a record has no statement of, with who is named before."""
    record, text = facts.record, facts.record.article.text
    told = [row.cue for row in record.statements if row.cue and row.stance == "decline"]
    for match in _SILENT.finditer(text):
        start, end = facts.sentence(match.start())
        if any(start <= cue.start < end for cue in told):
            continue
        named = [
            (mention.end, mention.start, entity)
            for entity in record.entities
            for mention in entity.mentions
            if start <= mention.start and mention.end <= match.start()
        ]
        if not named:
            continue
        last, first, entity = max(named, key=lambda row: row[:2])
        after = re.compile(r"[,;]|\.(?=\s|$)").search(text, match.end(), end)
        words = text[match.end() : after.start() if after else end].strip()
        yield Said(
            article=facts.id, day=(record.article.published or "")[:10], statement="",
            start=match.start(), end=match.end() + len(words) + 1 if words else match.end(),
            speaker=Party(entity.name, text[first:last], entity.country, entity.sector),
            stance="decline", words=words or match[0], told=f"{match[0]} {words}",
            about=stems(words), incidents=frozenset(),
        )  # fmt: skip


def _said(facts: Facts, of: Mapping[tuple[str, str], set[str]]) -> Iterable[Said]:
    record = facts.record
    within: dict[str, set[str]] = defaultdict(set)
    for event in record.events:
        inside = (row.id for row in record.statements if _holds(row, event))
        for id_ in {*event.within, event.statement or "", *inside}:
            within[id_] |= of.get((facts.id, event.id), set())
    day = (record.article.published or "")[:10]
    for row in record.statements:
        if not row.content:
            continue
        words = " … ".join(record.words(span) for span in row.content)
        cue = record.words(row.cue) if row.cue else ""
        yield Said(
            article=facts.id, day=day, statement=row.id,
            start=row.content[0].start, end=row.content[-1].end,
            speaker=facts.speaker(row), stance=_stance(row, cue, words),
            words=words, told=f"{cue} {words}",
            about=stems(words), incidents=frozenset(within[row.id]),
        )  # fmt: skip


def _holds(row: r.Statement, event: r.Event) -> bool:
    """Whether a statement's words name an event, be it by a later mention ("the detention")."""
    return any(
        span.start <= mention.start < span.end for span in row.content for mention in event.mentions
    )


def _stance(row: r.Statement, cue: str, words: str) -> str:
    """Return how a speaker stands to it, by the words too: "No sailor was held" is a denial."""
    if row.stance == "decline":
        return "decline"
    if _DENIAL.search(cue) or _DENIAL.search(words[:40]):
        return "deny"
    if _BLAME.search(cue) or (row.stance != "demand" and _BLAME.search(words)):
        return "blame"
    if row.stance == "deny" or (row.stance in _ASSERTS and _NEGATION.search(words)):
        return "contradict"
    return row.stance


def _common(said: Sequence[Said]) -> frozenset[str]:
    """Return words that too many statements of a story share to tell what one is about."""
    count: dict[str, int] = defaultdict(int)
    for one in said:
        for word in one.about:
            count[word] += 1
    most = max(4, COMMON * len(said))
    return frozenset(word for word, number in count.items() if number > most)


def same_speaker(one: Party | None, other: Party | None) -> bool:
    """Say whether two speakers are one; two unknown ones are not told apart."""
    if one is None or other is None:
        return one is other
    if one.name and other.name:
        return same_name(one.name, other.name)
    return one.words.casefold() == other.words.casefold()


def _near(one: Said, other: Said) -> bool:
    return one.article == other.article and (
        -REACH < one.start - other.end < REACH or -REACH < other.start - one.end < REACH
    )


def _together(one: Said, other: Said) -> bool:
    """Whether two statements are on one matter."""
    if one.incidents & other.incidents:
        return True
    if _near(one, other) and (_names(other, one.speaker) or other.stance in ("accuse", "blame")):
        return True
    shared = len(one.about & other.about)
    return shared >= (1 if _near(one, other) else SHARED)


def _names(one: Said, party: Party | None) -> bool:
    """Whether a statement names somebody, or calls an unnamed one by the same word."""
    if party is None:
        return False
    return bool(stems(party.name or party.words) & stems(one.words))


_ASSERTS = frozenset({"state", "claim", "accuse", "blame", "confirm", "believe"})


def _denials(said: Sequence[Said]) -> list[list[Said]]:
    """Return denials with what they deny, those on one matter together."""
    pairs = []
    for one in said:
        if one.stance not in ("deny", "contradict"):
            continue
        against = [
            other
            for other in said
            if other.stance in _ASSERTS
            and not same_speaker(one.speaker, other.speaker)
            and _together(one, other)
        ]
        against = _closest(one, against)
        if one.stance == "deny" or any(_answers(one, other) for other in against):
            pairs += [(one, other) for other in against]
    denied = sorted({one for one, _ in pairs}, key=_order)
    pairs += [pair for pair in combinations(denied, 2) if _one_matter(*pair)]
    return _groups(pairs)


def _one_matter(one: Said, other: Said) -> bool:
    """Whether two denials deny one thing."""
    if one.incidents & other.incidents or len(one.about & other.about) >= 2:
        return True
    return _near(one, other) and not one.about  # "denied it"


def _closest(one: Said, others: Sequence[Said]) -> list[Said]:
    """Return what a denial most likely answers: the nearest in words and place, and all that
    others say of the same incident in words of the denial or in other articles.
    """
    ranked = sorted(
        others,
        key=lambda other: (
            -len(one.about & other.about), other.article != one.article,
            abs(other.start - one.start), other.article, other.start,
        ),
    )  # fmt: skip
    same = [
        other
        for other in ranked
        if other.incidents & one.incidents
        and (other.article != one.article or one.about & other.about)
    ]
    return list(dict.fromkeys(same + ranked[: 1 if same else 3]))


def _answers(one: Said, other: Said) -> bool:
    """A sentence with "no" contradicts another only where they share much."""
    if one.incidents & other.incidents or (_near(one, other) and _names(other, one.speaker)):
        return True
    return other.stance in ("claim", "accuse", "blame") and len(one.about & other.about) >= 2


def _blames(said: Sequence[Said]) -> list[list[Said]]:
    """Return attributions of blame by different speakers on one matter."""
    blames = [one for one in said if one.stance == "blame"]
    accusers = [one for one in said if one.stance in ("blame", "accuse")]
    pairs = [
        (one, other)
        for one in blames
        for other in accusers
        if one != other
        and not same_speaker(one.speaker, other.speaker)
        and _together_or_near(one, other)
    ]
    return _groups(pairs)


def _together_or_near(one: Said, other: Said) -> bool:
    return _near(one, other) or _together(one, other)


#: A refusal to speak, unlike a refusal to do something.
_COMMENT = re.compile(
    r"\b(?:comment\w*|answer\w*|say|discuss\w*|respond\w*|repl(?:y|ies|ied)|confirm|elaborate|"
    r"interview\w*|reached|silent|remarks?|questions?)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\b(?:sum|figures?|numbers?|amount|toll|total|cost|size)\b", re.IGNORECASE)


def _silences(said: Sequence[Said]) -> list[list[Said]]:
    """Return refusals to comment with what another said on the matter before, in that text."""
    found = []
    for one in said:
        if one.stance != "decline" or not _COMMENT.search(one.told):
            continue
        before = [
            other
            for other in said
            if other.start < one.start
            and _near(one, other)
            and other.stance in _CONTESTED
            and not same_speaker(one.speaker, other.speaker)
            and _asks(other, one)
        ]
        if before:
            found.append([before[-1], one])
    return found


#: What a silence may leave standing: a confirmation asks nothing of anybody.
_CONTESTED = _ASSERTS - {"confirm"}
#: Words of a refusal that say nothing of what it is on.
_QUESTIONS = stems(
    "comment answer respond reply question request decline refuse say discuss matter further "
    "immediately elaborate details interview"
)
#: Words a statement has beyond the silent one's name, at least, to be on more than who it is.
_MORE = 3


def _asks(other: Said, silent: Said) -> bool:
    """Whether somebody's words are what another keeps silent on: its matter, where it has one."""
    matter = silent.about - _QUESTIONS
    if matter:
        shared = bool(other.about & matter)
        return shared or bool(_AMOUNT.search(silent.words) and re.search(r"\d", other.words))
    named = stems(silent.speaker.name or silent.speaker.words) if silent.speaker else frozenset()
    beyond = stems(other.words) - named
    return _names(other, silent.speaker) and len(beyond) >= _MORE


def _groups(pairs: Iterable[tuple[Said, Said]]) -> list[list[Said]]:
    """Return what pairs connect, each group in order of time."""
    up: dict[Said, Said] = {}

    def top(one: Said) -> Said:
        while up.setdefault(one, one) != one:
            one = up[one]
        return one

    for one, other in pairs:
        up[top(one)] = top(other)
    groups: dict[Said, list[Said]] = defaultdict(list)
    for one in up:
        groups[top(one)].append(one)
    ordered = [sorted(group, key=_order) for group in groups.values()]
    return sorted(ordered, key=lambda group: _order(group[0]))


def _order(one: Said) -> tuple[str, str, int, str]:
    return one.day, one.article, one.start, one.statement


# -- rows -------------------------------------------------------------------------------


def _dispute(kind: str, group: Sequence[Said], story: str) -> Dispute:
    sides = tuple(
        Side(
            one.article, one.statement or None, one.start, one.end, one.speaker,
            {"blame": "accuse", "contradict": "deny"}.get(one.stance, one.stance),
            one.words, one.day or None,
        )
        for one in group
    )  # fmt: skip
    counted: dict[str, int] = defaultdict(int)
    for one in group:
        for id_ in one.incidents:
            counted[id_] += 1
    incident = min(counted, key=lambda id_: (-counted[id_], id_)) if counted else None
    return _row(kind, story, incident, _matter(group), sides)


def _matter(group: Sequence[Said]) -> str:
    """Return the words that say what it is about: those denied, blamed or asked for."""
    pointed = [one for one in group if one.stance in ("deny", "decline", "blame")] or list(group)
    return min(
        pointed, key=lambda one: (len(one.about) == 0, one.day, one.article, one.start)
    ).words


def _figures_dispute(
    group: Sequence[measures.Measure], story: str, incidents: Sequence[Incident]
) -> Dispute:
    sides = tuple(
        Side(
            one.article, one.statement or None, one.start, one.end, one.speaker, "state", one.words,
            one.day or None,
        )
        for one in group
    )  # fmt: skip
    about = next((one.of for one in group if one.of not in (None, "count", "amount")), None)
    return _row("figures", story, group[0].incident, about or group[0].sentence, sides)


def _row(
    kind: str, story: str, incident: str | None, about: str, sides: tuple[Side, ...]
) -> Dispute:
    what = "\x1f".join((kind, sides[0].article, sides[0].words, str(sides[0].start)))
    id_ = "d" + hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:16]
    return Dispute(id_, kind, story, incident, about, sides)


def moves(row: Dispute) -> list[tuple[str | None, Side]]:
    """Return how a dispute moved: each speaker's words where they are new."""
    last: list[tuple[Party | None, str]] = []
    steps = []
    for side in row.sides:
        known = [words for speaker, words in last if same_speaker(speaker, side.speaker)]
        if side.words not in known:
            steps.append((side.day, side))
            last.append((side.speaker, side.words))
    return steps
