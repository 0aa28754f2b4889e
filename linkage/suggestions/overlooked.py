"""Co-ops that have a partner and are shown to nobody: who they are now, and whom each suits best.

To put them on lists by rule would let what one owner is shown depend on how others stand with the
co-op, so on limits that are sealed. A person of the office does it, as with a plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from linkage.market.models import PostKind
from linkage.suggestions import fairness_read, preference
from linkage.suggestions.fitting import fitting
from linkage.suggestions.models import FairnessReport, View
from linkage.suggestions.queries import PARTY, suggested_to
from linkage.suggestions.told import told_of


@dataclass(frozen=True, slots=True)
class Partner:
    """The pair that suits a co-op best, of those that it is told of itself."""

    co_op: int
    offer: int
    need: int


def partners(*, of: FairnessReport, on: date) -> list[Partner]:
    """Return whom each co-op suits best that the report calls overlooked and nobody is shown now.

    Of the pairs that it is told of those alone that still fit, as posts are by now, and that
    neither side has put aside: a co-op that wants none of them has none. A report of another day,
    or of another engine than the one in use, has none.
    """
    if (of.day, of.engine) != (on, preference.engine()):
        return []
    ids = fairness_read.overlooked(of=of)
    return _best(ids - _shown(ids, on), on) if ids else []


def _shown(ids: Collection[int], on: date) -> set[int]:
    """Those that somebody else is shown now."""
    return {
        party
        for kind in PostKind
        for rows in told_of(kind, on)
        for party in rows.order_by()
        .annotate(party=PARTY[kind.other])
        .filter(party__in=ids)
        .values_list("party", flat=True)
        .distinct()
    }


def _best(ids: Collection[int], on: date) -> list[Partner]:
    told = sorted(_told(ids, on), key=lambda one: (-one[1], one[2], one[3]))
    fit = set(fitting({(offer, need) for _party, _score, offer, need in told}, on))
    best: dict[int, Partner] = {}
    for party, _score, offer, need in told:
        if (offer, need) in fit:
            best.setdefault(party, Partner(party, offer, need))
    return [best[party] for party in sorted(best)]


def _told(ids: Collection[int], on: date) -> Iterable[tuple[int, int, int, int]]:
    """Of these co-ops each pair that they are told of and nobody put aside: party, score, offer,
    need."""
    for kind in PostKind:
        rows = suggested_to(kind, on).annotate(party=PARTY[kind]).filter(party__in=ids)
        own = rows.exclude(Q(offer_view=View.DISMISSED) | Q(need_view=View.DISMISSED))
        yield from own.values_list("party", "score", "offer_id", "need_id")
