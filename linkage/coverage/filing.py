"""Of which years an organisation files a return, and whose a draft is: under reads and writes."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from linkage.coverage.models import YearReturn
from linkage.registry.access import Actor
from linkage.registry.models import COUNTED_KINDS, Organisation
from linkage.registry.on_a_day import on_day

FIRST_YEAR = 2000


def is_over(year: int, today: date) -> bool:
    """Whether a return can be of the year."""
    return FIRST_YEAR <= year < today.year


def is_asked_of(organisation_id: int, year: int) -> bool:
    """Whether it was there at the year's end, of a kind that the plan counts; one query."""
    end = date(year, 12, 31)
    rows = on_day(Organisation.objects.filter(pk=organisation_id), end)
    there = Q(founded_on=None) | Q(founded_on__lte=end)
    return rows.filter(there & Q(kind_on__in=COUNTED_KINDS)).exists()


def may_open(actor: Actor, row: YearReturn) -> bool:
    """Whether who may file for the organisation reads and changes this row of it.

    A draft is its organisation's alone, unless the office began it and none of the organisation's
    people saved it since. What was sent is open to both.
    """
    is_drafted = row.state == YearReturn.State.DRAFT
    return not is_drafted or row.by_office or actor.acts_for(row.organisation_id)
