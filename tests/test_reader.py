"""The reader on whole articles: offsets, independence from the batch, bad input."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from onrecord import Article, Reader, Record
from onrecord.errors import InputError, ModelError
from onrecord.intake import article_from_text

SAMPLE = Path(__file__).parent.parent / "samples" / "harbour.txt"

PARAGRAPHS = (
    "The president of Malawi met his Zambian counterpart in Lusaka on Monday.",
    "“We never agreed to this,” the union's leader, Grace Banda, told reporters. She denied it.",
    "Police arrested at least 12 protesters in Quito last week, officials said.",
    "According to the ministry, the army will withdraw from the border town by May.",
    "He said the strikes killed “dozens of people”, but the rebels rejected the claim.",
    "Rain fell over the valley for a third day.",
    "France condemned the coup and threatened sanctions against the junta in Niamey.",
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def sample(reader: Reader) -> Record:
    return reader.read(SAMPLE.read_text("utf-8"), published="2025-09-18")


def words(record: Record, row: object) -> str:
    return record.words(row)  # type: ignore[arg-type]


# --- one report ----------------------------------------------------------------


def test_every_offset_and_id_of_the_sample_holds(sample: Record) -> None:
    assert onrecord.check(sample) == []


def test_leftovers_of_the_page_are_listed_and_in_no_row(sample: Record) -> None:
    assert len(sample.skipped) == 3
    rows = [*sample.sentences, *sample.times, *sample.places, *sample.figures]
    rows += [m for e in sample.entities for m in e.mentions]
    rows += [m for e in sample.events for m in e.mentions]
    for skip in sample.skipped:
        assert not any(r.start < skip.end and skip.start < r.end for r in rows)


def test_the_sample_says_who_said_what(sample: Record) -> None:
    said = {
        (words(sample, s.cue), s.stance): words(sample, s.speaker)
        for s in sample.statements
        if s.cue and s.speaker
    }
    assert "Solvang" in said["accused", "accuse"] or "Minister" in said["accused", "accuse"]
    assert any(stance == "deny" for _, stance in said)


def test_the_sample_says_what_happened(sample: Record) -> None:
    types = {e.type for e in sample.events}
    assert {"COERCE", "PROTEST"} <= types
    detained = [e for e in sample.events if e.type == "COERCE"]
    assert any(p.country == "NOR" for e in detained for p in e.actors)


def test_relative_times_are_anchored_to_the_publication_date(sample: Record) -> None:
    tuesday = next(t for t in sample.times if words(sample, t) == "Tuesday")
    assert tuesday.begin == tuesday.finish == "2025-09-16"


def test_without_a_date_nothing_relative_is_anchored_and_a_warning_says_why(
    reader: Reader,
) -> None:
    record = reader.read("Troops crossed the river on Tuesday, the army said last week.")
    assert record.times
    assert all(t.begin is None and t.finish is None for t in record.times)
    assert [w.code for w in record.warnings] == ["unanchored-times"]


def test_a_full_date_in_the_dateline_dates_the_article(reader: Reader) -> None:
    text = "ACCRA, March 3, 2024 (Volta Wire) - Police arrested two men on Friday.\n"
    article = reader.read(text).article
    assert (article.published, article.published_basis) == ("2024-03-03", "dateline")


# --- the same record, whatever it is read with --------------------------------------


ARTICLES = st.lists(
    st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=12).map("\n\n".join),
    min_size=1,
    max_size=6,
)


@given(texts=ARTICLES, seed=st.integers(0, 99))
@settings(max_examples=8, deadline=None)
def test_a_record_depends_on_its_article_alone(texts: list[str], seed: int) -> None:
    reader = onrecord_reader(threads="2")
    articles = [
        article_from_text(t, id=str(i), published="2024-05-06") for i, t in enumerate(texts)
    ]
    alone = [onrecord_reader(threads="1").read(a).to_json() for a in articles]
    order = list(range(len(articles)))
    random.Random(seed).shuffle(order)
    together = list(reader.read_many([articles[i] for i in order]))
    assert [r.to_json() for r in together] == [alone[i] for i in order]


_READERS: dict[str, Reader] = {}


def onrecord_reader(*, threads: str) -> Reader:
    """One reader for each number of threads, made once."""
    if threads not in _READERS:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("ONRECORD_THREADS", threads)
            _READERS[threads] = Reader()
    return _READERS[threads]


def test_progress_counts_articles_and_order_is_kept(reader: Reader) -> None:
    heard: list[int] = []
    articles = [article_from_text(p, id=str(i)) for i, p in enumerate(PARAGRAPHS)]
    records = list(reader.read_many(articles, on_progress=heard.append))
    assert [r.article.id for r in records] == [str(i) for i in range(len(PARAGRAPHS))]
    assert heard[-1] == len(PARAGRAPHS)


# --- bad input --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-text"),
        (" \n\t ", "empty-text"),
        (
            "Le président a rencontré son homologue à Genève et les deux hommes ont parlé de paix. "
            "La réunion a duré deux heures, selon le ministère des affaires étrangères.",
            "not-english",
        ),
    ],
)
def test_what_cannot_be_read_is_an_empty_record_that_says_why(
    reader: Reader, text: str, code: str
) -> None:
    record = reader.read(text)
    assert code in {w.code for w in record.warnings}
    assert not record.statements
    assert not record.events
    assert onrecord.check(record) == []


@pytest.mark.parametrize(
    "text",
    [
        "Quiet.",
        "\x00\x01 said \ufffd",
        "“““““ said ”””",
        "lone \ud800 surrogate said",
        "THE ARMY ATTACKED. " * 40,
        "1 2 3 4\t5\n6\t7 8\n" * 30,
        "said " * 3000,
    ],
)
def test_odd_text_gives_a_valid_record(reader: Reader, text: str) -> None:
    assert onrecord.check(reader.read(text)) == []


def test_five_megabytes_are_read_in_part_with_a_warning(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_MAX_TEXT_CHARS", "20000")
    text = (" ".join(PARAGRAPHS) + "\n\n") * 8000
    assert len(text) > 4_000_000
    record = reader.read(text)
    assert "text-cut" in {w.code for w in record.warnings}
    assert record.article.text == text
    assert all(s.end <= 20000 for s in record.sentences)


def test_a_missing_model_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall onrecord"):
        Reader(model=tmp_path)


def test_an_empty_record_holds_the_article_and_the_reason(reader: Reader) -> None:
    record = reader.empty(Article("", id="a7"), "bad-json", "line 3 is no JSON")
    assert record.article.id == "a7"
    assert record.warnings[0].code == "bad-json"


# --- the narrower questions ---------------------------------------------------------


def test_relate_answers_with_probabilities(reader: Reader) -> None:
    text = "France condemned the junta in Niamey."
    odds = reader.relate(text, [(0, 6)], [(17, 26)])
    assert len(odds) == 16
    assert sum(odds.values()) == pytest.approx(1)
    assert max(odds, key=lambda k: odds[k]) == "ACCUSE"


def test_relate_takes_unmarked_sides_and_no_text(reader: Reader) -> None:
    for text, source in (("Troops fired.", []), ("", [])):
        assert sum(reader.relate(text, source, []).values()) == pytest.approx(1)


def test_relate_refuses_spans_outside_the_text(reader: Reader) -> None:
    with pytest.raises(InputError, match="outside the text"):
        reader.relate("short", [(0, 99)], [])


def test_a_pronoun_is_resolved_among_given_mentions(reader: Reader) -> None:
    text = "Grace Banda denied the report. She said it was wrong."
    found = reader.resolve_mentions(text, [(0, 11), (31, 34)])
    assert found == [None, 0]


def test_entities_of_the_raw_head_stand_where_they_say(reader: Reader) -> None:
    text = "Grace Banda flew to Lusaka."
    spans = {(text[a:b], label) for a, b, label in reader.tag_entities(text)}
    assert ("Grace Banda", "Person") in spans
