"""What the city suggests to an organisation, each side its own: the pairs of proposed plans, and
those that the office introduces to each other for a co-op's sake that nobody was shown.

Such a pair is one of a need and an offer that are both published, as any suggestion is, so the
rivals' rule allows it. It is shown while both posts are open and something is left of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from linkage.agreements.models import Linkage
from linkage.market.models import AnyPost, PostKind
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.registry.queries import with_merged
from linkage.suggestions.models import Introduction, PlanLine, PlanOutcome
from linkage.suggestions.queries import PARTS, shown_to, stands, talks_about, with_both_open


@dataclass(frozen=True, slots=True)
class Advised:
    """A pair that the city suggests, as the owner of its post of that kind sees it.

    `talks`: the open talks or contract about the two, if there are any.
    """

    row: PlanLine | Introduction
    kind: PostKind
    talks: int | None

    @property
    def post(self) -> AnyPost:
        """The owner's own."""
        post: AnyPost = getattr(self.row, self.kind)
        return post

    @property
    def other(self) -> AnyPost:
        """The one that is suggested."""
        post: AnyPost = getattr(self.row, self.kind.other)
        return post

    @property
    def is_of_a_plan(self) -> bool:
        return isinstance(self.row, PlanLine)

    @property
    def quantity(self) -> int | None:
        """What a plan suggests, as far as both still have it, base units; None of no plan."""
        if not isinstance(self.row, PlanLine):
            return None
        return min(self.row.quantity, self.row.offer.left, self.row.need.left)


def listing(*, actor: Actor, organisation_id: int, on: date) -> list[Advised]:
    """Return what the city suggests to the organisation: of a pair the newest plan's, or else that
    it is introduced; plans first, the newest first. An introduction of what the engine suggests to
    the organisation anyway is not among them.

    Raises: NotFound, for who does not act for it; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    own = set(with_merged(organisation_id))
    newest: dict[tuple[int, int], PlanLine | Introduction] = {}
    for rows in standing_for(organisation_id, on):
        for row in rows.prefetch_related(*PARTS).order_by("-pk"):
            newest.setdefault((row.offer_id, row.need_id), row)
    introduced = {pair for pair, row in newest.items() if isinstance(row, Introduction)}
    told = _suggested(organisation_id, introduced, on) if introduced else set()
    talks = talks_about(newest.keys())
    return [
        Advised(
            row,
            PostKind.OFFER if row.offer.organisation_id in own else PostKind.NEED,
            talks.get(pair),
        )
        for pair, row in newest.items()
        if pair not in told
    ]


def _suggested(organisation_id: int, pairs: Set[tuple[int, int]], on: date) -> set[tuple[int, int]]:
    """Those of the pairs that the engine suggests to the organisation."""
    offers = {offer for offer, _need in pairs}
    rows = shown_to(organisation_id, stands(on).filter(offer__in=offers)).order_by()
    return {pair for pair in rows.values_list("offer_id", "need_id") if pair in pairs}


def standing(on: date) -> Iterator[QuerySet[Any]]:
    """What the city suggests to anybody and stands today, by where it comes from.

    What a plan suggested of a post ends where a plan that is proposed later takes the post up.
    """
    proposed = PlanLine.objects.filter(outcome__code=PlanOutcome.Code.PROPOSED)
    of_either = Q(offer=OuterRef("offer")) | Q(need=OuterRef("need"))
    at = "plan__proposed__proposed_at"
    later = proposed.filter(of_either, **{f"{at}__gt": OuterRef(at)})
    yield with_both_open(proposed.filter(~Exists(later)), on)
    yield with_both_open(Introduction.objects.all(), on)


def standing_for(organisation_id: int, on: date) -> Iterator[QuerySet[Any]]:
    """The same, as far as the organisation is one of the sides."""
    own = with_merged(organisation_id)
    mine = Q(offer__organisation__in=own) | Q(need__organisation__in=own)
    return (rows.filter(mine) for rows in standing(on))


def quantity_between(linkage: Linkage) -> int | None:
    """What the city suggested last to the two sides of talks, for their first proposal."""
    rows = PlanLine.objects.filter(
        offer=linkage.offer_id, need=linkage.need_id, outcome__code=PlanOutcome.Code.PROPOSED
    )
    newest = rows.order_by("-plan__proposed__proposed_at", "-pk")
    return newest.values_list("quantity", flat=True).first()
