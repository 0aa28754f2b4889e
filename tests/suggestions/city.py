"""The office that asks for plans of the small market of tests.market, and the worker that makes
them."""

from __future__ import annotations

from decimal import Decimal

from linkage.jobs.models import Job
from linkage.jobs.runner import run_job
from linkage.registry.access import Actor
from linkage.registry.models import Role
from linkage.suggestions.models import Plan
from linkage.suggestions.services import Asked, ask_plan
from tests.market import town
from tests.market.town import NEED, NOW
from worker.handlers import HANDLERS

STAFF = Actor(None, frozenset({Role.CITY_STAFF}))


def asked(now=NOW, **settings) -> Plan:
    return ask_plan(actor=STAFF, asked=Asked(**settings), now=now)


def work(plan, clock=lambda: NOW) -> Job:
    """What a worker does of it."""
    run_job(job_id=plan.job_id, handlers=HANDLERS, worker="w", clock=clock)
    return Job.objects.get(pk=plan.job_id)


def made(**settings) -> Plan:
    plan = asked(**settings)
    assert work(plan).state == "done"
    return Plan.objects.get(pk=plan.pk)


def several(coops=3, tonnes=3, wanted=(4, 2)):
    """Co-ops that offer garlic and firms that want less of it in all, people on both sides."""
    sellers = [town.organisation(f"HTX {n}", product="garlic") for n in range(coops)]
    buyers = [town.organisation(f"Công ty {n}", "enterprise", commune="2") for n in wanted]
    for organisation in (*sellers, *buyers):
        town.person(organisation)
    offers = [town.post(one, quantity=Decimal(tonnes)) for one in sellers]
    needs = [
        town.post(one, NEED, quantity=Decimal(much))
        for one, much in zip(buyers, wanted, strict=True)
    ]
    return offers, needs
