"""Organisations and what is undated about them; the dated facts are in `facts`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Certification, Commodity
from linkage.registry import phones
from linkage.registry.models.accounts import User


class Origin(models.TextChoices):
    """How an organisation became known."""

    REGISTER = "register", _("Register")
    STAFF = "staff", _("Entered by city staff")
    # Its own sign-up, or the partner whom a member named in a contract.
    MEMBER = "member", _("Entered by a user")


class Organisation(models.Model):
    """Whoever supplies or buys: its status, kind, sector and commune are dated facts."""

    name = models.CharField(max_length=300)
    # `text.identity_key`, `text.search_key`, `text.sort_key` of the name.
    name_key = models.CharField(max_length=300)
    search_key = models.CharField(max_length=300)
    sort_key = models.CharField(max_length=700)
    # 10 digits, 10-3 for a branch, or 12 (a person: masked, never logged).
    tax_code = models.CharField(max_length=14, null=True, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    members = models.PositiveIntegerField(null=True, blank=True)
    role_in_chain = models.CharField(max_length=100, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    # Names of fields that a person edited here: an import never overwrites them.
    hand_edited = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tax_code"],
                condition=Q(merged_into=None),
                name="organisation_tax_code_is_used_once",
            ),
            models.CheckConstraint(
                condition=Q(tax_code=None) | Q(tax_code__regex=r"^[0-9]{10}(-[0-9]{3}|[0-9]{2})?$"),
                name="organisation_tax_code_is_10_10_3_or_12_digits",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="organisation_is_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="organisation_origin_is_known"
            ),
        ]
        indexes = [
            # registry.queries.listing orders the page of organisations.
            models.Index(fields=["sort_key", "id"], name="organisation_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def survivor(self) -> Organisation:
        """It, or the one that it was merged into, whose what it had is since."""
        return self.merged_into or self

    @property
    def survivor_id(self) -> int:
        """The id of its survivor, without reading it."""
        return self.merged_into_id or self.pk


class ContactPerson(models.Model):
    """A person who speaks for an organisation; the register's representative is one."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=150)
    # E.164, or the text as written where it is no telephone number.
    phone = models.CharField(max_length=phones.LONGEST, blank=True)
    is_representative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_representative=True),
                name="organisation_has_one_representative",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What an organisation makes, buys or trades as a rule."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="products")
    # Null where the register's word is not in the tree: kept as written, listed as unresolved.
    commodity = models.ForeignKey(Commodity, models.PROTECT, null=True, blank=True)
    as_written = models.CharField(max_length=200)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_main=True),
                name="organisation_has_one_main_product",
            )
        ]

    def __str__(self) -> str:
        return self.as_written


class Certificate(models.Model):
    """A certification that an organisation holds from `starts` to `ends`, both included."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="certificates")
    certification = models.ForeignKey(Certification, models.PROTECT)
    number = models.CharField(max_length=100, blank=True)
    # The body that issued this one, as its paper says.
    issuer = models.CharField(max_length=200, blank=True, default="", db_default="")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)

    class Meta:
        # Periods of one certification of one holder do not overlap: migration 0002.
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")),
                name="certificate_does_not_end_before_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.certification_id} {self.number}"
