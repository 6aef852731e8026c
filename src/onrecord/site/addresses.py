"""Where alerts may be sent: web addresses of the public Internet, and single mailboxes."""

from __future__ import annotations

import re
from ipaddress import ip_address

from onrecord.errors import InputError
from onrecord.intake.addresses import Refused, is_public, web_address

#: A mailbox as nearly everybody has one (a part of RFC 5322's addr-spec): no quotes, no blanks.
_MAILBOX = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?=.{4,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def webhook(url: str) -> str:
    """Return an address in its one spelling; InputError for what is never asked.

    Which numbers its name stands for is checked whenever it is connected to.
    """
    try:
        address = web_address(url)
    except Refused as error:
        raise InputError(f"the webhook's address cannot be used: {error}") from None
    try:
        public = is_public(str(ip_address(address.host)))
    except ValueError:
        public = True
    if not public:
        raise InputError("the webhook's address is none of the public Internet")
    return address.url


def mailbox(words: str) -> str:
    """Return a mailbox; InputError for what is none, or several."""
    if not _MAILBOX.fullmatch(words):
        raise InputError(f"{words[:80]!r} is no mailbox; write name@example.org")
    return words
