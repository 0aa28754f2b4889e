"""What a match asks of the organisations behind two posts, on a day.

- Active: it works on the day, as `registry.on_a_day.inactive_on` has it. Who has no
  founding day in the register still deals; it is missing from the figure only.
- HTX: the kind on the day is cooperative; groups and unions are none.
- Verified: it has a verified linkage in force on the day (`agreements.queries`).
- Kept and broken: linkages with a stated quantity that are over and of which both sides confirmed
  at least one delivery. One is kept if what both confirmed is at least nine tenths of what was
  agreed, else broken; disputed and unanswered deliveries count as not delivered. It counts for both
  sides: from outside nobody sees whose fault it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from linkage.agreements.models import COUNTING_STATES, Delivery
from linkage.agreements.queries import verified_parties
from linkage.registry.models import Kind, KindFact, Organisation
from linkage.registry.on_a_day import inactive_on

# Of 10: what has to arrive of an agreed quantity.
KEPT_FROM_TENTHS = 9


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as the match reads it."""

    active: bool
    cooperative: bool
    verified: bool
    kept: int
    broken: int


def parties_on(ids: Collection[int], on: date) -> dict[int, Party]:
    """Return these survivors of merges as they are on the day; at most seven queries."""
    wanted = sorted(set(ids))
    known = Organisation.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    idle = set(inactive_on(on).filter(pk__in=wanted).values_list("pk", flat=True))
    kinds = _kinds(wanted, on)
    verified = verified_parties(on)
    kept, broken = _deliveries_kept(on)
    return {
        id_: Party(
            active=id_ not in idle,
            cooperative=kinds.get(id_) == Kind.COOPERATIVE,
            verified=id_ in verified,
            kept=kept[id_],
            broken=broken[id_],
        )
        for id_ in known
    }


def activity_on(ids: Collection[int], on: date) -> dict[int, Party]:
    """Return of these survivors of merges whether they are active, and nothing else; one query."""
    idle = set(inactive_on(on).values_list("pk", flat=True))
    return {
        id_: Party(active=id_ not in idle, cooperative=False, verified=False, kept=0, broken=0)
        for id_ in ids
    }


def _kinds(ids: Collection[int], on: date) -> dict[int, str]:
    """Of each organisation the last kind on or before the day; undated ones come first."""
    facts = KindFact.objects.filter(Q(since=None) | Q(since__lte=on), organisation__in=ids)
    found: dict[int, tuple[date, str]] = {}
    for id_, since, said in facts.order_by("pk").values_list("organisation_id", "since", "kind"):
        if id_ not in found or (since or date.min) >= found[id_][0]:
            found[id_] = (since or date.min, said)
    return {id_: said for id_, (_, said) in found.items()}


def _deliveries_kept(on: date) -> tuple[dict[int, int], dict[int, int]]:
    kept: dict[int, int] = defaultdict(int)
    broken: dict[int, int] = defaultdict(int)
    for agreed, delivered, *sides in _delivered(on):
        counted = kept if 10 * delivered >= KEPT_FROM_TENTHS * agreed else broken
        for party in set(sides):
            counted[party] += 1
    return kept, broken


def _delivered(on: date) -> Iterable[tuple[int, int, int, int]]:
    """Agreed and delivered quantity, seller and buyer of each linkage that is over."""
    over = Q(linkage__ends__lt=on) | Q(linkage__terminated_on__lte=on)
    rows = Delivery.objects.filter(
        over,
        state=Delivery.State.CONFIRMED,
        linkage__state__in=sorted(COUNTING_STATES),
        linkage__quantity__isnull=False,
    )
    grouped = rows.values("linkage").annotate(delivered=Sum("quantity")).order_by("linkage")
    return grouped.values_list(
        "linkage__quantity",
        "delivered",
        Coalesce("linkage__seller__merged_into", "linkage__seller"),
        Coalesce("linkage__buyer__merged_into", "linkage__buyer"),
    )
