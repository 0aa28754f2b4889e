"""Who acts for an organisation on a day: the one place that asks it of the rows.

A membership of what was merged is one of its survivor. Who is asked or told must have an account
that may sign in besides. Whose office may do what stands in `access`. Of a field officer: which
organisations are in its area, and which let it act for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from linkage.registry.models import (
    CommuneFact,
    MemberRole,
    Membership,
    OfficerConsent,
    Organisation,
    Role,
    RoleGrant,
)
from linkage.registry.on_a_day import on_day

Held = TypeVar("Held", Membership, RoleGrant)


def of(organisation_id: Any, column: str = "organisation") -> Q:
    """The condition that a row is the organisation's, or of what was merged into it.

    `organisation_id` may be an expression, as OuterRef("pk").
    """
    return Q(**{column: organisation_id}) | Q(**{f"{column}__merged_into": organisation_id})


def open_on(rows: QuerySet[Held], day: date) -> QuerySet[Held]:
    """Of memberships or grants those that hold on the day, first and last day included."""
    return rows.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


def open_memberships(organisation_id: int, day: date) -> QuerySet[Membership]:
    """Return who holds a membership that day, also with an account that was switched off."""
    rows = open_on(Membership.objects.all(), day)
    return rows.filter(of(organisation_id))


def memberships_of(user_id: int, day: date) -> dict[int, MemberRole]:
    """Return for whom the person acts that day as a member, and as what; of a merged one, for its
    survivor."""
    rows = open_on(Membership.objects.filter(user=user_id), day)
    survivor = Coalesce("organisation__merged_into", "organisation")
    found: dict[int, MemberRole] = {}
    for organisation_id, role in rows.order_by("pk").values_list(survivor, "role"):
        # Of two memberships in what became one organisation the wider one counts.
        if found.get(organisation_id) != MemberRole.ADMIN:
            found[organisation_id] = MemberRole(role)
    return found


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


def area_of_grants(grant_ids: Iterable[int], day: date) -> frozenset[int]:
    """Return the organisations that are in the communes of these grants on the day, in one query.

    Merged ones are none: their survivor is where it is itself.
    """
    granted = RoleGrant.communes.through.objects.filter(rolegrant__in=sorted(grant_ids))
    communes = granted.values("commune")
    # Who was ever there; of these alone the day is asked.
    ever = CommuneFact.objects.filter(commune__in=communes).values("organisation")
    here = Organisation.objects.filter(pk__in=ever, merged_into=None)
    rows: QuerySet[Any] = on_day(here, day)
    found = rows.filter(commune_on__in=communes)
    return frozenset(found.values_list("pk", flat=True))


def looked_after_by(user_id: int, day: date) -> frozenset[int]:
    """Return what is in the person's area as a field officer that day, or by a grant that begins
    later."""
    grants = RoleGrant.objects.filter(user=user_id, role=Role.FIELD_OFFICER)
    return area_of_grants(grants.exclude(ends__lt=day).values_list("pk", flat=True), day)


def open_consents(day: date) -> QuerySet[OfficerConsent]:
    """Return the consents that hold on the day. One that was merged gave none for its survivor."""
    rows = OfficerConsent.objects.filter(given_on__lte=day, until__gte=day, end=None)
    return rows.filter(organisation__merged_into=None)


def consents_of(officer_id: int, day: date) -> dict[int, frozenset[str]]:
    """Return which organisations let the officer act for them that day, and in what."""
    found: dict[int, frozenset[str]] = {}
    rows = open_consents(day).filter(officer=officer_id)
    for organisation_id, deeds in rows.order_by("pk").values_list("organisation", "deeds"):
        found[organisation_id] = found.get(organisation_id, frozenset()) | frozenset(deeds)
    return found
