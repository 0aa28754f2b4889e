"""What a field officer writes about the organisations of its area: consents, and whom it rang."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, Invalid, NotFound
from linkage.jobs.services import record_event
from linkage.registry import values
from linkage.registry.access import Actor
from linkage.registry.acting import of
from linkage.registry.constraints import refusals
from linkage.registry.models import (
    Call,
    ConsentEnd,
    Deed,
    OfficerConsent,
)
from linkage.registry.services.announcing import Audience, Fact, announce
from linkage.registry.services.claims import SUBJECT, hold, hold_unmerged
from linkage.registry.services.memberships import person_id

LONGEST_CONSENT = timedelta(days=365)
OLDEST_CONSENT = timedelta(days=30)
NO_ANSWER_PAUSE = timedelta(days=1)
NOT_INTERESTED_PAUSE = timedelta(days=180)
LONGEST_NOTE = 500


class ConsentTooLong(Invalid):
    """After a year an organisation is asked anew."""

    code = "consent_too_long"
    field = "until"
    words = _("A consent holds for a year at most: then ask again.")


class ConsentDayInvalid(Invalid):
    """A consent is recorded when it was given, not before and not much later."""

    code = "consent_day_invalid"
    field = "given_on"
    words = _("A consent was given today or within the last 30 days.")


class ConsentRanOut(Invalid):
    """What is recorded still holds: one that ran out lets nobody do anything."""

    code = "consent_ran_out"
    field = "until"
    words = _("A consent holds today at least: its last day is over.")


class ConsentGivenBeforeEnd(Invalid):
    """What was said before the consent was withdrawn was withdrawn with it."""

    code = "consent_given_before_end"
    field = "given_on"
    words = _("A consent to you was withdrawn on %(day)s: a new one is given after that.")


class ConsentForNothing(Invalid):
    """A consent says what it is for."""

    code = "consent_for_nothing"
    field = "deeds"
    words = _("Say what the organisation lets you do for it.")


class ConsentOver(Conflict):
    """The consent was withdrawn before."""

    code = "consent_over"
    words = _("This consent is withdrawn already.")


class CallDayInvalid(Invalid):
    """Calling again is for a later day."""

    code = "call_day_invalid"
    field = "again_on"
    words = _("Name a later day, within a year, on which to call again.")


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as it was given: by whom, how, when, until when, for what."""

    given_by: str
    way: str
    given_on: date
    until: date
    deeds: Collection[str]
    note: str = ""


def record_consent(
    *, actor: Actor, organisation_id: int, given: Given, now: datetime
) -> OfficerConsent:
    """Record that an organisation of the officer's area lets it act; its people are told.

    Raises: NotFound outside the area; ValueUnknown, TextInvalid, ConsentForNothing,
    ConsentDayInvalid, ConsentTooLong, ConsentRanOut, ConsentGivenBeforeEnd. Nothing is written
    then.
    """
    if organisation_id not in actor.area:
        raise NotFound
    _check(given, localdate(now))
    who = values.text(given.given_by, field="given_by", limit=150, required=True)
    note = values.text(given.note, field="note", limit=LONGEST_NOTE)
    with refusals(), transaction.atomic():
        # One that is withdrawn in this moment is withdrawn before or after.
        organisation = hold_unmerged(organisation_id)
        _refuse_what_was_withdrawn(organisation_id, person_id(actor), given.given_on)
        consent = OfficerConsent.objects.create(
            organisation=organisation,
            officer_id=person_id(actor),
            given_by=who,
            way=given.way,
            given_on=given.given_on,
            until=given.until,
            deeds=[deed for deed in Deed.values if deed in given.deeds],
            note=note,
            recorded_at=now,
        )
        # Who gave it is a person's name: it stands in the consent alone.
        data = {"how": given.way, "until": given.until.isoformat(), "consent": consent.pk}
        note_of_consent(consent, "consent_recorded", actor, now, data)
    return consent


def withdraw_consent(
    *, actor: Actor, organisation_id: int, consent_id: int, now: datetime, reason: str = ""
) -> ConsentEnd:
    """End a consent at once: by whoever acts for the organisation, or the officer it is for.

    With it end all that this officer has of the organisation: who says "no more" need not find
    each. Raises: NotFound, also for another officer's; ConsentOver.
    """
    said = values.text(reason, field="reason", limit=LONGEST_NOTE)
    rows = OfficerConsent.objects.select_related("organisation__merged_into", "officer")
    found = rows.filter(pk=consent_id).first()
    if found is None or found.organisation.survivor_id != organisation_id:
        raise NotFound
    if not actor.acts_for(organisation_id) and found.officer_id != actor.user_id:
        raise NotFound
    ended = {"ended_by_id": person_id(actor), "ended_at": now, "reason": said}
    with refusals(), transaction.atomic():
        hold(organisation_id)
        # Under a unique key: of two at once the second is told.
        end, is_new = ConsentEnd.objects.get_or_create(consent=found, defaults=ended)
        if not is_new:
            raise ConsentOver
        others = _not_ended(organisation_id, found.officer_id, localdate(now))
        ConsentEnd.objects.bulk_create(ConsentEnd(consent=other, **ended) for other in others)
        with_it = [other.pk for other in others]
        data = {"consent": found.pk, "with_it": with_it} if with_it else {"consent": found.pk}
        note_of_consent(found, "consent_withdrawn", actor, now, data)
    return end


def note_call(
    *,
    actor: Actor,
    organisation_id: int,
    outcome: str,
    now: datetime,
    again_on: date | None = None,
    note: str = "",
) -> Call:
    """Keep that the officer rang and what came of it; the list leaves it out until `again_on`.

    That is tomorrow where nobody answered, and half a year on where nobody is interested. Raises:
    NotFound outside the area; ValueUnknown, CallDayInvalid, TextInvalid.
    """
    if organisation_id not in actor.area:
        raise NotFound
    if outcome not in Call.Outcome.values:
        raise values.ValueUnknown(field="outcome")
    day = _again(Call.Outcome(outcome), again_on, localdate(now))
    said = values.text(note, field="note", limit=LONGEST_NOTE)
    with transaction.atomic():
        call = Call.objects.create(
            organisation_id=organisation_id,
            officer_id=person_id(actor),
            outcome=outcome,
            again_on=day,
            note=said,
            rang_at=now,
        )
        record_event(
            subject_kind=SUBJECT,
            subject_id=organisation_id,
            kind="rang",
            at=now,
            actor_id=actor.user_id,
            data={"outcome": outcome, "again_on": day.isoformat()},
        )
    return call


def _check(given: Given, today: date) -> None:
    if given.way not in OfficerConsent.Way.values:
        raise values.ValueUnknown(field="way")
    if set(given.deeds) - set(Deed.values):
        raise values.ValueUnknown(field="deeds")
    if not given.deeds:
        raise ConsentForNothing
    if not today - OLDEST_CONSENT <= given.given_on <= today:
        raise ConsentDayInvalid
    if given.until > given.given_on + LONGEST_CONSENT:
        raise ConsentTooLong
    if given.until < today:
        raise ConsentRanOut


def _refuse_what_was_withdrawn(organisation_id: int, officer_id: int, given_on: date) -> None:
    ends = ConsentEnd.objects.filter(
        of(organisation_id, "consent__organisation"), consent__officer=officer_id
    )
    last = ends.order_by("-ended_at").values_list("ended_at", flat=True).first()
    if last is not None and given_on < localdate(last):
        raise ConsentGivenBeforeEnd(day=date_format(localdate(last), "SHORT_DATE_FORMAT"))


def _not_ended(organisation_id: int, officer_id: int, today: date) -> list[OfficerConsent]:
    """The officer's consents that hold, or would again if a merge were undone."""
    rows = OfficerConsent.objects.filter(
        of(organisation_id), officer=officer_id, until__gte=today, end=None
    )
    return list(rows.order_by("pk"))


def _again(outcome: Call.Outcome, asked: date | None, today: date) -> date:
    if outcome is Call.Outcome.NO_ANSWER:
        return today + NO_ANSWER_PAUSE
    if outcome is Call.Outcome.NOT_INTERESTED:
        return today + NOT_INTERESTED_PAUSE
    if asked is None or not today < asked <= today + LONGEST_CONSENT:
        raise CallDayInvalid
    return asked


def note_of_consent(
    consent: OfficerConsent, kind: str, actor: Actor, now: datetime, data: dict[str, Any]
) -> None:
    """Add a line to the organisation's history and tell its people, in the caller's transaction."""
    party = consent.organisation.survivor
    event = record_event(
        subject_kind=SUBJECT,
        subject_id=party.pk,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data=data,
    )
    fact = Fact(kind, Audience.MEMBERS, person=str(consent.officer))
    announce(fact, organisation=party, event=event, actor=actor, now=now)
