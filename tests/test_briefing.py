"""A briefing says what reports say, counts events and not reports, and knows nothing later."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from onrecord.analysis import briefing, happenings, timelines
from onrecord.analysis._briefing_markdown import escaped, markdown
from onrecord.analysis._briefing_page import page, pdf
from onrecord.analysis._briefing_plain import plain
from onrecord.analysis._briefing_sheet import Sheet, of_briefing, of_timeline
from onrecord.analysis._briefing_upcoming import announced, together
from onrecord.analysis.joining import stories
from onrecord.archive import Archive
from onrecord.errors import InputError, SettingError
from onrecord.record import Record
from onrecord.render.wording import clean

from .analysis_records import Draft
from .briefing_cases import archive_of, copied, everything, seizure


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    place = tmp_path_factory.mktemp("case") / "a.db"
    with archive_of(place, [draft.record() for draft in everything()]) as opened:
        yield opened


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The same with every report copied once."""
    records = [draft.record() for draft in everything()]
    records += [copied(record, f"zz-{record.article.id}") for record in records]
    with archive_of(tmp_path_factory.mktemp("case") / "b.db", records) as opened:
        yield opened


def whats(lines: tuple[briefing.Line, ...]) -> list[str]:
    return [line.what for line in lines]


# -- what stands where ------------------------------------------------------------------


def test_each_thing_stands_in_its_section(archive: Archive) -> None:
    made = briefing.make(archive, "KEN,TCD")
    assert whats(made.happened) == ["COERCE/seize", "SANCTION/withdraw"]
    assert [(line.what, line.on_word_of) for line in made.claimed] == [("ASSAULT/beat", "Chad")]
    (quarrel,) = made.disputed
    assert quarrel.kind == "denial"
    assert {side.who for side in quarrel.sides} >= {"Chad", "Grace Odhiambo"}
    (series,) = made.numbers
    assert [point.shown for point in series.points] == ["9", "12", "14"]
    (coming,) = made.upcoming
    assert (coming.first_day, coming.source.article) == ("2026-05-20", "a1")
    assert (made.articles, made.origins, made.publishers) == (3, 3, ("Gazette", "Herald"))


def test_new_is_what_was_first_told_in_these_days(archive: Archive) -> None:
    made = briefing.make(archive, "KEN,TCD", "2026-05-07")
    assert [line.what for line in made.happened if line.new] == ["SANCTION/withdraw"]
    kinds = {line.kind: line for line in made.new}
    assert (kinds["figure"].before, kinds["figure"].now) == ("injured 12", "injured 14")
    assert kinds["figure"].source.article == "c1"


def test_what_happened_before_and_is_only_told_again_is_left_out(archive: Archive) -> None:
    assert whats(briefing.make(archive, "KEN,TCD", "2026-05-08").happened) == ["SANCTION/withdraw"]


def test_nothing_that_was_published_later_is_known(archive: Archive) -> None:
    made = briefing.make(archive, "KEN,TCD", until="2026-05-06")
    assert whats(made.happened) == ["COERCE/seize"]
    assert [point.shown for point in made.numbers[0].points] == ["9", "12"]
    assert _articles(made) <= {"a1", "b1"}


def test_as_of_leaves_out_what_was_not_known_here(archive: Archive) -> None:
    made = briefing.make(archive, "KEN,TCD", as_of="2026-05-05")
    assert (whats(made.happened), made.claimed, made.disputed) == (["COERCE/seize"], (), ())
    assert _articles(made) == {"a1"}


def test_an_announcement_stays_until_its_day_has_passed(archive: Archive) -> None:
    (coming,) = briefing.make(archive, "KEN,TCD", "2026-05-08", "2026-05-10").upcoming
    assert coming.source.article == "a1"
    assert briefing.make(archive, "KEN,TCD", "2026-05-08", "2026-05-20").upcoming == ()
    (coming,) = briefing.make(archive, None, "2026-05-15", "2026-05-16").upcoming
    assert coming.first_day == "2026-05-20", "also of a story that has gone quiet"


@pytest.mark.parametrize(
    ("about", "happened"),
    [(None, 3), ("TCD", 2), ("KEN", 1), ("BOL", 1), ("Chad", 2), ("CAN", 0), ("CAN,KEN", 0)],
)
def test_a_briefing_is_about_countries_a_name_or_everything(
    archive: Archive, about: str | None, happened: int
) -> None:
    assert len(briefing.make(archive, about).happened) == happened


def test_a_briefing_on_a_story(archive: Archive) -> None:
    story = next(one for one in stories(archive) if "z1" in one.articles)
    made = briefing.make(archive, story.id)
    assert whats(made.happened) == ["PROTEST/demo"]
    assert made.stories == ((story.id, story.title),)
    assert of_briefing(made).title == f"Briefing: {story.title}"


def test_what_is_asked_wrongly_is_refused_and_an_empty_archive_gives_an_empty_briefing(
    archive: Archive, tmp_path: Path
) -> None:
    for about, since, says in (
        (None, "yesterday", "no date"), ("st-none", None, "export stories"),
        ("KEN,TCD,BOL", None, "more than two"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=says):
            briefing.make(archive, about, since)
    with Archive.open(tmp_path / "e.db") as empty:
        made = briefing.make(empty)
        assert (made.happened, made.articles, briefing.latest(empty)) == ((), 0, None)
        assert "Nothing is reported to have happened" in markdown(of_briefing(made))
    assert briefing.latest(archive) == "2026-05-08"


def test_reports_without_a_date_are_left_out_of_days_and_counted(tmp_path: Path) -> None:
    undated = Draft("u", "Kenya seized a boat of Chad at the harbour of Lamu.").record()
    with archive_of(tmp_path / "a.db", [seizure().record(), undated]) as archive:
        made = briefing.make(archive, None, "2026-05-01")
    assert (made.articles, made.undated) == (1, 1)


# -- every number and line can be walked back -------------------------------------------


def _sources(value: Any) -> Iterator[briefing.Source]:
    """Yield every source anywhere in a briefing."""
    if isinstance(value, briefing.Source):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _sources(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _sources(getattr(value, name))


def _articles(made: briefing.Briefing) -> set[str]:
    return {source.article for source in _sources(made)}


def test_every_number_resolves_to_its_incidents_and_their_sentences(archive: Archive) -> None:
    made = briefing.make(archive)
    rows = {row.id: row for row in happenings.incidents(archive)}
    assert made.counts
    assert made.counts[0].value == sum(count.value for count in made.counts[1:])
    for count in made.counts:
        assert count.value == len(set(count.incidents)) == len(count.sources)
        for id_, source in zip(count.incidents, count.sources, strict=True):
            told = {(m.article, m.start, m.end) for m in rows[id_].mentions}
            assert (source.article, source.start, source.end) in told
    for series in made.numbers:
        given = {(f.article, f.start) for f in rows[series.incident or ""].figures}
        assert {(p.source.article, p.source.start) for p in series.points} <= given


def test_every_line_stands_in_its_report(archive: Archive) -> None:
    made = briefing.make(archive)
    sources = list(_sources(made))
    assert len(sources) > 15
    for source in sources:
        article = archive.record(source.article).article
        assert source.publisher == article.publisher
        assert source.day == (article.published or "")[:10]
        text = article.text[source.sentence_start : source.sentence_end]
        assert source.sentence == " ".join(text.split())


def test_the_page_links_every_line_to_a_numbered_source_and_its_place(archive: Archive) -> None:
    found = _Page()
    found.feed(page(of_briefing(briefing.make(archive))))
    assert {link for link in found.links if link.startswith("#")} <= {
        f"#{id_}" for id_ in found.ids
    }
    assert len(found.lines) > 8
    for line in found.lines:
        text = archive.record(line["data-article"]).article.text
        assert text[int(line["data-start"]) : int(line["data-end"])].strip()
        assert line["data-start"] != line["data-end"]


def test_every_number_of_the_page_links_to_the_incidents_it_counts(archive: Archive) -> None:
    made = page(of_briefing(briefing.make(archive)))
    rows = re.findall(r"<tr><td>.*?<div class=\"walk\">(.*?)</div></td><td>(\d+)</td></tr>", made)
    assert len(rows) >= 2
    for links, number in rows:
        ids = re.findall(r'href="#(.*?)"', links)
        assert len(set(ids)) == int(number)
        assert all(made.count(f'id="{id_}"') == 1 for id_ in ids)


def test_copies_leave_every_number_as_it_is(archive: Archive, doubled: Archive) -> None:
    for about in (None, "KEN,TCD", "Idriss Moura"):
        one, two = (_numbers(briefing.make(each, about)) for each in (archive, doubled))
        assert one == two
    made = briefing.make(doubled, "KEN,TCD")
    assert (made.articles, made.origins) == (6, 3)
    assert {(line.origins, line.articles) for line in made.happened} == {(3, 6), (1, 2)}


def _numbers(made: briefing.Briefing) -> object:
    return (
        [(count.name, count.value, count.incidents) for count in made.counts],
        [(line.incident, line.origins, line.status, line.text) for line in made.happened],
        [(line.incident, line.origins) for line in made.claimed],
        [(quarrel.kind, len(quarrel.sides)) for quarrel in made.disputed],
        [(line.kind, line.text) for line in made.new],
        [[(point.day, point.shown) for point in one.points] for one in made.numbers],
        [(line.first_day, line.origins) for line in made.upcoming],
    )


# -- hostile reports --------------------------------------------------------------------

_EVIL = (
    "<script>alert(1)</script> [x](javascript:alert(1)) **b** `c` ![i](http://e.example/i) &amp;"
)


def hostile() -> Record:
    draft = Draft(
        'e"1\'<b>',
        f"{_EVIL}\n\n# Kenya <img src=x onerror=alert(1)> seized a boat of Chad on Monday at "
        "harbour|quay \u202emoc.live\u202c. 1. Kenya will <b>hold</b> talks on 20 May.",
        published="2026-05-05", publisher='"><svg onload=alert(2)>', title=_EVIL,
        url="javascript:alert(3)",
    )  # fmt: skip
    draft.event(
        "seized", "COERCE", "seize", actors=[("Kenya", f"Kenya {_EVIL}", "KEN", "GOV", "country")],
        recipients=[("Chad", "Chad", "TCD", "GOV", "country")],
        time=draft.time("Monday", "2026-05-04"),
    )  # fmt: skip
    draft.time("20 May", "2026-05-20")
    return draft.record()


class _Page(HTMLParser):
    """Tags, links, ids and lines of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.lines: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = {name: value or "" for name, value in attrs}
        self.attributes |= set(given)
        self.links |= {given["href"]} if "href" in given else set()
        self.ids |= {given["id"]} if "id" in given else set()
        if "data-article" in given:
            self.lines.append(given)


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[Sheet]:
    with archive_of(tmp_path / "e.db", [hostile()]) as archive:
        yield of_briefing(briefing.make(archive))


def test_nothing_of_a_report_becomes_markup_of_the_page(evil: Sheet) -> None:
    made = page(evil)
    found = _Page()
    found.feed(made)
    assert not {"script", "img", "svg", "b", "strong"} & found.tags - {"b"}
    assert not {name for name in found.attributes if name.startswith("on")}
    assert all(link.startswith("#") for link in found.links)
    assert "\u202e" not in made
    assert "&lt;script&gt;" in made
    assert "default-src 'none'" in made


def test_nothing_of_a_report_becomes_markup_of_the_markdown(evil: Sheet) -> None:
    made = MarkdownIt("commonmark").render(markdown(evil))
    found = _Page()
    found.feed(made)
    assert found.links == set()
    assert found.tags <= {"h1", "h2", "h3", "p", "em", "strong", "ul", "ol", "li", "br"}
    assert made.count("<h1>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made


@given(st.text(max_size=40))
def test_any_text_shows_in_markdown_as_it_stands(text: str) -> None:
    shown = _Text()
    shown.feed(MarkdownIt("commonmark").render(f"- {escaped(text)} ."))
    assert shown.tags <= {"ul", "li"}
    assert " ".join(shown.text.split()) == f"{clean(text)} .".strip()


class _Text(_Page):
    text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_is_fetched_for_a_pdf(evil: Sheet) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError)
    assert pdf(evil).startswith(b"%PDF-")


def test_a_missing_weasyprint_is_named_with_the_way_without_it(
    evil: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(SettingError, match=r"onrecord\[print\].*--format html"):
        pdf(evil)


def test_only_web_addresses_become_links(tmp_path: Path) -> None:
    record = seizure().record()
    given = {
        "https://a.example/x": True,
        "javascript:alert(1)": False,
        "http://[": False,
        "": False,
    }
    for url, linked in given.items():
        article = replace(record.article, url=url or None)
        with archive_of(tmp_path / f"{len(url)}.db", [replace(record, article=article)]) as archive:
            sheet = of_timeline(timelines.actor(archive, "KEN"))
        found = _Page()
        found.feed(page(sheet))
        assert (url in found.links) == linked
        assert (f"<{url}>" in markdown(sheet)) == linked


# -- what is laid out -------------------------------------------------------------------


def test_what_one_sentence_tells_is_one_item(tmp_path: Path) -> None:
    draft = Draft("t", "Kenya seized a boat and arrested two sailors.", published="2026-05-05")
    for word, kind in (("seized", "seize"), ("arrested", "arrest")):
        draft.event(word, "COERCE", kind, actors=[("Kenya", "Kenya", "KEN", "GOV", "country")])
    with archive_of(tmp_path / "a.db", [draft.record()]) as archive:
        sheet = of_briefing(briefing.make(archive))
    (item,) = sheet.sections[0].blocks[0].items
    assert [text for text, on in item.pieces if on] == ["seized", "arrested"]
    assert "".join(text for text, _ in item.pieces) == draft.article.text
    assert {"Kenya: coerce (seize)", "Kenya: coerce (arrest)"} <= set(item.facts)
    assert len(item.incidents) == 2


def test_stories_are_told_apart_where_there_are_several(archive: Archive) -> None:
    blocks = of_briefing(briefing.make(archive)).sections[0].blocks
    assert len(blocks) == 2
    assert "Teachers march in Potosi" in {block.heading for block in blocks}


def test_the_json_has_sentences_and_is_json(archive: Archive) -> None:
    made = json.loads(json.dumps(plain(briefing.make(archive, "KEN,TCD"))))
    line = made["happened"][0]
    assert line["source"]["sentence"].startswith("Kenya seized")
    assert line["source"]["words"] == "seized"
    assert "pieces" not in line["source"]


# -- what is to come --------------------------------------------------------------------


def coming(words: str, when: str, first: str, last: str | None = None) -> list[tuple[str, str]]:
    draft = Draft("a", words, published="2026-05-05")
    draft.time(when, first, last)
    return [(one.first_day, one.last_day) for one in announced(draft.record(), "a")]


@pytest.mark.parametrize(
    ("words", "when", "days"),
    [
        ("The ministers will meet on 20 May.", "20 May", ("2026-05-20", "2026-05-20")),
        ("A verdict is expected on 20 May.", "20 May", ("2026-05-20", "2026-05-20")),
        ("On 20 May the court will hear him.", "20 May", ("2026-05-20", "2026-05-20")),
        ("Lamu opens its season on 20 May.", "20 May", ("2026-05-20", "2026-05-20")),
        ("They are to meet on 19 and 20 May.", "20 May", ("2026-05-19", "2026-05-20")),
    ],
)
def test_what_is_set_for_a_day_to_come_is_announced(
    words: str, when: str, days: tuple[str, str]
) -> None:
    assert coming(words, when, "2026-05-20") == [days]


def test_a_weekday_of_what_is_to_be_is_the_next_one() -> None:
    words = "The vote is to be held in Lamu on Thursday."
    assert coming(words, "Thursday", "2026-04-30") == [("2026-05-07", "2026-05-07")]
    assert coming("He said on Thursday that he will go.", "Thursday", "2026-04-30") == []


@pytest.mark.parametrize(
    ("words", "when", "first", "last"),
    [
        ("The ministers met on 4 May.", "4 May", "2026-05-04", None),
        ("Schools will stay closed until 20 May.", "20 May", "2026-05-20", None),
        ("The dam will be built next year.", "next year", "2027-01-01", "2027-12-31"),
        ("A deadline on Sunday was named.", "Sunday", "2026-05-10", None),
    ],
)
def test_what_is_past_ends_or_has_no_date_is_not(
    words: str, when: str, first: str, last: str | None
) -> None:
    assert coming(words, when, first, last) == []


def test_nothing_is_announced_by_a_report_without_a_date() -> None:
    draft = Draft("a", "The ministers will meet on 20 May.")
    draft.time("20 May", "2026-05-20")
    assert announced(draft.record(), "a") == []


def test_one_thing_announced_twice_is_one() -> None:
    found = []
    for id_, words in (("a", "The ministers will meet in Lamu on 20 May."),
                       ("b", "In Lamu the two ministers are to meet on 20 May."),
                       ("c", "The league opens on 20 May.")):  # fmt: skip
        draft = Draft(id_, words, published="2026-05-05")
        draft.time("20 May", "2026-05-20")
        found += [("s", one) for one in announced(draft.record(), id_)]
    assert [[one.article for one in group] for group in together(found)] == [["a", "b"], ["c"]]
    assert len(together([("s1", found[0][1]), ("s2", found[1][1])])) == 2
