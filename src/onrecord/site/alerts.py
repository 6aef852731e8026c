"""Alerts and saved searches: what a person wants to hear of, found, queued, delivered, logged.

A rule is a search (tells of articles that came in since the last run) or a dyad with a
threshold (tells when it is reached, and again only after it was left).  ``run`` looks at every
rule and delivers what is due; docs/api.md describes the messages.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa

from onrecord import settings
from onrecord.analysis import derived as d
from onrecord.archive import moments, selecting
from onrecord.archive import query as queries
from onrecord.archive import schema as t
from onrecord.archive import search as searching
from onrecord.errors import InputError, SettingError
from onrecord.site import store
from onrecord.site.addresses import mailbox, webhook

if TYPE_CHECKING:
    from onrecord.archive import Archive

CHANNELS = ("webhook", "email", "feed")
#: What of a dyad is measured → what it is.
MEASURES = {
    "conflict": "incidents with a PLOVER score below 0 in the last `days` days",
    "incidents": "incidents in the last `days` days",
    "tension": "the tension index of today (docs/analytics.md)",
}
#: On PostgreSQL what got an earlier number may be committed later.
_SETTLED = timedelta(seconds=5)
_a, _s, _q = store.alerts.c, store.searches.c, store.deliveries.c


class SavedSearch(NamedTuple):
    """A search that a person keeps."""

    number: int
    name: str
    #: ``q``, ``what`` and filters, as GET /search takes them.
    asked: dict[str, str]
    created: str


class Alert(NamedTuple):
    """A rule and where its findings go."""

    number: int
    owner: str
    name: str
    #: ``{"search": {"q": …}}`` or ``{"dyad": {"countries": ["URY", "PRY"], …}}``.
    rule: dict[str, Any]
    #: webhook, email or feed.
    channel: str
    #: The webhook's address, or the mailbox; None for a feed.
    target: str | None
    #: Signs webhooks (``whsec_…``), opens the feed.
    secret: str
    created: str


# -- saved searches -------------------------------------------------------------------


def save(archive: Archive, owner: str, name: str, asked: Mapping[str, str]) -> int:
    """Keep a search; return its number.  InputError when it cannot be asked, or there are many."""
    given = _search(asked)
    _few(archive, store.searches, owner)
    with archive._writing() as connection:
        return store.put(
            connection, store.searches, owner=owner, name=_named(name), asked=json.dumps(given),
            created=archive._now(),
        )  # fmt: skip


def saved(archive: Archive, owner: str) -> list[SavedSearch]:
    """Return the searches that a person keeps, in the order they were kept."""
    query = sa.select(store.searches).where(_s.owner == owner).order_by(_s.key)
    with archive._reading() as connection:
        return [
            SavedSearch(row.key, row.name, json.loads(row.asked), row.created)
            for row in connection.execute(query)
        ]


def drop(archive: Archive, owner: str, number: int) -> None:
    """Keep a search no longer; InputError when the person has none of this number."""
    with archive._writing() as connection:
        mine = store.searches.delete().where(_s.key == number, _s.owner == owner)
        if not connection.execute(mine).rowcount:
            raise InputError(f"you keep no search {number}")


def _search(asked: Mapping[str, str]) -> dict[str, str]:
    """Check a search as it would be asked: words, what, filters."""
    given = {name: value for name, value in asked.items() if value}
    what = given.get("what", "articles")
    if what not in searching.WHAT:
        raise InputError("what is articles or quotes")
    queries.parse(given.get("q", ""))
    filters = {name: value for name, value in given.items() if name not in ("q", "what")}
    _conditions(what, filters)
    return given


def _conditions(what: str, filters: Mapping[str, str]) -> list[sa.ColumnElement[bool]]:
    kind = searching.WHAT[what][1]
    unknown = set(filters) - set(selecting.FILTERS[kind])
    if unknown:
        raise InputError(
            f"{what} cannot be filtered by {min(unknown)}; by {', '.join(selecting.FILTERS[kind])}"
        )
    try:
        return selecting.conditions(kind, filters)
    except SettingError as error:
        raise InputError(str(error)) from error


def _named(name: str) -> str:
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise InputError("a name has 1 to 200 characters, and no line breaks")
    return name.strip()


def _few(archive: Archive, table: sa.Table, owner: str) -> None:
    store.prepare(archive)
    most = settings.get("alerts_each")
    query = sa.select(sa.func.count()).select_from(table).where(table.c.owner == owner)
    with archive._reading() as connection:
        if (connection.scalar(query) or 0) >= most:
            raise InputError(f"one person may have {most}; drop one first")


# -- alerts ---------------------------------------------------------------------------


def add(
    archive: Archive,
    owner: str,
    name: str,
    rule: Mapping[str, Any],
    channel: Literal["webhook", "email", "feed"],
    target: str | None = None,
) -> Alert:
    """Make an alert and return it with its secret.

    ``rule``: ``{"search": {"q": …, filters}}``, or ``{"dyad": {"countries": [A, B],
    "measure": …, "threshold": number, "days": 7}}``.  It tells of what comes from now on.
    Raises InputError for a rule, an address or a mailbox that cannot be used.
    """
    given = _rule(rule)
    where = {"webhook": webhook, "email": mailbox}.get(channel)
    if channel not in CHANNELS or (where is None) != (target is None):
        raise InputError("a webhook has an address, an e-mail a mailbox, a feed no target")
    checked = None if where is None else where(target or "")
    _few(archive, store.alerts, owner)
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    now = archive._now()
    with archive._writing() as connection:
        number = store.put(
            connection, store.alerts, owner=owner, name=_named(name), rule=json.dumps(given),
            channel=channel, target=checked, secret=secret, created=now,
            state=json.dumps({"mark": _mark(archive, connection), "reached": False}),
        )  # fmt: skip
    return Alert(number, owner, name.strip(), given, channel, checked, secret, now)


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    if set(rule) == {"search"} and isinstance(rule["search"], Mapping):
        return {"search": _search(rule["search"])}
    if set(rule) == {"dyad"} and isinstance(rule["dyad"], Mapping):
        return {"dyad": _dyad(rule["dyad"])}
    raise InputError('a rule is {"search": …} or {"dyad": …}')


def _dyad(given: Mapping[str, Any]) -> dict[str, Any]:
    countries = given.get("countries")
    known = isinstance(countries, list | tuple) and len(countries) == 2
    if not known or not all(isinstance(one, str) and _is_code(one) for one in countries or ()):
        raise InputError("countries are two codes: [\"URY\", \"PRY\"]")  # fmt: skip
    measure, days = given.get("measure", "conflict"), given.get("days", 7)
    threshold = given.get("threshold")
    if measure not in MEASURES:
        raise InputError(f"the measure is one of {', '.join(MEASURES)}")
    if type(days) is not int or not 1 <= days <= 366:
        raise InputError("days are 1 to 366")
    if type(threshold) not in (int, float) or not -1e6 <= (threshold or 0) <= 1e6:
        raise InputError("the threshold is a number")
    return {"countries": list(countries or ()), "measure": measure, "threshold": threshold,
            "days": days}  # fmt: skip


def _is_code(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()


def listed(archive: Archive, owner: str | None = None) -> list[Alert]:
    """Return a person's alerts, or everybody's, in the order they were made."""
    query = sa.select(store.alerts).order_by(_a.key)
    if owner is not None:
        query = query.where(_a.owner == owner)
    with archive._reading() as connection:
        return [_alert(row) for row in connection.execute(query)]


def _alert(row: sa.Row[Any]) -> Alert:
    return Alert(
        row.key, row.owner, row.name, json.loads(row.rule), row.channel, row.target, row.secret,
        row.created,
    )  # fmt: skip


def get(archive: Archive, number: int, owner: str | None = None) -> Alert:
    """Return an alert; InputError when there is none, or it is another person's."""
    found = [one for one in listed(archive, owner) if one.number == number]
    if not found:
        raise InputError(f"you have no alert {number}")
    return found[0]


def feed_key(alert: Alert) -> str:
    """Return what opens an alert's feed: feed readers can neither sign in nor sign."""
    return sha256(f"feed of {alert.secret}".encode()).hexdigest()[:40]


def by_feed_key(archive: Archive, number: int, key: str) -> Alert | None:
    """Return the alert whose feed a key opens; None for a wrong one."""
    found = [one for one in listed(archive) if one.number == number]
    fits = found and hmac.compare_digest(feed_key(found[0]).encode(), key.encode())
    return found[0] if fits else None


def remove(archive: Archive, owner: str, number: int) -> None:
    """Take an alert away with its queue and log; InputError when the person has none."""
    with archive._writing() as connection:
        if not connection.execute(
            store.alerts.delete().where(_a.key == number, _a.owner == owner)
        ).rowcount:
            raise InputError(f"you have no alert {number}")
        mine = sa.select(_q.key).where(_q.alert == number)
        connection.execute(store.attempts.delete().where(store.attempts.c.delivery.in_(mine)))
        connection.execute(store.deliveries.delete().where(_q.alert == number))


# -- looking --------------------------------------------------------------------------


def look(archive: Archive) -> int:
    """Look at every rule and queue what it finds; return how many messages that makes."""
    store.prepare(archive)
    made = 0
    for alert in listed(archive):
        with archive._reading() as connection:
            state = connection.scalar(sa.select(_a.state).where(_a.key == alert.number))
        if state is not None:
            found, after = _found(archive, alert, json.loads(state))
            made += _queue(archive, alert, found, state, after)
    return made


def _found(
    archive: Archive, alert: Alert, state: dict[str, Any]
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return what a rule finds (None for nothing) and what is remembered of it after."""
    if "search" in alert.rule:
        return _new_articles(archive, alert.rule["search"], state)
    reached, found = measured(archive, alert.rule["dyad"])
    news = found if reached and not state["reached"] else None
    return news, {**state, "reached": reached}


def _queue(
    archive: Archive, alert: Alert, found: dict[str, Any] | None, before: str,
    after: dict[str, Any],
) -> int:  # fmt: skip
    """Remember what was looked at, and queue what was found; both or neither."""
    now, state = archive._now(), json.dumps(after)
    with archive._writing() as connection:
        # Another run may have looked meanwhile: then it has queued it.
        same = store.alerts.update().where(_a.key == alert.number, _a.state == before)
        if not connection.execute(same.values(state=state)).rowcount or found is None:
            return 0
        status = "sent" if alert.channel == "feed" else "waiting"
        store.put(
            connection, store.deliveries, alert=alert.number, at=now, found=json.dumps(found),
            status=status, tries=0, next_at=now, done=now if status == "sent" else None,
        )  # fmt: skip
    return 1


def _mark(archive: Archive, connection: sa.Connection) -> int:
    """The last version that an alert need not look at any more."""
    v = t.versions.c
    query = sa.select(sa.func.max(v.key))
    if connection.dialect.name != "sqlite":
        query = query.where(v.recorded_from <= moments.utc(archive._clock() - _SETTLED))
    return connection.scalar(query) or 0


def _new_articles(
    archive: Archive, asked: Mapping[str, str], state: dict[str, Any]
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return what a search finds among the versions that came since the last look."""
    what = asked.get("what", "articles")
    filters = {name: value for name, value in asked.items() if name not in ("q", "what")}
    with archive._reading() as connection:
        mark = _mark(archive, connection)
    if mark <= state["mark"]:
        return None, state
    v = t.versions.c
    fresh = [*_conditions(what, filters), v.key > state["mark"], v.key <= mark]
    sought = searching._Asked(asked["q"], queries.parse(asked["q"]), what, fresh, None)
    found = searching._answer(archive, sought, settings.get("alert_items"), 0)
    items = [{"article": hit.article_id, "row": hit.row} for hit in found.hits]
    news = {"total": found.total, "items": items} if items else None
    return news, {**state, "mark": mark}


def measured(archive: Archive, dyad: Mapping[str, Any]) -> tuple[bool, dict[str, Any]]:
    """Return whether a dyad has reached its threshold, and what it was measured as."""
    if dyad["measure"] == "tension":
        value, items = _tension(archive, dyad)
    else:
        value, items = _counted(archive, dyad)
    return value >= dyad["threshold"], {"value": value, "items": items}


def _counted(archive: Archive, dyad: Mapping[str, Any]) -> tuple[float, list[dict[str, Any]]]:
    from onrecord.site.api.joined import Asked, incidents

    since = _today(archive) - timedelta(days=dyad["days"] - 1)
    asked = Asked(about=",".join(dyad["countries"]), since=since.isoformat())
    rows: list[dict[str, Any]] = []
    after, more = None, True
    while more:
        page = incidents(archive, asked, True, after, 500)
        rows += [row for _, row in page.rows]
        after, more = page.last, page.more
    wanted = [row for row in rows if row["status"] in ("actual", "claimed")]
    if dyad["measure"] == "conflict":
        wanted = [row for row in wanted if (row["score"] or 0) < 0]
    return len(wanted), [{"incident": one["id"]} for one in wanted[: settings.get("alert_items")]]


def _tension(archive: Archive, dyad: Mapping[str, Any]) -> tuple[float, list[dict[str, Any]]]:
    from onrecord.analysis import tension

    if not _is_joined(archive):
        return 0.0, []
    day = _today(archive).isoformat()
    found = tension.daily(archive, *dyad["countries"], both=True, since=day, until=day)
    if not len(found):
        return 0.0, []
    items = [{"incident": one.incident} for one in found.behind(day)]
    return round(float(found.value[-1]), 4), items[: settings.get("alert_items")]


def _is_joined(archive: Archive) -> bool:
    with d.reading(archive) as connection:
        return d.is_there(connection)


def _today(archive: Archive) -> date:
    return archive._clock().date()


__all__ = [
    "CHANNELS", "MEASURES", "Alert", "SavedSearch", "add", "drop", "get", "listed", "look",
    "measured", "remove", "save", "saved",
]  # fmt: skip
