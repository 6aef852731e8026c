"""What a person sees in the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from rich.cells import cell_len

from onrecord.record import Record
from onrecord.render.text import render
from tests.record_examples import empty, example
from tests.record_strategies import records

ESC = "\x1b"


def test_the_page_tells_who_said_what_and_what_happened() -> None:
    page = " ".join(render(example()).split())
    for words in (
        "Foreign minister denies secret trawler deal with Portugal",
        "The Tidewater Review · 13 Mar 2025 (given)",
        "WHO SAID WHAT 9 statements",
        "says Sigrún Hallvarðsdóttir told: “There is no deal, and there will be none behind",
        "to reporters",
        "Tuesday = 11 Mar 2025",
        "anonymous source",
        "WHAT HAPPENED 11 events",
        "denied AGREE Iceland (ISL GOV) → Portugal (PRT GOV)",
        "denied by Sigrún Hallvarðsdóttir · “deal” (3 mentions)",
        "actual CONSULT phone Sigrún Hallvarðsdóttir (ISL GOV), Duarte Sequeira (PRT GOV)",
        "8–9 Mar 2025",
        "hypothetical COERCE restrict",
        "at least 9 injured · only on the word of a port official in Ponta Delgada",
        "WHO 9 entities",
        "Sigrún Hallvarðsdóttir Foreign Minister of Iceland ISL GOV 6 mentions",
        "how many about 40 arrested “about 40”",
        "! one mention",
        "Not read: 2 leftovers (site name, share line)",
    ):
        assert words in page, words


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
def test_lines_fit_the_terminal_and_are_never_wider_than_the_eye_likes(width: int) -> None:
    lines = render(example(), width=width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, 120)
    assert all(line == line.rstrip() for line in lines)


def test_there_are_colour_codes_only_when_asked_for() -> None:
    assert ESC not in render(example())
    assert ESC in render(example(), color=True)


def test_only_the_speaker_of_a_line_is_bold() -> None:
    line = next(one for one in render(example(), color=True).splitlines() if "confirmed" in one)
    assert "\x1b[1mSigrún Hallvarðsdóttir\x1b[0m" in line
    assert "\x1b[0m: that she had" in line


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, coloured = render(example()), render(example(), color=True)
    for name, value in (
        ("FORCE_COLOR", "1"),
        ("COLUMNS", "20"),
        ("NO_COLOR", "1"),
        ("TERM", "dumb"),
    ):
        monkeypatch.setenv(name, value)
    assert render(example()) == plain
    assert render(example(), color=True) == coloured


def test_a_record_without_rows_says_so() -> None:
    page = render(empty("Word."))
    assert "0 statements" in page
    assert "0 events" in page
    assert "publication date unknown" in page


def test_markup_and_escape_sequences_are_shown_and_never_act() -> None:
    record = example()
    hostile = f"[bold red]now[/] [link=https://evil.example]x[/link] {ESC}[31m :smile: \x9b2J"
    entity = replace(record.entities[0], name=hostile, role=hostile)
    article = replace(record.article, title=hostile, publisher=hostile)
    shown = replace(record, article=article, entities=(entity, *record.entities[1:]))
    page = render(shown)
    assert ESC not in page
    assert "\x9b" not in page
    assert "[bold red]now[/] [link=https://evil.example]x[/link] ␛[31m :smile:" in page


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_any_record_can_be_shown(record: Record) -> None:
    page = render(record)
    assert not any(ord(c) < 32 and c != "\n" for c in page)
    assert page.endswith("\n")
    assert not page.endswith("\n\n")
