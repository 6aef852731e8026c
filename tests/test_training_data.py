"""What the adapters make of the corpora: spans in words, roles, references, relations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onrecord.reading import labels as L
from onrecord.reading.encoder import MODEL_FOLDER
from onrecord.reading.words import load_tokenizer
from training import data, rows

TOKENIZER = load_tokenizer(MODEL_FOLDER / "tokenizer.json")
TEXT = "Selma Brandt said on Monday that the “ferry is safe.” She denied the rest."


def span(words: str, text: str = TEXT) -> list[int]:
    """Offsets of words in a text."""
    start = text.index(words)
    return [start, start + len(words)]


def statement(**changes: Any) -> dict[str, Any]:
    """One gold statement of ``TEXT``."""
    return {
        "speaker": {"t": "Selma Brandt", "name": "Selma Brandt", "span": span("Selma Brandt")},
        "cue": "said",
        "cue_span": span("said"),
        "stance": "state",
        "form": "mixed",
        "content_span": span("ferry is safe"),
    } | changes


def gold(**changes: Any) -> dict[str, Any]:
    """A gold row of ``TEXT``."""
    return {"id": "a", "text": TEXT, "statements": [statement()], "events": []} | changes


def said(example: data.Example, r: data.Range) -> str:
    """The words of a range, as they stand."""
    words = example.words
    return words.text[words.start[r[0]] : words.end[r[1] - 1]]


def tagged(example: data.Example, head: str) -> list[tuple[str, str]]:
    """(label, words) of a tag head's spans."""
    out: list[tuple[str, list[int]]] = []
    for i, t in enumerate(example.tags[head]):
        if t % 2:
            out.append((L.TAG_HEADS[head][(t - 1) // 2], [i, i + 1]))
        elif t:
            out[-1][1][1] = i + 1
    return [(label, said(example, (a, b))) for label, (a, b) in out]


def test_a_gold_content_takes_its_quotation_marks_and_its_that() -> None:
    example = data.gold_only({"a": gold()}, TOKENIZER)[0]
    assert tagged(example, "stated") == [
        ("source", "Selma Brandt"),
        ("cue", "said"),
        ("content", "“ferry is safe.”"),
    ]
    assert L.STANCE_CLASSES[example.attributions[0].stance] == "state"


def test_a_gold_content_leaves_out_the_cue_and_the_speaker_inside_it() -> None:
    text = "“We sail,” Selma Brandt said, “at noon.”"
    row = gold(
        text=text,
        statements=[
            statement(
                speaker={"t": "Selma Brandt", "name": None, "span": span("Selma Brandt", text)},
                cue_span=span("said", text),
                content_span=[0, len(text)],
            )
        ],
    )
    example = data.gold_only({"a": row}, TOKENIZER)[0]
    contents = [said(example, r) for r in example.attributions[0].contents]
    assert contents == ["“We sail,”", "“at noon.”"]


def test_a_statement_without_speaker_or_cue_is_kept() -> None:
    row = gold(statements=[statement(speaker=None, cue=None, cue_span=None)])
    a = data.gold_only({"a": row}, TOKENIZER)[0].attributions[0]
    assert (a.cue, a.sources) == (None, [])
    assert a.contents


def test_events_carry_type_mode_status_roles_and_merging() -> None:
    text = "Norland troops shelled Port Ilse on Friday. The attack killed nine people."
    part = lambda words: {"t": words, "name": None, "span": span(words, text)}  # noqa: E731
    events = [
        {
            "e": 1,
            "trigger": span("shelled", text),
            "type": "ASSAULT",
            "mode": "heavy-weapons",
            "status": "actual",
            "by": None,
            "actor": [part("Norland troops")],
            "recipient": [],
            "place": part("Port Ilse"),
            "date": part("on Friday"),
            "size": [part("nine people")],
        },
        {"e": 1, "trigger": span("attack", text)},
    ]
    example = data.gold_only({"a": gold(text=text, events=events, statements=[])}, TOKENIZER)[0]
    first, second = example.triggers
    assert tagged(example, "trigger") == [("ASSAULT", "shelled"), ("ASSAULT", "attack")]
    assert first.event == second.event
    assert first.mode == second.mode
    assert first.roles is not None
    assert second.roles is None
    roles = {said(example, example.candidates[i][1]): r for i, r in first.roles.items()}
    assert roles == {
        "Norland troops": {"actor"},
        "Port Ilse": {"place"},
        "on Friday": {"date"},
        "nine people": {"figure"},
    }


def test_a_mention_of_an_event_that_has_no_first_is_left_out() -> None:
    row = gold(events=[{"e": 7, "trigger": span("denied")}])
    assert data.gold_only({"a": row}, TOKENIZER)[0].triggers == []


def test_mentions_with_one_name_are_one_cluster_and_pronouns_are_taught() -> None:
    she = statement(
        speaker={"t": "She", "name": "Selma Brandt", "span": span("She")},
        cue_span=span("denied"),
        content_span=span("the rest"),
    )
    example = data.gold_only({"a": gold(statements=[statement(), she])}, TOKENIZER)[0]
    clusters = {said(example, r): n for r, n in example.mentions}
    assert clusters["Selma Brandt"] == clusters["She"]
    assert [said(example, example.mentions[i][0]) for i in example.anaphors] == ["She"]


def test_worldwide_rows_give_entities_and_take_gold_only_for_the_same_text(
    tmp_path: Path,
) -> None:
    row = {
        "id": "a",
        "text": TEXT,
        "tags": ["B-Person", "I-Person", "O", "O", "B-Date"],
        "offsets": [span("Selma"), span("Brandt"), span("said"), None, span("Monday")],
    }
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    annotated = {"a": gold()}
    example = data.worldwide(path, TOKENIZER, annotated)[0]
    assert tagged(example, "entity") == [("Person", "Selma Brandt"), ("Date", "Monday")]
    assert example.attributions
    assert annotated == {}
    other = {"a": gold(text=TEXT + " More.")}
    assert data.worldwide(path, TOKENIZER, other)[0].attributions == []
    assert other


def test_polnear_rows_teach_the_head_of_their_own(tmp_path: Path) -> None:
    parts = {
        "cue": [span("said")],
        "source": [span("Selma Brandt")],
        "content": [span("that the “ferry is safe.”")],
    }
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"id": "p", "text": TEXT, "attributions": [parts]}), "utf-8")
    example = data.polnear(path, TOKENIZER)[0]
    assert example.attribution_head == "said"
    assert example.attributions[0].stance == -1
    assert ("content", "that the “ferry is safe.”") in tagged(example, "said")


def test_ontogum_leaves_out_the_genres_under_other_terms(tmp_path: Path) -> None:
    row = {
        "tokens": ["Selma", "Brandt", "sailed", ";", "she", "won"],
        "clusters": [[[0, 2], [4, 5]]],
    }
    path = tmp_path / "rows.jsonl"
    lines = [row | {"id": "GUM_news_x"}, row | {"id": "GUM_fiction_x"}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = data.ontogum(path, TOKENIZER)
    assert [e.id for e in found] == ["GUM_news_x"]
    example = found[0]
    assert {said(example, r) for r, _ in example.mentions} == {"Selma Brandt", "she"}
    assert [said(example, example.mentions[i][0]) for i in example.anaphors] == ["she"]


def test_an_earlier_span_keeps_its_words() -> None:
    words = data.cut(TOKENIZER, "one two three")
    out = data.tag(words, [("cue", (0, 2)), ("content", (1, 3))], L.SAID_LABELS)
    assert out.tolist()[2] == 0
    assert out[0]
    assert out[1]


def test_every_row_written_by_hand_is_sound_and_says_what_it_teaches() -> None:
    assert len([data.written(row, TOKENIZER) for row in rows.load()]) >= 600
    for path in rows.FOLDER.glob("*.jsonl"):
        assert json.loads(path.read_text("utf-8").splitlines()[0])["teaches"], path.name


def test_rows_by_hand_reach_every_type_status_and_stance() -> None:
    found = list(rows.load())
    events = [e for row in found for e in row["events"] if "type" in e]
    assert {e["type"] for e in events} == set(L.EVENT_TYPES)
    assert {e["status"] for e in events} == set(L.STATUS_CLASSES)
    assert {s["stance"] for row in found for s in row["statements"]} == set(L.STANCE_CLASSES)
    assert any(not row["events"] for row in found)


@pytest.mark.parametrize(
    "row",
    [
        {"text": "Nothing here.", "events": [{"e": 1, "trigger": "talks", "type": "CONSULT"}]},
        {"text": "Talks.", "statements": [{"speaker": "", "cue": "Talks", "stance": "shrug"}]},
    ],
)
def test_a_bad_row_by_hand_is_named(row: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad.jsonl:1"):
        list(rows.load(tmp_path))
