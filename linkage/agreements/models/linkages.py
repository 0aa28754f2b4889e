"""A linkage: who supplies whom, since when, and where it stands."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Commodity, LinkageForm, Unit
from linkage.market.models import Need, Offer
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

# The two sides still talk: neither has bound itself.
TALKING_STATES = frozenset({State.PROPOSED, State.NEGOTIATING})

# Nothing is agreed yet; of a pool also with who has given its word.
UNSETTLED_STATES = TALKING_STATES | {State.POOL_PENDING}

# The states in which a linkage's own dates decide whether it is in force on a day.
COUNTING_STATES = frozenset({State.AGREED, State.IN_FORCE, State.ENDED, State.TERMINATED})
# Of these, those between which its days alone move it.
STATES_BY_DAYS = COUNTING_STATES - {State.TERMINATED}


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
    # Of a member of a pool: what it is a part of, also after all agreed.
    pool = models.ForeignKey(
        "PoolProposal", models.PROTECT, null=True, blank=True, related_name="lines"
    )
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
            models.CheckConstraint(
                condition=Q(opened_by__in=["", *Side.values]), name="linkage_opener_is_known"
            ),
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
                condition=~Q(origin=Origin.PLATFORM)
                | ~Q(state=State.POOL_PENDING)
                | Q(pool__isnull=False, agreed_terms__isnull=False),
                name="linkage_that_waits_for_its_pool_has_one",
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
