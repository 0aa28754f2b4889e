"""Which unit a price is for, and what that is per kilogram."""

from __future__ import annotations

from linkage.catalogue.units import Measure
from linkage.errors import DomainError
from linkage.market.amounts import LARGEST_PRICE, price_in, price_per_scale
from linkage.market.quickpost.drafts import Cost
from linkage.market.quickpost.prices import Price, per_unit
from linkage.market.quickpost.quantities import Quantity

KILOGRAM = Measure("kg", "mass", 1_000)
# Đồng per kilogram that goods of a branch can cost; the narrowest branch above them counts.
_PLAUSIBLE = {
    "": (500, 2_000_000), "vegetables": (1_000, 150_000), "grains": (2_000, 100_000),
    "garlic": (10_000, 400_000), "fruits": (1_000, 300_000), "processed": (2_000, 3_000_000),
    "milled": (3_000, 300_000), "rice": (5_000, 100_000), "paddy": (3_000, 30_000),
    "inputs": (500, 500_000), "salt": (500, 50_000),
    "animals": (20_000, 500_000), "pig": (20_000, 200_000), "poultry": (20_000, 500_000),
    "fishery": (3_000, 5_000_000), "fishes": (5_000, 1_000_000), "mushrooms": (10_000, 500_000),
    "timber": (300, 50_000),
}  # fmt: skip


def cost(
    price: Price | None, quantity: Quantity | None, above: list[str], *, sold_by_mass: bool
) -> Cost | None:
    """The price of one unit; None where the unit is not sure.

    `above`: the commodity's code and those over it, upwards; `sold_by_mass`: it is weighed.
    """
    if price is None or not price.sure or price.dong > LARGEST_PRICE:
        return None
    if price.unit is not None:
        measure, name = price.unit.measure, price.unit.name
        if measure.base_units is None:
            sized = quantity is not None and quantity.unit.code == measure.code
            if quantity is not None and sized:
                measure = quantity.unit
        return _of(price.dong, measure, name)
    low, high = next(_PLAUSIBLE[code] for code in (*above, "") if code in _PLAUSIBLE)
    if quantity is None or (quantity.dimension == "count" and "animals" in above):
        # Nobody sells a pig for the price of a kilogram of it.
        by_mass = price.unit is None and low <= price.dong <= high
        return _of(price.dong, KILOGRAM, "kg") if by_mass and sold_by_mass else None
    if not per_unit(quantity.unit):
        return None
    if low <= price.dong <= high:
        return _of(price.dong, KILOGRAM, "kg")
    found = _of(price.dong, quantity.unit, "")
    plausible = found is not None and found.per_kg is not None and low <= found.per_kg <= high
    return found if plausible else None


def _of(dong: int, measure: Measure, name: str) -> Cost | None:
    if measure.base_units is None or measure.dimension != "mass":
        return Cost(dong, measure, name, None)
    try:
        per_kg = price_in(price_per_scale(dong, measure), KILOGRAM)
    except DomainError:
        return None
    whole = int(per_kg)
    return Cost(dong, measure, name, whole) if whole == per_kg and whole else None
