"""Articles out of many pages and PDFs at once, each taken out in a process of its own.

Finding the report in a page costs some tens of milliseconds of pure computing.  A few
processes go ahead of the reader; the order stays.  What takes too long or crashes costs
one article, not the run.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable
from datetime import date
from typing import Any, BinaryIO

from onrecord import settings
from onrecord.errors import SourceError
from onrecord.intake.articles import Given
from onrecord.intake.metadata import PageArticle, Vote
from onrecord.record import Article

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from onrecord.intake.worker import main; main()"
)
#: Pages that a process may be ahead.
_AHEAD = 8

#: What a process may take to start, on a machine that is busy with other things.
_START_SECONDS = 120

Job = dict[str, Any]


def job(
    kind: str,
    source: str,
    *,
    data: bytes | None = None,
    given: Given,
    fetched: str | None = None,
    today: date | None = None,
) -> Job:
    """Describe a piece of work: ``kind`` is ``html`` or ``pdf``, ``source`` a path or a name."""
    found: Job = {
        "kind": kind, "source": source, "given": given._asdict(), "fetched": fetched,
        "today": None if today is None else today.isoformat(),
        "most": settings.get("max_file_bytes"),
    }  # fmt: skip
    if data is not None:
        found["data"] = base64.b64encode(data).decode("ascii")
    return found


def article_from_pdf(
    data: bytes, source: str, given: Given, *, fetched: str | None = None, today: date | None
) -> Article:
    """Make an article of a PDF; SourceError where that cannot be done."""
    one = job("pdf", source, data=data, given=given, fetched=fetched, today=today)
    (found,) = extracted([one])
    if isinstance(found, SourceError):
        raise found
    return found


def cores() -> int:
    """Return how many processes take pages apart: one core stays for the reader."""
    wanted = settings.get("threads") or len(os.sched_getaffinity(0))
    return max(1, wanted - 1)


def extracted(
    jobs: Iterable[Job], *, processes: int = 1
) -> Generator[Article | SourceError, None, None]:
    """Yield what comes of each job, in order: an article, or why there is none.

    Raises ModuleNotFoundError when a library is not installed.
    """
    workers: list[_Worker] = []
    waiting: deque[tuple[_Worker, Job]] = deque()
    left = iter(jobs)
    try:
        for number, one in enumerate(left):
            if len(workers) < processes:
                workers.append(_Worker())
            worker = workers[number % processes]
            worker.ask(one)
            waiting.append((worker, one))
            if len(waiting) >= processes * _AHEAD:
                yield _outcome(*waiting.popleft())
        while waiting:
            yield _outcome(*waiting.popleft())
    finally:
        for worker in workers:
            worker.close()


def _outcome(worker: _Worker, one: Job) -> Article | SourceError:
    found = worker.answer()
    if found is None:
        seconds = settings.get("extract_seconds")
        return SourceError(
            f"{one['source']} broke its reader, or took longer than {seconds} seconds; save it as "
            "text, or raise ONRECORD_EXTRACT_SECONDS",
            source=one["source"],
        )
    if found.get("module") == "pypdf":
        return SourceError(
            f"{one['source']} cannot be read: pypdf is not installed; pip install 'onrecord[pdf]'",
            source=one["source"],
        )
    if "module" in found:
        raise ModuleNotFoundError(found["why"], name=found["module"])
    if "why" in found:
        return SourceError(found["why"], source=one["source"])
    return PageArticle.of(Article(**found["article"]), map(Vote._make, found["votes"]))


class _Worker:
    """One process; it is started anew when a job has broken it."""

    def __init__(self) -> None:
        self._asked: deque[Job] = deque()
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        assert self._process.stdout is not None
        self._listener = threading.Thread(
            target=_listen, args=(self._process.stdout, self._answers), daemon=True
        )
        self._listener.start()
        self._started = False

    def ask(self, one: Job) -> None:
        """Give the process a job; its answer comes after those of the jobs before."""
        self._asked.append(one)
        self._send(one)

    def _send(self, one: Job) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(one).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            # It is dead; the answer that does not come will tell.
            return

    def answer(self) -> dict[str, Any] | None:
        """Return the next answer; None when the job took too long or broke the process."""
        try:
            if not self._started:
                self._answers.get(timeout=_START_SECONDS)
                self._started = True
            line = self._answers.get(timeout=max(1, settings.get("extract_seconds")))
        except queue.Empty:
            line = b""
        self._asked.popleft()
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self.close()
        self._start()
        for one in self._asked:
            self._send(one)
        return None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdout.close()
        try:
            self._process.stdin.close()
        except OSError:
            return


def _listen(source: BinaryIO, answers: queue.SimpleQueue[bytes]) -> None:
    """Pass answers on; an empty one when there are no more."""
    for line in source:
        answers.put(line)
    answers.put(b"")
