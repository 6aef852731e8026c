"""Kill an ``add`` at random moments, run it once more, compare with an uninterrupted run.

python -m tests.archive_kill [--runs 30] [--articles 300] [--real]

A scripted reader makes it quick; with --real, ``onrecord add`` is killed while it reads a
folder of pages with the shipped reader and its helpers, none of which may survive.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from onrecord.archive import Archive
from onrecord.archive import schema as t
from onrecord.archive.bench_pages import write_pages
from onrecord.record import Article, Record
from tests.archive_fixtures import ScriptedReader, report
from tests.record_examples import TEXT

ROOT = Path(__file__).parent.parent


def articles(number: int) -> Iterator[Article]:
    """Articles, of which every tenth comes twice and every seventh has two versions."""
    for n in range(number):
        yield report(f"a{n}")
        if n % 10 == 0:
            yield report(f"a{n}")
        if n % 7 == 0:
            yield report(f"a{n}", f"Version two of {n}.")


def worker(url: str, number: int) -> None:
    """The process that is killed."""
    with Archive.open(url) as archive:
        print("open", flush=True)
        archive.add(articles(number), reader=ScriptedReader(batch=8), source="script")
    print("done", flush=True)


def start(url: str, number: int) -> subprocess.Popen[str]:
    """Start a worker; return when its archive is open."""
    command = [sys.executable, "-m", "tests.archive_kill", "--worker", url]
    process = subprocess.Popen(
        [*command, "--articles", str(number)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def end(process: subprocess.Popen[str]) -> int:
    """Wait for a worker and close its pipe."""
    code = process.wait()
    assert process.stdout is not None
    process.stdout.close()
    return code


def kill_after(url: str, number: int, seconds: float) -> bool:
    """Start a worker and kill it after a while; return whether it was still at work."""
    process = start(url, number)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return end(process) == -signal.SIGKILL


def contents(url: str) -> dict[str, Any]:
    """Everything that an archive holds of articles, apart from its moments and keys."""
    found: dict[str, Any] = {}
    with Archive.open(url) as archive:
        ids = archive.ids()
        found["ids"] = sorted(ids)
        found["records"] = {id_: archive.record(id_) for id_ in ids}
        found["searched"] = archive.search("trawlers", limit=0).total
        with archive._reading() as connection:
            for table in (t.articles, t.versions, t.readings, *t.ROWS):
                count = sa.select(sa.func.count()).select_from(table)
                found[table.name] = connection.scalar(count)
    return found


def expected(record: Record, number: int) -> bool:
    """Whether a record is whole: the script's reading of its article's last version."""
    n = int((record.article.id or "")[1:])
    text = f"Version two of {n}." if n % 7 == 0 else TEXT
    version = 2 if n % 7 == 0 else 1
    given = replace(report(f"a{n}", text), version=version)
    return n < number and record == ScriptedReader().read(given)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", metavar="URL")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true")
    given = parser.parse_args()
    if given.worker:
        worker(given.worker, given.articles)
        return
    with tempfile.TemporaryDirectory() as folder:
        if given.real:
            write_pages(Path(folder), given.articles)
        killed(given, folder)


def killed(given: argparse.Namespace, folder: str) -> None:
    """Kill and resume until ``--runs`` kills hit; each time what is left must be a whole run's."""
    dice = random.Random(given.seed)

    def begin(url: str) -> subprocess.Popen[str]:
        return start_real(url, folder) if given.real else start(url, given.articles)

    whole = os.path.join(folder, "whole.db")
    began = time.monotonic()
    end(begin(whole))
    took = time.monotonic() - began
    wanted = contents(whole)
    print(f"an uninterrupted run: {len(wanted['ids'])} articles in {took:.1f} s")
    hits = 0
    while hits < given.runs:
        url = os.path.join(folder, f"killed{time.monotonic_ns()}.db")
        process = begin(url)
        began = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=dice.uniform(0, took))
            # It was done, so the machine has become quicker: no kill.
            took = time.monotonic() - began
        helpers = children(process.pid)
        process.send_signal(signal.SIGKILL)
        cut = end(process) == -signal.SIGKILL
        hits += cut
        gone(helpers)
        with Archive.open(url) as archive:
            kept = len(archive.ids())
        end(begin(url))
        left = contents(url)
        differs = [name for name in wanted if left[name] != wanted[name]]
        assert not differs, f"after kill {hits} these differ: {', '.join(differs)}"
        state = f"killed with {kept} articles kept" if cut else "was done before the kill"
        state += f" and {len(helpers)} helpers, which ended" if helpers else ""
        print(f"{hits} of {given.runs}: {state}; equal after one more run", flush=True)


def start_real(url: str, folder: str) -> subprocess.Popen[str]:
    """Start ``onrecord add`` on a folder of pages."""
    command = [sys.executable, "-m", "onrecord", "add", folder, "--archive", url]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def children(process: int) -> list[int]:
    """The processes that a process has started (Linux)."""
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(number) for number in listed.split()]


def gone(processes: list[int]) -> None:
    """Wait until processes have ended; fail when they do not."""
    until = time.monotonic() + 10
    while left := [one for one in processes if Path(f"/proc/{one}/exe").exists()]:
        assert time.monotonic() < until, f"{left} survive"
        time.sleep(0.02)


if __name__ == "__main__":
    main()
