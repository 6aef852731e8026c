"""Every error this package raises on purpose.

OnrecordError
├── InputError          something a user gave cannot be read
│   ├── SourceError     a file, folder or stream (``.source``)
│   ├── ArticleError    one article of several (``.article_id``)
│   └── RecordError     JSON that is not a record (``.path``)
├── SettingError        an option or setting is wrong (``.name``)
└── ModelError          the shipped model or a table is missing or damaged (``.path``)

Each error carries its object and says in its message what to do next.
"""

from __future__ import annotations


class OnrecordError(Exception):
    """Base of all errors of this package."""


class InputError(OnrecordError):
    """Something a user gave cannot be read."""


class SourceError(InputError):
    """A file, folder or stream cannot be read."""

    def __init__(self, message: str, *, source: str) -> None:
        super().__init__(message)
        self.source = source


class ArticleError(InputError):
    """One article cannot be read; the others are not touched."""

    def __init__(self, message: str, *, article_id: str | None) -> None:
        super().__init__(message)
        self.article_id = article_id


class RecordError(InputError):
    """JSON that is not a record; ``.path`` tells where in it, as ``events[2].status``."""

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path


class SettingError(OnrecordError):
    """An option or setting is wrong."""

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message)
        self.name = name


class ModelError(OnrecordError):
    """The shipped model or one of its tables is missing or damaged."""

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path
