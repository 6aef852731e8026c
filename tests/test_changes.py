"""Changes: shifts of a level and unusual rises, found as days come in, with few false alarms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.analysis import _changes_counts as counting
from onrecord.analysis import _changes_levels as levels
from onrecord.analysis import changes, changes_bench, tension
from onrecord.analysis.rows import Incident, Spot
from onrecord.archive import Archive
from onrecord.errors import SettingError

from .test_tension import happened


def day(place: int) -> str:
    return str(np.datetime64("2024-01-01") + place)


def quarrel(days: int = 300, at: int = 200, rise: int = 3) -> list[Incident]:
    """Return incidents of a dyad: about one every third day, ``rise`` times as many after."""
    draw = np.random.default_rng(4)
    rows = []
    for place in range(days):
        for one in range(draw.poisson(0.33 * (rise if place >= at else 1))):
            kind, score = (("COERCE", -7.0), ("ACCUSE", -2.0), ("CONSULT", 2.5))[
                draw.choice(3, p=[0.5, 0.4, 0.1])
            ]
            rows.append(happened(f"i{place}-{one}", day(place), kind, score=score))
    return rows


# -- shifts of a level ------------------------------------------------------------------


def test_a_shift_is_found_with_its_day_direction_and_incidents() -> None:
    found = tension.daily(quarrel(rise=4), "URY", "PRY")
    (shift,) = changes.shifts(found, per_year=0.2)
    assert shift.direction == "worse"
    assert shift.after > shift.before
    assert abs((np.datetime64(shift.day) - np.datetime64(day(200))).astype(int)) <= 14
    assert day(200) <= shift.noticed <= day(235)
    assert set(shift.incidents) == {
        one.incident
        for at in found.days
        if shift.day <= at <= shift.noticed
        for one in found.on(at)
    }


def test_a_shift_is_found_with_the_days_up_to_it_alone() -> None:
    values = tension.daily(quarrel(rise=4), "URY", "PRY").new
    (first, *_) = levels.find(values, 4.0)
    assert levels.find(values[: first.noticed + 1], 4.0) == [first]
    assert levels.find(values[: first.noticed], 4.0) == []


def test_quiet_and_short_series_have_no_shifts() -> None:
    calm = tension.daily(quarrel(rise=1), "URY", "PRY")
    assert changes.shifts(calm, per_year=0.2) == ()
    assert changes.shifts(tension.daily(quarrel(days=30), "URY", "PRY")) == ()
    assert changes.shifts(tension.daily([], "URY", "PRY")) == ()


def test_shuffled_days_raise_about_as_many_alarms_as_are_put_up_with() -> None:
    draw = np.random.default_rng(9)
    values = changes_bench.stream(draw, 365)
    limit = levels.threshold(values, 2.0)
    alarms = sum(len(levels.find(draw.permutation(values), limit)) for _ in range(40))
    assert 0.5 <= alarms / 40 <= 4.0


def test_the_threshold_grows_with_the_care_that_is_asked_for() -> None:
    values = changes_bench.stream(np.random.default_rng(3), 365)
    assert levels.threshold(values, 0.1) > levels.threshold(values, 1.0)
    assert levels.threshold(values, 1.0) == levels.threshold(values, 1.0)


def test_a_shift_that_goes_back_is_two_shifts() -> None:
    values = np.array([1.0, 2.0, 0.0] * 40 + [9.0, 8.0, 10.0] * 20 + [1.0, 0.0, 2.0] * 40)
    found = levels.find(values, 8.0)
    assert [one.first for one in found] == [120, 180]
    assert found[0].before == pytest.approx(1.0)
    assert found[0].after == pytest.approx(9.0, abs=1.5)


# -- rises ----------------------------------------------------------------------------------


def steady(days: int = 200, rise_at: int | None = None) -> list[Incident]:
    """Return incidents of three types and places; arrests at one place rise for three days."""
    draw = np.random.default_rng(6)
    rows = []
    for place in range(days):
        for kind, rate in (("PROTEST", 0.5), ("COERCE", 0.2), ("CONSULT", 0.3)):
            many = int(draw.poisson(rate))
            many += 4 * (kind == "COERCE" and rise_at is not None and 0 <= place - rise_at < 3)
            spot = Spot("Lodosa" if kind == "COERCE" else "Ansoa", "ESP", None, None, "city")
            rows += [
                happened(f"{kind}{place}-{one}", day(place), kind)._replace(place=spot)
                for one in range(many)
            ]
    return rows


@pytest.mark.parametrize(("kind", "key"), [("type", "COERCE"), ("place", "ESP Lodosa")])
def test_a_rise_is_found_with_what_it_consists_of(kind: str, key: str) -> None:
    rows = steady(rise_at=150)
    found = changes.bursts(rows, kind, per_year=1.0)
    (burst,) = [one for one in found if day(150) <= one.day < day(160)]
    assert burst.key == key
    assert burst.day <= day(152)
    assert burst.seen == len(burst.incidents) > 3 * burst.expected
    known = {row.id: row.first_day for row in rows}
    assert all(burst.since <= (known[one] or "") <= burst.day for one in burst.incidents)


def test_what_goes_on_as_before_is_no_rise() -> None:
    assert changes.bursts(steady(), "type", per_year=0.5) == ()
    assert changes.bursts(steady(rise_at=150), "type", since=day(170), per_year=0.5) == ()


def test_copies_are_no_rise() -> None:
    rows = steady()
    loud = [row if row.first_day != day(150) else _copied(row) for row in rows]
    assert changes.bursts(loud, "type") == changes.bursts(rows, "type")


def _copied(row: Incident) -> Incident:
    copies = tuple(
        row.reports[0]._replace(article=f"{row.id}-x{at}", publisher=f"Copy {at}", origin=False)
        for at in range(30)
    )
    return row._replace(reports=row.reports + copies, carriers=31)


def test_a_claim_that_many_outlets_take_up_is_a_rise() -> None:
    rows = [
        happened(f"c{place}", day(place), "ASSAULT", status="claimed") for place in range(0, 200, 4)
    ]
    by = tuple(f"Outlet {at}" for at in range(9))
    rows.append(happened("loud", day(151), "ASSAULT", status="claimed", by=by))
    found = changes.bursts(rows, "claim", per_year=2.0)
    assert [(one.key, one.seen) for one in found] == [("loud", 9)]


@pytest.mark.parametrize("kind", changes.KINDS)
def test_every_kind_can_be_asked_of_an_empty_archive(kind: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        assert changes.bursts(archive, kind) == ()
    assert changes.bursts(steady(), kind) is not None


def test_false_alarms_over_all_series_are_as_many_as_are_put_up_with() -> None:
    draw = np.random.default_rng(8)
    rates = np.geomspace(0.02, 1.0, 15)
    alarms = 0
    for _ in range(8):
        counts = changes_bench._clustered(draw, rates, 365)
        limit = counting.threshold(counts, np.ones(365), 3.0, shuffles=10)
        alarms += len(counting.find(counts, np.ones(365), limit))
    assert 1.0 <= alarms / 8 <= 6.0


def test_tails_are_those_of_the_negative_binomial_distribution() -> None:
    scipy = pytest.importorskip("scipy.stats")
    many = np.array([3, 5, 12, 40])
    shape, odds = np.array([0.5, 2.0, 7.5, 20.0]), np.array([0.2, 0.5, 0.3, 0.4])
    wanted = scipy.nbinom.sf(many - 1, shape, 1 - odds)
    assert counting._tails(many, shape, odds) == pytest.approx(wanted, rel=1e-4)


# -- tables, bad questions, measures -----------------------------------------------------------


def test_shifts_and_bursts_are_tables() -> None:
    shifts = changes.shifts(tension.daily(quarrel(rise=4), "URY", "PRY"))
    assert changes.table(shifts).column_names == list(changes.SHIFT_COLUMNS)
    bursts = changes.bursts(steady(rise_at=150), "type")
    assert changes.table(bursts).to_pylist()[0]["seen"] == bursts[0].seen
    assert changes.table(()).num_rows == 0


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(SettingError, match="type, place"):
        changes.bursts([], "weather")
    with pytest.raises(SettingError, match="per_year"):
        changes.bursts([], "type", per_year=0)
    with pytest.raises(SettingError, match="since"):
        changes.bursts(steady(), "type", since="soon")


def test_the_measures_can_be_taken() -> None:
    found = changes_bench.measured("ours", changes_bench.ours, 2, (3.0,))
    assert found.noticed[3.0][0] > 0
    assert str(found).startswith("| ours |")
