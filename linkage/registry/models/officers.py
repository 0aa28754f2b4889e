"""Field officers: an organisation's consent, what was done on its behalf, and whom they rang."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.kept_scans import KeptScan
from linkage.registry.models.accounts import User
from linkage.registry.models.organisations import Organisation
from linkage.scans import MEDIA_TYPES


class Deed(models.TextChoices):
    """What an organisation can let an officer do for it; agreeing and confirming never."""

    POSTS = "posts", _("Write offers and needs")
    TALKS = "talks", _("Ask, answer and propose")
    PAPERS = "papers", _("Enter contracts on paper and attach scans")
    DELIVERIES = "deliveries", _("Enter deliveries")


class OfficerConsent(models.Model):
    """An organisation lets an officer act for it until a day. Rows are only added (0003).

    `deeds`: the values of Deed that it is for. It ends with its last day, or with its end's row.
    """

    class Way(models.TextChoices):
        PHONE = "phone", _("On the telephone")
        IN_PERSON = "in_person", _("In person")
        PAPER = "paper", _("On paper")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="officer_consents")
    officer = models.ForeignKey(User, models.PROTECT, related_name="consents_recorded")
    # Who of the organisation said so.
    given_by = models.CharField(max_length=150)
    way = models.CharField(max_length=9, choices=Way.choices)
    given_on = models.DateField()
    until = models.DateField()
    deeds = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("given_on")),
                name="officer_consent_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(way__in=["phone", "in_person", "paper"]),
                name="officer_consent_way_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(given_by=""), name="officer_consent_names_who_gave_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.officer_id} {self.until}"

    @property
    def deed_words(self) -> list[str]:
        return [str(Deed(deed).label) for deed in self.deeds]


class ConsentScan(KeptScan):
    """A scan of a consent on paper, beside it. Rows are only added (0003)."""

    consent = models.ForeignKey(OfficerConsent, models.PROTECT, related_name="scans")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "consent"], name="consent_scan_is_attached_once"
            ),
            models.UniqueConstraint(
                fields=["stored_as"], name="consent_scan_has_a_place_of_its_own"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="consent_scan_is_not_empty"),
            models.CheckConstraint(
                condition=Q(media_type__in=MEDIA_TYPES), name="consent_scan_is_a_scan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.sha256[:12]}"


class ConsentEnd(models.Model):
    """A consent was withdrawn, by the organisation or the officer. Rows are only added (0003)."""

    consent = models.OneToOneField(OfficerConsent, models.PROTECT, related_name="end")
    ended_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.consent_id} {self.ended_at}"


class OfficerAct(models.Model):
    """One thing that an officer did for an organisation, under which consent, and who was told.

    `kind` and `subject` are those of the first event that it left. `told_on_phone_at`: nobody had
    an account then, and the officer has said it since.
    """

    consent = models.ForeignKey(OfficerConsent, models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    done_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_on_phone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "subject_kind", "subject_id", "done_at"],
                name="officer_act_is_noted_once",
            )
        ]
        indexes = [
            # services.parties asks whether the officer acted for the other side of a linkage.
            models.Index(fields=["subject_kind", "subject_id"], name="officer_act_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.kind}"


class Call(models.Model):
    """An officer rang an organisation; it is off the officer's list until `again_on`."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", _("No answer")
        AGAIN = "again", _("Call again on a day")
        NOT_INTERESTED = "not_interested", _("Not interested")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="calls")
    officer = models.ForeignKey(User, models.CASCADE, related_name="calls")
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    again_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    rang_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["no_answer", "again", "not_interested"]),
                name="call_outcome_is_known",
            ),
        ]
        indexes = [
            # suggestions.ringing leaves out whom the officer rang.
            models.Index(fields=["organisation", "-id"], name="call_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.outcome}"
