"""The Linkage: data and constraints."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.agreements.scans import MEDIA_TYPES
from linkage.catalogue.models import Commodity, LinkageForm, Unit
from linkage.market.models import Handover, Need, Offer
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


# While a pair's linkage is in one of these, no second one is opened for it.
OPEN_STATES = frozenset(
    {State.PROPOSED, State.NEGOTIATING, State.POOL_PENDING, State.AGREED, State.IN_FORCE}
)

# The states in which a linkage's own dates decide whether it is in force on a day.
COUNTING_STATES = frozenset({State.AGREED, State.IN_FORCE, State.ENDED, State.TERMINATED})


class Origin(models.TextChoices):
    """How a linkage became known."""

    PLATFORM = "platform", _("Platform")
    REGISTER = "register", _("Register")
    DECLARED = "declared", _("Declared")


# What offices know of: talks are the two sides' own until they agree.
KNOWN_TO_OFFICES = ~Q(origin=Origin.PLATFORM) | Q(state__in=sorted(COUNTING_STATES))


class Side(models.TextChoices):
    """Who of a linkage did something; the office where neither side did."""

    SELLER = "seller", _("Seller")
    BUYER = "buyer", _("Buyer")
    OFFICE = "office", _("The office")


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
    # When both sides had said so, or the register's own word.
    confirmed_on = models.DateField(null=True, blank=True)
    # Each side's own word that it is so: proposing or accepting, declaring, confirming.
    seller_confirmed_on = models.DateField(null=True, blank=True)
    buyer_confirmed_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    # The register's mark and day of checking where only one of them was written (no verification).
    checked_as_written = models.CharField(max_length=100, blank=True)
    # The posts that it came from: for origin "platform".
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, blank=True, related_name="linkages")
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="linkages")
    # Who opened it (platform) or entered it (declared); blank for the register's.
    opened_by = models.CharField(max_length=6, choices=Side.choices, blank=True)
    # The version of the terms that both sides agreed to.
    agreed_terms = models.ForeignKey(
        "TermsVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Each side's word that the other one may see its contact person; agreeing says it too.
    seller_shares_contact = models.BooleanField(default=False)
    buyer_shares_contact = models.BooleanField(default=False)
    hand_edited = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="linkage_parties_are_two"),
            models.UniqueConstraint(
                fields=["offer", "need"],
                condition=Q(state__in=sorted(OPEN_STATES)),
                name="linkage_is_open_once_for_a_pair",
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.PLATFORM) | Q(offer__isnull=False, need__isnull=False),
                name="linkage_of_the_platform_has_its_posts",
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.PLATFORM)
                | ~Q(state__in=sorted(COUNTING_STATES))
                | Q(agreed_terms__isnull=False, confirmed_on__isnull=False),
                name="linkage_agreed_here_has_its_terms",
            ),
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
            # The columns in another order than above: SQLite names them and not the constraint.
            models.UniqueConstraint(
                fields=["seller", "buyer", "contract_number", "starts"],
                condition=Q(origin=Origin.DECLARED, state__in=sorted(COUNTING_STATES)),
                name="linkage_on_paper_is_declared_once",
            ),
        ]
        indexes = [
            # agreements.queries.of_organisation lists both sides of an organisation.
            models.Index(fields=["seller", "starts"], name="linkage_by_seller"),
            models.Index(fields=["buyer", "starts"], name="linkage_by_buyer"),
        ]

    def __str__(self) -> str:
        return self.contract_number

    @property
    def is_counting(self) -> bool:
        """Whether its dates may put it in force: it was agreed or declared."""
        return self.state in COUNTING_STATES


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
    """What was handed over on a day, in base units: one side enters it, the other confirms."""

    class State(models.TextChoices):
        ENTERED = "entered", _("Entered by one side")
        CONFIRMED = "confirmed", _("Confirmed by both sides")
        DISPUTED = "disputed", _("Disputed by the other side")

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
                condition=Q(state__in=["entered", "confirmed", "disputed"]),
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


# What counts as handed over: entered, and not disputed by the other side.
STANDING_DELIVERIES = (Delivery.State.ENTERED, Delivery.State.CONFIRMED)


class EvidenceFile(models.Model):
    """A scan that shows a linkage. The file lies under a name made here, never its own."""

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="evidence_files")
    sha256 = models.CharField(max_length=64)
    # Path below MEDIA_ROOT.
    stored_as = models.CharField(max_length=100)
    media_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField()
    # The file's own name, for people to read; never used as a path.
    name = models.CharField(max_length=255)
    side = models.CharField(max_length=6, choices=Side.choices)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

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
