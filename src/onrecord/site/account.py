"""What a person keeps here: saved searches and alerts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from onrecord.site import alerts, gate
from onrecord.site.api.context import Context
from onrecord.site.edition import edition
from onrecord.site.shell import Shell


def router(context: Context, shell: Shell) -> APIRouter:
    """Return the route of the page of what a person keeps; forms send it to ``forms``."""
    routes = APIRouter()

    @routes.get("/account")
    def account(request: Request) -> Response:
        who = gate.signed_in(context.access, request, "alerts")
        kept = alerts.listed(context.archive, who.name)
        with edition(context.archive) as now:
            return shell.page(
                request, "account.html", now,
                searches=alerts.saved(context.archive, who.name),
                alerts=[(one, alerts.feed_key(one)) for one in kept], measures=alerts.MEASURES,
            )  # fmt: skip

    return routes
