"""Which article is this: a given id, else its canonical URL, else its text."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

#: Query parameters that say where a reader came from, not what is shown.
#: From the documentation of the services that add them.
_TRACKING = re.compile(
    r"(?:utm_\w*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id"
    r"|_hs(?:enc|mi)|mkt_tok|oly_(?:anon|enc)_id|vero_id|spm|ncid|cmpid|cmp|ito|ocid|xtor|at_\w+"
    r"|ns_\w+|smid|smtyp|partner|feature|amp|outputtype|ref|ref_src|ref_url|referrer|source|src"
    r"|share\w*|guccounter|guce_\w+|sr_share|soc_src|soc_trk)\Z",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str | None) -> str | None:
    """Return ``url`` without what does not tell articles apart; None when it is no web address.

    Host in small letters and punycode; no default port, user, fragment or
    tracking parameter; path and the other parameters stay as they are.
    """
    try:
        parts = urlsplit((url or "").strip())
        port = parts.port
    except ValueError:
        return None
    host = _host(parts)
    if parts.scheme.lower() not in _PORTS or host is None:
        return None
    scheme = parts.scheme.lower()
    place = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKING.match(_key(pair))
    )
    # White space at the end would be gone the next time: an address is its own address.
    return urlunsplit((scheme, place, parts.path.rstrip() or "/", query.rstrip(), ""))


def _key(pair: str) -> str:
    return unquote(pair.partition("=")[0])


def _host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").rstrip(".").lower()
    if not host or re.search(r"[\s\0-\x20%]", host):
        return None
    if host.isascii():
        return f"[{host}]" if ":" in host else host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def text_sha256(text: str) -> str:
    """The SHA-256 of the text's UTF-8 bytes, in hexadecimal."""
    return sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def article_id(given: str | None, canonical: str | None, text_hash: str) -> str:
    """The article's id: the given one; else from the URL, http and https alike; else the text."""
    if given:
        return given
    if canonical:
        address = canonical.partition("://")[2]
        return "url-" + sha256(address.encode()).hexdigest()[:16]
    return "text-" + text_hash[:16]
