"""Let schemathesis look for requests that break the API: ``python -m tests.api_contract``.

Serves an archive with the invented report on this machine, at a free port, with a token of all
scopes, and runs schemathesis' checks (no 5xx, answers as described) on every endpoint.  What
follows on the command line goes to ``schemathesis run``, as ``--max-examples 200``.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from onrecord.analysis.joining import join
from onrecord.archive import Archive
from onrecord.site import api, feeds, tokens
from tests.record_examples import example
from tests.site_fixtures import again, context

#: The checks that are run; the others would have it that a token is needed on this machine, or
#: that what a description cannot tell (a cursor, a date) is refused.
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_schema_conformance", "response_headers_conformance",
          "unsupported_method")  # fmt: skip


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on this machine, at a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def run(archive: Archive, more: Sequence[str]) -> int:
    """Run schemathesis on the archive's API; return its exit status."""
    archive.add_records([example(), again("tidewater-0314")])
    join(archive)
    app = FastAPI(openapi_url=None)
    made = context(archive)
    app.include_router(api.router(made))
    app.include_router(feeds.router(made))
    token = tokens.add(archive, "schemathesis", tokens.SCOPES)
    with served(app) as address:
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json",
            "--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS),
            "--seed", "1", *more,
        ]  # fmt: skip
        return subprocess.run(command, check=False).returncode


def uncounted(put: Callable[[str, str], None]) -> None:
    """Let no request be refused for there being many."""
    for name in ("REQUESTS", "READS", "WRITES", "SIGN_INS"):
        put(f"ONRECORD_{name}_PER_MINUTE", "0")


def main() -> None:
    """Run it with nothing bounded but the examples."""
    uncounted(os.environ.__setitem__)
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "a.db") as archive:
        sys.exit(run(archive, sys.argv[1:] or ["--max-examples", "20"]))


if __name__ == "__main__":
    main()
