"""Tables of articles: CSV and Parquet, with a map from fields to columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onrecord.errors import SettingError, SourceError
from onrecord.intake import Unreadable, field_map, first_rows, is_many, open_source
from onrecord.record import Article

TODAY = date(2025, 12, 5)
SENTENCE = "The council said on Monday that it would rebuild the bridge over the river."


def rows(file: Path, words: str = "", **known: Any) -> list[Article | Unreadable]:
    return list(open_source(str(file), fields=field_map(words), today=TODAY, **known))


def csv_file(tmp_path: Path, data: str | bytes, name: str = "articles.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def test_columns_of_the_fields_names_need_no_map(tmp_path: Path) -> None:
    file = csv_file(
        tmp_path,
        "\ufeffID,Text,published,url,section\r\n"
        f'7,"{SENTENCE}\r\nSecond ""line"".",2025-12-01,https://news.example/7,city\r\n'
        "\r\n"
        f"8,{SENTENCE},,,\r\n",
    )
    first, second = rows(file, published="2025-12-04", publisher="Given")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.published, first.url) == ("7", "2025-12-01", "https://news.example/7")
    assert first.text == f'{SENTENCE}\r\nSecond "line".'
    assert (second.id, second.published, second.publisher) == ("8", "2025-12-04", "Given")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_map_names_the_columns(tmp_path: Path, delimiter: str) -> None:
    table = [["key", "body", "date"], ["a", SENTENCE, "2025-12-01"]]
    file = csv_file(tmp_path, "\n".join(delimiter.join(row) for row in table), "a.tsv")
    (found,) = rows(file, "text=body, published=date,id=key")
    assert isinstance(found, Article)
    assert (found.id, found.text, found.published) == ("a", SENTENCE, "2025-12-01")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    words = "“Déjà vu”, she said."
    file = csv_file(tmp_path, f'text,title\n"{words}",Ça\n'.encode(encoding))
    (found,) = rows(file)
    assert isinstance(found, Article)
    assert (found.text, found.title) == (words, "Ça")


def test_bad_rows_stop_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_FILE_BYTES", "200000")
    long = "x" * 150_000
    file = csv_file(tmp_path, f'id,text\na,one\nb\nc,"{long}\n{long}"\nd,two\n')
    found = rows(file)
    assert [item.id for item in found if isinstance(item, Article)] == ["a", "d"]
    bad = [item for item in found if isinstance(item, Unreadable)]
    assert (bad[0].id, bad[0].code) == ("b", "no-text")
    assert bad[0].why.startswith("line 3")
    assert bad[1].code == "bad-row"


@pytest.mark.parametrize("data", ["", "\n", "body,date\nx,y\n", "a single word"])
def test_a_table_without_a_text_says_which_columns_it_has(tmp_path: Path, data: str) -> None:
    with pytest.raises(SourceError, match="no column “text”"):
        rows(csv_file(tmp_path, data))


def test_a_mapped_column_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no column 'words'; it has body, date"):
        rows(csv_file(tmp_path, "body,date\nx,y\n"), "text=words")


@pytest.mark.parametrize("words", ["text", "text=", "=body", "words=body", "text=a,text=b", "a,b"])
def test_a_map_that_is_none(words: str) -> None:
    with pytest.raises(SettingError, match="FIELD=COLUMN") as caught:
        field_map(words)
    assert caught.value.name == "map"


def test_a_look_at_five_rows_reads_no_more(tmp_path: Path) -> None:
    file = csv_file(tmp_path, "text\n" + f"{SENTENCE}\n" * 9)
    assert len(first_rows(str(file))) == 5
    assert len(first_rows(str(file), 2)) == 2
    assert is_many(str(file))


def parquet(tmp_path: Path, **cells: list[Any]) -> Path:
    file = tmp_path / "articles.parquet"
    pq.write_table(pa.table(cells), file)
    return file


def test_parquet(tmp_path: Path) -> None:
    moment = datetime(2025, 12, 1, 8, 30, tzinfo=UTC)
    file = parquet(
        tmp_path,
        body=[SENTENCE, None, SENTENCE],
        date=[moment, moment, None],
        key=[1, 2, 3],
        other=[b"x", b"y", b"z"],
    )
    first, bad, third = rows(file, "text=body,published=date,id=key")
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(bad, Unreadable)
    assert (first.id, first.published) == ("1", "2025-12-01T08:30:00+00:00")
    assert (bad.id, bad.code) == ("2", "no-text")
    assert "row 2" in bad.why
    assert third.published is None


def test_parquet_that_is_none_or_cut(tmp_path: Path) -> None:
    file = parquet(tmp_path, text=[SENTENCE] * 500)
    data = file.read_bytes()
    for broken in (b"", b"PAR1", data[: len(data) // 2], b"text\n" * 10):
        file.write_bytes(broken)
        with pytest.raises(SourceError, match="no sound Parquet"):
            rows(file)


def test_missing_files_say_so(tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet", "none.warc.gz"):
        with pytest.raises(SourceError, match="does not exist"):
            rows(tmp_path / name)
