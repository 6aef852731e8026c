"""Schemathesis finds no 5xx and no answer other than described.

A small run: ``python -m tests.api_contract --max-examples 200`` is the whole one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.archive import Archive
from tests import api_contract


def test_schemathesis_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    api_contract.uncounted(monkeypatch.setenv)
    with Archive.open(tmp_path / "news.db") as archive:
        more = ["--phases", "examples,fuzzing", "--max-examples", "2", "--no-color"]
        status = api_contract.run(archive, more)
    assert status == 0, capfd.readouterr().out[-5_000:]
