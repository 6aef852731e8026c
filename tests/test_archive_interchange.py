"""Events in the columns of GDELT 2.0 and POLECAT."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from onrecord import ontology
from onrecord.archive import Archive, frames
from onrecord.archive.interchange import CAMEO, GDELT, MAPPING, POLECAT, cameo
from onrecord.errors import InputError, SettingError
from tests.archive_cases import archive, clock, new_database, url
from tests.record_examples import empty, example

__all__ = ["archive", "clock", "new_database", "url"]

DOCS = (Path(__file__).parent.parent / "docs" / "interchange.md").read_text("utf-8")
ID = "tidewater-0313"


@pytest.fixture
def filled(archive: Archive) -> Archive:
    archive.add_records([example()])
    return archive


def rows(archive: Archive, layout: str, **filters: Any) -> list[dict[str, Any]]:
    return list(archive.exported(layout, **filters)[0])


def test_every_event_type_has_a_code_that_means_it() -> None:
    assert set(CAMEO) == set(ontology.types())
    for type_, (base, modes) in CAMEO.items():
        assert set(modes) <= set(ontology.event_type(type_).modes)
        for mode in (None, *ontology.event_type(type_).modes):
            assert cameo(type_, mode) == modes.get(mode or "", base)


#: Where all codes that the crosswalk has for a mode say more than the mode does.
BROADER = {("ACCUSE", "allege"), ("ASSAULT", "explosives")}


@pytest.mark.parametrize("type_", CAMEO)
def test_a_code_goes_back_to_its_type_by_the_crosswalk(type_: str) -> None:
    base, modes = CAMEO[type_]
    for mode, code in {None: base, **modes}.items():
        back = ontology.cameo(code)
        assert back is not None
        expected = "CONCEDE" if (type_, mode) == ("RETREAT", None) else type_
        assert back.type == expected, code
        assert mode is None or (type_, mode) in BROADER or back.mode == mode, code


def test_gdelt_has_its_61_columns_and_the_ids_of_the_archive(filled: Archive) -> None:
    found = rows(filled, "gdelt")
    assert len(GDELT) == 61
    assert all(list(row) == list(GDELT) for row in found)
    assert {row["GLOBALEVENTID"] for row in found} == {
        f"{ID}#{one.id}" for one in example().events if one.status == "actual"
    }
    (row,) = [row for row in found if row["GLOBALEVENTID"] == f"{ID}#v5"]
    assert (row["Actor1Code"], row["Actor2Code"], row["EventCode"]) == ("PRTGOV", "ISL", "173")
    assert (row["EventRootCode"], row["QuadClass"], row["GoldsteinScale"]) == ("17", 4, -7.0)
    assert (row["SQLDATE"], row["MonthYear"], row["Year"]) == (20250313, 202503, 2025)
    assert row["DATEADDED"] == 20250314080000
    assert row["SOURCEURL"] == example().article.url


def test_gdelt_takes_other_events_only_when_asked(filled: Archive) -> None:
    assert {row["GLOBALEVENTID"] for row in rows(filled, "gdelt", status="future")} == {f"{ID}#v8"}


def test_several_actors_are_several_rows_of_one_event(filled: Archive) -> None:
    found = [row for row in rows(filled, "polecat") if row["Event ID"] == f"{ID}#v3"]
    assert len(found) == 2
    assert {row["Actor Country"] for row in found} == {"ISL", "PRT"}
    assert found[0]["Actor Title"] == "Foreign Minister of Iceland"
    assert {row["Recipient Name"] for row in found} == {None}


def test_polecat_tells_the_status_as_a_mode(filled: Archive) -> None:
    modes = {row["Event ID"]: row["Event Mode"] for row in rows(filled, "polecat")}
    assert len(modes) == len(example().events)
    assert modes[f"{ID}#v8"] == "visit; future"
    assert modes[f"{ID}#v9"] == "restrict; hypothetical"
    assert modes[f"{ID}#v7"] is None


def test_the_place_is_told_with_its_words(filled: Archive) -> None:
    (row,) = [row for row in rows(filled, "polecat") if row["Event ID"] == f"{ID}#v7"]
    names = ("Placename", "Raw Placename", "City", "Country", "GeoNames ID", "Feature Type")
    assert [row[name] for name in names] == [
        "Ponta Delgada", "Ponta Delgada", "Ponta Delgada", "PRT", "3372783", "city",
    ]  # fmt: skip


@pytest.mark.parametrize("layout", ["gdelt", "polecat"])
def test_filters_and_past_days_work_as_for_events(filled: Archive, layout: str) -> None:
    key = {"gdelt": "GLOBALEVENTID", "polecat": "Event ID"}[layout]
    for filters in ({"actor": "PRT"}, {"actor": "PRT", "recipient": "ISL"}, {"type": "COERCE"},
                    {"since": "2025-03-13"}):  # fmt: skip
        wanted = filled.rows("events", status="actual", **filters)
        found = rows(filled, layout, status="actual", **filters)
        assert {row[key] for row in found} == {f"{ID}#{row['id']}" for row in wanted}
    assert rows(filled, layout, as_of="2025-03-01") == []
    with pytest.raises(SettingError, match="speaker"):
        filled.exported(layout, speaker="x")
    with pytest.raises(InputError):
        rows(filled, layout, as_of="soon")


@pytest.mark.parametrize("layout", ["gdelt", "polecat"])
def test_the_rows_fit_their_columns(filled: Archive, layout: str) -> None:
    filled.add_records([replace(empty("Nothing."), events=())])
    found, columns = filled.exported(layout)
    assert frames.table(found, columns).num_columns == len(columns)


def test_the_mapping_is_documented_with_its_version() -> None:
    assert f"version {MAPPING} of the mapping" in DOCS
    for type_, (base, modes) in CAMEO.items():
        cells = re.search(rf"^\| {type_} \| (.*) \|$", DOCS, re.MULTILINE)
        assert cells
        assert cells[1].split(", ") == [base, *(f"{mode} {code}" for mode, code in modes.items())]
    assert len(POLECAT) == 40
