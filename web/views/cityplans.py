from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.registry.access import Capability
from linkage.suggestions import plans as reads
from linkage.suggestions.services import ask_plan, propose_plan
from web import cityplans
from web.door import ActorRequest, page
from web.forms.carrying import carried_out, form_answer
from web.forms.cityplans import PlanForm
from web.paging import page_of


@page(Capability.READ_PLANS, in_area=True)
def plans(request: ActorRequest) -> HttpResponse:
    shown = page_of(request, reads.listing(actor=request.actor))
    words = {"page": shown, "rows": cityplans.rows(shown.object_list)}
    return render(request, "web/plans/list.html", words)


@page(Capability.WRITE_PLANS, methods=("GET", "POST"))
def create(request: ActorRequest) -> HttpResponse:
    form = PlanForm(request.POST or None)
    made = carried_out(
        form, lambda: ask_plan(actor=request.actor, asked=form.asked(), now=request.now)
    )
    if made:
        return redirect("web:job", made.job_id)
    return form_answer(request, "web/plans/form.html", {"form": form}, form)


@page(Capability.READ_PLANS, in_area=True)
def plan(request: ActorRequest, plan_id: int) -> HttpResponse:
    seen = reads.detail(actor=request.actor, plan_id=plan_id)
    lines = reads.lines(actor=request.actor, plan_id=plan_id)
    shown = page_of(request, lines.order_by("commodity__sort_key", "id"))
    left_out = reads.left_out(actor=request.actor, plan_id=plan_id)
    others = reads.listing(actor=request.actor).exclude(result=None).exclude(pk=plan_id)
    words = {
        "seen": seen,
        "row": cityplans.row_of(seen.plan),
        "headline": cityplans.headline(seen),
        "figures": cityplans.figures(seen),
        "goods": cityplans.goods_rows(seen.goods),
        "page": shown,
        "lines": cityplans.line_rows(shown.object_list),
        "reasons": cityplans.reasons(left_out[: cityplans.MOST_SHOWN]),
        "more_left_out": max(0, seen.left_out - cityplans.MOST_SHOWN),
        "outcomes": cityplans.outcome_words(seen),
        "others": cityplans.rows(others[: cityplans.TO_COMPARE]),
    }
    return render(request, "web/plans/detail.html", words)


@page(Capability.WRITE_PLANS, methods=("POST",))
def propose(request: ActorRequest, plan_id: int) -> HttpResponse:
    propose_plan(actor=request.actor, plan_id=plan_id, now=request.now)
    messages.success(
        request,
        _("Each line that still stands is suggested to both sides; whoever acts for them is told."),
    )
    return redirect("web:plan", plan_id)


@page(Capability.READ_PLANS, in_area=True)
def compare(request: ActorRequest, plan_id: int, other_id: int) -> HttpResponse:
    found = reads.compare(actor=request.actor, plan_id=plan_id, other_id=other_id)
    words = {"found": found, "sides": cityplans.sides(found)}
    return render(request, "web/plans/compare.html", words)
