"""A pool: what a buyer proposes to several members at once, in force only when all agree."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.market.models import Need
from linkage.registry.models import User


class PoolProposal(models.Model):
    """One common price for the parts of one need; each member's part is a linkage (`lines`).

    `price` is in đồng per 1,000,000 g, 1,000,000 ml or 1,000 pieces. `answer_by` is the last day
    on which members answer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for answers")
        AGREED = "agreed", _("Agreed by all")
        DECLINED = "declined", _("Declined by a member")
        WITHDRAWN = "withdrawn", _("Taken back by the buyer")
        LAPSED = "lapsed", _("Not agreed in time")

    need = models.ForeignKey(Need, models.PROTECT, related_name="pools")
    price = models.BigIntegerField()
    answer_by = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="pool_price_is_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "agreed", "declined", "withdrawn", "lapsed"]),
                name="pool_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="pool_has_an_end_when_it_ended",
            ),
            models.UniqueConstraint(
                fields=["need"],
                condition=Q(state="waiting"),
                name="pool_waits_once_for_a_need",
            ),
        ]
        indexes = [
            # agreements.services.pooling.lapse_pools looks for those whose time is over.
            models.Index(
                fields=["answer_by"], condition=Q(state="waiting"), name="pool_by_last_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.state}"
