"""Recording the certificates that an organisation holds, and taking back a mistake."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from linkage.catalogue.models import Certification
from linkage.errors import NotFound
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import Certificate, Organisation
from linkage.registry.services.claims import claim, note


def add_certificate(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    certification_code: str,
    number: str,
    issuer: str,
    starts: date,
    ends: date | None,
    now: datetime,
) -> Certificate:
    """Record a certificate, good on its first and last day; no end means that none is stated.

    `issuer` is the body that its paper names. Raises: NotAllowed, NotFound, StaleVersion,
    ValueUnknown, TextInvalid, DayOutOfRange; Conflict if it ends before it starts or the same
    certificate is already held in that period. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    if not Certification.objects.filter(pk=certification_code).exists():
        raise values.ValueUnknown(field="certification")
    values.day(starts, field="starts")
    if ends is not None:
        values.day(ends, field="ends")
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        certificate = Certificate.objects.create(
            organisation=organisation,
            certification_id=certification_code,
            number=values.text(number, field="number", limit=100),
            issuer=values.text(issuer, field="issuer", limit=200),
            starts=starts,
            ends=ends,
            recorded_by_id=actor.user_id,
        )
        data = {"after": _noted(certificate)}
        note(organisation, "certificate_added", actor=actor, now=now, data=data)
    return certificate


def remove_certificate(
    *, actor: Actor, organisation_id: int, version: int, certificate_id: int, now: datetime
) -> Organisation:
    """Take back a certificate that was recorded by mistake; the history keeps what it said.

    Raises: NotAllowed, NotFound, StaleVersion. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        certificate = organisation.certificates.filter(pk=certificate_id).first()
        if certificate is None:
            raise NotFound
        certificate.delete()
        data = _noted(certificate)
        note(organisation, "certificate_removed", actor=actor, now=now, data=data)
    return organisation


def _noted(certificate: Certificate) -> dict[str, str]:
    """A certificate as the history keeps it."""
    return {
        "certification": certificate.certification_id,
        "number": certificate.number,
        "issuer": certificate.issuer,
        "starts": certificate.starts.isoformat(),
        "ends": certificate.ends.isoformat() if certificate.ends else "",
    }
