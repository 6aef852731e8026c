"""Every error this package raises on purpose.

OnrecordError
├── InputError          something a user gave cannot be read
│   ├── SourceError     a file, folder or stream (``.source``)
│   │   └── FetchError  a web address (``.url``, ``.rule``, ``.status``, ``.retry_after``)
│   ├── ArticleError    one article of several (``.article_id``)
│   └── RecordError     JSON that is not a record (``.path``)
├── SettingError        an option or setting is wrong (``.name``)
├── ApiError            a site's API refuses, or does not answer (``.status``, ``.kind``)
├── ModelError          the shipped model or a table is missing or damaged (``.path``)
└── ArchiveError        the archive cannot be opened, read or written (``.archive``)
    ├── ForeignArchiveError  the file or database is something else
    ├── NewerArchiveError    it was written by a newer version
    └── BusyArchiveError     others kept it locked for too long

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


class FetchError(SourceError):
    """A web address cannot be fetched; ``.rule`` names why, as docs/intake.md lists them."""

    def __init__(
        self,
        message: str,
        *,
        url: str,
        rule: str,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, source=url)
        self.url = url
        self.rule = rule
        #: The server's answer, where there was one.
        self.status = status
        #: Seconds after which it may be tried again, where that is known.
        self.retry_after = retry_after


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


class ArchiveError(OnrecordError):
    """The archive cannot be opened, read or written; ``.archive`` is its place."""

    def __init__(self, message: str, *, archive: str) -> None:
        super().__init__(message)
        self.archive = archive


class ForeignArchiveError(ArchiveError):
    """The file or database is no archive of this package; it was left as it is."""


class NewerArchiveError(ArchiveError):
    """A newer version of this package wrote the archive; it was left as it is."""


class BusyArchiveError(ArchiveError):
    """Others kept the archive locked for longer than ``archive_wait_ms``."""


class ApiError(OnrecordError):
    """The API of a site refuses, or does not answer."""

    def __init__(
        self, message: str, *, status: int, kind: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        #: The HTTP status; 0 where there was no answer.
        self.status = status
        #: The kind of problem, as docs/api.md lists them.
        self.kind = kind
        #: Seconds after which it may be tried again, where that is known.
        self.retry_after = retry_after
