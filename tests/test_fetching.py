"""Fetching ends as FAULTS.md rows 1 to 6 say; no test leaves 127.0.0.1."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import FetchError, SourceError
from onrecord.intake.addresses import Refused, is_public, next_address, web_address
from onrecord.intake.fetching import Limits, Page, fetch, retry_after
from onrecord.intake.unpacking import PIECE, unpacked, unpackers
from tests.misbehaving import (
    HOST,
    Behaviour,
    Misbehaving,
    answer,
    dribble,
    endless_head,
    raw,
    redirect,
    serving,
    silent,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMITS = Limits(max_bytes=1_000_000, seconds=90, redirects=5)
MEGA = 1_000_000


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with serving() as running:
        yield running


def get(server: Misbehaving, behaviour: Behaviour, limits: Limits = LIMITS) -> Page:
    server.paths["/page"] = behaviour
    return fetch(server.url("/page"), limits=limits, allow=server.allow)


def rule(server: Misbehaving, behaviour: Behaviour, limits: Limits = LIMITS) -> str:
    with pytest.raises(FetchError) as caught:
        get(server, behaviour, limits)
    assert caught.value.url == server.url("/page") == caught.value.source
    assert f"[{caught.value.rule}]" in str(caught.value)
    return caught.value.rule


# -- addresses (rows 1 and 4) --------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 127.9.9.9 [::1] [::] 169.254.169.254 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1"
    " 0.0.0.0 2130706433 0x7f000001 0x7f.1 127.1 0177.0.0.1 [::ffff:127.0.0.1] [::ffff:7f00:1]"
    " [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fc00::1] 255.255.255.255"
    " 224.0.0.1 localhost printer router.local LOCALHOST 127.0.0.1.".split(),
)
def test_what_is_not_the_public_internet_is_refused(host: str, server: Misbehaving) -> None:
    before = len(server.asked)
    with pytest.raises(FetchError) as caught:
        fetch(f"http://{host}:{server.port}/", limits=LIMITS)
    assert caught.value.rule == "address"
    assert len(server.asked) == before


@pytest.mark.parametrize(
    ("url", "broken"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("data:text/html,hello", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("//example.org/", "scheme"),
        ("", "scheme"),
        ("http://", "host"),
        ("http://exam\0ple.org/", "host"),
        ("http://example.org/\r\nHost: other", "host"),
        ("http://example.org\\@evil.example/", "host"),
        ("http://ex%61mple.org/", "host"),
        ("http://exаmple.org/", "host"),  # a Cyrillic letter among Latin ones
        ("http://ⓔxample.org/", "host"),
        ("http://１２７.0.0.1/", "host"),
        ("http://xn--exmple-4nf.org/", "host"),  # the same in punycode
        ("http://a..b/", "host"),
        ("http://[::1/", "host"),
        ("http://example.org:99999/", "host"),
        ("http://example.org:25/", "port"),
        ("http://me:secret@example.org/", "user"),
        ("http://example.org/" + "a" * 5000, "host"),
    ],
)
def test_what_is_no_web_address_is_refused_at_parse(url: str, broken: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(url, limits=LIMITS)
    assert caught.value.rule == broken
    assert isinstance(caught.value, SourceError)


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://bücher.example/ä b", None),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://пример.example/", "https://xn--e1afmkfd.example/"),
        ("https://example.org./x%20y", "https://example.org/x%20y"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_an_address_has_one_spelling(url: str, spelling: str | None) -> None:
    if spelling is None:
        with pytest.raises(Refused):
            web_address(url)
    else:
        assert web_address(url).url == spelling


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://example.org/{text}"):
        try:
            found = web_address(url)
        except Refused:
            continue
        assert found.url.isascii()
        assert web_address(found.url) == found


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def test_what_is_no_number_is_not_public() -> None:
    assert not is_public("example.org")
    assert not is_public("")


# -- names (row 2) -------------------------------------------------------------------------


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(
    server: Misbehaving,
) -> None:
    asked = []

    async def first_good_then_bad(host: str, port: int) -> list[str]:
        asked.append(host)
        return [HOST] if len(asked) == 1 else ["10.0.0.1"]

    server.paths["/page"] = answer(b"good")
    page = fetch(
        f"http://news.example:{server.port}/page",
        limits=LIMITS,
        allow=server.allow,
        resolve=first_good_then_bad,
    )
    assert page.body == b"good"
    assert asked == ["news.example"]
    assert server.asked[-1].headers["host"] == f"news.example:{server.port}"


def test_of_several_addresses_only_public_ones_are_connected_to(server: Misbehaving) -> None:
    async def mixed(host: str, port: int) -> list[str]:
        return ["10.0.0.1", "::ffff:10.0.0.1", HOST]

    server.paths["/page"] = answer(b"good")
    url = f"http://news.example:{server.port}/page"
    assert fetch(url, limits=LIMITS, allow=server.allow, resolve=mixed).body == b"good"


def test_a_name_for_a_private_address_is_refused(server: Misbehaving) -> None:
    before = len(server.asked)
    with pytest.raises(FetchError) as caught:
        fetch(f"http://news.example:{server.port}/", limits=LIMITS, resolve=server.resolve)
    assert caught.value.rule == "address"
    assert len(server.asked) == before


def test_an_unknown_name() -> None:
    async def nothing(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchError) as caught:
        fetch("http://news.example/", limits=LIMITS, resolve=nothing)
    assert caught.value.rule == "dns"


def test_a_slow_resolver_does_not_hold_the_deadline() -> None:
    import asyncio

    async def slow(host: str, port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    began = time.monotonic()
    with pytest.raises(FetchError) as caught:
        fetch("http://news.example/", limits=LIMITS._replace(seconds=0.2), resolve=slow)
    assert caught.value.rule == "deadline"
    assert time.monotonic() - began < 15


# -- redirects (row 3) ---------------------------------------------------------------------


def test_redirects_are_followed_and_recorded(server: Misbehaving) -> None:
    server.paths["/end"] = answer(b"here")
    server.paths["/middle"] = redirect("end")
    page = get(server, redirect("/middle", 301))
    assert page.body == b"here"
    assert page.final_url == server.url("/end")
    assert page.hops == tuple(map(server.url, ("/page", "/middle", "/end")))


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "//127.1/",
        "http://0/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused(server: Misbehaving, to: str) -> None:
    assert rule(server, redirect(to)) == "address"


def test_a_redirect_to_another_scheme_is_refused(server: Misbehaving) -> None:
    assert rule(server, redirect("file:///etc/passwd")) == "scheme"


def test_a_redirect_in_a_circle(server: Misbehaving) -> None:
    server.paths["/other"] = redirect("/page#again")
    assert rule(server, redirect("/other")) == "loop"


def test_more_redirects_than_allowed(server: Misbehaving) -> None:
    for number in range(7):
        server.paths[f"/hop{number}"] = redirect(f"/hop{number + 1}")
    before = len(server.asked)
    assert rule(server, redirect("/hop0")) == "redirects"
    assert len(server.asked) - before == 6


def test_no_way_leads_from_https_to_http() -> None:
    secure = web_address("https://example.org/a")
    with pytest.raises(Refused, match="from https"):
        next_address(secure, "http://example.org/b", [])
    assert next_address(secure, "/ü", []).url == "https://example.org/%C3%BC"


# -- how much (row 5) ----------------------------------------------------------------------


def bomb(kind: str, size: int) -> bytes:
    if kind == "br":
        return brotli.compress(bytes(size), quality=5)
    if kind == "zstd":
        return zstd.compress(bytes(size))
    return gzip.compress(bytes(size), 9)


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd"])
def test_a_bomb_is_stopped_at_the_limit(server: Misbehaving, kind: str) -> None:
    packed = bomb(kind, 24 * MEGA)
    assert len(packed) < 80_000
    tracemalloc.start()
    try:
        assert rule(server, answer(packed, content_encoding=kind)) == "too-large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < LIMITS.max_bytes + 12 * MEGA


def test_a_bomb_in_a_bomb(server: Misbehaving) -> None:
    packed = gzip.compress(bomb("gzip", 24 * MEGA), 9)
    assert rule(server, answer(packed, content_encoding="gzip, gzip")) == "too-large"
    assert rule(server, answer(packed, content_encoding="gzip, gzip, gzip")) == "encoding"


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd", "deflate", "x-gzip"])
def test_packed_answers_are_unpacked(server: Misbehaving, kind: str) -> None:
    body = "The bridge is open. é ".encode() * 20_000
    packed = {
        "br": lambda: brotli.compress(body),
        "zstd": lambda: zstd.compress(body),
        "deflate": lambda: zlib.compress(body),
    }.get(kind, lambda: gzip.compress(body))()
    assert get(server, answer(packed, content_encoding=kind)).body == body
    assert rule(server, answer(packed[:-9], content_encoding=kind)) == "cut-short"


def test_members_and_bare_deflate() -> None:
    two = gzip.compress(b"one ") + gzip.compress(b"two")
    assert b"".join(unpacked(two, unpackers("gzip"))) == b"one two"
    bare = zlib.compress(b"three" * 100)[2:-4]
    assert b"".join(unpacked(bare, unpackers("deflate"))) == b"three" * 100


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=3000), st.integers(1, 700), st.sampled_from(["gzip", "br", "zstd"]))
def test_pieces_are_bounded_wherever_the_packed_bytes_are_cut(
    body: bytes, cut: int, kind: str
) -> None:
    body = body * 100
    pack = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}[kind]
    packed = pack(body)
    stages = unpackers(kind)
    pieces = [
        piece
        for at in range(0, len(packed), cut)
        for piece in unpacked(packed[at : at + cut], stages)
    ]
    assert b"".join(pieces) == body
    assert all(len(piece) <= 2 * PIECE for piece in pieces)
    assert stages[0].done()


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd", "deflate"])
def test_bytes_that_are_not_packed_as_they_say(server: Misbehaving, kind: str) -> None:
    body = b"\xff\xfeThis is plain text." * 50
    assert rule(server, answer(body, content_encoding=kind)) == "encoding"


def test_an_unknown_encoding(server: Misbehaving) -> None:
    assert rule(server, answer(b"x", content_encoding="rot13")) == "encoding"


def test_lengths_that_lie(server: Misbehaving) -> None:
    assert rule(server, answer(b"short", length=900_000)) == "cut-short"
    assert rule(server, answer(b"short", length=10**12)) == "too-large"
    with suppress(FetchError):  # the server is caught, if what it adds comes with the answer
        assert get(server, answer(b"much longer", length=4)).body == b"much"


def test_an_answer_without_end(server: Misbehaving) -> None:
    assert rule(server, dribble(b"x" * 100_000, 0)) == "too-large"


def test_a_head_without_end(server: Misbehaving) -> None:
    assert rule(server, endless_head()) == "protocol"


# -- how long (row 6) ----------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", [dribble(b"x", 0.2), silent()])
def test_the_deadline_is_for_all_of_it(server: Misbehaving, behaviour: Behaviour) -> None:
    began = time.monotonic()
    assert rule(server, behaviour, LIMITS._replace(seconds=0.4)) == "deadline"
    assert time.monotonic() - began < 15


# -- other answers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"]
)
def test_what_is_no_http(server: Misbehaving, data: bytes) -> None:
    assert rule(server, raw(data)) in ("protocol", "cut-short")


def test_a_status_that_is_no_success(server: Misbehaving) -> None:
    server.paths["/page"] = answer(b"later", status=503, Retry_After="120")
    with pytest.raises(FetchError) as caught:
        fetch(server.url("/page"), limits=LIMITS, allow=server.allow)
    error = caught.value
    assert (error.rule, error.status, error.retry_after) == ("status", 503, 120.0)


def test_nobody_listens() -> None:
    with serving() as gone:
        pass
    with pytest.raises(FetchError) as caught:
        fetch(gone.url("/"), limits=LIMITS, allow=gone.allow)
    assert caught.value.rule == "connection"


def test_headers_are_sent_and_kept(server: Misbehaving) -> None:
    server.paths["/page"] = answer(b"x", ETag='"1"')
    page = fetch(
        server.url("/page"), headers={"If-None-Match": '"0"'}, limits=LIMITS, allow=server.allow
    )
    assert page.headers["etag"] == '"1"'
    assert page.status == 200
    assert datetime.fromisoformat(page.fetched).tzinfo == UTC
    sent = server.asked[-1].headers
    assert sent["if-none-match"] == '"0"'
    assert sent["user-agent"].startswith("onrecord/")
    assert "cookie" not in sent


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Thu, 04 Dec 2025 10:01:00 GMT", 60.0),
        ("Thu, 04 Dec 2025 09:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2025, 12, 4, 10, 0, tzinfo=UTC)) == seconds


def test_the_intake_loads_no_web_library_before_it_is_needed() -> None:
    code = "import sys, onrecord.intake.fetching; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"aiohttp", "brotli", "feedparser", "idna"} & set(done.stdout.split())
