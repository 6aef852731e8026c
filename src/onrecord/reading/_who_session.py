"""Putting the found spans of one article together into entities."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

from onrecord.knowledge import actors, countries, offices
from onrecord.knowledge.actors import ActorTable
from onrecord.knowledge.countries import fold
from onrecord.knowledge.nouns import ending
from onrecord.reading import _who_context, _who_descriptions, _who_roles
from onrecord.reading._who_draft import BETWEEN_STATES, Draft, Known, settle_person
from onrecord.reading._who_items import Found, Item, bare, items
from onrecord.reading._who_names import (
    PRONOUNS,
    abbreviates,
    gender_of_noun,
    organisation_key,
    person_name,
)
from onrecord.reading._who_persons import cluster
from onrecord.reading._who_phrases import Phrase, analyse
from onrecord.reading._who_pronouns import CONFIDENCE, PERSONS_BACK, Named, nearest
from onrecord.record import Entity, Mention

Link = tuple[int, int, float]
#: What is known of a participant: country, sector, confidence.
Told = tuple[str | None, str | None, float]

#: Least probability of a link that is followed.
LINK_FLOOR = 0.3
_GOVERNMENTS = frozenset(
    {"government", "federal government", "central government", "regime", "state", "junta"}
)
_SECTORS_BETWEEN_STATES = frozenset({"JUD", "MIL", "MED", "COP"})
_COUNTRY_NOUNS = frozenset({"country", "nation", "republic", "kingdom"})
_ANY_LEADER = frozenset(
    {"president", "prime minister", "premier", "chancellor", "king", "emir", "sultan", "leader",
     "head of state", "head of government", "supreme leader", "chief minister"}
)  # fmt: skip
#: Descriptions that are no one country's.
_WORLD = re.compile(
    r"\b(?:countries|nations|world|international|global|states|governments|both sides|two sides|"
    r"sides|foreign|donors|embassies|humanity|mankind)\b",
    re.IGNORECASE,
)
#: Between two names of a list.
_LIST = re.compile(r"(?:, and|,| and)\s")
#: "the Ruiz administration", "Ruiz's government".
_LED = re.compile(
    r"(?P<name>[A-Z][\w-]+)(?:['’]s?)? (?:administration|government|regime|cabinet|presidency)\b"
)
#: Characters beside a person's name that may place them in a country.
BESIDE = 220
_BRACKETS = re.compile(r"\s*\(([^()\s]{2,12})\)")


class Session:
    """One article's entities in the making."""

    def __init__(
        self,
        text: str,
        found: Sequence[Found],
        links: Sequence[Link],
        published: str | None,
        own: ActorTable | None,
    ) -> None:
        self.text = text
        self.items = items(text, found)
        self.drafts: list[Draft] = []
        #: Number of the draft of each item.
        self.of: list[int | None] = [None] * len(self.items)
        self._links = _who_descriptions.by_anaphor(links, len(self.items))
        self._countries: dict[str, int] = {}
        self._others: dict[tuple[str, str], int] = {}
        #: Persons by their last names, for what is theirs ("the Silva government").
        self._owners: dict[str, int] = {}
        #: Mentions of persons so far: where, and whose.
        self._people: list[tuple[int, int]] = []
        #: Mentions of named persons and bodies so far: where, and whose.
        self._before: list[tuple[int, int]] = []
        self._by_lemma: dict[str, list[tuple[int, int]]] = {}
        self.known = Known(self._context(), published, own, _who_context.date_of(text, published))

    def _context(self) -> _who_context.Context:
        kinds: dict[str, dict[str, None]] = {"place": {}, "organization": {}, "person": {}}
        for item in self.items:
            if item.kind in kinds and item.name and len(item.name) < 60:
                kinds[item.kind].setdefault(item.name)
        matches = countries.find(self.text)
        self._matches = [(start, match.code) for start, _, match in matches]
        return _who_context.context(
            self.text, matches, kinds["place"], kinds["organization"], kinds["person"]
        )

    def run(self) -> None:
        """Join the items into drafts and settle what is known of each."""
        self._persons()
        self._organisations()
        for item in self.items:
            if item.kind == "country" and item.match is not None:
                self._join(item, self._country(item.match.code), _country_mention(item))
            elif item.kind in ("place", "product", "other") and item.name and self._named(item):
                self._join(item, self._other(item), "name")
        self._settle_names()
        order = sorted(range(len(self.items)), key=lambda i: (self.items[i].start, i))
        for at in order:
            item = self.items[at]
            if self.of[at] is not None:
                self._remember(item, self.drafts[self.of[at] or 0])
            elif item.kind in ("nominal", "group", "other") and item.name:
                self._described(item)
            elif item.kind == "pronoun":
                self._pronoun(item)
            elif item.kind == "several":
                self._join(item, self._new(Draft("group", plural=True, words=item.words)), None)

    # -- names ---------------------------------------------------------------------------

    def _named(self, item: Item) -> bool:
        named = item.label != "Participant" or item.kind != "other"
        return named and bool(re.search(r"[A-Z]", item.name))

    def _new(self, draft: Draft) -> int:
        self.drafts.append(draft)
        return len(self.drafts) - 1

    def _join(self, item: Item, number: int, mention: str | None) -> None:
        self.of[item.index] = number
        if mention is None:
            return
        start, end = item.start, item.end
        if mention == "name" and item.name_start >= item.start:
            start = item.name_start
            end = min(item.end, start + len(item.name)) if item.name else item.end
            if self.text[start:end] != item.name:
                start, end = item.start, item.end
        self.drafts[number].mentions.append((start, end, mention, item.confidence))

    def _persons(self) -> None:
        people = [item for item in self.items if item.kind == "person"]
        people.sort(key=lambda item: (item.name_start, item.index))
        for item in people:
            self._strip_title(item)
        names = [person_name(item.name) for item in people]
        kept = [(item, name) for item, name in zip(people, names) if name.parts]
        numbers = cluster([name for _, name in kept])
        first: dict[int, int] = {}
        before: tuple[int, Draft] | None = None
        for (item, name), number in zip(kept, numbers):
            if number not in first:
                first[number] = self._new(Draft("person"))
            draft = self.drafts[first[number]]
            draft.forms.append(name.full)
            draft.gender = draft.gender or name.gender
            self._join(item, first[number], "name")
            self._roles(item, draft)
            if before is not None and _LIST.fullmatch(self.text[before[0] : item.name_start]):
                draft.evidence += [one for one in before[1].evidence if one.phrase.plural][:1]
            before = (item.name_start + len(item.name), draft)

    def _strip_title(self, item: Item) -> None:
        """Part a role from the name where the tagger took both ("President Paz")."""
        words = item.name.split()
        for size in range(min(4, len(words) - 1), 0, -1):
            found = ending([fold(word).rstrip(".") for word in words[:size]])
            if not found or found[1].kind not in ("role", "defer"):
                continue
            if found[0] == size or len(words) - size > 1:
                at = self.text.find(words[size], item.name_start + len(" ".join(words[:size])))
                item.title = item.title or self.text[item.start : at]
                item.name = item.name.split(None, size)[size]
                item.name_start = max(at, item.name_start)
                return

    def _roles(self, item: Item, draft: Draft) -> None:
        evidence = []
        if item.title:
            phrase = analyse(item.title)
            owner = bare(item.title)
            if not phrase.head and (actors.lookup(owner) or countries.lookup(owner)):
                words = f"leader of {owner}" if countries.lookup(owner) else f"member of {owner}"
                evidence.append(_who_roles.Evidence(0.6, analyse(words), words))
            elif phrase.head and not phrase.plural:
                evidence.append(_who_roles.Evidence(0.95, phrase, item.title))
        if len(draft.mentions) <= 12:
            end = item.name_start + len(item.name)
            evidence += _who_roles.around(self.text, item.name_start, end)
            draft.accused = draft.accused or _who_roles.accused(self.text, item.name_start, end)
        for one in evidence:
            draft.evidence.append(one)
            draft.lemmas.add(one.phrase.head)
            draft.gender = draft.gender or gender_of_noun(one.phrase.head)

    def _organisations(self) -> None:
        bodies = [item for item in self.items if item.kind in ("organization", "facility")]
        bodies.sort(key=lambda item: (item.start, item.index))
        short: dict[str, int] = {}
        numbers: dict[str, int] = {}
        for item in sorted(bodies, key=lambda item: actors.is_abbreviation(bare(item.name))):
            name = bare(item.name)
            key = organisation_key(name)
            if not key:
                continue
            number = numbers.get(key, short.get(key))
            if number is None:
                number = self._abbreviated(name, numbers)
            if number is None:
                number = self._new(Draft(item.kind))
                brackets = _BRACKETS.match(self.text, item.end) or _BRACKETS.search(item.words)
                if brackets:
                    short.setdefault(organisation_key(brackets[1]), number)
            numbers.setdefault(key, number)
            self.drafts[number].forms.append(re.sub(r"\s*\([^()]*\)?$", "", name))
            self._join(item, number, "name")

    def _abbreviated(self, name: str, numbers: dict[str, int]) -> int | None:
        """Find the organisation whose name this one abbreviates, or whose other name it is."""
        known = self.known.actor(name)
        if known is not None and organisation_key(known.name) in numbers:
            return numbers[organisation_key(known.name)]
        if not actors.is_abbreviation(name):
            return None
        for number in list(dict.fromkeys(numbers.values()))[:200]:
            if any(abbreviates(name, form) for form in self.drafts[number].forms[:3]):
                return number
        return None

    def _country(self, code: str) -> int:
        if code not in self._countries:
            name = countries.name_of(code)
            draft = Draft("country", name, code, "GOV", None, 0.97, 0.9)
            self._countries[code] = self._new(draft)
        return self._countries[code]

    def _other(self, item: Item) -> int:
        kind = item.kind if item.kind in ("place", "product") else "other"
        key = (kind, fold(item.name))
        if key not in self._others:
            draft = Draft(kind, item.name)
            if kind == "place":
                code = item.match.code if item.match else None
                shares = self.known.context.shares
                draft.place(code or _who_context.place_country(item.name, shares), 0.8)
            self._others[key] = self._new(draft)
        return self._others[key]

    # -- what is known of the named -------------------------------------------------------

    def _settle_names(self) -> None:
        self._homes = self._main_named()
        for number, draft in enumerate(self.drafts):
            if draft.kind == "person":
                for part in person_name(draft.forms[0]).parts[-1:]:
                    self._owners.setdefault(part, number)
                draft.name = max(draft.forms, key=lambda form: (len(form.split()), len(form)))
                settle_person(draft, self.known, self._home(draft))
            elif draft.kind in ("organization", "facility"):
                self._settle_body(draft)

    def _home(self, draft: Draft) -> str | None:
        """Return the main country where the words beside a person's name place them there.

        A plain role ("the interior minister") is the main country's, and so is one accused there.
        """
        main = self.known.context.main
        if draft.accused or any(one.phrase.sector for one in draft.evidence):
            return main
        for start, end, _, _ in draft.mentions[:12]:
            at = bisect_left(self._homes, start - BESIDE)
            if at < len(self._homes) and self._homes[at] <= end + BESIDE:
                return main
        return None

    def _main_named(self) -> list[int]:
        """Return where the article names its main country or a place in it, sorted."""
        main = self.known.context.main
        found = [at for at, code in self._matches if code == main]
        for item, number in zip(self.items, self.of):
            if number is not None and item.kind == "place" and self.drafts[number].country == main:
                found.append(item.start)
        return sorted(found)

    def _leaders_country(self, words: str) -> str | None:
        """Return the country of "X administration", "X's government", X leading it then."""
        found = _LED.search(words)
        if found is None or self.known.date is None:
            return None
        owner = self._owners.get(fold(found["name"]))
        if owner is not None and self.drafts[owner].country_sure > 0.6:
            return self.drafts[owner].country
        return offices.leads(found["name"], self.known.date)

    def _settle_body(self, draft: Draft) -> None:
        full = [form for form in draft.forms if not actors.is_abbreviation(form)]
        draft.name = max(full or draft.forms, key=lambda form: (len(form.split()), len(form)))
        led = self._leaders_country(draft.name)
        draft.place(led, 0.9)
        draft.belong("GOV" if led else None, 0.9)
        match = countries.lookup(draft.name)
        if match is not None:
            draft.place(match.code, 0.95)
            draft.belong("GOV" if match.kind == "metonym" else None, 0.9)
        for form in dict.fromkeys(draft.forms):
            known = self.known.actor(form)
            if known is not None:
                draft.place(known.country, 0.93)
                draft.belong(known.sector, 0.9)
                if not full and not countries.lookup(known.name):
                    draft.name = known.name
        for form in list(dict.fromkeys(draft.forms))[:4]:
            phrase = analyse(form)
            draft.belong(phrase.sector, 0.8)
            draft.place(phrase.country, 0.92 if phrase.own_country else 0.85)
            draft.place(self._place_inside(form), 0.75)
            if phrase.head:
                draft.lemmas.add(phrase.head)
        self._said_of_body(draft)
        draft.place(self.known.context.main, 0.55)
        self._between_states(draft)

    def _said_of_body(self, draft: Draft) -> None:
        for start, end, _, _ in draft.mentions[:3]:
            for phrase in _who_roles.body_around(self.text, start, end):
                draft.belong(phrase.sector, 0.7)
                draft.lemmas.add(phrase.head)
                if phrase.own_country:
                    draft.place(phrase.country, 0.7)

    def _between_states(self, draft: Draft) -> None:
        if draft.country in BETWEEN_STATES and draft.sector not in _SECTORS_BETWEEN_STATES:
            draft.sector, draft.sector_sure = None, 0.8

    def _place_inside(self, words: str) -> str | None:
        """Return the country of a place named in a body's name or a phrase ("Lagos traders")."""
        shares = self.known.context.shares
        runs = re.findall(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*", words)[:4]
        for run in runs:
            parts = re.sub(r"['’]s$", "", run).split()
            for size in range(min(3, len(parts)), 0, -1):
                name = " ".join(parts[:size])
                if ending([fold(part) for part in parts[:size]]) or len(name) < 4:
                    continue
                code = _who_context.place_country(name, shares)
                if code is not None and shares.get(code, 0.0) >= 0.1:
                    return code
        return None

    # -- descriptions ----------------------------------------------------------------------

    def _remember(self, item: Item, draft: Draft) -> None:
        number = self.of[item.index]
        if number is None:
            return
        if draft.kind == "person":
            self._people.append((item.start, number))
        if draft.kind in ("person", "organization") and draft.forms:
            self._before.append((item.start, number))
        for lemma in draft.lemmas:
            self._by_lemma.setdefault(lemma, []).append((item.start, number))
        if draft.kind == "country":
            self._by_lemma.setdefault("country", []).append((item.start, number))

    def _described(self, item: Item) -> None:
        phrase = item.phrase or analyse(item.words)
        number = self._by_link(item, phrase)
        if number is None and phrase.definite and not _LED.search(item.words):
            number = self._by_role(phrase)
        if number is None:
            number = _who_descriptions.nearest(
                phrase, item.words, item.start, self._before, self.drafts
            )
        if number is None:
            number = self._unnamed(item, phrase)
        self._join(item, number, "nominal")
        self._remember(item, self.drafts[number])

    def _linked(self, item: Item, fits: Callable[[Draft], bool]) -> int | None:
        """The draft that an item's links speak for, all its mentions taken together."""
        sums: dict[int, float] = {}
        for antecedent, probability in self._links.get(item.index, ()):
            target = self.of[antecedent]
            if target is not None and fits(self.drafts[target]):
                sums[target] = sums.get(target, 0.0) + probability
        best = max(sums, key=lambda target: (sums[target], target), default=None)
        return best if best is not None and sums[best] >= LINK_FLOOR else None

    def _by_link(self, item: Item, phrase: Phrase) -> int | None:
        """Follow links where number and kind agree; generic groups keep to groups."""
        return self._linked(
            item,
            lambda draft: _who_descriptions.may_mean(phrase, item.words, item.kind, draft),
        )

    def _by_role(self, phrase: Phrase) -> int | None:
        """Find the one whom a definite description names: same noun, country not another."""
        if phrase.plural or not phrase.head or phrase.head in _GOVERNMENTS:
            return None
        if phrase.head in _COUNTRY_NOUNS:
            return self._the_country(phrase)
        wanted = [phrase.head]
        if phrase.head == "leader" and phrase.own_country:
            wanted += sorted(_ANY_LEADER - {"leader"})
        elif phrase.head == "minister":
            wanted += [lemma for lemma in self._by_lemma if lemma.endswith(" minister")]
        best: tuple[int, int] | None = None
        for lemma in wanted:
            for start, number in reversed(self._by_lemma.get(lemma, ())[-20:]):
                if self._agrees(phrase, self.drafts[number]):
                    best = max(best or (start, number), (start, number))
                    break
        return best[1] if best else None

    def _agrees(self, phrase: Phrase, draft: Draft) -> bool:
        if phrase.country is not None and draft.country not in (None, phrase.country):
            return False
        if phrase.former != (draft.sector == "ELI") and phrase.kind == "role":
            return False
        if phrase.organisation is not None:
            words = fold(phrase.organisation)
            return any(words in fold(one.words) for one in draft.evidence) or words in (
                fold(form) for form in draft.forms
            )
        return True

    def _the_country(self, phrase: Phrase) -> int | None:
        if phrase.own_country and phrase.country:
            return self._country(phrase.country)
        last = self._by_lemma.get("country")
        main = self.known.context.main
        if main is not None and (not last or self.known.context.share(main) > 0.5):
            return self._country(main)
        return last[-1][1] if last else None

    def _unnamed(self, item: Item, phrase: Phrase) -> int:
        country, sure = self._country_of(item, phrase)
        if phrase.head in _GOVERNMENTS and country and self._plain(item, phrase):
            return self._government(country, sure)
        head = phrase.head or fold(bare(item.words))
        kind = _kind_of(item, phrase)
        own = "" if self._plain(item, phrase) else fold(bare(item.words))
        key = (f"{kind}/{head}/{own if phrase.kind == 'body' else ''}", country or "")
        if (kind == "group" or phrase.definite) and key in self._others:
            return self._others[key]
        draft = Draft(kind, None, words=item.words, plural=phrase.plural or kind == "group")
        draft.place(country, sure)
        draft.belong(phrase.sector, 0.75)
        if phrase.head:
            draft.lemmas.add(phrase.head)
        self._between_states(draft)
        self._others[key] = self._new(draft)
        return self._others[key]

    def _plain(self, item: Item, phrase: Phrase) -> bool:
        """Say whether only a country stands beside "government"."""
        words = re.findall(r"[A-Za-z][\w’'-]*", bare(item.words))
        capitals = [word for word in words if word[0].isupper()]
        named = countries.find(item.words)
        if any(
            word.lower() in ("local", "provincial", "state", "city", "regional") for word in words
        ):
            return phrase.head == "state"
        return not capitals or bool(named)

    def _government(self, code: str, sure: float) -> int:
        key = ("government", code)
        if key not in self._others:
            name = f"Government of {countries.name_of(code)}"
            draft = Draft("organization", name, code, "GOV", None, sure, 0.93)
            draft.lemmas.add("government")
            self._others[key] = self._new(draft)
        return self._others[key]

    def _country_of(self, item: Item, phrase: Phrase) -> tuple[str | None, float]:
        if _WORLD.search(item.words) and phrase.country is None:
            return None, 0.0
        if phrase.country is not None:
            return phrase.country, 0.93 if phrase.own_country else 0.8
        if phrase.organisation:
            known = self.known.actor(phrase.organisation)
            if known is not None and known.country:
                return known.country, 0.85
        led = self._leaders_country(item.words)
        if led is not None:
            return led, 0.9
        for word in re.findall(r"[A-Z][\w’'-]+", item.words):
            owner = self._owners.get(fold(re.sub(r"['’]s?$", "", word)))
            if owner is not None and self.drafts[owner].country:
                return self.drafts[owner].country, 0.75
        place = self._place_inside(item.words[1:] if phrase.definite else item.words)
        if place is not None:
            return place, 0.75
        return self.known.context.main, 0.55 if self.known.context.main else 0.0

    # -- pronouns --------------------------------------------------------------------------

    def _pronoun(self, item: Item) -> None:
        gender, _ = PRONOUNS[fold(item.words.strip(" \"“”'‘’.,;:()"))]
        target = self._linked(item, lambda draft: _may_be(gender, draft))
        if target is not None:
            draft = self.drafts[target]
            if gender in ("m", "f") and draft.kind == "person":
                draft.gender = draft.gender or gender
        else:
            persons = [
                Named(start, number, self.drafts[number].gender)
                for start, number in self._people[-PERSONS_BACK:]
            ]
            target = nearest(self.text, item.start, gender, persons) if gender in "mf" else None
            if target is None or not gender:
                return
            draft = self.drafts[target]
            item.confidence = min(item.confidence, CONFIDENCE)
        self._join(item, target, "pronoun")
        if draft.kind == "person":
            self._people.append((item.start, target))

    # -- results ---------------------------------------------------------------------------

    def told(self, item: Item) -> Told:
        """What is known of an item as a participant."""
        if item.kind == "several":
            return self._told_of_several(item)
        number = self.of[item.index]
        if number is None:
            return (self.known.context.main, None, 0.2) if item.kind == "pronoun" else _NOTHING
        return told_of(self.drafts[number])

    def _told_of_several(self, item: Item) -> Told:
        codes = [match.code for _, _, match in countries.find(item.words)]
        inside = [
            draft
            for other, number in zip(self.items, self.of)
            if number is not None and item.start <= other.start and other.end <= item.end
            for draft in [self.drafts[number]]
            if draft.kind in ("person", "organization", "country")
        ]
        codes = codes or [draft.country for draft in inside if draft.country]
        sectors = {draft.sector for draft in inside} or {"GOV"}
        code = codes[0] if len(set(codes)) == 1 else None
        return code, sectors.pop() if len(sectors) == 1 else None, 0.6


def _may_be(gender: str, draft: Draft) -> bool:
    """Say whether a pronoun of this gender may stand for the entity."""
    if gender in ("m", "f"):
        fits = draft.kind in ("person", "nominal", "group", "other")
        return fits and draft.gender in ("", gender)
    return gender != "n" or draft.kind != "person"


_NOTHING: Told = (None, None, 0.0)


def _country_mention(item: Item) -> str:
    return "demonym" if item.match is not None and item.match.kind == "demonym" else "name"


def _kind_of(item: Item, phrase: Phrase) -> str:
    if item.kind == "group" or phrase.plural or phrase.kind == "group":
        return "group"
    return "organization" if phrase.kind == "body" else "person" if phrase.kind else "other"


def told_of(draft: Draft) -> Told:
    """What is known of an entity as a participant: a country acts as its government."""
    sector = "GOV" if draft.kind in ("country", "place") else draft.sector
    sure = draft.country_sure * (draft.sector_sure or (0.8 if draft.kind == "place" else 0.4))
    return draft.country, sector, round(min(sure, 0.99), 4)


def entities(session: Session) -> tuple[list[Entity], list[str | None]]:
    """Number the drafts by first mention and freeze them."""
    used = [n for n, draft in enumerate(session.drafts) if draft.mentions]
    used.sort(key=lambda n: (min(session.drafts[n].mentions)[:2], n))
    ids = {n: f"e{at}" for at, n in enumerate(used, 1)}
    rows = [_frozen(ids[n], session.drafts[n]) for n in used]
    return rows, [ids.get(number) if number is not None else None for number in session.of]


def _frozen(name: str, draft: Draft) -> Entity:
    mentions: dict[tuple[int, int], Mention] = {}
    for start, end, kind, sure in sorted(draft.mentions):
        mentions.setdefault((start, end), Mention(start, end, kind, sure))
    sector = draft.sector if draft.kind != "place" else None
    return Entity(
        name, draft.kind, draft.name, draft.role, draft.country, sector, tuple(mentions.values())
    )
