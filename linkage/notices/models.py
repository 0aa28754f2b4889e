"""A notice in somebody's inbox, and what they want as a message too."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.registry.models import Organisation, User


class Kind(models.TextChoices):
    """What a notice is about; people choose by kind what also comes as a message."""

    MATCH = "match", _("New match")
    QUESTION = "question", _("Question")
    PROPOSAL = "proposal", _("Proposal")
    ANSWER = "answer", _("Answer")
    DELIVERY = "delivery", _("Delivery")
    RUNNING_OUT = "running_out", _("Contract running out")
    VERIFICATION = "verification", _("Verification")
    MEMBERS = "members", _("People and access")


class Notice(models.Model):
    """One line of an inbox. `data` fills the kind's sentence; `subject` is where it leads.

    `dedupe_key` names the fact: told twice, a person still has it once.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    # On whose behalf the reader is told; null: as a person.
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # What happened, such as "proposed" or "sent_back": with the kind it picks the sentence.
    what = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "dedupe_key"], name="notice_is_told_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notice_kind_is_known"),
        ]
        indexes = [
            # notices.queries.unread_count stands on every page.
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
            # notices.queries.inbox lists a person's notices, newest first.
            models.Index(fields=["user", "-id"], name="notice_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


class MessageChoice(models.Model):
    """A person wants this kind of notice as a message too; no row: the inbox alone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="message_choices")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="message_choice_is_made_once"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="message_choice_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
