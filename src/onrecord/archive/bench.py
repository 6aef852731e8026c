"""How fast an archive is: ``python -m onrecord.archive.bench [--articles N] [--events N]``.

Adds synthetic records as ``onrecord add`` does (a transaction each), exports them, fills the
archive up to ``--events`` events, and times the questions that people ask.  Prints rows for
docs/benchmarks.md.  ``--archive`` names a new file or an empty database to be kept, or one that
an earlier run left, with the same ``--per-article``: it is filled further where it has fewer
events.  Without it, a file that is deleted.  ``--calls 0`` asks no questions.

Beside the time that passes stands this process' processor time: on SQLite, which works within
it, that is what an answer costs however busy the machine is with other things.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from onrecord.archive import Archive, export, flat, textsearch, writing
from onrecord.archive import schema as t
from onrecord.archive.synthetic import COUNTRIES, Generator
from onrecord.intake.identity import text_sha256
from onrecord.record import Record

#: Articles in one transaction while an archive is filled.
_BLOCK = 500
#: Calls of each question that are not counted: they fill the caches.
_WARM = 20


@dataclass(frozen=True)
class Timing:
    """What one question takes, in milliseconds."""

    question: str
    median: float
    p95: float
    slowest: float
    #: Of this process' processor time, the 95th percentile.
    processor_p95: float
    #: Rows that an answer has, on average.
    rows: float


def fill(archive: Archive, records: Iterable[Record]) -> int:
    """Keep records that an archive has not, table by table; return how many there were.

    For measuring only: nothing is looked up, and many articles share a transaction.
    """
    left = iter(records)
    done = 0
    while block := list(islice(left, _BLOCK)):
        with archive._writing() as connection:
            _put(connection, block, archive._now())
        done += len(block)
    archive._refresh()
    return done


def _put(connection: sa.Connection, block: Sequence[Record], now: str) -> None:
    first = {
        table.name: (connection.scalar(sa.select(sa.func.max(table.c.key))) or 0) + 1
        for table in (t.articles, t.versions, t.readings)
    }
    tables: dict[str, list[dict[str, Any]]] = {table.name: [] for table in t.metadata.sorted_tables}
    for number, record in enumerate(block):
        article, version, reading = (first[name] + number for name in first)
        tables["articles"].append({"key": article, "id": record.article.id, "recorded_from": now})
        tables["versions"].append(_version(record, article, now) | {"key": version})
        tables["readings"].append(writing.reading_row(record, version, now) | {"key": reading})
        for name, rows in flat.rows(record, reading).items():
            tables[name] += rows
    for table in t.metadata.sorted_tables:
        if tables[table.name]:
            connection.execute(table.insert(), tables[table.name])
    texts = ((row["key"], (row["title"] or "", row["text"])) for row in tables["versions"])
    textsearch.fill(connection, "article_search", texts)
    quotes = ((row["key"], (row["quote"],)) for row in tables["statements"])
    textsearch.fill(connection, "quote_search", quotes)


def _version(record: Record, article: int, now: str) -> dict[str, Any]:
    own = {c.name: getattr(record.article, c.name) for c in t.versions.c
           if hasattr(record.article, c.name)}  # fmt: skip
    text_hash = text_sha256(record.article.text)
    return own | {"article": article, "recorded_from": now, "text_sha256": text_hash}


def timed(question: str, ask: Callable[[], int], calls: int) -> Timing:
    """Ask a question again and again, warm; ``ask`` returns the number of rows."""
    for _ in range(min(_WARM, calls)):
        ask()
    passed, worked, rows = [], [], 0
    for _ in range(calls):
        began, worked_before = time.perf_counter(), time.process_time()
        rows += ask()
        passed.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - worked_before) * 1000)
    p95 = _share(passed, 0.95)
    return Timing(
        question, _share(passed, 0.5), p95, max(passed), _share(worked, 0.95), rows / calls
    )


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def questions(
    archive: Archive, made: Generator, articles: int, seed: int = 7
) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield the questions of docs/benchmarks.md; each call asks one with other words."""
    dice = random.Random(seed)

    def pair() -> dict[str, Any]:
        one, other = dice.sample(COUNTRIES, 2)
        return {"actor": one, "recipient": other}

    def week() -> dict[str, Any]:
        last = made.day()
        return {"since": (last - timedelta(days=6)).isoformat(), "until": last.isoformat()}

    def word() -> str:
        # From words that one article in ten has to those that one in a few hundred has.
        return made.words[int(math.exp(dice.uniform(math.log(200), math.log(10_000))))]

    def words() -> str:
        return f"{word()} {word()}"

    def one() -> int:
        return len(archive.record(f"synthetic-{dice.randrange(articles)}").events)

    def found(**filters: Any) -> int:
        return len(archive.search(words(), **filters).hits)

    yield "the last week of a dyad", lambda: len(list(archive.rows("events", **pair(), **week())))
    yield (
        "full-text search with two filters",
        lambda: found(publisher=made.pick(made.publishers), since=made.day().isoformat()),
    )
    yield "full-text search, no filter", found
    yield (
        "full-text search for a word that is frequent",
        lambda: len(archive.search(made.words[dice.randrange(50, 200)]).hits),
    )
    yield "one article's record", one
    yield "monthly counts over ten years", lambda: len(archive.monthly())
    yield "monthly counts of a dyad", lambda: len(archive.monthly(**pair()))
    yield "monthly counts of a type", lambda: len(archive.monthly(type=dice.choice(_TYPES)))
    yield (
        "events of an actor by name in a year",
        lambda: len(list(archive.rows("events", actor=made.pick(made.people), **year(made)))),
    )
    yield "what a person said", lambda: len(archive.said(made.pick(made.people)))


_TYPES = ("CONSULT", "PROTEST", "ASSAULT", "SANCTION", "AID")


def year(made: Generator) -> dict[str, Any]:
    """Return filters for a year of the time that is covered."""
    last = made.day()
    return {"since": (last - timedelta(days=364)).isoformat(), "until": last.isoformat()}


# -- the command ----------------------------------------------------------------------


def _rate(what: str, number: int, work: Callable[[], object]) -> None:
    began, worked_before = time.perf_counter(), time.process_time()
    work()
    seconds, worked = time.perf_counter() - began, time.process_time() - worked_before
    rate = f"{number / worked:,.0f}" if worked else ""
    print(f"| {what} | {number:,} | {seconds:.1f} s | {worked:.1f} s | {rate} |", flush=True)


def _exports(archive: Archive, folder: Path, events: int) -> None:
    def to_parquet() -> None:
        export.to_file(*archive.exported("events"), str(folder / "events.parquet"))

    def to_lines() -> None:
        with (folder / "events.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(export.lines(archive.exported("events")[0]))

    _rate("events exported as Parquet", events, to_parquet)
    _rate("events exported as JSON lines", events, to_lines)


def measure(archive: Archive, folder: Path, given: argparse.Namespace) -> None:
    """Run everything and print it."""
    made = Generator(events=given.per_article)
    known = len(archive.ids())
    articles = max(known, given.articles, given.events // given.per_article)
    if articles > known:
        print("| work | number | time | processor | per processor second |\n|---|---|---|---|---|")
        _grow(archive, made.records(articles), known, articles, given, folder)
    if archive.where == given.archive and Path(given.archive).exists():
        size = Path(given.archive).stat().st_size
        print(f"\n{size / 1e6:,.0f} MB on disk, {size / 1e3 / articles:.1f} kB an article")
    if given.calls:
        ask(archive, made, articles, given)


def _grow(
    archive: Archive,
    records: Iterator[Record],
    known: int,
    articles: int,
    given: argparse.Namespace,
    folder: Path,
) -> None:
    """Add the first articles one by one, export their events, fill the rest in."""
    for _ in islice(records, known):
        continue
    if missing := max(0, given.articles - known):
        first = islice(records, missing)
        _rate("records added", missing, lambda: archive.add_records(first))
        _exports(archive, folder, given.articles * given.per_article)
    if rest := articles - max(known, given.articles):
        _rate("records filled in", rest, lambda: fill(archive, records))


def ask(archive: Archive, made: Generator, articles: int, given: argparse.Namespace) -> None:
    """Time the questions and print their table."""
    # A run that was broken off has not counted its tables.
    archive._refresh()
    print(f"\n{articles:,} articles, {articles * given.per_article:,} events\n")
    print("| question | median ms | p95 ms | slowest ms | p95 ms of processor time | rows |")
    print("|---|---|---|---|---|---|")
    for question, asked in questions(archive, made, articles):
        one = timed(question, asked, given.calls)
        times = f"{one.median:.1f} | {one.p95:.1f} | {one.slowest:.1f} | {one.processor_p95:.1f}"
        print(f"| {one.question} | {times} | {one.rows:.0f} |", flush=True)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000, help="added one by one")
    parser.add_argument("--events", type=int, default=0, help="fill up to so many events")
    parser.add_argument("--per-article", type=int, default=10, help="events of an article")
    parser.add_argument("--calls", type=int, default=200, help="calls of each question")
    parser.add_argument("--archive", metavar="PATH|URL")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        where = given.archive or str(Path(folder, "bench.db"))
        with Archive.open(where) as archive:
            measure(archive, Path(folder), given)


if __name__ == "__main__":
    main()
