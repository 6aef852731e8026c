"""Invented reports, for measuring: wire reports, edits of them, look-alikes, and a stream of news.

Names and words are made of syllables or drawn from small lists; nothing in them is news.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from onrecord.record import Article

_SYLLABLES = (
    "ba be bo bra da del dor fa fen gar gul hal hin ka kel kor la lin lo mar mel mi mo na nel "
    "nor o pel pra ra rin ro sa sel sor ta tel tor u va vel vo wen yar za zel"
).split()
_ROLES = "minister mayor spokesman general judge governor director chairman commander".split()
_THINGS = (
    "the bridge", "the harbour", "the power plant", "the border post", "the water treaty",
    "the pension law", "the grain depot", "the railway", "the hospital", "the dam",
    "the refinery", "the ceasefire", "the tariff", "the ballot", "the embassy", "the mine",
    "the fishing quota", "the airport", "the university", "the pipeline",
)  # fmt: skip
_ACTS = (
    "closed", "inspected", "attacked", "reopened", "defended", "blockaded", "sold", "shelled",
    "evacuated", "suspended", "handed over", "surrounded", "repaired", "occupied", "insured",
)  # fmt: skip
_LINKS = (
    "after", "although", "while", "because", "as", "before", "once", "even though", "since",
    "until", "whereas", "now that",
)  # fmt: skip
_SUBJECTS = (
    "engineers", "the farmers", "two insurers", "a neighbouring province", "the inquiry",
    "most lorries", "the night shift", "dock workers", "a court in the capital", "the tenants",
    "three tenders", "the older turbines", "local anglers", "some creditors", "its accountants",
    "the ferry company", "a rival party", "the bishops", "the census office", "hauliers",
    "the surveyors", "many pensioners", "the harbour pilots", "a foreign bank", "the nurses",
)  # fmt: skip
_VERBS = (
    "warned of", "had blocked", "refused to cover", "asked for", "published", "waited beside",
    "rejected", "withdrew", "never examined", "left behind", "counted", "quarrelled over",
    "photographed", "paid for", "misplaced", "counted on", "measured", "took stock of",
    "quietly dropped", "lost sight of", "voted down", "reported", "had sealed", "drew up",
)  # fmt: skip
_OBJECTS = (
    "cracks in the piers", "an approach road", "another season", "unpaid dues", "its second volume",
    "the queue at the gate", "a decree", "six barges", "old maps of the delta", "the winter stocks",
    "a list of names", "fuel drums", "the lower town", "a draft budget", "two lifts",
    "the tide tables", "spare cables", "cold stores", "a fourth lane", "school meals",
    "the signal box", "sandbags", "timber sheds", "the wage bill", "a broken crane",
)  # fmt: skip
_PLACES = (
    "in the heat", "without a word to residents", "for several weeks", "behind closed doors",
    "against its own rules", "near the old customs house", "at short notice", "under heavy rain",
    "for the third time", "in writing", "despite earlier promises", "on two separate nights",
    "in front of cameras", "with some reluctance", "below the weir", "at a loss",
)  # fmt: skip
_OPENINGS = (
    "Witnesses in {town} said that", "According to a letter seen on {day},", "In {town},",
    "Earlier on {day},", "Officials in {town} confirmed on {day} that", "By {day} evening",
    "A union in {town} claimed that", "Records of the council of {town} show that",
    "Shortly before noon on {day}", "For the second time since {day},",
)  # fmt: skip
_VOICES = ("We", "They", "Our neighbours", "These people", "The owners", "I", "Nobody", "You all")
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_OTHER_WORDS = {
    "said": "told reporters", "confirmed": "acknowledged", "heavy": "strong", "lorries": "trucks",
    "although": "though", "because": "since", "refused": "declined", "evening": "nightfall",
    "several": "many", "letter": "note", "published": "released", "examined": "reviewed",
    "warned": "cautioned", "rejected": "threw out", "residents": "people", "old": "former",
    "asked": "called", "some": "a few", "short": "little", "near": "close to", "paid": "settled",
    "reported": "stated", "withdrew": "pulled back", "broken": "damaged", "claimed": "alleged",
}  # fmt: skip
_ADVERBS = "reportedly also again meanwhile apparently therefore later still".split()
_OUTLETS = tuple(
    f"The {place} {kind}"
    for place in ("Harbour", "Valley", "Northern", "Evening", "Morning", "River")
    for kind in ("Post", "Courier", "Gazette", "Star")
)


class Cast(NamedTuple):
    """Who and where an invented happening is."""

    town: str
    country: str
    people: tuple[str, ...]
    thing: str


def name(dice: random.Random, parts: int = 3) -> str:
    """Return an invented name."""
    return "".join(dice.choice(_SYLLABLES) for _ in range(parts)).capitalize()


def cast(dice: random.Random) -> Cast:
    """Return an invented happening's town, country, four persons and thing."""
    people = tuple(f"{name(dice, 2)} {name(dice)}" for _ in range(4))
    return Cast(name(dice), name(dice), people, dice.choice(_THINGS))


def sentence(dice: random.Random, who: Cast) -> str:
    """Return an invented sentence about a happening."""
    person, day = dice.choice(who.people), dice.choice(_DAYS)
    opening = dice.choice(_OPENINGS).format(town=who.town, day=day)
    role, act, tail = dice.choice(_ROLES), dice.choice(_ACTS), _clause(dice)
    if dice.random() < 0.3:
        saying = f"{dice.choice(_VOICES)} {_told(dice)} {_clause(dice)}"
        return f"“{saying},” {person}, a {role} of {who.country}, said {tail}."
    number = dice.randint(3, 980)
    return f"{opening} {number} {role}s had {act} {who.thing} with {person} {tail}."


def _clause(dice: random.Random) -> str:
    return f"{dice.choice(_LINKS)} {dice.choice(_SUBJECTS)} {_told(dice)}"


def _told(dice: random.Random) -> str:
    return f"{dice.choice(_VERBS)} {dice.choice(_OBJECTS)} {dice.choice(_PLACES)}"


def wire(dice: random.Random, who: Cast, sentences: int = 14) -> list[str]:
    """Return an invented report: a headline, then paragraphs."""
    head = f"{who.people[0]} {dice.choice(_ACTS)} {who.thing} at {who.town}"
    body = [sentence(dice, who) for _ in range(sentences)]
    body[0] = f"{who.town.upper()} (AP) – {body[0]}"
    cuts = sorted(dice.sample(range(1, sentences), min(4, sentences - 1)))
    parts = [body[i:j] for i, j in zip([0, *cuts], [*cuts, sentences], strict=True)]
    return [head, *(" ".join(part) for part in parts)]


def edited(dice: random.Random, paragraphs: Sequence[str], who: Cast, share: float) -> list[str]:
    """Return a carrier's version: about that share of the words is cut or put otherwise.

    The headline is changed; the lead is rewritten, sentences are cut, shortened or written
    anew, paragraphs change places, and single words are exchanged.
    """
    whole = sum(len(part.split()) for part in paragraphs[1:])
    parts = [[one + "." for one in part.rstrip(".").split(". ")] for part in paragraphs[1:]]
    left = share * whole - len(parts[0][0].split())
    parts[0][0] = sentence(dice, who)
    slots = [(i, j) for i, part in enumerate(parts) for j in range(len(part)) if (i, j) != (0, 0)]
    dice.shuffle(slots)
    gone = set()
    for i, j in slots:
        words = len(parts[i][j].split())
        if words > left:
            continue
        left -= words
        if dice.random() < 0.6:
            gone.add((i, j))
        else:
            parts[i][j] = sentence(dice, who)
    kept = [
        " ".join(_touched(dice, one) for j, one in enumerate(part) if (i, j) not in gone)
        for i, part in enumerate(parts)
    ]
    kept = [_exchanged(dice, part) for part in kept if part]
    if dice.random() < 0.5:
        middle = kept[1:]
        dice.shuffle(middle)
        kept[1:] = middle
    return [f"{who.town}: {dice.choice(_ACTS)} by {who.people[1]}", *kept]


def _touched(dice: random.Random, text: str) -> str:
    """Return a sentence from which an editor took a few words, or to which one was added."""
    words = text.split(" ")
    if len(words) < 12 or dice.random() > 0.3:
        return text
    at = dice.randrange(3, len(words) - 4)
    if dice.random() < 0.5:
        return " ".join(words[:at] + words[at + dice.randint(1, 3) :])
    return " ".join([*words[:at], dice.choice(_ADVERBS), *words[at:]])


def _exchanged(dice: random.Random, text: str) -> str:
    return " ".join(
        _OTHER_WORDS[word] if word in _OTHER_WORDS and dice.random() < 0.1 else word
        for word in text.split(" ")
    )


def look_alike(dice: random.Random, paragraphs: Sequence[str], who: Cast) -> list[str]:
    """Return what is no copy.

    It is another report on the same with two of its quotes or with up to three of its
    sentences as background, the same form filled in with other names and numbers, or a report
    on something else.
    """
    kind = dice.choice(("quotes", "background", "form", "other"))
    if kind == "form":
        other = cast(dice)
        text = "\n".join(paragraphs)
        for one, its in zip((who.town, who.town.upper(), who.country, who.thing, *who.people),
                            (other.town, other.town.upper(), other.country, other.thing,
                             *other.people), strict=True):  # fmt: skip
            text = text.replace(one, its)
        return "".join(str(dice.randint(1, 9)) if char.isdigit() else char for char in text).split(
            "\n"
        )
    new = wire(dice, cast(dice) if kind == "other" else who)
    if kind == "background":
        return [*new, ". ".join(paragraphs[-1].split(". ")[:3])]
    if kind == "quotes":
        quoting = [one for part in paragraphs for one in part.split(". ") if "“" in one]
        new[2:2] = quoting[:2]
    return new


def article(paragraphs: Sequence[str], id_: str, day: date, publisher: str) -> Article:
    """Return paragraphs, of which the first is the headline, as an article."""
    return Article(
        "\n\n".join(paragraphs), id=id_, title=paragraphs[0], publisher=publisher,
        published=day.isoformat(), published_basis="given", language="en",
    )  # fmt: skip


class Told(NamedTuple):
    """An article of the stream, and the happening it tells of."""

    article: Article
    cast: Cast


def stream(number: int, *, a_day: int = 100, seed: int = 1) -> list[Told]:
    """Return so many articles in the order of their days.

    Stories have 1 to 40 articles over up to two weeks, a third of them copies.
    """
    dice = random.Random(seed)
    start, found, made = date(2024, 1, 1), [], 0
    while made < number:
        who, first = cast(dice), made // a_day
        size = min(int(dice.paretovariate(0.9)), 40)
        last = wire(dice, who)
        for n in range(size):
            day = start + timedelta(days=first + dice.randint(0, min(n, 14)))
            is_copy = n > 0 and dice.random() < 0.35
            last = edited(dice, last, who, dice.uniform(0.1, 0.4)) if is_copy else wire(dice, who)
            found.append(Told(article(last, f"i{made + n}", day, dice.choice(_OUTLETS)), who))
        made += size
    found.sort(key=lambda one: one.article.published or "")
    return found[:number]
