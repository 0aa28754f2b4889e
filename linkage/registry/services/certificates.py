"""Recording the certificates that an organisation holds."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from linkage.catalogue.models import Certification
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import Certificate
from linkage.registry.services.claims import claim, note


def add_certificate(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    certification_code: str,
    number: str,
    starts: date,
    ends: date | None,
    now: datetime,
) -> Certificate:
    """Record a certificate, good on its first and last day; no end means that none is stated.

    Raises: NotAllowed, NotFound, StaleVersion, ValueUnknown, DayOutOfRange; Conflict if it ends
    before it starts or the same certificate is already held in that period.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    if not Certification.objects.filter(pk=certification_code).exists():
        raise values.ValueUnknown(field="certification")
    period = [values.day(day) for day in (starts, ends) if day]
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        certificate = Certificate.objects.create(
            organisation=organisation,
            certification_id=certification_code,
            number=values.text(number, limit=100),
            starts=starts,
            ends=ends,
            recorded_by_id=actor.user_id,
        )
        data = {"certification": certification_code, "period": [day.isoformat() for day in period]}
        note(organisation, "certificate_added", actor=actor, now=now, data={"after": data})
    return certificate
