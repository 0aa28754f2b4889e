"""Distances between communes, as the match measures them: great circles, in whole metres."""

from __future__ import annotations

import math

from linkage.registry.models import Commune

MEAN_RADIUS_M = 6_371_008.8


def distance_m(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> int:
    """Return the great-circle distance of two points in degrees, rounded half up to metres.

    >>> distance_m(20.0, 106.0, 21.0, 106.0)
    111195
    """
    first, second = math.radians(latitude), math.radians(to_latitude)
    half = math.sin((second - first) / 2) ** 2
    half += (
        math.cos(first)
        * math.cos(second)
        * math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    )
    return math.floor(2 * MEAN_RADIUS_M * math.asin(min(1.0, math.sqrt(half))) + 0.5)


def distances_from(commune_code: str) -> dict[str, int] | None:
    """Return every commune's distance from one, by code; None if there is no such commune."""
    rows = Commune.objects.order_by("pk").values_list("pk", "latitude", "longitude")
    points = {code: (latitude, longitude) for code, latitude, longitude in rows}
    if commune_code not in points:
        return None
    here = points[commune_code]
    return {code: distance_m(*here, *point) for code, point in points.items()}
