"""What pages call things: event types, statuses, stances, days, places in plain English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from onrecord.analysis.rows import Incident, Party
from onrecord.knowledge import countries
from onrecord.render.wording import clean, counted, day, days, number, shorten

#: Types of events as a noun a reader knows; docs/site.md lists them.
TYPES: Mapping[str, str] = {
    "AGREE": "Agreement to act", "CONSULT": "Talks", "SUPPORT": "Support",
    "CONCEDE": "Concession", "COOPERATE": "Cooperation", "AID": "Aid", "RETREAT": "Easing",
    "REQUEST": "Demand", "ACCUSE": "Criticism", "REJECT": "Refusal", "THREATEN": "Threat",
    "PROTEST": "Protest", "SANCTION": "Sanction", "MOBILIZE": "Mobilisation",
    "COERCE": "Coercion", "ASSAULT": "Attack",
}  # fmt: skip
_MODES: Mapping[tuple[str, str], str] = {
    ("CONSULT", "visit"): "Visit", ("CONSULT", "third-party"): "Talks hosted by a third party",
    ("CONSULT", "multilateral"): "Multilateral talks", ("CONSULT", "phone"): "Phone call",
    ("RETREAT", "withdraw"): "Withdrawal", ("RETREAT", "release"): "Release",
    ("RETREAT", "disarm"): "Disarmament", ("RETREAT", "ceasefire"): "Ceasefire",
    ("RETREAT", "access"): "Access granted", ("RETREAT", "resign"): "Resignation",
    ("REQUEST", "assist"): "Request for help", ("REQUEST", "change"): "Demand for change",
    ("REQUEST", "yield"): "Demand to yield", ("REQUEST", "meet"): "Call for talks",
    ("ACCUSE", "disapprove"): "Criticism", ("ACCUSE", "investigate"): "Investigation",
    ("ACCUSE", "allege"): "Accusation",
    ("REJECT", "assist"): "Refusal to help", ("REJECT", "change"): "Refusal to change",
    ("REJECT", "yield"): "Refusal to yield", ("REJECT", "meet"): "Refusal to meet",
    ("THREATEN", "restrict"): "Threat of restrictions", ("THREATEN", "arrest"): "Threat of arrest",
    ("THREATEN", "relations"): "Threat to relations", ("THREATEN", "expel"): "Threat to expel",
    ("THREATEN", "territory"): "Threat to territory", ("THREATEN", "violence"): "Threat of force",
    ("PROTEST", "demo"): "Demonstration", ("PROTEST", "riot"): "Riot",
    ("PROTEST", "strike"): "Strike", ("PROTEST", "hunger"): "Hunger strike",
    ("PROTEST", "boycott"): "Boycott", ("PROTEST", "obstruct"): "Blockade",
    ("PROTEST", "vandalize"): "Vandalism",
    ("SANCTION", "convict"): "Conviction", ("SANCTION", "expel"): "Expulsion or dismissal",
    ("SANCTION", "withdraw"): "Withdrawal of ties",
    ("SANCTION", "discontinue"): "Suspension or ban",
    ("MOBILIZE", "troops"): "Troops moved", ("MOBILIZE", "weapons"): "Weapons moved",
    ("MOBILIZE", "police"): "Police deployed", ("MOBILIZE", "militia"): "Militia mobilised",
    ("COERCE", "seize"): "Seizure", ("COERCE", "restrict"): "Restriction",
    ("COERCE", "censor"): "Censorship", ("COERCE", "curfew"): "Curfew",
    ("COERCE", "martial-law"): "Martial law", ("COERCE", "arrest"): "Arrest or detention",
    ("COERCE", "deport"): "Deportation", ("COERCE", "withhold"): "Withholding",
    ("COERCE", "misinformation"): "Misinformation", ("COERCE", "cyber"): "Cyber attack",
    ("ASSAULT", "abduct"): "Abduction", ("ASSAULT", "beat"): "Beating",
    ("ASSAULT", "torture"): "Torture", ("ASSAULT", "sexual"): "Sexual violence",
    ("ASSAULT", "targeted"): "Targeted killing", ("ASSAULT", "destroy"): "Destruction",
    ("ASSAULT", "primitive"): "Attack", ("ASSAULT", "firearms"): "Shooting",
    ("ASSAULT", "explosives"): "Bombing", ("ASSAULT", "suicide-attack"): "Suicide attack",
    ("ASSAULT", "aerial"): "Air strike", ("ASSAULT", "drone"): "Drone strike",
    ("ASSAULT", "heavy-weapons"): "Attack with heavy weapons",
    ("ASSAULT", "crowd-control"): "Force against a crowd",
    ("ASSAULT", "unconventional"): "Unconventional attack",
}  # fmt: skip
#: Statuses: the word, its tone (a class of the style sheet), and what it means.
STATUSES: Mapping[str, tuple[str, str, str]] = {
    "actual": ("happened", "fact", "a reporter states it, or somebody confirms it"),
    "confirmed": ("confirmed", "fact", "confirmed by somebody who should know"),
    "claimed": ("claimed", "claim", "known only on somebody's word"),
    "denied": ("denied", "denied", "the latest word on it is a denial"),
    "threatened": ("threatened", "claim", "announced as a threat"),
    "future": ("announced", "later", "expected, not yet reported as done"),
    "hypothetical": ("only possible", "later", "said to be possible, or a condition"),
    "historical": ("earlier history", "past", "told as something of the past"),
}
STANCES: Mapping[str, str] = {
    "state": "says", "claim": "claims", "confirm": "confirms", "deny": "denies",
    "accuse": "accuses", "support": "supports", "demand": "demands", "pledge": "promises",
    "threaten": "threatens", "predict": "expects", "believe": "believes",
    "decline": "does not comment", "contradict": "contradicts", "blame": "blames",
}  # fmt: skip
DISPUTES: Mapping[str, str] = {
    "denial": "Denied", "blame": "Who is to blame", "figures": "How many", "silence": "No comment",
}  # fmt: skip
FIGURES: Mapping[str, str] = {
    "dead": "killed", "injured": "injured", "arrested": "arrested", "displaced": "displaced",
    "crowd": "people in the crowd", "amount": "sum", "share": "share", "count": "number",
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "person": "Person", "organization": "Organisation", "country": "Country", "group": "Group",
    "facility": "Facility", "place": "Place", "product": "Product", "other": "Name",
}  # fmt: skip


_COMMENT = re.compile(r"(?:to )?(?:further )?(?:comment\w*|answer|reply|respond)", re.IGNORECASE)


def dispute(kind: str, about: str) -> str:
    """Return what a dispute is about in a line: ``Denied: that any shot had been fired``."""
    name = DISPUTES.get(kind, kind)
    if about in FIGURES:
        return f"{name} {FIGURES[about]}"
    if kind == "figures" or len(about.split()) < 2 or _COMMENT.fullmatch(about.strip(" .,")):
        return name
    return f"{name}: {shorten(about, 90)}"


def event(type_: str, mode: str | None = None) -> str:
    """Return a type (and mode) of event as a noun: ``Seizure``."""
    return _MODES.get((type_, mode or ""), TYPES.get(type_, type_.capitalize()))


_CODE = re.compile(r"\b([A-Z]{3,9})(?:/([a-z-]+))?(?= |$)")


def plainly(text: str) -> str:
    """Return text with types of events as nouns: ``COERCE/seize`` → ``seizure``."""

    def noun(found: re.Match[str]) -> str:
        known = found[1] in TYPES
        return event(found[1], found[2]).lower() + ":" if known else found[0]

    return _CODE.sub(noun, text)


def signed(value: float) -> str:
    """Return points with their sign: ``+7.5``, ``−4.8``, ``0``."""
    if abs(value) < 0.05:
        return "0"
    return f"{'+' if value > 0 else '−'}{abs(value):.1f}"


def status(word: str) -> str:
    """Return a status as pages say it: ``happened``."""
    return STATUSES.get(word, (word, "past", ""))[0]


def tone(word: str) -> str:
    """Return the class of the style sheet that a status has."""
    return STATUSES.get(word, (word, "past", ""))[1]


def country(code: str | None) -> str:
    """Return a country's name, else its code."""
    return (countries.name_of(code) or code) if code else ""


def party(row: Party) -> str:
    """Return what one who takes part is called."""
    return clean(row.name or shorten(row.words, 60))


_PRONOUNS = frozenset("it he she they who which that this these those we i you".split())


def speaker(row: Party | None, outlet: str = "A report") -> str:
    """Return what one who speaks is called; ``outlet`` where nobody is named."""
    if row is None:
        return clean(outlet)
    name = party(row)
    if row.name is None and name.casefold() in _PRONOUNS:
        return f"Somebody (“{name}”)"
    return name[:1].upper() + name[1:]


def parties(rows: Iterable[Party], most: int = 3) -> str:
    """Return those who take part in one line: ``A, B and 2 more``."""
    names = list(dict.fromkeys(map(party, rows)))
    return and_more(names, most)


def and_more(names: list[str], most: int = 3) -> str:
    """Return names in one line: ``A, B and 2 more``."""
    if len(names) <= most:
        return names[0] if len(names) == 1 else ", ".join(names[:-1]) + (
            f" and {names[-1]}" if names else ""
        )  # fmt: skip
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def span(first: str, last: str) -> str:
    """Return the days from one to another; ``undated`` where none is known."""
    return days(first or None, last or None) or "undated"


def weekday(iso: str) -> str:
    """Return a day with its weekday: ``Saturday, 28 February 2026``; other text unchanged."""
    try:
        found = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{found:%A}, {found.day} {found:%B %Y}"


def when(row: Incident) -> str:
    """Return the days of an incident; ``reported …`` where only publication is known."""
    found = days(row.first_day, row.last_day)
    return f"reported {found}" if found and row.day_basis == "published" else found


def amount(low: float | None, high: float | None, unit: str | None = None) -> str:
    """Return a figure as people write it: ``at least 7``, ``3.1 million USD``."""
    if low is None and high is None:
        return "unknown"
    if low == high:
        found = number(low or 0)
    elif low is not None and high is not None:
        found = f"{number(low)}–{number(high)}"
    else:
        found = f"at least {number(low)}" if low is not None else f"at most {number(high or 0)}"
    return f"{found} {clean(unit)}" if unit else found


__all__ = [
    "DISPUTES", "FIGURES", "KINDS", "STANCES", "STATUSES", "TYPES", "amount", "and_more",
    "clean", "counted", "country", "day", "days", "dispute", "event", "number", "parties",
    "party", "plainly", "shorten", "signed", "span", "speaker", "status", "tone", "weekday", "when",
]  # fmt: skip
