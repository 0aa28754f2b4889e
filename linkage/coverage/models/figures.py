"""Programmes, indicators, targets and snapshots of what is computed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Evidence
from linkage.registry.models import User


class Programme(models.Model):
    """A plan of the city with targets, for its territory and years."""

    code = models.CharField(max_length=50, unique=True)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    starts = models.DateField()
    ends = models.DateField()
    # Empty: every organisation in the register.
    territory = models.CharField(max_length=50, blank=True)
    source = models.TextField()
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="programme_does_not_end_before_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Indicator(models.Model):
    """A line of a plan: its reading and the reason for it are part of its own text."""

    class How(models.TextChoices):
        COMPUTED = "computed", _("Computed from the register")
        REPORTED = "reported", _("Reported yearly")

    class Measure(models.TextChoices):
        COUNT = "count", _("Count")
        SHARE = "share", _("Share")

    code = models.SlugField(primary_key=True)
    order = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    text_vi = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    how = models.CharField(max_length=8, choices=How.choices)
    measure = models.CharField(max_length=5, choices=Measure.choices)
    source = models.TextField()

    class Meta:
        constraints = [
            # By their words: the classes above are not seen from here.
            models.CheckConstraint(
                condition=Q(how__in=["computed", "reported"]), name="indicator_way_is_known"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["count", "share"]), name="indicator_measure_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Target(models.Model):
    """The value a programme sets for an indicator from a day on, with its source.

    A share's bounds are two integers each; a count is `min_num` over 1.
    """

    class Comparison(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        OVER = "over", _("over")
        ABOUT = "about", _("about")
        NEARLY = "nearly", _("nearly")
        EXACTLY = "exactly", _("exactly")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    comparison = models.CharField(max_length=8, choices=Comparison.choices)
    min_num = models.PositiveIntegerField()
    min_den = models.PositiveIntegerField(default=1)
    max_num = models.PositiveIntegerField(null=True, blank=True)
    max_den = models.PositiveIntegerField(null=True, blank=True)
    from_date = models.DateField()
    source = models.TextField()
    # Which of a reported line's two values is the programme's own: `reported.MANUAL` or `RETURNS`.
    official = models.CharField(max_length=8, default="manual", db_default="manual")
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comparison__in=["at_least", "over", "about", "nearly", "exactly"]),
                name="target_comparison_is_known",
            ),
            models.CheckConstraint(
                condition=Q(official__in=["manual", "returns"]),
                name="target_official_basis_is_known",
            ),
            models.UniqueConstraint(
                fields=["programme", "indicator", "from_date"], name="target_is_set_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(min_den__gt=0) & (Q(max_den=None) | Q(max_den__gt=0)),
                name="target_denominators_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(max_num=None, max_den=None)
                | Q(max_num__isnull=False, max_den__isnull=False),
                name="target_upper_bound_is_whole_or_absent",
            ),
        ]


class Snapshot(models.Model):
    """The register as the rule read it at `taken_at`, and the values on `as_of`. Never changed."""

    as_of = models.DateField()
    taken_at = models.DateTimeField()
    # The rule's version and the fingerprint of its text.
    rule_version = models.CharField(max_length=40)
    # The same of `reported`; empty for a snapshot older than this column.
    reported_version = models.CharField(max_length=40, blank=True, default="", db_default="")
    # SHA-256 over the canonical JSON of everything the rule read.
    inputs_hash = models.CharField(max_length=64)
    # The programme's first day then: DISSOLVED counts from it to `as_of`.
    period_starts = models.DateField(null=True, blank=True)
    # territory -> commune codes, as the reference data had them then.
    territories = models.JSONField()
    # The newest event its reading saw; NULL for a snapshot older than this column.
    last_event = models.BigIntegerField(null=True, blank=True)
    # How many events up to it touch the figure; NULL for a snapshot older than this column.
    events_seen = models.BigIntegerField(null=True, blank=True)
    taken_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    # The job that made it: a job delivered twice makes one snapshot.
    job_id = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            # coverage.queries.snapshot_at finds the newest snapshot taken by a time.
            models.Index(fields=["-taken_at"], name="snapshot_newest_first"),
        ]


class SnapshotOrganisation(models.Model):
    """One organisation as the rule read it: the fields of `rule.OrganisationRow`."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="organisations")
    organisation_id = models.BigIntegerField()
    fields = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "organisation_id"], name="snapshot_holds_an_organisation_once"
            )
        ]


class SnapshotLinkage(models.Model):
    """One linkage as the rule read it: the fields of `rule.LinkageRow`."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="linkages")
    linkage_id = models.BigIntegerField()
    fields = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "linkage_id"], name="snapshot_holds_a_linkage_once"
            )
        ]


class SnapshotValue(models.Model):
    """A value of an indicator at the snapshot's day; a count has no denominator."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="values")
    indicator_code = models.SlugField()
    evidence = models.CharField(max_length=9, choices=Evidence.choices)
    territory = models.CharField(max_length=50, blank=True)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence__in=Evidence.values), name="snapshot_value_evidence_is_known"
            ),
            models.UniqueConstraint(
                fields=["snapshot", "indicator_code", "evidence", "territory"],
                name="snapshot_values_an_indicator_once",
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(numerator__lte=F("denominator")),
                name="snapshot_numerator_is_within_its_denominator",
            ),
        ]


class Series(models.Model):
    """The headline values at quarter ends, worked out over one reading of the register."""

    computed_at = models.DateTimeField()
    rule_version = models.CharField(max_length=40)
    # One object a point: as_of, territory, evidence, indicator, numerator, denominator.
    points = models.JSONField()
    # The job that made it: a job delivered twice makes one series.
    job_id = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            # coverage.queries.latest_series reads the newest one.
            models.Index(fields=["-computed_at"], name="series_newest_first"),
        ]
