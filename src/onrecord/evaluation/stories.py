"""Whether articles about one happening are put together: sets of topics with two stories each.

A topic of ECB+ holds two happenings that look alike (two earthquakes, two arrests of one
actress); articles of all topics are mixed, and their dates are withheld.  What grouping depends
on was chosen on one half of the topics, every other one; the figures to be quoted are those
of the other half, which is grouped by itself.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from onrecord.analysis import terms
from onrecord.analysis.stories import PARAMETERS, group, member_of
from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.record import Article, Record

KEYS = ("id", "topic", "story", "sentences")

_NAMES = ("pairwise F1", "B³ F1")
_FORMULAS = ("f1", "cluster f1")
#: Way of grouping → what stands before the names of its measures.
_WAYS: Mapping[str, str] = {
    "batch": "",
    "arrival": "in arrival order, ",
    "tuning": "half for tuning, ",
}
MEASURES: tuple[Measure, ...] = tuple(
    Measure(ahead + name, formula)
    for ahead in _WAYS.values()
    for name, formula in zip(_NAMES, _FORMULAS, strict=True)
)
#: Articles added to the archive at a time, and the seed of their order.
STEP, SEED = 10, 6

Groups = Sequence[Sequence[int]]


class TopicText(NamedTuple):
    """One article of the set, with the happening it tells of."""

    article: Article
    topic: int
    story: str


def topic_text(row: Mapping[str, Any]) -> TopicText:
    """Return a row of the set; its sentences are set as plain text, lines of addresses left out."""
    lines = [_plain(str(one)) for one in row["sentences"] if not _ADDRESS.match(str(one))]
    return TopicText(Article("\n".join(lines), id=row["id"]), int(row["topic"]), str(row["story"]))


_ADDRESS = re.compile(r"https? : / /")
#: How tokens set apart by spaces are put back: pattern, what stands for it.
_PLAIN = (
    (re.compile(r"`` ?| ?''"), '"'),
    (re.compile(r" ([.,;:?!%)\]])"), r"\1"),
    (re.compile(r"([($\[]) "), r"\1"),
    (re.compile(r" ('(?:s|S|re|ve|ll|d|m)\b|n't\b)"), r"\1"),
    (re.compile(r"(s) ' "), r"\1' "),
)


def _plain(sentence: str) -> str:
    for pattern, words in _PLAIN:
        sentence = pattern.sub(words, sentence)
    return sentence


def halves(topics: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the topics for tuning and those for reporting: every other one, in their order."""
    ordered = sorted(set(topics))
    return frozenset(ordered[::2]), frozenset(ordered[1::2])


def score(texts: Sequence[TopicText], records: Sequence[Record]) -> list[dict[str, Counts]]:
    """Return the counts of each topic, in their order; a topic of the other half counts nothing.

    ``records``: of the texts, in their order.
    """
    tuning, reporting = halves(one.topic for one in texts)
    found: dict[int, dict[str, Counts]] = {
        topic: {one.name: (0.0,) * (3 if one.formula == "f1" else 4) for one in MEASURES}
        for topic in sorted(tuning | reporting)
    }
    for half, names in ((reporting, ("batch", "arrival")), (tuning, ("tuning",))):
        picked = [i for i, one in enumerate(texts) if one.topic in half]
        own = [records[i] for i in picked]
        gold = [(texts[i].topic, texts[i].story) for i in picked]
        arrival, origins = arrived(own)
        grouped = {"arrival": arrival, "batch": batch(own, origins)}
        grouped["tuning"] = grouped["batch"]
        for way in names:
            for topic, both in _counts(gold, grouped[way]).items():
                found[topic].update(zip((_WAYS[way] + name for name in _NAMES), both, strict=True))
    return list(found.values())


def batch(records: Sequence[Record], origins: Mapping[int, int]) -> list[list[int]]:
    """Return the records, by number, in stories, all at once; ``origins``: carrier → origin."""
    return group([member_of(terms.light_of(one)) for one in records], origins)


def arrived(
    records: Sequence[Record], *, step: int = STEP, seed: int = SEED
) -> tuple[list[list[int]], dict[int, int]]:
    """Return stories and copies of an archive to which records are added a few at a time.

    The order is shuffled; copies are carrier → origin, those that follow it into its story.
    """
    from onrecord.analysis import joining
    from onrecord.archive import Archive

    order = list(range(len(records)))
    random.Random(seed).shuffle(order)
    number = {one.article.id: i for i, one in enumerate(records)}
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "stories.db") as archive:
        for first in range(0, len(order), step):
            archive.add_records(records[i] for i in order[first : first + step])
            joining.join(archive)
        groups = [[number[id_] for id_ in row.articles] for row in joining.stories(archive)]
        copies = {
            number[row.carrier]: number[row.origin]
            for row in joining.copies(archive)
            if row.share >= PARAMETERS.follows
        }
    return groups, copies


def _counts(gold: Sequence[tuple[int, str]], groups: Groups) -> dict[int, tuple[Counts, Counts]]:
    """Return for each topic its articles' share of pairs and of B³'s terms.

    Half of each pair counts for either article: (right, predicted, gold).
    """
    sizes = Counter(gold)
    pairs: dict[int, list[float]] = defaultdict(lambda: [0.0] * 3)
    cubed: dict[int, list[float]] = defaultdict(lambda: [0.0] * 4)
    for members in groups:
        shared = Counter(gold[i] for i in members)
        for i in members:
            n, topic = shared[gold[i]], gold[i][0]
            _add(pairs[topic], ((n - 1) / 2, (len(members) - 1) / 2, (sizes[gold[i]] - 1) / 2))
            _add(cubed[topic], (n / len(members), 1.0, n / sizes[gold[i]], 1.0))
    return {topic: (tuple(pairs[topic]), tuple(cubed[topic])) for topic in pairs}


def _add(sums: list[float], more: Sequence[float]) -> None:
    for i, one in enumerate(more):
        sums[i] += one
