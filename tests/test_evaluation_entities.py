"""Entity spans of the tagger and of a record, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.errors import SourceError
from onrecord.evaluation import entities
from onrecord.evaluation.entities import TaggedText, record_spans, score_record, score_tags
from onrecord.evaluation.regions import OTHER, REGIONS, region_of
from onrecord.record import Entity, Figure, Mention
from tests.evaluation_rows import at, record, time

TEXT = "Ilse Brandt of Norport paid Danish crews 90 euros on Friday. She left."
TOKENS = [(0, 4), (5, 11), (12, 14), (15, 22), (28, 34), (41, 43), (44, 49), (53, 59)]
TAGS = ["B-Person", "I-Person", "O", "B-Location", "B-NORP", "B-Money", "I-Money", "B-Date"]
ROW = entities.tagged_text({"text": TEXT, "tags": TAGS, "offsets": [list(t) for t in TOKENS]})
ALL = ROW.spans


def test_tags_and_offsets_become_spans() -> None:
    assert [(TEXT[a:b], label) for a, b, label in ROW.spans] == [
        ("Ilse Brandt", "Person"),
        ("Norport", "Location"),
        ("Danish", "NORP"),
        ("90 euros", "Money"),
        ("Friday", "Date"),
    ]
    assert ROW.lost == 0


def test_tokens_without_offsets_are_passed_over() -> None:
    offsets = [[0, 4], None, [12, 14], None]
    row = entities.tagged_text({"text": TEXT, "tags": TAGS[:4], "offsets": offsets})
    assert row.spans == ((0, 4, "Person"),)
    assert row.lost == 1


def test_a_faultless_tagger() -> None:
    counts = score_tags(ROW, ALL)
    assert counts["exact F1"] == (5, 5, 5)
    assert counts["exact F1 without Date, Money"] == (3, 3, 3)


def test_an_empty_tagger_and_an_empty_text() -> None:
    assert score_tags(ROW, [])["exact F1"] == (0, 0, 5)
    assert score_tags(TaggedText(ROW.article, ()), ALL)["exact F1"] == (0, 5, 0)


def test_one_character_off_or_another_label_is_wrong() -> None:
    counts = score_tags(ROW, [(0, 10, "Person"), (15, 22, "Organization"), (28, 34, "NORP")])
    assert counts["exact F1"] == (1, 3, 5)


def test_a_span_given_twice_counts_once() -> None:
    assert score_tags(ROW, [ALL[0], ALL[0]])["exact F1"] == (1, 1, 5)


def _entity(kind: str, words: str, mention: str) -> Entity:
    return Entity("e", kind, words, None, None, None, [Mention(*at(TEXT, words), mention, 0.9)])


def test_a_record_gives_names_demonyms_times_and_money() -> None:
    start, end = at(TEXT, "90 euros")
    found = record(
        TEXT,
        entities=[
            _entity("person", "Ilse Brandt", "name"),
            _entity("person", "She", "pronoun"),
            _entity("place", "Norport", "name"),
            _entity("country", "Danish", "demonym"),
            _entity("group", "crews", "nominal"),
        ],
        times=[time("t1", at(TEXT, "Friday"))],
        figures=[
            Figure("f1", start, end, 90, 90, "EUR", "amount", False),
            Figure("f2", 0, 4, 1, 1, "percent", "share", False),
        ],
    )
    assert record_spans(found) == set(ALL)
    assert score_record(ROW, found)["in the record, exact F1"] == (3, 3, 3)


def test_a_records_shorter_name_is_an_overlap() -> None:
    found = record(TEXT, entities=[_entity("person", "Brandt", "name")])
    counts = score_record(ROW, found)
    assert counts["in the record, exact F1"] == (0, 1, 3)
    assert counts["in the record, overlap F1"] == (1, 1, 3)


def test_an_overlap_of_another_kind_is_none() -> None:
    found = record(TEXT, entities=[_entity("organization", "Brandt", "name")])
    assert score_record(ROW, found)["in the record, overlap F1"] == (0, 1, 3)


UNER = """\
# newdoc id = one
# sent_id = one-1
1\tNorport\tB-LOC\t-\t-
2\tsleeps\tO\t-\t-

# sent_id = one-2
1\tThe\tO\t-\t-
2\tTide\tB-ORG\t-\t-
3\tBank\tI-ORG\t-\t-

# newdoc id = two
1\tIlse\tB-PER\t-\t-
"""


def test_uner_sentences_become_lines_of_their_document(tmp_path: Path) -> None:
    path = tmp_path / "u.iob2"
    path.write_text(UNER, encoding="utf-8")
    one, two = entities.uner_documents(path)
    assert one.article.text == "Norport sleeps\nThe Tide Bank"
    assert [(one.article.text[a:b], label) for a, b, label in one.spans] == [
        ("Norport", "LOC"),
        ("Tide Bank", "ORG"),
    ]
    assert two.spans == ((0, 4, "PER"),)


def test_uner_without_documents_has_one_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "u.iob2"
    path.write_text("1\tIlse\tB-PER\n\n1\tNorport\tB-LOC\n", encoding="utf-8")
    assert [row.article.text for row in entities.uner_documents(path)] == ["Ilse", "Norport"]


@pytest.mark.parametrize("content", ["", "# newdoc id = one\n", "Ilse B-PER\n"])
def test_what_is_no_uner_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "u.iob2"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="IOB2"):
        entities.uner_documents(path)


def test_facilities_are_locations_and_demonyms_nothing_to_uner(tmp_path: Path) -> None:
    path = tmp_path / "u.iob2"
    path.write_text("1\tNorport\tB-LOC\n2\tPier\tI-LOC\n", encoding="utf-8")
    (row,) = entities.uner_documents(path)
    counts = entities.score_uner(row, [(0, 12, "Facility"), (0, 7, "NORP"), (0, 7, "Date")])
    assert counts["exact F1"] == (1, 1, 1)


def test_regions_by_outlet() -> None:
    assert region_of("kenya_nation_3") == "Africa"
    assert region_of("xx_1") == region_of(None) == OTHER
    prefixes = [prefix for region in REGIONS.values() for prefix in region]
    assert len(prefixes) == len(set(prefixes))
