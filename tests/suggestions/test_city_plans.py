"""A plan is asked for by the office, made by a worker and stored once, with what proves it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from random import Random

import pytest
from django.db import DatabaseError, transaction

from linkage.agreements.models import Linkage
from linkage.coverage import queries as coverage
from linkage.errors import Invalid, NotAllowed, NotFound
from linkage.jobs import leases
from linkage.jobs.context import JobContext, LeaseLost
from linkage.jobs.models import Event, Job
from linkage.jobs.services import cancel
from linkage.market.amounts import PERIOD_DAYS
from linkage.market.models import Need, NeedCeiling, Offer, OfferFloor
from linkage.registry.access import Actor
from linkage.registry.models import Organisation, Role
from linkage.suggestions import plans
from linkage.suggestions.models import (
    Plan,
    PlanFigure,
    PlanLeftOut,
    PlanLine,
    PlanOutcome,
    PlanProposed,
    PlanResult,
)
from linkage.suggestions.services import planning, propose_plan
from tests.market import town
from tests.market.town import NOW, TODAY
from tests.officers import field
from tests.suggestions import city
from tests.suggestions.worlds import random_market
from worker.handlers import HANDLERS

pytestmark = pytest.mark.django_db
TONNE = 1_000_000


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    """The worker's clock stands where the posts are."""
    monkeypatch.setattr("worker.handlers.timezone.now", lambda: NOW)


def verify_against_the_tables(plan):
    """No post gives or gets more than is left of it, no pair is apart in product or time."""
    given = defaultdict(int)
    for line in plan.lines.select_related("offer__commodity", "need__commodity"):
        assert line.quantity > 0
        given["offer", line.offer_id] += line.quantity
        given["need", line.need_id] += line.quantity
        assert line.offer.commodity.dimension == line.need.commodity.dimension
        assert max(line.offer.starts, line.need.starts) <= min(line.offer.ends, line.need.ends)
        assert line.seller_id != line.buyer_id
    for (kind, id_), much in given.items():
        post = (Offer if kind == "offer" else Need).objects.get(pk=id_)
        assert much <= post.total - post.reserved


# --- What is found --------------------------------------------------------------------------
def test_a_plan_is_stored_with_its_lines_its_proof_and_who_is_left_out(market):
    offers, _needs = city.several()
    plan = city.made(links=0, least_lot=TONNE)
    result = plan.result
    assert (result.offers, result.needs, result.pairs) == (3, 2, 6)
    assert (result.day, result.engine, result.bound_by) == (TODAY, "1/1", "duals")
    assert result.gap is not None and result.gap <= Fraction(planning.GAP)
    assert sum(line.quantity for line in plan.lines.all()) == 6 * TONNE
    assert len(result.digest) == 64
    verify_against_the_tables(plan)
    seen = plans.detail(actor=city.STAFF, plan_id=plan.pk)
    assert (seen.served["mass"], seen.lines) == (6 * TONNE, plan.lines.count())
    linked = {line.seller_id for line in plan.lines.all() if line.links_seller}
    left = {row.organisation_id for row in plan.left_out.all()}
    assert seen.newly_linked == len(linked)
    assert linked | left == {offer.organisation_id for offer in offers}
    assert not linked & left


def test_the_slider_at_new_links_links_every_co_op_that_can_be(market):
    city.several()
    plan = city.made(links=10_000, least_lot=TONNE)
    assert plan.lines.filter(links_seller=True).values("seller").distinct().count() == 3
    assert not plan.left_out.exists()


def test_what_nobody_would_drive_for_links_nobody(market):
    city.several(coops=2, tonnes=3, wanted=(Decimal("3.000001"),))
    least = [
        min(line.quantity for line in city.made(links=0, **lot).lines.all())
        for lot in ({"least_lot": 1}, {})
    ]
    assert least[0] == 1
    assert least[1] >= TONNE // 10


def test_who_is_left_out_is_told_the_reason_that_binds(market):
    city.several(coops=2, tonnes=6, wanted=(6,))
    alone = town.organisation("HTX Lúa")
    town.post(alone, commodity="paddy")
    plan = city.made(least_lot=4 * TONNE)
    rows = plans.left_out(actor=city.STAFF, plan_id=plan.pk)
    said = {row.organisation_id: plans.why_left_out(row, "vi") for row in rows}
    assert said.pop(alone.pk) == "chưa có bên nào khớp điều kiện"
    assert list(said.values()) == ["nhu cầu đã được đáp ứng, còn thiếu 4.000 kg"]


def test_who_has_less_than_the_least_lot_is_not_told_that_nobody_fits(market):
    city.several(coops=1, tonnes=3, wanted=(6, 8))
    plan = city.made(least_lot=4 * TONNE)
    (row,) = plans.left_out(actor=city.STAFF, plan_id=plan.pk)
    assert (row.code, row.offer_short, row.need_short) == ("lot", TONNE, None)
    assert plans.why_left_out(row, "vi").startswith("lô nhỏ nhất lớn hơn")


def test_a_buyer_gets_at_most_its_share(market):
    city.several(coops=1, tonnes=10, wanted=(10, 10))
    plan = city.made(links=0, buyer_share=3_000)
    taken = {line.buyer_id: line.quantity for line in plan.lines.all()}
    assert sorted(taken.values()) == [3 * TONNE, 3 * TONNE]


def test_a_plan_of_a_branch_takes_its_posts_alone(market):
    city.several()
    town.post(town.organisation("HTX Lúa"), commodity="paddy")
    plan = city.made(commodity="grains")
    assert (plan.result.offers, plan.result.needs) == (1, 0)
    assert not plan.lines.exists()


def verified(coop, firm):
    """A linkage that the preference goes by."""
    Linkage.objects.create(
        seller=coop, buyer=firm, contract_number="1", starts=TODAY, state="in_force",
        origin="register", verified_on=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("preference", "engine", "kept"),
    [(2_000, "1/1", "the unlinked co-op"), (0, "1-p0/1", "the larger offer")],
)
def test_the_best_pairs_are_best_by_the_weights_of_the_platform(
    market, settings, preference, engine, kept
):
    """Both offers' best need is the first; of the second need the best offer alone is looked at."""
    offers, needs = city.several(coops=2, wanted=(3, 3))
    Offer.objects.filter(pk=offers[0].pk).update(quantity=2 * TONNE, total=2 * TONNE)
    verified(offers[1].organisation, needs[0].organisation)
    settings.MATCH_PREFERENCE = preference
    plan = city.made(links=0, top=1)
    assert (plan.result.engine, plan.result.pairs) == (engine, 3)
    (best,) = plan.lines.filter(need=needs[1])
    assert best.offer == offers[0 if kept == "the unlinked co-op" else 1]


def test_a_market_without_posts_has_a_plan_of_nothing(market):
    plan = city.made()
    assert (plan.result.offers, plan.result.needs, plan.result.value) == (0, 0, "0")
    assert plan.result.gap == 0
    assert not plan.lines.exists()


@pytest.mark.parametrize("seed", range(4))
def test_plans_of_any_market_keep_to_what_the_tables_hold(market, seed):
    random_market(Random(seed), 25, 25)
    for model in (Offer, Need):
        for post in model.objects.all():
            # A rate's total is over its window; the same share of it is reserved.
            days = (post.ends - post.starts).days + 1
            rate = post.period != "once"
            total = post.quantity * days // PERIOD_DAYS[post.period] if rate else post.total
            if not total:
                model.objects.filter(pk=post.pk).update(state="paused")
                continue
            reserved = post.reserved * total // post.total
            model.objects.filter(pk=post.pk).update(total=total, reserved=reserved)
    plan = city.made(links=5_000)
    assert plan.lines.exists()
    verify_against_the_tables(plan)


# --- What it does to the figure -------------------------------------------------------------
def test_the_figures_are_those_of_the_day_and_gain_whole_co_ops_rounded_down(market):
    offers, needs = city.several(coops=3, tonnes=2, wanted=(2, 2, 2))
    linked = town.organisation("HTX Đã Liên Kết")
    verified(linked, needs[0].organisation)
    plan = city.made(links=10_000)
    share = coverage.figures(as_of=TODAY, evidence="verified").shares["LINK-ALL"]
    rows = {row.accepted: row for row in plan.figures.filter(indicator_code="LINK-ALL")}
    assert {(r.numerator, r.denominator) for r in rows.values()} == {
        (share.numerator, share.denominator)
    }
    assert (share.numerator, share.denominator) == (1, 4)
    # Each of three gets some proposals; of one it gets 0.7 and 0.4, of two 0.91 and 0.64.
    counts = [plan.lines.filter(seller=o.organisation_id).count() for o in offers]
    for accepted, row in rows.items():
        chance = Fraction(accepted, 10_000)
        assert row.gained == int(sum(1 - (1 - chance) ** count for count in counts))
    assert rows[10_000].gained == 3
    agri = plan.figures.get(indicator_code="LINK-AGRI", accepted=10_000)
    # No sector is known of them: they are in no agricultural figure.
    assert (agri.denominator, agri.gained) == (0, 0)


def test_a_co_op_that_no_figure_counts_gains_nothing_there(market):
    offers, _needs = city.several(coops=1, wanted=(3,))
    Organisation.objects.filter(pk=offers[0].organisation_id).update(founded_on=None)
    plan = city.made()
    assert plan.lines.get().links_seller
    figure = plan.figures.get(indicator_code="LINK-ALL", accepted=10_000)
    assert (figure.denominator, figure.gained) == (0, 0)


# --- Bad settings ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field_name", "value", "code"),
    [
        ("links", 10_001, "setting_out_of_range"),
        ("links", -1, "setting_out_of_range"),
        ("top", 0, "setting_out_of_range"),
        ("least_lot", 0, "setting_out_of_range"),
        ("buyer_share", 0, "setting_out_of_range"),
        ("seconds", 0, "setting_out_of_range"),
        ("seconds", 121, "setting_out_of_range"),
        ("commodity", "none-such", "value_unknown"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_and_nothing_is_written(
    market, field_name, value, code
):
    with pytest.raises(Invalid) as refused:
        city.asked(**{field_name: value})
    assert (refused.value.code, refused.value.values["field"]) == (code, field_name)
    assert not Plan.objects.exists()
    assert not Job.objects.exists()


# --- The job --------------------------------------------------------------------------------
def context_of(plan, clock=lambda: NOW):
    return JobContext(lease=leases.claim_job(job_id=plan.job_id, now=NOW), clock=clock)


def test_a_worker_that_died_after_its_commit_is_followed_by_one_that_writes_nothing(market):
    city.several()
    plan = city.asked()
    HANDLERS[planning.KIND](context_of(plan), {})
    before = list(PlanLine.objects.order_by("pk").values())
    leases.sweep(now=NOW + timedelta(hours=1))
    job = city.work(plan, clock=lambda: NOW + timedelta(hours=2))
    assert (job.state, job.attempts, job.result) == ("done", 2, {"plan_id": plan.pk})
    assert PlanResult.objects.count() == 1
    assert list(PlanLine.objects.order_by("pk").values()) == before


def test_who_lost_the_job_writes_nothing(market):
    city.several()
    plan = city.asked()
    context = context_of(plan)
    later = NOW + timedelta(hours=1)
    leases.sweep(now=later)
    leases.claim_job(job_id=plan.job_id, now=later)
    with pytest.raises(LeaseLost):
        planning.make_plan(
            job_id=plan.job_id, now=NOW, fence=context.fence,
            progress=lambda done, total: None, should_stop=lambda: False,
        )  # fmt: skip
    assert not PlanResult.objects.exists()
    assert not PlanLine.objects.exists()


def test_a_plan_that_was_called_off_ends_as_cancelled_and_is_not_there(market):
    city.several()
    plan = city.asked()

    def clock():
        # The first look after it began finds that somebody called it off.
        running = Job.objects.filter(pk=plan.job_id, state="running", cancel_requested=False)
        if running.exists():
            cancel(job_id=plan.job_id, now=NOW)
        return NOW

    assert city.work(plan, clock=clock).state == "cancelled"
    assert not PlanResult.objects.exists()


# --- Never changed --------------------------------------------------------------------------
def test_what_is_stored_of_a_plan_is_never_changed_or_deleted(market):
    city.several(coops=2, tonnes=6, wanted=(6,))
    plan = city.made(least_lot=4 * TONNE)
    propose_plan(actor=city.STAFF, plan_id=plan.pk, now=NOW)
    for model in (
        Plan, PlanResult, PlanLine, PlanLeftOut, PlanFigure, PlanProposed, PlanOutcome
    ):  # fmt: skip
        row = model.objects.first()
        assert row is not None, model
        rows = model.objects.filter(pk=row.pk)
        same = {model._meta.pk.attname: row.pk}
        for act in (partial(rows.update, **same), partial(rows._raw_delete, "default")):
            with pytest.raises(DatabaseError, match="plans are append-only"), transaction.atomic():
                act()


# --- Who reads it ---------------------------------------------------------------------------
def test_a_field_officer_sees_the_part_of_its_area_alone(market):
    offers, _needs = city.several(coops=2, tonnes=2, wanted=(8,))
    far = town.organisation("HTX Xa", commune="4", product="garlic")
    away = town.post(far, quantity=Decimal(2))
    plan = city.made(links=10_000)
    assert plan.lines.count() == 3
    officer = field.acting(field.officer())
    seen = plans.detail(actor=officer, plan_id=plan.pk)
    assert not seen.is_whole
    shown = set(plans.lines(actor=officer, plan_id=plan.pk).values_list("offer", flat=True))
    assert shown == {offer.pk for offer in offers}
    assert away.pk not in shown
    assert (seen.newly_linked, seen.served["mass"], list(seen.figures)) == (2, 4 * TONNE, [])
    assert (seen.proof, seen.gap) == (None, None)
    assert plans.detail(actor=city.STAFF, plan_id=plan.pk).proof == plan.result


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.AUDITOR])
def test_who_reads_plans_asks_for_none(market, role):
    plan = city.made()
    reader = Actor(None, frozenset({role}))
    assert plans.detail(actor=reader, plan_id=plan.pk).is_whole
    with pytest.raises(NotAllowed):
        planning.ask_plan(actor=reader, asked=planning.Asked(), now=NOW)


def test_a_member_reads_no_plan(market, coop):
    plan = city.made()
    for read in (plans.detail, plans.lines, plans.left_out):
        with pytest.raises(NotAllowed):
            read(actor=town.actor(coop), plan_id=plan.pk)
    with pytest.raises(NotFound):
        plans.detail(actor=city.STAFF, plan_id=plan.pk + 1)


# --- Two plans side by side -----------------------------------------------------------------
def test_two_plans_are_compared_by_what_each_has_alone(market):
    city.several()
    goods, links = city.made(links=0, least_lot=TONNE), city.made(links=10_000, least_lot=TONNE)
    found = plans.compare(actor=city.STAFF, plan_id=goods.pk, other_id=links.pk)
    pairs = [{(x.offer_id, x.need_id) for x in one.lines.all()} for one in (goods, links)]
    assert found.common == len(pairs[0] & pairs[1])
    assert {(x.offer_id, x.need_id) for x in found.only_first.lines} == pairs[0] - pairs[1]
    assert found.only_second.lines_count == len(pairs[1] - pairs[0])
    assert found.only_second.linked_count == (
        found.second.newly_linked - found.first.newly_linked + found.only_first.linked_count
    )
    assert not found.same_question
    again = city.made(links=0, least_lot=TONNE)
    assert plans.compare(actor=city.STAFF, plan_id=goods.pk, other_id=again.pk).same_question


# --- Sealed ---------------------------------------------------------------------------------
def stored():
    """All that a plan keeps, but what each one has anew."""
    columns = {
        PlanResult: ("offers", "needs", "pairs", "digest", "value", "bound", "bound_by", "pieces"),
        PlanLine: ("offer", "need", "seller", "buyer", "quantity", "links_seller", "links_buyer"),
        PlanLeftOut: ("organisation", "code", "offer", "need", "offer_short", "need_short"),
        PlanFigure: ("indicator_code", "accepted", "numerator", "denominator", "gained"),
    }
    plan = Plan.objects.last()
    return {
        model: list(model.objects.filter(plan=plan).order_by("pk").values_list(*names))
        for model, names in columns.items()
    }


def test_a_limit_that_moves_within_range_changes_not_a_byte(market):
    offers, needs = city.several()
    OfferFloor.objects.create(offer=offers[0], price=5_000_000)
    NeedCeiling.objects.create(need=needs[0], price=9_000_000)
    city.made()
    before = stored()
    OfferFloor.objects.update(price=8_000_000)
    city.made()
    assert before[PlanLine]
    assert stored() == before
    # The control: beyond the range the pair is gone, and the plan says so.
    OfferFloor.objects.update(price=9_000_001)
    city.made()
    assert stored()[PlanResult][0][3] != before[PlanResult][0][3]


def test_who_asked_for_a_plan_stands_in_its_history(market):
    plan = city.asked(links=7_000)
    event = Event.objects.get(subject_kind="plan", subject_id=str(plan.pk))
    assert (event.kind, event.data["links"]) == ("plan_asked", 7_000)
