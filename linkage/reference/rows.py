"""What a line of each reference file holds: one frozen dataclass for each CSV.

An empty field is None where the type allows it; lists in a field are tuples.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
class TransformationRow:
    """What becomes what: the yield is mass out over mass in, above 0 and at most 1.

    Without a yield (both integers None) the note says why. A row of a broader commodity serves
    those below it that have no row of their own to the same product.
    """

    from_commodity: str
    to_commodity: str
    stage: str
    yield_num: int | None
    yield_den: int | None
    note: str
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class HarvestRow:
    """The months (1 to 12) in which a commodity is harvested in the Red River delta.

    They stand in the season's own order, so a winter season may begin with 11; `season` is the
    source's wording. A commodity without a row is unknown, not out of season.
    """

    commodity: str
    months: tuple[int, ...]
    season: str
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True)
class OcopProductRow:
    """A product with OCOP stars (3 to 5), as published, with its commodity where there is one.

    `holder` is an organisation; it is empty for a household, a person or where none is named.
    `year` is the year of the recognition, None where the source does not say it. Names and places
    are in the source's language.
    """

    year: int | None
    name: str
    stars: int
    commodity: str | None
    holder: str
    place: str
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
