"""Delivering what alerts found: webhooks (signed), e-mails; tried again with back-off, logged.

Webhooks follow the Standard Webhooks specification (standardwebhooks.com): the headers
``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``, HMAC-SHA256.  They go out under
the manners of the intake's fetching: only to public addresses, none is followed elsewhere.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import os
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

import sqlalchemy as sa

from onrecord import settings
from onrecord.analysis.news import told
from onrecord.archive import moments
from onrecord.archive import schema as t
from onrecord.errors import ArticleError, FetchError
from onrecord.intake.addresses import Refused, web_address
from onrecord.intake.fetching import (
    AGENT,
    Allow,
    Limits,
    Resolve,
    _Job,
    _nothing,
    _system_resolve,
    retry_after,
)
from onrecord.render.wording import clean
from onrecord.site import alerts, store
from onrecord.site.addresses import mailbox
from onrecord.site.api.joined import incident

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: Days for which messages that are done stay in the log.
_KEPT_DAYS = 90
#: Rules of a FetchError after which trying again changes nothing.
_FINAL = frozenset({"scheme", "host", "user", "port", "address"})
#: Pauses between tries, in minutes, and the longest one.
_FIRST, _LONGEST = 1.0, 6 * 60.0
_q = store.deliveries.c
_t = store.attempts.c


class Message(NamedTuple):
    """What is sent."""

    alert: alerts.Alert
    #: Number of the delivery: the same at every try.
    number: int
    at: str
    body: dict[str, Any]


#: Sends a message; raises Undelivered.
Send = Callable[[Message], None]


class Undelivered(Exception):
    """A message did not get through; ``final`` when trying again changes nothing."""

    def __init__(self, why: str, *, final: bool = False, wait: float | None = None) -> None:
        super().__init__(why)
        self.final = final
        #: Seconds that the receiver asks to wait.
        self.wait = wait


class Outcome(NamedTuple):
    """What one run did."""

    found: int
    sent: int
    #: To be tried again.
    waiting: int
    failed: int


def run(
    archive: Archive, *, address: str = "", senders: Mapping[str, Send] | None = None
) -> Outcome:
    """Look at every alert, then deliver what is due; return what became of it.

    ``address``: where the site is reached, for links.  ``senders`` stand in for those of
    the channels.  May be called by several processes at once: each message goes to one.
    """
    found = alerts.look(archive)
    counts = {"sent": 0, "waiting": 0, "failed": 0}
    chosen: Mapping[str, Send] = senders or {"webhook": post, "email": mail}
    while (due := _taken(archive)) is not None:
        counts[_deliver(archive, due, address, chosen)] += 1
    tidy(archive)
    return Outcome(found, **counts)


def tidy(archive: Archive) -> None:
    """Drop old messages, and from the others what need not, or must not, be kept.

    What a feed shows or a queue holds stays, without articles that were forgotten; of what is
    done otherwise only the log stays, for ``_KEPT_DAYS``.
    """
    a = store.alerts.c
    old = moments.utc(archive._clock() - timedelta(days=_KEPT_DAYS))
    with archive._writing() as connection:
        gone = sa.select(_q.key).where(_q.at < old, _q.status != "waiting")
        connection.execute(store.attempts.delete().where(_t.delivery.in_(gone)))
        connection.execute(store.deliveries.delete().where(_q.key.in_(gone)))
        query = sa.select(_q.key, _q.found, _q.status, a.channel).join(
            store.alerts, a.key == _q.alert
        )
        for row in connection.execute(query).all():
            found = json.loads(row.found)
            shown = row.channel == "feed" or row.status == "waiting"
            items = _there(connection, found["items"]) if shown else []
            if items != found["items"]:
                kept = json.dumps({**found, "items": items})
                connection.execute(
                    store.deliveries.update().where(_q.key == row.key).values(found=kept)
                )


def _there(connection: sa.Connection, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the articles that the archive does not have any more."""
    ids = [one["article"] for one in items if "article" in one]
    known = set(connection.scalars(sa.select(t.articles.c.id).where(t.articles.c.id.in_(ids))))
    return [one for one in items if "article" not in one or one["article"] in known]


def _taken(archive: Archive) -> sa.Row[Any] | None:
    """Take the next message that is due; nobody else gets it while it is being delivered."""
    now = archive._clock()
    hold = moments.utc(now + timedelta(seconds=2 * settings.get("webhook_seconds") + 60))
    query = (
        sa.select(store.deliveries)
        .where(_q.status == "waiting", _q.next_at <= moments.utc(now))
        .order_by(_q.next_at, _q.key)
        .limit(1)
    )
    with archive._writing() as connection:
        if connection.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True)
        row = connection.execute(query).first()
        if row is not None:
            connection.execute(
                store.deliveries.update()
                .where(_q.key == row.key)
                .values(next_at=hold, tries=row.tries + 1)
            )
    return row


def _deliver(archive: Archive, due: sa.Row[Any], address: str, senders: Mapping[str, Send]) -> str:
    """Try to deliver a message; return what it is now: sent, waiting or failed."""
    tries = due.tries + 1
    try:
        alert = next(one for one in alerts.listed(archive) if one.number == due.alert)
        body = body_of(archive, alert, due.key, due.at, json.loads(due.found), address)
        senders[alert.channel](Message(alert, due.key, due.at, body))
    except StopIteration:
        return _settle(archive, due.key, "failed", "the alert was taken away", None)
    except Undelivered as error:
        last = error.final or tries >= settings.get("webhook_tries")
        wait = None if last else max(_pause(tries), error.wait or 0)
        return _settle(archive, due.key, "failed" if last else "waiting", str(error), wait)
    return _settle(archive, due.key, "sent", "", None)


def _pause(tries: int) -> float:
    """Seconds until the next try: twice as long each time."""
    return float(min(_FIRST * 2 ** (tries - 1), _LONGEST) * 60)


def _settle(archive: Archive, number: int, status: str, why: str, wait: float | None) -> str:
    now = archive._clock()
    later = None if wait is None else moments.utc(now + timedelta(seconds=min(wait, 86_400)))
    done = None if status == "waiting" else moments.utc(now)
    with archive._writing() as connection:
        connection.execute(
            store.deliveries.update()
            .where(_q.key == number)
            .values(status=status, next_at=later, done=done)
        )
        store.put(
            connection, store.attempts, delivery=number, at=moments.utc(now),
            outcome="sent" if status == "sent" else "not sent", detail=why[:500],
        )  # fmt: skip
    return status


class Delivery(NamedTuple):
    """One message in the log, with every try."""

    number: int
    at: str
    #: waiting, sent or failed.
    status: str
    tries: int
    next_at: str | None
    #: When each try was, and what came of it.
    attempts: tuple[tuple[str, str, str], ...]


def log(archive: Archive, alert: int, limit: int = 100) -> list[Delivery]:
    """Return the last messages of an alert, newest first, with every try."""
    query = sa.select(store.deliveries).where(_q.alert == alert).order_by(_q.key.desc())
    with archive._reading() as connection:
        rows = connection.execute(query.limit(limit)).all()
        tries: dict[int, list[tuple[str, str, str]]] = {}
        of = sa.select(store.attempts).where(_t.delivery.in_([row.key for row in rows]))
        for row in connection.execute(of.order_by(_t.key)):
            tries.setdefault(row.delivery, []).append((row.at, row.outcome, row.detail or ""))
    return [
        Delivery(row.key, row.at, row.status, row.tries, row.next_at,
                 tuple(tries.get(row.key, ())))
        for row in rows
    ]  # fmt: skip


# -- what is told ---------------------------------------------------------------------


def body_of(
    archive: Archive, alert: alerts.Alert, number: int, at: str, found: Mapping[str, Any],
    address: str,
) -> dict[str, Any]:  # fmt: skip
    """Return a message: made when it is sent, so that what was forgotten is not in it."""
    items = [_item(archive, one, address.rstrip("/")) for one in found["items"]]
    return {
        "type": "onrecord.alert",
        "delivery": number,
        "at": at,
        "alert": {"number": alert.number, "name": alert.name, "rule": alert.rule},
        **{name: found[name] for name in ("total", "value") if name in found},
        "items": [one for one in items if one is not None],
    }


def _item(archive: Archive, one: Mapping[str, Any], address: str) -> dict[str, Any] | None:
    if "incident" in one:
        return _incident(archive, one["incident"], address)
    try:
        record = archive.record(one["article"])
    except ArticleError:
        return None
    article = record.article
    row = next((s for s in record.statements if s.id == one.get("row")), None)
    said = None if row is None else " … ".join(record.words(span) for span in row.content)
    words = said if said is not None else article.text[:280]
    return {
        "article": one["article"], "title": article.title, "publisher": article.publisher,
        "published": article.published, "source": article.url, "words": " ".join(words.split()),
        "link": f"{address}/article/{quote(one['article'], safe='')}",
    }  # fmt: skip


def _incident(archive: Archive, id_: str, address: str) -> dict[str, Any] | None:
    row = incident(archive, id_)
    if row is None:
        return None
    return {
        "incident": id_, "words": told(row), "status": row.status, "first_day": row.first_day,
        "story": row.story, "link": f"{address}/incident/{quote(id_, safe='')}",
    }  # fmt: skip


def lines(body: Mapping[str, Any]) -> list[str]:
    """Return a message in words, a line an item: for e-mail and feeds."""
    return [
        " · ".join(
            clean(str(one[name]))
            for name in ("published", "first_day", "publisher", "title", "words")
            if one.get(name)
        )
        + f"\n{one['link']}"
        for one in body["items"]
    ]


# -- webhooks -------------------------------------------------------------------------


def signature(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """Return the value of ``webhook-signature``; ``secret``: ``whsec_`` and base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, b"%b.%d.%b" % (id_.encode(), timestamp, body), sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def post(message: Message, *, allow: Allow = _nothing, resolve: Resolve = _system_resolve) -> None:
    """Send a message to its webhook; Undelivered when it does not answer 2xx in time.

    ``allow`` and ``resolve`` as in ``intake.fetching``.
    """
    body = json.dumps(message.body, ensure_ascii=False).encode("utf-8", "replace")
    now, id_ = int(time.time()), f"onrecord-{message.alert.number}-{message.number}"
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(message.alert.secret, id_, now, body),
    }
    seconds = settings.get("webhook_seconds")
    job = _Posting(message.alert.target or "", Limits(65_536, seconds, 0), allow)
    try:
        asyncio.run(job.send(headers, body, resolve))
    except FetchError as error:
        final = error.rule in _FINAL or error.status in (400, 404, 405, 410, 413, 415)
        raise Undelivered(str(error), final=final, wait=error.retry_after) from error


class _Posting(_Job):
    """A POST under the manners of fetching: the address checked as it is connected to."""

    async def send(self, headers: Mapping[str, str], body: bytes, resolve: Resolve) -> None:
        """Send the body; FetchError for all but an answer of 200 to 299 in time."""
        import aiohttp

        try:
            async with asyncio.timeout(self.limits.seconds):
                await self._post(headers, body, resolve)
        except TimeoutError as error:
            why = f"no answer within {self.limits.seconds:g} seconds"
            raise self.error(why, "deadline") from error
        except Refused as error:
            raise self.error(str(error), error.rule) from error
        except aiohttp.ClientError as error:
            raise self._translated(error) from error
        except (OSError, ValueError) as error:
            raise self.error(f"the connection failed ({error})", "connection") from error

    async def _post(self, headers: Mapping[str, str], body: bytes, resolve: Resolve) -> None:
        from yarl import URL

        address = web_address(self.url)
        self.hops.append(address.url)
        self._guard_number(address)
        target = URL(address.url, encoded=True)
        sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        async with (
            self._session(resolve) as session,
            session.post(target, data=body, headers=sent, allow_redirects=False) as response,
        ):
            if not 200 <= response.status < 300:
                wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
                why = f"the server answered {response.status}"
                raise self.error(why, "status", status=response.status, retry_after=wait)


# -- e-mail ---------------------------------------------------------------------------


def mail(message: Message, *, server: str | None = None) -> None:
    """Send a message to its mailbox through ONRECORD_SMTP; Undelivered when that fails.

    ``server``: ``smtp://user:password@host:587?from=desk@example.org`` (STARTTLS where the
    server has it, always before a password) or ``smtps://…``.
    """
    where = server or os.environ.get("ONRECORD_SMTP", "")
    parts = urlsplit(where)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Undelivered("ONRECORD_SMTP names no server: smtp://host:25?from=desk@example.org")
    try:
        with _connected(parts.scheme, parts.hostname, parts.port) as smtp:
            if parts.username and not isinstance(smtp.sock, ssl.SSLSocket):
                raise Undelivered("the mail server has no STARTTLS; no password is sent")
            if parts.username:
                smtp.login(unquote(parts.username), unquote(parts.password or ""))
            smtp.send_message(email(message, _sender(parts.query, parts.hostname)))
    except smtplib.SMTPRecipientsRefused as error:
        raise Undelivered("the server refuses the mailbox", final=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Undelivered(f"the mail server did not take it ({type(error).__name__})") from error


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    seconds = settings.get("webhook_seconds")
    secure = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=seconds, context=secure)
    smtp = smtplib.SMTP(host, port or 25, timeout=seconds)
    smtp.ehlo()
    if smtp.has_extn("starttls"):
        smtp.starttls(context=secure)
    return smtp


def _sender(query: str, host: str) -> str:
    return mailbox(parse_qs(query).get("from", [f"onrecord@{host}"])[0])


def email(message: Message, sender: str) -> EmailMessage:
    """Return a message as an e-mail in plain text."""
    found = EmailMessage()
    found["From"], found["To"] = sender, message.alert.target
    found["Subject"] = f"onrecord: {_one_line(message.alert.name)}"
    found["Message-ID"] = f"<alert-{message.alert.number}-{message.number}@{sender.split('@')[1]}>"
    found["Auto-Submitted"] = "auto-generated"
    head = [f"{name}: {message.body[name]}" for name in ("total", "value") if name in message.body]
    found.set_content("\n\n".join([*head, *lines(message.body)]) + "\n")
    return found


def _one_line(words: str) -> str:
    return " ".join(clean(words).split())[:150]
