"""Who: from names, descriptions and pronouns to entities with country and sector.

``identify`` joins the spans that the heads found in one article into entities, after the
rules in docs/reading/who.md; ``participant`` says what is known of one of them as an actor
or recipient of an event; ``describe`` reads a few words without an article.  The article's
own words come before the tables; a user's ``ActorTable`` comes before both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from onrecord.knowledge.actors import ActorTable
from onrecord.reading._who_items import Found
from onrecord.reading._who_session import Link, Session, Told, entities
from onrecord.record import Entity, Skip

__all__ = ["Found", "Identified", "Link", "Told", "describe", "identify", "participant"]

_NONE: Mapping[tuple[int, int], Told] = MappingProxyType({})


class Identified(NamedTuple):
    """The entities of an article."""

    #: By first mention; ids e1, e2, ….
    entities: list[Entity]
    #: For each found span the id of its entity; None for one that is nobody known.
    entity_of: list[str | None]
    #: Country, sector and confidence of each found span as a participant.
    told: Mapping[tuple[int, int], Told] = _NONE


def identify(
    text: str,
    found: Sequence[Found],
    links: Sequence[Link] = (),
    *,
    published: str | None = None,
    skipped: Sequence[Skip] = (),
    actors: ActorTable | None = None,
) -> Identified:
    """Join the found spans of ``text`` into entities.

    ``links`` are (anaphor, antecedent, probability), indices into ``found``; they serve
    pronouns and descriptions, and only where gender, number and kind agree.  ``published``
    (ISO) dates offices from the tables.  Spans in ``skipped`` parts get no entity.
    """
    read = [one if _is_read(one, skipped) else Found(0, 0, one.label, 0.0) for one in found]
    session = Session(text, read, links, published, actors)
    session.run()
    rows, of = entities(session)
    told = {(one.start, one.end): session.told(item) for one, item in zip(found, session.items)}
    return Identified(rows, of, MappingProxyType(told))


def _is_read(one: Found, skipped: Sequence[Skip]) -> bool:
    return not any(skip.start < one.end and one.start < skip.end for skip in skipped)


def participant(
    text: str, start: int, end: int, identified: Identified | None = None
) -> tuple[str | None, str | None, float]:
    """Return country, sector and confidence of ``text[start:end]`` as a participant.

    A country acts as its government (sector GOV).  A span that ``identified`` does not know
    is read by its own words.
    """
    if identified is not None and (start, end) in identified.told:
        return identified.told[(start, end)]
    return identify(text[start:end], [Found(0, end - start, "Participant", 1.0)]).told[
        (0, end - start)
    ]


def describe(words: str, published: str | None = None) -> Entity:
    """Return what is known of a few words by themselves ("the Kremlin spokesman").

    The entity's id is ``e1``, its one mention the words themselves.
    """
    done = identify(words, [Found(0, len(words), "Participant", 1.0)], published=published)
    if not done.entities:
        return Entity("e1", "other", None, None, None, None, ())
    country, sector, _ = done.told[(0, len(words))]
    one = done.entities[0]
    return Entity("e1", one.kind, one.name, one.role, country, sector, one.mentions)
