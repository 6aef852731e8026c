"""Measuring a reader: tasks, scorers, intervals, floors (``onrecord eval``)."""

from __future__ import annotations

from onrecord.evaluation.floors import check_floors, raise_floors
from onrecord.evaluation.reader import Reader
from onrecord.evaluation.results import Result, Table
from onrecord.evaluation.run import measure, measure_all, run, run_all
from onrecord.evaluation.tasks import TASKS

__all__ = [
    "TASKS",
    "Reader",
    "Result",
    "Table",
    "check_floors",
    "measure",
    "measure_all",
    "raise_floors",
    "run",
    "run_all",
]
