"""From what a quick post says to what an ordinary post takes; what is not sure is not filled in.

`read_for` reads a text for who may write the organisation's posts; `proposal_of` turns a draft into
the values of a post's form and API. The post itself is written by `services.post_quickly`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from linkage.catalogue.models import Dimension
from linkage.catalogue.units import CountsBaseUnits, Measure
from linkage.market.amounts import DECIMAL_PLACES, RETAIL, amount_in
from linkage.market.models import Period, PostKind
from linkage.market.quickpost import (
    ASKED_FOR,
    Amount,
    Cost,
    Draft,
    Reading,
    packaged,
    read,
    read_many,
)
from linkage.market.quickpost.phones import without as without_phones
from linkage.registry import values
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed

# A sentence is some hundred characters; what is pasted from a group is a few thousand.
LONGEST_TEXT = 10_000
MOST_POSTS = 50
# A post that names no last day is for a month.
USUAL_DAYS = 30
_PIECE = Measure("cai", Dimension.COUNT, 1)
_NUMBER_WORD = (
    "(?:hai|ba|bốn|bon|tư|năm|lăm|lam|sáu|bảy|bay|tám|tam|chín|chin|mốt|mươi|mười|muoi|chục|chuc"
    "|trăm|tram|nghìn|nghin|ngàn|ngan|triệu|trieu|rưỡi|ruoi)"
)
# A figure with what is written on to it, or several figures in words.
_FIGURE = re.compile(
    rf"(?<!\w)(?:\d[\w.,/%\-–]*(?<![.,])|{_NUMBER_WORD}(?= {_NUMBER_WORD}\b))"
    rf"(?: {_NUMBER_WORD}\b)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a draft says, as a post takes it; None or empty for what is not sure.

    `quantity` is in `unit`, `price` in đồng for one `price_unit`; `communes` are all that the named
    `place` can be; `missing` names what a post needs and has not, largest first.
    """

    side: PostKind | None = None
    commodity: str | None = None
    commodity_name: str = ""
    quantity: Decimal | None = None
    unit: str | None = None
    period: str = Period.ONCE.value
    price: int | None = None
    price_unit: str | None = None
    starts: date | None = None
    ends: date | None = None
    place: str = ""
    communes: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    grade: str = ""
    missing: tuple[str, ...] = ()


def checked(text: str) -> str:
    """The text as it is read, line by line. Raises: TextInvalid, naming the field `text`."""
    if len(text) > LONGEST_TEXT:
        raise values.TextInvalid(limit=LONGEST_TEXT, field="text")
    lines = [values.text(line, field="text", limit=LONGEST_TEXT) for line in text.splitlines()]
    return "\n".join(lines).strip()


def read_for(
    *, actor: Actor, organisation_id: int, text: str, on: date, as_one: bool = False
) -> list[Reading]:
    """Read a sentence, or each message of what was pasted, for who may post for the organisation.

    Of several lines only posts come back, unless they are said to be one message; what is no post
    comes back as one reading without drafts. Raises: NotFound, NotConsented; TextInvalid.
    """
    require_acting(actor, organisation_id, Deed.POSTS)
    typed = checked(text)
    many = "\n" in typed and not as_one
    found = read_many(typed, today=on)[:MOST_POSTS] if many else []
    return found or [read(typed, today=on)]


def draft_at(reading: Reading, number: int) -> Draft:
    """One product of a message; an empty draft where there is none (any more)."""
    return reading.drafts[number] if 0 <= number < len(reading.drafts) else Draft()


def proposal_of(draft: Draft) -> Proposal:
    """A draft as a post takes it.

    A quantity that is measured otherwise than its product, or comes by the year or the season, and
    a day that no register has (20/12/9999) are none that a post has: they are missing.
    """
    dimension = packaged().goods.rows[draft.commodity].dimension if draft.commodity else ""
    quantity, unit = _quantity(draft.amount, dimension)
    price, price_unit = _price(draft.cost, dimension)
    starts, ends = _day(draft.start), _day(draft.end)
    found = {"quantity": quantity, "start": starts, "end": ends}
    gaps = {*draft.missing, *(name for name, value in found.items() if value is None)}
    return Proposal(
        side=PostKind(draft.side) if draft.side else None,
        commodity=draft.commodity,
        commodity_name=draft.commodity_name or "",
        quantity=quantity,
        unit=unit,
        period=_period(draft.amount) or Period.ONCE.value,
        price=price,
        price_unit=price_unit,
        starts=starts,
        ends=ends,
        place=draft.place.name if draft.place else "",
        communes=draft.place.codes if draft.place else (),
        certifications=draft.certificates,
        grade=", ".join(draft.words)[:200],
        missing=tuple(name for name in ASKED_FOR if name in gaps),
    )


def _day(day: date | None) -> date | None:
    return day if day and values.EARLIEST <= day <= values.LATEST else None


def window_of(proposal: Proposal, today: date) -> tuple[date, date]:
    """First and last day: as said, else from today, for a month."""
    usual = timedelta(days=USUAL_DAYS - 1)
    starts = proposal.starts or min(today, proposal.ends or today)
    return starts, proposal.ends or starts + usual


def public_note(reading: Reading) -> str:
    """The text as others may read it: without telephone numbers and without any price.

    A price in a post is a sealed limit; told in the note, everybody would read it. One that was not
    understood ("85-90k", "giá 85") is one too: a figure stays only where it was understood as
    something else.
    """
    spans = [(kind, one) for draft in reading.drafts for kind, some in draft.spans.items()
             for one in some]  # fmt: skip
    known = [*reading.phones, *(span for kind, span in spans if kind != "price")]
    figures = (found.span() for found in _FIGURE.finditer(reading.text))
    doubtful = [
        (start, end)
        for start, end in figures
        if all(end <= first or start >= last for first, last in known)
    ]
    prices = [span for kind, span in spans if kind == "price"]
    return tidy(without_phones(blotted(reading.text, [*prices, *doubtful])))


def blotted(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without the spans."""
    kept, at = [], 0
    for start, end in sorted(set(spans)):
        if start >= at:
            kept.append(text[at:start])
        at = max(at, end)
    return "".join((*kept, text[at:]))


def tidy(text: str) -> str:
    """The text without what a gap leaves: a comma before a comma, two spaces."""
    for before, after in (
        (" ,", ","),
        (",,", ","),
        ("  ", " "),
        (" .", "."),
        (",.", "."),
        (" )", ")"),
    ):
        while before in text:
            text = text.replace(before, after)
    return text.strip(" ,;:-\n")


def _quantity(amount: Amount | None, dimension: str) -> tuple[Decimal | None, str | None]:
    if amount is None or _period(amount) is None or dimension not in ("", amount.dimension):
        return None, None
    unit: CountsBaseUnits = amount.measure
    if not _is_choice(amount.measure.code):
        unit = RETAIL.get(amount.dimension, _PIECE)
    found = amount_in(amount.quantity, unit)
    exponent = found.as_tuple().exponent
    exact = isinstance(exponent, int) and -exponent <= DECIMAL_PLACES
    return (found, _code(unit)) if exact else (None, None)


def _code(unit: CountsBaseUnits) -> str:
    return unit.code if isinstance(unit, Measure) else ""


def _period(amount: Amount | None) -> str | None:
    """The period of a rate as posts have it; None for one that they have not."""
    per = (amount.per if amount else None) or Period.ONCE.value
    return per if per in Period.values else None


def _price(cost: Cost | None, dimension: str) -> tuple[int | None, str | None]:
    if cost is None:
        return None, None
    if _is_choice(cost.measure.code) and dimension in ("", cost.measure.dimension):
        return cost.dong, cost.measure.code
    if cost.per_kg is not None and dimension in ("", Dimension.MASS):
        return cost.per_kg, "kg"
    return None, None


def _is_choice(code: str) -> bool:
    """Whether a post can be in this unit: a sack without its size is none."""
    row = packaged().units.rows.get(code)
    return row is not None and not row.sized
