"""Web addresses: which may be asked for, and which numeric addresses may be connected to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

#: Longer addresses are no article's; servers refuse them from 8,000 characters on.
_LONGEST = 4_000
_PORTS = {"http": 80, "https": 443}
#: Below this, ports belong to mail, login and the like: only the web's own two are asked.
_FIRST_FREE_PORT = 1024
_NEVER = re.compile("[\0-\x20\x7f\\\\]")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z")
_SAFE = "%/:=&?~#+!$,;'@()*[]|"
#: Scripts whose letters stand beside Latin ones in honest names; all other mixtures deceive.
_TOGETHER = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})

#: Networks that are not the public Internet, from the special-purpose address registries of
#: IANA (RFC 6890 and its updates), multicast and the reserved ranges.
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24"
        " 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16"
        " 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
        " 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2620:4f:8000::/48 3fff::/20 5f00::/16"
        " fc00::/7 fe80::/10 fec0::/10 ff00::/8".split(),
    )
)
_NAT64 = ip_network("64:ff9b::/96")


class Refused(Exception):
    """An address that is not asked for; the caller knows which and says so."""

    def __init__(self, message: str, rule: str) -> None:
        super().__init__(message)
        #: ``scheme``, ``host``, ``user``, ``port``, ``address``, ``loop``, ``downgrade``.
        self.rule = rule


class Address(NamedTuple):
    """A web address that may be asked for, in its one spelling."""

    #: Scheme, host in punycode, port where it is not the scheme's own; no fragment.
    url: str
    scheme: str
    host: str
    port: int


def web_address(url: str) -> Address:
    """Check ``url`` and return it in its one spelling.

    Raises Refused for other schemes than http and https, control characters,
    user names, hosts that are no public name or number (``2130706433``,
    ``0x7f.1``, ``exаmple.org`` with a Cyrillic letter) and ports of other
    services.  What a name stands for is checked when it is connected to.
    """
    words = url.strip(" \t\r\n")
    if len(words) > _LONGEST or _NEVER.search(words):
        raise Refused("it holds control characters or blanks, or is too long", "host")
    try:
        parts = urlsplit(words)
        port = parts.port
    except ValueError as error:
        raise Refused(f"it cannot be taken apart ({error})", "host") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise Refused("only http and https addresses are fetched", "scheme")
    if "@" in parts.netloc:
        raise Refused("it holds a user name; none is ever sent", "user")
    port = _PORTS[scheme] if port is None else port
    if port not in _PORTS.values() and port < _FIRST_FREE_PORT:
        raise Refused(f"port {port} belongs to another service than the web", "port")
    host = _host(parts.hostname or "")
    shown = f"[{host}]" if ":" in host else host
    place = shown if port == _PORTS[scheme] else f"{shown}:{port}"
    path = quote(parts.path or "/", safe=_SAFE)
    return Address(
        urlunsplit((scheme, place, path, quote(parts.query, safe=_SAFE), "")), scheme, host, port
    )


def next_address(current: Address, location: str, seen: Container[str]) -> Address:
    """Check where a redirect leads: as ``web_address``; no loop, no way from https to http."""
    following = web_address(urljoin(current.url, location))
    if current.scheme == "https" and following.scheme == "http":
        raise Refused(f"it leads from https to {following.url}", "downgrade")
    if following.url in seen:
        raise Refused(f"it leads in a circle, back to {following.url}", "loop")
    return following


def is_public(address: str) -> bool:
    """Say whether a numeric address, IPv4 or IPv6, is one of the public Internet.

    An IPv6 address that stands for an IPv4 one (mapped, compatible, 6to4, NAT64)
    is judged by that one; False for what is no numeric address.
    """
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, IPv6Address):
        inner = _inside(number)
        if inner is not None:
            return is_public(str(inner))
    return not any(number in net for net in _NOT_PUBLIC if net.version == number.version)


def _inside(number: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one carries; ``::`` and ``::1`` carry 0.0.0.0 and 0.0.0.1."""
    if number.ipv4_mapped or number.sixtofour:
        return number.ipv4_mapped or number.sixtofour
    low = int(number) & 0xFFFFFFFF
    return IPv4Address(low) if number in _NAT64 or int(number) >> 32 == 0 else None


# -- hosts ---------------------------------------------------------------------------------


def _host(host: str) -> str:
    """The host as it is asked for: a number in its usual form, a name in punycode."""
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except ValueError as error:
            raise Refused(f"{host!r} is no address", "host") from error
    name = _punycode(host.removesuffix("."))
    labels = name.split(".")
    if _NUMBER.match(labels[-1]):
        try:
            return str(IPv4Address(name))
        except ValueError as error:
            raise Refused(f"{host!r} is an odd way to write a number", "address") from error
    if len(name) > 253 or not all(map(_HOST.match, labels)):
        raise Refused(f"{host!r} is no host name", "host")
    if len(labels) < 2 or labels[-1] in ("local", "localhost", "internal", "localdomain"):
        raise Refused(f"{host!r} is a name of a local network", "address")
    return name


def _punycode(host: str) -> str:
    import idna

    labels = host.lower().split(".")
    if not host or unicodedata.normalize("NFKC", host.lower()) != host.lower():
        raise Refused(f"{host!r} holds letters that look like others", "host")
    try:
        shown = [idna.decode(label) if label.startswith("xn--") else label for label in labels]
        for label in shown:
            _guard_mixture(label)
        return ".".join(
            label if label.isascii() else idna.encode(label).decode("ascii") for label in shown
        )
    except (idna.IDNAError, UnicodeError) as error:
        raise Refused(f"{host!r} is no host name ({error})", "host") from error


def _guard_mixture(label: str) -> None:
    scripts = {unicodedata.name(sign, "?").split()[0] for sign in label if sign.isalpha()}
    if len(scripts) > 1 and not scripts <= _TOGETHER:
        raise Refused(f"{label!r} mixes alphabets whose letters look alike", "host")
