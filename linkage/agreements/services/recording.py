"""Paper contracts as the office enters, corrects and ends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage, Origin, Side, State
from linkage.agreements.services.contract import Terms, after, apply, state_by_dates
from linkage.agreements.services.parties import ask_to_confirm
from linkage.agreements.services.reserving import end
from linkage.agreements.services.states import claim_by_office, note
from linkage.errors import Invalid, NotFound
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import Organisation


class TerminationOutOfRange(Invalid):
    """A linkage cannot be terminated before it starts."""

    code = "terminated_before_start"
    words = _("The day of termination lies before the start.")


def record_linkage(
    *, actor: Actor, seller_id: int, buyer_id: int, terms: Terms, now: datetime
) -> Linkage:
    """Enter a paper contract as declared; `terms` must hold its number and first day.

    Raises: NotAllowed; NotFound for a side that does not exist or was merged; Invalid for a value
    that cannot be; Conflict for one organisation on both sides or an end before the start.
    """
    require(actor, Capability.WRITE_LINKAGES)
    if "starts" not in terms:
        raise values.ValueUnknown(field="starts")
    sides = Organisation.objects.filter(pk__in={seller_id, buyer_id}, merged_into=None)
    linkage = Linkage(
        seller_id=seller_id, buyer_id=buyer_id, origin=Origin.DECLARED, opened_by=Side.OFFICE
    )
    with refusals(), transaction.atomic():
        if sides.count() != len({seller_id, buyer_id}):
            raise NotFound
        given: Mapping[str, Any] = {"contract_number": "", **terms}
        changed = apply(linkage, given)
        linkage.hand_edited = sorted(changed)
        linkage.state = state_by_dates(linkage.starts, linkage.ends, localdate(now))
        linkage.save()
        data = {"seller": seller_id, "buyer": buyer_id, "after": after(changed)}
        note(linkage, "recorded", actor, now, data)
        for side in (Side.SELLER, Side.BUYER):
            ask_to_confirm(linkage, side, now=now, except_user_id=actor.user_id)
    return linkage


def edit_linkage(
    *, actor: Actor, linkage_id: int, version: int, terms: Terms, now: datetime
) -> Linkage:
    """Correct what a linkage says; imports leave these fields alone afterwards.

    Raises: NotAllowed, NotFound, StaleVersion; Invalid for a value that cannot be; Conflict for an
    end before the start. Nothing is written then.
    """
    require(actor, Capability.WRITE_LINKAGES)
    with refusals(), transaction.atomic():
        linkage = claim_by_office(linkage_id, version)
        changed = apply(linkage, {**terms})
        if linkage.terminated_on and linkage.terminated_on < linkage.starts:
            raise TerminationOutOfRange
        if changed:
            linkage.hand_edited = sorted({*linkage.hand_edited, *changed})
            linkage.save()
            before = {field: old for field, (old, _new) in changed.items()}
            data = {"before": before, "after": after(changed)}
            note(linkage, "edited", actor, now, data)
    return linkage


def terminate_linkage(
    *, actor: Actor, linkage_id: int, version: int, terminated_on: date, now: datetime
) -> Linkage:
    """End a linkage before its time: from that day on it is not in force.

    Raises: NotAllowed, NotFound, StaleVersion, IllegalMove, DayOutOfRange, TerminationOutOfRange.
    """
    require(actor, Capability.WRITE_LINKAGES)
    values.day(terminated_on, field="terminated_on")
    with refusals(), transaction.atomic():
        linkage = claim_by_office(linkage_id, version)
        if terminated_on < linkage.starts:
            raise TerminationOutOfRange
        fields = {"terminated_on": terminated_on}
        data = {"terminated_on": terminated_on.isoformat()}
        end(linkage, State.TERMINATED, actor=actor, now=now, fields=fields, data=data)
        linkage.hand_edited = sorted({*linkage.hand_edited, "terminated_on"})
        linkage.save(update_fields=["hand_edited"])
    return linkage
