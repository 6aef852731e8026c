"""Joining in an archive: arrival order, kills, people's word, what is forgotten, hostile input."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onrecord import record as r
from onrecord.analysis import bench, derived, edits, happenings, invented, joining
from onrecord.archive import Archive
from onrecord.errors import InputError, NewerArchiveError

from .archive_cases import new_database, url

__all__ = ["new_database", "url"]

_files = count(1)


def told(number: int, seed: int = 5) -> list[r.Record]:
    """Records of invented news: stories of one to a few reports, a third of them copies."""
    return [bench.record_of(one) for one in invented.stream(number, a_day=12, seed=seed)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("joined")


@pytest.fixture
def archive(shelf: Path) -> Iterator[Archive]:
    with fresh(shelf) as opened:
        yield opened


def fresh(shelf: Path) -> Archive:
    return Archive.open(shelf / f"{next(_files)}.db")


def add(archive: Archive, records: Sequence[r.Record], step: int = 1_000) -> None:
    for first in range(0, len(records), step):
        archive.add_records(records[first : first + step])
        joining.join(archive)


def partition(archive: Archive) -> set[frozenset[str]]:
    return {frozenset(row.articles) for row in joining.stories(archive)}


def copies(archive: Archive) -> set[tuple[str, str]]:
    return {(row.carrier, row.origin) for row in joining.copies(archive)}


def happened(archive: Archive) -> set[frozenset[tuple[str, int]]]:
    """Every incident by its mentions."""
    return {
        frozenset((mention.article, mention.start) for mention in row.mentions)
        for row in happenings.incidents(archive)
    }


def everything(archive: Archive) -> tuple[object, ...]:
    return partition(archive), copies(archive), happened(archive)


# -- order --------------------------------------------------------------------------------

#: Each example joins an archive: few of them, and none to make a failing one smaller.
SLOW = settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
NEWS = told(18)


@pytest.fixture(scope="module")
def at_once(shelf: Path) -> tuple[object, ...]:
    with fresh(shelf) as archive:
        add(archive, NEWS)
        return everything(archive)


@given(st.randoms(use_true_random=False), st.sampled_from([1, 5]))
@SLOW
def test_the_order_and_the_portions_of_arrival_do_not_matter(
    shelf: Path, at_once: tuple[object, ...], dice: random.Random, step: int
) -> None:
    with fresh(shelf) as archive:
        add(archive, dice.sample(NEWS, len(NEWS)), step)
        assert everything(archive) == at_once


def test_either_database_gives_the_same(url: str, at_once: tuple[object, ...]) -> None:
    with Archive.open(url) as archive:
        add(archive, NEWS, 9)
        edits.merge(archive, apart(archive)[:2], by="Ana")
        joining.join(archive)
        edits.undo(archive, 1, by="Ana")
        joining.join(archive)
        assert everything(archive) == at_once


def test_stories_hold_every_article_once_and_copies_have_origins_that_are_none(
    archive: Archive,
) -> None:
    add(archive, NEWS)
    ids = [id_ for row in joining.stories(archive) for id_ in row.articles]
    assert sorted(ids) == sorted(one.article.id or "" for one in NEWS)
    found = list(joining.copies(archive))
    assert found
    assert not {row.carrier for row in found} & {row.origin for row in found}
    assert {id_ for row in joining.stories(archive) for id_ in row.incidents} == {
        row.id for row in happenings.incidents(archive)
    }


def test_a_story_has_its_turns_speakers_and_disputes(archive: Archive) -> None:
    text = "Crane sold\n\nThe union of Jos said the crane was sold. Ada Obi denied any crane sale."
    speakers = [r.Entity(id_, "person", name, None, "NGA", None, ())
                for id_, name in (("e1", "Union of Jos"), ("e2", "Ada Obi"))]  # fmt: skip

    def statement(id_: str, entity: str, cue: str, words: str, stance: str) -> r.Statement:
        at, start = text.index(cue), text.index(words)
        return r.Statement(
            id=id_, kind="statement", speaker=r.Reference(at - 4, at - 1, entity),
            cue=r.Span(at, at + len(cue)), content=(r.Span(start, start + len(words)),),
            stance=stance, form="indirect", negated=False, addressee=None, medium=None, time=None,
            place=None, figures=(), sourcing="named", confidence=0.9,
        )  # fmt: skip

    article = r.Article(text, id="a", published="2026-05-04", title="Crane sold")
    record = r.Record(
        r.ReaderInfo("0", "none", ""), article, entities=speakers, statements=[
            statement("s1", "e1", "said", "the crane was sold", "claim"),
            statement("s2", "e2", "denied", "any crane sale", "deny"),
        ],
    )  # fmt: skip
    add(archive, [record])
    (row,) = joining.stories(archive)
    assert row.spoke == ("Ada Obi", "Union of Jos")
    assert row.disputes == tuple(one.id for one in happenings.disputes(archive))
    assert len(row.disputes) == 1
    assert [(one.title, one.first_day, one.articles) for one in row.developments] == [
        ("Crane sold", "2026-05-04", ("a",))
    ]


def test_the_turns_of_a_story_hold_its_articles_but_copies(archive: Archive) -> None:
    add(archive, NEWS)
    carriers = {row.carrier for row in joining.copies(archive)}
    for row in joining.stories(archive):
        turns = [id_ for one in row.developments for id_ in one.articles]
        assert sorted(turns) == sorted(set(row.articles) - carriers)


def test_joining_again_changes_nothing(archive: Archive) -> None:
    add(archive, NEWS)
    before = everything(archive), [row.id for row in joining.stories(archive)]
    assert joining.join(archive) == 0
    assert (everything(archive), [row.id for row in joining.stories(archive)]) == before


def test_a_story_keeps_its_id_as_it_grows_and_when_the_tables_are_made_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, NEWS[:9])
    first = {id_: row.id for row in joining.stories(archive) for id_ in row.articles}
    add(archive, NEWS[9:])
    later = {id_: row.id for row in joining.stories(archive) for id_ in row.articles}
    assert len({later[id_] for id_ in first}) == len(set(first.values()))
    kept = sum(later[id_] == first[id_] for id_ in first)
    assert kept == len(first)
    monkeypatch.setattr(derived, "VERSION", derived.VERSION + 1)
    assert joining.join(archive) == len(NEWS)
    assert {id_: row.id for row in joining.stories(archive) for id_ in row.articles} == later


# -- every report twice --------------------------------------------------------------------


def doubled(records: Iterable[r.Record]) -> list[r.Record]:
    """The same reports once more, carried by another outlet later that day."""
    return [
        replace(one, article=replace(
            one.article, id=f"{one.article.id}-again", publisher="The Second Carrier",
            published=f"{one.article.published}T23:59",
        ))
        for one in records
    ]  # fmt: skip


@given(st.sets(st.integers(0, len(NEWS) - 1), min_size=2, max_size=8))
@SLOW
def test_doubling_every_report_changes_no_incident_count(shelf: Path, picked: set[int]) -> None:
    some = [NEWS[n] for n in sorted(picked)]
    with fresh(shelf) as archive:
        add(archive, some)
        before = {row.id: row.origins for row in happenings.incidents(archive)}
        add(archive, doubled(some))
        after = list(happenings.incidents(archive))
        assert {row.id: row.origins for row in after} == before
        assert all(row.carriers >= 2 for row in after)
        assert len(list(joining.copies(archive))) >= len(some)


# -- people's word ------------------------------------------------------------------------


def apart(archive: Archive) -> list[str]:
    """Ids of the stories, the largest first."""
    rows = sorted(joining.stories(archive), key=lambda row: (-len(row.articles), row.id))
    return [row.id for row in rows]


def test_a_merge_and_a_split_survive_what_comes_and_a_rebuilding(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, NEWS[:12])
    one, other, *_ = apart(archive)
    rows = {row.id: row.articles for row in joining.stories(archive)}
    edits.merge(archive, [one, other], by="Ana", note="one quarrel")
    joining.join(archive)
    out = rows[one][0]
    (both,) = [row.id for row in joining.stories(archive) if out in row.articles]
    edits.split(archive, both, [out], by="Ana")
    joining.join(archive)

    def holds() -> bool:
        home = {id_: row.id for row in joining.stories(archive) for id_ in row.articles}
        rest = [*rows[one][1:], *rows[other]]
        return len({home[id_] for id_ in rest}) == 1 and home[out] != home[rest[0]]

    assert holds()
    add(archive, NEWS[12:], 3)
    assert holds()
    monkeypatch.setattr(derived, "VERSION", derived.VERSION + 1)
    joining.join(archive)
    assert holds()
    assert [entry["by"] for entry in edits.log(archive)] == ["Ana", "Ana"]


def test_taking_an_edit_back_gives_what_was_before(archive: Archive) -> None:
    add(archive, NEWS)
    before = partition(archive)
    number = edits.merge(archive, apart(archive)[:3], by="Ana")
    joining.join(archive)
    assert partition(archive) != before
    edits.undo(archive, number, by="Ana")
    joining.join(archive)
    assert partition(archive) == before
    assert [entry["kind"] for entry in edits.log(archive)] == ["merge", "undo"]


@given(st.permutations([0, 1]))
@SLOW
def test_edits_of_different_stories_may_come_in_any_order(shelf: Path, order: list[int]) -> None:
    with fresh(shelf) as archive:
        add(archive, NEWS)
        pairs = [apart(archive)[:2], apart(archive)[2:4]]
        rows = {row.id: set(row.articles) for row in joining.stories(archive)}
        for n in order:
            edits.merge(archive, pairs[n], by="Ana")
            joining.join(archive)
        found = partition(archive)
        assert all(rows[one] | rows[other] in map(set, found) for one, other in pairs)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda a, s: edits.merge(a, [s[0]], by="Ana"), "two stories"),
        (lambda a, s: edits.merge(a, [s[0], "st-none"], by="Ana"), "no story 'st-none'"),
        (lambda a, s: edits.merge(a, s[:2], by=" "), "who does this"),
        (lambda a, s: edits.split(a, s[0], [], by="Ana"), "some articles"),
        (lambda a, s: edits.split(a, s[0], ["none"], by="Ana"), "no article 'none'"),
        (lambda a, s: edits.undo(a, 99, by="Ana"), "no edit of stories 99"),
    ],
)
def test_an_edit_that_cannot_be_says_why(archive: Archive, act: object, says: str) -> None:
    add(archive, NEWS[:4])
    with pytest.raises(InputError, match=says):
        act(archive, apart(archive))  # type: ignore[operator]
    assert edits.log(archive) == []


# -- what goes and what breaks off --------------------------------------------------------


def test_what_is_forgotten_leaves_as_if_it_had_never_been(archive: Archive, shelf: Path) -> None:
    gone = [one.article.id or "" for one in NEWS[::3]]
    add(archive, NEWS)
    for id_ in gone:
        archive.forget(id_)
    joining.join(archive)
    with fresh(shelf) as other:
        add(other, [one for one in NEWS if one.article.id not in gone])
        assert everything(archive) == everything(other)


def test_a_join_that_breaks_off_is_finished_by_the_next(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, at_once: tuple[object, ...]
) -> None:
    class Killed(BaseException):
        pass

    def dies(connection: sa.Connection, story: str) -> None:
        done.append(story)
        if len(done) == 3:
            raise Killed
        happenings.work_out(connection, story)

    done: list[str] = []
    monkeypatch.setattr(joining, "BLOCK", 5)
    monkeypatch.setattr(joining, "STORY_STEPS", (dies,))
    archive.add_records(NEWS)
    with pytest.raises(Killed):
        joining.join(archive)
    monkeypatch.undo()
    joining.join(archive)
    assert everything(archive) == at_once


def test_tables_of_a_newer_version_are_left_alone(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, NEWS[:6])
    monkeypatch.setattr(derived, "VERSION", derived.VERSION - 1)
    with pytest.raises(NewerArchiveError, match="Nothing was changed"):
        joining.join(archive)


# -- hostile input ------------------------------------------------------------------------

ODD = (
    "", " ", "\x01\x02", "\n\n\n", "a", "🙂" * 300, "word " * 5_000, "é" * 4_000,
    "x" * 50_000, "The the THE the. " * 400, "1 2 3 4 5 6 7 8 9 " * 200,
    "' OR 1=1; DROP TABLE derived_articles; --", "{\"a\": [null]}",
)  # fmt: skip


def odd(id_: str, text: str, **known: object) -> r.Record:
    article = r.Article(text, id=id_, **known)  # type: ignore[arg-type]
    return r.Record(r.ReaderInfo("0", "none", ""), article)


def test_odd_articles_are_joined_like_others(archive: Archive) -> None:
    days = (None, "2026-05-04", "2026-05-04T23:59:59+14:00", "0001-01-01", "9999-12-31")
    given_ = [
        odd(f"o{n}-{day}", text, published=day, publisher=text[:20] or None, title=text[:200])
        for n, text in enumerate(ODD) for day in days
    ]  # fmt: skip
    add(archive, given_, 30)
    ids = [id_ for row in joining.stories(archive) for id_ in row.articles]
    assert sorted(ids) == sorted(one.article.id or "" for one in given_)
    assert list(happenings.incidents(archive)) == []
    json.dumps([row._asdict() for row in joining.stories(archive)])


def test_ids_that_look_alike_are_told_apart(archive: Archive) -> None:
    text = NEWS[0].article.text
    names = ["a", "A", "a ", "ä", "a\u0308", "a#v1", "'a'", "%", "_"]
    add(archive, [odd(name, text, published="2026-05-04") for name in names], 2)
    (row,) = joining.stories(archive)
    assert sorted(row.articles) == sorted(names)
    assert len(list(joining.copies(archive))) == len(names) - 1


def test_a_text_that_everybody_carries_has_one_origin(archive: Archive) -> None:
    """More carriers than candidates are compared: the origin is among those that are."""
    text = NEWS[0].article.text
    many = [odd(f"c{n:02}", text, published=f"2026-05-{1 + n % 28:02}") for n in range(45)]
    add(archive, many, 20)
    assert {row.origin for row in joining.copies(archive)} == {"c00"}
    assert len(list(joining.copies(archive))) == 44
    (row,) = joining.stories(archive)
    assert len(row.articles) == 45
