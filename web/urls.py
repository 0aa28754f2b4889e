"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from web import post_urls, suggestion_urls
from web.views import accounts, coverage, home, imports, jobs, linkages, organisations, programmes

app_name = "web"
_ORGANISATION = "organisations/<int:organisation_id>/"
_BATCH = "imports/<int:batch_id>/"
_LINKAGE = "linkages/<int:linkage_id>/"
_FIGURE = "coverage/<int:snapshot_id>/<slug:indicator>/<slug:evidence>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("language/", set_language, name="set_language"),
    path("dashboard/", coverage.dashboard, name="dashboard"),
    path("dashboard/recalculate/", coverage.recalculate, name="recalculate"),
    path(_FIGURE, coverage.members, name="coverage_members"),
    path(f"{_FIGURE}csv/", coverage.members_csv, name="coverage_members_csv"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/add/", organisations.create, name="organisation_create"),
    path(f"{_ORGANISATION}", organisations.organisation, name="organisation"),
    path(f"{_ORGANISATION}edit/", organisations.edit, name="organisation_edit"),
    path(f"{_ORGANISATION}settle/", organisations.settle, name="organisation_settle"),
    path(f"{_ORGANISATION}<slug:field>/", organisations.fact, name="organisation_fact"),
    path("linkages/", linkages.linkages, name="linkages"),
    path(f"{_LINKAGE}", linkages.linkage, name="linkage"),
    path(f"{_LINKAGE}edit/", linkages.edit, name="linkage_edit"),
    path(f"{_LINKAGE}terminate/", linkages.terminate, name="linkage_terminate"),
    path(f"{_LINKAGE}verify/", linkages.verify, name="linkage_verify"),
    path(f"{_LINKAGE}withdraw/", linkages.withdraw, name="linkage_withdraw"),
    path("imports/", imports.imports, name="imports"),
    path("imports/add/", imports.upload, name="import_upload"),
    path("imports/export/", imports.export, name="register_export"),
    path("imports/export/<int:job_id>/", imports.exported, name="register_exported"),
    path(f"{_BATCH}", imports.detail, name="import_detail"),
    path(f"{_BATCH}preview/", imports.preview, name="import_preview"),
    path(f"{_BATCH}apply/", imports.apply, name="import_apply"),
    path(f"{_BATCH}undo/", imports.undo, name="import_undo"),
    path(f"{_BATCH}columns/", imports.mapping, name="import_mapping"),
    path(f"{_BATCH}decide/", imports.decide, name="import_decide"),
    path(f"{_BATCH}row/", imports.row, name="import_row"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/add/", programmes.create, name="programme_create"),
    path("programmes/<int:programme_id>/target/", programmes.target, name="target_create"),
    path("people/", accounts.accounts, name="accounts"),
    path("people/add/", accounts.create, name="account_create"),
    path("people/<int:user_id>/grant/", accounts.grant, name="role_grant"),
    path("people/<int:user_id>/switch/", accounts.switch, name="account_switch"),
    path("people/grants/<int:grant_id>/revoke/", accounts.revoke, name="role_revoke"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<int:job_id>/retry/", jobs.retry, name="job_retry"),
    *post_urls.routes(),
    *suggestion_urls.routes(),
]
