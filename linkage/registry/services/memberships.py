"""Who acts for an organisation: how it begins, changes and ends. Codes and requests lead here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.registry import values
from linkage.registry.access import Actor, require_manager, require_member
from linkage.registry.acting import looked_after_by, open_memberships
from linkage.registry.constraints import refusals
from linkage.registry.models import MemberRole, Membership, Organisation
from linkage.registry.services.announcing import Audience, Fact, announce
from linkage.registry.services.behalf import tell_newcomer
from linkage.registry.services.claims import hold, hold_person, note


class AlreadyMember(Conflict):
    """The person acts for the organisation already."""

    code = "already_member"
    field = "code"
    words = _("This person acts for the organisation already.")


class OwnArea(Conflict):
    """A field officer with a membership would agree for whom it looks after."""

    code = "own_area"
    words = _("A field officer does not act as a member for an organisation of its area.")


def begin_membership(
    *, user_id: int, organisation: Organisation, role: str, actor: Actor, now: datetime
) -> Membership:
    """Let the person act for the organisation from today on, in the caller's transaction.

    Of a merged one: for its survivor. Raises: AlreadyMember; OwnArea, for who looks after it as a
    field officer today, or is to.
    """
    # Before a merge, which ends it, or after one, and then at the survivor.
    kept = hold(organisation.pk)
    today = localdate(now)
    if open_memberships(kept.pk, today).filter(user=user_id).exists():
        raise AlreadyMember
    # Whoever makes it a field officer in this moment sees the membership, or is seen here.
    person = hold_person(user_id)
    if kept.pk in looked_after_by(user_id, today):
        raise OwnArea
    membership = Membership.objects.create(user=person, organisation=kept, role=role, starts=today)
    event = _note(membership, "member_joined", actor, now, {"after": {"role": role}})
    fact = Fact("joined", Audience.MEMBERS, person=str(person))
    announce(fact, organisation=kept, event=event, actor=Actor(user_id, frozenset()), now=now)
    tell_newcomer(organisation=kept, actor=actor, now=now)
    return membership


def set_member_role(
    *,
    actor: Actor,
    organisation_id: int,
    membership_id: int,
    version: int,
    role: str,
    now: datetime,
) -> Membership:
    """Say what a person may do for the organisation: by one who manages its accounts, or staff.

    Raises: NotAllowed, NotFound, StaleVersion, ValueUnknown; nothing is changed then.
    """
    require_manager(actor, organisation_id)
    if role not in MemberRole.values:
        raise values.ValueUnknown(field="role")
    with refusals(), transaction.atomic():
        membership = _claim(organisation_id, membership_id, version, localdate(now))
        before, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        data = {"before": {"role": before}, "after": {"role": role}}
        event = _note(membership, "member_role_set", actor, now, data)
        what = "made_admin" if role == MemberRole.ADMIN else "made_member"
        _tell_person(membership, what, event, actor, now)
        if before == MemberRole.ADMIN:
            _tell_staff_if_unmanaged(membership.organisation, event, actor, now)
    return membership


def end_membership(
    *, actor: Actor, organisation_id: int, membership_id: int, version: int, now: datetime
) -> None:
    """Take a person's right to act for the organisation, from this day on.

    For one who manages its accounts, or staff: somebody left, or lost the telephone. Staff are told
    if nobody is left who manages its accounts. Raises: NotAllowed, NotFound, StaleVersion.
    """
    require_manager(actor, organisation_id)
    with refusals(), transaction.atomic():
        membership = _claim(organisation_id, membership_id, version, localdate(now))
        event = _end(membership, "member_ended", actor, now)
        _tell_person(membership, "ended", event, actor, now)


def leave(*, actor: Actor, organisation_id: int, now: datetime) -> None:
    """Stop acting for an organisation oneself, from this day on; the others are told.

    Raises: NotFound, if the actor does not act for it.
    """
    require_member(actor, organisation_id)
    with refusals(), transaction.atomic():
        rows = open_memberships(organisation_id, localdate(now)).filter(user=actor.user_id)
        claimed = [
            _claim(organisation_id, row.pk, row.version, localdate(now))
            for row in rows.order_by("pk")
        ]
        if not claimed:
            raise NotFound
        for membership in claimed:
            event = _end(membership, "member_left", actor, now)
            fact = Fact("left", Audience.MEMBERS, person=str(membership.user))
            announce(
                fact,
                organisation=membership.organisation.survivor,
                event=event,
                actor=actor,
                now=now,
            )


def person_id(actor: Actor) -> int:
    """The account of who acts. Raises: NotAllowed, for the server itself and for nobody."""
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def _claim(organisation_id: int, membership_id: int, version: int, today: date) -> Membership:
    """Take the membership at the version that was read: of two who change it, one is told."""
    # Changes of one organisation's people go one by one (on SQLite all writes do): of two managers
    # who leave at once, the second sees that nobody is left.
    hold(organisation_id)
    rows = open_memberships(organisation_id, today).filter(pk=membership_id)
    ids = rows.filter(version=version).values("pk")
    # One conditional UPDATE; the subquery is there because a join cannot be updated.
    if Membership.objects.filter(pk__in=ids, version=version).update(version=F("version") + 1) != 1:
        raise StaleVersion if rows.exists() else NotFound
    return rows.select_related("user", "organisation__merged_into").get()


def _end(membership: Membership, kind: str, actor: Actor, now: datetime) -> Event:
    """Yesterday was the last day; what began today is taken back."""
    today = localdate(now)
    data = {"before": {"role": membership.role}, "after": {"role": None}}
    event = _note(membership, kind, actor, now, data)
    rows = Membership.objects.filter(pk=membership.pk)
    if membership.starts >= today:
        rows.delete()
    else:
        rows.update(ends=today - timedelta(days=1))
    if membership.role == MemberRole.ADMIN:
        _tell_staff_if_unmanaged(membership.organisation.survivor, event, actor, now)
    return event


def _tell_staff_if_unmanaged(
    organisation: Organisation, event: Event, actor: Actor, now: datetime
) -> None:
    rest = open_memberships(organisation.pk, localdate(now))
    if not rest.filter(role=MemberRole.ADMIN).exists():
        fact = Fact("without_admin", Audience.STAFF)
        announce(fact, organisation=organisation, event=event, actor=actor, now=now)


def _tell_person(
    membership: Membership, what: str, event: Event, actor: Actor, now: datetime
) -> None:
    fact = Fact(what, Audience.NAMED, user_ids=(membership.user_id,))
    announce(fact, organisation=membership.organisation.survivor, event=event, actor=actor, now=now)


def _note(
    membership: Membership, kind: str, actor: Actor, now: datetime, data: dict[str, Any]
) -> Event:
    said = {**data, "account": membership.user_id}
    return note(membership.organisation.survivor, kind, actor=actor, now=now, data=said)
