"""What an organisation says of itself once a year: drafted, sent, accepted or sent back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.registry.models import Organisation, User

# A part and the whole it is of.
PARTS = {
    "insured": "workers",
    "staff_trained": "staff",
    "key_trained": "key_staff",
    "key_degree": "key_staff",
}


class Rating(models.TextChoices):
    """How a cooperative is rated for the year."""

    GOOD = "good", _("Good (tốt)")
    FAIR = "fair", _("Fair (khá)")
    AVERAGE = "average", _("Average (trung bình)")
    WEAK = "weak", _("Weak (yếu)")


class YearReturn(models.Model):
    """One organisation's yearly return; a fact that was not answered is NULL and counts nowhere."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        SENT_BACK = "sent_back", _("Sent back")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="year_returns")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    # Why it was sent back.
    reason = models.TextField(blank=True)
    members = models.PositiveIntegerField(null=True, blank=True)
    workers = models.PositiveIntegerField(null=True, blank=True)
    # Of the workers, those with social insurance.
    insured = models.PositiveIntegerField(null=True, blank=True)
    staff = models.PositiveIntegerField(null=True, blank=True)
    staff_trained = models.PositiveIntegerField(null=True, blank=True)
    key_staff = models.PositiveIntegerField(null=True, blank=True)
    key_trained = models.PositiveIntegerField(null=True, blank=True)
    # Of the key staff, those with college or university.
    key_degree = models.PositiveIntegerField(null=True, blank=True)
    # Integer đồng; a loss is a negative profit. Income: of one worker in one month.
    revenue_vnd = models.BigIntegerField(null=True, blank=True)
    profit_vnd = models.BigIntegerField(null=True, blank=True)
    income_vnd = models.BigIntegerField(null=True, blank=True)
    rating = models.CharField(max_length=7, choices=Rating.choices, blank=True)
    market_info = models.BooleanField(null=True, blank=True)
    land = models.BooleanField(null=True, blank=True)
    high_tech = models.BooleanField(null=True, blank=True)
    saved_at = models.DateTimeField()
    # Whether the office saved it last, not the organisation's own people: whose a draft is.
    by_office = models.BooleanField(default=False, db_default=False)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"], name="year_return_is_one_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "accepted", "sent_back"]),
                name="year_return_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | ~Q(reason=""),
                name="year_return_is_sent_back_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(rating__in=["", *Rating.values]), name="year_return_rating_is_known"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{part: None})
                    | Q(**{f"{whole}__isnull": False, f"{part}__lte": F(whole)}),
                    name=f"year_return_{part}_is_within_its_whole",
                )
                for part, whole in PARTS.items()
            ),
            models.CheckConstraint(
                condition=(Q(revenue_vnd=None) | Q(revenue_vnd__gte=0))
                & (Q(income_vnd=None) | Q(income_vnd__gte=0)),
                name="year_return_money_is_not_negative",
            ),
        ]
        indexes = [
            # coverage.returns_read.listing and the figure read a year's returns by state.
            models.Index(fields=["year", "state"], name="year_return_of_year"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"
