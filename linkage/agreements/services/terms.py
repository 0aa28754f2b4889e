"""What a proposal says: read and checked, written as a version of the terms, agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Consent, Linkage, State, TermsVersion
from linkage.agreements.services.parties import Party
from linkage.agreements.services.states import move, note
from linkage.catalogue import queries as catalogue
from linkage.catalogue.models import LinkageForm, Unit
from linkage.errors import Invalid, NotFound
from linkage.market.amounts import base_quantity, price_per_scale
from linkage.market.errors import PaymentDaysOutOfRange, UnitNotOfCommodity, WindowInverted
from linkage.market.models import LARGEST_PAYMENT_DAYS, Handover
from linkage.registry import values


class Proposal(TypedDict, total=False):
    """What a side proposes: `quantity`, `unit`, `starts` and `ends` at least.

    `quantity` is in `unit`, `price` in đồng for one `price_unit`, which is `unit` if it is absent;
    what else is absent is left open.
    """

    quantity: Decimal
    unit: str
    price: int | None
    price_unit: str | None
    starts: date
    ends: date
    form: int | None
    grade: str
    packing: str
    handover: str
    payment_days: int | None
    delivery_plan: str
    note: str


class WindowOver(Invalid):
    """Nothing can be agreed for days that are over."""

    code = "window_is_over"
    words = _("The last day is over already.")


def read(proposal: Proposal, *, linkage: Linkage, now: datetime) -> dict[str, Any]:
    """Return the columns of a version of the terms. Raises: Invalid, with the field."""
    given: Mapping[str, Any] = {**proposal}
    for field in ("quantity", "unit", "starts", "ends"):
        if given.get(field) is None:
            raise values.ValueUnknown(field=field)
    unit = _unit(given["unit"], linkage)
    columns = {
        "quantity": base_quantity(given["quantity"], unit),
        "unit_id": unit.pk,
        "price": _price(given, unit),
        **_window(given["starts"], given["ends"], localdate(now)),
        "form_id": _form(given.get("form")),
        "handover": _handover(given.get("handover", "")),
        "payment_days": _payment_days(given.get("payment_days")),
    }
    for field, limit in _TEXTS.items():
        columns[field] = values.text(given.get(field, ""), field=field, limit=limit)
    return columns


_TEXTS = {"grade": 200, "packing": 200, "delivery_plan": 1000, "note": 1000}


def unit_for(code: str, dimension: str | None, *, field: str = "unit") -> Unit:
    """Return the unit, if the product is measured in it.

    Raises: ValueUnknown, UnitNotOfCommodity.
    """
    unit = catalogue.unit(code, field=field)
    if dimension is not None and unit.dimension != dimension:
        raise UnitNotOfCommodity(field=field)
    return unit


def _price(given: Mapping[str, Any], unit: Unit) -> int | None:
    code = given.get("price_unit")
    field = "unit" if code in (None, unit.pk) else "price_unit"
    per = unit if field == "unit" else unit_for(str(code), unit.dimension, field=field)
    price = given.get("price")
    return None if price is None else price_per_scale(price, per, field=field)


def _unit(code: str, linkage: Linkage) -> Unit:
    return unit_for(code, linkage.commodity.dimension if linkage.commodity else None)


def _window(starts: date, ends: date, today: date) -> dict[str, date]:
    for field, day in (("starts", starts), ("ends", ends)):
        if not values.EARLIEST <= day <= values.LATEST:
            first, last = values.EARLIEST.year, values.LATEST.year
            raise values.DayOutOfRange(field=field, first=first, last=last)
    if ends < starts:
        raise WindowInverted(field="ends")
    if ends < today:
        raise WindowOver(field="ends")
    return {"starts": starts, "ends": ends}


def _form(number: int | None) -> int | None:
    if number is not None and not LinkageForm.objects.filter(pk=number).exists():
        raise values.ValueUnknown(field="form")
    return number


def _handover(value: str) -> str:
    if value not in ("", *Handover.values):
        raise values.ValueUnknown(field="handover")
    return value


def _payment_days(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= LARGEST_PAYMENT_DAYS:
        raise PaymentDaysOutOfRange(field="payment_days", largest=LARGEST_PAYMENT_DAYS)
    return value


def newest_terms(linkage: Linkage) -> TermsVersion:
    """Return the terms that stand. Raises: NotFound, if nothing was proposed."""
    found = linkage.terms.order_by("-number").first()
    if found is None:
        raise NotFound
    return found


def put_down(
    linkage: Linkage,
    party: Party,
    columns: Mapping[str, Any],
    now: datetime,
    after: TermsVersion | None = None,
) -> TermsVersion:
    """Write terms (`terms.read`) as the linkage's newest; their side agrees to them.

    `after`: the newest until now. In the caller's transaction; nobody is told.
    """
    # Inserted under UNIQUE(linkage, number): of two at once the second is refused.
    terms = TermsVersion.objects.create(
        linkage=linkage,
        number=after.number + 1 if after else 1,
        side=party.side,
        proposed_by_id=party.actor.user_id,
        proposed_at=now,
        **columns,
    )
    Consent.objects.create(
        terms=terms, side=party.side, given_by_id=party.actor.user_id, given_at=now
    )
    data = {"side": party.side.value, "number": terms.number}
    if linkage.state == State.PROPOSED:
        note(linkage, "countered", party.actor, now, data)
    else:
        move(linkage, State.PROPOSED, actor=party.actor, now=now, data=data)
    return terms


def agreed_fields(linkage: Linkage, terms: TermsVersion, today: date) -> dict[str, Any]:
    """What the linkage says from now on: the terms, who confirmed them, whom to call."""
    return {
        "starts": terms.starts,
        "ends": terms.ends,
        "quantity": terms.quantity,
        "unit_id": terms.unit_id,
        "form_id": terms.form_id,
        "contract_number": f"NC-{linkage.pk}/{today.year}",
        "agreed_terms_id": terms.pk,
        "confirmed_on": today,
        "seller_confirmed_on": today,
        "buyer_confirmed_on": today,
        "seller_shares_contact": True,
        "buyer_shares_contact": True,
    }
