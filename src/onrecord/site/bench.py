"""What pages cost over a large archive: ``python -m onrecord.site.bench [--copies 4000]``.

The archive is the sample corpus many times over, each copy under ids of its own and days of
its own, two years of them: stories, incidents and disputes are as large as real ones, and
names are as frequent as the most frequent real ones.  ``--readers`` read pages at once, each
pausing ``--pause`` seconds between two, while another process adds articles.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from onrecord import samples
from onrecord.analysis import derived as d
from onrecord.analysis.joining import join
from onrecord.archive import Archive, textsearch
from onrecord.archive import schema as t

#: Days over which the copies are spread.
DAYS = 700
_ROW = 1 << t.ROW_BITS
_DAY = re.compile(r'"(\d{4}-\d\d-\d\d)"')


def _shifted(column: str, days: int) -> str:
    return f"date(substr({column}, 1, 10), '-{days} days') || substr({column}, 11)"


def _names(table: sa.Table) -> list[str]:
    return [column.name for column in table.c]


def _columns(table: sa.Table, changed: dict[str, str]) -> str:
    return ", ".join(changed.get(name, f'"{name}"') for name in _names(table))


def _copy(connection: sa.Connection, table: sa.Table, changed: dict[str, str], where: str) -> None:
    names = ", ".join(f'"{name}"' for name in _names(table))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) "
        f"SELECT {_columns(table, changed)} FROM {table.name} WHERE {where}"
    )


def multiply(archive: Archive, copies: int) -> None:
    """Put copies of all that a SQLite archive holds into it, each some days earlier."""
    with archive._reading() as connection:
        size = {
            table.name: connection.scalar(sa.select(sa.func.max(table.c.key))) or 0
            for table in (t.articles, t.versions, t.readings)
        }
        kept = {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in (d.incidents, d.disputes, d.sightings)
        }
        ids = list(connection.scalars(sa.select(t.articles.c.id)))
    for first in range(1, copies + 1, 100):
        with archive._writing() as connection:
            for number in range(first, min(first + 100, copies + 1)):
                _one(connection, number, number * DAYS // copies, size, kept, ids)
        print(f"{min(first + 99, copies):,} copies", file=sys.stderr)
    with archive._writing() as connection:
        textsearch.rebuild(connection)
        connection.exec_driver_sql("ANALYZE")


def _one(
    connection: sa.Connection, number: int, days: int, size: dict[str, int],
    kept: dict[str, list[dict[str, Any]]], ids: Sequence[str],
) -> None:  # fmt: skip
    a, v, r = (number * size[name] for name in ("articles", "versions", "readings"))
    rows = r * _ROW
    end = f"|| '-{number}'"
    own = {"key": f"key + {rows}", "reading": f"reading + {r}"}
    of = {"event": f"event + {rows}"}
    dated = {name: _shifted(name, days) for name in ("first_day", "last_day", "published_day",
                                                     "published", "day")}  # fmt: skip
    first = f"key < {(size['readings'] + 1) * _ROW}"
    _copy(connection, t.articles, {"key": f"key + {a}", "id": f"id {end}"},
          f"key <= {size['articles']}")  # fmt: skip
    _copy(connection, t.versions, {"key": f"key + {v}", "article": f"article + {a}", **dated},
          f"key <= {size['versions']}")  # fmt: skip
    _copy(connection, t.readings, {"key": f"key + {r}", "version": f"version + {v}", **dated},
          f"key <= {size['readings']}")  # fmt: skip
    for table in t.ROWS:
        has = {name: words for name, words in {**dated, **of}.items() if name in table.c}
        _copy(connection, table, {**own, **has}, first)
    base = f"article <= {size['articles']}"
    _copy(connection, d.articles, {
        "article": f"article + {a}", "reading": f"reading + {r}", "id": f"id {end}",
        "story": f"story {end}", **dated,
    }, base)  # fmt: skip
    _copy(connection, d.copies, {"carrier": f"carrier + {a}", "origin": f"origin + {a}"},
          f"carrier <= {size['articles']}")  # fmt: skip
    _copy(connection, d.stories, {"id": f"id {end}", **dated}, "id NOT LIKE 'st-%-%'")
    _put(connection, number, days, a, kept, ids)


def _put(
    connection: sa.Connection, number: int, days: int, a: int,
    kept: dict[str, list[dict[str, Any]]], ids: Sequence[str],
) -> None:  # fmt: skip
    from onrecord.site.edition import back

    shifted: dict[str, str] = {}

    def moved(found: re.Match[str]) -> str:
        day = found[1]
        if day not in shifted:
            shifted[day] = f'"{back(day, days)}"'
        return shifted[day]

    known = re.compile("|".join(f'"{re.escape(one)}"' for one in [*ids]))

    def own(text: str) -> str:
        named = known.sub(lambda found: f'{found[0][:-1]}-{number}"', text)
        named = re.sub(r'"(i[0-9a-f]{16}|d[0-9a-f]{16}|st-[0-9a-f]{12})"', rf'"\1-{number}"', named)
        return _DAY.sub(moved, named)

    for table in (d.incidents, d.disputes):
        rows = [
            {**row, "story": f"{row['story']}-{number}", "id": f"{row['id']}-{number}",
             "row": own(row["row"])}
            for row in kept[table.name]
        ]  # fmt: skip
        for row in rows:
            if row.get("first_day"):
                row["first_day"] = back(row["first_day"], days)
        connection.execute(table.insert(), rows)
    connection.execute(d.sightings.insert(), [
        {**row, "article": row["article"] + a, "row": own(row["row"])}
        for row in kept[d.sightings.name]
    ])  # fmt: skip


# -- reading ----------------------------------------------------------------------------


def pages(archive: Archive) -> dict[str, list[str]]:
    """Return addresses by kind of page, of the latest days and of the years before."""
    with archive._reading() as connection:
        stories = list(connection.scalars(
            sa.select(d.stories.c.id).order_by(d.stories.c.last_day.desc()).limit(400)
        ))  # fmt: skip
    words = ("barges", "captains ban", '"river dues"', "nurses strike", "flood")
    people = ("irene_caldeyro", "mojca_hribovar", "grace_mulolani", "ivan_terrazo")
    return {
        "front": ["/"],
        "story": [f"/story/{one}" for one in stories],
        "dyad": ["/dyad/URY/PRY", "/dyad/MWI/ZMB", "/dyad/CRI/URY?ways=one"],
        "person": [f"/actor/{one}" for one in people],
        "search": [f"/search?q={one}" for one in words],
    }


def read(address: str, asked: dict[str, list[str]], readers: int, pause: float, seconds: float,
         ) -> dict[str, list[float]]:  # fmt: skip
    """Let readers read for some seconds; return the server's times by kind of page, in ms."""
    import random
    import urllib.error
    import urllib.parse
    import urllib.request

    times: dict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + seconds

    def reader(number: int) -> None:
        chance = random.Random(number)
        time.sleep(chance.random() * pause)
        while time.monotonic() < until:
            kind = chance.choice(list(asked))
            path = urllib.parse.quote(chance.choice(asked[kind]), safe="/?=&")
            try:
                with urllib.request.urlopen(address + path, timeout=60) as answer:
                    answer.read()
            except urllib.error.HTTPError as error:
                answer, refused = error, f"{kind} {error.code}"
            else:
                refused = kind
            given = answer.headers["server-timing"].rpartition("=")[2]
            times[refused].append(float(given))
            time.sleep(pause * (0.5 + chance.random()))

    threads = [threading.Thread(target=reader, args=(one,)) for one in range(readers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return times


def told(times: dict[str, list[float]]) -> Iterable[str]:
    """Yield a table of times."""
    yield f"{'page':12} {'read':>6} {'median':>8} {'p95':>8} ms"
    for kind, found in sorted(times.items()):
        tail = statistics.quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
        yield f"{kind:12} {len(found):6,} {statistics.median(found):8.1f} {tail:8.1f}"


_ADD = """
import sys, time
from dataclasses import replace
from onrecord import samples
from onrecord.archive import Archive
from onrecord.record import ReaderInfo, Record
with Archive.open(sys.argv[1]) as archive:
    rows = list(samples.articles())
    for number in range(10 ** 6):
        one = rows[number % len(rows)]
        given = replace(one, id=f"new-{time.time_ns()}", text=f"{one.text} {number}")
        archive.add_records([Record(ReaderInfo("0", "bench", "0"), given)])
        time.sleep(0.2)
"""


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=4000)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--pause", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--archive", type=Path, help="keep it there, or use the one there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.archive or Path(folder) / "bench.db"
        is_new = not path.exists()
        with Archive.open(path) as archive:
            if is_new:
                archive.add(samples.articles())
                join(archive)
                multiply(archive, given.copies)
            asked = pages(archive)
        server = [sys.executable, "-m", "onrecord.site.bench_server", str(path)]
        with (
            subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as serving,
            subprocess.Popen([sys.executable, "-c", _ADD, str(path)]) as adding,
        ):
            assert serving.stdout is not None
            address = json.loads(serving.stdout.readline())
            try:
                read(address, asked, 1, 0.0, 10)
                print("\n".join(told(read(address, asked, given.readers, given.pause,
                                          given.seconds))))  # fmt: skip
            finally:
                serving.terminate()
                adding.terminate()


if __name__ == "__main__":
    main()
