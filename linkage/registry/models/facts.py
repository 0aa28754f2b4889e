"""Dated facts of an organisation: on a day, the last one on or before it counts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Sector
from linkage.registry.models.organisations import Organisation
from linkage.registry.models.places import Commune


class Status(models.TextChoices):
    """Whether an organisation works; only `active` is in a denominator."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    STOPPED = "stopped", _("Stopped")
    DISSOLVED = "dissolved", _("Dissolved")
    # The register's word is not known: to be settled, in no denominator.
    UNKNOWN = "unknown", _("To be settled")


ENDS_OF_ACTIVITY = frozenset({Status.SUSPENDED, Status.STOPPED, Status.DISSOLVED})


class Kind(models.TextChoices):
    """What an organisation is in law; LINK-ALL and LINK-AGRI count cooperatives only."""

    COOPERATIVE = "cooperative", _("Cooperative")
    COOPERATIVE_GROUP = "cooperative_group", _("Cooperative group")
    UNION = "union", _("Union of cooperatives")
    ENTERPRISE = "enterprise", _("Enterprise")
    HOUSEHOLD_BUSINESS = "household_business", _("Household business")
    INDIVIDUAL = "individual", _("Individual")
    OTHER = "other", _("Other")


# What the plan counts: only these can be missing from a denominator.
COUNTED_KINDS = frozenset({Kind.COOPERATIVE, Kind.COOPERATIVE_GROUP, Kind.UNION})


class DatedFact(models.Model):
    """A value from a day on. No day: from the start; for an end of activity: a day not known."""

    since = models.DateField(null=True, blank=True)
    # The word or place as the register wrote it, for the export and for settling it later.
    as_written = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


def _one_a_day(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["organisation", "since"], name=f"organisation_has_one_{name}_a_day"
        ),
        models.UniqueConstraint(
            fields=["organisation"],
            condition=Q(since=None),
            name=f"organisation_has_one_undated_{name}",
        ),
    ]


class StatusFact(DatedFact):
    """Active, suspended, ... An end of activity without a day makes its organisation unsettled."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="status_facts")
    status = models.CharField(max_length=10, choices=Status.choices)

    class Meta:
        constraints = [
            # An undated end may stand beside the undated start, hence status in the second one.
            models.UniqueConstraint(
                fields=["organisation", "since"], name="organisation_has_one_status_a_day"
            ),
            models.UniqueConstraint(
                fields=["organisation", "status"],
                condition=Q(since=None),
                name="organisation_has_one_undated_status_of_each_kind",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="status_fact_status_is_known"
            ),
        ]


class KindFact(DatedFact):
    """What the organisation is in law."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="kind_facts")
    kind = models.CharField(max_length=20, choices=Kind.choices)

    class Meta:
        constraints = [
            *_one_a_day("kind"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="kind_fact_kind_is_known"
            ),
        ]


class SectorFact(DatedFact):
    """The branch it works in; null where the register's word is not known."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sector_facts")
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = _one_a_day("sector")


class CommuneFact(DatedFact):
    """Where it is; null where the place as written is not resolved."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="commune_facts")
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = _one_a_day("commune")
