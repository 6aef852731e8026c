"""WARC files: a damaged record costs that record (FAULTS.md row 20)."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import SourceError
from onrecord.intake import Unreadable, open_source
from onrecord.intake.warc import articles_from_warc, is_warc
from onrecord.record import Article

TODAY = date(2025, 12, 5)
WORDS = "The council said on Monday that it would rebuild the bridge over the river. " * 6


def page(number: int) -> bytes:
    return (
        f"<html><head><title>Report {number}</title></head><body><article><h1>Report {number}</h1>"
        f"<p>{WORDS} It is report number {number}.</p></article></body></html>"
    ).encode()


def record(
    number: int,
    body: bytes | None = None,
    *,
    length: int | None = None,
    kind: str = "response",
    head: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8",
) -> bytes:
    http = f"{head}\r\n\r\n".encode() + (page(number) if body is None else body)
    return (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://news.example/{number}>\r\n"
        f"WARC-Date: 2025-12-04T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http) if length is None else length}\r\n\r\n"
    ).encode() + http + b"\r\n\r\n"  # fmt: skip


def plainly(records: list[bytes]) -> bytes:
    return b"".join(records)


def packed(records: list[bytes]) -> bytes:
    return b"".join(map(gzip.compress, records))


BOTH = pytest.mark.parametrize("join", [plainly, packed])
Join = Callable[[list[bytes]], bytes]


def read(data: bytes) -> tuple[list[str], list[Unreadable], bool]:
    """The reports read, the faults, and whether the file as a whole failed."""
    good, bad, failed = [], [], False
    try:
        for item in articles_from_warc(io.BytesIO(data), source="a.warc", today=TODAY):
            if isinstance(item, Article):
                good.append(item.title or "")
            else:
                bad.append(item)
    except SourceError:
        failed = True
    return good, bad, failed


def reports(*numbers: int) -> list[str]:
    return [f"Report {number}" for number in numbers]


@BOTH
def test_pages_become_articles(join: Join, tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(
        join(
            [
                record(0, b"software: x", kind="warcinfo"),
                record(1),
                record(2, kind="request"),
                record(3, head="HTTP/1.1 404 Not Found\r\nContent-Type: text/html"),
                record(4, b"\x89PNG", head="HTTP/1.1 200 OK\r\nContent-Type: image/png"),
                record(5),
            ]
        )
    )
    found = list(open_source(str(file), publisher="The Daily Example", today=TODAY))
    first, second = found
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.title == "Report 1"
    assert first.text.endswith("report number 1.")
    assert first.url == "https://news.example/1"
    assert first.fetched == "2025-12-04T10:00:00Z"
    assert first.publisher == "The Daily Example"
    assert second.title == "Report 5"


@BOTH
def test_a_file_cut_short(join: Join) -> None:
    data = join([record(number) for number in range(4)])
    good, bad, failed = read(data[:-40])
    assert good == reports(0, 1, 2)
    assert [item.code for item in bad] in (["cut-short"], ["bad-record"])
    assert not failed


@BOTH
@pytest.mark.parametrize("length", [20, 4_000_000, 10**12])
def test_a_length_that_is_wrong(join: Join, length: int) -> None:
    records = [record(number) for number in range(6)]
    records[2] = record(2, length=length)
    good, bad, failed = read(join(records))
    assert good == reports(0, 1, 3, 4, 5)
    assert len(bad) == 1
    assert bad[0].code in ("cut-short", "too-large", "bad-record")
    assert not failed


def test_a_length_that_swallows_the_next_record() -> None:
    records = [record(number) for number in range(6)]
    records[2] = record(2, length=len(records[2]) + 300)
    good, bad, failed = read(plainly(records))
    assert good == reports(0, 1, 3, 4, 5)
    assert [item.code for item in bad] == ["cut-short"]
    assert not failed


@BOTH
@pytest.mark.parametrize(
    "broken",
    [
        b"garbage\r\n\r\n" * 5,
        b"WARC/1.1\r\nno header at all\r\n\r\n",
        record(9).replace(b"Content-Length: ", b"Content-Length: x"),
        record(9).replace(b"Content-Length: ", b"Content-Length: -"),
        record(9).replace(b"HTTP/1.1 200 OK", b"nonsense"),
        record(9, head="HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999"),
        record(9, b"5\r\nhello\r\nffff\r\nx", head="HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
               "Transfer-Encoding: chunked"),
        record(9, b"nothing packed", head="HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
               "Content-Encoding: gzip"),
    ],
)  # fmt: skip
def test_a_broken_record_costs_itself_only(join: Join, broken: bytes) -> None:
    records = [record(number) for number in range(5)]
    good, bad, failed = read(join([*records[:2], broken, *records[2:]]))
    assert good == reports(0, 1, 2, 3, 4)
    assert len(bad) == 1
    assert not failed


def test_a_packed_record_that_is_damaged_costs_itself_only() -> None:
    packs = [gzip.compress(record(number)) for number in range(5)]
    packs[2] = packs[2][:60] + b"\0" * 30 + packs[2][90:]
    good, bad, failed = read(b"".join(packs))
    assert good == reports(0, 1, 3, 4)
    assert len(bad) == 1
    assert not failed


@BOTH
def test_a_huge_record_is_passed_over(join: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_RECORD_BYTES", "100000")
    data = join([record(0), record(1, b"<p>" + b"x" * 20_000_000), record(2)])
    tracemalloc.start()
    try:
        good, bad, failed = read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert good == reports(0, 2)
    assert [item.code for item in bad] == ["too-large"]
    assert not failed
    assert peak < 12_000_000


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_packed_pages_and_chunks(encoding: str) -> None:
    pack = {"gzip": gzip.compress, "br": partial(brotli.compress, quality=4)}[encoding]
    body = pack(page(1))
    chunks = b"%x\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n\r\n" % (50, body[:50], len(body) - 50, body[50:])
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}"
    chunked = f"{head}\r\nTransfer-Encoding: chunked"
    data = plainly(
        [
            record(1, body, head=head),
            record(1, chunks, head=chunked),
            record(1, head=chunked),  # undone by the crawler, headers left as they were
            record(1, pack(b"<p>" + bytes(20_000_000)), head=head),
        ]
    )
    good, bad, _ = read(data)
    assert good == reports(1, 1, 1)
    assert [item.code for item in bad] == ["too-large"]


def test_too_many_bad_records_fail_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = [record(number, length=20) for number in range(3)]
    data = plainly([record(0), record(1), *bad])
    good, faults, failed = read(data)
    assert good == reports(0, 1)
    assert len(faults) == 3
    assert failed
    monkeypatch.setenv("ONRECORD_MAX_BAD_PERCENT", "90")
    assert not read(data)[2]


@pytest.mark.parametrize("data", [b"<html>", b"text\n" * 100, b"\x1f\x8b\x08nothing"])
def test_what_is_no_warc_fails(data: bytes) -> None:
    good, bad, failed = read(data)
    assert (good, len(bad), failed) == ([], 1, True)


def test_an_empty_file_has_no_articles() -> None:
    assert read(b"") == ([], [], False)


def test_how_a_warc_begins() -> None:
    assert is_warc(record(1))
    assert is_warc(gzip.compress(record(1))[:100])
    assert not is_warc(gzip.compress(b"text"))
    assert not is_warc(b"\x1f\x8b\x08xx")
    assert not is_warc(b"")


def test_faults_without_end_are_given_up() -> None:
    began = time.process_time()
    for piece in (b"\nWARC/1.1\n", b"\x1f\x8b\x08"):
        good, bad, failed = read(piece * 100_000)
        assert good == []
        assert 1 <= len(bad) <= 3
        assert failed
    assert time.process_time() - began < 10


@settings(deadline=None, max_examples=25)
@given(st.data(), st.sampled_from([plainly, packed]))
def test_damage_anywhere_never_stops_the_reading(data: st.DataObject, join: Join) -> None:
    whole = join([record(number) for number in range(4)])
    at = data.draw(st.integers(0, len(whole) - 1))
    put = data.draw(st.binary(max_size=30))
    gone = data.draw(st.integers(0, 60))
    good, _, _ = read(whole[:at] + put + whole[at + gone :])
    assert len(good) >= 2
