"""The city's plan: asked for by the office, worked on as a job, stored once and never changed.

Reading and solving take long and hold nothing; what was found is written in one transaction that
the job's lease fences. Broken off, it begins again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Evidence
from linkage.catalogue.models import Commodity
from linkage.coverage import queries as coverage
from linkage.coverage.rule import Share
from linkage.errors import Invalid, ValueUnknown
from linkage.jobs.services import record_event, submit
from linkage.market.tree import Tree
from linkage.matching import Board
from linkage.matching.allocation.answer import VERSION
from linkage.matching.allocation.answer import Plan as Found
from linkage.matching.allocation.outlook import expected_links
from linkage.matching.allocation.planning import plan as best_plan
from linkage.matching.allocation.posts import Settings, problem_of
from linkage.matching.allocation.problem import Aim, PlanInvalid, PlanProblem
from linkage.matching.allocation.reasons import LeftOut, left_out
from linkage.matching.solver import Cancelled, Limits
from linkage.matching.weights import FULL
from linkage.one_view import one_view
from linkage.registry.access import Actor, Capability, require
from linkage.suggestions.facts import World, gather
from linkage.suggestions.models import Plan, PlanFigure, PlanLeftOut, PlanLine, PlanResult
from linkage.suggestions.models.plans import ACCEPTED, LARGEST_LOT, MOST_SECONDS, MOST_TOP

KIND = "suggestions.plan"
SUBJECT = "plan"
# What nobody would drive for is no delivery, and links nobody.
USUAL_LOT = 100_000
# How far from the bound it may end: a thousandth.
GAP = 0.001
_AT_ONCE = 500

Progress = Callable[[int, int], None]


class SettingOutOfRange(Invalid):
    """A setting of a plan that cannot be meant."""

    code = "setting_out_of_range"
    words = _("This is a whole number from %(least)s to %(most)s.")


class TooMuchToPlan(Invalid):
    """More posts, or pairs of them, than one plan takes."""

    code = "too_much_to_plan"
    words = _("There are too many posts for one plan: choose a branch of products.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the staff sets, as the columns of `Plan`; `commodity` None: the posts of all."""

    links: int = 5_000
    top: int = 20
    least_lot: int = USUAL_LOT
    buyer_share: int = FULL
    seconds: int = 30
    commodity: str | None = None


BOUNDS = {
    "links": (0, FULL),
    "top": (1, MOST_TOP),
    "least_lot": (1, LARGEST_LOT),
    "buyer_share": (1, FULL),
    "seconds": (1, MOST_SECONDS),
}


def ask_plan(*, actor: Actor, asked: Asked, now: datetime) -> Plan:
    """Write down that a plan is wanted; a worker makes it.

    Raises: NotAllowed; SettingOutOfRange and ValueUnknown, with the field. Nothing is written then.
    """
    require(actor, Capability.WRITE_PLANS)
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(asked, name) <= most:
            raise SettingOutOfRange(field=name, least=least, most=most)
    if asked.commodity and not Commodity.objects.filter(pk=asked.commodity).exists():
        raise ValueUnknown(field="commodity")
    said = {name: getattr(asked, name) for name in BOUNDS}
    with transaction.atomic():
        job = submit(kind=KIND, args={}, now=now, created_by_id=actor.user_id)
        plan = Plan.objects.create(
            asked_at=now,
            asked_by_id=actor.user_id,
            job_id=job.pk,
            commodity_id=asked.commodity or None,
            **said,
        )
        record_event(
            subject_kind=SUBJECT,
            subject_id=plan.pk,
            kind="plan_asked",
            at=now,
            actor_id=actor.user_id,
            data={**said, "commodity": asked.commodity or ""},
        )
    return plan


def make_plan(
    *,
    job_id: int,
    now: datetime,
    progress: Progress,
    should_stop: Callable[[], bool],
    fence: Callable[[], None],
) -> Plan:
    """Find the plan that the job is for and store it; one that is stored already stays as it is.

    `progress` may raise to call it off; `should_stop` is asked where nothing can be raised, and
    `progress` then says why. `fence` is called first in the transaction that writes.
    Raises: TooMuchToPlan; what `progress` and `fence` raise. Nothing is written then.
    """
    plan = Plan.objects.get(job_id=job_id)
    if not _is_stored(plan):
        progress(0, 1)
        work = _Work.of(plan, localdate(now))
        progress(0, 1)
        try:
            work.solve(progress, should_stop)
        except Cancelled:
            progress(0, 1)
            raise
        with transaction.atomic():
            fence()
            # An earlier attempt may have died after its commit.
            if not _is_stored(plan):
                work.store(now)
    return plan


def _is_stored(plan: Plan) -> bool:
    return PlanResult.objects.filter(plan=plan).exists()


@dataclass
class _Work:
    """A plan in the making: what was read, and once it is solved what was found."""

    plan: Plan
    world: World
    shares: dict[str, Share]
    problem: PlanProblem = field(init=False)
    aim: Aim = field(init=False)
    found: Found = field(init=False)
    left_out: list[LeftOut] = field(init=False)

    @classmethod
    def of(cls, plan: Plan, today: date) -> _Work:
        """Read the posts and the verified figures of the day, as they are at one moment."""
        tree = Tree.load()
        codes = set(tree.nodes) if plan.commodity_id is None else tree.below(plan.commodity_id)
        with one_view():
            world = gather(tree=tree, offered=codes, needed=codes, today=today)
            figures = coverage.figures(as_of=today, evidence=Evidence.VERIFIED)
        shares = {code: coverage.share_of(figures, code) for code in coverage.HEADLINES}
        return cls(plan, world, shares)

    @property
    def engine(self) -> str:
        """The versions of the weights and of the way from a problem to a plan."""
        return f"{self.world.weights.version}/{VERSION}"

    def _problem(self, should_stop: Callable[[], bool]) -> PlanProblem:
        """Raises: TooMuchToPlan; Cancelled."""

        def between() -> None:
            if should_stop():
                raise Cancelled

        world = self.world
        board = Board(
            world.all_offers, world.all_needs, world.tree, world.certificates, world.today
        )
        settings = Settings(
            top=self.plan.top,
            offer_lots=self._lots(board.offers.id, board.offers.measure),
            need_lots=self._lots(board.needs.id, board.needs.measure),
            buyer_share=self.plan.buyer_share,
            weights=world.weights,
        )
        try:
            return problem_of(board, settings, between)
        except PlanInvalid as invalid:
            raise TooMuchToPlan from invalid

    def _lots(self, ids: np.ndarray, measure: np.ndarray) -> dict[int, int]:
        """The least lot of what is weighed or poured: pieces are of any size."""
        return dict.fromkeys(ids[measure != _COUNTED].tolist(), self.plan.least_lot)

    def solve(self, progress: Progress, should_stop: Callable[[], bool]) -> None:
        """Find the plan and what it says.

        Raises: TooMuchToPlan; Cancelled; what `progress` raises.
        """
        self.problem = self._problem(should_stop)
        self.aim = Aim.of_slider(self.problem, self.plan.links)
        progress(0, 1)
        limits = Limits(seconds=self.plan.seconds, gap=GAP, cancelled=should_stop)
        # The models are one half of the way, the search between value and bound the other.
        self.found = best_plan(
            self.problem, self.aim, limits, lambda done, total: progress(done, 2 * total)
        )
        self.left_out = left_out(self.problem, self.aim, self.found)

    def store(self, now: datetime) -> None:
        """Write it, in the caller's transaction."""
        PlanResult.objects.create(
            plan=self.plan,
            found_at=now,
            day=self.world.today,
            engine=self.engine,
            offers=len(self.problem.offers),
            needs=len(self.problem.needs),
            pairs=len(self.problem.arcs),
            digest=_digest(self.engine, self.plan, self.problem),
            value=str(self.found.value),
            bound=str(self.found.bound),
            bound_by=self.found.bound_by,
            pieces=self.found.pieces,
            spent_s=round(self.found.seconds),
        )
        PlanLine.objects.bulk_create(self._lines(), batch_size=_AT_ONCE)
        reasons = [self._reason(one) for one in self.left_out]
        PlanLeftOut.objects.bulk_create(reasons, batch_size=_AT_ONCE)
        PlanFigure.objects.bulk_create(self._figures())

    def _lines(self) -> Iterator[PlanLine]:
        offers, needs, found = self.problem.offers, self.problem.needs, self.found
        commodity, linked = self.world.offers["commodity"], set(found.linked.tolist())
        rows = (column.tolist() for column in (found.offer, found.need, found.quantity))
        for offer, need, quantity in zip(*rows, strict=True):
            seller, buyer = int(offers.party[offer]), int(needs.party[need])
            yield PlanLine(
                plan=self.plan,
                offer_id=int(offers.id[offer]),
                need_id=int(needs.id[need]),
                seller_id=seller,
                buyer_id=buyer,
                commodity_id=commodity[offer],
                quantity=quantity,
                links_seller=seller in linked,
                links_buyer=buyer in linked,
            )

    def _reason(self, one: LeftOut) -> PlanLeftOut:
        found = PlanLeftOut(plan=self.plan, organisation_id=one.co_op, code=one.code)
        if one.offer is not None and one.need is not None:
            found.offer_id = int(self.problem.offers.id[one.offer])
            found.need_id = int(self.problem.needs.id[one.need])
            found.commodity_id = self.world.needs["commodity"][one.need]
        for binding in one.bindings:
            setattr(found, f"{binding.limit}_short", binding.short)
        return found

    def _figures(self) -> Iterable[PlanFigure]:
        for code, share in self.shares.items():
            for accepted in ACCEPTED:
                unlinked = share.members - share.linked
                gained = expected_links(self.problem, self.found, accepted, among=unlinked)
                yield PlanFigure(
                    plan=self.plan,
                    indicator_code=code,
                    accepted=accepted,
                    numerator=share.numerator,
                    denominator=share.denominator,
                    # Rounded down: nothing shows as reached that is not.
                    gained=int(gained),
                )


# Of a post's measure: pieces.
_COUNTED = 2


def _digest(engine: str, plan: Plan, problem: PlanProblem) -> str:
    """SHA-256 of what decides: two plans with the same one were asked the same question."""
    said = (engine, plan.links, plan.top, plan.least_lot, plan.buyer_share)
    digest = hashlib.sha256(repr(said).encode())
    for stock in (problem.offers, problem.needs):
        for name in ("id", "party", "group", "measure", "quantity", "reserved"):
            digest.update(getattr(stock, name).tobytes())
    for name in ("offer", "need", "most", "lot"):
        digest.update(getattr(problem.arcs, name).tobytes())
    digest.update(problem.unlinked.tobytes())
    return digest.hexdigest()
