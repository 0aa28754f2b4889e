"""Open posts as columns, for the matching engine: plain lists, one place a post.

Both functions return a dict of lists of equal length, posts in order of id:

    id, organisation   ids; of a merged organisation the survivor's
    tax_code           of that organisation, or None
    commodity          code of the tree
    dimension          of the commodity: "mass", "volume", "count"
    quantity           what is left of it, in base units; with a period, the rate (see below)
    period             "once", "day", "week" or "month" (30 days)
    starts, ends       `date`, both included
    limit              the sealed floor or ceiling (đồng per 1,000,000 g or ml, 1,000 pieces), or
                       None. Nobody but the engine and the owner reads it
    certificates       of an offer: {code of certification: last day}, the later of two; one
                       without a last day counts as not held and is not in it.
                       Of a need: the sorted list of codes that it asks for
    latitude, longitude  of the centre of its commune, in degrees
    max_km             or None
    confirmed_on       the day, in Hai Phong, on which it was last said to hold

Of a rate that is partly reserved the same share is left as of its total, rounded down: what
agreements hold is of the whole window, and nobody keeps on which of its days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from linkage.market.models import Need, NeedCeiling, Offer, OfferFloor, Period
from linkage.market.sight import open_on

Columns = dict[str, list[Any]]
_FIELDS = (
    "id", "party", "party_tax_code", "commodity_id", "commodity__dimension", "quantity", "total",
    "reserved", "period", "starts", "ends", "commune__latitude", "commune__longitude", "max_km",
    "confirmed_at",
)  # fmt: skip
_NAMES = (
    "id", "organisation", "tax_code", "commodity", "dimension", "quantity", "period", "starts",
    "ends", "limit", "certificates", "latitude", "longitude", "max_km", "confirmed_on",
)  # fmt: skip
_QUANTITY = _NAMES.index("quantity")


def offer_columns(
    *, on: date, commodities: Collection[str] | None = None, only: Q | None = None
) -> Columns:
    """Return the offers that are open on the day and not used up; three queries.

    Of these commodities, and of those that fit the condition, where given.
    """
    rows = _narrowed(Offer.objects.all(), on, commodities, only)
    held: dict[int, dict[str, date]] = defaultdict(dict)
    through = Offer.certificates.through.objects.filter(
        offer__in=rows.values("pk"), certificate__ends__isnull=False
    )
    marks = through.values_list(
        "offer_id", "certificate__certification_id", "certificate__ends"
    ).order_by("certificate__ends", "pk")
    for offer_id, code, last_day in marks:
        if last_day is not None:
            held[offer_id][code] = last_day
    floors = OfferFloor.objects.filter(offer__in=rows.values("pk"))
    return _columns(rows, dict(floors.values_list("pk", "price")), held, dict)


def need_columns(
    *, on: date, commodities: Collection[str] | None = None, only: Q | None = None
) -> Columns:
    """Return the needs that are open on the day and not used up; as `offer_columns`."""
    rows = _narrowed(Need.objects.all(), on, commodities, only)
    asked: dict[int, list[str]] = defaultdict(list)
    through = Need.certifications.through.objects.filter(need__in=rows.values("pk"))
    marks = through.values_list("need_id", "certification_id").order_by("certification_id")
    for need_id, code in marks:
        asked[need_id].append(code)
    ceilings = NeedCeiling.objects.filter(need__in=rows.values("pk"))
    return _columns(rows, dict(ceilings.values_list("pk", "price")), asked, list)


def _narrowed(
    rows: QuerySet[Any],
    on: date,
    commodities: Collection[str] | None,
    only: Q | None,
) -> QuerySet[Any]:
    rows = rows.filter(open_on(on, left=True))
    if commodities is not None:
        rows = rows.filter(commodity__in=sorted(commodities))
    return rows if only is None else rows.filter(only)


def _columns(
    rows: QuerySet[Any], limits: dict[int, int], marks: dict[int, Any], none: type
) -> Columns:
    party = Coalesce("organisation__merged_into", "organisation")
    code = Coalesce("organisation__merged_into__tax_code", "organisation__tax_code")
    found = rows.annotate(party=party, party_tax_code=code).order_by("pk").values_list(*_FIELDS)
    lines = [line for row in found if (line := _line(row, limits, marks, none))[_QUANTITY] > 0]
    return {name: [line[place] for line in lines] for place, name in enumerate(_NAMES)}


def _line(
    row: tuple[Any, ...], limits: dict[int, int], marks: dict[int, Any], none: type
) -> tuple[Any, ...]:
    (
        post_id, party, tax_code, commodity, dimension, quantity, total, reserved, period, starts,
        ends, latitude, longitude, max_km, confirmed_at,
    ) = row  # fmt: skip
    return (
        post_id, party, tax_code, commodity, dimension, left_of(quantity, total, reserved, period),
        period, starts, ends, limits.get(post_id), marks.get(post_id, none()), latitude, longitude,
        max_km, localdate(confirmed_at),
    )  # fmt: skip


def left_of(quantity: int, total: int, reserved: int, period: str) -> int:
    """Return what is left of a quantity, or of a rate in proportion to its total.

    >>> left_of(700, 3_000, 1_000, "week")
    466
    """
    return total - reserved if period == Period.ONCE else quantity * (total - reserved) // total
