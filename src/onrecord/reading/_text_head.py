"""The head of a report: title, bylines and datelines.

A dateline is the place, date and agency before a paragraph's first sentence
("KYIV, Ukraine, March 3 (AP) — "), or a line that is a date and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onrecord.reading._text_lines import Line
from onrecord.record import Span

#: Longest line taken for a title, in characters (headlines of wires stay under 150).
_LONGEST_TITLE = 200
_LONGEST_BYLINE = 160
#: "LOOK: A Picture Of It" is a title, "LIMA: The government said …" a dateline.
_LONGEST_COLON_TITLE = 130
#: How far into a paragraph a dateline may reach, in characters.
_REACH = 110
#: Story paragraphs in which a place without date or agency is taken for a dateline.
_PLAIN_REACH = 3
#: First and last paragraphs in which a byline is looked for.
_BYLINE_TOP, _BYLINE_BOTTOM = 6, 6


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATE = (
    rf"(?:{_WEEKDAY},?\s)?(?:{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}})"
)
_WORD = r"[^\W\d_](?:[\w’'.-]*[\w’'.])?"
_NAME = rf"{_WORD}(?:\s(?:(?:and|of|de|del|la|el|al|the|&)\s)?{_WORD}){{0,3}}"
_DATELINE = re.compile(
    rf"""(?P<place>{_NAME}(?:\s?,\s{_NAME}){{0,2}}?(?:\s(?:and|&)\s{_NAME})?)?
    (?:\s?,?\s?(?P<date>{_DATE})\.?|\s?\((?P<dated>{_DATE})\))?
    (?:\s?\(\s?(?P<credit>[^()\d][^()]{{1,38}})\)|\s?/(?P<slash>[A-Z][\w ]{{1,20}})/)?
    (?P<break>\s?[-–—]\s(?P<after>{_DATE})\s?[:.—–-]\s|\s?(?:—|–|--+)\s?
        |\s?-\s(?!\d)|\s?[:.]\s|(?=[A-Z“"]))
    """,
    re.VERBOSE,
)
_DATE_LINE = re.compile(
    rf"{_DATE}(?:\s*(?:,|at|[-–—|])?\s*\d{{1,2}}[:.]\d{{2}}\s?(?:[ap]\.?m\.?)?(?:\s?[A-Z]{{2,4}})?)?\.?",
    re.IGNORECASE,
)
_TWO_SENTENCES = re.compile(r"[a-z]{3}[.!?]\s+[A-Z]")
_WHOLE_QUOTE = re.compile(r",[”\"]\Z")
#: A line under the title: a name and what the writer is.
_NAME_AND_TRADE = re.compile(
    r"[A-ZÀ-Þ][\w’'.-]+(?:\s[\w’'.-]+){1,3}\s?[,|–—-]\s?(?:[A-Z]\w+\s){0,3}"
    r"(?i:writer|reporter|correspondent|editor|contributor|bureau|agenc(?:y|ies))"
)
_ALL_DATE = re.compile(_DATE)
#: Words before a dash or colon at a paragraph's start that are no place.
_KICKER = re.compile(
    r"(?:opinion|analysis|exclusive|breaking|watch|video|updated?|live|interview|explainer|editorial"
    r"|comment(?:ary)?|review|correction|note|editor|fact|photos?|pictures|listen|read|just|news|special"
    r"|factbox|timeline|profile|feature|column|obituary|podcast|quotes?|highlights|summary|insight|focus"
    r"|part|chapter|day|q|a|question|answer|q&a|step|tip|warning|alert|urgent|report|world|mr|mrs|ms|dr"
    r"|byline|look|boom|must|poll|fix|sen|rep|gen|gov|president|minister|image|source|the|i|we|he|she|it|they|and|but|yes|no)\b",
    re.IGNORECASE,
)
#: Words of mixed-case openings that are names or topics, not places.
_NO_PLACE = re.compile(
    r"\b(?:international|crisis|company|party|ministry|university|council|group|police|government"
    r"|army|bank|association|union|committee|court|parliament|congress|team|club|foundation"
    r"|institute|agency|campaign|movement|politics|economy|energy|climate|health|war|peace|election"
    r"|elections|vote|poll|cricket|football|sports?|business|power|money|oil|gas|food|water)\b",
    re.IGNORECASE,
)
_AGENCIES = _words(
    "ap afp upi reuters tass itar-tass xinhua bloomberg cnn bbc dpa efe ansa mena ips pti ani ians"
    " kyodo yonhap interfax anadolu wam spa sana irna petra cp pa aap bernama antara cna ptv nna"
    " apa agerpres rfe/rl rfe voa nyt montsame ukrinform belta ria"
)
_NOT_CREDIT = re.compile(
    r"[RDI]\s?[-–]|born|aged?\b|formerly|also|now|see|left|right|\d", re.IGNORECASE
)

_BY = re.compile(
    r"(?:(?:written|reported|compiled|edited|produced|story|text|report|words|posted|published"
    r"|authored|analysis|interview|photographs|updated)\s+)?(?:by|byline)\s*:?\s+(?P<names>.+)",
    re.IGNORECASE | re.DOTALL,
)
_CREDITS = re.compile(
    r"[(\[]?(?:(?:additional|with)\s+)?(?:reporting|writing|editing|translation|translated|written"
    r"|compiled|text)\s+(?:and\s+(?:writing|editing|translation)\s+)?(?:by|from)\s+.{3,280}"
    r"|[(\[]?this\s+(?:article|story|report)\s+was\s+(?:written|reported|produced|compiled)\s+by"
    r"\s.{3,160}",
    re.IGNORECASE | re.DOTALL,
)
_SMALL_IN_BYLINE = _words(
    "and in for of at the with de del der den van von bin al el da di du la le y e & by from | – —"
    " - staff writer correspondent reporter editor special to chief"
)
_NOT_NAMES = re.compile(
    rf"(?:the|a|an|this|that|then|now|next|last|contrast|comparison|all|my|our|his|her|their|its|{_MONTH}|{_WEEKDAY}"
    r"|early|late|midnight|noon|dawn|law|far|one|two|most|some|any|no|and)\b",
    re.IGNORECASE,
)


class Head(NamedTuple):
    """What was recognised; the spans are disjoint."""

    title: Span | None
    datelines: list[Span]
    bylines: list[Span]


class DatelineParts(NamedTuple):
    """The pieces of a dateline: places, the date, the agency or publisher."""

    places: list[Span]
    date: Span | None
    credit: Span | None


def read_head(text: str, paragraphs: Sequence[Line], title: str | None) -> Head:
    """Find title, bylines and datelines among the paragraphs that are read."""
    bylines = list(_bylines(text, paragraphs))
    taken = {span.start for span in bylines}
    heading = _title(text, paragraphs, title, taken)
    datelines: list[Span] = []
    story = 0
    for index, paragraph in enumerate(paragraphs):
        if paragraph.start in taken or (heading and paragraph.start == heading.start):
            continue
        found = _date_line(text, paragraph) if index < _BYLINE_TOP else None
        if found is None:
            plain = story < _PLAIN_REACH and not any(_has_break(text, s) for s in datelines)
            found = _dateline(text, paragraph, plain=plain, first=story == 0)
            story += 1
        if found is not None:
            datelines.append(found)
    return Head(heading, datelines, bylines)


def _has_break(text: str, span: Span) -> bool:
    return _DATE_LINE.fullmatch(text, span.start, span.end) is None


def _date_line(text: str, paragraph: Line) -> Span | None:
    if paragraph.end - paragraph.start > 60:
        return None
    match = _DATE_LINE.fullmatch(text, paragraph.start, paragraph.end)
    return Span(paragraph.start, paragraph.end) if match else None


# -- title ---------------------------------------------------------------------------------


def _title(
    text: str, paragraphs: Sequence[Line], given: str | None, taken: set[int]
) -> Span | None:
    top = [p for p in paragraphs[:_BYLINE_TOP] if p.start not in taken]
    if given and given.strip():
        wanted = _plain(given)
        for paragraph in top[:3]:
            if _plain(text[paragraph.start : min(paragraph.end, paragraph.start + 600)]) == wanted:
                return Span(paragraph.start, paragraph.end)
    if not top or paragraphs[0].start in taken:
        return None
    first, rest = top[0], [p for p in paragraphs[1:12] if p.start != top[0].start]
    if rest and _like_title(text, first, rest, taken):
        return Span(first.start, first.end)
    return None


def _plain(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())


def _like_title(text: str, line: Line, rest: Sequence[Line], taken: set[int]) -> bool:
    words = text[line.start : line.end]
    if len(words) > _LONGEST_TITLE or len(words.split()) < 2 or words[-1] in ",;:—–-":
        return False
    if _WHOLE_QUOTE.search(words) or (words[0] in '"“‘«' and words[-1] in '"”’»'):
        return False
    if _dateline(text, line, plain=True, first=True) is not None:
        return False
    following = rest[0]
    marked = following.start in taken or _date_line(text, following) is not None
    marked = marked or _dateline(text, following, plain=True, first=True) is not None
    if words[-1] in '.”"’' and words.rstrip('”"’)')[-1:] == ".":
        return marked and len(words) <= 120
    longer = any(p.end - p.start > len(words) or text[p.end - 1] in '.”"' for p in rest)
    one = _TWO_SENTENCES.search(words) is None
    return marked or (one and longer and following.after_blank)


# -- bylines -------------------------------------------------------------------------------


def _bylines(text: str, paragraphs: Sequence[Line]) -> Iterator[Span]:
    for index, paragraph in enumerate(paragraphs):
        near = index < _BYLINE_TOP or index >= len(paragraphs) - _BYLINE_BOTTOM
        if not near or paragraph.end - paragraph.start > 2 * _LONGEST_BYLINE:
            continue
        words = text[paragraph.start : paragraph.end]
        credits = index >= 2 and _CREDITS.fullmatch(words) is not None
        if credits or _is_byline(words) or (index < 3 and _NAME_AND_TRADE.fullmatch(words)):
            yield Span(paragraph.start, paragraph.end)


def _is_byline(words: str) -> bool:
    """Say whether a line names the report's writers: "By Jane Doe and John Roe in Nairobi"."""
    match = _BY.fullmatch(words.strip("()[]–—- "))
    if match is None or len(words) > _LONGEST_BYLINE or _NOT_NAMES.match(match["names"]):
        return False
    names = match["names"].rstrip(".").split()
    if not names or not names[0][:1].isupper() or len(names) > 22:
        return False
    return all(_fits_byline(word) for word in names)


def _fits_byline(word: str) -> bool:
    bare = word.strip("(),;:|.")
    return not bare or bare[:1].isupper() or bare[:1] == "@" or bare.lower() in _SMALL_IN_BYLINE


# -- datelines -----------------------------------------------------------------------------


def _dateline(text: str, paragraph: Line, *, plain: bool, first: bool) -> Span | None:
    reach = min(paragraph.end, paragraph.start + _REACH)
    match = _DATELINE.match(text, paragraph.start, reach)
    if match is None or match.end() >= paragraph.end:
        return None
    long = paragraph.end - paragraph.start > _LONGEST_COLON_TITLE
    if not _is_dateline(match, plain=plain, first=first, long=long):
        return None
    end = match.end("after") if match["after"] else match.start("break")
    return Span(paragraph.start, end) if end > paragraph.start else None


def _like_place(place: str, *, capitals: bool) -> bool:
    """Say whether a place that neither date nor agency vouches for may be one."""
    if len(place) > (45 if capitals else 24) or len(place.split(",")[0].split()) > 3:
        return False
    return re.search(r"[’']S\b", place) is None and _NO_PLACE.search(place) is None


def _is_dateline(match: re.Match[str], *, plain: bool, first: bool, long: bool) -> bool:
    place = match["place"] or ""
    credit = match["credit"] or match["slash"] or ""
    dated = match["date"] or match["dated"] or match["after"]
    mark = match["break"].strip()
    if credit and _NOT_CREDIT.match(credit):
        return False
    agency = credit.strip().lower() in _AGENCIES
    if not place:
        return bool(credit) and (agency or (first and mark not in ("", ".")))
    if _KICKER.match(place) or not _starts_upper(place):
        return False
    capitals = sum(map(str.isupper, place)) > sum(map(str.islower, place.replace(" and ", "")))
    capitals = capitals or place.split(",")[0].replace(" and ", " ").isupper()
    dash = mark[:1] in ("—", "–", "-") if mark else False
    if credit:
        return (capitals or agency or first) and (dash or mark in (".", ":") or agency)
    if dated:
        return (dash or mark in (":", ".") or bool(match["after"])) and (capitals or first)
    if mark == ":":
        return first and capitals and len(place) > 3 and place.split(",")[0].isupper() and long
    return dash and plain and (capitals or first) and _like_place(place, capitals=capitals)


def _starts_upper(place: str) -> bool:
    small = {"and", "of", "de", "del", "la", "el", "al", "the", "&"}
    return all(word[:1].isupper() or word in small for word in place.replace(",", " ").split())


def dateline_parts(text: str, span: Span) -> DatelineParts:
    """Take a dateline of ``layout`` apart; a part that is not there is empty or None.

    "SANA and ADEN, Yemen, May 2 (Example News)" gives the places "SANA and ADEN"
    and "Yemen", the date "May 2" and the credit "Example News".
    """
    match = _DATELINE.match(text + " ", span.start, min(len(text), span.end + 6))
    if _has_break(text, span) is False or match is None:
        date = _ALL_DATE.search(text, span.start, span.end)
        return DatelineParts([], Span(*date.span()) if date else None, None)
    date_group = next((g for g in ("date", "dated", "after") if match[g]), None)
    credit_group = next((g for g in ("credit", "slash") if match[g]), None)
    places = list(_places(text, *match.span("place"))) if match["place"] else []
    return DatelineParts(
        places,
        Span(*match.span(date_group)) if date_group else None,
        Span(*match.span(credit_group)) if credit_group else None,
    )


def _places(text: str, start: int, end: int) -> Iterator[Span]:
    for piece in re.finditer(r"[^\s,][^,]*", text[start:end]):
        words = piece.group().rstrip()
        yield Span(start + piece.start(), start + piece.start() + len(words))
