"""A reading as the command and the API write it: every key always there, null for unknown."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from linkage.market.quickpost.drafts import Draft, Reading

# The key of a quantity, and how many base units one of it is.
_QUANTITIES = {
    "mass": ("quantity_kg", 1_000),
    "volume": ("quantity_litre", 1_000),
    "count": ("quantity_count", 1),
}
# What a further product says of itself; the rest it has in common with the first.
_OWN = ("commodity", "quantity_kg", "quantity_litre", "quantity_count", "quantity_min", "per",
        "price_vnd_per_kg", "price_vnd", "price_unit")  # fmt: skip


def of_reading(reading: Reading) -> dict[str, Any]:
    """The first product as the post, the others beside it; what is no post has nothing."""
    first, *others = reading.drafts or (Draft(),)
    return {
        "text": reading.public_text,
        "side": first.side,
        **_of_product(first),
        "start": _day(first.start),
        "end": _day(first.end),
        "place": first.place.name if first.place else None,
        "certs": list(first.certificate_names),
        "words": list(first.words),
        "others": [_of_other(other, first) for other in others],
        "missing": list(first.missing) if reading.is_post else [],
    }


def _of_product(draft: Draft) -> dict[str, Any]:
    amount, cost = draft.amount, draft.cost
    found: dict[str, Any] = dict.fromkeys(_OWN)
    found["commodity"] = draft.commodity_name
    if amount is not None:
        key, size = _QUANTITIES[amount.dimension]
        found[key] = _number(Fraction(amount.quantity, size))
        found["quantity_min"] = (
            None if amount.least is None else _number(Fraction(amount.least, size))
        )
        found["per"] = amount.per
    if cost is not None and cost.per_kg is not None:
        found["price_vnd_per_kg"] = cost.per_kg
    elif cost is not None:
        found["price_vnd"], found["price_unit"] = cost.dong, cost.unit
    return found


def _of_other(draft: Draft, first: Draft) -> dict[str, Any]:
    """What is known of a further product, and its side where that is another one."""
    found = {key: value for key, value in _of_product(draft).items() if value is not None}
    return {"side": draft.side, **found} if draft.side != first.side else found


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
