"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from web.views import coverage, home, jobs

app_name = "web"
_FIGURE = "coverage/<int:snapshot_id>/<slug:indicator>/<slug:evidence>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("language/", set_language, name="set_language"),
    path("dashboard/", coverage.dashboard, name="dashboard"),
    path("dashboard/recalculate/", coverage.recalculate, name="recalculate"),
    path(_FIGURE, coverage.members, name="coverage_members"),
    path(f"{_FIGURE}csv/", coverage.members_csv, name="coverage_members_csv"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<int:job_id>/retry/", jobs.retry, name="job_retry"),
]
