"""The reference data as a post needs it: read once a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from linkage.market.quickpost.certificates import Certificates
from linkage.market.quickpost.places import Places
from linkage.market.quickpost.products import Goods
from linkage.market.quickpost.units import Units
from linkage.reference import files


@dataclass(frozen=True)
class Lexicon:
    """Words for goods, units, places and certificates."""

    goods: Goods
    units: Units
    places: Places
    certificates: Certificates


@lru_cache(maxsize=1)
def packaged() -> Lexicon:
    """The lexicon of the packaged reference files."""
    return Lexicon(
        Goods.of(files.read_commodities()),
        Units.of(files.read_units()),
        Places.of(files.read_communes(), files.read_former_communes(), files.read_earlier_places()),
        Certificates.of(files.read_certifications()),
    )
