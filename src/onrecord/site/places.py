"""Where things happen: places of incidents, on maps drawn here from coordinates alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from onrecord.analysis.rows import Incident, Spot
from onrecord.archive import schema as t
from onrecord.archive.flat import words_key
from onrecord.site import lists
from onrecord.site.edition import Edition

_MOST_ARTICLES = 300


class Located(NamedTuple):
    """A place with the incidents there."""

    name: str
    country: str
    lat: float | None
    lon: float | None
    precision: str
    rows: tuple[Incident, ...]


class Dot(NamedTuple):
    """A place on a map: pixels, radius, and whose label it carries."""

    x: float
    y: float
    r: float
    place: Located
    #: Whether there is room for its name.
    is_named: bool


class Map(NamedTuple):
    """A map: its size, its grid lines in degrees, its dots."""

    width: int
    height: int
    #: (pixel, degrees) of meridians and parallels.
    meridians: tuple[tuple[float, str], ...]
    parallels: tuple[tuple[float, str], ...]
    dots: tuple[Dot, ...]


def lately(edition: Edition, most: int = 120) -> list[Located]:
    """Return the places of the incidents of the last weeks, those with most first."""
    return _grouped(lists.lately(edition).rows)[:most]


def _grouped(rows: Sequence[Incident]) -> list[Located]:
    groups: dict[tuple[str, str], list[Incident]] = defaultdict(list)
    spots: dict[tuple[str, str], Spot] = {}
    for row in rows:
        if row.place is not None and row.place.name:
            key = (row.place.name, row.place.country or "")
            groups[key].append(row)
            if key not in spots or spots[key].lat is None:
                spots[key] = row.place
    ranked = sorted(groups, key=lambda key: (-len(groups[key]), key))
    return [_located(key, spots[key], groups[key]) for key in ranked]


def _located(key: tuple[str, str], spot: Spot, rows: Sequence[Incident]) -> Located:
    latest = sorted(rows, key=lambda row: (row.first_day or "", row.id), reverse=True)
    return Located(*key, spot.lat, spot.lon, spot.precision or "", tuple(latest))


def place(edition: Edition, name: str, country: str) -> Located | None:
    """Return a place with what happened there; None for one that no incident is at."""
    e, r = t.entities.c, t.readings.c
    query = (
        sa.select(t.articles.c.id)
        .select_from(
            t.entities.join(t.readings, r.key == e.reading)
            .join(t.versions, t.versions.c.key == r.version)
            .join(t.articles, t.articles.c.key == t.versions.c.article)
        )
        .where(e.live, e.name_key == words_key(name))
        .order_by(r.published_day.desc())
        .limit(_MOST_ARTICLES)
    )
    articles = set(edition.connection.scalars(query))
    stories = {one.story for id_, one in edition.pieces(articles).items() if id_ in articles}
    found = [one for one in _grouped(edition.incidents(sorted(stories))) if one.name == name]
    if not found:
        found = [one for one in lately(edition) if one.name == name]
    return next((one for one in found if not country or one.country == country), None)


# -- maps -------------------------------------------------------------------------------

#: Widths of the part of the world that a map may show, in degrees, with their grid.
_SPANS = ((4, 1), (8, 2), (16, 4), (32, 8), (64, 15), (120, 30), (360, 60))
_WIDTH, _HEIGHT = 720, 400


def world(spots: Sequence[Located]) -> Map | None:
    """Return a map of places, as large a part of the world as they need."""
    shown = [one for one in spots if one.lat is not None and one.lon is not None]
    return _map(shown, 4) if shown else None


def around(spot: Located) -> Map | None:
    """Return a map of one place and its surroundings."""
    return _map([spot], 16) if spot.lat is not None and spot.lon is not None else None


def _map(spots: Sequence[Located], least: float) -> Map:
    lats, lons = [one.lat or 0 for one in spots], [one.lon or 0 for one in spots]
    middle = ((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
    wanted = max(max(lons) - min(lons), (max(lats) - min(lats)) * _WIDTH / _HEIGHT) * 1.25
    span, step = next((one for one in _SPANS if one[0] >= max(wanted, least)), _SPANS[-1])
    scale = _WIDTH / span
    left, top = middle[1] - span / 2, middle[0] + _HEIGHT / scale / 2

    def x(lon: float) -> float:
        return round((lon - left) * scale, 1)

    def y(lat: float) -> float:
        return round((top - lat) * scale, 1)

    dots = _dots(spots, x, y)
    east = range(int(left // step) * step, int(left + span) + step, step)
    north = range(int((top - _HEIGHT / scale) // step) * step, int(top) + step, step)
    return Map(
        _WIDTH, _HEIGHT,
        tuple((x(lon), _degrees(lon, "EW")) for lon in east if 0 < x(lon) < _WIDTH),
        tuple((y(lat), _degrees(lat, "NS")) for lat in north if 0 < y(lat) < _HEIGHT),
        dots,
    )  # fmt: skip


def _dots(spots: Sequence[Located], x: object, y: object) -> tuple[Dot, ...]:
    taken: list[tuple[float, float]] = []
    found = []
    for spot in spots:
        at = (x(spot.lon), y(spot.lat))  # type: ignore[operator]
        free = all(abs(at[1] - b) > 16 or abs(at[0] - a) > 110 for a, b in taken)
        radius = min(16.0, 3.0 + 1.6 * len(spot.rows) ** 0.5)
        if free:
            taken.append(at)
        found.append(Dot(at[0], at[1], round(radius, 1), spot, free))
    return tuple(found)


def _degrees(value: float, letters: str) -> str:
    side = letters[0] if value > 0 else letters[1] if value < 0 else ""
    return f"{abs(value):g}°{side}"
