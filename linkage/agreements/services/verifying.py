"""Verifying linkages, and taking a verification back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import COUNTING_STATES, Linkage
from linkage.agreements.services.states import SUBJECT, claim, note, reason_of
from linkage.errors import Conflict
from linkage.jobs.queries import events_of
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals


class NotYetVerifiable(Conflict):
    """Only what is agreed and not verified yet, and on no day to come."""

    code = "not_verifiable"
    words = _("Only an agreed linkage that is not verified yet can be verified.")


class NotVerified(Conflict):
    """There is no verification to withdraw."""

    code = "not_verified"
    words = _("This linkage is not verified.")


class VerifiedByRecorder(Conflict):
    """Whoever entered a linkage does not prove it."""

    code = "verified_by_its_recorder"
    words = _("Whoever recorded a linkage cannot verify it.")


def verify_linkage(
    *, actor: Actor, linkage_id: int, version: int, verified_on: date, now: datetime
) -> Linkage:
    """Say that the city saw the evidence on that day. For verifiers only.

    Raises: NotAllowed, NotFound, StaleVersion, DayOutOfRange; NotYetVerifiable for a linkage that
    is not agreed, is verified already, or for a day in the future; VerifiedByRecorder for whoever
    recorded it.
    """
    require(actor, Capability.VERIFY_LINKAGES)
    values.day(verified_on)
    with refusals(), transaction.atomic():
        linkage = claim(linkage_id, version)
        if linkage.state not in COUNTING_STATES or linkage.verified_on is not None:
            raise NotYetVerifiable
        if verified_on > localdate(now):
            raise NotYetVerifiable
        recorded = events_of(SUBJECT, linkage_id).filter(kind="recorded")
        if actor.user_id is not None and recorded.filter(actor_id=actor.user_id).exists():
            raise VerifiedByRecorder
        linkage.verified_on, linkage.verified_by_id = verified_on, actor.user_id
        linkage.hand_edited = sorted({*linkage.hand_edited, "verified_on"})
        linkage.save()
        note(linkage, "verified", actor, now, {"verified_on": verified_on.isoformat()})
    return linkage


def withdraw_verification(
    *, actor: Actor, linkage_id: int, version: int, reason: str, now: datetime
) -> Linkage:
    """Take a verification back, with the reason; imports do not bring it again.

    Raises: NotAllowed, NotFound, StaleVersion, ReasonMissing, NotVerified.
    """
    require(actor, Capability.WITHDRAW_VERIFICATIONS)
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage = claim(linkage_id, version)
        if linkage.verified_on is None:
            raise NotVerified
        data = {"verified_on": linkage.verified_on.isoformat(), "reason": said}
        linkage.verified_on, linkage.verified_by_id = None, None
        linkage.hand_edited = sorted({*linkage.hand_edited, "verified_on"})
        linkage.save()
        note(linkage, "verification_withdrawn", actor, now, data)
    return linkage
