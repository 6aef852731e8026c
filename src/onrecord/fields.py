"""What each field of a record means and which values it takes.

The classes of ``record`` give names and types; this table gives the rest that
the JSON Schema, the checks and the documentation need.  ``tests/test_record_forms.py``
holds that it names every field of every class, and no other.
"""

from __future__ import annotations

from collections.abc import Mapping

from onrecord import record as r

#: Modifiers of a time, as in TIMEX3.
TIME_MODS = (
    "BEFORE",
    "AFTER",
    "ON_OR_BEFORE",
    "ON_OR_AFTER",
    "LESS_THAN",
    "MORE_THAN",
    "EQUAL_OR_LESS",
    "EQUAL_OR_MORE",
    "START",
    "MID",
    "END",
    "APPROX",
)
STATEMENT_KINDS = ("statement", "view")

#: Values of the fields that take only some; PLOVER's come from the ontology.
CHOICES: Mapping[tuple[type, str], tuple[str, ...]] = {
    (r.Article, "published_basis"): r.PUBLISHED_BASES,
    (r.Mention, "kind"): r.MENTION_KINDS,
    (r.Entity, "kind"): r.ENTITY_KINDS,
    (r.Time, "type"): r.TIME_TYPES,
    (r.Time, "mod"): TIME_MODS,
    (r.Place, "precision"): r.PRECISIONS,
    (r.Place, "basis"): r.PLACE_BASES,
    (r.Figure, "of"): r.FIGURE_KINDS,
    (r.Statement, "kind"): STATEMENT_KINDS,
    (r.Statement, "stance"): r.STANCES,
    (r.Statement, "form"): r.FORMS,
    (r.Statement, "sourcing"): r.SOURCINGS,
    (r.Event, "status"): r.STATUSES,
    (r.EventMention, "status"): r.STATUSES,
}

#: Fields that a class lets be ``None`` before reading, never in a record.
ALWAYS_KNOWN = frozenset({(r.Article, "id")})

#: Order of the keys in JSON where it is not the order of the class.
ORDER: Mapping[type, tuple[str, ...]] = {
    r.Record: ("schema", "reader", "article"),
    r.Article: (
        "id",
        "url",
        "canonical_url",
        "title",
        "byline",
        "publisher",
        "language",
        "published",
        "published_basis",
        "published_raw",
        "fetched",
        "version",
        "partial",
        "text",
        "sha256",
    ),
}

#: Smallest and largest value of a number.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "confidence": (0, 1),
    "lat": (-90, 90),
    "lon": (-180, 180),
    "score": (-10, 10),
}

_START = "First code point of the words in article.text."
_END = "Code point after the last of the words."

#: One sentence for each field of each class.
MEANINGS: Mapping[type, Mapping[str, str]] = {
    r.Record: {
        "schema": "Name and version of this form.",
        "reader": "Which reader made the record.",
        "article": "The article as it was read.",
        "skipped": "Leftovers of the page: in the text, not read.",
        "sentences": "The sentences that were read.",
        "entities": "Who and what the article speaks of.",
        "times": "Expressions of time.",
        "places": "Toponyms, and unresolved places that an event points to.",
        "figures": "Numbers that something is counted or measured by.",
        "statements": "Who said what, and views that the reporter tells.",
        "events": "What happened, may happen, or did not.",
        "warnings": "What the user of this record should know about its reading.",
    },
    r.ReaderInfo: {
        "version": "Version of onrecord.",
        "model": "Name of the model.",
        "model_sha256": "SHA-256 of the model's weights, in hexadecimal digits.",
    },
    r.Article: {
        "id": "A given id, else made from the canonical URL, else from the text.",
        "url": "Where the article was found.",
        "canonical_url": "The address that the page gives as its own.",
        "title": "Headline, when it is known apart from the text.",
        "byline": "Author line as found.",
        "publisher": "Outlet that published the article.",
        "language": "ISO 639-1 code of the text's language.",
        "published": "Publication date or date and time, ISO 8601; null when unknown or not "
        "believed.",
        "published_basis": "Where the publication date comes from.",
        "published_raw": "The publication date as found, also when it was not believed.",
        "fetched": "When the article was fetched, ISO 8601.",
        "version": "1 for the first version of an article that was seen, then counting.",
        "partial": "Whether only a part of the article was at hand (paywall, teaser).",
        "text": "The text, exactly as decoded; every offset counts its code points.",
        "sha256": "SHA-256 of the text in UTF-8, in hexadecimal digits.",
    },
    r.Span: {"start": _START, "end": _END},
    r.Skip: {"start": _START, "end": _END, "why": "What kind of leftover it is."},
    r.Mention: {
        "start": _START,
        "end": _END,
        "kind": "How the entity is referred to.",
        "confidence": "Calibrated probability that this refers to the entity.",
    },
    r.Entity: {
        "id": "Name of the entity inside this record (e1, e2, …).",
        "kind": "What sort of thing it is.",
        "name": "Canonical name; null for an unnamed one (protesters).",
        "role": "Office or function, as of the article.",
        "country": "ISO 3166-1 alpha-3 code, or a code of the ontology such as UNO.",
        "sector": "PLOVER sector code.",
        "mentions": "Where the article speaks of it.",
    },
    r.Time: {
        "id": "Name of the time inside this record (t1, t2, …).",
        "start": _START,
        "end": _END,
        "type": "TIMEX3 type.",
        "value": "TIMEX3 value; an unanchored one keeps placeholders (XXXX-WXX-3, PAST_REF).",
        "mod": "TIMEX3 modifier.",
        "begin": "First day covered, ISO date; null when open or unanchored.",
        "finish": "Last day covered, ISO date; null when open or unanchored.",
    },
    r.Place: {
        "id": "Name of the place inside this record (p1, p2, …).",
        "start": _START,
        "end": _END,
        "name": "Name in the gazetteer; null when unresolved.",
        "country": "ISO 3166-1 alpha-3 code.",
        "admin1": "First-order division (state, province).",
        "geonameid": "Number in GeoNames.",
        "lat": "Latitude in degrees, WGS 84.",
        "lon": "Longitude in degrees, WGS 84.",
        "precision": "How exact the point is.",
        "basis": "What the place was resolved from.",
        "confidence": "Calibrated probability that it is this place.",
    },
    r.Figure: {
        "id": "Name of the figure inside this record (f1, f2, …).",
        "start": _START,
        "end": _END,
        "low": "Lower bound; null when unbounded.",
        "high": "Upper bound; null when unbounded.",
        "unit": "Unit (percent, a currency's ISO 4217 code, …); null for a bare count.",
        "of": "What is counted.",
        "approximate": "Whether the words hedge the number (about, some).",
    },
    r.Reference: {
        "start": _START,
        "end": _END,
        "entity": "Id of the entity the words stand for; null when it is not resolved.",
    },
    r.Statement: {
        "id": "Name of the statement inside this record (s1, s2, …).",
        "kind": "An utterance, or a view that the reporter tells without one.",
        "speaker": "Who said it; null when nobody is expressed or recoverable.",
        "cue": "The words that attribute it; null where a quotation stands without any.",
        "content": "The runs of words said, without cue and speaker.",
        "stance": "How the speaker stands to the content.",
        "form": "Whether the content is quoted.",
        "negated": "Whether the cue is negated (did not say).",
        "addressee": "Whom it was said to.",
        "medium": "Where it was said or printed (on state television).",
        "time": "Id of the time when it was said.",
        "place": "Id of the place where it was said.",
        "figures": "Ids of the figures in its content.",
        "sourcing": "How openly the source is named.",
        "confidence": "Calibrated probability that this is a statement of this speaker.",
    },
    r.EventMention: {
        "start": _START,
        "end": _END,
        "status": "Status of the event at this mention.",
    },
    r.Participant: {
        "start": _START,
        "end": _END,
        "entity": "Id of the entity the words stand for; null when it is not resolved.",
        "country": "ISO 3166-1 alpha-3 code, or a code of the ontology such as UNO.",
        "sector": "PLOVER sector code.",
        "confidence": "Calibrated probability that it takes this part.",
    },
    r.Event: {
        "id": "Name of the event inside this record (v1, v2, …).",
        "type": "PLOVER event type.",
        "mode": "Mode of that type; null when it has none or none fits.",
        "contexts": "PLOVER contexts; empty when none is sure.",
        "status": "Whether it happened, will, may, did not, or is background.",
        "trigger": "The words that first name it.",
        "mentions": "All words that name it, the trigger first.",
        "actors": "Who did it.",
        "recipients": "Whom it was done to.",
        "place": "Id of the place where it happened.",
        "time": "Id of the time when it happened.",
        "figures": "Ids of its figures.",
        "statement": "Id of the statement through which alone it is known; null when the "
        "reporter states it.",
        "within": "Ids of every statement in whose content the trigger stands.",
        "score": "PLOVER's score of the type and mode, -10 (conflict) to 10 (cooperation).",
        "confidence": "Calibrated probability of the type and trigger.",
    },
    r.Warning: {
        "code": "Name of the warning, for programs.",
        "message": "What happened and what it means, for people.",
    },
}
