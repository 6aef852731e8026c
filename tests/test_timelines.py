"""Time lines, statement histories, figures over time, networks and maps of an archive."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from onrecord.analysis import figures, happenings, histories, maps, networks, timelines
from onrecord.analysis.joining import stories
from onrecord.analysis.rows import Spot
from onrecord.archive import Archive
from onrecord.errors import InputError, SettingError

from .analysis_records import Draft
from .briefing_cases import KENYA, archive_of, copied, everything, recall, seizure


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    place = tmp_path_factory.mktemp("case") / "a.db"
    with archive_of(place, [draft.record() for draft in everything()]) as opened:
        yield opened


def story_of(archive: Archive, article: str) -> str:
    return next(one.id for one in stories(archive) if article in one.articles)


def whats(line: timelines.Timeline) -> list[str]:
    return [one.what for one in line.lines]


# -- time lines -------------------------------------------------------------------------


def test_a_story_is_told_in_the_order_in_which_it_happened(archive: Archive) -> None:
    line = timelines.story(archive, story_of(archive, "a1"))
    assert whats(line) == [
        "COERCE/seize", "ASSAULT/beat", "SANCTION/withdraw", "ACCUSE",
    ]  # fmt: skip
    assert [one.first_day for one in line.lines] == [
        "2026-05-04", "2026-05-06", "2026-05-07", "2026-05-20",
    ]  # fmt: skip
    assert [one.precision for one in line.lines] == ["day", "published", "day", "day"]
    assert (line.origins, line.articles) == (3, 3)


def test_a_line_is_the_sentence_as_it_stands_with_its_place(archive: Archive) -> None:
    for line in timelines.story(archive, story_of(archive, "a1")).lines:
        for source in line.sources:
            text = archive.record(source.article).article.text
            inside = text[source.sentence_start : source.sentence_end]
            assert source.sentence == " ".join(inside.split())
            assert source.words == " ".join(text[source.start : source.end].split())
            assert source.sentence_start <= source.start < source.end <= source.sentence_end
        assert line.source in line.sources


def test_the_sentence_is_that_of_the_report_and_not_its_headline(archive: Archive) -> None:
    seized = timelines.dyad(archive, "KEN", "TCD").lines[0]
    assert seized.text.startswith("Kenya seized three fishing boats")
    assert (seized.source.publisher, seized.source.day) == ("Herald", "2026-05-05")
    assert seized.source.url == "https://news.example/a1"
    assert {one.article for one in seized.sources} == {"a1", "b1", "c1"}


def test_two_countries_are_told_of_where_one_acts_and_the_sentence_names_the_other(
    archive: Archive,
) -> None:
    line = timelines.dyad(archive, "TCD", "KEN")
    assert whats(line) == ["COERCE/seize", "ASSAULT/beat", "SANCTION/withdraw"]
    assert timelines.dyad(archive, "TCD", "BOL").lines == ()


def test_days_bound_a_time_line(archive: Archive) -> None:
    line = timelines.dyad(archive, "TCD", "KEN", since="2026-05-05", until="2026-05-06")
    assert whats(line) == ["ASSAULT/beat"]


def test_what_a_claim_rests_on_and_that_it_is_disputed_is_said(archive: Archive) -> None:
    beaten = timelines.dyad(archive, "TCD", "KEN").lines[1]
    assert (beaten.status, beaten.on_word_of, beaten.disputed) == ("claimed", "Chad", True)


@pytest.mark.parametrize(("who", "number"), [("BOL", 1), ("Kenya", 3), ("Nobody Here", 0)])
def test_an_actor_is_a_country_or_a_name(archive: Archive, who: str, number: int) -> None:
    assert len(timelines.actor(archive, who).lines) == number


@pytest.mark.parametrize(("where", "number"), [("Lamu", 1), ("lamu", 1), ("BOL", 1), ("Lam", 0)])
def test_a_place_is_met_by_its_whole_name(archive: Archive, where: str, number: int) -> None:
    assert len(timelines.place(archive, where).lines) == number


def test_what_is_asked_wrongly_is_refused(archive: Archive) -> None:
    with pytest.raises(InputError, match="onrecord export stories"):
        timelines.story(archive, "st-none")
    with pytest.raises(InputError, match="three capital letters"):
        timelines.dyad(archive, "Kenya", "TCD")
    with pytest.raises(InputError, match="empty"):
        timelines.actor(archive, "  ")
    with pytest.raises(InputError, match="no date"):
        timelines.actor(archive, "KEN", since="last week")


def test_an_archive_that_was_never_joined_has_no_lines(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "empty.db") as empty:
        assert timelines.actor(empty, "KEN").lines == ()
        with pytest.raises(InputError):
            timelines.story(empty, "st-x")


def test_as_of_tells_what_was_known_here_then(archive: Archive) -> None:
    early = timelines.dyad(archive, "TCD", "KEN", as_of="2026-05-05")
    assert whats(early) == ["COERCE/seize"]
    assert {one.article for one in early.lines[0].sources} == {"a1"}
    assert early.lines[0].origins == 1
    with pytest.raises(InputError, match="on 2026-05-01"):
        timelines.story(archive, story_of(archive, "a1"), as_of="2026-05-01")


def test_the_first_to_carry_a_text_stands_for_its_origin_while_that_is_not_known(
    tmp_path: Path,
) -> None:
    late = seizure("late", "2026-05-05").record()
    carriers = [copied(late, "k1"), copied(late, "k2")]
    archive = archive_of(tmp_path / "a.db", [])
    with archive:
        for day, record in (("2026-05-05", carriers), ("2026-05-09", [late])):
            archive._clock.day = day  # type: ignore[attr-defined]
            archive.add_records(record)
        from onrecord.analysis.joining import join

        join(archive)
        (line,) = timelines.dyad(archive, "KEN", "TCD", as_of="2026-05-06").lines
    assert (line.origins, line.articles) == (1, 2)


def test_a_day_that_no_text_gives_is_marked_as_that_of_the_report() -> None:
    from onrecord.analysis._briefing_lines import precision

    assert precision("2026-05-04", "2026-05-04", "published") == "published"
    assert precision("2026-05-01", "2026-05-31", "event") == "month"
    assert precision("2026-01-01", "2026-12-31", "event") == "year"
    assert precision("2020-01-01", "2026-12-31", "event") == "years"
    assert precision("2026-05-04", "2026-05-05", "event") == "days"
    assert precision(None, None, None) == precision("soon", "later", "event") == "unknown"


# -- what somebody said -----------------------------------------------------------------


def test_a_history_has_every_statement_oldest_first_and_flags_what_may_contradict(
    archive: Archive,
) -> None:
    first, later = histories.person(archive, "Moura").sayings
    assert first.words == "“Every fishing boat had paid its harbour dues,”"
    assert (first.day, first.source.publisher, first.contradicts) == ("2026-05-05", "Herald", ())
    (candidate,) = later.contradicts
    assert (candidate.number, candidate.kind) == (0, "denial")
    assert "harbour" in candidate.reason


def test_a_history_can_be_asked_about_a_matter_and_for_days(archive: Archive) -> None:
    def number(**asked: str) -> int:
        return len(histories.person(archive, "Moura", **asked).sayings)  # type: ignore[arg-type]

    assert number(about="dues") == 2
    assert number(about="elections") == 0
    assert number(since="2026-05-06") == number(until="2026-05-06") == 1
    with pytest.raises(InputError, match="name is empty"):
        histories.person(archive, "")


def test_copies_and_repeats_are_told_apart_from_new_words(tmp_path: Path) -> None:
    again = seizure("d1", "2026-05-07").record()
    records = [seizure().record(), copied(seizure().record(), "k1"), again]
    with archive_of(tmp_path / "a.db", records) as archive:
        sayings = histories.person(archive, "Idriss Moura").sayings
    assert len({one.source.article for one in sayings}) == len(sayings)
    assert all(one.source.origin for one in sayings)
    assert [one.repeats for one in sayings[1:]] == [0] * (len(sayings) - 1)


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("the port will close its gates on Friday", "the port will not close its gates", "denial"),
        ("9 sailors were hurt at the port", "12 sailors were hurt at the port", "figures"),
        ("the port is open to every boat", "the market sells fish and bread", None),
        ("the port will close its gates", "the port will close its gates early", None),
        ("nobody was hurt at the port of Lamu", "no one was hurt at the port of Lamu", None),
    ],
)
def test_contradictions_are_candidates_by_rule(before: str, now: str, kind: str | None) -> None:
    from onrecord.analysis._briefing_said import candidates, speech
    from onrecord.analysis.told import Facts

    def spoken(words: str) -> object:
        draft = Draft("a", f"Kenya said that {words}.")
        number = words.split()[0]
        if number.isdigit():
            draft.figure(number, "injured", int(number), int(number))
        draft.says(KENYA, words)
        record = draft.record()
        return speech(Facts(record, "a"), record.statements[0])

    found = candidates(spoken(now), [spoken(before)])  # type: ignore[arg-type,list-item]
    assert [one.kind for one in found] == ([kind] if kind else [])


# -- figures ----------------------------------------------------------------------------


def test_a_toll_is_followed_from_report_to_report(archive: Archive) -> None:
    (series,) = figures.over_time(archive, story_of(archive, "a1"))
    assert (series.of, series.origins, series.disputed) == ("injured", 3, False)
    assert [(one.day, one.shown, one.change) for one in series.points] == [
        ("2026-05-05", "9", "first"), ("2026-05-06", "12", "up"), ("2026-05-08", "14", "up"),
    ]  # fmt: skip
    incident = series.incident or ""
    assert figures.over_time(archive, incident) == (series,)
    assert len(figures.over_time(archive, incident, as_of="2026-05-06")[0].points) == 2
    with pytest.raises(InputError, match="onrecord export incidents"):
        figures.over_time(archive, "i-none")


def test_figures_of_one_day_that_exclude_each_other_are_rivals(tmp_path: Path) -> None:
    drafts = [seizure("a1", "2026-05-08"), recall("c1", "2026-05-08")]
    with archive_of(tmp_path / "a.db", [one.record() for one in drafts]) as archive:
        (series,) = figures.over_time(archive, story_of(archive, "a1"))
    assert [one.change for one in series.points] == ["first", "rival"]
    assert series.disputed


def test_a_toll_of_no_incident_is_told_apart(tmp_path: Path) -> None:
    draft = Draft("f", "A flood at Lamu killed four people.", published="2026-05-05")
    draft.figure("four", "dead", 4, 4)
    with archive_of(tmp_path / "a.db", [draft.record()]) as archive:
        (series,) = figures.over_time(archive, story_of(archive, "f"))
    assert (series.incident, series.of, series.points[0].shown) == (None, "dead", "4")


# -- networks ---------------------------------------------------------------------------


def test_edges_count_incidents_and_name_them(archive: Archive) -> None:
    found = networks.actors(archive)
    (edge,) = found.edges
    assert (edge.source, edge.target, edge.kind) == ("KEN", "TCD", "acts")
    assert (edge.incidents, edge.conflict, edge.cooperation) == (1, 1, 0)
    known = {row.id for row in happenings.incidents(archive)}
    assert set(edge.ids) <= known
    assert {node.id: (node.acts, node.suffers) for node in found.nodes} == {
        "KEN": (1, 0), "TCD": (1, 1), "BOL": (1, 0),
    }  # fmt: skip


def test_a_network_gives_the_sentences_of_what_it_counts(archive: Archive) -> None:
    found = networks.actors(archive)
    lines = networks.lines(archive, found)
    ids = [line.incident for line in lines]
    assert set(ids) == {id_ for node in found.nodes for id_ in node.ids}
    assert all(len(node.ids) == node.incidents for node in found.nodes)
    assert lines[0].text.startswith("Kenya seized")


def test_claims_do_not_count_unless_asked_for(archive: Archive) -> None:
    (edge,) = networks.actors(archive, statuses=("actual", "claimed")).edges
    assert edge.incidents == 2


def test_a_network_is_bounded_by_days_countries_and_what_was_known(archive: Archive) -> None:
    assert networks.actors(archive, "2026-05-05", "2026-05-06").incidents == 1
    assert networks.actors(archive, about=["TCD"]).incidents == 2
    assert networks.actors(archive, as_of="2026-05-05").incidents == 1
    with pytest.raises(SettingError, match="none of country, actor"):
        networks.actors(archive, level="city")


def test_names_of_one_actor_are_one_node(tmp_path: Path) -> None:
    drafts = []
    for id_, name, month in (("a", "Grace Odhiambo", "May"), ("b", "Odhiambo", "July")):
        number = {"May": 5, "July": 7}[month]
        draft = Draft(id_, f"{name} met farmers in {month}.", published=f"2026-0{number}-05")
        draft.event(
            "met", "CONSULT", actors=[(name, name, "KEN", "GOV")],
            recipients=[("farmers", None, "TCD", "CVL", "group")],
            time=draft.time(month, f"2026-0{number}-01"),
        )  # fmt: skip
        drafts.append(draft)
    with archive_of(tmp_path / "a.db", [one.record() for one in drafts]) as archive:
        found = networks.actors(archive, level="actor")
    assert {node.name for node in found.nodes} == {"Grace Odhiambo", "farmers"}
    assert [edge.incidents for edge in found.edges] == [2]


# -- maps -------------------------------------------------------------------------------


def test_a_town_is_a_point_and_a_country_an_area(archive: Archive) -> None:
    found = maps.incidents(archive)
    by_place = {one["properties"]["place"]: one for one in found["features"]}
    lamu, bolivia = by_place["Lamu"], by_place["Bolivia"]
    assert lamu["geometry"] == {"type": "Point", "coordinates": [40.9, -2.27]}
    assert bolivia["geometry"]["type"] == "Polygon"
    assert (lamu["properties"]["shape"], bolivia["properties"]["shape"]) == ("point", "area")
    assert found["features"][0] is bolivia, "what is large lies below"
    (told,) = lamu["properties"]["incidents"]
    assert told["sentence"].startswith("Kenya seized")
    assert (told["publisher"], told["article"]) == ("Herald", "a1")


def test_incidents_without_a_place_are_counted_and_named(archive: Archive) -> None:
    found = maps.incidents(archive)
    placed = [row["id"] for one in found["features"] for row in one["properties"]["incidents"]]
    assert found["total"] == len(placed) + len(found["unplaced"]) == 4
    assert {row.id for row in happenings.incidents(archive)} >= {*placed, *found["unplaced"]}


def test_a_map_is_bounded_as_a_network_is(archive: Archive) -> None:
    assert maps.incidents(archive, about=["BOL"])["total"] == 1
    assert maps.incidents(archive, since="2026-05-07")["total"] == 1
    assert maps.incidents(archive, story=story_of(archive, "z1"))["total"] == 1
    assert maps.incidents(archive, as_of="2026-05-05")["total"] == 1


@pytest.mark.parametrize(("lat", "lon", "radius"), [(0, 0, 100), (65, -18, 300), (-17, 179.9, 50)])
def test_every_corner_of_an_area_is_its_radius_away(lat: float, lon: float, radius: float) -> None:
    ring = maps.circle(lat, lon, radius)
    assert ring[0] == ring[-1]
    assert len(ring) > 12
    for corner in ring:
        a = math.sin(math.radians(corner[1] - lat) / 2) ** 2
        b = math.sin(math.radians(corner[0] - lon) / 2) ** 2
        c = math.cos(math.radians(lat)) * math.cos(math.radians(corner[1]))
        assert 2 * 6371 * math.asin(math.sqrt(a + c * b)) == pytest.approx(radius, rel=0.01)
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0, "counter-clockwise, as RFC 7946 asks"


def test_a_radius_comes_from_the_gazetteer_else_from_the_precision() -> None:
    country = maps.radius_km(Spot("Bolivia", "BOL", -17.0, -65.0, "country"))
    assert country > 200
    assert maps.radius_km(Spot("Nowhere", "BOL", 1.0, 1.0, "city")) == 5.0
    assert maps.radius_km(Spot("Nowhere", None, 1.0, 1.0, None)) == 50.0


# -- tables -----------------------------------------------------------------------------


def test_everything_is_an_arrow_table_with_its_sentences(archive: Archive) -> None:
    from onrecord.analysis import briefing

    (series,) = figures.over_time(archive, story_of(archive, "a1"))
    for table, number in (
        (timelines.dyad(archive, "KEN", "TCD").table(), 3),
        (histories.person(archive, "Moura").table(), 2),
        (series.table(), 3),
    ):
        assert table.num_rows == number
        for row in table.to_pylist():
            text = archive.record(row["article"]).article.text
            assert row["words"] == " ".join(text[row["start"] : row["end"]].split())
            assert row["words"] in row["sentence"]
    edges = networks.actors(archive).table().to_pandas()
    assert list(edges["ids"].map(len)) == list(edges["incidents"])
    made = briefing.make(archive, "KEN,TCD")
    kinds = made.table().column("kind").to_pylist()
    assert kinds.count("incident") == len(made.happened) + 1 + sum(
        line.kind == "incident" for line in made.new
    )


def test_a_table_without_rows_has_its_columns(archive: Archive) -> None:
    table = timelines.actor(archive, "Nobody Here").table()
    assert (table.num_rows, "sentence" in table.column_names) == (0, True)
