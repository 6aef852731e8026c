"""Settings come from the environment, are bounded, and are all documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord import settings
from onrecord.errors import SettingError

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"


def test_every_setting_stands_in_the_docs_with_default_and_help() -> None:
    rows = DOCS.read_text("utf-8")
    for setting in settings.SETTINGS:
        assert f"| `{setting.name}` | {setting.default} | {setting.help} |" in rows


def test_the_environment_goes_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_THREADS", "3")
    assert settings.get("threads") == 3


@pytest.mark.parametrize("value", ["", "many", "-1", "1.5"])
def test_what_is_no_whole_number_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ONRECORD_THREADS", value)
    with pytest.raises(SettingError, match="ONRECORD_THREADS"):
        settings.get("threads")
