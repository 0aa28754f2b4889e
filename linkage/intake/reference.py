"""Loads the packaged reference files into the database: idempotent, and never deletes.

A row is known by its natural key. Rows of the files win over the database in the columns that the
files have; rows that are not in the files (a programme that staff added as data) stay as they are.
Each table takes one reading query and at most two writing ones, whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

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
from linkage.errors import Conflict
from linkage.reference import files
from linkage.registry.models import Commune, EarlierPlace, FormerCommune
from linkage.text import identity_key, search_key, sort_key

# The files say "split, most of it" of the unit that took the larger part.
_PARTS = {
    "whole": FormerCommune.Part.WHOLE,
    "split": FormerCommune.Part.SPLIT,
    "split, most of it": FormerCommune.Part.MAIN,
}
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file: rows created, changed, left as they were."""

    file: str
    created: int
    changed: int
    left: int


class ReferenceMissing(Conflict):
    """Words cannot be looked up: no sector, commune or certification would be known."""

    code = "reference_missing"
    words = _(
        "The reference data (communes, sectors, commodities, certifications) is not loaded, so no"
        " workbook can be read: run manage.py load_reference first."
    )


def require_reference() -> None:
    """One query; all tables are loaded together, so one tells of all.

    Raises: ReferenceMissing.
    """
    if not Sector.objects.exists():
        raise ReferenceMissing


@transaction.atomic
def load_reference() -> list[Loaded]:
    """Bring the database to the packaged files, all or nothing; a second call changes nothing.

    Raises: ValueError or KeyError for a broken file; nothing is changed then.
    """
    return [load() for load in _LOADERS]


def _sync(
    file: str, model: type[models.Model], key: tuple[str, ...], rows: Iterable[Values]
) -> Loaded:
    """Create or change the rows of one table so that they hold `rows`, known by `key`."""
    manager = model._default_manager
    known = {tuple(getattr(row, name) for name in key): row for row in manager.all()}
    new, changed, left = [], [], 0
    columns: set[str] = set()
    for values in rows:
        row = known.get(tuple(values[name] for name in key))
        if row is None:
            new.append(model(**values))
        elif _assign(row, values):
            changed.append(row)
            columns.update(set(values) - set(key))
        else:
            left += 1
    manager.bulk_create(new, batch_size=500)
    if changed:
        manager.bulk_update(changed, sorted(columns), batch_size=100)
    return Loaded(file, len(new), len(changed), left)


def _assign(row: models.Model, values: Values) -> bool:
    """Set what differs; say whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _load_sectors() -> Loaded:
    return _sync(
        "sectors.csv",
        Sector,
        ("code",),
        (
            {
                "code": row.code,
                "name_vi": row.name_vi,
                "name_en": row.name_en,
                "synonyms": list(row.synonyms),
                "agricultural": row.agricultural,
                "source": row.source,
            }
            for row in files.read_sectors()
        ),
    )


def _load_commodities() -> Loaded:
    # Parents first, since the database checks the reference when a batch is written.
    rows = sorted(files.read_commodities(), key=lambda row: (row.level, row.code))
    return _sync(
        "commodities.csv",
        Commodity,
        ("code",),
        (
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
        ),
    )


def _load_synonyms() -> Loaded:
    return _sync(
        "commodities.csv (synonyms)",
        CommoditySynonym,
        ("key",),
        (
            {"commodity_id": row.code, "name": word, "key": identity_key(word)}
            for row in files.read_commodities()
            for word in row.synonyms
        ),
    )


def _load_transformations() -> Loaded:
    return _sync(
        "transformations.csv",
        Transformation,
        ("from_commodity_id", "to_commodity_id"),
        (
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
        ),
    )


def _load_harvests() -> Loaded:
    return _sync(
        "harvest_months.csv",
        Harvest,
        ("commodity_id",),
        (
            {
                "commodity_id": row.commodity,
                "months": month_bits(row.months),
                "season": row.season,
                "source": row.source,
            }
            for row in files.read_harvests()
        ),
    )


def _load_ocop_products() -> Loaded:
    return _sync(
        "ocop_products.csv",
        OcopProduct,
        ("name", "holder", "year"),
        (
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
        ),
    )


def _load_units() -> Loaded:
    return _sync(
        "units.csv",
        Unit,
        ("code",),
        (
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
        ),
    )


def _load_certifications() -> Loaded:
    return _sync(
        "certifications.csv",
        Certification,
        ("code",),
        (
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
        ),
    )


def _load_forms() -> Loaded:
    return _sync(
        "linkage_forms.csv",
        LinkageForm,
        ("number",),
        (
            {
                "number": row.number,
                "article": row.article,
                "name_vi": row.name_vi,
                "name_en": row.name_en,
                "stages": list(row.stages),
                "source": row.source,
            }
            for row in files.read_linkage_forms()
        ),
    )


def _load_communes() -> Loaded:
    return _sync(
        "communes.csv",
        Commune,
        ("code",),
        (
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
        ),
    )


def _load_former_communes() -> Loaded:
    return _sync(
        "former_communes.csv",
        FormerCommune,
        ("former_province", "former_district", "name", "commune_id"),
        (
            {
                "name": row.former_commune,
                "former_district": row.former_district,
                "former_province": row.former_province,
                "commune_id": row.commune_code,
                "part": _PARTS[row.part],
            }
            for row in files.read_former_communes()
        ),
    )


def _load_earlier_places() -> Loaded:
    return _sync(
        "earlier_places.csv",
        EarlierPlace,
        ("place_kind", "province", "district", "name", "valid_until"),
        (
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
        ),
    )


def _load_programmes() -> Loaded:
    return _sync(
        "programmes.csv",
        Programme,
        ("code",),
        (
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
        ),
    )


def _load_indicators() -> Loaded:
    return _sync(
        "indicators.csv",
        Indicator,
        ("code",),
        (
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
        ),
    )


def _load_targets() -> Loaded:
    programmes = dict(Programme.objects.values_list("code", "id"))
    return _sync(
        "targets.csv",
        Target,
        ("programme_id", "indicator_id", "from_date"),
        (
            {
                "programme_id": programmes[row.programme],
                "indicator_id": row.indicator,
                "from_date": row.from_date,
                "source": row.source,
                **_bounds(row),
            }
            for row in files.read_targets()
        ),
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


_LOADERS: tuple[Callable[[], Loaded], ...] = (
    _load_sectors,
    _load_commodities,
    _load_synonyms,
    _load_transformations,
    _load_harvests,
    _load_ocop_products,
    _load_units,
    _load_certifications,
    _load_forms,
    _load_communes,
    _load_former_communes,
    _load_earlier_places,
    _load_programmes,
    _load_indicators,
    _load_targets,
)
