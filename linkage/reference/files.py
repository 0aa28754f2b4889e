"""Readers of the reference files: one function for each CSV, giving the classes of `rows`.

The readers are pure: they open the packaged files, change nothing and keep nothing. Text comes
back as stored (NFC), integers as int, dates as date; an empty field is None where the type allows
it. A broken file raises ValueError or KeyError with the column's name.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from io import StringIO
from typing import TypeVar

from linkage.reference.rows import (
    CertificationRow,
    CertificationSatisfiesRow,
    CommodityRow,
    CommuneRow,
    EarlierPlaceRow,
    FormerCommuneRow,
    HarvestRow,
    IndicatorRow,
    LinkageFormRow,
    OcopProductRow,
    ProgrammeRow,
    SectorRow,
    SourceRow,
    TargetRow,
    TransformationRow,
    UnitRow,
)

__all__ = [
    "CertificationRow",
    "CertificationSatisfiesRow",
    "CommodityRow",
    "CommuneRow",
    "EarlierPlaceRow",
    "FormerCommuneRow",
    "HarvestRow",
    "IndicatorRow",
    "LinkageFormRow",
    "OcopProductRow",
    "ProgrammeRow",
    "SectorRow",
    "SourceRow",
    "TargetRow",
    "TransformationRow",
    "UnitRow",
    "read_certification_satisfies",
    "read_certifications",
    "read_commodities",
    "read_communes",
    "read_earlier_places",
    "read_former_communes",
    "read_harvests",
    "read_indicators",
    "read_linkage_forms",
    "read_ocop_products",
    "read_programmes",
    "read_sectors",
    "read_sources",
    "read_targets",
    "read_transformations",
    "read_units",
]

FOLDER = files("linkage.reference").joinpath("data")

Row = TypeVar("Row")


def _read(name: str, make: Callable[[dict[str, str]], Row]) -> list[Row]:
    text = FOLDER.joinpath(name).read_text(encoding="utf-8")
    return [make(row) for row in csv.DictReader(StringIO(text))]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"neither yes nor no: {text!r}")
    return text == "yes"


def read_communes() -> list[CommuneRow]:
    """Return today's 114 units, by code."""
    return _read(
        "communes.csv",
        lambda row: CommuneRow(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            area_km2=float(row["area_km2"]) if row["area_km2"] else None,
            former_province=row["former_province"],
            former_district=row["former_district"],
        ),
    )


def read_former_communes() -> list[FormerCommuneRow]:
    """Return the communes of mid-2025 with what took them in, by province, district and name."""
    return _read("former_communes.csv", lambda row: FormerCommuneRow(**row))


def read_earlier_places() -> list[EarlierPlaceRow]:
    """Return the hand list of names older than mid-2025; the districts come first."""
    return _read(
        "earlier_places.csv",
        lambda row: EarlierPlaceRow(
            kind_of_place=row["kind_of_place"],
            name=row["name"],
            former_district=row["former_district"],
            former_province=row["former_province"],
            becomes_name=row["becomes_name"],
            becomes_district=row["becomes_district"],
            valid_until=_day(row["valid_until"]),
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_commodities() -> list[CommodityRow]:
    """Return the commodity tree, by code."""
    return _read(
        "commodities.csv",
        lambda row: CommodityRow(
            code=row["code"],
            parent_code=row["parent_code"] or None,
            level=int(row["level"]),
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            synonyms=_words(row["synonyms"]),
            dimension=row["dimension"],
            stage=row["stage"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_transformations() -> list[TransformationRow]:
    """Return what becomes what, by the codes of both ends."""
    return _read(
        "transformations.csv",
        lambda row: TransformationRow(
            from_commodity=row["from_commodity"],
            to_commodity=row["to_commodity"],
            stage=row["stage"],
            yield_num=_number(row["yield_num"]),
            yield_den=_number(row["yield_den"]),
            note=row["note"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_harvests() -> list[HarvestRow]:
    """Return the months of harvest, by the commodity's code."""
    return _read(
        "harvest_months.csv",
        lambda row: HarvestRow(
            commodity=row["commodity"],
            months=tuple(int(month) for month in _words(row["months"])),
            season=row["season"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_ocop_products() -> list[OcopProductRow]:
    """Return the OCOP products, those without a year first, then by year and name."""
    return _read(
        "ocop_products.csv",
        lambda row: OcopProductRow(
            year=_number(row["year"]),
            name=row["name"],
            stars=int(row["stars"]),
            commodity=row["commodity"] or None,
            holder=row["holder"],
            place=row["place"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_units() -> list[UnitRow]:
    """Return the units, by code."""
    return _read(
        "units.csv",
        lambda row: UnitRow(
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            synonyms=_words(row["synonyms"]),
            dimension=row["dimension"],
            base_units=_number(row["base_units"]),
            sized=_yes(row["sized"]),
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_certifications() -> list[CertificationRow]:
    """Return the certificates, by code."""
    return _read(
        "certifications.csv",
        lambda row: CertificationRow(
            code=row["code"],
            family=row["family"],
            level=_number(row["level"]),
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            synonyms=_words(row["synonyms"]),
            issuer=row["issuer"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_certification_satisfies() -> list[CertificationSatisfiesRow]:
    """Return which certificate stands for which other one; empty at first."""
    return _read(
        "certification_satisfies.csv",
        lambda row: CertificationSatisfiesRow(
            certification=row["certification"],
            satisfies=row["satisfies"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_linkage_forms() -> list[LinkageFormRow]:
    """Return the seven forms of linkage, by number."""
    return _read(
        "linkage_forms.csv",
        lambda row: LinkageFormRow(
            number=int(row["number"]),
            article=row["article"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            stages=_words(row["stages"]),
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_programmes() -> list[ProgrammeRow]:
    """Return the programmes, by code."""
    return _read(
        "programmes.csv",
        lambda row: ProgrammeRow(
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            issued_on=_day(row["issued_on"]),
            starts_on=_day(row["starts_on"]),
            ends_on=_day(row["ends_on"]),
            territory=row["territory"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_indicators() -> list[IndicatorRow]:
    """Return the indicators, in the plan's order, the two shares of linkage first."""
    return _read(
        "indicators.csv",
        lambda row: IndicatorRow(
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            text_vi=row["text_vi"],
            text_en=row["text_en"],
            how=row["how"],
            unit=row["unit"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_targets() -> list[TargetRow]:
    """Return the targets, in the order of their indicators."""
    return _read(
        "targets.csv",
        lambda row: TargetRow(
            indicator=row["indicator"],
            programme=row["programme"],
            min_num=_number(row["min_num"]),
            min_den=_number(row["min_den"]),
            max_num=_number(row["max_num"]),
            max_den=_number(row["max_den"]),
            count_min=_number(row["count_min"]),
            comparison=row["comparison"],
            from_date=_day(row["from_date"]),
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_sectors() -> list[SectorRow]:
    """Return the sectors of cooperatives, the agricultural ones first."""
    return _read(
        "sectors.csv",
        lambda row: SectorRow(
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            synonyms=_words(row["synonyms"]),
            agricultural=_yes(row["agricultural"]),
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
        ),
    )


def read_sources() -> list[SourceRow]:
    """Return where each file of the folder comes from."""
    return _read(
        "SOURCES.csv",
        lambda row: SourceRow(
            file=row["file"],
            what=row["what"],
            source=row["source"],
            retrieved_on=_day(row["retrieved_on"]),
            licence=row["licence"],
            trust=row["trust"],
            made_by=row["made_by"],
        ),
    )
