"""Rules for the parts of a statement that are not learned.

``negated``: the cue is denied to have been uttered ("did not say").  ``addressee``:
who is told, from the cue's object.  ``medium``: what carried the words ("in a
statement", "on state television").  ``sourcing``: how well the source is identified.
"""

from __future__ import annotations

import re

from onrecord.record import Entity, Span

_NEGATION = re.compile(r"\b(?:not|never|n[’']t|neither|nor)\b|n[’']t\b", re.IGNORECASE)
#: Cues whose meaning already holds the refusal ("declined to", "refused to").
_TELLING = re.compile(
    r"\b(?:tell|tells|told|telling|inform(?:s|ed|ing)?|warn(?:s|ed|ing)?|assur(?:e|es|ed|ing)"
    r"|remind(?:s|ed|ing)?|address(?:es|ed|ing)?|notif(?:y|ies|ied)|brief(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_AFTER_ADDRESSEE = re.compile(
    r"\b(?:that|on|in|at|to|about|during|by|after|before|when|while|as|of|from|outside|inside|near"
    r"|how|why|what|there)\b|(?<=\w{3})[.!?]\s"
)
_CARRIER = (
    r"statement|interview|tweets?|posts?|letter|speech|address|report|message|video|memo|note|"
    r"press conference|news conference|press release|press briefing|briefing|broadcast|"
    r"television|radio|social media|website|op-ed|article|column|filing|affidavit|e-?mail|"
    r"communiqu[eé]|twitter|facebook|instagram|telegram|truth social|weibo|youtube|whatsapp"
)
_MEDIUM = re.compile(
    rf"\b(?:in|on|via|through|during|at)\s+((?:an?|the|his|her|its|their|this|that)?\s*"
    rf"(?:[\w’'-]+\s+){{0,3}}?(?:{_CARRIER})\b(?:\s+with\s+(?:the\s+)?(?-i:[A-Z])[\w’'-]*(?:\s+(?-i:[A-Z])[\w’'-]*)*)?)",
    re.IGNORECASE,
)
_LOCATIVE = re.compile(
    r"\b(?:in|at|near|outside|inside|from)\s+(?:(?:the|central|downtown|northern|southern|eastern"
    r"|western|nearby|neighbou?ring)\s+){0,2}$",
    re.IGNORECASE,
)
_RELATIVE_END = re.compile(r"\b(?:who|which|that)$")
_SUBORDINATE = re.compile(
    r"\b(?:who|whose|whom|which|that|when|where|after|before|since|because|while|as|if)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\b(?:report|statement|document|law|poll|survey|study|filing|indictment|complaint|letter|"
    r"ruling|resolution|assessments?|data|figures|constitution|communiqu[eé]|memo|records?|"
    r"affidavit|analysis|census|decree|treaty|agreement|bill|notice)\b",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(
    r"\b(?:sources?|insiders?|anonymous|anonymity|unnamed|unidentified|people familiar|"
    r"person familiar|(?:an?|one|another|senior|several|some|two|three)\s+(?:[\w-]+\s+){0,2}"
    r"(?:officials?|diplomats?|aides?|sources?|witness(?:es)?))\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:president|minister|spokes\w+|secretary|chief|head|director|chair\w*|leader|governor|"
    r"mayor|ambassador|general|commander|prosecutor|judge|lawyer|attorney|officer|official|"
    r"commissioner|premier|chancellor|king|queen|pope|bishop|professor|candidate|senator|"
    r"lawmaker|deputy|adviser|advisor|envoy|analyst|expert|author)\b",
    re.IGNORECASE,
)


def negated(text: str, cue: Span) -> bool:
    """Whether the utterance is said not to have been made ("has not said")."""
    before = text[max(0, cue.start - 24) : cue.start].split()[-2:]
    return bool(_NEGATION.search(" ".join([*before, text[cue.start : cue.end]])))


def addressee(text: str, cue: Span, first_content: int | None) -> Span | None:
    """The object of a verb of telling: the words between cue and content."""
    told = list(_TELLING.finditer(text, cue.start, cue.end))
    if not told:
        return None
    start = told[-1].end()
    stop = first_content if first_content and first_content > start else start + 60
    found = re.match(r"\s+((?:[\w’'.-]+\s?){1,7})", text[start:stop])
    if not found:
        return None
    words = _AFTER_ADDRESSEE.split(found.group(1))[0].rstrip(" .,’'")
    at = start + found.start(1)
    return Span(at, at + len(words)) if len(words) > 1 else None


def located(text: str, start: int) -> bool:
    """Whether a place that begins at ``start`` is where something is: "in", "outside the"."""
    return bool(_LOCATIVE.search(text[max(0, start - 40) : start]))


def subordinate(text: str, ends: list[int], sentence: Span, at: int) -> bool:
    """Whether ``at`` stands in a clause of its own: "…, who left last week, said".

    ``ends``: where the words of speaker, cue and content end.
    """
    start = max([sentence.start, *(e for e in ends if e <= at)])
    # A speaker's words may end in the pronoun: "The union, which".
    relative = bool(_RELATIVE_END.search(text, max(0, start - 8), start))
    return relative or bool(_SUBORDINATE.search(text, start, at))


def medium(text: str, sentence: Span, holes: list[Span]) -> Span | None:
    """What carried the words, in the statement's sentence but outside its content."""
    for found in _MEDIUM.finditer(text, sentence.start, sentence.end):
        span = Span(*found.span(1))
        if not any(h.start < span.end and span.start < h.end for h in holes):
            return span
    return None


def sourcing(words: str | None, entity: Entity | None) -> str:
    """named | role | anonymous | collective | document | none.

    A proper name names its source; else the words decide: an anonymous source, a
    document that speaks, a holder of a role, or a collective.
    """
    if words is None:
        return "none"
    if entity is not None and entity.name is not None:
        return "document" if _DOCUMENT.search(words) and entity.kind == "other" else "named"
    for pattern, answer in ((_ANONYMOUS, "anonymous"), (_DOCUMENT, "document"), (_ROLE, "role")):
        if pattern.search(words):
            return answer
    if entity is not None and entity.kind == "group":
        return "collective"
    return "collective" if words.rstrip("’'").lower().endswith("s") else "none"
