"""What each page reads or does, in the letters of the access matrix.

`R/C`: GET reads, the form makes. A page that is not here is found by `manage.py audit_access`.
"""

from __future__ import annotations

from linkage.registry.access_table import Resource, rows

ROWS = rows(
    {
        Resource.PUBLISHED_FIGURE: "home:R",
        # The choice of language is nobody's secret.
        Resource.REFERENCE: "set_language:R commodities:R",
        Resource.CARD: "join_find:R",
        Resource.REGISTER_ENTRY: (
            "organisations:R organisation:R organisation_create:C organisation_edit:U"
            " organisation_settle:U organisation_merge:U organisation_merge_into:U"
            " organisation_part_add:U organisation_part_remove:U organisation_fact:U"
            " member_home:R"
            " registry_events:R registry_event:U registry_merger:U"
            " registry_event_withdraw:U"
            " registry_merger_into:U registry_split:U registry_split_choose:U"
            " registry_split_into:U organisation_unmerge:U"
        ),
        Resource.CONTACT: "own_contacts:R/U own_contact_remove:U",
        Resource.POST: (
            "offers:R offer:R offer_add:C offer_edit:U offer_copy:C offer_act:U"
            " needs:R need:R need_add:C need_edit:U need_copy:C need_act:U quick:C"
        ),
        Resource.LIMIT: "offer_limit:U need_limit:U",
        Resource.PUBLISHED_POST: (
            "search_offers:R seen_offer:R market_offers:R market_offer:R"
            " search_needs:R seen_need:R market_needs:R market_need:R"
        ),
        Resource.SUGGESTION: (
            "suggestions:R suggestion_later:U suggestion_dismiss:U need_pool:R need_pool_look:U"
        ),
        Resource.NEGOTIATION: (
            "talk_about_offer:C talk_about_need:C talk_answer:U talk_propose:U talk_accept:U"
            " talk_withdraw:U talk_share:U talk_decline:U"
            " pool:R pool_agree:U pool_decline:U pool_withdraw:U"
        ),
        Resource.LINKAGE: (
            "linkages:R linkage:R linkage_edit:U linkage_terminate:U"
            " linkage_correct_termination:U own_linkages:R own_declare:C own_linkage:R"
            " own_complete:U own_confirm:U own_deny:U own_terminate:U pool_propose:C"
        ),
        Resource.DELIVERY: (
            "talk_deliver:C delivery_confirm:U delivery_dispute:U delivery_withdraw:U"
        ),
        Resource.EVIDENCE: "evidence_file:R own_evidence_file:R value_source:R",
        Resource.EVIDENCE_LIST: "evidence_attach:C own_evidence:R/C",
        Resource.VERIFICATION: (
            "verification:C linkage_verify:C linkage_send_back:C linkage_withdraw:D"
        ),
        Resource.FIGURE: (
            "dashboard:R recalculate:C coverage_members:R coverage_members_csv:R"
            " fairness:R fairness_report:R fairness_co_ops:R fairness_measure:C"
        ),
        Resource.PROGRAMME: (
            "programmes:R programme_create:C target_create:C"
            " programme:R programme_change:U target_change:U reported_lines:R reported_line:R"
            " value_enter:C value_correct:U value_withdraw:U value_attach:U"
        ),
        Resource.IMPORT: (
            "imports:R import_detail:R import_upload:C import_preview:U import_apply:U"
            " import_undo:U import_mapping:U import_decide:U import_row:U"
        ),
        Resource.EXPORT: "register_export:C register_exported:R",
        Resource.ACCOUNT: (
            "accounts:R account_create:C role_grant:U account_switch:U role_revoke:U"
        ),
        Resource.MEMBERSHIP: (
            "member_people:R member_role:U member_end:U member_leave:D office_people:R"
            " office_role:U office_end:U"
        ),
        Resource.ACCESS_CODE: (
            "member_invite:C member_code_cancel:U code_issue:C office_code_cancel:U"
        ),
        Resource.CLAIM: (
            "mine:R join:R join_code:C join_new:C join_ask:C join_withdraw:D join_requests:R"
            " join_request:R join_approve:U join_refuse:U"
        ),
        Resource.KEY: "tokens:R/C token_revoke:D",
        Resource.JOB: "job:R job_progress:R job_cancel:U job_retry:U",
        Resource.CHAIN: (
            "chains:R chain:R chain_file:R organisation_chain:R own_chain:R"
            " chain_changes:R chain_changes_csv:R"
        ),
        Resource.PLAN: (
            "plans:R plan_create:C plan:R plan_compare:R plan_propose:U fairness_introduce:C"
        ),
        Resource.NOTIFICATION: "inbox:R inbox_read_all:U inbox_choices:R/U inbox_read:U",
        Resource.AUDIT: ("audit:R audit_csv:R audit_verify:C"),
        Resource.YEARLY_RETURN: (
            "returns:R return_line:R year_return:R return_accept:U return_send_back:U"
            " office_return:R/U own_returns:R own_return:R/U"
        ),
        Resource.CONSENT: (
            "consent_record:C consent_withdraw:D own_consents:R own_consent_withdraw:D"
        ),
        Resource.CONSENT_SCAN: "consent_scan_attach:C consent_scan:R own_consent_scan:R",
        Resource.INVITATION: "invitations:R invitation_send:C",
        Resource.CALL: ("calls:R call:R call_note:C call_told:C"),
    }
)
