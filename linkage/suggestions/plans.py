"""The reads of the city's plans: the office's whole, of a field officer the part of its area.

What an organisation sees of a plan is its own pairs once they are suggested to it (`advice`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet, Sum

from linkage.catalogue.models import Commodity
from linkage.errors import NotFound
from linkage.matching.allocation.reasons import NEED, OFFER, SHARE, Binding, LeftOut
from linkage.matching.allocation.words import why
from linkage.registry.access import Actor, Capability, reach
from linkage.registry.models import Organisation
from linkage.suggestions.models import Plan, PlanFigure, PlanLeftOut, PlanLine, PlanResult

M = TypeVar("M", bound=Model)
# Of what two plans do not have in common so much is listed; all of it is counted.
MOST_LISTED = 100
_SHOWN = ("asked_by", "commodity", "result", "proposed")
_MEASURES = ("mass", "volume", "count")


@dataclass(frozen=True, slots=True)
class Goods:
    """So much of a commodity by so many lines; base units."""

    commodity: Commodity
    lines: int
    quantity: int


@dataclass(frozen=True, slots=True)
class SeenPlan:
    """A plan as far as its reader sees it.

    `is_whole`: all of it, with what it is worth and what it does to the figures; else the lines and
    the co-ops of the reader's area. `served` in base units by measure: mass, volume, count.
    `linked`: the co-ops that it newly links, by id.
    `outcomes`: lines by what became of them when it was proposed.
    """

    plan: Plan
    result: PlanResult | None
    is_whole: bool
    served: Mapping[str, int]
    goods: Sequence[Goods]
    lines: int
    linked: frozenset[int]
    left_out: int
    figures: Sequence[PlanFigure]
    outcomes: Mapping[str, int]

    @property
    def newly_linked(self) -> int:
        """How many co-ops it newly links."""
        return len(self.linked)

    @property
    def proof(self) -> PlanResult | None:
        """Value and bound, to who sees the whole."""
        return self.result if self.is_whole else None

    @property
    def gap(self) -> Fraction | None:
        """No plan over these pairs is better by more, relative to it."""
        return self.proof.gap if self.proof else None


@dataclass(frozen=True, slots=True)
class Differing:
    """What one of two plans has alone: the first `MOST_LISTED` of each, and how many there are."""

    lines: Sequence[PlanLine]
    lines_count: int
    linked: Sequence[Organisation]
    linked_count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side. `common`: pairs in both; `same_question`: asked of the same posts
    with the same settings."""

    first: SeenPlan
    second: SeenPlan
    common: int
    only_first: Differing
    only_second: Differing

    @property
    def same_question(self) -> bool:
        one, other = self.first.result, self.second.result
        return one is not None and other is not None and one.digest == other.digest


def listing(*, actor: Actor) -> QuerySet[Plan]:
    """Return the plans, the newest first. Raises: NotAllowed."""
    reach(actor, Capability.READ_PLANS)
    return Plan.objects.select_related(*_SHOWN).order_by("-id")


def plan_of(*, actor: Actor, plan_id: int) -> Plan:
    """Return the plan as it was asked for. Raises: NotAllowed, NotFound."""
    plan = listing(actor=actor).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound
    return plan


def result_of(plan: Plan) -> PlanResult | None:
    """What was found, once it is there."""
    return getattr(plan, "result", None)


def detail(*, actor: Actor, plan_id: int) -> SeenPlan:
    """Return the plan with what its reader may see of it. Raises: NotAllowed, NotFound."""
    plan = plan_of(actor=actor, plan_id=plan_id)
    area = reach(actor, Capability.READ_PLANS)
    rows = lines(actor=actor, plan_id=plan_id)
    goods = _goods(rows)
    outcomes = rows.exclude(outcome=None).order_by("outcome__code").values_list("outcome__code")
    return SeenPlan(
        plan=plan,
        result=result_of(plan),
        is_whole=area is None,
        served={
            measure: sum(one.quantity for one in goods if one.commodity.dimension == measure)
            for measure in _MEASURES
        },
        goods=goods,
        lines=sum(one.lines for one in goods),
        linked=_newly_linked(rows, area),
        left_out=left_out(actor=actor, plan_id=plan_id).count(),
        figures=list(plan.figures.order_by("pk")) if area is None else [],
        outcomes=dict(outcomes.annotate(Count("pk"))),
    )


def lines(*, actor: Actor, plan_id: int) -> QuerySet[PlanLine]:
    """Return the plan's lines, to a field officer those with a side in its area; by id.

    Raises: NotAllowed.
    """
    rows = _here(actor, PlanLine.objects.filter(plan=plan_id), "seller", "buyer")
    shown = ("offer", "need", "seller", "buyer", "commodity", "outcome", "offer__unit")
    return rows.select_related(*shown).order_by("id")


def left_out(*, actor: Actor, plan_id: int) -> QuerySet[PlanLeftOut]:
    """Return the co-ops that the plan leaves unlinked, of a field officer's area alone; by id.

    Raises: NotAllowed.
    """
    rows = _here(actor, PlanLeftOut.objects.filter(plan=plan_id), "organisation")
    return rows.select_related("organisation", "commodity").order_by("id")


def why_left_out(row: PlanLeftOut, language: str) -> str:
    """The reason in one line, in "vi" or "en"."""
    short = {OFFER: row.offer_short, NEED: row.need_short, SHARE: row.share_short}
    bindings = tuple(Binding(limit, much) for limit, much in short.items() if much)
    reason = LeftOut(row.organisation_id, row.code, row.offer_id, row.need_id, bindings)
    measure = _MEASURES.index(row.commodity.dimension) if row.commodity else 0
    return why(reason, measure, language)


def compare(*, actor: Actor, plan_id: int, other_id: int) -> Comparison:
    """Return two stored plans side by side. Raises: NotAllowed, NotFound."""
    first, second = (detail(actor=actor, plan_id=id_) for id_ in (plan_id, other_id))
    pairs = [_pairs(lines(actor=actor, plan_id=id_)) for id_ in (plan_id, other_id)]
    linked = first.linked, second.linked
    return Comparison(
        first,
        second,
        len(set(pairs[0]) & set(pairs[1])),
        _differing(actor, plan_id, (pairs[0], pairs[1]), (linked[0], linked[1])),
        _differing(actor, other_id, (pairs[1], pairs[0]), (linked[1], linked[0])),
    )


def _differing(
    actor: Actor,
    plan_id: int,
    pairs: tuple[Mapping[Any, int], Mapping[Any, int]],
    linked: tuple[frozenset[int], frozenset[int]],
) -> Differing:
    alone = sorted(id_ for pair, id_ in pairs[0].items() if pair not in pairs[1])
    parties = sorted(linked[0] - linked[1])
    rows = lines(actor=actor, plan_id=plan_id).filter(pk__in=alone[:MOST_LISTED])
    shown = Organisation.objects.filter(pk__in=parties[:MOST_LISTED]).order_by("pk")
    return Differing(list(rows), len(alone), list(shown), len(parties))


def _pairs(rows: QuerySet[PlanLine]) -> dict[tuple[int, int], int]:
    found = rows.values_list("offer_id", "need_id", "pk")
    return {(offer, need): pk for offer, need, pk in found}


def _goods(rows: QuerySet[PlanLine]) -> list[Goods]:
    """By commodity, in Vietnamese order."""
    sums = rows.order_by("commodity").values_list("commodity")
    found = {
        code: (count, much) for code, count, much in sums.annotate(Count("pk"), Sum("quantity"))
    }
    commodities = Commodity.objects.filter(pk__in=found).order_by("sort_key", "pk")
    return [Goods(one, *found[one.pk]) for one in commodities]


def _newly_linked(rows: QuerySet[PlanLine], area: frozenset[int] | None) -> frozenset[int]:
    """The co-ops that the lines newly link, of the area alone where there is one."""
    found = frozenset(
        party
        for side in ("seller", "buyer")
        for party in rows.filter(**{f"links_{side}": True}).values_list(f"{side}_id", flat=True)
    )
    return found if area is None else found & area


def _here(actor: Actor, rows: QuerySet[M], *sides: str) -> QuerySet[M]:
    area = reach(actor, Capability.READ_PLANS)
    if area is None:
        return rows
    here = Q(pk=None)
    for side in sides:
        here |= Q(**{f"{side}__in": area}) | Q(**{f"{side}__merged_into__in": area})
    return rows.filter(here)
