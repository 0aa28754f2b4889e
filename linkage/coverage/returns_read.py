"""The reads of yearly returns: an organisation's own, the office's list, a line's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linkage.coverage.models import YearReturn
from linkage.coverage.reported import ReturnRow, of_line
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
class LineRow:
    """An accepted return with what it says of one line: a part and its whole."""

    found: YearReturn
    part: int
    whole: int


def own_years(*, actor: Actor, organisation_id: int, today: date) -> list[OwnYear]:
    """The years that are over, the last first, and older ones that were filed. Raises: NotFound."""
    require_member(actor, organisation_id)
    filed = {row.year: row for row in YearReturn.objects.filter(organisation=organisation_id)}
    years = {today.year - back for back in range(1, YEARS_OPEN + 1)} | filed.keys()
    return [OwnYear(year, filed.get(year)) for year in sorted(years, reverse=True)]


def of_year(organisation_id: int, year: int) -> YearReturn | None:
    """The organisation's return of the year, for who may write it."""
    return YearReturn.objects.filter(organisation=organisation_id, year=year).first()


def filed(*, actor: Actor, organisation_id: int, year: int) -> YearReturn:
    """Return the year's return to whoever may write it. Raises: NotFound, also to a stranger."""
    if not allows(actor, Capability.WRITE_ORGANISATIONS):
        require_member(actor, organisation_id)
    found = of_year(organisation_id, year)
    if found is None:
        raise NotFound
    return found


def before(organisation_id: int, year: int) -> YearReturn | None:
    """The last return of an earlier year: what a new one is filled in from."""
    rows = YearReturn.objects.filter(organisation=organisation_id, year__lt=year)
    return rows.order_by("-year").first()


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


def rows_of_line(*, actor: Actor, indicator: str, year: int) -> list[LineRow]:
    """The accepted returns of a year that answer a line, in Vietnamese order.

    Raises: NotAllowed; NotFound for a line that no return has.
    """
    rows = listing(actor=actor, year=year, state=YearReturn.State.ACCEPTED)
    found = []
    for row in rows.order_by("organisation__sort_key", "pk"):
        said = of_line(return_row(row), indicator)
        if said is not None:
            found.append(LineRow(row, *said))
    return found


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
