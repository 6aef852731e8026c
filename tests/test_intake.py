"""Sources become articles; what cannot be read says why, what is doubtful says so."""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import SettingError, SourceError
from onrecord.intake import (
    Unreadable,
    article_from_text,
    article_id,
    canonical_url,
    doubts,
    expected,
    is_many,
    language_of,
    open_source,
    text_sha256,
)
from onrecord.intake.dates import published
from onrecord.intake.decoding import decode
from onrecord.record import Article

TODAY = date(2025, 12, 5)
BAD = sorted((Path(__file__).parent / "bad").glob("*.case"))
SENTENCE = "The council said on Monday that it would rebuild the bridge over the river."


def piped(data: bytes, **known: Any) -> list[Article | Unreadable]:
    stream = io.BufferedReader(io.BytesIO(data))
    return list(open_source("-", stream=stream, today=TODAY, **known))


def article(data: bytes, **known: Any) -> Article:
    (found,) = piped(data, **known)
    assert isinstance(found, Article)
    return found


def codes(found: Article) -> list[str]:
    return [warning.code for warning in doubts(found, today=TODAY)]


# -- bad input, one file each --------------------------------------------------------------


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name.removesuffix(".case"))
def test_bad_input_ends_as_its_file_says(case: Path, tmp_path: Path) -> None:
    """The head of the file, up to a line of three dashes, is what must happen to the rest."""
    head, _, payload = case.read_bytes().partition(b"\n---\n")
    expected = json.loads(head)
    source = tmp_path / case.name.removesuffix(".case")
    source.write_bytes(payload)
    if "error" in expected:
        with pytest.raises(SourceError, match=expected["error"]):
            list(open_source(str(source), today=TODAY))
        return
    (found,) = open_source(str(source), today=TODAY)
    assert isinstance(found, Article)
    assert codes(found) == expected["doubts"]
    assert found.text == expected.get("text", found.text)
    assert found.id == expected.get("id", found.id)
    for words in expected.get("text_has", []):
        assert words in found.text
    for words in expected.get("text_lacks", []):
        assert words not in found.text
    for name, value in expected.get("fields", {}).items():
        assert getattr(found, name) == value, name
    if "message_has" in expected:
        messages = [warning.message for warning in doubts(found, today=TODAY)]
        assert any(expected["message_has"] in message for message in messages)
    json.dumps(found.text, ensure_ascii=False).encode("utf-8")


# -- text ----------------------------------------------------------------------------------


def test_text_is_kept_character_for_character() -> None:
    text = f"  {SENTENCE}\r\n\r\n\tIt was “late”.\u2028 \n"
    found = article(text.encode())
    assert found.text == text
    assert found.sha256 == text_sha256(text)
    assert found.language == "en"


def test_what_is_given_is_kept() -> None:
    found = article(
        SENTENCE.encode(),
        published="2025-12-04",
        title="The bridge",
        url="https://example.org/a?utm_source=x",
        publisher="The Daily Example",
    )
    assert (found.title, found.publisher) == ("The bridge", "The Daily Example")
    assert (found.published, found.published_basis) == ("2025-12-04", "given")
    assert found.published_raw is None
    assert found.url == "https://example.org/a?utm_source=x"
    assert found.canonical_url == "https://example.org/a"
    assert found.text == SENTENCE


def test_five_megabytes_are_taken_whole() -> None:
    text = (SENTENCE + "\n") * 70_000
    assert article(text.encode()).text == text


def test_fields_without_words_are_unknown() -> None:
    found = article_from_text(SENTENCE, id="  ", title="", publisher=" ", published=" ")
    assert found.title is None
    assert found.publisher is None
    assert found.published_raw is None
    assert found.id is not None
    assert found.id.startswith("text-")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=200), st.text(max_size=30))
def test_any_text_makes_an_article(text: str, raw: str) -> None:
    found = article_from_text(text, published=raw, language="en", today=TODAY)
    assert len(found.text) == len(text)
    found.text.encode("utf-8")
    for warning in doubts(found, today=TODAY):
        assert warning.message


# -- files that cannot be read -------------------------------------------------------------


def refused(source: str) -> str:
    with pytest.raises(SourceError) as caught:
        list(open_source(source))
    assert caught.value.source == source
    return str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    assert "does not exist" in refused(str(tmp_path / "none.txt"))
    assert "does not exist" in refused(str(tmp_path / "none.jsonl"))


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder" in refused(str(tmp_path))


def test_an_address() -> None:
    assert "only http" in refused("ftp://example.org/a.html")


def test_a_name_no_file_can_have() -> None:
    assert "cannot be opened" in refused("a\0b.txt")
    assert "cannot be opened" in refused("x" * 5000)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "closed.txt"
    file.write_text(SENTENCE)
    file.chmod(0)
    assert "Permission denied" in refused(str(file))


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "large.txt"
    file.write_text(SENTENCE)
    monkeypatch.setenv("ONRECORD_MAX_FILE_BYTES", "20")
    assert "ONRECORD_MAX_FILE_BYTES" in refused(str(file))


def test_a_limit_that_is_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text(SENTENCE)
    monkeypatch.setenv("ONRECORD_MAX_FILE_BYTES", "many")
    with pytest.raises(SettingError):
        list(open_source(str(file)))


# -- JSON lines ----------------------------------------------------------------------------


def test_json_lines_in_order_with_their_ids(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    rows = [
        {"id": "b", "text": f" {SENTENCE}\r\n", "published": "2025-12-01", "extra": [1]},
        {"id": 7, "text": SENTENCE, "title": "T", "url": "https://example.org/1"},
        {"text": SENTENCE, "publisher": "Another"},
    ]
    file.write_text("\ufeff" + "\n\n".join(json.dumps(row) for row in rows))
    found = list(open_source(str(file), published="2025-12-04", publisher="Given", today=TODAY))
    assert all(isinstance(item, Article) for item in found)
    first, second, third = found
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert isinstance(third, Article)
    assert [first.id, second.id] == ["b", "7"]
    assert third.id == f"text-{text_sha256(SENTENCE)[:16]}"
    assert first.text == f" {SENTENCE}\r\n"
    assert [first.published, second.published] == ["2025-12-01", "2025-12-04"]
    assert [first.publisher, third.publisher] == ["Given", "Another"]


@pytest.mark.parametrize(
    ("line", "id", "code"),
    [
        ('{"id": "a", "text": ', "a", "bad-json"),
        ("not json", None, "bad-json"),
        ("[" * 100_000, None, "bad-json"),
        ('["a"]', None, "not-an-object"),
        ('{"id": "a"}', "a", "no-text"),
        ('{"id": "a", "text": null}', "a", "no-text"),
        ('{"id": "a", "text": "b", "title": ["c"]}', "a", "bad-field"),
        ('{"id": true, "text": "b"}', None, "bad-field"),
    ],
)
def test_a_bad_line_stops_nothing(line: str, id: str | None, code: str, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    good = json.dumps({"id": "good", "text": SENTENCE})
    file.write_text(f"{good}\n{line}\n{good}\n")
    before, bad, after = open_source(str(file))
    assert isinstance(bad, Unreadable)
    assert (bad.id, bad.code) == (id, code)
    assert "line 2" in bad.why
    assert isinstance(before, Article)
    assert isinstance(after, Article)


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_FILE_BYTES", "200")
    file = tmp_path / "articles.jsonl"
    long, short = (json.dumps({"id": i, "text": "word " * n}) for i, n in (("l", 900), ("s", 9)))
    file.write_text(f"{long}\n{short}\n")
    bad, good = open_source(str(file))
    assert isinstance(bad, Unreadable)
    assert (bad.id, bad.code) == ("l", "too-long")
    assert isinstance(good, Article)
    assert good.id == "s"


def test_json_lines_are_recognised_when_piped() -> None:
    data = json.dumps({"id": "a", "text": SENTENCE}).encode() + b"\n"
    stream = io.BufferedReader(io.BytesIO(data))
    assert is_many("-", stream=stream)
    (found,) = open_source("-", stream=stream)
    assert isinstance(found, Article)
    assert found.id == "a"
    assert not is_many("-", stream=io.BufferedReader(io.BytesIO(b"{A brace} opens this text.")))
    assert is_many("a.JSONL")
    assert not is_many("a.txt")


# -- web pages -----------------------------------------------------------------------------

PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>Council to rebuild the bridge | The Daily Example</title>
<meta property="og:site_name" content="The Daily Example">
<meta name="author" content="Jane Doe">
<script type="application/ld+json">
{{"@graph": [{{"@type": "NewsArticle", "datePublished": "2025-12-03T10:00:00+01:00"}}]}}</script>
<link rel="canonical" href="https://example.org/a/1?utm_campaign=x">
<script>var a = "<p>not text</p>";</script><style>p {{ color: red }}</style></head>
<body><nav><a href="/">Home</a></nav><article><h1>Council to rebuild the bridge</h1>
<p>{SENTENCE}</p><p>It fell in the storm of last winter, when the river rose by three metres.</p>
</article><!-- <p>not text either</p> --></body></html>"""


def test_a_page_gives_text_and_what_it_says_of_itself() -> None:
    found = article(PAGE.encode())
    assert found.text.startswith(f"Council to rebuild the bridge\n\n{SENTENCE}")
    assert found.text.count("Council to rebuild the bridge") == 1
    assert "not text" not in found.text
    assert found.title == "Council to rebuild the bridge"
    assert found.byline == "Jane Doe"
    assert found.publisher == "The Daily Example"
    assert found.language == "en"
    assert (found.published, found.published_basis) == ("2025-12-03T10:00:00+01:00", "page")
    assert found.canonical_url == "https://example.org/a/1"
    assert not found.partial


def test_what_is_given_wins_over_the_page() -> None:
    found = article(PAGE.encode(), published="2025-12-01", title="Bridge", publisher="Given")
    assert (found.published, found.published_basis) == ("2025-12-01", "given")
    assert found.text.startswith("Bridge\n\n")
    assert found.publisher == "Given"


def test_a_page_without_a_report_is_partial() -> None:
    found = article(b"<html><body><div id='app'></div><script>run()</script></body></html>")
    assert (found.text, found.partial) == ("", True)


def test_teasers_and_comments_do_not_make_a_page_several_reports() -> None:
    more = f'<article class="comment"><p>{SENTENCE * 9}</p></article>'
    more += f"<article><h3>Read on</h3><p>{SENTENCE}</p></article>"
    assert not article(PAGE.replace("</body>", more + "</body>").encode()).partial


def test_a_text_that_mentions_tags_is_no_page() -> None:
    text = "Use <p> and <div> and <span>, the teacher said on Monday to the class."
    assert article(text.encode()).text == text


HOSTILE = {
    "deep": "<html><body>" + "<div>" * 200_000 + "</div>" * 200_000 + "</body></html>",
    "deep and short": "<html><body>" + "<b>" * 150_000 + "</body></html>",
    "one line of 30 MB": "<html><body><p>" + "said the thing " * 2_000_000 + "</p></body></html>",
    "open scripts": "<html><body>" + "<script " * 300_000 + "</body></html>",
    "open comments": "<!--" * 300_000,
    "metas": "<html>" + "<meta content='" * 100_000 + "</html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_bounded(name: str) -> None:
    data = HOSTILE[name].encode()
    article(PAGE.encode())  # the parser's own import is not the page's cost
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with suppress(SourceError):
        piped(data)
    assert time.process_time() - start < 1.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_line_of_30_mb_is_a_text() -> None:
    start = time.process_time()
    assert len(article(b"said the thing " * 2_000_000).text) == 30_000_000
    assert time.process_time() - start < 1.0


# -- dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2025-12-04", "2025-12-04"),
        (" 2025-12-04 ", "2025-12-04"),
        ("2025-12-04T10:30:00Z", "2025-12-04T10:30:00+00:00"),
        ("2025-12-04 10:30", "2025-12-04T10:30:00"),
        ("2025-12-04T10:30:00.1234567+0530", "2025-12-04T10:30:00.123456+05:30"),
        ("Thu, 04 Dec 2025 10:30:00 GMT", "2025-12-04T10:30:00+00:00"),
        ("4 Dec 2025 10:30:00 +0100", "2025-12-04T10:30:00+01:00"),
        ("2025-12-07", "2025-12-07"),
        ("1789-07-14", "1789-07-14"),
    ],
)
def test_dates_that_are_believed(raw: str, value: str) -> None:
    assert published(raw, today=TODAY) == (value, None)


@pytest.mark.parametrize(
    "raw",
    [
        "2025-12-08",
        "9999-12-31",
        "1699-12-31",
        "0000-01-01",
        "1970-01-01",
        "2025-02-30",
        "2025-12",
        "04/12/2025",
        "yesterday",
        "20251204",
        "2025-12-04T25:00",
        "Thu, 99 Dec 2025 10:30:00",
        "٢٠٢٥-١٢-٠٤x",
        "2" * 5000,
    ],
)
def test_dates_that_are_not_believed(raw: str) -> None:
    value, doubt = published(raw, today=TODAY)
    assert value is None
    assert doubt
    found = article_from_text(SENTENCE, published=raw, today=TODAY)
    assert (found.published, found.published_basis) == (None, "none")
    assert found.published_raw == raw
    assert "date-not-believed" in codes(found)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=40), st.dates().map(str), st.datetimes().map(str)))
def test_a_believed_date_is_an_iso_date_in_bounds(raw: str) -> None:
    value, doubt = published(raw, today=TODAY)
    assert value is None or doubt is None
    if value:
        assert 1700 <= date.fromisoformat(value[:10]).year <= 2025


# -- identity ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG:443/A?b=1&utm_source=x#c", "https://example.org/A?b=1"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://user:pw@example.org/a", "https://example.org/a"),
        ("https://example.org./a?fbclid=1&gclid=2", "https://example.org/a"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/ä"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://example.org/a?%75tm_source=x&id=2", "https://example.org/a?id=2"),
        ("ftp://example.org/a", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://exa mple.org/", None),
        ("https://example.org:99999/", None),
        ("https://[::1/", None),
        ("", None),
        (None, None),
    ],
)
def test_canonical_addresses(url: str | None, canonical: str | None) -> None:
    assert canonical_url(url) == canonical


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(max_size=40).map("https://example.org/".__add__)))
def test_a_canonical_address_is_its_own(url: str) -> None:
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once


def test_a_given_id_wins_then_the_address_then_the_text() -> None:
    one, other = text_sha256("one"), text_sha256("other")
    assert article_id("mine", "https://example.org/a", one) == "mine"
    by_url = article_id(None, "https://example.org/a", one)
    assert by_url == article_id(None, "http://example.org/a", other)
    assert article_id(None, None, one) != article_id(None, None, other)


# -- language ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SENTENCE, "en"),
        (SENTENCE.upper(), "en"),
        ("Der Stadtrat teilte am Montag mit, dass die Brücke wieder aufgebaut werde.", "de"),
        ("El alcalde dijo el lunes que el puente sería reconstruido antes de fin de año.", "es"),
        ("Мэр заявил в понедельник, что мост будет восстановлен до конца года.", "ru"),
        ("", "und"),
        ("Bridge", "und"),
        ("12 34 56 78 90", "und"),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert language_of(text)[0] == code


def test_english_text_loads_no_heavy_package() -> None:
    script = (
        "import sys; from onrecord.intake import article_from_text as f;"
        f"f({SENTENCE!r}, url='https://example.org/a', published='2025-12-04');"
        "heavy = {'lxml', 'trafilatura', 'py3langid', 'numpy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


# -- decoding ------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=12)))
def test_any_bytes_decode(data: bytes, declared: str | None) -> None:
    decode(data, declared).encode("utf-8")


def test_a_declared_encoding_that_is_no_text_is_not_used() -> None:
    assert decode(b"caf\xe9 au lait", "rot13") == "café au lait"
    assert decode(b"caf\xe9 au lait", "unicode_escape") == "café au lait"
    assert decode("мост".encode("koi8-r"), "koi8-r") == "мост"


# -- how many ------------------------------------------------------------------------------


def test_how_many_articles_there_will_be(tmp_path: Path) -> None:
    for name in ("a.txt", "b.html"):
        (tmp_path / name).write_text(SENTENCE)
    (tmp_path / "c.jsonl").write_text('{"text": "A"}\n\n{"text": "B"}\n')
    assert expected(str(tmp_path / "a.txt")) == 1
    assert expected(str(tmp_path / "c.jsonl")) == 2
    assert expected(str(tmp_path)) == 4
    (tmp_path / "d.csv").write_text("text\nA\n")
    assert expected(str(tmp_path)) is None
    for unknown in ("-", "https://news.example/feed", str(tmp_path / "none.parquet")):
        assert expected(unknown) is None
