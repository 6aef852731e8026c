"""Maps of incidents, with what is known of the place and no more.

A town is a point with a radius; a province, country, sea or region is an area, never a
point in its middle.  Areas are circles about as wide as the place (the shipped gazetteer's
extent): a map must draw them as "somewhere in here".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from onrecord.analysis._briefing_lines import Disputed, incident_line
from onrecord.analysis._briefing_view import View, window
from onrecord.analysis.rows import Incident, Spot
from onrecord.analysis.timelines import order
from onrecord.archive import moments

if TYPE_CHECKING:
    from onrecord.archive import Archive

__all__ = ["collection", "incidents", "radius_km"]

#: Precisions that a map may draw as a point.
POINTS = ("facility", "city")
#: Radius in km where the gazetteer knows no extent: an order of magnitude, set by hand.
_RADII = {
    "facility": 1.0, "city": 5.0, "admin2": 25.0, "admin1": 100.0, "country": 300.0,
    "region": 300.0, "water": 200.0,
}  # fmt: skip
_EARTH_KM = 6371.0
#: Corners of a circle.
_CORNERS = 48


def incidents(
    archive: Archive,
    *,
    about: Sequence[str] = (),
    story: str | None = None,
    since: str | None = None,
    until: str | None = None,
    statuses: Sequence[str] = ("actual", "claimed", "denied"),
    as_of: str | None = None,
) -> dict[str, Any]:
    """Return incidents by place as a GeoJSON FeatureCollection (RFC 7946), plain dicts.

    ``about``: countries (ISO3) of which one must take part; ``since``, ``until``: days on
    which it may have happened.  A feature is a place; its ``properties`` have ``place``,
    ``country``, ``precision``, ``radius_km``, ``shape`` (``point`` or ``area``), ``lat`` and
    ``lon`` of the middle, ``count`` and ``incidents``: id, type, mode, status, days, who,
    sentence, publisher, day, article, start, end, origins, disputed.  Beside ``features``,
    ``unplaced`` lists ids of incidents whose place is not known, and ``total`` counts all.
    """

    def is_asked(row: Incident) -> bool:
        parties = {one.country for one in row.actors + row.recipients}
        return row.status in statuses and (not about or bool(parties & set(about)))

    days = moments.day(since), moments.day(until)
    seen = window(archive, *days, is_asked, story=story, as_of=as_of)
    seen.load({one.article for row in seen.incidents for one in row.mentions})
    return collection(seen, seen.incidents)


def collection(seen: View, rows: Iterable[Incident]) -> dict[str, Any]:
    """Return the FeatureCollection of some incidents of a view."""
    places: dict[Spot, list[Incident]] = defaultdict(list)
    unplaced, total = [], 0
    for row in sorted(rows, key=order):
        total += 1
        if row.place is None or row.place.lat is None or row.place.lon is None:
            unplaced.append(row.id)
        else:
            places[row.place].append(row)
    disputes = Disputed(seen.disputes)
    features = [
        _feature(spot, [_properties(seen, row, disputes) for row in group])
        for spot, group in places.items()
    ]
    # The large first: what is drawn later lies on top.
    features.sort(key=lambda one: (-one["properties"]["radius_km"], one["properties"]["place"]))
    return {
        "type": "FeatureCollection", "features": features, "unplaced": unplaced, "total": total,
    }  # fmt: skip


def _feature(spot: Spot, told: list[dict[str, Any]]) -> dict[str, Any]:
    lat, lon = spot.lat or 0.0, spot.lon or 0.0
    radius = radius_km(spot)
    shape = "point" if spot.precision in POINTS else "area"
    geometry: dict[str, Any] = {"type": "Point", "coordinates": [lon, lat]}
    if shape == "area":
        geometry = {"type": "Polygon", "coordinates": [circle(lat, lon, radius)]}
    properties = {
        "place": spot.name or "", "country": spot.country, "precision": spot.precision,
        "radius_km": radius, "shape": shape, "lat": lat, "lon": lon, "count": len(told),
        "incidents": told,
    }  # fmt: skip
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _properties(seen: View, row: Incident, disputes: Disputed) -> dict[str, Any]:
    line = incident_line(seen, row, disputes)
    return {
        "id": row.id, "type": row.type, "mode": row.mode, "status": row.status,
        "first_day": row.first_day, "last_day": row.last_day, "precision": line.precision,
        "who": line.who, "sentence": line.text, "publisher": line.source.publisher,
        "day": line.source.day, "article": line.source.article, "start": line.source.start,
        "end": line.source.end, "origins": row.origins, "disputed": line.disputed,
    }  # fmt: skip


def radius_km(spot: Spot) -> float:
    """Return how far from its middle a place reaches, in km."""
    known = _extent(spot.name or "", spot.country, spot.precision, spot.lat, spot.lon)
    radius = known / 2 if known else _RADII.get(spot.precision or "", 50.0)
    return round(max(radius, 0.5), 1)


@lru_cache(maxsize=4096)
def _extent(
    name: str, country: str | None, precision: str | None, lat: float | None, lon: float | None
) -> float | None:
    from onrecord.knowledge.gazetteer import candidates

    fits = [
        one
        for one in candidates(name)
        if one.country == country and one.precision == precision and lat is not None
        and lon is not None and abs(one.lat - lat) < 0.05 and abs(one.lon - lon) < 0.05
    ]  # fmt: skip
    return fits[0].extent_km if fits else None


def circle(lat: float, lon: float, radius: float) -> list[list[float]]:
    """Return a ring of [lon, lat] at ``radius`` km, counter-clockwise, its first corner last too.

    Longitudes go on beyond ±180 where the circle does, so that it stays in one piece.
    """
    ring = []
    arc = min(radius / _EARTH_KM, 1.5)
    phi = math.radians(lat)
    for corner in range(_CORNERS):
        bearing = -2 * math.pi * corner / _CORNERS
        sine = math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(bearing)
        up = math.asin(max(-1.0, min(1.0, sine)))
        across = math.atan2(
            math.sin(bearing) * math.sin(arc) * math.cos(phi),
            math.cos(arc) - math.sin(phi) * math.sin(up),
        )
        ring.append([round(lon + math.degrees(across), 4), round(math.degrees(up), 4)])
    return [*ring, ring[0]]
