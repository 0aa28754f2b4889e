"""The scans that show a linkage, and what verifiers say of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models.linkages import Linkage, Side
from linkage.kept_scans import KeptScan
from linkage.registry.models import User
from linkage.scans import MEDIA_TYPES


class EvidenceFile(KeptScan):
    """A scan that shows a linkage."""

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="evidence_files")
    side = models.CharField(max_length=6, choices=Side.choices)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "linkage"], name="evidence_is_attached_once"),
            models.UniqueConstraint(fields=["stored_as"], name="evidence_has_a_place_of_its_own"),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),
            models.CheckConstraint(
                condition=Q(side__in=Side.values), name="evidence_side_is_known"
            ),
            models.CheckConstraint(
                condition=Q(media_type__in=MEDIA_TYPES),
                name="evidence_is_a_scan",
            ),
        ]
        indexes = [
            # evidence._elsewhere tells the verifier of the same scan under another contract.
            models.Index(fields=["sha256"], name="evidence_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.linkage_id} {self.sha256[:12]}"


class Review(models.Model):
    """What a verifier said of a linkage and its evidence. Rows are only added."""

    class Verdict(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        SENT_BACK = "sent_back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Verification withdrawn")

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="reviews")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    reason = models.CharField(max_length=500, blank=True)
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["verified", "sent_back", "withdrawn"]),
                name="review_verdict_is_known",
            ),
            models.CheckConstraint(
                condition=Q(verdict="verified") | ~Q(reason=""),
                name="review_that_refuses_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.linkage_id} {self.verdict}"
