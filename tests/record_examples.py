"""A record made by hand from an invented report, for the tests of forms and rendering."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from onrecord import ontology
from onrecord import record as r

TEXT = """The Tidewater Review | World

Foreign minister denies secret trawler deal with Portugal

REYKJAVIK (Tidewater) — Icelandic Foreign Minister Sigrún Hallvarðsdóttir on Tuesday denied \
that her government had struck a secret deal with Lisbon over the trawlers seized off the Azores \
early last month.

“There is no deal, and there will be none behind closed doors,” Hallvarðsdóttir told reporters \
outside parliament. “We talk in daylight.” She confirmed, however, that she had spoken by phone \
with Portuguese Prime Minister Duarte Sequeira over the weekend, a conversation she called \
“frank”.

Portugal has deployed two patrol ships to the fishing grounds and detained about 40 crew members \
since the dispute began. Sequeira’s office accused Reykjavik of hiding catches worth between \
€12 million and €15 million.

According to a port official in Ponta Delgada, who asked not to be named, at least 9 sailors were \
injured when coast guard officers stormed the trawler Hafdís. Lisbon denies any injuries.

Sequeira is expected to visit Reykjavik next week. If the talks fail, Iceland could close its \
ports to Portuguese vessels, Hallvarðsdóttir warned. Thousands of dock workers marched in \
Reykjavik on Sunday. The two countries last clashed over cod quotas in 1986.

Share this article
"""


def at(words: str, nth: int = 1, text: str = TEXT) -> r.Span:
    """Return the span of the ``nth`` occurrence of ``words``."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return r.Span(start, start + len(words))


def _ref(words: str, entity: str | None, nth: int = 1) -> r.Reference:
    span = at(words, nth)
    return r.Reference(span.start, span.end, entity)


def _mention(words: str, kind: str, nth: int = 1, confidence: float = 0.97) -> r.Mention:
    span = at(words, nth)
    return r.Mention(span.start, span.end, kind, confidence)


def _time(
    id_: str, words: str, type_: str, value: str, days: Sequence[str | None], mod: str | None = None
) -> r.Time:
    span = at(words)
    return r.Time(id_, span.start, span.end, type_, value, mod, *days)


def _part(
    words: str, entity: str | None, country: str | None, sector: str | None, nth: int = 1
) -> r.Participant:
    span = at(words, nth)
    return r.Participant(span.start, span.end, entity, country, sector, 0.9)


def _event(id_: str, type_: str, mode: str | None, status: str, *spans: r.Span) -> r.Event:
    return r.Event(
        id=id_,
        type=type_,
        mode=mode,
        contexts=(),
        status=status,
        trigger=spans[0],
        mentions=tuple(r.EventMention(s.start, s.end, status) for s in spans),
        actors=(),
        recipients=(),
        place=None,
        time=None,
        figures=(),
        statement=None,
        within=(),
        score=ontology.score(type_, mode),
        confidence=0.88,
    )


def _statement(
    id_: str, speaker: r.Reference | None, cue: r.Span | None, stance: str, form: str, *runs: r.Span
) -> r.Statement:
    return r.Statement(
        id=id_,
        kind="statement",
        speaker=speaker,
        cue=cue,
        content=runs,
        stance=stance,
        form=form,
        negated=False,
        addressee=None,
        medium=None,
        time=None,
        place=None,
        figures=(),
        sourcing="named",
        confidence=0.93,
    )


def _sentences() -> tuple[r.Span, ...]:
    starts = (
        "Foreign minister denies",
        "Icelandic Foreign",
        "“There is",
        "“We talk",
        "She confirmed",
        "Portugal has",
        "Sequeira’s office",
        "According to",
        "Lisbon denies",
        "Sequeira is",
        "If the",
        "Thousands",
        "The two",
    )
    firsts = [at(words).start for words in starts]
    ends = [*firsts[1:], at("Share this").start]
    ends[0] = at("REYKJAVIK").start
    return tuple(
        r.Span(start, start + len(TEXT[start:end].rstrip()))
        for start, end in zip(firsts, ends, strict=True)
    )


def _entities() -> tuple[r.Entity, ...]:
    minister = "Foreign Minister of Iceland"
    return (
        r.Entity(
            "e1",
            "person",
            "Sigrún Hallvarðsdóttir",
            minister,
            "ISL",
            "GOV",
            (
                _mention("Foreign minister", "nominal", confidence=0.9),
                _mention("Sigrún Hallvarðsdóttir", "name"),
                _mention("her", "pronoun", 1 + TEXT[: at("her government").start].count("her")),
                _mention("Hallvarðsdóttir", "name", 2),
                _mention("She", "pronoun", 1),
                _mention("Hallvarðsdóttir", "name", 3),
            ),
        ),
        r.Entity(
            "e2",
            "country",
            "Portugal",
            None,
            "PRT",
            "GOV",
            (
                _mention("Portugal", "name"),
                _mention("Lisbon", "name"),
                _mention("Portuguese", "demonym"),
                _mention("Portugal", "name", 2),
                _mention("Lisbon", "name", 2),
                _mention("Portuguese", "demonym", 2),
            ),
        ),
        r.Entity(
            "e3",
            "country",
            "Iceland",
            None,
            "ISL",
            "GOV",
            (
                _mention("Icelandic", "demonym"),
                _mention("her government", "nominal"),
                _mention("Reykjavik", "name"),
                _mention("Iceland", "name", 2),
            ),
        ),
        r.Entity(
            "e4",
            "person",
            "Duarte Sequeira",
            "Prime Minister of Portugal",
            "PRT",
            "GOV",
            (
                _mention("Duarte Sequeira", "name"),
                _mention("Sequeira’s office", "nominal"),
                _mention("Sequeira", "name", 3),
            ),
        ),
        r.Entity("e5", "group", None, None, "ISL", None, (_mention("40 crew members", "nominal"),)),
        r.Entity(
            "e6",
            "person",
            None,
            "port official in Ponta Delgada",
            "PRT",
            "GOV",
            (_mention("a port official in Ponta Delgada", "nominal"),),
        ),
        r.Entity(
            "e7", "group", None, None, "PRT", "COP", (_mention("coast guard officers", "nominal"),)
        ),
        r.Entity("e8", "product", "Hafdís", None, "ISL", None, (_mention("Hafdís", "name"),)),
        r.Entity("e9", "group", None, None, "ISL", "LAB", (_mention("dock workers", "nominal"),)),
    )


def _times() -> tuple[r.Time, ...]:
    return (
        _time("t1", "Tuesday", "DATE", "2025-03-11", ("2025-03-11", "2025-03-11")),
        _time("t2", "early last month", "DATE", "2025-02", ("2025-02-01", "2025-02-10"), "START"),
        _time("t3", "the weekend", "DATE", "2025-W10-WE", ("2025-03-08", "2025-03-09")),
        _time("t4", "next week", "DATE", "2025-W12", ("2025-03-17", "2025-03-23")),
        _time("t5", "Sunday", "DATE", "2025-03-09", ("2025-03-09", "2025-03-09")),
        _time("t6", "1986", "DATE", "1986", ("1986-01-01", "1986-12-31")),
    )


def _place(id_: str, words: str, nth: int, name: str, *rest: object) -> r.Place:
    span = at(words, nth)
    return r.Place(id_, span.start, span.end, name, *rest)  # type: ignore[arg-type]


def _places() -> tuple[r.Place, ...]:
    iceland = ("ISL", "Capital Region", 3413829, 64.135, -21.895, "city")
    return (
        _place("p1", "REYKJAVIK", 1, "Reykjavik", *iceland, "dateline", 0.99),
        _place(
            "p2", "Azores", 1, "Azores", "PRT", None, 3411865, 38.5, -28.0, "admin1", "linked", 0.95
        ),
        _place(
            "p3",
            "Ponta Delgada",
            1,
            "Ponta Delgada",
            "PRT",
            "Azores",
            3372783,
            37.733,
            -25.667,
            "city",
            "linked",
            0.97,
        ),
        _place("p4", "Reykjavik", 3, "Reykjavik", *iceland, "linked", 0.98),
    )


def _figure(id_: str, words: str, *rest: object) -> r.Figure:
    span = at(words)
    return r.Figure(id_, span.start, span.end, *rest)  # type: ignore[arg-type]


def _figures() -> tuple[r.Figure, ...]:
    return (
        _figure("f1", "about 40", 40.0, 40.0, None, "arrested", True),
        _figure("f2", "between €12 million and €15 million", 12e6, 15e6, "EUR", "amount", False),
        _figure("f3", "at least 9", 9.0, None, None, "injured", False),
        _figure("f4", "Thousands", 1000.0, None, None, "crowd", True),
    )


def _statements() -> tuple[r.Statement, ...]:
    she = "Hallvarðsdóttir"
    return (
        _statement(
            "s1",
            _ref("Foreign minister", "e1"),
            at("denies"),
            "deny",
            "indirect",
            at("secret trawler deal with Portugal"),
        ),
        replace(
            _statement(
                "s2",
                _ref(f"Icelandic Foreign Minister Sigrún {she}", "e1"),
                at("denied"),
                "deny",
                "indirect",
                r.Span(at("that her government").start, at("early last month").end),
            ),
            time="t1",
        ),
        replace(
            _statement(
                "s3",
                _ref(she, "e1", 2),
                at("told"),
                "state",
                "direct",
                at("“There is no deal, and there will be none behind closed doors,”"),
                at("“We talk in daylight.”"),
            ),
            addressee=_ref("reporters", None),
        ),
        _statement(
            "s4",
            _ref("She", "e1"),
            at("confirmed"),
            "confirm",
            "indirect",
            r.Span(at("that she had").start, at("the weekend").end),
        ),
        _statement("s5", _ref("she", "e1", 2), at("called"), "state", "mixed", at("“frank”")),
        replace(
            _statement(
                "s6",
                _ref("Sequeira’s office", "e4"),
                at("accused"),
                "accuse",
                "indirect",
                r.Span(at("Reykjavik of hiding").start, at("€15 million").end),
            ),
            figures=("f2",),
        ),
        replace(
            _statement(
                "s7",
                _ref("a port official in Ponta Delgada", "e6"),
                at("According to"),
                "state",
                "indirect",
                r.Span(at("at least 9").start, at("Hafdís").end),
            ),
            sourcing="anonymous",
            figures=("f3",),
            confidence=0.81,
        ),
        _statement(
            "s8",
            _ref("Lisbon", "e2", 2),
            at("denies", 2),
            "deny",
            "indirect",
            at("any injuries"),
        ),
        _statement(
            "s9",
            _ref(she, "e1", 3),
            at("warned"),
            "threaten",
            "indirect",
            r.Span(at("If the talks").start, at("Portuguese vessels").end),
        ),
    )


def _events() -> tuple[r.Event, ...]:
    return (
        replace(
            _event("v1", "AGREE", None, "denied", at("deal"), at("deal", 2), at("deal", 3)),
            actors=(_part("her government", "e3", "ISL", "GOV"),),
            recipients=(_part("Lisbon", "e2", "PRT", "GOV"),),
            within=("s1",),
            contexts=("diplomatic",),
        ),
        replace(
            _event("v2", "COERCE", "seize", "actual", at("seized")),
            place="p2",
            time="t2",
            within=("s2",),
        ),
        replace(
            _event("v3", "CONSULT", "phone", "actual", at("spoken"), at("conversation")),
            actors=(
                _part("she", "e1", "ISL", "GOV"),
                _part("Portuguese Prime Minister Duarte Sequeira", "e4", "PRT", "GOV"),
            ),
            time="t3",
            within=("s4",),
            contexts=("diplomatic", "executive"),
        ),
        replace(
            _event("v4", "MOBILIZE", "weapons", "actual", at("deployed")),
            actors=(_part("Portugal", "e2", "PRT", "GOV", 2),),
            contexts=("military",),
        ),
        replace(
            _event("v5", "COERCE", "arrest", "actual", at("detained")),
            actors=(_part("Portugal", "e2", "PRT", "GOV", 2),),
            recipients=(_part("40 crew members", "e5", "ISL", None),),
            figures=("f1",),
        ),
        replace(
            _event("v6", "ACCUSE", "allege", "actual", at("accused")),
            actors=(_part("Sequeira’s office", "e4", "PRT", "GOV"),),
            recipients=(_part("Reykjavik", "e3", "ISL", "GOV"),),
        ),
        replace(
            _event("v7", "ASSAULT", None, "actual", at("stormed")),
            actors=(_part("coast guard officers", "e7", "PRT", "COP"),),
            recipients=(_part("sailors", None, "ISL", None),),
            figures=("f3",),
            statement="s7",
            within=("s7",),
            place="p3",
        ),
        replace(
            _event("v8", "CONSULT", "visit", "future", at("visit")),
            actors=(_part("Sequeira", "e4", "PRT", "GOV", 3),),
            recipients=(_part("Reykjavik", "e3", "ISL", "GOV", 2),),
            time="t4",
        ),
        replace(
            _event("v9", "COERCE", "restrict", "hypothetical", at("close", 2)),
            actors=(_part("Iceland", "e3", "ISL", "GOV", 2),),
            recipients=(_part("Portuguese", "e2", "PRT", None, 2),),
            within=("s9",),
        ),
        replace(
            _event("v10", "PROTEST", "demo", "actual", at("marched")),
            actors=(_part("dock workers", "e9", "ISL", "LAB"),),
            time="t5",
            place="p4",
            figures=("f4",),
        ),
        replace(
            _event("v11", "ASSAULT", None, "historical", at("clashed")),
            actors=(_part("The two countries", None, None, None),),
            time="t6",
        ),
    )


def identify(text: str, **fields: object) -> r.Article:
    """Return an article of ``text`` with its id and hash."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    known: dict[str, object] = {"id": digest[:16], "sha256": digest, "language": "en"}
    return r.Article(text=text, **(known | fields))  # type: ignore[arg-type]


READER = r.ReaderInfo("0.1.0", "example", "0" * 64)


def example() -> r.Record:
    """Return the record of the invented report."""
    return r.Record(
        reader=READER,
        article=identify(
            TEXT,
            id="tidewater-0313",
            url="https://tidewater.example/world/trawlers",
            canonical_url="https://tidewater.example/world/trawlers",
            title="Foreign minister denies secret trawler deal with Portugal",
            publisher="The Tidewater Review",
            published="2025-03-13",
            published_basis="given",
            published_raw="2025-03-13",
        ),
        skipped=(
            r.Skip(0, at("| World").end, "site name"),
            r.Skip(at("Share this").start, at("article").end, "share line"),
        ),
        sentences=_sentences(),
        entities=_entities(),
        times=_times(),
        places=_places(),
        figures=_figures(),
        statements=_statements(),
        events=_events(),
        warnings=(
            r.Warning("unresolved-speaker", "one mention (“The two countries”) stands for nobody"),
        ),
    )


def empty(text: str = "", **fields: object) -> r.Record:
    """Return a record without rows."""
    return r.Record(reader=READER, article=identify(text, **fields))
