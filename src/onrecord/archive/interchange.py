"""Events in the columns of GDELT 2.0 and POLECAT, for programs that read these.

A row for each pair of an actor and a recipient (one of them may be missing); the id is the
event's in the archive, ``ARTICLE#v5``, so the rows of one event share it.  The mapping has
a version and stands in docs/interchange.md, with what is left empty and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import sqlalchemy as sa

from onrecord import ontology
from onrecord.archive import schema as t
from onrecord.archive import selecting

#: Version of the mapping; a change of any column's meaning makes a new one.
MAPPING = "1"

Row = dict[str, Any]
Seen = Mapping[str, Any]

#: PLOVER type → the CAMEO code it becomes; its modes, where CAMEO has a code for them.
CAMEO: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "AGREE": ("030", {}),
    "CONSULT": ("040", {"visit": "042", "third-party": "044", "phone": "041"}),
    "SUPPORT": ("050", {}),
    "CONCEDE": ("080", {}),
    "COOPERATE": ("060", {}),
    "AID": ("070", {}),
    # CAMEO has one root, 08, for CONCEDE and RETREAT.
    "RETREAT": ("080", {"access": "086", "ceasefire": "0871", "disarm": "087",
                        "release": "0841", "withdraw": "0872"}),
    "REQUEST": ("100", {"assist": "103", "change": "104", "meet": "106", "yield": "1051"}),
    "ACCUSE": ("110", {"disapprove": "110", "allege": "112", "investigate": "090"}),
    "REJECT": ("120", {"assist": "122", "change": "124", "meet": "125", "yield": "128"}),
    "THREATEN": ("130", {"expel": "136", "relations": "133", "restrict": "132",
                         "territory": "1382", "violence": "138"}),
    "PROTEST": ("140", {"boycott": "143", "demo": "141", "hunger": "142", "obstruct": "144",
                        "riot": "145"}),
    "SANCTION": ("160", {"convict": "116", "discontinue": "162", "expel": "166",
                         "withdraw": "161"}),
    "MOBILIZE": ("150", {"police": "151", "troops": "154"}),
    "COERCE": ("170", {"arrest": "173", "curfew": "1723", "deport": "174",
                       "martial-law": "1724", "restrict": "172", "seize": "171"}),
    "ASSAULT": ("180", {"abduct": "181", "beat": "182", "explosives": "183",
                        "firearms": "193", "heavy-weapons": "194", "sexual": "1821",
                        "suicide-attack": "1831", "targeted": "186", "torture": "1822",
                        "unconventional": "204"}),
}  # fmt: skip
#: PLOVER sectors that CAMEO calls otherwise: there MED is the media, HLH health.
_SECTORS = {"JRN": "MED", "MED": "HLH"}


def cameo(type_: str, mode: str | None) -> str:
    """Return the CAMEO code that an event of this type and mode becomes."""
    base, modes = CAMEO[type_]
    return modes.get(mode or "", base)


# -- the rows -------------------------------------------------------------------------


def rows(
    connection: sa.Connection, layout: str, filters: selecting.Filters, *, as_of: str | None = None
) -> Iterator[Row]:
    """Yield the events that filters let through in the columns of ``gdelt`` or ``polecat``.

    GDELT has no column for an event's status: without a filter by status, only what has
    happened is written.
    """
    if layout == "gdelt" and filters.get("status") is None:
        filters = {**filters, "status": "actual"}
    make = _LAYOUTS[layout][1]
    query = _query(filters, as_of)
    found = connection.execute(query, execution_options={"yield_per": selecting.BLOCK})
    for block in found.mappings().partitions(selecting.BLOCK):
        texts = selecting.texts(connection, {row["reading"] for row in block})
        people = _people(connection, [row["key"] for row in block], texts)
        for one in block:
            row: Row = {str(name): cell for name, cell in one.items()}
            row["place_words"] = _cut(texts[row["reading"]], row, "place_")
            actors, recipients = people.get(row["key"], ([], []))
            for actor, recipient in product(actors or [_NOBODY], recipients or [_NOBODY]):
                yield make(row, actor, recipient)


def columns(layout: str) -> dict[str, str]:
    """Return a layout's columns with their types: str, int, float."""
    return dict(_LAYOUTS[layout][0])


_P = ("name", "country", "sector", "role", "words")
_NOBODY: Row = dict.fromkeys(_P)


def _cut(text: str, row: Mapping[str, Any], what: str = "") -> str | None:
    start = row[f"{what}start"]
    return None if start is None else text[start : row[f"{what}end"]]


def _query(filters: selecting.Filters, as_of: str | None) -> sa.Select[Any]:
    e, v, r, p = t.events.c, t.versions.c, t.readings.c, t.places.c
    where = sa.and_(_beside(t.places, e.reading), p.id == e.place)
    place = [p[name].label(f"place_{name}") for name in
             ("name", "country", "admin1", "geonameid", "lat", "lon", "precision", "start",
              "end")]  # fmt: skip
    return (
        sa.select(
            e.key, e.reading, e.id, e.type, e.mode, e.status, e.contexts, e.score, e.first_day,
            t.articles.c.id.label("article_id"), r.recorded_from, r.published_day,
            r.reader_version, v.url, v.title, v.publisher, v.language,
            _mentions(e.key), *place,
        )
        .select_from(selecting.joined("events").outerjoin(t.places, where))
        .where(
            selecting.live("events", as_of),
            *selecting.conditions("events", filters, now=as_of is None),
        )
        .order_by(e.key)
    )  # fmt: skip


def _beside(table: sa.Table, reading: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    first = reading * (1 << t.ROW_BITS)
    return table.c.key.between(first, first + ((1 << t.ROW_BITS) - 1))


def _mentions(event: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    m = t.event_mentions
    count = sa.select(sa.func.count()).where(
        _beside(m, t.events.c.reading), m.c.event_id == t.events.c.id
    )
    return count.scalar_subquery().label("mentions")


def _people(
    connection: sa.Connection, events: list[int], texts: Mapping[int, str]
) -> dict[int, tuple[list[Row], list[Row]]]:
    """Actors and recipients of events, by the event's key."""
    p, n = t.participants.c, t.entities.c
    who = sa.and_(_beside(t.entities, p.reading), n.id == p.entity)
    query = (
        sa.select(
            p.event, p.reading, p.part, p.name, p.country, p.sector, p.start, p.end, n.role,
        )
        .select_from(t.participants.outerjoin(t.entities, who))
        .where(p.event.in_(events))
        .order_by(p.key)
    )  # fmt: skip
    found: dict[int, tuple[list[Row], list[Row]]] = {}
    for row in connection.execute(query).mappings():
        actors, recipients = found.setdefault(row["event"], ([], []))
        one: Row = {str(name): cell for name, cell in row.items()}
        one["words"] = _cut(texts[row["reading"]], one)
        (actors if row["part"] == "actor" else recipients).append(one)
    return found


# -- GDELT 2.0 ------------------------------------------------------------------------


def _strings(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "str")


def _gdelt_actor(n: int) -> dict[str, str]:
    kinds = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code",
             "Religion2Code", "Type1Code", "Type2Code", "Type3Code")  # fmt: skip
    return _strings(*(f"Actor{n}{kind}" for kind in kinds))


def _gdelt_geo(who: str) -> dict[str, str]:
    names = _strings(*(f"{who}Geo_{k}" for k in ("FullName", "CountryCode", "ADM1Code",
                                                 "ADM2Code")))  # fmt: skip
    ends = {f"{who}Geo_Lat": "float", f"{who}Geo_Long": "float", f"{who}Geo_FeatureID": "str"}
    return {f"{who}Geo_Type": "int", **names, **ends}


#: The 61 columns of GDELT's event table 2.0, in order (codebook of 2015-02-19).
GDELT: Mapping[str, str] = {
    "GLOBALEVENTID": "str", "SQLDATE": "int", "MonthYear": "int", "Year": "int",
    "FractionDate": "float", **_gdelt_actor(1), **_gdelt_actor(2), "IsRootEvent": "int",
    "EventCode": "str", "EventBaseCode": "str", "EventRootCode": "str", "QuadClass": "int",
    "GoldsteinScale": "float", "NumMentions": "int", "NumSources": "int", "NumArticles": "int",
    "AvgTone": "float", **_gdelt_geo("Actor1"), **_gdelt_geo("Actor2"), **_gdelt_geo("Action"),
    "DATEADDED": "int", "SOURCEURL": "str",
}  # fmt: skip


def _gdelt(row: Seen, actor: Seen, recipient: Seen) -> Row:
    code = cameo(row["type"], row["mode"])
    found: Row = dict.fromkeys(GDELT)
    found |= {
        "GLOBALEVENTID": f"{row['article_id']}#{row['id']}",
        **_gdelt_days(row["first_day"]),
        **_gdelt_who(1, actor),
        **_gdelt_who(2, recipient),
        "EventCode": code, "EventBaseCode": code[:3], "EventRootCode": code[:2],
        "QuadClass": ontology.quad(row["type"]), "GoldsteinScale": row["score"],
        "NumMentions": row["mentions"], "NumSources": 1, "NumArticles": 1,
        "ActionGeo_Type": _geo_type(row["place_precision"], row["place_country"]),
        "ActionGeo_FullName": row["place_name"],
        "ActionGeo_CountryCode": row["place_country"],
        "ActionGeo_ADM1Code": row["place_admin1"],
        "ActionGeo_Lat": row["place_lat"], "ActionGeo_Long": row["place_lon"],
        "ActionGeo_FeatureID": _text(row["place_geonameid"]),
        "DATEADDED": int("".join(filter(str.isdigit, row["recorded_from"][:19]))),
        "SOURCEURL": row["url"],
    }  # fmt: skip
    return found


def _gdelt_days(day: str | None) -> Row:
    if day is None:
        return {}
    year, month, number = (int(part) for part in day.split("-"))
    return {
        "SQLDATE": int(day.replace("-", "")), "MonthYear": int(day[:7].replace("-", "")),
        # As the codebook counts it: months of 30 days.
        "Year": year, "FractionDate": round(year + (month * 30 + number) / 365, 4),
    }  # fmt: skip


def _gdelt_who(number: int, who: Seen) -> Row:
    sector = _SECTORS.get(who["sector"], who["sector"])
    code = f"{who['country'] or ''}{sector or ''}" or None
    cells = {"Code": code, "Name": who["name"], "CountryCode": who["country"], "Type1Code": sector}
    return {f"Actor{number}{name}": value for name, value in cells.items()}


def _geo_type(precision: str | None, country: str | None) -> int | None:
    """1 country, 2 US state, 3 US city, 4 world city, 5 world state; nothing for seas."""
    if precision == "country":
        return 1
    at_home = country == "USA"
    if precision in ("admin1", "admin2"):
        return 2 if at_home else 5
    return (3 if at_home else 4) if precision in ("city", "facility") else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# -- POLECAT --------------------------------------------------------------------------


def _polecat_who(who: str) -> dict[str, str]:
    return _strings(
        f"{who} Name", f"{who} Country", f"{who} COW", f"Primary {who} Sector", f"{who} Sectors",
        f"{who} Title", f"{who} Name Raw", f"Wikipedia {who} ID",
    )  # fmt: skip


#: The columns of POLECAT's weekly files (Dataverse, doi:10.7910/DVN/AJGVIT).
POLECAT: Mapping[str, str] = {
    **_strings("Event ID", "Event Date", "Event Type", "Event Mode"), "Intensity": "float",
    **_strings("Quad Code", "Contexts"), **_polecat_who("Actor"), **_polecat_who("Recipient"),
    **_strings("Placename", "City", "District", "Province", "Country"), "Latitude": "float",
    "Longitude": "float", **_strings("GeoNames ID", "Raw Placename", "Feature Type", "Source",
    "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language",
    "Version"),
}  # fmt: skip


def _polecat(row: Seen, actor: Seen, recipient: Seen) -> Row:
    modes = (row["mode"], ontology.auxiliary_mode(row["status"]))
    found: Row = dict.fromkeys(POLECAT)
    found |= {
        "Event ID": f"{row['article_id']}#{row['id']}", "Event Date": row["first_day"],
        "Event Type": row["type"], "Event Mode": "; ".join(filter(None, modes)) or None,
        "Intensity": row["score"],
        "Quad Code": ontology.quads()[ontology.quad(row["type"])].upper(),
        "Contexts": "; ".join(row["contexts"] or ()) or None,
        **_polecat_cells("Actor", actor), **_polecat_cells("Recipient", recipient),
        "Placename": row["place_name"], "Province": row["place_admin1"],
        "City": row["place_name"] if row["place_precision"] == "city" else None,
        "Country": row["place_country"], "Latitude": row["place_lat"],
        "Longitude": row["place_lon"], "GeoNames ID": _text(row["place_geonameid"]),
        "Raw Placename": row["place_words"], "Feature Type": row["place_precision"],
        "Source": row["publisher"], "Publication Date": row["published_day"],
        "Language": row["language"], "Version": f"onrecord-{MAPPING}",
    }  # fmt: skip
    return found


def _polecat_cells(who: str, one: Seen) -> Row:
    return {
        f"{who} Name": one["name"], f"{who} Country": one["country"],
        f"Primary {who} Sector": one["sector"], f"{who} Sectors": one["sector"],
        f"{who} Title": one["role"], f"{who} Name Raw": one["words"],
    }  # fmt: skip


_Maker = Callable[[Seen, Seen, Seen], Row]
_LAYOUTS: Mapping[str, tuple[Mapping[str, str], _Maker]] = {
    "gdelt": (GDELT, _gdelt),
    "polecat": (POLECAT, _polecat),
}
LAYOUTS: Sequence[str] = tuple(_LAYOUTS)
