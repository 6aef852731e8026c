"""PDFs and mails as sources, and pages taken apart in processes of their own."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from onrecord.errors import SourceError
from onrecord.intake import Unreadable, open_source
from onrecord.intake.articles import Given
from onrecord.intake.extraction import extracted, job
from onrecord.intake.mail import article_from_mail
from onrecord.intake.pdf import paragraphs, text_of_pdf, without_repeats
from onrecord.record import Article
from tests.archive_kill import children, gone

ROOT = Path(__file__).parent.parent
WORDS = "The council said on Monday that it would rebuild the bridge over the river. " * 6


def pdf(*pages: Iterable[str], title: str = "") -> bytes:
    """A small PDF of these lines; written by hand, so that the tests need no other library."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 800 Td {shown}ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< /Title ({title}) >>")
    body, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    whole = f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}\n"
    return f"{whole}startxref\n{len(body)}\n%%EOF\n".encode("latin-1")


LINES = ("The council said on Monday that it would re-", "build the bridge over the river.",
         "A date was not given, and the opposition asked", "for one.")  # fmt: skip


# -- PDF ------------------------------------------------------------------------------


def test_a_pdf_is_an_article_of_its_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(LINES, ["The bridge was closed in May."], title="On the council"))
    (found,) = open_source(str(path), published="2025-12-04", publisher="The Daily Example")
    assert isinstance(found, Article)
    assert found.text == (
        "The council said on Monday that it would rebuild the bridge over the river.\n\n"
        "A date was not given, and the opposition asked for one.\n\n"
        "The bridge was closed in May."
    )
    assert found.title is None
    assert (found.published, found.publisher) == ("2025-12-04", "The Daily Example")


def test_a_title_counts_when_the_page_shows_it() -> None:
    data = pdf(["Bridge to be rebuilt", *LINES], title="Bridge to be Rebuilt")
    assert text_of_pdf(data, source="x")[1] == "Bridge to be Rebuilt"


def test_heads_and_feet_of_pages_go() -> None:
    pages = [f"The Daily Example\nWords of page {n} {'abc'[n]}.\n{n + 1} of 3" for n in range(3)]
    assert without_repeats(pages) == [f"Words of page {n} {'abc'[n]}." for n in range(3)]
    assert without_repeats(pages[:2]) == pages[:2]


def test_a_line_that_is_full_goes_on() -> None:
    assert paragraphs("A long line of words here\nends.\nNext one is long enough\nyes.") == (
        "A long line of words here ends.\n\nNext one is long enough yes."
    )
    assert paragraphs("") == ""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\nbroken", "no sound PDF"),
        (pdf(LINES)[:300], "PDF|text"),
        (pdf([]), "pictures of text"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=why):
        list(open_source(str(path)))


def test_a_locked_pdf_says_so() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(LINES)))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(SourceError, match="unlock it first"):
        text_of_pdf(locked.getvalue(), source="x")


@given(st.integers(0, 1_500), st.binary(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_damage_anywhere_gives_words_or_an_error(at: int, damage: bytes) -> None:
    data = pdf(LINES, ["The bridge was closed in May."], title="On the council")
    with suppress(SourceError):
        text, _ = text_of_pdf(data[:at] + damage + data[at + len(damage) :], source="x")
        assert text


def test_no_more_pages_are_read_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_PDF_PAGES", "1")
    text, _ = text_of_pdf(pdf(LINES, ["The bridge was closed in May."]), source="x")
    assert "May" not in text


def test_what_a_pdf_needs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(LINES))
    (tmp_path / "pypdf.py").write_text("raise ModuleNotFoundError('no', name='pypdf')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SourceError, match=r"pip install 'onrecord\[pdf\]'"):
        list(open_source(str(tmp_path / "a.pdf")))


# -- mail -----------------------------------------------------------------------------


def mail(body: str | None, html: str | None = None, **heads: str) -> bytes:
    message = EmailMessage()
    for name, value in {"From": "Ana Sol <ana@news.example>", "Subject": "Bridge to be rebuilt",
                        "Date": "Thu, 04 Dec 2025 10:30:00 +0100", **heads}.items():  # fmt: skip
        message[name] = value
    if body is not None:
        message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def opened(tmp_path: Path, data: bytes, **known: str) -> Article:
    path = tmp_path / "a.eml"
    path.write_bytes(data)
    (found,) = open_source(str(path), **known)
    assert isinstance(found, Article)
    return found


def test_a_mail_is_an_article(tmp_path: Path) -> None:
    heads = {"Archived-At": "<https://lists.example/1>"}
    found = opened(tmp_path, mail(f"{WORDS}\n\nIt gave no date – naïvely.\n", **heads))
    assert found.text.startswith("Bridge to be rebuilt\n\nThe council said")
    assert found.text.rstrip().endswith("naïvely.")
    assert (found.title, found.byline) == ("Bridge to be rebuilt", "Ana Sol")
    assert (found.published, found.published_basis) == ("2025-12-04T10:30:00+01:00", "page")
    assert found.url == "https://lists.example/1"


def test_what_is_given_wins_over_the_mail(tmp_path: Path) -> None:
    found = opened(tmp_path, mail(WORDS), published="2025-12-03", title="Given")
    assert (found.published, found.published_basis) == ("2025-12-03", "given")
    assert found.text.startswith("Given\n\n")


def test_a_mail_of_html_only(tmp_path: Path) -> None:
    page = f"<html><body><article><p>{WORDS}</p></article></body></html>"
    found = opened(tmp_path, mail(None, page))
    assert found.text.startswith("Bridge to be rebuilt\n\nThe council said")
    assert "<p>" not in found.text


@pytest.mark.parametrize(
    "data",
    [b"no mail at all", mail(""), b"\0\1\2" * 50, b"From: x\nContent-Type: multipart/mixed\n\n",
     b"From: a@b\nDate: Sun, 32 Foo\nContent-Type: image/png\n\n\x89PNG"],
)  # fmt: skip
def test_what_is_no_mail_or_empty_says_so(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="mail"):
        opened(tmp_path, data)


def test_damaged_heads_do_not_stop_a_mail(tmp_path: Path) -> None:
    data = (
        b"From: =?utf-8?q?=\nSubject: \xff\xfe bridge\nDate: Sun, 32 Foo\n"
        b"Content-Type: text/plain; charset=nonsense\n\nThe council met na\xefvely.\n"
    )
    found = opened(tmp_path, data)
    assert "The council met naïvely." in found.text
    assert found.published is None
    assert found.published_raw


def test_attachments_are_not_read(tmp_path: Path) -> None:
    message = message_from_bytes(mail(WORDS), policy=policy.default)
    assert isinstance(message, EmailMessage)
    message.add_attachment("A table of prices.", filename="prices.txt")
    message.add_attachment(pdf(LINES), maintype="application", subtype="pdf", filename="a.pdf")
    found = opened(tmp_path, message.as_bytes())
    assert "prices" not in found.text
    assert "opposition" not in found.text


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_mail_or_an_error(data: bytes) -> None:
    for head in (b"", b"From: a@b\nDate: x\n", b"From: a@b\nContent-Type: multipart/mixed; "):
        with suppress(SourceError):
            assert article_from_mail(head + data, source="x").text.strip()


def test_one_bad_mail_of_a_folder_costs_one_article(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(WORDS))
    (tmp_path / "b.eml").write_bytes(b"no mail at all")
    first, second = open_source(str(tmp_path))
    assert isinstance(first, Article)
    assert isinstance(second, Unreadable)
    assert second.code == "bad-file"


# -- folders --------------------------------------------------------------------------


def page(number: int, words: str = WORDS) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Report {number}</title></head>'
        f"<body><article><h1>Report {number}</h1><p>{words}</p></article></body></html>"
    )


def test_many_pages_come_in_order_and_as_one_by_one(tmp_path: Path) -> None:
    for n in range(30):
        (tmp_path / f"{n:02}.html").write_text(page(n) if n != 7 else "<div>" * 5_000)
    (tmp_path / "03a.txt").write_text(WORDS)
    (tmp_path / "31.pdf").write_bytes(pdf(LINES))
    found = list(open_source(str(tmp_path), publisher="The Daily Example"))
    titles = [None if isinstance(one, Unreadable) else one.title for one in found]
    assert titles == [
        *(f"Report {n}" for n in range(4)), None, *(f"Report {n}" for n in range(4, 7)), None,
        *(f"Report {n}" for n in range(8, 30)), None,
    ]  # fmt: skip
    broken = found[8]
    assert isinstance(broken, Unreadable)
    assert (broken.code, "nests" in broken.why) == ("bad-file", True)
    (alone,) = open_source(str(tmp_path / "05.html"), publisher="The Daily Example")
    assert alone == found[6]


@pytest.mark.parametrize("slow", [True, False])
def test_a_page_that_takes_too_long_or_too_much_costs_one_article(
    slow: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_EXTRACT_SECONDS", "8")
    os.mkfifo(tmp_path / "pipe")
    bad = job("html", str(tmp_path / "pipe") if slow else "/dev/zero", given=Given())
    bad["most"] = 1 << 40
    jobs = [job("html", str(n), given=Given(), data=page(n).encode()) for n in range(2)]
    first, broken, last = extracted([jobs[0], bad, jobs[1]])
    assert isinstance(first, Article)
    assert isinstance(broken, SourceError)
    assert ("took longer" if slow else "more memory") in str(broken)
    assert isinstance(last, Article)
    assert last.title == "Report 1"


def test_several_processes_keep_the_order() -> None:
    jobs = [job("html", str(n), given=Given(), data=page(n).encode()) for n in range(40)]
    found = [one.title for one in extracted(jobs, processes=3) if isinstance(one, Article)]
    assert found == [f"Report {n}" for n in range(40)]


def test_no_process_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    for n in range(64):
        (tmp_path / f"{n:02}.html").write_text(page(n, WORDS * 40))
    code = f"""
import time
from onrecord.intake import open_source
articles = open_source({str(tmp_path)!r})
next(articles)
print("begun", flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "ONRECORD_THREADS": "3"},
    )  # fmt: skip
    assert parent.stdout is not None
    assert parent.stdout.readline() == "begun\n"
    workers = children(parent.pid)
    assert len(workers) == 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    gone(workers)
