"""How well copies are found: edits of invented wire reports among look-alikes.

python -m onrecord.analysis.copies_bench [--pairs 4000] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
from typing import NamedTuple

from onrecord.analysis import copies, invented


class Pair(NamedTuple):
    """Two texts, and whether the second carries the first."""

    first: str
    second: str
    copied: bool
    #: Share of the words that were cut or put otherwise; None for a look-alike.
    share: float | None


def pairs(number: int, seed: int = 1) -> list[Pair]:
    """Return pairs of invented texts, as many copies (10 to 60 % edited) as look-alikes."""
    dice = random.Random(seed)
    found = []
    for n in range(number):
        who = invented.cast(dice)
        report = invented.wire(dice, who, dice.randint(6, 24))
        if n % 2:
            other, share = invented.look_alike(dice, report, who), None
        else:
            share = dice.uniform(0.1, 0.6)
            other = invented.edited(dice, report, who, share)
        found.append(Pair("\n\n".join(report), "\n\n".join(other), share is not None, share))
    return found


class Outcome(NamedTuple):
    """Pairs taken for copies, rightly and wrongly, and copies that were missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of those taken for copies that are."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of the copies that were taken for such."""
        return self.right / max(self.right + self.missed, 1)


def taken(pair: Pair) -> bool:
    """Whether the second text is found in the index from the first, and taken for its copy."""
    first, second = copies.text_of(pair.first), copies.text_of(pair.second)
    hits = set(copies.sketch(first)) & set(copies.sketch(second))
    compared = copies.compare(first, second)
    credited = copies.credit(pair.first)
    same = credited is not None and credited == copies.credit(pair.second)
    return len(hits) >= copies.PARAMETERS.hits and copies.is_copy(
        compared.of_second, compared, credited=same
    )


def measure(given: list[Pair]) -> Outcome:
    """Return how many pairs were taken rightly."""
    counts = [(taken(pair), pair.copied) for pair in given]
    return Outcome(*(counts.count(one) for one in ((True, True), (True, False), (False, True))))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = pairs(given.pairs, given.seed)
    done = measure(found)
    print(f"pairs {len(found):,}, copies among them {sum(pair.copied for pair in found):,}")
    print(f"precision {done.precision:.4f}  recall {done.recall:.4f}  {done}")
    for low in (0.1, 0.2, 0.3, 0.4, 0.5):
        some = [p for p in found if p.share is not None and low <= p.share < low + 0.1]
        if some:
            share = sum(map(taken, some)) / len(some)
            print(f"  {low:.0%} to {low + 0.1:.0%} of the words edited: recall {share:.3f}")


if __name__ == "__main__":
    main()
