"""Commodities, units, certifications, sectors and the legal forms of linkage."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """What a quantity measures; its base unit is gram, millilitre or piece."""

    MASS = "mass", _("Mass")
    VOLUME = "volume", _("Volume")
    COUNT = "count", _("Count")


class Sector(models.Model):
    """A branch of the economy that an organisation works in."""

    code = models.SlugField(primary_key=True)
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    synonyms = models.JSONField(default=list)
    # Agriculture, forestry, fishery and salt: the base of LINK-AGRI.
    agricultural = models.BooleanField()
    source = models.TextField()

    def __str__(self) -> str:
        return self.name_vi


class Commodity(models.Model):
    """A node of the commodity tree, levels 1 (broadest) to 4."""

    code = models.SlugField(primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    dimension = models.CharField(max_length=6, choices=Dimension.choices)
    stage = models.CharField(max_length=20)
    search_key = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=250)
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="commodity_dimension_is_known"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="commodity_level_from_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(level=1, parent=None) | Q(level__gt=1, parent__isnull=False),
                name="commodity_has_a_parent_unless_at_the_top",
            ),
        ]

    def __str__(self) -> str:
        return self.name_vi


class CommoditySynonym(models.Model):
    """Another word for a commodity; a word names one commodity only."""

    commodity = models.ForeignKey(Commodity, models.CASCADE, related_name="synonyms")
    name = models.CharField(max_length=100)
    # `text.identity_key` of the name: case and spaces folded, marks kept.
    key = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Transformation(models.Model):
    """What becomes what, with its yield: mass out over mass in, where a source gives one."""

    from_commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="becomes")
    to_commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="made_from")
    # The stage of the work itself: a by-product (bran) may be an input elsewhere.
    stage = models.CharField(max_length=20)
    yield_num = models.PositiveIntegerField(null=True)
    yield_den = models.PositiveIntegerField(null=True)
    note = models.TextField(blank=True)
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_commodity", "to_commodity"], name="transformation_is_listed_once"
            ),
            models.CheckConstraint(
                condition=~Q(from_commodity=F("to_commodity")), name="transformation_ends_differ"
            ),
            models.CheckConstraint(
                condition=Q(yield_num=None, yield_den=None)
                | Q(
                    yield_num__isnull=False,
                    yield_den__isnull=False,
                    yield_num__gte=1,
                    yield_den__gte=F("yield_num"),
                ),
                name="transformation_yield_is_above_0_and_at_most_1",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["first_processing", "processing"]),
                name="transformation_stage_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_commodity_id} -> {self.to_commodity_id}"


class Harvest(models.Model):
    """The months in which a commodity is harvested; without a row they are unknown.

    A month is one bit of `months`: January 1, February 2, March 4, to December 2048.
    """

    commodity = models.OneToOneField(
        Commodity, models.CASCADE, primary_key=True, related_name="harvest"
    )
    months = models.PositiveSmallIntegerField()
    # The source's own wording, in Vietnamese.
    season = models.TextField()
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=4095), name="harvest_months_are_of_the_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commodity_id}: {self.season}"


class OcopProduct(models.Model):
    """A product with OCOP stars, as published; the holder is an organisation or empty."""

    name = models.CharField(max_length=200)
    stars = models.PositiveSmallIntegerField()
    commodity = models.ForeignKey(Commodity, models.PROTECT, null=True)
    holder = models.CharField(max_length=250, blank=True)
    place = models.CharField(max_length=250, blank=True)
    # The year of the recognition; None where the source does not say it.
    year = models.PositiveSmallIntegerField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=3, stars__lte=5), name="ocop_product_has_3_to_5_stars"
            ),
            models.UniqueConstraint(
                fields=["name", "holder", "year"], name="ocop_product_is_listed_once_a_year"
            ),
            # NULLs are never alike, so the rows without a year need a rule of their own.
            models.UniqueConstraint(
                fields=["name", "holder"],
                condition=Q(year=None),
                name="ocop_product_is_listed_once_without_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit with its exact number of base units; sized ones (bao) state it with each quantity."""

    code = models.SlugField(primary_key=True)
    name_vi = models.CharField(max_length=50)
    name_en = models.CharField(max_length=50)
    synonyms = models.JSONField(default=list)
    dimension = models.CharField(max_length=6, choices=Dimension.choices)
    base_units = models.PositiveBigIntegerField(null=True)
    sized = models.BooleanField(default=False)
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="unit_dimension_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sized=True, base_units=None) | Q(sized=False, base_units__gt=0),
                name="unit_is_sized_or_has_base_units",
            ),
        ]

    def __str__(self) -> str:
        return self.name_vi


class Certification(models.Model):
    """A certificate that products or producers can hold; `level` orders one family (OCOP stars)."""

    code = models.SlugField(primary_key=True)
    name_vi = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    synonyms = models.JSONField(default=list)
    family = models.SlugField()
    level = models.PositiveSmallIntegerField(default=0)
    issuer = models.CharField(max_length=250)
    source = models.TextField()

    def __str__(self) -> str:
        return self.name_vi


class LinkageForm(models.Model):
    """One of the seven forms of linkage of Decree 98/2018/NĐ-CP, Art. 4."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    article = models.CharField(max_length=20)
    name_vi = models.TextField()
    name_en = models.TextField()
    stages = models.JSONField()
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=7), name="linkage_form_from_1_to_7"
            )
        ]

    def __str__(self) -> str:
        return self.name_vi
