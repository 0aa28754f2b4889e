"""Organisations that have never posted are invited to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, NotFound
from linkage.market.inviting import has_posted
from linkage.market.models import Invitation
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_organisation
from linkage.registry.access import Actor, Capability, reach
from linkage.registry.acting import of, people_of
from linkage.registry.models import Organisation
from linkage.registry.services.claims import SUBJECT, hold_unmerged, note

NOT_AGAIN_FOR = timedelta(days=30)


class PostedAlready(Conflict):
    """It needs no invitation."""

    code = "posted_already"
    words = _("This organisation has written an offer or a need already.")


class NobodyToInvite(Conflict):
    """Nobody acts for it: first somebody gets a code."""

    code = "nobody_to_invite"
    words = _("Nobody acts for this organisation yet: give it a letter with a code.")


class InvitedAlready(Conflict):
    """Once in 30 days."""

    code = "invited_already"
    words = _(
        "This organisation was invited within the last 30 days. Invite it again from %(day)s."
    )


def invite_to_post(*, actor: Actor, organisation_id: int, now: datetime) -> Invitation:
    """Tell an organisation's people that it can write what it offers or looks for.

    In the inbox of each, and as a message to those who chose so. Raises: NotAllowed; NotFound, also
    outside an officer's area and for what was merged; PostedAlready, NobodyToInvite,
    InvitedAlready. Nothing is written then.
    """
    area = reach(actor, Capability.INVITE)
    if area is not None and organisation_id not in area:
        raise NotFound
    with transaction.atomic():
        # Of two who invite at once the second is told.
        organisation = hold_unmerged(organisation_id)
        _must_be_invitable(organisation, now)
        made = Invitation.objects.create(
            organisation=organisation, invited_by_id=actor.user_id, invited_at=now
        )
        note(organisation, "invited_to_post", actor=actor, now=now, data={})
        _tell(made, organisation, now)
    return made


def _must_be_invitable(organisation: Organisation, now: datetime) -> None:
    """Raises: PostedAlready, NobodyToInvite, InvitedAlready."""
    if Organisation.objects.filter(has_posted(Value(organisation.pk)), pk=organisation.pk).exists():
        raise PostedAlready
    if not people_of(organisation.pk, localdate(now)):
        raise NobodyToInvite
    last = Invitation.objects.filter(of(organisation.pk)).order_by("-pk").first()
    if last is not None and now < last.invited_at + NOT_AGAIN_FOR:
        again = localdate(last.invited_at + NOT_AGAIN_FOR)
        raise InvitedAlready(day=date_format(again, "SHORT_DATE_FORMAT"))


def _tell(made: Invitation, organisation: Organisation, now: datetime) -> None:
    news = News(
        Kind.MATCH, "invited_to_post", SUBJECT, organisation.pk, f"invitation:{made.pk}",
        {"organisation": organisation.name},
    )  # fmt: skip
    tell_organisation(organisation_id=organisation.pk, news=news, now=now)
