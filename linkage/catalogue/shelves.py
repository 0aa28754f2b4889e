"""The catalogue as whole lists: what pages and API offer to choose from."""

from __future__ import annotations

from typing import Any

from linkage.catalogue.models import Certification, Commodity, LinkageForm, Sector, Unit


def commodity_tree() -> list[dict[str, Any]]:
    """The commodities of level 1, each with its children, in Vietnamese order; two queries."""
    rows = Commodity.objects.prefetch_related("synonyms").order_by("sort_key", "code")
    nodes = {row.code: _node(row) for row in rows}
    for row in rows:
        if row.parent_id is not None:
            nodes[row.parent_id]["children"].append(nodes[row.code])
    return [nodes[row.code] for row in rows if row.parent_id is None]


def _node(row: Commodity) -> dict[str, Any]:
    return {
        "code": row.code,
        "level": row.level,
        "name_vi": row.name_vi,
        "name_en": row.name_en,
        "dimension": row.dimension,
        "stage": row.stage,
        "synonyms": [synonym.name for synonym in row.synonyms.all()],
        "children": [],
    }


def units() -> list[Unit]:
    """All units, by what they measure and their size."""
    return list(Unit.objects.order_by("dimension", "base_units", "code"))


def certifications() -> list[Certification]:
    """All certifications, families together, by level."""
    return list(Certification.objects.order_by("family", "level", "code"))


def linkage_forms() -> list[LinkageForm]:
    """The seven legal forms."""
    return list(LinkageForm.objects.order_by("number"))


def sectors() -> list[Sector]:
    """All sectors, the agricultural ones first."""
    return list(Sector.objects.order_by("-agricultural", "code"))
