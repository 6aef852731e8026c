"""How days, numbers and names read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record import Figure
from onrecord.render import wording
from onrecord.render.wording import Index
from tests.record_examples import empty, example


@pytest.mark.parametrize(
    ("begin", "finish", "words"),
    [
        ("2025-11-20", "2025-11-30", "20–30 Nov 2025"),
        ("2025-11-28", "2025-12-04", "28 Nov – 4 Dec 2025"),
        ("2024-12-28", "2025-01-04", "28 Dec 2024 – 4 Jan 2025"),
        ("2025-11-30", "2025-11-30", "30 Nov 2025"),
        ("2024-02-01", "2024-02-29", "Feb 2024"),
        ("1986-01-01", "1986-12-31", "1986"),
        ("1990-01-01", "1999-12-31", "1990–1999"),
        ("2025-11-20", None, "from 20 Nov 2025"),
        (None, "2025-11-20", "until 20 Nov 2025"),
        (None, None, ""),
        ("soon", "later", "soon–later"),
    ],
)
def test_an_interval_reads_as_people_write_it(
    begin: str | None, finish: str | None, words: str
) -> None:
    assert wording.days(begin, finish) == words


@pytest.mark.parametrize(
    ("low", "high", "unit", "of", "approximate", "words"),
    [
        (40, 40, None, "arrested", True, "about 40 arrested"),
        (9, None, None, "injured", False, "at least 9 injured"),
        (None, 200, None, "dead", False, "at most 200 dead"),
        (10, 13, "percent", "share", False, "10–13 % share"),
        (12e6, 15e6, "EUR", "amount", False, "EUR 12–15 million"),
        (1.5e9, 1.5e9, "USD", "amount", False, "USD 1.5 billion"),
        (5e5, 2e6, "barrels", None, False, "500,000–2 million barrels"),
        (1000, None, None, "crowd", True, "at least 1,000 in a crowd"),
        (None, None, None, None, False, "?"),
    ],
)
def test_a_figure_reads_as_people_write_it(
    low: float | None,
    high: float | None,
    unit: str | None,
    of: str | None,
    approximate: bool,
    words: str,
) -> None:
    assert wording.figure_words(Figure("f1", 0, 1, low, high, unit, of, approximate)) == words


@given(st.text(), st.integers(4, 60))
def test_what_is_shortened_fits_and_is_clean(text: str, limit: int) -> None:
    short = wording.shorten(text, limit)
    assert len(short) <= max(limit, 4)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in short)


def test_a_quotation_that_is_cut_is_closed() -> None:
    assert (
        wording.shorten("“We will never go back to that table,” she", 20) == "“We will never go …”"
    )


@pytest.mark.parametrize(
    "hostile", ["\x1b[31m", "\x07", "\x9b31m", "\x00", "\u202e", "\u2066", "\x7f"]
)
def test_characters_that_act_are_taken_out(hostile: str) -> None:
    assert hostile not in wording.clean(f"a{hostile}b")


def test_letters_of_every_script_stay() -> None:
    assert wording.clean("नमस्ते  سلام\nЖ 👩‍🚒") == "नमस्ते سلام Ж 👩‍🚒"


def test_who_speaks_and_acts_comes_before_who_is_mentioned() -> None:
    index = Index(example())
    assert index.ranked()[0].id == "e1"
    assert index.ranked()[-1].id == "e8"


def test_on_whose_word() -> None:
    record = example()
    index = Index(record)
    by_id = {event.id: index.on_whose_word(event) for event in record.events}
    assert by_id["v1"] == "denied by Sigrún Hallvarðsdóttir"
    assert by_id["v2"] == "in the words of Sigrún Hallvarðsdóttir"
    assert by_id["v7"] == "only on the word of a port official in Ponta Delgada"
    assert by_id["v4"] == ""


def test_a_headline_is_found_even_without_a_title() -> None:
    assert wording.headline(example()).startswith("Foreign minister denies")
    untitled = replace(example(), article=replace(example().article, title=None))
    assert wording.headline(untitled).startswith("Foreign minister denies")
    assert wording.headline(empty("x", id="a-1")) == "a-1"


def test_a_publication_date_shows_its_basis_or_that_it_was_not_believed() -> None:
    assert wording.publication(example()) == "13 Mar 2025 (given)"
    assert wording.publication(empty("x")) == "publication date unknown"
    odd = empty("x", published_raw="Sun, 32 Foo")
    assert wording.publication(odd) == "date not believed: Sun, 32 Foo"
