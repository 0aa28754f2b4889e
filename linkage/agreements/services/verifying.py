"""Verifying linkages, sending them back, and taking a verification back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import COUNTING_STATES, Linkage, Review, Side
from linkage.agreements.services.parties import organisation_on, tell_both
from linkage.agreements.services.states import (
    SUBJECT,
    claim_by_office,
    note,
    reason_of,
)
from linkage.errors import Conflict, Invalid
from linkage.jobs.queries import events_of
from linkage.notices.models import Kind
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals

PARTIES = (Side.SELLER, Side.BUYER)
# What a verifier does to a linkage of others; whoever did anything else had a part in it.
_JUDGING = ("verified", "sent_back", "verification_withdrawn", "evidence_read")


class NotYetVerifiable(Conflict):
    """Only what is agreed and not verified yet, and on no day to come."""

    code = "not_verifiable"
    field = "verified_on"
    words = _("Only an agreed linkage that is not verified yet can be verified.")


class VerifiedBeforeStart(Invalid):
    """No paper was seen before the contract began; of one still to begin, none before today."""

    code = "verified_before_start"
    field = "verified_on"
    words = _("The day of verification lies before the contract begins, %(starts)s.")


class NotVerified(Conflict):
    """There is no verification to withdraw."""

    code = "not_verified"
    words = _("This linkage is not verified.")


class VerifiedByRecorder(Conflict):
    """Whoever entered, changed or ended a linkage, or brought its evidence, does not prove it."""

    code = "verified_by_its_recorder"
    words = _(
        "Whoever recorded, changed or ended a linkage, or attached its evidence, cannot verify it."
    )


class VerifiedByParty(Conflict):
    """A verifier belongs to neither party."""

    code = "verified_by_a_party"
    words = _(
        "Whoever acts for one of the two sides cannot judge their linkage. Another verifier has to"
        " do it."
    )


class NothingSeen(Invalid):
    """Something is seen: a scan, or a paper that can be found again."""

    code = "nothing_seen"
    words = _("No scan is attached: say which paper you saw and where it is kept.")


def verify_linkage(
    *,
    actor: Actor,
    linkage_id: int,
    version: int,
    verified_on: date,
    now: datetime,
    paper: str = "",
) -> Linkage:
    """Say that the city saw the evidence on that day. For verifiers only.

    `paper` says which paper was seen and where it is kept; without a scan it is needed. Raises:
    NotAllowed, NotFound, StaleVersion, DayOutOfRange, TextInvalid; NotYetVerifiable for a linkage
    that is not agreed, is verified already, or for a day in the future; VerifiedBeforeStart;
    VerifiedByRecorder, VerifiedByParty; NothingSeen.
    """
    require(actor, Capability.VERIFY_LINKAGES)
    values.day(verified_on, field="verified_on")
    seen_on_paper = values.text(paper, field="paper", limit=values.LONGEST_REASON)
    with refusals(), transaction.atomic():
        linkage = _claim_for_review(actor, linkage_id, version)
        if verified_on > localdate(now):
            raise NotYetVerifiable
        if verified_on < min(linkage.starts, localdate(now)):
            raise VerifiedBeforeStart(starts=date_format(linkage.starts, "SHORT_DATE_FORMAT"))
        scans = sorted(linkage.evidence_files.values_list("sha256", flat=True))
        if not scans and not seen_on_paper:
            raise NothingSeen(field="paper")
        linkage.verified_on, linkage.verified_by_id = verified_on, actor.user_id
        linkage.hand_edited = sorted({*linkage.hand_edited, "verified_on"})
        linkage.save()
        data = {"verified_on": verified_on.isoformat(), "paper": seen_on_paper, "scans": scans}
        note(linkage, "verified", actor, now, data)
        _say(linkage, Review.Verdict.VERIFIED, seen_on_paper, actor, now)
    return linkage


def send_back(
    *, actor: Actor, linkage_id: int, version: int, reason: str, now: datetime
) -> Linkage:
    """Say what the evidence lacks: the linkage waits again once new evidence comes.

    Raises: NotAllowed, NotFound, StaleVersion, ReasonMissing; NotYetVerifiable for a linkage that
    is not agreed or is verified already; VerifiedByRecorder, VerifiedByParty.
    """
    require(actor, Capability.VERIFY_LINKAGES)
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage = _claim_for_review(actor, linkage_id, version)
        note(linkage, "sent_back", actor, now, {"reason": said})
        _say(linkage, Review.Verdict.SENT_BACK, said, actor, now)
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
        linkage = claim_by_office(linkage_id, version)
        unverify(linkage, said, actor=actor, now=now)
    return linkage


def unverify(linkage: Linkage, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take the verification of a claimed linkage back and tell both sides why, in the caller's
    transaction.

    The one function that does it. Raises: NotVerified.
    """
    if linkage.verified_on is None:
        raise NotVerified
    data = {"verified_on": linkage.verified_on.isoformat(), "reason": reason}
    linkage.verified_on, linkage.verified_by_id = None, None
    linkage.hand_edited = sorted({*linkage.hand_edited, "verified_on"})
    linkage.save()
    note(linkage, "verification_withdrawn", actor, now, data)
    _say(linkage, Review.Verdict.WITHDRAWN, reason, actor, now)


def is_party(actor: Actor, linkage: Linkage) -> bool:
    """Whether the actor acts for one of the two sides or looks after it: no judge of theirs."""
    return any(actor.is_near(organisation_on(linkage, side).pk) for side in PARTIES)


def _claim_for_review(actor: Actor, linkage_id: int, version: int) -> Linkage:
    """Claim a linkage that can be judged, for somebody who has no part in it."""
    linkage = claim_by_office(linkage_id, version)
    if linkage.state not in COUNTING_STATES or linkage.verified_on is not None:
        raise NotYetVerifiable
    if is_party(actor, linkage):
        raise VerifiedByParty
    acts = events_of(SUBJECT, linkage_id).filter(actor_id=actor.user_id)
    brought = linkage.evidence_files.filter(uploaded_by=actor.user_id)
    if actor.user_id is not None and (acts.exclude(kind__in=_JUDGING).exists() or brought.exists()):
        raise VerifiedByRecorder
    return linkage


def _say(
    linkage: Linkage, verdict: Review.Verdict, reason: str, actor: Actor, now: datetime
) -> None:
    """Keep the verdict and tell both sides, in the caller's transaction."""
    review = Review.objects.create(
        linkage=linkage,
        verdict=verdict,
        reason=reason,
        reviewed_by_id=actor.user_id,
        reviewed_at=now,
    )
    tell_both(
        linkage, Kind.VERIFICATION, verdict.value,
        key=f"review:{review.pk}", now=now, data={"reason": reason},
        except_user_id=actor.user_id,
    )  # fmt: skip
