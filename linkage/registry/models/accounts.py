"""People who sign in, and the offices they hold for a period."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.registry.models.places import Commune


class User(AbstractUser):
    """A person who signs in; what they may do comes from their role grants."""

    # Whoever signed up with a user name may have none.
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=150)
    # E.164, as its owner gave it.
    phone = models.CharField(max_length=20, blank=True)

    # Vietnamese names are one field; Django leaves out a field that is None here.
    first_name: Any = None
    last_name: Any = None

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email=""), name="account_email_is_used_once"
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username


class Role(models.TextChoices):
    """An office of the city."""

    CITY_STAFF = "city_staff", _("City staff")
    VERIFIER = "verifier", _("Verifier")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    # Of some communes, and for the co-ops there that let the officer act for them.
    FIELD_OFFICER = "field_officer", _("Field officer")


class RoleGrant(models.Model):
    """A role of a person from `starts` to `ends`, both included; no end means until revoked."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    # The area: of a field officer at least one, of the other roles none.
    communes = models.ManyToManyField(Commune, blank=True, related_name="+")

    class Meta:
        # Periods of one role of one person do not overlap: migration 0002 (EXCLUDE or trigger).
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")),
                name="role_grant_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="role_grant_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
