"""Where sentences of news English end, and what stands in quotation marks."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.reading.text import layout, quoted


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in layout(text).sentences]


def quotes(text: str) -> list[str]:
    return [text[span.start : span.end] for span in quoted(text)]


@pytest.mark.parametrize(
    "text",
    [
        # abbreviations, initials, acronyms
        "Mr. Roe met Gen. Jane Q. Doe. | They spoke.",
        "The U.S. Senate voted. | The bill goes to the U.S. | The House is next.",
        "J. K. Roe Jr. wrote on Jan. 6 to Sen. Doe, R-Calif. | The letter was long.",
        "Juan I. Roe was elected. | Few remember World War I. | He did.",
        "He works for Example Inc. | The firm is small.",
        "Example Inc. Chief Jane Doe left.",
        "They met at 3 p.m. Monday. | It ended at 5 p.m. | Police came.",
        "No. 10 was silent. | No. | It was law no. 131 of 2022.",
        "He lives on St. John St. | It is long.",
        "See p. 3 and Art. 5, e.g. Annex A.",
        # numbers
        "It rose 3.5 percent to $1.2 billion. | 5 people saw it.",
        "1. The first point. | It is short.",
        # quotation marks
        "“It is over.” | He said so.",
        "“Why?” he asked. | “Who?” Jane Doe asked. | Nobody knew.",
        "“Go!” the crowd shouted. | “No.” | She left.",
        'He said "no." | She said "yes". | They left.',
        "“We won. | We will win again,” she said.",
        "“It is over. ” | He left.",
        "‘It is over.’ | She left.",
        # ellipses
        "He went ... and came. | Then he left… | She stayed.",
        "He will . . . try. | She will not. . . . | They might.",
        # no space after the stop
        "He said.| The man went.",
        "He went.|“We stay,” she said.",
        'He went.|"We stay," she said.',
        "“We stay.”|He went.",
        # what is no end
        "It is named after Dr.Roe and Gen.Doe of the town.",
        "Write to a.b@example.org or see www.example.org/A.B today.",
        "Yahoo! News and example.com said so.",
        "It was in the .com boom.",
        # names in small letters, other scripts
        "He met them. | al-Shabab said so. | eBay fell.",
        "好的。|再见！",
        # capitals
        "WHAT? | NO! | THE U.S. SENATE SAID SO. | THEN IT WENT.",
        # signatures stay with their words
        "It is a good day. — Jane Doe",
        "“It is good.” | (Example News)",
    ],
)
def test_sentences(text: str) -> None:
    expected = [piece.strip() for piece in text.split("|")]
    whole = text.replace(" | ", " ").replace("| ", "|").replace("|", "")
    assert sentences(whole) == expected


def test_paragraphs_headings_and_bullets_end_a_sentence() -> None:
    text = "The plan\n\n- open the border\n- lower the duties\n\nTalks go on"
    assert sentences(text) == ["The plan", "- open the border", "- lower the duties", "Talks go on"]


def test_a_line_broken_in_the_middle_of_a_sentence_goes_on() -> None:
    text = "The ministers of both countries agreed on Monday\nto open the border. They left."
    assert len(sentences(text)) == 2


def test_an_unclosed_quotation_does_not_swallow_sentences() -> None:
    assert sentences("“We go, he said. She stayed. They left.") == [
        "“We go, he said.",
        "She stayed.",
        "They left.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “we go” and left.", ["“we go”"]),
        ('"Why?" he asked. "No."', ['"Why?"', '"No."']),
        ("«Yes», he said.", ["«Yes»"]),
        ("„Ja“, sagte er.", ["„Ja“"]),
        ("He said ``we go'' and left.", ["``we go''"]),
        ("‘It’s the workers’ union,’ she said of the ’90s.", ["‘It’s the workers’ union,’"]),
        ("'It's the workers' union,' she said.", ["'It's the workers' union,'"]),
        ("the workers' party and the owners' club", []),
        ("rock 'n' roll in the '90s, 'til dawn", []),
        ('He is 6\'2" tall and "thin".', ['"thin"']),
        # nested: the outermost one
        ("“He said ‘no’ and “never” to me,” she said.", ["“He said ‘no’ and “never” to me,”"]),
        # scare quotes
        ('The "experts" met their “friends”.', ['"experts"', "“friends”"]),
        # several paragraphs: opened again, closed once
        ("“One.\n\n“Two.” He left.", ["“One.", "“Two.”"]),
        ('"One.\n\n"Two." He left.', ['"One.', '"Two."']),
        ("‘One.\n\n‘Two.’ He left.", ["‘One.", "‘Two.’"]),
        # not closed: to the paragraph's end, or nowhere when more marks follow
        ("He said: “We go.\n\nShe left.", ["“We go."]),
        ("“We go, he said. “And then we come.”", ["“And then we come.”"]),
        ('"We go, he said. "And then we come."', ['"And then we come."']),
        # no space before
        ('He went."We stay," she said.', ['"We stay,"']),
        ("He left.” She stayed.", []),
        ("", []),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab. \n\"'“”‘’«»„“s`", max_size=200))
def test_quotations_are_disjoint_and_inside_any_text(text: str) -> None:
    found = quoted(text)
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
    for before, after in pairwise(found):
        assert before.end <= after.start


# -- linear time ---------------------------------------------------------------------------


def seconds(act: Callable[[str], object], text: str) -> float:
    """Processor time of the fastest of two runs, without the garbage collector's."""
    best = float("inf")
    gc.disable()
    try:
        for _ in range(2):
            start = time.process_time()
            act(text)
            best = min(best, time.process_time() - start)
    finally:
        gc.enable()
    return best


LONG = {
    "a million said": "said " * 500_000,
    "quotation marks": '"' * 25_000,
    "opening marks": "“ " * 25_000,
    "closing marks": "a” " * 25_000,
    "single marks": "'a " * 25_000,
    "digits": "7" * 50_000,
    "full stops": "a. " * 25_000,
    "dots": "." * 50_000,
    "spaced dots": ". " * 25_000,
    "short lines": "Share this:\n\n" * 10_000,
    "commas in capitals": "LIMA, " * 20_000,
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("act", [layout, quoted], ids=["layout", "quoted"])
def test_time_grows_with_the_text(act: Callable[[str], object], name: str) -> None:
    """A noisy machine may spoil a measurement, but not five in a row."""
    text = LONG[name]
    if seconds(act, text) < 0.005:  # too short to measure
        text = text * 8
    ratios = []
    while len(ratios) < 5 and min(ratios, default=9.0) >= 2.5:
        ratios.append(seconds(act, text + text) / seconds(act, text))
    assert min(ratios) < 2.5, ratios
