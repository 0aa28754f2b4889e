"""The products of the demonstration: how much is grown here, when it is sold, where, at what price.

Amounts are chosen so that together they are about a third of what the city eats (`docs/demo.md`).
Prices are assumed, of the order of what producers got in the north in 2024-2025; no source states
them, and nothing but the demonstration's own posts and talks is made of them.
"""

from __future__ import annotations

from dataclasses import dataclass

# What the city eats, tonnes a day, and the part of it that is grown here.
NEED_T_A_DAY = (550, 700)
NEED_OF_VEGETABLES_T_A_DAY = 400
GROWN_HERE_PERCENT = 35

INPUTS, COLLECTING = "inputs", "collecting"


@dataclass(frozen=True, slots=True)
class Good:
    """A product: `a_day` is sold by producers here on an average day of the year, in `unit`.

    `price` is in đồng for one `unit`. `keeps`: so many months after its harvest it is still sold
    from store. `districts`: former districts where it is at home; () is anywhere in the country.
    `needs`: the input that its producers buy; `becomes`: what processors make of it; both codes.
    `without`: what nobody does among those who are made here; the register may have somebody.
    """

    code: str
    a_day: int
    price: int
    producers: int
    keeps: int = 0
    districts: tuple[str, ...] = ()
    needs: str = "npk"
    becomes: str | None = None
    without: frozenset[str] = frozenset()
    unit: str = "kg"
    grams: int = 1_000


_EAST = ("Huyện Tiên Lãng", "Huyện Vĩnh Bảo", "Huyện Kiến Thụy", "Huyện An Lão")
_WEST = ("Huyện Gia Lộc", "Huyện Tứ Kỳ", "Huyện Ninh Giang", "Huyện Thanh Miện")
_CARROTS = ("Huyện Cẩm Giàng", "Huyện Nam Sách")
_ONIONS = ("Thị xã Kinh Môn", "Huyện Nam Sách")
_LITCHI = ("Huyện Thanh Hà", "Thành phố Chí Linh")
_SEA = ("Huyện Kiến Thụy", "Huyện Tiên Lãng", "Quận Đồ Sơn", "Quận Dương Kinh")
_HENS = ("Thành phố Chí Linh", "Huyện Cẩm Giàng", "Huyện Thanh Hà")

_NO_INPUTS = frozenset({INPUTS})
_NO_COLLECTING = frozenset({COLLECTING})
_ONLY_RETAIL = frozenset({INPUTS, COLLECTING})

_SEEDS, _FISH, _FRUIT = "seed-vegetable", "feed-aqua", "organic-fertiliser"

GOODS = (
    # Vegetables: 140 tonnes a day.
    Good("cabbage", 14_000, 5_000, 4, 0, _WEST, _SEEDS, "pickles"),
    Good("kohlrabi", 12_000, 5_500, 4, 0, _WEST, _SEEDS, without=_NO_COLLECTING),
    Good("cauliflower", 6_000, 8_000, 3, 0, _WEST, _SEEDS),
    Good("carrot", 16_000, 7_000, 5, 2, _CARROTS, _SEEDS, "dried-vegetables"),
    Good("tomato", 12_000, 9_000, 4, 0, _EAST, _SEEDS),
    Good("leaf-mustard", 12_000, 6_000, 4, 0, _EAST, _SEEDS, "pickles", _NO_INPUTS),
    Good("water-spinach", 11_000, 6_000, 4, 0, (), _SEEDS, without=_NO_COLLECTING),
    Good("cucumber", 8_000, 8_000, 3, 0, _WEST, _SEEDS, "pickles"),
    Good("pumpkin", 6_000, 6_000, 3, 2, _EAST, _SEEDS, without=_NO_COLLECTING),
    Good("winter-melon", 7_000, 6_000, 3, 1, _WEST, _SEEDS, without=_NO_INPUTS),
    Good("shallot", 6_000, 18_000, 4, 6, _ONIONS, _SEEDS, "dried-vegetables"),
    Good("garlic", 2_000, 35_000, 3, 6, _ONIONS, _SEEDS, without=_NO_COLLECTING),
    Good("chilli", 2_000, 15_000, 3, 0, _EAST, _SEEDS, without=_NO_COLLECTING),
    Good("spring-onion", 3_000, 12_000, 3, 0, _ONIONS, _SEEDS, without=_NO_COLLECTING),
    Good("malabar-spinach", 4_000, 6_000, 3, 0, (), _SEEDS, without=_ONLY_RETAIL),
    Good("luffa", 3_000, 7_000, 3, 0, _EAST, _SEEDS, without=_ONLY_RETAIL),
    Good("bitter-melon", 2_000, 9_000, 2, 0, _EAST, _SEEDS, without=_ONLY_RETAIL),
    Good("radish", 5_000, 5_000, 3, 0, _WEST, _SEEDS, "pickles"),
    Good("lettuce", 2_000, 12_000, 2, 0, (), _SEEDS, without=_NO_COLLECTING),
    Good("aubergine", 2_500, 9_000, 2, 0, _EAST, _SEEDS, without=_NO_INPUTS),
    Good("herbs", 1_500, 15_000, 2, 0, (), _SEEDS, without=_NO_COLLECTING),
    Good("watermelon", 3_000, 7_000, 3, 1, _EAST, _SEEDS, without=_NO_COLLECTING),
    # Grains, roots and fruit.
    Good("paddy", 12_000, 8_000, 5, 3, _EAST, "seed-rice", "rice"),
    Good("paddy-glutinous", 3_000, 11_000, 3, 5, _ONIONS, "seed-rice", without=_NO_COLLECTING),
    Good("potato", 6_000, 9_000, 3, 3, _EAST, "seed-potato"),
    Good("maize-sweet", 1_500, 6_000, 2, 0, _WEST, "seed-maize", without=_NO_COLLECTING),
    Good("banana", 3_500, 8_000, 3, 0, _LITCHI, _FRUIT, "dried-banana"),
    Good("guava", 2_500, 10_000, 3, 0, _LITCHI, _FRUIT, without=_NO_COLLECTING),
    Good("litchi-thieu", 3_000, 20_000, 4, 0, _LITCHI, _FRUIT, "dried-litchi"),
    Good("longan", 1_000, 20_000, 2, 0, _LITCHI, _FRUIT, without=_NO_INPUTS),
    # Meat, eggs and fish.
    Good("pig", 14_000, 62_000, 5, 0, (), "feed-pig", "pork"),
    Good("chicken", 6_000, 60_000, 4, 0, _HENS, "feed-poultry", "chicken-meat"),
    Good("duck", 3_000, 48_000, 3, 0, _WEST, "feed-poultry", without=_NO_COLLECTING),
    Good("egg-hen", 60_000, 2_600, 3, 0, _HENS, "feed-poultry", unit="qua", grams=55),
    Good("grass-carp", 3_000, 58_000, 3, 0, _WEST, _FISH),
    Good("tilapia", 2_500, 36_000, 3, 0, _WEST, _FISH, "frozen-fish"),
    Good("common-carp", 1_500, 55_000, 2, 0, _WEST, _FISH, without=_NO_COLLECTING),
    Good("barramundi", 1_500, 85_000, 3, 0, _SEA, _FISH, without=_NO_COLLECTING),
    Good("whiteleg-shrimp", 2_000, 140_000, 4, 0, _SEA, _FISH, "frozen-shrimp"),
    Good("clam", 4_000, 20_000, 3, 0, _SEA, "clam-seed", "frozen-clam"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """What producers buy: `part` of its `unit` for a thousand units of what they sell."""

    code: str
    price: int
    part: int
    unit: str = "kg"


INPUT_GOODS = (
    Input("seed-vegetable", 400_000, 1),
    Input("seed-rice", 40_000, 10),
    Input("seed-potato", 18_000, 80),
    Input("seed-maize", 120_000, 4),
    Input("organic-fertiliser", 4_000, 150),
    Input("feed-pig", 13_000, 1_600),
    Input("feed-poultry", 12_500, 1_800),
    Input("feed-aqua", 15_000, 1_400),
    Input("clam-seed", 60, 90_000, "con"),
)
# What processors make, in đồng for a kilogram; how much of it is the reference data's own yield.
PRODUCT_PRICES = {
    "pickles": 14_000,
    "dried-vegetables": 90_000,
    "rice": 15_000,
    "dried-banana": 70_000,
    "dried-litchi": 85_000,
    "pork": 95_000,
    "chicken-meat": 80_000,
    "frozen-fish": 60_000,
    "frozen-shrimp": 230_000,
    "frozen-clam": 70_000,
}
