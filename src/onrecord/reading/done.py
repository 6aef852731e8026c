"""Done: what happened — triggers, their types and status, participants, merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np

from onrecord import ontology
from onrecord.reading import labels as L
from onrecord.reading._contexts import contexts
from onrecord.reading.decode import Floats, Range, Tagged, ends, links, sigmoid, softmax
from onrecord.reading.encoder import Answers
from onrecord.reading.scene import Scene
from onrecord.reading.words import Ints, numbered
from onrecord.record import Event, EventMention, Participant, Span, Statement

#: Words between a trigger and what fills one of its roles.
REACH = 150
#: Probability from which a role is filled, and from which a trigger is a later mention
#: of an earlier one's event ("merge"; "across" types) or known only through a statement
#: ("by").  A model may come with floors of its own.
FLOORS = {**dict.fromkeys(L.ROLES, 0.5), "merge": 0.5, "merge across": 0.9, "by": 0.5}
#: How much surer a role must be that another sentence than the trigger's fills (F1 on dev's
#: triggers: actors 74.3 to 75.3, recipients 67.3 to 69.9, figures 65.0 to 72.2; days and places
#: found 57 to 58 and 43 to 46).
ELSEWHERE = {"actor": 0.45, "recipient": 0.45, "figure": 0.4, "place": 0.2, "date": 0.3}
#: What a link between two mentions of an event loses for each thing that tells them apart
#: (merging on dev 66.4 to 68.7).
DIFFERENT = 1.0
#: Types whose size is counted in people and things, never in percent.
BODILY = frozenset(("ASSAULT", "COERCE", "PROTEST", "MOBILIZE"))

_PARTIES = ("actor", "recipient")
_HOSTING = frozenset(
    "receive receives received receiving host hosts hosted hosting "
    "welcome welcomes welcomed welcoming".split()
)
_BE = frozenset("is are was were be been being".split())
_BETWEEN = frozenset(("not", "also", "then", "later", "first"))
_RELATIVES = frozenset(("who", "which", "that"))
_AUXILIARIES = frozenset(("had", "have", "has", "later", "also", "then"))
_CONJUNCTIONS = frozenset((",", "and", "or", "but", "then", "nor"))
_SLIGHT = frozenset(("the", "a", "of", "and", "in", "on"))
_SENTENCE_ENDS = frozenset((".", "!", "?", ";", "\u201d"))
_MODES_OF = {
    kind: [i for i, (k, _) in enumerate(L.MODE_CLASSES) if k == kind] for kind in L.EVENT_TYPES
}


@dataclass
class Trigger:
    """One mention of an event, in words."""

    words: Range
    type: str
    mode: str | None
    status: str
    #: Whether the event is known only because a source says so.
    by: bool
    confidence: float
    #: Role → (candidate index, probability), best first.
    roles: dict[str, list[tuple[int, float]]] = field(default_factory=dict)


@dataclass
class Happening:
    """Triggers of one event, in text order."""

    triggers: list[Trigger]

    @property
    def head(self) -> Trigger:
        """The first mention."""
        return self.triggers[0]

    def filled(self, role: str) -> list[tuple[int, float]]:
        """What fills a role: as the first mention that has any says."""
        return next((t.roles[role] for t in self.triggers if t.roles.get(role)), [])


def happenings(
    answers: Answers,
    triggers: Sequence[Tagged],
    candidates: Sequence[Tagged],
    distance: Mapping[str, Floats],
    floors: Mapping[str, float],
    sentences: Sequence[Span] = (),
) -> list[Happening]:
    """Events of an article; ``candidates`` are spans that may fill roles.

    Where ``sentences`` are given, a role filled from another sentence than the trigger's
    must be surer (``ELSEWHERE``).
    """
    found = [_trigger(answers, t, floors["by"]) for t in triggers]
    _fill_roles(answers, found, candidates, distance, floors, numbered(answers.words, sentences))
    words = [answers.words.word(i) for i in range(len(answers.words))]
    hosts(found, words)
    by_phrases(found, candidates, words)
    relative_subjects(found, candidates, words)
    share_subjects(found, candidates, words)
    return _merged(answers, found, distance["event"], floors, differences(found, candidates, words))


def _trigger(answers: Answers, tagged: Tagged, by_floor: float) -> Trigger:
    words = (tagged.first, tagged.last)
    mode = ends(answers.classes["mode"], [words])[0]
    own = _MODES_OF[tagged.label]
    best = own[int(mode[own].argmax())]
    status = softmax(ends(answers.classes["status"], [words]))[0]
    by = softmax(ends(answers.classes["by"], [words]))[0, 1]
    return Trigger(
        words,
        tagged.label,
        L.MODE_CLASSES[best][1],
        L.STATUS_CLASSES[int(status.argmax())],
        bool(by >= by_floor),
        tagged.confidence,
    )


def _fill_roles(
    answers: Answers,
    triggers: Sequence[Trigger],
    candidates: Sequence[Tagged],
    distance: Mapping[str, Floats],
    floors: Mapping[str, float],
    sentence: Ints,
) -> None:
    for role in L.ROLES:
        label = "participant" if role in _PARTIES else role
        own = [i for i, c in enumerate(candidates) if c.label == label]
        answer = [(candidates[i].first, candidates[i].last) for i in own]
        ask = [t.words for t in triggers]
        table = links(answers.queries[role], answers.keys[role], distance[role], ask, answer)
        for trigger, row in zip(triggers, sigmoid(table)):
            at = trigger.words[0]
            near = [
                (i, float(p))
                for i, p, r in zip(own, row, answer)
                if p >= floors[role] + ELSEWHERE.get(role, 0.0) * (sentence[r[0]] != sentence[at])
                and abs(r[0] - at) <= REACH
            ]
            trigger.roles[role] = sorted(near, key=lambda x: -x[1])
    for trigger in triggers:
        _settle(trigger)


def _settle(trigger: Trigger) -> None:
    """A candidate is actor or recipient, not both; one place and one date."""
    actors, recipients = dict(trigger.roles["actor"]), dict(trigger.roles["recipient"])
    for i in actors.keys() & recipients.keys():
        (recipients if actors[i] >= recipients[i] else actors).pop(i)
    trigger.roles["actor"] = list(actors.items())
    trigger.roles["recipient"] = list(recipients.items())
    for role in ("place", "date"):
        trigger.roles[role] = trigger.roles[role][:1]


def hosts(triggers: Sequence[Trigger], words: Sequence[str]) -> None:
    """A visitor acts, and the host is acted on: "the king received the envoy"."""
    for trigger in triggers:
        at, roles = trigger.words[0], trigger.roles
        if trigger.type != "CONSULT" or words[at].lower() not in _HOSTING:
            continue
        if not passive(words, at) and not _followed_by_by(words, trigger):
            roles["actor"], roles["recipient"] = roles["recipient"], roles["actor"]


def passive(words: Sequence[str], at: int) -> bool:
    """Whether a form of "be" goes with the verb at ``at``: "has been warmly received"."""
    before = at - 1
    while before >= 0 and (words[before].endswith("ly") or words[before] in _BETWEEN):
        before -= 1
    return before >= 0 and words[before].lower() in _BE


def _followed_by_by(words: Sequence[str], trigger: Trigger) -> bool:
    return words[trigger.words[1] : trigger.words[1] + 1] == ["by"]


def by_phrases(
    triggers: Sequence[Trigger], candidates: Sequence[Tagged], words: Sequence[str]
) -> None:
    """Whoever stands right after "by" acts: "a raid by the navy", "arrested by soldiers"."""
    starts = {c.first: i for i, c in enumerate(candidates) if c.label == "participant"}
    for trigger in triggers:
        index = starts.get(trigger.words[1] + 1)
        if index is None or not _followed_by_by(words, trigger):
            continue
        sure = max([p for role in _PARTIES for i, p in trigger.roles[role] if i == index] or [0.5])
        for role in _PARTIES:
            trigger.roles[role] = [x for x in trigger.roles[role] if x[0] != index]
        trigger.roles["actor"].append((index, sure))


def relative_subjects(
    triggers: Sequence[Trigger], candidates: Sequence[Tagged], words: Sequence[str]
) -> None:
    """Whoever stands before "who" acts: "the villagers who had blocked the road"."""
    for trigger in triggers:
        for role in trigger.roles["recipient"]:
            between = words[candidates[role[0]].last : trigger.words[0]]
            if between and between[0] in _RELATIVES and _AUXILIARIES.issuperset(between[1:]):
                trigger.roles["recipient"].remove(role)
                trigger.roles["actor"].append(role)
                break


def share_subjects(
    triggers: Sequence[Trigger], candidates: Sequence[Tagged], words: Sequence[str]
) -> None:
    """Verbs in a row have one subject: "Kenya closed the port, seized two ships and warned …".

    A trigger right after a comma or conjunction that has no actor takes that of the verb
    before it in the sentence, when that one's actor stands before it.
    """
    for before, trigger in pairwise(triggers):
        actors = [a for a in before.roles["actor"] if candidates[a[0]].last <= before.words[0]]
        if actors and not trigger.roles["actor"] and _in_a_row(words, before.words, trigger.words):
            taken = {i for i, _ in trigger.roles["recipient"]}
            trigger.roles["actor"] = [a for a in actors if a[0] not in taken]


def _in_a_row(words: Sequence[str], one: Range, other: Range) -> bool:
    """Whether only objects and a conjunction stand between two verbs of the same form."""
    between = [w.lower() for w in words[one[1] : other[0]]]
    while between and between[-1].endswith("ly"):
        between.pop()
    return (
        len(between) > 0
        and between[-1] in _CONJUNCTIONS
        and not _SENTENCE_ENDS.intersection(between)
        and (_ing(words[one[0]]) == _ing(words[other[0]]))
    )


def _ing(word: str) -> bool:
    return word.lower().endswith("ing")


def differences(
    triggers: Sequence[Trigger], candidates: Sequence[Tagged], words: Sequence[str]
) -> Floats:
    """What tells two triggers apart: status, day, place; counts, (triggers, triggers)."""

    def said(trigger: Trigger, role: str) -> set[str]:
        spans = [candidates[i] for i, _ in trigger.roles.get(role, ())]
        return {w.lower() for c in spans for w in words[c.first : c.last]} - _SLIGHT

    own = [(t.status, said(t, "date"), said(t, "place")) for t in triggers]
    out = np.zeros((len(own), len(own)), np.float32)
    for i, (status, *where) in enumerate(own):
        for j, (other, *there) in enumerate(own[:i]):
            apart = sum(bool(a and b) and a.isdisjoint(b) for a, b in zip(where, there))
            out[i, j] = apart + (status != other)
    return out


def _merged(
    answers: Answers,
    triggers: Sequence[Trigger],
    distance: Floats,
    floors: Mapping[str, float],
    different: Floats,
) -> list[Happening]:
    """Later mentions join the event of the earlier trigger they point to.

    One of another type needs the surer link, and then takes the event's type: what a noun
    like "the call" names is clearer from what it refers to than from the word.
    """
    ask = [t.words for t in triggers]
    scores = links(answers.queries["event"], answers.keys["event"], distance, ask, ask)
    table = sigmoid(scores - DIFFERENT * different)
    out: list[Happening] = []
    home: list[int] = []
    for i, trigger in enumerate(triggers):
        floor = [
            floors["merge"] if out[home[j]].head.type == trigger.type else floors["merge across"]
            for j in range(i)
        ]
        able = [j for j in range(i) if table[i, j] > floor[j]]
        if able:
            home.append(home[max(able, key=lambda j, row=table[i]: row[j])])  # type: ignore[misc]
            trigger.type = out[home[i]].head.type
            out[home[i]].triggers.append(trigger)
        else:
            home.append(len(out))
            out.append(Happening([trigger]))
    return out


class Teller(Protocol):
    """Answers country, sector and confidence of a participant's words."""

    def __call__(self, words: Range) -> tuple[str | None, str | None, float]: ...


def events(
    found: Sequence[Happening],
    candidates: Sequence[Tagged],
    scene: Scene,
    statements: Sequence[Statement],
    told: Teller,
) -> list[Event]:
    """Happenings as rows of the record, in text order."""
    writer = _Writer(candidates, scene, statements, told)
    return [writer.event(f"v{number}", h) for number, h in enumerate(found, 1)]


@dataclass
class _Writer:
    candidates: Sequence[Tagged]
    scene: Scene
    statements: Sequence[Statement]
    told: Teller

    def event(self, key: str, h: Happening) -> Event:
        scene, head = self.scene, h.head
        trigger = scene.span(head.words)
        actors = self._participants(h.filled("actor"))
        recipients = self._participants(h.filled("recipient"))
        within = [s for s in self.statements if _holds(s, trigger)]
        sentence = scene.sentence(trigger.start)
        sectors = [p.sector for p in (*actors, *recipients)]
        mentions = [EventMention(*_pair(scene.span(t.words)), t.status) for t in h.triggers]
        return Event(
            id=key,
            type=head.type,
            mode=head.mode,
            contexts=contexts(
                head.type, head.mode, sectors, scene.text[sentence.start : sentence.end]
            ),
            status=head.status,
            trigger=trigger,
            mentions=mentions,
            actors=actors,
            recipients=recipients,
            place=self._place(h),
            time=self._time(h),
            figures=self._figures(h),
            statement=_teller(within, head.by),
            within=[s.id for s in within],
            score=ontology.score(head.type, head.mode),
            confidence=round(head.confidence, 4),
        )

    def _words(self, index: int) -> Range:
        return self.candidates[index].first, self.candidates[index].last

    def _participants(self, filled: Sequence[tuple[int, float]]) -> list[Participant]:
        """One row an entity: where it is mentioned several times, the likeliest mention."""
        best: dict[str, tuple[int, float]] = {}
        for index, probability in filled:
            key = self.scene.entity_of.get(self._words(index)) or self.scene.said(
                self._words(index)
            )
            if key not in best or probability > best[key][1]:
                best[key] = (index, probability)
        return [self._participant(index, sure) for index, sure in sorted(best.values())]

    def _participant(self, index: int, probability: float) -> Participant:
        words = self._words(index)
        span = self.scene.span(words)
        country, sector, _ = self.told(words)
        entity = self.scene.entity_of.get(words)
        return Participant(span.start, span.end, entity, country, sector, round(probability, 4))

    def _place(self, h: Happening) -> str | None:
        for index, _ in h.filled("place"):
            places = self.scene.places_in(self.scene.span(self._words(index)))
            if places:
                return places[0].id
        return None

    def _time(self, h: Happening) -> str | None:
        """The first day or hour linked to a mention; a length of time only if there is none."""
        linked = [i for t in h.triggers for i, _ in t.roles.get("date", ())]
        times = [t for i in linked for t in self.scene.times_in(self.scene.span(self._words(i)))]
        points = [t for t in times if t.type in ("DATE", "TIME")]
        return (points or times)[0].id if times else None

    def _figures(self, h: Happening) -> list[str]:
        out: list[str] = []
        kind = h.head.type
        for index, _ in sorted(h.filled("figure")):
            figures = self.scene.figures_in(self.scene.span(self._words(index)))
            out += [f.id for f in figures if f.of != "share" or kind not in BODILY]
        return list(dict.fromkeys(out))


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _holds(statement: Statement, trigger: Span) -> bool:
    return any(c.start <= trigger.start and trigger.end <= c.end for c in statement.content)


def _teller(within: Sequence[Statement], by: bool) -> str | None:
    """The narrowest utterance around the trigger, where the event hangs on it."""
    uttered = [s for s in within if s.kind == "statement"] or list(within)
    if not by or not uttered:
        return None
    return min(uttered, key=lambda s: sum(c.end - c.start for c in s.content)).id
