"""What each packaged reference file says, as rows of its table.

A row is known by its natural key. The order is that of the references between the tables: a target
names its programme, a commodity its parent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.db import models

from linkage.catalogue.models import (
    Certification,
    Commodity,
    CommoditySynonym,
    Harvest,
    LinkageForm,
    OcopProduct,
    Sector,
    Transformation,
    Unit,
)
from linkage.catalogue.seasons import month_bits
from linkage.coverage.models import Indicator, Programme, Target
from linkage.reference import files
from linkage.registry.models import Commune, EarlierPlace, FormerCommune
from linkage.text import identity_key, search_key, sort_key

Values = Mapping[str, Any]
# The files say "split, most of it" of the unit that took the larger part.
_PARTS = {
    "whole": FormerCommune.Part.WHOLE,
    "split": FormerCommune.Part.SPLIT,
    "split, most of it": FormerCommune.Part.MAIN,
}


class Table(NamedTuple):
    """One file's rows: `rows()` is asked when the tables before it are written."""

    file: str
    model: type[models.Model]
    key: tuple[str, ...]
    rows: Callable[[], Iterable[Values]]


def _sectors() -> Iterable[Values]:
    return (
        {
            "code": row.code,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "synonyms": list(row.synonyms),
            "agricultural": row.agricultural,
            "source": row.source,
        }
        for row in files.read_sectors()
    )


def _commodities() -> Iterable[Values]:
    # Parents first, since the database checks the reference when a batch is written.
    rows = sorted(files.read_commodities(), key=lambda row: (row.level, row.code))
    return (
        {
            "code": row.code,
            "parent_id": row.parent_code,
            "level": row.level,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "dimension": row.dimension,
            "stage": row.stage,
            "search_key": search_key(row.name_vi),
            "sort_key": sort_key(row.name_vi),
            "source": row.source,
        }
        for row in rows
    )


def _synonyms() -> Iterable[Values]:
    return (
        {"commodity_id": row.code, "name": word, "key": identity_key(word)}
        for row in files.read_commodities()
        for word in row.synonyms
    )


def _transformations() -> Iterable[Values]:
    return (
        {
            "from_commodity_id": row.from_commodity,
            "to_commodity_id": row.to_commodity,
            "stage": row.stage,
            "yield_num": row.yield_num,
            "yield_den": row.yield_den,
            "note": row.note,
            "source": row.source,
        }
        for row in files.read_transformations()
    )


def _harvests() -> Iterable[Values]:
    return (
        {
            "commodity_id": row.commodity,
            "months": month_bits(row.months),
            "season": row.season,
            "source": row.source,
        }
        for row in files.read_harvests()
    )


def _ocop_products() -> Iterable[Values]:
    return (
        {
            "name": row.name,
            "stars": row.stars,
            "commodity_id": row.commodity,
            "holder": row.holder,
            "place": row.place,
            "year": row.year,
            "source": row.source,
        }
        for row in files.read_ocop_products()
    )


def _units() -> Iterable[Values]:
    return (
        {
            "code": row.code,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "synonyms": list(row.synonyms),
            "dimension": row.dimension,
            "base_units": row.base_units,
            "sized": row.sized,
            "source": row.source,
        }
        for row in files.read_units()
    )


def _certifications() -> Iterable[Values]:
    return (
        {
            "code": row.code,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "synonyms": list(row.synonyms),
            "family": row.family,
            "level": row.level or 0,
            "issuer": row.issuer,
            "source": row.source,
        }
        for row in files.read_certifications()
    )


def _forms() -> Iterable[Values]:
    return (
        {
            "number": row.number,
            "article": row.article,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "stages": list(row.stages),
            "source": row.source,
        }
        for row in files.read_linkage_forms()
    )


def _communes() -> Iterable[Values]:
    return (
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "former_province": row.former_province,
            "former_district": row.former_district,
            "search_key": search_key(row.name),
            "sort_key": sort_key(row.name),
        }
        for row in files.read_communes()
    )


def _former_communes() -> Iterable[Values]:
    return (
        {
            "name": row.former_commune,
            "former_district": row.former_district,
            "former_province": row.former_province,
            "commune_id": row.commune_code,
            "part": _PARTS[row.part],
        }
        for row in files.read_former_communes()
    )


def _earlier_places() -> Iterable[Values]:
    return (
        {
            "place_kind": row.kind_of_place,
            "name": row.name,
            "district": row.former_district,
            "province": row.former_province,
            "becomes_name": row.becomes_name,
            "becomes_district": row.becomes_district,
            "valid_until": row.valid_until,
            "source": row.source,
        }
        for row in files.read_earlier_places()
    )


def _programmes() -> Iterable[Values]:
    return (
        {
            "code": row.code,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "starts": row.starts_on,
            "ends": row.ends_on,
            "territory": row.territory,
            "source": row.source,
        }
        for row in files.read_programmes()
    )


def _indicators() -> Iterable[Values]:
    return (
        {
            "code": row.code,
            "order": order,
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "text_vi": row.text_vi,
            "text_en": row.text_en,
            "how": row.how,
            "measure": (
                Indicator.Measure.COUNT if row.unit == "count" else Indicator.Measure.SHARE
            ),
            "source": row.source,
        }
        for order, row in enumerate(files.read_indicators(), start=1)
    )


def _targets() -> Iterable[Values]:
    programmes = dict(Programme.objects.values_list("code", "id"))
    return (
        {
            "programme_id": programmes[row.programme],
            "indicator_id": row.indicator,
            "from_date": row.from_date,
            "source": row.source,
            **_bounds(row),
        }
        for row in files.read_targets()
    )


def _bounds(row: files.TargetRow) -> Values:
    """A count is a number over 1; "none" (nothing allowed) is exactly its upper bound."""
    low: tuple[int, int]
    high: tuple[int | None, int | None] = (row.max_num, row.max_den)
    if row.count_min is not None:
        low = (row.count_min, 1)
    elif row.min_num is not None and row.min_den is not None:
        low = (row.min_num, row.min_den)
    elif row.max_num is not None and row.max_den is not None:
        low = (row.max_num, row.max_den)
    else:
        raise ValueError(f"a target without a bound: {row.indicator}")
    exactly = row.comparison == "none"
    return {
        "comparison": Target.Comparison.EXACTLY if exactly else Target.Comparison(row.comparison),
        "min_num": low[0],
        "min_den": low[1],
        "max_num": high[0],
        "max_den": high[1],
    }


TABLES = (
    Table("sectors.csv", Sector, ("code",), _sectors),
    Table("commodities.csv", Commodity, ("code",), _commodities),
    Table("commodities.csv (synonyms)", CommoditySynonym, ("key",), _synonyms),
    Table(
        "transformations.csv",
        Transformation,
        ("from_commodity_id", "to_commodity_id"),
        _transformations,
    ),
    Table("harvest_months.csv", Harvest, ("commodity_id",), _harvests),
    Table("ocop_products.csv", OcopProduct, ("name", "holder", "year"), _ocop_products),
    Table("units.csv", Unit, ("code",), _units),
    Table("certifications.csv", Certification, ("code",), _certifications),
    Table("linkage_forms.csv", LinkageForm, ("number",), _forms),
    Table("communes.csv", Commune, ("code",), _communes),
    Table(
        "former_communes.csv",
        FormerCommune,
        ("former_province", "former_district", "name", "commune_id"),
        _former_communes,
    ),
    Table(
        "earlier_places.csv",
        EarlierPlace,
        ("place_kind", "province", "district", "name", "valid_until"),
        _earlier_places,
    ),
    Table("programmes.csv", Programme, ("code",), _programmes),
    Table("indicators.csv", Indicator, ("code",), _indicators),
    Table("targets.csv", Target, ("programme_id", "indicator_id", "from_date"), _targets),
)
