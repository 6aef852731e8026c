"""Where things happen: places of incidents, on maps drawn here from coordinates alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from onrecord.analysis.rows import Incident, Spot
from onrecord.archive import schema as t
from onrecord.archive.flat import words_key
from onrecord.site import land, lists
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
    #: Where towns lie, as one path of strokes.
    land: str


def lately(edition: Edition, most: int = 120) -> list[Located]:
    """Return the places of the incidents of the last weeks, those with most first."""
    return grouped(lists.lately(edition).rows)[:most]


def grouped(rows: Sequence[Incident]) -> list[Located]:
    """Return the places of incidents, those with most first."""
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


def row(one: Located) -> dict[str, object]:
    """Return a place as a row of a table."""
    return {name: cell for name, cell in one._asdict().items() if name != "rows"} | {
        "incidents": [told.id for told in one.rows]
    }


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
        .order_by(r.published_day.desc().nulls_last())
        .limit(_MOST_ARTICLES)
    )
    articles = set(edition.connection.scalars(query))
    stories = {one.story for id_, one in edition.pieces(articles).items() if id_ in articles}
    found = [one for one in grouped(edition.incidents(sorted(stories))) if one.name == name]
    if not found:
        found = [one for one in lately(edition) if one.name == name]
    return next((one for one in found if not country or one.country == country), None)


# -- maps -------------------------------------------------------------------------------

#: Widths of the part of the world that a map may show, in degrees, with their grid.
_SPANS = ((4, 1), (8, 2), (16, 4), (32, 8), (64, 15), (120, 30), (360, 60))
#: Sizes of a map across the page and of one beside a text, in pixels.
_LARGE, _SMALL = (720, 380), (400, 300)


def world(spots: Sequence[Located]) -> Map | None:
    """Return a map of places, as large a part of the world as they need."""
    return _map(spots, 4, _LARGE)


def beside(spots: Sequence[Located], least: float = 8) -> Map | None:
    """Return a small map of places; ``least``: degrees that it shows at least."""
    return _map(spots, least, _SMALL)


def _map(spots: Sequence[Located], least: float, size: tuple[int, int]) -> Map | None:
    shown = [one for one in spots if one.lat is not None and one.lon is not None]
    if not shown:
        return None
    width, height = size
    lats, lons = [one.lat or 0 for one in shown], [one.lon or 0 for one in shown]
    wanted = max(max(lons) - min(lons), (max(lats) - min(lats)) * width / height) * 1.3
    span, step = next((one for one in _SPANS if one[0] >= max(wanted, least)), _SPANS[-1])
    scale = width / span
    left = (min(lons) + max(lons)) / 2 - span / 2 if span < 360 else -168.0
    top = (min(lats) + max(lats)) / 2 + height / scale / 2 if span < 360 else 105.0
    frame = _Frame(left, top, scale, width, height)
    east = range(int(left // step) * step, int(left + span) + step, step)
    north = range(int((top - height / scale) // step) * step, int(top) + step, step)
    return Map(
        width, height,
        tuple((frame.x(one), _degrees(one, "EW")) for one in east if left < one < left + span),
        tuple((frame.y(one), _degrees(one, "NS")) for one in north if 0 < frame.y(one) < height),
        _dots(shown, frame), _land(frame),
    )  # fmt: skip


class _Frame(NamedTuple):
    """From degrees to pixels."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    def x(self, lon: float) -> float:
        """Return the place of a meridian."""
        return round((lon - self.left) % 360 * self.scale, 1)

    def y(self, lat: float) -> float:
        """Return the place of a parallel."""
        return round((self.top - lat) * self.scale, 1)


#: Width of a cell of the land, in pixels.
_CELL = 4


def _land(frame: _Frame) -> str:
    """Return the cells of a map in which towns lie, as a path to be stroked."""
    runs = land.cells(frame.left, frame.top, frame.scale, frame.width, frame.height, _CELL)
    half = _CELL // 2
    return "".join(f"M{x} {y + half}h{length}" for x, y, length in runs)


def _dots(spots: Sequence[Located], frame: _Frame) -> tuple[Dot, ...]:
    taken: list[tuple[float, float]] = []
    found = []
    for spot in spots:
        x, y = frame.x(spot.lon or 0), frame.y(spot.lat or 0)
        is_named = all(abs(y - b) > 16 or abs(x - a) > 110 for a, b in taken)
        if is_named:
            taken.append((x, y))
        radius = min(16.0, 3.0 + 1.6 * len(spot.rows) ** 0.5)
        found.append(Dot(x, y, round(radius, 1), spot, is_named))
    return tuple(found)


def _degrees(value: float, letters: str) -> str:
    value = (value + 180) % 360 - 180
    side = letters[0] if value > 0 else letters[1] if value < 0 else ""
    return f"{abs(value):g}°{side}"
