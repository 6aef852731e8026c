"""The process that takes articles out of pages and PDFs: JSON lines in, JSON lines out.

It ends when its standard input does, so it outlives nobody, however its parent died.
``extraction`` starts it.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import resource
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from onrecord.errors import SourceError
from onrecord.intake.articles import Given, article_from_text
from onrecord.intake.html import article_from_html, decode_page, with_title
from onrecord.intake.metadata import votes_of
from onrecord.intake.pdf import text_of_pdf
from onrecord.record import Article

#: Memory that a worker may ask for, in bytes.
_MEMORY = 4 * 1024**3


def main() -> None:
    """Answer jobs until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # Nothing that a library prints may come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, jobs), daemon=True).start()
    line = jobs.get()
    if json.loads(line)["kind"] == "html":
        with suppress(ModuleNotFoundError):
            import trafilatura  # noqa: F401
    # From here on the time of a job counts, not that of starting.
    answers.write("{}\n")
    answers.flush()
    while True:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()
        line = jobs.get()


def _listen(source: TextIO, jobs: queue.SimpleQueue[str]) -> None:
    for line in source:
        jobs.put(line)
    os._exit(0)


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Return a job's article, or why there is none."""
    try:
        article = _article(job)
        return {"article": asdict(article), "votes": votes_of(article)}
    except SourceError as error:
        return {"why": str(error)}
    except MemoryError:
        return {"why": f"{job['source']} takes more memory than it may; save it as text"}
    except ModuleNotFoundError as error:
        return {"why": str(error), "module": error.name}


def _article(job: dict[str, Any]) -> Article:
    given = Given(**job["given"])
    today = date.fromisoformat(job["today"]) if job["today"] else None
    data = base64.b64decode(job["data"]) if "data" in job else _read(job["source"], job["most"])
    if job["kind"] == "pdf":
        text, title = text_of_pdf(data, source=job["source"])
        known = given._asdict() | {"title": given.title or title}
        return article_from_text(
            with_title(text, given.title), fetched=job["fetched"], today=today, **known
        )
    return article_from_html(
        decode_page(data), source=job["source"], fetched=job["fetched"], today=today,
        **given._asdict(),
    )  # fmt: skip


def _read(path: str, most: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", source=path) from error
    if len(data) > most:
        raise SourceError(
            f"{path} is larger than {most:,} bytes; split it, or raise ONRECORD_MAX_FILE_BYTES",
            source=path,
        )
    return data
