"""Scoring coreference: pronouns, clusters over given mentions, and GAP's two names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from onrecord.evaluation.bootstrap import Counts, Measure
from onrecord.evaluation.cameo import spaced
from onrecord.evaluation.clusters import b_cubed, ceaf_e, clusters_of, muc
from onrecord.evaluation.load import Row, bad_format, lines
from onrecord.evaluation.spans import Run

Antecedents = Sequence[int | None]

KEYS = ("tokens", "clusters")
OF_PEOPLE = frozenset({"he", "him", "his", "she", "her", "hers", "they", "them", "their", "theirs"})
PERSONAL = OF_PEOPLE | {"it", "its"}

MEASURES = (
    Measure("CoNLL F1", "cluster f1"),
    Measure("MUC F1", "cluster f1"),
    Measure("B³ F1", "cluster f1"),
    Measure("CEAFe F1", "cluster f1"),
    Measure("pronouns resolved", "share"),
    Measure("pronouns resolved, without it", "share"),
)
GAP_MEASURES = (
    Measure("GAP F1", "f1"),
    Measure("GAP F1, masculine", "f1"),
    Measure("GAP F1, feminine", "f1"),
)
GAP_COLUMNS = (
    *("ID", "Text", "Pronoun", "Pronoun-offset"),
    *("A", "A-offset", "A-coref", "B", "B-offset", "B-coref"),
)
_MASCULINE = frozenset({"he", "him", "his"})


class ClusteredText(NamedTuple):
    """One document with its mentions in text order and the cluster of each."""

    text: str
    mentions: tuple[Run, ...]
    cluster: tuple[int, ...]


class NamePair(NamedTuple):
    """One GAP passage: a pronoun, two names, and which of them it stands for."""

    text: str
    pronoun: Run
    names: tuple[Run, Run]
    coreferent: tuple[bool, bool]
    masculine: bool


def clustered_text(row: Row) -> ClusteredText:
    """Parse a row of tokens and clusters; the text is the tokens joined by spaces.

    Raises IndexError for a mention outside the tokens.
    """
    text, offsets = spaced(row["tokens"])
    mentions = sorted(
        ((offsets[first][0], offsets[last - 1][1]), number)
        for number, cluster in enumerate(row["clusters"])
        for first, last in cluster
    )
    return ClusteredText(
        text, tuple(run for run, _ in mentions), tuple(number for _, number in mentions)
    )


def chains(antecedents: Antecedents) -> list[int]:
    """Return the chain of each mention: mentions linked through antecedents share one.

    An antecedent may stand before or after its mention.
    """
    parent = list(range(len(antecedents)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, antecedent in enumerate(antecedents):
        if antecedent is not None:
            parent[root(i)] = root(antecedent)
    return [root(i) for i in range(len(antecedents))]


def _groups(labels: Sequence[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for mention, label in enumerate(labels):
        groups.setdefault(label, []).append(mention)
    return list(groups.values())


def pronoun_counts(
    row: ClusteredText, antecedents: Antecedents, pronouns: frozenset[str]
) -> Counts:
    """Count (resolved, asked) pronouns; resolved: the antecedent is of the gold cluster.

    Asked are the pronouns that are not the first mention of their cluster.
    """
    seen: set[int] = set()
    right = asked = 0
    for i, ((start, end), cluster) in enumerate(zip(row.mentions, row.cluster, strict=True)):
        if cluster in seen and row.text[start:end].casefold() in pronouns:
            antecedent = antecedents[i]
            asked += 1
            right += antecedent is not None and row.cluster[antecedent] == cluster
        seen.add(cluster)
    return (float(right), float(asked))


def score(row: ClusteredText, antecedents: Antecedents) -> dict[str, Counts]:
    """Score the antecedents given for a document's mentions.

    Clusters of one mention are left out on both sides, as CoNLL's scorer has it.
    """
    gold = clusters_of(group for group in _groups(row.cluster) if len(group) > 1)
    found = clusters_of(group for group in _groups(chains(antecedents)) if len(group) > 1)
    terms = [measure(gold, found) for measure in (muc, b_cubed, ceaf_e)]
    return {
        "CoNLL F1": tuple(n for four in terms for n in four),
        "MUC F1": terms[0],
        "B³ F1": terms[1],
        "CEAFe F1": terms[2],
        "pronouns resolved": pronoun_counts(row, antecedents, PERSONAL),
        "pronouns resolved, without it": pronoun_counts(row, antecedents, OF_PEOPLE),
    }


def gap_rows(path: Path) -> list[NamePair]:
    """Read a GAP file (tab-separated, with its header line).

    Raises SourceError for another format and for offsets that do not give the words.
    """
    wanted = "GAP's columns: " + ", ".join(GAP_COLUMNS)
    rows: list[NamePair] = []
    for number, line in lines(path):
        columns = line.split("\t")
        if number == 1:
            if columns[: len(GAP_COLUMNS)] != list(GAP_COLUMNS):
                raise bad_format(path, number, "not GAP's header", wanted)
            continue
        if not line:
            continue
        try:
            rows.append(_name_pair(columns))
        except (ValueError, IndexError) as error:
            raise bad_format(path, number, str(error), wanted) from error
    if not rows:
        raise bad_format(path, 1, "no rows", wanted)
    return rows


def _name_pair(columns: list[str]) -> NamePair:
    text = columns[1]
    runs = []
    for place in (2, 4, 7):
        words, start = columns[place], int(columns[place + 1])
        if text[start : start + len(words)] != words:
            raise ValueError(f"{words!r} does not stand at {start}")
        runs.append((start, start + len(words)))
    return NamePair(
        text=text,
        pronoun=runs[0],
        names=(runs[1], runs[2]),
        coreferent=(columns[6].upper() == "TRUE", columns[9].upper() == "TRUE"),
        masculine=columns[2].casefold() in _MASCULINE,
    )


def gap_mentions(row: NamePair) -> list[Run]:
    """Return the three mentions of a passage in text order."""
    return sorted((row.pronoun, *row.names))


def score_gap(row: NamePair, antecedents: Antecedents) -> dict[str, Counts]:
    """Score the antecedents given for ``gap_mentions(row)``: is each name the pronoun's?"""
    chain = dict(zip(gap_mentions(row), chains(antecedents), strict=True))
    right = predicted = wanted = 0
    for name, gold in zip(row.names, row.coreferent, strict=True):
        found = chain[name] == chain[row.pronoun]
        right += found and gold
        predicted += found
        wanted += gold
    counts = (float(right), float(predicted), float(wanted))
    nothing = (0.0, 0.0, 0.0)
    return {
        "GAP F1": counts,
        "GAP F1, masculine": counts if row.masculine else nothing,
        "GAP F1, feminine": nothing if row.masculine else counts,
    }
