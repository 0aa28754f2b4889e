"""The reads of registry events."""

from __future__ import annotations

from django.db.models import Q

from linkage.errors import NotFound
from linkage.registry.access import Actor, Capability, require
from linkage.registry.models import RegistryEvent


def events(*, actor: Actor, organisation_id: int) -> list[RegistryEvent]:
    """What happened to an organisation, or to another with it, the latest day first.

    Raises: NotAllowed.
    """
    require(actor, Capability.READ_ORGANISATIONS)
    rows = RegistryEvent.objects.select_related("organisation", "other")
    own = rows.filter(Q(organisation=organisation_id) | Q(other=organisation_id))
    return list(own.order_by("-on", "-pk"))


def event(*, actor: Actor, organisation_id: int, event_id: int) -> RegistryEvent:
    """An event of the organisation's own, not of another with it. Raises: NotAllowed, NotFound."""
    require(actor, Capability.READ_ORGANISATIONS)
    rows = RegistryEvent.objects.filter(organisation=organisation_id, pk=event_id)
    found = rows.select_related("other").first()
    if found is None:
        raise NotFound
    return found
