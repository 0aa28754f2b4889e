"""What must hold between posts, reservations and linkages at any moment, each checked on the rows.

A check returns how many rows it looked at and the ids of those that break it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from linkage import files
from linkage.agreements.models import (
    COUNTING_STATES,
    STANDING_DELIVERIES,
    TALKING_STATES,
    Linkage,
    Origin,
    PoolProposal,
    Reservation,
    State,
)
from linkage.errors import NotFound
from linkage.market.models import Need, Offer

# File systems stamp their files by a clock that stands still for some milliseconds.
_CLOCK_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw: `broken` names the rows, or the files, none if it holds."""

    seen: int
    broken: tuple[int | str, ...]

    @property
    def ok(self) -> bool:
        return not self.broken


def offers_hold_what_is_reserved() -> Finding:
    """Of each offer `reserved` is the sum of what its linkages hold, and no more than its total."""
    return _ledger(Offer.objects.all(), "offer")


def needs_hold_what_is_reserved() -> Finding:
    """The same of each need."""
    return _ledger(Need.objects.all(), "need")


def agreed_linkages_have_both_consents() -> Finding:
    """What was agreed here has exactly one consent of each side to the terms agreed."""
    agreed = Linkage.objects.filter(origin=Origin.PLATFORM, state__in=sorted(COUNTING_STATES))
    counted = agreed.annotate(
        sold=Count("agreed_terms__consents", filter=Q(agreed_terms__consents__side="seller")),
        bought=Count("agreed_terms__consents", filter=Q(agreed_terms__consents__side="buyer")),
    )
    broken = counted.exclude(sold=1, bought=1, agreed_terms__linkage=F("pk"))
    return _found(agreed.count(), broken.values_list("pk", flat=True))


def linkages_that_hold_are_open() -> Finding:
    """A linkage agreed here holds a quantity until its end, a member of a pool from its word on,
    and nobody else does."""
    holding = Q(reservation__state=Reservation.State.LIVE)
    agreed = Linkage.objects.filter(
        origin=Origin.PLATFORM, state__in=[State.POOL_PENDING, State.AGREED, State.IN_FORCE]
    )
    without = agreed.exclude(holding).values_list("pk", flat=True)
    never = [*sorted(TALKING_STATES), State.DECLINED, State.LAPSED]
    # Of a pool that failed the row is kept, and says that nothing is held.
    given_back = Q(pool__isnull=False, reservation__state=Reservation.State.SETTLED) & Q(
        reservation__held=0
    )
    beyond = Linkage.objects.filter(reservation__isnull=False, state__in=never)
    beyond = beyond.exclude(given_back)
    seen = agreed.count() + Reservation.objects.count()
    return _found(seen, {*without, *beyond.values_list("pk", flat=True)})


def ended_linkages_hold_what_they_delivered() -> Finding:
    """After its end a linkage holds no more than was entered and not disputed.

    It may hold less: what was entered late is held only as far as there was any left.
    """
    settled = Reservation.objects.filter(state=Reservation.State.SETTLED)
    standing = Q(linkage__deliveries__state__in=STANDING_DELIVERIES)
    delivered = Coalesce(Sum("linkage__deliveries__quantity", filter=standing), Value(0))
    beyond = settled.annotate(delivered=delivered).filter(held__gt=F("delivered"))
    return _found(settled.count(), beyond.values_list("linkage", flat=True))


def held_is_what_was_agreed() -> Finding:
    """What was agreed here says the quantity agreed, and holds it until its end; then no more."""
    agreed = Linkage.objects.filter(origin=Origin.PLATFORM, state__in=sorted(COUNTING_STATES))
    other = agreed.exclude(quantity=F("agreed_terms__quantity")).values_list("pk", flat=True)
    terms = F("linkage__agreed_terms__quantity")
    live, settled = Q(state=Reservation.State.LIVE), Q(state=Reservation.State.SETTLED)
    right = live & Q(held=terms) | settled & Q(held__lte=terms)
    held = Reservation.objects.exclude(right).values_list("linkage", flat=True)
    return _found(agreed.count(), {*other, *held})


def pools_are_in_force_wholly_or_not_at_all() -> Finding:
    """Of a pool all members are bound, or none: while it waits, none; once it failed, nothing is
    held any more; and who waits for its pool has one that waits."""
    pools = PoolProposal.objects.all()
    waiting, agreed = (Q(pool__state=PoolProposal.State[name]) for name in ("WAITING", "AGREED"))
    fits = (
        waiting & Q(state__in=[State.PROPOSED, State.POOL_PENDING])
        | agreed & Q(state__in=sorted(COUNTING_STATES))
        | ~waiting & ~agreed & Q(state__in=[State.DECLINED, State.LAPSED])
        & ~Q(reservation__state=Reservation.State.LIVE)
    )  # fmt: skip
    apart = Linkage.objects.filter(pool__isnull=False).exclude(fits)
    broken = set(apart.values_list("pool", flat=True))
    # All have agreed, and it waits still; or nobody is in it.
    open_parts = Count("lines", filter=Q(lines__state=State.PROPOSED))
    idle = pools.filter(state=PoolProposal.State.WAITING).annotate(left=open_parts).filter(left=0)
    return _found(pools.count(), broken | set(idle.values_list("pk", flat=True)))


def kept_files(
    what: str, folder: str, rows: QuerySet[Any], *, began: datetime
) -> dict[str, Finding]:
    """Of each row its file is there, as long as it was; each file of the folder has its row.

    `rows` have `stored_as` and `size`, in bytes, None if it was not kept. A file finished since the
    audit `began` may have a row that was not seen yet. An upload under way, or broken off, is not
    finished: it is none of these files yet.
    """
    kept = list(rows.order_by("pk").values_list("pk", "stored_as", "size"))
    lost = tuple(pk for pk, stored_as, size in kept if not _lies(stored_as, size))
    before = began.timestamp() - _CLOCK_STEP
    finished = {
        one.stored_as for one in files.lying(folder) if one.is_finished and one.changed_at <= before
    }
    known = {stored_as for _pk, stored_as, _size in kept}
    return {
        f"{what}_rows_have_their_files": Finding(len(kept), lost),
        f"{what}_files_have_their_rows": Finding(len(finished), tuple(sorted(finished - known))),
    }


CHECKS: Mapping[str, Callable[[], Finding]] = {
    "offers_hold_what_is_reserved": offers_hold_what_is_reserved,
    "needs_hold_what_is_reserved": needs_hold_what_is_reserved,
    "agreed_linkages_have_both_consents": agreed_linkages_have_both_consents,
    "linkages_that_hold_are_open": linkages_that_hold_are_open,
    "ended_linkages_hold_what_they_delivered": ended_linkages_hold_what_they_delivered,
    "held_is_what_was_agreed": held_is_what_was_agreed,
    "pools_are_in_force_wholly_or_not_at_all": pools_are_in_force_wholly_or_not_at_all,
}


def _ledger(posts: QuerySet[Offer] | QuerySet[Need], column: str) -> Finding:
    held = Reservation.objects.filter(**{column: OuterRef("pk")}).order_by().values(column)
    summed = Coalesce(Subquery(held.annotate(sum=Sum("held")).values("sum")), Value(0))
    audited = posts.annotate(held=summed)
    broken = audited.exclude(held=F("reserved"), held__lte=F("total"))
    return _found(posts.count(), broken.values_list("pk", flat=True))


def _found(seen: int, broken: Iterable[int]) -> Finding:
    return Finding(seen, tuple(sorted(set(broken))))


def _lies(stored_as: str, size: int | None) -> bool:
    try:
        found = files.path_of(stored_as).stat().st_size
    except (NotFound, FileNotFoundError):
        return False
    return size is None or found == size
