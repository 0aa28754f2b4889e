"""The reads of yearly returns: an organisation's own, and the office's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linkage.coverage.filing import is_asked_of, is_over, may_open
from linkage.coverage.models import YearReturn
from linkage.coverage.reported import ReturnRow
from linkage.errors import NotFound
from linkage.registry.access import Actor, Capability, allows, require, require_member
from linkage.registry.models import Organisation

# Two years back a return can still be caught up.
YEARS_OPEN = 3


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A year that an organisation can file, with its return where there is one."""

    year: int
    found: YearReturn | None


@dataclass(frozen=True, slots=True)
class ToFill:
    """A year's return where there is one, and the last earlier one that its form is filled in from.

    `is_closed`: the organisation has a draft of its own, which the office does not read.
    """

    found: YearReturn | None
    before: YearReturn | None
    is_closed: bool


def own_years(*, actor: Actor, organisation_id: int, today: date) -> list[OwnYear]:
    """The years that it can file, the last first, and all that were filed. Raises: NotFound."""
    require_member(actor, organisation_id)
    filed = {row.year: row for row in YearReturn.objects.filter(organisation=organisation_id)}
    open_years = {today.year - back for back in range(1, YEARS_OPEN + 1)} - filed.keys()
    years = {year for year in open_years if is_asked_of(organisation_id, year)} | filed.keys()
    return [OwnYear(year, filed.get(year)) for year in sorted(years, reverse=True)]


def to_fill(*, actor: Actor, organisation_id: int, year: int, today: date) -> ToFill:
    """What the form of a year begins with, for who may file it.

    Raises: NotFound for a year of which no return is asked and none is there.
    """
    rows = YearReturn.objects.filter(organisation=organisation_id)
    found = rows.filter(year=year).first()
    if found is None and not (is_over(year, today) and is_asked_of(organisation_id, year)):
        raise NotFound
    earlier = (row for row in rows.filter(year__lt=year).order_by("-year") if may_open(actor, row))
    is_closed = found is not None and not may_open(actor, found)
    return ToFill(None if is_closed else found, next(earlier, None), is_closed)


def filed(*, actor: Actor, organisation_id: int, year: int) -> YearReturn:
    """Return the year's return to whoever may write it.

    Raises: NotFound, also to a stranger, and to the office for a draft of the organisation's own.
    """
    if not allows(actor, Capability.WRITE_ORGANISATIONS):
        require_member(actor, organisation_id)
    found = YearReturn.objects.filter(organisation=organisation_id, year=year).first()
    if found is None or not may_open(actor, found):
        raise NotFound
    return found


def organisation_of(*, actor: Actor, organisation_id: int) -> Organisation:
    """An organisation that the office files for. Raises: NotAllowed, NotFound."""
    require(actor, Capability.WRITE_ORGANISATIONS)
    found = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if found is None:
        raise NotFound
    return found


def get(*, actor: Actor, return_id: int) -> YearReturn:
    """One return, for the office. Raises: NotAllowed, NotFound."""
    require(actor, Capability.WRITE_ORGANISATIONS)
    rows = YearReturn.objects.select_related("organisation", "saved_by", "decided_by")
    found = rows.filter(pk=return_id).exclude(state=YearReturn.State.DRAFT).first()
    if found is None:
        raise NotFound
    return found


def listing(*, actor: Actor, year: int | None, state: str) -> QuerySet[YearReturn]:
    """What was sent, for the office, those that wait first; a draft is its organisation's alone.

    Raises: NotAllowed.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    rows = YearReturn.objects.select_related("organisation").exclude(state=YearReturn.State.DRAFT)
    if year is not None:
        rows = rows.filter(year=year)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-state", "-year", "organisation__sort_key", "pk")


def return_row(row: YearReturn, organisation_id: int | None = None) -> ReturnRow:
    """A stored return as the pure module takes it; of what was merged, as its survivor's."""
    return ReturnRow(
        id=row.pk,
        organisation=organisation_id or row.organisation_id,
        year=row.year,
        workers=row.workers,
        insured=row.insured,
        staff=row.staff,
        staff_trained=row.staff_trained,
        key_staff=row.key_staff,
        key_trained=row.key_trained,
        key_degree=row.key_degree,
        rating=row.rating,
        market_info=row.market_info,
        land=row.land,
        high_tech=row.high_tech,
    )
