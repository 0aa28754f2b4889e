"""Paper contracts as the office enters, corrects and ends them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage, Origin, Side, State
from linkage.agreements.services.contract import (
    DAYS,
    MEASURED,
    Terms,
    after,
    apply,
    must_be_new,
    must_end_within,
    must_measure,
    must_stay_itself,
)
from linkage.agreements.services.parties import ask_to_confirm, tell_both
from linkage.agreements.services.reserving import end
from linkage.agreements.services.states import (
    claim_by_office,
    follow_days,
    move_by_days,
    note,
    reason_of,
)
from linkage.agreements.services.verifying import unverify
from linkage.errors import Conflict, Invalid, NotFound
from linkage.notices.models import Kind
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import Organisation


class TerminationToCome(Invalid):
    """What holds a quantity gives it back on the day of its end, and not before."""

    code = "termination_to_come"
    field = "terminated_on"
    words = _("A termination is entered on its day, or on a later one.")


class AgreedByBothSides(Conflict):
    """What two sides agreed here changes by their own agreement only."""

    code = "agreed_by_both_sides"
    words = _("Both sides agreed on the product, the quantity and the days here: they stand.")


class NotTerminated(Conflict):
    """There is no day of termination to correct."""

    code = "not_terminated"
    words = _("This linkage was not terminated.")


# What the two sides of the platform agreed on; its commodity is that of their posts.
AGREED_HERE = MEASURED | DAYS
# What a verifier saw on paper: another number or other days are another paper.
SEEN = DAYS | {"contract_number"}


def record_linkage(
    *, actor: Actor, seller_id: int, buyer_id: int, terms: Terms, now: datetime
) -> Linkage:
    """Enter a paper contract as declared; `terms` must hold its number and first day.

    Raises: NotAllowed; NotFound for a side that does not exist or was merged; Invalid for a value
    that cannot be; QuantityWithoutUnit, UnitNotOfCommodity; KnownAlready; Conflict for one
    organisation on both sides or an end before the start. Nothing is written then.
    """
    require(actor, Capability.WRITE_LINKAGES)
    if "starts" not in terms:
        raise values.ValueUnknown(field="starts")
    sides = Organisation.objects.filter(pk__in={seller_id, buyer_id}, merged_into=None)
    # In order of id, so nobody waits in a circle; a side that declares it itself waits.
    held = sides.select_for_update(no_key=True).order_by("pk")
    linkage = Linkage(
        seller_id=seller_id, buyer_id=buyer_id, origin=Origin.DECLARED, opened_by=Side.OFFICE
    )
    with refusals(), transaction.atomic():
        if len(held) != len({seller_id, buyer_id}):
            raise NotFound
        given: Mapping[str, Any] = {"contract_number": "", **terms}
        changed = apply(linkage, given)
        must_measure(linkage)
        must_be_new(linkage)
        linkage.hand_edited = sorted(changed)
        follow_days(linkage, on=localdate(now))
        linkage.save()
        data = {"seller": seller_id, "buyer": buyer_id, "after": after(changed)}
        note(linkage, "recorded", actor, now, data)
        for side in (Side.SELLER, Side.BUYER):
            ask_to_confirm(linkage, side, now=now, except_user_id=actor.user_id)
    return linkage


def edit_linkage(
    *,
    actor: Actor,
    linkage_id: int,
    version: int,
    terms: Terms,
    reason: str,
    now: datetime,
) -> Linkage:
    """Correct what a linkage says, with the reason; imports leave these fields alone afterwards.

    Both sides are told. Another number or other days take a verification back, since another paper
    was seen; the days of a contract on paper put it into its state. Raises: NotAllowed, NotFound,
    StaleVersion, ReasonMissing, QuantityWithoutUnit, UnitNotOfCommodity; AgreedByBothSides for
    product, quantity and days of what was agreed here; Invalid for a value that cannot be and for
    days that leave the day of termination outside; KnownAlready, if it became a contract that is
    there; Conflict for an end before the start. Nothing is written then.
    """
    require(actor, Capability.WRITE_LINKAGES)
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage = claim_by_office(linkage_id, version)
        changed = apply(linkage, {**terms})
        _must_be_correctable(linkage, changed.keys())
        if changed:
            linkage.hand_edited = sorted({*linkage.hand_edited, *changed})
            linkage.save()
            before = {field: old for field, (old, _new) in changed.items()}
            data = {"before": before, "after": after(changed), "reason": said}
            note(linkage, "edited", actor, now, data)
            _tell_sides(linkage, "corrected", actor, now, {"reason": said})
        if changed.keys() & DAYS:
            move_by_days(linkage, actor=actor, now=now)
        if changed.keys() & SEEN and linkage.verified_on is not None:
            unverify(linkage, said, actor=actor, now=now)
    return linkage


def terminate_linkage(
    *,
    actor: Actor,
    linkage_id: int,
    version: int,
    terminated_on: date,
    reason: str,
    now: datetime,
) -> Linkage:
    """End a linkage before its time, with the reason: from that day on it is not in force. Both
    sides are told.

    Raises: NotAllowed, NotFound, StaleVersion, ReasonMissing, IllegalMove, DayOutOfRange,
    TerminationOutOfRange, TerminationAfterEnd, TerminationToCome.
    """
    require(actor, Capability.WRITE_LINKAGES)
    values.day(terminated_on, field="terminated_on")
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage = claim_by_office(linkage_id, version)
        must_end_within(linkage, terminated_on)
        _must_have_come(linkage, terminated_on, localdate(now))
        fields = {"terminated_on": terminated_on}
        data = {"terminated_on": terminated_on.isoformat(), "reason": said}
        end(linkage, State.TERMINATED, actor=actor, now=now, fields=fields, data=data)
        linkage.hand_edited = sorted({*linkage.hand_edited, "terminated_on"})
        linkage.save(update_fields=["hand_edited"])
        _tell_sides(linkage, "terminated_by_office", actor, now, data)
    return linkage


def correct_termination(
    *,
    actor: Actor,
    linkage_id: int,
    version: int,
    terminated_on: date,
    reason: str,
    now: datetime,
) -> Linkage:
    """Put another day of termination in the place of a wrong one, with the reason. Both sides are
    told.

    Raises: NotAllowed, NotFound, StaleVersion, ReasonMissing, NotTerminated, DayOutOfRange,
    TerminationOutOfRange, TerminationAfterEnd, TerminationToCome. Nothing is written then.
    """
    require(actor, Capability.WRITE_LINKAGES)
    values.day(terminated_on, field="terminated_on")
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage = claim_by_office(linkage_id, version)
        if linkage.terminated_on is None:
            raise NotTerminated
        must_end_within(linkage, terminated_on)
        _must_have_come(linkage, terminated_on, localdate(now))
        data = {
            "before": {"terminated_on": linkage.terminated_on.isoformat()},
            "after": {"terminated_on": terminated_on.isoformat()},
            "reason": said,
        }
        linkage.terminated_on = terminated_on
        linkage.hand_edited = sorted({*linkage.hand_edited, "terminated_on"})
        linkage.save(update_fields=["terminated_on", "hand_edited"])
        note(linkage, "termination_corrected", actor, now, data)
        told = {"terminated_on": terminated_on.isoformat(), "reason": said}
        _tell_sides(linkage, "termination_corrected", actor, now, told)
    return linkage


def _tell_sides(
    linkage: Linkage, what: str, actor: Actor, now: datetime, data: Mapping[str, str]
) -> None:
    """Each act of the office has a version of its own, so each is told once."""
    tell_both(
        linkage, Kind.ANSWER, what,
        key=f"{what}:{linkage.version}", now=now, data=data, except_user_id=actor.user_id,
    )  # fmt: skip


def _must_be_correctable(linkage: Linkage, changed: Set[str]) -> None:
    """Raises: AgreedByBothSides, QuantityWithoutUnit, UnitNotOfCommodity, and what
    must_end_within and must_stay_itself do.

    What was not changed is not asked: a contract of the register may have a quantity alone.
    """
    agreed = changed & AGREED_HERE
    if linkage.origin == Origin.PLATFORM and agreed:
        raise AgreedByBothSides(field=min(agreed))
    if changed & MEASURED:
        must_measure(linkage)
    if linkage.terminated_on and changed & DAYS:
        must_end_within(linkage, linkage.terminated_on)
    must_stay_itself(linkage, changed)


def _must_have_come(linkage: Linkage, terminated_on: date, today: date) -> None:
    """Raises: TerminationToCome, but for what has not begun: ended on its first day, it never is in
    force."""
    if terminated_on > max(today, linkage.starts):
        raise TerminationToCome
