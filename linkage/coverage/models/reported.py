"""The lines of a plan that no register can give: values by hand, and what a snapshot read of them.

A value is never changed: a correction is a further version of it, and the last version counts.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.coverage.models.figures import Indicator, Snapshot
from linkage.kept_scans import KeptScan
from linkage.registry.models import User
from linkage.scans import MEDIA_TYPES


class Basis(models.TextChoices):
    """How a value that is not computed from the register came to be."""

    MANUAL = "manual", _("Entered by hand")
    RETURNS = "returns", _("Summed from yearly returns")


class ManualValue(models.Model):
    """One version of a line's value in a territory on a day, as the office entered it.

    Append-only: triggers refuse UPDATE and DELETE (migration 0002). A version without a numerator
    takes the value back.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="manual_values")
    # Empty: every organisation in the register.
    territory = models.CharField(max_length=50, blank=True)
    as_of = models.DateField()
    version = models.PositiveIntegerField()
    numerator = models.PositiveIntegerField(null=True, blank=True)
    # A count has none.
    denominator = models.PositiveIntegerField(null=True, blank=True)
    source = models.TextField()
    # Why it was corrected; the first version needs none.
    reason = models.TextField(blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "territory", "as_of", "version"],
                name="manual_value_has_one_row_a_version",
            ),
            models.CheckConstraint(
                condition=Q(version=1, numerator__isnull=False) | Q(version__gt=1) & ~Q(reason=""),
                name="manual_value_is_corrected_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(denominator=None)
                | Q(denominator__gt=0, numerator__isnull=False, numerator__lte=F("denominator")),
                name="manual_value_is_a_count_or_a_part_of_a_whole",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="manual_value_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.as_of}"


class SourceFile(KeptScan):
    """The report that a value by hand was read from, as a scan.

    It stays with that version: no service changes or removes a row.
    """

    value = models.ForeignKey(ManualValue, models.PROTECT, related_name="files")
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "value"], name="source_is_attached_once"),
            models.UniqueConstraint(fields=["stored_as"], name="source_has_a_place_of_its_own"),
            models.CheckConstraint(condition=Q(size__gt=0), name="source_is_not_empty"),
            models.CheckConstraint(
                condition=Q(media_type__in=MEDIA_TYPES), name="source_is_a_scan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value_id} {self.sha256[:12]}"


class SnapshotReport(models.Model):
    """A row of what was reported, as the snapshot read it: its fields in `reported`."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="reports")
    basis = models.CharField(max_length=8, choices=Basis.choices)
    row_id = models.BigIntegerField()
    fields = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=Basis.values), name="snapshot_report_basis_is_known"
            ),
            models.UniqueConstraint(
                fields=["snapshot", "basis", "row_id"], name="snapshot_holds_a_report_once"
            ),
        ]


class SnapshotReportedValue(models.Model):
    """A line's reported value as the snapshot's day has it; a count has no denominator."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="reported_values")
    indicator_code = models.SlugField()
    territory = models.CharField(max_length=50, blank=True)
    basis = models.CharField(max_length=8, choices=Basis.choices)
    # The day that the value itself is of.
    as_of = models.DateField()
    # Sums of many returns: wider than one of them.
    numerator = models.PositiveBigIntegerField()
    denominator = models.PositiveBigIntegerField(null=True, blank=True)
    source = models.TextField(blank=True)
    # Of how many active cooperatives how many answered; of a value by hand nobody knows.
    answered = models.PositiveIntegerField(null=True, blank=True)
    asked = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=Basis.values), name="snapshot_reported_basis_is_known"
            ),
            models.UniqueConstraint(
                fields=["snapshot", "indicator_code", "territory", "basis"],
                name="snapshot_reports_an_indicator_once",
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(numerator__lte=F("denominator")),
                name="snapshot_reported_numerator_is_within_its_denominator",
            ),
        ]
