"""How well the tension index agrees with the truth of the shipped sample.

``python -m onrecord.evaluation.tension [--records FILE]`` prints, for the true incidents and
for those that the shipped reader finds: peaks, moves, and how often the index stays within
its band when two of the seven outlets are left out and the rest is joined anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

from onrecord import ontology
from onrecord.analysis import tension
from onrecord.analysis._tension_ledger import number, of_incidents
from onrecord.analysis.incidents import incidents
from onrecord.analysis.rows import Incident, Mention, Party, Report
from onrecord.analysis.tension_bench import held
from onrecord.evaluation import joining as scorer
from onrecord.record import Article, Record


def true_incidents(truth: Mapping[str, Any], articles: Sequence[Article]) -> list[Incident]:
    """Return the truth's incidents as rows, each report with the status at the end."""
    known = {article.id: article for article in articles}
    copies = {id_ for row in truth["copies"] for id_ in row["carriers"]}
    return [_true(row, known, copies) for row in truth["incidents"]]


def _true(row: Mapping[str, Any], known: Mapping[Any, Article], copies: set[str]) -> Incident:
    in_articles = sorted({mention["article"] for mention in row["mentions"]})
    reports = tuple(
        Report(id_, known[id_].publisher, (known[id_].published or "")[:10], id_ not in copies,
               row["status"], None, 1.0)
        for id_ in sorted(in_articles, key=lambda id_: (known[id_].published or "", id_))
    )  # fmt: skip
    places = (scorer.place_of(one, {one["article"]: known[one["article"]].text})
              for one in row["mentions"])  # fmt: skip
    mentions = tuple(Mention(article, row["id"], start, end) for article, start, end in places)
    actors, recipients = (
        tuple(Party(one["name"], one["name"] or "", one["country"], None) for one in row[side])
        for side in ("actors", "recipients")
    )
    return Incident(
        row["id"], row["type"], row["mode"], (), row["status"], actors, recipients, None,
        row["first_day"], row["last_day"], "event", row["story"], mentions, reports, (),
        sum(one.origin for one in reports), len(reports),
        ontology.score(row["type"], row["mode"]), 1.0, 1.0,
    )  # fmt: skip


def moved(found: tension.Tension, move: Mapping[str, Any]) -> bool:
    """Whether incidents of the day moved the index as the truth says: worse or better."""
    at = number(move["day"]) - found.start
    if not 0 <= at < len(found):
        return False
    return bool(found.new[at] > 0 if move["direction"] == "worse" else found.new[at] < 0)


def agreement(truth: Mapping[str, Any], rows: Sequence[Incident]) -> list[str]:
    """Return lines on how the index agrees with what the truth says of dyads."""
    lines = []
    for told in truth["tension"]:
        found = tension.daily(rows, *told["dyad"], both=True)
        right = [moved(found, move) for move in told["moves"]]
        lines.append(
            f"{found.name}: {_days(found, told)}"
            + (f"; {sum(right)} of {len(right)} moves as in the truth" if right else "")
        )
    return lines


def _days(found: tension.Tension, told: Mapping[str, Any]) -> str:
    """Return the days that matter: the one that brought most, and the highest level."""
    highest, worst = int(np.argmax(found.value)), int(np.argmax(found.new))
    if told["peak"] is None:
        quiet = ", quiet in the truth" if told["quiet"] else ""
        return f"never above {found.value[highest]:+.1f}{quiet}"
    return (
        f"worst day {found.days[worst]} ({found.new[worst]:+.1f}; truth {told['peak']}), "
        f"highest on {found.days[highest]} ({found.value[highest]:+.1f})"
    )


def outlets_out(records: Mapping[str, Record], draws: int) -> str:
    """Return a line on the sample without two of its seven outlets, its incidents joined anew."""
    story_of, origin_of = scorer.joined(records)
    outlets = sorted({record.article.publisher for record in records.values()}, key=str)

    def again(gone: set[str | None]) -> list[Incident]:
        left = {id_: one for id_, one in records.items() if one.article.publisher not in gone}
        known = {copy: origin for copy, origin in origin_of.items() if origin in left}
        return incidents(left, story_of, known)

    found = held(again(set()), again, outlets, ("URY", "PRY"), draws)
    return f"URY ↔ PRY without 2 of {len(outlets)} outlets, {draws} draws: {found}"


def doubled(records: Mapping[str, Record]) -> str:
    """Return a line on the sample with every report once more, of another outlet."""
    twice = dict(records)
    for id_, record in records.items():
        article = replace(record.article, id=f"{id_}-again", publisher="Copy House", url=None)
        twice[f"{id_}-again"] = replace(record, article=article)
    once, again = (_all_columns(incidents(one, *scorer.joined(one))) for one in (records, twice))
    pairs = sum(not np.array_equal(once[pair], again[pair]) for pair in once)
    return f"every report twice: {pairs} of {len(once)} dyads have another index or band"


def _all_columns(rows: Sequence[Incident]) -> dict[tuple[str, str], Any]:
    """Return index and band of every ordered pair of countries."""
    ledger = of_incidents(rows)
    codes = [key for key in ledger.keys if not key.startswith("=")]
    found = {}
    for pair in sorted(permutations(codes, 2)):
        one = tension.daily(ledger, *pair, since="2026-01-31", until="2026-02-28")
        found[pair] = np.round(np.stack([one.value, one.low, one.high]), 9)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=Path, help="keep the sample's records in this file")
    parser.add_argument("--draws", type=int, default=50, help="of outlets left out")
    given = parser.parse_args(arguments)
    truth, records = scorer.sample_truth(), scorer.read_sample(given.records)
    print("true incidents", *agreement(truth, true_incidents(truth, scorer.sample_articles())),
          sep="\n  ")  # fmt: skip
    found = incidents(records, *scorer.joined(records))
    print("incidents as read and joined", *agreement(truth, found),
          outlets_out(records, given.draws), doubled(records), sep="\n  ")  # fmt: skip


if __name__ == "__main__":
    main()
