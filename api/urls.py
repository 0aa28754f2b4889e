"""Addresses of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from api import chain_urls, officer_urls, post_urls, suggestion_urls
from api.views import (
    absent,
    audit,
    coverage,
    deliveries,
    documentation,
    evidence,
    imports,
    inbox,
    jobs,
    joining,
    linkages,
    me,
    members,
    merging,
    organisation_parts,
    organisations,
    own_linkages,
    programmes,
    reference,
    reported,
    talks,
    tokens,
    verification,
)

app_name = "api"
_OWN = "organisations/<id:organisation_id>"
_LINKAGE = f"{_OWN}/linkages/<id:linkage_id>"
_DELIVERY = f"{_LINKAGE}/deliveries/<id:delivery_id>"

v1: list[URLPattern | URLResolver] = [
    path("coverage", coverage.Coverage.as_view(), name="coverage"),
    path("coverage/members", coverage.CoverageMembers.as_view(), name="coverage_members"),
    path("coverage/jobs", coverage.CoverageJobs.as_view(), name="coverage_jobs"),
    path("snapshots", coverage.Snapshots.as_view(), name="snapshots"),
    path("programmes", programmes.Programmes.as_view(), name="programmes"),
    path("indicators", programmes.Indicators.as_view(), name="indicators"),
    path("targets", programmes.Targets.as_view(), name="targets"),
    path("manual-values", reported.ManualValues.as_view(), name="manual_values"),
    path(
        "manual-values/<id:value_id>/correction",
        reported.ManualValueCorrection.as_view(),
        name="manual_value_correct",
    ),
    path(
        "manual-values/<id:value_id>/withdrawal",
        reported.ManualValueWithdrawal.as_view(),
        name="manual_value_withdraw",
    ),
    path("audit", audit.Audit.as_view(), name="audit"),
    path("audit/verification", audit.AuditVerification.as_view(), name="audit_verification"),
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
    path(
        "organisations/<id:organisation_id>/merge",
        merging.OrganisationMerge.as_view(),
        name="organisation_merge",
    ),
    path(
        "organisations/<id:organisation_id>/unmerge",
        merging.OrganisationUnmerge.as_view(),
        name="organisation_unmerge",
    ),
    path(
        "organisations/<id:organisation_id>/contacts",
        organisation_parts.OrganisationContacts.as_view(),
        name="organisation_contacts",
    ),
    path(
        "organisations/<id:organisation_id>/contacts/<id:contact_id>/remove",
        organisation_parts.OrganisationContactRemove.as_view(),
        name="organisation_contact_remove",
    ),
    path(
        "organisations/<id:organisation_id>/products",
        organisation_parts.OrganisationProducts.as_view(),
        name="organisation_products",
    ),
    path(
        "organisations/<id:organisation_id>/products/<id:product_id>/remove",
        organisation_parts.OrganisationProductRemove.as_view(),
        name="organisation_product_remove",
    ),
    path(
        "organisations/<id:organisation_id>/certificates",
        organisation_parts.OrganisationCertificates.as_view(),
        name="organisation_certificates",
    ),
    path(
        "organisations/<id:organisation_id>/certificates/<id:certificate_id>/remove",
        organisation_parts.OrganisationCertificateRemove.as_view(),
        name="organisation_certificate_remove",
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
    path(
        "linkages/<id:linkage_id>/terminate/correct",
        linkages.LinkageCorrectTermination.as_view(),
        name="linkage_correct_termination",
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
    path("me", me.Me.as_view(), name="me"),
    path("me/memberships", me.MyMemberships.as_view(), name="my_memberships"),
    path("me/requests", me.MyRequests.as_view(), name="my_requests"),
    path(
        "me/requests/<id:request_id>/withdraw",
        me.MyRequestWithdraw.as_view(),
        name="my_request_withdraw",
    ),
    path("me/messages", inbox.MessageChoices.as_view(), name="messages"),
    path("me/tokens", tokens.Tokens.as_view(), name="tokens"),
    path("me/tokens/<id:token_id>/revoke", tokens.TokenRevoke.as_view(), name="token_revoke"),
    path("findable", me.Findable.as_view(), name="findable"),
    path("inbox", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read", inbox.InboxRead.as_view(), name="inbox_read"),
    path("join-requests", joining.JoinRequests.as_view(), name="join_requests"),
    path("join-requests/<id:request_id>", joining.JoinRequestDetail.as_view(), name="join_request"),
    path(
        "join-requests/<id:request_id>/approve",
        joining.JoinRequestApprove.as_view(),
        name="join_request_approve",
    ),
    path(
        "join-requests/<id:request_id>/refuse",
        joining.JoinRequestRefuse.as_view(),
        name="join_request_refuse",
    ),
    path("organisations/<id:organisation_id>/leave", me.MyMembershipLeave.as_view(), name="leave"),
    path(
        "organisations/<id:organisation_id>/memberships",
        members.Members.as_view(),
        name="members",
    ),
    path(
        "organisations/<id:organisation_id>/memberships/<id:membership_id>",
        members.Member.as_view(),
        name="member",
    ),
    path(
        "organisations/<id:organisation_id>/memberships/<id:membership_id>/end",
        members.MemberEnd.as_view(),
        name="member_end",
    ),
    path("organisations/<id:organisation_id>/codes", members.AccessCodes.as_view(), name="codes"),
    path(
        "organisations/<id:organisation_id>/codes/<id:code_id>/cancel",
        members.AccessCodeCancel.as_view(),
        name="code_cancel",
    ),
    path(
        "office/organisations/<id:organisation_id>/memberships",
        members.OfficeMembers.as_view(),
        name="office_members",
    ),
    path(
        "office/organisations/<id:organisation_id>/memberships/<id:membership_id>",
        members.OfficeMember.as_view(),
        name="office_member",
    ),
    path(
        "office/organisations/<id:organisation_id>/memberships/<id:membership_id>/end",
        members.OfficeMemberEnd.as_view(),
        name="office_member_end",
    ),
    path(
        "office/organisations/<id:organisation_id>/codes",
        members.OfficeAccessCodes.as_view(),
        name="office_codes",
    ),
    path(
        "office/organisations/<id:organisation_id>/codes/<id:code_id>/cancel",
        members.OfficeAccessCodeCancel.as_view(),
        name="office_code_cancel",
    ),
    path(f"{_OWN}/linkages", own_linkages.OwnLinkages.as_view(), name="own_linkages"),
    path(f"{_LINKAGE}", own_linkages.OwnLinkage.as_view(), name="own_linkage"),
    path(f"{_LINKAGE}/terminate", talks.OwnTerminate.as_view(), name="own_terminate"),
    path(f"{_LINKAGE}/confirm", talks.OwnConfirm.as_view(), name="own_confirm"),
    path(f"{_LINKAGE}/deny", talks.OwnDeny.as_view(), name="own_deny"),
    path(f"{_OWN}/talks", talks.Talks.as_view(), name="talks"),
    path(f"{_LINKAGE}/messages", talks.TalkMessages.as_view(), name="talk_messages"),
    path(f"{_LINKAGE}/terms", talks.TalkTerms.as_view(), name="talk_terms"),
    path(f"{_LINKAGE}/accept", talks.TalkAccept.as_view(), name="talk_accept"),
    path(f"{_LINKAGE}/decline", talks.TalkDecline.as_view(), name="talk_decline"),
    path(f"{_LINKAGE}/withdraw-proposal", talks.TalkWithdraw.as_view(), name="talk_withdraw"),
    path(f"{_LINKAGE}/share-contact", talks.TalkShareContact.as_view(), name="talk_share_contact"),
    path(f"{_LINKAGE}/deliveries", deliveries.Deliveries.as_view(), name="deliveries"),
    path(f"{_DELIVERY}/confirm", deliveries.DeliveryConfirm.as_view(), name="delivery_confirm"),
    path(f"{_DELIVERY}/dispute", deliveries.DeliveryDispute.as_view(), name="delivery_dispute"),
    path(f"{_DELIVERY}/withdraw", deliveries.DeliveryWithdraw.as_view(), name="delivery_withdraw"),
    *post_urls.routes(),
    path(f"{_LINKAGE}/evidence", evidence.OwnEvidence.as_view(), name="own_evidence"),
    path(
        f"{_LINKAGE}/evidence/<id:file_id>",
        evidence.OwnEvidenceFile.as_view(),
        name="own_evidence_file",
    ),
    path("linkages/<id:linkage_id>/evidence", evidence.LinkageEvidence.as_view(), name="evidence"),
    path(
        "linkages/<id:linkage_id>/evidence/<id:file_id>",
        evidence.LinkageEvidenceFile.as_view(),
        name="evidence_file",
    ),
    path("verification", verification.Verification.as_view(), name="verification"),
    path(
        "linkages/<id:linkage_id>/send-back",
        verification.LinkageSendBack.as_view(),
        name="linkage_send_back",
    ),
    *suggestion_urls.routes(),
    *officer_urls.routes(),
    *chain_urls.routes(),
    re_path("", absent.Absent.as_view(), name="absent"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", documentation.Documentation.as_view(url_name="api:schema"), name="docs"),
]
