"""World regions of the newswire reports, from the outlet's short name that opens their ids."""

from __future__ import annotations

REGIONS: dict[str, tuple[str, ...]] = {
    "Africa": (
        "af", "et", "ghana", "kenya", "mauritius", "nm", "panaf", "sa",
    ),
    "Middle East and North Africa": (
        "alg", "eg", "iran", "israel", "jr", "kw", "oman", "qt", "saud", "uae",
    ),
    "Asia and Pacific": (
        "asia", "aus", "bangladesh", "cn", "in", "jp", "kr", "mong", "my", "nz", "pk", "th", "tw",
    ),
    "Latin America and Caribbean": (
        "arg", "bol", "chile", "col", "cosric", "cosrica", "cuba", "ecuador", "elsalv", "guyana",
        "hond", "mex", "nic", "pan", "paraguay", "peru", "uruguay", "ven",
    ),
    "Canada": ("canada",),
}  # fmt: skip
OTHER = "other"

_BY_PREFIX = {prefix: region for region, prefixes in REGIONS.items() for prefix in prefixes}


def region_of(document_id: str | None) -> str:
    """Return the region of a report's id (``kenya_nation_3``), ``other`` where unknown."""
    prefix = (document_id or "").partition("_")[0]
    return _BY_PREFIX.get(prefix, OTHER)
