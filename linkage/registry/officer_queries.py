"""What an organisation reads of field officers: whom it lets act for it, and what they did."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.registry.access import Actor, require_member
from linkage.registry.acting import of
from linkage.registry.models import OfficerAct, OfficerConsent, Organisation

MOST_ACTS = 100


@dataclass(frozen=True, slots=True)
class OfOfficers:
    """Consents and acts, the newest first."""

    consents: tuple[OfficerConsent, ...]
    acts: tuple[OfficerAct, ...]


def in_area(*, actor: Actor, organisation_id: int) -> Organisation:
    """Return an organisation of the officer's area. Raises: NotFound outside of it."""
    if organisation_id not in actor.area:
        raise NotFound
    return Organisation.objects.get(pk=organisation_id)


def own_consent(*, actor: Actor, organisation_id: int, consent_id: int) -> OfficerConsent:
    """Return a consent that the officer recorded, of an organisation of its area.

    Raises: NotFound, also for another officer's.
    """
    rows = OfficerConsent.objects.select_related("organisation__merged_into", "officer", "end")
    own = rows.filter(of(organisation_id), pk=consent_id, officer=actor.user_id)
    found = own.first() if organisation_id in actor.area else None
    if found is None:
        raise NotFound
    return found


def with_scans(consents: QuerySet[OfficerConsent]) -> tuple[OfficerConsent, ...]:
    """Return consents with their ends and scans, the newest first; two queries."""
    shown = consents.select_related("end", "officer").prefetch_related("scans")
    return tuple(shown.order_by("-pk"))


def of_officers(*, actor: Actor, organisation_id: int) -> OfOfficers:
    """Return whom the organisation lets act for it, and their last hundred acts.

    Raises: NotFound, for who does not act for it.
    """
    require_member(actor, organisation_id)
    consents = OfficerConsent.objects.filter(of(organisation_id))
    acts = OfficerAct.objects.filter(of(organisation_id, "consent__organisation"))
    return OfOfficers(
        with_scans(consents),
        tuple(acts.select_related("consent__officer").order_by("-pk")[:MOST_ACTS]),
    )
