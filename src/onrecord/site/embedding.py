"""Parts of pages that other sites may show in a frame, where the site is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request, Response

from onrecord.site import front
from onrecord.site.edition import edition
from onrecord.site.shell import POLICY, Shell
from onrecord.site.tensions import Tensions

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: The policy of what may be framed: that of pages, but for the frames around it.
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
    "form-action 'self'", "form-action 'none'"
)


def router(archive: Archive, shell: Shell, tensions: Tensions) -> APIRouter:
    """Return the routes of what may be embedded."""
    routes = APIRouter()

    def framed(answer: Response) -> Response:
        if shell.site.public:
            answer.headers["Content-Security-Policy"] = FRAMED
            answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    @routes.get("/embed/story/{id_}")
    def story(request: Request, id_: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            found = now.story(id_)
            if found is None:
                raise HTTPException(404, "the archive holds no such story")
            (card,) = front.cards(now, [found], 2)
            return framed(shell.page(
                request, "embed_story.html", now, card=card, sides=front.sides
            ))  # fmt: skip

    @routes.get("/embed/dyad/{one}/{other}")
    def dyad(request: Request, one: str, other: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            panel = tensions.panel(now, one, other, both=True)
            return framed(shell.page(
                request, "embed_dyad.html", now, one=one, other=other, panel=panel
            ))  # fmt: skip

    return routes
