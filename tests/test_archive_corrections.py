"""People's corrections: made, taken back, kept through a new reading, exported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from onrecord.archive import Archive
from onrecord.archive.corrections import Correction, apply
from onrecord.checks import check
from onrecord.errors import ArticleError, InputError
from onrecord.record import Article, Event, Record
from tests.archive_cases import archive, clock, new_database, url
from tests.archive_fixtures import Clock, ScriptedReader, report
from tests.record_examples import example

__all__ = ["archive", "clock", "new_database", "url"]

ID = "tidewater-0313"


@pytest.fixture
def filled(archive: Archive) -> Archive:
    archive.add_records([example()])
    return archive


def event(record: Record, id_: str) -> Event:
    return next(one for one in record.events if one.id == id_)


def correct(archive: Archive, row: str, action: str, **more: Any) -> Record:
    archive.correct(ID, row, action, by="Ana", **more)
    record = archive.record(ID)
    assert check(record) == []
    return record


def test_an_edit_changes_a_field_and_what_follows_from_it(filled: Archive) -> None:
    found = event(correct(filled, "v5", "edit", field="type", value="PROTEST"), "v5")
    assert (found.type, found.mode) == ("PROTEST", None)
    assert found.score != event(example(), "v5").score
    assert filled.events(type="PROTEST").num_rows == 2


def test_an_event_that_is_rejected_is_gone(filled: Archive) -> None:
    record = correct(filled, "v7", "reject")
    assert len(record.events) == 10
    assert filled.events(type="ASSAULT").column("id").to_pylist() == ["v11"]


def test_what_pointed_to_a_rejected_row_points_to_none(filled: Archive) -> None:
    record = correct(filled, "s7", "reject")
    assert (event(record, "v7").statement, event(record, "v7").within) == (None, ())
    assert event(correct(filled, "p3", "reject"), "v7").place is None
    assert event(correct(filled, "f3", "reject"), "v7").figures == ()
    assert all(one.entity != "e1" for one in correct(filled, "e1", "reject").events[2].actors)


def test_an_event_is_split_and_two_are_merged(filled: Archive) -> None:
    split = correct(filled, "v1", "split", value=[2])
    assert len(event(split, "v1").mentions) == 2
    assert event(split, "v12").trigger.start == event(example(), "v1").mentions[2].start
    merged = correct(filled, "v1", "merge", value="v12")
    assert merged.events == example().events


def test_entities_are_merged_with_all_that_points_to_them(filled: Archive) -> None:
    record = correct(filled, "e1", "merge", value="e6")
    assert "e6" not in {one.id for one in record.entities}
    (speaker,) = [one.speaker for one in record.statements if one.id == "s7"]
    assert speaker is not None
    assert speaker.entity == "e1"


def test_an_acceptance_changes_nothing_and_is_kept(filled: Archive) -> None:
    assert correct(filled, "v3", "accept") == example()
    assert [row["action"] for row in filled.corrections()] == ["accept"]


def test_a_correction_is_taken_back(filled: Archive, clock: Clock) -> None:
    first = filled.correct(ID, "v5", "edit", field="status", value="denied", by="Ana")
    clock.move(days=2)
    second = filled.correct(ID, "v4", "reject", by="Ben", note="an exercise")
    filled.undo(first, by="Ben")
    record = filled.record(ID)
    assert event(record, "v5").status == "actual"
    assert "v4" not in {one.id for one in record.events}
    filled.undo(second, by="Ana")
    assert filled.record(ID) == example()
    assert event(filled.record(ID, as_of="2025-03-15"), "v5").status == "denied"
    with pytest.raises(InputError, match="taken back already"):
        filled.undo(first, by="Ben")
    with pytest.raises(InputError, match="no correction 99"):
        filled.undo(99, by="Ben")


def test_the_log_only_grows_and_is_rows_to_learn_from(filled: Archive) -> None:
    number = filled.correct(ID, "v5", "edit", field="status", value="denied", by="Ana")
    filled.undo(number, by="Ben", note="no")
    edit, undone = filled.corrections()
    assert (edit["words"], edit["old"], edit["value"], edit["by"]) == (
        "detained", '"actual"', '"denied"', "Ana",
    )  # fmt: skip
    assert edit["taken_back"]
    assert (undone["action"], undone["undoes"], undone["by"], undone["note"]) == (
        "undo", number, "Ben", "no",
    )  # fmt: skip
    assert edit["text"] == example().article.text


class Renumbering(ScriptedReader):
    """A newer reader, which finds one event less and numbers the rest anew."""

    def read(self, article: Article) -> Record:
        found = super().read(article)
        rest = [one for one in found.events if one.id != "v2"]
        named = tuple(replace(one, id=f"v{n}") for n, one in enumerate(rest, start=1))
        return replace(found, events=named)


def test_a_new_reading_keeps_corrections(archive: Archive, clock: Clock) -> None:
    archive.add([report("a"), report("b")], reader=ScriptedReader())
    archive.correct("a", "v5", "edit", field="status", value="denied", by="Ana")
    number = archive.correct("a", "v2", "edit", field="status", value="future", by="Ana")
    clock.move(days=2)
    assert archive.reread(reader=Renumbering("newer")) == 2
    record = archive.record("a")
    assert record.reader.model == "newer"
    assert record.words(event(record, "v4").trigger) == "detained"
    assert event(record, "v4").status == "denied"
    assert [one.code for one in record.warnings][-1] == "correction-unplaced"
    archive.undo(number, by="Ana")
    assert "correction-unplaced" not in [one.code for one in archive.record("a").warnings]
    before = archive.record("a", as_of="2025-03-15")
    assert (before.reader.model, event(before, "v2").status) == ("example", "future")
    assert archive.record("b").reader.model == "newer"
    assert archive.events(article="b").num_rows == 10


def test_an_edit_that_points_to_a_row_follows_it(archive: Archive) -> None:
    class Moved(ScriptedReader):
        def read(self, article: Article) -> Record:
            found = super().read(article)
            if self.model == "newer":
                times = [replace(one, id=f"t{n + 10}") for n, one in enumerate(found.times)]
                events = [replace(one, time=None) for one in found.events]
                return replace(found, times=times, events=events, statements=[
                    replace(one, time=None) for one in found.statements
                ])  # fmt: skip
            return found

    archive.add([report("a")], reader=Moved())
    archive.correct("a", "v4", "edit", field="time", value="t5", by="Ana")
    assert event(archive.record("a"), "v4").time == "t5"
    archive.reread(reader=Moved("newer"), ids=["a"])
    assert event(archive.record("a"), "v4").time == "t14"


@pytest.mark.parametrize(
    ("row", "action", "more", "words"),
    [
        ("v5", "paint", {}, "no correction"),
        ("v99", "reject", {}, "no row 'v99'"),
        ("x", "reject", {}, "no row"),
        ("v5", "edit", {"field": "colour", "value": "red"}, "no field"),
        ("v5", "edit", {"field": "id", "value": "v9"}, "no field"),
        ("v5", "edit", {"field": "status", "value": "maybe"}, "it may be"),
        ("v5", "edit", {"field": "type", "value": None}, "no PLOVER event type"),
        ("v5", "edit", {"field": "time", "value": "t99"}, "not among"),
        ("v5", "edit", {"field": "trigger", "value": {"start": 0, "end": 10**9}}, "would break"),
        ("v5", "split", {"value": [1]}, "has mentions 0 to 0"),
        ("v1", "split", {"value": [0]}, "not the first"),
        ("s1", "split", {"value": [1]}, "only an event"),
        ("s1", "merge", {"value": "s2"}, "can be merged"),
        ("v1", "merge", {"value": "v1"}, "no other row"),
    ],
)
def test_what_would_break_the_record_is_refused(
    filled: Archive, row: str, action: str, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        filled.correct(ID, row, action, by="Ana", **more)
    assert filled.record(ID) == example()
    assert filled.corrections() == []


def test_a_correction_has_a_name_and_an_article(filled: Archive) -> None:
    with pytest.raises(InputError, match="needs a name"):
        filled.correct(ID, "v5", "reject", by=" ")
    with pytest.raises(ArticleError, match="no article"):
        filled.correct("x", "v5", "reject", by="Ana")


def test_forgetting_an_article_forgets_its_corrections(filled: Archive) -> None:
    filled.correct(ID, "v5", "reject", by="Ana")
    filled.forget(ID)
    assert filled.corrections() == []


def test_a_correction_of_words_that_are_gone_is_told() -> None:
    lost = Correction("reject", "events", 0, 1, "v1")
    (warning,) = apply(replace(example(), warnings=()), [lost]).warnings
    assert warning.code == "correction-unplaced"


# -- copies ---------------------------------------------------------------------------


def test_a_copy_holds_everything(filled: Archive, tmp_path: Any, clock: Clock) -> None:
    filled.correct(ID, "v5", "edit", field="status", value="denied", by="Ana")
    with Archive.open(tmp_path / "copy.db", clock=clock) as copy:
        filled.copy_to(copy)
        assert copy.record(ID) == filled.record(ID)
        assert copy.corrections() == filled.corrections()
        assert copy.search("trawlers").total == 1
        assert copy.events().equals(filled.events())
        copy.add([report("new")], reader=ScriptedReader())
        with pytest.raises(Exception, match="is not empty"):
            filled.copy_to(copy)


def test_a_copy_goes_to_another_database_and_grows_there(url: str, tmp_path: Any) -> None:
    with Archive.open(tmp_path / "one.db") as one, Archive.open(url) as other:
        one.add([report("a"), report("b")], reader=ScriptedReader())
        one.copy_to(other)
        other.add([report("c"), report("b", "New words.")], reader=ScriptedReader())
        assert other.ids() == ["a", "b", "c"]
        assert other.record("b").article.version == 2
