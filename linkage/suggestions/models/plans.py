"""The city's plan: what was asked, what was found, and what became of its lines. Only added to.

Quantities are base units. What a plan is worth is beyond 64 bits, so value and bound are kept as
the digits of whole numbers.
"""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Commodity
from linkage.market.models import Need, Offer
from linkage.matching.allocation.answer import DUALS, PLAIN, SEARCH
from linkage.matching.allocation.reasons import LOT, NO_PAIR, TAKEN
from linkage.matching.weights import FULL
from linkage.registry.models import Organisation, User

# The bounds of what the staff sets; `least_lot` in grams or millilitres.
MOST_TOP, LARGEST_LOT, MOST_SECONDS = 50, 1_000_000_000, 120
# If all, 70% or 40% of the proposals are accepted, out of 10,000.
ACCEPTED = (10_000, 7_000, 4_000)


class Plan(models.Model):
    """A plan that somebody asked for; it is there once its `result` is.

    `links`: the slider, out of 10,000 for new links, the rest for quantity. `top`: so many best
    pairs of each post are looked at. `least_lot`: of any delivery of what is weighed or poured.
    `buyer_share`: the most that one buyer gets of all that is offered in a branch, out of 10,000.
    """

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # The job that works on it: one that is delivered twice stores one result.
    job_id = models.BigIntegerField(unique=True)
    links = models.PositiveIntegerField()
    top = models.PositiveSmallIntegerField()
    least_lot = models.PositiveIntegerField()
    buyer_share = models.PositiveIntegerField()
    seconds = models.PositiveSmallIntegerField()
    # Only the posts of it and what lies under it; null: all.
    commodity = models.ForeignKey(Commodity, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    links__lte=FULL,
                    top__gte=1,
                    top__lte=MOST_TOP,
                    least_lot__gte=1,
                    least_lot__lte=LARGEST_LOT,
                    buyer_share__gte=1,
                    buyer_share__lte=FULL,
                    seconds__gte=1,
                    seconds__lte=MOST_SECONDS,
                ),
                name="plan_settings_are_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.asked_at:%Y-%m-%d}"


class PlanResult(models.Model):
    """What was found, with the proof of how good it is, and of what it was found.

    `digest`: SHA-256 of everything that was decided by: posts, pairs, who is unlinked, settings.
    """

    class BoundBy(models.TextChoices):
        DUALS = DUALS, _("certified in whole numbers")
        SEARCH = SEARCH, _("the solver’s search")
        PLAIN = PLAIN, _("time was over before there was a better one")

    plan = models.OneToOneField(Plan, models.PROTECT, primary_key=True, related_name="result")
    found_at = models.DateTimeField()
    # Whose open posts it is of.
    day = models.DateField()
    engine = models.CharField(max_length=20)
    offers = models.PositiveIntegerField()
    needs = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    value = models.CharField(max_length=60)
    bound = models.CharField(max_length=60)
    bound_by = models.CharField(max_length=6, choices=BoundBy.choices)
    pieces = models.PositiveIntegerField()
    spent_s = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bound_by__in=[DUALS, SEARCH, PLAIN]), name="plan_bound_way_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day:%Y-%m-%d}"

    @property
    def gap(self) -> Fraction | None:
        """How far the bound is above the value, relative to it; None: worth nothing, could be."""
        value, bound = int(self.value), int(self.bound)
        if bound == value:
            return Fraction(0)
        return Fraction(bound - value, value) if value else None


class PlanLine(models.Model):
    """So much of an offer for a need. Sides and commodity as they were when it was found."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="plan_lines")
    need = models.ForeignKey(Need, models.PROTECT, related_name="plan_lines")
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # What is offered: the same as what is needed, or a kind of it.
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()
    # Whether the side is a co-op that the plan newly links.
    links_seller = models.BooleanField()
    links_buyer = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "offer", "need"], name="plan_has_a_pair_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="plan_line_quantity_is_positive"
            ),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="plan_line_has_two_sides"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.need_id}"


class PlanLeftOut(models.Model):
    """A co-op without a verified linkage that the plan links with nobody, and what binds.

    `code` and the three shortages as in `matching.allocation.reasons`; `offer` and `need` are the
    pair that lacks least, `commodity` what is needed there.
    """

    class Code(models.TextChoices):
        NO_PAIR = NO_PAIR, _("Nobody fits")
        LOT = LOT, _("The least lot is too large")
        TAKEN = TAKEN, _("Given to others")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="left_out")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=7, choices=Code.choices)
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="+")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="+")
    commodity = models.ForeignKey(Commodity, models.PROTECT, null=True, related_name="+")
    offer_short = models.BigIntegerField(null=True)
    need_short = models.BigIntegerField(null=True)
    share_short = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation"], name="plan_leaves_a_co_op_out_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    code=NO_PAIR,
                    offer=None,
                    need=None,
                    commodity=None,
                    offer_short=None,
                    need_short=None,
                    share_short=None,
                )
                | Q(
                    code__in=[LOT, TAKEN],
                    offer__isnull=False,
                    need__isnull=False,
                    commodity__isnull=False,
                ),
                name="plan_reason_names_its_pair",
            ),
            models.CheckConstraint(
                condition=(Q(offer_short=None) | Q(offer_short__gt=0))
                & (Q(need_short=None) | Q(need_short__gt=0))
                & (Q(share_short=None) | Q(share_short__gt=0)),
                name="plan_shortage_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.code}"


class PlanFigure(models.Model):
    """An indicator on the plan's day, verified, and what it gains on average if so many of 10,000
    proposals are accepted: whole co-ops, rounded down."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="figures")
    indicator_code = models.SlugField()
    accepted = models.PositiveIntegerField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    gained = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator_code", "accepted"], name="plan_has_a_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(denominator__gte=F("numerator") + F("gained")),
                name="plan_figure_is_within_its_denominator",
            ),
            models.CheckConstraint(
                condition=Q(accepted__lte=FULL), name="plan_acceptance_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.accepted}"


class PlanProposed(models.Model):
    """That the plan's lines were proposed to their sides: once."""

    plan = models.OneToOneField(Plan, models.PROTECT, primary_key=True, related_name="proposed")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.proposed_at:%Y-%m-%d}"


class PlanOutcome(models.Model):
    """What became of a line when the plan was proposed: told to both sides, or why not."""

    class Code(models.TextChoices):
        PROPOSED = "proposed", _("Suggested to both sides")
        OFFER_CLOSED = "offer_closed", _("The offer is no longer open")
        NEED_CLOSED = "need_closed", _("The need is no longer open")
        NOT_ACTIVE = "not_active", _("A side no longer works")
        TALKING = "talking", _("They are talking already, or have agreed")
        NO_MATCH = "no_match", _("The two posts no longer fit")
        OFFER_SHORT = "offer_short", _("Not enough of the offer is left")
        NEED_SHORT = "need_short", _("Not enough of the need is left")

    line = models.OneToOneField(PlanLine, models.PROTECT, primary_key=True, related_name="outcome")
    code = models.CharField(max_length=12, choices=Code.choices)

    class Meta:
        constraints = [
            # By their words: the class above is not seen from here.
            models.CheckConstraint(
                condition=Q(
                    code__in=[
                        "proposed",
                        "offer_closed",
                        "need_closed",
                        "not_active",
                        "talking",
                        "no_match",
                        "offer_short",
                        "need_short",
                    ]
                ),
                name="plan_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.code}"
