"""How well reports are joined: incidents, disputes, offices and news of the shipped sample.

``python -m onrecord.evaluation.joining [--records FILE]`` prints the
numbers.  The truth is ``samples/truth.json``; docs/samples.md says how it is written.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from onrecord.analysis.disputes import disputes
from onrecord.analysis.incidents import incidents
from onrecord.analysis.news import About, news
from onrecord.analysis.offices import offices
from onrecord.analysis.rows import Dispute, Incident, Mention, Office
from onrecord.analysis.words import name_words, same_name, stems
from onrecord.record import Article, Record

Span = tuple[str, int, int]


class Found(NamedTuple):
    """Counts of what was looked for, what was given, and what of it is right."""

    name: str
    right: int
    given: int
    wanted: int

    @property
    def precision(self) -> float:
        """Share of the given that is right, 0–1."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Share of the wanted that was given, 0–1."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0–1."""
        total = self.given + self.wanted
        return 2 * self.right / total if total else 0.0

    def __str__(self) -> str:
        return (
            f"{self.name:<34} P {100 * self.precision:5.1f}  R {100 * self.recall:5.1f}  "
            f"F1 {100 * self.f1:5.1f}  ({self.right} right, {self.given} given, "
            f"{self.wanted} wanted)"
        )


# -- the sample -------------------------------------------------------------------------


def sample_articles() -> list[Article]:
    """Return the articles of the shipped sample."""
    keys = ("id", "text", "title", "publisher", "published", "url")
    text = files("onrecord.samples").joinpath("articles.jsonl").read_text(encoding="utf-8")
    rows = map(json.loads, text.splitlines())
    return [Article(**{key: row.get(key) for key in keys}) for row in rows]


def sample_truth() -> dict[str, Any]:
    """Return what is true of the shipped sample."""
    text = files("onrecord.samples").joinpath("truth.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def place_of(row: Mapping[str, Any], texts: Mapping[str, str]) -> Span:
    """Return where the words of a row of the truth stand.

    Raises ValueError when the article does not have them.
    """
    start = -1
    for _ in range(row.get("nth", 1)):
        start = texts[row["article"]].index(row["words"], start + 1)
    return row["article"], start, start + len(row["words"])


def truth_groups(truth: Mapping[str, Any], texts: Mapping[str, str]) -> dict[Span, str]:
    """Return each mention of the truth with its incident."""
    return {
        place_of(mention, texts): row["id"]
        for row in truth["incidents"]
        for mention in row["mentions"]
    }


# -- incidents --------------------------------------------------------------------------


def pair_up(gold: Iterable[Span], given: Iterable[Span]) -> dict[Span, Span]:
    """Return each gold span with the given one that overlaps it most; each is taken once."""
    at: dict[str, list[Span]] = defaultdict(list)
    for span in given:
        at[span[0]].append(span)
    shares = [
        (min(g[2], p[2]) - max(g[1], p[1]), g, p)
        for g in gold
        for p in at[g[0]]
        if min(g[2], p[2]) > max(g[1], p[1])
    ]
    pairs: dict[Span, Span] = {}
    taken: set[Span] = set()
    for _, g, p in sorted(shares, key=lambda row: (-row[0], row[1], row[2])):
        if g not in pairs and p not in taken:
            pairs[g] = p
            taken.add(p)
    return pairs


def incident_scores(gold: Mapping[Span, str], rows: Sequence[Incident]) -> list[Found]:
    """Score incidents on the mentions that both have: pairs that are together, as F1."""
    given = {_span(mention): row.id for row in rows for mention in row.mentions}
    pairs = pair_up(gold, given)
    spans = sorted(pairs)
    same_gold = {pair for pair in combinations(spans, 2) if gold[pair[0]] == gold[pair[1]]}
    same_given = {
        pair for pair in combinations(spans, 2) if given[pairs[pair[0]]] == given[pairs[pair[1]]]
    }
    return [
        Found("mentions found by the reader", len(pairs), len(given), len(gold)),
        Found(
            "incidents, pairs of mentions",
            len(same_gold & same_given),
            len(same_given),
            len(same_gold),
        ),
    ]


def _span(mention: Mention) -> Span:
    return mention.article, mention.start, mention.end


def mapped(gold: Mapping[Span, str], rows: Sequence[Incident]) -> dict[str, str]:
    """Return each given incident's id with the true one it shares most mentions with."""
    given = {_span(mention): row.id for row in rows for mention in row.mentions}
    votes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for g, p in pair_up(gold, given).items():
        votes[given[p]][gold[g]] += 1
    return {id_: min(count, key=lambda one: (-count[one], one)) for id_, count in votes.items()}


# -- disputes ---------------------------------------------------------------------------


def dispute_score(
    truth: Mapping[str, Any], texts: Mapping[str, str], rows: Sequence[Dispute]
) -> tuple[Found, list[str], list[Dispute]]:
    """Score disputes; return also the ids of those missed and the given ones that are wrong.

    One is found by a dispute of its kind that has words of two of its sides, of a silence
    the silent one's; each counts once.
    """
    wanted = {row["id"]: row for row in truth["disputes"]}
    sides = {id_: [place_of(side, texts) for side in row["sides"]] for id_, row in wanted.items()}
    left, right, wrong = dict(wanted), 0, []
    for row in sorted(rows, key=lambda row: (-len(row.sides), row.id)):
        hits = [(_shared(left[id_], sides[id_], row), id_) for id_ in left]
        best = max(hits, default=(0, ""))
        if best[0] == 0:
            wrong.append(row)
            continue
        right += 1
        del left[best[1]]
    return Found("disputes", right, len(rows), len(wanted)), sorted(left), wrong


def _shared(gold: Mapping[str, Any], spans: Sequence[Span], row: Dispute) -> int:
    """Return how many sides two disputes share; 0 where that is not enough."""
    if gold["kind"] != row.kind:
        return 0
    hit = [
        side
        for side, span in zip(gold["sides"], spans, strict=True)
        if any(
            one.article == span[0] and one.start < span[2] and one.end > span[1]
            for one in row.sides
        )
    ]
    if row.kind == "silence":
        return sum(side["stance"] == "decline" for side in hit)
    return len(hit) if len(hit) > 1 else 0


# -- offices ----------------------------------------------------------------------------


def office_score(
    truth: Mapping[str, Any], rows: Sequence[Office]
) -> tuple[Found, list[dict[str, Any]], list[Office]]:
    """Score offices: person, office and whether it is past; return also missed and wrong ones."""
    missed, used = [], set()
    for gold in truth["offices"]:
        hit = next((row for row in rows if row not in used and _same_office(gold, row)), None)
        if hit is None:
            missed.append(dict(gold))
        else:
            used.add(hit)
    right = len(truth["offices"]) - len(missed)
    wrong = [row for row in rows if row not in used]
    return Found("offices", right, len(rows), len(truth["offices"])), missed, wrong


def _same_office(gold: Mapping[str, Any], row: Office) -> bool:
    if not same_name(gold["person"], row.person) or gold["former"] != row.former:
        return False
    if gold["country"] and row.country and gold["country"] != row.country:
        return False
    if name_words(gold["office"]) == name_words(row.office):
        return True
    mine, whole = stems(row.office), stems(f"{row.office} {row.organisation or ''}")
    wanted = stems(gold["office"])
    return bool(mine) and wanted >= mine and (wanted <= whole or whole - mine <= wanted)


# -- news -------------------------------------------------------------------------------


def news_score(
    wanted: Sequence[str], given: Sequence[str], ids: Mapping[str, str], known: Iterable[str]
) -> Found:
    """Score which incidents are new; what the reader never found is left out on both sides."""
    known = set(known)
    want = {id_ for id_ in wanted if id_ in known}
    have = {ids[id_] for id_ in given if id_ in ids}
    return Found("new", len(want & have), len(have), len(want))


# -- the command ------------------------------------------------------------------------


def read_sample(cache: Path | None = None) -> dict[str, Record]:
    """Return the sample's records; from ``cache`` (JSON Lines) where they stand already."""
    if cache is not None and cache.exists():
        found = [Record.from_json(line) for line in cache.read_text("utf-8").splitlines()]
        texts = {article.id: article.text for article in sample_articles()}
        if {record.article.id: record.article.text for record in found} == texts:
            return {record.article.id or "": record for record in found}
    from onrecord.reading.reader import Reader

    records = list(Reader().read_many(sample_articles()))
    if cache is not None:
        cache.write_text("".join(record.to_json() + "\n" for record in records), "utf-8")
    return {record.article.id or "": record for record in records}


def gold_stories(truth: Mapping[str, Any]) -> dict[str, str]:
    """Return each article's true story."""
    return {id_: row["id"] for row in truth["stories"] for id_ in row["articles"]}


def gold_origins(truth: Mapping[str, Any]) -> dict[str, str]:
    """Return each true copy's origin."""
    return {id_: row["origin"] for row in truth["copies"] for id_ in row["carriers"]}


def joined(records: Mapping[str, Record]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the stories and origins that ``join`` finds for records in an archive of their own."""
    from onrecord.analysis import joining
    from onrecord.archive import Archive

    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "sample.db") as archive:
        archive.add_records(records.values())
        joining.join(archive)
        story_of = {id_: row.id for row in joining.stories(archive) for id_ in row.articles}
        return story_of, {row.carrier: row.origin for row in joining.copies(archive)}


def scores(
    truth: Mapping[str, Any],
    records: Mapping[str, Record],
    story_of: Mapping[str, str],
    origin_of: Mapping[str, str],
) -> list[Found]:
    """Score everything that follows from records in given stories."""
    texts = {id_: record.article.text for id_, record in records.items()}
    gold = truth_groups(truth, texts)
    rows = incidents(records, story_of, origin_of)
    quarrels = disputes(records, story_of, origin_of, rows)
    found = incident_scores(gold, rows)
    found.append(event_bound(gold, records))
    found.append(dispute_score(truth, texts, quarrels)[0])
    found.append(office_score(truth, offices(records, origin_of))[0])
    found.append(all_news(truth, gold, rows))
    return found


def event_bound(gold: Mapping[Span, str], records: Mapping[str, Record]) -> Found:
    """Score the best that joining could do with the reader's events as they are."""
    event_of = {
        (id_, mention.start, mention.end): (id_, event.id)
        for id_, record in records.items()
        for event in record.events
        for mention in event.mentions
    }
    pairs = pair_up(gold, event_of)
    votes: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for g, p in pairs.items():
        votes[event_of[p]][gold[g]] += 1
    best = {key: min(count, key=lambda one: (-count[one], one)) for key, count in votes.items()}
    together = list(combinations(sorted(pairs), 2))
    wanted = {pair for pair in together if gold[pair[0]] == gold[pair[1]]}
    given = {
        pair
        for pair in together
        if best[event_of[pairs[pair[0]]]] == best[event_of[pairs[pair[1]]]]
    }
    return Found("  the most its events allow", len(wanted & given), len(given), len(wanted))


def _likely(question: Mapping[str, Any], truth: Mapping[str, Any], rows: Sequence[Incident]) -> str:
    """Return the given story that has most of a true story's articles."""
    wanted = {
        id_
        for row in truth["stories"]
        if row["id"] == question["about"][0]
        for id_ in row["articles"]
    }
    votes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        votes[row.story] |= {mention.article for mention in row.mentions} & wanted
    return max(sorted(votes), key=lambda story: len(votes[story]))


def all_news(truth: Mapping[str, Any], gold: Mapping[Span, str], rows: Sequence[Incident]) -> Found:
    """Score the sample's questions of what is new, on incidents that were found at all."""
    ids = mapped(gold, rows)
    known = set(ids.values())
    stories = {row["id"] for row in truth["stories"]}
    found = []
    for question in truth["new"]:
        about = About.parse(",".join(question["about"]), stories)
        if about.story is not None:
            about = About(story=_likely(question, truth, rows))
        new = [row for row in news(rows, question["since"], about) if row.kind == "incident"]
        given = [row.incident or "" for row in new]
        found.append(news_score(question["incidents"], given, ids, known))
    return Found("new incidents", *map(sum, zip(*(row[1:] for row in found), strict=True)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=Path, help="keep the sample's records in this file")
    given = parser.parse_args(arguments)
    truth, records = sample_truth(), read_sample(given.records)
    ways = {
        "true stories and copies": (gold_stories(truth), gold_origins(truth)),
        "stories and copies as found": joined(records),
    }
    for name, (story_of, origin_of) in ways.items():
        print(name)
        for score in scores(truth, records, story_of, origin_of):
            print(f"  {score}")


if __name__ == "__main__":
    main()
