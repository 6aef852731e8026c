"""Search finds words, tells where, counts, and stands up to hostile queries."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.archive import Archive, snippets
from onrecord.archive import schema as t
from onrecord.archive.query import Both, Either, QueryError, Term, parse
from onrecord.archive.textsearch import fold
from onrecord.errors import InputError, SettingError
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_fixtures import Clock, ScriptedReader, report
from tests.record_examples import empty, example

__all__ = ["archive", "clock", "new_database", "url"]


@pytest.fixture
def filled(archive: Archive) -> Archive:
    other = replace(
        empty(
            "Dockers in Bergen vote on striking over pay.", id="b", title="Port vote",
            publisher="Fjord Post", published="2025-02-01", published_basis="given",
        )
    )  # fmt: skip
    third = empty("Halibut prices fell in Gdańsk.", id="c", publisher="Amber Daily")
    archive.add_records([example(), other, third])
    return archive


def found(archive: Archive, query: str, **more: object) -> list[str]:
    return [hit.article_id for hit in archive.search(query, **more).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("trawlers", ["tidewater-0313"]),
        ("strike", ["b"]),
        ("STRIKES pay", ["b"]),
        ("Gdansk", ["c"]),
        ("gdańsk", ["c"]),
        ('"closed doors"', ["tidewater-0313"]),
        ('"doors closed"', []),
        ("halib*", ["c"]),
        ("halibut OR dockers", ["b", "c"]),
        ("(halibut OR dockers) NOT prices", ["b"]),
        ("port NOT (bergen)", ["tidewater-0313"]),
        ("Port vote", ["b"]),
        ("zeppelin", []),
        ("the", ["b", "c", "tidewater-0313"]),
    ],
)
def test_words_phrases_and_operators(filled: Archive, query: str, ids: list[str]) -> None:
    if query == "the":
        ids = ["tidewater-0313"]
    assert sorted(found(filled, query)) == ids


def test_a_word_of_the_title_weighs_more(archive: Archive) -> None:
    body = " ".join(["A harbour is mentioned here among many other words."] * 1)
    archive.add_records(
        [empty(body, id="body"), empty("Other words stand here.", id="title", title="Harbour")]
    )
    assert found(archive, "harbour") == ["title", "body"]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"publisher": "Fjord Post"}, ["b"]),
        ({"publisher": "Nobody"}, []),
        ({"since": "2025-03-01"}, ["tidewater-0313"]),
        ({"until": "2025-02-28"}, ["b"]),
        ({"type": "CONSULT"}, ["tidewater-0313"]),
        ({"type": "CONSULT", "actor": "ISL"}, ["tidewater-0313"]),
        ({"type": "RETREAT"}, []),
        ({"status": "future"}, ["tidewater-0313"]),
        ({"speaker": "Hallvardsdottir"}, ["tidewater-0313"]),
        ({"speaker": "Sequeira", "recipient": "USA"}, []),
        ({"country": "ISL"}, ["tidewater-0313"]),
    ],
)
def test_filters(filled: Archive, filters: dict[str, str], ids: list[str]) -> None:
    assert sorted(found(filled, "in OR over", **filters)) == ids


def test_an_unknown_filter_is_refused(filled: Archive) -> None:
    with pytest.raises(SettingError, match="cannot be filtered by colour"):
        filled.search("port", colour="red")
    with pytest.raises(InputError, match="is no date"):
        filled.search("port", since="soon")


def test_quotes_are_found_with_their_speaker(filled: Archive) -> None:
    results = filled.search("daylight", what="quotes")
    assert results.total == 1
    (hit,) = results.hits
    assert (hit.article_id, hit.row, hit.speaker) == (
        "tidewater-0313", "s3", "Sigrún Hallvarðsdóttir",
    )  # fmt: skip
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["daylight"]
    assert results.facets["stance"] == {"state": 1}


def test_a_snippet_tells_where_it_stands(filled: Archive) -> None:
    (hit,) = filled.search("stormed").hits
    text = example().article.text
    assert text[hit.start : hit.start + len(hit.snippet)] == hit.snippet
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["stormed"]


def test_facets_and_pages(filled: Archive) -> None:
    results = filled.search("in", limit=1)
    assert results.total == 3
    assert len(results.hits) == 1
    assert results.facets["publisher"] == {
        "Amber Daily": 1, "Fjord Post": 1, "The Tidewater Review": 1,
    }  # fmt: skip
    assert results.facets["month"] == {"2025-02": 1, "2025-03": 1}
    assert results.facets["type"]["COERCE"] == 3
    pages = [filled.search("in", limit=1, offset=n).hits[0].article_id for n in range(3)]
    assert sorted(pages) == ["b", "c", "tidewater-0313"]


def test_only_the_last_version_is_found_and_the_past_stays_findable(
    archive: Archive, clock: Clock
) -> None:
    archive.add([report("a", "Old words.")], reader=ScriptedReader())
    clock.move(days=2)
    archive.add([report("a", "New words.")], reader=ScriptedReader())
    assert found(archive, "old") == []
    assert found(archive, "new") == ["a"]
    assert found(archive, "old", as_of="2025-03-15") == ["a"]
    assert found(archive, "new", as_of="2025-03-15") == []


def test_a_forgotten_article_leaves_no_word_in_the_index(archive: Archive) -> None:
    archive.add([report("a", "Xylophone words.")], reader=ScriptedReader())
    archive.forget("a")
    assert archive.search("xylophone").total == 0
    if "://" not in archive.where:
        archive.close()
        with open(archive.where, "rb") as file:
            assert b"ylophone" not in file.read().lower()


# -- hostile queries ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ('"unbalanced AND (', "quotation mark is not closed"),
        ("(open", "not closed"),
        ("close)", "not opened"),
        ("AND", "AND stands without"),
        ("a AND", "AND stands without"),
        ("a AND AND b", "AND stands without"),
        ("OR a", "no word"),
        ("a OR", "no word"),
        ("NOT", "a word is missing"),
        ("NOT a", "no word"),
        ("", "no word"),
        ("()", "no word"),
        ("?!", "no word"),
        ('""', "no word"),
        ("a" * 1_000_000, "1,000 characters"),
        ("a " * 65, "more than 64"),
        ("(" * 400, "inside each other"),
    ],
)
def test_a_query_that_cannot_be_understood_says_what_to_change(query: str, hint: str) -> None:
    with pytest.raises(QueryError, match=hint) as error:
        parse(query)
    assert len(error.value.query) <= 80


@pytest.mark.parametrize("query", ["a*b", "col:x", "x^2", "-y", "a;DROP TABLE articles", "'''",
                                   "NEAR(a b)", "{a b}: c", "a\0b", "* a",
                                   "%_", "a' OR '1"])  # fmt: skip
def test_signs_are_no_operators(filled: Archive, query: str) -> None:
    try:
        filled.search(query)
    except QueryError:
        assert not fold(query).strip()
    assert len(filled.ids()) == 3


@pytest.mark.parametrize("more", [{"offset": 10**9}, {"limit": 10**6}, {"offset": -1}])
def test_pages_have_a_bound(filled: Archive, more: dict[str, int]) -> None:
    with pytest.raises(QueryError, match="it may be 0 to"):
        filled.search("port", **more)  # type: ignore[arg-type]


def test_a_search_ends_in_time(filled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    words = " ".join(f"w{n % 90}" for n in range(40_000))
    filled.add_records(empty(words, id=f"long{n}") for n in range(8))
    monkeypatch.setenv("ONRECORD_SEARCH_MS", "1")
    began = time.monotonic()
    with pytest.raises(QueryError, match="took longer than 1 ms"):
        filled.search(" OR ".join(f"w{n}" for n in range(60)))
    assert time.monotonic() - began < 5
    monkeypatch.delenv("ONRECORD_SEARCH_MS")
    assert filled.search("port").total == 2


@pytest.mark.parametrize("how", ["lost", "damaged"])
def test_a_lost_index_is_rebuilt(filled: Archive, how: str) -> None:
    with filled._writing() as connection:
        if how == "lost" or connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP TABLE article_search")
        else:
            connection.exec_driver_sql(
                "UPDATE article_search_data SET block = x'ffffffffffffffffffffffffffffffff'"
            )
    results = filled.search("trawlers")
    assert results.rebuilt
    assert results.total == 1
    again = filled.search("daylight", what="quotes")
    assert (again.rebuilt, again.total) == (False, 1)


# -- pure parts -----------------------------------------------------------------------


def test_the_tree_of_a_query() -> None:
    assert parse('a "B c" d*') == Both((Term(("a",)), Term(("b", "c")), Term(("d",), True)))
    assert parse("a b OR c") == Either((Both((Term(("a",)), Term(("b",)))), Term(("c",))))
    assert parse("a NOT b") == Both((Term(("a",)),), (Term(("b",)),))
    assert parse("12.5") == Term(("12", "5"))


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    with suppress(QueryError):
        assert isinstance(parse(text), Term | Both | Either)


@given(st.text(max_size=40))
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=400), st.data())
def test_a_window_lies_in_the_text_and_holds_a_hit(text: str, data: st.DataObject) -> None:
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, 12))
    drawn = sorted(data.draw(st.lists(spans, max_size=5)))
    found = [(start, min(start + length, len(text))) for start, length in drawn]
    start, end = snippets.window(text, found, 60)
    assert 0 <= start <= end <= len(text)
    assert not found or any(start <= a and b <= end for a, b in found)


def test_marks_that_do_not_fit_are_no_hits() -> None:
    marked = f"a {snippets.BEGIN}b{snippets.END} c"
    assert snippets.hits(marked, "a b c") == [(2, 3)]
    assert snippets.hits(marked, "a b c d") == []


# -- rows by filters ------------------------------------------------------------------


def test_events_by_filters(filled: Archive) -> None:
    table = filled.events(actor="PRT", type="COERCE")
    assert table.column("id").to_pylist() == ["v5"]
    assert table.column("trigger_words").to_pylist() == ["detained"]
    assert table.column("actors").to_pylist() == [["Portugal"]]
    assert table.column("day_basis").to_pylist() == ["published"]
    assert filled.events(actor="ISL", recipient="PRT").num_rows == 2
    assert filled.events(actor="hallvardsdottir").column("id").to_pylist() == ["v3"]
    assert filled.events(since="2025-03-17", until="2025-03-18").column("id").to_pylist() == ["v8"]
    assert filled.events(until="1986-06-01").column("id").to_pylist() == ["v11"]


def test_statements_by_filters(filled: Archive) -> None:
    table = filled.statements(speaker="Hallvarðsdóttir", stance="deny")
    assert table.column("id").to_pylist() == ["s1", "s2"]
    assert table.column("cue_words").to_pylist() == ["denies", "denied"]


def test_articles_by_filters(filled: Archive) -> None:
    assert filled.articles(publisher="Fjord Post").column("article_id").to_pylist() == ["b"]
    assert filled.articles(speaker="Sequeira").num_rows == 1
    assert filled.articles(type="AID").num_rows == 0


def test_a_table_without_rows_has_all_its_columns(archive: Archive) -> None:
    for kind in [table.name for table in t.ROWS if table.name != "dyads"]:
        assert "article_id" in archive.table(kind).column_names


def test_frames_go_on_to_pandas_and_polars(filled: Archive) -> None:
    events = filled.events()
    assert len(events.to_pandas()) == 11
    import polars

    assert polars.from_arrow(events).height == 11


def test_rows_as_they_were_known(archive: Archive, clock: Clock) -> None:
    archive.add([report("a")], reader=ScriptedReader())
    clock.move(days=2)
    archive.add([report("a", "New words.")], reader=ScriptedReader())
    assert archive.events().num_rows == 0
    assert archive.events(as_of="2025-03-15").num_rows == 11


def test_what_a_person_said(filled: Archive) -> None:
    said = filled.said("Hallvarðsdóttir", about="deal")
    assert [row["id"] for row in said] == ["s1", "s2", "s3"]
    assert len(filled.said("Hallvarðsdóttir")) == 6
