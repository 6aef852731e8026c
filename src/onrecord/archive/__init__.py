"""The store of articles and records: SQLite by default, PostgreSQL by URL (docs/archive.md)."""

from onrecord.archive.adding import Progress, Summary
from onrecord.archive.archive import Archive

__all__ = ["Archive", "Progress", "Summary"]
