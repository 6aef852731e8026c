"""Which names of an article are one person's."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.reading._who_names import PersonName, same_person

#: Persons sharing a name part that are looked at; an article has no more that matter.
RIVALS = 12
#: Names back or ahead that are looked through for a rival.
REACH = 400


def cluster(names: Sequence[PersonName]) -> list[int]:
    """Return for each name, in text order, the number of its person.

    Longer names found persons first, whatever the order; a short name that fits several
    persons is the last one's named before it, else the first one's after it.
    """
    distinct: dict[PersonName, list[int]] = {}
    for at, name in enumerate(names):
        distinct.setdefault(name, []).append(at)
    order = sorted(distinct, key=lambda name: (-len(name.parts), distinct[name][0]))
    by_part: dict[str, list[int]] = {}
    members: list[PersonName] = []
    person = [-1] * len(names)
    for name in order:
        rivals = _rivals(name, by_part, members)
        if not rivals:
            members.append(name)
            rivals = [len(members) - 1]
        elif len(rivals) == 1 and name.gender and not members[rivals[0]].gender:
            members[rivals[0]] = members[rivals[0]]._replace(gender=name.gender)
        for part in name.parts:
            known = by_part.setdefault(part, [])
            known += [rival for rival in rivals if rival not in known]
        if len(rivals) == 1:
            for at in distinct[name]:
                person[at] = rivals[0]
        else:
            _by_nearness(distinct[name], rivals, person)
    return person


def _rivals(
    name: PersonName, by_part: dict[str, list[int]], members: list[PersonName]
) -> list[int]:
    seen: dict[int, None] = {}
    for part in name.parts:
        for rival in by_part.get(part, ())[:RIVALS]:
            if same_person(name, members[rival]):
                seen.setdefault(rival)
    rivals = list(seen)
    if len(rivals) > 1 and len(name.parts) == 1:
        last = [one for one in rivals if members[one].parts[-1] == name.parts[0]]
        rivals = last or rivals
    return rivals


def _by_nearness(places: list[int], rivals: list[int], person: list[int]) -> None:
    """Give each place the rival named last before it, else the first named after it."""
    wanted = set(rivals)
    last: int | None = None
    at = max(0, places[0] - REACH)
    following = person[places[0] : places[0] + REACH]
    first = next((one for one in following if one in wanted), rivals[0])
    for place in places:
        at = max(at, place - REACH)
        while at < place:
            if person[at] in wanted:
                last = person[at]
            at += 1
        person[place] = last if last is not None else first
