"""What a measuring gives: scores, tables and notes; shown as aligned text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.evaluation.bootstrap import Score

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table beside the scores: per class, per region, per bin."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One task measured on one set."""

    task: str
    #: Folder and name of the file; several joined by " + ".
    set: str
    #: SHA-256 of each file, in the order of the set's name.
    sha256: tuple[str, ...]
    #: How many documents: what the bootstrap draws.
    documents: int
    #: What a document is here: articles, pairs, passages.
    unit: str
    scores: tuple[Score, ...]
    tables: tuple[Table, ...] = ()
    #: What was left out, and what the numbers do not say.
    notes: tuple[str, ...] = ()

    def score(self, metric: str) -> Score | None:
        """Return the score of this name, if the task has it."""
        return next((score for score in self.scores if score.name == metric), None)


#: Gives the floor of a score on a result's set, if there is one.
Floor = Callable[[Result, Score], float | None]


def number(value: Cell, *, digits: int = 1) -> str:
    """Return a cell as text; – for what could not be counted."""
    if value is None:
        return "–"
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def align(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text columns: the first left-aligned ones by content, numbers right."""
    grid = [list(header), *map(list, rows)]
    widths = [max(len(row[i]) for row in grid) for i in range(len(header))]
    left = [not all(_numeric(row[i]) for row in grid[1:]) for i in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at_left else cell.rjust(width)
            for cell, width, at_left in zip(row, widths, left, strict=True)
        ).rstrip()
        for row in grid
    )


def _numeric(cell: str) -> bool:
    return cell in ("", "–") or cell[0].isdigit() or (cell[0] == "-" and len(cell) > 1)


def _digits(score: Score) -> int:
    return 1 if score.unit == "percent" else 3


def _score_row(result: Result, score: Score, floor: float | None) -> list[str]:
    digits = _digits(score)
    low, high = number(score.low, digits=digits), number(score.high, digits=digits)
    return [
        result.task,
        result.set,
        str(result.documents),
        score.name,
        number(score.value, digits=digits),
        f"{low} … {high}",
        number(floor, digits=digits) if floor is not None else "",
    ]


def score_table(results: Sequence[Result], floor: Floor) -> str:
    """Return one line a score: task, set, n, metric, value, 95 % interval, floor."""
    header = ("task", "set", "n", "metric", "value", "95 % interval", "floor")
    rows = [_score_row(r, score, floor(r, score)) for r in results for score in r.scores]
    return align(header, rows)


def table_text(table: Table) -> str:
    """Return a table with its title."""
    cells = [[number(cell) for cell in row] for row in table.rows]
    return f"{table.title}\n{align(table.header, cells)}"


def as_text(
    results: Sequence[Result], floor: Floor, *, tables: bool, notes: Sequence[str] = ()
) -> str:
    """Return results as text: the scores, the tables if asked for, the notes."""
    parts = [score_table(results, floor)]
    if tables:
        parts += [table_text(table) for result in results for table in result.tables]
    remarks = [f"{r.set}, {r.task}: {note}" for r in results for note in r.notes]
    if remarks or notes:
        parts.append("\n".join(f"- {remark}" for remark in [*remarks, *notes]))
    return "\n\n".join(parts) + "\n"


def score_json(result: Result, score: Score, floor: float | None) -> dict[str, Any]:
    """Return one score as a JSON object."""
    return {
        "task": result.task,
        "set": result.set,
        "sha256": list(result.sha256),
        "n": result.documents,
        "unit": result.unit,
        "metric": score.name,
        "scale": score.unit,
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "precision": score.precision,
        "recall": score.recall,
        "floor": floor,
    }


def _table_json(result: Result, table: Table) -> Mapping[str, Any]:
    return {
        "task": result.task,
        "set": result.set,
        "title": table.title,
        "header": list(table.header),
        "rows": [list(row) for row in table.rows],
    }


def as_json(results: Sequence[Result], floor: Floor, *, notes: Sequence[str] = ()) -> str:
    """Return results as one JSON object: ``scores``, ``tables``, ``notes``."""
    whole = {
        "scores": [score_json(r, score, floor(r, score)) for r in results for score in r.scores],
        "tables": [_table_json(r, table) for r in results for table in r.tables],
        "notes": [f"{r.set}, {r.task}: {note}" for r in results for note in r.notes] + list(notes),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
