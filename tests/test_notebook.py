"""The worked notebook runs from its first cell to its last, and reaches its finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parent.parent / "docs" / "analytics.ipynb"


def cells() -> list[dict[str, Any]]:
    return list(json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"])


def test_every_cell_runs() -> None:
    for needed in ("altair", "vl_convert", "polars"):
        pytest.importorskip(needed)
    names: dict[str, Any] = {"__name__": "__notebook__"}
    for number, cell in enumerate(cells()):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    assert names["found"].counts().incidents > 5


def test_it_is_kept_with_its_outputs_and_without_errors() -> None:
    shown = [output for cell in cells() for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in shown)
    assert all(output["output_type"] != "error" for output in shown)


def test_it_names_no_place_of_the_machine_it_ran_on() -> None:
    assert "/work" not in NOTEBOOK.read_text(encoding="utf-8")
