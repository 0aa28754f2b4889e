"""Which few offers fill a need together, as it was last looked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.market.models import Need, Offer

_WHY = ("too_little", "too_many_partners", "does_not_fit", "not_in_time", "need_closed")


class PoolSuggestion(models.Model):
    """Which few offers fill a need together, as the last look that its owner asked for found.

    `why`: what stands in the way of a pool of what fits, blank if there is one; then the parts are
    those of the pool that would close it, with what each lacks, or there is none either
    (`closing_why`). `values` and `closing_values` say by how much. `aims` are the engine's, each
    with its value, its bound and whether that is a proof. Of `wanted` base units, at a version of
    the need: what changed since is another question.
    """

    class Why(models.TextChoices):
        TOO_LITTLE = "too_little", _("All together have too little")
        TOO_MANY_PARTNERS = "too_many_partners", _("It would take too many")
        DOES_NOT_FIT = "does_not_fit", _("What they have does not fit together")
        NOT_IN_TIME = "not_in_time", _("None was found in the time there was")
        NEED_CLOSED = "need_closed", _("The need is not open")

    need = models.OneToOneField(
        Need, models.CASCADE, primary_key=True, related_name="pool_suggestion"
    )
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    need_version = models.PositiveIntegerField()
    wanted = models.BigIntegerField()
    why = models.CharField(max_length=17, choices=Why.choices, blank=True)
    values = models.JSONField(default=dict)
    closing_why = models.CharField(max_length=17, choices=Why.choices, blank=True)
    closing_values = models.JSONField(default=dict)
    aims = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    why__in=["", *_WHY],
                    closing_why__in=["", *_WHY],
                ),
                name="pool_suggestion_why_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(why="") | Q(closing_why=""),
                name="pool_suggestion_closes_only_what_is_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.why}"


class PoolPart(models.Model):
    """What one offer brings to a pool, in base units, and what it lacks, as numbers (`near`)."""

    suggestion = models.ForeignKey(PoolSuggestion, models.CASCADE, related_name="parts")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="pool_parts")
    quantity = models.BigIntegerField()
    lacks = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "offer"], name="pool_part_is_of_another_offer"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="pool_part_quantity_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.offer_id}"
