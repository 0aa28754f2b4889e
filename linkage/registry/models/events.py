"""What happened to an organisation in law on a day: a split, a merger, a new name or code, a move.

A merger here is one of the law; that two rows are one organisation is `Organisation.merged_into`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.registry.models.accounts import User
from linkage.registry.models.organisations import Organisation


class RegistryEvent(models.Model):
    """One such event with the day from which it holds and the paper that says so."""

    class Kind(models.TextChoices):
        NEW_NAME = "new_name", _("New name")
        NEW_TAX_CODE = "new_tax_code", _("New tax code")
        MOVE = "move", _("Move to another commune")
        SPLIT = "split", _("Split")
        MERGER = "merger", _("Merger into another")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="registry_events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField()
    # Of a name or a code what it was until then and what it is from then on.
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    # Who came out of a split, or into whom it was merged.
    other = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="registry_events_as_other"
    )
    source = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["new_name", "new_tax_code", "move", "split", "merger"]),
                name="registry_event_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["split", "merger"]) | Q(other__isnull=False),
                name="registry_event_names_the_other_one",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("organisation")),
                name="registry_event_is_not_with_itself",
            ),
            # One name and one code a day; several may come out of one split.
            models.UniqueConstraint(
                fields=["organisation", "kind", "on"],
                condition=~Q(kind="split"),
                name="registry_event_is_one_of_its_kind_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.on}"
