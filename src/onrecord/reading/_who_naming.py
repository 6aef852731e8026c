"""The named ones of an article: persons, organisations, countries and places by their names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from onrecord.knowledge import actors, countries, offices
from onrecord.knowledge.actors import ActorTable
from onrecord.knowledge.countries import fold
from onrecord.knowledge.nouns import ending
from onrecord.reading import _who_bodies, _who_context, _who_descriptions, _who_roles
from onrecord.reading._who_draft import BETWEEN_STATES, Draft, Known, settle_person
from onrecord.reading._who_items import Found, Item, bare, items
from onrecord.reading._who_names import (
    abbreviates,
    defined,
    gender_of_noun,
    organisation_key,
    person_name,
)
from onrecord.reading._who_persons import cluster
from onrecord.reading._who_phrases import analyse
from onrecord.reading._who_pronouns import SENTENCE

Link = tuple[int, int, float]

_SECTORS_BETWEEN_STATES = frozenset({"JUD", "MIL", "MED", "COP"})
#: Between two names of a list.
_LIST = re.compile(r"(?:, and|,| and)\s")
#: "the Ruiz administration", "Ruiz's government".
LED = re.compile(
    r"(?P<name>[A-Z][\w-]+)(?:['’]s?)? (?:administration|government|regime|cabinet|presidency)\b"
)
#: Characters beside a person's name that may place them in a country.
BESIDE = 220
#: Persons whom one word of a role may mean that are looked at.
RIVALS = 40
_BRACKETS = re.compile(r"\s*\(([^()\s]{2,12})\)")

#: Given names that are titles too when they stand before another name.
_GIVEN = frozenset({"Marine", "Dean", "Earl", "Guy"})


class Naming:
    """One article's entities in the making, as far as names tell of them."""

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
        #: Abbreviations that the text explains.
        self.full = defined(text)
        self.drafts: list[Draft] = []
        #: Number of the draft of each item.
        self.of: list[int | None] = [None] * len(self.items)
        self._links = _who_descriptions.by_anaphor(links, len(self.items))
        self._countries: dict[str, int] = {}
        self._others: dict[tuple[str, str], int] = {}
        #: Bodies of states by their full names.
        self._bodies: dict[str, int] = {}
        #: Persons by their last names, for what is theirs ("the Silva government").
        self._owners: dict[str, int] = {}
        #: Persons by a word of their roles and by the roles' nouns: number, noun of the role.
        self._by_word: dict[str, list[tuple[int, str]]] = {}
        self._holders: dict[str, list[int]] = {}
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
        ends = [end.start() for end in SENTENCE.finditer(self.text)]
        sentences = [bisect_left(ends, item.name_start) for item, _ in kept]
        numbers = cluster([name for _, name in kept], sentences)
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
            if not found or found[1].kind not in ("role", "defer") or words[0] in _GIVEN:
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
            draft.place(_who_roles.country_after(self.text, end), 0.9)
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
            if number is None and name in self.full:
                number = numbers.get(organisation_key(self.full[name]))
            if number is None:
                number = self._abbreviated(name, numbers)
            if number is None:
                number = self._new(Draft(item.kind))
                if name in self.full:
                    self.drafts[number].forms.append(self.full[name])
                    numbers.setdefault(organisation_key(self.full[name]), number)
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
        self._same: dict[int, int] = {}
        for number, draft in enumerate(self.drafts):
            if draft.kind == "person":
                for part in person_name(draft.forms[0]).parts[-1:]:
                    self._owners.setdefault(part, number)
                draft.name = max(draft.forms, key=lambda form: (len(form.split()), len(form)))
                settle_person(draft, self.known, self._home(draft))
                self._note_roles(number, draft)
            elif draft.kind in ("organization", "facility"):
                self._settle_body(draft)
                self._of_state(number, draft)
        self.of = [self._same.get(one, one) if one is not None else None for one in self.of]

    def _note_roles(self, number: int, draft: Draft) -> None:
        """Note by which words of a role a person may be meant."""
        for one in draft.evidence[:8]:
            for word in dict.fromkeys(fold(one.words).split()):
                noted = self._by_word.setdefault(bare(word), [])
                if len(noted) < RIVALS:
                    noted.append((number, one.phrase.head))
        for lemma in sorted(draft.lemmas):
            self._holders.setdefault(lemma, []).append(number)

    def _of_state(self, number: int, draft: Draft) -> None:
        """Name a state's body in full; one that the article words in two ways becomes one."""
        name = _who_bodies.full_name(draft.name or "", draft.country)
        if name is None:
            draft.name = _who_bodies.without_owner(draft.name or "") or None
            return
        draft.name = name
        first = self._bodies.setdefault(name, number)
        if first != number:
            self._same[number] = first
            one = self.drafts[first]
            one.forms += draft.forms
            one.mentions += draft.mentions
            one.lemmas |= draft.lemmas
            draft.mentions = []

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
        found = LED.search(words)
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
