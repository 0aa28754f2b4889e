"""Quantities that are said in passing: trees of a garden, a herd, the size of a bottle."""

from __future__ import annotations

from collections.abc import Sequence

from linkage.market.quickpost.prices import Price
from linkage.market.quickpost.quantities import LARGEST_SIZE, Quantity
from linkage.market.quickpost.tokens import Token, words

_TREES = frozenset({"gốc", "goc", "khóm", "khom"})
# What is kept, and words behind which it is sold all the same.
_KEPT = words("nuoi dan chuong trai tong mo")
_TRADED = words("ban xuat can mua nhap con nhuong lay")


def without_asides(
    tokens: Sequence[Token],
    quantities: Sequence[Quantity],
    prices: Sequence[Price],
    *,
    trees_are_goods: bool,
) -> list[Quantity]:
    """The quantities that are dealt in: no trees of a garden, no herd of which a part is sold, no
    size of a bottle before its price ("mật ong 600ml 150k/chai"), no weight beside a count of heads
    ("lợn con 20-30kg, 15 con"), which is each one's or all of them's."""
    boxed = {price.first for price in prices if price.unit is not None and price.unit.sized}
    kept = [q for q in quantities if trees_are_goods or not _counts_trees(tokens, q)]
    kept = [q for q in kept if q.unit.base_units is None or not _is_size_of_a_box(tokens, q, boxed)]
    kept = [q for q in kept if not any(_is_weight_of_each(tokens, q, heads) for heads in kept)]
    if not any(_is_led(tokens, q, _TRADED) for q in kept):
        return kept
    return [q for q in kept if not _is_herd(tokens, q)]


def _is_size_of_a_box(tokens: Sequence[Token], quantity: Quantity, boxed: set[int]) -> bool:
    at = quantity.last
    while at < len(tokens) and tokens[at].fold in (",", "gia") and at not in boxed:
        at += 1
    few = quantity.amount <= LARGEST_SIZE.get(quantity.dimension, 0)
    return few and at in boxed and quantity.unit.code in ("kg", "g", "lit", "ml", "lang")


def _is_weight_of_each(tokens: Sequence[Token], quantity: Quantity, heads: Quantity) -> bool:
    if quantity.dimension != "mass" or heads.unit.code != "con" or quantity.per is not None:
        return False
    first, second = sorted((quantity, heads), key=lambda one: one.first)
    between = tokens[first.last : second.first]
    beside = len(between) <= 1 and all(token.fold in (",", "(") for token in between)
    return beside and quantity.amount <= LARGEST_SIZE["mass"]


def _is_herd(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether it is what somebody keeps: "nuôi 2 vạn con", "đàn 300 con"."""
    kept = _is_led(tokens, quantity, _KEPT) and not _is_led(tokens, quantity, _TRADED)
    return kept and quantity.dimension == "count"


def _is_led(tokens: Sequence[Token], quantity: Quantity, leading: frozenset[str]) -> bool:
    before = tokens[max(0, quantity.first - 3) : quantity.first]
    return any(token.fold in leading for token in before)


def _counts_trees(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether it counts what grows in a garden, by its word or by where it stands."""
    if quantity.unit.code != "cay":
        return False
    before = [token.fold for token in tokens[max(0, quantity.first - 2) : quantity.first]]
    said = {token.written for token in tokens[quantity.first : quantity.last]}
    return bool(said & _TREES) or bool({"vuon", "trong", "rung", "doi"} & set(before))
