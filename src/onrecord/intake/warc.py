"""Web archives (WARC 1.0 and 1.1, ISO 28500; gzip or not) → articles.

fastwarc stops at the first fault of a file.  Here a fault costs the record it
is in: reading goes on at the next place where a record begins.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from onrecord import settings
from onrecord.errors import SourceError
from onrecord.intake.articles import Given, Unreadable
from onrecord.intake.html import article_from_html, decode_page
from onrecord.intake.unpacking import UnpackError, unpacked, unpackers
from onrecord.record import Article

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_GZIP = b"\x1f\x8b\x08"
_RECORD = re.compile(rb"(?<=\n)WARC/[01]\.\d{1,2}\r?\n")
_SWALLOWED = re.compile(rb"\r\n\r\nWARC/[01]\.\d{1,2}\r\nWARC-")
_PAGES = ("text/html", "application/xhtml+xml")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r\n")
_BLOCK = 1 << 20
#: Faults in a row, without a record between them, after which a file is given up.
_MOST_FAULTS = 1_000
_NOTHING = Given()
_Stretch = Generator[Article | Unreadable, None, int | None]


def is_warc(head: bytes) -> bool:
    """Say whether a file that begins so is a WARC file, gzip or not."""
    import zlib

    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(47).decompress(head, 64)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def articles_from_warc(
    file: BinaryIO, *, source: str, given: Given = _NOTHING, today: date | None = None
) -> Iterator[Article | Unreadable]:
    """Yield an article for each web page (a ``response`` of status 200) of a seekable file.

    A record that is cut short, of the wrong length, larger than
    ``max_record_bytes`` or not to be parsed comes out as Unreadable; other kinds
    of records are passed over.  Raises SourceError, at the end, when more than
    ``max_bad_percent`` of the records were bad.
    """
    walk = _Walk(file, given, today)
    bad = 0
    for item in walk.items():
        bad += isinstance(item, Unreadable)
        yield item
    records = walk.responses + walk.faults
    if bad * 100 > settings.get("max_bad_percent") * records:
        raise SourceError(
            f"{source}: {bad:,} of {records:,} records are bad; fetch the file again, "
            "or raise ONRECORD_MAX_BAD_PERCENT",
            source=source,
        )


class _Response(NamedTuple):
    """What a record holds of a web page."""

    url: str | None
    fetched: str | None
    body: bytes
    charset: str | None


@dataclass
class _Walk:
    """The way through one file, from record to record and over the faults between them."""

    file: BinaryIO
    given: Given
    today: date | None
    #: Records of all kinds that could be delimited; those that hold an answer from the web.
    seen: int = 0
    responses: int = 0
    #: Places where no record could be made out.
    faults: int = 0

    def items(self) -> Iterator[Article | Unreadable]:
        self.file.seek(0)
        head = b"\n" + self.file.read(65_536)
        packed = _GZIP in head and not _RECORD.search(head)
        start: int | None = 0
        vain = 0
        while start is not None and vain < _MOST_FAULTS:
            before = self.seen
            fault = yield from self._stretch(start, told=start > 0)
            vain = vain + 1 if self.seen == before else 0
            start = None if fault is None else self._next_start(fault + 1, packed)
        if start is not None:
            self.faults += 1
            yield Unreadable(None, f"given up at byte {start:,}: fault upon fault", "bad-record")
        elif not self.seen and not self.faults and len(head) > 1:
            self.faults += 1
            yield Unreadable(None, "there is no record in it", "bad-record")

    def _stretch(self, start: int, *, told: bool) -> _Stretch:
        """Yield what stands between ``start`` and the next fault; return where that record began.

        ``told`` says that a fault has just been reported: one at the very start is the same.
        """
        from fastwarc.warc import ArchiveIterator, WarcRecordType

        self.file.seek(start)
        at = start
        try:
            for record in ArchiveIterator(self.file, parse_http=False):
                if not record.headers.get("WARC-Type"):
                    raise ValueError("a record without a type")
                self.seen += 1
                at, told = record.stream_pos, False
                if record.record_type != WarcRecordType.response:
                    continue
                self.responses += 1
                item, whole = self._item(record)
                if item is not None:
                    yield item
                if not whole:
                    return at
                told = isinstance(item, Unreadable)
        except (OSError, ValueError) as error:
            if not told:
                self.faults += 1
                yield Unreadable(None, f"after byte {at:,}: {error}", "bad-record")
            return at
        return None

    def _item(self, record: WarcRecord) -> tuple[Article | Unreadable | None, bool]:
        """Return a record's article, if any, and whether the next record can be trusted."""
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>") or None
        place = f"record at byte {record.stream_pos:,} ({url})"
        most = settings.get("max_record_bytes")
        length = record.content_length
        if length > most:
            why = f"{place} is larger than {most:,} bytes (ONRECORD_MAX_RECORD_BYTES)"
            return Unreadable(None, why, "too-large"), False
        block = record.reader.read(length)
        swallowed = _SWALLOWED.search(block)
        if len(block) < length or swallowed:
            return Unreadable(None, f"{place} is shorter than it says", "cut-short"), False
        try:
            response = _response(block, url, record.headers.get("WARC-Date"), most)
            return (None if response is None else self._article(response, place)), True
        except UnpackError as error:
            return Unreadable(None, f"{place}: {error}", error.rule), True
        except SourceError as error:
            return Unreadable(None, str(error), "bad-page"), True

    def _article(self, response: _Response, place: str) -> Article:
        return article_from_html(
            decode_page(response.body, response.charset),
            source=place,
            url=response.url,
            fetched=response.fetched,
            published=self.given.published,
            publisher=self.given.publisher,
            today=self.today,
        )

    def _next_start(self, after: int, packed: bool) -> int | None:
        """Find where, from byte ``after`` on, a record may begin."""
        self.file.seek(max(0, after - 1))
        base, tail = max(0, after - 1), b""
        while block := self.file.read(_BLOCK):
            data = tail + block
            match = data.find(_GZIP, 1 if base < after else 0) if packed else _find(data)
            if match >= 0:
                return base + match
            tail = data[-32:]
            base += len(data) - len(tail)
        return None


def _find(data: bytes) -> int:
    match = _RECORD.search(data)
    return match.start() if match else -1


# -- HTTP in a record ----------------------------------------------------------------------


def _response(block: bytes, url: str | None, fetched: str | None, most: int) -> _Response | None:
    """Take a record's HTTP apart; None when it is no web page of status 200."""
    head, between, body = block.partition(b"\r\n\r\n")
    lines = head[:100_000].decode("latin-1").split("\r\n")
    status = lines[0].split(" ")
    if not lines[0].startswith("HTTP/"):
        raise UnpackError("it holds no HTTP answer", "bad-record")
    if not between:
        raise UnpackError("it ends in the middle of its HTTP head", "cut-short")
    pairs = (line.partition(":") for line in lines[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    kind, _, options = headers.get("content-type", "").partition(";")
    if len(status) < 2 or status[1] != "200" or kind.strip().lower() not in _PAGES:
        return None
    body = _body(body, headers, most)
    charset = re.search(r"charset\s*=\s*[\"']?([\w-]{2,30})", options, re.IGNORECASE)
    return _Response(url, fetched, body, charset[1] if charset else None)


def _body(body: bytes, headers: dict[str, str], most: int) -> bytes:
    """Undo what the headers say; crawlers may have undone it and left the headers as they were."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _unchunked(body)
    encoding = headers.get("content-encoding", "")
    length = headers.get("content-length", "")
    if not encoding and length.isdigit() and len(length) < 19 and int(length) > len(body):
        raise UnpackError("its HTTP answer is shorter than it says", "cut-short")
    if body.lstrip()[:1] == b"<":
        return body
    whole = bytearray()
    stages = unpackers(encoding)
    for piece in unpacked(body, stages):
        whole += piece
        if len(whole) > most:
            raise UnpackError(f"it unpacks to more than {most:,} bytes", "too-large")
    if not all(stage.done() for stage in stages):
        raise UnpackError("its packed answer is cut short", "cut-short")
    return bytes(whole)


def _unchunked(body: bytes) -> bytes:
    """Join the chunks of RFC 9112, 7.1; a body that is not in chunks stays as it is."""
    pieces: list[bytes] = []
    at = 0
    while match := _CHUNK_SIZE.match(body, at):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(pieces)
        if match.end() + size > len(body):
            raise UnpackError("its last chunk is cut short", "cut-short")
        pieces.append(body[match.end() : match.end() + size])
        at = match.end() + size + 2
    if pieces:
        raise UnpackError("its chunks do not fit", "cut-short")
    return body
