"""What a person says of a post, read into the columns that are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from django.db.models import Model

from linkage.catalogue import queries as catalogue
from linkage.catalogue.models import Certification, Commodity, Unit
from linkage.market.amounts import amount_in, base_quantity, total_over
from linkage.market.errors import (
    DistanceOutOfRange,
    PaymentDaysOutOfRange,
    PlaceMissing,
    UnitNotOfCommodity,
)
from linkage.market.models import (
    LARGEST_DISTANCE_KM,
    LARGEST_PAYMENT_DAYS,
    AnyPost,
    Handover,
    Offer,
    Period,
    PostKind,
)
from linkage.registry import values
from linkage.registry.models import Certificate, Commune
from linkage.registry.queries import with_merged

# The history's words for a linkage's days are others.
_DAYS: Mapping[str, str] = {"starts": "from_day", "ends": "until_day"}
TEXTS: Mapping[str, int] = {"grade": 200, "packing": 200, "note": 1000}


class Terms(TypedDict, total=False):
    """What a post says; a key that is absent stays as it is, or as usual for a new post.

    `quantity` is in `unit`, for the whole window or each `period` of it. `commune` None: the
    organisation's own. `certificates`: ids of the organisation's own that hold for an offer;
    `certifications`: codes that a need asks for.
    """

    commodity: str
    quantity: Decimal
    unit: str
    period: str
    starts: date
    ends: date
    commune: str | None
    max_km: int | None
    grade: str
    packing: str
    handover: str
    payment_days: int | None
    note: str
    certificates: Sequence[int]
    certifications: Sequence[str]


@dataclass(frozen=True, slots=True)
class Read:
    """Columns of the row, and the certificates beside it (None: as they are)."""

    columns: dict[str, Any]
    marks: Sequence[Certificate] | Sequence[Certification] | None


def read(
    kind: PostKind,
    organisation_id: int,
    given: Terms,
    present: AnyPost | None,
    own_commune: Commune | None,
) -> Read:
    """Check what is given, beside what is there, and return what is to be stored.

    Raises: Invalid, each with the field it is about.
    """
    columns: dict[str, Any] = _texts(given)
    columns |= _amounts(given, present)
    if present is None or "commune" in given:
        columns["commune"] = _commune(given.get("commune"), own_commune)
    if "max_km" in given:
        columns["max_km"] = _distance(given["max_km"])
    if "payment_days" in given:
        columns["payment_days"] = _payment(given["payment_days"])
    if "handover" in given:
        columns["handover"] = _one_of(given["handover"], ["", *Handover.values], "handover")
    return Read(columns, _marks(kind, organisation_id, given))


def _texts(given: Terms) -> dict[str, Any]:
    written: Mapping[str, Any] = {**given}
    return {
        name: values.text(written[name], field=name, limit=limit)
        for name, limit in TEXTS.items()
        if name in written
    }


def _amounts(given: Terms, present: AnyPost | None) -> dict[str, Any]:
    """Commodity, unit, quantity, period, window and the total that follows from them."""
    commodity = _commodity(given, present)
    unit = _unit(given, present)
    if unit.dimension != commodity.dimension:
        raise UnitNotOfCommodity(field="unit")
    starts = values.day(
        given["starts"] if "starts" in given else _kept(present, "starts").starts, field="starts"
    )
    ends = values.day(
        given["ends"] if "ends" in given else _kept(present, "ends").ends, field="ends"
    )
    if "period" in given:
        period = _one_of(given["period"], Period.values, "period")
    else:
        period = present.period if present else Period.ONCE.value
    if "quantity" in given:
        quantity = base_quantity(given["quantity"], unit)
    else:
        quantity = _kept(present, "quantity").quantity
    return {
        "commodity": commodity,
        "unit": unit,
        "quantity": quantity,
        "period": period,
        "starts": starts,
        "ends": ends,
        "total": total_over(quantity, period, starts, ends),
    }


def _kept(present: AnyPost | None, field: str) -> AnyPost:
    """The post that keeps a value which was not given; a new one needs it given."""
    if present is None:
        raise values.ValueUnknown(field=field)
    return present


def _commodity(given: Terms, present: AnyPost | None) -> Commodity:
    if "commodity" not in given:
        return _kept(present, "commodity").commodity
    found = Commodity.objects.filter(pk=given["commodity"]).first()
    if found is None:
        raise values.ValueUnknown(field="commodity")
    return found


def _unit(given: Terms, present: AnyPost | None) -> Unit:
    if "unit" not in given:
        return _kept(present, "unit").unit
    return catalogue.unit(given["unit"], field="unit")


def _commune(code: str | None, own: Commune | None) -> Commune:
    found = Commune.objects.filter(pk=code).first() if code else own
    if found is None and code:
        raise values.ValueUnknown(field="commune")
    if found is None:
        raise PlaceMissing(field="commune")
    return found


def _distance(value: int | None) -> int | None:
    if value is not None and not 1 <= value <= LARGEST_DISTANCE_KM:
        raise DistanceOutOfRange(field="max_km", largest=LARGEST_DISTANCE_KM)
    return value


def _payment(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= LARGEST_PAYMENT_DAYS:
        raise PaymentDaysOutOfRange(field="payment_days", largest=LARGEST_PAYMENT_DAYS)
    return value


def _one_of(value: str, known: Sequence[str], field: str) -> str:
    if value not in known:
        raise values.ValueUnknown(field=field)
    return value


def _marks(
    kind: PostKind, organisation_id: int, given: Terms
) -> Sequence[Certificate] | Sequence[Certification] | None:
    """The certificates that are named: an offer's are the organisation's own."""
    if kind is PostKind.OFFER:
        if "certificates" not in given:
            return None
        wanted = set(given["certificates"])
        own = Certificate.objects.filter(
            pk__in=wanted, organisation__in=with_merged(organisation_id)
        )
        held = list(own.order_by("pk"))
        if len(held) != len(wanted):
            raise values.ValueUnknown(field="certificates")
        return held
    if "certifications" not in given:
        return None
    codes = set(given["certifications"])
    asked = list(Certification.objects.filter(pk__in=codes).order_by("pk"))
    if len(asked) != len(codes):
        raise values.ValueUnknown(field="certifications")
    return asked


def set_marks(post: AnyPost, marks: Sequence[Any] | None) -> None:
    """Put the certificates beside the post."""
    if marks is not None:
        marks_of(post).set(marks)


def marks_of(post: AnyPost) -> Any:
    """The relation that holds the certificates of an offer, or what a need asks for."""
    return post.certificates if isinstance(post, Offer) else post.certifications


def said(columns: Mapping[str, Any], marks: Sequence[Any] | None) -> dict[str, Any]:
    """Columns as the history keeps them, for people: names for rows, the quantity in its unit."""
    shown = {
        _DAYS.get(name, name): _plain(value) for name, value in columns.items() if name != "total"
    }
    if "quantity" in shown:
        shown["quantity"] = f"{amount_in(columns['quantity'], columns['unit']):f}"
    if marks is not None:
        shown["certificates"] = ", ".join(sorted(_mark(mark) for mark in marks))
    return shown


def _mark(mark: Certificate | Certification) -> str:
    return mark.certification_id if isinstance(mark, Certificate) else mark.pk


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Model) else value
