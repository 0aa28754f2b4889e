"""A message read as a whole: each idea finds its words, and what is found is put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from linkage.market.amounts import LARGEST_TOTAL
from linkage.market.quickpost import grades, phones, sides, windows
from linkage.market.quickpost.asides import without_asides
from linkage.market.quickpost.certificates import Certificate
from linkage.market.quickpost.costs import cost
from linkage.market.quickpost.cues import NEED
from linkage.market.quickpost.dates import Window
from linkage.market.quickpost.drafts import Amount, Draft, Reading, Span, Whereabouts
from linkage.market.quickpost.lexicon import Lexicon, packaged
from linkage.market.quickpost.measured import bare_count
from linkage.market.quickpost.places import Place, the_place
from linkage.market.quickpost.prices import Price, read_prices
from linkage.market.quickpost.products import NOTHING, Mention, is_half
from linkage.market.quickpost.quantities import (
    Quantity,
    Size,
    read_quantities,
    with_period,
)
from linkage.market.quickpost.several import Product, Said, attach
from linkage.market.quickpost.sides import Cue
from linkage.market.quickpost.tokens import Text, Token, read_text
from linkage.market.quickpost.units import Units

# A post is a few lines; what is longer is cut, so that reading stays quick.
LONGEST = 2_000
_BLANK = "\x00"
# What is only kept, or gone, is not offered.
_KEPT = frozenset({"nuoi", "tha", "trong", "mat", "an", "chet"})


@dataclass(frozen=True, slots=True)
class _Found:
    """All that the ideas found in one message."""

    text: Text
    mentions: Sequence[Mention]
    places: Sequence[Place]
    certificates: Sequence[Certificate]
    windows: Sequence[Window]
    quantities: Sequence[Quantity]
    sizes: Sequence[Size]
    prices: Sequence[Price]
    cues: Sequence[Cue]


def read(text: str, *, today: date, lexicon: Lexicon | None = None) -> Reading:
    """Read one message: a draft for each product, none where it is no post."""
    lexicon = lexicon or packaged()
    whole = read_text(text[:LONGEST])
    telephone = tuple(Span(*span) for span in phones.spans(whole.text))
    nothing = Reading(whole.text, (), telephone, phones.without(whole.text))
    words = sides.trade_words(whole)
    if not whole.tokens or sides.is_no_post(whole, words):
        return nothing
    found = _find(whole, telephone, words, today, lexicon)
    said = Said(found.mentions, found.quantities, found.prices)
    products = attach(whole, said, lexicon.goods)
    side = sides.side_of(found.cues)
    if side is None or side.faint:
        side = _unsaid(side, products, words)
    if not _is_post(found, products, side):
        return nothing
    return replace(nothing, drafts=tuple(_drafts(found, products, side, lexicon)))


def _find(
    text: Text, telephone: Sequence[Span], words: str, today: date, lexicon: Lexicon
) -> _Found:
    tokens = list(text.tokens)
    for span in telephone:
        _blank(tokens, _tokens_in(text.tokens, *span))
    certificates, taken = lexicon.certificates.read(text, tokens)
    mentions, places = _names(text, tokens, taken, lexicon)
    certificates = [c for c in certificates if not _inside(c, mentions)]
    rest = list(tokens)
    _blank(rest, taken)
    for mention in mentions:
        _blank(rest, range(mention.first, mention.last))
    for place in places:
        _blank(rest, range(place.first, place.last))
    times = windows.read_windows(text, _folded(text, rest), today)
    chosen = windows.one_window(times)
    for window in times:
        _blank(rest, _tokens_in(text.tokens, window.start, window.end))
    units = replace(lexicon.units, marked=text.marked)
    counted = _with_units(tokens, rest, mentions, units)
    prices = read_prices(counted, units)
    for price in prices:
        _blank(counted, set(range(price.first, price.last)))
    quantities, sizes = read_quantities(counted, units)
    begun = {quantity.first for quantity in quantities}
    bare = (q for q in _bare_counts(counted, mentions, lexicon) if q.first not in begun)
    quantities += [with_period(counted, quantity, units) for quantity in bare]
    trees = any(_is_counted(mention, lexicon) for mention in mentions)
    quantities = without_asides(counted, quantities, prices, trees_are_goods=trees)
    cues = sides.read_cues(words)
    return _Found(
        text, mentions, places, certificates, chosen,
        sorted(quantities, key=lambda q: q.first), sizes, prices, cues,
    )  # fmt: skip


def _blank(tokens: list[Token], taken: Iterable[int]) -> None:
    """Replace tokens that are read by what nothing is read from."""
    for at in taken:
        tokens[at] = replace(tokens[at], written=_BLANK, spell=_BLANK, fold=_BLANK)


def _tokens_in(tokens: Sequence[Token], start: int, end: int) -> set[int]:
    """The numbers of the tokens that begin in a span of characters."""
    return {n for n, token in enumerate(tokens) if start <= token.start < end}


def _inside(certificate: Certificate, mentions: Sequence[Mention]) -> bool:
    return any(m.first <= certificate.first < m.last for m in mentions)


def _folded(text: Text, tokens: Sequence[Token]) -> str:
    """The folded text with blanks for the tokens that are read."""
    folded = list(text.fold)
    for token in tokens:
        if token.fold == _BLANK:
            folded[token.start : token.end] = _BLANK * (token.end - token.start)
    return "".join(folded)


def _names(
    text: Text, tokens: Sequence[Token], taken: set[int], lexicon: Lexicon
) -> tuple[list[Mention], list[Place]]:
    """Goods and places from left to right; of two that begin together the longer one."""
    mentions: list[Mention] = []
    places: list[Place] = []
    at = 0
    while at < len(tokens):
        if is_half(text, tokens, at, mentions, lexicon.goods):
            at += 1
            continue
        mention = lexicon.goods.at(text, tokens, at)
        beside = bool(mentions) and mentions[-1].last == at
        place = lexicon.places.at(text, tokens, at, beside_goods=beside)
        if at in taken and (mention is None or mention.last - at < 2):
            at += 1
        elif place is not None and (mention is None or place.last >= mention.last):
            places.append(place)
            at = place.last
        elif mention is not None:
            mentions += [mention] if mention.code != NOTHING else []
            at = mention.last
        else:
            at += 1
    return _absorbed(mentions, lexicon), places


def _absorbed(mentions: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """Goods that follow others with nothing between are one: "cá giống chép"."""
    kept: list[Mention] = []
    for mention in mentions:
        last = kept[-1] if kept else None
        if last is not None and last.last == mention.first:
            kept[-1] = lexicon.goods.joined(last, mention)
        else:
            kept.append(mention)
    return kept


def _with_units(
    tokens: Sequence[Token], rest: Sequence[Token], mentions: Sequence[Mention], units: Units
) -> list[Token]:
    """The tokens that are left, with the first word of goods, which can be a unit ("quả vải")."""
    counted = list(rest)
    for mention in mentions:
        before = tokens[mention.first - 1] if mention.first else None
        counts = before is not None and _can_count(before)
        if counts and mention.last - mention.first > 1 and units.at(tokens, mention.first):
            counted[mention.first] = tokens[mention.first]
    return counted


def _can_count(token: Token) -> bool:
    return token.is_number or token.fold in ("k", "nghin", "ngan", "van", "tram", "chuc", "trieu")


def _bare_counts(
    tokens: Sequence[Token], mentions: Sequence[Mention], lexicon: Lexicon
) -> list[Quantity]:
    """ "2000 trứng gà", "2-3 vạn tôm giống": a number right before goods that are counted."""
    found = []
    for mention in mentions:
        said = bare_count(tokens, mention.first)
        if said is None:
            continue
        counted = lexicon.goods.rows[mention.code].dimension == "count"
        if counted or {"animals", "poultry"} & set(lexicon.goods.above(mention.code)):
            unit = lexicon.units.measure("con" if not counted else "cai")
            first, low, high = said
            found.append(Quantity(first, mention.last, high, low, "count", unit))
    return found


def _is_counted(mention: Mention, lexicon: Lexicon) -> bool:
    return lexicon.goods.rows[mention.code].dimension == "count"


def _unsaid(side: Cue | None, products: Sequence[Product], words: str) -> Cue | None:
    """The side where no word of trade says it: goods with their quantity and price are offered."""
    if sides.is_no_offer(words):
        return None
    priced = any(product.code and product.quantity and product.price for product in products)
    return side or (sides.UNSAID if priced else None)


def _says_where_or_when(found: _Found) -> bool:
    """Whether the goods are to be had on a day or at a place, and are not only kept there."""
    kept = any(token.fold in _KEPT for token in found.text.tokens)
    return not kept and (bool(found.windows) or any(place.led for place in found.places))


def _is_post(found: _Found, products: Sequence[Product], side: Cue | None) -> bool:
    """Whether somebody sells or buys something here."""
    named = [product for product in products if product.code]
    measured = any(product.quantity for product in products)
    priced = any(product.price for product in products)
    if side is None:
        return bool(named) and measured and priced
    if side.faint:
        return bool(named) and measured and (priced or _says_where_or_when(found))
    if side.strong:
        return bool(named) or measured
    if not named:
        return False
    tokens = found.text.tokens
    first = named[0].mentions[0].first
    near = 0 <= tokens[first].start - side.end <= 20 and side.side == NEED
    return measured or priced or near


def _drafts(
    found: _Found, products: Sequence[Product], side: Cue | None, lexicon: Lexicon
) -> Iterable[Draft]:
    shared = _shared(found, side)
    for number, product in enumerate(products):
        draft = _draft(found, product, shared, lexicon)
        if number and product.mentions:
            draft = _own_side(found, product, draft)
        yield draft


def _shared(found: _Found, side: Cue | None) -> Draft:
    """What a message says of all its products."""
    spans: dict[str, tuple[Span, ...]] = {}
    if side is not None and side is not sides.UNSAID:
        spans["side"] = (Span(side.start, side.end),)
    place = the_place(found.text, found.places, offered=side is None or side.side == "offer")
    if place is not None:
        spans["place"] = (_span(found.text, place.first, place.last),)
    if found.windows:
        both = tuple(Span(window.start, window.end) for window in found.windows)
        spans |= {"start": both, "end": both}
    if found.certificates:
        spans["certificates"] = tuple(
            _span(found.text, one.first, one.last) for one in found.certificates
        )
    words = [Span(*span) for span in grades.spans(found.text)]
    words += [_span(found.text, size.first, size.last) for size in found.sizes]
    if words:
        spans["words"] = tuple(sorted(words))
    starts = [window.starts for window in found.windows if window.starts]
    ends = [window.ends for window in found.windows if window.ends]
    return Draft(
        side=side.side if side else None,
        start=starts[0] if starts else None,
        end=ends[-1] if ends else None,
        place=Whereabouts(place.name, place.kind, place.codes) if place else None,
        certificates=tuple(one.code for one in found.certificates),
        certificate_names=tuple(one.name for one in found.certificates),
        words=tuple(found.text.text[a:b] for a, b in sorted(words)),
        spans=spans,
    )


def _draft(found: _Found, product: Product, shared: Draft, lexicon: Lexicon) -> Draft:
    spans = dict(shared.spans)
    above = lexicon.goods.above(product.code) if product.code else []
    row = lexicon.goods.rows.get(product.code)
    by_mass = row is not None and row.dimension == "mass" and row.stage != "inputs"
    amount = _amount(product.quantity)
    price = cost(product.price, product.quantity, above, sold_by_mass=by_mass)
    if product.code:
        spans["commodity"] = tuple(_span(found.text, m.first, m.last) for m in product.mentions)
    if amount is not None and product.quantity is not None:
        quantity = product.quantity
        pieces = [(quantity.first, quantity.last), *quantity.extra]
        spans["quantity"] = tuple(sorted(_span(found.text, *piece) for piece in pieces))
    if price is not None and product.price is not None:
        spans["price"] = (_span(found.text, product.price.first, product.price.last),)
    return replace(
        shared,
        commodity=product.code or None,
        commodity_name=None if row is None else row.name_vi,
        amount=amount,
        cost=price,
        spans=spans,
    )


def _own_side(found: _Found, product: Product, draft: Draft) -> Draft:
    """A later product keeps the side of the message, unless a word right before it says another."""
    start = found.text.tokens[product.mentions[0].first].start
    cues = [cue for cue in found.cues if cue.strong and cue.end <= start]
    if not cues or cues[-1].side == draft.side:
        return draft
    spans = {**draft.spans, "side": (Span(cues[-1].start, cues[-1].end),)}
    return replace(draft, side=cues[-1].side, spans=spans)


def _amount(quantity: Quantity | None) -> Amount | None:
    if quantity is None or quantity.amount.denominator != 1:
        return None
    if not 0 < quantity.amount <= LARGEST_TOTAL:
        return None
    least = quantity.least
    low = int(least) if least is not None and least.denominator == 1 else None
    return Amount(int(quantity.amount), low, quantity.unit, quantity.per)


def _span(text: Text, first: int, last: int) -> Span:
    return Span(text.tokens[first].start, text.tokens[last - 1].end)
