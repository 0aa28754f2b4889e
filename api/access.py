"""What each address of the API reads or does, in the letters of the access matrix.

`R/C`: GET reads, the other method makes. An address that is not here is found by
`manage.py audit_access`.
"""

from __future__ import annotations

from linkage.registry.access_table import Resource, rows

ROWS = rows(
    {
        Resource.PUBLISHED_FIGURE: "coverage:R",
        Resource.REFERENCE: (
            "communes:R commodities:R units:R certifications:R linkage_forms:R sectors:R"
            " schema:R docs:R"
        ),
        Resource.CARD: "findable:R",
        Resource.REGISTER_ENTRY: (
            "organisations:R/C organisation:R/U organisation_status:U organisation_kind:U"
            " organisation_sector:U organisation_commune:U organisation_settle:U"
            " organisation_merge:U organisation_products:U organisation_product_remove:U"
            " organisation_certificates:U organisation_certificate_remove:U"
            " organisation_unmerge:U registry_events:R registry_new_name:U"
            " registry_new_tax_code:U registry_move:U registry_split:U registry_merger:U"
            " registry_event_withdraw:U"
        ),
        Resource.CONTACT: "organisation_contacts:C organisation_contact_remove:D",
        Resource.POST: "quick_post_read:C "
        + " ".join(
            f"own_{kind}s:R/C own_{kind}:R/U own_{kind}_copy:C own_{kind}_publish:U"
            f" own_{kind}_pause:U own_{kind}_resume:U own_{kind}_withdraw:D own_{kind}_confirm:U"
            for kind in ("offer", "need")
        ),
        Resource.LIMIT: "own_offer_limit:U own_need_limit:U",
        Resource.PUBLISHED_POST: (
            "seen_offers:R seen_offer:R market_offers:R market_offer:R"
            " seen_needs:R seen_need:R market_needs:R market_need:R"
        ),
        Resource.SUGGESTION: (
            "suggestions:R suggestion_seen:U suggestion_dismiss:U city_suggestions:R"
            " own_offer_near_misses:R own_need_near_misses:R need_pool:R/U"
        ),
        Resource.NEGOTIATION: (
            "talks:C talk_messages:U talk_terms:U talk_accept:U talk_decline:U talk_withdraw:U"
            " talk_share_contact:U pools:C pool:R pool_agree:U pool_decline:U pool_withdraw:U"
        ),
        Resource.LINKAGE: (
            "linkages:R/C linkage:R/U linkage_terminate:U linkage_correct_termination:U"
            " own_linkages:R/C own_linkage:R/U own_terminate:U own_confirm:U own_deny:U"
        ),
        Resource.DELIVERY: (
            "deliveries:C delivery_confirm:U delivery_dispute:U delivery_withdraw:U"
        ),
        Resource.EVIDENCE: "evidence_file:R own_evidence_file:R manual_value_source:R",
        Resource.EVIDENCE_LIST: "evidence:R/C own_evidence:R/C",
        Resource.VERIFICATION: (
            "verification:C linkage_verify:C linkage_send_back:C linkage_withdraw:D"
        ),
        Resource.FIGURE: (
            "coverage_members:R coverage_jobs:C snapshots:R"
            " fairness:R fairness_co_ops:R fairness_jobs:C"
        ),
        Resource.PROGRAMME: (
            "programmes:R/C programme:R/U indicators:R targets:C target:R/U"
            " manual_values:R/C manual_value_correct:U manual_value_withdraw:U"
            " manual_value_sources:U"
        ),
        Resource.IMPORT: (
            "imports:R/C import:R/U import_report:R import_apply:U import_undo:U import_row:U"
            " import_decisions:C"
        ),
        Resource.MEMBERSHIP: (
            "leave:D members:R member:U member_end:U office_members:R office_member:U"
            " office_member_end:U"
        ),
        Resource.ACCESS_CODE: "codes:R/C code_cancel:U office_codes:R/C office_code_cancel:U",
        Resource.CLAIM: (
            "my_memberships:R/C my_requests:R/C my_request_withdraw:D join_requests:R"
            " join_request:R join_request_approve:U join_request_refuse:U"
        ),
        Resource.KEY: "tokens:R/C token_revoke:D",
        Resource.JOB: "jobs:R job:R job_cancel:U job_retry:U",
        Resource.NOTIFICATION: "me:R messages:R/U inbox:R inbox_read:U",
        Resource.CHAIN: ("chains:R chain_changes:R chain:R organisation_chain:R own_chain:R"),
        Resource.PLAN: (
            "plans:R/C plan:R plan_lines:R plan_left_out:R plan_compare:R plan_propose:U"
            " fairness_introductions:C"
        ),
        Resource.YEARLY_RETURN: (
            "own_returns:R/C own_return:R/U office_returns:C office_return:R/U returns:R"
            " year_return:R return_accept:U return_send_back:U"
        ),
        Resource.AUDIT: ("audit:R audit_verification:C"),
        Resource.ACCOUNT: ("account_roles:U role_end:U"),
        Resource.CONSENT: (
            "call_consents:C call_consent_withdraw:D own_consents:R own_consent_withdraw:D"
        ),
        Resource.CONSENT_SCAN: "call_consent_scans:C call_consent_scan:R own_consent_scan:R",
        Resource.INVITATION: "invitations:R invitation_send:C",
        Resource.CALL: ("calls:R call:R/C call_told:C"),
    }
)
