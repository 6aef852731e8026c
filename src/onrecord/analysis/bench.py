"""What joining costs as an archive grows: time an article, memory, size on disk.

python -m onrecord.analysis.bench [--articles 100000] [--step 1000] [--a-day 400] [--archive FILE]

The articles are invented (``invented.stream``), and so are their records: names, places and
events are marked where the generator put them, so that only the joining is measured.  Articles
are added a thousand at a time and joined after each thousand.  Time is the processor's: what else
the machine does counts little.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence

from onrecord import record as r
from onrecord.analysis import invented, joining
from onrecord.archive import Archive

_READER = r.ReaderInfo("invented", "none", "")


def record_of(told: invented.Told) -> r.Record:
    """Return a record of an invented article, with what the generator put into it."""
    text, who = told.article.text, told.cast
    entities = [
        r.Entity(f"e{n}", kind, name, None, None, None, _mentions(text, name))
        for n, (kind, name) in enumerate(
            [
                *(("person", one) for one in who.people),
                ("place", who.town),
                ("country", who.country),
            ]
        )
    ]
    at = max(text.find(who.town), 0)
    places = [r.Place("p1", at, at + len(who.town), who.town, None, None, None, None, None,
                      "city", "linked", 0.9)]  # fmt: skip
    trigger = r.Span(*_words_at(text, text.find(" ") + 1))
    event = r.Event(
        "v1", "CONSULT", None, (), "actual", trigger,
        (r.EventMention(trigger.start, trigger.end, "actual"),), (), (), None, None, (), None, (),
        0.0, 0.9,
    )  # fmt: skip
    return r.Record(_READER, told.article, entities=entities, places=places, events=[event])


def _mentions(text: str, name: str) -> list[r.Mention]:
    found, start = [], text.find(name)
    while start >= 0:
        found.append(r.Mention(start, start + len(name), "name", 0.9))
        start = text.find(name, start + 1)
    return found


def _words_at(text: str, start: int) -> tuple[int, int]:
    end = text.find(" ", start)
    return start, end if end > start else len(text)


def steps(
    archive: Archive, told: Sequence[invented.Told], step: int
) -> Iterator[tuple[int, float]]:
    """Add and join so many articles at a time; yield (articles so far, seconds an article)."""
    for first in range(0, len(told), step):
        block = told[first : first + step]
        archive.add_records(map(record_of, block))
        began = time.process_time()
        joining.join(archive)
        yield first + len(block), (time.process_time() - began) / len(block)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--step", type=int, default=1_000)
    parser.add_argument("--a-day", type=int, default=400)
    parser.add_argument("--archive")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.archive or os.path.join(folder, "bench.db")
        told = invented.stream(given.articles, a_day=given.a_day)
        costs: list[float] = []
        with Archive.open(path) as archive:
            for done, seconds in steps(archive, told, given.step):
                costs.append(seconds)
                if len(costs) % 5 == 0 or done == len(told):
                    near = sum(costs[-5:]) / len(costs[-5:])
                    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                    size = os.path.getsize(path) / 2**20
                    print(
                        f"{done:>7,} articles: {near * 1e3:6.1f} ms an article, "
                        f"{memory:,.0f} MB of memory, {size:,.0f} MB on disk",
                        flush=True,
                    )
        if len(costs) > 10:
            then, now = sum(costs[5:10]) / 5, sum(costs[-5:]) / 5
            first = 10 * given.step
            print(f"cost at {len(told):,} to that at {first:,}: {now / then:.2f}")


if __name__ == "__main__":
    main()
