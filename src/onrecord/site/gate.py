"""Who may see pages: the pages' side of ``auth``."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from onrecord.site.auth import Access, Denied, Who, is_local


def reading(access: Access, is_public: bool) -> Callable[[Request], None]:
    """Return what each page asks first: whether this reader may see it.

    From this machine everybody may; from elsewhere who is signed in or brings a token, or
    everybody where the site is public; from elsewhere requests are counted
    (``requests_per_minute``).  ``request.state.who`` is who asks.
    """

    def check(request: Request) -> None:
        access.admit(request)
        who = access.who(request)
        request.state.who = who
        if is_local(request):
            return
        access.count(request, who, "requests")
        if who is None and not is_public:
            raise Denied(401, "sign in to read this site")

    return check


def signed_in(access: Access, request: Request, scope: str) -> Who:
    """Return who is signed in and may do what ``scope`` says; Denied 401 or 403 else."""
    who = access.require(request, scope)
    if who is None:
        raise Denied(401, "sign in first")
    return who


def to_sign_in(request: Request) -> Response:
    """Send a reader to the page for signing in, and back afterwards."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(path, safe='')}", 303)
