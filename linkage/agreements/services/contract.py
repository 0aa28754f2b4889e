"""What a linkage on paper says: read, checked and set, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, cast

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import COUNTING_STATES, Linkage, Side
from linkage.agreements.numbers import number_key
from linkage.agreements.services.parties import organisation_on
from linkage.catalogue import queries as catalogue
from linkage.catalogue.models import Commodity, LinkageForm
from linkage.catalogue.units import LARGEST_QUANTITY, QuantityOutOfRange
from linkage.errors import Conflict, Invalid
from linkage.market.amounts import base_quantity
from linkage.market.errors import UnitNotOfCommodity
from linkage.registry import values
from linkage.registry.queries import with_merged


class Terms(TypedDict, total=False):
    """What a linkage says; a key that is absent stays as it is, None or "" empties a field.

    `product` is the word as written; its commodity is looked up. `quantity` is in base units.
    """

    contract_number: str
    starts: date
    ends: date | None
    product: str
    form: int | None
    quantity: int | None
    unit: str | None


class Paper(TypedDict, total=False):
    """The same as a side reads it off the paper: `quantity` is in `unit`."""

    contract_number: str
    starts: date
    ends: date | None
    product: str
    form: int | None
    quantity: Decimal | None
    unit: str | None


class QuantityWithoutUnit(Invalid):
    """A number alone is no quantity."""

    code = "quantity_without_unit"
    words = _("A quantity needs its unit.")


class KnownAlready(Conflict):
    """The register, or the partner, has the contract: it is confirmed, not entered again."""

    code = "linkage_known_already"
    field = "contract_number"
    words = _("This contract is there already: look for it in your list and confirm it.")


class TerminationOutOfRange(Invalid):
    """A linkage cannot be terminated before it starts."""

    code = "terminated_before_start"
    field = "terminated_on"
    words = _("The day of termination lies before the start.")


class TerminationAfterEnd(Invalid):
    """What ends by itself is not terminated later: the figures would still count it till then."""

    code = "terminated_after_end"
    field = "terminated_on"
    words = _("The day of termination lies after the contract's own end, %(ends)s.")


def in_base(paper: Paper) -> Terms:
    """Return what the paper says with its quantity in base units. Raises: Invalid."""
    given: dict[str, Any] = {**paper}
    stated = given.get("quantity")
    if stated is not None:
        if not given.get("unit"):
            raise QuantityWithoutUnit(field="unit")
        given["quantity"] = base_quantity(stated, catalogue.unit(given["unit"], field="unit"))
    return cast(Terms, given)


def is_over(linkage: Linkage, on: date) -> bool:
    """Whether the contract's own last day lies before the day."""
    return linkage.ends is not None and linkage.ends < on


def must_end_within(linkage: Linkage, terminated_on: date) -> None:
    """A contract is ended on one of its own days.

    Raises: TerminationOutOfRange, TerminationAfterEnd.
    """
    if terminated_on < linkage.starts:
        raise TerminationOutOfRange
    if linkage.ends is not None and terminated_on > linkage.ends:
        raise TerminationAfterEnd(ends=date_format(linkage.ends, "SHORT_DATE_FORMAT"))


def must_be_new(linkage: Linkage) -> None:
    """Raises: KnownAlready, if either side or the register has the contract in a counting state.

    The linkage itself is not asked, and what was merged counts as its survivor. Numbers are
    compared as an import compares them, or the office's next workbook would take the one that was
    declared for its own. The database holds the same of two equal ones at once.
    """
    if has_number(linkage, same_days_and_sides(linkage).filter(state__in=sorted(COUNTING_STATES))):
        raise KnownAlready


def same_days_and_sides(linkage: Linkage) -> QuerySet[Linkage]:
    """Return the others of the same first day and the same two sides, merged ones as theirs."""
    return Linkage.objects.exclude(pk=linkage.pk).filter(
        starts=linkage.starts,
        seller__in=with_merged(organisation_on(linkage, Side.SELLER).pk),
        buyer__in=with_merged(organisation_on(linkage, Side.BUYER).pk),
    )


def has_number(linkage: Linkage, others: QuerySet[Linkage]) -> bool:
    """Whether one of the others has the linkage's number, as an import compares numbers."""
    numbers = others.values_list("contract_number", flat=True)
    return number_key(linkage.contract_number) in map(number_key, numbers)


def must_stay_itself(linkage: Linkage, changed: Set[str]) -> None:
    """What was just set makes the linkage no contract that is there already.

    One without a number is known by its row alone, and what counts on no day takes nobody's place.
    Raises: KnownAlready.
    """
    known_by_number = linkage.contract_number and linkage.state in COUNTING_STATES
    if changed & IDENTITY and known_by_number:
        must_be_new(linkage)


def must_measure(linkage: Linkage) -> None:
    """A quantity has its unit, and the unit measures the product.

    Raises: QuantityWithoutUnit, UnitNotOfCommodity.
    """
    if linkage.quantity is None:
        return
    if linkage.unit is None:
        raise QuantityWithoutUnit(field="unit")
    if linkage.commodity and linkage.commodity.dimension != linkage.unit.dimension:
        raise UnitNotOfCommodity(field="unit")


def apply(linkage: Linkage, given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set what differs; return before and after by field, as the history keeps them."""
    changed = {}
    for field, (column, read) in _FIELDS.items():
        if field in given:
            before, new = getattr(linkage, column), read(given[field])
            if before != new:
                setattr(linkage, column, new)
                changed[field] = (_fit(before), _fit(new))
    if "product" in changed:
        code = catalogue.CommodityIndex.load().find(linkage.product_as_written)
        linkage.commodity = Commodity.objects.filter(pk=code).first() if code else None
    if "form" in changed:
        linkage.form_as_written = ""
    return changed


def _read_number(value: str) -> str:
    return values.text(value, field="contract_number", limit=100, required=True)


def _read_start(value: date) -> date:
    return values.day(value, field="starts")


def _read_end(value: date | None) -> date | None:
    return values.day(value, field="ends") if value else None


def _read_product(value: str) -> str:
    return values.text(value, field="product", limit=200)


def _read_form(value: int | None) -> int | None:
    if value is not None and not LinkageForm.objects.filter(pk=value).exists():
        raise values.ValueUnknown(field="form")
    return value


def _read_quantity(value: int | None) -> int | None:
    if value is not None and not 0 < value <= LARGEST_QUANTITY:
        raise QuantityOutOfRange
    return value


def _read_unit(value: str | None) -> str | None:
    return None if value is None else catalogue.unit(value, field="unit").pk


# What of a contract says how much of what it is about.
MEASURED = frozenset({"product", "quantity", "unit"})
DAYS = frozenset({"starts", "ends"})
# By what, with its two sides, it is known for the same one.
IDENTITY = frozenset({"contract_number", "starts"})

_FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "contract_number": ("contract_number", _read_number),
    "starts": ("starts", _read_start),
    "ends": ("ends", _read_end),
    "product": ("product_as_written", _read_product),
    "form": ("form_id", _read_form),
    "quantity": ("quantity", _read_quantity),
    "unit": ("unit_id", _read_unit),
}


def _fit(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def after(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Return what the changed fields say now, as the history keeps it."""
    return {field: new for field, (_old, new) in changed.items()}
