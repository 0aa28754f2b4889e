"""Who trades in the demonstration: producers, collectors, processors, retailers, dealers. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from linkage.registry.models import Kind
from worker.invented.goods import COLLECTING, GOODS, INPUT_GOODS, Good

# At the end of every name that is made here: it cannot be taken for anybody.
MARK = "(mẫu)"
RETAILERS = (
    ("Siêu thị số", Kind.ENTERPRISE, 8),
    ("Chuỗi cửa hàng thực phẩm số", Kind.ENTERPRISE, 6),
    ("Bếp ăn khu công nghiệp số", Kind.ENTERPRISE, 6),
    ("Công ty xuất khẩu nông sản số", Kind.ENTERPRISE, 4),
)
_CITY = (
    *("Quận Hồng Bàng", "Quận Lê Chân", "Quận Ngô Quyền", "Quận Kiến An", "Quận Hải An"),
    "Thành phố Hải Dương",
)
_FARM, _SHOP, _FIRM = Kind.OTHER, Kind.HOUSEHOLD_BUSINESS, Kind.ENTERPRISE


@dataclass(frozen=True, slots=True)
class Place:
    """A commune: its code, its plain name, its former district."""

    code: str
    name: str
    district: str


@dataclass(frozen=True)
class Facts:
    """What the plan is made from beside the seed, as the reference data have it.

    `names`: of commodities. `months`: of harvest, 1 to 12, of those commodities that have any.
    `yields`: (num, den) by what processors are supplied with and what they make.
    """

    today: date
    places: Sequence[Place]
    names: Mapping[str, str]
    months: Mapping[str, Sequence[int]]
    yields: Mapping[tuple[str, str], tuple[int, int]]
    goods: Sequence[Good] = GOODS


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation that is made; `product` is a commodity's name."""

    name: str
    kind: Kind
    commune: str
    product: str


@dataclass
class Town:
    """All of them: by commodity who grows, collects and processes it, and who sells to anybody."""

    producers: dict[str, list[Firm]] = field(default_factory=dict)
    collectors: dict[str, list[Firm]] = field(default_factory=dict)
    processors: dict[str, Firm] = field(default_factory=dict)
    dealers: dict[str, list[Firm]] = field(default_factory=dict)
    retailers: list[Firm] = field(default_factory=list)

    @property
    def firms(self) -> list[Firm]:
        """Each once, in the order in which they are made."""
        return [
            *(firm for firms in self.producers.values() for firm in firms),
            *(firm for firms in self.collectors.values() for firm in firms),
            *self.processors.values(),
            *(firm for firms in self.dealers.values() for firm in firms),
            *self.retailers,
        ]


def town_of(facts: Facts, chance: random.Random) -> Town:
    """Return who there is; the same for the same facts and state of chance."""
    town = Town()
    for good in facts.goods:
        name = facts.names[good.code]
        homes = _homes(facts, good.districts, good.producers, chance)
        town.producers[good.code] = [
            _firm(f"Trang trại {name.lower()} {place.name}", _FARM, place, name) for place in homes
        ]
        if COLLECTING not in good.without:
            town.collectors[good.code] = _collectors(facts, good, chance)
        if good.becomes:
            place = _homes(facts, good.districts, 1, chance)[0]
            made = facts.names[good.becomes]
            title = f"Cơ sở chế biến {made.lower()} từ {name.lower()} {place.name}"
            town.processors[good.code] = _firm(title, _FIRM, place, made)
    for one in INPUT_GOODS:
        name = facts.names[one.code]
        town.dealers[one.code] = [
            _firm(f"Đại lý {name.lower()} {place.name}", _FIRM, place, name)
            for place in _homes(facts, (), 2, chance)
        ]
    town.retailers = _retailers(facts, chance)
    return town


def _firm(title: str, kind: Kind, place: Place, product: str) -> Firm:
    return Firm(f"{title} {MARK}", kind, place.code, product)


def _collectors(facts: Facts, good: Good, chance: random.Random) -> list[Firm]:
    name = facts.names[good.code]
    homes = _homes(facts, good.districts, 2 if good.producers > 4 else 1, chance)
    return [
        _firm(f"Cơ sở thu mua {name.lower()} {place.name}", _SHOP, place, name) for place in homes
    ]


def _retailers(facts: Facts, chance: random.Random) -> list[Firm]:
    made: list[Firm] = []
    for title, kind, many in RETAILERS:
        for number in range(1, many + 1):
            place = _homes(facts, _CITY, 1, chance)[0]
            product = facts.names[facts.goods[len(made) % len(facts.goods)].code]
            made.append(_firm(f"{title} {number}", kind, place, product))
    return made


def _homes(facts: Facts, districts: Sequence[str], many: int, chance: random.Random) -> list[Place]:
    """Different communes of these former districts, anywhere in the country if none are named."""
    rural = [
        place
        for place in facts.places
        if (place.district in districts if districts else place.district.startswith("Huyện"))
    ]
    return chance.sample(rural, many)
