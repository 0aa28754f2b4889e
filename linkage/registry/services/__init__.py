"""The writes of the registry, a file a subject: each is one use case in one transaction.

Every change of an organisation names the version that the actor read; a stale one is refused and
nothing is written. Fields that a person sets are marked, so that imports leave them alone, and each
change adds a line to the organisation's history.
"""

from __future__ import annotations

from linkage.registry.services.accounts import (
    create_account,
    create_administrator,
    grant_role,
    revoke_role,
    set_account_active,
    sign_up,
)
from linkage.registry.services.behalf import say_told
from linkage.registry.services.certificates import add_certificate, remove_certificate
from linkage.registry.services.codes import (
    Issued,
    cancel_code,
    count_try,
    enter_code,
    issue_code,
    redeem,
)
from linkage.registry.services.consent_scans import (
    attach_consent_scan,
    clear_broken_uploads,
    open_consent_scan,
    open_own_consent_scan,
)
from linkage.registry.services.contacts import (
    add_contact,
    add_own_contact,
    remove_contact,
    remove_own_contact,
)
from linkage.registry.services.event_withdrawal import withdraw_event
from linkage.registry.services.events import (
    record_merger,
    record_move,
    record_new_name,
    record_new_tax_code,
    record_split,
    record_split_into,
)
from linkage.registry.services.facts import set_commune, set_kind, set_sector, set_status
from linkage.registry.services.joining import (
    NewOrganisation,
    approve_request,
    ask_for_new,
    ask_to_join,
    refuse_request,
    withdraw_request,
)
from linkage.registry.services.memberships import end_membership, leave, set_member_role
from linkage.registry.services.merging import merge_organisations
from linkage.registry.services.officers import (
    Given,
    note_call,
    record_consent,
    withdraw_consent,
)
from linkage.registry.services.organisations import (
    Details,
    OrganisationAlike,
    create_organisation,
    edit_organisation,
)
from linkage.registry.services.products import add_product, remove_product
from linkage.registry.services.reading import Look, note_look, read_contacts
from linkage.registry.services.settling import settle
from linkage.registry.services.tokens import Made, make_token, revoke_token, use_token
from linkage.registry.services.unmerging import undo_merge

__all__ = [
    "Details",
    "Given",
    "Issued",
    "Look",
    "Made",
    "NewOrganisation",
    "OrganisationAlike",
    "add_certificate",
    "add_contact",
    "add_own_contact",
    "add_product",
    "approve_request",
    "ask_for_new",
    "ask_to_join",
    "attach_consent_scan",
    "cancel_code",
    "clear_broken_uploads",
    "count_try",
    "create_account",
    "create_administrator",
    "create_organisation",
    "edit_organisation",
    "end_membership",
    "enter_code",
    "grant_role",
    "issue_code",
    "leave",
    "make_token",
    "merge_organisations",
    "note_call",
    "note_look",
    "open_consent_scan",
    "open_own_consent_scan",
    "read_contacts",
    "record_consent",
    "record_merger",
    "record_move",
    "record_new_name",
    "record_new_tax_code",
    "record_split",
    "record_split_into",
    "redeem",
    "refuse_request",
    "remove_certificate",
    "remove_contact",
    "remove_own_contact",
    "remove_product",
    "revoke_role",
    "revoke_token",
    "say_told",
    "set_account_active",
    "set_commune",
    "set_kind",
    "set_member_role",
    "set_sector",
    "set_status",
    "settle",
    "sign_up",
    "undo_merge",
    "use_token",
    "withdraw_consent",
    "withdraw_event",
    "withdraw_request",
]
