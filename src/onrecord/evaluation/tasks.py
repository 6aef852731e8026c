"""The tasks: which files they read, how a row is scored, what the numbers leave out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from onrecord.errors import InputError
from onrecord.evaluation import (
    attribution,
    calibration,
    cameo,
    coreference,
    entities,
    events,
    places,
    relations,
    statements,
    stories,
    timexes,
)
from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.gold import (
    ATTRIBUTION_KEYS,
    GOLD_KEYS,
    AttributedText,
    GoldReport,
    attributed_text,
    report,
)
from onrecord.evaluation.load import lines, load
from onrecord.evaluation.reader import Reader
from onrecord.evaluation.regions import region_of
from onrecord.record import FORMS, STANCES, STATUSES, Article, Record

Files = Sequence[Path]


class Classes(NamedTuple):
    """A per-class table: the macro measure whose counts fill it, and its classes."""

    title: str
    measure: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of every document of a set, and how they are to be shown."""

    unit: str
    measures: tuple[Measure, ...]
    documents: list[dict[str, Counts]]
    classes: tuple[Classes, ...] = ()
    #: Calibration measures that get a reliability table.
    reliability: tuple[str, ...] = ()
    #: The group of each document, for a table by group; empty for none.
    groups: list[str] = field(default_factory=list)
    #: The measures of that table.
    grouped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Format(NamedTuple):
    """One file format of a task."""

    name: str
    #: Says whether a file is of this format, by its name or first row.
    fits: Callable[[Path], bool]
    measure: Callable[[Files, Reader], Outcome]
    #: The reader's methods it calls.
    needs: tuple[str, ...]


class Task(NamedTuple):
    """One thing that is measured."""

    name: str
    help: str
    formats: tuple[Format, ...]


def _first_keys(path: Path) -> frozenset[str]:
    """Return the keys of a JSONL file's first row; none for another kind of file."""
    for _, line in lines(path):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                return frozenset()
            return frozenset(row) if isinstance(row, dict) else frozenset()
    return frozenset()


def _has(*keys: str) -> Callable[[Path], bool]:
    return lambda path: path.suffix == ".jsonl" and _first_keys(path).issuperset(keys)


def _ends(suffix: str) -> Callable[[Path], bool]:
    return lambda path: path.suffix == suffix


def _reports(files: Files) -> list[GoldReport]:
    return [row for path in files for row in load(path, GOLD_KEYS, report)]


def _records(articles: Iterable[Article], reader: Reader) -> list[Record]:
    return list(reader.read_many(articles))


def _score_reports(
    files: Files, reader: Reader, score: Callable[[GoldReport, Record], dict[str, Counts]]
) -> tuple[list[GoldReport], list[dict[str, Counts]]]:
    rows = _reports(files)
    records = _records((row.article for row in rows), reader)
    return rows, [score(row, record) for row, record in zip(rows, records, strict=True)]


def _polnear(files: Files, reader: Reader) -> Outcome:
    rows: list[AttributedText] = [
        row for path in files for row in load(path, ATTRIBUTION_KEYS, attributed_text)
    ]
    records = _records((row.article for row in rows), reader)
    return Outcome(
        "articles",
        (*attribution.EXACT, attribution.LINKED),
        [attribution.score_exact(r, found) for r, found in zip(rows, records, strict=True)],
        notes=(
            "statements of both kinds count (statement and view): beliefs and intentions are "
            "annotated here",
            "only outermost attributions are annotated; stance, form and the speaker's name "
            "are not",
        ),
    )


def _gold_attribution(files: Files, reader: Reader) -> Outcome:
    _, counts = _score_reports(files, reader, attribution.score_overlap)
    return Outcome(
        "reports",
        (*attribution.OVERLAP, attribution.LINKED),
        counts,
        notes=(
            "statements of kind view are left out: beliefs and intentions without an utterance "
            "are not annotated here",
            "by overlap only: contents leave quotation marks and a leading 'that' out and run "
            "across a cue in the middle",
        ),
    )


def _statements(files: Files, reader: Reader) -> Outcome:
    rows, counts = _score_reports(files, reader, statements.score)
    return Outcome(
        "reports",
        statements.MEASURES,
        counts,
        classes=(
            Classes("stance, of statements found", "stance macro F1", STANCES),
            Classes("form, of statements found", "form macro F1", FORMS),
        ),
        groups=[region_of(row.article.id) for row in rows],
        grouped=("found F1", "speaker name accuracy", "stance accuracy"),
        notes=(
            "statements of kind view are left out; addressee, medium, time, place, figures and "
            "sourcing are not scored",
            "speaker, stance and form over statements found (cue or content overlaps); a macro "
            "F1 is the mean over classes that occur in gold",
        ),
    )


def _events(files: Files, reader: Reader) -> Outcome:
    rows, counts = _score_reports(files, reader, events.score)
    without = sum(not row.mentions for row in rows)
    return Outcome(
        "reports",
        events.MEASURES,
        counts,
        classes=(
            Classes("type, of all trigger mentions", "type macro F1", events.TYPES),
            Classes("status, of triggers found", "status macro F1", STATUSES),
        ),
        groups=[region_of(row.article.id) for row in rows],
        grouped=("trigger F1", "trigger + type F1", "actor F1", "recipient F1"),
        notes=(
            "mode to on whose word: over events matched by their triggers; mode over those of "
            "one type that has modes",
            "contexts, figures, score and the interval of a date are not scored",
            f"{without} of the {len(rows)} reports hold no event",
        ),
    )


def _calibration(files: Files, reader: Reader) -> Outcome:
    _, counts = _score_reports(files, reader, calibration.score)
    return Outcome(
        "reports",
        calibration.MEASURES,
        counts,
        reliability=tuple(f"{kind} calibration error" for kind in calibration.KINDS),
        notes=(
            "a statement (no view) is right when gold has it by cue or content; an event when "
            "gold has one of its triggers with its type",
            "confidences of mentions, places and participants are not judged",
        ),
    )


def _relations(files: Files, reader: Reader) -> Outcome:
    rows = [row for f in files for row in load(f, relations.KEYS, relations.marked_pair)]
    found = reader.relate_many([(row.text, row.source, row.target) for row in rows])
    return Outcome(
        "pairs",
        relations.MEASURES,
        [relations.score(row, given) for row, given in zip(rows, found, strict=True)],
        classes=(
            Classes("15 types", "15 types macro F1", relations.TYPES),
            Classes("quad", "quad macro F1", relations.QUADS),
        ),
        notes=(
            "CONCEDE and RETREAT add up to YIELD; quad and binary are the largest summed "
            "probability, quads as the file has them",
        ),
    )


def _participants(files: Files, reader: Reader) -> Outcome:
    rows = [row for f in files for row in load(f, cameo.KEYS, cameo.tagged_sentence)]
    records = _records((row.article for row in rows), reader)
    return Outcome(
        "sentences",
        cameo.MEASURES,
        [cameo.score(row, found) for row, found in zip(rows, records, strict=True)],
        notes=(
            "sources are the actors, targets the recipients of all events read; in a sentence "
            "without an event none is found; relation words (-R) are left out",
            "symmetric events put all participants among the actors: their targets are missed",
        ),
    )


def _worldwide(files: Files, reader: Reader) -> Outcome:
    rows = [row for f in files for row in load(f, entities.KEYS, entities.tagged_text)]
    records = _records((row.article for row in rows), reader)
    counts = [
        entities.score_tags(row, reader.tag_entities(row.article))
        | entities.score_record(row, record)
        for row, record in zip(rows, records, strict=True)
    ]
    lost = sum(row.lost for row in rows)
    notes = (
        "exact F1: the tagger's own spans; in the record: names and demonyms of entities "
        "(country and place as Location, demonym and group as NORP, other as Misc), without "
        "nominals and pronouns; Date and Money in the macro F1 and the table only",
        f"{lost} annotated names without offsets are left out",
    )
    return Outcome(
        "documents",
        (*entities.MEASURES, *entities.RECORD_MEASURES),
        counts,
        classes=(
            Classes("the tagger's spans", "macro F1", entities.LABELS),
            Classes("names in the record", "in the record, macro F1", entities.LABELS),
        ),
        groups=[region_of(row.article.id) for row in rows],
        grouped=("exact F1", "in the record, overlap F1"),
        notes=notes,
    )


def _uner(files: Files, reader: Reader) -> Outcome:
    rows = [row for path in files for row in entities.uner_documents(path)]
    counts = [entities.score_uner(row, reader.tag_entities(row.article)) for row in rows]
    return Outcome(
        "documents",
        entities.UNER_MEASURES,
        counts,
        classes=(Classes("the tagger's spans", "macro F1", entities.UNER_LABELS),),
        notes=(
            "Facility counts as LOC; NORP, Product, Date, Money and Misc are left out; texts "
            "are the tokens joined by spaces",
        ),
    )


def _ontogum(files: Files, reader: Reader) -> Outcome:
    rows = [row for f in files for row in load(f, coreference.KEYS, coreference.clustered_text)]
    return Outcome(
        "documents",
        coreference.MEASURES,
        [coreference.score(r, reader.resolve_mentions(r.text, r.mentions)) for r in rows],
        notes=(
            "mentions are given, and only those of clusters: no figure for finding mentions, "
            "not to be set beside end-to-end scores",
            "pronouns: he, she, it, they and their forms, where not the first of their cluster",
        ),
    )


def _gap(files: Files, reader: Reader) -> Outcome:
    rows = [row for path in files for row in coreference.gap_rows(path)]
    counts = [
        coreference.score_gap(r, reader.resolve_mentions(r.text, coreference.gap_mentions(r)))
        for r in rows
    ]
    notes = ("the two names and the pronoun are given, other mentions are not",)
    return Outcome("passages", coreference.GAP_MEASURES, counts, notes=notes)


def _times(files: Files, reader: Reader) -> Outcome:
    rows = [row for f in files for row in load(f, timexes.KEYS, timexes.timed_text)]
    records = _records((row.article for row in rows), reader)
    notes = ["type and value over expressions found (relaxed); values compared as strings"]
    measures = [*timexes.SPANS, timexes.TYPE, timexes.VALUE]
    if len({timex[2] for row in rows for timex in row.timexes}) <= 1:
        measures.remove(timexes.TYPE)
        notes.append("type is left out: the set knows only one")
    return Outcome(
        "documents",
        tuple(measures),
        [timexes.score(row, found) for row, found in zip(rows, records, strict=True)],
        notes=tuple(notes),
    )


def _places(files: Files, reader: Reader) -> Outcome:
    rows = [row for path in files for row in load(path, places.KEYS, places.placed_text)]
    records = _records((row.article for row in rows), reader)
    left_out = sum(row.left_out for row in rows)
    return Outcome(
        "documents",
        places.MEASURES,
        [places.score(row, found) for row, found in zip(rows, records, strict=True)],
        notes=(
            f"{left_out} annotated toponyms without coordinates are left out",
            "places that are not annotated cost nothing: no figure for precision",
        ),
    )


def _stories(files: Files, reader: Reader) -> Outcome:
    rows = [row for f in files for row in load(f, stories.KEYS, stories.topic_text)]
    records = _records((row.article for row in rows), reader)
    tuning, reporting = map(len, stories.halves(row.topic for row in rows))
    notes = (
        f"over {reporting} of the topics, grouped by themselves; parameters were chosen on the "
        f"other {tuning} (half for tuning)",
        "without dates; lines that are addresses are left out",
    )
    return Outcome("topics", stories.MEASURES, stories.score(rows, records), notes=notes)


_READ = ("read_many",)
_GOLD = _has(*GOLD_KEYS)

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "attribution",
            "source, cue and content of statements",
            (
                Format("polnear", _has(*ATTRIBUTION_KEYS), _polnear, _READ),
                Format("gold", _GOLD, _gold_attribution, _READ),
            ),
        ),
        Task(
            "statements",
            "statements found, their speaker's name, stance and form",
            (Format("gold", _GOLD, _statements, _READ),),
        ),
        Task(
            "relations",
            "the relation of a marked pair",
            (Format("plv", _has(*relations.KEYS), _relations, ("relate_many",)),),
        ),
        Task(
            "participants",
            "sources and targets in single sentences",
            (Format("cameo_spans", _has(*cameo.KEYS), _participants, _READ),),
        ),
        Task(
            "events",
            "events end to end",
            (Format("gold", _GOLD, _events, _READ),),
        ),
        Task(
            "entities",
            "names and their kinds",
            (
                Format(
                    "worldwide", _has(*entities.KEYS), _worldwide, ("read_many", "tag_entities")
                ),
                Format("uner", _ends(".iob2"), _uner, ("tag_entities",)),
            ),
        ),
        Task(
            "coreference",
            "pronouns and clusters",
            (
                Format("ontogum", _has(*coreference.KEYS), _ontogum, ("resolve_mentions",)),
                Format("gap", _ends(".tsv"), _gap, ("resolve_mentions",)),
            ),
        ),
        Task(
            "times",
            "time expressions: spans, type, value",
            (Format("timex", _has(*timexes.KEYS), _times, _READ),),
        ),
        Task(
            "places",
            "toponyms found and put where they are",
            (Format("toponyms", _has(*places.KEYS), _places, _READ),),
        ),
        Task(
            "calibration",
            "whether confidences are probabilities",
            (Format("gold", _GOLD, _calibration, _READ),),
        ),
        Task(
            "stories",
            "articles about one happening put together",
            (Format("ecbplus", _has(*stories.KEYS), _stories, _READ),),
        ),
    )
}

#: What the whole table measures: task → files under the data folder.
SETS: Mapping[str, tuple[str, ...]] = {
    "attribution": ("attribution/polnear.dev.jsonl", "gold/gold.dev.jsonl"),
    "statements": ("gold/gold.dev.jsonl",),
    "relations": ("relations/plv.train.jsonl",),
    "participants": ("relations/cameo_spans.train.jsonl",),
    "events": ("gold/gold.dev.jsonl",),
    "entities": ("entities/worldwide.dev.jsonl", "entities/uner_ewt.dev.iob2"),
    "coreference": ("coreference/ontogum.dev.jsonl", "coreference/gap-development.tsv"),
    "times": ("time/timebank.jsonl", "time/aquaint.jsonl", "time/wikiwars.jsonl"),
    "places": ("places/lgl.jsonl", "places/geovirus.jsonl"),
    "calibration": ("gold/gold.dev.jsonl",),
    "stories": ("stories/ecbplus.dev.jsonl",),
}


def task_of(name: str) -> Task:
    """Return the task of this name.

    Raises InputError, naming the tasks there are.
    """
    if name not in TASKS:
        raise InputError(f"no task {name!r}; the tasks are {', '.join(TASKS)}, and all")
    return TASKS[name]


def format_of(task: Task, files: Files) -> Format:
    """Return the format that all files have.

    Raises InputError when there is no file, when a file has none of the task's
    formats, or when they differ.
    """
    if not files:
        raise InputError(f"no file for the task {task.name!r}; name at least one data file")
    formats = []
    for path in files:
        next(lines(path), None)
        fitting = [kind for kind in task.formats if kind.fits(path)]
        if not fitting:
            known = ", ".join(kind.name for kind in task.formats)
            raise InputError(
                f"{path} is in no format of the task {task.name!r} ({known}); "
                f"the tasks are {', '.join(TASKS)}"
            )
        formats.append(fitting[0])
    if len({kind.name for kind in formats}) > 1:
        raise InputError(
            f"the files for {task.name!r} are in different formats "
            f"({', '.join(kind.name for kind in formats)}); measure them one by one"
        )
    return formats[0]
