"""Agreement of the table of offices with a sample of REIGN's leaders."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from onrecord.knowledge.offices import Office, name_words, who_was

SINCE = 1990


class LeaderRow(NamedTuple):
    """One leader of REIGN: who led which country, and a day in the middle of that time."""

    country: str
    name: str
    date: str


class Agreement(NamedTuple):
    """How many of the rows the table answers as REIGN does."""

    right: int
    asked: int
    #: The rows where the table gives another name, or none.
    wrong: tuple[LeaderRow, ...]

    @property
    def share(self) -> float:
        """Right answers among those asked for, 0–1; 0 where nothing was asked."""
        return self.right / self.asked if self.asked else 0.0


def _middle(row: Mapping[str, str]) -> str:
    first = int(row["syear"]) * 12 + int(row["smonth"]) - 1
    if row["eyear"]:
        last = int(row["eyear"]) * 12 + int(row["emonth"]) - 1
    else:
        last = 2021 * 12 + 6
    month = max((max(first, SINCE * 12) + last) // 2, first)
    return f"{month // 12}-{month % 12 + 1:02d}"


def leader_rows(path: Path, codes: Mapping[str, str], size: int, seed: int) -> list[LeaderRow]:
    """Return a random sample of REIGN's rows since 1990; ``codes`` maps COW to ISO codes."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines)
            if int(row["eyear"] or 2021) >= SINCE and row["stateabb"] in codes
        ]
    chosen = random.Random(seed).sample(rows, min(size, len(rows)))
    return [LeaderRow(codes[row["stateabb"]], row["leader"], _middle(row)) for row in chosen]


def _agrees(row: LeaderRow, answers: list[Office]) -> bool:
    wanted = name_words(row.name)
    joined = "".join(wanted)
    for answer in answers:
        words = name_words(answer.name)
        if set(wanted) & set(words) or joined in "".join(words) or "".join(words) in joined:
            return True
    return False


def agreement(rows: list[LeaderRow], *, without: frozenset[str] = frozenset()) -> Agreement:
    """Ask the table who led each row's country then; sources in ``without`` don't answer."""
    wrong = []
    for row in rows:
        answers = who_was("leader", row.country, row.date)
        if not _agrees(row, [one for one in answers if one.source not in without]):
            wrong.append(row)
    return Agreement(len(rows) - len(wrong), len(rows), tuple(wrong))
