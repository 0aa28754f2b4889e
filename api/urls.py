"""Addresses of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from drf_spectacular.views import SpectacularAPIView

from api import post_urls, suggestion_urls
from api.converters import IdConverter
from api.views import (
    absent,
    coverage,
    documentation,
    imports,
    jobs,
    linkages,
    organisations,
    programmes,
    reference,
)

register_converter(IdConverter, "id")
app_name = "api"

v1: list[URLPattern | URLResolver] = [
    path("coverage", coverage.Coverage.as_view(), name="coverage"),
    path("coverage/members", coverage.CoverageMembers.as_view(), name="coverage_members"),
    path("coverage/jobs", coverage.CoverageJobs.as_view(), name="coverage_jobs"),
    path("snapshots", coverage.Snapshots.as_view(), name="snapshots"),
    path("programmes", programmes.Programmes.as_view(), name="programmes"),
    path("indicators", programmes.Indicators.as_view(), name="indicators"),
    path("targets", programmes.Targets.as_view(), name="targets"),
    path("jobs", jobs.Jobs.as_view(), name="jobs"),
    path("jobs/<id:job_id>", jobs.JobDetail.as_view(), name="job"),
    path("jobs/<id:job_id>/cancel", jobs.JobCancel.as_view(), name="job_cancel"),
    path("jobs/<id:job_id>/retry", jobs.JobRetry.as_view(), name="job_retry"),
    path("organisations", organisations.Organisations.as_view(), name="organisations"),
    path(
        "organisations/<id:organisation_id>",
        organisations.OrganisationDetail.as_view(),
        name="organisation",
    ),
    path(
        "organisations/<id:organisation_id>/status",
        organisations.OrganisationStatus.as_view(),
        name="organisation_status",
    ),
    path(
        "organisations/<id:organisation_id>/kind",
        organisations.OrganisationKind.as_view(),
        name="organisation_kind",
    ),
    path(
        "organisations/<id:organisation_id>/sector",
        organisations.OrganisationSector.as_view(),
        name="organisation_sector",
    ),
    path(
        "organisations/<id:organisation_id>/commune",
        organisations.OrganisationCommune.as_view(),
        name="organisation_commune",
    ),
    path(
        "organisations/<id:organisation_id>/settle",
        organisations.OrganisationSettle.as_view(),
        name="organisation_settle",
    ),
    path("linkages", linkages.Linkages.as_view(), name="linkages"),
    path("linkages/<id:linkage_id>", linkages.LinkageDetail.as_view(), name="linkage"),
    path(
        "linkages/<id:linkage_id>/verify", linkages.LinkageVerify.as_view(), name="linkage_verify"
    ),
    path(
        "linkages/<id:linkage_id>/withdraw",
        linkages.LinkageWithdraw.as_view(),
        name="linkage_withdraw",
    ),
    path(
        "linkages/<id:linkage_id>/terminate",
        linkages.LinkageTerminate.as_view(),
        name="linkage_terminate",
    ),
    path("imports", imports.Imports.as_view(), name="imports"),
    path("imports/<id:batch_id>", imports.ImportDetail.as_view(), name="import"),
    path("imports/<id:batch_id>/report", imports.ImportReport.as_view(), name="import_report"),
    path("imports/<id:batch_id>/apply", imports.ImportApply.as_view(), name="import_apply"),
    path("imports/<id:batch_id>/undo", imports.ImportUndo.as_view(), name="import_undo"),
    path(
        "imports/<id:batch_id>/rows/<id:row_id>",
        imports.ImportRowDetail.as_view(),
        name="import_row",
    ),
    path(
        "imports/<id:batch_id>/decisions",
        imports.ImportDecisions.as_view(),
        name="import_decisions",
    ),
    path("communes", reference.Communes.as_view(), name="communes"),
    path("commodities", reference.Commodities.as_view(), name="commodities"),
    path("units", reference.Units.as_view(), name="units"),
    path("certifications", reference.Certifications.as_view(), name="certifications"),
    path("linkage-forms", reference.LinkageForms.as_view(), name="linkage_forms"),
    path("sectors", reference.Sectors.as_view(), name="sectors"),
    *post_urls.routes(),
    *suggestion_urls.routes(),
    re_path("", absent.Absent.as_view(), name="absent"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", documentation.Documentation.as_view(url_name="api:schema"), name="docs"),
]
