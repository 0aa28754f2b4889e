"""What kind of organisation a name says it is. Pure."""

from __future__ import annotations

from functools import lru_cache

from linkage.registry.models import Kind
from linkage.text import search_key

# How a kind is written at the beginning of a name, without marks and spaces: the longest first.
KIND_STARTS: dict[str, str] = {
    "lienhiephtx": Kind.UNION,
    "lienhiephoptacxa": Kind.UNION,
    "lienhiepcachtx": Kind.UNION,
    "lienhiepcachoptacxa": Kind.UNION,
    "lhhtx": Kind.UNION,
    "lhhoptacxa": Kind.UNION,
    "tohoptac": Kind.COOPERATIVE_GROUP,
    "tht": Kind.COOPERATIVE_GROUP,
    "hoptacxa": Kind.COOPERATIVE,
    "htx": Kind.COOPERATIVE,
    "doanhnghiep": Kind.ENTERPRISE,
    "congty": Kind.ENTERPRISE,
    "cty": Kind.ENTERPRISE,
    "dntn": Kind.ENTERPRISE,
    "tapdoan": Kind.ENTERPRISE,
    "hokinhdoanh": Kind.HOUSEHOLD_BUSINESS,
    "hkd": Kind.HOUSEHOLD_BUSINESS,
    "canhan": Kind.INDIVIDUAL,
}


@lru_cache(maxsize=5_000)
def kind_in_name(name: str) -> str | None:
    """Return the kind that an organisation's name begins with, or None.

    >>> kind_in_name("HTX Tân Trào"), kind_in_name("Tân Trào")
    ('cooperative', None)
    """
    word = search_key(name).replace(" ", "")
    return next((str(kind) for start, kind in KIND_STARTS.items() if word.startswith(start)), None)
