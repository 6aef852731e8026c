"""Reading data files: rows with the keys a task needs, or an error that says what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from onrecord.errors import SourceError

Row = dict[str, Any]
T = TypeVar("T")


def set_name(path: Path) -> str:
    """Return how a data file is called in tables and floors: its folder and its name."""
    resolved = path.resolve()
    return f"{resolved.parent.name}/{resolved.name}"


def sha256(path: Path) -> str:
    """Return the file's SHA-256 in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of a UTF-8 file.

    Raises SourceError when the file is missing, a folder, unreadable or not UTF-8.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as stream:
            for number, line in enumerate(stream, start=1):
                yield number, line.rstrip("\r\n")
    except FileNotFoundError:
        raise SourceError(
            f"{path} is not there; give the path of a data file", source=str(path)
        ) from None
    except IsADirectoryError:
        raise SourceError(
            f"{path} is a folder; name the file in it, or run the task 'all' on the folder",
            source=str(path),
        ) from None
    except UnicodeDecodeError:
        raise SourceError(
            f"{path} is not UTF-8 text; data files are UTF-8", source=str(path)
        ) from None
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}); check its permissions", source=str(path)
        ) from error


def bad_format(path: Path, number: int, problem: str, wanted: str) -> SourceError:
    """Return the error for a row that is not in the task's format."""
    return SourceError(
        f"{path}, line {number}: {problem}; this task reads {wanted}", source=str(path)
    )


def json_rows(path: Path, keys: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Yield (line number, row) of a JSONL file whose rows hold these keys; skip empty lines."""
    wanted = "JSONL rows with " + ", ".join(keys)
    for number, line in lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise bad_format(path, number, "no JSON", wanted) from None
        missing = [key for key in keys if not isinstance(row, dict) or key not in row]
        if missing:
            raise bad_format(path, number, f"no {missing[0]!r}", wanted)
        yield number, row


def load(path: Path, keys: Sequence[str], parse: Callable[[Row], T]) -> list[T]:
    """Read a JSONL file into the rows of a task.

    Raises SourceError for a file without rows and for a row that does not parse.
    """
    rows = []
    for number, row in json_rows(path, keys):
        try:
            rows.append(parse(row))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            problem = f"{type(error).__name__}: {error}"
            wanted = "JSONL rows with " + ", ".join(keys)
            raise bad_format(path, number, problem, wanted) from error
    if not rows:
        raise SourceError(f"{path} holds no rows; give a file with at least one", source=str(path))
    return rows
