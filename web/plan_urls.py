"""Addresses of the pages of the city's plans."""

from __future__ import annotations

from django.urls import URLPattern, path

from web.views import cityplans

_ONE = "plans/<id:plan_id>/"


def routes() -> list[URLPattern]:
    """All pages of plans, for offices."""
    return [
        path("plans/", cityplans.plans, name="plans"),
        path("plans/add/", cityplans.create, name="plan_create"),
        path(_ONE, cityplans.plan, name="plan"),
        path(f"{_ONE}propose/", cityplans.propose, name="plan_propose"),
        path(f"{_ONE}compare/<id:other_id>/", cityplans.compare, name="plan_compare"),
    ]
