"""Copies: articles that carry another one's text, whole or in part.

A text is cut into shingles of five words.  Those whose hash falls on a sampled value stand
in an index, by which candidates are found; each candidate is then compared word by word: the
share of the carrier's words that stand, several in a row, in the other text too.  A form that is
filled in anew (bulletins, daily tables) shares most of its words with the one before and tells
of something else: where names and numbers are exchanged one for one, it is no copy.

Everything here works on values; ``carriers`` keeps them in the archive's database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from onrecord.archive.textsearch import fold


class Parameters(NamedTuple):
    """What makes a copy; measured by ``python -m onrecord.analysis.copies_bench``."""

    #: Words of a shingle of the index, and of a run that counts as common: shorter ones are
    #: phrases that any two reports share.
    shingle: int = 5
    run: int = 8
    #: Share of the carrier's words that stand in the origin too.
    share: float = 0.38
    #: The same where both credit the same agency.
    credited: float = 0.34
    #: Words of a run between which one word may stand for another in a form.
    form_run: int = 3
    #: Common words below which nothing is a copy.
    words: int = 20
    #: Words of a text up to which every, every 4th, else every 8th shingle is kept.
    dense: int = 120
    middle: int = 300
    #: Common shingles that make a candidate, and candidates compared word by word.
    hits: int = 2
    candidates: int = 20
    #: Articles with a shingle from which on it is a standing phrase and says nothing.
    standing: int = 400
    #: Words of a gap between two common runs that may be a word exchanged for another.
    gap: int = 6
    #: Names exchanged from which on, and share of all names, it is a form filled in anew.
    names: int = 3
    names_share: float = 0.25


PARAMETERS = Parameters()

_TOKEN = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*")

#: Agency → how reports credit it.
AGENCIES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "AP": r"\((?:The )?A(?:ssociated )?P(?:ress)?\)|^(?:By )?(?:The )?Associated Press\b",
        "Reuters": r"\(Reuters\)|^(?:By )?Reuters\b",
        "AFP": r"\((?:AFP|Agence France-Presse)\)|^(?:By )?(?:AFP|Agence France-Presse)\b",
        "dpa": r"\(dpa\)|^dpa\b",
        "EFE": r"\(EFE\)|^EFE\b",
        "ANSA": r"\(ANSA\)|^ANSA\b",
        "UPI": r"\(UPI\)",
        "PA": r"\(PA\)|^(?:By )?PA Media\b|^Press Association\b",
        "TASS": r"/TASS/|\(TASS\)",
        "Xinhua": r"\(Xinhua\)",
        "Kyodo": r"\(Kyodo(?: News)?\)|^KYODO\b",
        "Yonhap": r"\(Yonhap\)",
        "PTI": r"\(PTI\)",
        "ANI": r"\(ANI\)|\[ANI\]",
        "AAP": r"\(AAP\)|^(?:By )?AAP\b",
        "Bloomberg": r"\(Bloomberg\)",
        "Anadolu": r"\((?:AA|Anadolu(?: Agency)?)\)",
        "Ukrinform": r"\(Ukrinform\)",
    }.items()
}
#: Characters at both ends of a text in which an agency is credited.
_CREDITED = 400


class Comparison(NamedTuple):
    """Two texts, word by word."""

    #: Share of either one's words that stand in the other too.
    of_first: float
    of_second: float
    #: Common words.
    words: int
    #: The same form, filled in with other names; only looked at where enough is common.
    form: bool


class Text(NamedTuple):
    """The words of a text, as they stand and as they are compared."""

    words: tuple[str, ...]
    folded: tuple[str, ...]


class Rank(NamedTuple):
    """How early an article is among its copies: the least is the origin."""

    #: 0 for the agency's own report of a text that credits it, else 1.
    own: int
    published: str
    #: Fewer words come later.
    shorter: int
    id: str


def text_of(text: str) -> Text:
    """Return the words of a text."""
    words = tuple(_TOKEN.findall(text))
    return Text(words, tuple(map(_folded, words)))


@lru_cache(200_000)
def _folded(word: str) -> str:
    return " ".join(fold(word).split())


def credit(text: str) -> str | None:
    """Return the agency that a text credits at its beginning or end; None without any."""
    for part in (text[:_CREDITED], text[-_CREDITED:]):
        lines = [line.strip() for line in part.splitlines()]
        for name, pattern in AGENCIES.items():
            if any(pattern.search(line) for line in lines):
                return name
    return None


def is_agency(publisher: str | None) -> bool:
    """Whether a publisher is a news agency, by its name."""
    if not publisher:
        return False
    return any(p.search(publisher) or p.search(f"({publisher})") for p in AGENCIES.values())


@lru_cache(300_000)
def _hash(shingle: tuple[str, ...]) -> int:
    digest = hashlib.blake2b(" ".join(shingle).encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(digest.digest(), "big") >> 1


def sketch(text: Text, p: Parameters = PARAMETERS) -> list[int]:
    """Return the sampled hashes of a text's shingles, 63 bits each, ascending.

    Samples of texts of different length agree on every 8th hash.
    """
    size = len(text.words)
    every = 1 if size <= p.dense else 4 if size <= p.middle else 8
    words = text.folded
    found = (_hash(words[i : i + p.shingle]) for i in range(max(size - p.shingle + 1, 0)))
    return sorted({one for one in found if one % every == 0})


def compare(first: Text, second: Text, p: Parameters = PARAMETERS) -> Comparison:
    """Compare two texts word by word, in time linear in their lengths.

    Which is the first is no matter.
    """
    ahead, back = _places(first, second, p.run), _places(second, first, p.run)
    common = [len(at) - at.count(None) for at in (ahead, back)]
    enough = min(p.share, p.credited) * min(len(ahead), len(back))
    likely = min(common) >= p.words and max(common) >= enough
    return Comparison(
        common[0] / max(len(ahead), 1),
        common[1] / max(len(back), 1),
        min(common),
        likely and (_is_form(first, second, p) or _is_form(second, first, p)),
    )


def _places(first: Text, second: Text, run: int) -> list[int | None]:
    """Return where each word of the first text stands in the second: None outside common runs."""
    places: dict[tuple[str, ...], int] = {}
    for i in range(len(second.folded) - run + 1):
        places.setdefault(second.folded[i : i + run], i)
    at: list[int | None] = [None] * len(first.words)
    for i in range(len(first.folded) - run + 1):
        j = places.get(first.folded[i : i + run])
        if j is not None:
            at[i : i + run] = range(j, j + run)
    return at


def _is_form(first: Text, second: Text, p: Parameters) -> bool:
    """Whether names of the first text stand where the second has others."""
    exchanged: set[str] = set()
    kept: set[str] = set()
    gap: list[int] = []
    last: int | None = None
    for i, j in enumerate(_places(first, second, p.form_run)):
        if j is None:
            gap.append(i)
            continue
        if _is_name(first.words[i]):
            kept.add(first.folded[i])
        if gap and last is not None and len(gap) <= p.gap and 0 < j - last - 1 <= p.gap:
            exchanged |= _exchanged(first, second, gap, range(last + 1, j))
        gap, last = [], j
    return len(exchanged) >= max(p.names, p.names_share * len(exchanged | kept))


def _exchanged(first: Text, second: Text, ours: Sequence[int], theirs: Sequence[int]) -> set[str]:
    """Return the names of a gap for which the other text has other ones."""
    one = {first.folded[i] for i in ours if _is_name(first.words[i])}
    other = {second.folded[j] for j in theirs if _is_name(second.words[j])}
    return one - other if other - one else set()


def _is_name(word: str) -> bool:
    return word[0].isdigit() or (word[0].isupper() and len(word) > 1)


def is_copy(
    share: float, compared: Comparison, *, credited: bool = False, p: Parameters = PARAMETERS
) -> bool:
    """Whether an article with that share of its words in another one is its copy.

    ``credited``: both credit the same agency.
    """
    least = p.credited if credited else p.share
    return share >= least and compared.words >= p.words and not compared.form


def rank(id_: str, published: str | None, words: int, publisher: str | None) -> Rank:
    """Return an article's place among its copies.

    An agency's own report comes first, then the earliest (unknown dates last), the longest,
    the one whose id sorts first.
    """
    own = 0 if is_agency(publisher) else 1
    return Rank(own, published or "9999", -words, id_)


def origins(
    ranks: Mapping[int, Rank], shares: Mapping[tuple[int, int], float]
) -> dict[int, tuple[int, float]]:
    """Return carrier → (origin, share of its words) for articles that copy one another.

    ``shares``: of (carrier, other), where the carrier's share makes it a copy.  An article's
    origin is the first of those it copies and, where that is a copy itself, its origin.
    """
    parents: dict[int, int] = {}
    for carrier, other in shares:
        best = parents.get(carrier)
        if ranks[other] < ranks[carrier] and (best is None or ranks[other] < ranks[best]):
            parents[carrier] = other
    found = {}
    for carrier, parent in parents.items():
        root = parent
        while root in parents:
            root = parents[root]
        found[carrier] = root, shares.get((carrier, root), shares[carrier, parent])
    return found
