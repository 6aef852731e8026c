"""Contexts of an event, by rule, from type, mode, sectors and the words around.

A context is given only where one of its words stands in the trigger's sentence, or
a participant's sector or the mode settles it; so the list is often empty.  Names are
PLOVER's (``ontology.contexts()``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_BY_SECTOR = {
    "MIL": "military",
    "SPY": "intelligence",
    "LEG": "legislative",
    "JUD": "legal",
    "REF": "migration",
    "REL": "religion_ethnicity",
    "MED": "health",
}
_BY_MODE = {
    ("ASSAULT", "unconventional"): "cbrn",
    ("ASSAULT", "sexual"): "gender",
    ("COERCE", "cyber"): "cyber",
    ("COERCE", "misinformation"): "misinformation",
    ("COERCE", "censor"): "rights_freedoms",
    ("COERCE", "deport"): "migration",
    ("SANCTION", "convict"): "legal",
    ("ACCUSE", "allege"): None,
    ("ASSAULT", "crowd-control"): "repression",
}
_DIPLOMATS = re.compile(
    r"\b(?:ambassadors?|embass(?:y|ies)|consulates?|diploma\w*|foreign minist\w+|"
    r"foreign secretary|secretary of state|envoys?|summit|bilateral|treaty)\b"
)
# ruff: noqa: E501 (one context a line reads best)
_WORDS = {
    "diplomatic": _DIPLOMATS.pattern,
    "election": r"\b(?:elections?|electoral|ballots?|voters?|polling|campaigns? for|referendum)\b",
    "economic": r"\b(?:trade|tariffs?|econom\w+|imports?|exports?|investments?|debts?|loans?|budget|banks?|currency|inflation)\b",
    "legal": r"\b(?:courts?|judges?|trial|prosecut\w+|lawsuit|indict\w+|verdict|attorney|tribunal|sentenced)\b",
    "human_rights": r"\bhuman rights\b",
    "rights_freedoms": r"\b(?:freedom of|press freedom|free speech|civil liberties|censorship)\b",
    "human_security": r"\b(?:food|famine|hunger|drinking water|water supply|housing|electricity|humanitarian)\b",
    "gender": r"\b(?:women|girls|gender|rape|femicide)\b",
    "lgbt": r"\b(?:lgbt\w*|gay|lesbian|transgender|same-sex)\b",
    "territory": r"\b(?:border dispute|territor\w+|annex\w+|sovereignty|separatis\w+|autonomy|occupied)\b",
    "peacekeeping": r"\b(?:peacekeep\w+|ceasefire monitors?|blue helmets)\b",
    "health": r"\b(?:health|hospitals?|vaccin\w+|disease|epidemic|pandemic|covid\S*|ebola|cholera)\b",
    "asylum": r"\basylum\b",
    "migration": r"\b(?:migrants?|refugees?|migration|displaced)\b",
    "disasters": r"\b(?:earthquakes?|floods?|hurricanes?|cyclones?|wildfires?|tsunami|landslides?|drought)\b",
    "natural_resource": r"\b(?:oil|gas field|mining|mines|minerals?|timber|pipelines?|fisher\w+)\b",
    "environment": r"\b(?:climate|environment\w*|pollution|emissions?|deforestation)\b",
    "technology": r"\b(?:technolog\w+|semiconductors?|satellites?|artificial intelligence|5g)\b",
    "terrorism": r"\b(?:terror\w*|jihadis\w+|suicide bomb\w*|extremis\w+)\b",
    "cbrn": r"\b(?:nuclear|chemical weapons?|biological weapons?|nerve agent|uranium)\b",
    "cyber": r"\b(?:cyber\w*|hack(?:ers?|ed|ing)|ransomware)\b",
    "misinformation": r"\b(?:disinformation|misinformation|propaganda|fake news)\b",
    "corruption": r"\b(?:corrupt\w*|brib\w+|embezzl\w+|graft|kickbacks?)\b",
    "illegal_drugs": r"\b(?:drugs?|narcotics?|cocaine|heroin|cartels?|fentanyl|traffickers?)\b",
    "religion_ethnicity": r"\b(?:church\w*|mosques?|muslims?|christians?|jew\w*|hindus?|ethnic\w*|sectarian|caste|minorit\w+)\b",
}
_PATTERNS = {name: re.compile(words) for name, words in _WORDS.items()}


def contexts(kind: str, mode: str | None, sectors: Iterable[str | None], words: str) -> list[str]:
    """Contexts of an event; ``words``: the trigger's sentence."""
    low = words.lower()
    found = {name for name, pattern in _PATTERNS.items() if pattern.search(low)}
    found |= {_BY_SECTOR[s] for s in sectors if s in _BY_SECTOR}
    by_mode = _BY_MODE.get((kind, mode or ""))
    if by_mode:
        found.add(by_mode)
    return sorted(found)
