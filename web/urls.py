"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from web import post_urls, suggestion_urls
from web.views import (
    accounts,
    coverage,
    evidence,
    home,
    imports,
    inbox,
    jobs,
    joining,
    linkages,
    members,
    merging,
    mine,
    organisation_parts,
    organisations,
    own_contacts,
    own_linkages,
    programmes,
    talks,
    verification,
)

app_name = "web"
_ORGANISATION = "organisations/<id:organisation_id>/"
_PART = f"{_ORGANISATION}<slug:part>/"
_BATCH = "imports/<id:batch_id>/"
_LINKAGE = "linkages/<id:linkage_id>/"
_MINE = "mine/<id:organisation_id>/"
_REQUEST = "members/requests/<id:request_id>/"
_OFFICE = "members/<id:organisation_id>/"
_PERSON = "people/<id:membership_id>/"
_OWN_LINKAGE = f"{_MINE}linkages/<id:linkage_id>/"
_OWN_EVIDENCE = f"{_OWN_LINKAGE}evidence/"
_DELIVERY = f"{_OWN_LINKAGE}deliveries/<id:delivery_id>/"
_FIGURE = "coverage/<id:snapshot_id>/<slug:indicator>/<slug:evidence>/"

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
    path(f"{_ORGANISATION}merge/", merging.choose, name="organisation_merge"),
    path(f"{_ORGANISATION}merge/<id:into_id>/", merging.merge, name="organisation_merge_into"),
    path(f"{_PART}add/", organisation_parts.add, name="organisation_part_add"),
    path(
        f"{_PART}<id:part_id>/remove/", organisation_parts.remove, name="organisation_part_remove"
    ),
    path(f"{_ORGANISATION}<slug:field>/", organisations.fact, name="organisation_fact"),
    path("linkages/", linkages.linkages, name="linkages"),
    path(f"{_LINKAGE}", linkages.linkage, name="linkage"),
    path(f"{_LINKAGE}edit/", linkages.edit, name="linkage_edit"),
    path(f"{_LINKAGE}terminate/", linkages.terminate, name="linkage_terminate"),
    path(
        f"{_LINKAGE}terminate/correct/",
        linkages.correct_termination,
        name="linkage_correct_termination",
    ),
    path(f"{_LINKAGE}verify/", verification.verify, name="linkage_verify"),
    path(f"{_LINKAGE}withdraw/", linkages.withdraw, name="linkage_withdraw"),
    path("imports/", imports.imports, name="imports"),
    path("imports/add/", imports.upload, name="import_upload"),
    path("imports/export/", imports.export, name="register_export"),
    path("imports/export/<id:job_id>/", imports.exported, name="register_exported"),
    path(f"{_BATCH}", imports.detail, name="import_detail"),
    path(f"{_BATCH}preview/", imports.preview, name="import_preview"),
    path(f"{_BATCH}apply/", imports.apply, name="import_apply"),
    path(f"{_BATCH}undo/", imports.undo, name="import_undo"),
    path(f"{_BATCH}columns/", imports.mapping, name="import_mapping"),
    path(f"{_BATCH}decide/", imports.decide, name="import_decide"),
    path(f"{_BATCH}row/", imports.row, name="import_row"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/add/", programmes.create, name="programme_create"),
    path("programmes/<id:programme_id>/target/", programmes.target, name="target_create"),
    path("people/", accounts.accounts, name="accounts"),
    path("people/add/", accounts.create, name="account_create"),
    path("people/<id:user_id>/grant/", accounts.grant, name="role_grant"),
    path("people/<id:user_id>/switch/", accounts.switch, name="account_switch"),
    path("people/grants/<id:grant_id>/revoke/", accounts.revoke, name="role_revoke"),
    path("jobs/<id:job_id>/", jobs.job, name="job"),
    path("jobs/<id:job_id>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<id:job_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<id:job_id>/retry/", jobs.retry, name="job_retry"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read_all"),
    path("inbox/choices/", inbox.choices, name="inbox_choices"),
    path("inbox/<id:notice_id>/", inbox.read, name="inbox_read"),
    path("mine/", mine.mine, name="mine"),
    path("mine/join/", joining.join, name="join"),
    path("mine/join/code/", joining.code, name="join_code"),
    path("mine/join/find/", joining.find, name="join_find"),
    path("mine/join/new/", joining.new, name="join_new"),
    path("mine/join/<id:organisation_id>/", joining.ask, name="join_ask"),
    path("mine/join/requests/<id:request_id>/", joining.withdraw, name="join_withdraw"),
    path(f"{_MINE}", mine.home, name="member_home"),
    path(f"{_MINE}contacts/", own_contacts.contacts, name="own_contacts"),
    path(f"{_MINE}contacts/remove/", own_contacts.remove, name="own_contact_remove"),
    path(f"{_MINE}people/", mine.people, name="member_people"),
    path(f"{_MINE}people/invite/", mine.invite, name="member_invite"),
    path(f"{_MINE}{_PERSON}role/", mine.role, name="member_role"),
    path(f"{_MINE}{_PERSON}end/", mine.end, name="member_end"),
    path(f"{_MINE}codes/<id:code_id>/cancel/", mine.cancel_code, name="member_code_cancel"),
    path(f"{_MINE}leave/", mine.leave, name="member_leave"),
    path("members/", members.requests, name="join_requests"),
    path(f"{_REQUEST}", members.join_request, name="join_request"),
    path(f"{_REQUEST}approve/", members.approve, name="join_approve"),
    path(f"{_REQUEST}refuse/", members.refuse, name="join_refuse"),
    path(f"{_OFFICE}", members.people, name="office_people"),
    path(f"{_OFFICE}code/", members.issue, name="code_issue"),
    path(f"{_OFFICE}{_PERSON}role/", members.role, name="office_role"),
    path(f"{_OFFICE}{_PERSON}end/", members.end, name="office_end"),
    path(f"{_OFFICE}codes/<id:code_id>/cancel/", members.cancel_code, name="office_code_cancel"),
    path(f"{_MINE}linkages/", own_linkages.own_linkages, name="own_linkages"),
    path(f"{_MINE}linkages/declare/", own_linkages.declare, name="own_declare"),
    path(f"{_LINKAGE}send-back/", verification.send_back, name="linkage_send_back"),
    path(f"{_LINKAGE}evidence/", evidence.attach, name="evidence_attach"),
    path(f"{_LINKAGE}evidence/<id:file_id>/", evidence.file, name="evidence_file"),
    path("verification/", verification.queue, name="verification"),
    path(_OWN_EVIDENCE, evidence.own, name="own_evidence"),
    path(f"{_OWN_EVIDENCE}<id:file_id>/", evidence.own_file, name="own_evidence_file"),
    path(f"{_OWN_LINKAGE}", own_linkages.own_linkage, name="own_linkage"),
    path(f"{_OWN_LINKAGE}complete/", own_linkages.complete, name="own_complete"),
    path(f"{_OWN_LINKAGE}confirm/", own_linkages.confirm, name="own_confirm"),
    path(f"{_OWN_LINKAGE}deny/", own_linkages.deny, name="own_deny"),
    path(f"{_OWN_LINKAGE}terminate/", own_linkages.terminate, name="own_terminate"),
    path(f"{_MINE}talks/offer/<id:offer_id>/", talks.ask_of_offer, name="talk_about_offer"),
    path(f"{_MINE}talks/need/<id:need_id>/", talks.ask_of_need, name="talk_about_need"),
    path(f"{_OWN_LINKAGE}message/", talks.answer, name="talk_answer"),
    path(f"{_OWN_LINKAGE}propose/", talks.propose, name="talk_propose"),
    path(f"{_OWN_LINKAGE}accept/", talks.accept, name="talk_accept"),
    path(f"{_OWN_LINKAGE}withdraw/", talks.withdraw, name="talk_withdraw"),
    path(f"{_OWN_LINKAGE}share/", talks.share, name="talk_share"),
    path(f"{_OWN_LINKAGE}decline/", talks.decline, name="talk_decline"),
    path(f"{_OWN_LINKAGE}deliver/", talks.deliver, name="talk_deliver"),
    path(f"{_DELIVERY}confirm/", talks.confirm_delivery, name="delivery_confirm"),
    path(f"{_DELIVERY}dispute/", talks.dispute_delivery, name="delivery_dispute"),
    *post_urls.routes(),
    *suggestion_urls.routes(),
]
