"""Where articles come from: files, folders, tables, feeds, web archives, the web → Article."""

from onrecord.intake.articles import Unreadable, article_from_text, doubts
from onrecord.intake.files import expected, first_rows, is_many, open_source
from onrecord.intake.identity import article_id, canonical_url, text_sha256
from onrecord.intake.language import language_of
from onrecord.intake.metadata import Vote, votes_of
from onrecord.intake.rows import field_map

__all__ = [
    "Unreadable",
    "Vote",
    "article_from_text",
    "article_id",
    "canonical_url",
    "doubts",
    "expected",
    "field_map",
    "first_rows",
    "is_many",
    "language_of",
    "open_source",
    "text_sha256",
    "votes_of",
]
