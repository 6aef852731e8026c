"""MUC, B³ and CEAFe: how far predicted clusters of mentions are the gold ones.

Definitions as in Pradhan et al., "Scoring Coreference Partitions of Predicted
Mentions" (ACL 2014).  Each function gives (precision's numerator and denominator,
recall's numerator and denominator); they add up over documents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

Cluster = frozenset[Hashable]
Terms = tuple[float, float, float, float]


def clusters_of(groups: Iterable[Iterable[Hashable]]) -> list[Cluster]:
    """Return the groups as clusters, without empty ones."""
    return [cluster for cluster in map(frozenset, groups) if cluster]


def _owner(clusters: Sequence[Cluster]) -> dict[Hashable, int]:
    return {mention: i for i, cluster in enumerate(clusters) for mention in cluster}


def _links(clusters: Sequence[Cluster], other: dict[Hashable, int]) -> tuple[float, float]:
    """Return (links kept, links) of the clusters when cut by the other partition."""
    kept = total = 0
    for cluster in clusters:
        owners = [other[mention] for mention in cluster if mention in other]
        parts = len(set(owners)) + len(cluster) - len(owners)
        kept += len(cluster) - parts
        total += len(cluster) - 1
    return float(kept), float(total)


def muc(gold: Sequence[Cluster], found: Sequence[Cluster]) -> Terms:
    """Return the terms of MUC: links of one side that hold on the other."""
    return (*_links(found, _owner(gold)), *_links(gold, _owner(found)))


def b_cubed(gold: Sequence[Cluster], found: Sequence[Cluster]) -> Terms:
    """Return the terms of B³: for each mention, the share of its cluster that is shared."""
    owner = _owner(gold)
    common: Counter[tuple[int, int]] = Counter()
    for j, cluster in enumerate(found):
        common.update((owner[mention], j) for mention in cluster if mention in owner)
    precision = sum(n * n / len(found[j]) for (_, j), n in common.items())
    recall = sum(n * n / len(gold[i]) for (i, _), n in common.items())
    return precision, float(sum(map(len, found))), recall, float(sum(map(len, gold)))


def ceaf_e(gold: Sequence[Cluster], found: Sequence[Cluster]) -> Terms:
    """Return the terms of CEAFe: similarity of the best one-to-one pairing of clusters.

    Similarity of two clusters is 2·shared / (size + size) (φ₄).  Clusters that share
    nothing are never compared: each connected group of clusters is paired by itself.
    """
    owner = _owner(gold)
    common: Counter[tuple[int, int]] = Counter()
    for j, cluster in enumerate(found):
        common.update((owner[mention], j) for mention in cluster if mention in owner)
    likeness = {(i, j): 2 * n / (len(gold[i]) + len(found[j])) for (i, j), n in common.items()}
    total = sum(best_assignment(group) for group in _connected(likeness))
    return total, float(len(found)), total, float(len(gold))


Weights = dict[tuple[int, int], float]


def _connected(weights: Weights) -> list[Weights]:
    """Split the weights into groups without a row or column in common."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, j in weights:
        parent[root(("gold", i))] = root(("found", j))
    groups: dict[tuple[str, int], Weights] = defaultdict(dict)
    for (i, j), weight in weights.items():
        groups[root(("gold", i))][i, j] = weight
    return list(groups.values())


def best_assignment(weights: Weights) -> float:
    """Return the largest sum of weights with no row and no column used twice.

    The Hungarian method with potentials, O(rows² · columns); a pair that is not in
    ``weights`` weighs nothing.
    """
    rows = sorted({i for i, _ in weights})
    columns = sorted({j for _, j in weights})
    if len(rows) > len(columns):
        return best_assignment({(j, i): weight for (i, j), weight in weights.items()})
    cost = [[-weights.get((i, j), 0.0) for j in columns] for i in rows]
    return -_least_cost(cost)


def _least_cost(cost: list[list[float]]) -> float:
    """Return the least cost of giving each row a column of its own (rows ≤ columns)."""
    width = len(cost[0])
    row_potential = [0.0] * len(cost)
    column_potential = [0.0] * width
    row_at = [-1] * width
    for row in range(len(cost)):
        slack = [float("inf")] * width
        came_from = [-1] * width
        done = [False] * width
        column, current = -1, row
        while current >= 0:
            if column >= 0:
                done[column] = True
            delta, nearest = float("inf"), -1
            for j in range(width):
                if done[j]:
                    continue
                reduced = cost[current][j] - row_potential[current] - column_potential[j]
                if reduced < slack[j]:
                    slack[j], came_from[j] = reduced, column
                if slack[j] < delta:
                    delta, nearest = slack[j], j
            row_potential[row] += delta
            for j in range(width):
                if done[j]:
                    row_potential[row_at[j]] += delta
                    column_potential[j] -= delta
                else:
                    slack[j] -= delta
            column = nearest
            current = row_at[column]
        while column >= 0:
            before = came_from[column]
            row_at[column] = row_at[before] if before >= 0 else row
            column = before
    return sum(cost[row_at[j]][j] for j in range(width) if row_at[j] >= 0)
