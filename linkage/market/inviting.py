"""Who has never posted, for those who invite them: the office all, a field officer its area."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from linkage.market.models import Invitation, Need, Offer
from linkage.registry.access import Actor, Capability, reach
from linkage.registry.acting import of, open_on
from linkage.registry.models import Commune, Membership, Organisation
from linkage.registry.on_a_day import inactive_on, on_day


def never_posted(*, actor: Actor, on: date, with_account: bool) -> QuerySet[Any]:
    """Return who is at work on the day and never wrote a post, by name in Vietnamese order.

    `with_account`: of those for whom somebody acts, who can be invited; else of those for whom
    nobody does, who first need a code. Annotated with the facts of `on_day`, `commune_name` and
    `invited_at`, the last invitation; ordered by (sort_key, id), fit for a cursor.
    Raises: NotAllowed.
    """
    area = reach(actor, Capability.INVITE)
    rows = Organisation.objects.filter(merged_into=None)
    if area is not None:
        rows = rows.filter(pk__in=area)
    at_work = on_day(rows, on).exclude(pk__in=inactive_on(on).values("pk"))
    silent = at_work.exclude(has_posted(OuterRef("pk")))
    acting = open_on(Membership.objects.filter(of(OuterRef("pk")), user__is_active=True), on)
    last = Invitation.objects.filter(of(OuterRef("pk"))).order_by("-pk").values("invited_at")[:1]
    found: QuerySet[Any] = silent.filter(Exists(acting) if with_account else ~Exists(acting))
    commune = Commune.objects.filter(pk=OuterRef("commune_on")).values("name")
    shown: QuerySet[Any] = found.annotate(invited_at=Subquery(last), commune_name=Subquery(commune))
    return shown.order_by("sort_key", "id")


def has_posted(organisation: Any) -> Q:
    """The condition that an organisation, or what was merged into it, ever wrote a post."""
    own = of(organisation)
    return Q(Exists(Offer.objects.filter(own))) | Q(Exists(Need.objects.filter(own)))
