"""The demonstration's field officer: its area, and what some cooperatives there let it do.

Its area are the communes of one former district, that of the cooperative that somebody acts for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from linkage.registry.access import OPERATOR, actor_of
from linkage.registry.models import (
    Commune,
    Deed,
    Kind,
    OfficerConsent,
    Organisation,
    Role,
    RoleGrant,
    User,
)
from linkage.registry.on_a_day import inactive_on, on_day
from linkage.registry.services import Given, grant_role, record_consent

HOW_LONG = timedelta(days=180)
# How each of them said so, and for what: of the first one somebody has an account and is told.
CONSENTS = (
    (OfficerConsent.Way.PAPER, tuple(Deed)),
    (OfficerConsent.Way.PHONE, (Deed.POSTS, Deed.TALKS)),
    (OfficerConsent.Way.IN_PERSON, (Deed.PAPERS, Deed.DELIVERIES)),
)
GIVEN_BY = "Giám đốc (minh họa)"


def send_out(*, user: User, near: int, now: datetime) -> None:
    """Give the account its office and its consents; what it has it is not given again.

    `near`: the cooperative whose surroundings are its area, and the first that lets it act.
    """
    today = now.date()
    if not RoleGrant.objects.filter(user=user, role=Role.FIELD_OFFICER).exists():
        grant_role(
            actor=OPERATOR,
            user_id=user.pk,
            role=Role.FIELD_OFFICER,
            starts=today,
            ends=None,
            communes=_communes_around(near, now),
            now=now,
        )
    if OfficerConsent.objects.filter(officer=user).exists():
        return
    actor = actor_of(user, on=today)
    some = [near, *_cooperatives(actor.area - {near}, now)]
    for organisation_id, (way, deeds) in zip(some, CONSENTS, strict=False):
        given = Given(GIVEN_BY, way, today, today + HOW_LONG, deeds)
        record_consent(actor=actor, organisation_id=organisation_id, given=given, now=now)


def _communes_around(organisation_id: int, now: datetime) -> list[str]:
    rows: QuerySet[Any] = on_day(Organisation.objects.filter(pk=organisation_id), now.date())
    home = Commune.objects.get(pk=rows.values_list("commune_on", flat=True).get())
    around = Commune.objects.filter(
        former_province=home.former_province, former_district=home.former_district
    )
    return list(around.order_by("pk").values_list("pk", flat=True))


def _cooperatives(area: frozenset[int], now: datetime) -> list[int]:
    """Those of the area that are at work, in the order of the register."""
    rows: QuerySet[Any] = on_day(Organisation.objects.filter(pk__in=area), now.date())
    at_work = rows.exclude(pk__in=inactive_on(now.date()).values("pk"))
    found = at_work.filter(kind_on=Kind.COOPERATIVE).order_by("pk")
    return list(found.values_list("pk", flat=True))
