"""Batches of an import, their rows, and what a person decided about likely duplicates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage
from linkage.registry.models import Organisation, User

# What a batch is called in the history of events.
SUBJECT = "import_batch"


class ImportBatch(models.Model):
    """One file brought in: where it came from, on what legal basis, what it gave, its undoing."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        PREVIEWED = "previewed", _("Previewed")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    file_name = models.CharField(max_length=255)
    # Path below MEDIA_ROOT, made here, never from the file's own name.
    stored_as = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    came_from = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices)
    # Grows whenever something is settled, taken in or taken back; looking at the file leaves it.
    version = models.PositiveIntegerField(default=1)
    # The report of the last preview or of the application, as CONTRACTS describes it.
    report = models.JSONField(default=dict)
    # Why the last preview could not be made, and which headers the file has.
    failure = models.JSONField(default=dict)
    # Of the last preview: a digest of what it would write, and how the register stood then.
    plan_digest = models.CharField(max_length=64, blank=True)
    register_stamp = models.JSONField(default=list)
    # An earlier batch of the very same file, whose corrections and answers were taken over.
    carried_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    # Of its headers as they were first looked at, before anybody said what they mean.
    form_signature = models.CharField(max_length=64, blank=True, default="", db_default="")
    # The form that its headers were known by.
    form = models.ForeignKey(
        "WorkbookForm", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    # Path below BACKUP_DIR of what the register held before the batch was applied.
    backup = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "previewed", "applied", "undone", "failed"]),
                name="import_state_is_known",
            )
        ]


class WorkbookForm(models.Model):
    """What a person said of the sheets and columns of one form of workbook: it holds for the next.

    The signature is of the headers as the file has them, see `services.remembering`.
    """

    signature = models.CharField(max_length=64, unique=True)
    # The sections `columns` and `sheets` of a mapping.
    mapping = models.JSONField()
    learned_from = models.ForeignKey(
        ImportBatch, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    learned_at = models.DateTimeField()


class ImportRow(models.Model):
    """A row that was refused or corrected by hand; `overrides` are the clerk's values by field."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=50, blank=True)
    raw = models.JSONField(default=dict)
    overrides = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sheet", "row"], name="import_row_is_kept_once_a_batch"
            )
        ]


class ImportChange(models.Model):
    """One database row that a batch created or changed: undoing plays these back in reverse."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes")
    sequence = models.PositiveIntegerField()
    model = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    # Null: the row did not exist before.
    before = models.JSONField(null=True)
    # Null: the batch deleted it.
    after = models.JSONField(null=True)
    # When it was played back; a batch can be applied, undone and applied again.
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sequence"], name="import_change_has_one_place_in_its_batch"
            )
        ]


class PairDecision(models.Model):
    """A person's word on two rows or organisations that look alike; keys as in CONTRACTS."""

    class Verdict(models.TextChoices):
        SAME = "same", _("The same")
        DIFFERENT = "different", _("Two different ones")

    first_key = models.CharField(max_length=500)
    second_key = models.CharField(max_length=500)
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["same", "different"]), name="pair_verdict_is_known"
            ),
            models.UniqueConstraint(
                fields=["first_key", "second_key"], name="pair_is_decided_once"
            ),
        ]


class RegisterKey(models.Model):
    """A key by which a workbook has named an organisation or a linkage.

    Whoever is renamed, moved or given a tax code here is still found by an older workbook.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation"
        LINKAGE = "linkage"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=500)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True)
    linkage = models.ForeignKey(Linkage, models.CASCADE, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="register_key_means_one_thing"),
            models.CheckConstraint(
                condition=Q(kind="organisation", organisation__isnull=False, linkage=None)
                | Q(kind="linkage", linkage__isnull=False, organisation=None),
                name="register_key_means_what_its_kind_says",
            ),
        ]
