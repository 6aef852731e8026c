"""Who asks, and what they may: tokens, sign-in, a trusted proxy; hosts and origins.

Reading is open on this machine (unless ``open_reading`` is false); everything else needs a
token, a session, or a proxy that vouches for somebody.  What comes through a proxy is never
taken for this machine's own.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import sqlalchemy as sa

from onrecord import settings
from onrecord.archive import moments
from onrecord.site import store, tokens
from onrecord.site.limits import Buckets, network
from onrecord.site.people import People

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from onrecord.archive import Archive

_SAFE = ("GET", "HEAD", "OPTIONS")
#: Headers by which a proxy tells that it stands between.
_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:\[\]/@]+)(?::\d{1,5})?")
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_s = store.sessions.c


class Denied(Exception):
    """A request that is not answered; nothing is told of why, but what to do."""

    def __init__(self, status: int, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        #: 401, 403 or 429.
        self.status = status
        #: 429: seconds after which it may be tried again.
        self.wait = wait


class Who(NamedTuple):
    """A person, or a program with a token."""

    name: str
    scopes: frozenset[str]
    #: ``token``, ``session`` or ``proxy``.
    by: str
    #: What they are known by when requests are counted.
    client: str
    #: What a form must send along (``csrf``); empty for a token, which needs none.
    csrf: str = ""


class Access:
    """The door of the site."""

    def __init__(
        self,
        archive: Archive,
        *,
        people: Path | None = None,
        proxy_header: str | None = None,
        proxies: Iterable[str] = ("127.0.0.1", "::1"),
        hosts: Iterable[str] = (),
        address: str = "",
        open_reading: bool = True,
    ) -> None:
        """``people``: a password file.  ``proxy_header``: the header in which a proxy whose
        address is one of ``proxies`` names who signed in there.  ``hosts``: names that the
        site answers to beside this machine's own and numeric addresses; ``address``, where
        it is reached from outside, is one.  ``open_reading``: whether this machine's own
        requests may read without a token.
        """
        store.prepare(archive)
        self._archive = archive
        self.people = None if people is None else People(people)
        self._header = None if proxy_header is None else proxy_header.lower()
        self._proxies = frozenset(proxies)
        own = urlsplit(address).netloc.lower()
        self._hosts = frozenset({*map(str.lower, hosts), own, own.partition(":")[0]} - {""})
        self._open = open_reading
        self.buckets = Buckets()

    # -- who --------------------------------------------------------------------------

    def admit(self, request: Request) -> None:
        """Refuse a foreign Host and a foreign Origin; for pages as for the API.

        A name that an attacker's server lets stand for 127.0.0.1 is thus no way in.
        """
        host = _host(request)
        if not (host in _LOCAL or _is_number(host) or host in self._hosts):
            raise Denied(403, "the site does not answer to this host name")
        if request.method in _SAFE:
            return
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != _netloc(request)
        if foreign or site not in ("same-origin", "none"):
            raise Denied(403, "another site's page sent this request")

    def who(self, request: Request) -> Who | None:
        """Return who asks; None for nobody known.

        Raises Denied 401 for a token that does not count, 429 after too many of them.
        """
        given = _token(request)
        if given is not None:
            return self._by_token(request, given)
        return self._by_proxy(request) or self._by_session(request)

    def _by_token(self, request: Request, given: str) -> Who:
        wrong = f"wrong {_address(request)}"
        self._refuse_flood(self.buckets.empty(wrong, settings.get("sign_ins_per_minute")))
        token = tokens.recognise(self._archive, given)
        if token is None:
            self.buckets.take(wrong, settings.get("sign_ins_per_minute"))
            raise Denied(401, "the token does not count; ask for another")
        return Who(token.name, frozenset(token.scopes), "token", f"token {token.number}")

    def _refuse_flood(self, wait: float | None) -> None:
        if wait is not None:
            raise Denied(429, "too many requests; wait", wait=wait)

    def _by_proxy(self, request: Request) -> Who | None:
        if self._header is None or request.client is None:
            return None
        names = request.headers.getlist(self._header)
        name = names[0].strip() if len(names) == 1 else ""
        if not name or len(name) > 200 or request.client.host not in self._proxies:
            return None
        # No cookie to derive a secret from: the same-origin check stands alone.
        return Who(name, frozenset(tokens.SCOPES), "proxy", f"person {name}")

    def _by_session(self, request: Request) -> Who | None:
        session = request.cookies.get(self._cookie(request))
        if self.people is None or not session or len(session) > 100:
            return None
        with self._archive._reading() as connection:
            row = connection.execute(
                sa.select(_s.name, _s.expires).where(_s.id_sha256 == _hash(session))
            ).first()
        if row is None or row.expires <= self._archive._now() or not self.people.knows(row.name):
            return None
        scopes = frozenset(tokens.SCOPES)
        return Who(row.name, scopes, "session", f"person {row.name}", _csrf(session))

    # -- what they may ----------------------------------------------------------------

    def require(self, request: Request, scope: str) -> Who | None:
        """Return who asks, or None where anybody may; raises Denied 401 or 403 else.

        ``scope`` ``none`` is anybody's.  To be called after ``admit``.
        """
        who = self.who(request)
        if scope == "none":
            return who
        if who is None:
            if scope == "read" and self._open and is_local(request):
                return None
            raise Denied(401, "this needs a token, or to be signed in")
        # People may do all that the site lets be done.
        if who.by == "token" and scope not in who.scopes:
            raise Denied(403, f"the token lacks the scope {scope}")
        if who.by != "token" and request.method not in _SAFE and not _from_here(request):
            raise Denied(403, "send the request from a page of the site")
        return who

    def count(self, request: Request, who: Who | None, kind: str) -> None:
        """Count a request; Denied 429 when there were too many.

        ``kind``: the setting that bounds it, ``requests`` for ``requests_per_minute``.
        """
        client = _address(request) if who is None else who.client
        most = settings.get(f"{kind}_per_minute")
        self._refuse_flood(self.buckets.take(f"{kind} {client}", most))

    # -- signing in -------------------------------------------------------------------

    def sign_in(self, request: Request, response: Response, name: str, password: str) -> None:
        """Begin a session and set its cookie on ``response``.

        Raises Denied 401 for a wrong name or password, 429 after too many.
        """
        most = settings.get("sign_ins_per_minute")
        # A name has more of them than an address: else anybody could lock anybody out.
        counted = {f"wrong {_address(request)}": most, f"wrong name {name[:64]}": 5 * most}
        for client, number in counted.items():
            self._refuse_flood(self.buckets.empty(client, number))
        if self.people is None or not self.people.check(name, password):
            for client, number in counted.items():
                self.buckets.take(client, number)
            raise Denied(401, "name and password do not fit")
        session = secrets.token_urlsafe(32)
        hours = settings.get("session_hours")
        self._keep(name, session, hours)
        response.set_cookie(
            self._cookie(request), session, max_age=hours * 3600, path="/",
            secure=not is_local(request), httponly=True, samesite="lax",
        )  # fmt: skip

    def _keep(self, name: str, session: str, hours: int) -> None:
        now = self._archive._clock()
        with self._archive._writing() as connection:
            connection.execute(store.sessions.delete().where(_s.expires <= moments.utc(now)))
            connection.execute(
                store.sessions.insert().values(
                    id_sha256=_hash(session), name=name, created=moments.utc(now),
                    expires=moments.utc(now + timedelta(hours=hours)),
                )
            )  # fmt: skip

    def sign_out(self, request: Request, response: Response) -> None:
        """End the session and take its cookie away."""
        session = request.cookies.get(self._cookie(request), "")
        with self._archive._writing() as connection:
            connection.execute(store.sessions.delete().where(_s.id_sha256 == _hash(session)))
        response.delete_cookie(
            self._cookie(request), path="/", secure=not is_local(request), httponly=True,
            samesite="lax",
        )  # fmt: skip

    def check_form(self, who: Who, given: str) -> None:
        """Refuse a form that does not send what the page gave it (``Who.csrf``); Denied 403."""
        if who.by == "session" and not hmac.compare_digest(who.csrf.encode(), given.encode()):
            raise Denied(403, "the form is too old; load the page again")

    def _cookie(self, request: Request) -> str:
        # Browsers take a __Host- cookie only with Secure, and some none with it over http.
        return "onrecord" if is_local(request) else "__Host-onrecord"


def is_local(request: Request) -> bool:
    """Say whether a request comes from this machine: by its address, its Host and no proxy."""
    if request.client is None or any(name in request.headers for name in _PROXIED):
        return False
    try:
        loopback = ip_address(request.client.host.partition("%")[0]).is_loopback
    except ValueError:
        return False
    return loopback and _host(request) in _LOCAL


def same_site(path: str) -> str:
    """Return a path to go on to, ``/`` for one that leads to another site."""
    odd = not path.startswith("/") or path[1:2] in ("/", "\\") or not path.isprintable()
    return "/" if odd or "\\" in path else path


def _netloc(request: Request) -> str:
    hosts = request.headers.getlist("host")
    return hosts[0].strip().lower() if len(hosts) == 1 else ""


def _host(request: Request) -> str:
    """The Host without its port; empty for what is none."""
    place = _HOST.fullmatch(_netloc(request))
    return place[1] if place else ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _address(request: Request) -> str:
    return network(request.client.host if request.client else None)


def _from_here(request: Request) -> bool:
    """Whether a browser says that a page of the site sent the request."""
    return "origin" in request.headers or request.headers.get("sec-fetch-site") == "same-origin"


def _token(request: Request) -> str | None:
    """The token of the Authorization header: Bearer, or the password of Basic (feed readers)."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    kind, _, words = header.partition(" ")
    if kind.lower() == "bearer":
        return words.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(words.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _hash(session: str) -> str:
    return sha256(session.encode()).hexdigest()


def _csrf(session: str) -> str:
    return sha256(f"form of {session}".encode()).hexdigest()
