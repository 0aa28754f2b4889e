"""A plan is stored once, whatever becomes of the worker that makes it; one called off soon ends."""

from __future__ import annotations

import time
from decimal import Decimal
from random import Random

from django.db.models import F
from django.utils import timezone

from linkage.jobs.models import Job
from linkage.jobs.services import cancel
from linkage.market.models import Need, Offer, PostKind
from linkage.suggestions.models import Plan, PlanLine, PlanResult
from tests.faults.house import House, wait_for
from tests.faults.test_suggestions import a_coop_and_a_firm, posted
from tests.market import town
from tests.suggestions import city


def asked(**settings) -> Plan:
    return city.asked(now=timezone.now(), **settings)


def test_a_worker_killed_inside_a_plan_leaves_nothing_and_another_makes_it_once(
    house: House,
) -> None:
    coop, firm = a_coop_and_a_firm()
    posted(coop, PostKind.OFFER)
    posted(firm, PostKind.NEED)
    plan = asked()
    first = house.worker_with_beat("first", JOBS_EXTRA_HANDLERS="tests.faults.held_plans")
    wait_for((house.folder / "storing").exists, "the worker is inside, its rows written")
    first.kill()
    # What it wrote went with it.
    assert not PlanResult.objects.exists()
    assert Job.objects.filter(pk=plan.job_id, state="running", attempts=1).exists()
    house.worker_with_beat("second", JOBS_FORGOTTEN_SECONDS="1")
    job = house.wait_until("done", plan.job_id)
    assert (job.attempts, job.result) == (2, {"plan_id": plan.pk})
    assert PlanResult.objects.count() == 1
    assert PlanLine.objects.count() == 1


def a_knotty_market(r: Random, posts: int = 90) -> None:
    """Lots of which few fit a need together: for minutes there is something left to try."""
    town.catalogue()
    town.places()
    coops = [town.organisation(f"HTX {n}") for n in range(posts)]
    firms = [town.organisation(f"Công ty {n}", "enterprise", commune="2") for n in range(posts)]
    for kind, owners in ((PostKind.OFFER, coops), (PostKind.NEED, firms)):
        model = Offer if kind is PostKind.OFFER else Need
        pattern = posted(owners[0], kind)
        rows = []
        for owner in owners[1:]:
            total = int(Decimal(r.randrange(1_000_000, 3_000_000)))
            pattern.pk, pattern.organisation = None, owner
            pattern.quantity = pattern.total = total
            rows.append(
                model(**{f.attname: getattr(pattern, f.attname) for f in model._meta.fields})
            )
        model.objects.bulk_create(rows)


def test_a_plan_that_is_called_off_while_it_is_solved_ends_within_two_seconds(
    house: House,
) -> None:
    a_knotty_market(Random(7))
    plan = asked(links=0, least_lot=900_000, seconds=120)
    house.worker_with_beat("only")
    # The models are solved: from here on the solver's callback alone is asked.
    half = Job.objects.filter(pk=plan.job_id, progress_done__gt=0)
    searching = half.filter(progress_total=2 * F("progress_done"))
    wait_for(searching.exists, "the search is at work")
    started = time.monotonic()
    cancel(job_id=plan.job_id, now=timezone.now())
    house.wait_until("cancelled", plan.job_id)
    assert time.monotonic() - started < 2
    assert not PlanResult.objects.exists()
