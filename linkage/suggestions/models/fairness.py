"""Whom suggestions reach, as it was measured: a report a day and engine, with its co-ops."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class FairnessReport(models.Model):
    """Whom the suggestions of a day reach, by one version of the engine. Never changed.

    Of co-ops with open posts; `suggestions` are those by which one of them is shown to somebody
    else. A share is two integers: `nobody` of `co_ops`, `unlinked_suggestions` of `suggestions`
    beside `unlinked_co_ops` of `co_ops`. The preference costs `score_lost`, out of 10,000 each,
    over `pairs` of the three best of each post.
    """

    day = models.DateField()
    engine = models.CharField(max_length=20)
    # The weight of the preference, out of 10,000.
    preference = models.PositiveSmallIntegerField()
    measured_at = models.DateTimeField()
    co_ops = models.PositiveIntegerField()
    suggestions = models.PositiveIntegerField()
    nobody = models.PositiveIntegerField()
    # Of these, with a feasible partner.
    overlooked = models.PositiveIntegerField()
    gini_num = models.PositiveBigIntegerField()
    gini_den = models.PositiveBigIntegerField()
    most = models.PositiveIntegerField()
    least = models.PositiveIntegerField()
    unlinked_suggestions = models.PositiveIntegerField()
    unlinked_co_ops = models.PositiveIntegerField()
    small_suggestions = models.PositiveIntegerField()
    small_co_ops = models.PositiveIntegerField()
    score_lost = models.PositiveBigIntegerField()
    pairs = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "engine"], name="fairness_is_reported_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(preference__lte=10_000), name="fairness_preference_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(
                    overlooked__lte=F("nobody"),
                    nobody__lte=F("co_ops"),
                    unlinked_co_ops__lte=F("co_ops"),
                    small_co_ops__lte=F("co_ops"),
                    unlinked_suggestions__lte=F("suggestions"),
                    small_suggestions__lte=F("suggestions"),
                    gini_num__lte=F("gini_den"),
                    least__lte=F("most"),
                ),
                name="fairness_part_is_within_its_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.engine}"


class FairnessCoOp(models.Model):
    """A co-op of a report: how often it is shown to others, and others to it."""

    report = models.ForeignKey(FairnessReport, models.PROTECT, related_name="rows")
    # It may leave the register; what was reported stays.
    organisation_id = models.BigIntegerField()
    shown = models.PositiveIntegerField()
    told = models.PositiveIntegerField()
    has_partner = models.BooleanField()
    unlinked = models.BooleanField()
    small = models.BooleanField()
    # NULL: the register does not say, and it counts as not small.
    members = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "organisation_id"], name="fairness_counts_a_co_op_once"
            )
        ]
