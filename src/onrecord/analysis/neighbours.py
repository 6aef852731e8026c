"""Stories in the archive's database: kept up to date as articles come and go.

Articles that are alike enough are tied.  Stories never reach across what is not tied, directly
or over others, so only the articles tied to a new one are grouped anew: the outcome is that of
grouping everything at once.  Where more than ``PARAMETERS.region`` are tied together, the
nearest whole stories up to that number are, and a story larger than that only grows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from onrecord.analysis import carriers, terms
from onrecord.analysis import derived as d
from onrecord.analysis import stories as rules
from onrecord.analysis.rows import Development
from onrecord.analysis.stories import PARAMETERS, Edit, Facts, Member
from onrecord.archive.schema import Key

#: Members of a story too large to be grouped anew with which a new article is compared.
_SAMPLE = 40


class Row(NamedTuple):
    """A joined article."""

    article: int
    id: str
    day: str | None
    title: str
    story: str | None
    vector: terms.Vector
    facts: Facts


Found = dict[int, Row]


def rows(connection: sa.Connection, articles: Iterable[int]) -> Found:
    """Return joined articles by their key."""
    a = d.articles.c
    wanted = (a.article, a.id, a.day, a.title, a.story, a.vector, a.facts)
    found: Found = {}
    for part in d.parts(sorted(articles)):
        for row in connection.execute(sa.select(*wanted).where(a.article.in_(part))):
            vector, facts = terms.unpacked(row.vector), json.loads(row.facts)
            found[row.article] = Row(*row[:5], vector, Facts(*map(tuple, facts)))
    return found


# -- ties ---------------------------------------------------------------------------------


def put(connection: sa.Connection, article: int, day: str | None, vector: terms.Vector) -> None:
    """Index a joined article and tie it to those that are alike enough."""
    heads = terms.heads(vector, PARAMETERS.heads)
    ties = _ties(connection, article, day, vector, heads)
    if heads:
        connection.execute(
            d.terms.insert(),
            [
                {"term": term, "day": day or "", "article": article, "weight": weight}
                for term, weight in heads
            ],
        )
    both = [(article, other, weight) for other, weight in ties.items()]
    both += [(other, article, weight) for other, weight in ties.items()]
    if both:
        names = ("article", "other", "weight")
        connection.execute(d.edges.insert(), [dict(zip(names, one, strict=True)) for one in both])


def _ties(
    connection: sa.Connection, article: int, day: str | None, vector: terms.Vector,
    heads: Sequence[tuple[int, float]],
) -> dict[int, float]:  # fmt: skip
    p = d.pairs.c
    shares: dict[int, float] = {}
    for one, other in ((p.article, p.other), (p.other, p.article)):
        for key, share in connection.execute(sa.select(other, p.share).where(one == article)):
            shares[key] = max(share, shares.get(key, 0.0))
    others = sorted({*_candidates(connection, day, heads), *shares} - {article})
    a = d.articles.c
    query = sa.select(a.article, a.day, a.vector).where(a.article.in_(others))
    found = connection.execute(query).all() if others else []
    keys = [row.article for row in found]
    days = rules.decay_from(day, [row.day for row in found])
    alike = terms.likeness_to(vector, [terms.unpacked(row.vector) for row in found]) * days
    weights = {key: max(float(like), shares.get(key, 0.0)) for key, like in zip(keys, alike)}
    return {key: weight for key, weight in weights.items() if weight >= PARAMETERS.least}


def _candidates(
    connection: sa.Connection, day: str | None, heads: Sequence[tuple[int, float]]
) -> list[int]:
    """Return the articles that share the heaviest terms, at most ``neighbours`` of them.

    Of the articles with a term, those next in time are looked at.
    """
    if not heads:
        return []
    weights = dict(heads)
    first, last = rules.reach(day) if day else ("", "")
    values = {f"term{n}": term for n, term in enumerate(weights)}
    days = {"day": day, "first": first, "last": last} if day else {}
    sums: dict[int, float] = {}
    found = connection.execute(_near(len(weights), bool(day)), values | days)
    for term, article, weight in found.all():
        sums[article] = sums.get(article, 0.0) + weight * weights[term]
    ranked = sorted(sums, key=lambda article: (-sums[article], article))
    return ranked[: PARAMETERS.neighbours]


@cache
def _near(number: int, dated: bool) -> sa.CompoundSelect[Any]:
    """Return the query for the articles with any of so many terms that are next to a day.

    It is made once: making it takes longer than answering it.
    """
    return sa.union_all(*(part for n in range(number) for part in _of_term(f"term{n}", dated)))


def _of_term(name: str, dated: bool) -> list[sa.Select[Any]]:
    c = d.terms.c
    base = sa.select(c.term, c.article, c.weight).where(c.term == sa.bindparam(name, type_=Key))
    if not dated:
        return [_first(base.order_by(c.day.desc(), c.article.desc()))]
    day, first, last = (sa.bindparam(one, type_=sa.Text) for one in ("day", "first", "last"))
    before = base.where(c.day <= day, c.day >= first).order_by(c.day.desc(), c.article.desc())
    after = base.where(c.day > day, c.day <= last).order_by(c.day, c.article)
    undated = base.where(c.day == "").order_by(c.article.desc())
    return [_first(before), _first(after), _first(undated)]


def _first(query: sa.Select[Any]) -> sa.Select[Any]:
    """Return the first rows of a query, in a form that both databases take in a union."""
    return sa.select(query.limit(PARAMETERS.postings).subquery())


def take_out(connection: sa.Connection, article: int) -> None:
    """Untie an article and take it out of the index."""
    e = d.edges.c
    connection.execute(d.terms.delete().where(d.terms.c.article == article))
    connection.execute(d.edges.delete().where(sa.or_(e.article == article, e.other == article)))


# -- grouping anew ------------------------------------------------------------------------


def regroup(connection: sa.Connection, touched: Iterable[int], edits: Sequence[Edit]) -> set[str]:
    """Group anew what is tied to some articles; return the stories that changed or went."""
    together = _Together(connection, edits)
    changed: set[str] = set()
    new: list[list[int]] = []
    region: Found = {}
    alone: list[int] = []
    for article in sorted(touched):
        if article in region:
            continue
        tied, whole = together.tied(article)
        if whole:
            found = rows(connection, tied)
            new += _grouped(connection, found, edits)
            region |= found
        else:
            alone.append(article)
    changed = _write(connection, region, new, edits)
    for row in sorted(rows(connection, alone).values(), key=lambda one: (one.day or "", one.id)):
        changed |= _write(connection, *_nearest(connection, row.article, edits), edits)
    return changed


class _Together:
    """Which articles are tied, by likeness or by a person's word."""

    def __init__(self, connection: sa.Connection, edits: Sequence[Edit]) -> None:
        self._connection = connection
        ids = {id_ for edit in edits if edit.kind == "merge" for id_ in edit.left | edit.right}
        a = d.articles.c
        query = sa.select(a.id, a.article).where(a.id.in_(sorted(ids)))
        keys = {row.id: row.article for row in connection.execute(query)} if ids else {}
        self._merged = [
            {keys[id_] for id_ in edit.left | edit.right if id_ in keys}
            for edit in edits
            if edit.kind == "merge"
        ]

    def tied(self, article: int) -> tuple[set[int], bool]:
        """Return what is tied to an article, directly or not, and whether that is all of it."""
        e = d.edges.c
        found, edge = {article}, {article}
        while edge:
            ahead: set[int] = set()
            for part in d.parts(sorted(edge)):
                query = sa.select(e.other).where(e.article.in_(part))
                ahead.update(self._connection.scalars(query.distinct()))
            for group in self._merged:
                if group & edge:
                    ahead |= group
            edge = ahead - found
            found |= edge
            if len(found) > PARAMETERS.region:
                return found, False
        return found, True


def _grouped(connection: sa.Connection, found: Found, edits: Sequence[Edit]) -> list[list[int]]:
    keys = sorted(found)
    members = [Member(found[key].id, found[key].day, found[key].vector) for key in keys]
    origins = carriers.origins_within(connection, keys, PARAMETERS.follows)
    return [[keys[i] for i in one] for one in rules.group(members, origins, edits)]


def _nearest(
    connection: sa.Connection, article: int, edits: Sequence[Edit]
) -> tuple[Found, list[list[int]]]:
    """Group an article anew with the nearest whole stories, as far as the region goes."""
    e, a = d.edges.c, d.articles.c
    query = (
        sa.select(a.story, sa.func.max(e.weight))
        .join(d.articles, a.article == e.other)
        .where(e.article == article, a.story.is_not(None))
        .group_by(a.story)
    )
    near = {story: float(weight) for story, weight in connection.execute(query)}
    new = (
        sa.select(e.other)
        .join(d.articles, a.article == e.other)
        .where(e.article == article, a.story.is_(None))
        .order_by(e.weight.desc(), e.other)
        .limit(PARAMETERS.region // 2)
    )
    own = connection.scalar(sa.select(a.story).where(a.article == article))
    if own is not None:
        near[own] = np.inf
    keys = {article, *connection.scalars(new)}
    large = []
    for story in sorted(near, key=lambda one: (-near[one], one)):
        members = set(connection.scalars(sa.select(a.article).where(a.story == story)))
        if len(keys | members) <= PARAMETERS.region:
            keys |= members
        else:
            large.append(members)
    if any(article in members for members in large):
        # It is in a story too large to be taken apart, and stays there.
        return {}, []
    found = rows(connection, keys)
    groups = _grouped(connection, found, edits)
    alone = [article] in groups
    best = _best(connection, found[article], large) if alone else None
    if best is None:
        return found, groups
    groups.remove([article])
    grown = rows(connection, best)
    return found | grown, [*groups, [article, *sorted(grown)]]


def _best(connection: sa.Connection, row: Row, large: Sequence[set[int]]) -> set[int] | None:
    """Return the large story that an article is alike enough to, if any."""
    best, highest = None, PARAMETERS.least
    for members in large:
        sample = rows(connection, sorted(members)[-_SAMPLE:]).values()
        alike = terms.likeness_to(row.vector, [one.vector for one in sample])
        mean = float(np.mean(alike * rules.decay_from(row.day, [one.day for one in sample])))
        if mean >= highest:
            best, highest = members, mean
    return best


# -- writing ------------------------------------------------------------------------------


def _write(
    connection: sa.Connection, region: Found, groups: list[list[int]], edits: Sequence[Edit]
) -> set[str]:
    """Write the stories of a region; return those that changed or are gone."""
    before: dict[str, set[int]] = {}
    for key, row in region.items():
        if row.story is not None:
            before.setdefault(row.story, set()).add(key)
    names = _named(connection, region, groups, before)
    changed = set()
    for name, group in names.items():
        there = connection.scalar(sa.select(d.stories.c.id).where(d.stories.c.id == name))
        if there is None or before.get(name) != set(group):
            changed.add(name)
            a = d.articles.c
            for part in d.parts(group):
                connection.execute(
                    d.articles.update().where(a.article.in_(part)).values(story=name)
                )
            _describe(connection, name, [region[key] for key in group], edits)
    gone = before.keys() - names.keys()
    connection.execute(d.stories.delete().where(d.stories.c.id.in_(sorted(gone))))
    return changed | gone


def _developments(own: Sequence[Row]) -> list[Development]:
    members = [Member(one.id, one.day, one.vector) for one in own]
    square = rules.likenesses(members)
    found = []
    for group in rules.developments(members, square):
        title = own[group[rules.central(square[np.ix_(group, group)], [True] * len(group))]].title
        ids = sorted((own[i].day or "", own[i].id) for i in group)
        days = [day for day, _ in ids if day]
        found.append(
            Development(title or "", min(days, default=None), tuple(id_ for _, id_ in ids))
        )
    return found


def refresh(connection: sa.Connection, story: str, edits: Sequence[Edit]) -> None:
    """Describe a story anew whose articles lost or changed one; delete it without any."""
    a = d.articles.c
    keys = list(connection.scalars(sa.select(a.article).where(a.story == story)))
    if keys:
        _describe(connection, story, list(rows(connection, keys).values()), edits)
    else:
        connection.execute(d.stories.delete().where(d.stories.c.id == story))


def _named(
    connection: sa.Connection, region: Found, groups: list[list[int]],
    before: dict[str, set[int]],
) -> dict[str, list[int]]:  # fmt: skip
    """Give each group the id of the story it has most articles of, else a new one."""
    overlaps = []
    for n, group in enumerate(groups):
        counts: dict[str, int] = {}
        for key in group:
            story = region[key].story
            if story is not None:
                counts[story] = counts.get(story, 0) + 1
        first = min((region[key].day or "", region[key].id) for key in group)
        overlaps += [(-count, story, first, n) for story, count in counts.items()]
    names: dict[str, list[int]] = {}
    done: set[int] = set()
    for _, story, _, n in sorted(overlaps):
        if n not in done and story not in names and not _elsewhere(connection, story, region):
            names[story] = groups[n]
            done.add(n)
    for n, group in enumerate(groups):
        if n not in done:
            days = ((region[key].day, region[key].id) for key in group)
            new = rules.first_id(
                days, lambda one: one in names or _elsewhere(connection, one, region)
            )
            names[new] = group
    return names


def _elsewhere(connection: sa.Connection, story: str, region: Found) -> bool:
    """Whether articles that are not grouped anew have a story's id."""
    a = d.articles.c
    query = sa.select(a.article).where(a.story == story)
    return any(key not in region for key in connection.scalars(query))


def _describe(
    connection: sa.Connection, name: str, members: list[Row], edits: Sequence[Edit]
) -> None:
    """Write a story's title, days and reasons."""
    members = sorted(members, key=lambda one: (one.day or "", one.id))
    keys = [one.article for one in members]
    copied: set[int] = set()
    for part in d.parts(keys):
        query = sa.select(d.copies.c.carrier).where(d.copies.c.carrier.in_(part))
        copied.update(connection.scalars(query))
    # The newest stand for the rest of a large story.
    shown = members[-PARAMETERS.region :]
    square = rules.likenesses([Member(one.id, one.day, one.vector) for one in shown])
    ids = {one.id for one in members}
    title = shown[rules.central(square, [one.article not in copied for one in shown])].title
    days = sorted(one.day for one in members if one.day)
    turns = _developments([one for one in shown if one.article not in copied])
    why = rules.reasons(
        [one.facts for one in members], days, len(copied),
        any(ids & edit.left and (edit.kind == "split" or ids & edit.right) for edit in edits),
    )  # fmt: skip
    cells = {
        "title": title, "first_day": days[0] if days else None,
        "last_day": days[-1] if days else None, "reasons": why,
        "spoke": rules.spoke([one.facts for one in members]),
        "developments": json.dumps(turns),
    }  # fmt: skip
    known = d.stories.update().where(d.stories.c.id == name).values(**cells)
    if not connection.execute(known).rowcount:
        connection.execute(d.stories.insert().values(id=name, **cells))
