"""What an organisation reads of field officers: whom it lets act for it, and what they did."""

from __future__ import annotations

from dataclasses import dataclass

from linkage.registry.access import Actor, require_member
from linkage.registry.acting import of
from linkage.registry.models import OfficerAct, OfficerConsent

MOST_ACTS = 100


@dataclass(frozen=True, slots=True)
class OfOfficers:
    """Consents and acts, the newest first."""

    consents: tuple[OfficerConsent, ...]
    acts: tuple[OfficerAct, ...]


def of_officers(*, actor: Actor, organisation_id: int) -> OfOfficers:
    """Return whom the organisation lets act for it, and their last hundred acts.

    Raises: NotFound, for who does not act for it.
    """
    require_member(actor, organisation_id)
    consents = OfficerConsent.objects.filter(of(organisation_id))
    acts = OfficerAct.objects.filter(of(organisation_id, "consent__organisation"))
    return OfOfficers(
        tuple(consents.select_related("end", "officer").order_by("-pk")),
        tuple(acts.select_related("consent__officer").order_by("-pk")[:MOST_ACTS]),
    )
