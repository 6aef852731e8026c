"""Average linkage: the two groups that are most alike are joined, until none are.

Two groups are joined only when they are nearly as alike across as within: two look-alike
events (two earthquakes, two matches of one team) have much in common, but each has more with
itself.  How alike a small group is within says little (the two most alike came together
first), so it counts for less: for n items (n − 1) / (n − 1 + doubt) of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Square = npt.NDArray[np.floating]
Marks = npt.NDArray[np.int8]


class Linkage:
    """One run over ``n`` items; ``like`` is their likeness, shape (n, n), symmetric."""

    def __init__(
        self, like: Square, forbidden: Marks | None, least: float, across: float, doubt: float
    ) -> None:
        self._n = len(like)
        #: Sums of likeness over the pairs of two groups; on the diagonal, within a group.
        self._sums = np.array(like, np.float64)
        np.fill_diagonal(self._sums, 0.0)
        self._forbidden = np.zeros((self._n, self._n), bool) if forbidden is None else forbidden < 0
        self._least, self._across, self._doubt = least, across, doubt
        self._sizes = np.ones(self._n)
        self._within = np.zeros(self._n)
        self._alive = np.ones(self._n, bool)
        self._groups = [[i] for i in range(self._n)]
        self._means = np.where(self._forbidden, -1.0, self._sums)
        np.fill_diagonal(self._means, -1.0)

    def join(self, i: int, j: int) -> None:
        """Make one group of those at ``i`` and ``j``; it stands at ``i``."""
        s = self._sums
        inner = s[i, i] + s[j, j] + 2 * s[i, j]
        s[i] += s[j]
        s[:, i] = s[i]
        s[i, i] = inner
        self._forbidden[i] |= self._forbidden[j]
        self._forbidden[:, i] = self._forbidden[i]
        size = self._sizes[i] + self._sizes[j]
        self._sizes[i] = size
        self._within[i] = inner / (size * (size - 1 + self._doubt))
        self._groups[i] += self._groups[j]
        self._alive[j] = False
        self._means[j] = self._means[:, j] = -1.0
        self._means[i] = self._means[:, i] = self._row(i)

    def _row(self, i: int) -> npt.NDArray[np.float64]:
        """Return the mean likeness of a group to each other; −1 where they may not be joined."""
        mean = self._sums[i] / (self._sizes * self._sizes[i])
        inside = np.sqrt(np.maximum(self._within * self._within[i], 0.0))
        apart = mean < self._across * inside
        row = np.where(self._alive & ~apart & ~self._forbidden[i], mean, -1.0)
        row[i] = -1.0
        return row

    def run(self) -> list[list[int]]:
        """Join as long as two groups are alike enough; return the groups."""
        while self._n:
            i, j = divmod(int(self._means.argmax()), self._n)
            if self._means[i, j] < self._least:
                break
            self.join(min(i, j), max(i, j))
        return [sorted(self._groups[i]) for i in np.flatnonzero(self._alive)]


def groups(
    like: Square,
    *,
    least: float,
    across: float,
    doubt: float,
    marks: Marks | None = None,
) -> list[list[int]]:
    """Return the items (by number, each once) in groups, the groups by their first item.

    ``least``: mean likeness at which two groups are joined.  ``across``: they are joined only
    when their mean likeness is this share of the (geometric) mean of what their likeness
    within counts for, see ``doubt`` above.  ``marks``: 1 for two items that must be
    together, −1 for two that must not, whatever their likeness; a must that runs against a
    must-not is left out.
    """
    linkage = Linkage(like, marks, least, across, doubt)
    if marks is not None:
        for one, other in _musts(marks):
            linkage.join(one, other)
    return sorted(linkage.run())


def _musts(marks: Marks) -> Sequence[tuple[int, int]]:
    """Return the joinings that bring together what must be, in an order they can be done in."""
    owner = list(range(len(marks)))
    members = {i: [i] for i in owner}
    found = []
    for i, j in zip(*np.nonzero(np.triu(marks > 0)), strict=True):
        one, other = sorted((owner[i], owner[j]))
        if one == other or (marks[np.ix_(members[one], members[other])] < 0).any():
            continue
        found.append((one, other))
        for item in members[other]:
            owner[item] = one
        members[one] += members.pop(other)
    return found
