"""Access codes: a printed letter, a slip from an officer or a message makes somebody a member."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, Invalid, NotAllowed, NotFound
from linkage.jobs.services import enqueue
from linkage.registry import access_codes, phones, values
from linkage.registry.access import Actor, Capability, allows, require_admin, require_manager
from linkage.registry.acting import of, open_memberships, people_of
from linkage.registry.constraints import refusals
from linkage.registry.models import AccessCode, CodeTries, MemberRole, Membership, Organisation
from linkage.registry.services.accounts import EmailInvalid
from linkage.registry.services.claims import hold, hold_unmerged, note
from linkage.registry.services.memberships import begin_membership, person_id

TOPIC = "registry.access_code"
GOOD_FOR = timedelta(days=30)
TRIES_AN_HOUR = 10
MOST_LIVE_CODES = 20
# What goes out by itself; a letter and a slip are handed over by the office.
_SENT = (AccessCode.Way.PHONE, AccessCode.Way.EMAIL)


class CodeNotValid(Invalid):
    """No such code, or it was used, cancelled or ran out: all answer alike."""

    code = "code_not_valid"
    field = "code"
    words = _("This code is not valid: it is mistyped, was used before, or has run out.")


class CodeOver(Conflict):
    """Nobody can enter the code any more: there is nothing to cancel."""

    code = "code_over"
    words = _("This code was used or cancelled.")


class ManagedAlready(Conflict):
    """Who is there lets others in: a field officer brings the first code and no more."""

    code = "managed_already"
    words = _("Somebody acts for this organisation already and lets others in.")


class TooManyTries(Conflict):
    """So many codes within the hour are guesses."""

    code = "too_many_tries"
    field = "code"
    words = _("Too many codes were entered within an hour. Try again later.")


class TooManyCodes(Conflict):
    """The organisation has that many codes that nobody used, or got that many within a day."""

    code = "too_many_codes"
    words = _("%(limit)s codes are unused or were made within a day. Cancel some, or wait.")


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that was made; `secret` is shown now or never, None where a message carries it."""

    code: AccessCode
    secret: str | None


def issue_code(
    *, actor: Actor, organisation_id: int, role: str, way: str, address: str = "", now: datetime
) -> Issued:
    """Make a code with which somebody comes to act for the organisation within 30 days.

    Staff by any way; who manages its accounts invites by telephone or e-mail. A message goes out
    by the outbox. A field officer as staff, in its area, while nobody acts for the organisation.
    Raises: NotAllowed, NotFound, ManagedAlready, ValueUnknown, PhoneInvalid, EmailInvalid,
    TooManyCodes; nothing is written then.
    """
    of_office = _must_issue(actor, organisation_id)
    if role not in MemberRole.values:
        raise values.ValueUnknown(field="role")
    if way not in AccessCode.Way.values:
        raise values.ValueUnknown(field="way")
    if way not in _SENT and not of_office:
        raise NotAllowed
    send_to, nonce = _read_address(way, address), secrets.token_hex(16)
    secret = access_codes.spelled(nonce)
    with refusals(), transaction.atomic():
        # A merge makes its codes void, and whoever else makes one counts them, before or after.
        organisation = hold_unmerged(organisation_id)
        by_area = of_office and not allows(actor, Capability.ISSUE_CODES)
        if by_area and people_of(organisation_id, localdate(now)):
            raise ManagedAlready
        _refuse_many(organisation_id, now)
        code = AccessCode.objects.create(
            organisation=organisation,
            role=role,
            way=way,
            address=send_to,
            digest=access_codes.digest_of(secret),
            issued_by_id=actor.user_id,
            issued_at=now,
            expires_at=now + GOOD_FOR,
        )
        note(organisation, "code_issued", actor=actor, now=now, data={"way": way, "role": role})
        if way in _SENT:
            payload = {"code_id": code.pk, "nonce": nonce}
            enqueue(topic=TOPIC, dedupe_key=str(code.pk), payload=payload, now=now)
    return Issued(code, None if way in _SENT else access_codes.grouped(secret))


def _must_issue(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor makes codes by office or area. Raises: NotAllowed, NotFound."""
    if allows(actor, Capability.ISSUE_CODES):
        return True
    if organisation_id in actor.area and not actor.acts_for(organisation_id):
        return True
    require_admin(actor, organisation_id)
    return False


def cancel_code(*, actor: Actor, organisation_id: int, code_id: int, now: datetime) -> AccessCode:
    """Make a code void that nobody used. Raises: NotAllowed, NotFound, CodeOver."""
    require_manager(actor, organisation_id)
    with refusals(), transaction.atomic():
        rows = AccessCode.objects.filter(pk=code_id, organisation=organisation_id)
        # Compare-and-set: whoever enters the code in this moment comes first or not at all.
        if rows.filter(used_at=None, cancelled_at=None).update(cancelled_at=now) != 1:
            raise CodeOver if rows.exists() else NotFound
        code = rows.select_related("organisation").get()
        data = {"way": code.way, "role": code.role}
        note(code.organisation, "code_cancelled", actor=actor, now=now, data=data)
    return code


def cancel_codes_of(organisation: Organisation, *, actor: Actor, now: datetime) -> None:
    """Make every code void that would still let somebody in, also those of what it took in."""
    rows = AccessCode.objects.filter(of(organisation.pk), used_at=None, cancelled_at=None)
    for code in rows.order_by("pk"):
        data = {"way": code.way, "role": code.role}
        note(organisation, "code_cancelled", actor=actor, now=now, data=data)
    rows.update(cancelled_at=now)


def enter_code(*, actor: Actor, code: str, now: datetime) -> Membership:
    """Use a code: the actor acts for its organisation from today on.

    The try counts whatever comes of it. Raises: TooManyTries, CodeNotValid, AlreadyMember.
    """
    count_try(actor=actor, now=now)
    return redeem(actor=actor, code=code, now=now)


def count_try(*, actor: Actor, now: datetime) -> None:
    """Count that the actor enters a code, in a transaction that no refusal takes back.

    Raises: NotAllowed, for nobody; TooManyTries, beyond ten within the hour.
    """
    user_id = person_id(actor)
    hour = now.replace(minute=0, second=0, microsecond=0)
    row, made = CodeTries.objects.get_or_create(user_id=user_id, hour=hour)
    if made:
        CodeTries.objects.filter(user=user_id, hour__lt=hour).delete()
    # One conditional UPDATE: tries at the same moment are all counted.
    counted = CodeTries.objects.filter(pk=row.pk, tries__lt=TRIES_AN_HOUR)
    if counted.update(tries=F("tries") + 1) != 1:
        raise TooManyTries


def redeem(*, actor: Actor, code: str, now: datetime) -> Membership:
    """The second half of `enter_code`, for a door that counted the try before.

    Whoever used the code before and still acts gets the same membership again.
    Raises: CodeNotValid, AlreadyMember; OwnArea, which leaves the code as it was.
    """
    user_id = person_id(actor)
    with refusals(), transaction.atomic():
        rows = AccessCode.objects.filter(digest=access_codes.digest_of(code))
        for organisation_id in rows.values_list("organisation", flat=True):
            # First of all, as whoever merges it does: a merge makes its codes void.
            hold(organisation_id)
        live = rows.filter(used_at=None, cancelled_at=None, expires_at__gt=now)
        # Compare-and-set: of two who enter one code, one becomes a member.
        if live.update(used_by=user_id, used_at=now) != 1:
            return _made_before(rows.filter(used_by=user_id).first(), now)
        entered = rows.select_related("organisation").get()
        return begin_membership(
            user_id=user_id,
            organisation=entered.organisation,
            role=entered.role,
            actor=actor,
            now=now,
        )


def _made_before(used: AccessCode | None, now: datetime) -> Membership:
    if used is None:
        raise CodeNotValid
    kept = used.organisation.survivor
    rows = open_memberships(kept.pk, localdate(now)).filter(user=used.used_by_id)
    membership = rows.order_by("pk").first()
    if membership is None:
        raise CodeNotValid
    return membership


def _refuse_many(organisation_id: int, now: datetime) -> None:
    """Who makes and cancels codes in turn would send messages without end: the day's count too."""
    live = Q(used_at=None, cancelled_at=None, expires_at__gt=now)
    today = Q(used_at=None, issued_at__gt=now - timedelta(days=1))
    rows = AccessCode.objects.filter(live | today, organisation=organisation_id)
    if rows.count() >= MOST_LIVE_CODES:
        raise TooManyCodes(limit=MOST_LIVE_CODES)


def _read_address(way: str, address: str) -> str:
    if way == AccessCode.Way.PHONE:
        try:
            return phones.parse(address)
        except phones.PhoneInvalid as refusal:
            raise phones.PhoneInvalid(field="address") from refusal
    if way == AccessCode.Way.EMAIL:
        email = values.text(address, field="address", limit=254).lower()
        try:
            validate_email(email)
        except ValidationError as refusal:
            raise EmailInvalid(field="address") from refusal
        return email
    return ""
