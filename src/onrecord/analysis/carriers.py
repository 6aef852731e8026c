"""Copies in the archive's database: found as articles come, counted by origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from onrecord.analysis import copies as rules
from onrecord.analysis import derived as d
from onrecord.analysis.copies import PARAMETERS
from onrecord.archive import schema as t

#: Articles with text in common that are looked at together when origins are settled.
_MOST = 1_000


def text_of(connection: sa.Connection, article: int) -> rules.Text:
    """Return the words of a joined article; page leftovers are left out."""
    query = (
        sa.select(t.versions.c.text, t.readings.c.skipped)
        .join(t.readings, t.readings.c.version == t.versions.c.key)
        .join(d.articles, d.articles.c.reading == t.readings.c.key)
        .where(d.articles.c.article == article)
    )
    row = connection.execute(query).first()
    return rules.text_of("" if row is None else read_text(row.text, row.skipped))


def read_text(text: str, skipped: str) -> str:
    """Return a text with its leftovers blanked, as the archive keeps both."""
    from onrecord.analysis.terms import blanked
    from onrecord.archive.flat import parsed

    return blanked(text, ((one.start, one.end) for one in parsed("skipped", skipped)))


def put(connection: sa.Connection, article: int, text: rules.Text, credit: str | None) -> None:
    """Index an article's text and note the articles that have text in common with it."""
    hashes = rules.sketch(text)
    if not hashes:
        return
    for other in _candidates(connection, article, hashes):
        compared = rules.compare(text, text_of(connection, other))
        credited = credit is not None and credit == _credit(connection, other)
        _note(connection, article, other, compared.of_first, compared, credited)
        _note(connection, other, article, compared.of_second, compared, credited)
    connection.execute(d.shingles.insert(), [{"hash": one, "article": article} for one in hashes])


def _candidates(connection: sa.Connection, article: int, hashes: list[int]) -> list[int]:
    """Return the articles with the most shingles in common, standing phrases left out."""
    s = d.shingles.c
    found: dict[int, list[int]] = {}
    for first in range(0, len(hashes), 500):
        query = sa.select(s.hash, s.article).where(s.hash.in_(hashes[first : first + 500]))
        for hash_, other in connection.execute(query.limit(200 * PARAMETERS.standing)):
            found.setdefault(hash_, []).append(other)
    hits: dict[int, int] = {}
    for others in found.values():
        if len(others) < PARAMETERS.standing:
            for other in others:
                hits[other] = hits.get(other, 0) + 1
    hits.pop(article, None)
    enough = [(-n, other) for other, n in hits.items() if n >= PARAMETERS.hits]
    ranked = [other for _, other in sorted(enough)]
    # Of a text with many carriers the origin must be among those that are compared.
    roots = list(dict.fromkeys(_roots(connection, ranked[: 4 * PARAMETERS.candidates])))
    return list(dict.fromkeys(roots + ranked))[: PARAMETERS.candidates]


def _roots(connection: sa.Connection, carriers: list[int]) -> Iterable[int]:
    c = d.copies.c
    query = sa.select(c.origin).where(c.carrier.in_(carriers)).order_by(c.origin)
    return connection.scalars(query).all()


def _credit(connection: sa.Connection, article: int) -> str | None:
    return connection.scalar(sa.select(d.articles.c.credit).where(d.articles.c.article == article))


def _note(
    connection: sa.Connection, article: int, other: int, share: float,
    compared: rules.Comparison, credited: bool,
) -> None:  # fmt: skip
    if rules.is_copy(share, compared, credited=credited):
        connection.execute(d.pairs.insert().values(article=article, other=other, share=share))


def take_out(connection: sa.Connection, article: int) -> set[int]:
    """Forget an article's text; return the articles whose origin must be settled anew."""
    found = _alike(connection, {article}) - {article}
    connection.execute(d.shingles.delete().where(d.shingles.c.article == article))
    p, c = d.pairs.c, d.copies.c
    connection.execute(d.pairs.delete().where(sa.or_(p.article == article, p.other == article)))
    gone = sa.or_(c.carrier == article, c.origin == article)
    connection.execute(d.copies.delete().where(gone))
    return found


def settle(connection: sa.Connection, touched: Iterable[int]) -> set[int]:
    """Say who copied from whom around some articles; return those for which that changed."""
    changed: set[int] = set()
    seen: set[int] = set()
    for article in sorted(touched):
        if article not in seen:
            together = _alike(connection, {article})
            seen |= together
            if len(together) > 1:
                changed |= _settle(connection, together)
    return changed


def _alike(connection: sa.Connection, start: set[int]) -> set[int]:
    """Return the articles that are tied to some by common text, directly or not."""
    found, edge = set(start), set(start)
    while edge and len(found) < _MOST:
        p = d.pairs.c
        ahead = connection.scalars(sa.select(p.other).where(p.article.in_(edge))).all()
        back = connection.scalars(sa.select(p.article).where(p.other.in_(edge))).all()
        edge = {*ahead, *back} - found
        found |= edge
    return found


def _settle(connection: sa.Connection, together: set[int]) -> set[int]:
    a, p, c = d.articles.c, d.pairs.c, d.copies.c
    rows = connection.execute(
        sa.select(a.article, a.id, a.published, a.words, a.publisher).where(a.article.in_(together))
    )
    ranks = {row[0]: rules.rank(*row[1:]) for row in rows}
    shares = {
        (one, other): share
        for one, other, share in connection.execute(
            sa.select(p.article, p.other, p.share).where(p.article.in_(together))
        )
        if one in ranks and other in ranks
    }
    now = rules.origins(ranks, shares)
    query = sa.select(c.carrier, c.origin, c.share).where(c.carrier.in_(together))
    before = {row.carrier: (row.origin, row.share) for row in connection.execute(query)}
    changed = {one for one in now.keys() | before.keys() if now.get(one) != before.get(one)}
    connection.execute(d.copies.delete().where(c.carrier.in_(changed)))
    new = [
        {"carrier": one, "origin": now[one][0], "share": now[one][1]}
        for one in sorted(changed)
        if one in now
    ]
    if new:
        connection.execute(d.copies.insert(), new)
    return changed | {origin for one in changed for origin, _ in _both(now, before, one)}


def _both(
    now: dict[int, tuple[int, float]], before: dict[int, tuple[int, float]], one: int
) -> list[tuple[int, float]]:
    return [found[one] for found in (now, before) if one in found]


def origins_within(
    connection: sa.Connection, articles: Sequence[int], share: float
) -> dict[int, int]:
    """Return carrier → origin between some articles, by their place in the list.

    Only carriers with at least that ``share`` of their words in the origin.
    """
    place = {article: i for i, article in enumerate(articles)}
    found: dict[int, int] = {}
    c = d.copies.c
    for part in d.parts(articles):
        query = sa.select(c.carrier, c.origin).where(c.carrier.in_(part), c.share >= share)
        for carrier, origin in connection.execute(query):
            if origin in place:
                found[place[carrier]] = place[origin]
    return found
