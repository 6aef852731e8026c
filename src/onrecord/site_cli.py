"""The commands of the site: ``onrecord serve`` and ``onrecord demo``.

``cli`` mounts them (docs/cli.md describes each).  Everything heavy is imported in the
command that needs it.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.archive_cli import Guard, _Archive, _existing
from onrecord.errors import SettingError

if TYPE_CHECKING:
    from onrecord.archive import Archive, Progress
    from onrecord.site.config import Site

#: Seconds between two lines of progress, where they are not written over.
_SECONDS = 2.0
#: Connections that wait to be taken.
_QUEUE = 512
#: Sample reports read at once.
_FEW = 6
_Host = Annotated[str, typer.Option(help="Address to listen on.")]
_Port = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]


def mount(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to ``app``; ``guard`` turns errors into messages and exit codes."""
    for command in (serve, demo):
        app.command()(guard(command))


def serve(
    archive: _Archive = None,
    host: _Host = "127.0.0.1",
    port: _Port = 8000,
    site: Annotated[
        Path | None,
        typer.Option(metavar="TOML", exists=True, dir_okay=False, help="Name, colours, icon."),
    ] = None,
) -> None:
    """Serve an archive as a site, on this machine alone unless --host says otherwise."""
    settings = _settings(site)
    with _existing(archive) as opened:
        _joined(opened)
        _run(opened, settings, host, port)


def demo(
    host: _Host = "127.0.0.1",
    port: _Port = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Read the sample reports again.")] = False,
) -> None:
    """Read the sample reports, store and join them, and serve the site they make."""
    from dataclasses import replace

    from onrecord.archive import Archive

    settings = replace(
        _settings(None), name="onrecord demo",
        notice="A demonstration: all persons, outlets and happenings in it are invented.",
    )  # fmt: skip
    with Archive.open(_demo_place(fresh)) as opened:
        _read_samples(opened)
        _joined(opened)
        _run(opened, settings, host, port)


def _settings(path: Path | None) -> Site:
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise SettingError(
            "the site needs FastAPI and uvicorn: install them with  pip install 'onrecord[site]'",
            name="site",
        ) from error
    from onrecord.site.config import Site

    return Site.load(path)


def _demo_place(fresh: bool) -> Path:
    """Return where the demo's archive is kept: one for each version and model."""
    from hashlib import sha256

    from onrecord.reading.encoder import MODEL_FOLDER
    from onrecord.version import VERSION

    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "onrecord"
    folder.mkdir(parents=True, exist_ok=True)
    model = sha256((MODEL_FOLDER / "model.onnx").read_bytes()).hexdigest()
    place = folder / f"demo-{VERSION}-{model[:12]}.db"
    if fresh:
        for ending in ("", "-wal", "-shm"):
            Path(f"{place}{ending}").unlink(missing_ok=True)
    return place


def _read_samples(opened: Archive) -> None:
    """Add the sample reports, a few at a time so that progress shows; known ones cost nothing."""
    from onrecord import samples
    from onrecord.archive import Progress
    from onrecord.reading.reader import Reader

    began = time.monotonic()
    known = set(opened.ids())
    waiting = [one for one in samples.articles() if one.id not in known]
    if not waiting:
        return
    _say(f"reading {len(waiting)} sample reports, which takes some seconds the first time")
    reader, show = Reader(), _shown("reading")
    for first in range(0, len(waiting), _FEW):
        opened.add(waiting[first : first + _FEW], reader=reader, source="the sample corpus")
        done = min(first + _FEW, len(waiting))
        show(Progress(done, len(waiting), time.monotonic() - began))
    _say(f"read {len(waiting)} reports in {time.monotonic() - began:.0f} s")


def _joined(opened: Archive) -> None:
    from onrecord.analysis.joining import join

    if join(opened, on_progress=_shown("joining")):
        _say("joined them into stories and incidents")


def _shown(what: str) -> Any:
    """Return what shows progress: one line, written over on a terminal."""
    is_terminal, said = sys.stderr.isatty(), [0.0]

    def show(progress: Progress) -> None:
        total = f" of {progress.total}" if progress.total else ""
        if is_terminal:
            end = "\n" if progress.done == progress.total else ""
            line = f"\ronrecord: {what} {progress.done}{total} "
            print(line, end=end, file=sys.stderr, flush=True)
        elif progress.seconds - said[0] >= _SECONDS:
            said[0] = progress.seconds
            _say(f"{what} {progress.done}{total}")

    return show


def _say(text: str) -> None:
    print(f"onrecord: {text}", file=sys.stderr)


def _run(opened: Archive, settings: Site, host: str, port: int) -> None:
    import uvicorn

    from onrecord.site.app import create_app

    app = create_app(opened, settings)
    listener = _listener(host, port)
    shown = f"[{host}]" if ":" in host else host
    _say(f"serving on http://{shown}:{listener.getsockname()[1]}/  (stop with Ctrl-C)")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
        h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on browsers wait where they would be refused.
        listener.listen(_QUEUE)
    except OSError as error:
        listener.close()
        raise SettingError(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            "give another --port, or 0 for a free one",
            name="port",
        ) from error
    return listener
