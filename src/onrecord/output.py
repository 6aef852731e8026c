"""Where the command line writes: standard output, or a file that appears whole.

A file is written beside its place and moved there when it is complete, so that
an interrupted run leaves what stood there before.  What is no regular file
(/dev/null, a pipe) is written to directly.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from onrecord.errors import OnrecordError
from onrecord.forms import without_surrogates


class OutputError(OnrecordError):
    """The output cannot be written (``.path``)."""

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path


class Output:
    """An open output, UTF-8; ``None`` or ``-`` is standard output."""

    def __init__(self, path: str | None) -> None:
        self._path = None if path in (None, "-") else Path(path or "")
        self._part: Path | None = None
        self._file: BinaryIO | None = None

    @property
    def on_terminal(self) -> bool:
        """Whether a person reads it as it is written."""
        return self._path is None and sys.stdout.isatty()

    @property
    def color(self) -> bool:
        """Whether colour codes are welcome: a terminal, and neither NO_COLOR nor TERM=dumb."""
        refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return self.on_terminal and not refused

    def __enter__(self) -> Output:
        if self._path is None:
            self._file = sys.stdout.buffer
            return self
        try:
            self._file = self._open(self._path)
        except OSError as error:
            raise self._failed(error) from error
        return self

    def _open(self, path: Path) -> BinaryIO:
        if path.exists() and not path.is_file():
            return path.open("wb")
        handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        self._part = Path(part)
        return os.fdopen(handle, "wb")

    def write(self, text: str) -> None:
        """Write ``text``; OutputError when the disk or the file refuses."""
        assert self._file is not None
        try:
            self._file.write(without_surrogates(text).encode())
            if self._path is None:
                self._file.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._failed(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._path is None or self._file is None:
            return
        try:
            self._file.close()
            if self._part is not None and kind is None:
                self._publish(self._part, self._path)
        except OSError as problem:
            raise self._failed(problem) from problem
        finally:
            if self._part is not None:
                with suppress(OSError):
                    self._part.unlink(missing_ok=True)

    @staticmethod
    def _publish(part: Path, path: Path) -> None:
        """Move the finished file to its place, with the rights that a new file gets."""
        if path.exists():
            mode = path.stat().st_mode & 0o777
        else:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        part.chmod(mode)
        part.replace(path)

    def _failed(self, error: OSError) -> OutputError:
        where = str(self._path or "standard output")
        return OutputError(
            f"cannot write {where}: {error.strerror or error}; give --output another place",
            path=where,
        )
