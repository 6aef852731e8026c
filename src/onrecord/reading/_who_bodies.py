"""Bodies that every state has, under one name however the article words it.

"Chile's health ministry", "the Chilean Ministry of Health" and, in an article about Chile,
"the Health Ministry" are the Ministry of Health of Chile.
"""

from __future__ import annotations

import re

from onrecord.knowledge import countries

#: Ministries whose usual name is not that of their subject.
_SUBJECTS = {
    "foreign": "Foreign Affairs",
    "interior": "the Interior",
    "home": "Home Affairs",
    "environment": "Environment",
}
#: Other bodies that a state has one of, as they are written in a name.
_SINGLE = {
    name.lower(): name
    for name in (
        "Cabinet", "Parliament", "Senate", "National Assembly", "Supreme Court",
        "Supreme Court of Appeal", "High Court", "Constitutional Court", "Court of Appeal",
        "Electoral Court", "Electoral Tribunal", "Central Bank", "Attorney General's Office",
        "Public Prosecutor's Office", "Prime Minister's Office", "Presidential Office",
        "Council of Ministers", "Royal Court",
    )
}  # fmt: skip
#: Federations, whose parts have courts, assemblies and cabinets of the same names.
_FEDERATIONS = frozenset({"USA", "IND", "AUS", "CAN", "NGA", "PAK", "DEU", "MEX", "GBR", "BRA"})
_OF_PARTS = frozenset({"High Court", "Cabinet", "Parliament", "Senate", "Court of Appeal"})
_ARTICLE = re.compile(r"^(?:the|The|its|their|his|her) ")
_SUBJECT = re.compile(
    r"(?P<subject>[A-Za-z]\w+(?:,? (?:and |& )?[A-Za-z]\w+){0,3}) [Mm]inistry", re.ASCII
)
_MINISTRY = re.compile(r"[Mm]inistry (?P<of>of|for) (?P<subject>(?:the )?[A-Za-z][^,;()]{2,60})")
#: What follows a body's name and is no part of it.
_AFTER = re.compile(r"\s*(?:\(|, | on [A-Z]| in a | this | last | yesterday| today)")
_GOVERNMENT = re.compile(r"(?:[Ff]ederal |[Cc]entral |[Nn]ational )?[Gg]overnment")
_EMBASSY = re.compile(r"[Ee]mbassy(?P<where> (?:in|to) (?:the )?[A-Z][\w -]*)?")
_OWNER = re.compile(r"^(?:['’]s?)?\s+")
_IN = re.compile(r"\s(?:of|in|for)(?: the)?\s$")
_LOWER = frozenset({"of", "and", "for", "the", "&", "in"})


def _without_country(words: str) -> tuple[str, str | None]:
    """Cut the state's own name off: "Chile's", "Chilean" before, "of Chile", "in Chile" after."""
    bare = _ARTICLE.sub("", _AFTER.split(words, maxsplit=1)[0].strip())
    for start, end, match in countries.find(bare):
        if start == 0:
            return _OWNER.sub("", bare[end:]), match.code
        before = _IN.search(bare[:start])
        if before and end == len(bare):
            return bare[: before.start()], match.code
    return bare, None


def _titled(words: str) -> str:
    return " ".join(
        word if word in _LOWER or not word.islower() else word.capitalize()
        for word in words.split()
    )


def state_body(words: str) -> tuple[str, str | None] | None:
    """Return the name of a state's body without its state, and the state the words name.

    None for words that are no such body, or a part's ("the Lagos State Ministry of Health").
    """
    bare, code = _without_country(words)
    single = _SINGLE.get(bare.lower().replace("’", "'"))
    if single is not None:
        return single, code
    if _GOVERNMENT.fullmatch(bare) and code is not None:
        return "Government", code
    embassy = _EMBASSY.fullmatch(bare)
    if embassy is not None and code is not None:
        return "Embassy", code
    of = _MINISTRY.fullmatch(bare)
    if of is not None:
        return f"Ministry {of['of']} {_titled(of['subject'])}", code
    subject = _SUBJECT.fullmatch(bare)
    if subject is None or subject["subject"].lower() in ("state", "the", "new", "federal"):
        return None
    told = subject["subject"]
    return f"Ministry of {_SUBJECTS.get(told.lower(), _titled(told))}", code


def full_name(words: str, country: str | None) -> str | None:
    """Return a state body's name with its state, where ``words`` are one and the state is known.

    ``country`` is the state where the words name none.
    """
    found = state_body(words)
    if found is None:
        return None
    body, own = found
    code = own or country
    name = countries.name_of(code) if code else None
    if name is None or code in countries.NON_STATE:
        return None
    if own is None and code in _FEDERATIONS and body in _OF_PARTS:
        return None
    where = _EMBASSY.search(_AFTER.split(words, maxsplit=1)[0]) if body == "Embassy" else None
    return f"{body} of {name}{(where['where'] or '') if where else ''}"


def without_owner(name: str) -> str:
    """Return a body's name without its state before it: "Chile's Rail Board" → "Rail Board"."""
    for start, end, match in countries.find(name[:60]):
        owner = re.match(r"['’]s?\s+(?=[A-Z])", name[end:])
        if start == 0 and owner and match.kind == "name":
            return name[end + owner.end() :]
    return name
