"""Keys by which programs ask on behalf of a person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from linkage.registry.models.accounts import Role, User
from linkage.registry.models.organisations import Organisation


class ApiToken(models.Model):
    """A person's key for one organisation or one office, with the scopes that it is for.

    Only a keyed digest is stored. Of what its owner may it allows the part that its scopes name,
    until `ends`, that day included, or until it was revoked.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="api_tokens"
    )
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    # What it is for, in its owner's words.
    name = models.CharField(max_length=100)
    # "market:read", ...: `registry.token_scopes`.
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    ends = models.DateField()
    # To the minute.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role="", organisation__isnull=False)
                | (~Q(role="") & Q(organisation=None)),
                name="api_token_is_for_one_organisation_or_office",
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=Role.values), name="api_token_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="api_token_is_not_revoked_before_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"
