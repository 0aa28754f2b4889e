"""Whom the office introduces to each other, since nobody was shown one of them. Only added to."""

from __future__ import annotations

from django.db import models

from linkage.market.models import Need, Offer
from linkage.registry.models import Organisation, User


class Introduction(models.Model):
    """An offer and a need that the office suggests to both sides, for the sake of one of them."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="introductions")
    need = models.ForeignKey(Need, models.PROTECT, related_name="introductions")
    # The co-op that was shown to nobody.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="introductions")
    introduced_at = models.DateTimeField()
    introduced_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "need"], name="introduction_is_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.need_id}"
