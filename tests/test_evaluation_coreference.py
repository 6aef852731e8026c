"""Cluster measures against published and hand-worked values; pronouns; GAP."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import SourceError
from onrecord.evaluation import coreference
from onrecord.evaluation.clusters import Terms, b_cubed, best_assignment, ceaf_e, clusters_of, muc


def precision_recall(terms: Terms) -> tuple[float, float]:
    above, below, r_above, r_below = terms
    return (above / below if below else 0.0, r_above / r_below if r_below else 0.0)


#: Key and response of the worked example in Pradhan et al. 2014 (their figures 1 and 2).
KEY = clusters_of(["abc", "defg"])
RESPONSE = clusters_of(["ab", "cd", "fghi"])


@pytest.mark.parametrize(
    ("measure", "precision", "recall"),
    [
        # Response links kept by the key: ab, fg of 1 + 1 + 3; key links kept: 1 of 2, 1 of 3.
        (muc, 2 / 5, 2 / 5),
        # Shared: {a,b} 2, {c} 1, {d} 1, {f,g} 2.
        (b_cubed, (4 / 2 + 1 / 2 + 1 / 2 + 4 / 4) / 8, (4 / 3 + 1 / 3 + 1 / 4 + 4 / 4) / 7),
        # abc–ab 2·2/5, defg–fghi 2·2/8.
        (ceaf_e, 1.3 / 3, 1.3 / 2),
    ],
)
def test_measures_worked_by_hand(measure, precision: float, recall: float) -> None:
    assert precision_recall(measure(KEY, RESPONSE)) == (
        pytest.approx(precision),
        pytest.approx(recall),
    )


@pytest.mark.parametrize("measure", [muc, b_cubed, ceaf_e])
def test_the_same_clusters_are_perfect(measure) -> None:
    assert precision_recall(measure(KEY, KEY)) == (1.0, 1.0)


@pytest.mark.parametrize("measure", [muc, b_cubed, ceaf_e])
def test_nothing_found_and_nothing_to_find(measure) -> None:
    assert precision_recall(measure(KEY, [])) == (0.0, 0.0)
    assert precision_recall(measure([], RESPONSE)) == (0.0, 0.0)
    assert measure([], []) == (0, 0, 0, 0)


def test_one_cluster_of_everything_has_full_muc_recall_only() -> None:
    assert precision_recall(muc(KEY, clusters_of(["abcdefg"]))) == (pytest.approx(5 / 6), 1.0)


_CELLS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 4)), st.integers(1, 9).map(float), max_size=12
)


@given(_CELLS.filter(bool))
def test_the_assignment_is_the_best_of_all(weights: dict[tuple[int, int], float]) -> None:
    best = max(
        sum(weights.get((row, column), 0.0) for row, column in enumerate(columns[:4]))
        for columns in permutations(range(5))
    )
    assert best_assignment(weights) == pytest.approx(best)


TOKENS = "Brandt met Kolev . She praised him . It rained ; it still does .".split()
#: Brandt–She, Kolev–him, It–it.
ROW = coreference.clustered_text(
    {"tokens": TOKENS, "clusters": [[[0, 1], [4, 5]], [[2, 3], [6, 7]], [[8, 9], [11, 12]]]}
)


def test_mentions_stand_in_text_order() -> None:
    words = [ROW.text[a:b] for a, b in ROW.mentions]
    assert words == ["Brandt", "Kolev", "She", "him", "It", "it"]
    assert ROW.cluster == (0, 1, 0, 1, 2, 2)


def test_right_antecedents_are_perfect() -> None:
    counts = coreference.score(ROW, [None, None, 0, 1, None, 4])
    assert counts["pronouns resolved"] == (3, 3)
    assert counts["pronouns resolved, without it"] == (2, 2)
    assert counts["MUC F1"] == (3, 3, 3, 3)
    assert counts["B³ F1"] == (6, 6, 6, 6)
    assert counts["CEAFe F1"] == (3, 3, 3, 3)
    assert counts["CoNLL F1"] == (3, 3, 3, 3, 6, 6, 6, 6, 3, 3, 3, 3)


def test_wrong_antecedents() -> None:
    counts = coreference.score(ROW, [None, None, 1, 0, None, 3])
    assert counts["pronouns resolved"] == (0, 3)
    assert counts["MUC F1"] == (0, 3, 0, 3)


def test_no_antecedents() -> None:
    counts = coreference.score(ROW, [None] * 6)
    assert counts["pronouns resolved"] == (0, 3)
    assert counts["MUC F1"] == (0, 0, 0, 3)
    assert counts["CEAFe F1"] == (0, 0, 0, 3)


def test_a_pronoun_that_opens_its_cluster_is_not_asked() -> None:
    """ "It" at the start of its chain has nothing to refer back to."""
    assert coreference.pronoun_counts(ROW, [None] * 6, frozenset({"it"})) == (0, 1)


def test_chains_follow_links_in_both_directions() -> None:
    assert len(set(coreference.chains([None, 0, 1, None]))) == 2
    first, second, third = coreference.chains([2, None, None])
    assert first == third != second
    assert len(set(coreference.chains([1, 0]))) == 1


def test_a_mention_outside_the_tokens_is_refused() -> None:
    with pytest.raises(IndexError):
        coreference.clustered_text({"tokens": ["a"], "clusters": [[[0, 3]]]})


HEADER = "\t".join([*coreference.GAP_COLUMNS, "URL"])
PASSAGE = "Ada Holm met Eva Lund before she sailed."


def gap_line(pronoun: str = "she", at: int = 29, a: str = "TRUE", b: str = "FALSE") -> str:
    return f"x\t{PASSAGE}\t{pronoun}\t{at}\tAda Holm\t0\t{a}\tEva Lund\t13\t{b}\thttp://x"


def gap_file(folder: Path, *rows: str) -> Path:
    path = folder / "gap.tsv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("antecedents", "counts"),
    [
        ([None, None, 0], (1, 1, 1)),
        ([None, None, 1], (0, 1, 1)),
        ([None, None, None], (0, 0, 1)),
        ([None, 0, 1], (1, 2, 1)),
        ([2, None, None], (1, 1, 1)),
    ],
)
def test_gap_counts_each_name(tmp_path: Path, antecedents, counts: tuple[int, ...]) -> None:
    (row,) = coreference.gap_rows(gap_file(tmp_path, gap_line()))
    scored = coreference.score_gap(row, antecedents)
    assert scored["GAP F1"] == scored["GAP F1, feminine"] == counts
    assert scored["GAP F1, masculine"] == (0, 0, 0)


def test_gap_where_neither_name_is_meant(tmp_path: Path) -> None:
    (row,) = coreference.gap_rows(gap_file(tmp_path, gap_line(a="FALSE")))
    assert coreference.score_gap(row, [None, None, None])["GAP F1"] == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "no rows"),
        (HEADER + "\n", "no rows"),
        ("a\tb\n", "header"),
        (f"{HEADER}\n{gap_line(at=3)}\n", "does not stand"),
        (f"{HEADER}\nx\ttoo short\n", "line 2"),
    ],
)
def test_what_is_no_gap_file(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "gap.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=problem):
        coreference.gap_rows(path)
