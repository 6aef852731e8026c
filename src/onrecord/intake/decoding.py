"""Bytes to text: what a file says of its encoding is tried, not trusted."""

from __future__ import annotations

import codecs
import re

REPLACED = "\ufffd"
_BEYOND_ASCII = re.compile("[^\0-\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: First bytes of files that hold no text, and what to call them.
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ", "xz-compressed"),
    (b"(\xb5/\xfd", "zstd-compressed"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet table"),
)
#: Share of control characters and undecodable bytes above which a file is no text.
#: Random bytes have 13 %; reports damaged in transport stay far below 1 %.
_GARBAGE = 0.05
_SAMPLE = 65_536
#: Encodings a page may declare besides UTF-8; anything else Python knows is no text encoding.
_DECLARABLE = re.compile(
    r"(?:iso-?8859-?\d+|latin-?\d|windows-?\d+|cp\d+|gb[-\w]*|big5[-\w]*|euc[-\w]*|shift[-\w]*|koi8[-\w]*|mac[-\w]*"
    r"|tis-?620|utf-?16\w*)\Z",
    re.IGNORECASE,
)


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of ``data``; bytes that fit no encoding become U+FFFD.

    A byte order mark decides; then UTF-8 if the bytes are UTF-8; then what was
    declared; then GB 18030 for text in pairs of high bytes; then Windows-1252.
    Nothing else is changed: line ends and blanks stay.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return scrub(data[len(mark) :].decode(encoding, errors="replace"))
    wide = _wide(data[:4096])
    if wide:
        return scrub(data.decode(wide, errors="replace"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if declared and _DECLARABLE.match(declared.strip()):
        try:
            return scrub(data.decode(declared.strip()))
        except (UnicodeDecodeError, LookupError):
            pass
    return _undeclared(data)


def scrub(text: str) -> str:
    """Replace lone surrogates, which no export can hold, by U+FFFD; the length stays."""
    return _SURROGATE.sub(REPLACED, text)


def _undeclared(data: bytes) -> str:
    mended = data.decode("utf-8", errors="replace")
    broken = mended.count(REPLACED)
    whole = len(_BEYOND_ASCII.findall(mended)) - broken
    if whole > broken:
        return mended
    if _in_pairs(data[:_SAMPLE]):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return data.decode("cp1252", errors="replace")


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is NUL in Latin text."""
    if len(head) < 8:
        return None
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else None


def _in_pairs(data: bytes) -> bool:
    """Say whether the high bytes come in twos, as in GB 2312, and not one by one."""
    runs = [len(run) for run in re.findall(rb"[\xa1-\xfe]+", data)]
    high = len(re.findall(rb"[\x80-\xff]", data))
    paired = sum(run for run in runs if run % 2 == 0)
    return high >= 8 and paired >= 0.9 * high


def no_text(data: bytes) -> str | None:
    """Say what ``data`` is when it is no text ("a PDF"), else None."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    sample = decode(data[:_SAMPLE])
    bad = len(_CONTROL.findall(sample)) + sample.count(REPLACED)
    return "binary data" if bad > 8 and bad > _GARBAGE * len(sample) else None
