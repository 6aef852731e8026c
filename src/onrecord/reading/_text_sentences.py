"""Sentences of English news prose.

A scan over the possible ends (``. ? ! …``) of a paragraph; each is judged by
the word before it and the word after it, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.reading._text_lines import trim
from onrecord.record import Span

_END = re.compile(r"(?P<stop>\.(?:\s\.)+|[.!?…]+|[。！？।]+)(?P<close>[\"'”’»)\]}]*)")
_WORD_BEFORE = re.compile(r"[^\s(\[{\"“”«»„—–/]+\Z")
_WORD_AFTER = re.compile(r"(?:[\"'“‘«„(\[{¿¡]+\s?)?(?P<word>[^\W_][\w’'&-]*)?")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}\Z")
_ENUMERATION = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})\Z")
#: A name with a small first letter: iPhone, eBay, al-Shabab, d’Estaing.
_SMALL_NAME = re.compile(r"[a-z]{1,3}[-’']?[A-Z]")
_TIME_TAIL = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Eastern|Central|Pacific|Mountain|Greenwich"
    r"|Moscow|London|Beijing|Local|British)\b|[A-Z]{1,2}[SDM]?T\b|(?:Jan|Feb|Mar|Apr|May|Jun|Jul"
    r"|Aug|Sep|Oct|Nov|Dec)"
)
#: "“Why?” Jane Roe asked": a name and a verb of saying go on after the quotation.
_SAYS = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asked|asks|added|wrote|writes|told|shouted|cried"
    r"|replied|tweeted|posted|wondered|exclaimed|demanded|declared|quipped|joked|continued)\b"
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Never the end of a sentence: a name or a number follows.
_TITLES = _words(
    "mr mrs ms mx dr drs prof profs gen gens sen sens rep reps gov govs lt col maj capt sgt cpl pvt"
    " cmdr cdr cmdt adm rev fr pres atty supt det insp msgr mgr brig amb hon messrs vs mt ft asst"
    " assoc dep vice-adm lt-gen maj-gen brig-gen sgt-maj ald cllr shri smt"
)
#: The end of a sentence only where a word follows that rarely begins a name.
_MAYBE = _words(
    "jr sr st ste inc corp ltd co cos bros llc plc dept univ ave blvd rd est approx govt intl natl"
    " assn bldg hwy pt bhd pty pvt al no nos art vol fig sec ch para op reg ext tel"
    " jan feb apr jun jul aug sep sept oct nov dec tues thurs"
    " calif mass fla pa va ga ill ind miss minn mich tenn tex wis wyo colo conn ariz ala nev kan"
    " mont ore wash okla neb ark del que ont ky vt md"
)
#: Abbreviations that are also words in small letters: only with a capital.
_CAPITAL_ONLY = _words(
    "no art fig sec mar al ill ind miss mass wash ore del ark pa est st ext op co reg mt ft md"
    " col gen rep det fr hon"
)
_NUMBERED = _words(
    "no nos art arts p pp vol fig figs sec ch para paras op cl reg ca c v sc jan feb mar apr jun"
    " jul aug sep sept oct nov dec tel ext approx est"
)
#: Words that begin a sentence far more often than they follow an abbreviation in a name.
_STARTERS = _words(
    "the a an he she it they we i you but and in on at this that these those his her their its our"
    " my your as if when while after before since for to from with by there here what who how why"
    " where some many most other others however meanwhile although though because according under"
    " during both each earlier later then so also not yet such about among despite more all asked"
    " do does did is are was were has have had can could will would should let please none nobody"
    " nothing once only even still instead unlike until no"
)


def sentences_in(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences of the paragraph ``text[start:end]``, without blanks around them."""
    begin = start
    quotes = counted = 0
    for match in _END.finditer(text, start, end):
        if match.start() < begin:
            continue
        quotes += text.count('"', counted, match.start())
        counted = match.start()
        cut = _cut(text, begin, end, match, odd_quote=bool(quotes % 2))
        if cut is not None and _has_word(text, begin, cut):
            yield from _trimmed(text, begin, cut)
            begin = cut
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    left, right = trim(text, start, end)
    if left < right:
        yield Span(left, right)


def _has_word(text: str, start: int, end: int) -> bool:
    return any(sign.isalnum() for sign in text[start : min(end, start + 80)]) or end - start > 80


def _cut(text: str, begin: int, end: int, match: re.Match[str], *, odd_quote: bool) -> int | None:
    """Return where the sentence ends, or None when it goes on after this stop."""
    stop, close = match["stop"], match["close"]
    after = match.end()
    if after >= end:
        return None
    if stop[0] in "。！？।":
        return after
    if not text[after].isspace():
        return _glued(text, begin, end, match, odd_quote)
    following = _skip_space(text, after, end)
    if text[following : following + 1] in ("”", "»") and following + 1 < end:
        after, following = following + 1, _skip_space(text, following + 1, end)
        close += "”"
    if following >= end:
        return None
    return after if _ends(text, begin, end, match, close, following) else None


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _glued(text: str, begin: int, end: int, match: re.Match[str], odd_quote: bool) -> int | None:
    """A sentence that ends without a space after it: ``it.The``, ``it.“We``, ``it.”He``."""
    stop, close, after = match["stop"], match["close"], match.end()
    before = text[max(begin, match.start() - 30) : match.start()]
    word = re.search(r"[^\W\d_]{2,}[)\]”\"]?\Z", before)
    if word is None or not word.group().rstrip(')]”"')[-1].islower() or len(stop) > 3:
        return None
    if close.endswith('"') and not odd_quote:
        return match.end() - 1 if text[after].isupper() else None
    if close:
        return after if text[after].isupper() or text[after] in "“‘«" else None
    if text[after] in "“«" and stop != "…":
        return after
    following = text[after : after + 20]
    token = before.rsplit(maxsplit=1)[-1] if before.split() else ""
    if re.match(r"(?!(?:Com|Org|Net|Gov|Edu)\b)[A-Z][a-z’']+(?:\s|,)|[AI]\s", following) is None:
        return None
    known = token.lower() in _TITLES or token.lower() in _MAYBE
    return None if known or any(sign in token for sign in "@/.:#_") else after


def _ends(
    text: str, begin: int, end: int, match: re.Match[str], close: str, following: int
) -> bool:
    """Judge a stop that white space follows; ``following`` is where the text goes on."""
    stop = match["stop"]
    quote = any(sign in "\"'”’»" for sign in close)
    if text[following] in "—–-" and following + 1 < end and not text[following + 1].isalnum():
        return False
    if text[following] in ",;:)]}%":
        return False
    nextmatch = _WORD_AFTER.match(text, following, min(end, following + 40))
    word = (nextmatch["word"] or "") if nextmatch else ""
    if word[:1].islower() and _SMALL_NAME.match(word) is None:
        return False
    if quote and stop[-1] in "?!" and _SAYS.match(text, following, min(end, following + 80)):
        return False
    if stop == "." and not close:
        return not _abbreviated(text, begin, match.start(), word)
    if stop == "." and close.startswith(")"):
        return True
    return not (stop == "!" and not close and text[match.start() - 5 : match.start()] == "Yahoo")


def _abbreviated(text: str, begin: int, stop: int, following: str) -> bool:
    """Say whether the full stop at ``stop`` belongs to the word before it."""
    found = _WORD_BEFORE.search(text[max(begin, stop - 30) : stop])
    if found is None:
        return False
    word = found.group()
    low = word.lower().rstrip("'’")
    starter = following.lower() in _STARTERS or not following
    if stop - len(word) <= begin and _ENUMERATION.match(word):
        return True
    if _DOTTED.match(word):
        return _dotted_goes_on(low, following, starter)
    bare = low.rsplit(".", 1)[-1]
    if following[:1].isdigit() and bare in _NUMBERED:
        return bare not in _CAPITAL_ONLY or word[:1].isupper() or bare in ("no", "fig", "sec")
    if len(word) == 1 and word.isalpha():
        return word.isupper() and not starter and (word != "I" or _named_before(text, begin, stop))
    if bare in _CAPITAL_ONLY and not word[:1].isupper():
        return False
    if bare in _TITLES:
        return True
    return bare in _MAYBE and bare not in ("no", "art") and not starter


def _named_before(text: str, begin: int, stop: int) -> bool:
    """Tell "Juan I. Roe" from "than I. Roe" and "Part I. Roe"."""
    words = text[max(begin, stop - 30) : stop].split()
    before = words[-2] if len(words) > 1 else ""
    return before[:1].isupper() and before not in ("War", "Part", "Act", "Title", "Phase", "Level")


def _dotted_goes_on(low: str, following: str, starter: bool) -> bool:
    if low in ("a.m", "p.m"):
        return following[:1].isdigit() or _TIME_TAIL.match(following) is not None
    if low in ("e.g", "i.e"):
        return True
    return not starter
