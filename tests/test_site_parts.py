"""The site's parts by themselves: quotes, words, charts, maps, and what is worked out aside."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.analysis.rows import Dispute, Party, Side
from onrecord.site import charts, front, land, places, words
from onrecord.site.evidence import Text
from onrecord.site.waiting import FRESH, Waiting


@given(st.text(min_size=1, max_size=200), st.data())
def test_a_quote_marks_the_words_it_was_asked_for(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    cut = data.draw(st.integers(0, len(text)))
    spans = tuple((a, b) for a, b in ((0, cut), (cut, len(text))) if a < b)
    quote = Text(text, spans).quote("a", (start, end), room=40)
    assert (quote.start, quote.end) == (start, end)
    assert quote.first <= start
    assert quote.last >= end
    meant = "".join(part for part, is_meant in quote.parts if is_meant)
    assert meant.split() == words.clean(text[start:end]).split()


def test_a_quote_is_the_sentence_cut_on_both_sides() -> None:
    text = "One. " + "long " * 100 + "here it is " + "and more " * 100 + ". Three."
    first, last = text.index("long"), text.index(". Three") + 1
    quote = Text(text, ((0, 4), (first, last))).quote("a", (505, 509), room=60)
    assert quote.text.startswith("… long")
    assert quote.text.endswith("…")
    assert ("here", True) in quote.parts


def test_several_words_of_one_sentence_are_marked_in_it() -> None:
    text = "They met and signed it."
    quote = Text(text, ((0, len(text)),)).quote("a", (5, 8), (13, 19))
    assert [part for part, meant in quote.parts if meant] == ["met", "signed"]
    assert quote.text == text


@pytest.mark.parametrize(
    ("names", "line"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C", "D"], "A, B, C and 1 more")],
)
def test_names_in_a_line(names: list[str], line: str) -> None:
    assert words.and_more(names) == line


def test_words_for_people() -> None:
    assert words.event("COERCE", "seize") == "Seizure"
    assert words.event("COERCE", "unheard-of") == "Coercion"
    assert words.plainly("+7: COERCE/seize A → B; SUPPORT C") == "+7: seizure: A → B; support: C"
    assert words.plainly("NATO/allies said") == "NATO/allies said"
    assert (words.signed(7.26), words.signed(-0.5), words.signed(0.01)) == ("+7.3", "−0.5", "0")
    assert words.speaker(Party(None, "it", None, None)) == "Somebody (“it”)"
    assert words.speaker(Party(None, "the crews", None, None)) == "The crews"
    assert words.speaker(None, "Gazette") == "Gazette"
    assert words.dispute("denial", "that any shot was fired") == "Denied: that any shot was fired"
    assert words.dispute("figures", "dead") == "How many killed"
    assert words.dispute("silence", "to comment") == "No comment"
    assert words.amount(7, None) == "at least 7"
    assert words.amount(None, None) == "unknown"


def _side(speaker: str, stance: str, said: str, day: str) -> Side:
    return Side("a", None, 0, 1, Party(speaker, speaker, None, None), stance, said, day)


def test_a_dispute_in_short_has_each_speakers_last_word_and_the_denial() -> None:
    rows = (
        _side("A", "claim", "one", "2026-02-01"), _side("A", "claim", "two", "2026-02-02"),
        _side("B", "claim", "three", "2026-02-02"), _side("C", "accuse", "four", "2026-02-03"),
        _side("D", "deny", "never", "2026-02-04"),
    )  # fmt: skip
    shown = front.sides(Dispute("d", "denial", "s", None, "x", rows), 3)
    assert [one.words for one in shown] == ["two", "three", "never"]


def test_weeks_are_counted_with_the_empty_ones_between() -> None:
    bars = charts.weeks(["2026-02-02", "2026-02-08", "2026-02-16", "", "no day"])
    assert [(bar.week, bar.number) for bar in bars] == [
        ("2026-02-02", 2), ("2026-02-09", 0), ("2026-02-16", 1),
    ]  # fmt: skip
    assert charts.weeks([]) == ()


def test_a_small_line_has_a_point_for_each_value() -> None:
    assert charts.spark([1.0]) == ""
    assert charts.spark([0.0, 5.0, -5.0]).count("L") == 2


def test_towns_show_the_land_and_not_the_sea() -> None:
    def has(lat: float, lon: float) -> bool:
        runs = land.cells(lon - 1, lat + 1, 10, 20, 20, 20)
        return bool(runs)

    assert has(48.85, 2.35)
    assert not has(-40.0, -110.0)


def test_a_map_holds_its_places_also_across_the_date_line() -> None:
    spots = [
        places.Located("West", "FJI", -17.0, 178.0, "city", ()),
        places.Located("East", "WSM", -13.8, -171.8, "city", ()),
        places.Located("Nowhere", "", None, None, "", ()),
    ]
    drawn = places.world(spots)
    assert drawn is not None
    assert len(drawn.dots) == 2
    assert all(0 <= dot.x <= drawn.width and 0 <= dot.y <= drawn.height for dot in drawn.dots)
    assert places.world(spots[2:]) is None


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_what_was_worked_out_is_kept_and_done_anew_aside() -> None:
    clock, done = Clock(), []
    waiting = Waiting(clock, patience=30)

    def make() -> int:
        done.append(1)
        return len(done)

    assert waiting.get("a", make) == 1
    assert waiting.get("a", make) == 1
    clock.at += FRESH + 1
    assert waiting.get("a", make) == 1
    while len(done) < 2:
        pass
    waiting.forget()
    assert waiting.get("a", make) in (2, 3)


def test_nobody_waits_long_for_what_takes_long() -> None:
    go = threading.Event()
    waiting = Waiting(patience=0.01)
    assert waiting.get("a", lambda: go.wait(30)) is None
    assert waiting.get("a", lambda: go.wait(30)) is None
    go.set()


def test_what_fails_aside_fails_before_the_reader() -> None:
    def make() -> int:
        raise ValueError("no")

    waiting = Waiting(patience=30)
    with pytest.raises(ValueError, match="no"):
        waiting.get("a", make)
