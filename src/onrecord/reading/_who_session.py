"""Putting the found spans of one article together: names first, then what points to them."""

from __future__ import annotations

import re
from collections.abc import Callable

from onrecord.knowledge import countries
from onrecord.knowledge.countries import fold
from onrecord.reading import _who_bodies, _who_descriptions
from onrecord.reading._who_draft import Draft
from onrecord.reading._who_items import Item, bare
from onrecord.reading._who_names import PRONOUNS
from onrecord.reading._who_naming import LED, Link, Naming
from onrecord.reading._who_phrases import Phrase, analyse
from onrecord.reading._who_pronouns import CONFIDENCE, PERSONS_BACK, Named, nearest
from onrecord.record import Entity, Mention

__all__ = ["Link", "Session", "Told", "entities"]

#: What is known of a participant: country, sector, confidence.
Told = tuple[str | None, str | None, float]

#: Least probability of a link that is followed.
LINK_FLOOR = 0.3
#: Characters back in which a statement's author is looked for.
AUTHOR = 500
_GOVERNMENTS = frozenset(
    {"government", "federal government", "central government", "regime", "state", "junta"}
)
_FIRST_PERSON = frozenset("i me my mine myself we us our ours ourselves".split())
_RELATIVE = frozenset({"who", "which", "whom", "whose", "that"})
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


class Session(Naming):
    """One article's entities in the making."""

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
        #: Items by where they end, and who is of a kind with whom ("we" with who says it).
        self._ending = {item.end: item.index for item in self.items if item.kind != "pronoun"}
        self._alike: dict[int, int] = {}
        # "We pay", she said: who speaks comes after the words, so the first person waits.
        order = sorted(range(len(self.items)), key=self._turn)
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

    def _turn(self, index: int) -> tuple[bool, int, int]:
        item = self.items[index]
        return item.words.lower() in _FIRST_PERSON, item.start, index

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
        number = None
        if _who_bodies.state_body(item.words) is None:
            number = self._earlier(item, phrase)
        if number is None:
            number = self._unnamed(item, phrase)
        self._join(item, number, "nominal")
        self._remember(item, self.drafts[number])

    def _earlier(self, item: Item, phrase: Phrase) -> int | None:
        """Return the number of the one already spoken of whom a description means."""
        number = self._of_body(item, phrase)
        if number is None:
            number = self._by_link(item, phrase)
        if number is None and phrase.definite and not LED.search(item.words):
            number = self._by_role(phrase)
        if number is None:
            number = _who_descriptions.nearest(
                phrase, item.words, item.start, self._before, self.drafts
            )
        if number is None and _who_descriptions.put_out(item.words):
            number = self._author(item)
        return number if number is not None else self._ahead(phrase)

    def _author(self, item: Item) -> int | None:
        """Find whose a statement or letter is: the nearest earlier named person or body."""
        near = [n for start, n in self._before[-20:] if 0 <= item.start - start <= AUTHOR]
        return near[-1] if near else None

    def _of_body(self, item: Item, phrase: Phrase) -> int | None:
        """Find who has the role in a body or place that a description names: "the PTA chief".

        The body's words, or its full name's where the text explains an abbreviation, must
        stand in what the article says of the person elsewhere.
        """
        own = [fold(word) for word in _who_descriptions.own_words(item.words)]
        if not own or phrase.plural or phrase.former or phrase.kind not in ("role", "defer"):
            return None
        if _who_descriptions.indefinite(item.words):
            return None
        for words in (own, *self._spelled_out(own)):
            told = [dict(self._by_word.get(word, ())) for word in words]
            both = [n for n in told[0] if all(n in one for one in told)] if told else []
            heads = [(number, {one[number] for one in told}) for number in both]
            same = _who_descriptions.same_office(phrase.head)
            for fits in (
                [n for n, of in heads if of & same],
                [n for n, of in heads if any(_who_descriptions.leads(phrase.head, o) for o in of)],
            ):
                if len(fits) == 1 or (fits and phrase.head == "leader"):
                    return fits[0]
        return None

    def _spelled_out(self, own: list[str]) -> list[list[str]]:
        """The full names' words of abbreviations among the words of a description."""
        out = []
        for short, full in self.full.items():
            if fold(short) in own:
                out.append([fold(word) for word in full.split() if word[0].isupper()])
        return out

    def _ahead(self, phrase: Phrase) -> int | None:
        """Find the one person of the article who has the role, named only later on."""
        if not phrase.definite or phrase.plural or phrase.former or phrase.organisation:
            return None
        found = {
            number
            for head in _who_descriptions.same_office(phrase.head)
            for number in self._holders.get(head, ())
            if self._agrees(phrase, self.drafts[number])
        }
        return found.pop() if len(found) == 1 and phrase.kind == "role" else None

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
        wanted = sorted(_who_descriptions.same_office(phrase.head))
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
        name = _who_bodies.full_name(item.words, country)
        if name in self._bodies:
            return self._bodies[name]
        head = phrase.head or fold(bare(item.words))
        kind = _kind_of(item, phrase)
        own = "" if self._plain(item, phrase) else fold(bare(item.words))
        key = (f"{kind}/{head}/{own if phrase.kind == 'body' else ''}", country or "")
        if (kind == "group" or phrase.definite) and key in self._others:
            return self._others[key]
        draft = Draft(kind, name, words=item.words, plural=phrase.plural or kind == "group")
        draft.place(country, sure)
        draft.belong(phrase.sector, 0.75)
        if phrase.head:
            draft.lemmas.add(phrase.head)
        self._between_states(draft)
        self._others[key] = self._new(draft)
        if name is not None:
            draft.kind, draft.plural = "organization", False
            self._bodies[name] = self._others[key]
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
        name = f"Government of {countries.name_of(code)}"
        if name not in self._bodies:
            draft = Draft("organization", name, code, "GOV", None, sure, 0.93)
            draft.lemmas.add("government")
            self._bodies[name] = self._new(draft)
        return self._bodies[name]

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
        gender, number = PRONOUNS[fold(item.words.strip(" \"“”'‘’.,;:()"))]
        target = self._right_before(item)
        if target is None:
            target = self._linked(item, lambda draft: _may_be(gender, draft))
        if target is not None and number == "many" and self.drafts[target].kind == "person":
            self._alike[item.index] = target
            return
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

    def _right_before(self, item: Item) -> int | None:
        """Whom a relative pronoun takes up: who ends right before it ("the port, which")."""
        if item.words.lower() not in _RELATIVE:
            return None
        found = self._ending.get(item.start - 1, self._ending.get(item.start - 2))
        return self.of[found] if found is not None else None

    # -- results ---------------------------------------------------------------------------

    def told(self, item: Item) -> Told:
        """What is known of an item as a participant."""
        if item.kind == "several":
            return self._told_of_several(item)
        number = self.of[item.index]
        if number is None:
            number = self._alike.get(item.index)
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
