"""The store of articles and records: SQLite by default, PostgreSQL by URL (docs/archive.md)."""

from onrecord.archive.adding import Progress, Summary
from onrecord.archive.archive import KINDS, Archive

__all__ = ["KINDS", "Archive", "Progress", "Summary"]
