"""The Linkage: data and constraints."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Commodity, LinkageForm, Unit
from linkage.registry.models import Organisation, User


class State(models.TextChoices):
    """Where a linkage stands. Only the counting states can be in force on any day."""

    PROPOSED = "proposed", _("Proposed")
    NEGOTIATING = "negotiating", _("Under negotiation")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    # Agreed by this member of a pool while other members have not: not yet in force.
    POOL_PENDING = "pool_pending", _("Waiting for its pool")
    AGREED = "agreed", _("Agreed")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", _("Terminated")


# The states in which a linkage's own dates decide whether it is in force on a day.
COUNTING_STATES = frozenset({State.AGREED, State.IN_FORCE, State.ENDED, State.TERMINATED})


class Origin(models.TextChoices):
    """How a linkage became known."""

    PLATFORM = "platform", _("Platform")
    REGISTER = "register", _("Register")
    DECLARED = "declared", _("Declared")


class Evidence(models.TextChoices):
    """How well a linkage is proved; a higher level counts at every lower one."""

    DECLARED = "declared", _("Declared")
    CONFIRMED = "confirmed", _("Confirmed")
    VERIFIED = "verified", _("Verified")


class Linkage(models.Model):
    """Seller supplies buyer with a commodity, in force from `starts` to `ends`, both included."""

    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="sales")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="purchases")
    # Null where the register's word is not in the tree; the word itself is kept.
    commodity = models.ForeignKey(Commodity, models.PROTECT, null=True, blank=True)
    product_as_written = models.CharField(max_length=200, blank=True)
    form = models.ForeignKey(LinkageForm, models.PROTECT, null=True, blank=True)
    form_as_written = models.CharField(max_length=100, blank=True)
    contract_number = models.CharField(max_length=100)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    terminated_on = models.DateField(null=True, blank=True)
    # In the base unit (gram, millilitre, piece); the unit is the one it was stated in.
    quantity = models.BigIntegerField(null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    confirmed_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    # The register's mark and day of checking where only one of them was written (no verification).
    checked_as_written = models.CharField(max_length=100, blank=True)
    hand_edited = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="linkage_parties_are_two"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")),
                name="linkage_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0), name="linkage_quantity_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="linkage_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="linkage_origin_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.TERMINATED) | Q(terminated_on__isnull=False),
                name="linkage_terminated_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(verified_on=None) | Q(state__in=sorted(COUNTING_STATES)),
                name="linkage_verified_is_in_a_counting_state",
            ),
            models.UniqueConstraint(
                fields=["contract_number", "seller", "buyer", "starts"],
                condition=Q(origin=Origin.REGISTER),
                name="linkage_of_the_register_is_known_once",
            ),
        ]
        indexes = [
            # agreements.queries.of_organisation lists both sides of an organisation.
            models.Index(fields=["seller", "starts"], name="linkage_by_seller"),
            models.Index(fields=["buyer", "starts"], name="linkage_by_buyer"),
        ]

    def __str__(self) -> str:
        return self.contract_number
