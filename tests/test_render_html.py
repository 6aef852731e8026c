"""The page: sound, safe, self-contained, and every field linked to its words and back."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.record import Record
from onrecord.render import html as render_html
from onrecord.render.html import fragment, notebook, page
from onrecord.render.marks import KINDS, Mark, elements, marked
from onrecord.render.wording import visible
from tests.record_examples import empty, example
from tests.record_strategies import records

VOID = {"meta"}
TAGS = set(
    "html head meta title style body script div header h1 h2 p a nav ul ol li main span aside "
    "section blockquote footer".split()
)


class Page(HTMLParser):
    """A page read back: its elements, ids, links and text; nesting is held."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not (tag == "a" and "a" in self.open), "a link inside a link"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script", "title"} & set(self.open):
            self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [attrs[name] for _, attrs in self.elements if name in attrs]


# -- marks ----------------------------------------------------------------------------


@st.composite
def _marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text("ab <&\"'é\n\x1b", min_size=1, max_size=30))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    rows = st.sampled_from(["s1", "s2", "v1", "e1"])
    drawn = draw(st.lists(st.tuples(spans, st.sampled_from(KINDS), rows), max_size=8))
    return text, [Mark(min(s), max(s), kind, row) for s, kind, row in drawn if s[0] != s[1]]


@settings(max_examples=150, deadline=None)
@given(_marked())
def test_marks_that_nest_and_cross_keep_the_words_and_the_nesting(
    drawn: tuple[str, list[Mark]],
) -> None:
    text, found = drawn
    read = Page(marked(text, 0, len(text), elements(found)))
    assert "".join(read.text) == visible(text)
    ids = read.values("id")
    assert sorted(ids) == sorted({f"w-{mark.start}-{mark.end}" for mark in found})


@settings(max_examples=100, deadline=None)
@given(_marked())
def test_exactly_the_marked_words_are_inside_a_mark_of_their_row(
    drawn: tuple[str, list[Mark]],
) -> None:
    text, found = drawn
    shown = marked(text, 0, len(text), elements(found))
    for row in ("s1", "v1"):
        wanted = [
            any(m.start <= i < m.end for m in found if m.row == row) for i in range(len(text))
        ]
        assert _inside(shown, row) == wanted


def _inside(shown: str, row: str) -> list[bool]:
    """Return for each character whether an element of ``row`` is around it."""
    depth: list[bool] = []
    inside = []
    for piece in re.findall(r"<[^>]*>|&[^;]+;|[^<&]", shown):
        if piece.startswith("<span"):
            depth.append(row in re.findall(r'data-rows="([^"]*)"', piece)[0].split())
        elif piece == "</span>":
            depth.pop()
        elif not piece.startswith("<"):
            inside.append(any(depth))
    return inside


def test_crossing_marks_are_cut_at_the_boundary() -> None:
    found = [Mark(0, 6, "said", "s1"), Mark(4, 9, "who", "e1")]
    shown = re.sub(
        r"<a [^>]*>|</a>| data-rows=\"[^\"]*\"", "", marked("abcdefghij", 0, 10, elements(found))
    )
    assert shown == (
        '<span id="w-0-6" class="said">abcd<span id="w-4-9" class="who">ef</span></span>'
        '<span class="who">ghi</span>j'
    )


def test_marks_on_the_same_words_are_one_element_that_links_to_the_strongest() -> None:
    found = [Mark(0, 3, "part", "s1"), Mark(0, 3, "who", "e1"), Mark(0, 3, "trigger", "v1")]
    shown = marked("abc", 0, 3, elements(found))
    assert shown == (
        '<span id="w-0-3" class="part who trigger" data-rows="s1 e1 v1">'
        '<a href="#f-v1">abc</a></span>'
    )


def test_one_statement_is_one_stop_of_the_tab_key() -> None:
    found = [Mark(0, 9, "said", "s1"), Mark(3, 6, "who", "e1")]
    shown = marked("aaabbbccc", 0, 9, elements(found))
    assert shown.count('tabindex="-1"') == 1
    assert shown.count("<a ") == 3


# -- the page -------------------------------------------------------------------------


def test_every_field_links_to_its_words_and_every_word_to_its_field() -> None:
    read = Page(page(example()))
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in read.values("href") if href.startswith("#")}
    assert targets <= set(ids)
    words = {one for one in ids if one.startswith("w-")}
    fields = {one for one in ids if one.startswith("f-")}
    record = example()
    for rows in (record.statements, record.events, record.entities, record.times, record.places):
        assert {f"f-{row.id}" for row in rows} <= fields & targets
    assert words <= targets | _merely_inside(record)


def _merely_inside(record: Record) -> set[str]:
    """Return the words of leftovers: marked, but of no field."""
    return {f"w-{skip.start}-{skip.end}" for skip in record.skipped}


def test_the_words_of_the_article_are_all_there_in_their_paragraphs() -> None:
    record = example()
    shown = page(record)
    read = " ".join("".join(Page(shown).text).split())
    for line in record.article.text.split("\n"):
        assert " ".join(line.split()) in read
    assert shown.count('<p dir="auto"') == sum(
        bool(s.strip()) for s in record.article.text.split("\n")
    )


def test_what_was_not_read_is_marked() -> None:
    assert page(example()).count('class="skipped"') == 2


def test_nothing_is_fetched() -> None:
    shown = page(example())
    read = Page(shown)
    assert {tag for tag, _ in read.elements} <= TAGS
    assert not read.values("src")
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest", shown)
    (policy,) = [a["content"] for t, a in read.elements if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (inline,) = re.findall(rf"<{tag}>(.*?)</{tag}>", shown, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_no_element_has_a_style_or_a_handler_of_its_own() -> None:
    for _, attrs in Page(page(example())).elements:
        assert not [name for name in attrs if name == "style" or name.startswith("on")]


HOSTILE = (
    "</p></script><script>alert(1)</script><svg onload=alert(1)>"
    "\"'><img src=x onerror=alert(1)>&lt;"
)


def test_markup_in_any_field_is_shown_and_never_acts() -> None:
    record = example()
    text = record.article.text.replace("Share this article", HOSTILE)
    article = replace(
        record.article,
        text=text, title=HOSTILE, publisher=HOSTILE, byline=HOSTILE, language=HOSTILE, id=HOSTILE,
        url=f"https://evil.example/{HOSTILE}", canonical_url=None,
    )  # fmt: skip
    entity = replace(record.entities[0], name=HOSTILE, role=HOSTILE)
    place = replace(record.places[0], name=HOSTILE, admin1=HOSTILE)
    hostile = replace(
        record,
        article=article,
        entities=(entity, *record.entities[1:]),
        places=(place, *record.places[1:]),
        warnings=(replace(record.warnings[0], message=HOSTILE),),
    )
    shown = page(hostile)
    read = Page(shown)
    assert {tag for tag, _ in read.elements} <= TAGS
    assert shown.count("<script") == 1
    assert html.escape(HOSTILE) in shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//[x"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    record = empty("Word.", url=url)
    assert not [href for href in Page(page(record)).values("href") if not href.startswith("#")]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_any_record_makes_a_sound_page(record: Record) -> None:
    read = Page(page(record))
    assert {tag for tag, _ in read.elements} <= TAGS


def test_several_records_share_a_page_without_sharing_ids() -> None:
    ids = Page(page(example(), example())).values("id")
    assert len(ids) == len(set(ids))


def test_a_notebook_gets_a_fragment_with_style_and_without_script() -> None:
    shown = example()._repr_html_()
    assert shown == notebook(example())
    assert "<script" not in shown
    assert "<html" not in shown
    assert 'class="onrecord cell"' in shown
    style = re.sub(
        r"/\*.*?\*/", "", (shown.split("<style>")[1]).split("</style>")[0], flags=re.DOTALL
    )
    selectors = re.findall(r"([^{}@;]+)\{", style)
    outside = [
        s for s in selectors if s.strip() and ".onrecord" not in s and not s.strip().startswith("(")
    ]
    assert not [s for s in outside if not re.match(r"\s*(container|media|\()", s)], outside


def test_a_page_of_many_paragraphs_takes_time_in_proportion() -> None:
    """Twice the text, about twice the marks visited: no paragraph looks at all of them."""
    visits = [_visits(lines) for lines in (200, 400)]
    assert visits[1] / visits[0] < 2.5


def _visits(lines: int) -> int:
    line = "Ana met Ben. "
    text = "\n".join([line] * lines)
    seen = 0
    record = empty(text)
    ids = [m for i in range(lines) for m in (Mark(i * len(line), i * len(line) + 3, "who", "e1"),)]
    view = render_html._View(record, "")
    original = render_html.marks.marked

    def counting(text: str, start: int, end: int, inside: list[object], prefix: str) -> str:
        nonlocal seen
        seen += 1 + len(inside)
        return original(text, start, end, inside, prefix)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render_html.marks, "marks", lambda record: ids)
        patch.setattr(render_html.marks, "marked", counting)
        assert fragment(record) or view
    return seen


# -- contrast (WCAG 2.2, AA) ----------------------------------------------------------


def _palettes() -> list[dict[str, str]]:
    style = render_html._asset("page.css")
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", style.split("@media (prefers")[0]))
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", style.split("@media (prefers")[1]))
    assert set(light) - {"none"} >= set(dark)
    return [light, {**light, **dark}]


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark"])
def test_text_stands_out_from_every_background_it_stands_on(palette: dict[str, str]) -> None:
    grounds = ["paper", "card", "said", "event", "lit"]
    pairs = [("ink", ground) for ground in grounds]
    pairs += [("said-line", ground) for ground in ("paper", "said", "event", "lit")]
    pairs += [("soft", ground) for ground in ("paper", "card", "said", "event")]
    tones = ("accent", "good", "bad", "later", "maybe", "past", "claim")
    pairs += [(tone, ground) for tone in tones for ground in ("paper", "card")]
    low = [(a, b) for a, b in pairs if _contrast(palette[a], palette[b]) < 4.5]
    assert not low, low
    lines = [(a, b) for a in ("time", "place", "figure", "who") for b in ("paper", "said")]
    assert not [pair for pair in lines if _contrast(palette[pair[0]], palette[pair[1]]) < 3]


def test_marks_differ_in_more_than_colour() -> None:
    style = render_html._asset("page.css")
    shapes = {
        kind: re.search(rf"\.onrecord \.{kind}[ ,][^{{]*{{([^}}]*)}}", style).group(1)  # type: ignore[union-attr]
        for kind in ("cue", "trigger", "time", "place", "figure", "who")
    }
    plain = {kind: re.sub(r"var\([^)]*\)", "", shape) for kind, shape in shapes.items()}
    assert all(plain[a] != plain[b] for a, b in combinations(plain, 2))
