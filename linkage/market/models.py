"""Offers, needs and their sealed limits: data and constraints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Certification, Commodity, Unit
from linkage.registry.models import Certificate, Commune, Organisation, User

LARGEST_DISTANCE_KM = 2_000
LARGEST_PAYMENT_DAYS = 365


class PostKind(models.TextChoices):
    """Which side of a deal a post is."""

    OFFER = "offer", _("Offer")
    NEED = "need", _("Need")

    @property
    def other(self) -> PostKind:
        """The kind that it meets."""
        return PostKind.NEED if self is PostKind.OFFER else PostKind.OFFER


class Period(models.TextChoices):
    """What a post's quantity is for: once in its window, or for each day, week, month of it."""

    ONCE = "once", _("in all")
    DAY = "day", _("a day")
    WEEK = "week", _("a week")
    MONTH = "month", _("a month")


class PostState(models.TextChoices):
    """Where a post stands; only published ones are searched and matched."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    # Its last day is over.
    EXPIRED = "expired", _("Expired")


class Handover(models.TextChoices):
    """Where the goods change hands."""

    DELIVERED = "delivered", _("Delivered to the buyer")
    AT_FARM = "at_farm", _("Collected at the farm")


class Post(models.Model):
    """What offers and needs have in common. Quantities are in the commodity's base unit."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    commodity = models.ForeignKey(Commodity, models.PROTECT)
    state = models.CharField(max_length=9, choices=PostState.choices)
    # As stated: for the whole window, or for each period of it.
    quantity = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT)
    period = models.CharField(max_length=5, choices=Period.choices)
    # Over the whole window (rate x days / period, rounded down): what agreements draw on.
    total = models.BigIntegerField()
    reserved = models.BigIntegerField(default=0)
    starts = models.DateField()
    ends = models.DateField()
    # Where the goods are, or shall go; distances are measured from its centre point.
    commune = models.ForeignKey(Commune, models.PROTECT)
    max_km = models.PositiveIntegerField(null=True, blank=True)
    grade = models.CharField(max_length=200, blank=True)
    packing = models.CharField(max_length=200, blank=True)
    handover = models.CharField(max_length=9, choices=Handover.choices, blank=True)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    # When its owner last said that it still holds: publishing and editing say so too.
    confirmed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.commodity_id} {self.starts:%Y-%m-%d}"

    @property
    def left(self) -> int:
        """What no agreement holds yet, in base units."""
        return self.total - self.reserved


def _rules(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(condition=Q(quantity__gt=0), name=f"{name}_quantity_is_positive"),
        models.CheckConstraint(
            condition=Q(reserved__gte=0, reserved__lte=F("total"), total__gt=0),
            name=f"{name}_reserves_no_more_than_it_has",
        ),
        models.CheckConstraint(
            condition=Q(ends__gte=F("starts")), name=f"{name}_window_not_inverted"
        ),
        models.CheckConstraint(
            condition=Q(state__in=PostState.values), name=f"{name}_state_is_known"
        ),
        models.CheckConstraint(
            condition=Q(period__in=Period.values), name=f"{name}_period_is_known"
        ),
        models.CheckConstraint(
            condition=Q(handover__in=["", *Handover.values]), name=f"{name}_handover_is_known"
        ),
        models.CheckConstraint(
            condition=Q(max_km=None) | Q(max_km__gt=0, max_km__lte=LARGEST_DISTANCE_KM),
            name=f"{name}_distance_is_within_bounds",
        ),
        models.CheckConstraint(
            # A draft can be thrown away without ever having been published.
            condition=Q(state__in=["draft", "withdrawn"]) | Q(published_at__isnull=False),
            name=f"{name}_beyond_draft_was_published",
        ),
    ]


def _indexes(name: str) -> list[models.Index]:
    return [
        # market.search counts open posts by commodity and place, without reading the rows.
        models.Index(
            fields=["state", "commodity", "commune", "organisation", "ends"],
            name=f"{name}_searched",
        ),
        # market.services.expire_posts looks for windows that are over.
        models.Index(fields=["state", "ends"], name=f"{name}_by_end"),
        # market.queries.mine lists an organisation's own posts, newest first.
        models.Index(fields=["organisation", "-id"], name=f"{name}_of_organisation"),
    ]


class Offer(Post):
    """What an organisation can supply."""

    # Those of its own certificates that hold for this supply.
    certificates = models.ManyToManyField(Certificate, blank=True)

    class Meta:
        default_related_name = "offers"
        constraints: ClassVar = _rules("offer")
        indexes: ClassVar = _indexes("offer")


class Need(Post):
    """What an organisation wants."""

    certifications = models.ManyToManyField(Certification, blank=True)

    class Meta:
        default_related_name = "needs"
        constraints: ClassVar = _rules("need")
        indexes: ClassVar = _indexes("need")


# What a function of this package gives: one of the two.
AnyPost: TypeAlias = Offer | Need
MODELS: Mapping[PostKind, type[AnyPost]] = {PostKind.OFFER: Offer, PostKind.NEED: Need}


class Limit(models.Model):
    """A sealed price limit: integer đồng per 1,000,000 g, 1,000,000 ml or 1,000 pieces."""

    price = models.BigIntegerField()

    class Meta:
        abstract = True


class OfferFloor(Limit):
    """The least that the supplier takes."""

    offer = models.OneToOneField(Offer, models.CASCADE, primary_key=True, related_name="floor")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="offer_floor_is_positive")
        ]


class NeedCeiling(Limit):
    """The most that the buyer pays."""

    need = models.OneToOneField(Need, models.CASCADE, primary_key=True, related_name="ceiling")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="need_ceiling_is_positive")
        ]


# Where the limit of a post of each kind lies, by the post's own id.
LIMITS: Mapping[PostKind, type[OfferFloor | NeedCeiling]] = {
    PostKind.OFFER: OfferFloor,
    PostKind.NEED: NeedCeiling,
}


class Invitation(models.Model):
    """An organisation that had never posted was invited to. Rows are only added."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()

    class Meta:
        indexes = [
            # market.inviting asks for the last one of each.
            models.Index(fields=["organisation", "-id"], name="invitation_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.invited_at:%Y-%m-%d}"


class QuickField(models.TextChoices):
    """What of a quick post can be corrected."""

    SIDE = "side", _("Sell or buy")
    COMMODITY = "commodity", _("Product")
    QUANTITY = "quantity", _("How much")
    PRICE = "price", _("Price")
    STARTS = "starts", _("From day")
    ENDS = "ends", _("Until day")
    PLACE = "place", _("Place")
    CERTIFICATES = "certificates", _("Certificates")


class QuickPostCorrection(models.Model):
    """What a person corrected of a quick post, as material for the rules: nobody is in it.

    Rows are only added, and forgotten after `services.quick.KEPT_FOR`; no door reads them.
    """

    # Of a price the first of its month, so that it lies beside no post of one day.
    day = models.DateField()
    field = models.CharField(max_length=12, choices=QuickField.choices)
    phrase = models.CharField(max_length=500, blank=True)
    read = models.CharField(max_length=100, blank=True)
    published = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(field__in=QuickField.values), name="quick_correction_field_is_known"
            )
        ]
        indexes = [
            # services.quick.forget_corrections looks for the oldest.
            models.Index(fields=["day"], name="quick_correction_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.day:%Y-%m-%d}"
