"""What of a report's text is read, as what, and what is left out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.reading.text import Layout, dateline_parts, layout
from onrecord.record import Span

PAGE = """Site icon The Daily Example: world and region

Lima and Quito agree to reopen the border after nine months of talks

By Ana Roe in Lima

LIMA, Peru, March 3 (Example News) — The foreign ministers of both countries said on Monday that \
the border would open in May. “It took long,” one of them said.

Advertisement

Traders welcomed the news.

Share this:

Click to share on X (Opens in new window)

Related

Ferry link to open next year

Exit mobile version
"""


def words(text: str, spans: list[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def skipped(text: str, **known: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.why) for s in layout(text, **known).skipped]


def test_a_page_is_told_apart() -> None:
    found = layout(PAGE)
    assert found.title is not None
    assert words(PAGE, [found.title]) == [
        "Lima and Quito agree to reopen the border after nine months of talks"
    ]
    assert words(PAGE, found.bylines) == ["By Ana Roe in Lima"]
    assert words(PAGE, found.datelines) == ["LIMA, Peru, March 3 (Example News)"]
    assert words(PAGE, found.sentences) == [
        "Lima and Quito agree to reopen the border after nine months of talks",
        "The foreign ministers of both countries said on Monday that the border would open in May.",
        "“It took long,” one of them said.",
        "Traders welcomed the news.",
    ]
    assert [(PAGE[s.start : s.end], s.why) for s in found.skipped] == [
        ("Site icon The Daily Example: world and region", "site name"),
        ("Advertisement", "advertisement"),
        ("Share this:", "share buttons"),
        ("Click to share on X (Opens in new window)", "share buttons"),
        ("Related", "related links"),
        ("Ferry link to open next year", "related links"),
        ("Exit mobile version", "exit mobile version"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Tweet", "share buttons"),
        ("Facebook Twitter WhatsApp Email", "share buttons"),
        ("2.3K Shares", "share buttons"),
        ("Like this:", "share buttons"),
        ("Skip to content", "navigation"),
        ("Home > World > Africa", "navigation"),
        ("Privacy Policy | Terms of Use | Contact us", "navigation"),
        ("Story continues below advertisement", "advertisement"),
        ("Also read: Ferry link to open next year", "related links"),
        ("READ MORE: Ferry link to open next year", "related links"),
        ("You may also like", "related links"),
        ("Continue reading →", "read more"),
        ("Click here to read the full statement.", "read more"),
        ("Subscribe to our newsletter", "subscribe"),
        ("Follow us on Telegram", "subscribe"),
        ("Already a subscriber? Log in", "subscribe"),
        ("Leave a comment", "comments"),
        ("12 Comments", "comments"),
        ("We use cookies to improve your experience on this site.", "cookie notice"),
        ("Please enable JavaScript to view this page.", "browser notice"),
        ("Loading…", "browser notice"),
        ("Tags: border, trade, Peru", "tags"),
        ("© 2024 The Daily Example. All rights reserved.", "copyright"),
        ("Photo: Jo Roe/Getty Images", "image credit"),
        ("Jo Roe via Getty Images", "image credit"),
        ("Updated 3:15 pm", "timestamp"),
        ("Published: March 3, 2024 10:05 am", "timestamp"),
        ("5 min read", "timestamp"),
        ("3 hours ago", "timestamp"),
        ("https://example.org/a/1", "link"),
        (".image-wrap img {", "page code"),
        ("line-height:20px;", "page code"),
        ("<div class='x'>", "page code"),
        ("***", "separator"),
        ("-30-", "end mark"),
    ],
)
def test_a_leftover_line_is_listed_with_its_reason(line: str, why: str) -> None:
    text = f"The border opened on Monday.\n\n{line}\n\nTrade went on."
    assert skipped(text) == [(line, why)]


@pytest.mark.parametrize(
    "line",
    [
        "Email from the minister shows he knew.",
        "Related costs rose, the bank said.",
        "Share prices fell in Lima.",
        "Follow the money, the judge told jurors.",
        "Home prices rose by a tenth.",
        "Photographs of the bridge were shown to the court.",
        "Subscribers left the paper after the report.",
        "Comments by the mayor drew anger.",
        "Print workers went on strike on Monday.",
        "Cookies were handed to the children.",
        "“All rights reserved,” the label on the box said.",
        "Source: the minister would not name one.",
        "More than 40 people read the statement.",
        "Register to vote, ministers urge young people",
        "Copyright law is to change, the minister said.",
        "Posted soldiers in the north were sent home.",
        "Tags were put on the whales.",
        "Search parties left at dawn.",
        "Menu prices doubled.",
    ],
)
def test_prose_is_never_skipped(line: str) -> None:
    text = f"The border opened on Monday.\n\n{line}\n\nTrade went on."
    assert skipped(text) == []
    assert line in words(text, layout(text).sentences)


@pytest.mark.parametrize(
    ("line", "rest", "leftover", "why"),
    [
        (
            "Workers mend a bridge. Photo: Example Agency",
            "Workers mend a bridge.",
            "Photo: Example Agency",
            "image credit",
        ),
        (
            "He left. (Photo by Jo Roe/Example)",
            "He left.",
            "(Photo by Jo Roe/Example)",
            "image credit",
        ),
        ("The bridge is open. Enditem", "The bridge is open.", "Enditem", "end mark"),
        ("The bridge is open. Read more »", "The bridge is open.", "Read more »", "read more"),
    ],
)
def test_a_leftover_at_the_end_of_a_line(line: str, rest: str, leftover: str, why: str) -> None:
    text = f"The border opened on Monday.\n\n{line}"
    assert skipped(text) == [(leftover, why)]
    assert words(text, layout(text).sentences)[-1] == rest


def test_the_publisher_is_a_site_name() -> None:
    text = "The Daily Example\n\nBorder opens again after talks\n\nThe border opened on Monday."
    assert skipped(text, publisher="The Daily Example") == [("The Daily Example", "site name")]


def test_the_site_name_after_a_title_is_cut_off() -> None:
    text = "Border opens again after talks | The Daily Example\n\nThe border opened on Monday."
    found = layout(text)
    assert skipped(text) == [("| The Daily Example", "site name")]
    assert found.title is not None
    assert words(text, [found.title]) == ["Border opens again after talks"]


def test_a_title_shown_twice_is_read_once() -> None:
    title = "Border opens again after talks"
    text = f"{title}\n\n{title}\n\nThe border opened on Monday, the minister said."
    assert skipped(text) == [(title, "title again")]


# -- titles, bylines, datelines ------------------------------------------------------------


def test_a_given_title_is_found_whatever_it_looks_like() -> None:
    text = "The border is open again.\nThe ministers said so."
    assert layout(text).title is None
    found = layout(text, title="“The border is open again”")
    assert found.title is not None
    assert words(text, [found.title]) == ["The border is open again."]


def test_a_first_sentence_is_no_title() -> None:
    assert layout("The border opened on Monday.\n\nTrade went on, the mayor said.").title is None


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "By JANE DOE, Example News",
        "By Jane Doe and John Roe in Nairobi",
        "Written by Jane Doe",
        "By Jane Doe, Staff Writer",
    ],
)
def test_bylines(line: str) -> None:
    text = f"Border opens after talks\n\n{line}\n\nThe border opened on Monday."
    found = layout(text)
    assert words(text, found.bylines) == [line]
    assert line not in words(text, found.sentences)


def test_credits_at_the_end_are_bylines() -> None:
    credit = "(Reporting by Jane Doe in Lima; Editing by John Roe)"
    text = f"The border opened on Monday.\n\nTrade went on.\n\n{credit}"
    assert words(text, layout(text).bylines) == [credit]


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the border was open again.",
        "By the end of May, trade had doubled.",
        "By Friday, Lima Had Reopened",
        "By law, ministers answer within a month.",
    ],
)
def test_sentences_that_begin_with_by_are_no_bylines(line: str) -> None:
    assert layout(f"Border opens after talks\n\n{line}\n\nTrade went on.").bylines == []


@pytest.mark.parametrize(
    ("dateline", "mark", "places", "date", "credit"),
    [
        ("LIMA (Example English)", ". ", ["LIMA"], None, "Example English"),
        ("KYIV, Ukraine (AP)", " — ", ["KYIV", "Ukraine"], None, "AP"),
        ("LONDON, March 3 (Reuters)", " - ", ["LONDON"], "March 3", "Reuters"),
        ("ADEN and SANA, Jul 26 2022 (IPS)", " - ", ["ADEN and SANA"], "Jul 26 2022", "IPS"),
        ("CAIRO - 25 July 2022", ": ", ["CAIRO"], "25 July 2022", None),
        ("SINGAPORE (May 6, 2021)", " — ", ["SINGAPORE"], "May 6, 2021", None),
        ("MOSCOW, March 4. /TASS/", ". ", ["MOSCOW"], "March 4", "TASS"),
        ("MANCHESTER, N.H.", " — ", ["MANCHESTER", "N.H."], None, None),
        ("Nairobi", " – ", ["Nairobi"], None, None),
        ("LA PAZ", ": ", ["LA PAZ"], None, None),
        ("Dec 29 (Reuters)", " - ", [], "Dec 29", "Reuters"),
        ("(AFP)", " - ", [], None, "AFP"),
    ],
)
def test_datelines(
    dateline: str, mark: str, places: list[str], date: str | None, credit: str | None
) -> None:
    sentence = "The government said on Monday that the border with its neighbour would open " * 2
    text = f"{dateline}{mark}{sentence.strip()}."
    found = layout(text)
    assert words(text, found.datelines) == [dateline]
    assert words(text, found.sentences) == [sentence.strip() + "."]
    parts = dateline_parts(text, found.datelines[0])
    assert words(text, parts.places) == places
    assert (parts.date and words(text, [parts.date])[0]) == date
    assert (parts.credit and words(text, [parts.credit])[0]) == credit


def test_a_line_that_is_a_date_is_a_dateline() -> None:
    text = "Border opens after talks\n\nMarch 3, 2024\n\nThe border opened on Monday."
    found = layout(text)
    assert words(text, found.datelines) == ["March 3, 2024"]
    parts = dateline_parts(text, found.datelines[0])
    assert parts.date is not None
    assert words(text, [parts.date]) == ["March 3, 2024"]


@pytest.mark.parametrize(
    "line",
    [
        "EXCLUSIVE – The border opened on Monday after months of talks between the two sides.",
        "Opinion - The border should stay closed for another month, and here is why.",
        "MINISTER: I did not say that the border would be closed.",
        "Sen. Jane Doe (R-Ohio) — announced in March that she would run again for her seat.",
        "The talks - the first in years - ended on Monday.",
        "Peace Now — the group that called the march — said more would come.",
    ],
)
def test_openings_that_are_no_datelines(line: str) -> None:
    assert layout(f"{line}\n\nTrade went on.").datelines == []


# -- lines and paragraphs ------------------------------------------------------------------


def test_a_text_wrapped_to_a_width_has_whole_sentences() -> None:
    text = (
        "The border between the two countries opened on Monday morning after\n"
        "nine months of talks in which neither side would give way. Traders\n"
        "had waited for days at the bridge over the river, where the police\n"
        "let the first of them pass at six. The mayor of the town welcomed\n"
        "the news and said that many families had not met for nearly a year\n"
        "because of it.\n\nTrade went on.\n"
    )
    found = layout(text).sentences
    assert len(found) == 4
    assert "\n" in words(text, found)[0]


def test_offsets_hold_with_any_line_end() -> None:
    for end in ("\n", "\r\n", "\r", "\u2028"):
        text = f"One was here.{end}{end}Two came.{end}Three left."
        assert words(text, layout(text).sentences) == ["One was here.", "Two came.", "Three left."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "\0", "word", "…", "\u200b\n\u200b"])
def test_hardly_any_text(text: str) -> None:
    found = layout(text)
    assert words(text, found.sentences) == (["word"] if text == "word" else [])


# -- what holds for any text ---------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "The mayor said so. ",
        "“Why?” he asked. ",
        "Mr. ",
        "U.S. ",
        "\n\n",
        "\n",
        "\r\n",
        "LIMA, May 3 (AP) — ",
        "By Jane Doe",
        "Share this:",
        "Related",
        "Photo: Jo/AFP",
        "Read more",
        "... ",
        '"',
        "“",
        "”",
        "(",
        "1. ",
        "Site icon Example",
        " | ",
        "\u00a0",
        "said.The ",
        "Enditem",
        "\ufeff",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join))


def holds(text: str, found: Layout) -> None:
    inside = sorted(
        [*found.skipped, *found.sentences, *found.datelines, *found.bylines],
        key=lambda span: (span.start, span.end),
    )
    for span in inside:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]
    for before, after in pairwise(inside):
        assert before.end <= after.start
    for spans in (found.skipped, found.sentences, found.datelines, found.bylines):
        assert list(spans) == sorted(spans, key=lambda span: span.start)
    assert found.title is None or found.title in found.sentences
    covered = set[int]()
    for span in inside:
        covered.update(range(span.start, span.end))
    left = "".join(sign for at, sign in enumerate(text) if at not in covered)
    assert not any(sign.isalnum() for sign in left)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_is_laid_out_whole_and_disjoint(text: str) -> None:
    found = layout(text)
    holds(text, found)
    for span in found.datelines:
        parts = dateline_parts(text, span)
        for part in [*parts.places, *filter(None, (parts.date, parts.credit))]:
            assert span.start <= part.start < part.end <= span.end


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.text(max_size=20), st.text(max_size=20))
def test_title_and_publisher_can_be_anything(text: str, title: str, publisher: str) -> None:
    holds(text, layout(text, title=title, publisher=publisher))
