"""Articles from PDF: the words of its pages, as far as the file holds words at all.

To be read in a process of its own (``extraction``): a hostile PDF can take any time.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence

from onrecord import settings
from onrecord.errors import SourceError

#: A line that stands on this share of the pages, numbers apart, is their head or foot.
_REPEATED = 0.5
_DIGITS = re.compile(r"\d+")
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad]\Z")
#: A line shorter than this share of the longest ends its paragraph, if it ends a sentence.
_SHORT = 0.8
_END = re.compile(r"[.!?:”\"’)]\s*\Z")
#: Fewer letters than this on a page, on average, are no report: a scan.
_FEWEST = 20
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def text_of_pdf(data: bytes, *, source: str) -> tuple[str, str | None]:
    """Return the text of a PDF, and its title where its first page shows that too.

    Lines are joined to paragraphs, words divided at a line's end too; heads and feet of
    pages go.  At most ``max_pdf_pages`` pages are read.  Raises SourceError for a PDF that
    is damaged or locked, and for one without words (a scan).
    """
    pages, title = _pages(data, source)
    letters = sum(map(str.isalpha, "".join(pages)))
    if letters < _FEWEST * max(1, len(pages)):
        raise SourceError(
            f"{source} holds pictures of text, no text; recognise it (OCR) first", source=source
        )
    text = "\n\n".join(filter(None, map(paragraphs, without_repeats(pages))))
    first = "".join(filter(str.isalnum, pages[0].casefold()))
    words = "".join(filter(str.isalnum, (title or "").casefold()))
    return text, title if words and words in first else None


def _pages(data: bytes, source: str) -> tuple[list[str], str | None]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    most = settings.get("max_pdf_pages")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        pages = [page.extract_text() or "" for page, _ in zip(reader.pages, range(most))]
        title = reader.metadata.title if reader.metadata else None
    except FileNotDecryptedError as error:
        raise SourceError(
            f"{source} is locked by a password; unlock it first", source=source
        ) from error
    except ModuleNotFoundError:
        raise
    except (PyPdfError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError,
            RecursionError, NotImplementedError, OSError, AssertionError) as error:  # fmt: skip
        # What pypdf raises for damaged files is not limited to its own errors.
        raise SourceError(
            f"{source} is no sound PDF ({type(error).__name__}: {error}); save it as text",
            source=source,
        ) from error
    return pages, title if isinstance(title, str) else None


def without_repeats(pages: Sequence[str]) -> list[str]:
    """Take out first and last lines that many pages share, but for their numbers."""
    lines = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    if len(pages) < 3:
        return ["\n".join(page) for page in lines]
    edges = Counter(key for page in lines for key in {_key(line) for line in _edges(page)})
    often = {key for key, count in edges.items() if count > _REPEATED * len(pages)}
    return ["\n".join(_trimmed(page, often)) for page in lines]


def _edges(page: list[str]) -> list[str]:
    return page[:2] + page[-2:]


def _trimmed(page: list[str], often: set[str]) -> list[str]:
    first, last = 0, len(page)
    while first < min(2, last) and _key(page[first]) in often:
        first += 1
    while last > max(first, len(page) - 2) and _key(page[last - 1]) in often:
        last -= 1
    return page[first:last]


def _key(line: str) -> str:
    return _DIGITS.sub("0", line.casefold())


def paragraphs(page: str) -> str:
    """Join the lines of a page to paragraphs, parted by a blank line."""
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    longest = max(map(len, lines), default=0)
    found: list[str] = []
    ended = True
    for line in lines:
        if ended:
            found.append(line)
        elif _HYPHEN.search(found[-1]) and line[:1].islower():
            found[-1] = found[-1][:-1] + line
        else:
            found[-1] += " " + line
        ended = len(line) < _SHORT * longest and _END.search(line) is not None
    return "\n\n".join(found)
