"""Communes of today, the ones they took in, and earlier names that people still write."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Commune(models.Model):
    """A commune-level unit of Hai Phong since 2025-07-01."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    latitude = models.FloatField()
    longitude = models.FloatField()
    # The province and district that most of it belonged to before; Bạch Long Vĩ's province is empty
    # in the source and is Hai Phong's.
    former_province = models.CharField(max_length=50)
    former_district = models.CharField(max_length=100)
    search_key = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=250)

    def __str__(self) -> str:
        return self.name


class FormerCommune(models.Model):
    """A commune as of mid-2025 and one unit that took it in (a split one has several rows)."""

    class Part(models.TextChoices):
        WHOLE = "whole"
        SPLIT = "split"
        MAIN = "main"

    name = models.CharField(max_length=100)
    former_district = models.CharField(max_length=100)
    former_province = models.CharField(max_length=50)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="took_in")
    part = models.CharField(max_length=5, choices=Part.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=["whole", "split", "main"]),
                name="former_commune_part_is_known",
            ),
            models.UniqueConstraint(
                fields=["name", "former_district", "former_province", "commune"],
                name="former_commune_went_into_a_commune_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.former_district}"


class EarlierPlace(models.Model):
    """A name in use before mid-2025 and what it had become by then: a hand list with sources."""

    class PlaceKind(models.TextChoices):
        DISTRICT = "district"
        COMMUNE = "commune"

    place_kind = models.CharField(max_length=8, choices=PlaceKind.choices)
    name = models.CharField(max_length=100)
    district = models.CharField(max_length=100)
    province = models.CharField(max_length=50)
    becomes_name = models.CharField(max_length=100)
    becomes_district = models.CharField(max_length=100)
    valid_until = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place_kind__in=["district", "commune"]),
                name="earlier_place_kind_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.district}"
