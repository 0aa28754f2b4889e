"""The reads of registry events, and what an organisation bore on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from linkage.errors import NotFound
from linkage.registry.access import Actor, Capability, require
from linkage.registry.models import Organisation, RegistryEvent


@dataclass(frozen=True, slots=True)
class Borne:
    """The name and the tax code that an organisation bore on a day."""

    name: str
    tax_code: str | None


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


def borne_on(organisation: Organisation, told: Iterable[RegistryEvent], on: date) -> Borne:
    """Return what it bore on the day: before an event what that one says it was until then."""
    name, tax_code = organisation.name, organisation.tax_code
    later = [one for one in told if one.organisation_id == organisation.pk and one.on > on]
    for one in sorted(later, key=lambda one: one.on, reverse=True):
        if one.kind == RegistryEvent.Kind.NEW_NAME:
            name = one.before
        if one.kind == RegistryEvent.Kind.NEW_TAX_CODE:
            tax_code = one.before or None
    return Borne(name, tax_code)
