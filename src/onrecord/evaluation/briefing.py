"""How well briefings and time lines agree with the shipped sample's truth.

``python -m onrecord.evaluation.briefing [--archive FILE] [--doubled]`` prints the numbers;
``FILE`` is a joined archive of the sample, by default one is made in a temporary folder.
``--doubled`` prints instead which answers change when every report is copied once.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from onrecord import samples
from onrecord.analysis import briefing, happenings, maps, networks, timelines
from onrecord.analysis._briefing_upcoming import announced
from onrecord.analysis.joining import join, stories
from onrecord.archive import Archive
from onrecord.evaluation.joining import (
    Found,
    dispute_score,
    mapped,
    news_score,
    sample_articles,
    sample_truth,
    truth_groups,
)


def scores(archive: Archive) -> list[Found]:
    """Return the scores of a joined archive of the sample."""
    truth = sample_truth()
    texts = {article.id or "": article.text for article in sample_articles()}
    ids = mapped(truth_groups(truth, texts), list(happenings.incidents(archive)))
    given = {one.id for one in briefing.make(archive).disputed}
    rows = [row for row in happenings.disputes(archive) if row.id in given]
    return [
        upcoming(archive, truth, texts),
        news(archive, truth, ids),
        dispute_score(truth, texts, rows)[0],
        happened(archive, truth, ids),
        dyads(archive, truth, ids),
    ]


def upcoming(archive: Archive, truth: Mapping[str, Any], texts: Mapping[str, str]) -> Found:
    """Score dated events to come: the words overlap, and the day is the same."""
    wanted = []
    for row in truth["upcoming"]:
        start = texts[row["article"]].index(row["words"])
        wanted.append((row["article"], row["day"], start, start + len(row["words"])))
    given = [one for id_ in texts for one in announced(archive.record(id_), id_)]
    right = sum(
        any(
            (one.article, one.first_day) == (article, day) and one.start < end and start < one.end
            for one in given
        )
        for article, day, start, end in wanted
    )
    return Found("dated events to come", right, len(given), len(wanted))


def news(archive: Archive, truth: Mapping[str, Any], ids: Mapping[str, str]) -> Found:
    """Score new incidents over the sample's questions, of those that were found at all."""
    parts = []
    for question in truth["new"]:
        about = ",".join(question["about"])
        if question["kind"] == "story":
            about = _story(archive, truth, about)
        made = briefing.make(archive, about, question["since"])
        new = [line.incident or "" for line in made.new if line.kind == "incident"]
        parts.append(news_score(question["incidents"], new, ids, ids.values()))
    return Found("new incidents", *map(sum, zip(*(row[1:] for row in parts), strict=True)))


def _story(archive: Archive, truth: Mapping[str, Any], true: str) -> str:
    """Return the story found that has most of a true story's articles."""
    (wanted,) = (set(row["articles"]) for row in truth["stories"] if row["id"] == true)
    return max(stories(archive), key=lambda one: len(wanted & set(one.articles))).id


def happened(archive: Archive, truth: Mapping[str, Any], ids: Mapping[str, str]) -> Found:
    """Score what is said to have happened, of incidents that were found at all."""
    status = {row["id"]: row["status"] for row in truth["incidents"]}
    wanted = {id_ for id_ in ids.values() if status[id_] == "actual"}
    given = [
        ids[line.incident or ""] for line in briefing.make(archive).happened if line.incident in ids
    ]
    right = sum(status[id_] == "actual" for id_ in given)
    return Found("said to have happened", right, len(given), max(len(wanted), right))


def dyads(archive: Archive, truth: Mapping[str, Any], ids: Mapping[str, str]) -> Found:
    """Score which incidents are between two countries, over the dyads of the truth's tension."""
    parts = []
    for row in truth["tension"]:
        one, other = row["dyad"]
        wanted = {
            incident["id"] for incident in truth["incidents"] if _between(incident, one, other)
        } & set(ids.values())
        lines = timelines.dyad(archive, one, other).lines
        given = {ids[line.incident or ""] for line in lines if line.incident in ids}
        parts.append((len(wanted & given), len(given), len(wanted)))
    return Found("incidents between two countries", *map(sum, zip(*parts, strict=True)))


def _between(incident: Mapping[str, Any], one: str, other: str) -> bool:
    actors, recipients = (
        {party["country"] for party in incident[side]} for side in ("actors", "recipients")
    )
    across = (one in actors and other in recipients) or (other in actors and one in recipients)
    return across or {one, other} <= actors


#: What is asked of the sample and of the sample with every report copied.
QUESTIONS = (None, "URY,PRY", "ZMB,MWI", "SVN", "Grace Mulolani")


def doubled(archive: Archive, other: Archive) -> list[str]:
    """Fill ``other`` with every report twice; return the answers that differ, none at best."""
    records = [archive.record(id_) for id_ in archive.ids()]
    copies = [
        replace(
            one, article=replace(
                one.article, id=f"zz-{one.article.id}", publisher="Copyist", url=None,
                canonical_url=None,
            )
        )
        for one in records
    ]  # fmt: skip
    other.add_records(records + copies)
    join(other)
    before, after = _answers(archive), _answers(other)
    return [name for name in before if before[name] != after[name]]


def _answers(archive: Archive) -> dict[str, object]:
    found: dict[str, object] = {}
    for about in QUESTIONS:
        made = briefing.make(archive, about, "2026-02-09", "2026-02-21")
        name = about or "everything"
        found[f"{name}: counts"] = [(one.name, one.value, one.incidents) for one in made.counts]
        found[f"{name}: lines"] = [
            (one.incident, one.origins, one.status, one.text)
            for one in (*made.happened, *made.claimed, *made.new, *made.upcoming)
        ]
        found[f"{name}: disputes"] = [
            (one.kind, one.about, len(one.sides)) for one in made.disputed
        ]
        found[f"{name}: figures"] = [
            (one.of, one.title, [(point.shown, point.change) for point in one.points])
            for one in made.numbers
        ]
    network = networks.actors(archive, level="actor")
    found["network"] = (network.nodes, network.edges)
    places = (one["properties"] for one in maps.incidents(archive)["features"])
    found["map"] = [(one["place"], one["count"]) for one in places]
    return found


@contextmanager
def _archive(path: Path | None) -> Iterator[Archive]:
    if path is not None:
        with Archive.open(path) as archive:
            yield archive
        return
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "sample.db") as archive:
        archive.add(samples.articles())
        join(archive)
        yield archive


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, help="a joined archive of the sample")
    parser.add_argument("--doubled", action="store_true", help="copy every report once")
    given = parser.parse_args(arguments)
    with _archive(given.archive) as archive:
        if given.doubled:
            with TemporaryDirectory() as folder, Archive.open(Path(folder) / "two.db") as other:
                changed = doubled(archive, other)
                print(f"{len(changed)} answers change: {', '.join(changed) or 'none'}")
            return
        for score in scores(archive):
            print(score)


if __name__ == "__main__":
    main()
