"""Names of persons and organisations: their parts, and when two are the same one's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from onrecord.knowledge.actors import initials, is_abbreviation, key
from onrecord.knowledge.countries import fold

PRONOUNS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("he", "him", "his", "himself"), ("m", "one")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("f", "one")),
    **dict.fromkeys(("it", "its", "itself"), ("n", "one")),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), ("", "")),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), ("", "many")),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), ("", "one")),
    **dict.fromkeys(("you", "your", "yours", "yourself"), ("", "")),
    **dict.fromkeys(("who", "whom", "whose", "which", "that", "this", "these", "those"), ("", "")),
    **dict.fromkeys(("both", "others", "one", "another", "each other", "all"), ("", "")),
}
#: Titles that come with a name and say nothing of an office; the gender some of them tell.
_HONORIFICS: dict[str, str] = {
    **dict.fromkeys("mr sir lord mister señor senor don imam father".split(), "m"),
    **dict.fromkeys("mrs ms miss madam madame dame lady señora senora doña sister".split(), "f"),
    **dict.fromkeys(
        "sheik sheikh dr prof professor rev hon honourable honorable adv advocate eng engr "
        "datuk dato tan sri alhaji hajia barr barrister comrade cde mx shri smt capt captain gen "
        "general lt col colonel sgt maj major brig adm admiral cdr ret retd justice judge "
        "chief ayatollah hojjat hojatoleslam hojjatoleslam al-islam maulana mullah mufti pandit "
        "swami khun khunying".split(),
        "",
    ),
}
#: Honorifics that tell an office as well.
_OFFICES = frozenset(
    "judge justice chief general gen lt captain capt colonel col major admiral imam father sister "
    "ayatollah mufti professor prof advocate".split()
)
_FEMALE = frozenset({"queen", "princess", "congresswoman", "policewoman", "spokeswoman",
    "chairwoman", "businesswoman", "actress", "first lady", "mother", "daughter", "sister",
    "wife", "widow", "woman", "girl", "councilwoman", "assemblywoman"})  # fmt: skip
_MALE = frozenset({"king", "prince", "congressman", "policeman", "spokesman", "chairman",
    "businessman", "actor", "father", "son", "brother", "husband", "man", "boy",
    "councilman", "assemblyman", "pope"})  # fmt: skip
_WOMENS = frozenset(
    "mary maria ana anna anne angela hillary michelle elizabeth margaret sarah susan linda nancy "
    "kamala theresa liz christine ursula jacinda giorgia claudia cristina dilma ellen joyce grace "
    "fatima aisha khadija zainab leila rosa rosario carmen isabel patricia laura sofia julia emma "
    "jane helen catherine katherine kate alice martha ruth esther rebecca rachel sheikh-hasina "
    "indira sonia priyanka mamata nirmala sushma jayalalithaa aung megawati yingluck gloria "
    "corazon leni natalia olga irina svetlana tatiana elena yulia ekaterina marina nina marine "
    "segolene amelie simone nicola penny julie gladys karen lisa amy jennifer jessica melania "
    "ivanka stephanie victoria virginia wanda winnie nkosazana thuli busisiwe lindiwe naledi "
    "nomvula sahle-work samia netumbo saara xiomara violeta mireya keiko dina veronika".split()
)
_MENS = frozenset(
    "john james robert michael william david richard joseph thomas charles christopher daniel "
    "matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy "
    "ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin "
    "scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry "
    "jose juan luis carlos jorge miguel pedro manuel francisco antonio fernando ricardo nicolas "
    "hugo rafael andres alberto javier sergio pablo diego vladimir dmitry sergei mikhail ivan "
    "alexei nikolai boris igor viktor mohammed muhammad mohamed ahmed ali hassan hussein omar "
    "abdullah ibrahim yusuf mahmoud khalid saad karim bashar saddam recep hamid vikram narendra "
    "rahul amit arvind sanjay rajiv manmohan imran nawaz asif kim-jong xi emmanuel francois "
    "jacques pierre jean michel nicolas gerhard olaf angelo silvio matteo mario giuseppe cyril "
    "jacob thabo nelson julius joe barack bill jimmy boris tony gordon rishi keir kofi".split()
)
_PART = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*\.?")
_POSSESSIVE = re.compile(r"['’]s?$")


class PersonName(NamedTuple):
    """A person's name as it stands in one place."""

    #: The name without titles and possessive ending, as it stands.
    full: str
    #: Folded parts, initials left out unless there is nothing else.
    parts: tuple[str, ...]
    #: "m", "f" or "" from honorific or first name.
    gender: str


@lru_cache(maxsize=8192)
def person_name(words: str) -> PersonName:
    """Take a person's name apart; ``full`` is "" where nothing but titles is left."""
    bare = _POSSESSIVE.sub("", words.strip().strip("\"“”'‘’.,;:()"))
    parts = _PART.findall(bare)
    gender = ""
    at = 0
    while at < len(parts) and fold(parts[at]).rstrip(".") in _HONORIFICS and len(parts) > 1:
        gender = gender or _HONORIFICS[fold(parts[at]).rstrip(".")]
        at += 1
        if at == len(parts) - 1:
            break
    kept = parts[at:]
    folded = [fold(part).rstrip(".").replace(".", "") for part in kept]
    names = tuple(part for part in folded if len(part) > 1) or tuple(folded)
    if not gender and len(names) > 1:
        gender = gender_of_first(names[0])
    start = bare.find(kept[0]) if kept else 0
    return PersonName(bare[start:].strip() if kept else "", names, gender)


def is_honorific(word: str) -> bool:
    """Say whether a word is one like "Mr", "Sheikh", "Dr." """
    return fold(word).rstrip(".") in _HONORIFICS


def without_honorifics(title: str) -> str:
    """Return a title without the honorifics at its end: "Prime Minister Sheikh"."""
    words = title.split()
    while len(words) > 1 and is_honorific(words[-1]) and fold(words[-1]) not in _OFFICES:
        words.pop()
    return " ".join(words) if len(words) < len(title.split()) else title


def gender_of_first(name: str) -> str:
    """Return "m" or "f" where a first name usually tells, else ""."""
    first = fold(name)
    return "f" if first in _WOMENS else "m" if first in _MENS else ""


def gender_of_noun(lemma: str) -> str:
    """Return "m" or "f" where a noun tells ("spokeswoman", "king"), else ""."""
    return "f" if lemma in _FEMALE else "m" if lemma in _MALE else ""


def _is_subsequence(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    return all(any(_alike(part, other) for other in rest) for part in short)


def _alike(one: str, other: str) -> bool:
    """Equal, or the same but for the hyphen, a doubled letter or an ending ("Sergei", "Sergey")."""
    if one == other:
        return True
    flat = one.replace("-", "").replace("'", ""), other.replace("-", "").replace("'", "")
    return flat[0] == flat[1]


def same_person(short: PersonName, long: PersonName) -> bool:
    """Say whether the shorter of two names may stand for the longer."""
    if len(short.parts) > len(long.parts):
        short, long = long, short
    if not short.parts or (short.gender and long.gender and short.gender != long.gender):
        return False
    if not _is_subsequence(short.parts, long.parts):
        return False
    if len(short.parts) == 1 and len(long.parts) > 1:
        return len(short.parts[0]) > 2 or short.parts[0] in (long.parts[0], long.parts[-1])
    return True


def organisation_key(name: str) -> str:
    """Return what two spellings of an organisation's name share."""
    return key(re.sub(r"\s*\(.*?\)", "", name))


def abbreviates(short: str, name: str) -> bool:
    """Say whether ``short`` is made of the initials of ``name`` ("PDP", "Peoples Democratic…")."""
    if not is_abbreviation(short):
        return False
    letters = "".join(char for char in short if char.isalpha()).upper()
    words = [word for word in re.findall(r"\w+", name) if word[0].isalpha()]
    capitals = initials(name)
    every = "".join(word[0].upper() for word in words)
    return len(letters) > 1 and letters in (capitals, every)


#: "Andean Land Board (ALB)": the words before the bracket, and what stands in it.
_DEFINED = re.compile(
    r"(?P<name>[A-Z][\w’'&.-]*(?: (?:of|and|for|the|in|on|to|de|del|la|y|&|[A-Z][\w’'&.-]*)){1,11})"
    r" \((?P<short>[A-Z][\w&.-]{1,9})\)"
)


def defined(text: str) -> dict[str, str]:
    """Return the abbreviations that a text explains in brackets, with what they stand for.

    The words must begin with the abbreviation's letters, small words left out or not;
    of several ways to begin, the one that leaves most words out.
    """
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        words = match["name"].split()
        letters = [char for char in match["short"].upper() if char.isalpha()]
        for at in range(len(words) - 1, -1, -1):
            if words[at][0].upper() == letters[0] and _spells(words[at:], letters):
                found.setdefault(match["short"], " ".join(words[at:]))
                break
    return found


def _spells(words: list[str], letters: list[str]) -> bool:
    small = [word for word in words if word[0].isupper()]
    return letters in ([word[0].upper() for word in words], [word[0] for word in small])
