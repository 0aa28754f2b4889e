"""Who acts for an organisation, and the two ways to get there: a code, or a request."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.registry.models.accounts import User
from linkage.registry.models.organisations import Organisation


class MemberRole(models.TextChoices):
    """What a person may do for an organisation."""

    # Everything of a member, and invites, changes and ends memberships.
    ADMIN = "admin", _("Manages its accounts")
    # Posts, negotiates, enters contracts and deliveries.
    MEMBER = "member", _("Acts for it")


class Membership(models.Model):
    """A person acts for an organisation from `starts` to `ends`, both included."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=MemberRole.choices)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ends=None),
                name="membership_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")),
                name="membership_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.organisation_id}"


class AccessCode(models.Model):
    """A secret that makes whoever enters it a member: by letter, from an officer, by message.

    Only a keyed digest is stored. Used once; void when it was cancelled or ran out.
    """

    class Way(models.TextChoices):
        LETTER = "letter", _("Printed letter")
        OFFICER = "officer", _("Handed over by an officer")
        PHONE = "phone", _("Text message")
        EMAIL = "email", _("E-mail")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="access_codes")
    role = models.CharField(max_length=10, choices=MemberRole.choices)
    way = models.CharField(max_length=7, choices=Way.choices)
    # Where it was sent, for "phone" and "email".
    address = models.CharField(max_length=254, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="codes_issued")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="codes_used"
    )
    used_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values), name="access_code_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(way__in=["letter", "officer", "phone", "email"]),
                name="access_code_way_is_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")),
                name="access_code_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(cancelled_at=None),
                name="access_code_is_used_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.way}"


class CodeTries(models.Model):
    """How many codes an account entered within an hour: guessing one has to take for ever."""

    user = models.ForeignKey(User, models.CASCADE, related_name="code_tries")
    # The first moment of the hour.
    hour = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "hour"], name="code_tries_are_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.tries}"


class JoinRequest(models.Model):
    """Somebody asks to act for an organisation, known or new; staff look at who asks.

    `organisation` is null for a new one, whose name, kind, tax code and commune are then given;
    approving fills it in.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    user = models.ForeignKey(User, models.CASCADE, related_name="join_requests")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="join_requests"
    )
    name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    tax_code = models.CharField(max_length=14, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    # The applicant's own words: who they are there, how to reach them.
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="requests_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(state="open"),
                name="join_request_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "approved", "refused", "withdrawn"]),
                name="join_request_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="join_request_has_an_end_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(name=""),
                name="join_request_names_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.organisation_id or self.name}"
