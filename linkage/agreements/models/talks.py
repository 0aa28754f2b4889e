"""What the two sides say to each other: terms, consents, messages, what is held and delivered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models.linkages import Linkage, Side
from linkage.catalogue.models import LinkageForm, Unit
from linkage.market.models import Handover, Need, Offer
from linkage.registry.models import User


class TermsVersion(models.Model):
    """What one side proposed; a counter-proposal is the next number. Rows are only added.

    `price` is in đồng per 1,000,000 g, 1,000,000 ml or 1,000 pieces; `quantity` in base units.
    """

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=6, choices=Side.choices)
    quantity = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT)
    price = models.BigIntegerField(null=True, blank=True)
    starts = models.DateField()
    ends = models.DateField()
    form = models.ForeignKey(LinkageForm, models.PROTECT, null=True, blank=True)
    grade = models.CharField(max_length=200, blank=True)
    packing = models.CharField(max_length=200, blank=True)
    handover = models.CharField(max_length=9, choices=Handover.choices, blank=True)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    delivery_plan = models.CharField(max_length=1000, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["linkage", "number"], name="terms_have_one_number"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="terms_quantity_is_positive"),
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gt=0), name="terms_price_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="terms_do_not_end_before_they_start"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["seller", "buyer"]), name="terms_are_of_a_party"
            ),
            models.CheckConstraint(
                condition=Q(handover__in=["", *Handover.values]),
                name="terms_handover_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.linkage_id} {self.number}"


class Consent(models.Model):
    """One side's yes to one version of the terms; proposing says yes too."""

    terms = models.ForeignKey(TermsVersion, models.CASCADE, related_name="consents")
    side = models.CharField(max_length=6, choices=Side.choices)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["terms", "side"], name="consent_is_given_once"),
            models.CheckConstraint(
                condition=Q(side__in=["seller", "buyer"]), name="consent_is_of_a_party"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms_id} {self.side}"


class Message(models.Model):
    """A question or an answer between the sides. Rows are only added."""

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="messages")
    side = models.CharField(max_length=6, choices=Side.choices)
    text = models.CharField(max_length=2000)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.CheckConstraint(
                condition=Q(side__in=["seller", "buyer"]), name="message_is_of_a_party"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.linkage_id} {self.side}"


class Reservation(models.Model):
    """How much of an offer and a need a linkage holds, in base units.

    Of every offer and need, `reserved` is the sum of what its reservations hold. At the end of the
    linkage what was delivered stays held, so that it is not offered again, and the rest goes back;
    what is disputed later goes back then, what is entered later is held as far as there is any.
    """

    class State(models.TextChoices):
        LIVE = "live", _("Held")
        # The linkage is over; what it delivered stays taken, answered or not.
        SETTLED = "settled", _("Settled")

    linkage = models.OneToOneField(Linkage, models.CASCADE, related_name="reservation")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="reservations")
    need = models.ForeignKey(Need, models.PROTECT, related_name="reservations")
    held = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.LIVE)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held__gte=0), name="reservation_is_not_negative"),
            models.CheckConstraint(
                condition=Q(state="live", settled_at=None)
                | Q(state="settled", settled_at__isnull=False),
                name="reservation_has_an_end_when_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.linkage_id} {self.held}"


class Delivery(models.Model):
    """What was handed over on a day, in base units: one side enters it, the other confirms.

    `answered_*` say who confirmed or disputed it, or took it back, and when.
    """

    class State(models.TextChoices):
        ENTERED = "entered", _("Entered by one side")
        CONFIRMED = "confirmed", _("Confirmed by both sides")
        DISPUTED = "disputed", _("Disputed by the other side")
        WITHDRAWN = "withdrawn", _("Taken back by who entered it")

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="deliveries")
    on = models.DateField()
    quantity = models.BigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ENTERED)
    side = models.CharField(max_length=6, choices=Side.choices)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="delivery_quantity_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["seller", "buyer"]), name="delivery_is_of_a_party"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["entered", "confirmed", "disputed", "withdrawn"]),
                name="delivery_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="entered", answered_at=None)
                | (~Q(state="entered") & Q(answered_at__isnull=False)),
                name="delivery_has_an_answer_when_it_was_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.linkage_id} {self.on}"


# What counts as handed over: entered, and neither disputed nor taken back.
STANDING_DELIVERIES = (Delivery.State.ENTERED, Delivery.State.CONFIRMED)
