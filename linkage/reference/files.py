"""Readers of the reference files: one frozen dataclass and one function for each CSV.

The readers are pure: they open the packaged files, change nothing and keep nothing. Text comes
back as stored (NFC), integers as int, dates as date; an empty field is None where the type allows
it. A broken file raises ValueError or KeyError with the column's name.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from io import StringIO
from typing import TypeVar

FOLDER = files("linkage.reference").joinpath("data")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A unit of today: one of the 114, with its centre point (degrees) and its area (km2)."""

    code: str
    name: str
    kind: str
    latitude: float
    longitude: float
    area_km2: float | None
    former_province: str
    former_district: str


@dataclass(frozen=True, slots=True)
class FormerCommuneRow:
    """A commune of mid-2025 and a unit that took it in; a split commune has several rows.

    `part` is `whole`, `split`, or `split, most of it` for the unit that took the larger part.
    """

    former_province: str
    former_district: str
    former_commune: str
    commune_code: str
    part: str


@dataclass(frozen=True, slots=True)
class EarlierPlaceRow:
    """A name older than mid-2025 and the name it had by then; `valid_until` is its last day.

    A commune's row leads straight to the commune of mid-2025, however many steps lie between. A
    district's row serves the communes that have no row of their own: those kept their name.
    """

    kind_of_place: str
    name: str
    former_district: str
    former_province: str
    becomes_name: str
    becomes_district: str
    valid_until: date
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class CommodityRow:
    """A node of the commodity tree; the base unit follows from `dimension` (g, ml or piece)."""

    code: str
    parent_code: str | None
    level: int
    name_vi: str
    name_en: str
    synonyms: tuple[str, ...]
    dimension: str
    stage: str
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit; `base_units` is None for a sized unit, whose size the post gives ("bao 50 kg")."""

    code: str
    name_vi: str
    name_en: str
    synonyms: tuple[str, ...]
    dimension: str
    base_units: int | None
    sized: bool
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class CertificationRow:
    """A certificate; `level` orders those of one family (OCOP 3 to 5) and is None elsewhere."""

    code: str
    family: str
    level: int | None
    name_vi: str
    name_en: str
    synonyms: tuple[str, ...]
    issuer: str
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class CertificationSatisfiesRow:
    """Holding `certification` also satisfies a need for `satisfies`."""

    certification: str
    satisfies: str
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class LinkageFormRow:
    """One of the seven forms of Decree 98/2018/NĐ-CP, Art. 4; `stages` ends in consumption."""

    number: int
    article: str
    name_vi: str
    name_en: str
    stages: tuple[str, ...]
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A plan with its period, both ends included, and its territory."""

    code: str
    name_vi: str
    name_en: str
    issued_on: date
    starts_on: date
    ends_on: date
    territory: str
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A line of a plan: `text` is how it is read and why; `how` is computed or reported."""

    code: str
    name_vi: str
    name_en: str
    text_vi: str
    text_en: str
    how: str
    unit: str
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class TargetRow:
    """The value a programme sets for an indicator from a date: shares as two integers, or a count.

    `comparison` is the plan's own word: at_least, over, about, nearly, none (nothing allowed).
    """

    indicator: str
    programme: str
    min_num: int | None
    min_den: int | None
    max_num: int | None
    max_den: int | None
    count_min: int | None
    comparison: str
    from_date: date
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A sector of cooperatives; the agricultural ones make the base of LINK-AGRI."""

    code: str
    name_vi: str
    name_en: str
    synonyms: tuple[str, ...]
    agricultural: bool
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where a whole file comes from, how far to trust it, and what made it."""

    file: str
    what: str
    source: str
    retrieved_on: date
    licence: str
    trust: str
    made_by: str


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
