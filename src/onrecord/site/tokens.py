"""Tokens for programs: made, listed, revoked, recognised; only a SHA-256 of each is kept."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from onrecord.archive import moments
from onrecord.errors import InputError
from onrecord.site import store

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: What a token may be used for.
SCOPES = {
    "read": "read everything, and have texts read",
    "correct": "correct records, merge and split stories, see the log",
    "alerts": "keep searches and alerts",
}
#: ``onr_12_…``: the token's number, then 256 random bits.
_FORM = re.compile(r"onr_(\d{1,18})_([A-Za-z0-9_-]{43})")
_t = store.tokens.c


class Token(NamedTuple):
    """A token as it is listed; what it is made of is not kept."""

    number: int
    name: str
    scopes: tuple[str, ...]
    created: str
    #: Moments, UTC; None for one that does not end, or was not revoked.
    expires: str | None
    revoked: str | None


def add(
    archive: Archive, name: str, scopes: Iterable[str] = ("read",), *, days: int | None = None
) -> str:
    """Make a token and return it; it cannot be shown again.

    ``days``: after which it ends; None for never.  Raises InputError for an unknown scope,
    no name, or days that are none.
    """
    wanted = tuple(dict.fromkeys(scopes))
    unknown = [one for one in wanted if one not in SCOPES]
    if unknown or not wanted:
        raise InputError(f"a token has scopes among {', '.join(SCOPES)}, not {unknown or 'none'}")
    if not name.strip():
        raise InputError("a token needs a name: what it is for")
    if days is not None and not 1 <= days <= 36_500:
        raise InputError("a token's days are 1 to 36500")
    store.prepare(archive)
    secret = secrets.token_urlsafe(32)
    now = archive._clock()
    expires = None if days is None else moments.utc(now + timedelta(days=days))
    with archive._writing() as connection:
        number = store.put(
            connection, store.tokens, name=name.strip(), scopes=wanted, created=moments.utc(now),
            secret_sha256=_hash(secret), expires=expires,
        )  # fmt: skip
    return f"onr_{number}_{secret}"


def _hash(secret: str) -> str:
    # 256 random bits cannot be guessed: a slow hash would add nothing.
    return sha256(secret.encode()).hexdigest()


def listed(archive: Archive) -> list[Token]:
    """Return all tokens, the revoked and ended ones too, in the order they were made."""
    store.prepare(archive)
    columns = (_t.key, _t.name, _t.scopes, _t.created, _t.expires, _t.revoked)
    with archive._reading() as connection:
        return [Token(*row) for row in connection.execute(sa.select(*columns).order_by(_t.key))]


def revoke(archive: Archive, number: int) -> None:
    """End a token now; InputError when there is none, or it is revoked already."""
    store.prepare(archive)
    with archive._writing() as connection:
        done = connection.execute(
            store.tokens.update()
            .where(_t.key == number, _t.revoked.is_(None))
            .values(revoked=archive._now())
        )
    if not done.rowcount:
        raise InputError(
            f"there is no token {number} that could be revoked; see  onrecord token list"
        )


def recognise(archive: Archive, words: str) -> Token | None:
    """Return the token that ``words`` are, if it counts now; None else."""
    form = _FORM.fullmatch(words)
    if form is None:
        return None
    with archive._reading() as connection:
        row = connection.execute(sa.select(store.tokens).where(_t.key == int(form[1]))).first()
    if row is None or not hmac.compare_digest(row.secret_sha256, _hash(form[2])):
        return None
    if row.revoked is not None or (row.expires is not None and row.expires <= archive._now()):
        return None
    return Token(row.key, row.name, tuple(row.scopes), row.created, row.expires, row.revoked)
