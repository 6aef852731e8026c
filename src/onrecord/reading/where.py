"""Where: from toponyms to points on the map.

The names come from elsewhere (the entity head); this file decides what each
one means.  Every name has candidates in the gazetteer; they are weighed
together, over the whole article, by

- how prominent a candidate is (population, kind),
- containment: "Springfield, Illinois", "Tripoli (Lebanon)", "Mosul in Iraq",
- the countries and divisions the article names,
- how near it lies to what the article's other names probably mean,
- the publisher's country,

in a few rounds, after which each name has a probability for each candidate.
One name has one sense in an article unless containment says otherwise.  A name
that is not in the gazetteer stays unresolved.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from onrecord.knowledge.gazetteer import Entry, Match, matches, normalise
from onrecord.reading import _placing
from onrecord.reading._placing import Name, distance_km
from onrecord.record import Place, Span


class Toponym(NamedTuple):
    """A mention of a place, as the entity head gives it."""

    start: int
    end: int
    #: Probability that the words name a place.
    confidence: float


class Context(NamedTuple):
    """What is known of the article around the toponyms."""

    #: ISO 3166 alpha-3 → weight by mentions in the article (names, demonyms).
    countries: Mapping[str, float] = {}
    title: Span | None = None
    datelines: Sequence[Span] = ()
    #: ISO 3166 alpha-3.
    publisher_country: str | None = None


#: What a country counts that the user of a lookup names: more than any prominence.
ASKED_FOR = 4.0
#: Confidence of an unresolved place, as a share of its toponym's.
UNRESOLVED = 0.05
#: From the weight of the best candidate to a probability: below 1, for gazetteers differ and
#: annotators err; above the weight, for rivals that are weak together are weak each.  Fitted
#: on the even rows of the sets in docs/reading/where.md.
CEILING, FLOOR = 0.97, 0.4
#: What is left of the confidence when the next word is capitalised too ("Paris Hilton").
NAME_GOES_ON = 0.8
#: Below this probability the best candidate is not believed and the place stays unresolved.
BELIEVED = 0.02


def resolve(text: str, toponyms: Sequence[Toponym], context: Context) -> list[Place]:
    """Return one place per toponym, in text order, with ids p1, p2, …

    The same toponym given twice counts once; the order in which they are given
    makes no difference.  Raises ModelError when the gazetteer is missing or
    damaged, and nothing else, whatever the spans.  Time grows linearly with their
    number: each name is weighed against the names around it.
    """
    mentions = sorted(set(toponyms), key=lambda t: (t.start, t.end, -t.confidence))
    names, name_of = _names(text, mentions, context)
    surroundings = _placing.Surroundings(
        countries=dict(context.countries), publisher=context.publisher_country
    )
    _placing.weigh(names, surroundings)
    answers = [(name.best(), name.probability()) for name in names]
    return [
        _place(f"p{number}", text, mention, answers[name_of[number - 1]], context)
        for number, mention in enumerate(mentions, start=1)
    ]


def lookup(name: str, context: Sequence[str] = ()) -> list[Place]:
    """Return what a name may mean, best first; ``context`` is ISO 3166 alpha-3 codes.

    "Paris, Texas" is understood.  The spans are those of the whole name.
    """
    mention = Toponym(0, len(name), 1.0)
    countries = dict.fromkeys((code.upper() for code in context), 1.0)
    names, _ = _names(name, [mention], Context())
    chosen = _placing.PARAMETERS._replace(given_country=ASKED_FOR)
    _placing.weigh(names, _placing.Surroundings(countries, None), chosen)
    found = names[0]
    order = sorted(range(len(found.candidates)), key=lambda i: -found.weights[i])
    return [
        _filled(f"p{number}", mention, found.candidates[i].entry, "linked", found.weights[i])
        for number, i in enumerate(order, start=1)
    ]


# Names and their candidates


def _names(
    text: str, mentions: Sequence[Toponym], context: Context
) -> tuple[list[Name], list[int]]:
    """Group mentions by name and container; return the names and each mention's name."""
    names: list[Name] = []
    index: dict[tuple[str, str], int] = {}
    latest: dict[str, tuple[str, str]] = {}
    name_of = []
    before_held = False
    for number, mention in enumerate(mentions):
        key = normalise(text[mention.start : mention.end])
        found, held = _read(text, mention)
        sense = (key, found.containers[0].name) if held else latest.get(key, (key, ""))
        latest[key] = sense
        if sense not in index:
            index[sense] = len(names)
            names.append(Name(found.candidates, held, mention.start))
        name = names[index[sense]]
        name.count += 1
        name.dateline = name.dateline or _inside(mention, context.datelines)
        name.contains += before_held and _follows(text, mentions[number - 1], mention)
        name_of.append(index[sense])
        before_held = bool(held)
    _join_bare(names, index, name_of)
    _link_neighbours(text, mentions, names, name_of)
    return names, name_of


def _read(text: str, mention: Toponym) -> tuple[_Understood, frozenset[int]]:
    """Return a mention's candidates and containers, and which candidates these hold."""
    found = _understood(text[mention.start : mention.end])
    if not found.containers:
        containers, listed = _containers_after(text, mention.end)
        if listed and _could_be_listed(found.candidates, containers):
            containers = []
        found = found._replace(containers=containers)
    return found, _held(found.candidates, found.containers)


def _join_bare(names: list[Name], index: dict[tuple[str, str], int], name_of: list[int]) -> None:
    """Give mentions before the first contained one its sense: "Paris … Paris, Texas"."""
    contained: dict[str, int] = {}
    for (key, container), number in index.items():
        if container:
            contained.setdefault(key, number)
    moved = {index[key, ""]: number for key, number in contained.items() if (key, "") in index}
    for at, number in enumerate(name_of):
        if number in moved:
            name_of[at] = moved[number]
    for old, new in moved.items():
        names[new].count += names[old].count
        names[new].start = min(names[new].start, names[old].start)
        names[new].dateline = names[new].dateline or names[old].dateline
        names[old].count = 0


class _Understood(NamedTuple):
    candidates: Sequence[Match]
    #: Containers named inside the words themselves ("Paris, Texas").
    containers: Sequence[Entry] = ()


_DIRECTION = re.compile(
    r"(?:(?:far|central|deep|rural|mid)[ -])?"
    r"(north[ -]?east|north[ -]?west|south[ -]?east|south[ -]?west|north|south|east|west)"
    r"(?:ern)?[ -]|(?:central|upper|lower|greater|downtown|old|inner|outer|mid|metro|metropolitan|"
    r"rural|suburban|mainland|midtown|uptown|eastern and southern)[ -]",
    re.IGNORECASE,
)
#: Sites named after the place they stand in; the place's point is given for them.
_SITE_AFTER = re.compile(
    r"\s(?:international |regional |military |naval |central |general |state |city )?"
    r"(?:airport|air ?base|airfield|air force base|naval base|naval station|base|port|harbou?r|"
    r"university|hospital|medical center|prison|jail|stadium|zoo|dam|refinery|"
    r"railway station|train station|station|cathedral|high school|"
    r"refugee camp|camp|metropolitan area|metro area|area|suburbs|outskirts|"
    r"metro|metroplex|city hall|town hall)$",
    re.IGNORECASE,
)
_SITE_BEFORE = re.compile(r"(?:the )?(?:port|university|city centre|outskirts|suburbs) of ", re.I)
_SHIFTS = {"north": (1, 0), "south": (-1, 0), "east": (0, 1), "west": (0, -1)}


def _understood(surface: str) -> _Understood:
    """Return the candidates of a mention's words."""
    found = matches(surface)
    if found:
        return _Understood(found)
    head, comma, rest = surface.partition(",")
    if comma and rest.strip():
        containers = [m.entry for m in matches(rest) if m.entry.precision in _CONTAINERS]
        return _Understood(_understood(head).candidates, containers)
    return _Understood(_derived(surface))


def _derived(surface: str) -> list[Match]:
    """Return candidates for a part of a place, or a site named after it."""
    if match := _DIRECTION.match(surface):
        base = matches(surface[match.end() :])
        return [Match(_part(m.entry, surface, match.group(1) or "")) for m in base]
    for rest in (_SITE_AFTER.sub("", surface), _SITE_BEFORE.sub("", surface)):
        if rest != surface:
            return [Match(m.entry._replace(name=surface, geonameid=None), m.own_name)
                    for m in matches(rest)]  # fmt: skip
    first, hyphen, _ = surface.partition("-")
    if not hyphen:
        first, hyphen, _ = surface.partition("/")
    if hyphen and len(first) > 3:
        return [Match(m.entry, False) for m in matches(first) if m.entry.precision == "city"]
    return []


def _part(entry: Entry, surface: str, direction: str) -> Entry:
    """Return the part of a place that lies in a direction: its middle moves a quarter there."""
    if entry.precision in ("city", "facility"):
        return entry._replace(name=surface, geonameid=None)
    north = east = 0.0
    for word, (up, right) in _SHIFTS.items():
        if word in direction.lower():
            north, east = north + up, east + right
    km = entry.extent_km / 4
    lat = max(-89.9, min(89.9, entry.lat + north * km / 111))
    lon = entry.lon + east * km / (111 * max(0.1, math.cos(math.radians(entry.lat))))
    return entry._replace(
        name=surface, geonameid=None, lat=round(lat, 5), lon=round((lon + 180) % 360 - 180, 5),
        precision="region", extent_km=entry.extent_km / 2,
    )  # fmt: skip


# Containment

_CONTAINERS = frozenset({"country", "admin1", "admin2"})
_CAPITALISED = r"[A-Z\u00c0-\u00de][\w'’.-]*"
_NEXT = re.compile(
    rf"(?:\s?,\s|\s\(|,)((?:the\s)?{_CAPITALISED}(?:\s(?:of\s|and\s|de\s)?{_CAPITALISED}){{0,3}})"
)
_LIST_GOES_ON = re.compile(rf"(?:,? (?:and|or)|,) (?:the )?{_CAPITALISED}")
#: How far a container may stand behind a name.
_REACH = 80


def _containers_after(text: str, end: int) -> tuple[list[Entry], bool]:
    """Return the divisions or countries named right after ``end``: ", Ohio", "(Lebanon)".

    Also whether the words go on as a list ("Rome, New York and Tokyo").
    """
    found: list[Entry] = []
    at = end
    for _ in range(2):
        match = _NEXT.match(text, at, min(len(text), at + _REACH))
        if match is None:
            break
        words = match.group(1).split(" ")
        for size in range(len(words), 0, -1):
            name = " ".join(words[:size])
            entries = [m.entry for m in matches(name) if m.entry.precision in _CONTAINERS]
            if entries:
                break
        else:
            break
        found.extend(entries)
        at = match.start(1) + len(name)
    return found, bool(found and _LIST_GOES_ON.match(text, at, at + _REACH))


def _could_be_listed(candidates: Sequence[Match], containers: Sequence[Entry]) -> bool:
    """Whether name and container may be members of one list rather than part and whole."""
    levels = {c.entry.precision for c in candidates if c.own_name} & {"country", "admin1"}
    cities = {m.entry.precision for c in containers[:1] for m in matches(c.name)} & {"city"}
    return bool(cities or levels & {c.precision for c in containers})


def _held(candidates: Sequence[Match], containers: Sequence[Entry]) -> frozenset[int]:
    """Return which candidates lie inside one of the containers."""
    if not containers:
        return frozenset()
    return frozenset(
        number
        for number, candidate in enumerate(candidates)
        if any(_lies_in(candidate.entry, container) for container in containers)
    )


def _lies_in(entry: Entry, container: Entry) -> bool:
    if entry.country != container.country or entry.country is None:
        return False
    if container.precision == "country":
        return entry.precision != "country"
    if entry.precision in ("country", "admin1"):
        return False
    if container.precision == "admin1":
        return entry.admin1 == container.admin1
    near = distance_km(entry.lat, entry.lon, container.lat, container.lon)
    return entry.precision != "admin2" and near <= max(40.0, container.extent_km)


def _follows(text: str, before: Toponym, mention: Toponym) -> bool:
    return text[before.end : mention.start] in (", ", ",", " (")


_WITHIN = re.compile(r"^['’]s?\s[\w\s-]{0,40}$|^,?\s[\w\s,-]{0,40}\b(?:in|of)\s[\w\s-]{0,30}$")


def _link_neighbours(
    text: str, mentions: Sequence[Toponym], names: list[Name], name_of: Sequence[int]
) -> None:
    """Note which names stand near each other as "Mosul in northern Iraq", "Iraq's Mosul"."""
    for at in range(len(mentions) - 1):
        between = text[mentions[at].end : mentions[at + 1].start]
        first, second = name_of[at], name_of[at + 1]
        if first == second or len(between) > _REACH:
            continue
        if between == " (" or _WITHIN.match(between):
            names[first].linked.add(second)
            names[second].linked.add(first)


# Answers

_GOES_ON = re.compile(r" (?!County|Parish|Province|State|City)[A-Z][a-z]+")


def _inside(mention: Toponym, spans: Sequence[Span]) -> bool:
    return any(span.start <= mention.start and mention.end <= span.end for span in spans)


def _place(
    id: str, text: str, mention: Toponym, answer: tuple[Entry | None, float], context: Context
) -> Place:
    basis = "linked"
    if context.title is not None and _inside(mention, [context.title]):
        basis = "title"
    elif _inside(mention, context.datelines):
        basis = "dateline"
    sure = min(1.0, max(0.0, mention.confidence))
    best, probability = answer
    if best is None or probability < BELIEVED:
        low = round(sure * UNRESOLVED, 4)
        return Place(id, mention.start, mention.end, None, None, None, None, None, None, None,
                     basis, low)  # fmt: skip
    if _GOES_ON.match(text, mention.end):
        sure *= NAME_GOES_ON
    sure *= CEILING * (FLOOR + (1 - FLOOR) * probability)
    return _filled(id, mention, best, basis, sure)


def _filled(id: str, mention: Toponym, entry: Entry, basis: str, confidence: float) -> Place:
    return Place(
        id, mention.start, mention.end, entry.name, entry.country, entry.admin1, entry.geonameid,
        entry.lat, entry.lon, entry.precision, basis, round(confidence, 4),
    )  # fmt: skip
