"""onrecord reads the news and keeps the record.

>>> import onrecord
>>> record = onrecord.read(text, published="2025-12-04")
>>> for statement in record.statements:
...     print(record.words(statement.cue), statement.stance)

Names are loaded when they are first used: importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from onrecord.version import VERSION as __version__

if TYPE_CHECKING:
    from onrecord.archive.archive import Archive
    from onrecord.checks import check
    from onrecord.errors import (
        ArticleError,
        InputError,
        ModelError,
        OnrecordError,
        RecordError,
        SettingError,
        SourceError,
    )
    from onrecord.forms import json_schema
    from onrecord.reading.reader import Reader
    from onrecord.record import (
        Article,
        Entity,
        Event,
        EventMention,
        Figure,
        Mention,
        Participant,
        Place,
        ReaderInfo,
        Record,
        Reference,
        Skip,
        Span,
        Statement,
        Time,
    )

#: Where each public name lives.  ``record.Warning`` is left out: it would hide the builtin
#: from whoever imports ``*``.
_HOMES = {
    "onrecord.archive.archive": ("Archive",),
    "onrecord.checks": ("check",),
    "onrecord.errors": (
        "ArticleError",
        "InputError",
        "ModelError",
        "OnrecordError",
        "RecordError",
        "SettingError",
        "SourceError",
    ),
    "onrecord.forms": ("json_schema",),
    "onrecord.reading.reader": ("Reader",),
    "onrecord.record": (
        "Article",
        "Entity",
        "Event",
        "EventMention",
        "Figure",
        "Mention",
        "Participant",
        "Place",
        "ReaderInfo",
        "Record",
        "Reference",
        "Skip",
        "Span",
        "Statement",
        "Time",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Archive",
    "Article",
    "ArticleError",
    "Entity",
    "Event",
    "EventMention",
    "Figure",
    "InputError",
    "Mention",
    "ModelError",
    "OnrecordError",
    "Participant",
    "Place",
    "Reader",
    "ReaderInfo",
    "Record",
    "RecordError",
    "Reference",
    "SettingError",
    "Skip",
    "SourceError",
    "Span",
    "Statement",
    "Time",
    "__version__",
    "check",
    "json_schema",
    "read",
]


def read(article: Article | str, **fields: Any) -> Record:
    """Read one article, or a text with the article's other fields (``published``, ``title``, …).

    The first call loads the model; later ones share it.  Raises ModelError when the
    model is missing or damaged.
    """
    return _reader().read(article, **fields)


_shared: list[Reader] = []


def _reader() -> Reader:
    if not _shared:
        from onrecord.reading.reader import Reader

        _shared.append(Reader())
    return _shared[0]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'onrecord' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
