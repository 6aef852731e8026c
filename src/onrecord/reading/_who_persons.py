"""Which names of an article are one person's."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.reading._who_names import PersonName, same_person

#: Persons sharing a name part that are looked at; an article has no more that matter.
RIVALS = 12
#: Names back or ahead that are looked through for a rival.
REACH = 400
#: How often somebody must have been named, against the last one named, to be meant.
PROMINENT = 3


def cluster(names: Sequence[PersonName], sentences: Sequence[int] = ()) -> list[int]:
    """Return for each name, in text order, the number of its person.

    Longer names found persons first, whatever the order; a short name that fits several
    persons is the last one's named before it, else the first one's after it.  Of two named
    in one sentence ("Ana Paz, daughter of Luis Paz, …") the first is meant; ``sentences`` are
    the numbers of the names' sentences.
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
            _by_nearness(distinct[name], rivals, person, sentences)
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


def _by_nearness(
    places: list[int], rivals: list[int], person: list[int], sentences: Sequence[int]
) -> None:
    """Give each place the rival named last before it, else the first named after it.

    One spoken of ``PROMINENT`` times as often by then goes before the last one.
    """
    wanted = dict.fromkeys(rivals, 0)
    last: tuple[int, int] | None = None
    at = max(0, places[0] - REACH)
    following = person[places[0] : places[0] + REACH]
    first = next((one for one in following if one in wanted), rivals[0])
    for place in places:
        at = max(at, place - REACH)
        while at < place:
            if person[at] in wanted:
                wanted[person[at]] += 1
                if not (last and sentences and sentences[last[0]] == sentences[at]):
                    last = at, person[at]
            at += 1
        chosen = last[1] if last is not None else first
        most = max(wanted, key=lambda one: wanted[one])
        if wanted[most] >= PROMINENT * max(1, wanted[chosen]):
            chosen = most
        person[place] = chosen
