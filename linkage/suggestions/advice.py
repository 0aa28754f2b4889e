"""What the city suggests to an organisation: the pairs of proposed plans, each side its own.

Such a pair is one of a need and an offer that are both published, as any suggestion is, so the
rivals' rule allows it. It is shown while both posts are open and something is left of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from linkage.agreements.models import Linkage
from linkage.market.models import AnyPost, PostKind
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.registry.queries import with_merged
from linkage.suggestions.models import PlanLine, PlanOutcome
from linkage.suggestions.queries import MARKS, PARTS, talks_about, with_both_open


@dataclass(frozen=True, slots=True)
class Advised:
    """A pair that the city suggests, as the owner of its post of that kind sees it.

    `talks`: the open talks or contract about the two, if there are any.
    """

    line: PlanLine
    kind: PostKind
    talks: int | None

    @property
    def post(self) -> AnyPost:
        """The owner's own."""
        post: AnyPost = getattr(self.line, self.kind)
        return post

    @property
    def other(self) -> AnyPost:
        """The one that is suggested."""
        post: AnyPost = getattr(self.line, self.kind.other)
        return post

    @property
    def quantity(self) -> int:
        """What the city suggests, as far as both still have it; base units."""
        return min(self.line.quantity, self.line.offer.left, self.line.need.left)


def listing(*, actor: Actor, organisation_id: int, on: date) -> list[Advised]:
    """Return what the city suggests to the organisation, the newest first; of a pair the newest.

    Raises: NotFound, for who does not act for it; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    own = set(with_merged(organisation_id))
    rows = standing(organisation_id, on).select_related(*PARTS).prefetch_related(*MARKS)
    newest: dict[tuple[int, int], PlanLine] = {}
    for row in rows.order_by("-pk"):
        newest.setdefault((row.offer_id, row.need_id), row)
    talks = talks_about(newest.keys())
    return [
        Advised(
            row,
            PostKind.OFFER if row.offer.organisation_id in own else PostKind.NEED,
            talks.get(pair),
        )
        for pair, row in newest.items()
    ]


def standing(organisation_id: int, on: date) -> QuerySet[PlanLine]:
    """The lines that are suggested to the organisation as one of their sides, and stand today."""
    own = with_merged(organisation_id)
    rows = PlanLine.objects.filter(
        Q(offer__organisation__in=own) | Q(need__organisation__in=own),
        outcome__code=PlanOutcome.Code.PROPOSED,
    )
    return with_both_open(rows, on)


def quantity_between(linkage: Linkage) -> int | None:
    """What the city suggested last to the two sides of talks, for their first proposal."""
    rows = PlanLine.objects.filter(
        offer=linkage.offer_id, need=linkage.need_id, outcome__code=PlanOutcome.Code.PROPOSED
    )
    return rows.order_by("-pk").values_list("quantity", flat=True).first()
