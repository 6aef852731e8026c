"""The pages and the data behind their panels: addresses → templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request, Response
from markupsafe import Markup

from onrecord.record import Record
from onrecord.site import article_view, jsonld, lists
from onrecord.site import front as front_rules
from onrecord.site import incidents as incident_rules
from onrecord.site import stories as story_rules
from onrecord.site.edition import Edition, StoryView, checked_day, edition, kept
from onrecord.site.shell import FORMS, Shell, data, path_of
from onrecord.site.tensions import Tensions

if TYPE_CHECKING:
    from onrecord.archive import Archive

#: Stories on the front page with sentences, and those listed below by headline only.
_FULL, _LISTED = 9, 24
#: Stories more that are looked at, since some tell of no event.
_SPARE = 3
#: Statements of an article that its page gives as linked data.
_CLAIMS = 60


def router(archive: Archive, shell: Shell, tensions: Tensions) -> APIRouter:
    """Return the routes of all pages."""
    routes = APIRouter()
    _front(routes, archive, shell, tensions)
    _story(routes, archive, shell)
    _article(routes, archive, shell)
    _incident(routes, archive, shell)
    _dispute(routes, archive, shell)
    return routes


def missing(what: str) -> HTTPException:
    """Return the answer where there is no such thing."""
    return HTTPException(404, f"the archive holds no {what}")


def _front(routes: APIRouter, archive: Archive, shell: Shell, tensions: Tensions) -> None:
    @routes.get("/")
    def front(request: Request, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            stories = now.stories() if now.is_joined else []
            cards, rest = _told(now, stories)
            return shell.page(
                request, "front.html", now, cards=cards,
                rest=rest[:_LISTED],
                numbers=kept(archive, shell.waiting, now, "numbers", Edition.numbers),
                sides=front_rules.sides, movers=tensions.movers(now) if cards else [],
                ahead=[one for one in now.told(lists.ahead(now, 5)) if one.quote],
            )  # fmt: skip


def _told(
    now: Edition, stories: Sequence[StoryView]
) -> tuple[list[front_rules.Card], list[StoryView]]:
    """Return the stories that have something to tell, and those that are only listed."""
    found = front_rules.cards(now, stories[: _FULL + _SPARE])
    cards = [card for card in found if card.lines or card.disputes][:_FULL]
    shown = {card.story.id for card in cards}
    return cards, [story for story in stories if story.id not in shown]


def _story(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/story/{id_}")
    def story(request: Request, id_: str, as_of: str | None = None, since: str = "") -> Response:
        with edition(archive, as_of) as now:
            found = _found(now, id_)
            view = story_rules.view(now, found, checked_day(since) or "")
            return shell.page(request, "story.html", now, view=view, sides=front_rules.sides)

    @routes.get("/story/{id_}/{panel}.{form}")
    def story_data(id_: str, panel: str, form: str, as_of: str | None = None) -> Response:
        make: Callable[[Edition, StoryView], Sequence[dict[str, Any]]] | None
        make = story_rules.PANELS.get(panel)
        if make is None or form not in FORMS:
            raise missing("such data")
        with edition(archive, as_of) as now:
            return data(form, f"story-{id_}-{panel}", make(now, _found(now, id_)))


def _found(now: Edition, id_: str) -> StoryView:
    found = now.story(id_)
    if found is None:
        raise missing("such story")
    return found


def _article(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/article/{id_:path}")
    def article(request: Request, id_: str, as_of: str | None = None) -> Response:
        record, who = archive.record(id_), request.state.who
        with edition(archive, as_of) as now:
            piece = now.pieces([id_]).get(id_)
            story = now.story(piece.story) if piece and piece.story else None
            copied = piece.origin if piece else None
            origin = now.pieces([copied]).get(copied) if copied else None
            return shell.page(
                request, "article.html", now, record=record, piece=piece, story=story,
                origin=origin, link_data=_linked(request, shell, record),
                body=article_view.body(
                    record, can_correct=who is not None and "correct" in who.scopes,
                    is_excerpt=who is None and shell.site.text == "excerpt",
                ),
            )  # fmt: skip


def _incident(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/incident/{id_}")
    def incident(request: Request, id_: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            row = now.incident(id_)
            story = now.story(row.story) if row else None
            if row is None or story is None:
                raise missing("such incident")
            disputes = [one for one in now.disputes([story.id]) if one.incident == id_]
            return shell.page(
                request, "incident.html", now, story=story, disputes=disputes,
                view=incident_rules.view(now, row), sides=front_rules.sides,
            )  # fmt: skip


def _dispute(routes: APIRouter, archive: Archive, shell: Shell) -> None:
    @routes.get("/dispute/{id_}")
    def dispute(request: Request, id_: str, as_of: str | None = None) -> Response:
        with edition(archive, as_of) as now:
            row = now.dispute(id_)
            story = now.story(row.story) if row else None
            if row is None or story is None:
                raise missing("such dispute")
            told = now.incident(row.incident) if row.incident else None
            quotes = [now.quote(one.article, one.start, one.end) for one in row.sides]
            return shell.page(
                request, "dispute.html", now, row=row, story=story,
                about=now.told([told])[0] if told else None, sides=zip(row.sides, quotes),
            )  # fmt: skip


def _linked(request: Request, shell: Shell, record: Record) -> Markup:
    """Return an article and what is claimed in it as linked data, safe within a page."""
    base = shell.site.address.rstrip("/") or str(request.base_url).rstrip("/")
    link = base + path_of("article", record.article.id or "")
    claims = [jsonld.claim(record, one, link) for one in record.statements[:_CLAIMS]]
    return Markup(jsonld.text([jsonld.article(record.article, link), *claims]))
