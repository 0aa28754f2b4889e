"""Several products in one message: which quantity and which price belong to which.

A clause (between commas, full stops, lines, "và") that names goods says something of them; one that
names none goes on about the goods before it, or leads to the first. What could be meant for several
goods, and is said once, is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linkage.market.quickpost.prices import Price
from linkage.market.quickpost.products import YOUNG, Goods, Mention
from linkage.market.quickpost.quantities import Quantity
from linkage.market.quickpost.tokens import Text, Token, words

_BREAKS = frozenset(",;.!?|&+•*:")
_AND = frozenset({"va", "voi", "cung", "&"})
_EACH = (
    ("moi", "loai"),
    ("moi", "thu"),
    ("dong", "gia"),
    ("gia", "chung"),
    ("cung", "gia"),
    ("moi", "mon"),
    ("deu",),
    ("chung", "gia"),
)
_IN_ORDER = ("lan", "luot")
_OWNERS = words(
    "htx trai trang chuong so xuong nha may dai ly quan hang lo mo ho nuoi ty hop xa vua vung"
)
_LISTING = frozenset({"cac", "loai", ":", ",", "va", "gom", "nhu", "(", "\x00", "-"})
# Behind the goods of who buys: "trại 2.000 con lợn cần mua ngô".
_TO_BUY = (("can", "mua"), ("can", "nhap"), ("muon", "mua"), ("thu", "mua"), ("tim", "mua"))
_FOR = frozenset({"cho", "nuoi", "lam", "bang", "tu", "thay", "sang", "nhu", "giong"})


@dataclass
class Product:
    """A product of the message and what is said of it."""

    code: str
    mentions: list[Mention]
    quantity: Quantity | None = None
    price: Price | None = None


def clauses(text: Text, tokens: Sequence[Token]) -> list[range]:
    """The clauses, as ranges of tokens."""
    found, first = [], 0
    for at, token in enumerate(tokens):
        new_line = at > 0 and "\n" in text.text[tokens[at - 1].end : token.start]
        if new_line and at > first:
            found.append(range(first, at))
            first = at
        if (token.fold in _BREAKS and not (token.fold == ":" and at == first)) or (
            token.fold in _AND and at > first
        ):
            found.append(range(first, at))
            first = at + 1
    found.append(range(first, len(tokens)))
    return [clause for clause in found if len(clause)]


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says: goods, quantities, prices, each in order."""

    mentions: Sequence[Mention]
    quantities: Sequence[Quantity]
    prices: Sequence[Price]

    def within(self, clause: range) -> list[Quantity | Price]:
        """The quantities and prices of a clause, in order."""
        found: list[Quantity | Price] = [q for q in self.quantities if q.first in clause]
        found += [p for p in self.prices if p.first in clause]
        return sorted(found, key=lambda one: one.first)


def attach(text: Text, said: Said, goods: Goods) -> list[Product]:
    """The products of a message in order, each with its quantity and price."""
    tokens = text.tokens
    mentions = _without_details(tokens, said.mentions)
    products = _products(tokens, mentions, said.quantities, goods)
    by_code = {product.code: product for product in products}
    current: Product | None = None
    waiting: list[Quantity | Price] = []
    for clause in clauses(text, tokens):
        named = [m for m in mentions if m.first in clause and m.code in by_code]
        here = said.within(clause)
        if not named:
            if current is None:
                waiting += here
            else:
                _go_on(tokens, clause, products, current, here)
            continue
        again = _another_lot(named, here, by_code)
        if again is not None:
            products.append(again)
            by_code[again.code] = again
        _share_out([by_code[m.code] for m in named], named, here)
        if current is None:
            _give(by_code[named[0].code], waiting)
        current = by_code[named[-1].code]
    _take_back(tokens, products)
    _for_all(tokens, products)
    if not products and waiting:
        nameless = Product("", [])
        _give(nameless, waiting)
        return [nameless]
    return _worth_a_post(tokens, products)


def _without_details(tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention]:
    """Young animals "các loại: trắm, chép, mè" are one product: the list says which."""
    kept: list[Mention] = []
    listed: Mention | None = None
    for mention in mentions:
        between = tokens[listed.last : mention.first] if listed else ()
        words = {token.fold for token in between}
        if listed is not None and listed.code in YOUNG and words <= _LISTING:
            listed = replace(listed, last=mention.last)
            continue
        kept.append(mention)
        listed = mention
    return kept


def _products(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    quantities: Sequence[Quantity],
    goods: Goods,
) -> list[Product]:
    """The goods that are dealt in: not those in the name of who deals, nor what they are for."""
    dealt = [m for m in mentions if not _is_what_the_buyer_keeps(tokens, m)]
    kept = [m for m in dealt if not _is_aside(tokens, m)] or dealt
    codes: dict[str, list[Mention]] = {}
    for mention in kept:
        codes.setdefault(mention.code, []).append(mention)
    for code in list(codes):
        below = any(code in goods.above(other)[1:] for other in codes)
        if below and not _has_quantity(tokens, codes[code], quantities):
            del codes[code]
    return [Product(code, found) for code, found in codes.items()]


def _is_aside(tokens: Sequence[Token], mention: Mention) -> bool:
    before = tokens[mention.first - 1].fold if mention.first else ""
    return before in _OWNERS or before in _FOR


def _is_what_the_buyer_keeps(tokens: Sequence[Token], mention: Mention) -> bool:
    """Whether it is counted behind an owner and before what that one buys."""
    at = mention.first
    counted = at > 1 and tokens[at - 1].is_number and tokens[at - 2].fold in _OWNERS
    behind = tuple(token.fold for token in tokens[mention.last : mention.last + 2])
    needs = behind[:1] == ("can",) and tokens[mention.last + 1 : mention.last + 2]
    return counted and (behind in _TO_BUY or bool(needs and needs[0].is_number))


def _has_quantity(
    tokens: Sequence[Token], mentions: Sequence[Mention], quantities: Sequence[Quantity]
) -> bool:
    return any(q.last == m.first for q in quantities for m in mentions)


def _another_lot(
    named: Sequence[Mention], said: Sequence[Quantity | Price], by_code: dict[str, Product]
) -> Product | None:
    """The same goods again with a quantity of their own: "200kg tỏi cô đơn và 500kg tỏi thường"."""
    codes = {mention.code for mention in named}
    more = any(isinstance(one, Quantity) for one in said)
    if len(codes) != 1 or not more or by_code[named[0].code].quantity is None:
        return None
    first = by_code[named[0].code]
    first.mentions = [m for m in first.mentions if m not in named]
    return Product(named[0].code, list(named)) if first.mentions else None


def _share_out(
    products: Sequence[Product], named: Sequence[Mention], said: Sequence[Quantity | Price]
) -> None:
    """Within a clause: to its only product, else to the one behind or before, as it begins."""
    if len(products) == 1 or all(p is products[0] for p in products):
        _give(products[0], said)
        return
    leads = bool(said) and said[0].first < named[0].first
    for one in said:
        if isinstance(one, Quantity) and leads:
            behind = [p for p, m in zip(products, named, strict=True) if m.first > one.first]
            target = behind[0] if behind else products[-1]
        else:
            before = [p for p, m in zip(products, named, strict=True) if m.first < one.first]
            target = before[-1] if before else products[0]
        _give(target, [one])


def _give(product: Product, said: Sequence[Quantity | Price]) -> None:
    for one in said:
        if isinstance(one, Price):
            product.price = one if product.price is None else _both(product.price, one)
        elif product.quantity is None or _is_one(product.quantity):
            product.quantity = one


def _is_one(quantity: Quantity) -> bool:
    """Whether it is "1kg", as before a price: a quantity that is said later counts more."""
    return quantity.amount == quantity.unit.base_units and quantity.unit.code in (
        "kg",
        "con",
        "qua",
    )


def _both(price: Price, other: Price) -> Price:
    """Two prices of one product, as of two grades: neither is the price."""
    same = price.dong == other.dong or not (price.sure and other.sure)
    return price if same else replace(price, sure=False)


def _go_on(
    tokens: Sequence[Token],
    clause: range,
    products: Sequence[Product],
    current: Product,
    said: Sequence[Quantity | Price],
) -> None:
    """A clause without goods: of those before it, unless it could be meant for several."""
    reached = list(products[: products.index(current) + 1])
    for one in said:
        if isinstance(one, Price):
            sole = all(p.price is not None for p in reached[:-1])
        else:
            sole = all(p.quantity is not None for p in reached[:-1])
            sole = sole and (current.quantity is None or _is_one(current.quantity))
        if sole:
            _give(current, [one])
        elif _speaks_of_each(tokens, clause):
            for product in reached:
                _give(product, [one])


def _speaks_of_each(tokens: Sequence[Token], clause: range) -> bool:
    words = [tokens[at].fold for at in clause]
    return any(
        tuple(words[at : at + len(each)]) == each for each in _EACH for at in range(len(words))
    )


def _take_back(tokens: Sequence[Token], products: Sequence[Product]) -> None:
    """Of goods in a row what is said once, before or behind all of them, is nobody's."""
    if _speaks_of_each(tokens, range(len(tokens))):
        return
    for row in _rows(tokens, products):
        quantified = [product for product in row if product.quantity]
        if len(quantified) == 1 and quantified[0] in (row[0], row[-1]):
            quantified[0].quantity = None
        priced = [product for product in row if product.price]
        if priced == row[-1:]:
            priced[0].price = None


def _rows(tokens: Sequence[Token], products: Sequence[Product]) -> Iterator[list[Product]]:
    """Goods with nothing but commas and "và" between them, two or more."""
    row: list[Product] = []
    for product in products:
        if row and not _in_a_row(tokens, row[-1], product):
            if len(row) > 1:
                yield row
            row = []
        row.append(product)
    if len(row) > 1:
        yield row


def _for_all(tokens: Sequence[Token], products: Sequence[Product]) -> None:
    """ "Cà chua và dưa chuột mỗi loại 2 tấn": what is said of each goes to all that lack it."""
    if len(products) < 2 or not _speaks_of_each(tokens, range(len(tokens))):
        return
    said = [p for p in products if p.quantity is not None]
    priced = [p for p in products if p.price is not None]
    for product in products:
        if product.quantity is None and len(said) == 1:
            product.quantity = said[0].quantity
        if product.price is None and len(priced) == 1:
            product.price = priced[0].price


def _worth_a_post(tokens: Sequence[Token], products: Sequence[Product]) -> list[Product]:
    """Goods with a quantity or a price, and those that stand in a row with the first."""
    kept = list(products[:1])
    for product in products[1:]:
        if product.quantity or product.price or _in_a_row(tokens, kept[-1], product):
            kept.append(product)
    # The first may be named in passing, where another one has all that is said.
    first = kept[0] if kept else None
    if first is not None and len(kept) > 1 and not (first.quantity or first.price):
        others = [p for p in kept[1:] if p.quantity]
        if others and not _in_a_row(tokens, first, kept[1]):
            return kept[1:]
    return kept


def _in_a_row(tokens: Sequence[Token], one: Product, other: Product) -> bool:
    between = tokens[one.mentions[-1].last : other.mentions[0].first]
    return all(
        token.fold in (",", "va", "voi", "&", "+", "/", "cung", "-", "hoac") for token in between
    )
