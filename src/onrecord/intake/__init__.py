"""Where articles come from: text, web pages, JSON lines, standard input → Article."""

from onrecord.intake.articles import Unreadable, article_from_text, doubts
from onrecord.intake.files import is_many, open_source
from onrecord.intake.identity import article_id, canonical_url, text_sha256
from onrecord.intake.language import language_of

__all__ = [
    "Unreadable",
    "article_from_text",
    "article_id",
    "canonical_url",
    "doubts",
    "is_many",
    "language_of",
    "open_source",
    "text_sha256",
]
