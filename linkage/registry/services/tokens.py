"""Keys by which programs ask: a person makes one, sees it once, revokes it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, Invalid, NotAllowed, NotFound
from linkage.jobs.services import record_event
from linkage.registry import values
from linkage.registry.access import Actor, require_member
from linkage.registry.constraints import refusals
from linkage.registry.models import ApiToken, Role, User
from linkage.registry.services.accounts import SUBJECT
from linkage.registry.services.memberships import person_id
from linkage.registry.token_scopes import SCOPES

LONGEST = timedelta(days=366)
MOST_TOKENS = 20
# So a key that was left in a file is known for one.
_PREFIX = "noichuoi_"
_SALT = "linkage.registry.tokens"


class TokenEndInvalid(Invalid):
    """A key without an end, or with one too far away, is forgotten and still opens doors."""

    code = "token_end_invalid"
    field = "ends"
    words = _("A key ends between today and a year from today.")


class ScopesMissing(Invalid):
    """A key that is for nothing."""

    code = "scopes_missing"
    field = "scopes"
    words = _("Choose at least one thing that the key is for.")


class TooManyTokens(Conflict):
    """So many keys are in use that nobody knows any more what for."""

    code = "too_many_tokens"
    words = _("You have %(limit)s keys in use. Revoke some first.")


class TokenOver(Conflict):
    """Revoked already."""

    code = "token_over"
    words = _("This key was revoked already.")


@dataclass(frozen=True, slots=True)
class Made:
    """A key that was made; `secret` is shown now or never."""

    token: ApiToken
    secret: str


def make_token(
    *,
    actor: Actor,
    name: str,
    scopes: Collection[str],
    ends: date,
    organisation_id: int | None = None,
    role: str = "",
    now: datetime,
) -> Made:
    """Make a key for one organisation that the actor acts for, or for one office of the actor's.

    Raises: NotFound for an organisation of others; NotAllowed for an office not held;
    TextInvalid, ValueUnknown, ScopesMissing, TokenEndInvalid, TooManyTokens.
    """
    user_id = person_id(actor)
    _check_standing(actor, organisation_id, role)
    called = values.text(name, field="name", limit=100, required=True)
    today = localdate(now)
    if not scopes:
        raise ScopesMissing
    if not set(scopes) <= set(SCOPES):
        raise values.ValueUnknown(field="scopes")
    if not today <= ends <= today + LONGEST:
        raise TokenEndInvalid
    secret = _PREFIX + secrets.token_urlsafe(32)
    with refusals(), transaction.atomic():
        # The account's row is the lock: two who make one at once are counted one by one.
        User.objects.select_for_update().get(pk=user_id)
        if _in_use(user_id, today) >= MOST_TOKENS:
            raise TooManyTokens(limit=MOST_TOKENS)
        token = ApiToken.objects.create(
            user_id=user_id,
            organisation_id=organisation_id,
            role=role,
            name=called,
            scopes=sorted(set(scopes)),
            digest=digest_of(secret),
            created_at=now,
            ends=ends,
        )
        _note(token, "token_made", now)
    return Made(token, secret)


def revoke_token(*, actor: Actor, token_id: int, now: datetime) -> None:
    """Make one's own key void at once. Raises: NotFound, also for another person's; TokenOver."""
    with transaction.atomic():
        rows = ApiToken.objects.filter(pk=token_id, user=person_id(actor))
        # Compare-and-set: of two who revoke at once, one did it and the other is told.
        if rows.filter(revoked_at=None).update(revoked_at=now) != 1:
            raise TokenOver if rows.exists() else NotFound
        _note(rows.get(), "token_revoked", now)


def use_token(*, secret: str, now: datetime) -> ApiToken | None:
    """Return the key that the secret is, noting to the minute that it was used; None if it is none.

    An ended or revoked one, and one of an account that was switched off, is none.
    """
    rows = ApiToken.objects.filter(
        digest=digest_of(secret), revoked_at=None, ends__gte=localdate(now), user__is_active=True
    )
    token = rows.select_related("user", "organisation").first()
    if token is not None:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(minutes=1))
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


def digest_of(secret: str) -> str:
    """Return what is kept of a key."""
    return salted_hmac(_SALT, secret, algorithm="sha256").hexdigest()


def _check_standing(actor: Actor, organisation_id: int | None, role: str) -> None:
    if (organisation_id is None) == (not role):
        raise values.ValueUnknown(field="organisation_id")
    if organisation_id is not None:
        require_member(actor, organisation_id)
    elif role not in Role.values:
        raise values.ValueUnknown(field="role")
    elif Role(role) not in actor.roles:
        raise NotAllowed


def _in_use(user_id: int, today: date) -> int:
    return ApiToken.objects.filter(user=user_id, revoked_at=None, ends__gte=today).count()


def _note(token: ApiToken, kind: str, now: datetime) -> None:
    data = {"token": token.name, "scopes": token.scopes, "ends": token.ends.isoformat()}
    record_event(
        subject_kind=SUBJECT,
        subject_id=token.user_id,
        kind=kind,
        at=now,
        actor_id=token.user_id,
        data=data,
    )
