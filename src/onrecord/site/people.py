"""The password file: a line a person, ``name:scrypt$…``, as ``onrecord person add`` writes it.

Passwords are hashed with scrypt (RFC 7914; N = 2¹⁵, r = 8, p = 1: 32 MiB and about a tenth
of a second each, OWASP's second recommendation for scrypt).
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import stat
import threading
from hashlib import scrypt
from pathlib import Path

from onrecord.errors import SettingError

_N, _R, _P = 2**15, 8, 1
_LONGEST = 1_024
SHORTEST = 10
_NAME = re.compile(r"[\w.@-](?:[\w .@-]{0,62}[\w.@-])?")
_LINE = re.compile(r"([^:]+):scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)")
#: Passwords hashed at once: each takes 32 MiB.
_AT_ONCE = threading.BoundedSemaphore(2)


class People:
    """Who may sign in; the file is read again whenever it changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._lines: dict[str, tuple[int, int, int, bytes, bytes]] = {}
        self._nobody = (_N, _R, _P, os.urandom(16), b"\0" * 32)
        self._current()

    def knows(self, name: str) -> bool:
        """Say whether the file has a person of this name."""
        return name in self._current()

    def check(self, name: str, password: str) -> bool:
        """Say whether it is that person's password; it takes as long when there is none."""
        n, r, p, salt, wanted = self._current().get(name, self._nobody)
        if len(password) > _LONGEST:
            return False
        with _AT_ONCE:
            found = _scrypt(password, salt, n, r, p)
        return hmac.compare_digest(found, wanted) and wanted != self._nobody[4]

    def _current(self) -> dict[str, tuple[int, int, int, bytes, bytes]]:
        with self._lock:
            try:
                known = self._path.stat()
                seen = (known.st_mtime_ns, known.st_size)
                if seen != self._seen:
                    self._lines = _read(self._path, known.st_mode)
                    self._seen = seen
            except OSError as error:
                raise SettingError(
                    f"the password file {self._path} cannot be read: {error.strerror}; make it "
                    "with  onrecord person add",
                    name="people",
                ) from error
            return self._lines


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    words = password.encode("utf-8", "replace")
    return scrypt(words, salt=salt, n=n, r=r, p=p, maxmem=256 * r * n, dklen=32)


def _read(path: Path, mode: int) -> dict[str, tuple[int, int, int, bytes, bytes]]:
    if mode & (stat.S_IWGRP | stat.S_IRWXO):
        raise SettingError(
            f"others may read or write {path}; run  chmod 600 {path}", name="people"
        )  # fmt: skip
    found = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        form = _LINE.fullmatch(line.strip())
        if form is None or not _sound(int(form[2]), int(form[3]), int(form[4])):
            raise SettingError(
                f"line {number} of {path} is no line of a password file; write it with  "
                "onrecord person add",
                name="people",
            )
        salt, hashed = (base64.b64decode(form[part]) for part in (5, 6))
        found[form[1]] = (int(form[2]), int(form[3]), int(form[4]), salt, hashed)
    return found


def _sound(n: int, r: int, p: int) -> bool:
    return n & (n - 1) == 0 and 2**14 <= n <= 2**18 and 1 <= r <= 16 and 1 <= p <= 16


def line(name: str, password: str) -> str:
    """Return the line of a person; SettingError for an odd name or too short a password."""
    if not _NAME.fullmatch(name):
        raise SettingError(
            f"{name!r} is no name to sign in with; use letters, digits, blanks and . @ - _",
            name="people",
        )
    if not SHORTEST <= len(password) <= _LONGEST:
        raise SettingError(f"a password has {SHORTEST} to {_LONGEST} characters", name="people")
    salt = os.urandom(16)
    parts = (base64.b64encode(one).decode() for one in (salt, _scrypt(password, salt, _N, _R, _P)))
    return f"{name}:scrypt${_N}${_R}${_P}${'$'.join(parts)}"


def put(path: Path, name: str, password: str) -> None:
    """Add a person to the file, or change the password of one; the file is made if need be."""
    new = line(name, password)
    kept = [one for one in _lines(path) if one.partition(":")[0] != name]
    _write(path, [*kept, new])


def remove(path: Path, name: str) -> None:
    """Take a person out of the file; SettingError when there is none of that name."""
    lines = _lines(path)
    kept = [one for one in lines if one.partition(":")[0] != name]
    if len(kept) == len(lines):
        raise SettingError(f"{path} has no person {name!r}", name="people")
    _write(path, kept)


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def _write(path: Path, lines: list[str]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(f"{one}\n" for one in lines))
    part.replace(path)
