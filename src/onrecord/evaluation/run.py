"""Measuring: a task on files, or the whole table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onrecord.errors import InputError, SourceError
from onrecord.evaluation.bootstrap import Score, summarise
from onrecord.evaluation.calibration import BINS
from onrecord.evaluation.floors import floor_of
from onrecord.evaluation.floors import read as read_floors
from onrecord.evaluation.load import set_name, sha256
from onrecord.evaluation.reader import Reader, Remembering
from onrecord.evaluation.results import Floor, Result, Table, as_json, as_text
from onrecord.evaluation.tasks import SETS, TASKS, Classes, Outcome, format_of, task_of

__all__ = ["measure", "measure_all", "run", "run_all"]


def _shipped_reader() -> Reader:
    from onrecord.reading.reader import Reader as ShippedReader

    return ShippedReader()


def _class_table(classes: Classes, score: Score) -> Table:
    """Return precision, recall and F1 for each class of a macro measure."""
    rows = []
    for i, name in enumerate(classes.names):
        right, predicted, gold = score.counts[3 * i : 3 * i + 3]
        precision = 100 * right / predicted if predicted else None
        recall = 100 * right / gold if gold else None
        both = 200 * right / (predicted + gold) if predicted + gold else None
        rows.append((name, int(gold), int(predicted), int(right), precision, recall, both))
    header = ("class", "gold", "predicted", "right", "precision", "recall", "F1")
    return Table(classes.title, header, tuple(rows))


def _reliability_table(score: Score) -> Table:
    """Return the bins of a calibration measure: mean confidence beside the share right."""
    rows = []
    for i in range(BINS):
        number, confidence, right = score.counts[3 * i : 3 * i + 3]
        known = number > 0
        rows.append(
            (
                f"{i / BINS:.1f}-{(i + 1) / BINS:.1f}",
                int(number),
                100 * confidence / number if known else None,
                100 * right / number if known else None,
            )
        )
    title = f"reliability, {score.name.removesuffix(' calibration error')}"
    return Table(title, ("confidence", "number", "mean confidence %", "right %"), tuple(rows))


def _group_table(outcome: Outcome) -> Table:
    """Return the chosen measures by group of documents."""
    chosen = [m for m in outcome.measures if m.name in outcome.grouped]
    groups: dict[str, list[int]] = {}
    for i, group in enumerate(outcome.groups):
        groups.setdefault(group, []).append(i)
    rows = []
    for group, members in sorted(groups.items()):
        scores = summarise(chosen, [outcome.documents[i] for i in members], resamples=1)
        rows.append((group, len(members), *(score.value for score in scores)))
    return Table("by region", ("region", "n", *(m.name for m in chosen)), tuple(rows))


def _tables(outcome: Outcome, scores: Sequence[Score]) -> tuple[Table, ...]:
    by_name = {score.name: score for score in scores}
    tables = [_class_table(c, by_name[c.measure]) for c in outcome.classes]
    tables += [_reliability_table(by_name[name]) for name in outcome.reliability]
    if outcome.groups:
        tables.append(_group_table(outcome))
    return tuple(tables)


def _set_notes(files: Sequence[Path]) -> tuple[str, ...]:
    """Return a warning for files that the shipped model learned from."""
    if not any(".train." in path.name for path in files):
        return ()
    return (
        "training data: a model that has seen these rows scores higher here than on unseen text",
    )


def measure(task: str, files: Sequence[Path], reader: Reader) -> Result:
    """Measure a reader on the rows of one or more files of one format.

    The rows of all files are pooled.  Raises InputError for an unknown task, for
    files of another format, and for a reader without the methods the task needs;
    SourceError for a file that is missing or damaged.
    """
    kind = format_of(task_of(task), files)
    missing = [name for name in kind.needs if not hasattr(reader, name)]
    if missing:
        raise InputError(
            f"the reader has no {missing[0]!r}, which the task {task!r} needs; "
            "give a reader that has it"
        )
    outcome = kind.measure(files, reader)
    scores = summarise(outcome.measures, outcome.documents)
    return Result(
        task=task,
        set=" + ".join(map(set_name, files)),
        sha256=tuple(map(sha256, files)),
        documents=len(outcome.documents),
        unit=outcome.unit,
        scores=scores,
        tables=_tables(outcome, scores),
        notes=(*outcome.notes, *_set_notes(files)),
    )


def measure_all(data: Path, reader: Reader) -> tuple[list[Result], list[str]]:
    """Measure every task on its files under ``data``.

    Returns the results, and a note for each set that is not there or that the
    reader has no answer for.  A text that several tasks ask for is read once.
    Raises SourceError when ``data`` is no folder or holds none of the files.
    """
    if not data.is_dir():
        raise SourceError(f"{data} is no folder; give the folder of the data", source=str(data))
    remembering = Remembering(reader)
    results, notes = [], []
    for task, names in SETS.items():
        for name in names:
            path = data / name
            if not path.is_file():
                notes.append(f"{name}, {task}: not measured, the file is not there")
                continue
            lacking = [n for n in format_of(TASKS[task], [path]).needs if not hasattr(reader, n)]
            if lacking:
                notes.append(f"{name}, {task}: not measured, the reader has no {lacking[0]}")
                continue
            results.append(measure(task, [path], remembering))
    if not results:
        raise SourceError(
            f"{data} holds no data set that can be measured; expected {SETS['events'][0]} "
            "and others",
            source=str(data),
        )
    return results, notes


def _floor() -> Floor:
    floors = read_floors()
    return lambda result, score: floor_of(floors, result, score)


def run(
    task: str, files: Sequence[Path], *, as_json: bool = False, reader: Reader | None = None
) -> str:
    """Measure one task and return its scores, per-class tables and notes.

    Without ``reader`` the shipped one is measured.  ``as_json`` gives one JSON object
    with ``scores``, ``tables`` and ``notes``.  Raises as ``measure``.
    """
    format_of(task_of(task), files)
    result = measure(task, files, reader if reader is not None else _shipped_reader())
    return _shown([result], as_json=as_json, tables=True, notes=())


def run_all(data: Path, *, as_json: bool = False, reader: Reader | None = None) -> str:
    """Measure every task on its files under ``data`` and return the whole table.

    The text form leaves the per-class tables out; the JSON form has them.  Raises
    as ``measure_all``.
    """
    results, notes = measure_all(data, reader if reader is not None else _shipped_reader())
    return _shown(results, as_json=as_json, tables=False, notes=notes)


def _shown(results: Sequence[Result], *, as_json: bool, tables: bool, notes: Sequence[str]) -> str:
    floor = _floor()
    if as_json:
        return _json(results, floor, notes=notes)
    return as_text(results, floor, tables=tables, notes=notes)


_json = as_json
