"""The communes of today as a list."""

from __future__ import annotations

from linkage.registry.models import Commune


def communes() -> list[Commune]:
    """All of them, in Vietnamese order."""
    return list(Commune.objects.order_by("sort_key", "code"))
