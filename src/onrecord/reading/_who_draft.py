"""An entity while it is being put together, and what its evidence adds up to."""

from __future__ import annotations

from dataclasses import dataclass, field

from onrecord.knowledge import actors, countries, offices
from onrecord.knowledge.actors import Actor, ActorTable
from onrecord.knowledge.nouns import noun
from onrecord.reading._who_context import Context
from onrecord.reading._who_roles import Evidence

#: Bodies between states: PLOVER gives them a code and mostly no sector.
BETWEEN_STATES = frozenset({"UNO", "EUR", "IGO"})

#: How much of an article must be about a country for its party of a common noun's name
#: ("Congress") to be meant.
COMMON_NOUN = 0.3


@dataclass(slots=True)
class Draft:
    """An entity in the making."""

    kind: str
    name: str | None = None
    country: str | None = None
    sector: str | None = None
    role: str | None = None
    #: How sure country and sector are, 0–1.
    country_sure: float = 0.0
    sector_sure: float = 0.0
    gender: str = ""
    plural: bool = False
    #: Whether the article tells of an arrest, charge or conviction.
    accused: bool = False
    #: Singular nouns that describe it ("president", "ministry").
    lemmas: set[str] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    #: start, end, kind, confidence.
    mentions: list[tuple[int, int, str, float]] = field(default_factory=list)
    #: Words of its description, for an unnamed one.
    words: str = ""

    def place(self, code: str | None, sure: float) -> None:
        """Take ``code`` as the country unless a surer one is known."""
        if code is not None and sure > self.country_sure:
            self.country, self.country_sure = code, sure

    def belong(self, sector: str | None, sure: float) -> None:
        """Take ``sector`` unless a surer one is known."""
        if sector is not None and sure > self.sector_sure:
            self.sector, self.sector_sure = sector, sure


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables and the article's countries say."""

    context: Context
    published: str | None
    own: ActorTable | None
    #: The publication date, or the latest year the text names: for offices only.
    date: str | None = None

    def actor(self, name: str) -> Actor | None:
        """Return the user's actor of this name, else the shipped one that fits the article."""
        if self.own is not None:
            found = self.own.lookup(name, self.published)
            if found is not None:
                return found
        shipped = actors.lookup(name)
        if not shipped:
            return None
        best = max(shipped, key=lambda one: self.context.share(one.country))
        local = best.country not in countries.NON_STATE
        common = best.sector == "PTY" or (
            best.sector != "JRN" and len(name) <= 10 and " " not in name
        )
        least = COMMON_NOUN if noun(name) else 0.0
        if local and common and self.context.share(best.country) <= least:
            return None
        return best

    def own_actor(self, name: str) -> Actor | None:
        """Return the user's own actor of this name."""
        return self.own.lookup(name, self.published) if self.own is not None else None


def best_evidence(draft: Draft) -> Evidence | None:
    """Return the role that weighs most; of equals the one the article gives first."""
    return max(draft.evidence, key=lambda one: round(one.weight, 1), default=None)


def settle_person(draft: Draft, known: Known, home: str | None = None) -> None:
    """Give a person country, sector, role and full name from evidence and tables.

    ``home`` is the country of one whom only the article's main country places.
    """
    best = best_evidence(draft)
    if best is not None:
        draft.role = role_words(best)
    for one in draft.evidence:
        _take(draft, one, known)
    _take_office(draft, known)
    own = known.own_actor(draft.name or "")
    if own is not None:
        draft.place(own.country, 1.0)
        draft.belong(own.sector, 1.0)
        draft.role = own.role or draft.role
    draft.place(home, 0.55)
    draft.belong("CRM" if draft.accused else None, 0.45)
    if draft.country in BETWEEN_STATES and draft.sector == "GOV":
        draft.sector = None


def _take(draft: Draft, one: Evidence, known: Known) -> None:
    phrase = one.phrase
    actor = known.actor(phrase.organisation) if phrase.organisation else None
    sector = phrase.sector
    if actor is not None:
        draft.place(actor.country, one.weight * 0.97)
        if phrase.kind == "defer" and not phrase.former:
            sector = actor.sector
    if phrase.country is not None:
        draft.place(phrase.country, one.weight if phrase.own_country else one.weight * 0.9)
    private = sector in ("CVL", "EDU") and not phrase.former
    draft.belong(sector, one.weight * (0.85 if private else 1.0))


def _take_office(draft: Draft, known: Known) -> None:
    """Use the table of offices where it fits the article; the article's words come first."""
    if not draft.name:
        return
    held = [one for one in offices.offices_of(draft.name) if _fits(one, draft, known)]
    if not held:
        return
    now = [one for one in held if known.date and one.holds(known.date)]
    one = (now or sorted(held, key=lambda one: one.start, reverse=True))[0]
    if len(one.name.split()) > len(draft.name.split()) and len({h.country for h in held}) == 1:
        draft.name = one.name
    draft.place(one.country, 0.85)
    past = bool(known.date and one.end and one.end < known.date)
    sector = "LEG" if one.office in ("senator", "representative") else "GOV"
    leads = not past and draft.sector == "PTY"
    draft.belong("ELI" if past else sector, 0.99 if leads else 0.6)
    if draft.role is None and not past:
        country = countries.name_of(one.country)
        draft.role = f"{one.office} of {country}" if " of " not in one.office else one.office


def _fits(office: offices.Office, draft: Draft, known: Known) -> bool:
    """A table's person is the article's when the country is, and the name is no mere surname."""
    if draft.country is not None and draft.country != office.country:
        return False
    share = known.context.share(office.country)
    if len((draft.name or "").split()) > 1:
        return True
    if known.date and not office.holds(known.date):
        return False
    heads = not draft.lemmas - offices.HEADS and draft.country is None and share > 0
    if heads and known.date and offices.leads(draft.name or "", known.date) == office.country:
        return True
    told = any(_same_office(lemma, office.office) for lemma in draft.lemmas)
    return (told and share > 0) or (share >= 0.3 and not draft.lemmas and office.source == "hand")


def _same_office(lemma: str, office: str) -> bool:
    return lemma == office or (lemma in ("leader", "premier", "chancellor") and office == "leader")


def role_words(one: Evidence) -> str | None:
    """Return a role as a record writes it: "Defence Minister of Chile", "spokesman for …"."""
    phrase = one.phrase
    words = one.words.strip(" ,")
    for article in ("the ", "The ", "a ", "an ", "his ", "her ", "its ", "their "):
        words = words.removeprefix(article)
    country = countries.name_of(phrase.country) if phrase.country else None
    if country is None or not phrase.own_country:
        return words
    start, end, _ = countries.find(words)[0]
    rest = words[end:].removeprefix("'s").removeprefix("’s").strip(" -")
    return f"{words[:start]}{rest} of {country}" if rest else words
