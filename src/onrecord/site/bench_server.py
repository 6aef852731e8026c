"""The server that ``site.bench`` reads from: the site, with how long each answer took."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

_Message = MutableMapping[str, Any]


class Timed:
    """Notes in each answer how many milliseconds the application took to begin it."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(
        self, scope: _Message, receive: Callable[[], Awaitable[_Message]],
        send: Callable[[_Message], Awaitable[None]],
    ) -> None:  # fmt: skip
        """Answer one request."""
        began = time.perf_counter()

        async def sending(message: _Message) -> None:
            if message["type"] == "http.response.start":
                spent = f"app;dur={(time.perf_counter() - began) * 1e3:.1f}"
                message["headers"] = [*message["headers"], (b"server-timing", spent.encode())]
            await send(message)

        await self._app(scope, receive, sending)


def main() -> None:
    """Serve the archive that the command line names, on a free port, and print where."""
    import uvicorn

    from onrecord.archive import Archive
    from onrecord.site.app import create_app

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(json.dumps(f"http://127.0.0.1:{listener.getsockname()[1]}"), flush=True)
    with Archive.open(sys.argv[1]) as archive:
        config = uvicorn.Config(Timed(create_app(archive)), log_level="warning")
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
