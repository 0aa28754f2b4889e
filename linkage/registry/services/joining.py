"""Asking to act for an organisation, in the register or new; staff look at who asks and decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, NotFound
from linkage.jobs.models import Event
from linkage.jobs.services import record_event
from linkage.registry import tax_codes, values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.acting import open_memberships
from linkage.registry.constraints import refusals
from linkage.registry.models import (
    Commune,
    JoinRequest,
    Kind,
    MemberRole,
    Membership,
    Organisation,
    User,
)
from linkage.registry.models.organisations import Origin
from linkage.registry.on_a_day import on_day
from linkage.registry.services.announcing import Audience, Fact, announce
from linkage.registry.services.memberships import (
    AlreadyMember,
    begin_membership,
    person_id,
)
from linkage.registry.services.organisations import create_organisation
from linkage.text import identity_key

SUBJECT = "join_request"
MOST_OPEN_REQUESTS = 5
_LONGEST_WORDS = 500


class TooManyRequests(Conflict):
    """The person waits for that many answers."""

    code = "too_many_requests"
    words = _("You wait for %(limit)s answers already.")


class AskedAlready(Conflict):
    """The person waits for an answer about a new organisation of that name."""

    code = "asked_already"
    field = "name"
    words = _("You asked for an organisation of this name already and wait for the answer.")


class RequestDecided(Conflict):
    """Somebody decided it, or it was taken back."""

    code = "request_decided"
    words = _("This request was decided or taken back in the meantime.")


class SeveralAlike(Conflict):
    """More than one organisation of the register is what was asked for."""

    code = "several_alike"
    words = _("Several organisations of the register are alike. Choose the one that is meant.")


class NewOrganisation(TypedDict):
    """What somebody says of an organisation that they did not find; empty: not known."""

    name: str
    kind: str
    tax_code: str
    commune_code: str


def ask_to_join(*, actor: Actor, organisation_id: int, note: str, now: datetime) -> JoinRequest:
    """Ask to act for an organisation of the register; staff are told.

    Raises: NotAllowed, for nobody; NotFound, TextInvalid, AlreadyMember, TooManyRequests; Conflict,
    if the person asked before and waits.
    """
    user_id = person_id(actor)
    organisation = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if organisation is None:
        raise NotFound
    if open_memberships(organisation_id, localdate(now)).filter(user=user_id).exists():
        raise AlreadyMember
    request = JoinRequest(user_id=user_id, organisation=organisation, created_at=now)
    return _ask(request, note, actor, now)


def ask_for_new(*, actor: Actor, asked: NewOrganisation, note: str, now: datetime) -> JoinRequest:
    """Ask for an organisation that is to be entered, and to act for it; staff are told.

    Raises: NotAllowed, for nobody; TextInvalid, TaxCodeInvalid, ValueUnknown, AskedAlready,
    TooManyRequests.
    """
    commune_code = asked["commune_code"]
    if asked["kind"] not in Kind.values:
        raise values.ValueUnknown(field="kind")
    if commune_code and not Commune.objects.filter(pk=commune_code).exists():
        raise values.ValueUnknown(field="commune_code")
    request = JoinRequest(
        user_id=person_id(actor),
        name=values.text(asked["name"], field="name", limit=300, required=True),
        kind=asked["kind"],
        tax_code=tax_codes.parse(asked["tax_code"]) if asked["tax_code"] else "",
        commune_code=commune_code,
        created_at=now,
    )
    return _ask(request, note, actor, now)


def withdraw_request(*, actor: Actor, request_id: int, now: datetime) -> JoinRequest:
    """Take an own request back. Raises: NotFound, also for another person's; RequestDecided."""
    own = JoinRequest.objects.filter(pk=request_id, user=person_id(actor))
    if not own.exists():
        raise NotFound
    with refusals(), transaction.atomic():
        request = _decide(request_id, JoinRequest.State.WITHDRAWN, actor, now)
        _note(request, "request_withdrawn", actor, now, {})
    return request


def approve_request(
    *,
    actor: Actor,
    request_id: int,
    role: str,
    now: datetime,
    organisation_id: int | None = None,
) -> Membership:
    """Let who asks act for the organisation from today on.

    A new organisation is entered, unless the register has it: the same tax code, or the same name,
    kind and commune and no other tax code; then that one is claimed. `organisation_id` says that
    another one is meant. Raises: NotAllowed, NotFound, ValueUnknown, RequestDecided, SeveralAlike,
    AlreadyMember, OwnArea; nothing is written then.
    """
    require(actor, Capability.MANAGE_MEMBERS)
    if role not in MemberRole.values:
        raise values.ValueUnknown(field="role")
    with refusals(), transaction.atomic():
        # One decision at a time (on SQLite all writes are): two requests for one new organisation
        # make it once. Locked in order of id, so nobody waits in a circle.
        waiting = JoinRequest.objects.filter(state=JoinRequest.State.OPEN).order_by("pk")
        list(waiting.select_for_update().values_list("pk", flat=True))
        request = _decide(request_id, JoinRequest.State.APPROVED, actor, now)
        organisation = _meant(request, organisation_id, actor, now)
        JoinRequest.objects.filter(pk=request_id).update(organisation=organisation)
        membership = begin_membership(
            user_id=request.user_id, organisation=organisation, role=role, actor=actor, now=now
        )
        data = {"organisation": organisation.name, "role": role}
        event = _note(request, "request_approved", actor, now, data)
        answer = _answer(request, "approved")
        announce(answer, organisation=organisation, event=event, actor=actor, now=now)
    return membership


def refuse_request(*, actor: Actor, request_id: int, reason: str, now: datetime) -> JoinRequest:
    """Refuse a request; who asks reads the reason.

    Raises: NotAllowed, NotFound, TextInvalid without a reason, RequestDecided.
    """
    require(actor, Capability.MANAGE_MEMBERS)
    words = values.text(reason, field="reason", limit=_LONGEST_WORDS, required=True)
    with refusals(), transaction.atomic():
        request = _decide(request_id, JoinRequest.State.REFUSED, actor, now, reason=words)
        event = _note(request, "request_refused", actor, now, {"reason": words})
        about = request.organisation or request.name
        answer = _answer(request, "refused", words)
        announce(answer, organisation=about, event=event, actor=actor, now=now)
    return request


def _ask(request: JoinRequest, note: str, actor: Actor, now: datetime) -> JoinRequest:
    request.note = values.text(note, field="note", limit=_LONGEST_WORDS)
    with refusals(), transaction.atomic():
        # Asking goes one by one for a person, so that the limit holds.
        person = User.objects.select_for_update().get(pk=request.user_id)
        rows = JoinRequest.objects.filter(user=person, state=JoinRequest.State.OPEN)
        waiting = rows.filter(organisation=None).values_list("name", flat=True)
        # The database holds the same of organisations that are in the register.
        if request.name and identity_key(request.name) in map(identity_key, waiting):
            raise AskedAlready
        if rows.count() >= MOST_OPEN_REQUESTS:
            raise TooManyRequests(limit=MOST_OPEN_REQUESTS)
        request.save()
        event = _note(request, "requested", actor, now, {})
        fact = Fact("asked", Audience.STAFF, person=str(person), request_id=request.pk)
        about = request.organisation or request.name
        announce(fact, organisation=about, event=event, actor=actor, now=now)
    return request


def _decide(
    request_id: int, state: JoinRequest.State, actor: Actor, now: datetime, reason: str = ""
) -> JoinRequest:
    """Move an open request: of two who decide at once, the second is told."""
    rows = JoinRequest.objects.filter(pk=request_id)
    changes = {"decided_by_id": actor.user_id, "decided_at": now, "reason": reason}
    if rows.filter(state=JoinRequest.State.OPEN).update(state=state, **changes) != 1:
        raise RequestDecided if rows.exists() else NotFound
    return rows.select_related("organisation__merged_into", "user").get()


def _meant(
    request: JoinRequest, organisation_id: int | None, actor: Actor, now: datetime
) -> Organisation:
    """The organisation that the request is about; a new one is entered here."""
    if organisation_id is not None:
        chosen = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
        if chosen is None:
            raise NotFound
        return chosen
    if request.organisation is not None:
        return request.organisation.survivor
    known = list(_same_organisations(request, localdate(now))[:2])
    if len(known) > 1:
        raise SeveralAlike
    if known:
        return known[0]
    return create_organisation(
        actor=actor,
        kind=request.kind,
        details={"name": request.name, "tax_code": request.tax_code or None},
        commune_code=request.commune_code or None,
        origin=Origin.MEMBER,
        now=now,
        # Whoever decides was shown what is alike, and chose none of it.
        is_another=True,
    )


def _same_organisations(asked: JoinRequest, on: date) -> QuerySet[Organisation]:
    """Return what of the register is certainly what was asked for: at most one by tax code.

    The same whole tax code; without one that has it, the same folded name, kind and commune on the
    day, unless both have a tax code.
    """
    rows = on_day(Organisation.objects.filter(merged_into=None), on).order_by("pk")
    by_code = rows.filter(tax_code=asked.tax_code) if asked.tax_code else rows.none()
    if by_code.exists():
        return by_code
    facts = {"kind_on": asked.kind, "commune_on": asked.commune_code or None}
    named = rows.filter(name_key=identity_key(asked.name), **facts)
    return named.filter(tax_code=None) if asked.tax_code else named


def _answer(request: JoinRequest, what: str, reason: str = "") -> Fact:
    return Fact(
        what, Audience.NAMED, user_ids=(request.user_id,), reason=reason, request_id=request.pk
    )


def _note(
    request: JoinRequest, kind: str, actor: Actor, now: datetime, data: dict[str, Any]
) -> Event:
    return record_event(
        subject_kind=SUBJECT,
        subject_id=request.pk,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data={**data, "account": request.user_id},
    )
