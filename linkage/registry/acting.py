"""Who acts for an organisation on a day: the one place that asks it of the rows.

A membership of what was merged is one of its survivor. Who is asked or told must have an account
that may sign in besides. Whose office may do what stands in `access`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from linkage.registry.models import Membership, RoleGrant

Held = TypeVar("Held", Membership, RoleGrant)


def open_on(rows: QuerySet[Held], day: date) -> QuerySet[Held]:
    """Of memberships or grants those that hold on the day, first and last day included."""
    return rows.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


def open_memberships(organisation_id: int, day: date) -> QuerySet[Membership]:
    """Return who holds a membership that day, also with an account that was switched off."""
    rows = open_on(Membership.objects.all(), day)
    return rows.filter(
        Q(organisation=organisation_id) | Q(organisation__merged_into=organisation_id)
    )


def people_of(organisation_id: int, day: date) -> set[int]:
    """Return the accounts that act for the organisation that day and may sign in."""
    rows = open_memberships(organisation_id, day).filter(user__is_active=True)
    return set(rows.values_list("user_id", flat=True))


def people_of_each(organisation_ids: Iterable[int], day: date) -> dict[int, set[int]]:
    """The same of many, in one query; an organisation without people has no entry."""
    rows = open_on(Membership.objects.filter(user__is_active=True), day).annotate(
        party=Coalesce("organisation__merged_into", "organisation")
    )
    found: dict[int, set[int]] = defaultdict(set)
    wanted = rows.filter(party__in=sorted(set(organisation_ids)))
    for party, user_id in wanted.values_list("party", "user_id"):
        found[party].add(user_id)
    return dict(found)
