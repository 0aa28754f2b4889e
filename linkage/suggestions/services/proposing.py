"""From a stored plan to the two sides of each of its lines: the city suggests, nobody is bound.

A plan is proposed once. A line that no longer stands is kept with why; of the others both sides are
told, and see the pair among their suggestions (`advice`), from where either opens talks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.jobs.services import record_event
from linkage.market.models import AnyPost, PostKind
from linkage.market.sight import is_open
from linkage.registry.access import Actor, Capability, require
from linkage.registry.on_a_day import inactive_on
from linkage.suggestions import plans
from linkage.suggestions.fitting import Pair, fitting
from linkage.suggestions.models import Plan, PlanLine, PlanOutcome, PlanProposed
from linkage.suggestions.queries import talks_about
from linkage.suggestions.services.citynews import PARTS, tell_both_sides
from linkage.suggestions.services.planning import SUBJECT

Code = PlanOutcome.Code
_AT_ONCE = 500


class PlanNotReady(Conflict):
    """It is still being made, or its making was called off."""

    code = "plan_not_ready"
    words = _("This plan is not there yet.")


def propose_plan(*, actor: Actor, plan_id: int, now: datetime) -> Plan:
    """Suggest each line that still stands to both of its sides; again, it changes nothing.

    A line stands while both posts are open, fit each other, are not talked about by the two, and
    have its quantity left; where several take from one post, in the order of the plan.

    Raises: NotAllowed, NotFound; PlanNotReady. Nothing is written then.
    """
    require(actor, Capability.WRITE_PLANS)
    plan = plans.plan_of(actor=actor, plan_id=plan_id)
    if plans.result_of(plan) is None:
        raise PlanNotReady
    by = {"proposed_at": now, "proposed_by_id": actor.user_id}
    with transaction.atomic():
        # Of two who press at once the second waits for the first one's row, and finds it.
        _row, made = PlanProposed.objects.get_or_create(plan=plan, defaults=by)
        if made:
            _propose(plan, actor, now)
    return plan


def _propose(plan: Plan, actor: Actor, now: datetime) -> None:
    lines = list(plan.lines.select_related(*PARTS).order_by("pk"))
    codes = dict(_judged(lines, localdate(now)))
    PlanOutcome.objects.bulk_create(
        (PlanOutcome(line_id=pk, code=code) for pk, code in codes.items()), batch_size=_AT_ONCE
    )
    proposed = [line for line in lines if codes[line.pk] is Code.PROPOSED]
    tell_both_sides(proposed, now=now)
    record_event(
        subject_kind=SUBJECT,
        subject_id=plan.pk,
        kind="plan_proposed",
        at=now,
        actor_id=actor.user_id,
        data={"proposed": len(proposed), "left_out": len(lines) - len(proposed)},
    )


def _judged(lines: Sequence[PlanLine], today: date) -> Iterator[tuple[int, PlanOutcome.Code]]:
    """Each line with what is so of it today."""
    seen = _Seen.of(lines, today)
    left: dict[tuple[PostKind, int], int] = {}
    for line in lines:
        code = seen.hindrance(line)
        for kind in PostKind:
            post: AnyPost = getattr(line, kind)
            rest = left.setdefault((kind, post.pk), post.left)
            if code is None and rest < line.quantity:
                code = Code.OFFER_SHORT if kind is PostKind.OFFER else Code.NEED_SHORT
        if code is None:
            for kind in PostKind:
                left[kind, getattr(line, f"{kind}_id")] -= line.quantity
        yield line.pk, code or Code.PROPOSED


@dataclass(frozen=True)
class _Seen:
    """What is so of all lines today."""

    today: date
    idle: frozenset[int]
    talking: frozenset[Pair]
    fitting: frozenset[Pair]

    @classmethod
    def of(cls, lines: Sequence[PlanLine], today: date) -> _Seen:
        """Read it; as many queries for many lines as for one."""
        pairs = {(line.offer_id, line.need_id) for line in lines}
        return cls(
            today,
            frozenset(inactive_on(today).values_list("pk", flat=True)),
            frozenset(talks_about(pairs)),
            frozenset(fitting(pairs, today)),
        )

    def hindrance(self, line: PlanLine) -> PlanOutcome.Code | None:
        """Why the two cannot be suggested to each other, whatever is left of their posts."""
        if not is_open(line.offer, self.today):
            return Code.OFFER_CLOSED
        if not is_open(line.need, self.today):
            return Code.NEED_CLOSED
        owners = {post.organisation.survivor_id for post in (line.offer, line.need)}
        if not owners.isdisjoint(self.idle):
            return Code.NOT_ACTIVE
        pair = line.offer_id, line.need_id
        if pair in self.talking:
            return Code.TALKING
        # What is used up is on no board, and fits nobody: that is said of it further on.
        used_up = not line.offer.left or not line.need.left
        return None if pair in self.fitting or used_up else Code.NO_MATCH
