"""Floors: below what a score must not fall, on which file.

``floors.json`` names each file with its SHA-256; its floors apply only where a file
of this hash is present.  For errors (less is better) the floor is a ceiling.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.errors import ModelError
from onrecord.evaluation.bootstrap import Score
from onrecord.evaluation.load import sha256
from onrecord.evaluation.results import Result

PATH = Path(__file__).with_name("floors.json")


@dataclass(frozen=True, slots=True)
class FloorSet:
    """The floors on one file."""

    sha256: str
    #: By (task, metric).
    floors: dict[tuple[str, str], float]


def read(path: Path = PATH) -> dict[str, FloorSet]:
    """Return the floors by set ("folder/file").

    Raises ModelError when the file is missing or damaged.
    """
    try:
        sets = json.loads(path.read_text(encoding="utf-8"))["sets"]
        return {
            name: FloorSet(
                entry["sha256"],
                {
                    (task, metric): float(value)
                    for task, metrics in entry["floors"].items()
                    for metric, value in metrics.items()
                },
            )
            for name, entry in sets.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} holds no floors ({error}); install onrecord again", path=str(path)
        ) from error


def floor_of(floors: dict[str, FloorSet], result: Result, score: Score) -> float | None:
    """Return the floor of a score, if its set has one and was measured on the same file."""
    entry = floors.get(result.set)
    if entry is None or result.sha256 != (entry.sha256,):
        return None
    return entry.floors.get((result.task, score.name))


def _falls_short(score: Score, floor: float) -> bool:
    if score.value is None:
        return True
    return score.value < floor if score.higher_is_better else score.value > floor


def _judge(
    name: str, task: str, metric: str, floor: float, results: Sequence[Result]
) -> str | None:
    """Return what is wrong with one floor, None when it holds."""
    where = f"{task} on {name}: {metric}"
    found = next((r for r in results if (r.task, r.set) == (task, name)), None)
    if found is None:
        return f"{where} was not measured; its floor is {floor}"
    score = found.score(metric)
    if score is None:
        return f"{where} is no metric of this task; its floor is {floor}"
    if not _falls_short(score, floor):
        return None
    if score.value is None:
        return f"{where} could not be counted; its floor is {floor}"
    side = "below" if score.higher_is_better else "above"
    return f"{where} is {score.value:.3f}, {side} its floor {floor}"


def check_floors(data: Path, results: Sequence[Result], *, path: Path = PATH) -> list[str]:
    """Return a message for each floor that does not hold; none means all hold.

    A floor is passed over where its file is not under ``data`` or has another hash.
    """
    messages = []
    for name, entry in read(path).items():
        file = data / name
        if not entry.floors or not file.is_file() or sha256(file) != entry.sha256:
            continue
        judged = [
            _judge(name, task, metric, floor, results)
            for (task, metric), floor in entry.floors.items()
        ]
        messages += [message for message in judged if message is not None]
    return messages


def reached(score: Score) -> float | None:
    """Return what a score may be held to: its value less half the width of its interval."""
    if score.value is None or score.low is None or score.high is None:
        return None
    slack = (score.high - score.low) / 2
    if score.unit == "percent":
        return max(0.0, round(score.value - slack, 1))
    signed = score.value - slack if score.higher_is_better else score.value + slack
    return round(signed, 3)


def _raised(old: float | None, score: Score) -> float | None:
    """Return the stricter of an old floor and what was reached."""
    new = reached(score)
    if old is None or new is None:
        return new if old is None else old
    return max(old, new) if score.higher_is_better else min(old, new)


def raise_floors(results: Sequence[Result], *, path: Path = PATH) -> None:
    """Write floors that these results reach; never lower one on the same file.

    A file of another hash replaces its set's old floors.  Results over several files
    are passed over.  Lowering a floor is done by hand, with the reason under
    ``lowered``.
    """
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for result in results:
        if len(result.sha256) != 1:
            continue
        entry = whole["sets"].get(result.set)
        if entry is None or entry["sha256"] != result.sha256[0]:
            entry = whole["sets"][result.set] = {"sha256": result.sha256[0], "floors": {}}
        old = entry["floors"].get(result.task, {})
        new = {score.name: _raised(old.get(score.name), score) for score in result.scores}
        entry["floors"][result.task] = old | {k: v for k, v in new.items() if v is not None}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
