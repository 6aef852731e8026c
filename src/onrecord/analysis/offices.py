"""Who holds which office, as the reports say: sightings, joined into spells, with their proof.

An office is seen where a text puts it beside a name ("Foreign Minister Ana Ruiz", "Ana Ruiz,
the mayor of Gulu") or says that somebody came into or left it ("was appointed", "resigned").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from onrecord import record as r
from onrecord.analysis.roles import HEADS, Role, is_local, is_vague, parse
from onrecord.analysis.rows import Office
from onrecord.analysis.told import Facts, root
from onrecord.analysis.words import name_words, same_name, stems
from onrecord.knowledge.actors import Actor
from onrecord.knowledge.countries import lookup


class Sighting(NamedTuple):
    """One place in one article that gives somebody an office."""

    article: str
    origin: str
    day: str
    person: str
    role: Role
    #: Country of the person as the record has it, and the one named nearest before: both
    #: weaker than one that the office's words name.
    country: str | None
    near: str | None
    #: That of the place whose office it is ("mayor of Gulu"), and of the dateline or byline.
    place: str | None
    dateline: str | None
    #: The head of state or government named last before, or the predecessor: an official of
    #: that one's country, likely.
    head: str | None
    start: int
    end: int


class Succession(NamedTuple):
    """Two holders of one office."""

    office: str
    country: str | None
    before: Office
    after: Office
    #: Both were seen in it at once, and nothing says that either left.
    conflict: bool


_PLAIN = r"(?:(?!and\b|or\b|but\b|also\b)[\w'’.-]+ )"
_OF = r"(?: (?:of|for|to) (?:the )?[\w'’-]+(?: (?:of\b|and\b|the\b|[A-Z][\w'’-]+))*(?: [\w'’-]+)?)?"
_PHRASE = rf"{_PLAIN}{{0,5}}?(?:{HEADS})\b{_OF}"
_ROLE = rf"(?P<role>{_PHRASE})"
#: A title as it stands before a name: words with capitals, few without.
_TITLE = (
    r"(?P<role>(?:(?:[A-Z][\w'’.-]*|foreign|prime|interior|health|deputy|state|police|army|navy|"
    rf"union|party|opposition|former|of|and) )*(?i:{HEADS})),? $"
)
_DISMISSED = "dismissed|sacked|fired|removed|ousted|suspended|dropped|forced out"
_CAME = (
    "(?:has been |had been |have been |was |is |will be )?(?:re-?)?"
    "(?:appointed|named|elected|sworn in|installed|became|becomes|took office|took over|is|serves)"
)
_WENT = (
    "(?:has |had |have )?"
    f"(?:resigned|resigns|stepped down|quit|retired|(?:was |been )+(?:{_DISMISSED}))"
)
_WAS = (
    r"(?:until (?:then|now|last \w+)(?: was| had been)?|was (?:until|formerly|previously)|"
    "(?:formerly|previously|once) (?:was|served as)|had (?:served|been)(?: as)?|served as)"
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


#: What may stand after a name, and whether it says that the office is past (None: it does not say).
_AFTER: tuple[tuple[re.Pattern[str], bool | None], ...] = (
    (_pattern(rf",? (?P<role>(?:a|an|the|its|their|his|her) {_PHRASE})"), None),
    (_pattern(rf", {_ROLE}"), None),
    (_pattern(rf",? (?:who )?{_CAME}(?: as)? {_ROLE}"), False),
    (_pattern(rf",? (?:who )?{_WENT} (?:as|from (?:the|his|her) post of) {_ROLE}"), True),
    (_pattern(rf",? (?:who )?{_WAS} {_ROLE}"), True),
)
#: What may stand before a name.
_BEFORE: tuple[tuple[re.Pattern[str], bool | None], ...] = (
    (re.compile(rf"\b{_TITLE}"), None),
    (_pattern(rf"\b(?:the|its|their|his|her|our) {_ROLE}, $"), None),
    (_pattern(rf"\b(?:successor|replacement) (?:as )?{_ROLE}(?: is|,|:| will be) $"), False),
    (_pattern(rf"\b(?:dismissed|sacked|fired|ousted) (?:the |its |his )?{_ROLE},? $"), True),
)
#: Says that the one just named has left office, wherever the office is told.
_LEFT = _pattern(
    r"(?:,[^,.]{2,60},)? (?:has |had |have |on \w+ )?"
    f"(?:resigned|resigns|stepped down|steps down|quits?|(?:been |was )(?:{_DISMISSED}))"
)


def sightings(record: r.Record, id_: str, origin: str) -> list[Sighting]:
    """Return the offices that one article gives to named persons."""
    facts = Facts(record, id_)
    found: list[Sighting] = []
    for entity in record.entities:
        if entity.kind == "person" and entity.name and len(name_words(entity.name)) > 0:
            found += _of_person(facts, entity, origin)
    found = [one._replace(head=_head(one, found)) for one in found]
    return [*found, *_relative(record, found)] if found else []


#: Offices whose holder speaks for a whole country.
_GOVERNS = re.compile(
    r"(?:president|prime minister|premier|chancellor|king|queen|emir|sultan)", re.I
)
#: How far before an official a head of state or government is named at most, in characters.
_HEAD_REACH = 300


def _governs(role: Role) -> bool:
    return role.organisation is None and bool(_GOVERNS.fullmatch(role.office))


def _head(one: Sighting, found: Sequence[Sighting]) -> str | None:
    heads = [
        other
        for other in found
        if _governs(other.role)
        and other.person != one.person
        and one.start - _HEAD_REACH <= other.start <= one.end
    ]
    return max(heads, key=lambda other: (other.start, other.person)).person if heads else None


def _of_person(facts: Facts, entity: r.Entity, origin: str) -> Iterator[Sighting]:
    text = facts.record.article.text
    day = (facts.record.article.published or "")[:10]
    named = [row for row in entity.mentions if row.kind == "name"]
    roles: list[tuple[Role, int, int]] = []
    for mention in named:
        first, last = facts.sentence(mention.start)
        start, end = _bounds(entity, mention, text)
        roles += _beside(text, (first, start), (end, last))
    whole = parse(entity.role) if entity.role and named else None
    if whole and not any(stems(whole.office) & stems(role.office) for role, _, _ in roles):
        roles.append((whole, *facts.sentence(named[0].start)))
    left = any(_LEFT.match(text[row.end : facts.sentence(row.start)[1]]) for row in named)
    for role, start, end in roles:
        held = _of_whom(facts, role, start, named[0].start)
        if is_vague(held):
            continue
        held = held._replace(former=held.former or left)
        yield Sighting(
            facts.id, origin, day, entity.name or "", held, entity.country,
            _near(facts, start, end, named[0].start), _country_of(facts, held), _dateline(facts),
            None, start, end,
        )  # fmt: skip


_OWN = _pattern(r"\b(?:its|their)\b")


def _of_whom(facts: Facts, role: Role, start: int, name: int) -> Role:
    """Give "its leader" and "the union's leader" the body that is named before.

    "Its" is most likely the subject of the sentence before: the first body named there.
    """
    text, owner = facts.record.article.text, role.organisation
    own = _OWN.search(text, start, facts.sentence(name)[1])
    if not (owner.islower() if owner else own and is_vague(role)):
        return role
    bodies = sorted(
        (mention.start, _body(entity, text[mention.start : mention.end]))
        for entity in facts.record.entities
        if entity.kind == "organization"
        for mention in entity.mentions
        if start - _HEAD_REACH <= mention.start < name and mention.kind != "pronoun"
    )
    fitting = [(at, body) for at, body in bodies if owner is None or owner in body.split()]
    if not fitting:
        return role
    ahead = [body for at, body in fitting if facts.sentence(at)[1] <= start]
    before = facts.sentence(fitting[len(ahead) - 1][0])[0] if ahead else start
    body = next(body for at, body in fitting if at >= before)
    land, _, rest = body.partition("'s ")
    match = lookup(land) if rest else None
    code = match.code if match is not None and match.kind == "name" else None
    return role._replace(organisation=rest if code else body, country=role.country or code)


def _body(entity: r.Entity, words: str) -> str:
    named = entity.name or words.split(",")[0]
    return re.sub(r"^(?:the|a|an) ", "", named, flags=re.IGNORECASE)


def _country_of(facts: Facts, role: Role) -> str | None:
    """Return the country of the place whose office it is, as the record has that place."""
    if not is_local(role) or not role.organisation:
        return None
    return next(
        (
            row.country
            for row in facts.record.places
            if row.country and row.name and same_name(row.name, role.organisation)
        ),
        None,
    )


def _dateline(facts: Facts) -> str | None:
    """Return the country of the place that a dateline or a byline names."""
    text = facts.record.article.text
    for row in facts.record.places:
        line = text[text.rfind("\n", 0, row.start) + 1 : row.start]
        if row.country and (row.basis == "dateline" or re.match(r"By [^.]{3,60}$", line)):
            return row.country
    return None


#: Says that a place is where an office has its seat: "X, a navy spokesman in …".
_SEAT = re.compile(rf",? (?:the|a|an) (?:[\w'’-]+ ){{0,4}}(?:{HEADS}) (?:in|at|for) $", re.I)


def _near(facts: Facts, start: int, end: int, name: int) -> str | None:
    """Return the country that a sentence names alone, or last before a name in its paragraph."""
    text = facts.record.article.text
    line = text.rfind("\n", 0, name) + 1
    named = [
        (row.start, entity.country)
        for entity in facts.record.entities
        if entity.kind == "country" and entity.country
        for row in entity.mentions
        if row.kind in ("name", "demonym")
    ]
    spots = [
        (row.start, row.country)
        for row in facts.record.places
        if row.country and row.precision != "country"
    ]
    beside = [code for at, code in spots if name <= at < end and _SEAT.search(text[name:at])]
    if beside:
        return beside[0]
    named += spots
    found = {code for at, code in named if start <= at < end}
    if len(found) == 1:
        return found.pop()
    before = sorted((pair for pair in named if line <= pair[0] < name), reverse=True)
    return before[0][1] if before else None


_RELATIVE = _pattern(
    r"\b(?:his|her|their|its|the) (?:(?P<land>[A-Z]\w+) )?(?P<what>counterpart|successor),? $"
)


def _relative(record: r.Record, seen: Sequence[Sighting]) -> Iterator[Sighting]:
    """Yield the offices of counterparts and successors: those of the person named before."""
    facts, text = Facts(record, seen[0].article), record.article.text
    for entity in record.entities:
        for row in entity.mentions if entity.kind == "person" and entity.name else ():
            start, end = facts.sentence(row.start)
            match = _RELATIVE.search(text[start : _bounds(entity, row, text)[0]])
            before = [one for one in seen if one.end <= end and one.person != entity.name]
            if row.kind != "name" or match is None or not before:
                continue
            left = match["what"].lower() == "successor"
            other = max(before, key=lambda one: (left and one.role.former, one.start, one.end))
            land = lookup(match["land"]) if match["land"] else None
            own = not left
            code = land.code if land else entity.country if own else other.role.country
            role = Role(other.role.office, None if own else other.role.organisation, code, False)
            yield Sighting(
                other.article, other.origin, other.day, entity.name or "", role,
                entity.country, None if own else other.near, None, other.dateline,
                None if own else other.person, start, end,
            )  # fmt: skip


def _bounds(entity: r.Entity, mention: r.Mention, text: str) -> tuple[int, int]:
    """Return where the name itself stands in a mention that may hold a title too."""
    words = text[mention.start : mention.end]
    last = (entity.name or "").split()
    at = words.find(last[0]) if last else -1
    return mention.start + max(at, 0), mention.end


def _beside(
    text: str, before: tuple[int, int], after: tuple[int, int]
) -> Iterator[tuple[Role, int, int]]:
    """Yield the offices whose words stand right before or after a name, within its sentence."""
    ahead, behind = text[slice(*before)], text[slice(*after)]
    for pattern, former in _BEFORE:
        match = pattern.search(ahead[-160:])
        if match and (role := parse(match["role"])):
            yield _told(role, former), before[0], after[1]
    for pattern, former in _AFTER:
        match = pattern.match(behind)
        if match and (role := parse(match["role"])):
            yield _told(role, former), before[0], after[1]


def _told(role: Role, former: bool | None) -> Role:
    return role if former is None else role._replace(former=former or role.former)


# -- joined -----------------------------------------------------------------------------


def offices(
    records: Mapping[str, r.Record],
    origin_of: Mapping[str, str],
    *,
    as_of: str | None = None,
    corrected: Iterable[Office] = (),
) -> list[Office]:
    """Return who holds or held which office, by name.

    ``as_of``: from what was published up to that day (ISO).  ``corrected``: rows that a
    person has set; they replace what the reports say of that person and office.
    """
    seen = [
        one
        for id_, record in sorted(records.items())
        if as_of is None or (record.article.published or "")[:10] <= as_of
        for one in sightings(record, id_, root(id_, origin_of))
    ]
    return settled(seen, corrected)


def settled(seen: Iterable[Sighting], corrected: Iterable[Office] = ()) -> list[Office]:
    """Join sightings of one person in one office; corrections win."""
    right, seen = list(corrected), list(seen)
    persons = _persons(seen)
    posts = [group for spells in persons for group in _posts(spells)]
    known = _governed(persons)
    heads = {one.person for one in seen if _governs(one.role)}
    # A successor's country is that of the one before, whatever that rests on.
    before = {
        one.person: row.country
        for group in posts
        if (row := _office(group, known)).country
        for one in group
        if one.person not in heads
    }
    rows = [_office(group, before | known) for group in posts]
    rows = [row for row in rows if not any(_same_post(row, one) for one in right)]
    return sorted(rows + right, key=lambda row: (row.person, row.office, row.first_seen or ""))


def _persons(seen: Iterable[Sighting]) -> list[list[Sighting]]:
    """Put sightings of one person together, the fullest names first."""
    ordered = sorted(
        seen,
        key=lambda one: (-len(name_words(one.person)), one.person, one.day, one.article, one.start),
    )
    groups: list[list[Sighting]] = []
    index: dict[str, list[list[Sighting]]] = defaultdict(list)
    for one in ordered:
        last = name_words(one.person)[-1]
        for group in index[last]:
            if same_name(group[0].person, one.person) and _may_be(group, one):
                group.append(one)
                break
        else:
            groups.append([one])
            index[last].append(groups[-1])
    return groups


def _governed(persons: Iterable[Sequence[Sighting]]) -> dict[str, str]:
    """Return the country of each head of state or government whose words name it, by any name."""
    found: dict[str, str] = {}
    for group in persons:
        votes: dict[str, int] = defaultdict(int)
        for one in group:
            if one.role.country and _governs(one.role):
                votes[one.role.country] += 1
        if votes:
            code = min(votes, key=lambda code: (-votes[code], code))
            found.update((one.person, code) for one in group)
    return found


def _may_be(group: Sequence[Sighting], one: Sighting) -> bool:
    """A family name alone is the same person where office or country agree."""
    if len(name_words(one.person)) > 1:
        return True
    return any(one.country == other.country and _one_post(one.role, other.role) for other in group)


def _posts(spells: Sequence[Sighting]) -> list[list[Sighting]]:
    """Put a person's sightings in one office together; the fullest words first."""
    ordered = sorted(
        spells,
        key=lambda one: (-len(stems(_full(one.role))), str(one.role), *_order(one)),
    )
    groups: list[list[Sighting]] = []
    for one in ordered:
        for group in groups:
            if any(_one_post(one.role, other.role) for other in group):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _order(one: Sighting) -> tuple[str, str, int]:
    return one.day, one.article, one.start


def _full(role: Role) -> str:
    return f"{role.office} {role.organisation or ''}"


def _one_post(one: Role, other: Role) -> bool:
    """Whether one office's words stand in the other's: "minister", "foreign minister"."""
    a, b = stems(_full(one)), stems(_full(other))
    heads = stems(one.office) & stems(other.office)
    return bool(heads) and (a <= b or b <= a or stems(one.office) == stems(other.office))


def _office(group: Sequence[Sighting], known: Mapping[str, str]) -> Office:
    """Make one row; the latest word says whether it is past."""
    ordered = sorted(group, key=lambda one: (one.day, one.article, one.start))
    days = [one.day for one in ordered if one.day]
    last = ordered[-1].day
    sentences = dict.fromkeys((one.article, one.start, one.end) for one in ordered)
    fullest = max(group, key=lambda one: (len(stems(_full(one.role))), one.role.office))
    names = [one.person for one in group]
    return Office(
        person=max(names, key=lambda name: (names.count(name) * len(name_words(name)), name)),
        office=_named(fullest.role),
        country=_country(group, known),
        organisation=next(
            (one.role.organisation for one in ordered if one.role.organisation), None
        ),
        former=any(one.role.former for one in ordered if one.day == last),
        first_seen=min(days, default=None),
        last_seen=max(days, default=None),
        origins=len({one.origin for one in group}),
        sentences=tuple(sentences),
    )


def _named(role: Role) -> str:
    """Return the office in lower case, proper names in it as they stand."""
    return " ".join(
        word.lower() if re.fullmatch(HEADS, word, re.IGNORECASE) else word
        for word in role.office.split()
    )


def _country(group: Sequence[Sighting], known: Mapping[str, str]) -> str | None:
    """Return the country that words name, else the one most articles put the person in.

    In words, by a head of state, named near, by dateline, as the record has the person: each
    weaker than the one before.
    """
    votes: dict[str, float] = defaultdict(float)
    for one in group:
        if one.role.country:
            votes[one.role.country] += 4
            continue
        by_head = known.get(one.head or "")
        bases = (one.place, 3.0), (by_head, 2.0), (one.near, 1.5), (one.dateline, 1.2)
        code, weight = next((pair for pair in (*bases, (one.country, 1.0)) if pair[0]), ("", 0))
        if code:
            votes[code] += weight
    return min(votes, key=lambda code: (-votes[code], code)) if votes else None


def _same_post(one: Office, other: Office) -> bool:
    return same_name(one.person, other.person) and bool(stems(one.office) & stems(other.office))


# -- who followed whom, and what a reader may use ----------------------------------------


def successions(rows: Iterable[Office]) -> list[Succession]:
    """Return pairs of persons whom reports put in one office of one country or organisation.

    Only offices that one person holds at a time: not senators, judges, spokesmen.
    """
    posts: dict[tuple[object, ...], list[Office]] = defaultdict(list)
    for row in rows:
        key = (frozenset(stems(row.office)), row.country, frozenset(stems(row.organisation or "")))
        if row.country and not _SHARED.search(row.office):
            posts[key].append(row)
    found = []
    for holders in posts.values():
        ordered = sorted(
            holders, key=lambda row: (not row.former, row.first_seen or "", row.person)
        )
        for before, after in pairwise(ordered):
            conflict = not before.former and not after.former
            found.append(Succession(after.office, after.country, before, after, conflict))
    return sorted(found, key=lambda one: (one.office, one.country or "", one.before.person))


_SHARED = re.compile(
    r"\b(?:senator|judge|justice|lawmaker|deputy|mp|congress\w+|legislator|prosecutor|spokes\w+|"
    r"adviser|advisor|envoy|commander|director|head|chief|leader|executive|founder|prince|princess|"
    r"ambassador|consul|commissioner|bishop|lawyer)\b",
    re.IGNORECASE,
)


def snapshot(rows: Iterable[Office]) -> list[Actor]:
    """Return offices as a table of actors that a reader can be given (``onrecord read --actors``).

    Each person once, in the office seen last; a record read with it depends on this table.
    """
    latest: dict[str, Office] = {}
    for row in sorted(rows, key=lambda row: (not row.former, row.last_seen or "", row.office)):
        latest[row.person] = row
    return [
        Actor(
            name=row.person, kind="person", country=row.country, sector=None,
            role=("former " if row.former else "") + row.office, start=row.first_seen, end=None,
        )
        for _, row in sorted(latest.items())
    ]  # fmt: skip
