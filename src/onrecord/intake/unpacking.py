"""Compressed bytes, undone in small pieces, so that a bomb is stopped before it goes off."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol

#: Bytes that one step may bring forth.
PIECE = 65_536
#: More than two encodings over one another are no server's habit but an attack.
_MOST_ENCODINGS = 2
#: RFC 9659: no more than 8 MB of memory for a window of zstd on the web.
_ZSTD_WINDOW_LOG = 23


class UnpackError(Exception):
    """Bytes that are not what they are said to be."""

    def __init__(self, message: str, rule: str) -> None:
        super().__init__(message)
        #: ``encoding``, ``cut-short`` or ``too-large``.
        self.rule = rule


class Unpacker(Protocol):
    """One encoding being undone."""

    #: What its library raises for bytes that it did not write.
    errors: tuple[type[Exception], ...]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what ``data`` brings forth, in pieces of about ``PIECE`` bytes."""

    def done(self) -> bool:
        """Say whether the stream has come to its end."""


class Deflate:
    """zlib, gzip of any number of members, and (as some servers do) bare deflate."""

    errors: tuple[type[Exception], ...] = (zlib.error,)

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._stream = zlib.decompressobj(47) if gzip else None
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None and data:
            self._stream = zlib.decompressobj(15 if _zlib_head(data) else -15)
        while data and self._stream is not None:
            self._begun = True
            yield self._stream.decompress(data, PIECE)
            if not self._stream.eof:
                data = self._stream.unconsumed_tail
            else:
                data = self._stream.unused_data if self._gzip else b""
                data = data.lstrip(b"\0")
                if data:
                    self._stream = zlib.decompressobj(47)

    def done(self) -> bool:
        return not self._begun or (self._stream is not None and self._stream.eof)


def _zlib_head(data: bytes) -> bool:
    return data[0] & 15 == 8 and (len(data) < 2 or (data[0] * 256 + data[1]) % 31 == 0)


class Brotli:
    """Brotli, RFC 7932."""

    def __init__(self) -> None:
        import brotli

        self.errors: tuple[type[Exception], ...] = (brotli.error,)
        self._stream = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        piece = self._stream.process(data, output_buffer_limit=PIECE)
        yield piece
        while piece and not self._stream.is_finished():
            piece = self._stream.process(b"", output_buffer_limit=PIECE)
            yield piece

    def done(self) -> bool:
        return not self._begun or bool(self._stream.is_finished())


class Zstd:
    """Zstandard, RFC 8878, of any number of frames."""

    def __init__(self) -> None:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        self.errors: tuple[type[Exception], ...] = (zstd.ZstdError, EOFError)
        self._new = partial(
            zstd.ZstdDecompressor,
            options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG},
        )
        self._stream = self._new()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._stream.eof or self._stream.needs_input):
            self._begun = True
            if self._stream.eof:
                self._stream = self._new()
            yield self._stream.decompress(data, PIECE)
            data = self._stream.unused_data if self._stream.eof else b""

    def done(self) -> bool:
        return not self._begun or bool(self._stream.eof)


_UNPACKERS: dict[str, Callable[[], Unpacker]] = {
    "gzip": partial(Deflate, gzip=True),
    "x-gzip": partial(Deflate, gzip=True),
    "deflate": partial(Deflate, gzip=False),
    "br": Brotli,
    "zstd": Zstd,
}
#: What a fetch says it understands.
ACCEPTED = "gzip, deflate, br, zstd"


def unpackers(encodings: str) -> list[Unpacker]:
    """Return what undoes a ``Content-Encoding``, the last encoding first.

    Raises UnpackError for one that is not known, and for more than two.
    """
    names = [name.strip().lower() for name in encodings.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > _MOST_ENCODINGS:
        raise UnpackError(f"{len(names)} encodings over one another", "encoding")
    unknown = [name for name in names if name not in _UNPACKERS]
    if unknown:
        raise UnpackError(f"unknown encoding {unknown[0]!r}", "encoding")
    return [_UNPACKERS[name]() for name in reversed(names)]


def unpacked(data: bytes, stages: list[Unpacker]) -> Iterator[bytes]:
    """Yield what ``data`` brings forth when it goes through all stages."""
    if not stages:
        yield data
        return
    try:
        for piece in stages[0].feed(data):
            yield from unpacked(piece, stages[1:])
    except stages[0].errors as error:
        raise UnpackError(f"it cannot be unpacked ({error})", "encoding") from error


def gunzip(data: bytes, most: int) -> bytes:
    """Undo gzip, to ``most`` bytes; raises UnpackError beyond them or when it is cut short."""
    stage = Deflate(gzip=True)
    return _gathered(unpacked(data, [stage]), stage, most)


def _gathered(pieces: Iterable[bytes], stage: Unpacker, most: int) -> bytes:
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > most:
            raise UnpackError(f"it unpacks to more than {most:,} bytes", "too-large")
    if not stage.done():
        raise UnpackError("it is cut short", "cut-short")
    return bytes(whole)
