"""Articles go in exactly once and their records come out equal, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from onrecord.archive import Archive, Progress, Summary, adding, engine
from onrecord.archive import schema as t
from onrecord.archive.flat import CLASSES, WHOLE
from onrecord.checks import check
from onrecord.errors import ArticleError, InputError
from onrecord.forms import slots
from onrecord.intake import Unreadable, article_from_text
from onrecord.record import Article, Record, Warning
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_fixtures import Clock, ScriptedReader, report
from tests.record_examples import empty, example
from tests.record_strategies import records

__all__ = ["archive", "clock", "new_database", "url"]


def test_a_record_comes_back_equal(archive: Archive) -> None:
    given = example()
    archive.add_records([given])
    assert archive.record("tidewater-0313") == given
    assert check(archive.record("tidewater-0313")) == []


@pytest.mark.parametrize("text", ["", "a\0b", "\ufdd00\ufdd1", "naïve 😀 “quote”", "x" * 300_000])
def test_any_text_comes_back(archive: Archive, text: str) -> None:
    archive.add_records([empty(text, id="odd \0 id", title=text[:50])])
    assert archive.record("odd \0 id").article.text == text


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(record=records())
def test_any_sound_ids_come_back(archive: Archive, record: Record) -> None:
    def numbered(rows: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(replace(row, id=f"x{n}") for n, row in enumerate(rows))

    named = replace(
        record,
        entities=numbered(record.entities),
        statements=numbered(record.statements),
        events=numbered(record.events),
    )
    for id_ in archive.ids():
        archive.forget(id_)
        archive.remember(id_)
    named = replace(named, article=replace(named.article, version=1, id=named.article.id or "a"))
    archive.add_records([named])
    assert archive.record(named.article.id or "") == named


def test_every_field_of_a_record_has_its_column() -> None:
    tables = {table.name: set(table.columns.keys()) for table in t.ROWS}
    for name, cls in CLASSES.items():
        for slot in slots(cls):
            parts = ("start", "end") if hasattr(slot.type, "__dataclass_fields__") else ()
            wanted = {f"{slot.name}_{part}" for part in parts} or {slot.name}
            assert wanted <= tables[name] or slot.many, (name, slot.name)
    lists = {slot.name for slot in slots(Record) if slot.many}
    assert lists <= set(CLASSES) | set(WHOLE)
    known = set(t.versions.columns.keys()) | {"id"}
    assert {field.name for field in fields(Article)} <= known


# -- exactly once ---------------------------------------------------------------------


def test_new_articles_are_read_and_known_ones_are_not(archive: Archive) -> None:
    reader = ScriptedReader()
    first = archive.add([report("a"), report("b"), report("c"), report("d")], reader=reader)
    assert first == Summary(read=4)
    again = archive.add([report("d"), report("a"), report("e")], reader=reader)
    assert again == Summary(read=1, unchanged=2)
    assert [article.id for article in reader.seen] == ["a", "b", "c", "d", "e"]
    assert archive.ids() == ["a", "b", "c", "d", "e"]


def test_a_changed_text_is_a_new_version(archive: Archive, clock: Clock) -> None:
    archive.add([report("a")], reader=ScriptedReader())
    clock.move(days=1)
    done = archive.add([report("a", "Another text.")], reader=ScriptedReader())
    assert done == Summary(new_version=1)
    now = archive.record("a")
    assert (now.article.version, now.article.text, now.events) == (2, "Another text.", ())
    before = archive.record("a", as_of="2025-03-14")
    assert before.article.version == 1
    assert before.events == example().events


def test_two_copies_of_an_article_do_not_oust_each_other(archive: Archive) -> None:
    both = [report("a", "One text."), report("a", "Other text.")]
    assert archive.add(both, reader=ScriptedReader()) == Summary(read=1, new_version=1)
    assert archive.add(both, reader=ScriptedReader()) == Summary(unchanged=2)


def test_an_article_that_went_back_to_its_earlier_text_has_a_third_version(
    archive: Archive,
) -> None:
    days = ("2025-03-01", "2025-03-02", "2025-03-03")
    texts = ("One text.", "Other text.", "One text.")
    fetched = [report("a", text, fetched=day) for text, day in zip(texts, days, strict=True)]
    archive.add(fetched, reader=ScriptedReader())
    assert archive.record("a").article.version == 3


def test_a_date_that_was_unknown_is_taken_over_once(archive: Archive) -> None:
    undated = report("a", published=None, published_basis="none")
    archive.add([undated], reader=ScriptedReader())
    filled = archive.add([report("a")], reader=ScriptedReader())
    assert filled == Summary(new_version=1)
    assert archive.record("a").article.published == "2025-03-13"
    assert archive.add([undated, report("a")], reader=ScriptedReader()) == Summary(unchanged=2)


def test_a_given_id_wins_then_the_address_then_the_text(archive: Archive) -> None:
    page = "https://tidewater.example/a"
    articles = [
        article_from_text("Same words in all of these.", id="given", url=page),
        article_from_text("Same words in all of these.", id="other", url=page),
        article_from_text("Same words in all of these.", url=page),
        article_from_text("Same words in all of these.", url=page + "?utm_source=feed"),
        article_from_text("Same words in all of these."),
        article_from_text("Same words in all of these."),
    ]
    assert archive.add(articles, reader=ScriptedReader()) == Summary(read=4, unchanged=2)
    assert archive.ids()[:2] == ["given", "other"]


def test_an_article_made_by_hand_without_an_id_gets_one(archive: Archive) -> None:
    archive.add([Article("By hand."), Article("By hand.")], reader=ScriptedReader())
    assert len(archive.ids()) == 1


def test_what_could_not_be_had_is_counted_with_its_reason(archive: Archive) -> None:
    heard: list[tuple[str | None, str]] = []
    done = archive.add(
        [report("a"), Unreadable("b", "line 2 is not JSON", "bad-json")],
        reader=ScriptedReader(), source="news.jsonl",
        on_failure=lambda id_, why: heard.append((id_, why)),
    )  # fmt: skip
    assert done == Summary(read=1, failed={"bad-json": 1})
    assert heard == [("b", "line 2 is not JSON")]


def test_what_the_reader_did_not_read_is_kept_and_counted_as_skipped(archive: Archive) -> None:
    class Stranger(ScriptedReader):
        def read(self, article: Article) -> Record:
            return replace(super().read(article), warnings=(Warning("not-english", "…"),))

    assert archive.add([report("a")], reader=Stranger()) == Summary(skipped={"not-english": 1})
    assert archive.add([report("a")], reader=Stranger()) == Summary(unchanged=1)


def test_progress_tells_count_rate_and_time_left(archive: Archive) -> None:
    heard: list[Progress] = []
    archive.add(
        [report("a"), report("b"), report("a")], reader=ScriptedReader(), on_progress=heard.append
    )
    assert sorted(one.done for one in heard) == [1, 2, 3]
    assert heard[-1].total == 3
    assert heard[-1].left == 0
    assert Progress(10, 30, 5.0).rate == 2
    assert Progress(10, 30, 5.0).left == 10
    assert Progress(10, None, 5.0).left is None


def test_a_reader_that_breaks_leaves_whole_articles(archive: Archive) -> None:
    class Breaking(ScriptedReader):
        def read(self, article: Article) -> Record:
            if article.id == "c":
                raise RuntimeError("broken")
            return super().read(article)

    articles = [report(id_) for id_ in "abcd"]
    with pytest.raises(RuntimeError):
        archive.add(articles, reader=Breaking(batch=1))
    assert archive.ids() == ["a", "b"]
    assert archive.add(articles, reader=ScriptedReader()) == Summary(read=2, unchanged=2)


# -- the past, forgetting -------------------------------------------------------------


def test_a_new_article_takes_no_look_at_all_the_others(tmp_path: Path) -> None:
    """As long as SQLite has not counted its tables, it would take any index it is offered."""
    plans: list[str] = []
    with Archive.open(tmp_path / "news.db") as opened:

        @sa.event.listens_for(opened._engine, "before_cursor_execute")
        def explain(_: object, cursor: Any, sql: str, given: Any, *rest: object) -> None:
            if sql.startswith(("SELECT", "UPDATE")):
                plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)
                plans.extend(row[3] for row in plan)

        opened.add([report(), report(text="Another text.")], reader=ScriptedReader(batch=1))
    assert any("ix_readings_version" in plan for plan in plans)
    assert not any("readings_day" in plan for plan in plans)


def test_tables_are_counted_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "_REFRESHED", 2)

    def articles() -> Iterator[Article]:
        yield from (report(f"a-{n}") for n in range(3))
        raise RuntimeError("killed")

    with Archive.open(tmp_path / "news.db") as opened:
        with pytest.raises(RuntimeError):
            opened.add(articles(), reader=ScriptedReader(batch=1))
        with opened._reading() as connection:
            assert not engine.has_doubled(connection)


def test_an_article_was_not_known_before_it_came(archive: Archive) -> None:
    archive.add([report("a")], reader=ScriptedReader())
    with pytest.raises(ArticleError, match="on 2025-03-13"):
        archive.record("a", as_of="2025-03-13")
    assert archive.ids(as_of="2025-03-13") == []
    assert archive.record("a", as_of="2025-03-14T08:01Z").article.id == "a"


@pytest.mark.parametrize("when", ["yesterday", "2025-02-30", "9999-12-31T23:59-14:00", ""])
def test_what_is_no_date_is_refused(archive: Archive, when: str) -> None:
    with pytest.raises(InputError, match="is no date"):
        archive.record("a", as_of=when)


def test_a_forgotten_article_is_gone_and_stays_away(archive: Archive) -> None:
    archive.add([report("a"), report("b")], reader=ScriptedReader())
    archive.forget("a")
    assert archive.ids() == ["b"]
    with pytest.raises(ArticleError, match="no article 'a'"):
        archive.record("a")
    assert archive.add([report("a")], reader=ScriptedReader()) == Summary(skipped={"forgotten": 1})
    archive.remember("a")
    assert archive.add([report("a")], reader=ScriptedReader()) == Summary(read=1)


def test_what_is_unknown_can_neither_be_forgotten_nor_remembered(archive: Archive) -> None:
    with pytest.raises(ArticleError, match="no article"):
        archive.forget("x")
    with pytest.raises(ArticleError, match="was not forgotten"):
        archive.remember("x")
