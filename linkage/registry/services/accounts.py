"""Accounts and the roles that people hold for a period."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, Invalid, NotFound
from linkage.jobs.services import record_event
from linkage.registry import phones, values
from linkage.registry.access import OPERATOR, Actor, Capability, require, staff_on
from linkage.registry.acting import area_of_grants, memberships_of
from linkage.registry.constraints import refusals
from linkage.registry.models import Commune, Role, RoleGrant, User
from linkage.registry.services.claims import hold_person
from linkage.registry.services.memberships import OwnArea

SUBJECT = "account"


class AccountExists(Conflict):
    """Somebody has this user name or this e-mail address."""

    code = "account_exists"
    field = "username"
    words = _("There is already an account with this name or e-mail address.")


class EmailInvalid(Invalid):
    """The text is no e-mail address."""

    code = "email_invalid"
    field = "email"
    words = _("The e-mail address is not valid.")


class UserNameInvalid(Invalid):
    """A user name that could not be typed again by whoever reads it."""

    code = "user_name_invalid"
    field = "username"
    words = _("A user name has letters, digits and the signs . _ + - only, without spaces.")


class PasswordTooWeak(Invalid):
    """A password that the rules refuse; `reasons` are their sentences."""

    code = "password_too_weak"
    field = "password"
    words = _("The password is too weak: %(reasons)s")


class AreaMissing(Invalid):
    """A field officer without an area would be one of nothing."""

    code = "area_missing"
    field = "communes"
    words = _("A field officer needs at least one commune.")


class AreaNotForRole(Invalid):
    """The other roles are of the whole city."""

    code = "area_not_for_role"
    field = "communes"
    words = _("Only a field officer has an area.")


class SwitchedAlready(Conflict):
    """The account is on, or off, as it was to be."""

    code = "account_switched_already"
    words = _("Somebody switched this account in the meantime.")


class LastAdministrator(Conflict):
    """Nobody who may sign in would manage accounts any more, and no page could mend that."""

    code = "last_administrator"
    words = _(
        "This is the last administrator who can sign in. Make another one an administrator first."
    )


class RoleOver(Conflict):
    """The role is not held any more on the day on which it was to end."""

    code = "role_over"
    words = _("This role has ended already, or was revoked in the meantime.")


def create_account(
    *,
    actor: Actor,
    username: str,
    email: str,
    full_name: str,
    password: str,
    now: datetime,
) -> User:
    """Make an account that may nothing yet; roles are granted apart.

    Raises: NotAllowed, TextInvalid, EmailInvalid, PasswordTooWeak, AccountExists.
    """
    require(actor, Capability.MANAGE_ACCOUNTS)
    user = User(
        username=values.text(username, field="username", limit=150, required=True),
        email=User.objects.normalize_email(values.text(email, field="email", limit=254)).lower(),
        full_name=values.text(full_name, field="full_name", limit=150),
        date_joined=now,
    )
    _check_email(user)
    _check(user, password)
    user.set_password(password)
    with refusals(), transaction.atomic():
        _refuse_taken(user)
        user.save()
        _note(user.pk, "account_created", actor, now, {"username": user.username})
    return user


def sign_up(*, full_name: str, login: str, password: str, phone: str, now: datetime) -> User:
    """Make one's own account, without a role and a membership; `login` a user name or an e-mail.

    Raises: TextInvalid, EmailInvalid, PhoneInvalid, PasswordTooWeak, AccountExists.
    """
    username = values.text(login, field="login", limit=150, required=True)
    user = User(
        username=username,
        email=username.lower() if "@" in username else "",
        full_name=values.text(full_name, field="full_name", limit=150, required=True),
        phone=phones.parse(phone) if phone else "",
        date_joined=now,
    )
    if user.email:
        _check_email(user)
    else:
        _check_username(username)
    _check(user, password)
    user.set_password(password)
    with refusals(), transaction.atomic():
        _refuse_taken(user)
        user.save()
        actor = Actor(user.pk, frozenset())
        _note(user.pk, "account_signed_up", actor, now, {"username": user.username})
    return user


def create_administrator(
    *, username: str, email: str, full_name: str, password: str, now: datetime
) -> User:
    """Make an administrator from the server's own command line: all or nothing.

    Raises: TextInvalid, EmailInvalid, PasswordTooWeak, AccountExists.
    """
    with transaction.atomic():
        user = create_account(
            actor=OPERATOR,
            username=username,
            email=email,
            full_name=full_name,
            password=password,
            now=now,
        )
        grant_role(
            actor=OPERATOR,
            user_id=user.pk,
            role=Role.ADMINISTRATOR,
            starts=localdate(now),
            ends=None,
            now=now,
        )
    return user


def _check_username(username: str) -> None:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as refusal:
        raise UserNameInvalid from refusal


def _check_email(user: User) -> None:
    try:
        validate_email(user.email)
    except ValidationError as refusal:
        raise EmailInvalid from refusal


def _refuse_taken(user: User) -> None:
    """A name or an address that another account signs in with, whatever its case."""
    logins = {user.username, user.email} - {""}
    for login in sorted(logins):
        taken = User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login))
        if taken.exists():
            raise AccountExists


def _check(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise PasswordTooWeak(reasons=" ".join(refusal.messages)) from refusal


def set_account_active(*, actor: Actor, user_id: int, active: bool, now: datetime) -> User:
    """Switch an account on or off; off, it has no role and cannot sign in.

    Raises: NotAllowed, NotFound, SwitchedAlready, LastAdministrator. Nothing is written then.
    """
    require(actor, Capability.MANAGE_ACCOUNTS)
    with transaction.atomic(), _leaves_an_administrator(user_id, localdate(now)):
        user = _account(user_id)
        # Compare-and-set: of two who switch at once, one did it and the other is told.
        if User.objects.filter(pk=user_id, is_active=not active).update(is_active=active) != 1:
            raise SwitchedAlready
        kind = "account_switched_on" if active else "account_switched_off"
        _note(user_id, kind, actor, now, {})
    user.is_active = active
    return user


def grant_role(
    *,
    actor: Actor,
    user_id: int,
    role: str,
    starts: date,
    ends: date | None,
    now: datetime,
    communes: Collection[str] = (),
) -> RoleGrant:
    """Give a person a role from `starts` to `ends`, both included; no end: until revoked.

    `communes`, by code: the area of a field officer. Raises: NotAllowed, NotFound, ValueUnknown,
    DayOutOfRange, AreaMissing, AreaNotForRole; OwnArea, for a member of an organisation there;
    Conflict if it ends before it starts or the person has the role in that period.
    """
    require(actor, Capability.MANAGE_ACCOUNTS)
    if role not in Role.values:
        raise values.ValueUnknown(field="role")
    area = _area(role, communes)
    days = (("starts", starts), ("ends", ends))
    period = [values.day(day, field=field).isoformat() for field, day in days if day]
    with refusals(), transaction.atomic():
        user = hold_person(user_id)
        grant = RoleGrant.objects.create(user=user, role=role, starts=starts, ends=ends)
        grant.communes.set(area)
        _refuse_own_area(grant, max(starts, localdate(now)))
        said = {"role": role, "period": period, "communes": sorted(one.pk for one in area)}
        _note(user_id, "role_granted", actor, now, said)
    return grant


def _area(role: str, codes: Collection[str]) -> list[Commune]:
    if role != Role.FIELD_OFFICER:
        if codes:
            raise AreaNotForRole
        return []
    found = list(Commune.objects.filter(pk__in=codes))
    if not codes:
        raise AreaMissing
    if len(found) != len(set(codes)):
        raise values.ValueUnknown(field="communes")
    return found


def _refuse_own_area(grant: RoleGrant, day: date) -> None:
    if area_of_grants([grant.pk], day) & memberships_of(grant.user_id, day).keys():
        raise OwnArea


def revoke_role(*, actor: Actor, grant_id: int, on: date, now: datetime) -> None:
    """End a grant so that the role is not held on `on` any more; one not begun is taken back.

    Raises: NotAllowed; NotFound; RoleOver if it had ended before that day; LastAdministrator.
    Nothing is written then.
    """
    require(actor, Capability.MANAGE_ACCOUNTS)
    with refusals(), transaction.atomic():
        grant = RoleGrant.objects.filter(pk=grant_id).first()
        if grant is None:
            raise NotFound
        if grant.ends is not None and grant.ends < on:
            raise RoleOver
        with _leaves_an_administrator(grant.user_id, on):
            _end_grant(grant, on)
        data = {"role": grant.role, "on": on.isoformat()}
        _note(grant.user_id, "role_revoked", actor, now, data)


def _end_grant(grant: RoleGrant, on: date) -> None:
    rows = RoleGrant.objects.filter(pk=grant.pk, ends=grant.ends)
    if grant.starts >= on:
        rows.delete()
    elif rows.update(ends=on - timedelta(days=1)) != 1:
        raise RoleOver


@contextmanager
def _leaves_an_administrator(user_id: int, day: date) -> Iterator[None]:
    """Around what may take an account's administration away; in the caller's transaction.

    Two administrators who shut each other out at once both lock all of them first, so the second
    sees what the first did. Raises: LastAdministrator; the caller's transaction is then undone.
    """
    before = staff_on(day, Capability.MANAGE_ACCOUNTS)
    # In one order, lest two wait for each other; SQLite has one writer at a time anyway.
    list(User.objects.select_for_update().filter(pk__in=before).order_by("pk").values("pk"))
    yield
    if user_id in before and not staff_on(day, Capability.MANAGE_ACCOUNTS):
        raise LastAdministrator


def _account(user_id: int) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def _note(user_id: int, kind: str, actor: Actor, now: datetime, data: dict[str, Any]) -> None:
    record_event(
        subject_kind=SUBJECT,
        subject_id=user_id,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data=data,
    )
