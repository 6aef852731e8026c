"""Charts: what they show, that they are read without colour, and that they do not drift.

The golden pictures were looked at by eye.  To make them anew after a change that is meant,
run  python -m tests.test_charts  and look at them again.
"""

from __future__ import annotations

import builtins
import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onrecord import samples
from onrecord.analysis import _charts_data as data
from onrecord.analysis import changes, charts, tension, tension_bench
from onrecord.errors import SettingError, SourceError
from onrecord.evaluation import tension as scorer

from .png import apart, grey
from .test_changes import quarrel, steady
from .test_tension import happened

pytest.importorskip("altair")
GOLDEN = Path(__file__).parent / "golden"
#: Grey values, 0 to 255, that a picture may be apart from its golden one: another font is
#: about 0.5, a missing line 1 and more.
_APART = 0.8


def barges() -> tension.Tension:
    rows = scorer.true_incidents(samples.truth(), list(samples.articles()))
    return tension.daily(rows, "URY", "PRY", both=True)


def pictures() -> dict[str, Any]:
    """Return the charts that have a golden picture."""
    long = tension.daily(quarrel(rise=4), "URY", "PRY", both=True)
    bursts = [
        one for kind in ("type", "place") for one in changes.bursts(steady(rise_at=150), kind)
    ]
    return {
        "dyad": charts.dyad(barges()),
        "shift": charts.dyad(long, shifts=changes.shifts(long, per_year=0.2)),
        "rises": charts.rises(bursts, period=("2024-01-01", "2024-07-18")),
    }


def texts(chart: Any) -> str:
    return json.dumps(chart.to_dict(), ensure_ascii=False)


# -- what they show ----------------------------------------------------------------------


def test_a_chart_names_period_sources_and_unit() -> None:
    found = barges()
    shown = texts(charts.dyad(found))
    counts = found.counts()
    assert "Tension URY ↔ PRY" in shown
    assert "Feb 2026" in shown
    assert f"{counts.incidents} incidents in {counts.reports} reports" in shown
    assert f"of {counts.outlets} outlets" in shown
    assert "PLOVER points" in shown
    assert "half is left after 7 days" in shown


def test_the_last_days_are_shaded_where_reports_still_come_in() -> None:
    assert data.incomplete(barges()) == [
        {"day": "2026-02-28", "end": "2026-03-01", "text": "not complete"}
    ]
    assert "not complete" in texts(charts.dyad(barges()))


def test_bars_add_up_to_what_the_days_brought() -> None:
    found = barges()
    size, rows = data.brought(found)
    assert size == "day"
    for at, day in enumerate(found.days):
        boxes = [row["high"] - row["low"] for row in rows if row["day"] == day]
        assert sum(boxes) == pytest.approx(found.new[at], abs=1e-3)


def test_long_periods_have_bars_of_weeks_and_months_that_lose_nothing() -> None:
    rows = tension_bench.invented(400, days=2000)
    for until, size in (("2017-06-30", "week"), ("2021-06-01", "month")):
        found = tension.daily(rows, "AAA", "AAB", both=True, until=until)
        shown, boxes = data.brought(found)
        assert shown == size
        total = sum(row["high"] - row["low"] for row in boxes)
        assert total == pytest.approx(float(found.new.sum()), abs=0.1)


def test_conflict_and_cooperation_done_and_said_differ_in_grey_or_by_the_line() -> None:
    """Conflict stands above the line, cooperation below; done and said differ in lightness."""
    _, rows = data.brought(barges())
    for row in rows:
        above = row["high"] > 0 or row["low"] > 0
        assert above == row["what"].endswith("conflict")
    light = {name: _lightness(shade) for name, shade in charts._SHADES.items()}
    assert light["said, conflict"] - light["done, conflict"] > 0.3
    assert light["said, cooperation"] - light["done, cooperation"] > 0.3


def _lightness(shade: str) -> float:
    red, green, blue = (int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_shifts_are_marked_in_words() -> None:
    found = tension.daily(quarrel(rise=4), "URY", "PRY", both=True)
    (shift,) = changes.shifts(found, per_year=0.2)
    shown = texts(charts.dyad(found, shifts=[shift]))
    assert "level shift: worse" in shown
    assert shift.noticed in shown


def test_a_dyad_without_incidents_has_a_chart_too() -> None:
    empty = tension.daily([happened("x", "2026-02-10", "PROTEST")], "BRA", "CHL")
    assert "0 incidents in 0 reports of 0 outlets" in texts(charts.dyad(empty))
    assert texts(charts.rises([]))


def test_a_name_that_acts_on_a_terminal_is_cleaned() -> None:
    assert "\x1b" not in charts.dyad(barges(), title="a\x1b[31mb").to_dict()["title"]["text"]


# -- out ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["svg", "png", "html", "json"])
def test_a_chart_is_saved_with_its_data_beside_it(form: str, tmp_path: Path) -> None:
    found = barges()
    written = charts.save(charts.dyad(found), tmp_path / f"t.{form}", rows=found.rows())
    assert written == [tmp_path / f"t.{form}", tmp_path / "t.csv"]
    with written[1].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["day"] for row in rows] == found.days
    assert [float(row["value"]) for row in rows] == pytest.approx(list(found.value), abs=1e-5)
    heads = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!DOCTYPE html>", "json": b"{"}
    assert written[0].read_bytes().startswith(heads[form])


def test_a_page_needs_nothing_from_the_network_and_links_to_its_data(tmp_path: Path) -> None:
    found = barges()
    page, _ = charts.save(charts.dyad(found), tmp_path / "t.html", rows=found.rows())
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<(script|link)[^>]+(src|href)=\"?https?:", text)
    assert 'href="t.csv"' in text


def test_data_alone_can_be_saved(tmp_path: Path) -> None:
    assert charts.save(None, tmp_path / "t.csv", rows=barges().rows()) == [tmp_path / "t.csv"]


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    chart = charts.dyad(barges())
    with pytest.raises(SettingError, match="svg"):
        charts.save(chart, tmp_path / "t.gif")
    with pytest.raises(SourceError, match=r"t\.json"):
        charts.save(chart, tmp_path / "none" / "t.json")


def test_without_altair_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "altair":
            raise ImportError(name)
        return real(name, *rest, **more)

    found = barges()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SettingError, match=r"onrecord\[charts\]"):
        charts.dyad(found)


# -- golden pictures ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dyad", "shift", "rises"])
def test_pictures_look_as_they_did_when_they_were_looked_at(name: str, tmp_path: Path) -> None:
    golden = (GOLDEN / f"{name}.png").read_bytes()
    assert apart(_small(pictures()[name], tmp_path), golden) < _APART


def test_a_picture_without_its_line_is_told_apart(tmp_path: Path) -> None:
    golden = (GOLDEN / "dyad.png").read_bytes()
    found = barges()
    object.__setattr__(found, "value", np.zeros(len(found)))
    assert apart(_small(charts.dyad(found), tmp_path), golden) > _APART
    assert grey(golden).shape[1] > 400


def _small(chart: Any, folder: Path) -> bytes:
    import vl_convert

    spec = chart.to_dict()
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=charts._version(spec), scale=0.6))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, chart in pictures().items():
        (GOLDEN / f"{name}.png").write_bytes(_small(chart, GOLDEN))
