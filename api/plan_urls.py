"""Addresses of the city's plans."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import city_suggestions, plans

_ONE = "plans/<id:plan_id>"


def routes() -> list[URLPattern]:
    """All addresses of plans, for offices; and what the city suggests to each organisation."""
    return [
        path("plans", plans.Plans.as_view(), name="plans"),
        path(_ONE, plans.PlanDetail.as_view(), name="plan"),
        path(f"{_ONE}/lines", plans.PlanLines.as_view(), name="plan_lines"),
        path(f"{_ONE}/left-out", plans.PlanLeftOuts.as_view(), name="plan_left_out"),
        path(f"{_ONE}/compare/<id:other_id>", plans.PlanCompare.as_view(), name="plan_compare"),
        path(f"{_ONE}/propose", plans.PlanPropose.as_view(), name="plan_propose"),
        path(
            "organisations/<id:organisation_id>/city-suggestions",
            city_suggestions.CitySuggestions.as_view(),
            name="city_suggestions",
        ),
    ]
