"""Tension: what counts, how it fades, how sure it is, and that copies change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import samples
from onrecord.analysis import _tension_math as maths
from onrecord.analysis import joining, tension, tension_bench
from onrecord.analysis.rows import Incident, Mention, Party, Report
from onrecord.archive import Archive
from onrecord.errors import OnrecordError, SettingError
from onrecord.evaluation import tension as scorer
from onrecord.record import Record

from .analysis_records import Draft


def happened(
    id_: str, day: str | None, type_: str, *, actor: str | None = "URY",
    recipient: str | None = "PRY", mode: str | None = None, score: float = -5.0,
    by: tuple[str, ...] = ("The Ferry Post",), copies: int = 0, status: str = "actual",
    told: str | None = None, story: str = "s1", confidence: float = 0.9, joined: float = 1.0,
    last: str | None = None, name: str | None = None,
) -> Incident:  # fmt: skip
    """Return an incident told by outlets on a day, and by copies."""

    def party(country: str | None) -> tuple[Party, ...]:
        return () if country is None else (Party(name, country.lower(), country, "GOV"),)

    own = [Report(f"{id_}-{at}", outlet, told or day, True, status, None, confidence)
           for at, outlet in enumerate(by)]  # fmt: skip
    copied = [Report(f"{id_}-c{at}", f"Copy {at}", told or day, False, status, None, confidence)
              for at in range(copies)]  # fmt: skip
    reports = tuple(own + copied)
    return Incident(
        id_, type_, mode, (), status, party(actor), party(recipient), None, day, last or day,
        "event", story, tuple(Mention(one.article, "v1", 0, 4) for one in reports), reports, (),
        len(own), len(reports), score, confidence, joined,
    )  # fmt: skip


BAN = happened("ban", "2026-02-10", "SANCTION", score=-6.0)
TALKS = happened("talks", "2026-02-12", "CONSULT", score=2.5)


# -- what counts ------------------------------------------------------------------------


def test_an_incident_counts_once_with_its_score_turned_round() -> None:
    found = tension.daily([BAN], "URY", "PRY")
    assert found.days == ["2026-02-10"]
    assert found.value[0] == pytest.approx(6.0)


def test_points_halve_with_every_half_life() -> None:
    found = tension.daily([BAN], "URY", "PRY", until="2026-02-24", half_life=7)
    assert found.value[7] == pytest.approx(3.0)
    assert found.value[14] == pytest.approx(1.5)


def test_cooperation_and_conflict_are_apart_and_together() -> None:
    found = tension.daily([BAN, TALKS], "URY", "PRY")
    assert found.conflict[-1] == pytest.approx(6 * 0.5 ** (2 / 7))
    assert found.cooperation[-1] == pytest.approx(2.5)
    assert np.allclose(found.value, found.conflict - found.cooperation)


def test_verbal_and_material_are_apart_and_add_up() -> None:
    found = tension.daily([BAN, TALKS], "URY", "PRY")
    assert found.verbal[-1] == pytest.approx(-2.5)
    assert np.allclose(found.value, found.verbal + found.material)


def test_a_dyad_is_ordered_unless_both_directions_are_asked_for() -> None:
    assert not tension.daily([BAN], "PRY", "URY").value.any()
    assert tension.daily([BAN], "PRY", "URY", both=True).value[-1] == pytest.approx(6.0)


def test_who_acts_together_without_a_recipient_acts_on_each_other() -> None:
    pair = (Party(None, "a", "URY", None), Party(None, "b", "PRY", None))
    talks = TALKS._replace(actors=pair, recipients=())
    for one, other in (("URY", "PRY"), ("PRY", "URY")):
        assert tension.daily([talks], one, other).value[-1] == pytest.approx(-2.5)
    assert tension.daily([talks], "URY", "PRY", both=True).value[-1] == pytest.approx(-2.5)


def test_a_group_counts_what_its_members_do_to_each_other_once() -> None:
    away = happened("away", "2026-02-11", "ASSAULT", recipient="BRA", score=-9.0)
    found = tension.within([BAN, TALKS, away], "URY,PRY,ARG")
    assert found.value[-1] == pytest.approx(6 * 0.5 ** (2 / 7) - 2.5)
    assert found.name == "within URY, PRY, ARG"


def test_several_parties_count_as_one_side() -> None:
    found = tension.daily([BAN], ["ARG", "URY"], "BRA,PRY")
    assert found.value[-1] == pytest.approx(6.0)


def test_a_party_may_be_named() -> None:
    named = happened("named", "2026-02-10", "ACCUSE", name="Ilse Vandermolen", score=-3.5)
    assert tension.daily([named], "Vandermolen", "PRY").value[-1] == pytest.approx(3.5)


@pytest.mark.parametrize(
    ("status", "points"),
    [("actual", 5.0), ("claimed", 2.5), ("denied", 0.0), ("future", 0.0), ("hypothetical", 0.0),
     ("historical", 0.0), ("threatened", 0.0)],
)  # fmt: skip
def test_only_what_happened_counts_in_full(status: str, points: float) -> None:
    found = tension.daily([happened("x", "2026-02-10", "PROTEST", status=status)], "URY", "PRY")
    assert found.value[-1] == pytest.approx(points)


def test_a_threat_that_was_made_is_an_act() -> None:
    threat = happened("t", "2026-02-10", "THREATEN", status="threatened", score=-3.5)
    assert tension.daily([threat], "URY", "PRY").value[-1] == pytest.approx(3.5)


def test_a_mobilisation_is_meant_for_the_opponent_of_its_story_and_counts_half() -> None:
    ships = happened("ships", "2026-02-10", "MOBILIZE", recipient=None, score=-6.5)
    assert not tension.daily([ships], "URY", "PRY").value.any()
    found = tension.daily([BAN, ships], "URY", "PRY")
    assert found.value[-1] == pytest.approx(6.0 + 3.25)
    elsewhere = ships._replace(story="another")
    assert tension.daily([BAN, elsewhere], "URY", "PRY").value[-1] == pytest.approx(6.0)
    none = tension.Weights(implied=0.0)
    assert tension.daily([BAN, ships], "URY", "PRY", weights=none).value[-1] == pytest.approx(6.0)


def test_weights_and_scores_can_be_set() -> None:
    words = tension.Weights(verbal=0.5, scores={"SANCTION": -2.0}, status={"actual": 2.0})
    found = tension.daily([BAN, TALKS], "URY", "PRY", weights=words, half_life=1e9)
    assert found.value[-1] == pytest.approx(2 * 2.0 - 0.5 * 2 * 2.5)


def test_incidents_of_little_confidence_or_unknown_day_are_left_out() -> None:
    unsure = happened("unsure", "2026-02-10", "ASSAULT", confidence=0.3)
    vague = happened("vague", "2025-03-01", "ASSAULT", last="2025-12-31", told="2026-02-10")
    undated = happened("undated", None, "ASSAULT", told="2026-02-10")
    ledger = tension.ledgers.of_incidents([unsure, vague, undated])
    assert not tension.daily(ledger, "URY", "PRY").value.any()
    assert ledger.undated == 2


# -- as of, and the last day ------------------------------------------------------------


def test_as_of_a_day_only_what_was_published_by_then_counts() -> None:
    late = happened("late", "2026-02-10", "SANCTION", score=-6.0, told="2026-02-14")
    then = tension.daily([TALKS, late], "URY", "PRY", as_of="2026-02-12")
    now = tension.daily([TALKS, late], "URY", "PRY")
    assert then.value[-1] == pytest.approx(-2.5)
    assert now.conflict[0] == pytest.approx(6.0)


def test_as_of_a_day_the_word_that_stood_then_counts() -> None:
    first = Report("a1", "The Ferry Post", "2026-02-10", True, "claimed", "x", 0.9)
    then = Report("a2", "Harbour Radio", "2026-02-13", True, "denied", "y", 0.9)
    shots = BAN._replace(status="denied", reports=(first, then))
    assert not tension.daily([shots], "URY", "PRY").value.any()
    early = tension.daily([shots], "URY", "PRY", as_of="2026-02-11")
    assert early.value[-1] == pytest.approx(3.0)


def test_the_last_day_of_publication_is_not_complete() -> None:
    found = tension.daily([BAN, TALKS], "URY", "PRY")
    assert list(found.complete) == [True, True, False]


# -- copies and coverage ----------------------------------------------------------------


def test_copies_change_neither_the_index_nor_its_band() -> None:
    plain = [happened(f"i{at}", f"2026-02-{at + 1:02}", "COERCE") for at in range(20)]
    copied = [happened(f"i{at}", f"2026-02-{at + 1:02}", "COERCE", copies=9) for at in range(20)]
    one, other = (tension.daily(rows, "URY", "PRY") for rows in (plain, copied))
    for column in ("value", "low", "high", "conflict", "verbal", "new"):
        assert np.array_equal(getattr(one, column), getattr(other, column))
    assert one.counts() == other.counts()


def test_what_copies_alone_tell_is_told_once() -> None:
    one, nine = (happened("x", "2026-02-10", "COERCE", by=(), copies=many) for many in (1, 9))
    first, second = (tension.daily([row], "URY", "PRY") for row in (one, nine))
    assert first.value[0] == second.value[0] == 5.0
    assert first.high[0] == second.high[0]


def test_more_reports_on_the_same_incidents_do_not_raise_the_index() -> None:
    few = [happened(f"i{at}", f"2026-02-{at + 1:02}", "COERCE") for at in range(20)]
    outlets = tuple(f"Outlet {at}" for at in range(8))
    many = [happened(f"i{at}", f"2026-02-{at + 1:02}", "COERCE", by=outlets) for at in range(20)]
    one, other = (tension.daily(rows, "URY", "PRY") for rows in (few, many))
    assert np.array_equal(one.value, other.value)
    assert (other.high - other.low).sum() < (one.high - one.low).sum()


def test_a_year_covered_by_three_times_the_outlets_shows_no_more_tension() -> None:
    """The world is the same in both years; in the second more outlets find more of it."""
    draw = np.random.default_rng(7)
    rows = []
    for day in range(730):
        outlets = 4 if day < 365 else 12
        for one in range(4):
            by = tuple(f"Outlet {at}" for at in range(outlets) if draw.random() < 0.15)
            if by:
                when = str(np.datetime64("2024-01-01") + day)
                rows.append(happened(f"i{day}-{one}", when, "COERCE", by=by))
    plain = tension.Weights(coverage=False)

    def rise(weights: tension.Weights | None) -> float:
        value = tension.daily(rows, "URY", "PRY", weights=weights).value
        return float(value[450:].mean() / value[60:365].mean())

    assert rise(plain) > 1.6
    assert 0.85 < rise(None) < 1.15


def test_with_even_coverage_nothing_is_thinned() -> None:
    rows = [happened(f"i{at}", f"2026-02-{at + 1:02}", "COERCE") for at in range(28)]
    with_, without = (
        tension.daily(rows, "URY", "PRY", weights=tension.Weights(coverage=one))
        for one in (True, False)
    )
    assert np.array_equal(with_.value, without.value)


# -- the band ---------------------------------------------------------------------------


def test_the_index_lies_in_its_band_and_doubt_widens_it() -> None:
    def width(**doubt: Any) -> float:
        found = tension.daily([happened("x", "2026-02-10", "COERCE", **doubt)], "URY", "PRY")
        assert (found.low <= found.value).all()
        assert (found.value <= found.high).all()
        return float(found.high[0] - found.low[0])

    pair = ("The Ferry Post", "Harbour Radio")
    assert width(confidence=0.6) > width(confidence=0.99)
    assert width() > width(by=pair)
    assert width(by=pair, joined=0.5) > width(by=pair, joined=1.0)


def test_the_closed_form_gives_the_moments_of_the_bootstrap() -> None:
    draw = np.random.default_rng(5)
    incidents, outlets, days = 120, 25, 40
    day = np.sort(draw.integers(days, size=incidents))
    points = draw.normal(2, 4, size=incidents)
    by = draw.random((incidents, outlets)) < draw.uniform(0.02, 0.15, size=(incidents, 1))
    by[np.arange(incidents), draw.integers(outlets, size=incidents)] = True
    incident, outlet = np.nonzero(by)
    bias, variance = maths.bootstrap(
        day, points, by.sum(axis=1), (incident, outlet), days, half_life=5
    )
    whole = maths.faded(maths.by_day(day, points, days), 5)
    drawn = []
    for _ in range(3000):
        seen = (by & (draw.poisson(1.0, size=outlets) > 0)).any(axis=1)
        drawn.append(maths.faded(maths.by_day(day, points * seen, days), 5) - whole)
    values = np.array(drawn)
    spread = values.std(axis=0)
    assert np.abs(values.mean(axis=0) - bias).max() < 0.12 * spread.max()
    assert np.abs(np.sqrt(variance) / spread - 1).max() < 0.15


def test_without_three_in_ten_outlets_nine_in_ten_days_stay_in_the_band() -> None:
    rows = tension_bench.invented(400)
    outlets = sorted({one.publisher for row in rows for one in row.reports}, key=str)
    found = tension_bench.held(
        rows, lambda gone: tension_bench.without(rows, gone), outlets, ("AAA", "AAB"), 20
    )
    assert found.within >= 0.9
    assert found.moved > 0


# -- reasons and links ------------------------------------------------------------------


def test_a_move_has_a_written_reason() -> None:
    found = tension.daily([BAN, TALKS], "URY", "PRY")
    assert found.reason("2026-02-10") == "+6.0: one incident: SANCTION ury → pry (1 report)"
    assert found.reason("2026-02-11") == "−0.6: no incident; earlier ones fade"
    assert "earlier ones fade by −0.5" in found.reason("2026-02-12")


def test_a_reason_names_the_weightiest_incidents_and_counts_the_rest() -> None:
    rows = [happened(f"i{at}", "2026-02-10", "PROTEST", score=-at) for at in (5, 4, 3, 2)]
    found = tension.daily(rows, "URY", "PRY").reason("2026-02-10")
    assert found.startswith("+14.0: four incidents: +5.0 PROTEST")
    assert found.endswith("; and one more")


def test_every_value_is_the_sum_of_the_incidents_behind_it() -> None:
    rows = tension_bench.invented(150, days=120)
    found = tension.daily(rows, "AAA", "AAB", both=True)
    for at, day in enumerate(found.days):
        assert found.value[at] == pytest.approx(sum(one.points for one in found.behind(day)))
        assert found.new[at] == pytest.approx(sum(one.points for one in found.on(day)))


def test_every_number_of_an_archive_resolves_to_sentences(joined: Archive) -> None:
    found = tension.daily(joined, "NOR", "RUS")
    rows = list(found.rows())
    behind = [one.incident for row in rows for one in found.behind(row["day"])]
    lines = tension.sentences(joined, behind)
    assert {line.incident for line in lines} == set(behind)
    for line in lines:
        text = joined.record(line.article).article.text
        assert line.words == text[line.start : line.end]
        assert line.words in line.sentence


# -- frames -----------------------------------------------------------------------------


def test_rows_are_the_same_in_arrow_pandas_and_polars() -> None:
    found = tension.daily([BAN, TALKS], "URY", "PRY")
    table = found.to_arrow()
    assert table.column_names == list(tension.COLUMNS)
    assert table.to_pylist() == list(found.rows())
    assert found.to_polars()["day"].to_list() == found.days
    assert list(found.to_pandas()["incidents"][0]) == ["ban"]


# -- movers -----------------------------------------------------------------------------


def test_movers_are_the_dyads_that_moved_most() -> None:
    rows = [
        BAN,
        happened("strike", "2026-02-12", "ASSAULT", actor="BOL", recipient="CHL", score=-9.0),
        happened("old", "2026-01-20", "ASSAULT", actor="PER", recipient="ECU", score=-9.0),
    ]
    first, second = tension.movers(rows, days=5)
    assert (first.actors, first.recipients) == (("BOL",), ("CHL",))
    assert first.change == pytest.approx(9.0)
    assert first.incidents == ("strike",)
    assert second.incidents == ("ban",)
    assert "ASSAULT" in first.reason


def test_nothing_moves_in_an_empty_archive(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        assert tension.movers(archive) == []
        assert not tension.daily(archive, "URY", "PRY").value.any()


# -- bad questions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [{"half_life": 0}, {"half_life": -1}, {"since": "yesterday"}, {"until": "2026-02-30"},
     {"since": "2026-03-01", "until": "2026-02-01"}, {"since": "0001-01-01"},
     {"weights": tension.Weights(scores={"QUARREL": -3.0})}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(OnrecordError):
        tension.daily([BAN], "URY", "PRY", **asked)


def test_parties_and_days_must_be_there() -> None:
    with pytest.raises(SettingError, match="no party"):
        tension.daily([BAN], " , ", "PRY")
    with pytest.raises(SettingError, match="two members"):
        tension.within([BAN], "URY")
    with pytest.raises(SettingError, match="2026-02-10"):
        tension.daily([BAN], "URY", "PRY").reason("2031-01-01")
    with pytest.raises(SettingError, match="as_of"):
        tension.daily(tension.ledgers.of_incidents([BAN]), "URY", "PRY", as_of="2026-02-11")


# -- an archive -------------------------------------------------------------------------

_HEAD = "Trawler seized off the cape"


def _reports(outlets: tuple[str, ...] = ("The Ferry Post", "Harbour Radio")) -> Iterator[Record]:
    for at, outlet in enumerate(outlets):
        text = (
            f"{_HEAD}\nNorway seized a Russian trawler off the cape on Tuesday, the coast guard "
            f"said. Skippers of the {outlet} region spoke of rough seas number {at}."
        )
        draft = Draft(f"a{at}", text, published="2026-02-04", publisher=outlet)
        day = draft.time("Tuesday", "2026-02-03")
        draft.event("seized", "COERCE", "seize", actors=[("Norway", "Norway", "NOR", "GOV")],
                    recipients=[("Russian", "Russia", "RUS", "GOV")], time=day)  # fmt: skip
        yield draft.record()


@pytest.fixture
def joined(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.add_records(_reports())
        joining.join(archive)
        yield archive


def test_an_archive_its_ledger_and_its_incidents_agree(joined: Archive) -> None:
    ledger = tension.load(joined)
    some, whole = (tension.daily(one, "NOR", "RUS") for one in (joined, ledger))
    assert some.value[-1] > 0
    assert list(some.rows()) == list(whole.rows())


def test_doubling_every_report_of_an_archive_leaves_the_index_unchanged(tmp_path: Path) -> None:
    def rows(times: int) -> list[dict[str, Any]]:
        with Archive.open(tmp_path / f"{times}.db") as archive:
            for at in range(times):
                archive.add_records(_renamed(record, at) for record in _reports())
            joining.join(archive)
            return list(tension.daily(archive, "NOR", "RUS").rows())

    assert rows(2) == rows(1)


def _renamed(record: Record, copy: int) -> Record:
    if not copy:
        return record
    article = replace(record.article, id=f"{record.article.id}-again", publisher="Copy House")
    return replace(record, article=article)


# -- the sample's truth -----------------------------------------------------------------


def test_the_index_of_the_true_incidents_agrees_with_the_truth() -> None:
    truth = samples.truth()
    rows = scorer.true_incidents(truth, list(samples.articles()))
    for told in truth["tension"]:
        found = tension.daily(rows, *told["dyad"], both=True)
        assert all(scorer.moved(found, move) for move in told["moves"])
        if told["peak"]:
            assert found.days[int(np.argmax(found.new))] == told["peak"]
        if told["quiet"]:
            assert not found.conflict.any()


def test_the_moves_of_the_truth_are_those_of_its_incidents() -> None:
    truth = samples.truth()
    rows = scorer.true_incidents(truth, list(samples.articles()))
    (told,) = (row for row in truth["tension"] if row["dyad"] == ["URY", "PRY"])
    found = tension.daily(rows, "URY", "PRY", both=True)
    for move in told["moves"]:
        days = {row.first_day for row in rows if row.id in move["incidents"]}
        counted = {one.incident for day in days for one in found.on(day or "")}
        assert set(move["incidents"]) <= counted


# -- the arithmetic ---------------------------------------------------------------------


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=60), st.floats(0.2, 60))
def test_fading_is_the_sum_of_what_is_left_of_each_day(points: list[float], half: float) -> None:
    sums = maths.faded(np.array(points), half)
    last = len(points) - 1
    left = sum(one * 0.5 ** ((last - at) / half) for at, one in enumerate(points))
    assert sums[-1] == pytest.approx(left, abs=1e-9)


def test_a_million_events_are_columns_that_are_summed_at_once() -> None:
    (line, _) = tension_bench.speed(20_000)
    assert "3,653 days, 20,000 events" in line


def test_what_reading_an_archive_costs_can_be_measured() -> None:
    (line,) = tension_bench.reading(200)
    assert line.startswith("reading ")
