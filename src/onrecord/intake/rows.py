"""Articles from tables: CSV and Parquet, one row an article, columns named by a map."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from typing import Any, BinaryIO

from onrecord import settings
from onrecord.errors import SettingError, SourceError
from onrecord.intake.articles import Given, Unreadable
from onrecord.intake.decoding import decode
from onrecord.intake.jsonl import FIELDS, article_from_row
from onrecord.record import Article

#: Field of an article → column of the table.
FieldMap = Mapping[str, str]
TARGETS = ("text", *FIELDS)
_NOTHING = Given()
_DELIMITERS = ",;\t|"
#: Rows taken from a Parquet file at once.
_BATCH = 64


def field_map(words: str) -> dict[str, str]:
    """Read ``text=body,published=date``: an article's field, then the table's column.

    Raises SettingError for what is no such list or names an unknown field.
    """
    found: dict[str, str] = {}
    for pair in filter(None, map(str.strip, words.split(","))):
        target, between, column = (part.strip() for part in pair.partition("="))
        if not between or not column or target not in TARGETS or target in found:
            raise SettingError(
                f"{pair!r} is no part of a field map; write FIELD=COLUMN with a field of "
                f"{', '.join(TARGETS)}, each once",
                name="map",
            )
        found[target] = column
    return found


def columns(names: Iterable[str], fields: FieldMap, source: str) -> dict[str, str]:
    """Return which column gives which field: as mapped, else the column of the field's name.

    Raises SourceError when a mapped column or one for the text is missing.
    """
    listed = [str(name) for name in names]
    by_name = {name.strip().lower(): name for name in reversed(listed)}
    found = {target: by_name[target] for target in TARGETS if target in by_name}
    for target, column in fields.items():
        if column not in listed:
            raise SourceError(
                f"{source} has no column {column!r}; it has {', '.join(listed[:30])}",
                source=source,
            )
        found[target] = column
    if "text" not in found:
        raise SourceError(
            f"{source} has no column “text”; say which it is with a field map, as "
            f"--map text={_likely(listed)}; it has {', '.join(listed[:30]) or 'none'}",
            source=source,
        )
    return found


def _likely(names: list[str]) -> str:
    """The column that probably holds the text, for an example."""
    known = ("body", "content", "article", "story", "maintext", "fulltext")
    return next((name for name in names if name.lower() in known), (names or ["body"])[0])


# -- CSV -----------------------------------------------------------------------------------


def articles_from_csv(
    lines: Iterable[bytes],
    *,
    source: str,
    fields: FieldMap,
    given: Given = _NOTHING,
    today: date | None = None,
) -> Iterator[Article | Unreadable]:
    """Yield one article, or why there is none, for each row of a CSV with a head line.

    Separated by comma, semicolon, tab or bar, whichever the head line holds most
    of.  Raises SourceError, before the first article, as ``columns`` does.
    """
    words = _texts(iter(lines))
    head = next(words, "")
    delimiter = max(_DELIMITERS, key=head.count)
    csv.field_size_limit(max(settings.get("max_file_bytes"), 131_072))
    reader = csv.reader(chain([head], words), delimiter=delimiter)
    try:
        names = next(reader, [])
    except csv.Error as error:
        raise SourceError(f"{source}: its head line is no CSV: {error}", source=source) from error
    return _csv_rows(reader, names, columns(names, fields, source), given, today)


def _csv_rows(
    reader: Any, names: list[str], chosen: dict[str, str], given: Given, today: date | None
) -> Iterator[Article | Unreadable]:
    places = {target: names.index(column) for target, column in chosen.items()}
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Unreadable(None, f"line {reader.line_num}: {error}", "bad-row")
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            cells = {to: row[at] or None for to, at in places.items() if at < len(row)}
            yield article_from_row(cells, f"line {reader.line_num}", given=given, today=today)


def _texts(lines: Iterator[bytes]) -> Iterator[str]:
    """Decode line by line; UTF-16, where a line's end is no byte, as a whole."""
    first = next(lines, b"")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return iter(io.StringIO(decode(b"".join([first, *lines])), newline=""))
    return map(decode, chain([first], lines))


# -- Parquet -------------------------------------------------------------------------------


def articles_from_parquet(
    file: BinaryIO,
    *,
    source: str,
    fields: FieldMap,
    given: Given = _NOTHING,
    today: date | None = None,
) -> Iterator[Article | Unreadable]:
    """Yield one article, or why there is none, for each row of a Parquet file.

    Only the columns that are needed are read, a few rows at once.  Raises
    SourceError for a damaged file and as ``columns`` does.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file)
        chosen = columns(table.schema_arrow.names, fields, source)
        number = 0
        for batch in table.iter_batches(_BATCH, columns=sorted(set(chosen.values()))):
            for row in batch.to_pylist():
                number += 1
                cells = {target: _plain(row[column]) for target, column in chosen.items()}
                yield article_from_row(cells, f"row {number}", given=given, today=today)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{source} is no sound Parquet file: {error}", source=source) from error


def _plain(value: Any) -> Any:
    """Moments and days as ISO 8601, bytes as text; the rest as it is."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return decode(value) if isinstance(value, bytes) else value
