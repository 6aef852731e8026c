"""Archives for the tests: a SQLite file and a database of a throw-away PostgreSQL cluster."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from glob import glob
from itertools import count
from pathlib import Path

from onrecord.record import Article, Record
from tests.record_examples import READER, TEXT, example, identify

_numbers = count(1)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2025, 3, 14, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def move(self, **by: int) -> None:
        self.at += timedelta(**by)


@dataclass
class ScriptedReader:
    """Reads any text of the invented report fully, others to an empty record."""

    model: str = "example"
    batch: int = 3
    seen: list[Article] = field(default_factory=list)

    def read_many(self, articles: Iterator[Article]) -> Iterator[Record]:
        group: list[Article] = []
        for article in articles:
            group.append(article)
            if len(group) == self.batch:
                yield from map(self.read, group)
                group = []
        yield from map(self.read, group)

    def read(self, article: Article) -> Record:
        self.seen.append(article)
        reader = replace(READER, model=self.model)
        if article.text != TEXT:
            return Record(reader, article)
        return replace(example(), article=article, reader=reader)


def report(id_: str | None = "a-1", text: str = TEXT, **fields: object) -> Article:
    """An article of the invented report, or of another text."""
    given: dict[str, object] = {
        "id": id_, "publisher": "The Tidewater Review", "published": "2025-03-13",
        "published_basis": "given",
    }  # fmt: skip
    return identify(text, **(given | fields))


# -- a throw-away PostgreSQL ----------------------------------------------------------


def binaries() -> Path | None:
    """Where Debian, or the PATH, has PostgreSQL's programs."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/pg_ctl"))
    own = found[-1] if found else shutil.which("pg_ctl")
    return Path(own).parent if own else None


def _as_server(folder: str, *command: str | Path) -> None:
    """Run a program of the server, which refuses to be root."""
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run(
        [*user, *map(str, command)], check=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip


def cluster() -> Generator[Callable[[], str], None, None]:
    """Start a cluster on a socket in a folder of its own; yield what makes an empty database."""
    programs = binaries()
    assert programs, "PostgreSQL is missing: apt-get install postgresql (scripts/setup dev does)"
    folder = tempfile.mkdtemp(prefix="onrecord-pg-")
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    data = Path(folder, "data")
    _as_server(
        folder, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=40"
    _as_server(folder, programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l",
               Path(folder, "log"), "start")  # fmt: skip
    try:
        yield lambda: _database(programs, folder)
    finally:
        _as_server(folder, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _database(programs: Path, folder: str) -> str:
    name = f"test{next(_numbers)}"
    command = [programs / "createdb", "-h", folder, "-U", "postgres", name]
    subprocess.run(command, check=True)
    return f"postgresql://postgres@/{name}?host={folder}"
