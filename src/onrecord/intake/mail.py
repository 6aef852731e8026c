"""Articles from mails (.eml): newsletters and alerts, by the standard library's parser."""

from __future__ import annotations

import re
from datetime import date
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr

from onrecord.errors import SourceError
from onrecord.intake.articles import Given, article_from_text
from onrecord.intake.decoding import decode
from onrecord.intake.html import article_from_html, decode_page, with_title
from onrecord.record import Article

_ADDRESS = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_NOTHING = Given()


def article_from_mail(
    data: bytes, *, source: str, given: Given = _NOTHING, today: date | None = None
) -> Article:
    """Make an article of a mail: its subject is the title, its sender the byline.

    Its date counts with basis ``page``; ``Archived-At`` (RFC 5064) is its address.  The
    plain text is read where there is one, else the HTML; attachments are not.  Raises
    SourceError for what is no mail, or a mail without text.
    """
    message = _parsed(data, source)
    title = given.title or _head(message, "subject")
    sender = parseaddr(_head(message, "from") or "")[0] or None
    link = _ADDRESS.search(_head(message, "archived-at") or "")
    url = given.url or (link[1] if link else None)
    published = given.published or _head(message, "date")
    part = _part(message, source)
    text, kind = part
    if kind == "html":
        found = article_from_html(
            text, source=source, url=url, title=title, publisher=given.publisher,
            published=published, today=today,
        )  # fmt: skip
        text = found.text
    return article_from_text(
        with_title(text, title) if kind == "plain" else text,
        title=title,
        byline=sender,
        url=url,
        publisher=given.publisher,
        published=published,
        published_basis="given" if given.published else "page",
        today=today,
    )


def _parsed(data: bytes, source: str) -> EmailMessage:
    try:
        message = message_from_bytes(data, policy=policy.default)
    except (MessageError, ValueError, RecursionError, LookupError) as error:
        raise SourceError(f"{source} is no mail: {error}", source=source) from error
    if not isinstance(message, EmailMessage) or not (_head(message, "from") or message["date"]):
        raise SourceError(
            f"{source} is no mail: it has neither sender nor date; save it as text",
            source=source,
        )
    return message


def _head(message: EmailMessage, name: str) -> str | None:
    """A header's words on one line; a damaged one counts as none."""
    try:
        value = message[name]
        return " ".join(str(value).split()) or None if value is not None else None
    except (ValueError, TypeError, AttributeError, LookupError, MessageError):
        # The parser of headers raises these on damaged ones (bugs.python.org/issue33972 …).
        return None


def _part(message: EmailMessage, source: str) -> tuple[str, str]:
    """The words of a mail's body and whether these are ``plain`` or ``html``."""
    for kind in ("plain", "html"):
        try:
            part = message.get_body(preferencelist=(kind,))
        except (AttributeError, RecursionError):
            part = None
        if part is None:
            continue
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        declared = part.get_content_charset()
        text = decode_page(data, declared) if kind == "html" else decode(data, declared)
        if text.strip():
            return text.replace("\r\n", "\n"), kind
    raise SourceError(f"{source} is a mail without text", source=source)
