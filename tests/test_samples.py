"""The sample corpus is whole, and its truth stands in its texts."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from onrecord import Article, ontology, samples
from onrecord.knowledge import countries
from onrecord.record import FIGURE_KINDS, STANCES, STATUSES

ARTICLES = {str(article.id): article for article in samples.articles()}
TRUTH = samples.truth()
INCIDENTS: dict[str, Any] = {row["id"]: row for row in TRUTH["incidents"]}
FIRST, LAST = date(2026, 2, 2), date(2026, 3, 1)


def day_of(article: Article) -> date:
    assert article.published
    return datetime.fromisoformat(article.published).date()


def moment_of(article: str) -> tuple[str, str]:
    return str(ARTICLES[article].published), article


def nth_start(text: str, words: str, nth: int) -> int:
    """Return where the nth occurrence of words starts, -1 if there are fewer."""
    start = -1
    for _ in range(nth):
        start = text.find(words, start + 1)
        if start < 0:
            return -1
    return start


def mentions() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for incident in TRUTH["incidents"]:
        for mention in incident["mentions"]:
            yield incident, mention


def is_code(code: str) -> bool:
    return code in ontology.nonstate_codes() or countries.name_of(code) is not None


def days_of_truth() -> Iterator[str | None]:
    for row in TRUTH["incidents"]:
        yield from (row["first_day"], row["last_day"])
    for row in TRUTH["tension"]:
        yield row["peak"]
        yield from (move["day"] for move in row["moves"])
    yield from (row["day"] for row in TRUTH["upcoming"])
    yield from (row["since"] for row in TRUTH["new"])


# The reports


def test_ids_and_addresses_are_unique() -> None:
    rows = list(samples.articles())
    assert len({row.id for row in rows}) == len(rows)
    assert len({row.url for row in rows}) == len(rows)


def test_the_corpus_has_the_size_and_span_it_promises() -> None:
    assert 44 <= len(ARTICLES) <= 52
    assert 6 <= len({article.publisher for article in ARTICLES.values()}) <= 7
    assert all(FIRST <= day_of(article) <= LAST for article in ARTICLES.values())


@pytest.mark.parametrize("article", ARTICLES.values(), ids=list(ARTICLES))
def test_a_report_is_fit_to_be_read(article: Article) -> None:
    assert article.text.split("\n")[0] == article.title
    assert 100 <= len(article.text.split()) <= 400
    assert str(urlsplit(article.url or "").hostname).endswith(".example")
    assert article.published_basis == "given"
    assert not set("{}|") & set(article.text)


def test_reports_come_in_order_of_publication() -> None:
    days = [day_of(article) for article in samples.articles()]
    assert days == sorted(days)


# Stories and copies


def test_stories_are_a_partition() -> None:
    told = [article for story in TRUTH["stories"] for article in story["articles"]]
    assert sorted(told) == sorted(ARTICLES)
    assert len({story["id"] for story in TRUTH["stories"]}) == len(TRUTH["stories"])
    assert all(story["title"] for story in TRUTH["stories"])


def test_a_carrier_comes_after_its_origin_from_another_outlet_in_the_same_story() -> None:
    story_of = {article: row["id"] for row in TRUTH["stories"] for article in row["articles"]}
    carriers = [carrier for row in TRUTH["copies"] for carrier in row["carriers"]]
    assert len(carriers) == len(set(carriers)) >= 10
    assert not set(carriers) & {row["origin"] for row in TRUTH["copies"]}
    for row in TRUTH["copies"]:
        for carrier in row["carriers"]:
            origin, copy = ARTICLES[row["origin"]], ARTICLES[carrier]
            assert story_of[row["origin"]] == story_of[carrier]
            assert origin.publisher != copy.publisher
            assert day_of(origin) <= day_of(copy)


def test_a_carrier_keeps_at_least_a_third_of_its_sentences_from_the_origin() -> None:
    for row in TRUTH["copies"]:
        origin = ARTICLES[row["origin"]].text
        for carrier in row["carriers"]:
            paragraphs = ARTICLES[carrier].text.split("\n\n")[1:]
            kept = sum(len(p) for p in paragraphs if p in origin)
            assert kept >= sum(map(len, paragraphs)) / 3, carrier


def test_lookalikes_are_of_different_stories() -> None:
    story_of = {article: row["id"] for row in TRUTH["stories"] for article in row["articles"]}
    for row in TRUTH["lookalikes"]:
        one, other = row["articles"]
        assert story_of[one] != story_of[other]


# Incidents


def test_ids_of_incidents_and_disputes_are_unique() -> None:
    assert len(INCIDENTS) == len(TRUTH["incidents"]) >= 80
    assert len({row["id"] for row in TRUTH["disputes"]}) == len(TRUTH["disputes"])


def test_every_mention_stands_in_its_text() -> None:
    assert sum(1 for _ in mentions()) >= 200
    for incident, mention in mentions():
        text = ARTICLES[mention["article"]].text
        assert nth_start(text, mention["words"], mention["nth"]) >= 0, (incident["id"], mention)


def test_no_words_are_a_mention_of_two_incidents() -> None:
    spans = Counter(
        (m["article"], nth_start(ARTICLES[m["article"]].text, m["words"], m["nth"]))
        for _, m in mentions()
    )
    assert [span for span, count in spans.items() if count > 1] == []


@pytest.mark.parametrize("incident", TRUTH["incidents"], ids=list(INCIDENTS))
def test_an_incident_is_coded_in_terms_of_the_ontology(incident: dict[str, Any]) -> None:
    assert incident["type"] in ontology.types()
    if incident["mode"] is not None:
        assert ontology.mode(incident["type"], incident["mode"])
    assert incident["status"] in STATUSES
    assert incident["actors"]
    assert incident["mentions"]
    people = incident["actors"] + incident["recipients"]
    codes = [row["country"] for row in people] + [incident["country"]]
    assert all(is_code(code) for code in codes if code is not None)


@pytest.mark.parametrize("incident", TRUTH["incidents"], ids=list(INCIDENTS))
def test_an_incident_stays_within_its_story(incident: dict[str, Any]) -> None:
    (story,) = [row for row in TRUTH["stories"] if row["id"] == incident["story"]]
    assert {row["article"] for row in incident["mentions"]} <= set(story["articles"])
    assert {row["article"] for row in incident["figures"]} <= set(story["articles"])


@pytest.mark.parametrize("incident", TRUTH["incidents"], ids=list(INCIDENTS))
def test_an_incident_is_not_dated_later_than_it_was_told(incident: dict[str, Any]) -> None:
    if incident["status"] == "future" or incident["first_day"] is None:
        return
    told = max(day_of(ARTICLES[row["article"]]) for row in incident["mentions"])
    assert incident["first_day"] <= incident["last_day"]
    assert date.fromisoformat(incident["last_day"]) <= told


def test_figures_have_a_kind_and_ordered_bounds() -> None:
    for incident in TRUTH["incidents"]:
        for row in incident["figures"]:
            assert row["of"] in FIGURE_KINDS
            bounds = [bound for bound in (row["low"], row["high"]) if bound is not None]
            assert bounds
            assert bounds == sorted(bounds)


def test_days_are_iso_dates() -> None:
    for day in days_of_truth():
        assert day is None or date.fromisoformat(day)


# Disputes, offices and the rest


@pytest.mark.parametrize("dispute", TRUTH["disputes"], ids=lambda row: row["id"])
def test_a_dispute_has_sides_whose_words_stand_once(dispute: dict[str, Any]) -> None:
    assert dispute["kind"] in ("denial", "figures", "blame", "silence")
    assert dispute["incident"] is None or dispute["incident"] in INCIDENTS
    assert len(dispute["sides"]) >= 2
    assert len({side["speaker"] for side in dispute["sides"]}) >= 2
    carriers = {carrier for row in TRUTH["copies"] for carrier in row["carriers"]}
    for side in dispute["sides"]:
        assert ARTICLES[side["article"]].text.count(side["words"]) == 1, side
        assert side["stance"] in STANCES
        assert side["article"] not in carriers


def test_an_office_is_dated_by_the_first_report_that_names_its_holder() -> None:
    assert len(TRUTH["offices"]) >= 15
    for row in TRUTH["offices"]:
        surname = row["person"].split()[-1]
        naming = [name for name in ARTICLES if surname in ARTICLES[name].text]
        assert min(naming, key=moment_of) == row["first_article"], row
        assert row["country"] is None or is_code(row["country"])


def test_offices_change_hands() -> None:
    left = {(row["office"], row["country"]) for row in TRUTH["offices"] if row.get("until")}
    taken = {(row["office"], row["country"]) for row in TRUTH["offices"] if row.get("since")}
    assert len(left & taken) >= 2


def test_upcoming_words_stand_in_a_report_that_is_earlier_than_the_day() -> None:
    for row in TRUTH["upcoming"]:
        article = ARTICLES[row["article"]]
        assert row["words"] in article.text
        assert date.fromisoformat(row["day"]) > day_of(article)


def test_tension_moves_name_incidents_of_their_day_and_dyad() -> None:
    for row in TRUTH["tension"]:
        for move in row["moves"]:
            assert move["direction"] in ("worse", "better")
            for name in move["incidents"]:
                incident = INCIDENTS[name]
                people = incident["actors"] + incident["recipients"]
                assert {person["country"] for person in people} & set(row["dyad"])
                assert incident["first_day"] <= move["day"] <= incident["last_day"]


def test_what_is_new_was_first_reported_since_the_day_asked() -> None:
    for row in TRUTH["new"]:
        since = date.fromisoformat(row["since"])
        assert row["kind"] in ("story", "dyad", "actor")
        assert row["incidents"]
        for name in row["incidents"] + row["changed"]:
            told = [day_of(ARTICLES[m["article"]]) for m in INCIDENTS[name]["mentions"]]
            assert (min(told) >= since) == (name in row["incidents"]), (row["question"], name)


def test_turns_are_told_by_a_report_that_mentions_the_incident() -> None:
    for row in TRUTH["turns"]:
        assert row["kind"] in ("carried out", "kept", "confirmed", "corrected")
        assert row["first"] in INCIDENTS
        told = {mention["article"] for mention in INCIDENTS[row["then"]]["mentions"]}
        assert row["article"] in told


# The module


def test_truth_is_a_copy_of_ones_own() -> None:
    samples.truth()["stories"].clear()
    assert samples.truth()["stories"]


def test_importing_the_samples_is_light() -> None:
    code = "import sys, onrecord.samples; print('numpy' in sys.modules, 'lxml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
