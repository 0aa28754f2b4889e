"""What the database refuses of a suggestion, alike on both databases, each with code and words."""

from __future__ import annotations

from functools import partial

import pytest

from linkage.suggestions.models import (
    FairnessCoOp,
    FairnessReport,
    Introduction,
    Lane,
    Plan,
    PlanFigure,
    PlanLeftOut,
    PlanLine,
    PlanOutcome,
    PlanResult,
    PoolSuggestion,
    Suggestion,
)
from tests.constraints import constraints_of, must_be_refused
from tests.market import town
from tests.market.town import NEED, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def values(coop, firm):
    return {
        "offer": town.post(coop), "need": town.post(firm, NEED), "engine": "1", "score": 9_000,
        "facts": {}, "offer_why": "nearness,window", "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip


REFUSED = [
    ("suggestion_score_is_a_share", {"score": 10_001}),
    ("suggestion_view_is_known", {"offer_view": "liked"}),
    ("suggestion_view_is_known", {"need_view": ""}),
    ("suggestion_reason_is_known", {"need_view": "dismissed", "need_reason": "mood"}),
    ("suggestion_reason_is_known", {"offer_view": "dismissed", "offer_reason": "mood"}),
    ("suggestion_has_a_reason_only_if_dismissed", {"offer_reason": "other"}),
    ("suggestion_has_a_reason_only_if_dismissed", {"need_reason": "other"}),
    ("suggestion_is_stale_if_it_is_nobodys_best", {"stale": True}),
    ("suggestion_is_stale_if_it_is_nobodys_best", {"offer_why": ""}),
]


@pytest.mark.parametrize(("code", "changes"), REFUSED)
def test_each_constraint_refuses_with_its_code_and_words(values, code, changes):
    must_be_refused(code, lambda: Suggestion.objects.create(**{**values, **changes}))


def test_a_pair_is_suggested_once_by_an_engine(values):
    Suggestion.objects.create(**values)
    must_be_refused("suggestion_is_made_once", lambda: Suggestion.objects.create(**values))


# --- The city's plans -----------------------------------------------------------------------
ASKED = {
    "asked_at": NOW, "links": 0, "top": 1, "least_lot": 1, "buyer_share": 1, "seconds": 1,
}  # fmt: skip
RESULT = {
    "found_at": NOW, "day": NOW.date(), "engine": "1/1", "offers": 1, "needs": 1, "pairs": 1,
    "digest": "0" * 64, "value": "1", "bound": "1", "bound_by": "duals", "pieces": 1, "spent_s": 1,
}  # fmt: skip
FIGURE = {
    "indicator_code": "LINK-ALL", "accepted": 4_000, "numerator": 1, "denominator": 2, "gained": 1,
}  # fmt: skip


@pytest.fixture
def parts(values):
    """What rows of each table are made of, by its model."""
    plan = Plan.objects.create(job_id=1, **ASKED)
    pair = {"offer": values["offer"], "need": values["need"]}
    seller, buyer = (post.organisation for post in pair.values())
    line = {
        "plan": plan, **pair, "seller": seller, "buyer": buyer, "commodity_id": "garlic",
        "quantity": 1, "links_seller": True, "links_buyer": False,
    }  # fmt: skip
    taken = {"plan": plan, "organisation": seller, "code": "taken", "commodity_id": "garlic"}
    return {
        Plan: {"job_id": 2, **ASKED},
        PlanResult: {"plan": plan, **RESULT},
        PlanLine: line,
        PlanLeftOut: {**taken, **pair, "need_short": 1},
        PlanFigure: {"plan": plan, **FIGURE},
        PlanOutcome: {"line": PlanLine.objects.create(**line), "code": "proposed"},
    }


PLANS = [
    ("plan_settings_are_within_bounds", Plan, {"links": 10_001}),
    ("plan_settings_are_within_bounds", Plan, {"seconds": 0}),
    ("plan_bound_way_is_known", PlanResult, {"bound_by": "guess"}),
    ("plan_has_a_pair_once", PlanLine, {}),
    ("plan_line_quantity_is_positive", PlanLine, {"quantity": 0}),
    ("plan_reason_names_its_pair", PlanLeftOut, {"code": "no_pair"}),
    ("plan_reason_names_its_pair", PlanLeftOut, {"need": None}),
    ("plan_reason_names_its_pair", PlanLeftOut, {"code": "mood"}),
    ("plan_shortage_is_positive", PlanLeftOut, {"offer_short": 0}),
    ("plan_figure_is_within_its_denominator", PlanFigure, {"gained": 2}),
    ("plan_acceptance_is_a_share", PlanFigure, {"accepted": 10_001}),
    ("plan_outcome_is_known", PlanOutcome, {"code": "liked"}),
]


@pytest.mark.parametrize(("code", "model", "changes"), PLANS)
def test_each_constraint_of_plans_refuses_with_its_code_and_words(parts, code, model, changes):
    must_be_refused(code, lambda: model.objects.create(**{**parts[model], **changes}))


def test_the_two_sides_of_a_line_are_two(parts):
    line = parts[PlanLine]
    attempt = {**line, "buyer": line["seller"], "offer": town.post(line["seller"])}
    must_be_refused("plan_line_has_two_sides", lambda: PlanLine.objects.create(**attempt))


@pytest.mark.parametrize(
    ("code", "model"),
    [("plan_leaves_a_co_op_out_once", PlanLeftOut), ("plan_has_a_figure_once", PlanFigure)],
)
def test_what_a_plan_has_once_is_kept_once(parts, code, model):
    model.objects.create(**parts[model])
    must_be_refused(code, lambda: model.objects.create(**parts[model]))


# --- Whom suggestions reach ----------------------------------------------------------------
REPORT = dict.fromkeys(
    (
        "preference", "co_ops", "suggestions", "nobody", "overlooked", "gini_num", "gini_den",
        "most", "least", "unlinked_suggestions", "unlinked_co_ops", "small_suggestions",
        "small_co_ops", "score_lost", "pairs",
    ),
    1,
)  # fmt: skip
WRONG = [
    ("fairness_preference_is_a_share", {"preference": 10_001}),
    *(
        ("fairness_part_is_within_its_whole", {part: 2})
        for part in REPORT
        if part not in {"preference", "co_ops", "suggestions", "most", "gini_den"}
        and part not in {"score_lost", "pairs"}
    ),
]


def _report(**changes):
    values = {"day": NOW.date(), "engine": "1", "measured_at": NOW, **REPORT, **changes}
    return FairnessReport.objects.create(**values)


def test_what_a_report_cannot_say_is_refused_with_its_code_and_words(db):
    for code, changes in WRONG:
        must_be_refused(code, lambda changes=changes: _report(**changes))
    made = _report()
    must_be_refused("fairness_is_reported_once_a_day", _report)
    row = {"report": made, "organisation_id": 1, "shown": 0, "told": 0}
    row |= {"has_partner": True, "unlinked": True, "small": True}
    FairnessCoOp.objects.create(**row)
    must_be_refused("fairness_counts_a_co_op_once", lambda: FairnessCoOp.objects.create(**row))


def test_a_lane_of_a_commodity_is_there_once(market):
    lane = {"commodity_id": "crops", "number": 3}
    Lane.objects.create(**lane)
    must_be_refused("lane_is_there_once", lambda: Lane.objects.create(**lane))


def test_a_pair_is_introduced_once(values):
    pair = {"offer": values["offer"], "need": values["need"], "introduced_at": NOW}
    pair["organisation"] = values["offer"].organisation
    Introduction.objects.create(**pair)
    must_be_refused("introduction_is_made_once", lambda: Introduction.objects.create(**pair))


def suggested(offer, need, *quantities, **said):
    row = PoolSuggestion.objects.create(
        need=need, **{"asked_at": NOW, "need_version": 1, "wanted": 1, **said}
    )
    for quantity in quantities:
        row.parts.create(offer=offer, quantity=quantity)


OF_POOLS = {
    "pool_suggestion_why_is_known": ((), {"why": "mood"}),
    "pool_suggestion_closes_only_what_is_open": ((), {"closing_why": "too_little"}),
    "pool_part_is_of_another_offer": ((1, 1), {}),
    "pool_part_quantity_is_positive": ((0,), {}),
}


@pytest.mark.parametrize("code", OF_POOLS)
def test_each_constraint_of_pools_refuses_with_its_code_and_words(values, code):
    quantities, said = OF_POOLS[code]
    attempt = partial(suggested, values["offer"], values["need"], *quantities, **said)
    must_be_refused(code, attempt)


def test_every_constraint_of_suggestions_was_tried():
    assert constraints_of("suggestions") == {
        "suggestion_is_made_once",
        "fairness_is_reported_once_a_day",
        "fairness_counts_a_co_op_once",
        *(code for code, _ in WRONG),
        "introduction_is_made_once",
        "lane_is_there_once",
        *OF_POOLS,
        *(code for code, _ in REFUSED),
        *(code for code, _, _ in PLANS),
        "plan_line_has_two_sides",
        "plan_leaves_a_co_op_out_once",
        "plan_has_a_figure_once",
    }
