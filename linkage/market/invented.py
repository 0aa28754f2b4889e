"""Invented organisations at work and people who act for them, for the benches."""

from __future__ import annotations

import random

from django.utils import timezone

from linkage import text
from linkage.registry.models import (
    CommuneFact,
    Kind,
    KindFact,
    Membership,
    Organisation,
    StatusFact,
    User,
)


def invent_organisations(many: int, communes: list[str], chance: random.Random) -> list[int]:
    """Make one business, then co-ops, somewhere among the communes (codes); return their ids."""
    names = ["Công ty Minh họa", *(f"HTX Minh họa {n}" for n in range(1, many))]
    made = Organisation.objects.bulk_create(
        Organisation(
            name=name,
            name_key=text.identity_key(name),
            search_key=text.search_key(name),
            sort_key=text.sort_key(name),
            origin="staff",
        )
        for name in names
    )
    kinds = [Kind.ENTERPRISE, *[Kind.COOPERATIVE] * (many - 1)]
    StatusFact.objects.bulk_create(StatusFact(organisation=row, status="active") for row in made)
    KindFact.objects.bulk_create(
        KindFact(organisation=row, kind=kind) for row, kind in zip(made, kinds, strict=True)
    )
    CommuneFact.objects.bulk_create(
        CommuneFact(organisation=row, commune_id=chance.choice(communes)) for row in made
    )
    return [row.pk for row in made]


def invent_member(name: str, organisation_ids: list[int]) -> User:
    """Make a person who acts for the organisations from today on."""
    user = User.objects.create(username=name)
    for id_ in organisation_ids:
        Membership.objects.create(
            user=user, organisation_id=id_, role="admin", starts=timezone.localdate()
        )
    return user
